//! What a step can change.

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use serde::{Deserialize, Serialize};

use super::stock::Stored;
use crate::delivery::Fate;
use crate::engine::Seq;
use crate::wire::ConsentScope;

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
    Stock(StockChange),
    Consent(ConsentChange),
    Settled { peer: String, seq: Seq, fate: Fate },
    Delivered(Seq),
    Ticked,
}

/// Of KeyPackages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum StockChange {
    Uploaded {
        user: MimiUri,
        client: MimiUri,
        stored: Stored,
    },
    ClientRemoved {
        user: MimiUri,
        client: MimiUri,
    },
    UserDeleted(MimiUri),
    Claimed {
        target: MimiUri,
        room: Option<MimiUri>,
        hash: Bytes,
        response: Bytes,
        until: Timestamp,
        taken: Vec<Taken>,
    },
    Welcomed(Vec<Bytes>),
}

/// Of consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ConsentChange {
    /// A peer's user asks ours, or takes the question back.
    Asked {
        #[serde(with = "Scope")]
        scope: ConsentScope,
        cancel: bool,
        entry: Bytes,
    },
    /// Our user grants or revokes.
    Decided {
        #[serde(with = "Scope")]
        scope: ConsentScope,
        granted: bool,
        taken: Vec<Taken>,
        call: Option<Bytes>,
    },
    /// A peer's user granted or revoked.
    Heard {
        hash: Bytes,
        user: MimiUri,
        entry: Bytes,
    },
    /// Our user asks, or takes the question back.
    Asking { target: MimiUri, body: Bytes },
}

/// A KeyPackage that was handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Taken {
    pub(super) client: MimiUri,
    pub(super) reference: Bytes,
    pub(super) not_after: Timestamp,
    pub(super) last_resort: bool,
}

/// How a [`ConsentScope`] is written.
#[derive(Serialize, Deserialize)]
#[serde(remote = "ConsentScope")]
struct Scope {
    requester_uri: MimiUri,
    target_uri: MimiUri,
    room_id: Option<MimiUri>,
}
