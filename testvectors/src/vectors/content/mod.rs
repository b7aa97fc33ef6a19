//! `mimi_content` and `message_id`.

mod octets;

use mimi_content::cbor::Rule;
use mimi_content::{
    AssetKey, Disposition, Expiration, ExtensionName, ExtensionValue, ExternalPart, MessageId,
    MessageIdError, MimiContent, MimiUri, NestedPart, Part, PartSemantics, Salt, TopicId,
};
use serde_json::{Value, json};

use self::octets::{KEPT, REFUSED, SHORTEST, with};
use super::procedures::{array, octets, text};
use super::{Case, Family, Outcome, Refused};
use crate::hex;

pub(in crate::vectors) const ALICE: &str = "mimi://a.example/u/alice";
pub(in crate::vectors) const ROOM: &str = "mimi://hub.example/r/clubhouse";

pub(in crate::vectors) fn compute_id(input: &Value) -> Outcome {
    let salt = array(input, "salt");
    let message = octets(input, "message");
    let id = MessageId::compute(
        text(input, "sender"),
        text(input, "room"),
        &message,
        &Salt::new(salt),
    );
    Ok(json!({ "message_id": id.unwrap().to_string() }))
}

pub(in crate::vectors) fn read_id(input: &Value) -> Outcome {
    match MessageId::from_bytes(&octets(input, "octets")) {
        Ok(id) => Ok(json!({ "message_id": id.to_string() })),
        Err(MessageIdError::Length { .. }) => Err(Refused::new("length", None)),
        Err(MessageIdError::HashAlgorithm(_)) => Err(Refused::new("hash_algorithm", None)),
        Err(other) => panic!("{other}"),
    }
}

pub(in crate::vectors) fn decode(input: &Value) -> Outcome {
    let message = octets(input, "octets");
    let content = MimiContent::decode(&message)
        .map_err(|error| Refused::new(rule(&error.rule), error.offset))?;
    assert_eq!(content.encode(), message);
    let claims = &content.extensions;
    let id = claims
        .sender_uri()
        .zip(claims.room_uri())
        .map(|(sender, room)| {
            let id = MessageId::compute(sender, room, &message, &content.salt);
            id.unwrap().to_string()
        });
    let mut fields = fields(&content);
    fields["message_id"] = json!(id);
    Ok(fields)
}

fn fields(content: &MimiContent<'_>) -> Value {
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
        "topic_id": hex::encode(content.topic_id.as_bytes()),
        "expires": expires,
        "in_reply_to": content.in_reply_to.map(|id| id.to_string()),
        "extensions": extensions.collect::<Value>(),
        "nested_part": part(&content.body),
    })
}

fn part(nested: &NestedPart<'_>) -> Value {
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
            "key": hex::encode(part.key.as_bytes()),
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

pub(in crate::vectors) fn message(text: &'static str) -> MimiContent<'static> {
    let mut content = MimiContent::new(Salt::new([0x5e; 16]), NestedPart::markdown(text));
    content
        .extensions
        .set_sender_uri(&MimiUri::parse(ALICE).unwrap());
    content
        .extensions
        .set_room_uri(&MimiUri::parse(ROOM).unwrap());
    content
}

fn attachment() -> NestedPart<'static> {
    NestedPart::external(ExternalPart {
        content_type: "video/mp4".into(),
        url: "https://asset.a.example/1".into(),
        expires: 1_900_000_000,
        size: 708_234_961,
        enc_alg: 1,
        key: AssetKey::new(vec![0x21; 16]),
        nonce: vec![0xc8; 12].into(),
        aad: vec![].into(),
        hash_alg: 1,
        content_hash: vec![0x9a; 32].into(),
        description: "Die gro\u{df}e Feier".into(),
        filename: "feier.mp4".into(),
    })
    .with_language("de")
}

fn messages() -> Vec<(&'static str, MimiContent<'static>)> {
    let id = MessageId::compute(ALICE, ROOM, b"an earlier message", &Salt::new([1; 16])).unwrap();
    let original = message("We have a *release*!");
    let reaction = MimiContent {
        body: NestedPart::reaction("\u{2764}"),
        ..message("").with_reply_to(id)
    };
    let deletion = MimiContent {
        body: NestedPart::null(),
        ..message("").with_replaces(id)
    };
    let topic = TopicId::new(&b"release"[..]).unwrap();
    let expiring = original
        .clone()
        .with_expiration(Expiration::AfterReading(3600))
        .with_topic(topic);
    let texts = vec![NestedPart::plain("Hallo"), NestedPart::markdown("*Hallo*")];
    let alternatives = NestedPart::multi(PartSemantics::ChooseOne, texts).unwrap();
    let parts = vec![alternatives, attachment(), NestedPart::null()];
    let mixed = NestedPart::multi(PartSemantics::ProcessAll, parts)
        .unwrap()
        .with_disposition(Disposition(77))
        .with_language("de,en");
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

pub(in crate::vectors) fn mimi_content() -> Family {
    let input = |octets: &[u8]| json!({ "octets": hex::encode(octets) });
    let valid = |name: &str, octets: &[u8]| Case::valid("mimi_content", name, input(octets));
    let refused = |name: &str, octets: &[u8], rule: &str, offset: usize| {
        Case::refused("mimi_content", name, input(octets), rule, offset)
    };
    let shortest = with(0, SHORTEST[0]);
    let mut cases = vec![valid("the shortest message", &shortest)];
    for (name, content) in messages() {
        cases.push(valid(name, &content.encode()));
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

pub(in crate::vectors) fn message_id() -> Family {
    let computed = |name: &str, sender: &str, room: &str, message: &[u8], salt: u8| {
        let input = json!({
            "sender": sender,
            "room": room,
            "message": hex::encode(message),
            "salt": hex::encode(&[salt; 16]),
        });
        Case::valid("message_id", name, input)
    };
    let octets = message("We have a *release*!").encode();
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
