//! One client in one room: it holds the keys, and takes nobody's word for what
//! it can check itself.
//!
//! A [`Room`] turns what its user wants into requests to the hub, and what the
//! hub fans out into events. It re-checks what the hub accepted with the same
//! policy code that the hub runs, so a hub that breaks its room's policy is
//! caught, and it verifies every frank against the decrypted message.
//!
//! # Its entries
//!
//! A client's state is a map, and an [`Entry`] the list of its changes: to be
//! applied to the host's encrypted store, atomically, and then erased. It is no
//! log to be kept. An old prefix of a log would decrypt again what forward
//! secrecy promised to forget; [`Room`] itself keeps no such thing. What is owed
//! to the host stands in the map as well, until [`Input::Delivered`] says that it
//! arrived: after a crash a plaintext cannot be decrypted a second time.
//!
//! # Refusals
//!
//! A message that decrypts but does not pass (a bad frank, a false sender) is no
//! rejection: the ratchet has moved and must stay moved. It is a step whose
//! outcome is [`Outcome::Refused`]. So is a message that is older than the room
//! tolerates, although it is not even decrypted: to deliver it again would not
//! help, and the hub's fault is with this message and not with the group, which
//! goes on.
//!
//! A commit that the hub should have refused is a rejection,
//! [`Rejection::HubBrokePolicy`]. The group cannot go on by it: this client stays
//! in its epoch. The same holds for proposals in a format that the room does not
//! take. Whether those who propose may do so is judged when they are committed.

mod answer;
mod create;
mod epochs;
mod error;
mod event;
mod intent;
mod io;
mod join;
mod keys;
mod message;
mod meta;
mod receive;
mod room;

pub use create::{Created, NewGroup};
pub use error::{Fault, Rejection};
pub use event::{Event, Franked, RefusedBy, Unfranked};
pub use intent::Intent;
pub use io::{Input, Outcome};
pub use join::{Invited, JoinRequest};
pub use keys::{Keys, NewKeyPackage, leaf_components};
pub use room::{Entry, Room, Snapshot, Stored};

pub use crate::mls::member::MAX_PAST_EPOCHS;
