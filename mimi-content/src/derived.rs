//! What a receiver knows of a message beside its content (CONTENT, "Derived
//! Data Values").

use std::borrow::Cow;
use std::fmt;

use crate::cbor::{
    Decode, DecodeError, Head, Levels, Reader, Rule, Sink, Trace, Write, Writer, decode, encode,
    skip_item,
};
use crate::content::{MAX_EXTENSION_LEVELS, read_message_id};
use crate::message_id::MessageId;
use crate::more::SenderTimestamp;
use crate::octets::Hex;
use crate::time::Timestamp;

/// What goes with a message wherever it is shown or stored, and is not inside it
/// (CONTENT, "Derived Data Values").
///
/// ```
/// use mimi_content::{HubTimestamp, MessageDerivedValues, MessageId, Timestamp};
///
/// let accepted = Timestamp::from_millis(1_644_387_225_019);
/// let derived = MessageDerivedValues {
///     message_id: MessageId::from_bytes(&[1; 32])?,
///     hub_accepted_timestamp: HubTimestamp::Millis(accepted),
///     mls_group_id: b"group"[..].into(),
///     sender_leaf_index: 4,
///     sender_client_url: "mimi://a.example/d/alice/phone".into(),
///     sender_user_url: "mimi://a.example/u/alice".into(),
///     room_url: "mimi://a.example/r/clubhouse".into(),
/// };
/// let octets = derived.encode();
/// let read = MessageDerivedValues::decode(&octets)?;
/// assert_eq!(read, derived);
/// assert_eq!(read.hub_accepted_timestamp.to_timestamp(), Some(accepted));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MessageDerivedValues<'a> {
    /// The ID of the message.
    pub message_id: MessageId,
    /// When the hub accepted it.
    pub hub_accepted_timestamp: HubTimestamp<'a>,
    /// The MLS group that it was sent in.
    #[cfg_attr(feature = "serde", serde(with = "crate::octets"))]
    pub mls_group_id: Cow<'a, [u8]>,
    /// The leaf of the sender in that group, then.
    pub sender_leaf_index: u32,
    /// The client that sent it.
    pub sender_client_url: Cow<'a, str>,
    /// The user who sent it.
    pub sender_user_url: Cow<'a, str>,
    /// The room that it was sent into.
    pub room_url: Cow<'a, str>,
}

/// When a hub accepted a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum HubTimestamp<'a> {
    /// In milliseconds.
    Millis(Timestamp),
    /// As extended time, kept as it is encoded.
    Extended(ExtendedTime<'a>),
}

impl HubTimestamp<'_> {
    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> HubTimestamp<'static> {
        match self {
            HubTimestamp::Millis(time) => HubTimestamp::Millis(time),
            HubTimestamp::Extended(time) => HubTimestamp::Extended(time.into_owned()),
        }
    }

    /// The time, if it can be expressed in whole milliseconds; what is finer is cut
    /// off.
    #[must_use]
    pub fn to_timestamp(&self) -> Option<Timestamp> {
        match self {
            HubTimestamp::Millis(time) => Some(*time),
            HubTimestamp::Extended(time) => time.to_timestamp(),
        }
    }
}

/// An extended time: tag 1001 around a map (RFC 9581 §3), kept as it is encoded.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ExtendedTime<'a>(
    #[cfg_attr(feature = "serde", serde(with = "crate::octets"))] Cow<'a, [u8]>,
);

/// The tag of an extended time (RFC 9581 §3).
const EXTENDED_TIME: u64 = 1001;

/// The tag is the first level, its map the second, as in an extension value.
const LEVELS: Levels = Levels {
    max: MAX_EXTENSION_LEVELS,
    what: "levels of an extended time",
};

impl<'a> ExtendedTime<'a> {
    /// Takes an encoded extended time.
    ///
    /// # Errors
    /// When `item` is not exactly one item in deterministic encoding, or not tag
    /// 1001 around a map, or is nested more deeply than extensions may be.
    pub fn from_cbor(item: &'a [u8]) -> Result<Self, DecodeError> {
        decode(item)
    }

    /// The tag and its map as they are encoded.
    #[must_use]
    pub fn as_cbor(&self) -> &[u8] {
        &self.0
    }

    /// The time, if it is the usual one: whole seconds since the Unix epoch (key
    /// 1), and perhaps milli-, micro- or nanoseconds (keys -3, -6, -9). Finer ones
    /// than milliseconds are cut off.
    #[must_use]
    pub fn to_timestamp(&self) -> Option<Timestamp> {
        let Usual(time) = decode(&self.0).ok()?;
        time.to_timestamp()
    }

    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> ExtendedTime<'static> {
        ExtendedTime(Cow::Owned(self.0.into_owned()))
    }
}

