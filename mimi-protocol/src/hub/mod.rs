//! One hosted room: who may change it, who hears of it, in which order.
//!
//! A [`Room`] takes the requests of other providers (and those of its own
//! provider's clients, through [`follower`](crate::follower)), judges them
//! against the room's policy, orders them, and fans them out. It verifies
//! everything that it relays: signatures, epochs, the policy, the coverage of
//! what is pending, and that the GroupInfo for the next joiner is the one that
//! the commit leads to.
//!
//! Its state is two-fold. *Committed* is what the group agreed on in this epoch;
//! *provisional* is that with the accepted proposals that no commit has covered
//! yet. Who has announced to leave cannot send any more (PROTO, "Room state").
//!
//! The engine follows the contract of [`engine`](crate::engine). Its secret
//! keys are the host's, lent in [`Keys`]; they are never part of the state.

mod change;
mod create;
mod error;
mod fanout;
mod group_info;
mod io;
mod keys;
mod relay;
mod report;
mod room;
mod state;
mod submit;
mod update;

pub use create::{CreateError, NewRoom};
pub use error::{Refusal, Rejection};
pub use io::{Input, Local, Outcome};
pub use keys::Keys;
pub use report::{Finding, Proof, ReportedMessage};
pub use room::{Entry, Room, Snapshot, Stored};
pub use state::{MAX_ANSWERS, MAX_PENDING, MAX_RELAYS};
