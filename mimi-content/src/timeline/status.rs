//! What other users report about messages.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Timeline};
use crate::{MessageId, MessageStatus, MimiUri, StatusReport, Timestamp};

/// Most messages that are not there about which the reports of one user are
/// kept. When one more is reported, the oldest report goes.
///
/// Reports can outrun messages only while a client catches up, or reads a room's
/// history from its end: a thousand are a long way ahead. In memory they
/// are some hundred kilobytes for each user who sends such reports; nobody can
/// displace the reports of another.
pub const MAX_HELD_STATUSES: usize = 1024;

/// The last word of a user on a message.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Mark {
    pub(super) accepted: Timestamp,
    pub(super) status: MessageStatus,
}

impl Mark {
    /// The greater one stays. That is all there is to merging, so the order in
    /// which reports arrive makes no difference.
    fn rank(self) -> (u8, Timestamp, u8) {
        (finality(self.status), self.accepted, self.status.0)
    }
}

/// A status gives way to later ones of its own row and to all of higher rows.
fn finality(status: MessageStatus) -> u8 {
    match status {
        MessageStatus::DELIVERED | MessageStatus::ERROR => 0,
        MessageStatus::EXPIRED => 2,
        MessageStatus::DELETED => 3,
        _ => 1,
    }
}

/// Reports about messages that are not there yet.
#[derive(Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Held {
    marks: BTreeMap<MessageId, BTreeMap<MimiUri, Mark>>,
    /// The same by user and age.
    ages: BTreeMap<MimiUri, BTreeSet<(Timestamp, MessageId)>>,
}

impl Timeline {
    /// Takes a report of the user `sender`, which the hub accepted at
    /// `accepted`, and says what changed (STATUS, "Delivery Reporting and
    /// Read Receipts").
    ///
    /// For each message the last word of each user counts. Reports may come in
    /// any order, and again. The draft leaves open which statuses can follow
    /// each other. Here it is so, from the weakest row to the strongest:
    ///
    /// | status | gives way to |
    /// |---|---|
    /// | delivered, error | later ones of this row, all below |
    /// | unread, read, hidden, unknown ones | later ones of this row, all below |
    /// | expired | deleted |
    /// | deleted | nothing |
    ///
    /// So what was read can become unread again, but not merely delivered: who
    /// says that a message is unread has received it. Of two reports with
    /// the same timestamp the greater status counts; within a report, the later
    /// entry.
    ///
    /// Statuses of messages that have not arrived wait for them, at most
    /// [`MAX_HELD_STATUSES`] of each user. A status is of the message with
    /// exactly this ID, so an edit has its own: see [`Timeline::statuses`].
    pub fn report(
        &mut self,
        sender: &MimiUri,
        accepted: Timestamp,
        report: &StatusReport,
    ) -> BTreeSet<Change> {
        let mut last: BTreeMap<MessageId, MessageStatus> = BTreeMap::new();
        for entry in &report.0 {
            last.entry(entry.message_id)
                .and_modify(|status| {
                    if finality(entry.status) >= finality(*status) {
                        *status = entry.status;
                    }
                })
                .or_insert(entry.status);
        }
        let mut changes = BTreeSet::new();
        for (id, status) in last {
            let mark = Mark { accepted, status };
            let Some(stored) = self.stored.get_mut(&id) else {
                self.held.hold(id, sender, mark);
                continue;
            };
            let before = stored.statuses.get(sender);
            if before.is_none_or(|before| before.rank() < mark.rank()) {
                stored.statuses.insert(sender.clone(), mark);
                changes.insert(Change::Status(id));
            }
        }
        changes
    }

    /// What became of the message `id` at each user who reported about it, and
    /// when the hub accepted the report. Each version of a message has its own.
    pub fn statuses<'a>(
        &'a self,
        id: &MessageId,
    ) -> impl Iterator<Item = (&'a MimiUri, MessageStatus, Timestamp)> + use<'a> {
        self.stored
            .get(id)
            .into_iter()
            .flat_map(|stored| &stored.statuses)
            .map(|(user, mark)| (user, mark.status, mark.accepted))
    }
}

impl Held {
    fn hold(&mut self, id: MessageId, user: &MimiUri, mark: Mark) {
        let ages = self.ages.entry(user.clone()).or_default();
        let marks = self.marks.entry(id).or_default();
        if let Some(before) = marks.get(user) {
            if before.rank() >= mark.rank() {
                return;
            }
            ages.remove(&(before.accepted, id));
        }
        marks.insert(user.clone(), mark);
        ages.insert((mark.accepted, id));
        if ages.len() > MAX_HELD_STATUSES
            && let Some((_, oldest)) = ages.pop_first()
            && let Some(marks) = self.marks.get_mut(&oldest)
        {
            marks.remove(user);
            if marks.is_empty() {
                self.marks.remove(&oldest);
            }
        }
    }

    /// Hands out what is known of a message that has arrived.
    pub(super) fn take(&mut self, id: &MessageId) -> BTreeMap<MimiUri, Mark> {
        let marks = self.marks.remove(id).unwrap_or_default();
        for (user, mark) in &marks {
            if let Some(ages) = self.ages.get_mut(user) {
                ages.remove(&(mark.accepted, *id));
                if ages.is_empty() {
                    self.ages.remove(user);
                }
            }
        }
        marks
    }
}
