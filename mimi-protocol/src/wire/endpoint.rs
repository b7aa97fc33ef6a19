//! The endpoints, by what their paths name.

use mimi_content::MimiUri;
use serde::{Deserialize, Serialize};

/// An endpoint of another provider with the parameter of its path (PROTO,
/// "Directory").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Endpoint {
    /// Claim key material of a user (PROTO, "Fetch Key Material").
    KeyMaterial {
        /// The user whose clients are to be added.
        target: MimiUri,
    },
    /// Change a room (PROTO, "Update Room State").
    Update {
        /// The room.
        room: MimiUri,
    },
    /// Deliver events of a room (PROTO, "Fanout Messages and Room Events").
    Notify {
        /// The room.
        room: MimiUri,
    },
    /// Submit an application message (PROTO, "Submit a Message").
    SubmitMessage {
        /// The room.
        room: MimiUri,
    },
    /// Ask for what an external join takes (PROTO, "Claim group key information").
    GroupInfo {
        /// The room.
        room: MimiUri,
    },
    /// Ask for consent, or take the question back (PROTO, "Convey explicit consent").
    RequestConsent {
        /// The domain of the user who is asked.
        target_domain: String,
    },
    /// Grant or revoke consent (PROTO, "Convey explicit consent").
    UpdateConsent {
        /// The domain of the user who may act on it.
        requester_domain: String,
    },
    /// Report messages to the hub (PROTO, "Report abuse").
    ReportAbuse {
        /// The room.
        room: MimiUri,
    },
}
