//! What engines hand out.

use bytes::Bytes;
use mimi_content::Timestamp;
use serde::{Deserialize, Serialize};

use crate::wire::Endpoint;

/// Number of an output, unique within its engine and never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seq(pub u64);

/// Something that an engine wants done, owed until the host settles it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output<L> {
    /// Its number.
    pub seq: Seq,
    /// What to do.
    pub effect: Effect<L>,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect<L> {
    /// Send a request to another provider and hand its [`Answer`] back.
    Call(Call),
    /// Do something on this side and say when it is done.
    Local(L),
}

/// A request to another provider.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The domain of the provider that it goes to.
    pub peer: String,
    /// The endpoint there.
    pub endpoint: Endpoint,
    /// The body; shared, not copied, between the calls of one fan-out.
    pub body: Bytes,
}

impl std::fmt::Debug for Call {
    /// The body is left out: a report holds what people wrote.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (peer, endpoint, octets) = (&self.peer, &self.endpoint, self.body.len());
        write!(f, "Call {{ {peer}, {endpoint:?}, {octets} octets }}")
    }
}

/// What became of a [`Call`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The peer took it and answered with this body, which may be empty.
    Done(Bytes),
    /// The peer refused it for good.
    Refused {
        /// The HTTP status, or the nearest to it.
        status: u16,
    },
    /// No answer came, or one that asks to try again.
    Retry {
        /// Not before this time, if the peer said so.
        not_before: Option<Timestamp>,
    },
}
