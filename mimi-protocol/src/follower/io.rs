//! What goes into a [`Room`](super::Room) and what comes out.

use std::collections::BTreeMap;

use bytes::Bytes;
use mimi_content::MimiUri;
use serde::{Deserialize, Serialize};

use super::requests::RequestKind;
use crate::engine::{Answer, Seq};
use crate::wire::Endpoint;

/// Which local client each `KeyPackageRef` was handed out for.
pub type Routes = BTreeMap<Bytes, MimiUri>;

/// What can happen to a [`Room`](super::Room).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Another provider calls our `notify` for this room.
    Notify {
        /// The provider's domain, as its TLS certificate has it.
        from: String,
        /// The body.
        body: Bytes,
        /// The clients to whom its Welcomes go; what
        /// [`welcome_refs`](super::welcome_refs) lists and is not in here
        /// belongs to others.
        routes: Routes,
    },
    /// A local client asks something of the hub. The host has authenticated
    /// the client.
    Request {
        /// The client.
        client: MimiUri,
        /// What it asks.
        kind: RequestKind,
        /// The body, which is forwarded as it is.
        body: Bytes,
    },
    /// A local client is in the room.
    ClientJoined {
        /// The client.
        client: MimiUri,
    },
    /// A local client is no longer in the room. It still gets what it is owed.
    ClientLeft {
        /// The client.
        client: MimiUri,
    },
    /// What became of a call to the hub.
    CallResult {
        /// The number of the call.
        seq: Seq,
        /// The hub's answer.
        answer: Answer,
    },
    /// A local output was acted upon, durably.
    Delivered {
        /// Its number.
        seq: Seq,
    },
    /// Time has passed.
    Tick,
}

/// What an input came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken. A `notify` is answered with 201.
    Accepted,
    /// It was taken before; nothing changed. A `notify` is answered with 201.
    Duplicate,
    /// The request goes to the hub; its [`Local::Reply`] names this number.
    Forwarded(Seq),
    /// There was nothing to do; nothing changed.
    Ignored,
}

impl Outcome {
    /// The HTTP status to answer a `notify` with.
    #[must_use]
    pub fn status(self) -> u16 {
        201
    }
}

/// What the room wants done on this side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Local {
    /// Put an event of the room into a client's mailbox.
    Deliver {
        /// The client.
        client: MimiUri,
        /// One encoded `FanoutMessage`.
        message: Bytes,
    },
    /// Answer a client's request.
    Reply {
        /// The client.
        client: MimiUri,
        /// The number of the request, as in [`Outcome::Forwarded`].
        request: Seq,
        /// Where it went.
        endpoint: Endpoint,
        /// What the hub said.
        reply: Reply,
    },
}

/// The hub's definite answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// A body; empty for a report.
    Done(Bytes),
    /// A refusal.
    Refused {
        /// The HTTP status.
        status: u16,
    },
}
