//! The seam to OpenMLS: the only place that names it.
//!
//! A hub holds a `PublicRoomGroup`, a client a `MemberGroup`. Both wrap the
//! OpenMLS group, add the checks that OpenMLS leaves to its caller, and turn
//! what a commit does into the changes that `mimi-policy` judges.
//!
//! OpenMLS is pinned to one minor version and re-exported, so that a host uses
//! the same one for its crypto provider and its KeyPackages.
//!
//! Two things happen inside OpenMLS that the rest of this crate never does: it
//! compares KeyPackage lifetimes with the system clock (the engines check them
//! against their own `now` as well), and it links rayon.

pub(crate) mod change;
pub(crate) mod context;
mod leaf;
#[cfg(feature = "client")]
pub(crate) mod member;
#[cfg(feature = "client")]
mod overlay;
#[cfg(feature = "hub")]
pub(crate) mod public;
pub(crate) mod roster;
#[cfg(feature = "hub")]
mod store;

pub use openmls;
pub use openmls_traits;

pub(crate) use openmls::prelude::Sender;
#[cfg(feature = "client")]
pub(crate) use openmls::prelude::{GroupContext, ProcessedMessage, ProcessedMessageContent};
#[cfg(feature = "hub")]
pub(crate) use openmls::prelude::{ProposalOrRefType, QueuedProposal, StagedCommit};

pub use change::ChangeError;
pub use context::ContextError;
#[cfg(feature = "client")]
pub use member::MemberError;
#[cfg(feature = "client")]
pub(crate) use overlay::Overlay;
#[cfg(feature = "client")]
pub use overlay::{Secret, Write};
#[cfg(feature = "hub")]
pub use public::{GroupInfoError, PublicError};
#[cfg(feature = "hub")]
pub(crate) use store::PublicState;
