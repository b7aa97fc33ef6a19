//! Which drafts, at which code points, a state was made under.

use serde::{Deserialize, Serialize};

/// The draft versions that a snapshot or journal entry belongs to.
///
/// The drafts still move. State that was written under another set is refused,
/// never guessed at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSet {
    name: String,
}

impl DraftSet {
    /// The drafts that this release implements: protocol-06, content-08,
    /// room-policy-03 and the MLS extensions of July 2026, at the code points
    /// that they register or suggest.
    #[must_use]
    pub fn current() -> Self {
        DraftSet {
            name: "protocol-06 content-08 room-policy-03 mls-extensions-2026-07".to_owned(),
        }
    }

    /// Checks that `self` is what this release implements.
    ///
    /// # Errors
    /// When it is another set.
    pub fn check(&self) -> Result<(), DraftSetError> {
        if *self == Self::current() {
            Ok(())
        } else {
            Err(DraftSetError {
                found: self.name.clone(),
            })
        }
    }
}

/// A state was written under other drafts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the state was written under the draft set \"{found}\", which this release does not read")]
pub struct DraftSetError {
    found: String,
}
