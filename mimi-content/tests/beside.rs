//! What goes beside messages: status reports, derived values, salts, and all of it
//! in formats for people and stores.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads its data from files and fails by panicking"
)]

use std::path::Path;

use mimi_content::{
    AssetKey, Disposition, Expiration, ExtendedTime, ExtensionValue, ExternalPart, HubTimestamp,
    MessageDerivedValues, MessageId, MessageStatus, MimiContent, NestedPart, PartSemantics,
    PerMessageStatus, Salt, StatusReport, Timestamp, TopicId,
};
use rand_core::SeedableRng;

fn id(octet: u8) -> MessageId {
    let mut octets = [octet; 32];
    octets[0] = 1;
    MessageId::new(octets).unwrap()
}

fn published(file: &str) -> Option<Vec<u8>> {
    let root = std::env::var("MIMI_PUBLISHED_EXAMPLES").ok()?;
    Some(std::fs::read(Path::new(&root).join(file)).unwrap())
}

#[test]
fn the_published_report_says_read_read_unread_expired() {
    let Some(octets) = published("mimi-message-status/status.cbor") else {
        println!("skipped: MIMI_PUBLISHED_EXAMPLES is not set");
        return;
    };
    let report = StatusReport::decode(&octets).unwrap();
    let status: Vec<MessageStatus> = report.0.iter().map(|entry| entry.status).collect();
    assert_eq!(
        status,
        [
            MessageStatus::READ,
            MessageStatus::READ,
            MessageStatus::UNREAD,
            MessageStatus::EXPIRED
        ]
    );
    assert_eq!(report.encode(), octets);
}

#[test]
fn the_published_derived_values_survive() {
    let Some(octets) = published("mimi-content/implied-original.cbor") else {
        println!("skipped: MIMI_PUBLISHED_EXAMPLES is not set");
        return;
    };
    let derived = MessageDerivedValues::decode(&octets).unwrap();
    let accepted = Timestamp::from_millis(1_644_387_225_019);
    assert_eq!(
        derived.hub_accepted_timestamp.to_timestamp(),
        Some(accepted)
    );
    assert_eq!(derived.sender_leaf_index, 4);
    assert_eq!(derived.sender_user_url, "mimi://example.com/u/alice-smith");
    assert_eq!(derived.encode(), octets);
    assert_eq!(derived.clone().into_owned(), derived);
}

#[test]
fn reports_keep_what_they_do_not_know() {
    let entry = |octet, status| PerMessageStatus {
        message_id: id(octet),
        status: MessageStatus(status),
    };
    for report in [
        StatusReport::default(),
        StatusReport((0..=255).map(|status| entry(status, status)).collect()),
        StatusReport(vec![entry(1, 2), entry(1, 0)]),
    ] {
        assert_eq!(StatusReport::decode(&report.encode()), Ok(report));
    }
    assert_eq!(format!("{:?}", MessageStatus::READ), "read");
    assert_eq!(format!("{:?}", MessageStatus(7)), "status 7");
}

#[test]
fn other_reports_are_refused() {
    let report = StatusReport(vec![PerMessageStatus {
        message_id: id(1),
        status: MessageStatus::READ,
    }]);
    let octets = report.encode();
    let changed = |at: usize, new: &[u8]| {
        let mut octets = octets.clone();
        octets.splice(at..at + 1, new.iter().copied());
        StatusReport::decode(&octets).unwrap_err().to_string()
    };
    let last = octets.len() - 1;
    for (error, expected) in [
        (
            changed(0, &[0xa1]),
            "at octet 0: an array is expected, not a map",
        ),
        (
            changed(0, &[0x82]),
            "at octet 37, [1]: the input is at least 1 octets too short",
        ),
        (
            changed(0, &[0x80]),
            "at octet 1: 36 octets follow the value",
        ),
        (
            changed(1, &[0x83]),
            "at octet 1, [0]: the length is 3, not 2",
        ),
        (
            changed(4, &[2]),
            "at octet 2, [0].messageId: the message ID has hash algorithm 2, not 1",
        ),
        (
            changed(last, &[0x19, 1, 0]),
            "at octet 36, [0].status: 256 is more than 255",
        ),
        (
            changed(last, &[0x18, 6]),
            "at octet 36, [0].status: the item is not in its shortest form",
        ),
        (
            changed(last, &[0x20]),
            "at octet 36, [0].status: an unsigned integer is expected, not a negative integer",
        ),
    ] {
        assert_eq!(error, expected);
    }
    for end in 0..octets.len() {
        assert!(StatusReport::decode(&octets[..end]).is_err());
    }
}

