//! Envelopes, and who tries to look into them, to tell them apart or to change them.

use mimi_discovery::envelope::{
    GatewayKey, KeyConfig, KeyConfigError, Kind, OpenError, PaddingError, REQUEST_OVERHEAD,
    RESPONSE_OVERHEAD, SealError, seal,
};
use ohttp::hpke::{Aead, Kdf, Kem};
use ohttp::{ClientRequest, SymmetricSuite};

const KINDS: [Kind; 2] = [Kind::Lookup, Kind::Publication];

fn gateway() -> GatewayKey {
    GatewayKey::from_seed(1, &[4; 32]).unwrap()
}

#[test]
fn what_is_sealed_is_opened() {
    for kind in KINDS {
        for len in [0, 1, kind.max_request()] {
            let content = vec![7; len];
            let (request, awaited) = seal(kind, &content, gateway().config()).unwrap();
            let (found, opened, reply) = gateway().open(&request).unwrap();
            assert_eq!((found, opened), (kind, content));
            let answer = vec![8; len.min(kind.max_response())];
            let response = reply.seal(&answer).unwrap();
            assert_eq!(awaited.open(&response).unwrap(), answer);
        }
    }
}

#[test]
fn all_envelopes_of_a_kind_have_one_length() {
    for kind in KINDS {
        for content in [&b""[..], b"x", &vec![1; kind.max_request()]] {
            let (request, _) = seal(kind, content, gateway().config()).unwrap();
            assert_eq!(request.len(), kind.request_len());
        }
        for answer in [&b""[..], b"x", &vec![1; kind.max_response()]] {
            let (request, _) = seal(kind, b"", gateway().config()).unwrap();
            let (_, _, reply) = gateway().open(&request).unwrap();
            assert_eq!(reply.seal(answer).unwrap().len(), kind.response_len());
        }
    }
    assert_eq!(Kind::Lookup.request_len(), 256 + REQUEST_OVERHEAD);
    assert_eq!(Kind::Publication.request_len(), 4_096 + REQUEST_OVERHEAD);
    assert_eq!(Kind::Lookup.response_len(), 4_096 + RESPONSE_OVERHEAD);
    assert_eq!(Kind::Publication.response_len(), 512 + RESPONSE_OVERHEAD);
}

#[test]
fn what_does_not_fit_is_not_sealed() {
    for kind in KINDS {
        let max = kind.max_request();
        let len = max + 1;
        let refused = seal(kind, &vec![0; len], gateway().config());
        let too_long = SealError::Padding(PaddingError::TooLong { len, max });
        assert_eq!(refused.unwrap_err(), too_long);

        let (request, _) = seal(kind, b"", gateway().config()).unwrap();
        let (_, _, reply) = gateway().open(&request).unwrap();
        let max = kind.max_response();
        let len = max + 1;
        let too_long = SealError::Padding(PaddingError::TooLong { len, max });
        assert_eq!(reply.seal(&vec![0; len]).unwrap_err(), too_long);
    }
}

#[test]
fn two_envelopes_of_one_content_have_nothing_in_common_but_the_header() {
    let one = seal(Kind::Lookup, b"an index", gateway().config())
        .unwrap()
        .0;
    let other = seal(Kind::Lookup, b"an index", gateway().config())
        .unwrap()
        .0;
    assert_eq!(one[..7], other[..7]);
    let same = one[7..].windows(8).zip(other[7..].windows(8));
    assert!(same.into_iter().all(|(a, b)| a != b));
}

#[test]
fn no_octet_of_a_request_can_be_changed() {
    let (request, _) = seal(Kind::Lookup, b"an index", gateway().config()).unwrap();
    for at in 0..request.len() {
        let mut altered = request.clone();
        altered[at] ^= 1;
        let refused = gateway().open(&altered).unwrap_err();
        let expected = match at {
            0 => OpenError::KeyId { key_id: 0 },
            1..7 => OpenError::Suite,
            _ => OpenError::Altered,
        };
        assert_eq!(refused, expected, "{at}");
    }
    // X25519 does not look at the highest bit of a point; the key schedule does.
    let mut altered = request.clone();
    altered[7 + 31] ^= 0x80;
    assert_eq!(gateway().open(&altered).unwrap_err(), OpenError::Altered);
}

