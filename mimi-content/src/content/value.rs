use std::borrow::Cow;
use std::fmt;

use ciborium::Value;

use super::limits::MAX_EXTENSION_LEVELS;
use crate::cbor::{
    Decode, DecodeError, Levels, Reader, Rule, Sink, Trace, Write, Writer, decode, encode,
    skip_item,
};

/// The value of an extension: one item of deterministic CBOR, kept as it is
/// encoded. `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct ExtensionValue<'a>(Cow<'a, [u8]>);

const LEVELS: Levels = Levels {
    max: MAX_EXTENSION_LEVELS,
    what: "levels of extensions",
};

/// The level of a value: the map that holds it is the first.
const VALUE_LEVEL: usize = 2;

impl<'a> ExtensionValue<'a> {
    /// Takes an encoded item.
    ///
    /// # Errors
    /// When `item` is not exactly one item in deterministic encoding, or
    /// breaks a rule of CONTENT, "Data model restrictions" or "Depth
    /// restrictions".
    pub fn from_cbor(item: &'a [u8]) -> Result<Self, DecodeError> {
        decode(item)
    }

    /// Encodes a value, the entries of maps in the order that they must have.
    ///
    /// # Errors
    /// When the value breaks a rule as in [`ExtensionValue::from_cbor`]; the offset
    /// is that in the encoding.
    pub fn from_value(value: &Value) -> Result<ExtensionValue<'static>, DecodeError> {
        let mut item = Vec::new();
        let written = sorted(value, VALUE_LEVEL).and_then(|value| {
            ciborium::into_writer(&value, &mut item).map_err(|_| Rule::Malformed)
        });
        written.map_err(|rule| DecodeError {
            offset: 0,
            path: String::new(),
            rule,
        })?;
        ExtensionValue::from_cbor(&item).map(ExtensionValue::into_owned)
    }

    /// A text string.
    #[must_use]
    pub fn text(value: &str) -> ExtensionValue<'static> {
        ExtensionValue::encoded(&Text(value))
    }

    /// A byte string.
    #[must_use]
    pub fn bytes(value: &[u8]) -> ExtensionValue<'static> {
        ExtensionValue::encoded(&Octets(value))
    }

    /// An unsigned integer.
    #[must_use]
    pub fn uint(value: u64) -> ExtensionValue<'static> {
        ExtensionValue::encoded(&Unsigned(value))
    }

    /// The item as it is encoded.
    #[must_use]
    pub fn as_cbor(&self) -> &[u8] {
        &self.0
    }

    /// The content, if the value is a text string.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        decode::<Text<'_>>(&self.0).ok().map(|text| text.0)
    }

    /// The content, if the value is a byte string.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        decode::<Octets<'_>>(&self.0).ok().map(|octets| octets.0)
    }

    /// The number, if the value is an unsigned integer.
    #[must_use]
    pub fn as_uint(&self) -> Option<u64> {
        decode::<Unsigned>(&self.0).ok().map(|number| number.0)
    }

    /// The value as `ciborium` has it; nothing if it cannot hold it exactly, since
    /// there is a simple value other than a boolean and null, one of the NaNs that
    /// arrays of numbers may have, or a bignum below -2^127.
    ///
    /// It takes up to some ninety times the memory of the item. Of unknown senders,
    /// look at the length first, or read [`ExtensionValue::as_cbor`].
    #[must_use]
    pub fn to_value(&self) -> Option<Value> {
        let value = ciborium::from_reader(&self.0[..]).ok()?;
        let mut again = Vec::with_capacity(self.0.len());
        ciborium::into_writer(&value, &mut again).ok()?;
        (again == *self.0).then_some(value)
    }

    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> ExtensionValue<'static> {
        ExtensionValue(Cow::Owned(self.0.into_owned()))
    }

    /// Fails with the rule that [`Reader::text`] names.
    pub(super) fn check_text(&self) -> Result<(), Rule> {
        match decode::<Text<'_>>(&self.0) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.rule),
        }
    }

    /// Takes an item that was checked before.
    #[inline]
    pub(super) fn checked(item: &'a [u8]) -> Self {
        ExtensionValue(Cow::Borrowed(item))
    }

    pub(crate) fn encoded(item: &impl Write) -> ExtensionValue<'static> {
        ExtensionValue(Cow::Owned(encode(item)))
    }
}

impl<'a> Decode<'a> for ExtensionValue<'a> {
    #[inline]
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault> {
        let start = r.rest();
        skip_item(r, VALUE_LEVEL, LEVELS)?;
        Ok(ExtensionValue::checked(r.since(start)))
    }
}

impl fmt::Debug for ExtensionValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} octets", self.0.len())
    }
}

/// The value with the entries of its maps in the order of their encodings.
fn sorted(value: &Value, level: usize) -> Result<Value, Rule> {
    if level > MAX_EXTENSION_LEVELS && (value.is_array() || value.is_map() || value.is_tag()) {
        return Err(Rule::Limit {
            what: LEVELS.what,
            max: LEVELS.max,
        });
    }
    let inner = level.saturating_add(1);
    Ok(match value {
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| sorted(item, inner))
                .collect::<Result<_, _>>()?,
        ),
        Value::Map(entries) => {
            let mut sortable = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                if !(key.is_integer() || key.is_text() || key.is_bytes()) {
                    return Err(Rule::Type {
                        expected: "an integer or a string as map key",
                        found: "another value",
                    });
                }
                let mut octets = Vec::new();
                ciborium::into_writer(key, &mut octets).map_err(|_| Rule::Malformed)?;
                sortable.push((octets, key.clone(), sorted(value, inner)?));
            }
            sortable.sort_by(|(one, ..), (other, ..)| one.cmp(other));
            let entries = sortable.into_iter().map(|(_, key, value)| (key, value));
            Value::Map(entries.collect())
        }
        Value::Tag(number, content) => Value::Tag(*number, Box::new(sorted(content, inner)?)),
        // The one that there may be, whatever its sign was.
        Value::Float(number) if number.is_nan() => Value::Float(f64::NAN),
        other => other.clone(),
    })
}

/// Items of one type.
struct Text<'a>(&'a str);
struct Octets<'a>(&'a [u8]);
struct Unsigned(u64);

impl<'a> Decode<'a> for Text<'a> {
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault> {
        r.text().map(Text)
    }
}

impl<'a> Decode<'a> for Octets<'a> {
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault> {
        r.bytes().map(Octets)
    }
}

impl Decode<'_> for Unsigned {
    fn read<T: Trace>(r: &mut Reader<'_, T>) -> Result<Self, T::Fault> {
        r.uint(u64::MAX).map(Unsigned)
    }
}

impl Write for Text<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.text(self.0);
    }
}

impl Write for Octets<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.bytes(self.0);
    }
}

impl Write for Unsigned {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.uint(self.0);
    }
}
