//! Messages by hand: what no rule forbids, and one input for each rule.

use crate::hex;

/// The fields of the shortest message there is, each to be exchanged.
pub(super) const SHORTEST: [&str; 7] = [
    "50 0f0e0d0c0b0a09080706050403020100",
    "f6",
    "40",
    "f6",
    "f6",
    "a0",
    "83 01 60 00",
];

/// The shortest message with one field exchanged.
pub(super) fn with(field: usize, digits: &str) -> Vec<u8> {
    let mut fields = SHORTEST;
    fields[field] = digits;
    hex::literal(&format!("87{}", fields.concat()))
}

/// By hand: what no rule forbids.
#[rustfmt::skip] // one line a case
pub(super) const KEPT: &[(&str, usize, &str)] = &[
    ("expires at the last second", 3, "82 f4 1a ffffffff"),
    ("expires after no time", 3, "82 f5 00"),
    ("an unknown disposition", 6, "83 18ff 60 00"),
    ("the reserved extension key", 5, "a1 00 00"),
    ("extension keys in order", 5, "a5 03 00 17 00 1818 00 20 00 6161 00"),
    ("the largest and the smallest key", 5, "a2 1b 001fffffffffffff 00 3b 001ffffffffffffe 00"),
    ("a shorter text key before a smaller", 5, "a2 6162 00 626161 00"),
    ("the largest integers", 5, "a2 03 1b ffffffffffffffff 04 3b ffffffffffffffff"),
    ("a bignum of nine octets", 5, "a1 03 c2 49 010000000000000000"),
    ("a negative bignum", 5, "a1 03 c3 49 010000000000000000"),
    ("simple values", 5, "a4 03 f4 04 f6 05 e0 06 f820"),
    ("the NaN", 5, "a1 03 f97e00"),
    ("a negative zero", 5, "a1 03 f98000"),
    ("floats in their shortest form", 5, "a3 03 f93c00 04 fa47c35000 05 fb3fb999999999999a"),
    ("the smallest half", 5, "a1 03 f90001"),
    ("a NaN with a payload in an array of floats", 5, "a1 03 d857 82 fa7fc00001 f9fe00"),
    ("all kinds of keys inside a value", 5, "a1 03 a4 01 00 20 00 4161 00 6161 00"),
    ("a value at the fourth level", 5, "a1 03 81 81 81 00"),
    ("a tag counts as a level", 5, "a1 03 81 d820 81 60"),
];

