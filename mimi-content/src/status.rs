//! Reports of delivery and reading (STATUS, "Formal Data Definition").

use std::fmt;

use crate::cbor::{Decode, DecodeError, Reader, Sink, Trace, Write, Writer, decode, encode};
use crate::content::read_message_id;
use crate::message_id::MessageId;

/// What became of messages at one receiver: the content of the media type
/// `application/mimi-message-status`.
///
/// One report covers any number of messages of the room that it is sent into.
/// Later reports of the same sender update earlier ones; within a report a
/// later entry updates an earlier one for the same message.
///
/// ```
/// use mimi_content::{MessageId, MessageStatus, PerMessageStatus, StatusReport};
///
/// let read = PerMessageStatus {
///     message_id: MessageId::from_bytes(&[1; 32])?,
///     status: MessageStatus::READ,
/// };
/// let report = StatusReport(vec![read]);
/// assert_eq!(StatusReport::decode(&report.encode())?, report);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StatusReport(pub Vec<PerMessageStatus>);

/// What became of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PerMessageStatus {
    /// The message.
    pub message_id: MessageId,
    /// What became of it.
    pub status: MessageStatus,
}

/// What can become of a message (STATUS, "Delivery Reporting and Read
/// Receipts"). Open: unknown values are kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MessageStatus(pub u8);

impl MessageStatus {
    /// It was not read yet.
    pub const UNREAD: MessageStatus = MessageStatus(0);
    /// A client of the reporting user received it.
    pub const DELIVERED: MessageStatus = MessageStatus(1);
    /// The reporting user read it.
    pub const READ: MessageStatus = MessageStatus(2);
    /// It expired and cannot be read any more.
    pub const EXPIRED: MessageStatus = MessageStatus(3);
    /// It was deleted, by this client or by someone who may retract messages.
    pub const DELETED: MessageStatus = MessageStatus(4);
    /// The reporting client hides it.
    pub const HIDDEN: MessageStatus = MessageStatus(5);
    /// It could not be received properly.
    pub const ERROR: MessageStatus = MessageStatus(6);

    /// The name in the draft, if it has one.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::UNREAD => "unread",
            Self::DELIVERED => "delivered",
            Self::READ => "read",
            Self::EXPIRED => "expired",
            Self::DELETED => "deleted",
            Self::HIDDEN => "hidden",
            Self::ERROR => "error",
            _ => return None,
        })
    }
}

impl fmt::Debug for MessageStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "status {}", self.0),
        }
    }
}

impl StatusReport {
    /// Decodes a report.
    ///
    /// # Errors
    /// When `report` is not exactly one report in deterministic encoding, with
    /// the octet, the field and the rule.
    pub fn decode(report: &[u8]) -> Result<Self, DecodeError> {
        decode(report)
    }

    /// Encodes the report, in the one way there is.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }
}

impl Decode<'_> for StatusReport {
    fn read<T: Trace>(r: &mut Reader<'_, T>) -> Result<Self, T::Fault> {
        let count = r.array()?;
        let mut entries = Vec::new();
        for _ in 0..count {
            entries.push(r.element(entries.len(), read_entry)?);
        }
        Ok(StatusReport(entries))
    }
}

fn read_entry<T: Trace>(r: &mut Reader<'_, T>) -> Result<PerMessageStatus, T::Fault> {
    r.array_of(2)?;
    Ok(PerMessageStatus {
        message_id: r.field("messageId", read_message_id)?,
        status: r.field("status", |r| r.uint(u8::MAX).map(MessageStatus))?,
    })
}

impl Write for StatusReport {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.array(self.0.len());
        for entry in &self.0 {
            w.array(2);
            w.bytes(entry.message_id.as_bytes());
            w.uint(entry.status.0);
        }
    }
}
