//! The extensions of MORE: what messages of other systems carry along.
//!
//! A receiver need not know them, so a message whose value has not the form that
//! MORE gives it is still a message: [`Extensions::known`](crate::Extensions::known) then fails, and
//! [`anomalies`] tells.
//!
//! ```
//! use mimi_content::more::{ExternalMessageId, Scope, Subject};
//! use mimi_content::{MimiContent, NestedPart, Salt};
//!
//! let mut message = MimiContent::new(Salt::new([0x5e; 16]), NestedPart::plain("Agreed."));
//! message.extensions.set(&Subject::new("Lunch")?)?;
//! message.extensions.set(&ExternalMessageId {
//!     id: b"42@lists.example"[..].into(),
//!     scope: Scope::Domain("lists.example".into()),
//! })?;
//!
//! let octets = message.encode();
//! let received = MimiContent::decode(&octets)?;
//! let subject: Option<Subject<'_>> = received.extensions.known()?;
//! assert_eq!(subject.unwrap().as_str(), "Lunch");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod anomaly;

use std::borrow::Cow;
use std::num::NonZeroU64;

use crate::cbor::{Decode, DecodeError, Head, Reader, Rule, Sink, Trace, Write, Writer, decode};
use crate::content::{ExtensionName, ExtensionValue, KnownExtension, read_message_id};
use crate::message_id::MessageId;
use crate::octets::Hex;
use crate::time::Timestamp;

pub use anomaly::{Anomaly, Facts, MAX_LAST_SEEN, anomalies};

/// When a message was sent, by its sender's clock (MORE, "Sender Timestamp
/// Extension").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SenderTimestamp {
    /// Whole seconds since the Unix epoch.
    pub seconds: u64,
    /// What has passed of the next second.
    pub fraction: Option<Fraction>,
}

/// A part of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    unit: Unit,
    count: u32,
}

/// What a [`Fraction`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Thousandths of a second.
    Millis,
    /// Millionths of a second.
    Micros,
    /// Billionths of a second.
    Nanos,
}

impl Unit {
    const ALL: [Unit; 3] = [Unit::Millis, Unit::Micros, Unit::Nanos];

    /// The key in the map: the exponent.
    const fn key(self) -> i64 {
        match self {
            Unit::Millis => -3,
            Unit::Micros => -6,
            Unit::Nanos => -9,
        }
    }

    /// The most that is less than a second.
    const fn max(self) -> u32 {
        match self {
            Unit::Millis => 999,
            Unit::Micros => 999_999,
            Unit::Nanos => 999_999_999,
        }
    }
}

impl Fraction {
    /// So many of a unit.
    ///
    /// # Errors
    /// When they make a second or more.
    pub fn new(count: u32, unit: Unit) -> Result<Self, Rule> {
        if count > unit.max() {
            return Err(Rule::TooLarge {
                max: unit.max().into(),
                found: count.into(),
            });
        }
        Ok(Fraction { unit, count })
    }

    /// How many of [`Fraction::unit`].
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// What is counted.
    #[must_use]
    pub fn unit(self) -> Unit {
        self.unit
    }
}

impl SenderTimestamp {
    /// The time, if there is one so late; what is finer than milliseconds is cut
    /// off.
    #[must_use]
    pub fn to_timestamp(self) -> Option<Timestamp> {
        let millis = self.fraction.map_or(0, |fraction| match fraction.unit {
            Unit::Millis => fraction.count,
            Unit::Micros => fraction.count / 1_000,
            Unit::Nanos => fraction.count / 1_000_000,
        });
        let millis = self.seconds.checked_mul(1000)?.checked_add(millis.into())?;
        Some(Timestamp::from_millis(millis))
    }
}

impl Decode<'_> for SenderTimestamp {
    fn read<T: Trace>(r: &mut Reader<'_, T>) -> Result<Self, T::Fault> {
        let start = r.rest();
        let entries = r.map()?;
        match entries {
            0 => {
                return Err(r.fault_at(start, || Rule::TooFew {
                    what: ENTRIES,
                    min: 1,
                    found: 0,
                }));
            }
            1 | 2 => {}
            _ => {
                return Err(r.fault_at(start, || Rule::Limit {
                    what: ENTRIES,
                    max: 2,
                }));
            }
        }
        let key = r.rest();
        if r.uint(u64::MAX)? != 1 {
            return Err(r.fault_at(key, || UNEXPECTED_KEY));
        }
        let seconds = r.value(&1, |r| r.uint(u64::MAX))?;
        let fraction = match entries {
            2 => Some(read_fraction(r)?),
            _ => None,
        };
        Ok(SenderTimestamp { seconds, fraction })
    }
}

