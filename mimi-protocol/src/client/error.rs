//! Why a client refuses.

use mimi_content::MimiUri;
use mimi_content::tls::{DecodeError, EncodeError};
use mimi_franking::ContentError;
use mimi_policy::{Denied, Invalid};

use crate::cbor::CborError;
use crate::delivery::{Corrupt, QueueFull};
use crate::engine::IdentityError;
use crate::labels::LabelError;
use crate::mls::{ChangeError, ContextError, MemberError};

/// Why a [`Room`](super::Room) refused an input; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The provider's fault: it delivered what is no fan-out message.
    #[error("malformed message: {0}")]
    Malformed(#[from] DecodeError),
    /// The caller's fault: what it asks cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The provider's fault: a message of another group.
    #[error("the message is of another group than the room's")]
    OtherGroup,
    /// The hub or the provider left something out (PROTO, "Fanout Messages and
    /// Room Events").
    #[error(
        "the message is of epoch {sent}, this client is in epoch {current}: events are missing"
    )]
    Missed {
        /// The message's epoch.
        sent: u64,
        /// The client's epoch.
        current: u64,
    },
    /// The message is not a valid one of the group.
    #[error(transparent)]
    Mls(#[from] MemberError),
    /// A proposal that cannot be what it claims; the hub should have refused it.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// A component update that breaks its rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The room's policy does not allow what the user wants.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The hub accepted what the room's policy does not allow.
    #[error("the hub broke the policy of its room: {0}")]
    HubBrokePolicy(Denied),
    /// The hub's fault: the group's context does not fit a room.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The group is of another room than the one that was asked for.
    #[error("the group belongs to {0}")]
    OtherRoom(MimiUri),
    /// A member's credential names nobody.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The caller's fault: a commit of this client awaits its verdict.
    #[error("a commit of this client awaits the hub's verdict")]
    Busy,
    /// The caller's fault: pending proposals are to be committed first (RFC 9420
    /// §12.4).
    #[error("pending proposals must be committed first")]
    CommitFirst,
    /// The client is not in the room, or not any more.
    #[error("this client is not a member of the room")]
    NotAMember,
    /// The caller's fault: the user is not in the list.
    #[error("{0} is not a participant")]
    NotAParticipant(MimiUri),
    /// The caller's fault: content that does not name this sender and room.
    #[error("the content cannot be sent: {0}")]
    Content(String),
    /// A signature or an encryption failed.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The host's randomness failed.
    #[error("the host gave no randomness")]
    Randomness,
    /// The tree travels in a form that this release cannot fetch.
    #[error("the ratchet tree is not included")]
    NoTree,
    /// The hub refuses to let this client join.
    #[error("the hub does not let this client join (code {0})")]
    JoinRefused(u8),
    /// Requests pile up.
    #[error(transparent)]
    QueueFull(#[from] QueueFull),
    /// The state cannot be written or read.
    #[error(transparent)]
    State(#[from] CborError),
    /// The state is damaged; restore the room.
    #[error(transparent)]
    Broken(#[from] Corrupt),
}

/// Why a message is not shown to the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The group's list of media types cannot be read (EXT, "Framing of
    /// application_data").
    #[error("nobody can tell how the group frames content: {0}")]
    Framing(DecodeError),
    /// It is no application message.
    #[error("it is no application message")]
    Kind,
    /// It is not framed as the group says, or not MIMI content.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The evidence of it is too long to be kept.
    #[error("the evidence of it cannot be kept: {0}")]
    Evidence(EncodeError),
    /// The Safe AAD is malformed.
    #[error("the Safe AAD is malformed: {0}")]
    Aad(DecodeError),
    /// The frank does not fit the message (PROTO, "Receiver verification of
    /// frank").
    #[error(transparent)]
    Frank(#[from] mimi_franking::Fault),
    /// The content names no sender, or another than its leaf.
    #[error("the content is not in the name of the user who sent it")]
    Sender,
    /// The content names no room, or another.
    #[error("the content is not for this room")]
    Room,
    /// A message without a stamp is said to be of a time before the last verified
    /// one: a server on the way may have delivered out of order (PROTO, "Fanout
    /// Messages and Room Events").
    #[error("the accepted timestamp is not later than that of a message before it")]
    Timestamp,
    /// The sender may not send, or the message is older than the room tolerates
    /// (POLICY, "Operational policy component"); the hub should have refused it.
    #[error("the hub let a message through: {0}")]
    NotAllowed(Denied),
    /// The sender's leaf belongs to nobody known.
    #[error("the sender is not known")]
    UnknownSender,
}
