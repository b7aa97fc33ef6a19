//! What a client keeps beside its MLS group, in the same map.

use bytes::Bytes;
use mimi_content::{MessageId, MimiUri, Timestamp};
use serde::{Deserialize, Serialize};

use super::epochs::Ahead;
use crate::delivery::Queue;
use crate::engine::{DraftSet, Seq};
use crate::mls::change::Joined;

/// A client's own record of its room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meta {
    pub(super) draft_set: DraftSet,
    pub(super) room: MimiUri,
    pub(super) user: MimiUri,
    /// The hub in `external_senders`, TLS-encoded.
    pub(super) hub_sender: Bytes,
    pub(super) next_seq: u64,
    /// How many entries were made.
    pub(super) entries: u64,
    /// The latest time of which this client has verified a stamp of the hub, or
    /// before which none can be for it. Only verified ones count: whoever delivers
    /// could write any other.
    pub(super) last_stamp: Timestamp,
    pub(super) requests: Queue,
    pub(super) waiting: Vec<Waiting>,
    /// Verdicts on the keys that the pending commit brings in.
    pub(super) pending_joined: Vec<Joined>,
    /// The epoch in which it came in.
    pub(super) since: u64,
    /// Epochs that it entered ahead of what the hub fans out, oldest first.
    pub(super) ahead: Vec<Ahead>,
    /// Whether the external commit with which it asks in awaits its verdict.
    pub(super) joining: bool,
}

/// A request whose answer is outstanding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) seq: Seq,
    pub(super) what: Request,
}

/// What a request was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Request {
    /// A commit that ends this epoch.
    Commit {
        epoch: u64,
    },
    /// The external commit with which it asks in.
    Join,
    /// Proposals, by their references.
    Proposals(Vec<Bytes>),
    Message(MessageId),
    KeyMaterial,
    Report,
}

impl Meta {
    /// A record that begins with messages which the hub accepts after `since`.
    pub(super) fn new(room: MimiUri, user: MimiUri, hub_sender: Bytes, since: Timestamp) -> Self {
        Meta {
            draft_set: DraftSet::current(),
            requests: Queue::new(room.domain()),
            room,
            user,
            hub_sender,
            next_seq: 0,
            entries: 0,
            last_stamp: since,
            waiting: Vec::new(),
            pending_joined: Vec::new(),
            since: 0,
            ahead: Vec::new(),
            joining: false,
        }
    }

    pub(super) fn next(&mut self) -> Seq {
        let seq = Seq(self.next_seq);
        self.next_seq = self.next_seq.saturating_add(1);
        seq
    }
}
