//! A grammar of wire forms, written down apart from the library: strategies
//! that yield encodings, and the checks every decoder has to stand.

// Each test binary uses its own part.
#![allow(dead_code, reason = "not every test uses all of it")]

use std::fmt::Debug;

use bytes::Bytes;
use mimi_protocol::wire::{Decode, Encode};
use proptest::collection::vec;
use proptest::prelude::*;

/// A strategy for encodings.
pub(crate) type Raw = BoxedStrategy<Vec<u8>>;

pub(crate) fn lit(octets: &[u8]) -> Raw {
    Just(octets.to_vec()).boxed()
}

/// `n` octets of any value.
pub(crate) fn any_octets(n: usize) -> Raw {
    vec(any::<u8>(), n).boxed()
}

pub(crate) fn seq(parts: Vec<Raw>) -> Raw {
    parts.prop_map(|parts| parts.concat()).boxed()
}

pub(crate) fn one_of(cases: Vec<Raw>) -> Raw {
    proptest::strategy::Union::new(cases).boxed()
}

/// A vector's octets with their length in front.
pub(crate) fn prefixed(content: &[u8]) -> Vec<u8> {
    let len = content.len();
    let mut out = match len {
        0..=63 => vec![len as u8],
        64..=16383 => (0x4000 | len as u16).to_be_bytes().to_vec(),
        _ => (0x8000_0000 | len as u32).to_be_bytes().to_vec(),
    };
    out.extend_from_slice(content);
    out
}

/// The content of a vector of at most 63 octets.
pub(crate) fn unprefixed(vector: &[u8]) -> &[u8] {
    assert_eq!(usize::from(vector[0]), vector.len() - 1);
    &vector[1..]
}

pub(crate) fn opaque(max: usize) -> Raw {
    vec(any::<u8>(), 0..=max)
        .prop_map(|content| prefixed(&content))
        .boxed()
}

pub(crate) fn list(element: Raw, min: usize, max: usize) -> Raw {
    vec(element, min..=max)
        .prop_map(|elements| prefixed(&elements.concat()))
        .boxed()
}

pub(crate) fn optional(value: Raw) -> Raw {
    one_of(vec![lit(&[0]), seq(vec![lit(&[1]), value])])
}

pub(crate) fn text(choices: &[&str]) -> Raw {
    let choices = choices.iter().map(|s| lit(&prefixed(s.as_bytes())));
    one_of(choices.collect())
}

pub(crate) fn user() -> Raw {
    text(&["mimi://a.example/u/alice", "mimi://b.example/u/bob"])
}

pub(crate) fn room() -> Raw {
    text(&["mimi://hub.example/r/clubhouse", "mimi://hub.example/r/1"])
}

pub(crate) fn client() -> Raw {
    text(&["mimi://a.example/d/alice/phone", "mimi://b.example/d/b1"])
}

pub(crate) fn credential() -> Raw {
    one_of(vec![
        credential_of_mls(),
        pseudonymous()
            .prop_map(|content| [&[0xf0, 0xa2][..], &prefixed(&content)].concat())
            .boxed(),
    ])
}

/// One of those that RFC 9420 has.
pub(crate) fn credential_of_mls() -> Raw {
    one_of(vec![
        seq(vec![lit(&[0, 1]), opaque(70)]),
        seq(vec![lit(&[0, 2]), list(opaque(90), 0, 3)]),
    ])
}

pub(crate) fn pseudonyms() -> Raw {
    let client = text(&["mimi://a.example/d/5f0c", "mimi://a.example/p/17"]);
    seq(vec![client, text(&["mimi://a.example/p/9b"]), opaque(32)])
}

pub(crate) fn pseudonymous() -> Raw {
    seq(vec![pseudonyms(), opaque(90)])
}

fn codes() -> Raw {
    list(any_octets(2), 0, 5)
}

pub(crate) fn capabilities() -> Raw {
    seq(vec![codes(), codes(), codes(), codes(), codes()])
}

