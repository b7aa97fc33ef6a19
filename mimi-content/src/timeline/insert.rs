//! How a message finds its place.

use std::collections::BTreeSet;

use super::state::{Effect, Message, Role, Stored};
use super::{Change, Grant, Inserted, Position, Received, Replacement, Timeline};
use crate::MessageId;

pub(super) type Rights<'a> = &'a dyn Fn(&Replacement<'_>) -> Grant;
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
        // Nothing waits for what is there already.
        let (statuses, link) = (self.held.take(&id), self.chains.take(&id));
        let Some(stored) = self.stored.insert(Stored::new(message, statuses, link)) else {
            return Inserted::Duplicate;
        };

        let mut changes = Changes::new();
        self.deadlines
            .extend(stored.deadline().map(|time| (time, id)));
        let content = &stored.received.content;
        if stored.message().is_some_and(|message| !message.is_reaction) {
            let position = stored.received.position();
            self.order.insert(position);
            self.topics.insert(content.topic_id.as_bytes(), position);
            changes.insert(Change::Added(id));
        }
        let (replaces, in_reply_to) = (content.replaces, content.in_reply_to);
        let is_placed = if let Some(named) = replaces {
            self.replace(id, named, &rights, &mut changes)
        } else {
            if let Some(named) = in_reply_to {
                self.link(id, named);
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
                if self.message(&waiter).is_some() {
                    self.react(waiter, changes);
                } else if self.replace(waiter, id, rights, changes) {
                    placed.push(waiter);
                }
            }
        }
    }

    /// Makes `id`, which replaces `named`, a version of that message if it is
    /// there and if it may be one.
    fn replace(
        &mut self,
        id: MessageId,
        named: MessageId,
        rights: Rights<'_>,
        changes: &mut Changes,
    ) -> bool {
        let Some(of) = self.resolve(&named) else {
            self.waiting.entry(named).or_default().insert(id);
            return false;
        };
        let (Some(version), Some(original)) = (self.stored.get(&id), self.stored.get(&of)) else {
            return false;
        };
        if let Some(time) = version.deadline() {
            self.deadlines.remove(&(time, id));
        }
        let grant = version.judged(original, rights);
        let effect = Effect::of(version, grant, original);
        let was_present = original.message().is_some_and(Message::is_present);
        if grant == Grant::NOTHING {
            changes.insert(Change::Refused(id));
            self.settle(id, Role::Refused, true);
            return false;
        }

        changes.insert(Change::Updated(of));
        if effect.shows_other {
            self.unreact(of, changes);
        }
        if effect.moves {
            self.leave_topic(&of);
        }
        let mut is_present = was_present;
        if let Some(original) = self.stored.get_mut(&of) {
            let deadline = original.deadline();
            is_present = original.accept(effect);
            if let Some(time) = deadline.filter(|_| !is_present) {
                self.deadlines.remove(&(time, of));
            }
        }
        self.settle(id, Role::Version { of, grant }, !is_present);
        if was_present && !is_present {
            self.erase_all(of);
        }
        if effect.moves {
            self.enter_topic(&of);
        }
        if effect.shows_other {
            self.react(of, changes);
        }
        true
    }

    /// Ends the waiting of a replacement.
    fn settle(&mut self, id: MessageId, role: Role, erase: bool) {
        let Some(version) = self.stored.get_mut(&id) else {
            return;
        };
        if erase {
            version.erase();
        }
        let of = match role {
            Role::Version { of, .. } => Some(of),
            _ => None,
        };
        version.role = role;
        // Some may have replied to it while it waited.
        if let Some(of) = of.filter(|_| version.chain.is_some()) {
            self.link(id, of);
        }
    }

    /// Notes that following the chain of replies leads from `id` to `named`.
    fn link(&mut self, id: MessageId, named: MessageId) {
        let from = self.node(id);
        let to = self.node(self.resolve(&named).unwrap_or(named));
        self.chains.link(from, to);
    }

    fn node(&mut self, id: MessageId) -> usize {
        match self.stored.get_mut(&id) {
            Some(stored) => self.chains.of(&mut stored.chain),
            None => self.chains.of_unseen(id),
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

    fn place_of(&self, id: &MessageId) -> Option<(Vec<u8>, Position)> {
        let position = self.stored.get(id)?.received.position();
        Some((self.topic_of(id)?.to_vec(), position))
    }

    /// The topic that the message `id` has now.
    pub(super) fn topic_of(&self, id: &MessageId) -> Option<&[u8]> {
        let stored = self.stored.get(id)?;
        let source = match stored.message()?.topic() {
            Some(version) => self.stored.get(&version.id)?,
            None => stored,
        };
        Some(source.received.content.topic_id.as_bytes())
    }
}
