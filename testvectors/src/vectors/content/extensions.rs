//! `content_extensions`: those of MORE, and what a sender may set.

use mimi_content::cbor::DecodeError;
use mimi_content::more::{ExternalMessageId, LastSeen, Scope, SenderTimestamp, Subject, Unit};
use mimi_content::{ExtensionName, ExtensionValue, KnownExtension, MessageId, MimiContent, Salt};
use serde_json::{Value, json};

use super::octets::with;
use super::{ALICE, ROOM, message, refused, rule};
use crate::hex;
use crate::vectors::procedures::octets;
use crate::vectors::{Case, Family, Outcome, Refused};

/// Reads the value of an extension of MORE, out of a message.
pub(in crate::vectors) fn known(input: &Value) -> Outcome {
    let value = octets(input, "cbor");
    let cbor = ExtensionValue::from_cbor(&value).unwrap();
    let mut message = message("");
    message.extensions.insert(name(input), cbor).unwrap();
    let octets = message.encode();
    let message = MimiContent::decode(&octets).unwrap();
    let read = match name(input) {
        ExtensionName::SENDER_TIMESTAMP => fields(&message, sender_timestamp),
        ExtensionName::EXTERNAL_MESSAGE_ID => fields(&message, external_message_id),
        ExtensionName::SUBJECT => fields(
            &message,
            |subject: &Subject<'_>| json!({ "subject": subject.as_str() }),
        ),
        ExtensionName::LAST_SEEN => fields(&message, last_seen),
        other => panic!("{other} is not of MORE"),
    };
    let (fields, again) = read.map_err(|error| refused(&error))?;
    assert_eq!(again.as_cbor(), value);
    Ok(fields)
}

/// Sets an extension of a message.
pub(in crate::vectors) fn set(input: &Value) -> Outcome {
    let octets = octets(input, "octets");
    let mut message = MimiContent::decode(&octets).unwrap();
    let cbor = hex::literal(input["cbor"].as_str().unwrap());
    let value = ExtensionValue::from_cbor(&cbor).map_err(|error| refused(&error))?;
    let set = message.extensions.insert(name(input), value);
    set.map_err(|error| Refused::new(rule(&error), None))?;
    Ok(json!({ "octets": hex::encode(&message.encode()) }))
}

fn name(input: &Value) -> ExtensionName<'_> {
    match &input["name"] {
        Value::String(text) => text.as_str().into(),
        number => number.as_i64().unwrap().into(),
    }
}

/// The extension of a type as JSON, and encoded again.
fn fields<'a, E: KnownExtension<'a>>(
    message: &'a MimiContent<'_>,
    fields: impl Fn(&E) -> Value,
) -> Result<(Value, ExtensionValue<'static>), DecodeError> {
    let extension: E = message.extensions.known()?.unwrap();
    Ok((fields(&extension), extension.to_value()))
}

fn sender_timestamp(time: &SenderTimestamp) -> Value {
    let fraction = time.fraction.map(|fraction| {
        let exponent = match fraction.unit() {
            Unit::Millis => -3,
            Unit::Micros => -6,
            Unit::Nanos => -9,
        };
        json!({ "exponent": exponent, "count": fraction.count() })
    });
    json!({ "seconds": time.seconds.to_string(), "fraction": fraction })
}

fn external_message_id(id: &ExternalMessageId<'_>) -> Value {
    let scope = match &id.scope {
        Scope::Enterprise(number) => json!({ "pen": number.to_string() }),
        Scope::Domain(domain) => json!({ "domain": domain }),
        Scope::Uri(uri) => json!({ "uri": uri }),
    };
    json!({ "id": hex::encode(&id.id), "scope": scope })
}

fn last_seen(seen: &LastSeen<'_>) -> Value {
    match seen {
        LastSeen::Native(ids) => {
            let ids = ids.iter().map(|id| json!(id.to_string()));
            json!({ "message_ids": ids.collect::<Value>() })
        }
        LastSeen::External(ids) => {
            json!({ "external": ids.iter().map(external_message_id).collect::<Value>() })
        }
    }
}

const TIME: i64 = 3;
const ID: i64 = 4;
const SUBJECT: i64 = 5;
const SEEN: i64 = 256;

const MESSAGE: &str = "5820 01d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1";

