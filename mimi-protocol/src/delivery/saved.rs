//! How entries and snapshots are written: CBOR that says which drafts it
//! belongs to.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::engine::{DraftSet, DraftSetError};

/// Why a journal entry or a snapshot cannot be used. The host's storage is at
/// fault, or an upgrade; no peer can cause it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Corrupt {
    /// It was written under other drafts.
    #[error(transparent)]
    DraftSet(#[from] DraftSetError),
    /// It is not what this engine writes.
    #[error("damaged: {0}")]
    Damaged(String),
    /// It contradicts the state that it is applied to, as when entries are
    /// missing or in another order.
    #[error("out of place: {0}")]
    OutOfPlace(&'static str),
}

/// A state that cannot be written down, which only a broken allocator or
/// serialiser causes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot be written as CBOR: {0}")]
pub struct SaveError(String);

/// `value` as CBOR.
pub(crate) fn to_cbor<T: Serialize>(value: &T) -> Result<Vec<u8>, SaveError> {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).map_err(|e| SaveError(e.to_string()))?;
    Ok(out)
}

/// Reads what [`to_cbor`] wrote; the draft set is judged first, since what
/// another release wrote may have another shape.
pub(crate) fn from_cbor<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Corrupt> {
    #[derive(Deserialize)]
    struct Tag {
        draft_set: DraftSet,
    }
    let damaged = |e: ciborium::de::Error<std::io::Error>| Corrupt::Damaged(e.to_string());
    let tag: Tag = ciborium::from_reader(bytes).map_err(damaged)?;
    tag.draft_set.check()?;
    let mut rest = bytes;
    let value = ciborium::from_reader(&mut rest).map_err(damaged)?;
    if rest.is_empty() {
        Ok(value)
    } else {
        Err(Corrupt::Damaged("octets follow the record".to_owned()))
    }
}