#[test]
fn no_octet_of_a_response_can_be_changed() {
    for at in (0..Kind::Publication.response_len()).step_by(5) {
        let (request, awaited) = seal(Kind::Publication, b"", gateway().config()).unwrap();
        let (_, _, reply) = gateway().open(&request).unwrap();
        let mut response = reply.seal(b"a leaf").unwrap();
        response[at] ^= 1;
        assert_eq!(awaited.open(&response).unwrap_err(), OpenError::Altered);
    }
}

#[test]
fn other_lengths_are_refused_before_anything_is_computed() {
    for found in [0, 6, 7, 100, Kind::Lookup.request_len() - 1, 10_000] {
        let refused = gateway().open(&vec![1; found]);
        assert_eq!(refused.unwrap_err(), OpenError::Length { found });
    }
    // The answer of the other kind is not even tried.
    let (_, awaited) = seal(Kind::Lookup, b"", gateway().config()).unwrap();
    let found = Kind::Publication.response_len();
    let refused = awaited.open(&vec![1; found]);
    assert_eq!(refused.unwrap_err(), OpenError::Length { found });
}

#[test]
fn an_envelope_for_another_key_is_not_opened() {
    let (request, _) = seal(Kind::Lookup, b"an index", gateway().config()).unwrap();
    let same_number = GatewayKey::from_seed(1, &[5; 32]).unwrap();
    assert_eq!(same_number.open(&request).unwrap_err(), OpenError::Altered);
    let other_number = GatewayKey::from_seed(2, &[4; 32]).unwrap();
    let refused = other_number.open(&request).unwrap_err();
    assert_eq!(refused, OpenError::KeyId { key_id: 1 });
}

#[test]
fn the_answer_to_another_request_is_not_opened() {
    let ask = || seal(Kind::Lookup, b"an index", gateway().config()).unwrap();
    let ((one, first), (other, second)) = (ask(), ask());
    let answer = |request: &[u8]| {
        let (_, _, reply) = gateway().open(request).unwrap();
        reply.seal(b"a leaf").unwrap()
    };
    assert_eq!(first.open(&answer(&other)).unwrap_err(), OpenError::Altered);
    assert_eq!(second.open(&answer(&one)).unwrap_err(), OpenError::Altered);
}

#[test]
fn a_relay_that_repeats_a_request_gets_an_answer_that_only_the_sender_can_open() {
    let (request, awaited) = seal(Kind::Lookup, b"an index", gateway().config()).unwrap();
    let (_, first, _) = gateway().open(&request).unwrap();
    let (_, again, reply) = gateway().open(&request).unwrap();
    assert_eq!(first, again);
    let response = reply.seal(b"a leaf").unwrap();
    assert!(!response.windows(6).any(|part| part == b"a leaf"));
    assert_eq!(awaited.open(&response).unwrap(), b"a leaf");
}

/// Seals what we would not.
fn forged(padded: &[u8]) -> Vec<u8> {
    let client = ClientRequest::from_encoded_config(gateway().config().as_bytes());
    client.unwrap().encapsulate(padded).unwrap().0
}

const LOOKUP: &[u8] = b"\x00\x04POST\x05https\x00\x07/lookup\x00";

fn padded_lookup(content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u32 | 0x8000_0000).to_be_bytes();
    let mut padded = [LOOKUP, &length, content].concat();
    padded.resize(256, 0);
    padded
}

#[test]
fn what_another_implementation_seals_is_opened() {
    let (kind, content, _) = gateway()
        .open(&forged(&padded_lookup(b"an index")))
        .unwrap();
    assert_eq!((kind, &content[..]), (Kind::Lookup, &b"an index"[..]));
}

