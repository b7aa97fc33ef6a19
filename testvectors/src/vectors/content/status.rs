//! `message_status`.

use mimi_content::{MessageId, MessageStatus, PerMessageStatus, Salt, StatusReport};
use serde_json::{Value, json};

use super::{ALICE, Codec, ROOM, refused};
use crate::vectors::procedures::octets;
use crate::vectors::{Family, Outcome};

pub(in crate::vectors) fn decode(input: &Value) -> Outcome {
    let octets = octets(input, "octets");
    let report = StatusReport::decode(&octets).map_err(|error| refused(&error))?;
    assert_eq!(report.encode(), octets);
    let entries = report.0.iter().map(|entry| {
        json!({
            "message_id": entry.message_id.to_string(),
            "status": entry.status.0,
        })
    });
    Ok(json!({ "entries": entries.collect::<Value>() }))
}

/// An entry with the status 2, and the octets of another.
macro_rules! entry {
    ($last:literal) => {
        concat!(
            "82 5820 01d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1",
            $last
        )
    };
}

#[rustfmt::skip] // one line a case
const KEPT: &[(&str, &str)] = &[
    ("no messages", "80"),
    ("an unknown status", concat!("81", entry!("18ff"))),
    ("the first unknown status", concat!("81", entry!("07"))),
    ("a status that changes", concat!("82", entry!("01"), entry!("02"))),
];

#[rustfmt::skip] // one line a case
const REFUSED: &[(&str, &str, &str, usize)] = &[
    ("nothing", "", "truncated", 0),
    ("a map", "a0", "type", 0),
    ("null", "f6", "type", 0),
    ("an indefinite report", concat!("9f", entry!("02"), "ff"), "indefinite", 0),
    ("a number of entries in two octets", concat!("9801", entry!("02")), "not_shortest", 0),
    ("more entries than octets", "9bffffffffffffffff", "truncated", 9),
    ("an entry too few", concat!("82", entry!("02")), "truncated", 37),
    ("an entry too many", concat!("81", entry!("02"), entry!("02")), "trailing", 37),
    ("an entry on its own", entry!("02"), "type", 1),
    ("an entry of one", "81 81 02", "length", 1),
    ("an entry of three", concat!("81 83", "5820 01d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1 02 00"), "length", 1),
    ("an entry that is a map", "81 a1 00 00", "type", 1),
    ("a message ID of 31 octets", "81 82 581f 01d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1 02", "length", 2),
    ("a message ID of another hash", "81 82 5820 02d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1 02", "hash_algorithm", 2),
    ("a message ID that is text", "81 82 60 02", "type", 2),
    ("a message ID that reaches past the end", "81 82 5820 01", "truncated", 4),
    ("no status", concat!("81", entry!("")), "truncated", 36),
    ("a status beyond an octet", concat!("81", entry!("190100")), "too_large", 36),
    ("a status in a longer form", concat!("81", entry!("1802")), "not_shortest", 36),
    ("a negative status", concat!("81", entry!("20")), "type", 36),
    ("a status that is text", concat!("81", entry!("64 72656164")), "type", 36),
    ("a status that is null", concat!("81", entry!("f6")), "type", 36),
];

pub(in crate::vectors) fn family() -> Family {
    let entry = |number: u8| PerMessageStatus {
        message_id: MessageId::compute(ALICE, ROOM, &[number], &Salt::new([number; 16])).unwrap(),
        status: MessageStatus(number),
    };
    let codec = Codec("message_status");
    let one = StatusReport(vec![entry(MessageStatus::READ.0)]);
    let all = StatusReport((0..=MessageStatus::ERROR.0).map(entry).collect());
    let mut cases = vec![
        codec.valid("a message that was read", &one.encode()),
        codec.valid("a message of each status", &all.encode()),
    ];
    cases.extend(codec.by_hand(KEPT, REFUSED));
    Family {
        family: "message_status".to_owned(),
        about: "Reports of delivery and reading (STATUS, \"Formal Data Definition\")".to_owned(),
        cases,
    }
}
