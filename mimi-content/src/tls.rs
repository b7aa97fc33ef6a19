//! The TLS presentation language (RFC 8446 §3) with the variable-size vectors
//! of RFC 9420 §2.1.2.
//!
//! Every crate of the family reads and writes its structs with this one codec.
//! A [`Reader`] never allocates from a declared length, never recurses by
//! itself and never panics; each error names the octet at which the rule was
//! broken. A [`Writer`] cannot fail half way: a vector that is too long is
//! reported once, by [`Writer::finish`].
//!
//! ```
//! use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};
//!
//! struct Pair { left: u16, right: Vec<u8> }
//!
//! impl Encode for Pair {
//!     fn encode(&self, w: &mut Writer) {
//!         w.u16(self.left);
//!         w.opaque(&self.right);
//!     }
//! }
//! impl Decode for Pair {
//!     fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
//!         Ok(Pair { left: r.u16()?, right: r.opaque()?.to_vec() })
//!     }
//! }
//!
//! let bytes = Pair { left: 7, right: b"hi".to_vec() }.to_vec().unwrap();
//! assert_eq!(bytes, [0, 7, 2, b'h', b'i']);
//! assert_eq!(Pair::from_slice(&bytes).unwrap().left, 7);
//! assert_eq!(Pair::from_slice(&[0, 7, 9]).err().unwrap().to_string(),
//!            "at octet 3: 9 more octets are declared than are there");
//! ```

mod reader;
mod writer;

use bytes::Bytes;

use crate::uri::UriError;

pub use reader::Reader;
pub use writer::Writer;

/// Longest content of a variable-size vector, in octets (RFC 9420 §2.1.2: two
/// bits of the length prefix carry its own size).
pub const MAX_VECTOR_LEN: usize = (1 << 30) - 1;

/// A type with an exact encoding in the TLS presentation language.
pub trait Encode {
    /// Appends the encoding of `self`, the same each time.
    fn encode(&self, w: &mut Writer);

    /// The encoding of `self` on its own, in memory that is allocated once and
    /// filled up.
    ///
    /// # Errors
    /// When a vector inside is longer than [`MAX_VECTOR_LEN`].
    fn to_vec(&self) -> Result<Vec<u8>, EncodeError> {
        Writer::write(|w| self.encode(w))
    }
}

/// A type that can be read from the TLS presentation language.
pub trait Decode: Sized {
    /// Reads one value and leaves the reader behind it.
    ///
    /// # Errors
    /// With the offset and the rule that the input breaks.
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Reads a value that fills `input` entirely.
    ///
    /// # Errors
    /// As [`Decode::decode`], and when octets are left over.
    fn from_slice(input: &[u8]) -> Result<Self, DecodeError> {
        Self::read_all(Reader::new(input))
    }

    /// Like [`Decode::from_slice`], but payloads inside share `input`'s memory.
    ///
    /// # Errors
    /// As [`Decode::from_slice`].
    fn from_bytes(input: &Bytes) -> Result<Self, DecodeError> {
        Self::read_all(Reader::shared(input))
    }

    #[doc(hidden)]
    fn read_all(mut r: Reader<'_>) -> Result<Self, DecodeError> {
        let value = Self::decode(&mut r)?;
        r.finish()?;
        Ok(value)
    }
}

/// Why an input is not an encoding of the type asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at octet {offset}: {rule}")]
pub struct DecodeError {
    /// Where in the input, in octets from its start.
    pub offset: usize,
    /// Which rule it breaks there.
    pub rule: Rule,
}

/// The rules that a [`DecodeError`] can name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// A fixed-size item or a declared length reaches past the end.
    #[error("{missing} more octets are declared than are there")]
    Truncated {
        /// How many octets are lacking.
        missing: usize,
    },
    /// Octets follow the value.
    #[error("{count} octets follow the value")]
    Trailing {
        /// How many octets are left over.
        count: usize,
    },
    /// RFC 9420 §2.1.2: the two length bits `11` are not assigned.
    #[error("the vector length has the invalid prefix 0b11")]
    LengthPrefix,
    /// RFC 9420 §2.1.2: a length takes the shortest form that holds it.
    #[error("the vector length is not in its shortest form")]
    NonMinimalLength,
    /// RFC 9420 §2.1.1: the presence octet of an optional is 0 or 1.
    #[error("a presence octet is {0}, not 0 or 1")]
    Presence(u8),
    /// A string is not UTF-8.
    #[error("a string is not valid UTF-8")]
    Utf8,
    /// A list element took no octets, so the list would never end.
    #[error("a list element is empty")]
    ZeroProgress,
    /// A closed enumeration or a select has no such value.
    #[error("{what} has no value {value}")]
    Unknown {
        /// The enumeration.
        what: &'static str,
        /// What the input holds.
        value: u64,
    },
    /// A bound of this crate family is exceeded.
    #[error("{what} exceeds its limit of {max}")]
    Limit {
        /// What is too large.
        what: &'static str,
        /// The largest value accepted.
        max: usize,
    },
    /// A URI is not in normal form.
    #[error("not a MIMI URI in normal form: {0}")]
    Uri(UriError),
    /// A rule of the structure itself, in words.
    #[error("{0}")]
    Structure(&'static str),
}

/// A value that has no encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a vector is longer than {MAX_VECTOR_LEN} octets (RFC 9420 §2.1.2)")]
pub struct EncodeError;

