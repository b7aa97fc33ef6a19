//! How a message finds its place.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;

use bytes::Bytes;

use super::state::{Message, Role, Stored};
use super::{Change, Grant, Inserted, Position, Received, Replacement, Timeline};
use crate::MessageId;

type Rights<'a> = &'a dyn Fn(&Replacement<'_>) -> Grant;
type Changes = BTreeSet<Change>;

impl Timeline {
    /// Takes a message, and says what changed.
    ///
    /// `rights` judges messages that edit or delete others: this one, or
    /// earlier ones that have waited for it. It is asked once for each, when
    /// the message to be replaced is there, and its answers stay.
    /// [`sender_only`](super::sender_only) is what the draft demands where a
    /// room's policy says nothing else.
    ///
    /// The caller has checked that the ID was computed from what was received,
    /// that `sender` sent it and was in the room, and that times are sensible
    /// (CONTENT, "General handling").
    pub fn insert(
        &mut self,
        message: Received,
        rights: impl Fn(&Replacement<'_>) -> Grant,
    ) -> Inserted {
        let id = message.id;
        let Entry::Vacant(vacant) = self.stored.entry(id) else {
            return Inserted::Duplicate;
        };
        let statuses = self.held.take(&id);
        let stored: &Stored = vacant.insert(Box::new(Stored::new(message, statuses)));

        let mut changes = Changes::new();
        if let Some(time) = stored.deadline() {
            self.deadlines.insert((time, id));
        }
        let content = &stored.received.content;
        let in_reply_to = content.in_reply_to;
        let is_placed = if let Some(replaced) = content.replaces {
            self.replace(id, replaced, &rights, &mut changes)
        } else {
            if stored.message().is_some_and(|message| !message.is_reaction) {
                let position = stored.received.position();
                self.order.insert(position);
                self.topics.insert(&content.topic_id, position);
                changes.insert(Change::Added(id));
            }
            if let Some(named) = in_reply_to {
                let target = self.resolve(&named).unwrap_or(named);
                self.chains.link(id, target);
                self.react(id, &mut changes);
            }
            true
        };
        if is_placed {
            self.wake(id, &rights, &mut changes);
        }
        if changes.is_empty() {
            Inserted::Held
        } else {
            Inserted::Changed(changes)
        }
    }

    /// The first version of the message of which `id` is a version.
    pub(super) fn resolve(&self, id: &MessageId) -> Option<MessageId> {
        match self.stored.get(id)?.role {
            Role::Message(_) => Some(*id),
            Role::Version { of, .. } => Some(of),
            Role::Refused | Role::Waiting { .. } => None,
        }
    }

    /// Places what has waited for `id`, and what has waited for that.
    fn wake(&mut self, id: MessageId, rights: Rights<'_>, changes: &mut Changes) {
        let mut placed = vec![id];
        while let Some(id) = placed.pop() {
            for waiter in self.waiting.remove(&id).unwrap_or_default() {
                let replaces = self
                    .stored
                    .get(&waiter)
                    .map(|w| w.received.content.replaces);
                match replaces {
                    Some(Some(_)) if self.replace(waiter, id, rights, changes) => {
                        placed.push(waiter);
                    }
                    Some(None) => self.react(waiter, changes),
                    _ => {}
                }
            }
        }
    }

    /// Makes `id`, which replaces `named`, a version if it may be one.
    fn replace(
        &mut self,
        id: MessageId,
        named: MessageId,
        rights: Rights<'_>,
        changes: &mut Changes,
    ) -> bool {
        let Some(original) = self.resolve(&named) else {
            self.waiting.entry(named).or_default().insert(id);
            return false;
        };
        let grant = self.judge(&id, &original, rights).unwrap_or_default();
        let Some(version) = self.stored.get_mut(&id) else {
            return false;
        };
        if let Some(time) = version.deadline() {
            self.deadlines.remove(&(time, id));
        }
        if grant == Grant::NOTHING {
            version.role = Role::Refused;
            version.erase();
            changes.insert(Change::Refused(id));
            return false;
        }
        self.accept(id, original, grant, changes);
        true
    }

    fn judge(&self, id: &MessageId, original: &MessageId, rights: Rights<'_>) -> Option<Grant> {
        let replacement = self.stored.get(id)?;
        let original = self.stored.get(original)?;
        Some(rights(&Replacement {
            id: *id,
            sender: &replacement.received.sender,
            accepted: replacement.received.accepted,
            original: original.received.id,
            original_sender: &original.received.sender,
            original_accepted: original.received.accepted,
            is_reaction: original.message()?.is_reaction,
            is_delete: replacement.is_delete,
        }))
    }

    /// Adds a version to its message.
    fn accept(&mut self, id: MessageId, of: MessageId, grant: Grant, changes: &mut Changes) {
        let Some(version) = self.stored.get_mut(&id) else {
            return;
        };
        let position = version.received.position();
        let deletes = version.is_delete && grant.body;
        let lapsed = version.role == Role::Waiting { lapsed: true } && grant.body;
        version.role = Role::Version { of, grant };
        if self.chains.contains(&id) {
            self.chains.link(id, of);
        }
        changes.insert(Change::Updated(of));

        let Some(message) = self.message(&of) else {
            return;
        };
        let was_present = message.is_present();
        let is_newest = Some(&position) > message.body();
        let shows_other = grant.body && (is_newest || deletes || lapsed);
        let sets_topic = grant.topic && Some(&position) > message.topic() && !message.is_reaction;
        if shows_other {
            self.unreact(of, changes);
        }
        if sets_topic {
            self.leave_topic(&of);
        }
        if let Some(stored) = self.stored.get_mut(&of)
            && let deadline = stored.deadline()
            && let Role::Message(message) = &mut stored.role
        {
            let history = message.history.get_or_insert_default();
            history.versions.insert(position);
            if grant.body {
                history.body = history.body.max(Some(position));
            }
            if grant.topic {
                history.topic = history.topic.max(Some(position));
            }
            if deletes {
                let first = history.deleted.unwrap_or(position);
                history.deleted = Some(first.min(position));
            }
            message.is_expired = history.deleted.is_none() && (message.is_expired || lapsed);
            if !message.is_present()
                && let Some(time) = deadline
            {
                self.deadlines.remove(&(time, of));
            }
        }
        if sets_topic {
            self.enter_topic(&of);
        }
        match self.message(&of) {
            Some(message) if message.is_present() => {
                if shows_other {
                    self.react(of, changes);
                }
            }
            // The other ones are erased already.
            _ if !was_present => {
                if let Some(version) = self.stored.get_mut(&id) {
                    version.erase();
                }
            }
            _ => self.erase_all(of),
        }
    }

    pub(super) fn message(&self, id: &MessageId) -> Option<&Message> {
        self.stored.get(id)?.message()
    }

    /// Erases all versions of a message.
    pub(super) fn erase_all(&mut self, id: MessageId) {
        let versions = self.message(&id).into_iter().flat_map(Message::versions);
        let ids: Vec<_> = versions.map(|version| version.id).chain([id]).collect();
        for id in ids {
            if let Some(stored) = self.stored.get_mut(&id) {
                stored.erase();
            }
        }
    }

    fn leave_topic(&mut self, id: &MessageId) {
        if let Some((topic, position)) = self.place_of(id) {
            self.topics.remove(&topic, &position);
        }
    }

    fn enter_topic(&mut self, id: &MessageId) {
        if let Some((topic, position)) = self.place_of(id) {
            self.topics.insert(&topic, position);
        }
    }

    fn place_of(&self, id: &MessageId) -> Option<(Bytes, Position)> {
        let position = self.stored.get(id)?.received.position();
        Some((self.topic_of(id)?.clone(), position))
    }

    /// The topic that the message `id` has now.
    pub(super) fn topic_of(&self, id: &MessageId) -> Option<&Bytes> {
        let stored = self.stored.get(id)?;
        let source = match stored.message()?.topic() {
            Some(version) => self.stored.get(&version.id)?,
            None => stored,
        };
        Some(&source.received.content.topic_id)
    }
}
