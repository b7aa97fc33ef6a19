//! Reports of abuse: what the hub can say of each message from its own keys.

use bytes::Bytes;
use mimi_content::component::ComponentId;
use mimi_content::media::MediaTypeList;
use mimi_content::tls::Decode;
use mimi_content::{MimiUri, Timestamp};
use mimi_franking::{
    AbuseReport, AbusiveMessage, Account, Framing, Judged, Repeats, ReportFault, Shown, Standing,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::change::Kind;
use super::error::Rejection;
use super::fanout::encode;
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
    /// The room in which the messages were sent.
    pub room: MimiUri,
    /// The reason code of the report.
    pub reason: u8,
    /// What the reporter adds.
    pub note: String,
    /// The encoded `abuse_extensions` of the report.
    pub extensions: Bytes,
    /// The messages, each with its own verdict.
    pub messages: Vec<ReportedMessage>,
}

impl Finding {
    /// What counts of it, message by message, when it is weighed with other findings
    /// (see `mimi_franking::weigh`).
    pub fn accounts(&self) -> impl Iterator<Item = Account<'_>> {
        self.messages.iter().map(|message| Account {
            reporter: &self.reporting_user,
            accused: &self.alleged_abuser,
            room: &self.room,
            shown: message.shown(),
        })
    }
}

impl std::fmt::Debug for Finding {
    /// What people wrote is left out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finding")
            .field("from", &self.from)
            .field("reporting_user", &self.reporting_user)
            .field("alleged_abuser", &self.alleged_abuser)
            .field("room", &self.room)
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
    /// What the hub's own keys say of it.
    pub proof: Proof,
    /// The position of an earlier message of the report that has the same time:
    /// at most one of the two was sent, unless they are the same.
    pub same_time_as: Option<usize>,
}

/// What a hub's own keys say of a reported message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// The accused committed to this content, in this room and at that time: the
    /// hub's stamp under this key says so. With what other reports say, see
    /// `mimi_franking::weigh`.
    Committed {
        /// The name of the hub key.
        key: String,
    },
    /// The hub stamped a message of the accused at that time, and not with this
    /// content. The reporter altered it, a provider on the way exchanged stamps, the
    /// accused committed to something else than it sent, or the hub key is revoked: it
    /// blames nobody.
    OtherContent,
    /// The hub stamped a message of the accused at that time, and has erased the key
    /// that could tell whether with this content.
    KeyErased,
    /// It proves nothing.
    Nothing {
        /// Why.
        why: String,
    },
}

impl From<&Judged> for Proof {
    fn from(judged: &Judged) -> Self {
        match &judged.result {
            Ok(key) => Proof::Committed { key: key.clone() },
            Err(ReportFault::OtherContent) => Proof::OtherContent,
            Err(ReportFault::KeyErased) => Proof::KeyErased,
            Err(why) => Proof::Nothing {
                why: why.to_string(),
            },
        }
    }
}

impl ReportedMessage {
    fn shown(&self) -> Shown {
        Shown {
            accepted_timestamp: self.accepted_timestamp,
            content: Sha256::digest(&self.content).into(),
            standing: match self.proof {
                Proof::Committed { .. } => Standing::Committed,
                Proof::OtherContent => Standing::OtherContent,
                Proof::KeyErased | Proof::Nothing { .. } => Standing::Unproven,
            },
        }
    }
}

impl std::fmt::Debug for ReportedMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReportedMessage")
            .field("octets", &self.content.len())
            .field("accepted_timestamp", &self.accepted_timestamp)
            .field("proof", &self.proof)
            .field("same_time_as", &self.same_time_as)
            .finish()
    }
}

impl Room {
    /// Judges a report (PROTO, "Report abuse"), each message on its own. If this
    /// hub has stamped some of them, the moderators see the others too, marked as
    /// such; a report of nothing that it has stamped is refused.
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
        let types = context::component(self.group.context(), ComponentId::CONTENT_MEDIA_TYPES);
        let types = types.map(MediaTypeList::from_slice).transpose();
        // What the group says of itself is no reporter's fault.
        let types = types.map_err(|error| Rejection::Internal(error.to_string()))?;
        let framing = Framing::of(types.as_ref());
        let crypto = env.provider.crypto();
        let judged = env
            .keys
            .franker
            .judge(&report, &self.book.room, framing, crypto);
        let finding = Finding {
            from: peer.to_owned(),
            reporting_user: reporter.clone(),
            alleged_abuser: report.alleged_abuser.clone(),
            room: self.book.room.clone(),
            reason: report.reason.0,
            note: report.note.clone(),
            extensions: encode(&report.extensions)?,
            messages: std::iter::zip(&report.messages, &judged)
                .map(|(message, judged)| shown(message, judged))
                .collect(),
        };
        let mut nothing = finding.messages.iter().map(|message| match &message.proof {
            Proof::Nothing { why } => Some(why),
            _ => None,
        });
        if let Some(Some(why)) = nothing.next()
            && nothing.all(|why| why.is_some())
        {
            return Err(Rejection::Unproved(why.clone()));
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
}

fn shown(message: &AbusiveMessage, judged: &Judged) -> ReportedMessage {
    ReportedMessage {
        content: message.message_content.clone(),
        accepted_timestamp: message.accepted_timestamp,
        proof: judged.into(),
        same_time_as: match judged.repeats {
            Some(Repeats::Duplicate { of: earlier } | Repeats::Conflict { with: earlier }) => {
                Some(earlier)
            }
            _ => None,
        },
    }
}
