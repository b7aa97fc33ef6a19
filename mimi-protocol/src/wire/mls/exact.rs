//! A value together with the octets it was read from.

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

/// A `T` and the exact octets that encode it.
///
/// Signatures and hash references cover octets, so an MLS object is kept and
/// passed on as it came; `T` is what was read from it on the way. Two values
/// are equal when their octets are. Dereferences to `T`.
#[derive(Clone)]
pub struct Exact<T> {
    raw: Bytes,
    value: T,
}

impl<T> Exact<T> {
    /// The whole encoding.
    #[must_use]
    pub fn as_bytes(&self) -> &Bytes {
        &self.raw
    }

    /// `value` must be what `raw` decodes to.
    pub(super) fn new(raw: Bytes, value: T) -> Self {
        Exact { raw, value }
    }

    pub(super) fn into_parts(self) -> (Bytes, T) {
        (self.raw, self.value)
    }
}

impl<T> Deref for Exact<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> PartialEq for Exact<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl<T> Eq for Exact<T> {}

impl<T: fmt::Debug> fmt::Debug for Exact<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> Encode for Exact<T> {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.raw);
    }
}

impl<T: Decode> Decode for Exact<T> {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (raw, value) = r.raw(T::decode)?;
        Ok(Exact { raw, value })
    }
}
