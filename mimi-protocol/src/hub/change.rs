//! What a step changes: what its entry holds and what replay applies.

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use serde::{Deserialize, Serialize};

use super::io::Local;
use crate::delivery::Fate;
use crate::engine::{Call, Effect, Output, Seq};
use crate::mls::change::{Act, By, Joined};
use crate::mls::{QueuedProposal, StagedCommit};
use crate::wire::Endpoint;

/// One change of the room. It holds results: replaying it judges nothing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Change {
    /// How many changes came before.
    pub(super) number: u64,
    /// When it was made, for the retries of what it owes.
    pub(super) now: Timestamp,
    pub(super) kind: Kind,
    /// The answer to repeat if the same request comes again.
    pub(super) answer: Option<Answered>,
    /// What other providers are to hear.
    pub(super) fanout: Vec<Fanout>,
    /// What the host is to do.
    pub(super) local: Vec<Local>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Kind {
    /// A commit was accepted.
    Committed {
        commit: Box<Committed>,
        accepted: Timestamp,
        /// KeyPackageRefs whose Welcome is on its way.
        used: Vec<Bytes>,
    },
    /// Proposals were accepted.
    Proposed {
        pending: Vec<Pending>,
        accepted: Timestamp,
    },
    /// An application message was accepted.
    Submitted { accepted: Timestamp },
    /// A request went on to another provider.
    Relayed(Relay),
    /// Its answer came, or none did.
    RelayAnswered {
        seq: Seq,
        routes: Vec<(Bytes, Route)>,
    },
    /// A fan-out was settled.
    Settled { peer: String, seq: Seq, fate: Fate },
    /// A local output was acted upon.
    Delivered(Seq),
    /// Only what is due changed.
    Ticked,
}

/// What an accepted commit does to the group.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Committed {
    pub(super) staged: StagedCommit,
    pub(super) joined: Vec<Joined>,
    pub(super) group_info: Bytes,
    pub(super) invitation: Option<Invitation>,
}

/// A request for key material on its way to another provider. It is sent once: who
/// asks can ask again, and nobody waits for a provider that does not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Relay {
    /// The host's number of our caller's request.
    pub(super) request: u64,
    pub(super) target: MimiUri,
    pub(super) body: Bytes,
}

impl Relay {
    pub(super) fn output(&self, seq: Seq) -> Output<Local> {
        let target = self.target.clone();
        let call = Call {
            peer: target.domain().to_owned(),
            endpoint: Endpoint::KeyMaterial { target },
            body: self.body.clone(),
        };
        let effect = Effect::Call(call);
        Output { seq, effect }
    }
}

/// Which provider handed out a KeyPackage, for as long as that is valid (PROTO,
/// "Fetch Key Material").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Route {
    pub(super) peer: String,
    /// Seconds since the Unix epoch.
    pub(super) not_after: u64,
}

/// A Welcome and where it goes. The tree that travels with it is the group's
/// own by the time it is sent, so an entry need not hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Invitation {
    pub(super) peers: Vec<String>,
    pub(super) welcome: Bytes,
}

/// A request to several providers, with one body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fanout {
    pub(super) peers: Vec<String>,
    pub(super) endpoint: Endpoint,
    pub(super) body: Bytes,
}

/// An accepted proposal that no commit has covered yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Pending {
    /// The MLSMessage, for those who join meanwhile.
    pub(super) message: Bytes,
    pub(super) queued: QueuedProposal,
    pub(super) reference: Bytes,
    pub(super) by: By,
    pub(super) act: Act,
    pub(super) accepted: Timestamp,
}

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answered {
    /// SHA-256 over peer, endpoint and body.
    pub(super) hash: Bytes,
    pub(super) reply: Bytes,
}

impl Kind {
    /// When the hub accepted it, if it is an event of the room.
    pub(super) fn accepted(&self) -> Option<Timestamp> {
        match self {
            Kind::Committed { accepted, .. }
            | Kind::Proposed { accepted, .. }
            | Kind::Submitted { accepted } => Some(*accepted),
            _ => None,
        }
    }
}
