//! The MIMI content format (CONTENT): what MLS application messages carry.

mod decode;
mod encode;
mod extensions;
mod external;
mod limits;
mod name;
mod part;
#[cfg(feature = "serde")]
mod serde;
mod value;

use std::borrow::Cow;
use std::fmt;

use crate::cbor::Rule;
use crate::message_id::{MessageId, Salt};

pub(crate) use decode::read_message_id;

pub use extensions::{Extensions, KnownExtension};
pub use external::{AssetKey, ExternalPart};
pub use limits::{
    MAX_EXTENSION_LEVELS, MAX_EXTENSION_NAME_LEN, MAX_PART_LEVELS, MAX_PARTS, MAX_TOPIC_ID_LEN,
    MIN_MULTI_PARTS,
};
pub use name::ExtensionName;
pub use part::{Disposition, NestedPart, Part, PartSemantics, Parts};
pub use value::ExtensionValue;

/// A message: how it relates to others, and its body (CONTENT, "MIMI Content
/// Container Message Semantics").
///
/// A decoded message borrows texts and octets from its encoding;
/// [`MimiContent::into_owned`] makes one that stands alone. Every value of this
/// type has an encoding: what the draft limits is limited by the types of the
/// fields. [`MimiContent::decode`] accepts exactly what [`MimiContent::encode`]
/// makes. The message ID, the franking tag and reports of abuse cover these
/// octets: encode once, keep them as sent or received, and hash those.
///
/// `Debug` shows the form of the message and nothing that people wrote.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(::serde::Serialize, ::serde::Deserialize))]
pub struct MimiContent<'a> {
    /// Makes the message unique.
    pub salt: Salt,
    /// The first version of the message that this one edits or deletes.
    pub replaces: Option<MessageId>,
    /// The topic or thread.
    pub topic_id: TopicId<'a>,
    /// When receivers should delete the message.
    pub expires: Option<Expiration>,
    /// The message to which this one replies or reacts.
    pub in_reply_to: Option<MessageId>,
    /// Everything else about the message (`mimiExtensions`).
    pub extensions: Extensions<'a>,
    /// The body (`nestedPart`).
    pub body: NestedPart<'a>,
}

impl<'a> MimiContent<'a> {
    /// A message with this body that stands for itself.
    #[must_use]
    pub fn new(salt: Salt, body: NestedPart<'a>) -> Self {
        MimiContent {
            salt,
            replaces: None,
            topic_id: TopicId::NONE,
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

    /// The same in a topic.
    #[must_use]
    pub fn with_topic(mut self, topic: TopicId<'a>) -> Self {
        self.topic_id = topic;
        self
    }

    /// The same, to be deleted by its receivers.
    #[must_use]
    pub fn with_expiration(mut self, expires: Expiration) -> Self {
        self.expires = Some(expires);
        self
    }

    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> MimiContent<'static> {
        MimiContent {
            salt: self.salt,
            replaces: self.replaces,
            topic_id: self.topic_id.into_owned(),
            expires: self.expires,
            in_reply_to: self.in_reply_to,
            extensions: self.extensions.into_owned(),
            body: self.body.into_owned(),
        }
    }
}

impl fmt::Debug for MimiContent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MimiContent")
            .field("salt", &self.salt)
            .field("replaces", &self.replaces)
            .field("topic_id", &self.topic_id)
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
#[cfg_attr(feature = "serde", derive(::serde::Serialize, ::serde::Deserialize))]
pub enum Expiration {
    /// At a time, in seconds since the Unix epoch.
    At(u32),
    /// So many seconds after the receiver has read it.
    AfterReading(u32),
}

/// What the messages of a topic or thread have in common: at most
/// [`MAX_TOPIC_ID_LEN`] octets, and none for no topic (CONTENT, "Topics /
/// Threading").
///
/// `Debug` shows the length only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TopicId<'a>(Cow<'a, [u8]>);

impl<'a> TopicId<'a> {
    /// No topic.
    pub const NONE: TopicId<'a> = TopicId(Cow::Borrowed(&[]));

    /// Takes the octets of a topic ID.
    ///
    /// # Errors
    /// When there are more than [`MAX_TOPIC_ID_LEN`].
    #[inline]
    pub fn new(octets: impl Into<Cow<'a, [u8]>>) -> Result<Self, Rule> {
        let octets = octets.into();
        if octets.len() > MAX_TOPIC_ID_LEN {
            return Err(limits::TOO_LONG_TOPIC);
        }
        Ok(TopicId(octets))
    }

    /// The octets.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether there is no topic.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> TopicId<'static> {
        TopicId(self.0.into_owned().into())
    }
}

impl fmt::Debug for TopicId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} octets", self.0.len())
    }
}
