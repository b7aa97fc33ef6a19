//! `mimi_content` and `message_id`.

use bytes::Bytes;
use mimi_content::cbor::Rule;
use mimi_content::{
    Disposition, Expiration, ExtensionName, ExtensionValue, ExternalPart, MessageId,
    MessageIdError, MimiContent, MimiUri, NestedPart, Part, PartSemantics, Salt,
};
use serde_json::{Value, json};

use super::procedures::{array, octets, text};
use super::{Case, Family, Outcome, Refused};
use crate::hex;

pub(super) const ALICE: &str = "mimi://a.example/u/alice";
pub(super) const ROOM: &str = "mimi://hub.example/r/clubhouse";

pub(super) fn compute_id(input: &Value) -> Outcome {
    let salt = array(input, "salt");
    let message = octets(input, "message");
    let id = MessageId::compute(text(input, "sender"), text(input, "room"), &message, &salt);
    Ok(json!({ "message_id": id.unwrap().to_string() }))
}

pub(super) fn read_id(input: &Value) -> Outcome {
    match MessageId::from_bytes(&octets(input, "octets")) {
        Ok(id) => Ok(json!({ "message_id": id.to_string() })),
        Err(MessageIdError::Length { .. }) => Err(Refused::new("length", None)),
        Err(MessageIdError::HashAlgorithm(_)) => Err(Refused::new("hash_algorithm", None)),
        Err(other) => panic!("{other}"),
    }
}

pub(super) fn decode(input: &Value) -> Outcome {
    let message = octets(input, "octets");
    let content = MimiContent::decode(&message)
        .map_err(|error| Refused::new(rule(&error.rule), error.offset))?;
    assert_eq!(content.encode().as_deref(), Ok(&message[..]));
    let claims = &content.extensions;
    let id = claims
        .sender_uri()
        .zip(claims.room_uri())
        .map(|(sender, room)| {
            let id = MessageId::compute(sender, room, &message, content.salt.as_bytes());
            id.unwrap().to_string()
        });
    let mut fields = fields(&content);
    fields["message_id"] = json!(id);
    Ok(fields)
}

fn fields(content: &MimiContent) -> Value {
    let expires = content.expires.map(|expires| match expires {
        Expiration::At(time) => json!({ "relative": false, "time": time }),
        Expiration::AfterReading(time) => json!({ "relative": true, "time": time }),
    });
    let extensions = content.extensions.iter().map(|(name, value)| {
        let value = hex::encode(value.as_cbor());
        match name {
            ExtensionName::Int(name) => json!({ "name": name, "cbor": value }),
            ExtensionName::Text(name) => json!({ "name": name, "cbor": value }),
        }
    });
    json!({
        "salt": hex::encode(content.salt.as_bytes()),
        "replaces": content.replaces.map(|id| id.to_string()),
        "topic_id": hex::encode(&content.topic_id),
        "expires": expires,
        "in_reply_to": content.in_reply_to.map(|id| id.to_string()),
        "extensions": extensions.collect::<Value>(),
        "nested_part": part(&content.body),
    })
}

fn part(nested: &NestedPart) -> Value {
    let mut fields = match &nested.part {
        Part::Null => json!({ "cardinality": 0 }),
        Part::Single {
            content_type,
            content,
        } => json!({
            "cardinality": 1,
            "content_type": content_type,
            "content": hex::encode(content),
        }),
        Part::External(part) => json!({
            "cardinality": 2,
            "content_type": part.content_type,
            "url": part.url,
            "expires": part.expires,
            "size": part.size.to_string(),
            "enc_alg": part.enc_alg,
            "key": hex::encode(&part.key),
            "nonce": hex::encode(&part.nonce),
            "aad": hex::encode(&part.aad),
            "hash_alg": part.hash_alg,
            "content_hash": hex::encode(&part.content_hash),
            "description": part.description,
            "filename": part.filename,
        }),
        Part::Multi { semantics, parts } => json!({
            "cardinality": 3,
            "part_semantics": match semantics {
                PartSemantics::ChooseOne => 0,
                PartSemantics::SingleUnit => 1,
                PartSemantics::ProcessAll => 2,
            },
            "parts": parts.iter().map(part).collect::<Value>(),
        }),
    };
    fields["disposition"] = json!(nested.disposition.0);
    fields["language"] = json!(nested.language);
    fields
}