pub(crate) fn required_capabilities() -> Raw {
    seq(vec![codes(), codes(), codes()])
}

/// Extensions, `ratchet_tree` not among them.
pub(crate) fn extensions() -> Raw {
    let extension_type = (3u16..).prop_map(|t| t.to_be_bytes().to_vec()).boxed();
    list(seq(vec![extension_type, opaque(80)]), 0, 3)
}

pub(crate) fn leaf_node() -> Raw {
    let source = one_of(vec![
        seq(vec![lit(&[1]), any_octets(16)]),
        lit(&[2]),
        seq(vec![lit(&[3]), opaque(32)]),
    ]);
    seq(vec![
        opaque(32),
        opaque(32),
        credential(),
        capabilities(),
        source,
        extensions(),
        opaque(64),
    ])
}

pub(crate) fn key_package() -> Raw {
    seq(vec![
        lit(&[0, 1]),
        any_octets(2),
        opaque(32),
        leaf_node(),
        extensions(),
        opaque(64),
    ])
}

pub(crate) fn hpke_ciphertext() -> Raw {
    seq(vec![opaque(32), opaque(48)])
}

pub(crate) fn welcome() -> Raw {
    let secret = seq(vec![opaque(32), hpke_ciphertext()]);
    seq(vec![any_octets(2), list(secret, 0, 3), opaque(100)])
}

pub(crate) fn group_context() -> Raw {
    seq(vec![
        lit(&[0, 1]),
        any_octets(2),
        opaque(32),
        any_octets(8),
        opaque(32),
        opaque(32),
        extensions(),
    ])
}

pub(crate) fn group_info() -> Raw {
    seq(vec![
        group_context(),
        extensions(),
        opaque(32),
        any_octets(4),
        opaque(64),
    ])
}

pub(crate) fn ratchet_tree() -> Raw {
    let parent = seq(vec![opaque(32), opaque(32), list(any_octets(4), 0, 3)]);
    let node = one_of(vec![
        seq(vec![lit(&[1]), leaf_node()]),
        seq(vec![lit(&[2]), parent]),
    ]);
    list(optional(node), 0, 4)
}

pub(crate) fn proposal() -> Raw {
    let psk = one_of(vec![
        seq(vec![lit(&[1]), opaque(20)]),
        seq(vec![lit(&[2]), any_octets(1), opaque(20), any_octets(8)]),
        seq(vec![lit(&[3]), any_octets(2), opaque(20)]),
    ]);
    one_of(vec![
        seq(vec![lit(&[0, 1]), key_package()]),
        seq(vec![lit(&[0, 2]), leaf_node()]),
        seq(vec![lit(&[0, 3]), any_octets(4)]),
        seq(vec![lit(&[0, 4]), psk, opaque(32)]),
        seq(vec![lit(&[0, 5]), opaque(32), any_octets(4), extensions()]),
        seq(vec![lit(&[0, 6]), opaque(32)]),
        seq(vec![lit(&[0, 7]), extensions()]),
        seq(vec![lit(&[0, 8]), app_data_update()]),
        seq(vec![lit(&[0, 9]), app_ephemeral()]),
        lit(&[0, 10]),
    ])
}

pub(crate) fn app_data_update() -> Raw {
    let update = one_of(vec![seq(vec![lit(&[1]), opaque(60)]), lit(&[2])]);
    seq(vec![any_octets(2), update])
}

pub(crate) fn app_ephemeral() -> Raw {
    seq(vec![any_octets(2), opaque(60)])
}

pub(crate) fn app_ack() -> Raw {
    let range = (any::<u32>(), any::<u32>(), any::<u32>()).prop_map(|(sender, a, b)| {
        let ends = [a.min(b), a.max(b)];
        [
            &sender.to_be_bytes()[..],
            &ends.map(u32::to_be_bytes).concat(),
        ]
        .concat()
    });
    list(range.boxed(), 0, 6)
}

