//! A message as an application draws it.

use std::fmt;

use super::reactions::Reaction;
use super::state::{Message, Stored};
use super::version::Version;
use super::{Position, Timeline};
use crate::{Extensions, MessageId, MimiUri, NestedPart, Timestamp};

/// One message in its present form, with all that refers to it.
///
/// Its sender, place, reply and expiry are those of its first version, whatever
/// edits say (CONTENT, "Rendering and authorization of edits and deletes").
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    timeline: &'a Timeline,
    stored: &'a Stored,
    message: &'a Message,
}

/// What there is to show of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State<'a> {
    /// The body of its current version.
    Present(&'a NestedPart<'static>),
    /// Somebody deleted it: show a placeholder (CONTENT, "Delete").
    Deleted {
        /// Who did so first. That need not be the sender.
        by: &'a MimiUri,
        /// The message that did.
        version: MessageId,
    },
    /// It expired.
    Expired,
}

/// What a message replies or reacts to.
#[derive(Debug, Clone, Copy)]
pub enum Reference<'a> {
    /// Something that is not there, or a replacement without the right to be
    /// one.
    Unknown(MessageId),
    /// A version of a message.
    Known {
        /// The message.
        message: Entry<'a>,
        /// The version, counted from 0, the first one.
        version: usize,
        /// Whether it is the one that is shown now. If not, say so: people
        /// answered something else (CONTENT, "Rendering and authorization of
        /// edits and deletes").
        is_current: bool,
    },
}

impl<'a> Entry<'a> {
    /// `stored` if it stands for itself.
    pub(super) fn new(timeline: &'a Timeline, stored: &'a Stored) -> Option<Self> {
        Some(Entry {
            timeline,
            stored,
            message: stored.message()?,
        })
    }

    /// The ID of its first version. It is what an edit or delete replaces.
    #[must_use]
    pub fn id(&self) -> MessageId {
        self.stored.received.id
    }

    /// Where it is in the room.
    #[must_use]
    pub fn position(&self) -> Position {
        self.stored.received.position()
    }

    /// Who sent it.
    #[must_use]
    pub fn sender(&self) -> &'a MimiUri {
        &self.stored.received.sender
    }

    /// When the hub accepted its first version.
    #[must_use]
    pub fn accepted(&self) -> Timestamp {
        self.stored.received.accepted
    }

    /// What there is to show.
    #[must_use]
    pub fn state(&self) -> State<'a> {
        if let Some(version) = self.message.deleted() {
            let by = self.timeline.stored.get(&version.id);
            return State::Deleted {
                by: by.map_or(self.sender(), |by| &by.received.sender),
                version: version.id,
            };
        }
        if self.message.is_expired {
            return State::Expired;
        }
        let current = self.message.body();
        let current = current.and_then(|version| self.timeline.stored.get(&version.id));
        let current = current.map_or(self.stored, |version| version);
        State::Present(&current.received.content.body)
    }

    /// Whether the body that is shown is not the one that was sent first. If
    /// so, say so (CONTENT, "Edit").
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.current().is_some_and(|current| current != self.id())
    }

    /// Whether it is a reaction to another message (CONTENT, "Reaction"): it
    /// names one, and each of its parts is a reaction. That does not change
    /// with edits.
    #[must_use]
    pub fn is_reaction(&self) -> bool {
        self.message.is_reaction
    }

    /// Its topic, empty for none (CONTENT, "Topics / Threading").
    #[must_use]
    pub fn topic(&self) -> &'a [u8] {
        self.timeline.topic_of(&self.id()).unwrap_or_default()
    }

    /// The extensions; none if it was deleted or has expired.
    #[must_use]
    pub fn extensions(&self) -> &'a Extensions<'static> {
        &self.stored.received.content.extensions
    }

    /// Its versions in order: the first one, then all accepted replacements by
    /// timestamp and ID (CONTENT, "Edit").
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = Version<'a>> + use<'a> {
        let Entry {
            timeline,
            stored: first,
            message,
        } = *self;
        let replacements = message.versions();
        let replacements = replacements.filter_map(|at| timeline.stored.get(&at.id));
        let all = std::iter::once(first).chain(replacements);
        all.map(move |stored| Version::new(first, stored, !message.is_present()))
    }

    /// What it replies or reacts to.
    #[must_use]
    pub fn in_reply_to(&self) -> Option<Reference<'a>> {
        let named = self.stored.received.content.in_reply_to?;
        let Some(message) = self.timeline.get(&named) else {
            return Some(Reference::Unknown(named));
        };
        let (version, is_current) = message.version(&named);
        Some(Reference::Known {
            message,
            version,
            is_current,
        })
    }

    /// The version whose body is shown.
    pub(super) fn current(&self) -> Option<MessageId> {
        let current = self.message.body().map_or(self.id(), |body| body.id);
        self.message.is_present().then_some(current)
    }

    /// Which version `id` is, and whether its body is the one shown.
    fn version(&self, id: &MessageId) -> (usize, bool) {
        let replacement = self.timeline.stored.get(id).filter(|_| *id != self.id());
        let position = replacement.map(|stored| stored.received.position());
        let number = match (&position, &self.message.history) {
            (Some(position), Some(history)) => history.versions.rank(position).saturating_add(1),
            _ => 0,
        };
        let is_current = self.message.is_present() && position.as_ref() >= self.message.body();
        (number, is_current)
    }

    /// What it replies to, what that replies to, and so on; nothing if
    /// [`Entry::is_looped`].
    pub fn ancestors(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let parent = |entry: &Entry<'a>| match entry.in_reply_to()? {
            Reference::Known { message, .. } => Some(message),
            Reference::Unknown(_) => None,
        };
        let first = if self.is_looped() { None } else { parent(self) };
        std::iter::successors(first, parent)
    }

    /// Whether following the replies from here runs into a loop (CONTENT,
    /// "Message Behavior Fields").
    ///
    /// IDs are hashes, so this does not happen unless the caller was given IDs
    /// that are none. The arrival of one message can change this for others;
    /// that is not among the changes.
    #[must_use]
    pub fn is_looped(&self) -> bool {
        self.timeline.chains.is_looped(self.stored.chain)
    }

    /// The reactions to it, grouped by what they say (CONTENT, "Reaction"). The
    /// groups have an order that stays, but means nothing.
    pub fn reactions(&self) -> impl DoubleEndedIterator<Item = Reaction<'a>> + use<'a> {
        let timeline = self.timeline;
        let groups = self.message.reactions.values();
        groups.map(move |group| Reaction::new(timeline, group))
    }

    /// When the local user first read it.
    #[must_use]
    pub fn read_at(&self) -> Option<Timestamp> {
        self.message.read
    }

    /// When it will expire; `None` for never, not known before it was read, or
    /// if nothing is left of it.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.stored.deadline()
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("position", &self.position())
            .field("sender", self.sender())
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}
