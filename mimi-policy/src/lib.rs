//! MIMI room policy: roles, capabilities, participants, and the one path by
//! which hub and client decide whether a change of a room is allowed.

mod authorize;
mod base;
mod candidate;
mod capability;
mod clients;
mod error;
mod join;
pub mod limits;
mod metadata;
mod participants;
mod policy;
mod preauth;
pub mod presets;
mod resolve;
mod roles;

pub use authorize::Authorized;
pub use base::BaseRoomPolicy;
pub use candidate::{Actor, Bundle, Candidate, Change, Op};
pub use capability::{Capability, CapabilitySet};
pub use clients::ClientIndex;
pub use error::{Denied, Invalid, Reason};
pub use join::JoinBasis;
pub use metadata::{RichDescription, RoomMetadata};
pub use participants::{Participant, ParticipantList, ParticipantListUpdate, RoleMove};
pub use policy::RoomPolicy;
pub use preauth::{Claim, Claims, NoClaims, PreauthEntry, PreauthList};
pub use resolve::Draft;
pub use roles::{Role, RoleChanges, RoleList};
