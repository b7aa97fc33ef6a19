//! Why a change is malformed ([`Invalid`]) or not allowed ([`Denied`]).

pub(crate) mod clause;
mod invalid;
mod reason;
#[cfg(test)]
mod tests;

pub use invalid::Invalid;
pub use reason::{MoveRoles, Reason};

use crate::capability::Capability;

/// The room's policy does not allow this. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} ({})", .reason.clause())]
#[non_exhaustive]
pub struct Denied {
    /// Which bundle of the candidate is to blame, if it is one.
    pub bundle: Option<usize>,
    /// Which change of that bundle is to blame, if it is one.
    pub change: Option<usize>,
    /// What is not allowed.
    pub reason: Reason,
}

impl Denied {
    /// The capability whose lack is the reason, if it is one.
    #[must_use]
    pub fn missing(&self) -> Option<Capability> {
        match self.reason {
            Reason::Lacks { capability, .. } | Reason::RoleMove { capability, .. } => {
                Some(capability)
            }
            _ => None,
        }
    }

    /// The clause of the drafts that is enforced.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        self.reason.clause()
    }
}

impl From<Reason> for Denied {
    fn from(reason: Reason) -> Self {
        Denied {
            bundle: None,
            change: None,
            reason,
        }
    }
}
