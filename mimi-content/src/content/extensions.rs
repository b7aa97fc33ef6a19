use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;

use super::limits::{MAX_EXTENSION_LEVELS, MAX_EXTENSION_NAME_LEN};
use crate::MimiUri;
use crate::cbor::{
    DecodeError, Fault, Head, Levels, MAX_INT_KEY, MIN_INT_KEY, MapKey, Reader, Rule, Writer,
    read_map_key, skip_item,
};

/// The name of an extension (CONTENT, "Extension Fields").
///
/// Positive integers are registered with IANA; negative ones and texts are for
/// private use. Names are ordered as their encodings are: integers from 0 up,
/// then from -1 down, then texts, the shorter first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ExtensionName {
    /// From [`MIN_INT_KEY`] to [`MAX_INT_KEY`].
    Int(i64),
    /// Of 1 to [`MAX_EXTENSION_NAME_LEN`] octets.
    Text(String),
}

impl ExtensionName {
    /// The reserved name: kept when received, never made.
    const RESERVED: ExtensionName = ExtensionName::Int(0);
    /// The user who sends the message, as a text string.
    pub const SENDER_URI: ExtensionName = ExtensionName::Int(1);
    /// The room into which the message is sent, as a text string.
    pub const ROOM_URI: ExtensionName = ExtensionName::Int(2);

    fn check(&self) -> Result<(), Rule> {
        match self {
            ExtensionName::Int(MIN_INT_KEY..=MAX_INT_KEY) => Ok(()),
            ExtensionName::Int(_) => Err(Rule::KeyRange),
            ExtensionName::Text(text) => check_name_len(text),
        }
    }

    /// Whether the draft says that the value is a text string.
    fn is_text_extension(&self) -> bool {
        *self == Self::SENDER_URI || *self == Self::ROOM_URI
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

const NAME_OCTETS: &str = "octets in the name of an extension";

fn check_name_len(text: &str) -> Result<(), Rule> {
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

impl Ord for ExtensionName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for ExtensionName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for ExtensionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExtensionName::Int(value) => value.fmt(f),
            ExtensionName::Text(text) => write!(f, "{text:?}"),
        }
    }
}

impl From<i64> for ExtensionName {
    fn from(value: i64) -> Self {
        ExtensionName::Int(value)
    }
}

impl From<&str> for ExtensionName {
    fn from(text: &str) -> Self {
        ExtensionName::Text(text.to_owned())
    }
}

/// The value of an extension: one item of deterministic CBOR, kept as it is
/// encoded. `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct ExtensionValue(Bytes);

const LEVELS: Levels = Levels {
    max: MAX_EXTENSION_LEVELS,
    what: "levels of extensions",
};

/// The level of a value: the map that holds it is the first.
const VALUE_LEVEL: usize = 2;

impl ExtensionValue {
    /// Takes an encoded item.
    ///
    /// # Errors
    /// When `item` is not exactly one item in deterministic encoding, or
    /// breaks a rule of CONTENT, "Data model restrictions" or "Depth
    /// restrictions".
    pub fn from_cbor(item: &[u8]) -> Result<Self, DecodeError> {
        Reader::read_all(item, Self::read)
    }

    /// A text string.
    #[must_use]
    pub fn text(value: &str) -> Self {
        Self::write(|w| w.text(value))
    }

    /// A byte string.
    #[must_use]
    pub fn bytes(value: &[u8]) -> Self {
        Self::write(|w| w.bytes(value))
    }

    /// An unsigned integer.
    #[must_use]
    pub fn uint(value: u64) -> Self {
        Self::write(|w| w.uint(value))
    }

    /// The item as it is encoded.
    #[must_use]
    pub fn as_cbor(&self) -> &Bytes {
        &self.0
    }

    /// The content, if the value is a text string.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        self.whole(Reader::text)
    }

    /// The content, if the value is a byte string.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        self.whole(Reader::bytes)
    }

    /// The number, if the value is an unsigned integer.
    #[must_use]
    pub fn as_uint(&self) -> Option<u64> {
        self.whole(|r| r.uint(u64::MAX))
    }

    fn whole<'a, T>(&'a self, read: impl FnOnce(&mut Reader<'a>) -> Result<T, Fault>) -> Option<T> {
        Reader::read_all(&self.0, read).ok()
    }

    fn write(write: impl FnOnce(&mut Writer)) -> Self {
        let mut w = Writer::default();
        write(&mut w);
        ExtensionValue(w.finish().into())
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, Fault> {
        let start = r.offset();
        skip_item(r, VALUE_LEVEL, LEVELS)?;
        Ok(ExtensionValue(Bytes::copy_from_slice(r.since(start))))
    }
}

