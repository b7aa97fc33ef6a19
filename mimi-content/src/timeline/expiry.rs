//! Messages that go away by themselves.

use std::collections::BTreeSet;

use super::state::Role;
use super::{Change, Timeline};
use crate::{MessageId, Timestamp};

impl Timeline {
    /// Notes that the local user has read the message of which `id` is a
    /// version, at the time `now`: from then on counts what expires after
    /// reading (CONTENT, "Expiring"). The first time counts.
    ///
    /// Call it for messages that the local user wrote, too, with the time when
    /// they were sent.
    ///
    /// `false` means that there is no such message.
    pub fn read(&mut self, id: &MessageId, now: Timestamp) -> bool {
        let Some(id) = self.resolve(id) else {
            return false;
        };
        let Some(stored) = self.stored.get_mut(&id) else {
            return false;
        };
        let before = stored.deadline();
        if let Role::Message(message) = &mut stored.role {
            message.read = Some(message.read.map_or(now, |read| read.min(now)));
        }
        let after = stored.deadline();
        if let Some(time) = before {
            self.deadlines.remove(&(time, id));
        }
        if let Some(time) = after {
            self.deadlines.insert((time, id));
        }
        true
    }

    /// When [`Timeline::expire`] has something to do next. This may be a time
    /// in the past: messages can arrive when they have expired already.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.deadlines.first().map(|(time, _)| *time)
    }

    /// Lets everything expire whose time has come at `now`, and says what
    /// changed (CONTENT, "Expiring").
    ///
    /// An expired message loses the content of all its versions, those that
    /// will arrive later too. What stays is its place, its sender and who
    /// reacted to it. Edits do not change when a message expires.
    pub fn expire(&mut self, now: Timestamp) -> BTreeSet<Change> {
        let mut changes = BTreeSet::new();
        while let Some(&(time, id)) = self.deadlines.first()
            && time <= now
        {
            self.deadlines.pop_first();
            self.unreact(id, &mut changes);
            let Some(stored) = self.stored.get_mut(&id) else {
                continue;
            };
            match &mut stored.role {
                Role::Message(message) => {
                    message.is_expired = true;
                    self.erase_all(id);
                    changes.insert(Change::Updated(id));
                }
                Role::Waiting { lapsed } => {
                    *lapsed = true;
                    stored.erase();
                }
                Role::Version { .. } | Role::Refused => {}
            }
        }
        changes
    }
}
