//! How entries and snapshots are written: CBOR that says which drafts it
//! belongs to.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::engine::{DraftSet, DraftSetError};

/// A journal entry or snapshot, with the draft set that it was made under.
///
/// It implements serde's traits for hosts that embed it in a format of their
/// own, and has a self-describing form, CBOR, for all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved<T> {
    draft_set: DraftSet,
    value: T,
}

#[cfg(any(
    feature = "hub",
    feature = "follower",
    feature = "provider",
    feature = "client"
))]
impl<T> Saved<T> {
    /// Marks `value` as made under the current drafts.
    pub(crate) fn new(value: T) -> Self {
        Saved {
            draft_set: DraftSet::current(),
            value,
        }
    }

    /// The value, if it was made under the current drafts.
    pub(crate) fn open(&self) -> Result<&T, Corrupt> {
        self.draft_set.check()?;
        Ok(&self.value)
    }
}

impl<T: Serialize> Saved<T> {
    /// The record as CBOR.
    ///
    /// # Errors
    /// When the serialiser fails, which no state causes.
    pub fn to_cbor(&self) -> Result<Vec<u8>, SaveError> {
        let mut out = Vec::new();
        ciborium::into_writer(self, &mut out).map_err(|e| SaveError(e.to_string()))?;
        Ok(out)
    }
}

impl<T: DeserializeOwned> Saved<T> {
    /// Reads what [`Saved::to_cbor`] wrote.
    ///
    /// # Errors
    /// When it was made under other drafts, which is judged first since its
    /// form may differ then, or is damaged.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, Corrupt> {
        #[derive(Deserialize)]
        struct Tag {
            draft_set: DraftSet,
        }
        let tag: Tag = ciborium::from_reader(bytes).map_err(damaged)?;
        tag.draft_set.check()?;
        let mut rest = bytes;
        let saved = ciborium::from_reader(&mut rest).map_err(damaged)?;
        if rest.is_empty() {
            Ok(saved)
        } else {
            Err(Corrupt::Damaged("octets follow the record".to_owned()))
        }
    }
}

fn damaged(error: ciborium::de::Error<std::io::Error>) -> Corrupt {
    Corrupt::Damaged(error.to_string())
}

/// Why a journal entry or a snapshot cannot be used. The host's storage or an
/// upgrade is at fault; no peer can cause it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Corrupt {
    /// It was written under other drafts.
    #[error(transparent)]
    DraftSet(#[from] DraftSetError),
    /// It is not what this engine writes.
    #[error("the record is damaged: {0}")]
    Damaged(String),
    /// An entry is missing, repeated, or of another engine.
    #[error("entry {found} came where entry {expected} belongs")]
    OutOfPlace {
        /// The number of the entry that the state lacks.
        expected: u64,
        /// The number of the entry that came.
        found: u64,
    },
}

/// A record that cannot be written as CBOR.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot be written as CBOR: {0}")]
pub struct SaveError(String);