fn derived(hub_accepted_timestamp: HubTimestamp<'_>) -> MessageDerivedValues<'_> {
    MessageDerivedValues {
        message_id: id(9),
        hub_accepted_timestamp,
        mls_group_id: vec![1, 2, 3].into(),
        sender_leaf_index: u32::MAX,
        sender_client_url: "im:c".into(),
        sender_user_url: "im:u".into(),
        room_url: "im:r".into(),
    }
}

#[test]
fn extended_times_are_kept_and_read_if_usual() {
    let time = |hex: &[u8]| ExtendedTime::from_cbor(hex).map(|time| time.to_timestamp());
    let millis = |millis| Ok(Some(Timestamp::from_millis(millis)));
    for (item, expected) in [
        (&[0xd9, 3, 0xe9, 0xa1, 1, 5][..], millis(5000)),
        (&[0xd9, 3, 0xe9, 0xa2, 1, 5, 0x22, 6], millis(5006)),
        (
            &[0xd9, 3, 0xe9, 0xa2, 1, 5, 0x25, 0x19, 0x1b, 0x57],
            millis(5006),
        ),
        (
            &[0xd9, 3, 0xe9, 0xa2, 1, 5, 0x28, 0x1a, 0, 0x6a, 0xcf, 0xc1],
            millis(5007),
        ),
        // Kept, though nobody here knows when that is.
        (&[0xd9, 3, 0xe9, 0xa0], Ok(None)),
        (&[0xd9, 3, 0xe9, 0xa1, 1, 0x20], Ok(None)),
        (&[0xd9, 3, 0xe9, 0xa1, 4, 5], Ok(None)),
        (&[0xd9, 3, 0xe9, 0xa2, 1, 5, 0x23, 6], Ok(None)),
        (&[0xd9, 3, 0xe9, 0xa2, 1, 5, 0x22, 0x19, 3, 0xe8], Ok(None)),
        (
            &[
                0xd9, 3, 0xe9, 0xa1, 1, 0x1b, 255, 255, 255, 255, 255, 255, 255, 255,
            ],
            Ok(None),
        ),
    ] {
        assert_eq!(time(item), expected, "{item:x?}");
        let extended = ExtendedTime::from_cbor(item).unwrap();
        assert_eq!(extended.as_cbor(), item);
        let values = derived(HubTimestamp::Extended(extended));
        let octets = values.encode();
        assert_eq!(MessageDerivedValues::decode(&octets).as_ref(), Ok(&values));
    }
    for item in [
        &[0xd9, 3, 0xe8, 0xa1, 1, 5][..],
        &[0xd9, 3, 0xe9, 0x81, 1],
        &[0xd9, 3, 0xe9, 5],
        &[0xa1, 1, 5],
        &[0xd9, 3, 0xe9, 0xa2, 1, 5, 1, 5],
        &[0xd9, 3, 0xe9, 0xa1, 1, 0x81, 0x81, 0x81, 0],
    ] {
        assert!(time(item).is_err(), "{item:x?}");
    }
}

#[test]
fn derived_values_are_checked_field_by_field() {
    let millis = HubTimestamp::Millis(Timestamp::from_millis(u64::MAX));
    let values = derived(millis);
    let octets = values.encode();
    assert_eq!(MessageDerivedValues::decode(&octets).as_ref(), Ok(&values));
    for end in 0..octets.len() {
        assert!(MessageDerivedValues::decode(&octets[..end]).is_err());
    }
    let mut negative = octets.clone();
    negative[35] = 0x3b;
    let error = MessageDerivedValues::decode(&negative).unwrap_err();
    insta::assert_snapshot!(error, @"at octet 35, hubAcceptedTimestamp: milliseconds, or tag 1001 around a map is expected, not something else");
}

#[test]
fn salts_are_drawn_or_derived() {
    let mut rng = chacha20::ChaCha20Rng::from_seed([7; 32]);
    let (one, two) = (Salt::generate(&mut rng), Salt::generate(&mut rng));
    assert_ne!(one, two);
    let again = Salt::generate(&mut chacha20::ChaCha20Rng::from_seed([7; 32]));
    assert_eq!(one, again);

    // RFC 4231, test cases 2, 1 and 6, cut to 16 octets.
    for (secret, nonce, salt) in [
        (
            &b"Jefe"[..],
            &b"what do ya want for nothing?"[..],
            0x5bdc_c146_bf60_754e_6a04_2426_0895_75c7_u128,
        ),
        (
            &[0x0b; 20],
            b"Hi There",
            0xb034_4c61_d8db_3853_5ca8_afce_af0b_f12b,
        ),
        (
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            0x60e4_3159_1ee0_b67f_0d8a_26aa_cbf5_b77f,
        ),
    ] {
        let derived = Salt::derive(secret, nonce);
        assert_eq!(derived.as_bytes(), &salt.to_be_bytes());
    }
}

fn everything() -> MimiContent<'static> {
    let external = ExternalPart {
        url: "https://a.example".into(),
        key: AssetKey::new(vec![1, 2]),
        ..ExternalPart::default()
    };
    let parts = vec![
        NestedPart::markdown("*Hi*").with_language("en"),
        NestedPart::external(external),
        NestedPart::null().with_disposition(Disposition(200)),
    ];
    let body = NestedPart::multi(PartSemantics::SingleUnit, parts).unwrap();
    let mut message = MimiContent::new(Salt::new([7; 16]), body)
        .with_reply_to(id(1))
        .with_replaces(id(2))
        .with_expiration(Expiration::AfterReading(60))
        .with_topic(TopicId::new(vec![3; 3]).unwrap());
    for (name, value) in [(1i64, "im:a"), (-9, "x")] {
        message
            .extensions
            .insert(name.into(), ExtensionValue::text(value))
            .unwrap();
    }
    let value = ExtensionValue::uint(5);
    message.extensions.insert("é".into(), value).unwrap();
    message
}

