//! `message_derived_values`.

use mimi_content::{HubTimestamp, MessageDerivedValues, MessageId, Salt, Timestamp};
use serde_json::{Value, json};

use super::octets::exchange;
use super::{ALICE, Codec, ROOM, refused};
use crate::hex;
use crate::vectors::procedures::octets;
use crate::vectors::{Family, Outcome};

pub(in crate::vectors) fn decode(input: &Value) -> Outcome {
    let octets = octets(input, "octets");
    let values = MessageDerivedValues::decode(&octets).map_err(|error| refused(&error))?;
    assert_eq!(values.encode(), octets);
    let time = &values.hub_accepted_timestamp;
    let extended = match time {
        HubTimestamp::Millis(_) => None,
        HubTimestamp::Extended(time) => Some(hex::encode(time.as_cbor())),
    };
    let millis = time.to_timestamp().map(|time| time.as_millis().to_string());
    Ok(json!({
        "message_id": values.message_id.to_string(),
        "hub_accepted_timestamp": { "extended": extended, "millis": millis },
        "mls_group_id": hex::encode(&values.mls_group_id),
        "sender_leaf_index": values.sender_leaf_index,
        "sender_client_url": values.sender_client_url,
        "sender_user_url": values.sender_user_url,
        "room_url": values.room_url,
    }))
}

const SHORTEST: [&str; 7] = [
    "5820 01d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1",
    "00",
    "40",
    "00",
    "60",
    "60",
    "60",
];

#[rustfmt::skip] // one line a case
const KEPT: &[(&str, usize, &str)] = &[
    ("the last millisecond", 1, "1bffffffffffffffff"),
    ("the last leaf", 3, "1affffffff"),
    ("a URL that is none", 4, "63 613a62"),
    ("extended: whole seconds", 1, "d903e9 a1 01 1a 65000000"),
    ("extended: milliseconds", 1, "d903e9 a2 01 1a 65000000 22 1903e7"),
    ("extended: microseconds", 1, "d903e9 a2 01 1a 65000000 25 1a000f423f"),
    ("extended: less than a millisecond", 1, "d903e9 a2 01 00 25 1903e7"),
    ("extended: nanoseconds", 1, "d903e9 a2 01 1a 65000000 28 1a3b9ac9ff"),
    ("extended: the last that fits milliseconds", 1, "d903e9 a2 01 1b 004189374bc6a7ef 22 190267"),
    ("extended: the first that does not", 1, "d903e9 a2 01 1b 004189374bc6a7ef 22 190268"),
    ("extended: seconds beyond milliseconds", 1, "d903e9 a1 01 1bffffffffffffffff"),
    ("extended: a second of milliseconds", 1, "d903e9 a2 01 00 22 1903e8"),
    ("extended: a second of microseconds", 1, "d903e9 a2 01 00 25 1a000f4240"),
    ("extended: picoseconds", 1, "d903e9 a2 01 00 2b 01"),
    ("extended: two fractions", 1, "d903e9 a3 01 00 22 01 25 01"),
    ("extended: a fraction without seconds", 1, "d903e9 a1 22 01"),
    ("extended: seconds before 1970", 1, "d903e9 a1 01 20"),
    ("extended: seconds that are a float", 1, "d903e9 a1 01 f93e00"),
    ("extended: another time scale", 1, "d903e9 a2 01 00 20 01"),
    ("extended: a decimal fraction", 1, "d903e9 a1 04 c4 82 20 0f"),
    ("extended: nothing", 1, "d903e9 a0"),
    ("extended: names as texts", 1, "d903e9 a1 64 6e6f7465 60"),
    ("extended: the fourth level", 1, "d903e9 a1 0a 81 80"),
];

