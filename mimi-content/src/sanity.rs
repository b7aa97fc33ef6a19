//! Values that make no sense and most likely come from a malicious sender
//! (CONTENT, "General handling").
//!
//! Decoding never looks at a clock or at the room. This check does: the receiver
//! hands in what it knows. What comes out should be logged and the message
//! discarded.
//!
//! ```
//! use mimi_content::sanity::{Facts, Nonsense, nonsense};
//! use mimi_content::{Expiration, MimiContent, NestedPart, Salt, Timestamp};
//!
//! let now = Timestamp::from_millis(1_800_000_000_000);
//! let facts = Facts {
//!     now,
//!     accepted: now,
//!     room_created: None,
//!     sender_is_member: true,
//!     id_is_known: false,
//!     len: 100,
//!     max_len: 1 << 20,
//! };
//! let message = MimiContent::new(Salt::new([0x5e; 16]), NestedPart::plain("Hi"));
//! assert_eq!(nonsense(&message, &facts), []);
//!
//! let message = message.with_expiration(Expiration::At(1_500_000_000));
//! assert_eq!(nonsense(&message, &facts), [Nonsense::ExpiredLongAgo]);
//! ```
//!
//! Some of the draft's list is refused by decoding already: message IDs with
//! another hash algorithm, topic IDs that are too long, too many parts or levels
//! of parts, an unknown `partSemantics`.

use crate::content::{Expiration, MimiContent};
use crate::time::Timestamp;

/// How far ahead of the receiver's clock a timestamp may be, in milliseconds: "a
/// few minutes".
pub const MAX_AHEAD_MILLIS: u64 = 5 * 60 * 1000;

/// When the first concrete syntax of the format was published, 2024-05-01. No
/// message is older.
pub const SYNTAX_PUBLISHED: Timestamp = Timestamp::from_millis(1_714_521_600_000);

/// A year, in seconds; the longest one, so that a year from today is a year.
pub const YEAR_SECS: u64 = 366 * 24 * 60 * 60;

/// What a receiver knows when a message arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The time now.
    pub now: Timestamp,
    /// When the hub accepted the message.
    pub accepted: Timestamp,
    /// When the room was created, if known.
    pub room_created: Option<Timestamp>,
    /// Whether the sender is a member of the MLS group.
    pub sender_is_member: bool,
    /// Whether a message with the same ID was met before.
    pub id_is_known: bool,
    /// Length of the encoded message in octets.
    pub len: usize,
    /// Longest message that this receiver takes, in octets.
    pub max_len: usize,
}

/// Something that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Nonsense {
    /// The apparent sender is not in the group.
    #[error("the sender is not a member of the group")]
    SenderNotMember,
    /// Another message had the same ID.
    #[error("the message ID was met before")]
    DuplicateId,
    /// It was accepted more than [`MAX_AHEAD_MILLIS`] from now.
    #[error("the message was accepted in the future")]
    FromTheFuture,
    /// It was accepted before [`SYNTAX_PUBLISHED`].
    #[error("the message was accepted before its format was published")]
    BeforeSyntax,
    /// It was accepted before the room was created.
    #[error("the message was accepted before the room was created")]
    BeforeRoom,
    /// It expired more than a year ago.
    #[error("the message expired more than a year ago")]
    ExpiredLongAgo,
    /// It expires more than a year from now, or more than a year after it is read.
    #[error("the message expires in more than a year")]
    ExpiresTooLate,
    /// It is larger than the receiver takes.
    #[error("the message is too large")]
    TooLarge,
}

/// Everything about a message that makes no sense, in the order of the draft's
/// list.
#[must_use]
pub fn nonsense(message: &MimiContent<'_>, facts: &Facts) -> Vec<Nonsense> {
    let now = facts.now.as_secs();
    let latest = facts.now.plus_millis(MAX_AHEAD_MILLIS);
    let created = facts.room_created;
    let checks = [
        (!facts.sender_is_member, Nonsense::SenderNotMember),
        (facts.id_is_known, Nonsense::DuplicateId),
        (facts.accepted > latest, Nonsense::FromTheFuture),
        (facts.accepted < SYNTAX_PUBLISHED, Nonsense::BeforeSyntax),
        (
            created.is_some_and(|created| facts.accepted < created),
            Nonsense::BeforeRoom,
        ),
        (
            matches!(message.expires, Some(Expiration::At(time))
                if u64::from(time).saturating_add(YEAR_SECS) < now),
            Nonsense::ExpiredLongAgo,
        ),
        (
            match message.expires {
                Some(Expiration::At(time)) => u64::from(time) > now.saturating_add(YEAR_SECS),
                Some(Expiration::AfterReading(time)) => u64::from(time) > YEAR_SECS,
                None => false,
            },
            Nonsense::ExpiresTooLate,
        ),
        (facts.len > facts.max_len, Nonsense::TooLarge),
    ];
    let found = checks.into_iter().filter(|(holds, _)| *holds);
    found.map(|(_, what)| what).collect()
}