pub(crate) fn component_operation_label() -> Raw {
    seq(vec![lit(b"\x0dMLS Component"), any_octets(2), opaque(30)])
}

pub(crate) fn wire_formats() -> Raw {
    codes()
}

pub(crate) fn commit() -> Raw {
    let proposal_or_ref = one_of(vec![
        seq(vec![lit(&[1]), proposal()]),
        seq(vec![lit(&[2]), opaque(32)]),
    ]);
    let node = seq(vec![opaque(32), list(hpke_ciphertext(), 0, 2)]);
    let path = seq(vec![leaf_node(), list(node, 0, 2)]);
    seq(vec![list(proposal_or_ref, 0, 3), optional(path)])
}

/// A PublicMessage with `content`, as any sender.
fn public_message(content_type: u8, content: Raw, tags: usize) -> Raw {
    let head = || seq(vec![opaque(32), any_octets(8)]);
    let body = move |content: &Raw| {
        let mut parts = vec![
            opaque(40),
            lit(&[content_type]),
            content.clone(),
            opaque(64),
        ];
        parts.extend((0..tags).map(|_| opaque(32)));
        seq(parts)
    };
    let member = seq(vec![lit(&[1]), any_octets(4)]);
    let other = one_of(vec![
        seq(vec![lit(&[2]), any_octets(4)]),
        lit(&[3]),
        lit(&[4]),
    ]);
    one_of(vec![
        seq(vec![
            lit(&[0, 1, 0, 1]),
            head(),
            member,
            body(&content),
            opaque(32),
        ]),
        seq(vec![lit(&[0, 1, 0, 1]), head(), other, body(&content)]),
    ])
}

pub(crate) fn external_receiver(who: Raw) -> Raw {
    seq(vec![opaque(65), who])
}

/// Receivers with keys that differ.
pub(crate) fn external_receivers(who: Raw) -> Raw {
    vec(who, 0..4)
        .prop_map(|credentials| {
            let keys = (0..).map(|key: u8| prefixed(&[key; 32]));
            let receivers = keys
                .zip(credentials)
                .flat_map(|(key, who)| [key, who].concat());
            prefixed(&receivers.collect::<Vec<_>>())
        })
        .boxed()
}

pub(crate) fn per_message_key_and_nonces() -> Raw {
    seq(vec![opaque(32), opaque(12), any_octets(8)])
}

pub(crate) fn semiprivate_message_context() -> Raw {
    seq(vec![opaque(32), any_octets(8), opaque(32)])
}

pub(crate) fn key_for_external_receiver() -> Raw {
    seq(vec![opaque(32), hpke_ciphertext()])
}

fn semiprivate_aad_of(content_type: u8) -> Raw {
    seq(vec![
        opaque(32),
        any_octets(8),
        lit(&[content_type]),
        opaque(40),
        opaque(32),
        list(key_for_external_receiver(), 0, 2),
        opaque(32),
    ])
}

pub(crate) fn semiprivate_content_aad() -> Raw {
    one_of(vec![semiprivate_aad_of(2), semiprivate_aad_of(3)])
}

pub(crate) fn bare_semiprivate_message() -> Raw {
    seq(vec![semiprivate_content_aad(), opaque(40), opaque(100)])
}

/// A content of a SemiPrivateMessage with its padding, and its type.
pub(crate) fn semiprivate_content() -> BoxedStrategy<(Vec<u8>, u8)> {
    let padding = || vec(Just(0), 0..20).boxed();
    let proposal = seq(vec![proposal(), opaque(64), padding()]);
    let commit = seq(vec![commit(), opaque(64), opaque(32), padding()]);
    let of = |raw: Raw, content_type: u8| raw.prop_map(move |raw| (raw, content_type));
    prop_oneof![of(proposal, 2), of(commit, 3)].boxed()
}

