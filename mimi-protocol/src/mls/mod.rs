//! The seam to OpenMLS: the only place that names it.
//!
//! A hub holds a [`PublicRoomGroup`], a client a [`MemberGroup`]. Both wrap the
//! OpenMLS group, add the checks that OpenMLS leaves to its caller, and turn
//! what a commit does into the changes that `mimi-policy` judges.
//!
//! OpenMLS is pinned to one minor version and re-exported, so that a host uses
//! the same one for its crypto provider and its KeyPackages.
//!
//! Two things happen inside OpenMLS that the rest of this crate never does: it
//! compares KeyPackage lifetimes with the system clock (the engines check them
//! against their own `now` as well), and it links rayon.

mod change;
mod context;
#[cfg(feature = "client")]
mod member;
#[cfg(feature = "client")]
mod overlay;
#[cfg(feature = "hub")]
mod public;

pub use openmls;
pub use openmls_traits;

pub(crate) use change::{Acts, ChangeError, Committed, SenderActs};
pub use context::{GroupRules, RoomGroup, RulesError};
#[cfg(feature = "client")]
pub(crate) use member::{MemberError, MemberGroup};
#[cfg(feature = "client")]
pub(crate) use overlay::{Overlay, Secret, Write};
#[cfg(feature = "hub")]
pub(crate) use public::{PublicError, PublicRoomGroup};
