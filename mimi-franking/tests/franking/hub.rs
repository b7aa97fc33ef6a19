//! The hub's keys and the stamp, recomputed octet by octet.

use hmac::{Hmac, KeyInit, Mac};
use mimi_franking::{CipherSuite, FrankingTag, HubKey, HubKeyRing, RingError, StampError};
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::random::OpenMlsRand;
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::SignatureScheme;

use crate::scene::{Scene, at};

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[test]
fn the_stamp_has_the_octets_of_the_draft() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 0x0102_0304);

    assert_eq!(sent.tag.0, hmac(&sent.message.salt, &sent.message.data));

    let mut context = vec![24];
    context.extend_from_slice(b"mimi://a.example/u/alice");
    context.push(30);
    context.extend_from_slice(b"mimi://hub.example/r/clubhouse");
    context.extend_from_slice(&[0, 0, 0, 0, 1, 2, 3, 4]);
    let input = [&sent.tag.0[..], &context].concat();
    assert_eq!(sent.frank.server_frank, hmac(&[1; 32], &input));

    let mut signed = vec![28];
    signed.extend_from_slice(b"MLS 1.0 FrankingIntegrityTBS");
    let tbs = [&sent.frank.server_frank[..], &[0, 1], &context].concat();
    assert_eq!(tbs.len(), 98);
    signed.extend_from_slice(&[0x40, 98]);
    signed.extend_from_slice(&tbs);
    scene
        .provider
        .crypto()
        .verify_signature(
            SignatureScheme::ED25519,
            &signed,
            scene.signer.public(),
            &sent.frank.integrity_signature,
        )
        .unwrap();
}

#[test]
fn a_signer_of_another_scheme_is_refused() {
    let scene = Scene::new();
    let context = scene.context(&scene.alice, 2_000);
    let stamp = |suite| {
        let tag = FrankingTag([0; 32]);
        scene.ring.stamp(&tag, &context, suite, &scene.signer)
    };
    assert_eq!(
        stamp(CipherSuite(2)),
        Err(StampError::SchemeMismatch {
            ciphersuite: CipherSuite(2),
            signer: SignatureScheme::ED25519
        })
    );
    assert_eq!(
        stamp(CipherSuite(0x7777)),
        Err(StampError::UnknownCipherSuite(CipherSuite(0x7777)))
    );
}

#[test]
fn a_signer_that_fails_is_reported() {
    struct Broken;
    impl Signer for Broken {
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignerError> {
            Err(SignerError::SigningError)
        }
        fn signature_scheme(&self) -> SignatureScheme {
            SignatureScheme::ED25519
        }
    }
    let scene = Scene::new();
    let context = scene.context(&scene.alice, 2_000);
    let signer: &dyn Signer = &Broken;
    assert_eq!(
        scene
            .ring
            .stamp(&FrankingTag([0; 32]), &context, scene.suite, signer),
        Err(StampError::Signer(SignerError::SigningError))
    );
}

/// Whether `ring` knows a stamp that a hub with only the key `[octet; 32]` made
/// at `time`.
fn knows(ring: &HubKeyRing, octet: u8, time: u64) -> bool {
    let mut scene = Scene::new();
    scene.ring = HubKeyRing::new(HubKey::from_bytes([octet; 32]), at(0));
    let sent = scene.send(&scene.alice, "hello", time);
    let context = scene.context(&scene.alice, time);
    ring.recognises(&sent.frank.server_frank, &sent.tag, &context)
        .unwrap()
}

#[test]
fn retired_keys_are_recognised_and_unknown_ones_are_not() {
    let mut ring = HubKeyRing::new(HubKey::from_bytes([1; 32]), at(1_000));
    ring.rotate(HubKey::from_bytes([2; 32]), at(2_000)).unwrap();
    ring.rotate(HubKey::from_bytes([3; 32]), at(3_000)).unwrap();
    for octet in 1..=3 {
        // Inside of the key's time, and outside of it on both sides.
        for time in [0, 999, 1_000, 1_999, 2_000, 2_999, 3_000, 9_000] {
            assert!(knows(&ring, octet, time), "key {octet} at {time}");
        }
    }
    assert!(!knows(&ring, 4, 2_500));
}

#[test]
fn only_the_current_key_stamps() {
    let mut scene = Scene::new();
    scene
        .ring
        .rotate(HubKey::from_bytes([2; 32]), at(2_000))
        .unwrap();
    let current = HubKeyRing::new(HubKey::from_bytes([2; 32]), at(0));
    // Even at a time when the first key was in use.
    for time in [1_500, 2_500] {
        let sent = scene.send(&scene.alice, "hello", time);
        let context = scene.context(&scene.alice, time);
        assert!(
            current
                .recognises(&sent.frank.server_frank, &sent.tag, &context)
                .unwrap()
        );
    }
}

#[test]
fn forgetting_keeps_what_was_in_use_at_the_time() {
    let ring = || {
        HubKeyRing::from_keys([
            (at(2_000), HubKey::from_bytes([2; 32])),
            (at(3_000), HubKey::from_bytes([3; 32])),
            (at(1_000), HubKey::from_bytes([1; 32])),
        ])
        .unwrap()
    };
    for (time, kept) in [
        (0, &[1, 2, 3][..]),
        (1_000, &[1, 2, 3]),
        (1_999, &[1, 2, 3]),
        (2_000, &[2, 3]),
        (2_999, &[2, 3]),
        (3_000, &[3]),
        (u64::MAX, &[3]),
    ] {
        let mut ring = ring();
        ring.forget_before(at(time));
        let left: Vec<u8> = ring.iter().map(|(_, key)| key.expose()[0]).collect();
        assert_eq!(left, kept, "at {time}");
    }
}

#[test]
fn a_ring_has_keys_at_distinct_increasing_times() {
    assert_eq!(HubKeyRing::from_keys([]).err(), Some(RingError::Empty));
    let twice = [
        (at(5), HubKey::from_bytes([1; 32])),
        (at(5), HubKey::from_bytes([2; 32])),
    ];
    let refused = Some(RingError::NotLater { since: at(5) });
    assert_eq!(HubKeyRing::from_keys(twice).err(), refused);
    let mut ring = HubKeyRing::new(HubKey::from_bytes([1; 32]), at(5));
    assert_eq!(
        ring.rotate(HubKey::from_bytes([2; 32]), at(5)).err(),
        refused
    );
    let left: Vec<_> = ring
        .iter()
        .map(|(since, key)| (since, key.expose()[0]))
        .collect();
    assert_eq!(left, [(at(5), 1)]);
}

#[test]
fn keys_come_from_the_hosts_randomness_and_are_never_shown() {
    struct Sevens;
    impl OpenMlsRand for Sevens {
        type Error = std::fmt::Error;
        fn random_array<const N: usize>(&self) -> Result<[u8; N], Self::Error> {
            Ok([7; N])
        }
        fn random_vec(&self, len: usize) -> Result<Vec<u8>, Self::Error> {
            Ok(vec![7; len])
        }
    }
    let key = HubKey::generate(&Sevens).unwrap();
    assert_eq!(key.expose(), &[7; 32]);
    assert_eq!(format!("{key:?}"), "HubKey(..)");
    let shown = format!("{:?}", HubKeyRing::new(key, at(1)));
    assert!(!shown.contains('7'), "{shown}");
}