/// By hand: one input for each rule.
#[rustfmt::skip] // one line a case
pub(super) const REFUSED: &[(&str, usize, &str, &str, usize)] = &[
    ("a salt of 15 octets", 0, "4f 0f0e0d0c0b0a090807060504030201", "length", 1),
    ("a salt that is text", 0, "70 30303030303030303030303030303030", "type", 1),
    ("a salt with a long length", 0, "5810 0f0e0d0c0b0a09080706050403020100", "not_shortest", 1),
    ("an empty message ID", 1, "40", "length", 18),
    ("a message ID of another hash", 1, "5820 02 00000000000000000000000000000000000000000000000000000000000000", "hash_algorithm", 18),
    ("undefined instead of null", 1, "f7", "type", 18),
    ("a topic ID that is null", 2, "f6", "type", 19),
    ("an indefinite topic ID", 2, "5f 40 ff", "indefinite", 19),
    ("a topic ID that reaches past the end", 2, "5b ffffffffffffffff", "truncated", 28),
    ("reserved additional information", 2, "1c", "malformed", 19),
    ("a break on its own", 2, "ff", "malformed", 19),
    ("an expiration of three", 3, "83 f4 00 00", "length", 20),
    ("an expiration without its kind", 3, "82 00 00", "type", 21),
    ("a negative expiration", 3, "82 f5 20", "type", 22),
    ("an expiration beyond 32 bits", 3, "82 f5 1b 0000000100000000", "too_large", 22),
    ("an expiration in a longer form", 3, "82 f4 18 17", "not_shortest", 22),
    ("extensions that are null", 5, "f6", "type", 22),
    ("indefinite extensions", 5, "bf ff", "indefinite", 22),
    ("more extensions than octets", 5, "bb ffffffffffffffff", "truncated", 31),
    ("an extension twice", 5, "a2 03 00 03 00", "duplicate_key", 25),
    ("extensions out of order", 5, "a2 04 00 03 00", "key_order", 25),
    ("a longer text key before a shorter", 5, "a2 626161 00 6162 00", "key_order", 27),
    ("an empty extension name", 5, "a1 60 00", "too_few", 23),
    ("an extension named by octets", 5, "a1 4161 00", "type", 23),
    ("a key beyond 2^53 - 1", 5, "a1 1b 0020000000000000 00", "key_range", 23),
    ("a key below -(2^53 - 1)", 5, "a1 3b 001fffffffffffff 00", "key_range", 23),
    ("a key that is a float", 5, "a1 f93c00 00", "type", 23),
    ("a sender that is no text", 5, "a1 01 00", "type", 24),
    ("a sender that is no UTF-8", 5, "a1 01 62c328", "utf8", 25),
    ("a room that is octets", 5, "a1 02 40", "type", 24),
    ("a key twice inside a value", 5, "a1 03 a2 01 00 01 00", "duplicate_key", 27),
    ("a value beyond the fourth level", 5, "a1 03 81 81 81 80", "limit", 27),
    ("a bignum that fits 64 bits", 5, "a1 03 c2 48 0100000000000000", "bignum", 24),
    ("a bignum with a leading zero", 5, "a1 03 c2 4a 00010000000000000000", "bignum", 24),
    ("a NaN with a payload", 5, "a1 03 f97e01", "nan", 24),
    ("a negative NaN", 5, "a1 03 f9fe00", "nan", 24),
    ("a NaN in four octets", 5, "a1 03 fa7fc00000", "not_shortest", 24),
    ("1.0 in four octets", 5, "a1 03 fa3f800000", "not_shortest", 24),
    ("100000.0 in eight octets", 5, "a1 03 fb40f86a0000000000", "not_shortest", 24),
    ("the smallest half in four octets", 5, "a1 03 fa33800000", "not_shortest", 24),
    ("a simple value in two octets too many", 5, "a1 03 f814", "malformed", 24),
    ("a body that is null", 6, "f6", "type", 23),
    ("a body of two", 6, "82 01 60", "length", 23),
    ("a body of nothing with content", 6, "85 01 60 00 60 40", "length", 23),
    ("a single part of three", 6, "83 01 60 01", "length", 23),
    ("an external part of five", 6, "85 01 60 02 60 60", "length", 23),
    ("a disposition beyond an octet", 6, "83 19 0100 60 00", "too_large", 24),
    ("a language that is octets", 6, "83 01 40 00", "type", 25),
    ("an unknown cardinality", 6, "83 01 60 04", "unknown", 26),
    ("an unknown partSemantics", 6, "85 01 60 03 03 82 83016000 83016000", "unknown", 27),
    ("a multipart of one part", 6, "85 01 60 03 00 81 83016000", "too_few", 28),
    ("a tagged URL", 6, "8f 06 60 02 60 d820 60 00 00 00 40 40 40 00 40 60 60", "type", 28),
    ("an encAlg beyond 16 bits", 6, "8f 06 60 02 60 60 00 00 1a 00010000 40 40 40 00 40 60 60", "too_large", 31),
    ("a hashAlg beyond an octet", 6, "8f 06 60 02 60 60 00 00 00 40 40 40 19 0100 40 60 60", "too_large", 35),
    ("a part beyond the fourth level", 6, "85016003008283016000 85016003008283016000 85016003008283016000 85016003008283016000 83016000", "limit", 59),
    ("something behind the message", 6, "83 01 60 00 00", "trailing", 27),
];
