//! The versions of a message.

use std::fmt;

use super::Grant;
use super::state::{Role, Stored};
use crate::{
    ExtensionName, ExtensionValue, MessageId, MimiContent, MimiUri, NestedPart, Timestamp,
};

/// One version of a message: as it was first sent, or a replacement.
#[derive(Clone, Copy)]
pub struct Version<'a> {
    first: &'a Stored,
    stored: &'a Stored,
    is_erased: bool,
}

/// What of a message belongs to one act of sending it: the sender, the room and
/// those of MORE's extensions that do, senderTimestamp, externalMessageId and
/// lastSeen.
const OF_SENDING: [ExtensionName<'static>; 5] = [
    ExtensionName::SENDER_URI,
    ExtensionName::ROOM_URI,
    ExtensionName::SENDER_TIMESTAMP,
    ExtensionName::EXTERNAL_MESSAGE_ID,
    ExtensionName::LAST_SEEN,
];

/// A field that a replacement would have changed without a right to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// `topicId`
    Topic,
    /// `expires`
    Expires,
    /// `inReplyTo`
    InReplyTo,
    /// Extensions other than those that belong to a single act of sending.
    Extensions,
}

impl<'a> Version<'a> {
    pub(super) fn new(first: &'a Stored, stored: &'a Stored, is_erased: bool) -> Self {
        Version {
            first,
            stored,
            is_erased,
        }
    }

    /// Its ID.
    #[must_use]
    pub fn id(&self) -> MessageId {
        self.stored.received.id
    }

    /// Who sent it.
    #[must_use]
    pub fn sender(&self) -> &'a MimiUri {
        &self.stored.received.sender
    }

    /// When the hub accepted it.
    #[must_use]
    pub fn accepted(&self) -> Timestamp {
        self.stored.received.accepted
    }

    /// The body; `None` if it sets none or it is gone.
    #[must_use]
    pub fn body(&self) -> Option<&'a NestedPart<'static>> {
        let sets_body = self.grant().is_none_or(|grant| grant.body);
        (sets_body && !self.is_erased).then_some(&self.stored.received.content.body)
    }

    /// Whether it deletes the message.
    #[must_use]
    pub fn is_delete(&self) -> bool {
        self.stored.is_delete && self.grant().is_some_and(|grant| grant.body)
    }

    /// What it may change; `None` for the first version.
    #[must_use]
    pub fn grant(&self) -> Option<Grant> {
        match self.stored.role {
            Role::Version { grant, .. } => Some(grant),
            _ => None,
        }
    }

    /// What it says differently from the first version without a right to. The
    /// application need not show that, but might log it (CONTENT, "Rendering
    /// and authorization of edits and deletes").
    ///
    /// Extensions that belong to one act of sending may differ: sender, room,
    /// the sender's timestamp, the ID in another system and what was seen last
    /// (MORE). Of messages that are gone, extensions are not known any more. A
    /// version that deletes says nothing.
    #[must_use]
    pub fn ignored(&self) -> Vec<Field> {
        let grant = match self.grant() {
            Some(grant) if !self.is_delete() => grant,
            _ => return Vec::new(),
        };
        let (first, own) = (&self.first.received.content, &self.stored.received.content);
        let differs = [
            (Field::Topic, !grant.topic && first.topic_id != own.topic_id),
            (Field::Expires, first.expires != own.expires),
            (Field::InReplyTo, first.in_reply_to != own.in_reply_to),
            (Field::Extensions, !lasting(first).eq(lasting(own))),
        ];
        let differs = differs.into_iter().filter(|(_, differs)| *differs);
        differs.map(|(field, _)| field).collect()
    }
}

fn lasting<'a>(
    content: &'a MimiContent<'_>,
) -> impl Iterator<Item = (ExtensionName<'a>, ExtensionValue<'a>)> {
    let extensions = content.extensions.iter();
    extensions.filter(|(name, _)| !OF_SENDING.contains(name))
}

impl fmt::Debug for Version<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Version")
            .field("id", &self.id())
            .field("sender", self.sender())
            .field("accepted", &self.accepted())
            .field("body", &self.body())
            .finish_non_exhaustive()
    }
}
