//! Why a hub refuses, and how it says so.

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::{DecodeError, Encode};
use mimi_policy::{Denied, Invalid};

use crate::cbor::CborError;
use crate::engine::IdentityError;
use crate::labels::LabelError;
use crate::mls::{ChangeError, ContextError, GroupInfoError, PublicError};
use crate::wire::{
    Endpoint, GroupInfoFailure, GroupInfoResponse, KeyMaterialResponse, KeyMaterialUserCode,
    SubmitMessageResponse, UpdateOutcome, UpdateRoomResponse,
};

/// Why a [`Room`](super::Room) refused an input; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The peer's fault: the body is not what the endpoint takes.
    #[error("malformed body: {0}")]
    Malformed(#[from] DecodeError),
    /// The peer's fault: the request is for another room.
    #[error("{0} is not hosted here")]
    UnknownRoom(MimiUri),
    /// The peer's fault: a room has no such endpoint.
    #[error("a room does not serve this endpoint")]
    WrongEndpoint,
    /// The peer's fault: it speaks for a user of another provider (PROTO,
    /// "Transport layer").
    #[error("{peer} does not speak for {user}")]
    WrongProvider {
        /// Who asked.
        peer: String,
        /// Whose act it is.
        user: MimiUri,
    },
    /// The peer's fault: a message of another group.
    #[error("the message is of another group than the room's")]
    OtherGroup,
    /// The sender is behind, or ahead (PROTO, "Update Room State").
    #[error("the message is of epoch {sent}, the room is in epoch {current}")]
    WrongEpoch {
        /// The message's epoch.
        sent: u64,
        /// The room's epoch.
        current: u64,
    },
    /// The peer's fault: a SemiPrivateMessage, which this release cannot open.
    #[error("SemiPrivateMessages are not supported yet (SEMI)")]
    SemiPrivate,
    /// The sender's fault: not a valid message of the group.
    #[error(transparent)]
    Mls(#[from] PublicError),
    /// The sender's fault: a proposal that cannot be what it claims.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// The sender's fault: a component update that breaks its rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The room's policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The sender is on its way out (PROTO, "Update Room State").
    #[error("{0} is leaving the room or banned, so none of its clients can act in it")]
    Leaving(MimiUri),
    /// The user has no client in the group.
    #[error("{0} has no client in the room")]
    Inactive(MimiUri),
    /// The commit leaves out proposals that are pending (PROTO, "Bob Leaves the
    /// Room").
    #[error("the commit leaves out {} pending proposals", .0.len())]
    NotCovered(Vec<Bytes>),
    /// The sender's fault: the proposals of a bundle are of several users, or
    /// one is known already.
    #[error("the proposals do not belong together: {0}")]
    Bundle(&'static str),
    /// An external commit would drop proposals that only a member can commit.
    #[error("{0} pending proposals must be committed by a member before anyone joins externally")]
    PendingFirst(usize),
    /// The committer's fault: the GroupInfo is not the commit's.
    #[error(transparent)]
    GroupInfo(#[from] GroupInfoError),
    /// The committer's fault: the Welcome does not invite the added clients.
    #[error("the Welcome does not fit the Adds: {0}")]
    Welcome(&'static str),
    /// The requester's fault: its signature does not verify.
    #[error("the request is not signed by the key in it")]
    Signature,
    /// The requester's fault: what it gives cannot be used.
    #[error("{0} cannot be used")]
    Unusable(&'static str),
    /// The requester's fault: its credential names nobody.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The requester's fault: the suite is not the room's.
    #[error("cipher suite {0:#06x} is not the room's")]
    CipherSuite(u16),
    /// The requester may neither add participants nor, for itself, clients.
    #[error("{0} may not add anybody, so it needs no key material (POLICY, \"Adding\")")]
    MayNotAdd(MimiUri),
    /// A report that names no reporter, whose right to report cannot be judged.
    #[error("the report names no reporting user (POLICY, \"Message Capabilities\")")]
    Anonymous,
    /// The reporter's fault: no message of the report is one that this hub
    /// franked (PROTO, "Report abuse").
    #[error("no reported message is proved: {0}")]
    Unproved(String),
    /// The room has more pending than a commit should carry.
    #[error("{} proposals are pending already", super::MAX_PENDING)]
    TooManyPending,
    /// Too many requests wait for other providers.
    #[error(
        "{} requests for key material wait for other providers already",
        super::MAX_RELAYS
    )]
    TooManyRelays,
    /// Ours: the hub cannot make its answer, for instance since its keys do not
    /// serve.
    #[error("the hub cannot answer: {0}")]
    Internal(String),
    /// Ours: the state cannot be written.
    #[error(transparent)]
    State(#[from] CborError),
    /// Ours: an accepted change does not apply; restore the room.
    #[error(transparent)]
    Broken(crate::delivery::Corrupt),
    /// Ours: the group's context does not fit a room.
    #[error(transparent)]
    Context(#[from] ContextError),
}

/// How a rejection is told to the peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// With the endpoint's own response, under HTTP status 200.
    Answer(Bytes),
    /// With an HTTP status and no body.
    Status(u16),
}

impl From<LabelError> for Rejection {
    fn from(error: LabelError) -> Self {
        match error {
            LabelError::Signature => Rejection::Signature,
            LabelError::Seal => Rejection::Unusable("the key to encrypt to"),
            other => Rejection::Internal(other.to_string()),
        }
    }
}

impl Rejection {
    /// The HTTP status where the endpoint has no code of its own for this.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Rejection::Malformed(_) | Rejection::OtherGroup => 400,
            Rejection::UnknownRoom(_) | Rejection::WrongEndpoint => 404,
            Rejection::TooManyRelays => 429,
            Rejection::Internal(_)
            | Rejection::State(_)
            | Rejection::Context(_)
            | Rejection::Broken(_) => 500,
            _ => 403,
        }
    }

    /// How to answer `endpoint` with this.
    #[must_use]
    pub fn refusal(&self, endpoint: &Endpoint) -> Refusal {
        if self.status() != 403 {
            return Refusal::Status(self.status());
        }
        let body = match endpoint {
            Endpoint::Update { .. } => self.update().to_vec(),
            Endpoint::SubmitMessage { .. } => self.submit().to_vec(),
            Endpoint::GroupInfo { room } => {
                let code = GroupInfoFailure::NOT_AUTHORIZED;
                GroupInfoResponse::failure(room.clone(), code).to_vec()
            }
            Endpoint::KeyMaterial { target } => {
                let code = KeyMaterialUserCode::NO_CONSENT;
                KeyMaterialResponse::failure(target.clone(), code).to_vec()
            }
            _ => return Refusal::Status(403),
        };
        body.map_or(Refusal::Status(500), |body| Refusal::Answer(body.into()))
    }

    /// The code of an UpdateRoomResponse (PROTO, "Update Room State").
    fn update(&self) -> UpdateRoomResponse {
        let invalid = |invalid_proposals| UpdateOutcome::InvalidProposal { invalid_proposals };
        let outcome = match self {
            Rejection::WrongEpoch { current, .. } => UpdateOutcome::WrongEpoch {
                current_epoch: *current,
            },
            Rejection::NotCovered(references) => invalid(references.clone()),
            Rejection::Mls(_)
            | Rejection::Change(_)
            | Rejection::Invalid(_)
            | Rejection::Bundle(_)
            | Rejection::GroupInfo(_)
            | Rejection::Welcome(_) => invalid(Vec::new()),
            _ => UpdateOutcome::NotAllowed,
        };
        UpdateRoomResponse::new(outcome, self.to_string())
    }

    /// The code of a SubmitMessageResponse (PROTO, "Submit a Message").
    fn submit(&self) -> SubmitMessageResponse {
        match self {
            Rejection::WrongEpoch { sent, current } if sent < current => {
                SubmitMessageResponse::epoch_too_old(*current)
            }
            _ => SubmitMessageResponse::NotAllowed,
        }
    }
}
