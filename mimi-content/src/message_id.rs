//! Message IDs and the salt that goes into them (CONTENT, "Message ID").

use std::fmt;

use sha2::{Digest, Sha256};

/// Length of a message ID in octets (CONTENT, "Message ID").
pub const MESSAGE_ID_LEN: usize = 32;

/// Length of a salt in octets (CONTENT, "Message ID").
pub const SALT_LEN: usize = 16;

/// Longest sender or room URI that a message ID can cover: its length is
/// hashed as 16 bits (CONTENT, "Message ID").
pub const MAX_HASHED_URI_LEN: usize = 0xffff;

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
///     &[7; 16],
/// )?;
/// assert_eq!(MessageId::from_bytes(id.as_bytes())?, id);
/// # Ok::<(), mimi_content::MessageIdError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        salt: &[u8; SALT_LEN],
    ) -> Result<Self, MessageIdError> {
        let mut hash = Sha256::new();
        for uri in [sender_uri, room_uri] {
            let len = u16::try_from(uri.len())
                .map_err(|_| MessageIdError::UriTooLong { len: uri.len() })?;
            hash.update(len.to_be_bytes());
            hash.update(uri);
        }
        hash.update(message);
        // A second time, against extension of the hash.
        hash.update(salt);
        let digest: [u8; 32] = hash.finalize().into();
        let mut id = [SHA_256; MESSAGE_ID_LEN];
        for (to, from) in id.iter_mut().skip(1).zip(digest) {
            *to = from;
        }
        Ok(MessageId(id))
    }

    /// Takes the octets of a message ID.
    ///
    /// # Errors
    /// When there are not 32 of them or the first is not 1.
    pub fn from_bytes(octets: &[u8]) -> Result<Self, MessageIdError> {
        let id: [u8; MESSAGE_ID_LEN] = octets
            .try_into()
            .map_err(|_| MessageIdError::Length { len: octets.len() })?;
        match id {
            [SHA_256, ..] => Ok(MessageId(id)),
            [other, ..] => Err(MessageIdError::HashAlgorithm(other)),
        }
    }

    /// The octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; MESSAGE_ID_LEN] {
        &self.0
    }
}

/// In hexadecimal.
impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
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
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let digit = |digit: u8| char::from(digit).to_digit(16);
        let octets: Option<Vec<u8>> = pairs
            .iter()
            .map(|&[high, low]| u8::try_from(digit(high)? << 4 | digit(low)?).ok())
            .collect();
        match octets {
            Some(octets) if rest.is_empty() => MessageId::from_bytes(&octets),
            _ => Err(MessageIdError::Hex),
        }
    }
}

/// Hexadecimal in formats for people, octets in others.
#[cfg(feature = "serde")]
impl serde::Serialize for MessageId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for MessageId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = MessageId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message ID")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<MessageId, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_bytes<E: serde::de::Error>(self, octets: &[u8]) -> Result<MessageId, E> {
                MessageId::from_bytes(octets).map_err(E::custom)
            }
        }

        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Visitor)
        } else {
            deserializer.deserialize_bytes(Visitor)
        }
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

    /// The octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SALT_LEN] {
        &self.0
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
            &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        );
        assert_eq!(
            id.unwrap().to_string(),
            "01ee1f322a72f8b239ca717137a53225cfe0a4feef0406f3d545b6d194345ace"
        );
    }

    #[test]
    fn the_lengths_of_the_uris_are_hashed() {
        let id = |sender, room| MessageId::compute(sender, room, b"m", &[0; 16]).unwrap();
        assert_ne!(id("ab", "c"), id("a", "bc"));
    }

    #[test]
    fn a_uri_may_just_fill_its_length_field() {
        let longest = "a".repeat(MAX_HASHED_URI_LEN);
        let longer = "a".repeat(MAX_HASHED_URI_LEN + 1);
        let id = |sender: &str, room: &str| MessageId::compute(sender, room, b"", &[0; 16]);
        assert!(id(&longest, &longest).is_ok());
        let refused = Err(MessageIdError::UriTooLong { len: 0x1_0000 });
        assert_eq!(id(&longer, "a"), refused);
        assert_eq!(id("a", &longer), refused);
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
