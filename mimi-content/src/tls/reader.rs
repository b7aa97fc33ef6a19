//! The reading side.

use bytes::Bytes;

use super::{Decode, DecodeError, Rule};

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
    #[cold]
    pub fn error(&self, rule: Rule) -> DecodeError {
        DecodeError {
            offset: self.pos,
            rule,
        }
    }

    /// An error at a place that the reader has passed.
    #[must_use]
    #[cold]
    pub fn error_at(&self, offset: usize, rule: Rule) -> DecodeError {
        DecodeError { offset, rule }
    }

    /// Takes `len` octets.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn take(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        let end = self.pos.saturating_add(len);
        match self.input.get(self.pos..end) {
            Some(taken) if end <= self.end => {
                self.pos = end;
                Ok(taken)
            }
            _ => Err(self.truncated(len)),
        }
    }

    #[cold]
    fn truncated(&self, len: usize) -> DecodeError {
        let missing = len.saturating_sub(self.remaining());
        self.error(Rule::Truncated { missing })
    }

    /// Takes a fixed number of octets as an array.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let rest = self.input.get(self.pos..self.end).unwrap_or_default();
        let Some(taken) = rest.first_chunk() else {
            return Err(self.truncated(N));
        };
        self.pos = self.pos.saturating_add(N);
        Ok(*taken)
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
    #[inline]
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
    #[inline]
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
        match self.u8()? {
            short @ 0..=0x3f => Ok(usize::from(short)),
            first => self.long_length(first),
        }
    }

    /// The rest of a length prefix that begins with `first`.
    fn long_length(&mut self, first: u8) -> Result<usize, DecodeError> {
        let start = self.pos.saturating_sub(1);
        let (value, shorter) = match first >> 6 {
            1 => (
                u32::from(u16::from_be_bytes([first & 0x3f, self.u8()?])),
                0x3f,
            ),
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
    #[inline]
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

    /// Takes an `opaque<V>` of at most `max` octets, called `what` in the error.
    ///
    /// # Errors
    /// When the length is malformed, reaches past the end or is too large.
    #[inline]
    pub fn opaque_at_most(
        &mut self,
        what: &'static str,
        max: usize,
    ) -> Result<&'a [u8], DecodeError> {
        let start = self.pos;
        let content = self.opaque()?;
        if content.len() > max {
            return Err(self.error_at(start, Rule::Limit { what, max }));
        }
        Ok(content)
    }

    /// Takes an `opaque<V>` of at most `max` octets to keep, sharing the input's
    /// memory if it can.
    ///
    /// # Errors
    /// As [`Reader::opaque_at_most`].
    #[inline]
    pub fn bytes_at_most(&mut self, what: &'static str, max: usize) -> Result<Bytes, DecodeError> {
        let content = self.opaque_at_most(what, max)?;
        Ok(self.keep(content))
    }

    /// Takes an `opaque<V>` that holds UTF-8 of at most `max` octets.
    ///
    /// # Errors
    /// As [`Reader::opaque_at_most`], and when the content is not UTF-8.
    pub fn utf8_at_most(&mut self, what: &'static str, max: usize) -> Result<&'a str, DecodeError> {
        self.clone().opaque_at_most(what, max)?;
        self.utf8()
    }

    /// Takes a vector of at most `max` values that `read` reads one by one, and
    /// stops at the first too many.
    ///
    /// # Errors
    /// As [`Reader::list_with`], and when there are more.
    pub fn list_at_most<T>(
        &mut self,
        what: &'static str,
        max: usize,
        mut read: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let mut left = max;
        self.list_with(|r| {
            let Some(less) = left.checked_sub(1) else {
                return Err(r.error(Rule::Limit { what, max }));
            };
            left = less;
            read(r)
        })
    }

    /// Runs `walk` and returns the octets that it passed over with what it
    /// returned.
    ///
    /// # Errors
    /// When `walk` fails.
    #[inline]
    pub fn raw<T>(
        &mut self,
        walk: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<(Bytes, T), DecodeError> {
        let start = self.pos;
        let value = walk(self)?;
        let passed = self.input.get(start..self.pos).unwrap_or_default();
        Ok((self.keep(passed), value))
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// When octets are left over.
    #[inline]
    pub fn finish(self) -> Result<(), DecodeError> {
        match self.remaining() {
            0 => Ok(()),
            count => Err(self.error(Rule::Trailing { count })),
        }
    }

    /// The `part` that ends where the reader stands.
    #[inline]
    fn keep(&self, part: &'a [u8]) -> Bytes {
        match self.shared {
            Some(all) => all.slice(self.pos.saturating_sub(part.len())..self.pos),
            None => Bytes::copy_from_slice(part),
        }
    }
}
