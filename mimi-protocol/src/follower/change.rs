//! What a step can change.

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use serde::{Deserialize, Serialize};

use super::io::Reply;
use crate::delivery::Fate;
use crate::engine::Seq;
use crate::wire::Endpoint;

/// What a step changed; what an entry holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// How many changes came before.
    pub(super) number: u64,
    pub(super) now: Timestamp,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    Joined(MimiUri),
    Left(MimiUri),
    Notified {
        hash: Bytes,
        group_id: Option<Bytes>,
        epoch: Option<u64>,
        joined: Vec<MimiUri>,
        batches: Vec<Batch>,
    },
    Requested {
        client: MimiUri,
        endpoint: Endpoint,
        body: Bytes,
        echo: Option<Echo>,
        joining: bool,
    },
    Answered {
        client: MimiUri,
        seq: Seq,
        fate: Fate,
        reply: Option<(Endpoint, Reply)>,
        accepted: bool,
    },
    Delivered(Seq),
    Ticked,
}

/// A submission that the hub may send back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Echo {
    pub(super) hash: Bytes,
    pub(super) client: MimiUri,
    /// Whether the client does without.
    pub(super) suppressed: bool,
    pub(super) request: Option<Seq>,
}

/// One message for some clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Batch {
    pub(super) message: Bytes,
    pub(super) clients: Vec<MimiUri>,
}
