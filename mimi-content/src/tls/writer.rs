//! The writing side.

use super::{Encode, EncodeError, MAX_VECTOR_LEN};

/// Writes values one after the other, or counts the octets they would take.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    /// When only counting: the octets so far.
    counted: Option<usize>,
    too_long: bool,
}

impl Writer {
    /// An empty writer, whose memory grows with what is written.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What `write` writes, in memory that is allocated once and filled up.
    ///
    /// `write` runs twice, the first time to count, and should do the same both
    /// times.
    ///
    /// # Errors
    /// When a vector is longer than [`MAX_VECTOR_LEN`].
    pub fn write(write: impl Fn(&mut Self)) -> Result<Vec<u8>, EncodeError> {
        let mut w = Writer {
            out: Vec::with_capacity(Writer::count(&write)?),
            ..Writer::default()
        };
        write(&mut w);
        w.finish()
    }

    /// How many octets `write` writes.
    fn count(write: impl FnOnce(&mut Self)) -> Result<usize, EncodeError> {
        let mut w = Writer {
            counted: Some(0),
            ..Writer::default()
        };
        write(&mut w);
        if w.too_long {
            return Err(EncodeError);
        }
        Ok(w.counted.unwrap_or_default())
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
    #[inline]
    pub fn raw(&mut self, octets: &[u8]) {
        match &mut self.counted {
            None => self.out.extend_from_slice(octets),
            Some(counted) => *counted = counted.saturating_add(octets.len()),
        }
    }

    /// Writes a `uint8`.
    #[inline]
    pub fn u8(&mut self, value: u8) {
        self.raw(&[value]);
    }

    /// Writes a `uint16`.
    #[inline]
    pub fn u16(&mut self, value: u16) {
        self.raw(&value.to_be_bytes());
    }

    /// Writes a `uint32`.
    #[inline]
    pub fn u32(&mut self, value: u32) {
        self.raw(&value.to_be_bytes());
    }

    /// Writes a `uint64`.
    #[inline]
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
    #[inline]
    pub fn opaque(&mut self, content: &[u8]) {
        self.length(content.len());
        self.raw(content);
    }

    /// Writes a vector of values.
    pub fn list<T: Encode>(&mut self, items: &[T]) {
        self.vector(|w| items.iter().for_each(|item| item.encode(w)));
    }

    /// Writes a vector whose content `write` writes.
    ///
    /// The length comes first, so `write` runs twice: to count, then to write.
    /// It should do the same both times.
    pub fn vector(&mut self, write: impl Fn(&mut Self)) {
        match self.counted {
            // What it counts need not be counted before.
            Some(before) => {
                write(self);
                let after = self.counted.unwrap_or_default();
                self.length(after.saturating_sub(before));
            }
            None => match Writer::count(&write) {
                Ok(len) => {
                    self.length(len);
                    write(self);
                }
                Err(EncodeError) => self.too_long = true,
            },
        }
    }

    /// Writes the shortest prefix for a vector of `len` octets.
    #[inline]
    fn length(&mut self, len: usize) {
        if len > MAX_VECTOR_LEN {
            self.too_long = true;
            return;
        }
        let [a, b, c, d] = u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes();
        match len {
            0..=0x3f => self.raw(&[d]),
            0x40..=0x3fff => self.raw(&[0x40 | c, d]),
            _ => self.raw(&[0x80 | a, b, c, d]),
        }
    }
}
