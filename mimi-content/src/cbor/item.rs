//! Items of any type, as extension values hold them.

use super::{Fault, Head, Reader, Rule};

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

/// Takes a map key that must come after the one encoded as `last`.
pub(crate) fn read_map_key<'a>(
    r: &mut Reader<'a>,
    last: &mut Option<&'a [u8]>,
) -> Result<MapKey<'a>, Fault> {
    let offset = r.offset();
    let fault = |rule| Fault { offset, rule };
    let key = match r.head()? {
        Head::Unsigned(value) => MapKey::Int(int_key(value).ok_or(fault(Rule::KeyRange))?),
        Head::Negative(value) => match int_key(value) {
            Some(value) if value < MAX_INT_KEY => MapKey::Int(!value),
            _ => return Err(fault(Rule::KeyRange)),
        },
        Head::Text(len) => MapKey::Text(r.text_content(len)?),
        Head::Bytes(len) => {
            r.take(len)?;
            MapKey::Bytes
        }
        head => {
            return Err(fault(Rule::Type {
                expected: "an integer or a string as map key",
                found: head.name(),
            }));
        }
    };
    let encoded = r.since(offset);
    match *last {
        Some(last) if last == encoded => return Err(fault(Rule::DuplicateKey)),
        Some(last) if last > encoded => return Err(fault(Rule::KeyOrder)),
        _ => *last = Some(encoded),
    }
    Ok(key)
}

fn int_key(value: u64) -> Option<i64> {
    i64::try_from(value)
        .ok()
        .filter(|value| *value <= MAX_INT_KEY)
}

/// Passes over one item of any type; a map, array or tag is at `level`.
pub(crate) fn skip_item(r: &mut Reader<'_>, level: usize, levels: Levels) -> Result<(), Fault> {
    skip(r, level, levels, false)
}

fn skip(r: &mut Reader<'_>, level: usize, levels: Levels, any_nan: bool) -> Result<(), Fault> {
    let offset = r.offset();
    let fault = |rule| Err(Fault { offset, rule });
    let head = r.head()?;
    if matches!(head, Head::Array(_) | Head::Map(_) | Head::Tag(_)) && level > levels.max {
        return fault(Rule::Limit {
            what: levels.what,
            max: levels.max,
        });
    }
    let inner = level.saturating_add(1);
    match head {
        Head::Unsigned(_) | Head::Negative(_) | Head::Simple(_) => Ok(()),
        Head::Float { odd_nan } if odd_nan && !any_nan => fault(Rule::Nan),
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
                read_map_key(r, &mut last)?;
                skip(r, inner, levels, any_nan)?;
            }
            Ok(())
        }
        Head::Tag(BIGNUM | NEGATIVE_BIGNUM) => {
            let content = r.bytes()?;
            // Eight octets or fewer would be an integer.
            if content.len() <= 8 || content.first() == Some(&0) {
                return fault(Rule::Bignum);
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
