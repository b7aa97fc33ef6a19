//! Reports of abuse: what the hub can say of each message from its own keys.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::media::ApplicationFraming;
use mimi_content::tls::Decode;
use mimi_content::{MimiContent, MimiUri, Timestamp};
use mimi_franking::{AbuseReport, AbusiveMessage, Opening, validate};
use serde::{Deserialize, Serialize};

use super::change::Kind;
use super::error::Rejection;
use super::io::{Local, Outcome};
use super::keys::Keys;
use super::room::{Decision, Room};
use crate::engine::{Actor, Audit, CryptoProvider, Env};
use crate::mls::context;

/// A report with the hub's verdict on each message, for moderators.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The provider that passed the report on.
    pub from: String,
    /// Who reports.
    pub reporting_user: MimiUri,
    /// Who is accused.
    pub alleged_abuser: MimiUri,
    /// The reason code of the report.
    pub reason: u8,
    /// What the reporter adds.
    pub note: String,
    /// The messages, each with its own verdict.
    pub messages: Vec<ReportedMessage>,
}

impl std::fmt::Debug for Finding {
    /// What people wrote is left out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finding")
            .field("from", &self.from)
            .field("reporting_user", &self.reporting_user)
            .field("alleged_abuser", &self.alleged_abuser)
            .field("reason", &self.reason)
            .field("messages", &self.messages)
            .finish_non_exhaustive()
    }
}

/// One reported message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedMessage {
    /// The application data.
    pub content: Bytes,
    /// When the hub is said to have accepted it.
    pub accepted_timestamp: Timestamp,
    /// Why it proves nothing; `None` when the hub's own keys prove that the
    /// accused sent it in this room at that time.
    pub fault: Option<String>,
}

impl std::fmt::Debug for ReportedMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReportedMessage")
            .field("octets", &self.content.len())
            .field("accepted_timestamp", &self.accepted_timestamp)
            .field("fault", &self.fault)
            .finish()
    }
}

impl Room {
    /// Validates a report (PROTO, "Report abuse"), each message on its own. If
    /// some are proved, the moderators see the others too, marked as such; a
    /// report that proves nothing of what it shows is refused.
    pub(super) fn report<P: CryptoProvider>(
        &self,
        peer: &str,
        body: &Bytes,
        env: &Env<'_, P, Keys>,
    ) -> Result<Decision, Rejection> {
        let report = AbuseReport::from_bytes(body)?;
        let reporter = report.reporting_user.clone().ok_or(Rejection::Anonymous)?;
        self.check_speaker(peer, &reporter)?;
        self.policy.may_report(&reporter)?;
        let dictionary = context::dictionary(self.group.context()).unwrap_or_default();
        let judge = |message: &AbusiveMessage| ReportedMessage {
            content: message.message_content.clone(),
            accepted_timestamp: message.accepted_timestamp,
            fault: self
                .prove(message, &report.alleged_abuser, &dictionary, env)
                .err(),
        };
        let finding = Finding {
            from: peer.to_owned(),
            reporting_user: reporter.clone(),
            alleged_abuser: report.alleged_abuser.clone(),
            reason: report.reason.0,
            note: report.note.clone(),
            messages: report.messages.iter().map(judge).collect(),
        };
        let mut faults = finding.messages.iter().map(|m| m.fault.as_ref());
        if let Some(Some(fault)) = faults.next()
            && faults.all(|fault| fault.is_some())
        {
            return Err(Rejection::Unproved(fault.clone()));
        }
        Ok(Decision {
            kind: Kind::Ticked,
            reply: Some(Bytes::new()),
            fanout: Vec::new(),
            local: vec![Local::Report(Box::new(finding))],
            outcome: Outcome::Reply(Bytes::new()),
            audit: Audit {
                actor: Actor::User(reporter),
                action: "reported abuse",
                epoch: Some(self.epoch()),
                clause: "PROTO, Report abuse",
            },
        })
    }

    fn prove<P: CryptoProvider>(
        &self,
        message: &AbusiveMessage,
        alleged: &MimiUri,
        dictionary: &ComponentMap,
        env: &Env<'_, P, Keys>,
    ) -> Result<(), String> {
        let data = &message.message_content;
        let content = if dictionary.get(ComponentId::CONTENT_MEDIA_TYPES).is_some() {
            let framing = ApplicationFraming::from_bytes(data).map_err(|e| e.to_string())?;
            framing.content
        } else {
            data.clone()
        };
        let content = MimiContent::decode(&content).map_err(|e| e.to_string())?;
        let opening = Opening {
            application_data: data,
            salt: content.salt.as_bytes(),
            sender_uri: content.extensions.sender_uri().unwrap_or_default(),
            room_uri: content.extensions.room_uri().unwrap_or_default(),
        };
        validate(
            message,
            &opening,
            &self.book.room,
            alleged,
            &env.keys.franking,
            &env.keys.agent_keys(),
            env.provider.crypto(),
        )
        .map_err(|fault| fault.to_string())
    }
}