#[rustfmt::skip] // one line a case
const KNOWN: &[(&str, i64, &str)] = &[
    ("time: seconds", TIME, "a1 01 1a 69119339"),
    ("time: milliseconds", TIME, "a2 01 1a 69119339 22 1903e7"),
    ("time: microseconds", TIME, "a2 01 1a 69119339 25 1a000f423f"),
    ("time: nanoseconds", TIME, "a2 01 1a 69119339 28 1a3b9ac9ff"),
    ("time: the epoch, and no milliseconds", TIME, "a2 01 00 22 00"),
    ("time: the last second", TIME, "a1 01 1bffffffffffffffff"),
    ("ID: of an enterprise", ID, "82 50 08bbeeb8175c4a64a8926a5a23bb2811 190137"),
    ("ID: of a domain", ID, "82 43 343240 69 6c2e6578616d706c65"),
    ("ID: of a URI", ID, "82 41 01 d820 63 613a62"),
    ("ID: no octets", ID, "82 40 01"),
    ("ID: of the largest number", ID, "82 40 1bffffffffffffffff"),
    ("ID: of a domain without a name", ID, "82 40 60"),
    ("subject: a text", SUBJECT, "65 4c756e6368"),
    ("subject: one character of four octets", SUBJECT, "64 f09f8d8d"),
    ("seen: nothing", SEEN, "80"),
    ("seen: external IDs", SEEN, "82 82 40 01 82 41 00 60"),
];

#[rustfmt::skip] // one line a case
const NOT_KNOWN: &[(&str, i64, &str, &str, usize)] = &[
    ("time: a number", TIME, "1a 69119339", "type", 0),
    ("time: with the tag of seconds", TIME, "c1 1a 69119339", "type", 0),
    ("time: nothing", TIME, "a0", "too_few", 0),
    ("time: two fractions", TIME, "a3 01 00 22 00 25 00", "limit", 0),
    ("time: a fraction without seconds", TIME, "a1 22 00", "type", 1),
    ("time: another key", TIME, "a1 02 00", "type", 1),
    ("time: key 0 before the seconds", TIME, "a2 00 00 01 00", "type", 1),
    ("time: picoseconds", TIME, "a2 01 00 2b 00", "type", 3),
    ("time: a second key above zero", TIME, "a2 01 00 02 00", "type", 3),
    ("time: a key that is text", TIME, "a2 01 00 61 6d 00", "type", 3),
    ("time: negative seconds", TIME, "a1 01 20", "type", 2),
    ("time: seconds that are a float", TIME, "a1 01 f93e00", "type", 2),
    ("time: seconds beyond 64 bits", TIME, "a1 01 c2 49 010000000000000000", "type", 2),
    ("time: a second of milliseconds", TIME, "a2 01 00 22 1903e8", "too_large", 4),
    ("time: a second of microseconds", TIME, "a2 01 00 25 1a000f4240", "too_large", 4),
    ("time: a second of nanoseconds", TIME, "a2 01 00 28 1a3b9aca00", "too_large", 4),
    ("time: negative milliseconds", TIME, "a2 01 00 22 20", "type", 4),
    ("ID: octets on their own", ID, "41 01", "type", 0),
    ("ID: without a scope", ID, "81 40", "length", 0),
    ("ID: of three", ID, "83 40 01 01", "length", 0),
    ("ID: that is text", ID, "82 60 01", "type", 1),
    ("ID: of enterprise 0", ID, "82 40 00", "type", 2),
    ("ID: of a negative enterprise", ID, "82 40 20", "type", 2),
    ("ID: of an enterprise beyond 64 bits", ID, "82 40 c2 49 010000000000000000", "type", 2),
    ("ID: of octets", ID, "82 40 40", "type", 2),
    ("ID: of null", ID, "82 40 f6", "type", 2),
    ("ID: of another tag", ID, "82 40 d821 60", "type", 2),
    ("ID: of a URI that is octets", ID, "82 40 d820 40", "type", 4),
    ("subject: nothing", SUBJECT, "60", "too_few", 0),
    ("subject: octets", SUBJECT, "41 61", "type", 0),
    ("subject: null", SUBJECT, "f6", "type", 0),
    ("subject: tagged", SUBJECT, "d820 61 61", "type", 0),
    ("seen: null", SEEN, "f6", "type", 0),
    ("seen: a map", SEEN, "a0", "type", 0),
    ("seen: a message ID of 31 octets", SEEN, "81 581f 01d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1", "length", 1),
    ("seen: a message ID of another hash", SEEN, "81 5820 02d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1", "hash_algorithm", 1),
    ("seen: a message ID that is text", SEEN, "81 60", "type", 1),
    ("seen: an external ID of three", SEEN, "81 83 40 01 01", "length", 1),
    ("seen: an external ID of enterprise 0", SEEN, "82 82 40 01 82 40 00", "type", 6),
    ("seen: an external ID, then a message ID", SEEN, "82 82 40 01 5820 01d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1", "type", 4),
];

