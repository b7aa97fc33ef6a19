//! Properties of the encoding: one form for each message, judged by an
//! independent CBOR implementation too, and no input that does harm.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use ciborium::Value;
use mimi_content::{
    AssetKey, Disposition, Expiration, ExtensionName, ExtensionValue, Extensions, ExternalPart,
    MessageId, MimiContent, NestedPart, Part, PartSemantics, Parts, Salt, TopicId,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn by_ciborium(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).unwrap();
    out
}

/// Items of CBOR with their maps in order, at most three levels deep.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|x| Value::Float(if x.is_nan() { f64::NAN } else { x })),
        any::<i16>().prop_map(|x| Value::Float(f64::from(x) / 8.0)),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        any::<String>().prop_map(Value::Text),
    ];
    let key = prop_oneof![
        (-0x1f_ffff_ffff_ffff_i64..=0x1f_ffff_ffff_ffff).prop_map(Value::from),
        (-30i64..30).prop_map(Value::from),
        ".{0,3}".prop_map(Value::Text),
        vec(any::<u8>(), 0..3).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec((key.clone(), inner.clone()), 0..4).prop_map(|mut entries| {
                entries.sort_by_key(|(key, _)| by_ciborium(key));
                entries.dedup_by_key(|(key, _)| by_ciborium(key));
                Value::Map(entries)
            }),
            (4u64..100_000, inner).prop_map(|(tag, inner)| Value::Tag(tag, Box::new(inner))),
        ]
    })
}

fn any_name() -> impl Strategy<Value = ExtensionName<'static>> {
    prop_oneof![
        (3i64..=0x1f_ffff_ffff_ffff).prop_map(ExtensionName::Int),
        (-0x1f_ffff_ffff_ffff_i64..=-1).prop_map(ExtensionName::Int),
        (-300i64..-1).prop_map(ExtensionName::Int),
        ".{1,30}".prop_map(|text| ExtensionName::Text(text.into())),
    ]
}

fn any_extensions() -> impl Strategy<Value = Extensions<'static>> {
    (
        option::of(any::<String>()),
        vec((any_name(), any_value()), 0..4),
    )
        .prop_map(|(sender, others)| {
            let mut extensions = Extensions::new();
            if let Some(sender) = sender {
                let value = ExtensionValue::text(&sender);
                extensions.insert(ExtensionName::SENDER_URI, value).unwrap();
            }
            for (name, value) in others {
                let value = ExtensionValue::from_value(&value).unwrap();
                extensions.insert(name, value).unwrap();
            }
            extensions
        })
}

fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..40)
}

fn any_external() -> impl Strategy<Value = Part<'static>> {
    (
        [".{0,9}", ".{0,9}", ".{0,9}", ".{0,9}"],
        any::<(u32, u64, u16, u8)>(),
        [any_bytes(), any_bytes(), any_bytes(), any_bytes()],
    )
        .prop_map(|(texts, numbers, [key, nonce, aad, content_hash])| {
            let [content_type, url, description, filename] = texts;
            let (expires, size, enc_alg, hash_alg) = numbers;
            Part::External(Box::new(ExternalPart {
                content_type: content_type.into(),
                url: url.into(),
                expires,
                size,
                enc_alg,
                key: AssetKey::new(key),
                nonce: nonce.into(),
                aad: aad.into(),
                hash_alg,
                content_hash: content_hash.into(),
                description: description.into(),
                filename: filename.into(),
            }))
        })
}

fn any_part() -> impl Strategy<Value = NestedPart<'static>> {
    let around = |part: BoxedStrategy<Part<'static>>| {
        (any::<u8>(), "[a-z,-]{0,5}", part).prop_map(|(disposition, language, part)| NestedPart {
            disposition: Disposition(disposition),
            language: language.into(),
            part,
        })
    };
    let leaf = prop_oneof![
        Just(Part::Null),
        any_external(),
        (".{0,9}", any_bytes()).prop_map(|(content_type, content)| Part::Single {
            content_type: content_type.into(),
            content: content.into(),
        }),
    ];
    around(leaf.boxed()).prop_recursive(3, 20, 4, move |inner| {
        let semantics = prop_oneof![
            Just(PartSemantics::ChooseOne),
            Just(PartSemantics::SingleUnit),
            Just(PartSemantics::ProcessAll),
        ];
        let parts = (semantics, vec(inner, 2..5));
        around(
            parts
                .prop_map(|(semantics, parts)| Part::Multi {
                    semantics,
                    parts: Parts::new(parts).unwrap(),
                })
                .boxed(),
        )
    })
}