impl fmt::Debug for ExtensionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} octets", self.0.len())
    }
}

/// The extensions of a message by name, each name once, in the order of their
/// encodings (CONTENT, "Extension Fields").
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Extensions(BTreeMap<ExtensionName, ExtensionValue>);

impl Extensions {
    /// No extensions.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The sender as the message names it.
    ///
    /// A claim: it must equal, octet by octet, the user URI by which the MLS
    /// credential of the sender is known.
    #[must_use]
    pub fn sender_uri(&self) -> Option<&str> {
        self.get(&ExtensionName::SENDER_URI)?.as_text()
    }

    /// The room as the message names it; a claim like the sender.
    #[must_use]
    pub fn room_uri(&self) -> Option<&str> {
        self.get(&ExtensionName::ROOM_URI)?.as_text()
    }

    /// Names the sender.
    pub fn set_sender_uri(&mut self, user: &MimiUri) {
        let value = ExtensionValue::text(user.as_str());
        self.0.insert(ExtensionName::SENDER_URI, value);
    }

    /// Names the room.
    pub fn set_room_uri(&mut self, room: &MimiUri) {
        let value = ExtensionValue::text(room.as_str());
        self.0.insert(ExtensionName::ROOM_URI, value);
    }

    /// The value of `name`.
    #[must_use]
    pub fn get(&self, name: &ExtensionName) -> Option<&ExtensionValue> {
        self.0.get(name)
    }

    /// Sets the value of `name` and returns the one before.
    ///
    /// # Errors
    /// When `name` is reserved, out of range, empty or too long, or when the
    /// draft demands a text string and `value` is none.
    pub fn insert(
        &mut self,
        name: ExtensionName,
        value: ExtensionValue,
    ) -> Result<Option<ExtensionValue>, Rule> {
        if name == ExtensionName::RESERVED {
            return Err(Rule::ReservedKey);
        }
        name.check()?;
        if name.is_text_extension() {
            check_text(&value)?;
        }
        Ok(self.0.insert(name, value))
    }

    /// Takes the value of `name` out.
    pub fn remove(&mut self, name: &ExtensionName) -> Option<ExtensionValue> {
        self.0.remove(name)
    }

    /// The extensions in the order of their encodings.
    pub fn iter(&self) -> impl Iterator<Item = (&ExtensionName, &ExtensionValue)> {
        self.0.iter()
    }

    /// How many extensions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no extensions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, Fault> {
        let count = r.map()?;
        let mut entries = BTreeMap::new();
        let mut last = None;
        for _ in 0..count {
            let (name, value) = read_extension(r, &mut last)?;
            entries.insert(name, value);
        }
        Ok(Extensions(entries))
    }

    pub(super) fn write(&self, w: &mut Writer) {
        w.map(self.0.len());
        for (name, value) in &self.0 {
            match name {
                ExtensionName::Int(value) => w.int(*value),
                ExtensionName::Text(text) => w.text(text),
            }
            w.raw(&value.0);
        }
    }
}

fn read_extension<'a>(
    r: &mut Reader<'a>,
    last: &mut Option<&'a [u8]>,
) -> Result<(ExtensionName, ExtensionValue), Fault> {
    let offset = r.offset();
    let fault = |rule| Fault { offset, rule };
    let name = match read_map_key(r, last)? {
        MapKey::Int(value) => ExtensionName::Int(value),
        MapKey::Text(text) => {
            check_name_len(text).map_err(fault)?;
            ExtensionName::from(text)
        }
        MapKey::Bytes => {
            return Err(fault(Rule::Type {
                expected: "an integer or a text string as name of an extension",
                found: Head::Bytes(0).name(),
            }));
        }
    };
    let value = r.value(&name, |r| {
        let offset = r.offset();
        let value = ExtensionValue::read(r)?;
        if name.is_text_extension() {
            check_text(&value).map_err(|rule| Fault { offset, rule })?;
        }
        Ok(value)
    })?;
    Ok((name, value))
}

/// Fails with the rule that [`Reader::text`] names.
fn check_text(value: &ExtensionValue) -> Result<(), Rule> {
    match Reader::read_all(&value.0, Reader::text) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.rule),
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |name: &ExtensionName| -> Cow<'static, str> {
            match *name {
                ExtensionName::SENDER_URI => "senderUri".into(),
                ExtensionName::ROOM_URI => "roomUri".into(),
                ref other => other.to_string().into(),
            }
        };
        let mut map = f.debug_map();
        for (key, value) in &self.0 {
            map.entry(&format_args!("{}", name(key)), value);
        }
        map.finish()
    }
}
