//! The endpoints, by what their paths name.

use mimi_content::MimiUri;
use serde::{Deserialize, Serialize};

/// An endpoint of another provider with its parameter (PROTO, "Directory").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Endpoint {
    /// Claims KeyPackages.
    KeyMaterial {
        /// Whose.
        target: MimiUri,
    },
    /// Changes a room.
    Update {
        /// Which.
        room: MimiUri,
    },
    /// Brings a room's events.
    Notify {
        /// Which room.
        room: MimiUri,
    },
    /// Sends an application message.
    SubmitMessage {
        /// To which room.
        room: MimiUri,
    },
    /// Asks for a room's GroupInfo.
    GroupInfo {
        /// Which room.
        room: MimiUri,
    },
    /// Asks for consent, or stops asking.
    RequestConsent {
        /// Whose consent.
        target: Party,
    },
    /// Gives consent, or takes it back.
    UpdateConsent {
        /// To whom.
        requester: Party,
    },
    /// Looks for a user.
    IdentifierQuery {
        /// At which provider.
        domain: String,
    },
    /// Reports abuse.
    ReportAbuse {
        /// In which room.
        room: MimiUri,
    },
}

/// A user, or only the user's provider: consent URLs name either.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Party {
    /// The user.
    User(MimiUri),
    /// The provider's domain.
    Domain(String),
}
