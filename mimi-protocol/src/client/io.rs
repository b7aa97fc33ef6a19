//! What goes into a [`Room`](super::Room) and what comes out; see
//! [`Event`](super::Event) as well.

use bytes::Bytes;

use super::error::Fault;
use super::intent::Intent;
use crate::engine::{Answer, Seq};

/// What can happen to a client's room.
#[derive(Debug)]
pub enum Input {
    /// The user wants something.
    Intend(Intent),
    /// The provider delivers an event of the room: an encoded `FanoutMessage`.
    Deliver {
        /// The event.
        message: Bytes,
    },
    /// What became of a request.
    CallResult {
        /// Its number.
        seq: Seq,
        /// The hub's answer.
        answer: Answer,
    },
    /// An event was taken over, durably.
    Delivered {
        /// Its number.
        seq: Seq,
    },
    /// Time has passed.
    Tick,
}

/// What an input came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Done,
    /// A request goes to the hub, under this number.
    Requested(Seq),
    /// A message did not pass. If it decrypted, the ratchet has moved.
    Refused(Fault),
    /// There was nothing to do; nothing changed.
    Ignored,
}