/// Group and epoch stand twice in it.
pub(crate) fn framed_content_tbs() -> Raw {
    let content = one_of(vec![
        seq(vec![lit(&[2]), proposal()]),
        seq(vec![lit(&[3]), commit()]),
    ]);
    let middle = seq(vec![lit(&[1]), any_octets(4), opaque(40), content]);
    let group = seq(vec![opaque(32), any_octets(8)]);
    let rest = seq(vec![opaque(32), opaque(32), extensions()]);
    (any_octets(2), group, middle, rest)
        .prop_map(|(suite, group, middle, rest)| {
            let framed = [&[0, 1, 0xf0, 0xa1][..], &group, &middle].concat();
            [&framed[..], &[0, 1], &suite, &group, &rest].concat()
        })
        .boxed()
}

fn semiprivate_message(content_type: u8) -> Raw {
    seq(vec![
        lit(&[0, 1, 0xf0, 0xa1]),
        semiprivate_aad_of(content_type),
        opaque(40),
        opaque(100),
    ])
}

fn private_message(content_type: u8) -> Raw {
    seq(vec![
        lit(&[0, 1, 0, 2]),
        opaque(32),
        any_octets(8),
        lit(&[content_type]),
        opaque(40),
        opaque(40),
        opaque(100),
    ])
}

pub(crate) fn application_message() -> Raw {
    private_message(1)
}

pub(crate) fn proposal_message() -> Raw {
    one_of(vec![
        public_message(2, proposal(), 0),
        semiprivate_message(2),
    ])
}

pub(crate) fn commit_message() -> Raw {
    one_of(vec![public_message(3, commit(), 1), semiprivate_message(3)])
}

pub(crate) fn welcome_message() -> Raw {
    seq(vec![lit(&[0, 1, 0, 3]), welcome()])
}

pub(crate) fn mls_message() -> Raw {
    one_of(vec![
        application_message(),
        private_message(2),
        private_message(3),
        public_message(1, opaque(50), 0),
        proposal_message(),
        commit_message(),
        welcome_message(),
        seq(vec![lit(&[0, 1, 0, 4]), group_info()]),
        seq(vec![lit(&[0, 1, 0, 5]), key_package()]),
    ])
}

pub(crate) fn ratchet_tree_option() -> Raw {
    one_of(vec![
        seq(vec![lit(&[1]), ratchet_tree()]),
        seq(vec![
            lit(&[2]),
            text(&["https://a.example/tree", "https://b.example/t?x=1"]),
            opaque(64),
        ]),
        seq(vec![lit(&[3]), opaque(64)]),
        lit(&[4]),
    ])
}

pub(crate) fn domain_list() -> Raw {
    list(
        text(&["a.example", "trees.b-c.example", "xn--bcher-kva.example"]),
        1,
        3,
    )
}

pub(crate) fn partial_group_info() -> Raw {
    seq(vec![lit(&[0]), extensions(), opaque(64)])
}

pub(crate) fn handshake_bundle() -> Raw {
    one_of(vec![
        seq(vec![
            commit_message(),
            optional(welcome()),
            group_info_option(),
            ratchet_tree_option(),
        ]),
        seq(vec![proposal_message(), list(proposal_message(), 0, 2)]),
    ])
}

pub(crate) fn frank() -> Raw {
    seq(vec![any_octets(34), opaque(64)])
}

/// A SafeAAD, or an `app_data_dictionary`.
pub(crate) fn components() -> Raw {
    proptest::collection::btree_map(any::<u16>(), vec(any::<u8>(), 0..40), 0..4)
        .prop_map(|entries| {
            let entry =
                |(id, data): (u16, Vec<u8>)| [&id.to_be_bytes()[..], &prefixed(&data)].concat();
            let entries: Vec<_> = entries.into_iter().map(entry).collect();
            prefixed(&entries.concat())
        })
        .boxed()
}

pub(crate) fn media_type() -> Raw {
    let parameter = seq(vec![
        text(&["charset", "x"]),
        text(&["utf-8", "größer", ""]),
    ]);
    let essence = text(&["", "text/plain", "application/mimi-content"]);
    seq(vec![essence, list(parameter, 0, 2)])
}