fn any_id() -> impl Strategy<Value = MessageId> {
    any::<[u8; 32]>().prop_map(|mut octets| {
        octets[0] = 1;
        MessageId::from_bytes(&octets).unwrap()
    })
}

fn any_message() -> impl Strategy<Value = MimiContent<'static>> {
    let expires = prop_oneof![
        any::<u32>().prop_map(Expiration::At),
        any::<u32>().prop_map(Expiration::AfterReading),
    ];
    (
        any::<[u8; 16]>(),
        option::of(any_id()),
        any_bytes(),
        option::of(expires),
        option::of(any_id()),
        any_extensions(),
        any_part(),
    )
        .prop_map(
            |(salt, replaces, topic_id, expires, in_reply_to, extensions, body)| MimiContent {
                salt: Salt::new(salt),
                replaces,
                topic_id: TopicId::new(topic_id).unwrap(),
                expires,
                in_reply_to,
                extensions,
                body,
            },
        )
}

/// Whatever is accepted is the one encoding of what it says.
fn check_input(input: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(message) = MimiContent::decode(input) {
        prop_assert_eq!(message.encode(), input);
    }
    Ok(())
}

proptest! {
    #[test]
    fn messages_survive(message in any_message()) {
        let octets = message.encode();
        prop_assert_eq!(MimiContent::decode(&octets).unwrap(), message);
    }

    #[test]
    fn another_implementation_encodes_the_same(message in any_message()) {
        let octets = message.encode();
        let value: Value = ciborium::from_reader(&octets[..]).unwrap();
        prop_assert_eq!(by_ciborium(&value), &octets[..]);
        let fields = value.as_array().unwrap();
        prop_assert_eq!(fields.len(), 7);
        prop_assert_eq!(fields[0].as_bytes().unwrap(), message.salt.as_bytes());
        let keys: Vec<_> = fields[5].as_map().unwrap().iter().map(|(key, _)| by_ciborium(key)).collect();
        prop_assert!(keys.is_sorted());
        prop_assert_eq!(keys.len(), message.extensions.len());
    }

    #[test]
    fn names_are_ordered_as_their_encodings(a in any_name(), b in any_name()) {
        let encoded = |name: &ExtensionName| by_ciborium(&match name {
            ExtensionName::Int(value) => Value::from(*value),
            ExtensionName::Text(text) => Value::Text(text.to_string()),
        });
        prop_assert_eq!(a.cmp(&b), encoded(&a).cmp(&encoded(&b)));
    }

    #[test]
    fn truncated_messages_are_refused(message in any_message()) {
        let octets = message.encode();
        for end in 0..octets.len() {
            prop_assert!(MimiContent::decode(&octets[..end]).is_err(), "at {}", end);
        }
    }

    #[test]
    fn replaced_octets_do_no_harm(
        message in any_message(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut octets = message.encode();
        for (at, octet) in changes {
            let at = at.index(octets.len());
            octets[at] = octet;
        }
        check_input(&octets)?;
    }

    #[test]
    fn arbitrary_octets_do_no_harm(input in vec(any::<u8>(), 0..200)) {
        check_input(&input)?;
        // Behind the fields before the extensions, so that these are reached.
        let mut message = vec![0x87, 0x50];
        message.extend([0; 16]);
        message.extend([0xf6, 0x40, 0xf6, 0xf6]);
        message.extend(&input);
        check_input(&message)?;
        if let Ok(value) = ExtensionValue::from_cbor(&input) {
            prop_assert_eq!(value.as_cbor(), &input);
        }
    }
}

proptest! {
    // Each case decodes a message once for each of its bits.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn flipped_bits_do_no_harm(message in any_message()) {
        let mut octets = message.encode();
        for bit in 0..octets.len() * 8 {
            octets[bit / 8] ^= 1 << (bit % 8);
            check_input(&octets)?;
            octets[bit / 8] ^= 1 << (bit % 8);
        }
    }
}
