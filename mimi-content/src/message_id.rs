//! Message IDs and the salt that goes into them (CONTENT, "Message ID").

use std::cmp::Ordering;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

#[cfg(feature = "serde")]
use crate::octets;
use crate::octets::{Hex, from_hex};

/// Length of a message ID in octets (CONTENT, "Message ID").
pub const MESSAGE_ID_LEN: usize = 32;

/// Length of a salt in octets (CONTENT, "Message ID").
pub const SALT_LEN: usize = 16;

/// Longest sender or room URI that a message ID can cover: its length is
/// hashed as 16 bits (CONTENT, "Message ID").
pub const MAX_HASHED_URI_LEN: usize = 0xffff;

/// Size of a SHA-256 block in octets, and so of the key that HMAC works with.
const SHA_256_BLOCK_LEN: usize = 64;

/// SHA-256 in the IANA registry of named information hash algorithms.
const SHA_256: u8 = 1;

/// The ID by which other messages refer to a message.
///
/// It starts with the number of the hash algorithm, always 1 for SHA-256.
/// IDs are ordered bytewise, which is also how messages of the same timestamp
/// are sorted within a topic (CONTENT, "Topics / Threading").
///
/// ```
/// use mimi_content::{MessageId, Salt};
///
/// let id = MessageId::compute(
///     "mimi://a.example/u/alice",
///     "mimi://a.example/r/clubhouse",
///     b"the octets of the message as sent",
///     &Salt::new([7; 16]),
/// )?;
/// assert_eq!(MessageId::from_bytes(id.as_bytes())?, id);
/// # Ok::<(), mimi_content::MessageIdError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageId([u8; MESSAGE_ID_LEN]);

/// Why there is no message ID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageIdError {
    /// CONTENT, "Message ID": the length of a URI is a 16-bit integer.
    #[error("a URI has {len} octets, more than {MAX_HASHED_URI_LEN}")]
    UriTooLong {
        /// Length of the URI in octets.
        len: usize,
    },
    /// CONTENT, "Message ID": a message ID has 32 octets.
    #[error("a message ID has {MESSAGE_ID_LEN} octets, not {len}")]
    Length {
        /// How many octets there are.
        len: usize,
    },
    /// CONTENT, "Message ID": the hash algorithm is SHA-256, number 1.
    #[error("the message ID has hash algorithm {0}, not 1")]
    HashAlgorithm(u8),
    /// The text is not hexadecimal.
    #[error("a message ID is not written in hexadecimal")]
    Hex,
}

impl MessageId {
    /// The ID of the message with the content `message`, sent by the user
    /// `sender_uri` into `room_uri`.
    ///
    /// `message` is the encoded MIMI content exactly as sent or received,
    /// without the media type framing of the application data, and `salt` is
    /// the salt inside it.
    ///
    /// # Errors
    /// When a URI is longer than [`MAX_HASHED_URI_LEN`].
    pub fn compute(
        sender_uri: &str,
        room_uri: &str,
        message: &[u8],
        salt: &Salt,
    ) -> Result<Self, MessageIdError> {
        let len = |uri: &str| {
            let len = uri.len();
            let short = u16::try_from(len).map_err(|_| MessageIdError::UriTooLong { len });
            short.map(u16::to_be_bytes)
        };
        let digest = sha256(&[
            &len(sender_uri)?,
            sender_uri.as_bytes(),
            &len(room_uri)?,
            room_uri.as_bytes(),
            message,
            // A second time, against extension of the hash.
            salt.as_bytes(),
        ]);
        let mut id = [SHA_256; MESSAGE_ID_LEN];
        for (to, from) in id.iter_mut().skip(1).zip(digest) {
            *to = from;
        }
        Ok(MessageId(id))
    }

    /// Takes the octets of a message ID.
    ///
    /// # Errors
    /// When the first is not 1.
    pub const fn new(octets: [u8; MESSAGE_ID_LEN]) -> Result<Self, MessageIdError> {
        match octets {
            [SHA_256, ..] => Ok(MessageId(octets)),
            [other, ..] => Err(MessageIdError::HashAlgorithm(other)),
        }
    }