macro_rules! integers {
    ($($t:ident),*) => {$(
        impl Encode for $t {
            fn encode(&self, w: &mut Writer) { w.$t(*self); }
        }
        impl Decode for $t {
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> { r.$t() }
        }
    )*};
}
integers!(u8, u16, u32, u64);

/// `opaque label<V> = "MLS 1.0 " + label; opaque content<V>`: what
/// SignWithLabel signs (RFC 9420 §5.1.2) and the HPKE info of EncryptWithLabel
/// (§5.1.3), where `content` is the context.
///
/// # Errors
/// When `content` is longer than [`MAX_VECTOR_LEN`].
pub fn mls_label(label: &str, content: &[u8]) -> Result<Vec<u8>, EncodeError> {
    labelled(label, |w| w.raw(content))
}

/// [`mls_label`] of a value's encoding.
///
/// # Errors
/// When the encoding or a vector inside is longer than [`MAX_VECTOR_LEN`].
pub fn mls_label_of(label: &str, content: &impl Encode) -> Result<Vec<u8>, EncodeError> {
    labelled(label, |w| content.encode(w))
}

fn labelled(label: &str, content: impl Fn(&mut Writer)) -> Result<Vec<u8>, EncodeError> {
    Writer::write(|w| {
        w.vector(|w| {
            w.raw(b"MLS 1.0 ");
            w.raw(label.as_bytes());
        });
        w.vector(&content);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_their_shortest_form_and_no_other() {
        for (len, prefix) in [
            (0usize, vec![0x00]),
            (0x3f, vec![0x3f]),
            (0x40, vec![0x40, 0x40]),
            (0x3fff, vec![0x7f, 0xff]),
            (0x4000, vec![0x80, 0x00, 0x40, 0x00]),
        ] {
            let mut w = Writer::new();
            w.opaque(&vec![7; len]);
            let bytes = w.finish().unwrap();
            assert_eq!(&bytes[..prefix.len()], prefix);
            assert_eq!(Reader::new(&bytes).opaque().unwrap().len(), len);
            let mut v = Writer::new();
            v.vector(|w| w.raw(&vec![7; len]));
            assert_eq!(v.finish().unwrap(), bytes);
            let nested = Writer::write(|w| w.vector(|w| w.opaque(&vec![7; len]))).unwrap();
            assert_eq!(Reader::new(&nested).opaque().unwrap(), bytes);
        }
        for longer in [vec![0x40, 0x3f], vec![0x80, 0, 0x3f, 0xff], vec![0xc0]] {
            let rule = Reader::new(&longer).opaque().unwrap_err().rule;
            assert!(
                matches!(rule, Rule::NonMinimalLength | Rule::LengthPrefix),
                "{rule:?}"
            );
        }
    }

    #[test]
    fn what_is_too_long_for_a_vector_has_no_encoding() {
        // Counted only: nothing of it is written.
        let repeated = |w: &mut Writer| (0..1 << 10).for_each(|_| w.raw(&[0; 1 << 20]));
        assert_eq!(Writer::write(|w| w.vector(repeated)), Err(EncodeError));
        let nested = |w: &mut Writer| w.vector(|w| w.vector(repeated));
        assert_eq!(Writer::write(nested), Err(EncodeError));
        let mut w = Writer::new();
        nested(&mut w);
        assert_eq!(w.finish(), Err(EncodeError));
    }

    #[test]
    fn memory_is_allocated_once_and_filled_up() {
        let octets = Writer::write(|w| {
            w.u8(1);
            w.vector(|w| w.list(&[1u16; 1000]));
        })
        .unwrap();
        assert_eq!((octets.len(), octets.capacity()), (1 + 2 + 2 + 2000, 2005));
    }

    #[test]
    fn a_declared_length_never_allocates() {
        let error = Reader::new(&[0xbf, 0xff, 0xff, 0xff, 1])
            .opaque_bytes()
            .unwrap_err();
        assert_eq!(
            error.rule,
            Rule::Truncated {
                missing: MAX_VECTOR_LEN - 1
            }
        );
        assert_eq!(error.offset, 4);
    }

    #[test]
    fn a_vector_bounds_its_elements() {
        // Two octets of content, then an octet that belongs to the next field.
        let bytes = [2, 0, 1, 9];
        let mut r = Reader::new(&bytes);
        let mut inner = r.vector().unwrap();
        assert!(inner.clone().u32().is_err());
        assert_eq!(inner.u16().unwrap(), 1);
        assert!(inner.is_empty());
        assert_eq!(r.u8().unwrap(), 9);
        assert!(r.finish().is_ok());
    }

    #[test]
    fn a_list_of_nothing_ends() {
        struct Unit;
        impl Decode for Unit {
            fn decode(_: &mut Reader<'_>) -> Result<Self, DecodeError> {
                Ok(Unit)
            }
        }
        let rule = Reader::new(&[1, 0]).list::<Unit>().err().unwrap().rule;
        assert_eq!(rule, Rule::ZeroProgress);
    }

    #[test]
    fn shared_payloads_do_not_copy() {
        let input = Bytes::from_static(&[3, 1, 2, 3]);
        let part = Reader::shared(&input).opaque_bytes().unwrap();
        assert_eq!(part.as_ptr(), input[1..].as_ptr());
    }

    #[test]
    fn presence_and_booleans_are_zero_or_one() {
        assert_eq!(
            Reader::new(&[2]).optional(Reader::u8).unwrap_err().rule,
            Rule::Presence(2)
        );
        assert!(Reader::new(&[2]).boolean().is_err());
        assert_eq!(Reader::new(&[1, 5]).optional(Reader::u8).unwrap(), Some(5));
    }
}