pub(crate) fn group_info_option() -> Raw {
    one_of(vec![
        seq(vec![lit(&[1]), group_info()]),
        seq(vec![lit(&[2]), partial_group_info()]),
    ])
}

pub(crate) fn abusive_message() -> Raw {
    seq(vec![opaque(80), frank(), any_octets(8)])
}

pub(crate) fn fanout_message() -> Raw {
    let stapled = || list(proposal_message(), 0, 2);
    let event = one_of(vec![
        seq(vec![application_message(), optional(frank())]),
        seq(vec![welcome_message(), ratchet_tree_option()]),
        seq(vec![proposal_message(), stapled()]),
        seq(vec![commit_message(), stapled()]),
    ]);
    seq(vec![any_octets(8), event])
}

pub(crate) fn key_material_request_tbs() -> Raw {
    seq(vec![
        lit(&[1]),
        user(),
        user(),
        one_of(vec![lit(&[0]), room()]),
        list(any_octets(2), 1, 4),
        required_capabilities(),
        opaque(32),
        credential(),
    ])
}

pub(crate) fn client_key_material() -> Raw {
    one_of(vec![
        seq(vec![lit(&[0]), client(), key_package()]),
        seq(vec![lit(&[1]), client()]),
        seq(vec![lit(&[2]), client(), optional(capabilities())]),
    ])
}

pub(crate) fn key_material_response() -> Raw {
    one_of(vec![
        seq(vec![
            lit(&[1]),
            one_of(vec![lit(&[0]), lit(&[1]), lit(&[3])]),
            user(),
            list(client_key_material(), 0, 3),
        ]),
        seq(vec![lit(&[1]), any_octets(1), user(), lit(&[0])]),
    ])
}

pub(crate) fn update_room_response() -> Raw {
    let description = || text(&["", "wrong", "größer"]);
    one_of(vec![
        seq(vec![lit(&[0]), description(), any_octets(8)]),
        seq(vec![lit(&[1]), description(), any_octets(8)]),
        seq(vec![lit(&[2]), description()]),
        seq(vec![lit(&[3]), description(), list(opaque(32), 0, 3)]),
    ])
}

pub(crate) fn submit_message_response() -> Raw {
    one_of(vec![
        seq(vec![lit(&[1, 0]), any_octets(8), optional(frank())]),
        lit(&[1, 1]),
        seq(vec![lit(&[1, 2]), any_octets(8)]),
    ])
}

pub(crate) fn group_info_request_tbs() -> Raw {
    seq(vec![
        lit(&[1]),
        any_octets(2),
        opaque(32),
        credential(),
        opaque(32),
        optional(opaque(20)),
    ])
}

pub(crate) fn pending_proposal() -> Raw {
    seq(vec![proposal_message(), any_octets(8)])
}

pub(crate) fn group_info_tbe() -> Raw {
    seq(vec![
        group_info(),
        ratchet_tree_option(),
        list(pending_proposal(), 0, 2),
    ])
}

pub(crate) fn group_info_response_tbs() -> Raw {
    seq(vec![
        lit(&[1]),
        room(),
        lit(&[1]),
        any_octets(2),
        opaque(32),
        credential(),
        hpke_ciphertext(),
    ])
}

pub(crate) fn group_info_response() -> Raw {
    let failure = (2u8..).prop_map(|code| vec![code]).boxed();
    one_of(vec![
        seq(vec![group_info_response_tbs(), opaque(64)]),
        seq(vec![lit(&[1]), room(), failure]),
    ])
}

pub(crate) fn consent_scope() -> Raw {
    seq(vec![user(), user(), optional(room())])
}

