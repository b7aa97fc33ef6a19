//! Deterministic CBOR (RFC 8949 §4.2.1) as far as MIMI content needs it
//! (CONTENT, "CBOR Data Model and Encoding Restrictions").
//!
//! Each value has one encoding; the reader accepts no other, so what decodes
//! also re-encodes to the same octets. The reader never allocates from a
//! declared length, never recurses without a bound and never panics.

mod error;
mod float;
mod item;
mod read;
mod trace;
mod write;

pub use error::{DecodeError, Rule};
pub use item::{MAX_INT_KEY, MIN_INT_KEY};

pub(crate) use item::{Levels, MapKey, read_map_key, skip_item};
pub(crate) use read::{Decode, Head, Reader, decode};
pub(crate) use trace::{Path, Step, Trace, Untraced};
pub(crate) use write::{Sink, Write, Writer, encode};
