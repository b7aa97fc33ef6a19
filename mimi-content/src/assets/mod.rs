//! Content outside of messages: pictures, recordings, files (CONTENT,
//! "External content").
//!
//! A message carries where such content is, how it is encrypted and what its
//! octets hash to; some server, which is trusted with nothing, carries the
//! content. The sender must not use a key twice, and the receiver must not look
//! at anything that the message does not vouch for. Here is how both go right:
//! [`seal`] draws a new key each time, and [`open`] gives out the content only
//! when all that the message says of it is true.
//!
//! ```
//! use mimi_content::{NestedPart, Part, Timestamp, assets};
//! # use rand_core::SeedableRng;
//! # let mut rng = chacha20::ChaCha20Rng::from_seed([7; 32]);
//!
//! // Alice seals a video, uploads the octets and learns their URL.
//! let video = b"a video".to_vec();
//! let (octets, upload) = assets::seal(video, assets::Aead::Aes128Gcm, &mut rng)?;
//! let url = "https://files.a.example/8ksB4bSrrRE";
//!
//! // What goes into her message.
//! let mut part = upload.into_part("video/mp4", url);
//! part.filename = "picnic.mp4".into();
//! let body = NestedPart::external(part);
//!
//! // Bob's client looks before it downloads, and opens what it got.
//! let now = Timestamp::from_millis(1_760_000_000_000);
//! let max_size = 100 << 20;
//! let Part::External(part) = &body.part else { unreachable!() };
//! assets::check(part, now, max_size)?;
//! let content = assets::open(part, octets, now, max_size)?;
//! assert_eq!(content, b"a video");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is trusted, and for what
//!
//! The content hash covers the octets at the URL, so it pins the content: every
//! member of the room who opens it sees the same. Without a hash that this crate
//! knows, only the AEAD vouches for encrypted content. That keeps the server
//! out, but not the members: whoever has the key can make other octets that
//! open. Content that is neither encrypted nor pinned is refused
//! ([`AssetError::Unverifiable`]).
//!
//! [`seal`] and [`public`] always pin, with SHA-256.
//!
//! # Services
//!
//! A part can also name a service, such as a conference to join (CONTENT,
//! "Conferencing"). There is nothing to download or to open: such a part is an
//! [`ExternalPart`] with a URL, and all else at its default.
//!
//! # Not here
//!
//! The download itself, and whether the provider of a room permits it. Content is
//! sealed and opened whole, in memory and in place: nothing is given out before
//! its last octet is verified. Wiped from memory are the keys that [`seal`]
//! draws, when the last copy of their part is dropped, and octets that fail to
//! open. The octets that a message was encoded to or decoded from hold keys too,
//! and belong to the caller.

mod algorithm;
mod error;

use std::borrow::Cow;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use algorithm::Aead;
use algorithm::{Hash, NONCE_LEN};
pub use error::{AssetError, SealError};

use crate::https::is_url_of;
use crate::{AssetKey, ExternalPart, Timestamp};

/// Most octets of content that can be sealed at once: the longest plaintext of
/// AES-GCM (RFC 5116, "AEAD_AES_128_GCM"). It is not what a receiver will take,
/// which is up to that receiver.
pub const MAX_SEALED_LEN: u64 = (1 << 36) - 32;

/// Encrypts `content` in place, with a key and a nonce drawn from `rng` for it
/// alone. Gives the octets to upload, 16 more than the content, and what the
/// message will say of them.
///
/// Every receiver can open [`Aead::Aes128Gcm`]. The additional authenticated
/// data is empty.
///
/// # Errors
/// When the content is longer than [`MAX_SEALED_LEN`].
pub fn seal<R: CryptoRng + ?Sized>(
    mut content: Vec<u8>,
    aead: Aead,
    rng: &mut R,
) -> Result<(Vec<u8>, Upload), SealError> {
    let mut key = Zeroizing::new(vec![0; aead.key_len()]);
    rng.fill_bytes(&mut key);
    let mut nonce = [0; NONCE_LEN];
    rng.fill_bytes(&mut nonce);

    let len = len(&content);
    aead.encrypt(&key, &nonce, &mut content)
        .ok_or(SealError::TooLong { len })?;
    let part = ExternalPart {
        enc_alg: aead.id(),
        key: AssetKey::new(std::mem::take(&mut *key)),
        nonce: nonce.to_vec().into(),
        ..pinned(&content)
    };
    Ok((content, Upload(part)))
}

/// What a message will say of `octets` that are uploaded as they are, for
/// everyone to read. For content that is not private: the server reads it, too.
pub fn public(octets: &[u8]) -> Upload {
    Upload(pinned(octets))
}

/// A part with the size and the hash of `octets`.
fn pinned(octets: &[u8]) -> ExternalPart<'static> {
    let hash = Hash::Sha256;
    ExternalPart {
        size: len(octets),
        hash_alg: hash.id(),
        content_hash: hash.digest(octets).into(),
        ..ExternalPart::default()
    }
}