pub(crate) fn consent_entry() -> Raw {
    let extensions = || text(&["", "\0\u{1}\0\0\u{2}\u{3}abc"]);
    let plain = one_of(vec![lit(&[0]), lit(&[1]), lit(&[3])]);
    one_of(vec![
        seq(vec![plain, consent_scope(), extensions()]),
        seq(vec![
            lit(&[2]),
            consent_scope(),
            list(key_package(), 0, 2),
            extensions(),
        ]),
    ])
}

pub(crate) fn abuse_report() -> Raw {
    seq(vec![
        one_of(vec![lit(&[0]), user()]),
        user(),
        any_octets(1),
        text(&["", "schlimm, größer"]),
        list(abusive_message(), 0, 2),
        lit(&[0]),
    ])
}

pub(crate) fn query_element() -> Raw {
    let words = || text(&["", "given_name", "Zoë"]);
    let plain = any::<u8>().prop_filter("carries no name", |t| ![7, 8].contains(t));
    let named = one_of(vec![lit(&[7]), lit(&[8])]);
    one_of(vec![
        seq(vec![named, words(), words()]),
        seq(vec![plain.prop_map(|t| vec![t]).boxed(), words()]),
    ])
}

pub(crate) fn identifier_request() -> Raw {
    seq(vec![list(query_element(), 0, 3), components()])
}

pub(crate) fn profile_field() -> Raw {
    seq(vec![any_octets(1), text(&["FN", "ORG"]), opaque(80)])
}

pub(crate) fn user_profile() -> Raw {
    seq(vec![user(), list(profile_field(), 0, 3)])
}

pub(crate) fn identifier_response() -> Raw {
    seq(vec![
        any_octets(1),
        list(user(), 0, 3),
        list(user_profile(), 0, 2),
        components(),
    ])
}

/// Encoding allocates the memory of the octets that it returns, and none else.
pub(crate) fn encodes_in_one_allocation(value: &impl Encode) {
    let mut octets = Vec::new();
    let memory = allocation_counter::measure(|| octets = value.to_vec().unwrap());
    assert_eq!(memory.count_total, u64::from(!octets.is_empty()));
    assert_eq!(memory.bytes_total, octets.len() as u64);
}

/// What decodes encodes to the same octets, from a slice and from shared
/// memory alike, in one allocation.
pub(crate) fn round_trips<T: Decode + Encode + PartialEq + Debug>(raw: &[u8]) {
    let value = T::from_slice(raw).unwrap_or_else(|e| panic!("{e}: {raw:02x?}"));
    assert_eq!(value.to_vec().unwrap(), raw);
    assert_eq!(T::from_bytes(&Bytes::copy_from_slice(raw)).unwrap(), value);
    encodes_in_one_allocation(&value);
}

/// Nothing shorter and nothing longer decodes.
pub(crate) fn refuses_other_lengths<T: Decode + Debug>(raw: &[u8]) {
    for len in 0..raw.len() {
        let error = T::from_slice(&raw[..len]).expect_err("truncated");
        assert!(error.offset <= len, "{error} in {len} octets");
    }
    for tail in [0, 1, 0xff] {
        let longer = [raw, &[tail]].concat();
        assert!(T::from_slice(&longer).is_err(), "octet {tail} left over");
    }
}

/// With a bit flipped, an input is refused or is another value's encoding.
pub(crate) fn survives_bit_flips<T: Decode + Encode>(raw: &[u8]) {
    let mut flipped = raw.to_vec();
    for (at, bit) in (0..raw.len()).flat_map(|at| [(at, at % 8), (at, 7), (at, 0)]) {
        flipped[at] ^= 1 << bit;
        if let Ok(value) = T::from_slice(&flipped) {
            assert_eq!(value.to_vec().unwrap(), flipped, "octet {at}, bit {bit}");
        }
        flipped[at] = raw[at];
    }
}

/// All of the above.
pub(crate) fn is_exact<T: Decode + Encode + PartialEq + Debug>(raw: &[u8]) {
    round_trips::<T>(raw);
    refuses_other_lengths::<T>(raw);
    survives_bit_flips::<T>(raw);
}
