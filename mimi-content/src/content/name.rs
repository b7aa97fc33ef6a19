use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use super::limits::MAX_EXTENSION_NAME_LEN;
use crate::cbor::{MAX_INT_KEY, MIN_INT_KEY, Rule, Sink, Write, Writer};

/// The name of an extension (CONTENT, "Extension Fields").
///
/// Positive integers are registered with IANA; negative ones and texts are for
/// private use. Names are ordered as their encodings are: integers from 0 up,
/// then from -1 down, then texts, the shorter first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ExtensionName<'a> {
    /// From [`MIN_INT_KEY`] to [`MAX_INT_KEY`].
    Int(i64),
    /// Of 1 to [`MAX_EXTENSION_NAME_LEN`] octets.
    Text(Cow<'a, str>),
}

impl ExtensionName<'_> {
    /// The reserved name: kept when received, never made.
    pub(super) const RESERVED: ExtensionName<'static> = ExtensionName::Int(0);
    /// The user who sends the message, as a text string.
    pub const SENDER_URI: ExtensionName<'static> = ExtensionName::Int(1);
    /// The room into which the message is sent, as a text string.
    pub const ROOM_URI: ExtensionName<'static> = ExtensionName::Int(2);
    /// When the message was sent, by the sender's clock (MORE).
    pub const SENDER_TIMESTAMP: ExtensionName<'static> = ExtensionName::Int(3);
    /// The ID that the message has elsewhere (MORE).
    pub const EXTERNAL_MESSAGE_ID: ExtensionName<'static> = ExtensionName::Int(4);
    /// What the message is about (MORE).
    pub const SUBJECT: ExtensionName<'static> = ExtensionName::Int(5);
    /// The latest messages that the sender knew (MORE).
    pub const LAST_SEEN: ExtensionName<'static> = ExtensionName::Int(256);

    /// The name in the registry, if this crate knows it.
    #[must_use]
    pub fn registered(&self) -> Option<&'static str> {
        Some(match *self {
            Self::SENDER_URI => "senderUri",
            Self::ROOM_URI => "roomUri",
            Self::SENDER_TIMESTAMP => "senderTimestamp",
            Self::EXTERNAL_MESSAGE_ID => "externalMessageId",
            Self::SUBJECT => "subject",
            Self::LAST_SEEN => "lastSeen",
            _ => return None,
        })
    }

    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> ExtensionName<'static> {
        match self {
            ExtensionName::Int(value) => ExtensionName::Int(value),
            ExtensionName::Text(text) => ExtensionName::Text(Cow::Owned(text.into_owned())),
        }
    }

    pub(super) fn check(&self) -> Result<(), Rule> {
        match self {
            ExtensionName::Int(MIN_INT_KEY..=MAX_INT_KEY) => Ok(()),
            ExtensionName::Int(_) => Err(Rule::KeyRange),
            ExtensionName::Text(text) => check_name_len(text),
        }
    }

    /// Whether CONTENT says that the value is a text string.
    #[inline]
    pub(super) fn is_text_extension(&self) -> bool {
        matches!(self, ExtensionName::Int(1 | 2))
    }

    /// What is compared first: the major type of the encoding, then what its
    /// head says, then the rest.
    fn rank(&self) -> (u8, u64, &str) {
        match self {
            ExtensionName::Int(value) => match u64::try_from(*value) {
                Ok(value) => (0, value, ""),
                Err(_) => (1, (!value).unsigned_abs(), ""),
            },
            ExtensionName::Text(text) => (3, u64::try_from(text.len()).unwrap_or(u64::MAX), text),
        }
    }
}

pub(super) const A_NAME: &str = "an integer or a text string as name of an extension";

const NAME_OCTETS: &str = "octets in the name of an extension";

pub(super) fn check_name_len(text: &str) -> Result<(), Rule> {
    match text.len() {
        0 => Err(Rule::TooFew {
            what: NAME_OCTETS,
            min: 1,
            found: 0,
        }),
        1..=MAX_EXTENSION_NAME_LEN => Ok(()),
        _ => Err(Rule::Limit {
            what: NAME_OCTETS,
            max: MAX_EXTENSION_NAME_LEN,
        }),
    }
}

impl Ord for ExtensionName<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for ExtensionName<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for ExtensionName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExtensionName::Int(value) => value.fmt(f),
            ExtensionName::Text(text) => write!(f, "{text:?}"),
        }
    }
}

impl From<i64> for ExtensionName<'_> {
    fn from(value: i64) -> Self {
        ExtensionName::Int(value)
    }
}

impl<'a> From<&'a str> for ExtensionName<'a> {
    fn from(text: &'a str) -> Self {
        ExtensionName::Text(Cow::Borrowed(text))
    }
}

impl Write for ExtensionName<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        match self {
            ExtensionName::Int(value) => w.int(*value),
            ExtensionName::Text(text) => w.text(text),
        }
    }
}
