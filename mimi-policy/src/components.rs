//! The policy components of a room: one file each, with their exact codecs and
//! the rules that a component keeps by itself.

pub(crate) mod base;
pub(crate) mod metadata;
pub(crate) mod operational;
pub(crate) mod participants;
pub(crate) mod preauth;
pub(crate) mod roles;

pub use base::BaseRoomPolicy;
pub use metadata::{RichDescription, RoomMetadata};
pub use operational::ExtendedCapabilities;
pub use participants::{Entry, Participant, ParticipantList, ParticipantListUpdate, RoleMove};
pub use preauth::{Claim, Claims, NoClaims, PreauthEntry, PreauthList};
pub use roles::{Role, RoleChanges, RoleList};
