//! Structures of EXT: their octets written out, the rules that they can break,
//! limits at their boundary.

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

use bytes::Bytes;
use mimi_content::component::ComponentId;
use mimi_content::tls::{DecodeError, Rule};
use mimi_protocol::wire::limits::{MAX_MESSAGE_RANGES, MAX_WIRE_FORMATS};
use mimi_protocol::wire::mls::*;
use mimi_protocol::wire::{Decode, Encode};
use support::prefixed;

const COMPONENT: ComponentId = ComponentId(0x8001);

fn is<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: T, octets: &[u8]) {
    assert_eq!(value.to_vec().unwrap(), octets);
    assert_eq!(T::from_slice(octets).unwrap(), value);
}

fn refused<T: Decode + std::fmt::Debug>(octets: &[u8], offset: usize, rule: &str) {
    let error: DecodeError = T::from_slice(octets).unwrap_err();
    assert_eq!((error.offset, &*error.rule.to_string()), (offset, rule));
}

#[test]
fn a_component_is_updated_or_removed() {
    let update = |op| AppDataUpdate {
        component_id: COMPONENT,
        op,
    };
    let data = AppDataUpdateOperation::Update(Bytes::from_static(b"ab"));
    is(update(data), b"\x80\x01\x01\x02ab");
    is(update(AppDataUpdateOperation::Remove), b"\x80\x01\x02");
    for code in [0, 3, 255] {
        let rule = format!("AppDataUpdateOperation has no value {code}");
        refused::<AppDataUpdate>(&[0x80, 1, code, 0], 2, &rule);
    }
    refused::<AppDataUpdate>(b"\x80\x01\x02\x00", 3, "1 octets follow the value");
}

#[test]
fn ephemeral_data_is_a_components() {
    let ephemeral = AppEphemeral {
        component_id: ComponentId::APP_ACK,
        data: Bytes::from_static(&[0]),
    };
    is(ephemeral, &[0, 5, 1, 0]);
}

#[test]
fn ranges_of_messages_do_not_run_backwards() {
    let range = |first, last| MessageRange {
        sender: 1,
        first_generation: first,
        last_generation: last,
    };
    let ack = AppAck {
        received_ranges: vec![range(2, 2), range(3, 258)],
    };
    let octets = [
        24, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 1, 2,
    ];
    is(ack, &octets);
    is(AppAck::default(), &[0]);
    let mut backwards = octets;
    backwards[20] = 4;
    backwards[23] = 0;
    backwards[24] = 3;
    let rule = "a range of messages ends before it begins";
    refused::<AppAck>(&backwards, 13, rule);
}

#[test]
fn unknown_wire_formats_are_kept() {
    let formats = vec![WireFormat::SEMIPRIVATE_MESSAGE, WireFormat(0x0a0a)];
    is(WireFormats(formats), &[4, 0xf0, 0xa1, 0x0a, 0x0a]);
    is(WireFormats::default(), &[0]);
}

#[test]
fn a_label_is_of_mls_components() {
    let label = ComponentOperationLabel {
        component_id: COMPONENT,
        label: Bytes::from_static(b"x"),
    };
    is(label, b"\x0dMLS Component\x80\x01\x01x");
    let rule = "a base label is not MLS Component";
    refused::<ComponentOperationLabel>(b"\x0bApplication\x80\x01\x01x", 0, rule);
}

#[test]
fn a_psk_of_a_component_has_its_number() {
    let message = |psk: &[u8]| {
        let head = b"\x00\x01\x00\x01\x01g\x00\x00\x00\x00\x00\x00\x00\x07\x01\x00\x00\x00\x05\x00";
        [head, &[2, 0, 4][..], psk, &[1, 0xee], &[0, 0]].concat()
    };
    let application = message(b"\x03\x80\x01\x02id");
    assert!(MlsMessage::from_slice(&application).is_ok());
    refused::<MlsMessage>(&message(&[0]), 23, "PSKType has no value 0");
    refused::<MlsMessage>(&message(&[4]), 23, "PSKType has no value 4");
}

#[test]
fn the_numbers_are_those_of_the_drafts() {
    for (name, component) in [
        ("app_components", 0x0001),
        ("safe_aad", 0x0002),
        ("content_media_types", 0x0003),
        ("last_resort_key_package", 0x0004),
        ("app_ack", 0x0005),
        ("external_receivers", 0x0008),
    ] {
        assert_eq!(ComponentId(component).name(), Some(name));
    }
    assert_eq!(ExtensionType::APP_DATA_DICTIONARY.0, 6);
    assert_eq!(ExtensionType::SUPPORTED_WIRE_FORMATS.0, 7);
    assert_eq!(ExtensionType::REQUIRED_WIRE_FORMATS.0, 8);
    assert_eq!(ProposalType::APP_DATA_UPDATE.0, 8);
    assert_eq!(ProposalType::APP_EPHEMERAL.0, 9);
    assert_eq!(ProposalType::SELF_REMOVE.0, 10);
    assert_eq!(CredentialType::MULTI.0, 3);
    assert_eq!(CredentialType::WEAK_MULTI.0, 4);
}

#[test]
fn limits_hold_at_their_boundary() {
    let lists = |len: usize, element: &[u8]| prefixed(&element.repeat(len));
    let limit = |error: DecodeError, max| match error.rule {
        Rule::Limit { max: found, .. } => assert_eq!(found, max),
        other => panic!("{other}"),
    };
    let formats = |len| WireFormats::from_slice(&lists(len, &[0, 1]));
    assert_eq!(formats(MAX_WIRE_FORMATS).unwrap().0.len(), MAX_WIRE_FORMATS);
    limit(formats(MAX_WIRE_FORMATS + 1).unwrap_err(), MAX_WIRE_FORMATS);
    let ack = |len| AppAck::from_slice(&lists(len, &[0; 12]));
    let most = ack(MAX_MESSAGE_RANGES).unwrap();
    assert_eq!(most.received_ranges.len(), MAX_MESSAGE_RANGES);
    limit(ack(MAX_MESSAGE_RANGES + 1).unwrap_err(), MAX_MESSAGE_RANGES);
}
