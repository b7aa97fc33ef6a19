//! Making and reading messages.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use mimi_content::cbor::Rule;
use mimi_content::{
    AssetKey, Disposition, Expiration, ExtensionName, ExtensionValue, ExternalPart, MessageId,
    MimiContent, MimiUri, NestedPart, Part, PartSemantics, Parts, Salt, TopicId,
};

const SALT: Salt = Salt::new([0xa5; 16]);

fn id(octet: u8) -> MessageId {
    let mut octets = [octet; 32];
    octets[0] = 1;
    MessageId::from_bytes(&octets).unwrap()
}

fn single<'a>(part: &'a NestedPart<'_>) -> (Disposition, &'a str, &'a [u8]) {
    match &part.part {
        Part::Single {
            content_type,
            content,
        } => (part.disposition, content_type, content),
        other => panic!("{other:?} is not a single part"),
    }
}

#[test]
fn the_common_messages() {
    let markdown = NestedPart::markdown("__hi__");
    assert_eq!(
        single(&markdown),
        (
            Disposition::RENDER,
            "text/markdown;variant=GFM-MIMI",
            &b"__hi__"[..]
        )
    );
    let plain = NestedPart::plain("hi");
    assert_eq!(
        single(&plain),
        (Disposition::RENDER, "text/plain;charset=utf-8", &b"hi"[..])
    );
    let heart = NestedPart::reaction("❤");
    assert_eq!(
        single(&heart),
        (
            Disposition::REACTION,
            "text/plain;charset=utf-8",
            "❤".as_bytes()
        )
    );

    let reaction = MimiContent::new(SALT, heart).with_reply_to(id(5));
    assert_eq!(reaction.in_reply_to, Some(id(5)));
    assert_eq!(reaction.replaces, None);
    let deletion = MimiContent::new(SALT, NestedPart::null()).with_replaces(id(6));
    assert_eq!(deletion.replaces, Some(id(6)));
    assert_eq!(deletion.in_reply_to, None);
}

#[test]
fn every_field_has_its_place() {
    let mut message = MimiContent::new(
        SALT,
        NestedPart {
            disposition: Disposition(200),
            language: "de,en".into(),
            part: Part::Multi {
                semantics: PartSemantics::SingleUnit,
                parts: Parts::new(vec![
                    NestedPart::null(),
                    NestedPart {
                        disposition: Disposition::ATTACHMENT,
                        language: "fr".into(),
                        part: Part::External(Box::new(ExternalPart {
                            content_type: "a".into(),
                            url: "bc".into(),
                            expires: 1,
                            size: 2,
                            enc_alg: 3,
                            key: AssetKey::new(vec![4]),
                            nonce: vec![5].into(),
                            aad: vec![6].into(),
                            hash_alg: 7,
                            content_hash: vec![8].into(),
                            description: "d".into(),
                            filename: "e".into(),
                        })),
                    },
                ])
                .unwrap(),
            },
        },
    )
    .with_replaces(id(0x11))
    .with_reply_to(id(0x22));
    message.topic_id = TopicId::new(vec![9, 9]).unwrap();
    message.expires = Some(Expiration::AfterReading(60));
    message
        .extensions
        .insert((-1).into(), ExtensionValue::uint(24))
        .unwrap();

    let mut expected = vec![0x87, 0x50];
    expected.extend([0xa5; 16]);
    expected.extend([0x58, 0x20, 1]);
    expected.extend([0x11; 31]);
    expected.extend([0x42, 9, 9]);
    expected.extend([0x82, 0xf5, 0x18, 60]);
    expected.extend([0x58, 0x20, 1]);
    expected.extend([0x22; 31]);
    expected.extend([0xa1, 0x20, 0x18, 24]);
    expected.extend([0x85, 0x18, 200, 0x65]);
    expected.extend(b"de,en");
    expected.extend([3, 1, 0x82]);
    expected.extend([0x83, 1, 0x60, 0]);
    expected.extend([0x8f, 6, 0x62]);
    expected.extend(b"fr");
    expected.extend([2, 0x61, b'a', 0x62, b'b', b'c', 1, 2, 3]);
    expected.extend([
        0x41, 4, 0x41, 5, 0x41, 6, 7, 0x41, 8, 0x61, b'd', 0x61, b'e',
    ]);
    assert_eq!(message.encode(), expected);
    assert_eq!(MimiContent::decode(&expected).unwrap(), message);

    message.expires = Some(Expiration::At(60));
    let octets = message.encode();
    assert_eq!(octets[55..59], [0x82, 0xf4, 0x18, 60]);
    assert_eq!(MimiContent::decode(&octets).unwrap(), message);
}

