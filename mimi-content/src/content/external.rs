use std::borrow::Cow;
use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::part::owned;
use crate::media::MediaType;

/// Content at a URL, usually encrypted (CONTENT, "External content").
///
/// `Debug` leaves out where the content is, its key and what describes it.
#[derive(Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(::serde::Serialize, ::serde::Deserialize))]
pub struct ExternalPart<'a> {
    /// IANA media type of the content with parameters, or nothing.
    pub content_type: Cow<'a, str>,
    /// Where the content can be fetched.
    pub url: Cow<'a, str>,
    /// When the URL stops to work, in seconds since the Unix epoch; 0 for
    /// never.
    pub expires: u32,
    /// Octets at the URL, encrypted if they are; 0 if not known.
    pub size: u64,
    /// IANA AEAD algorithm; 0 if the content is not encrypted.
    pub enc_alg: u16,
    /// AEAD key, empty if the content is not encrypted.
    pub key: AssetKey<'a>,
    /// AEAD nonce, empty if the content is not encrypted.
    #[cfg_attr(feature = "serde", serde(with = "crate::octets"))]
    pub nonce: Cow<'a, [u8]>,
    /// AEAD additional authenticated data.
    #[cfg_attr(feature = "serde", serde(with = "crate::octets"))]
    pub aad: Cow<'a, [u8]>,
    /// IANA named information hash algorithm of `content_hash`; 0 for no hash.
    /// The content cannot be verified by an algorithm that is not known.
    pub hash_alg: u8,
    /// Hash of the octets at the URL.
    #[cfg_attr(feature = "serde", serde(with = "crate::octets"))]
    pub content_hash: Cow<'a, [u8]>,
    /// What to tell a person about the content, or nothing.
    pub description: Cow<'a, str>,
    /// The file name to suggest, or nothing. It is the sender's choice: take
    /// care before it names a file.
    pub filename: Cow<'a, str>,
}

impl ExternalPart<'_> {
    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> ExternalPart<'static> {
        ExternalPart {
            content_type: owned(self.content_type),
            url: owned(self.url),
            expires: self.expires,
            size: self.size,
            enc_alg: self.enc_alg,
            key: self.key.into_owned(),
            nonce: owned(self.nonce),
            aad: owned(self.aad),
            hash_alg: self.hash_alg,
            content_hash: owned(self.content_hash),
            description: owned(self.description),
            filename: owned(self.filename),
        }
    }
}

impl fmt::Debug for ExternalPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalPart")
            .field("content_type", &Essence(&self.content_type))
            .field("expires", &self.expires)
            .field("size", &self.size)
            .field("enc_alg", &self.enc_alg)
            .field("hash_alg", &self.hash_alg)
            .finish_non_exhaustive()
    }
}

/// Type and subtype, of what is a media type.
pub(super) struct Essence<'a>(pub(super) &'a str);

impl fmt::Debug for Essence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.parse::<MediaType>() {
            Ok(kind) if !kind.essence.is_empty() => f.write_str(&kind.essence),
            _ => write!(f, "{} octets", self.0.len()),
        }
    }
}

/// The key of an asset. It is wiped from memory when it is dropped, unless it
/// borrows from an encoded message; `Debug` leaves it out.
#[derive(Clone)]
pub struct AssetKey<'a>(KeyOctets<'a>);

/// Not a `Cow`, since only what is owned has something to do when it is dropped.
#[derive(Clone)]
enum KeyOctets<'a> {
    Borrowed(&'a [u8]),
    Owned(Zeroizing<Vec<u8>>),
}

impl<'a> AssetKey<'a> {
    /// Takes the octets of a key.
    pub fn new(octets: impl Into<Cow<'a, [u8]>>) -> Self {
        AssetKey(match octets.into() {
            Cow::Borrowed(octets) => KeyOctets::Borrowed(octets),
            Cow::Owned(octets) => KeyOctets::Owned(Zeroizing::new(octets)),
        })
    }

    /// The octets.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            KeyOctets::Borrowed(octets) => octets,
            KeyOctets::Owned(octets) => octets,
        }
    }

    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> AssetKey<'static> {
        AssetKey(KeyOctets::Owned(match self.0 {
            KeyOctets::Borrowed(octets) => Zeroizing::new(octets.to_vec()),
            KeyOctets::Owned(octets) => octets,
        }))
    }
}

impl Default for AssetKey<'_> {
    fn default() -> Self {
        AssetKey(KeyOctets::Borrowed(&[]))
    }
}

/// In constant time.
impl PartialEq for AssetKey<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl Eq for AssetKey<'_> {}

impl fmt::Debug for AssetKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AssetKey(..)")
    }
}