fn rule(rule: &Rule) -> &'static str {
    match rule {
        Rule::Truncated { .. } => "truncated",
        Rule::Trailing { .. } => "trailing",
        Rule::Type { .. } => "type",
        Rule::Malformed => "malformed",
        Rule::NotShortest => "not_shortest",
        Rule::Indefinite => "indefinite",
        Rule::KeyOrder => "key_order",
        Rule::DuplicateKey => "duplicate_key",
        Rule::KeyRange => "key_range",
        Rule::Bignum => "bignum",
        Rule::Nan => "nan",
        Rule::Utf8 => "utf8",
        Rule::Length { .. } => "length",
        Rule::TooFew { .. } => "too_few",
        Rule::TooLarge { .. } => "too_large",
        Rule::Limit { .. } => "limit",
        Rule::HashAlgorithm(_) => "hash_algorithm",
        Rule::Unknown { .. } => "unknown",
        other => panic!("{other} is new here"),
    }
}

/// The fields of the shortest message there is, each to be exchanged.
const SHORTEST: [&str; 7] = [
    "50 0f0e0d0c0b0a09080706050403020100",
    "f6",
    "40",
    "f6",
    "f6",
    "a0",
    "83 01 60 00",
];

fn with(field: usize, digits: &str) -> Vec<u8> {
    let mut fields = SHORTEST;
    fields[field] = digits;
    hex::literal(&format!("87{}", fields.concat()))
}

