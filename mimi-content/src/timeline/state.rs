//! What is kept of each message.

use std::collections::BTreeMap;

use super::chains::Link;
use super::insert::Rights;
use super::ranked::Ranked;
use super::reactions::Groups;
use super::status::Mark;
use super::{Grant, Position, Received, Replacement};
use crate::{
    Expiration, Extensions, MessageId, MimiContent, MimiUri, NestedPart, Part, Salt, Timestamp,
};

#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Stored {
    pub(super) received: Received,
    pub(super) role: Role,
    /// Whether it is an empty replacement; its body may have been erased later.
    pub(super) is_delete: bool,
    pub(super) statuses: BTreeMap<MimiUri, Mark>,
    pub(super) chain: Link,
}

#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) enum Role {
    /// It replaces nothing.
    Message(Message),
    /// It replaces the message `of`, rightfully.
    Version { of: MessageId, grant: Grant },
    /// It has no right to replace what it names. As if it had never come.
    Refused,
    /// It replaces what is not there yet.
    Waiting {
        /// Whether it expired meanwhile.
        lapsed: bool,
    },
}

#[derive(Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Message {
    pub(super) is_reaction: bool,
    pub(super) is_expired: bool,
    /// When the local user first read it.
    pub(super) read: Option<Timestamp>,
    /// Most messages have none.
    pub(super) history: Option<Box<History>>,
    pub(super) reactions: Groups,
}

/// The accepted replacements of a message.
#[derive(Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct History {
    pub(super) versions: Ranked,
    /// The last one that sets the body.
    pub(super) body: Option<Position>,
    /// The last one that sets the topic.
    pub(super) topic: Option<Position>,
    /// The first one that deletes.
    pub(super) deleted: Option<Position>,
}

impl Stored {
    pub(super) fn new(received: Received, statuses: BTreeMap<MimiUri, Mark>, chain: Link) -> Self {
        let content = &received.content;
        let replaces = content.replaces.is_some();
        Stored {
            role: if replaces {
                Role::Waiting { lapsed: false }
            } else {
                Role::Message(Message {
                    is_reaction: super::reactions::is_reaction(content),
                    ..Message::default()
                })
            },
            is_delete: replaces && content.body.part == Part::Null,
            received,
            statuses,
            chain,
        }
    }

    pub(super) fn message(&self) -> Option<&Message> {
        match &self.role {
            Role::Message(message) => Some(message),
            _ => None,
        }
    }

    /// What it may do to `original`.
    pub(super) fn judged(&self, original: &Stored, rights: Rights<'_>) -> Grant {
        rights(&Replacement {
            id: self.received.id,
            sender: &self.received.sender,
            accepted: self.received.accepted,
            original: original.received.id,
            original_sender: &original.received.sender,
            original_accepted: original.received.accepted,
            is_reaction: original
                .message()
                .is_some_and(|message| message.is_reaction),
            is_delete: self.is_delete,
        })
    }

    /// Adds a version, and says whether there still is something to show.
    pub(super) fn accept(&mut self, effect: Effect) -> bool {
        let Role::Message(message) = &mut self.role else {
            return false;
        };
        let history = message.history.get_or_insert_default();
        let position = effect.position;
        history.versions.insert(position);
        if effect.grant.body {
            history.body = history.body.max(Some(position));
        }
        if effect.grant.topic {
            history.topic = history.topic.max(Some(position));
        }
        if effect.deletes {
            let first = history.deleted.unwrap_or(position);
            history.deleted = Some(first.min(position));
        }
        message.is_expired |= effect.lapses;
        message.is_expired &= history.deleted.is_none();
        message.is_present()
    }

    /// Forgets what people wrote, and the salt, with which a guess at it could
    /// be checked against the message ID.
    pub(super) fn erase(&mut self) {
        let content = &mut self.received.content;
        *content = MimiContent {
            salt: Salt::new([0; 16]),
            replaces: content.replaces,
            topic_id: content.topic_id.clone(),
            expires: content.expires,
            in_reply_to: content.in_reply_to,
            extensions: Extensions::new(),
            body: NestedPart {
                disposition: content.body.disposition,
                ..NestedPart::null()
            },
        };
    }

    /// When it will expire, as far as that is known now.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        let read = match &self.role {
            Role::Message(message) if message.is_present() => message.read,
            // What deletes has no content to lose.
            Role::Waiting { lapsed: false } if !self.is_delete => None,
            _ => return None,
        };
        let millis = |seconds: u32| u64::from(seconds).saturating_mul(1000);
        match self.received.content.expires? {
            Expiration::At(time) => Some(Timestamp::from_millis(millis(time))),
            Expiration::AfterReading(time) => read.map(|read| read.plus_millis(millis(time))),
        }
    }
}

/// What a version does to its message.
#[derive(Clone, Copy)]
pub(super) struct Effect {
    position: Position,
    grant: Grant,
    deletes: bool,
    /// It had expired before its message came, so that has, too.
    lapses: bool,
    /// Another body is shown than before, or none.
    pub(super) shows_other: bool,
    /// The message has another topic than before.
    pub(super) moves: bool,
}

impl Effect {
    pub(super) fn of(version: &Stored, grant: Grant, original: &Stored) -> Self {
        let position = version.received.position();
        let deletes = version.is_delete && grant.body;
        let lapses = version.role == Role::Waiting { lapsed: true } && grant.body;
        let message = original.message();
        let is_newer = |than: Option<&Position>| than.is_none_or(|than| position > *than);
        let is_newest = is_newer(message.and_then(Message::body));
        Effect {
            position,
            grant,
            deletes,
            lapses,
            shows_other: grant.body && (deletes || lapses || is_newest),
            moves: grant.topic
                && message.is_some_and(|message| !message.is_reaction)
                && is_newer(message.and_then(Message::topic)),
        }
    }
}

impl Message {
    /// Whether it still has its content.
    pub(super) fn is_present(&self) -> bool {
        !self.is_expired && self.deleted().is_none()
    }

    pub(super) fn deleted(&self) -> Option<&Position> {
        self.history.as_ref()?.deleted.as_ref()
    }

    /// The version whose body is shown, if that is not the first.
    pub(super) fn body(&self) -> Option<&Position> {
        self.history.as_ref()?.body.as_ref()
    }

    /// The version whose topic it has, if that is not the first.
    pub(super) fn topic(&self) -> Option<&Position> {
        self.history.as_ref()?.topic.as_ref()
    }

    /// The accepted replacements in order.
    pub(super) fn versions(&self) -> impl DoubleEndedIterator<Item = &Position> {
        self.history
            .iter()
            .flat_map(|history| history.versions.iter())
    }
}