#[cfg(feature = "serde")]
#[test]
fn messages_can_be_stored_and_shown_as_json() {
    let message = everything();
    let json = serde_json::to_string_pretty(&message).unwrap();
    insta::assert_snapshot!(json, @r#"
    {
      "salt": "07070707070707070707070707070707",
      "replaces": "0102020202020202020202020202020202020202020202020202020202020202",
      "topic_id": "030303",
      "expires": {
        "AfterReading": 60
      },
      "in_reply_to": "0101010101010101010101010101010101010101010101010101010101010101",
      "extensions": [
        {
          "name": 1,
          "cbor": "64696d3a61"
        },
        {
          "name": -9,
          "cbor": "6178"
        },
        {
          "name": "é",
          "cbor": "05"
        }
      ],
      "body": {
        "disposition": 1,
        "language": "",
        "part": {
          "Multi": {
            "semantics": "SingleUnit",
            "parts": [
              {
                "disposition": 1,
                "language": "en",
                "part": {
                  "Single": {
                    "content_type": "text/markdown;variant=GFM-MIMI",
                    "content": "2a48692a"
                  }
                }
              },
              {
                "disposition": 6,
                "language": "",
                "part": {
                  "External": {
                    "content_type": "",
                    "url": "https://a.example",
                    "expires": 0,
                    "size": 0,
                    "enc_alg": 0,
                    "key": "0102",
                    "nonce": "",
                    "aad": "",
                    "hash_alg": 0,
                    "content_hash": "",
                    "description": "",
                    "filename": ""
                  }
                }
              },
              {
                "disposition": 200,
                "language": "",
                "part": "Null"
              }
            ]
          }
        }
      }
    }
    "#);
    assert_eq!(
        serde_json::from_str::<MimiContent<'_>>(&json).unwrap(),
        message
    );
    let mut cbor = Vec::new();
    ciborium::into_writer(&message, &mut cbor).unwrap();
    let again: MimiContent<'_> = ciborium::from_reader(&cbor[..]).unwrap();
    assert_eq!(again, message);

    let values = derived(HubTimestamp::Millis(Timestamp::from_millis(5)));
    let json = serde_json::to_string(&values).unwrap();
    assert_eq!(
        serde_json::from_str::<MessageDerivedValues<'_>>(&json).unwrap(),
        values
    );
    let item = [0xd9, 3, 0xe9, 0xa1, 1, 5];
    let values = derived(HubTimestamp::Extended(
        ExtendedTime::from_cbor(&item).unwrap(),
    ));
    let json = serde_json::to_string(&values).unwrap();
    assert_eq!(
        serde_json::from_str::<MessageDerivedValues<'_>>(&json).unwrap(),
        values
    );
    assert!(
        serde_json::from_str::<MessageDerivedValues<'_>>(&json.replace("d903e9", "d903e8"))
            .is_err()
    );
    let report = StatusReport(vec![PerMessageStatus {
        message_id: id(1),
        status: MessageStatus(9),
    }]);
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<StatusReport>(&json).unwrap(), report);
}