#[test]
fn nothing_hides_in_the_padding() {
    let open = |padded: &[u8]| gateway().open(&forged(padded)).unwrap_err();
    let good = padded_lookup(b"an index");
    let length = LOOKUP.len();
    let behind = length + 4 + 8;
    for at in [behind, behind + 1, 255] {
        let mut padded = good.clone();
        padded[at] = 1;
        assert_eq!(open(&padded), OpenError::Padding(PaddingError::NotZero));
    }
    for at in 0..length {
        let mut padded = good.clone();
        padded[at] ^= 1;
        assert_eq!(open(&padded), OpenError::Padding(PaddingError::Form));
    }
    for first in [0x00, 0x40, 0xc0] {
        let mut padded = good.clone();
        padded[length] = first;
        assert_eq!(open(&padded), OpenError::Padding(PaddingError::LengthForm));
    }
    let max = Kind::Lookup.max_request();
    let mut padded = good.clone();
    padded[length..length + 4].copy_from_slice(&((max as u32 + 1) | 0x8000_0000).to_be_bytes());
    let too_long = PaddingError::TooLong { len: max + 1, max };
    assert_eq!(open(&padded), OpenError::Padding(too_long));
    assert_eq!(max, 256 - length - 4 - 1);
}

#[test]
fn the_length_of_a_look_up_holds_no_publication() {
    let mut padded = b"\x00\x04POST\x05https\x00\x0c/publication\x00\x80\x00\x00\x00".to_vec();
    padded.resize(256, 0);
    let refused = gateway().open(&forged(&padded)).unwrap_err();
    assert_eq!(refused, OpenError::Padding(PaddingError::Form));
}

#[test]
fn a_response_of_another_status_is_refused() {
    let config = ohttp::KeyConfig::derive(
        1,
        Kem::X25519Sha256,
        vec![SymmetricSuite::new(Kdf::HkdfSha256, Aead::Aes128Gcm)],
        &[4; 32],
    );
    let server = ohttp::Server::new(config.unwrap()).unwrap();
    let answer = |front: &[u8]| {
        let (request, awaited) = seal(Kind::Lookup, b"", gateway().config()).unwrap();
        let (_, response) = server.decapsulate(&request).unwrap();
        let mut padded = front.to_vec();
        padded.resize(4_096, 0);
        awaited.open(&response.encapsulate(&padded).unwrap())
    };
    assert_eq!(
        answer(b"\x01\x40\xc8\x00\x80\x00\x00\x02ok").unwrap(),
        b"ok"
    );
    let refused = answer(b"\x01\x41\xf4\x00\x80\x00\x00\x02ok").unwrap_err();
    assert_eq!(refused, OpenError::Padding(PaddingError::Form));
}

#[test]
fn a_key_configuration_has_one_form() {
    let octets = *gateway().config().as_bytes();
    assert_eq!(
        KeyConfig::from_bytes(&octets),
        Ok(gateway().config().clone())
    );
    assert_eq!(gateway().config().key_id(), 1);
    assert!(ohttp::KeyConfig::decode(&octets).is_ok());

    for found in [0, 40, 42] {
        let mut other = octets.to_vec();
        other.resize(found, 0);
        let refused = KeyConfig::from_bytes(&other);
        assert_eq!(refused, Err(KeyConfigError::Length { found }));
    }
    for at in 1..octets.len() {
        let mut other = octets;
        other[at] ^= 1;
        match (at, KeyConfig::from_bytes(&other)) {
            (1 | 2, refused) => assert_eq!(refused, Err(KeyConfigError::Kem)),
            (3..35, taken) => assert!(taken.is_ok()),
            (_, refused) => assert_eq!(refused, Err(KeyConfigError::Suite)),
        }
    }
}

#[test]
fn nothing_is_sealed_to_a_key_that_keeps_no_secret() {
    let mut octets = *gateway().config().as_bytes();
    octets[3..35].fill(0);
    let config = KeyConfig::from_bytes(&octets).unwrap();
    let refused = seal(Kind::Lookup, b"an index", &config);
    assert_eq!(refused.unwrap_err(), SealError::Key);
}

#[test]
fn nothing_secret_is_shown() {
    let (request, awaited) = seal(Kind::Lookup, b"an index", gateway().config()).unwrap();
    assert_eq!(format!("{awaited:?}"), "Awaited { kind: Lookup, .. }");
    let (_, _, reply) = gateway().open(&request).unwrap();
    assert_eq!(format!("{reply:?}"), "Reply { kind: Lookup, .. }");
    let shown = format!("{:?}", gateway());
    assert!(shown.starts_with("GatewayKey { config: ") && shown.ends_with(", .. }"));
}
