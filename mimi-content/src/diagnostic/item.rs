//! Any item of CBOR.

use std::fmt::{self, Display};

use super::text::{Octets, Quoted};
use crate::cbor::{Head, Reader, Untraced};
use crate::octets::Hex;

/// An item that was checked before, so that its levels are few and nothing of it
/// is missing. What cannot be read all the same is left out.
pub(super) struct Item<'a>(pub(super) &'a [u8]);

impl Display for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        item(&mut Reader::new(self.0), f)
    }
}

fn item(r: &mut Reader<'_, Untraced>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let start = r.rest();
    match r.head() {
        Err(_) => Ok(()),
        Ok(Head::Unsigned(number)) => number.fmt(f),
        // One more than 64 bits hold.
        Ok(Head::Negative(number)) => write!(f, "-{}", u128::from(number).saturating_add(1)),
        Ok(Head::Bytes(len)) => match r.take(len) {
            Ok(octets) => Octets(octets).fmt(f),
            Err(_) => Ok(()),
        },
        Ok(Head::Text(len)) => match r.text_content(len) {
            Ok(text) => Quoted(text, '"').fmt(f),
            Err(_) => Ok(()),
        },
        Ok(Head::Array(count)) => {
            f.write_str("[")?;
            for index in 0..count {
                separate(index, f)?;
                item(r, f)?;
            }
            f.write_str("]")
        }
        Ok(Head::Map(count)) => {
            f.write_str("{")?;
            for index in 0..count {
                separate(index, f)?;
                item(r, f)?;
                f.write_str(": ")?;
                item(r, f)?;
            }
            f.write_str("}")
        }
        Ok(Head::Tag(number)) => {
            write!(f, "{number}(")?;
            item(r, f)?;
            f.write_str(")")
        }
        Ok(Head::Simple(20)) => f.write_str("false"),
        Ok(Head::Simple(21)) => f.write_str("true"),
        Ok(Head::Simple(22)) => f.write_str("null"),
        Ok(Head::Simple(23)) => f.write_str("undefined"),
        Ok(Head::Simple(number)) => write!(f, "simple({number})"),
        Ok(Head::Float { .. }) => float(r.since(start), f),
    }
}

fn separate(index: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(if index == 0 { "" } else { ", " })
}

/// A floating-point number; a NaN other than the usual one by its octets.
fn float(encoded: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match ciborium::from_reader::<f64, _>(encoded) {
        Ok(number) if number.is_nan() && encoded != [0xf9, 0x7e, 0x00] => {
            write!(f, "float'{}'", Hex(encoded.get(1..).unwrap_or_default()))
        }
        Ok(number) if number.is_nan() => f.write_str("NaN"),
        Ok(number) if number.is_infinite() && number > 0.0 => f.write_str("Infinity"),
        Ok(number) if number.is_infinite() => f.write_str("-Infinity"),
        Ok(number) => write!(f, "{number:?}"),
        Err(_) => Ok(()),
    }
}
