//! Messages that are made to hurt: they must be refused within little stack and
//! heap, whatever they declare.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use allocation_counter::AllocationInfo;
use mimi_content::{
    MAX_PARTS, MessageDerivedValues, MimiContent, NestedPart, PartSemantics, Salt, StatusReport,
};

/// Room for the thread itself, and what a decoder may use of it.
const STACK: usize = 64 * 1024;
/// What a decoder may allocate, in octets.
const HEAP: u64 = 1024 * 1024;

/// Decodes on a small stack, and says what was allocated.
fn decode(octets: Vec<u8>) -> (bool, AllocationInfo) {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let decoding = thread.spawn(move || {
        let mut accepted = false;
        let info = allocation_counter::measure(|| {
            accepted = MimiContent::decode(&octets).is_ok()
                || StatusReport::decode(&octets).is_ok()
                || MessageDerivedValues::decode(&octets).is_ok();
        });
        (accepted, info)
    });
    decoding.unwrap().join().expect("the stack is large enough")
}

fn assert_refused(what: &str, octets: Vec<u8>) {
    let (accepted, info) = decode(octets);
    assert!(!accepted, "{what} is accepted");
    assert!(info.bytes_max <= HEAP, "{what}: {info:?}");
}

/// The fields before the extensions.
const BEFORE_EXTENSIONS: &[u8] = &[
    0x87, 0x50, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0xf6, 0x40, 0xf6, 0xf6,
];

fn in_extension(value: &[u8]) -> Vec<u8> {
    [BEFORE_EXTENSIONS, &[0xa1, 0x03], value].concat()
}

fn in_body(body: &[u8]) -> Vec<u8> {
    [BEFORE_EXTENSIONS, &[0xa0], body].concat()
}

/// The head of a multipart before its array of parts.
const MULTI: &[u8] = &[0x85, 1, 0x60, 3, 2];

#[test]
fn a_million_levels() {
    let levels = 1_000_000;
    let rings: [(&str, &[u8]); 4] = [
        ("arrays", &[0x81]),
        ("maps", &[0xa1, 0x00]),
        ("tags", &[0xc1]),
        ("arrays of two", &[0x82, 0x00]),
    ];
    for (what, ring) in rings {
        assert_refused(what, ring.repeat(levels));
        assert_refused(what, in_extension(&ring.repeat(levels)));
        assert_refused(what, in_body(&ring.repeat(levels)));
    }
    let parts = [MULTI, &[0x82]].concat();
    assert_refused("parts", in_body(&parts.repeat(levels)));
}

#[test]
fn lengths_that_nobody_has() {
    for major in 2..=6u8 {
        for (info, argument) in [
            (26, &(1u32 << 24).to_be_bytes()[..]),
            (26, &u32::MAX.to_be_bytes()[..]),
            (27, &(1u64 << 60).to_be_bytes()[..]),
            (27, &u64::MAX.to_be_bytes()[..]),
        ] {
            let head = [&[major << 5 | info], argument].concat();
            assert_refused("a whole", head.clone());
            assert_refused("an extension", in_extension(&head));
            assert_refused("extensions", [BEFORE_EXTENSIONS, &head[..]].concat());
            assert_refused("a body", in_body(&head));
            assert_refused("parts", in_body(&[MULTI, &head].concat()));
            let content = [&[0x85, 1, 0x60, 1, 0x60][..], &head].concat();
            assert_refused("content", in_body(&content));
            // A thousand of them, one inside the other or one after the other.
            assert_refused("many", head.repeat(1000));
            assert_refused("many in an extension", in_extension(&head.repeat(1000)));
            let parts = [MULTI, &head].concat();
            assert_refused("many in a body", in_body(&parts.repeat(1000)));
        }
    }
}

/// As many elements as there are octets, so that only the elements are wrong.
#[test]
fn lengths_that_are_just_possible() {
    let count = 900_000u32;
    let head = |major: u8| [&[major << 5 | 26][..], &count.to_be_bytes()].concat();
    let rest = vec![0x81; 1_000_000];
    assert_refused("entries", [head(4), rest.clone()].concat());
    assert_refused("parts", in_body(&[MULTI, &head(4), &rest].concat()));
    assert_refused("values", in_extension(&[head(4), rest].concat()));
}

/// The largest valid structure: what it takes is bounded by its parts.
#[test]
fn as_many_parts_as_there_may_be() {
    let parts = vec![NestedPart::null(); MAX_PARTS - 1];
    let body = NestedPart::multi(PartSemantics::ProcessAll, parts).unwrap();
    let message = MimiContent::new(Salt::new([7; 16]), body).encode();
    let (accepted, info) = decode(message);
    assert!(accepted);
    assert!(info.bytes_max <= HEAP, "{info:?}");
}

/// Extensions are kept as they are encoded, however many.
#[test]
fn extensions_cost_nothing_beyond_their_octets() {
    let entries = 200_000u32;
    let mut octets = BEFORE_EXTENSIONS.to_vec();
    octets.push(0xba);
    octets.extend(entries.to_be_bytes());
    for key in 0x1_0000..0x1_0000 + entries {
        octets.push(0x1a);
        octets.extend(key.to_be_bytes());
        octets.push(0xf6);
    }
    octets.extend([0x83, 1, 0x60, 0]);
    let (accepted, info) = decode(octets);
    assert!(accepted);
    assert_eq!(info.bytes_total, 0);
}

#[test]
fn usual_messages_are_decoded_without_and_encoded_with_one_allocation() {
    let mut message = MimiContent::new(Salt::new([7; 16]), NestedPart::markdown("*Hello*"));
    let alice = mimi_content::MimiUri::parse("mimi://a.example/u/alice").unwrap();
    let room = mimi_content::MimiUri::parse("mimi://a.example/r/clubhouse").unwrap();
    message.extensions.set_sender_uri(&alice);
    message.extensions.set_room_uri(&room);
    let mut octets = Vec::new();
    let encoding = allocation_counter::measure(|| octets = message.encode());
    assert_eq!(encoding.count_total, 1);
    let decoding = allocation_counter::measure(|| {
        let decoded = MimiContent::decode(&octets).unwrap();
        assert_eq!(decoded.extensions.sender_uri(), Some(alice.as_str()));
    });
    assert_eq!(decoding.count_total, 0);
}