const ENTRIES: &str = "entries in a timestamp";

const UNEXPECTED_KEY: Rule = Rule::Type {
    expected: "a key that MORE names",
    found: "another one",
};

fn read_fraction<T: Trace>(r: &mut Reader<'_, T>) -> Result<Fraction, T::Fault> {
    let start = r.rest();
    let unit = match r.head()? {
        Head::Negative(key) => {
            let mut units = Unit::ALL.into_iter();
            units.find(|unit| i64::try_from(key).is_ok_and(|key| unit.key() == !key))
        }
        _ => None,
    };
    let unit = unit.ok_or_else(|| r.fault_at(start, || UNEXPECTED_KEY))?;
    let count = r.value(&unit.key(), |r| r.uint(unit.max()))?;
    Ok(Fraction { unit, count })
}

impl Write for SenderTimestamp {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.map(if self.fraction.is_some() { 2 } else { 1 });
        w.uint(1u8);
        w.uint(self.seconds);
        if let Some(fraction) = self.fraction {
            w.int(fraction.unit.key());
            w.uint(fraction.count);
        }
    }
}

impl KnownExtension<'_> for SenderTimestamp {
    const NAME: ExtensionName<'static> = ExtensionName::SENDER_TIMESTAMP;

    fn from_cbor(item: &[u8]) -> Result<Self, DecodeError> {
        decode(item)
    }

    fn to_value(&self) -> ExtensionValue<'static> {
        ExtensionValue::encoded(self)
    }
}

/// The ID that a message has in another system (MORE, "External Message ID
/// Extension").
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExternalMessageId<'a> {
    /// The ID there.
    pub id: Cow<'a, [u8]>,
    /// Where.
    pub scope: Scope<'a>,
}

/// Where an external message ID is one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope<'a> {
    /// An IANA Private Enterprise Number.
    Enterprise(NonZeroU64),
    /// An internet domain name.
    Domain(Cow<'a, str>),
    /// A URI.
    Uri(Cow<'a, str>),
}

/// The tag of a URI (RFC 8949 §3.4.5.3).
const URI_TAG: u64 = 32;

impl ExternalMessageId<'_> {
    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> ExternalMessageId<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        ExternalMessageId {
            id: Cow::Owned(self.id.into_owned()),
            scope: match self.scope {
                Scope::Enterprise(number) => Scope::Enterprise(number),
                Scope::Domain(domain) => Scope::Domain(owned(domain)),
                Scope::Uri(uri) => Scope::Uri(owned(uri)),
            },
        }
    }
}

impl std::fmt::Debug for ExternalMessageId<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {:?}", Hex(&self.id), self.scope)
    }
}

impl<'a> Decode<'a> for ExternalMessageId<'a> {
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault> {
        r.array_of(2)?;
        Ok(ExternalMessageId {
            id: r.element(0, |r| r.bytes())?.into(),
            scope: r.element(1, read_scope)?,
        })
    }
}

fn read_scope<'a, T: Trace>(r: &mut Reader<'a, T>) -> Result<Scope<'a>, T::Fault> {
    let start = r.rest();
    let scope = match r.head()? {
        Head::Unsigned(number) => NonZeroU64::new(number).map(Scope::Enterprise),
        Head::Text(len) => Some(Scope::Domain(r.text_content(len)?.into())),
        Head::Tag(URI_TAG) => Some(Scope::Uri(r.text()?.into())),
        _ => None,
    };
    scope.ok_or_else(|| {
        r.fault_at(start, || Rule::Type {
            expected: "a number above zero, a domain or a URI as scope",
            found: "something else",
        })
    })
}

impl Write for ExternalMessageId<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.array(2);
        w.bytes(&self.id);
        match &self.scope {
            Scope::Enterprise(number) => w.uint(*number),
            Scope::Domain(domain) => w.text(domain),
            Scope::Uri(uri) => {
                w.tag(URI_TAG);
                w.text(uri);
            }
        }
    }
}