/// By hand: what no rule forbids.
#[rustfmt::skip] // one line a case
const KEPT: &[(&str, usize, &str)] = &[
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
const REFUSED: &[(&str, usize, &str, &str, usize)] = &[
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

pub(super) fn message(text: &str) -> MimiContent {
    let mut content = MimiContent::new(Salt::new([0x5e; 16]), NestedPart::markdown(text));
    content
        .extensions
        .set_sender_uri(&MimiUri::parse(ALICE).unwrap());
    content
        .extensions
        .set_room_uri(&MimiUri::parse(ROOM).unwrap());
    content
}

fn attachment() -> NestedPart {
    NestedPart {
        disposition: Disposition::ATTACHMENT,
        language: "de".to_owned(),
        part: Part::External(Box::new(ExternalPart {
            content_type: "video/mp4".to_owned(),
            url: "https://asset.a.example/1".to_owned(),
            expires: 1_900_000_000,
            size: 708_234_961,
            enc_alg: 1,
            key: Bytes::from_static(&[0x21; 16]),
            nonce: Bytes::from_static(&[0xc8; 12]),
            aad: Bytes::new(),
            hash_alg: 1,
            content_hash: Bytes::from_static(&[0x9a; 32]),
            description: "Die gro\u{df}e Feier".to_owned(),
            filename: "feier.mp4".to_owned(),
        })),
    }
}

fn messages() -> Vec<(&'static str, MimiContent)> {
    let id = MessageId::compute(ALICE, ROOM, b"an earlier message", &[1; 16]).unwrap();
    let original = message("We have a *release*!");
    let reaction = MimiContent {
        body: NestedPart::reaction("\u{2764}"),
        ..message("").with_reply_to(id)
    };
    let deletion = MimiContent {
        body: NestedPart::null(),
        ..message("").with_replaces(id)
    };
    let expiring = MimiContent {
        expires: Some(Expiration::AfterReading(3600)),
        topic_id: Bytes::from_static(b"release"),
        ..original.clone()
    };
    let alternatives = NestedPart {
        disposition: Disposition::RENDER,
        language: String::new(),
        part: Part::Multi {
            semantics: PartSemantics::ChooseOne,
            parts: vec![NestedPart::plain("Hallo"), NestedPart::markdown("*Hallo*")],
        },
    };
    let mixed = NestedPart {
        disposition: Disposition(77),
        language: "de,en".to_owned(),
        part: Part::Multi {
            semantics: PartSemantics::ProcessAll,
            parts: vec![alternatives, attachment(), NestedPart::null()],
        },
    };
    let mut extended = original.clone();
    for (name, value) in [
        (
            ExtensionName::Int(3),
            ExtensionValue::uint(1_722_470_400_000),
        ),
        (ExtensionName::Int(-1), ExtensionValue::bytes(&[1, 2, 3])),
        (
            ExtensionName::from("example.private"),
            ExtensionValue::text("\u{e9}"),
        ),
    ] {
        extended.extensions.insert(name, value).unwrap();
    }
    vec![
        ("an original message", original.clone()),
        ("a reply", message("Right!").with_reply_to(id)),
        ("a reaction", reaction),
        ("an edit", message("We had a *release*!").with_replaces(id)),
        ("a deletion", deletion),
        ("an expiring message with a topic", expiring),
        (
            "an attachment",
            MimiContent {
                body: attachment(),
                ..original.clone()
            },
        ),
        (
            "parts within parts",
            MimiContent {
                body: mixed,
                ..original
            },
        ),
        ("private extensions", extended),
    ]
}

pub(super) fn mimi_content() -> Family {
    let input = |octets: &[u8]| json!({ "octets": hex::encode(octets) });
    let valid = |name: &str, octets: &[u8]| Case::valid("mimi_content", name, input(octets));
    let refused = |name: &str, octets: &[u8], rule: &str, offset: usize| {
        Case::refused("mimi_content", name, input(octets), rule, offset)
    };
    let shortest = with(0, SHORTEST[0]);
    let mut cases = vec![valid("the shortest message", &shortest)];
    for (name, content) in messages() {
        cases.push(valid(name, &content.encode().unwrap()));
    }
    cases.extend(
        KEPT.iter()
            .map(|(name, field, digits)| valid(name, &with(*field, digits))),
    );
    for (name, field, digits, rule, offset) in REFUSED {
        cases.push(refused(name, &with(*field, digits), rule, *offset));
    }
    let topic = |octets: u16| {
        let head = hex::encode(&octets.to_be_bytes());
        with(2, &format!("59{head}{}", "74".repeat(octets.into())))
    };
    let name = |octets: u8| {
        with(
            5,
            &format!("a178{octets:02x}{}00", "6e".repeat(octets.into())),
        )
    };
    cases.push(valid("a topic ID of 4096 octets", &topic(4096)));
    cases.push(refused(
        "a topic ID of 4097 octets",
        &topic(4097),
        "limit",
        19,
    ));
    cases.push(valid("an extension name of 255 octets", &name(255)));
    let long = with(5, &format!("a1790100{}00", "6e".repeat(256)));
    cases.push(refused(
        "an extension name of 256 octets",
        &long,
        "limit",
        23,
    ));
    cases.push(refused("nothing", &[], "truncated", 0));
    let mut other = shortest.clone();
    for (name, initial, rule) in [
        ("an array of six", 0x86, "length"),
        ("an array of eight", 0x88, "length"),
        ("an indefinite array", 0x9f, "indefinite"),
        ("a map", 0xa7, "type"),
    ] {
        other[0] = initial;
        cases.push(refused(name, &other, rule, 0));
    }
    let cut = &shortest[..shortest.len() - 1];
    cases.push(refused("cut by an octet", cut, "truncated", cut.len() - 2));
    Family {
        family: "mimi_content".to_owned(),
        about: "MIMI content in deterministic CBOR, and the ID of each message that names its \
                sender and room (CONTENT)"
            .to_owned(),
        cases,
    }
}

pub(super) fn message_id() -> Family {
    let computed = |name: &str, sender: &str, room: &str, message: &[u8], salt: u8| {
        let input = json!({
            "sender": sender,
            "room": room,
            "message": hex::encode(message),
            "salt": hex::encode(&[salt; 16]),
        });
        Case::valid("message_id", name, input)
    };
    let octets = message("We have a *release*!").encode().unwrap();
    let read = |octets: &[u8]| json!({ "octets": hex::encode(octets) });
    let digest = |algorithm: u8, len: usize| [vec![algorithm], vec![0xd1; len - 1]].concat();
    let refused = |name: &str, octets: &[u8], rule: &str| {
        Case::refused("message_id_read", name, read(octets), rule, None)
    };
    let long = format!("mimi://a.example/u/{}", "a".repeat(1005));
    let cases = vec![
        computed("a message", ALICE, ROOM, &octets, 0x5e),
        computed("another salt beside it", ALICE, ROOM, &octets, 0x5f),
        computed(
            "another room",
            ALICE,
            "mimi://hub.example/r/other",
            &octets,
            0x5e,
        ),
        computed(
            "another sender",
            "mimi://a.example/u/bob",
            ROOM,
            &octets,
            0x5e,
        ),
        computed(
            "a longer sender and a shorter room",
            "mimi://a.example/u/alicemimi:",
            "//hub",
            &[],
            0,
        ),
        computed("nothing in the message", ALICE, ROOM, &[], 0),
        computed("a sender of 1024 octets", &long, ROOM, &octets, 0x5e),
        Case::valid("message_id_read", "an ID", read(&digest(1, 32))),
        refused("31 octets", &digest(1, 31), "length"),
        refused("33 octets", &digest(1, 33), "length"),
        refused("hash algorithm 0", &digest(0, 32), "hash_algorithm"),
        refused("hash algorithm 2", &digest(2, 32), "hash_algorithm"),
    ];
    Family {
        family: "message_id".to_owned(),
        about: "Message IDs (CONTENT, \"Message ID\")".to_owned(),
        cases,
    }
}
