//! The limits of messages, each just kept and just exceeded, in both
//! directions of the codec.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use mimi_content::cbor::{MAX_INT_KEY, MIN_INT_KEY, Rule};
use mimi_content::{
    ExtensionName, ExtensionValue, MAX_EXTENSION_LEVELS, MAX_EXTENSION_NAME_LEN, MAX_PART_LEVELS,
    MAX_PARTS, MAX_TOPIC_ID_LEN, MimiContent, NestedPart, PartSemantics, Salt, TopicId,
};

fn message(body: NestedPart<'_>) -> MimiContent<'_> {
    MimiContent::new(Salt::new([7; 16]), body)
}

fn multi(parts: Vec<NestedPart<'_>>) -> NestedPart<'_> {
    try_multi(parts).unwrap()
}

fn try_multi(parts: Vec<NestedPart<'_>>) -> Result<NestedPart<'_>, Rule> {
    NestedPart::multi(PartSemantics::ProcessAll, parts)
}

fn assert_round_trip(message: &MimiContent<'_>) {
    let octets = message.encode();
    assert_eq!(MimiContent::decode(&octets).as_ref(), Ok(message));
}

fn decode_error(octets: &[u8]) -> String {
    MimiContent::decode(octets).unwrap_err().to_string()
}

/// The head of a string, array or map, in its shortest form.
fn head(major: u8, count: usize) -> Vec<u8> {
    let [.., high, low] = count.to_be_bytes();
    match count {
        0..=23 => vec![major << 5 | low],
        24..=0xff => vec![major << 5 | 24, low],
        _ => vec![major << 5 | 25, high, low],
    }
}

/// A message that is encoded by hand from some of its fields.
fn by_hand(topic: &[u8], extensions: &[u8], body: &[u8]) -> Vec<u8> {
    [
        &[0x87, 0x50],
        &[7; 16][..],
        &[0xf6],
        topic,
        &[0xf6, 0xf6],
        extensions,
        body,
    ]
    .concat()
}

const NO_TOPIC: &[u8] = &[0x40];
const NO_EXTENSIONS: &[u8] = &[0xa0];
const NULL_PART: &[u8] = &[0x83, 1, 0x60, 0];

fn multi_by_hand(parts: &[Vec<u8>]) -> Vec<u8> {
    [
        vec![0x85, 1, 0x60, 3, 2],
        head(4, parts.len()),
        parts.concat(),
    ]
    .concat()
}

#[test]
fn topic_ids() {
    let mut longest = message(NestedPart::null());
    longest.topic_id = TopicId::new(vec![1; MAX_TOPIC_ID_LEN]).unwrap();
    assert_round_trip(&longest);

    let longer = vec![1; MAX_TOPIC_ID_LEN + 1];
    let topic = [head(2, longer.len()), longer.clone()].concat();
    insta::assert_snapshot!(
        decode_error(&by_hand(&topic, NO_EXTENSIONS, NULL_PART)),
        @"at octet 19, topicId: there are more than 4096 octets in a topic ID"
    );
    insta::assert_snapshot!(
        TopicId::new(longer).unwrap_err(),
        @"there are more than 4096 octets in a topic ID"
    );
}

#[test]
fn levels_of_parts() {
    let nested = |levels: usize| {
        (1..levels).fold(NestedPart::null(), |inner, _| {
            multi(vec![NestedPart::plain("a"), inner])
        })
    };
    assert_round_trip(&message(nested(MAX_PART_LEVELS)));
    let deepest = nested(MAX_PART_LEVELS);
    insta::assert_snapshot!(
        try_multi(vec![NestedPart::null(), deepest]).unwrap_err(),
        @"there are more than 4 levels of parts"
    );
    // Far more levels than the stack could bear.
    let by_hand_nested = |levels: usize| {
        let level = [0x85, 1, 0x60, 3, 2, 0x82];
        let outer = level.repeat(levels - 1);
        by_hand(
            NO_TOPIC,
            NO_EXTENSIONS,
            &[outer, NULL_PART.repeat(levels)].concat(),
        )
    };
    assert!(MimiContent::decode(&by_hand_nested(MAX_PART_LEVELS)).is_ok());
    for levels in [MAX_PART_LEVELS + 1, 1_000_000] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(
                decode_error(&by_hand_nested(levels)),
                @"at octet 47, nestedPart.parts[0].parts[0].parts[0].parts[0]: there are more than 4 levels of parts"
            );
        }
    }
}

#[test]
fn parts() {
    let flat = |parts: usize| try_multi(vec![NestedPart::null(); parts - 1]);
    assert_round_trip(&message(flat(MAX_PARTS).unwrap()));
    insta::assert_snapshot!(
        flat(MAX_PARTS + 1).unwrap_err(),
        @"there are more than 1024 parts in a message"
    );
    let too_many = multi_by_hand(&vec![NULL_PART.to_vec(); MAX_PARTS]);
    insta::assert_snapshot!(
        decode_error(&by_hand(NO_TOPIC, NO_EXTENSIONS, &too_many)),
        @"at octet 4123, nestedPart.parts[1023]: there are more than 1024 parts in a message"
    );
    // The limit is one for the whole message, not for each multipart.
    let half = || multi(vec![NestedPart::null(); MAX_PARTS / 2]);
    insta::assert_snapshot!(
        try_multi(vec![half(), half()]).unwrap_err(),
        @"there are more than 1024 parts in a message"
    );
}

#[test]
fn a_multipart_has_two_parts() {
    assert_round_trip(&message(multi(vec![NestedPart::null(); 2])));
    insta::assert_snapshot!(
        try_multi(vec![NestedPart::null()]).unwrap_err(),
        @"1 parts in a multipart, fewer than 2"
    );
    let lonely = multi_by_hand(&[NULL_PART.to_vec(), multi_by_hand(&[NULL_PART.to_vec()])]);
    insta::assert_snapshot!(
        decode_error(&by_hand(NO_TOPIC, NO_EXTENSIONS, &lonely)),
        @"at octet 38, nestedPart.parts[1].parts: 1 parts in a multipart, fewer than 2"
    );
}

#[test]
fn levels_of_extensions() {
    // An array, a map or a tag around what follows.
    let rings: [&[u8]; 3] = [&[0x81], &[0xa1, 0x61, b'k'], &[0xc1]];
    for ring in rings {
        let extensions =
            |rings: usize, inner: &[u8]| [&[0xa1, 3][..], &ring.repeat(rings), inner].concat();
        let decode = |value: Vec<u8>| {
            let octets = by_hand(NO_TOPIC, &value, NULL_PART);
            MimiContent::decode(&octets).map(|_| ())
        };

        // The map of all extensions is the first level; scalars are on none.
        let most = MAX_EXTENSION_LEVELS - 1;
        let deepest = by_hand(NO_TOPIC, &extensions(most, &[0x61, b'v']), NULL_PART);
        let deepest = MimiContent::decode(&deepest).unwrap();
        assert_round_trip(&deepest);
        let value = deepest.extensions.get(&3.into()).unwrap();
        let again = ExtensionValue::from_cbor(value.as_cbor());
        assert_eq!(again.as_ref(), Ok(&value));

        for rings in [most + 1, 1_000_000] {
            let error = decode(extensions(rings, &[0x61, b'v'])).unwrap_err();
            assert_eq!(error.path, "mimiExtensions[3]");
            assert_eq!(error.offset, 24 + most * ring.len());
            assert_eq!(
                error.rule.to_string(),
                "there are more than 4 levels of extensions"
            );
        }
        for empty in [0x80, 0xa0] {
            assert!(decode(extensions(most, &[empty])).is_err());
            assert!(decode(extensions(most - 1, &[empty])).is_ok());
        }
        let bignum = [0xc2, 0x49, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        assert!(decode(extensions(most, &bignum)).is_err());
        assert!(decode(extensions(most - 1, &bignum)).is_ok());
    }
}

/// CONTENT, "Depth restrictions", describes this one as four levels deep.
#[test]
fn the_example_of_the_deepest_extensions() {
    let value = [
        &[0x82, 0x82, 0x42, 0x12, 0x34, 0xd8, 0x20, 0x72][..],
        b"http://example.com",
        &[0x82, 0x42, 0x34, 0x56, 0x19, 0x16, 0x8b],
    ]
    .concat();
    let mut example = message(NestedPart::null());
    let value = ExtensionValue::from_cbor(&value).unwrap();
    example.extensions.insert(256.into(), value).unwrap();
    assert_round_trip(&example);
}

#[test]
fn names_of_extensions() {
    let value = || ExtensionValue::uint(1);
    let mut named = message(NestedPart::null());
    let longest = "é".repeat(127) + "a";
    assert_eq!(longest.len(), MAX_EXTENSION_NAME_LEN);
    for name in [
        ExtensionName::from(longest.as_str()),
        ExtensionName::from("a"),
        MAX_INT_KEY.into(),
        MIN_INT_KEY.into(),
    ] {
        named.extensions.insert(name, value()).unwrap();
    }
    assert_eq!(named.extensions.len(), 4);
    assert_round_trip(&named);

    for (name, rule) in [
        (ExtensionName::Int(0), Rule::ReservedKey),
        (ExtensionName::Int(MAX_INT_KEY + 1), Rule::KeyRange),
        (ExtensionName::Int(MIN_INT_KEY - 1), Rule::KeyRange),
        (
            ExtensionName::from(""),
            Rule::TooFew {
                what: "octets in the name of an extension",
                min: 1,
                found: 0,
            },
        ),
        (
            ExtensionName::Text((longest.clone() + "b").into()),
            Rule::Limit {
                what: "octets in the name of an extension",
                max: MAX_EXTENSION_NAME_LEN,
            },
        ),
    ] {
        assert_eq!(named.extensions.insert(name, value()), Err(rule));
    }

    let longer = [head(3, 256), vec![b'a'; 256]].concat();
    let extensions = [&[0xa1][..], &longer, &[0]].concat();
    insta::assert_snapshot!(
        decode_error(&by_hand(NO_TOPIC, &extensions, NULL_PART)),
        @"at octet 23, mimiExtensions: there are more than 255 octets in the name of an extension"
    );
}

/// CONTENT-08 removed the limit on the size of an extension.
#[test]
fn extension_values_have_no_limit_of_their_own() {
    let mut large = message(NestedPart::null());
    let value = ExtensionValue::bytes(&[9; 100_000]);
    large.extensions.insert("large".into(), value).unwrap();
    assert_round_trip(&large);
}
