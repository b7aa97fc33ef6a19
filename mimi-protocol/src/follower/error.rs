//! Why an input was refused.

use mimi_content::MimiUri;

use super::requests::MAX_REQUESTS;
use super::state::MAX_UNDELIVERED;
use crate::wire::DecodeError;

/// Why a [`Room`](super::Room) refused an input; nothing has changed. Each
/// reason has one HTTP status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The peer's fault: only the room's hub fans out (PROTO, "Fanout Messages
    /// and Room Events").
    #[error("{from} is not the hub of {room}")]
    NotTheHub {
        /// Who sent it.
        from: String,
        /// The room.
        room: MimiUri,
    },
    /// The sender's fault: the body is not what its endpoint takes (PROTO,
    /// "MIMI Endpoints and Framing").
    #[error("malformed body: {0}")]
    Malformed(#[from] DecodeError),
    /// The sender's fault: a message belongs to another MLS group than the
    /// room's (PROTO, "Cryptographic room representation").
    #[error("a message of another group than the room's")]
    OtherGroup,
    /// The client's fault: its request names another room (PROTO, "Fetch Key
    /// Material").
    #[error("the request is not for this room")]
    OtherRoom,
    /// The client's fault: it names a user of another provider as the sender
    /// (PROTO, "Submit a Message", "Fetch Key Material").
    #[error("{named} is not of the provider of {client}")]
    OtherProvider {
        /// Who is named.
        named: MimiUri,
        /// Who sent it.
        client: MimiUri,
    },
    /// The client's fault: too many of its requests wait for the hub.
    #[error("{MAX_REQUESTS} requests of the client wait for the hub already")]
    TooManyRequests,
    /// Our host's fault: it does not take deliveries.
    #[error("{MAX_UNDELIVERED} messages wait to be delivered already")]
    TooManyUndelivered,
}

impl Rejection {
    /// The HTTP status to answer with. A 503 is worth another try.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Rejection::NotTheHub { .. } | Rejection::OtherProvider { .. } => 403,
            Rejection::Malformed(_) | Rejection::OtherGroup | Rejection::OtherRoom => 400,
            Rejection::TooManyRequests => 429,
            Rejection::TooManyUndelivered => 503,
        }
    }
}
