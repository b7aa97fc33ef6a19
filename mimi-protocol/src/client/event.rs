//! What a client's host hears.

use bytes::Bytes;
use mimi_content::{MessageId, MimiUri, Timestamp};
use serde::{Deserialize, Serialize};

/// Something that happened in the room, for the client's application.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Event {
    /// A message arrived, and everything about it was verified.
    Message {
        /// The user who sent it.
        sender: MimiUri,
        /// The client that sent it.
        client: MimiUri,
        /// When the hub accepted it.
        accepted_timestamp: Timestamp,
        /// Its ID (CONTENT, "Message ID").
        message_id: MessageId,
        /// The encoded MIMI content.
        content: Bytes,
        /// Whether it can be reported.
        franked: Franked,
    },
    /// A message was refused, and its sender has committed to other content than it
    /// sent. Nobody can have what was sent proven; but someone could report what the
    /// sender has committed to, as if it had been sent. To tell the hub so, report the
    /// evidence (see `mimi_franking::dispute`).
    Miscommitted {
        /// The user who sent it.
        sender: MimiUri,
        /// When the hub accepted it.
        accepted_timestamp: Timestamp,
        /// The encoded `mimi_franking::Evidence`.
        evidence: Bytes,
    },
    /// A message of this client was accepted.
    Sent {
        /// Its ID.
        message_id: MessageId,
        /// When the hub accepted it.
        accepted_timestamp: Timestamp,
    },
    /// A message of this client was refused; its text is still the
    /// application's to send again.
    NotSent {
        /// Its ID.
        message_id: MessageId,
        /// Why.
        why: RefusedBy,
    },
    /// Proposals await a commit.
    Proposed {
        /// Whose.
        by: MimiUri,
        /// How many are pending now.
        pending: u32,
    },
    /// The room is in a new epoch.
    Committed {
        /// The epoch.
        epoch: u64,
        /// Who committed.
        by: MimiUri,
    },
    /// A change of this client was refused.
    NotChanged {
        /// Why.
        why: RefusedBy,
    },
    /// This client is out of the room.
    Removed {
        /// Who committed that.
        by: MimiUri,
    },
    /// Key material arrived: the encoded `KeyMaterialResponse`.
    KeyMaterial {
        /// The response.
        response: Bytes,
    },
    /// A request of this client was refused as such.
    RequestRefused {
        /// The HTTP status.
        status: u16,
    },
    /// A report was accepted.
    Reported,
}

/// Whether a message can be reported.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Franked {
    /// It can: the encoded `mimi_franking::Evidence`, to be stored with it.
    Yes(Bytes),
    /// It cannot.
    No(Unfranked),
}

/// Why a message cannot be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Unfranked {
    /// Its sender committed to nothing.
    NoTag,
    /// The group has no franking agent, or one that cannot be read.
    NoAgent,
    /// The hub did not frank it, or a server on the way dropped the frank.
    NoFrank,
    /// The franking agent has certificates, and the host's
    /// [`Identity`](crate::engine::Identity) does not say whose they are.
    Unverifiable,
}

/// Who refused, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum RefusedBy {
    /// The hub is in another epoch; catch up and try again.
    Epoch {
        /// The hub's epoch.
        current: u64,
    },
    /// The room's policy.
    Policy {
        /// The hub's words.
        description: String,
    },
    /// Proposals that are invalid, or missing from the commit.
    Proposals {
        /// Their references.
        references: Vec<Bytes>,
        /// The hub's words.
        description: String,
    },
    /// A server on the way.
    Status(u16),
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let id = |id: &MessageId| id.to_string();
        match self {
            Event::Message {
                sender, message_id, ..
            } => write!(
                f,
                "Message {{ sender: {sender}, message_id: {} }}",
                id(message_id)
            ),
            Event::Miscommitted { sender, .. } => write!(f, "Miscommitted {{ sender: {sender} }}"),
            Event::Sent { message_id, .. } => write!(f, "Sent {{ {} }}", id(message_id)),
            Event::NotSent { message_id, why } => {
                write!(f, "NotSent {{ {}, {why:?} }}", id(message_id))
            }
            Event::Proposed { by, pending } => write!(f, "Proposed {{ {by}, {pending} pending }}"),
            Event::Committed { epoch, by } => write!(f, "Committed {{ epoch {epoch}, {by} }}"),
            Event::NotChanged { why } => write!(f, "NotChanged {{ {why:?} }}"),
            Event::Removed { by } => write!(f, "Removed {{ {by} }}"),
            Event::KeyMaterial { response } => {
                write!(f, "KeyMaterial {{ {} octets }}", response.len())
            }
            Event::RequestRefused { status } => write!(f, "RequestRefused {{ {status} }}"),
            Event::Reported => f.write_str("Reported"),
        }
    }
}