#[rustfmt::skip] // one line a case
const REFUSED: &[(&str, usize, &str, &str, usize)] = &[
    ("a message ID that is null", 0, "f6", "type", 1),
    ("a message ID of 33 octets", 0, "5821 01d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1", "length", 1),
    ("a message ID of another hash", 0, "5820 00d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1", "hash_algorithm", 1),
    ("milliseconds in a longer form", 1, "1800", "not_shortest", 35),
    ("negative milliseconds", 1, "20", "type", 35),
    ("milliseconds beyond 64 bits", 1, "c2 49 010000000000000000", "type", 35),
    ("a time that is text", 1, "60", "type", 35),
    ("a time that is null", 1, "f6", "type", 35),
    ("a time that is a float", 1, "f93c00", "type", 35),
    ("a time with the tag of seconds", 1, "c1 00", "type", 35),
    ("a map without a tag", 1, "a1 01 00", "type", 35),
    ("extended: the tag around a number", 1, "d903e9 00", "type", 35),
    ("extended: the tag around an array", 1, "d903e9 80", "type", 35),
    ("extended: the tag of a duration", 1, "d903ea a1 01 00", "type", 35),
    ("extended: the tag in a longer form", 1, "da000003e9 a1 01 00", "not_shortest", 35),
    ("extended: the tag twice", 1, "d903e9 d903e9 a1 01 00", "type", 35),
    ("extended: indefinite", 1, "d903e9 bf 01 00 ff", "indefinite", 38),
    ("extended: a key twice", 1, "d903e9 a2 01 00 01 00", "duplicate_key", 41),
    ("extended: keys out of order", 1, "d903e9 a2 22 00 01 00", "key_order", 41),
    ("extended: a key that is null", 1, "d903e9 a1 f6 00", "type", 39),
    ("extended: a key beyond 2^53 - 1", 1, "d903e9 a1 1b0020000000000000 00", "key_range", 39),
    ("extended: seconds in a longer form", 1, "d903e9 a1 01 1800", "not_shortest", 40),
    ("extended: a NaN with a payload", 1, "d903e9 a1 01 f97e01", "nan", 40),
    ("extended: a bignum that fits 64 bits", 1, "d903e9 a1 01 c2 41 01", "bignum", 40),
    ("extended: a name that is no UTF-8", 1, "d903e9 a1 62 c328 00", "utf8", 40),
    ("extended: beyond the fourth level", 1, "d903e9 a1 0a 81 81 80", "limit", 42),
    ("extended: more entries than octets", 1, "d903e9 bb7fffffffffffffff", "truncated", 47),
    ("extended: a value that is no CBOR", 1, "d903e9 a1 01 f818", "malformed", 40),
    ("a group ID that is text", 2, "60", "type", 36),
    ("a group ID that reaches past the end", 2, "4a", "truncated", 37),
    ("a leaf beyond 32 bits", 3, "1b0000000100000000", "too_large", 37),
    ("a negative leaf", 3, "20", "type", 37),
    ("a client that is octets", 4, "40", "type", 38),
    ("a client that is no UTF-8", 4, "61 ff", "utf8", 39),
    ("a user that is tagged", 5, "d820 60", "type", 39),
    ("a room that is null", 6, "f6", "type", 40),
    ("something behind the values", 6, "60 00", "trailing", 41),
];

pub(in crate::vectors) fn family() -> Family {
    let codec = Codec("message_derived_values");
    let values = MessageDerivedValues {
        message_id: MessageId::compute(ALICE, ROOM, b"a message", &Salt::new([1; 16])).unwrap(),
        hub_accepted_timestamp: HubTimestamp::Millis(Timestamp::from_millis(1_644_387_225_019)),
        mls_group_id: b"group"[..].into(),
        sender_leaf_index: 4,
        sender_client_url: "mimi://a.example/d/alice/phone".into(),
        sender_user_url: ALICE.into(),
        room_url: ROOM.into(),
    };
    let with = |field: usize, digits: &str| exchange(SHORTEST, field, digits);
    let shortest = with(0, SHORTEST[0]);
    let mut cases = vec![
        codec.valid("a message", &values.encode()),
        codec.valid("the shortest values", &shortest),
    ];
    for (name, field, digits) in KEPT {
        cases.push(codec.valid(name, &with(*field, digits)));
    }
    for (name, field, digits, rule, offset) in REFUSED {
        cases.push(codec.refused(name, &with(*field, digits), rule, *offset));
    }
    cases.extend(codec.whole(&shortest, 40));
    Family {
        family: "message_derived_values".to_owned(),
        about: "What a receiver knows of a message beside its content (CONTENT, \"Derived Data \
                Values\")"
            .to_owned(),
        cases,
    }
}
