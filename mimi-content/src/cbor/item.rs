//! Items of any type, as extension values hold them.

use super::{Head, Reader, Rule, Trace};

/// Largest integer key of a map: 2^53 - 1, the largest up to which a double
/// holds every integer (CONTENT, "Data model restrictions").
pub const MAX_INT_KEY: i64 = (1 << 53) - 1;

/// Smallest integer key of a map (CONTENT, "Data model restrictions").
pub const MIN_INT_KEY: i64 = -MAX_INT_KEY;

/// The deepest level of maps, arrays and tags, and how it is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Levels {
    pub(crate) max: usize,
    pub(crate) what: &'static str,
}

/// A map key: an integer in range, or a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MapKey<'a> {
    Int(i64),
    Text(&'a str),
    Bytes,
}

/// Takes a map key that must come after the one encoded as `last`. What is
/// expected goes into errors.
#[inline]
pub(crate) fn read_map_key<'a, T: Trace>(
    r: &mut Reader<'a, T>,
    last: &mut Option<&'a [u8]>,
    expected: &'static str,
) -> Result<MapKey<'a>, T::Fault> {
    let start = r.rest();
    let key = match r.head()? {
        Head::Unsigned(value) => int_key(value).map(MapKey::Int),
        Head::Negative(value) => int_key(value)
            .filter(|value| *value < MAX_INT_KEY)
            .map(|value| MapKey::Int(!value)),
        Head::Text(len) => Some(MapKey::Text(r.text_content(len)?)),
        Head::Bytes(len) => r.take(len).map(|_| Some(MapKey::Bytes))?,
        head => {
            return Err(r.fault_at(start, || Rule::Type {
                expected,
                found: head.name(),
            }));
        }
    };
    let key = key.ok_or_else(|| r.fault_at(start, || Rule::KeyRange))?;
    let encoded = r.since(start);
    match *last {
        Some(last) if last == encoded => Err(r.fault_at(start, || Rule::DuplicateKey)),
        Some(last) if last > encoded => Err(r.fault_at(start, || Rule::KeyOrder)),
        _ => {
            *last = Some(encoded);
            Ok(key)
        }
    }
}

#[inline]
fn int_key(value: u64) -> Option<i64> {
    i64::try_from(value)
        .ok()
        .filter(|value| *value <= MAX_INT_KEY)
}

/// Passes over one item of any type; a map, array or tag is at `level`.
#[inline]
pub(crate) fn skip_item<T: Trace>(
    r: &mut Reader<'_, T>,
    level: usize,
    levels: Levels,
) -> Result<(), T::Fault> {
    skip(r, level, levels, false)
}

fn skip<T: Trace>(
    r: &mut Reader<'_, T>,
    level: usize,
    levels: Levels,
    any_nan: bool,
) -> Result<(), T::Fault> {
    let start = r.rest();
    let head = r.head()?;
    if matches!(head, Head::Array(_) | Head::Map(_) | Head::Tag(_)) && level > levels.max {
        return Err(r.fault_at(start, || Rule::Limit {
            what: levels.what,
            max: levels.max,
        }));
    }
    let inner = level.saturating_add(1);
    match head {
        Head::Unsigned(_) | Head::Negative(_) | Head::Simple(_) => Ok(()),
        Head::Float { odd_nan } if odd_nan && !any_nan => Err(r.fault_at(start, || Rule::Nan)),
        Head::Float { .. } => Ok(()),
        Head::Bytes(len) => r.take(len).map(drop),
        Head::Text(len) => r.text_content(len).map(drop),
        Head::Array(count) => {
            r.expect_octets(count)?;
            for _ in 0..count {
                skip(r, inner, levels, any_nan)?;
            }
            Ok(())
        }
        Head::Map(count) => {
            r.expect_octets(count.saturating_mul(2))?;
            let mut last = None;
            for _ in 0..count {
                read_map_key(r, &mut last, "an integer or a string as map key")?;
                skip(r, inner, levels, any_nan)?;
            }
            Ok(())
        }
        Head::Tag(BIGNUM | NEGATIVE_BIGNUM) => {
            let content = r.bytes()?;
            // Eight octets or fewer would be an integer.
            if content.len() <= 8 || content.first() == Some(&0) {
                return Err(r.fault_at(start, || Rule::Bignum));
            }
            Ok(())
        }
        Head::Tag(tag) => skip(r, inner, levels, any_nan || FLOAT_ARRAYS.contains(&tag)),
    }
}

const BIGNUM: u64 = 2;
const NEGATIVE_BIGNUM: u64 = 3;

/// Arrays of floating-point numbers of one size (RFC 8746 §2.1), which keep
/// the payloads of their NaNs.
const FLOAT_ARRAYS: std::ops::RangeInclusive<u64> = 80..=87;
