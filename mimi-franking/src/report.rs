//! From evidence to a report.

use std::collections::BTreeMap;

use mimi_content::component::ComponentMap;
use mimi_content::{MimiUri, Timestamp};

use crate::evidence::Evidence;
use crate::limits::MAX_REPORTED_MESSAGES;
use crate::wire::{AbuseReport, AbuseType};

impl AbuseReport {
    /// A report to the hub of `room` about the sender of some messages there, in
    /// the order given, without reporter, reason or note; those are fields to
    /// fill in (PROTO, "Report abuse").
    ///
    /// # Errors
    /// When there is no message, when there are more than
    /// [`MAX_REPORTED_MESSAGES`], when one is of another room, whose content is
    /// none of this hub's business, or of another sender than the first, since
    /// a report accuses one; and when two are the same message.
    pub fn about<'a>(
        room: &MimiUri,
        evidence: impl IntoIterator<Item = &'a Evidence>,
    ) -> Result<Self, AccusationError> {
        let mut times: BTreeMap<Timestamp, usize> = BTreeMap::new();
        let mut messages = Vec::new();
        let mut abuser = None;
        for (index, next) in evidence.into_iter().enumerate() {
            let context = next.context();
            if context.room_uri != *room {
                return Err(AccusationError::OtherRoom(context.room_uri.clone()));
            }
            if abuser.get_or_insert(&context.sender_uri) != &&context.sender_uri {
                return Err(AccusationError::SeveralSenders);
            }
            if messages.len() >= MAX_REPORTED_MESSAGES {
                return Err(AccusationError::TooMany);
            }
            if let Some(of) = times.insert(context.accepted_timestamp, index) {
                return Err(AccusationError::Twice { of });
            }
            messages.push(next.to_abusive_message());
        }
        Ok(AbuseReport {
            reporting_user: None,
            alleged_abuser: abuser.ok_or(AccusationError::NoMessage)?.clone(),
            reason: AbuseType::RESERVED,
            note: String::new(),
            messages,
            extensions: ComponentMap::new(),
        })
    }
}

/// Why pieces of evidence do not make one report. The caller chose them, so the
/// caller is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccusationError {
    /// There is nothing to show.
    #[error("there is no message to report")]
    NoMessage,
    /// The messages are not all by one user.
    #[error("the messages are of several senders, a report accuses one")]
    SeveralSenders,
    /// A message was sent in another room, perhaps of another hub.
    #[error("a message is of the room {0}, which is not the one that the report goes to")]
    OtherRoom(MimiUri),
    /// There are more messages than a report holds.
    #[error("a report holds at most {MAX_REPORTED_MESSAGES} messages")]
    TooMany,
    /// A message was accepted at the same time as another one, so both are the
    /// same, or one is not from this hub.
    #[error("a message has the time of message {of}, so they are the same or one is not genuine")]
    Twice {
        /// The position of the other one.
        of: usize,
    },
}