    /// Takes the octets of a message ID from a slice.
    ///
    /// # Errors
    /// When there are not 32 of them or the first is not 1.
    pub fn from_bytes(octets: &[u8]) -> Result<Self, MessageIdError> {
        let id = octets
            .try_into()
            .map_err(|_| MessageIdError::Length { len: octets.len() })?;
        MessageId::new(id)
    }

    /// The octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; MESSAGE_ID_LEN] {
        &self.0
    }
}

/// Bytewise, eight octets at a time: IDs are the keys of large maps.
impl Ord for MessageId {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.words().cmp(other.words())
    }
}

impl PartialOrd for MessageId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl MessageId {
    #[inline]
    fn words(&self) -> impl Iterator<Item = u64> {
        let (words, _) = self.0.as_chunks();
        words.iter().copied().map(u64::from_be_bytes)
    }
}

/// SHA-256 over the concatenation of `pieces`. Most messages are a few hundred
/// octets, which are hashed faster at once than in pieces.
fn sha256(pieces: &[&[u8]]) -> [u8; 32] {
    let mut gathered = [0; GATHERED_LEN];
    let mut free = &mut gathered[..];
    for piece in pieces {
        match std::mem::take(&mut free).split_at_mut_checked(piece.len()) {
            Some((place, rest)) => {
                place.copy_from_slice(piece);
                free = rest;
            }
            None => {
                let mut hash = Sha256::new();
                pieces.iter().for_each(|piece| hash.update(piece));
                return hash.finalize().into();
            }
        }
    }
    let len = GATHERED_LEN.saturating_sub(free.len());
    Sha256::digest(gathered.get(..len).unwrap_or_default()).into()
}

/// How many octets are hashed at once.
const GATHERED_LEN: usize = 448;

/// In hexadecimal.
impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Hex(&self.0))
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// From hexadecimal, in either case.
impl std::str::FromStr for MessageId {
    type Err = MessageIdError;

    fn from_str(text: &str) -> Result<Self, MessageIdError> {
        let octets = from_hex(text).ok_or(MessageIdError::Hex)?;
        MessageId::from_bytes(&octets)
    }
}

/// Hexadecimal in formats for people, octets in others.
#[cfg(feature = "serde")]
impl serde::Serialize for MessageId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        octets::serialize(&self.0, serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for MessageId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let octets: Vec<u8> = octets::deserialize(deserializer)?;
        MessageId::from_bytes(&octets).map_err(serde::de::Error::custom)
    }
}

/// The random octets that make a message unique.
///
/// They must come from a cryptographic random number generator, fresh for each
/// message (CONTENT, "Generating the random salt"). They also key the
/// franking tag, so whoever may not read the message must not see them either;
/// `Debug` leaves them out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; SALT_LEN]);

impl Salt {
    /// Takes random octets as salt.
    #[must_use]
    pub const fn new(random: [u8; SALT_LEN]) -> Self {
        Salt(random)
    }

    /// Draws a salt.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut random = [0; SALT_LEN];
        rng.fill_bytes(&mut random);
        Salt(random)
    }

    /// Derives a salt, with entropy from the group (CONTENT, "Generating the
    /// random salt").
    ///
    /// `secret` is exported from the MLS key schedule, for instance with the label
    /// `salt_base_secret`. `nonce` is made by this client, and different for each
    /// message that it sends in an epoch.
    #[must_use]
    pub fn derive(secret: &[u8], nonce: &[u8]) -> Self {
        // What HMAC does with keys of other lengths than a block (RFC 2104 §2).
        // Doing so here leaves nothing that could fail.
        let mut key = Zeroizing::new([0; SHA_256_BLOCK_LEN]);
        let mut hashed = Zeroizing::new([0; 32]);
        let secret = if secret.len() > key.len() {
            *hashed = Sha256::digest(secret).into();
            &hashed[..]
        } else {
            secret
        };
        key.iter_mut()
            .zip(secret)
            .for_each(|(to, from)| *to = *from);
        let mut mac = <Hmac<Sha256> as KeyInit>::new((&*key).into());
        mac.update(nonce);
        let mut salt = [0; SALT_LEN];
        let tag = mac.finalize().into_bytes();
        salt.iter_mut().zip(tag).for_each(|(to, from)| *to = from);
        Salt(salt)
    }

    /// The octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SALT_LEN] {
        &self.0
    }
}

