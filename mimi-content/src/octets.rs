//! Octets written for people.

use std::fmt;

/// Writes octets in hexadecimal.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// Octets from hexadecimal, in either case.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |digit: u8| char::from(digit).to_digit(16);
    // Not collected: what grows leaves copies behind, and octets may be secret.
    let mut octets = Vec::with_capacity(pairs.len());
    for &[high, low] in pairs {
        octets.push(u8::try_from(digit(high)? << 4 | digit(low)?).ok()?);
    }
    rest.is_empty().then_some(octets)
}

/// With `serde(with)`: hexadecimal in formats for people, octets in others.
#[cfg(feature = "serde")]
pub(crate) use with_serde::{deserialize, serialize};

#[cfg(feature = "serde")]
mod with_serde {
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    use super::{Hex, from_hex};

    pub(crate) fn serialize<S: Serializer>(octets: &[u8], to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            to.collect_str(&Hex(octets))
        } else {
            to.serialize_bytes(octets)
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: From<Vec<u8>>>(
        from: D,
    ) -> Result<T, D::Error> {
        let octets = if from.is_human_readable() {
            from.deserialize_str(Visitor)
        } else {
            from.deserialize_byte_buf(Visitor)
        };
        octets.map(T::from)
    }

    struct Visitor;

    impl serde::de::Visitor<'_> for Visitor {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("octets")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Vec<u8>, E> {
            from_hex(text).ok_or_else(|| E::custom("octets are not written in hexadecimal"))
        }

        fn visit_bytes<E: Error>(self, octets: &[u8]) -> Result<Vec<u8>, E> {
            Ok(octets.to_vec())
        }

        fn visit_byte_buf<E: Error>(self, octets: Vec<u8>) -> Result<Vec<u8>, E> {
            Ok(octets)
        }
    }
}
