//! Numbers that mean nothing are kept where the RFC and EXT allow them, and
//! named where the rest could not be found (RFC 9420 §13.5; EXT, "GREASE").

// A test stops where something is not as it should be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]

mod support;

use mimi_content::component::{ComponentId, ComponentMap, ComponentsList};
use mimi_content::tls::Rule;
use mimi_protocol::wire::mls::*;
use mimi_protocol::wire::*;
use support::{prefixed, round_trips};

fn grease() -> Vec<u8> {
    prefixed(&GREASE.map(u16::to_be_bytes).concat())
}

/// Each number as an extension with data of its own.
fn extensions() -> Vec<u8> {
    let each = GREASE.map(|number| {
        let data = prefixed(&vec![7; usize::from(number >> 12)]);
        [&number.to_be_bytes()[..], &data].concat()
    });
    prefixed(&each.concat())
}

fn capabilities() -> Vec<u8> {
    [&[2, 0, 1][..], &grease().repeat(4)].concat()
}

/// A LeafNode of a KeyPackage, its signature aside.
fn leaf_node(credential: &[u8]) -> Vec<u8> {
    let lifetime = [&[1][..], &[0; 8], &[0xff; 8]].concat();
    [
        &[0, 0][..],
        credential,
        &capabilities(),
        &lifetime,
        &extensions(),
        &[0],
    ]
    .concat()
}

fn key_package(credential: &[u8]) -> Vec<u8> {
    [
        &[0, 1, 0x0a, 0x0a, 0][..],
        &leaf_node(credential),
        &extensions(),
        &[0],
    ]
    .concat()
}

const BASIC: &[u8] = &[0, 1, 1, b'a'];

#[test]
fn the_numbers_are_those_of_the_registries() {
    for (n, number) in (0..).zip(GREASE) {
        assert_eq!(number, (0x10 * n + 0x0a) * 0x101);
    }
    assert_eq!(ComponentId::GREASE.map(|id| id.0), GREASE[..8]);
}

#[test]
fn capabilities_keep_them_in_each_list() {
    let raw = capabilities();
    round_trips::<Capabilities>(&raw);
    let read = Capabilities::from_slice(&raw).unwrap();
    assert_eq!(read.cipher_suites, GREASE.map(CipherSuite));
    assert_eq!(read.extensions, GREASE.map(ExtensionType));
    assert_eq!(read.proposals, GREASE.map(ProposalType));
    assert_eq!(read.credentials, GREASE.map(CredentialType));
}

#[test]
fn key_packages_and_group_infos_keep_them_as_extensions() {
    let raw = key_package(BASIC);
    round_trips::<KeyPackage>(&raw);
    let read = KeyPackage::from_slice(&raw).unwrap();
    for extensions in [&read.extensions, &read.leaf_node.extensions] {
        let types: Vec<_> = extensions.iter().map(|e| e.extension_type.0).collect();
        assert_eq!(types, GREASE);
        let data = Extension::find(extensions, ExtensionType(0x3a3a)).unwrap();
        assert_eq!(&data[..], [7; 3]);
    }
    let context = [&[0, 1, 0, 1, 0][..], &[0; 8], &[0, 0, 0]].concat();
    let group_info = [&context[..], &extensions(), &[0, 0, 0, 0, 0, 0]].concat();
    round_trips::<GroupInfo>(&group_info);
    // Who is not in the group must get past them as well.
    round_trips::<RatchetTree>(&prefixed(&[&[1, 1][..], &leaf_node(BASIC)].concat()));
    round_trips::<MlsMessage>(&[&[0, 1, 0, 5][..], &raw].concat());
}

#[test]
fn components_keep_them_in_lists_and_dictionaries() {
    let list = ComponentsList(ComponentId::GREASE.to_vec());
    round_trips::<ComponentsList>(&list.to_vec().unwrap());
    let dictionary: ComponentMap = ComponentId::GREASE
        .into_iter()
        .map(|id| (id, vec![id.0 as u8]))
        .collect();
    round_trips::<ComponentMap>(&dictionary.to_vec().unwrap());
}

#[test]
fn what_a_request_demands_keeps_them() {
    round_trips::<RequiredCapabilities>(&grease().repeat(3));
    let client = [
        &[2][..],
        &prefixed(b"mimi://a.example/d/1"),
        &[1],
        &capabilities(),
    ]
    .concat();
    round_trips::<ClientKeyMaterial>(&client);
}

/// Nothing says where an unknown proposal or credential ends, and the RFC does
/// not allow these numbers there.
#[test]
fn as_the_type_of_a_proposal_a_credential_or_a_message_they_are_named() {
    let rule = |raw: &[u8]| MlsMessage::from_slice(raw).unwrap_err().rule;
    for number in GREASE {
        let unknown = |what| Rule::Unknown {
            what,
            value: number.into(),
        };
        let [high, low] = number.to_be_bytes();
        let credential = key_package(&[high, low, 1, b'a']);
        assert_eq!(
            rule(&[&[0, 1, 0, 5][..], &credential].concat()),
            unknown("CredentialType")
        );
        let head = [&[0, 1, 0, 1, 0][..], &[0; 8], &[3, 0]].concat();
        let what = "the set of proposal types with a known extent";
        let proposal = [&head[..], &[2, high, low, 0]].concat();
        assert_eq!(rule(&proposal), unknown(what));
        let commit = [&head[..], &[3, 4, 1, high, low, 0, 0, 0, 0]].concat();
        assert_eq!(rule(&commit), unknown(what));
        assert_eq!(rule(&[0, 1, high, low, 0]), unknown("WireFormat"));
    }
}