fn read() -> Vec<Case> {
    let input = |name: i64, cbor: &[u8]| json!({ "name": name, "cbor": hex::encode(cbor) });
    let valid =
        |name: &str, key: i64, cbor: &[u8]| Case::valid("extension_known", name, input(key, cbor));
    let refused = |name: &str, key: i64, cbor: &[u8], rule: &str, offset: usize| {
        Case::refused("extension_known", name, input(key, cbor), rule, offset)
    };
    let known = KNOWN.iter();
    let known = known.map(|(name, key, digits)| valid(name, *key, &hex::literal(digits)));
    let not_known = NOT_KNOWN.iter().map(|(name, key, digits, rule, offset)| {
        refused(name, *key, &hex::literal(digits), rule, *offset)
    });
    let ids: Vec<_> = (0..3)
        .map(|number| MessageId::compute(ALICE, ROOM, &[number], &Salt::new([1; 16])).unwrap())
        .collect();
    let three = LastSeen::Native(ids).to_value();
    let mixed = hex::literal(&format!("82 {MESSAGE} 82 40 01"));
    let subject = |octets: u16| {
        let text = vec![b's'; octets.into()];
        [&[0x79], &octets.to_be_bytes()[..], &text].concat()
    };
    let mut cases: Vec<Case> = known.chain(not_known).collect();
    cases.extend([
        valid("seen: three messages", SEEN, three.as_cbor()),
        refused(
            "seen: a message ID, then an external ID",
            SEEN,
            &mixed,
            "type",
            35,
        ),
        valid("subject: 4096 octets", SUBJECT, &subject(4096)),
        refused("subject: 4097 octets", SUBJECT, &subject(4097), "limit", 0),
    ]);
    cases
}

fn written() -> Vec<Case> {
    let before = with(5, "a3 03 00 190100 80 20 f6");
    let input = |name: Value, digits: &str| {
        let cbor = hex::encode(&hex::literal(digits));
        json!({ "octets": hex::encode(&before), "name": name, "cbor": cbor })
    };
    let mut cases = Vec::new();
    for (what, name, digits) in [
        ("the sender", json!(1), "63 613a62"),
        ("a subject, between others", json!(5), "65 4c756e6368"),
        ("another value in place of one", json!(256), "81 40"),
        ("another value in place of the last", json!(-1), "00"),
        ("a negative name, behind larger ones", json!(-2), "f5"),
        ("the largest name", json!((1_i64 << 53) - 1), "00"),
        ("the smallest name", json!(1 - (1_i64 << 53)), "00"),
        ("a text for a name", json!("\u{e9}"), "a1 01 00"),
        ("a name of 255 octets", json!("n".repeat(255)), "00"),
    ] {
        let what = format!("set: {what}");
        cases.push(Case::valid("extension_set", &what, input(name, digits)));
    }
    for (what, name, digits, rule) in [
        ("the reserved name", json!(0), "00", "reserved_key"),
        (
            "a name beyond 2^53 - 1",
            json!(1_i64 << 53),
            "00",
            "key_range",
        ),
        (
            "a name below -(2^53 - 1)",
            json!(-(1_i64 << 53)),
            "00",
            "key_range",
        ),
        ("an empty name", json!(""), "00", "too_few"),
        (
            "a name of 256 octets",
            json!("n".repeat(256)),
            "00",
            "limit",
        ),
        (
            "a name of 256 octets, not characters",
            json!("\u{e9}".repeat(128)),
            "00",
            "limit",
        ),
        ("a sender that is no text", json!(1), "00", "type"),
        ("a room that is octets", json!(2), "43 613a62", "type"),
    ] {
        let what = format!("set: {what}");
        let input = input(name, digits);
        cases.push(Case::refused("extension_set", &what, input, rule, None));
    }
    for (what, digits, rule, offset) in [
        ("nothing for a value", "", "truncated", 0),
        ("two values", "00 00", "trailing", 1),
        (
            "a value not in its shortest form",
            "1800",
            "not_shortest",
            0,
        ),
        ("a value of four levels", "81 81 81 80", "limit", 3),
    ] {
        let what = format!("set: {what}");
        let input = input(json!(3), digits);
        cases.push(Case::refused("extension_set", &what, input, rule, offset));
    }
    cases
}

pub(in crate::vectors) fn family() -> Family {
    let mut cases = read();
    cases.extend(written());
    Family {
        family: "content_extensions".to_owned(),
        about: "The extensions of MORE, and which extensions a sender may set (CONTENT, \
                \"Extension Fields\")"
            .to_owned(),
        cases,
    }
}
