//! What goes into [`KeyMaterial`](super::KeyMaterial) and what comes out.

use bytes::Bytes;
use mimi_content::MimiUri;
use serde::{Deserialize, Serialize};

use crate::engine::{Answer, Seq};
use crate::wire::ConsentScope;

/// What can happen to [`KeyMaterial`](super::KeyMaterial).
///
/// The domain of a peer is the one that its TLS certificate has; who a local
/// user or client is, the host has checked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// A local client leaves a KeyPackage to be handed out.
    Upload {
        /// The client.
        client: MimiUri,
        /// An encoded `KeyPackage`, without an `MLSMessage` around it.
        package: Bytes,
    },
    /// A local client is no more.
    RemoveClient {
        /// Its user.
        user: MimiUri,
        /// The client.
        client: MimiUri,
    },
    /// A local user is no more.
    DeleteUser {
        /// The user.
        user: MimiUri,
    },
    /// Another provider calls our `keyMaterial`.
    Request {
        /// The peer's domain.
        from: String,
        /// The user in the path.
        target: MimiUri,
        /// The body.
        body: Bytes,
    },
    /// These KeyPackages stood in a Welcome.
    Welcomed {
        /// Their `KeyPackageRef`s; unknown ones are ignored.
        refs: Vec<Bytes>,
    },
    /// Another provider calls our `requestConsent`.
    ConsentRequested {
        /// The peer's domain.
        from: String,
        /// The body.
        body: Bytes,
    },
    /// Another provider calls our `updateConsent`.
    ConsentUpdated {
        /// The peer's domain.
        from: String,
        /// The body.
        body: Bytes,
    },
    /// A local user asks for consent.
    Ask {
        /// Who asks whom.
        scope: ConsentScope,
    },
    /// A local user no longer asks.
    Cancel {
        /// The scope of the question.
        scope: ConsentScope,
    },
    /// A local user consents.
    Grant {
        /// To what.
        scope: ConsentScope,
        /// What the requester's provider hears of it.
        notice: Notice,
    },
    /// A local user consents no more, or never will.
    Revoke {
        /// To what.
        scope: ConsentScope,
        /// Whether the requester's provider hears of it, which may be
        /// sensitive.
        tell: bool,
    },
    /// What became of a call.
    CallResult {
        /// The number of the call.
        seq: Seq,
        /// The peer's answer.
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

/// What the requester's provider hears of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Nothing: consent that the host derives from rules of its own.
    Silent,
    /// That it was granted.
    Plain,
    /// That it was granted, with one KeyPackage of each client to save a claim.
    WithKeyPackages,
}

/// What an input came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The body to answer a `keyMaterial` with.
    Response(Bytes),
    /// It was taken.
    Accepted,
    /// There was nothing to do; nothing changed, and a peer need not know.
    Ignored,
}

impl Outcome {
    /// The HTTP status to answer a peer with.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Outcome::Response(_) => 200,
            Outcome::Accepted | Outcome::Ignored => 201,
        }
    }
}

/// What is wanted on this side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Local {
    /// Tell a user of a request for consent or its cancellation, or what became
    /// of one that the user made.
    Consent {
        /// The user.
        user: MimiUri,
        /// The encoded `ConsentEntry`.
        entry: Bytes,
    },
}