/// What a message will say of content that is being uploaded: all but where.
///
/// `Debug` leaves out the key.
#[derive(Debug)]
#[must_use = "nobody can open the upload without the part"]
pub struct Upload(ExternalPart<'static>);

impl Upload {
    /// The part for the message, once the URL is known. `content_type` is the
    /// IANA media type of the content, with parameters.
    ///
    /// When the content stops to be there (`expires`), a description and a file
    /// name are for the caller to add.
    #[must_use]
    pub fn into_part<'a>(
        self,
        content_type: impl Into<Cow<'a, str>>,
        url: impl Into<Cow<'a, str>>,
    ) -> ExternalPart<'a> {
        ExternalPart {
            content_type: content_type.into(),
            url: url.into(),
            ..self.0
        }
    }
}

/// Whether a download at `now` could be opened, as far as the part tells: it has
/// not expired, its size is not known to exceed `max_size` octets, it is at an
/// `http` or `https` URL, and there is a way to verify it.
///
/// Content is valid up to and including the very moment at which it expires.
/// The URL must be one in the characters of RFC 3986, with a host; who that is,
/// is not judged.
///
/// # Errors
/// When the content must not, or need not, be downloaded.
pub fn check(part: &ExternalPart<'_>, now: Timestamp, max_size: u64) -> Result<(), AssetError> {
    terms(part, now, max_size).map(|_| ())
}

/// Verifies the `octets` that were found at the URL of `part`, and decrypts them
/// in place.
///
/// `now` is the time of the download. No more than `max_size` octets are taken;
/// a client stops the download there as well, since the size that the part
/// tells may be unknown or wrong.
///
/// # Errors
/// For the reasons of [`check`], and when the octets are not those that the part
/// describes. Nothing of the content is given out then.
pub fn open(
    part: &ExternalPart<'_>,
    octets: Vec<u8>,
    now: Timestamp,
    max_size: u64,
) -> Result<Vec<u8>, AssetError> {
    let mut octets = Zeroizing::new(octets);
    let Terms { aead, hash } = terms(part, now, max_size)?;
    let found = len(&octets);
    check_size(found, max_size)?;
    if part.size != 0 && part.size != found {
        return Err(AssetError::Size {
            expected: part.size,
            found,
        });
    }
    if let Some(hash) = hash {
        let same = hash.digest(&octets).ct_eq(&part.content_hash);
        if !bool::from(same) {
            return Err(AssetError::Hash);
        }
    }
    if let Some(aead) = aead {
        aead.decrypt(part.key.as_bytes(), &part.nonce, &part.aad, &mut octets)
            .ok_or(AssetError::Unauthentic)?;
    }
    Ok(std::mem::take(&mut *octets))
}

/// How content is to be verified; by something at least.
struct Terms {
    aead: Option<Aead>,
    hash: Option<Hash>,
}

fn terms(part: &ExternalPart<'_>, now: Timestamp, max_size: u64) -> Result<Terms, AssetError> {
    let end = u64::from(part.expires).saturating_mul(1000);
    if end != 0 && now.as_millis() > end {
        return Err(AssetError::Expired { at: part.expires });
    }
    check_size(part.size, max_size)?;
    if !is_url_of(&["https", "http"], &part.url) {
        return Err(AssetError::Url);
    }
    let aead = match part.enc_alg {
        0 => None,
        id => Some(Aead::from_id(id).ok_or(AssetError::EncAlg(id))?),
    };
    let key_len = aead.map_or(0, Aead::key_len);
    let nonce_len = aead.map_or(0, |_| NONCE_LEN);
    check_len("key", key_len, part.key.as_bytes())?;
    check_len("nonce", nonce_len, &part.nonce)?;
    if aead.is_none() {
        check_len("aad", 0, &part.aad)?;
    }
    let hash = Hash::from_id(part.hash_alg);
    match hash {
        Some(hash) => check_len("contentHash", hash.len(), &part.content_hash)?,
        None if part.hash_alg == 0 => check_len("contentHash", 0, &part.content_hash)?,
        None => {}
    }
    if aead.is_none() && hash.is_none() {
        return Err(AssetError::Unverifiable {
            hash_alg: part.hash_alg,
        });
    }
    Ok(Terms { aead, hash })
}

fn check_size(size: u64, max: u64) -> Result<(), AssetError> {
    if size > max {
        return Err(AssetError::TooLarge { size, max });
    }
    Ok(())
}

fn check_len(field: &'static str, expected: usize, value: &[u8]) -> Result<(), AssetError> {
    if value.len() != expected {
        return Err(AssetError::Length {
            field,
            expected,
            found: value.len(),
        });
    }
    Ok(())
}

fn len(octets: &[u8]) -> u64 {
    u64::try_from(octets.len()).unwrap_or(u64::MAX)
}
