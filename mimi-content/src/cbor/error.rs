use std::fmt;

use super::{MAX_INT_KEY, MIN_INT_KEY};

/// Why octets are not an encoding of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// Where in the input, in octets from its start.
    pub offset: usize,
    /// In which field, by the draft's names, as in
    /// `nestedPart.parts[2].contentType`; empty for the value as a whole.
    pub path: String,
    /// The rule that is broken there.
    pub rule: Rule,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at octet {}", self.offset)?;
        if !self.path.is_empty() {
            write!(f, ", {}", self.path)?;
        }
        write!(f, ": {}", self.rule)
    }
}

impl std::error::Error for DecodeError {}

/// The rules that a [`DecodeError`] can name, and that values keep which are to
/// be encoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// The input ends before the item does.
    #[error("the input is at least {missing} octets too short")]
    Truncated {
        /// How many octets are lacking at least.
        missing: u64,
    },
    /// Octets follow the value.
    #[error("{count} octets follow the value")]
    Trailing {
        /// How many octets are left over.
        count: usize,
    },
    /// The item is of another type.
    #[error("{expected} is expected, not {found}")]
    Type {
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// RFC 8949 §3: additional information 28 to 30, or 31 where it has no
    /// meaning; a simple value below 32 in two octets.
    #[error("the item is not well-formed CBOR")]
    Malformed,
    /// RFC 8949 §4.2.1: integers, lengths, tags and floating-point numbers
    /// take their shortest form.
    #[error("the item is not in its shortest form")]
    NotShortest,
    /// RFC 8949 §4.2.1: strings, arrays and maps have a definite length.
    #[error("the length is indefinite")]
    Indefinite,
    /// RFC 8949 §4.2.1: keys increase in the order of their encodings.
    #[error("a map key is smaller than the one before")]
    KeyOrder,
    /// CONTENT, "Extension Fields": each key appears once.
    #[error("a map key appears twice")]
    DuplicateKey,
    /// CONTENT, "Data model restrictions": integer keys fit a double exactly.
    #[error("an integer key is not in {MIN_INT_KEY} to {MAX_INT_KEY}")]
    KeyRange,
    /// CONTENT, "Encoding restrictions": what fits 64 bits is an integer; and
    /// RFC 8949 §3.4.3: no leading zeros.
    #[error("a bignum fits an integer or starts with zeros")]
    Bignum,
    /// CONTENT, "Data model restrictions": one NaN only.
    #[error("a NaN is not 0xf97e00")]
    Nan,
    /// CONTENT, "Data model restrictions": text strings are UTF-8.
    #[error("a text string is not valid UTF-8")]
    Utf8,
    /// A string or array has not the length that its place demands.
    #[error("the length is {found}, not {expected}")]
    Length {
        /// The only length accepted.
        expected: u64,
        /// The length declared.
        found: u64,
    },
    /// There is less of something than its place demands.
    #[error("{found} {what}, fewer than {min}")]
    TooFew {
        /// What there is too little of.
        what: &'static str,
        /// The fewest accepted.
        min: u64,
        /// How many there are.
        found: u64,
    },
    /// A number does not fit its field.
    #[error("{found} is more than {max}")]
    TooLarge {
        /// The largest value accepted.
        max: u64,
        /// What is there.
        found: u64,
    },
    /// A bound of this crate is exceeded; its constant gives the reason.
    #[error("there are more than {max} {what}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// The most accepted.
        max: usize,
    },
    /// CONTENT, "Message ID": the hash algorithm is SHA-256, number 1.
    #[error("the message ID has hash algorithm {0}, not 1")]
    HashAlgorithm(u8),
    /// A closed enumeration has no such value.
    #[error("{what} has no value {value}")]
    Unknown {
        /// The enumeration.
        what: &'static str,
        /// What is there.
        value: u64,
    },
    /// CONTENT, "MIMI Content Extension Keys registry": key 0 is reserved.
    #[error("extension key 0 is reserved")]
    ReservedKey,
}
