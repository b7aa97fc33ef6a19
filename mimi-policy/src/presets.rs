//! Rooms to start from: the role examples of POLICY, and one for direct
//! messages.
//!
//! | preset | for | roles above 1 |
//! |---|---|---|
//! | [`cooperative()`] | friends, a small team: all add and remove each other | users, admins, super admins, enforcers |
//! | [`strict()`] | the same people, but only admins say who is in | the same |
//! | [`moderated()`] | a hall in which few speak | guests, attendees, speakers, moderators, super admins, enforcers |
//! | [`multi_organization()`] | three organisations that each manage their own | users and admins of each, super admins, enforcers |
//! | [`direct_message()`] | two people, or a few, who stay the same | participants, enforcers |
//!
//! Role 0 is everybody who is not in the list, and role 1, where there is one,
//! is the banned. Each preset is a function with a module of the same name,
//! which holds the indices of its roles. The indices here are those of the
//! first two.
//!
//! ```
//! use mimi_policy::presets::{self, moderated};
//!
//! let hall = presets::moderated();
//! assert_eq!(hall.get(moderated::SPEAKER).unwrap().name, "speaker");
//! assert_eq!(presets::strict().get(presets::GROUP_ADMIN).unwrap().name, "group_admin");
//! ```
//!
//! # Where they depart from the draft
//!
//! - Every policy enforcer has `canKick` as well, so that a hub can remove
//!   clients that are lost.
//! - `canGrantVoice` and `canRevokeVoice` are in no registry and left out.
//!   `canUnBan` and `canUnban` are one capability.
//!
//! All else is as it is there: the minimum of one `group_admin` and one
//! `policy_enforcer` too, which a new room may well start without, as a
//! minimum only keeps the last holder from going.
//!
//! # What the linter says of them
//!
//! With the hub in the list, [`lint`](fn@crate::lint) finds that some
//! capabilities are in vain, as they are in the draft:
//!
//! - reserved names, which mean nothing yet (`canChangeOwnName` and its like);
//! - `canUnban` of the enforcer, which may move nobody out of role 1 but to
//!   role 0, which takes `canRemoveParticipant`;
//! - `canJoinIfPreauthorized` and `canChangeOwnRole`, until the room has a
//!   preauthorisation list.
//!
//! What else there is, the preset says.

pub mod cooperative;
pub mod direct_message;
pub mod moderated;
pub mod multi_organization;
mod pieces;
pub mod strict;

pub use cooperative::cooperative;
pub use direct_message::direct_message;
pub use moderated::moderated;
pub use multi_organization::multi_organization;
pub use strict::strict;

/// Index of the ordinary users in [`cooperative()`] and [`strict()`].
pub const ORDINARY_USER: u32 = 2;
/// Index of the group administrators in [`cooperative()`] and [`strict()`].
pub const GROUP_ADMIN: u32 = 3;
/// Index of the super administrators in [`cooperative()`] and [`strict()`].
pub const SUPER_ADMIN: u32 = 4;
/// Index of the policy enforcers in [`cooperative()`] and [`strict()`]: the
/// hub.
pub const POLICY_ENFORCER: u32 = 5;