impl<'a> KnownExtension<'a> for ExternalMessageId<'a> {
    const NAME: ExtensionName<'static> = ExtensionName::EXTERNAL_MESSAGE_ID;

    fn from_cbor(item: &'a [u8]) -> Result<Self, DecodeError> {
        decode(item)
    }

    fn to_value(&self) -> ExtensionValue<'static> {
        ExtensionValue::encoded(self)
    }
}

/// Longest subject, in octets of UTF-8 (MORE, "Subject Extension").
pub const MAX_SUBJECT_LEN: usize = 4096;

/// What a message is about: 1 to [`MAX_SUBJECT_LEN`] octets (MORE, "Subject
/// Extension").
#[derive(Clone, PartialEq, Eq)]
pub struct Subject<'a>(Cow<'a, str>);

impl<'a> Subject<'a> {
    /// Takes a text.
    ///
    /// # Errors
    /// When it is empty or too long.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Result<Self, Rule> {
        let text = text.into();
        match text.len() {
            0 => Err(Rule::TooFew {
                what: SUBJECT_OCTETS,
                min: 1,
                found: 0,
            }),
            1..=MAX_SUBJECT_LEN => Ok(Subject(text)),
            _ => Err(Rule::Limit {
                what: SUBJECT_OCTETS,
                max: MAX_SUBJECT_LEN,
            }),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> Subject<'static> {
        Subject(Cow::Owned(self.0.into_owned()))
    }
}

const SUBJECT_OCTETS: &str = "octets in a subject";

/// Without what people wrote.
impl std::fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} octets", self.0.len())
    }
}

impl<'a> Decode<'a> for Subject<'a> {
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault> {
        let start = r.rest();
        let text = r.text()?;
        Subject::new(text).map_err(|rule| r.fault_at(start, || rule))
    }
}

impl Write for Subject<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.text(&self.0);
    }
}

impl<'a> KnownExtension<'a> for Subject<'a> {
    const NAME: ExtensionName<'static> = ExtensionName::SUBJECT;

    fn from_cbor(item: &'a [u8]) -> Result<Self, DecodeError> {
        decode(item)
    }

    fn to_value(&self) -> ExtensionValue<'static> {
        ExtensionValue::encoded(self)
    }
}

/// The latest messages that the sender knew of; none if it has just come in
/// (MORE, "Message Ordering via lastSeen").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LastSeen<'a> {
    /// By their message IDs; an empty list is one of these.
    Native(Vec<MessageId>),
    /// By the IDs that they have in another system.
    External(Vec<ExternalMessageId<'a>>),
}

impl LastSeen<'_> {
    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> LastSeen<'static> {
        match self {
            LastSeen::Native(ids) => LastSeen::Native(ids),
            LastSeen::External(ids) => {
                LastSeen::External(ids.into_iter().map(ExternalMessageId::into_owned).collect())
            }
        }
    }

    /// How many messages there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            LastSeen::Native(ids) => ids.len(),
            LastSeen::External(ids) => ids.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a> Decode<'a> for LastSeen<'a> {
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault> {
        /// The major type of an array.
        const ARRAY: u8 = 4;
        let count = r.array()?;
        if r.rest().first().is_some_and(|octet| octet >> 5 == ARRAY) {
            return read_list(r, count, ExternalMessageId::read).map(LastSeen::External);
        }
        read_list(r, count, |r| read_message_id(r)).map(LastSeen::Native)
    }
}

fn read_list<'a, V, T: Trace>(
    r: &mut Reader<'a, T>,
    count: u64,
    read: impl Fn(&mut Reader<'a, T>) -> Result<V, T::Fault>,
) -> Result<Vec<V>, T::Fault> {
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(r.element(list.len(), &read)?);
    }
    Ok(list)
}

impl Write for LastSeen<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.array(self.len());
        match self {
            LastSeen::Native(ids) => ids.iter().for_each(|id| w.bytes(id.as_bytes())),
            LastSeen::External(ids) => ids.iter().for_each(|id| id.write(w)),
        }
    }
}

impl<'a> KnownExtension<'a> for LastSeen<'a> {
    const NAME: ExtensionName<'static> = ExtensionName::LAST_SEEN;

    fn from_cbor(item: &'a [u8]) -> Result<Self, DecodeError> {
        decode(item)
    }

    fn to_value(&self) -> ExtensionValue<'static> {
        ExtensionValue::encoded(self)
    }
}
