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

use bytes::Bytes;

use crate::uri::UriError;

/// Longest content of a variable-size vector, in octets (RFC 9420 §2.1.2: two
/// bits of the length prefix carry its own size).
pub const MAX_VECTOR_LEN: usize = (1 << 30) - 1;

/// A type with an exact encoding in the TLS presentation language.
pub trait Encode {
    /// Appends the encoding of `self`.
    fn encode(&self, w: &mut Writer);

    /// The encoding of `self` on its own.
    ///
    /// # Errors
    /// When a vector inside is longer than [`MAX_VECTOR_LEN`].
    fn to_vec(&self) -> Result<Vec<u8>, EncodeError> {
        let mut w = Writer::new();
        self.encode(&mut w);
        w.finish()
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

/// Reads an input from front to back.
///
/// A reader over a vector's content is bounded by that vector, but its offsets
/// still count from the start of the whole input.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    input: &'a [u8],
    shared: Option<&'a Bytes>,
    pos: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    /// Reads `input`; payloads taken as [`Bytes`] are copies.
    #[must_use]
    pub fn new(input: &'a [u8]) -> Self {
        Reader {
            input,
            shared: None,
            pos: 0,
            end: input.len(),
        }
    }

    /// Reads `input`; payloads taken as [`Bytes`] share its memory.
    #[must_use]
    pub fn shared(input: &'a Bytes) -> Self {
        Reader {
            shared: Some(input),
            ..Reader::new(input)
        }
    }

    /// Where the reader stands, in octets from the start of the input.
    #[must_use]
    #[inline]
    pub fn offset(&self) -> usize {
        self.pos
    }

    /// How many octets are left.
    #[must_use]
    #[inline]
    pub fn remaining(&self) -> usize {
        self.end.saturating_sub(self.pos)
    }

    /// Whether nothing is left.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.remaining() == 0
    }

    /// An error at the place where the reader stands.
    #[must_use]
    pub fn error(&self, rule: Rule) -> DecodeError {
        DecodeError {
            offset: self.pos,
            rule,
        }
    }

    /// An error at a place that the reader has passed.
    #[must_use]
    pub fn error_at(&self, offset: usize, rule: Rule) -> DecodeError {
        DecodeError { offset, rule }
    }

