//! What goes into a [`Room`](super::Room) and what comes out.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::report::Finding;
use crate::engine::{Answer, Seq};
use crate::wire::Endpoint;

/// What can happen to a hosted room.
#[derive(Clone, PartialEq, Eq)]
pub enum Input {
    /// A provider calls an endpoint of the room; for its own clients the hub's
    /// provider calls as well.
    Request {
        /// The caller's domain, as its TLS certificate has it.
        peer: String,
        /// The endpoint, with the parameter of its path.
        endpoint: Endpoint,
        /// The body.
        body: Bytes,
        /// The host's number for it, which a reply that comes later names.
        request: u64,
    },
    /// What became of a call to another provider.
    CallResult {
        /// The number of the call.
        seq: Seq,
        /// The answer.
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

impl std::fmt::Debug for Input {
    /// Bodies are left out: a report holds what people wrote.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Input::Request {
                peer,
                endpoint,
                body,
                request,
            } => write!(
                f,
                "Request {{ {request}: {peer}, {endpoint:?}, {} octets }}",
                body.len()
            ),
            Input::CallResult { seq, .. } => write!(f, "CallResult {{ {seq:?} }}"),
            Input::Delivered { seq } => write!(f, "Delivered {{ {seq:?} }}"),
            Input::Tick => f.write_str("Tick"),
        }
    }
}

/// What an input came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The response body for the caller; empty for endpoints that answer 201.
    Reply(Bytes),
    /// The request went on to another provider; [`Local::Reply`] follows.
    Relayed,
    /// It was taken.
    Done,
    /// There was nothing to do; nothing changed.
    Ignored,
}

/// What the hub wants done on this side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Local {
    /// The reply to a request that was relayed.
    Reply {
        /// The host's number of the request.
        request: u64,
        /// The response body; a failure when the other provider refused or did
        /// not answer.
        body: Bytes,
    },
    /// A provider has taken nothing for so long that what waited for it is
    /// dropped. Its clients will have to join again; an operator may want to have
    /// its users removed.
    PeerLost {
        /// The provider's domain.
        peer: String,
    },
    /// A report of abuse, for the provider's moderators.
    Report(Box<Finding>),
}
