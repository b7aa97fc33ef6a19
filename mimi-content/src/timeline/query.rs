//! What an application asks.

use std::collections::BTreeSet;
use std::collections::btree_set::Range;
use std::ops::{Bound, RangeBounds};

use super::state::Role;
use super::{Entry, Position, Received, Timeline};
use crate::MessageId;

/// Why a message cannot be replied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplyError {
    /// There is no such message.
    #[error("the message to reply to is not known")]
    Unknown,
    /// CONTENT, "Delete" and "Expiring": nothing is left of it.
    #[error("the message to reply to was deleted or has expired")]
    Gone,
    /// CONTENT, "Message Behavior Fields": a client must not knowingly make a
    /// sequence of replies with a loop.
    #[error("the message to reply to is in a loop of replies")]
    Loop,
}

impl Timeline {
    /// The message of which `id` is a version; `None` if there is none, or if
    /// `id` waits for it or is refused.
    ///
    /// This finds reactions, too.
    #[must_use]
    pub fn get(&self, id: &MessageId) -> Option<Entry<'_>> {
        let stored = self.stored.get(id)?;
        let stored = match stored.role {
            Role::Version { of, .. } => self.stored.get(&of)?,
            _ => stored,
        };
        Entry::new(self, stored)
    }

    /// The messages of the room in order (CONTENT, "Topics / Threading"),
    /// without reactions.
    ///
    /// `messages(..)` has all of them, `messages(..position).rev().take(50)`
    /// the page before a position.
    pub fn messages(
        &self,
        range: impl RangeBounds<Position>,
    ) -> impl DoubleEndedIterator<Item = Entry<'_>> {
        self.entries(within(&self.order, &range))
    }

    /// The same for one topic. The empty topic has the messages without one.
    pub fn topic<'a, R: RangeBounds<Position>>(
        &'a self,
        topic: &[u8],
        range: R,
    ) -> impl DoubleEndedIterator<Item = Entry<'a>> + use<'a, R> {
        let positions = self.topics.get(topic);
        self.entries(positions.and_then(|positions| within(positions, &range)))
    }

    /// The topics that have messages, in the order of their octets.
    pub fn topics(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.topics.iter()
    }

    /// Edits, deletes and reactions whose message is not there. It may never
    /// come, as if it was sent before the local client joined (CONTENT,
    /// "General handling").
    pub fn waiting(&self) -> impl Iterator<Item = &Received> {
        let waiters = self.waiting.values().flatten();
        waiters
            .filter_map(|id| self.stored.get(id))
            .map(|stored| &stored.received)
    }

    /// The ID that a reply or reaction to the message of which `id` is a
    /// version should name: that of its current version (CONTENT, "Message
    /// Behavior Fields"). An edit or delete names [`Entry::id`] instead.
    ///
    /// # Errors
    /// When there is nothing to reply to, or when the reply would be the next
    /// of a sequence with a loop.
    pub fn reply_to(&self, id: &MessageId) -> Result<MessageId, ReplyError> {
        let entry = self.get(id).ok_or(ReplyError::Unknown)?;
        let current = entry.current().ok_or(ReplyError::Gone)?;
        if entry.is_looped() {
            return Err(ReplyError::Loop);
        }
        Ok(current)
    }

    /// Whether a message with the ID `id` that names `in_reply_to`, which it
    /// must not be sent then, would be in a sequence of replies with a loop
    /// (CONTENT, "Message Behavior Fields").
    ///
    /// [`Timeline::reply_to`] comes before the message has an ID, this after.
    /// As an ID is a hash over the message with all that it refers to, only
    /// broken clients can come that far.
    #[must_use]
    pub fn would_loop(&self, id: &MessageId, in_reply_to: &MessageId) -> bool {
        let target = self.resolve(in_reply_to).unwrap_or(*in_reply_to);
        let link = self.stored.get(&target).map(|stored| stored.chain);
        self.chains.would_loop(id, &target, link)
    }

    fn entries<'a>(
        &'a self,
        positions: Option<Range<'a, Position>>,
    ) -> impl DoubleEndedIterator<Item = Entry<'a>> {
        positions
            .into_iter()
            .flatten()
            .filter_map(|position| self.get(&position.id))
    }
}

/// Like [`BTreeSet::range`], with nothing between bounds in the wrong order.
fn within<'a>(
    positions: &'a BTreeSet<Position>,
    range: &impl RangeBounds<Position>,
) -> Option<Range<'a, Position>> {
    let (start, end) = (range.start_bound(), range.end_bound());
    let is_sound = match (start, end) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => true,
        (Bound::Excluded(start), Bound::Excluded(end)) => start < end,
        (
            Bound::Included(start) | Bound::Excluded(start),
            Bound::Included(end) | Bound::Excluded(end),
        ) => start <= end,
    };
    is_sound.then(|| positions.range((start, end)))
}