    /// Takes `len` octets.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn take(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        let left = self.remaining();
        if len > left {
            return Err(self.error(Rule::Truncated {
                missing: len.saturating_sub(left),
            }));
        }
        let end = self.pos.saturating_add(len);
        let taken = self.input.get(self.pos..end).unwrap_or_default();
        self.pos = end;
        Ok(taken)
    }

    /// Takes a fixed number of octets as an array.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N)?);
        Ok(out)
    }

    /// Takes a `uint8`.
    ///
    /// # Errors
    /// When nothing is left.
    #[inline]
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array::<1>().map(|[octet]| octet)
    }

    /// Takes a big-endian `uint16`.
    ///
    /// # Errors
    /// When fewer than two octets are left.
    #[inline]
    pub fn u16(&mut self) -> Result<u16, DecodeError> {
        self.array().map(u16::from_be_bytes)
    }

    /// Takes a big-endian `uint32`.
    ///
    /// # Errors
    /// When fewer than four octets are left.
    #[inline]
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_be_bytes)
    }

    /// Takes a big-endian `uint64`.
    ///
    /// # Errors
    /// When fewer than eight octets are left.
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        self.array().map(u64::from_be_bytes)
    }

    /// Takes a boolean of one octet, 0 or 1.
    ///
    /// # Errors
    /// When nothing is left or the octet is another.
    pub fn boolean(&mut self) -> Result<bool, DecodeError> {
        let start = self.pos;
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            value => Err(self.error_at(
                start,
                Rule::Unknown {
                    what: "bool",
                    value: value.into(),
                },
            )),
        }
    }

    /// Takes an `optional<T>`: a presence octet, then the value if it is 1
    /// (RFC 9420 §2.1.1).
    ///
    /// # Errors
    /// When the presence octet is neither 0 nor 1, or `read` fails.
    pub fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        let start = self.pos;
        match self.u8()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            other => Err(self.error_at(start, Rule::Presence(other))),
        }
    }

    /// Takes the length prefix of a variable-size vector (RFC 9420 §2.1.2).
    #[inline]
    fn length(&mut self) -> Result<usize, DecodeError> {
        let start = self.pos;
        let first = self.u8()?;
        let low = u32::from(first & 0x3f);
        let (value, shorter) = match first >> 6 {
            0 => return Ok(usize::from(first)),
            1 => ((low << 8) | u32::from(self.u8()?), 0x3f),
            2 => {
                let [b, c, d] = self.array::<3>()?;
                (u32::from_be_bytes([first & 0x3f, b, c, d]), 0x3fff)
            }
            _ => return Err(self.error_at(start, Rule::LengthPrefix)),
        };
        if value <= shorter {
            return Err(self.error_at(start, Rule::NonMinimalLength));
        }
        usize::try_from(value).map_err(|_| self.error_at(start, Rule::LengthPrefix))
    }

    /// Takes a vector and returns a reader bounded to its content.
    ///
    /// # Errors
    /// When the length is malformed or reaches past the end.
    #[inline]
    pub fn vector(&mut self) -> Result<Reader<'a>, DecodeError> {
        let len = self.length()?;
        let start = self.pos;
        self.take(len)?;
        Ok(Reader {
            input: self.input,
            shared: self.shared,
            pos: start,
            end: self.pos,
        })
    }

    /// Takes an `opaque<V>`.
    ///
    /// # Errors
    /// When the length is malformed or reaches past the end.
    #[inline]
    pub fn opaque(&mut self) -> Result<&'a [u8], DecodeError> {
        let len = self.length()?;
        self.take(len)
    }

    /// Takes an `opaque<V>` to keep, sharing the input's memory if it can.
    ///
    /// # Errors
    /// When the length is malformed or reaches past the end.
    pub fn opaque_bytes(&mut self) -> Result<Bytes, DecodeError> {
        let content = self.opaque()?;
        Ok(self.keep(content))
    }

    /// Takes an `opaque<V>` that holds UTF-8.
    ///
    /// # Errors
    /// When the length is malformed or the content is not UTF-8.
    #[inline]
    pub fn utf8(&mut self) -> Result<&'a str, DecodeError> {
        let content = self.opaque()?;
        std::str::from_utf8(content).map_err(|e| {
            let start = self.pos.saturating_sub(content.len());
            self.error_at(start.saturating_add(e.valid_up_to()), Rule::Utf8)
        })
    }

    /// Takes a vector of values.
    ///
    /// # Errors
    /// When the vector or an element is malformed.
    pub fn list<T: Decode>(&mut self) -> Result<Vec<T>, DecodeError> {
        self.list_with(T::decode)
    }

    /// Takes a vector of values that `read` reads one by one.
    ///
    /// # Errors
    /// When the vector or an element is malformed, or an element is empty.
    pub fn list_with<T>(
        &mut self,
        mut read: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let mut inner = self.vector()?;
        let mut out = Vec::new();
        while !inner.is_empty() {
            let before = inner.pos;
            out.push(read(&mut inner)?);
            if inner.pos == before {
                return Err(inner.error(Rule::ZeroProgress));
            }
        }
        Ok(out)
    }

    /// Runs `walk` and returns the octets that it passed over.
    ///
    /// # Errors
    /// When `walk` fails.
    pub fn raw(
        &mut self,
        walk: impl FnOnce(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<Bytes, DecodeError> {
        let start = self.pos;
        walk(self)?;
        let passed = self.input.get(start..self.pos).unwrap_or_default();
        Ok(self.keep(passed))
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// When octets are left over.
    pub fn finish(self) -> Result<(), DecodeError> {
        match self.remaining() {
            0 => Ok(()),
            count => Err(self.error(Rule::Trailing { count })),
        }
    }

    fn keep(&self, part: &'a [u8]) -> Bytes {
        match self.shared {
            Some(all) if !part.is_empty() => all.slice_ref(part),
            _ => Bytes::copy_from_slice(part),
        }
    }
}

/// Writes values one after the other.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    too_long: bool,
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was written.
    ///
    /// # Errors
    /// When a vector was longer than [`MAX_VECTOR_LEN`].
    pub fn finish(self) -> Result<Vec<u8>, EncodeError> {
        if self.too_long {
            Err(EncodeError)
        } else {
            Ok(self.out)
        }
    }

    /// Writes octets as they are.
    pub fn raw(&mut self, octets: &[u8]) {
        self.out.extend_from_slice(octets);
    }

    /// Writes a `uint8`.
    pub fn u8(&mut self, value: u8) {
        self.out.push(value);
    }

    /// Writes a `uint16`.
    pub fn u16(&mut self, value: u16) {
        self.raw(&value.to_be_bytes());
    }

    /// Writes a `uint32`.
    pub fn u32(&mut self, value: u32) {
        self.raw(&value.to_be_bytes());
    }

    /// Writes a `uint64`.
    pub fn u64(&mut self, value: u64) {
        self.raw(&value.to_be_bytes());
    }

    /// Writes a boolean as one octet.
    pub fn boolean(&mut self, value: bool) {
        self.u8(value.into());
    }

    /// Writes an `optional<T>`.
    pub fn optional<T>(&mut self, value: Option<&T>, write: impl FnOnce(&mut Self, &T)) {
        match value {
            None => self.u8(0),
            Some(value) => {
                self.u8(1);
                write(self, value);
            }
        }
    }

    /// Writes an `opaque<V>`.
    pub fn opaque(&mut self, content: &[u8]) {
        let (prefix, len) = self.prefix(content.len());
        self.raw(prefix.get(..len).unwrap_or_default());
        self.raw(content);
    }

    /// Writes a vector of values.
    pub fn list<T: Encode>(&mut self, items: &[T]) {
        self.vector(|w| items.iter().for_each(|item| item.encode(w)));
    }

    /// Writes a vector whose content `write` writes.
    pub fn vector(&mut self, write: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        write(self);
        let content = self.out.len().saturating_sub(start);
        let (prefix, len) = self.prefix(content);
        self.out.splice(
            start..start,
            prefix.get(..len).unwrap_or_default().iter().copied(),
        );
    }

    /// The shortest length prefix, and how many of its octets count.
    fn prefix(&mut self, content: usize) -> ([u8; 4], usize) {
        let short = u32::try_from(content).unwrap_or(u32::MAX);
        let [a, b, c, d] = short.to_be_bytes();
        match short {
            0..=0x3f => ([d, 0, 0, 0], 1),
            0x40..=0x3fff => ([0x40 | c, d, 0, 0], 2),
            0x4000..=0x3fff_ffff => ([0x80 | a, b, c, d], 4),
            _ => {
                self.too_long = true;
                ([0; 4], 0)
            }
        }
    }
}

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
    let mut w = Writer::new();
    w.vector(|w| {
        w.raw(b"MLS 1.0 ");
        w.raw(label.as_bytes());
    });
    w.opaque(content);
    w.finish()
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