#[test]
fn sender_and_room_are_text_extensions() {
    let mut message = MimiContent::new(SALT, NestedPart::null());
    let sender = MimiUri::new_user("a.example", "alice").unwrap();
    let room = MimiUri::new_room("b.example", "clubhouse").unwrap();
    assert_eq!(message.extensions.sender_uri(), None);
    message.extensions.set_sender_uri(&sender);
    message.extensions.set_room_uri(&room);
    let octets = message.encode();
    let message = MimiContent::decode(&octets).unwrap();
    assert_eq!(message.extensions.sender_uri(), Some(sender.as_str()));
    assert_eq!(message.extensions.room_uri(), Some(room.as_str()));

    let mut extensions = message.extensions;
    for name in [ExtensionName::SENDER_URI, ExtensionName::ROOM_URI] {
        assert_eq!(
            extensions.insert(name.clone(), ExtensionValue::bytes(b"mimi://a.example")),
            Err(Rule::Type {
                expected: "a text string",
                found: "a byte string"
            })
        );
        let text = ExtensionValue::text("im:alice@a.example");
        assert!(extensions.insert(name, text).is_ok());
    }
    assert_eq!(extensions.sender_uri(), Some("im:alice@a.example"));
}

#[test]
fn extension_values_are_read_by_type() {
    let (text, bytes) = (ExtensionValue::text("a"), ExtensionValue::bytes(b"a"));
    let uint = ExtensionValue::uint(u64::MAX);
    assert_eq!(text.as_text(), Some("a"));
    assert_eq!(bytes.as_bytes(), Some(&b"a"[..]));
    assert_eq!(uint.as_uint(), Some(u64::MAX));
    assert_eq!((text.as_bytes(), text.as_uint()), (None, None));
    assert_eq!((bytes.as_text(), bytes.as_uint()), (None, None));
    assert_eq!((uint.as_text(), uint.as_bytes()), (None, None));

    let error = ExtensionValue::from_cbor(&[0x01, 0x02]).unwrap_err();
    assert_eq!(error.to_string(), "at octet 1: 1 octets follow the value");
    let error = ExtensionValue::from_cbor(&[0x82, 1, 0x18, 1]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "at octet 2: the item is not in its shortest form"
    );
}

/// Only a received message can hold the reserved extension, and keeps it.
#[test]
fn the_reserved_extension_survives() {
    let mut octets = MimiContent::new(SALT, NestedPart::null()).encode();
    octets.splice(22..23, [0xa1, 0x00, 0x61, b'x']);
    let message = MimiContent::decode(&octets).unwrap();
    assert_eq!(message.extensions.len(), 1);
    assert_eq!(message.encode(), octets);
}

#[test]
fn debug_output_shows_the_form_and_not_the_content() {
    let secret = "rosebud";
    let external = ExternalPart {
        content_type: "video/mp4".into(),
        url: secret.into(),
        key: AssetKey::new(secret.as_bytes()),
        nonce: secret.as_bytes().into(),
        aad: secret.as_bytes().into(),
        content_hash: secret.as_bytes().into(),
        description: secret.into(),
        filename: secret.into(),
        ..ExternalPart::default()
    };
    let parts = vec![
        NestedPart::plain(secret),
        NestedPart::external(external).with_disposition(Disposition::RENDER),
    ];
    let body = NestedPart::multi(PartSemantics::ChooseOne, parts).unwrap();
    let mut message = MimiContent::new(Salt::new(*b"rosebud rosebud!"), body)
        .with_topic(TopicId::new(secret.as_bytes()).unwrap());
    message
        .extensions
        .insert("subject".into(), ExtensionValue::text(secret))
        .unwrap();
    let shown = format!("{message:?}");
    assert!(!shown.contains(secret), "{shown}");
    // The same, written as lists of octets.
    assert!(!shown.contains("114, 111"), "{shown}");
    insta::assert_snapshot!(shown, @"MimiContent { salt: Salt(..), replaces: None, topic_id: 7 octets, expires: None, in_reply_to: None, extensions: {text of 7 octets: 8 octets}, body: NestedPart { disposition: render, language: 0 octets, part: Multi { semantics: ChooseOne, parts: [NestedPart { disposition: render, language: 0 octets, part: Single { content_type: text/plain, content: 7 octets } }, NestedPart { disposition: render, language: 0 octets, part: ExternalPart { content_type: video/mp4, expires: 0, size: 0, enc_alg: 0, hash_alg: 0, .. } }] } } }");
}
