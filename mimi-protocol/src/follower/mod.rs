//! One remote room as a provider sees it (PROTO, "Fanout Messages and Room
//! Events").
//!
//! A [`Room`] takes what the hub fans out and hands it to the local clients,
//! and takes the clients' requests and sends them to the hub. The hub's own
//! provider uses one as well: its hub calls it like any other follower.
//!
//! # Towards the clients
//!
//! Every message of a `notify` body becomes one [`Local::Deliver`] for each
//! local client that is in the room, numbered in the order of the room. To have
//! *delivered* a message is to have it in the client's mailbox: a client that is
//! offline must not hold up the room. A Welcome goes to the clients whose
//! KeyPackages it names; [`welcome_refs`] says which those are before the
//! notify is handed in, so that the host can look the clients up in
//! `provider::KeyMaterial`.
//!
//! A client is in the room from the Welcome that it is sent, from the update
//! with which it asks in (until the hub answers otherwise), or from
//! [`Input::ClientJoined`], and until [`Input::ClientLeft`].
//!
//! A hub may send a client's own message back. An application message is kept
//! from the client that sent it. So is a proposal or commit once the hub's
//! answer has been passed on; before that it *is* the answer, since the client's
//! pending commit waits for one or the other.
//!
//! A follower holds no policy: nothing that it is sent shows it the room's
//! dictionary as a whole. What the room was in an epoch that a client of its own
//! began is in the clear in that client's update, in the GroupInfo's context.
//!
//! # Towards the hub
//!
//! Each client has a [`Queue`](crate::delivery::Queue): its requests keep their
//! order, and are retried until the hub gives a definite answer, which comes
//! back as [`Local::Reply`]. A slow request of one client does not hold up
//! another's.

mod change;
mod error;
mod fanout;
mod io;
mod requests;
mod room;
mod state;

pub use change::Change;
pub use error::Rejection;
pub use fanout::welcome_refs;
pub use io::{Input, Local, Outcome, Reply, Routes};
pub use requests::{MAX_REQUESTS, RequestKind};
pub use room::{Entry, Room, Snapshot};
pub use state::{MAX_ECHOES, MAX_UNDELIVERED, State};
