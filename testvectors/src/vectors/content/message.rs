//! `mimi_content`.

use mimi_content::{
    AssetKey, Disposition, Expiration, ExtensionName, ExtensionValue, ExternalPart, MessageId,
    MimiContent, NestedPart, Part, PartSemantics, Salt, TopicId, parts,
};
use serde_json::{Value, json};

use super::octets::{KEPT, REFUSED, SHORTEST, with};
use super::{ALICE, Codec, ROOM, message, refused};
use crate::hex;
use crate::vectors::procedures::octets;
use crate::vectors::{Case, Family, Outcome};

pub(in crate::vectors) fn decode(input: &Value) -> Outcome {
    let message = octets(input, "octets");
    let content = MimiContent::decode(&message).map_err(|error| refused(&error))?;
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

/// Counts the parts of a message and their levels.
pub(in crate::vectors) fn count_parts(input: &Value) -> Outcome {
    let message = octets(input, "octets");
    let content = MimiContent::decode(&message).map_err(|error| refused(&error))?;
    let levels = parts::walk(&content.body).map(|part| part.level).max();
    Ok(json!({ "parts": parts::walk(&content.body).count(), "levels": levels }))
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
        Part::External(part) => {
            let mut fields = external(part);
            fields["cardinality"] = json!(2);
            fields
        }
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

/// Content elsewhere.
pub(super) fn external(part: &ExternalPart<'_>) -> Value {
    json!({
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
    })
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

/// Characters in all places that end lines, turn them, or end quotations.
fn disguised() -> MimiContent<'static> {
    let text = "\n\", / / [\u{1b}[2J\u{85}\u{202e}'\\\0\t ";
    let external = NestedPart::external(ExternalPart {
        content_type: text.into(),
        url: text.into(),
        description: text.into(),
        filename: text.into(),
        ..ExternalPart::default()
    });
    let single = NestedPart::single(text, text.trim_end().as_bytes());
    let lines = NestedPart::plain("'\r\n\t\\");
    let parts = vec![external.with_language(text), single, lines];
    let body = NestedPart::multi(PartSemantics::SingleUnit, parts).unwrap();
    let mut message = MimiContent {
        body,
        ..message("").with_topic(TopicId::new(text.as_bytes()).unwrap())
    };
    for name in [text, " ", "\n"] {
        let value = ExtensionValue::text(text);
        message.extensions.insert(name.into(), value).unwrap();
    }
    message
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
        ("texts that are not what they look like", disguised()),
    ]
}

/// Texts and numbers that are just short enough, or too long.
fn bounds(codec: &Codec) -> Vec<Case> {
    let topic = |octets: u16| {
        let head = hex::encode(&octets.to_be_bytes());
        with(2, &format!("59{head}{}", "74".repeat(octets.into())))
    };
    let name = |head: &str, octets: usize| {
        let text = "6e".repeat(octets);
        with(5, &format!("a1{head}{text}00"))
    };
    vec![
        codec.valid("a topic ID of 4096 octets", &topic(4096)),
        codec.refused("a topic ID of 4097 octets", &topic(4097), "limit", 19),
        codec.valid("an extension name of 255 octets", &name("78ff", 255)),
        codec.refused(
            "an extension name of 256 octets",
            &name("790100", 256),
            "limit",
            23,
        ),
    ]
}

/// Multiparts with many parts, each of which is nothing.
fn counted() -> Vec<Case> {
    const NULL: &str = "83016000";
    let codec = Codec("mimi_content_parts");
    let multi = |parts: &[String]| {
        let count = hex::encode(&u16::try_from(parts.len()).unwrap().to_be_bytes());
        let head = match parts.len() {
            0..=23 => hex::encode(&[0x80 | parts.len() as u8]),
            24..=255 => format!("98{}", &count[2..]),
            _ => format!("99{count}"),
        };
        format!("8501600300{head}{}", parts.concat())
    };
    let flat = |parts: usize| with(6, &multi(&vec![NULL.to_owned(); parts - 1]));
    // The body, 31 multiparts in it, and in each of these so many parts; and some.
    let deep = |last: usize| {
        let mut parts = vec![multi(&vec![NULL.to_owned(); 31]); 31];
        parts.extend(vec![NULL.to_owned(); last]);
        with(6, &multi(&parts))
    };
    let levels = format!("{0}{0}{0}{NULL}{NULL}{NULL}{NULL}", "850160030082");
    vec![
        codec.valid("one part", &with(6, SHORTEST[6])),
        codec.valid("four levels of parts", &with(6, &levels)),
        codec.valid("1024 parts", &flat(1024)),
        codec.refused("1025 parts", &flat(1025), "limit", 4123),
        codec.valid("1024 parts on three levels", &deep(31)),
        codec.refused("1025 parts on three levels", &deep(32), "limit", 4215),
    ]
}

pub(in crate::vectors) fn family() -> Family {
    let codec = Codec("mimi_content");
    let shortest = with(0, SHORTEST[0]);
    let mut cases = vec![codec.valid("the shortest message", &shortest)];
    for (name, content) in messages() {
        cases.push(codec.valid(name, &content.encode()));
    }
    for (name, field, digits) in KEPT {
        cases.push(codec.valid(name, &with(*field, digits)));
    }
    for (name, field, digits, rule, offset) in REFUSED {
        cases.push(codec.refused(name, &with(*field, digits), rule, *offset));
    }
    cases.extend(bounds(&codec));
    cases.extend(codec.whole(&shortest, 24));
    cases.extend(counted());
    Family {
        family: "mimi_content".to_owned(),
        about: "MIMI content in deterministic CBOR, and the ID of each message that names its \
                sender and room (CONTENT)"
            .to_owned(),
        cases,
    }
}