impl fmt::Debug for ExtendedTime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Hex(&self.0))
    }
}

impl<'a> Decode<'a> for ExtendedTime<'a> {
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault> {
        let start = r.rest();
        let mut ahead = Reader::<T>::new(start);
        let is_time = matches!(ahead.head(), Ok(Head::Tag(EXTENDED_TIME)))
            && matches!(ahead.head(), Ok(Head::Map(_)));
        skip_item(r, 1, LEVELS)?;
        if !is_time {
            return Err(r.fault_at(start, || Rule::Type {
                expected: "milliseconds, or tag 1001 around a map",
                found: "something else",
            }));
        }
        Ok(ExtendedTime(r.since(start).into()))
    }
}

/// A time that is said as MORE says it.
struct Usual(SenderTimestamp);

impl Decode<'_> for Usual {
    fn read<T: Trace>(r: &mut Reader<'_, T>) -> Result<Self, T::Fault> {
        // The tag.
        r.head()?;
        SenderTimestamp::read(r).map(Usual)
    }
}

impl fmt::Debug for MessageDerivedValues<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageDerivedValues")
            .field("message_id", &self.message_id)
            .field("hub_accepted_timestamp", &self.hub_accepted_timestamp)
            .field("mls_group_id", &format_args!("{}", Hex(&self.mls_group_id)))
            .field("sender_leaf_index", &self.sender_leaf_index)
            .field("sender_client_url", &self.sender_client_url)
            .field("sender_user_url", &self.sender_user_url)
            .field("room_url", &self.room_url)
            .finish()
    }
}

impl<'a> MessageDerivedValues<'a> {
    /// Decodes the values, without copying texts or octets.
    ///
    /// # Errors
    /// When `octets` are not exactly these values in deterministic encoding.
    pub fn decode(octets: &'a [u8]) -> Result<Self, DecodeError> {
        decode(octets)
    }

    /// Encodes the values, in the one way there is.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> MessageDerivedValues<'static> {
        let owned = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        MessageDerivedValues {
            message_id: self.message_id,
            hub_accepted_timestamp: self.hub_accepted_timestamp.into_owned(),
            mls_group_id: Cow::Owned(self.mls_group_id.into_owned()),
            sender_leaf_index: self.sender_leaf_index,
            sender_client_url: owned(self.sender_client_url),
            sender_user_url: owned(self.sender_user_url),
            room_url: owned(self.room_url),
        }
    }
}

impl<'a> Decode<'a> for MessageDerivedValues<'a> {
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault> {
        r.array_of(7)?;
        Ok(MessageDerivedValues {
            message_id: r.field("messageId", read_message_id)?,
            hub_accepted_timestamp: r.field("hubAcceptedTimestamp", read_timestamp)?,
            mls_group_id: r.field("mlsGroupId", Reader::bytes)?.into(),
            sender_leaf_index: r.field("senderLeafIndex", |r| r.uint(u32::MAX))?,
            sender_client_url: r.field("senderClientUrl", Reader::text)?.into(),
            sender_user_url: r.field("senderUserUrl", Reader::text)?.into(),
            room_url: r.field("roomUrl", Reader::text)?.into(),
        })
    }
}

fn read_timestamp<'a, T: Trace>(r: &mut Reader<'a, T>) -> Result<HubTimestamp<'a>, T::Fault> {
    /// The major type of an unsigned integer.
    const UNSIGNED: u8 = 0;
    if r.rest().first().is_some_and(|octet| octet >> 5 == UNSIGNED) {
        let millis = r.uint(u64::MAX)?;
        return Ok(HubTimestamp::Millis(Timestamp::from_millis(millis)));
    }
    ExtendedTime::read(r).map(HubTimestamp::Extended)
}

impl Write for MessageDerivedValues<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.array(7);
        w.bytes(self.message_id.as_bytes());
        match &self.hub_accepted_timestamp {
            HubTimestamp::Millis(time) => w.uint(time.as_millis()),
            HubTimestamp::Extended(time) => w.raw(time.as_cbor()),
        }
        w.bytes(&self.mls_group_id);
        w.uint(self.sender_leaf_index);
        w.text(&self.sender_client_url);
        w.text(&self.sender_user_url);
        w.text(&self.room_url);
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for ExtendedTime<'_> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let item: Vec<u8> = crate::octets::deserialize(deserializer)?;
        let time = ExtendedTime::from_cbor(&item).map(ExtendedTime::into_owned);
        time.map_err(serde::de::Error::custom)
    }
}
