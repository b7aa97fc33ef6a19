//! What a room does not accept of a message, and what follows for its readers.

use std::collections::BTreeSet;
use std::fmt;

use mimi_content::{MessageStatus, MimiUri};

use super::assets::AssetKind;
use crate::capability::Capability;
use crate::words::{Counted, RoleLabel};

/// One thing that a room does not accept of a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{breach} ({})", place(*.leave_out), .breach.clause())]
pub struct Violation {
    /// What it is.
    pub breach: Breach,
    /// What a receiver does about it.
    pub leave_out: LeaveOut,
}

/// What a receiver leaves out of a message because of a [`Violation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LeaveOut {
    /// All of it: it is not shown, and changes nothing.
    Message,
    /// The part with this index, and all that it holds. It is neither shown nor
    /// downloaded; what belongs to one unit with it goes, too (CONTENT, "Message
    /// Bodies", `singleUnit`). Without part 0 an edit leaves the body as it was.
    Part(u16),
    /// The topic: the message keeps the one that it had, or has none.
    Topic,
    /// The entries of a report with this status.
    Status(MessageStatus),
    /// Nothing. The sender's client did wrong, and no reader is better off
    /// without the message.
    Nothing,
}

/// What a message does that the room does not accept, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Breach {
    /// The sender is not in the participant list.
    #[error("{0} is no participant of this room")]
    NoRole(MimiUri),
    /// The role of the sender lacks a capability.
    #[error("{user} may not {}: {role} lacks {capability}", act(*.capability))]
    Lacks {
        /// The sender.
        user: MimiUri,
        /// Its role.
        role: RoleLabel,
        /// What the role lacks.
        capability: Capability,
    },
    /// The body of another's message or reaction is changed.
    #[error("nobody may edit what another has sent, but it can be deleted")]
    EditsOther,
    /// A reaction is replaced by something that is none.
    #[error("a reaction can only be replaced by another reaction")]
    NoReaction,
    /// A replacement gives a topic to a reaction.
    #[error("nobody may change the topic of a reaction")]
    TopicOfReaction,
    /// It cannot be told what the message replaces.
    #[error("the message to be replaced is not known, so it waits")]
    OriginalUnknown,
    /// The URL of an asset is not one that all parsers read alike.
    #[error("assets need an https URL with a host name and nothing around it")]
    Url,
    /// An asset is where those of the sender may not be.
    #[error("assets of this sender may not be on {0}")]
    Host(String),
    /// An asset is of a kind that is not accepted.
    #[error("this room accepts no {0} assets")]
    NoAssets(AssetKind),
    /// An asset is larger than the room accepts.
    #[error(
        "this room accepts {kind} assets of at most {}, and this has {size}",
        Counted(*.max, "octet")
    )]
    TooLarge {
        /// What kind of asset it is.
        kind: AssetKind,
        /// Octets at the URL, as the message says.
        size: u64,
        /// The limit, in octets.
        max: u64,
    },
    /// The media type of a part is forbidden, or not among those permitted.
    #[error("this room does not accept the media type {0}")]
    MediaType(String),
    /// The media type of a part is missing or malformed where it matters.
    #[error("this room accepts only parts with a media type that can be read")]
    NoMediaType,
    /// A message does not expire where all have to.
    #[error("messages in this room have to expire")]
    ExpirationMissing,
    /// A message expires where none may.
    #[error("messages in this room may not expire")]
    ExpirationForbidden,
    /// A message expires too soon.
    #[error(
        "messages in this room last {} at least, and this one {seconds}",
        Counted(*.min, "second")
    )]
    ExpiresTooSoon {
        /// How long the message lasts, in seconds.
        seconds: u64,
        /// The shortest time, in seconds.
        min: u32,
    },
    /// A message expires too late.
    #[error(
        "messages in this room last {} at most, and this one {seconds}",
        Counted(*.max, "second")
    )]
    ExpiresTooLate {
        /// How long the message lasts, in seconds.
        seconds: u64,
        /// The longest time, in seconds.
        max: u32,
    },
    /// A message has a preview where none may be sent.
    #[error("previews of links may not be sent in this room")]
    PreviewForbidden,
    /// A message has a link without a preview where there has to be one.
    #[error("links in this room have to be sent with a preview")]
    PreviewMissing,
    /// A status is reported that may not be.
    #[error("this room does not allow reports with the status \"{0:?}\"")]
    StatusForbidden(MessageStatus),
}

