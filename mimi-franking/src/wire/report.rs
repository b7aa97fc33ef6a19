//! A report of abuse.

use std::fmt;

use bytes::Bytes;
use mimi_content::component::ComponentMap;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};
use mimi_content::{MimiUri, Timestamp};

use super::frank::Frank;
use crate::limits::{MAX_NOTE_LEN, MAX_REPORTED_CONTENT_LEN, MAX_REPORTED_MESSAGES};

/// `AbuseType`: the kind of abuse reported (PROTO, "Report abuse"). Open: the
/// draft registers no kind yet, and numbers are kept as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AbuseType(pub u8);

impl AbuseType {
    /// The one value that the draft names: no kind given.
    pub const RESERVED: AbuseType = AbuseType(0);
}

impl Encode for AbuseType {
    fn encode(&self, w: &mut Writer) {
        w.u8(self.0);
    }
}

impl Decode for AbuseType {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.u8().map(AbuseType)
    }
}

/// `AbusiveMessage`: one message shown to the hub with its stamp (PROTO, "Report
/// abuse"). Made from [`Evidence`](crate::Evidence). `Debug` does not show the
/// content.
#[derive(Clone, PartialEq, Eq)]
pub struct AbusiveMessage {
    /// The plaintext of the MLS message, framing included.
    pub message_content: Bytes,
    /// The stamp that came with it.
    pub frank: Frank,
    /// The hub's time of acceptance that came with it.
    pub accepted_timestamp: Timestamp,
}

impl fmt::Debug for AbusiveMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbusiveMessage")
            .field(
                "message_content",
                &format_args!("{} octets", self.message_content.len()),
            )
            .field("frank", &self.frank)
            .field("accepted_timestamp", &self.accepted_timestamp)
            .finish()
    }
}

impl Encode for AbusiveMessage {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.message_content);
        self.frank.encode(w);
        self.accepted_timestamp.encode(w);
    }
}

impl Decode for AbusiveMessage {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(AbusiveMessage {
            message_content: r.bytes_at_most("a reported message", MAX_REPORTED_CONTENT_LEN)?,
            frank: Frank::decode(r)?,
            accepted_timestamp: Timestamp::decode(r)?,
        })
    }
}

/// `AbuseReport`: the body of a `reportAbuse` request (PROTO, "Report abuse").
/// `Debug` shows neither the note nor any content.
#[derive(Clone, PartialEq, Eq)]
pub struct AbuseReport {
    /// Who reports; an empty string on the wire when not told.
    pub reporting_user: Option<MimiUri>,
    /// Who is said to have sent the messages.
    pub alleged_abuser: MimiUri,
    /// The kind of abuse.
    pub reason: AbuseType,
    /// Words of the reporter for a moderator, perhaps none.
    pub note: String,
    /// The messages; a report may do without.
    pub messages: Vec<AbusiveMessage>,
    /// `abuse_extensions`.
    pub extensions: ComponentMap,
}

impl fmt::Debug for AbuseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbuseReport")
            .field("reporting_user", &self.reporting_user)
            .field("alleged_abuser", &self.alleged_abuser)
            .field("reason", &self.reason)
            .field("note", &format_args!("{} octets", self.note.len()))
            .field("messages", &self.messages)
            .field("extensions", &self.extensions)
            .finish()
    }
}

impl Encode for AbuseReport {
    fn encode(&self, w: &mut Writer) {
        match &self.reporting_user {
            Some(user) => user.encode(w),
            None => w.opaque(&[]),
        }
        self.alleged_abuser.encode(w);
        self.reason.encode(w);
        w.opaque(self.note.as_bytes());
        w.list(&self.messages);
        self.extensions.encode(w);
    }
}

impl Decode for AbuseReport {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(AbuseReport {
            reporting_user: optional_uri(r)?,
            alleged_abuser: MimiUri::decode(r)?,
            reason: AbuseType::decode(r)?,
            note: r.utf8_at_most("a note", MAX_NOTE_LEN)?.to_owned(),
            messages: r.list_at_most(
                "an abuse report",
                MAX_REPORTED_MESSAGES,
                AbusiveMessage::decode,
            )?,
            extensions: ComponentMap::decode(r)?,
        })
    }
}

/// A URI whose absence is an empty string.
fn optional_uri(r: &mut Reader<'_>) -> Result<Option<MimiUri>, DecodeError> {
    let mut ahead = r.clone();
    if ahead.opaque()?.is_empty() {
        *r = ahead;
        return Ok(None);
    }
    MimiUri::decode(r).map(Some)
}
