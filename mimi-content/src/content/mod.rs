//! The MIMI content format (CONTENT): what MLS application messages carry.

mod decode;
mod encode;
mod extensions;
mod limits;
mod part;

use std::fmt;

use bytes::Bytes;

use crate::message_id::{MessageId, Salt};

pub(crate) use decode::read_message_id;

pub use extensions::{ExtensionName, ExtensionValue, Extensions};
pub use limits::{
    MAX_EXTENSION_LEVELS, MAX_EXTENSION_NAME_LEN, MAX_PART_LEVELS, MAX_PARTS, MAX_TOPIC_ID_LEN,
    MIN_MULTI_PARTS,
};
pub use part::{Disposition, ExternalPart, NestedPart, Part, PartSemantics};

/// A message: how it relates to others, and its body (CONTENT, "MIMI Content
/// Container Message Semantics").
///
/// [`MimiContent::decode`] accepts exactly what [`MimiContent::encode`] makes.
/// The message ID, the franking tag and reports of abuse cover these octets:
/// keep them as received, and hash those.
///
/// `Debug` shows the form of the message and nothing that people wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct MimiContent {
    /// Makes the message unique.
    pub salt: Salt,
    /// The first version of the message that this one edits or deletes.
    pub replaces: Option<MessageId>,
    /// The topic or thread, empty for none; at most [`MAX_TOPIC_ID_LEN`]
    /// octets.
    pub topic_id: Bytes,
    /// When receivers should delete the message.
    pub expires: Option<Expiration>,
    /// The message to which this one replies or reacts.
    pub in_reply_to: Option<MessageId>,
    /// Everything else about the message (`mimiExtensions`).
    pub extensions: Extensions,
    /// The body (`nestedPart`).
    pub body: NestedPart,
}

impl MimiContent {
    /// A message with this body that stands for itself.
    #[must_use]
    pub fn new(salt: Salt, body: NestedPart) -> Self {
        MimiContent {
            salt,
            replaces: None,
            topic_id: Bytes::new(),
            expires: None,
            in_reply_to: None,
            extensions: Extensions::new(),
            body,
        }
    }

    /// The same as a reply or, with a body of [`Disposition::REACTION`], a
    /// reaction to `message`.
    #[must_use]
    pub fn with_reply_to(mut self, message: MessageId) -> Self {
        self.in_reply_to = Some(message);
        self
    }

    /// The same as an edit of `message`, the first version of what it edits;
    /// with a body of [`Part::Null`] it deletes instead (CONTENT, "Edit" and
    /// "Delete").
    #[must_use]
    pub fn with_replaces(mut self, message: MessageId) -> Self {
        self.replaces = Some(message);
        self
    }
}

impl fmt::Debug for MimiContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MimiContent")
            .field("salt", &self.salt)
            .field("replaces", &self.replaces)
            .field("topic_id", &format_args!("{} octets", self.topic_id.len()))
            .field("expires", &self.expires)
            .field("in_reply_to", &self.in_reply_to)
            .field("extensions", &self.extensions)
            .field("body", &self.body)
            .finish()
    }
}

/// When receivers should delete a message (CONTENT, "Message Behavior
/// Fields").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiration {
    /// At a time, in seconds since the Unix epoch.
    At(u32),
    /// So many seconds after the receiver has read it.
    AfterReading(u32),
}
