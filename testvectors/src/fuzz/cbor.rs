//! Deterministic CBOR against another implementation of CBOR.

use std::collections::BTreeSet;

use ciborium::Value;
use mimi_content::ExtensionValue;
use mimi_content::cbor::{DecodeError, Rule};

/// What the other implementation makes of accepted `octets`, which it encodes
/// to the same octets unless it cannot hold them. Nothing if it cannot read them.
pub(super) fn accepted(octets: &[u8]) -> Option<Value> {
    let value: Option<Value> = ciborium::from_reader(octets).ok();
    let odd: BTreeSet<Odd> = odd_items(octets).collect();
    assert_eq!(value.is_none(), odd.contains(&Odd::Unreadable));
    if let Some(value) = &value {
        let exact = encoded(value) == octets;
        assert!(exact || !odd.is_empty());
        assert!(!exact || !odd.contains(&Odd::Undefined));
    }
    value
}

/// Nothing names a rule beyond the end of the input. What is refused since it is
/// no deterministic CBOR is not what the other implementation writes, either.
pub(super) fn refused(octets: &[u8], error: &DecodeError) {
    assert!(error.offset <= octets.len(), "{error}");
    let not_cbor = matches!(
        error.rule,
        Rule::Truncated { .. }
            | Rule::Trailing { .. }
            | Rule::Malformed
            | Rule::NotShortest
            | Rule::Indefinite
            | Rule::Utf8
    );
    if not_cbor
        && let Ok(value) = ciborium::from_reader::<Value, _>(octets)
        && !has_nan(&value)
    {
        assert_ne!(encoded(&value), octets, "{error}");
    }
}

/// The other implementation does not shorten all of them.
fn has_nan(value: &Value) -> bool {
    match value {
        Value::Float(number) => number.is_nan(),
        Value::Array(items) => items.iter().any(has_nan),
        Value::Map(entries) => entries
            .iter()
            .any(|(key, item)| has_nan(key) || has_nan(item)),
        Value::Tag(_, item) => has_nan(item),
        _ => false,
    }
}

/// A value equals what the other implementation reads, and is made of it again.
pub(super) fn extension_value(value: &ExtensionValue<'_>) {
    let octets = value.as_cbor();
    assert_eq!(ExtensionValue::from_cbor(octets).as_ref(), Ok(value));
    let read = accepted(octets);
    let exact = read.as_ref().filter(|read| encoded(read) == octets);
    let given = value.to_value();
    assert_eq!(given.is_some(), exact.is_some());
    if let Some(given) = &given {
        assert_eq!(encoded(given), octets);
        if odd_items(octets).next().is_none() {
            assert_eq!(ExtensionValue::from_value(given).as_ref(), Ok(value));
        }
    }
    let text = value.as_text();
    let bytes = value.as_bytes();
    let uint = value.as_uint();
    match read {
        Some(Value::Text(read)) => assert_eq!((text, bytes, uint), (Some(&*read), None, None)),
        Some(Value::Bytes(read)) => assert_eq!((text, bytes, uint), (None, Some(&*read), None)),
        Some(Value::Integer(read)) => {
            assert_eq!((text, bytes, uint), (None, None, u64::try_from(read).ok()));
        }
        _ => assert_eq!((text, bytes, uint), (None, None, None)),
    }
}

pub(super) fn encoded(value: &Value) -> Vec<u8> {
    let mut octets = Vec::new();
    ciborium::into_writer(value, &mut octets).unwrap();
    octets
}

/// What the other implementation does not hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Odd {
    /// It fails: simple values, and negative bignums of 16 octets below -2^127.
    Unreadable,
    /// It reads null.
    Undefined,
    /// It may read another NaN.
    Nan,
}

/// The odd ones among the items of accepted octets. There is no need to know
/// which item is in which.
fn odd_items(mut rest: &[u8]) -> impl Iterator<Item = Odd> {
    let mut tag = None;
    std::iter::from_fn(move || {
        while let Some((&initial, behind)) = rest.split_first() {
            let (major, info) = (initial >> 5, initial & 0x1f);
            let size = match info {
                24..=27 => 1 << (info - 24),
                _ => 0,
            };
            let argument = behind[..size].iter();
            let argument = argument.fold(0, |sum, octet| sum << 8 | u64::from(*octet));
            let argument = if size == 0 { info.into() } else { argument };
            let content = match major {
                2 | 3 => argument as usize,
                _ => 0,
            };
            let content = &behind[size..][..content];
            rest = &behind[size + content.len()..];
            let before = std::mem::replace(&mut tag, (major == 6).then_some(argument));
            match (major, info) {
                (2, _) if before == Some(3) && content.len() == 16 && content[0] >= 0x80 => {
                    return Some(Odd::Unreadable);
                }
                (7, 20..=22) => {}
                (7, 23) => return Some(Odd::Undefined),
                (7, 25..=27) if is_odd_nan(info, argument) => return Some(Odd::Nan),
                (7, 0..=24) => return Some(Odd::Unreadable),
                _ => {}
            }
        }
        None
    })
}

fn is_odd_nan(info: u8, bits: u64) -> bool {
    match info {
        25 => bits & 0x7fff > 0x7c00 && bits != 0x7e00,
        26 => f32::from_bits(bits as u32).is_nan(),
        _ => f64::from_bits(bits).is_nan(),
    }
}