/// Hexadecimal in formats for people, octets in others.
#[cfg(feature = "serde")]
impl serde::Serialize for Salt {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        octets::serialize(&self.0, serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Salt {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let octets: Vec<u8> = octets::deserialize(deserializer)?;
        let error = || serde::de::Error::invalid_length(octets.len(), &"16 octets");
        octets[..].try_into().map(Salt).map_err(|_| error())
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_algorithm_are_checked() {
        let mut octets = [1u8; 32];
        let id = MessageId::from_bytes(&octets).unwrap();
        assert_eq!(id.to_string(), "01".repeat(32));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(
            MessageId::from_bytes(&octets[..31]),
            Err(MessageIdError::Length { len: 31 })
        );
        assert_eq!(
            MessageId::from_bytes(&[1; 33]),
            Err(MessageIdError::Length { len: 33 })
        );
        octets[0] = 2;
        assert_eq!(
            MessageId::from_bytes(&octets),
            Err(MessageIdError::HashAlgorithm(2))
        );
        for text in ["0", "0x", "+1", "é"] {
            assert_eq!(text.parse::<MessageId>(), Err(MessageIdError::Hex));
        }
    }

    #[test]
    fn an_id_made_by_another_implementation() {
        let id = MessageId::compute(
            "mimi://a.example/u/alice",
            "mimi://b.example/r/clubhouse",
            b"message",
            &Salt::new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
        );
        assert_eq!(
            id.unwrap().to_string(),
            "01ee1f322a72f8b239ca717137a53225cfe0a4feef0406f3d545b6d194345ace"
        );
    }

    #[test]
    fn the_lengths_of_the_uris_are_hashed() {
        let id =
            |sender, room| MessageId::compute(sender, room, b"m", &Salt::new([0; 16])).unwrap();
        assert_ne!(id("ab", "c"), id("a", "bc"));
    }

    #[test]
    fn a_uri_may_just_fill_its_length_field() {
        let longest = "a".repeat(MAX_HASHED_URI_LEN);
        let longer = "a".repeat(MAX_HASHED_URI_LEN + 1);
        let id =
            |sender: &str, room: &str| MessageId::compute(sender, room, b"", &Salt::new([0; 16]));
        assert!(id(&longest, &longest).is_ok());
        let refused = Err(MessageIdError::UriTooLong { len: 0x1_0000 });
        assert_eq!(id(&longer, "a"), refused);
        assert_eq!(id("a", &longer), refused);
    }

    #[test]
    fn ids_are_ordered_bytewise() {
        let id = |at: usize, octet| {
            let mut octets = [1; 32];
            octets[at] = octet;
            MessageId::new(octets).unwrap()
        };
        let all = (1..32).flat_map(|at| [0, 1, 127, 128, 255].map(|octet| id(at, octet)));
        let all: Vec<MessageId> = all.collect();
        for (one, other) in all
            .iter()
            .flat_map(|one| all.iter().map(move |other| (one, other)))
        {
            assert_eq!(one.cmp(other), one.as_bytes().cmp(other.as_bytes()));
        }
    }

    #[test]
    fn a_salt_is_not_shown() {
        assert_eq!(format!("{:?}", Salt::new([0x5e; 16])), "Salt(..)");
    }

    #[cfg(feature = "serde")]
    #[test]
    fn serde_checks_too() {
        let id = MessageId::from_bytes(&[1; 32]).unwrap();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<MessageId>(&json).unwrap(), id);
        assert!(serde_json::from_str::<MessageId>(&json.replace("01", "02")).is_err());
        let mut cbor = Vec::new();
        ciborium::into_writer(&id, &mut cbor).unwrap();
        assert_eq!(cbor[..3], [0x58, 0x20, 1]);
        assert_eq!(
            ciborium::from_reader::<MessageId, _>(&cbor[..]).unwrap(),
            id
        );
        cbor[2] = 2;
        assert!(ciborium::from_reader::<MessageId, _>(&cbor[..]).is_err());
    }
}