/// What was stored is checked like what was received.
#[cfg(feature = "serde")]
#[test]
fn stores_cannot_make_invalid_messages() {
    let json = serde_json::to_value(everything()).unwrap();
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut changed = json.clone();
        change(&mut changed);
        let error = serde_json::from_value::<MimiContent<'_>>(changed);
        error.unwrap_err().to_string()
    };
    let parts = "/body/part/Multi/parts";
    for error in [
        refused(&|m| m["salt"] = "00".into()),
        refused(&|m| m["topic_id"] = "00".repeat(4097).into()),
        refused(&|m| m["topic_id"] = "0".into()),
        refused(&|m| m["in_reply_to"] = "02".repeat(32).into()),
        refused(&|m| m["extensions"][0]["cbor"] = "01".into()),
        refused(&|m| m["extensions"][1]["cbor"] = "1801".into()),
        refused(&|m| m["extensions"][1]["cbor"] = "0101".into()),
        refused(&|m| m["extensions"][1]["name"] = 1.into()),
        // A value that is none, and one that would be two.
        refused(&|m| m["extensions"][0]["cbor"] = "".into()),
        refused(&|m| m["extensions"][1]["cbor"] = "0a0b0c".into()),
        refused(&|m| m["extensions"].as_array_mut().unwrap().reverse()),
        refused(&|m| {
            m.pointer_mut(parts)
                .unwrap()
                .as_array_mut()
                .unwrap()
                .truncate(1)
        }),
    ] {
        assert!(!error.is_empty());
    }
}

/// No store makes a decoder descend further than messages go.
#[cfg(feature = "serde")]
#[test]
fn stores_cannot_nest_parts_more_deeply() {
    let leaf = serde_json::json!({ "disposition": 1, "language": "", "part": "Null" });
    let nested = |levels: usize| {
        (1..levels).fold(leaf.clone(), |inner, _| {
            let parts = [leaf.clone(), inner];
            let multi = serde_json::json!({ "semantics": "ChooseOne", "parts": parts });
            let part = serde_json::json!({ "Multi": multi });
            serde_json::json!({ "disposition": 1, "language": "", "part": part })
        })
    };
    let read = |levels| serde_json::from_value::<NestedPart<'_>>(nested(levels));
    assert!(read(4).is_ok());
    for levels in [5, 60] {
        let error = read(levels).unwrap_err().to_string();
        assert_eq!(error, "there are more than 4 levels of parts");
    }
}

#[test]
fn values_of_another_library_are_encoded_if_they_may_be() {
    use ciborium::Value;

    let text = |text: &str| Value::Text(text.to_owned());
    let value = Value::Map(vec![
        (text("b"), Value::Float(-f64::NAN)),
        (Value::from(300), Value::Null),
        (
            text("a"),
            Value::Array(vec![Value::from(-1), Value::Float(1.5)]),
        ),
    ]);
    let encoded = ExtensionValue::from_value(&value).unwrap();
    let mut expected = vec![0xa3, 0x19, 0x01, 0x2c, 0xf6];
    expected.extend([0x61, b'a', 0x82, 0x20, 0xf9, 0x3e, 0x00]);
    expected.extend([0x61, b'b', 0xf9, 0x7e, 0x00]);
    assert_eq!(encoded.as_cbor(), expected);
    let back = encoded.to_value().unwrap();
    assert_eq!(ExtensionValue::from_value(&back), Ok(encoded));

    let deep = |levels: usize| (0..levels).fold(Value::Null, |v, _| Value::Array(vec![v]));
    assert!(ExtensionValue::from_value(&deep(3)).is_ok());
    for refused in [
        deep(4),
        deep(1_000),
        Value::Map(vec![(deep(1_000), Value::Null)]),
        Value::Map(vec![(Value::Null, Value::Null)]),
        Value::Map(vec![(text("a"), Value::Null), (text("a"), Value::Null)]),
        Value::Map(vec![(Value::from(1i64 << 53), Value::Null)]),
    ] {
        assert!(ExtensionValue::from_value(&refused).is_err());
    }
    // What that library would not give back the same.
    for item in [
        &[0xf7][..],
        &[0xe0],
        &[0xf8, 0x20],
        &[0xd8, 0x51, 0xfa, 0x7f, 0xa0, 0, 1],
    ] {
        let value = ExtensionValue::from_cbor(item).unwrap();
        assert_eq!(value.to_value(), None, "{item:x?}");
    }
}