impl Breach {
    /// The clause of the drafts that is enforced.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        match self {
            Breach::NoRole(_) => "POLICY, \"Role Capabilities\"",
            Breach::Lacks { capability, .. } => match *capability {
                Capability::UPLOAD_IMAGE
                | Capability::UPLOAD_AUDIO
                | Capability::UPLOAD_VIDEO
                | Capability::UPLOAD_ATTACHMENT => "POLICY, \"Asset Capabilities\"",
                _ => "POLICY, \"Message Capabilities\"",
            },
            Breach::EditsOther | Breach::OriginalUnknown => {
                "CONTENT, \"Rendering and authorization of edits and deletes\""
            }
            Breach::NoReaction | Breach::TopicOfReaction => "POLICY, \"Message Capabilities\"",
            Breach::Url
            | Breach::Host(_)
            | Breach::NoAssets(_)
            | Breach::TooLarge { .. }
            | Breach::MediaType(_)
            | Breach::NoMediaType => "POLICY, \"Asset policies component\"",
            Breach::ExpirationMissing
            | Breach::ExpirationForbidden
            | Breach::ExpiresTooSoon { .. }
            | Breach::ExpiresTooLate { .. } => "POLICY, \"Message expiration policy component\"",
            Breach::PreviewForbidden | Breach::PreviewMissing => {
                "POLICY, \"Link Preview policy component\""
            }
            Breach::StatusForbidden(_) => "POLICY, \"Status Notifications component\"",
        }
    }
}

/// What someone does who needs the capability to send a message.
fn act(capability: Capability) -> &'static str {
    match capability {
        Capability::SEND_MESSAGE => "send messages",
        Capability::REPLY_TO_MESSAGE => "reply to messages",
        Capability::REACT_TO_MESSAGE => "react to messages",
        Capability::EDIT_REACTION => "change reactions",
        Capability::DELETE_OWN_REACTION => "take reactions back",
        Capability::DELETE_OTHER_REACTION => "delete the reactions of others",
        Capability::EDIT_OWN_MESSAGE => "edit messages",
        Capability::DELETE_OWN_MESSAGE => "delete messages",
        Capability::DELETE_OTHER_MESSAGE => "delete the messages of others",
        Capability::START_TOPIC => "set a topic",
        Capability::REPLY_IN_TOPIC => "reply in a topic",
        Capability::EDIT_OWN_TOPIC => "change the topic of a message",
        Capability::EDIT_OTHER_TOPIC => "change the topic of another's message",
        Capability::UPLOAD_IMAGE => "send images",
        Capability::UPLOAD_AUDIO => "send audio",
        Capability::UPLOAD_VIDEO => "send video",
        Capability::UPLOAD_ATTACHMENT => "send attachments",
        Capability::SEND_LINK => "send links",
        Capability::SEND_LINK_PREVIEW => "send previews of links",
        _ => "do this",
    }
}

/// What the sentence about a violation begins with.
fn place(leave_out: LeaveOut) -> String {
    match leave_out {
        LeaveOut::Part(index) => format!("part {index}: "),
        _ => String::new(),
    }
}

/// All that a room does not accept of one message; at least one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// All of these, or nothing if there are none.
    pub(super) fn of(all: Vec<Violation>) -> Result<(), Self> {
        if all.is_empty() {
            Ok(())
        } else {
            Err(Violations(all))
        }
    }

    /// Each of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Violation> {
        self.0.iter()
    }

    /// Whether a receiver shows nothing of the message.
    #[must_use]
    pub fn leave_out_message(&self) -> bool {
        self.leaves_out(LeaveOut::Message)
    }

    /// Whether a receiver ignores the topic.
    #[must_use]
    pub fn leave_out_topic(&self) -> bool {
        self.leaves_out(LeaveOut::Topic)
    }

    /// The indices of the parts that a receiver leaves out.
    #[must_use]
    pub fn leave_out_parts(&self) -> BTreeSet<u16> {
        let parts = self
            .0
            .iter()
            .filter_map(|violation| match violation.leave_out {
                LeaveOut::Part(index) => Some(index),
                _ => None,
            });
        parts.collect()
    }

    /// Whether a receiver ignores what a report says of this status.
    #[must_use]
    pub fn leave_out_status(&self, status: MessageStatus) -> bool {
        self.leave_out_message() || self.leaves_out(LeaveOut::Status(status))
    }

    fn leaves_out(&self, what: LeaveOut) -> bool {
        self.0.iter().any(|violation| violation.leave_out == what)
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}
