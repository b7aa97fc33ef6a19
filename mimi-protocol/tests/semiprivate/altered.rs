//! Someone on the way alters or redirects a message.

use bytes::Bytes;
use mimi_protocol::semiprivate::{SemiPrivateError, open};
use mimi_protocol::wire::mls::*;
use mimi_protocol::wire::{Decode, Encode};
use openmls_traits::types::Ciphersuite;
use zeroize::Zeroizing;

use crate::scene::*;

/// What the hub and a member say to an altered message.
fn verdicts(
    scene: &Scene,
    alter: impl FnOnce(&mut SemiPrivateMessage),
) -> (SemiPrivateError, SemiPrivateError) {
    let mut message = scene.message(proposal());
    alter(&mut message);
    let hub = scene.read_as(&scene.hub, &message).unwrap_err();
    let member = scene.open(&scene.keys(), &message).unwrap_err();
    (hub, member)
}

#[test]
fn nothing_in_clear_can_be_altered() {
    use SemiPrivateError::*;
    let scene = Scene::new(SUITE);
    let other = || Bytes::from_static(b"other");

    let found = verdicts(&scene, |message| message.aad.group_id = other());
    assert_eq!(found, (Keys, Group));
    let found = verdicts(&scene, |message| message.aad.epoch = 8);
    let epoch = Epoch {
        message: 8,
        context: 7,
    };
    assert_eq!(found, (Keys, epoch));
    let commit = HandshakeType::Commit;
    let found = verdicts(&scene, |message| message.aad.content_type = commit);
    assert_eq!(found, (Ciphertext, Ciphertext));
    let found = verdicts(&scene, |message| message.aad.authenticated_data = other());
    assert_eq!(found, (Ciphertext, Ciphertext));
    let found = verdicts(&scene, |message| message.aad.partial_context_hash = other());
    assert_eq!(found, (Keys, PartialContextHash));
    let found = verdicts(&scene, |message| {
        message.aad.framed_content_tbs_hash = other();
    });
    assert_eq!(found, (Ciphertext, Ciphertext));
    let found = verdicts(&scene, |message| {
        message.aad.keys_for_external_receivers.pop();
    });
    assert_eq!(found, (Ciphertext, Ciphertext), "the archive is left out");
    let found = verdicts(&scene, |message| {
        message.aad.keys_for_external_receivers.remove(0);
    });
    assert_eq!(found, (NotAddressed, Ciphertext), "the hub is left out");
    let found = verdicts(&scene, |message| {
        message.aad.keys_for_external_receivers.clear();
    });
    assert_eq!(found, (NotAddressed, Ciphertext), "everybody is left out");
    let found = verdicts(&scene, |message| {
        message.aad.keys_for_external_receivers.swap(0, 1);
    });
    assert_eq!(found, (Ciphertext, Ciphertext), "in another order");
}

#[test]
fn the_keys_of_two_receivers_cannot_be_swapped() {
    let scene = Scene::new(SUITE);
    let found = verdicts(&scene, |message| {
        let [hub, archive] = &mut message.aad.keys_for_external_receivers[..] else {
            panic!("two receivers");
        };
        std::mem::swap(
            &mut hub.encrypted_keys_and_nonces,
            &mut archive.encrypted_keys_and_nonces,
        );
    });
    assert_eq!(
        found,
        (SemiPrivateError::Keys, SemiPrivateError::Ciphertext)
    );
}

#[test]
fn a_receiver_is_named_once() {
    let scene = Scene::new(SUITE);
    let found = verdicts(&scene, |message| {
        let keys = &mut message.aad.keys_for_external_receivers;
        keys.push(keys[0].clone());
    });
    let expected = SemiPrivateError::AddressedTwice;
    assert_eq!(found, (expected, SemiPrivateError::Ciphertext));
}

#[test]
fn who_is_not_listed_reads_nothing() {
    for suite in SUITES {
        let scene = Scene::new(suite);
        let message = scene.message(proposal());
        let stranger = receiver(&scene.crypto, suite, "mimi://stranger.example", 3);
        let not_addressed = Err(SemiPrivateError::NotAddressed);
        assert_eq!(scene.keys_of(&stranger, &message), not_addressed);
        // With the hub's entry and another's key.
        let pretender = Receiver {
            entry: scene.hub.entry.clone(),
            private: stranger.private,
        };
        assert_eq!(
            scene.keys_of(&pretender, &message),
            Err(SemiPrivateError::Keys)
        );
        // With the hub's key under another name.
        let renamed = Receiver {
            entry: ExternalReceiver {
                credential: stranger.entry.credential,
                ..scene.hub.entry.clone()
            },
            private: scene.hub.private.clone(),
        };
        assert_eq!(scene.keys_of(&renamed, &message), not_addressed);
    }
}

#[test]
fn a_suite_that_is_not_the_groups() {
    let scene = Scene::new(SUITE);
    let message = scene.message(proposal());
    let Receiver { entry, private } = &scene.hub;
    let open_keys = |suite| {
        mimi_protocol::semiprivate::open_keys(&scene.crypto, suite, entry, private, &message)
    };
    let unsupported = Ciphersuite::MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448;
    let refused = Err(SemiPrivateError::Suite(CipherSuite(4)));
    assert_eq!(open_keys(unsupported), refused);
    // The hash is the same one, so the entry is found.
    assert_eq!(open_keys(SUITES[1]), Err(SemiPrivateError::Keys));
}

#[test]
fn a_message_is_of_its_group_epoch_and_state() {
    let scene = Scene::new(SUITE);
    let message = scene.message(proposal());
    let open_in = |alter: fn(&mut GroupContextView)| {
        let mut context = context(SUITE, &[&scene.hub.entry, &scene.archive.entry]);
        alter(&mut context);
        let (context, key) = (context.assemble().unwrap(), scene.alice.public());
        open(&scene.crypto, &context, &scene.keys(), key, &message).map(drop)
    };
    assert_eq!(open_in(|_| ()), Ok(()));
    let other_group = open_in(|context| context.group_id = Bytes::from_static(b"x"));
    assert_eq!(other_group, Err(SemiPrivateError::Group));
    let expected = SemiPrivateError::Epoch {
        message: 7,
        context: 6,
    };
    assert_eq!(open_in(|context| context.epoch = 6), Err(expected));
    let fork = open_in(|context| context.tree_hash = Bytes::from_static(b"fork"));
    assert_eq!(fork, Err(SemiPrivateError::TbsHash));
    let unknown = open_in(|context| context.cipher_suite = CipherSuite(0xf00d));
    assert_eq!(unknown, Err(SemiPrivateError::Suite(CipherSuite(0xf00d))));
}

#[test]
fn the_keys_must_be_those_of_the_message() {
    let scene = Scene::new(SUITE);
    let message = scene.message(proposal());
    let with = |alter: fn(&mut PerMessageKeyAndNonces)| {
        let mut keys = scene.keys();
        alter(&mut keys);
        scene.open(&keys, &message).unwrap_err()
    };
    let error = with(|keys| keys.sender_leaf_index = 4);
    assert_eq!(error, SemiPrivateError::PartialContextHash);
    let error = with(|keys| keys.nonce[11] ^= 1);
    assert_eq!(error, SemiPrivateError::PartialContextHash);
    let error = with(|keys| keys.key[0] ^= 1);
    assert_eq!(error, SemiPrivateError::Ciphertext);
    let error = with(|keys| keys.reuse_guard[3] ^= 1);
    assert_eq!(error, SemiPrivateError::Ciphertext);
    let error = with(|keys| keys.key = Zeroizing::new(vec![0; 15]));
    let expected = SemiPrivateError::KeyLength {
        found: 15,
        expected: 16,
    };
    assert_eq!(error, expected);
    let error = with(|keys| keys.nonce = Zeroizing::new(vec![0; 13]));
    let expected = SemiPrivateError::NonceLength {
        found: 13,
        expected: 12,
    };
    assert_eq!(error, expected);
}

#[test]
fn a_truncated_ciphertext_does_not_open() {
    let scene = Scene::new(SUITE);
    let whole = scene.message(proposal());
    for len in 0..whole.ciphertext.len() {
        let mut message = whole.clone();
        message.ciphertext = whole.ciphertext.slice(..len);
        let error = scene.read_as(&scene.hub, &message).unwrap_err();
        assert_eq!(error, SemiPrivateError::Ciphertext, "{len} octets");
    }
}

#[test]
fn no_octet_of_a_message_is_altered_unnoticed() {
    for content in [proposal(), commit()] {
        let scene = Scene::new(SUITE);
        let honest = scene.message(content);
        let raw = honest.to_vec().unwrap();
        for at in 0..raw.len() {
            let mut flipped = raw.clone();
            flipped[at] ^= 1 << (at % 8);
            let Ok(message) = SemiPrivateMessage::from_slice(&flipped) else {
                continue;
            };
            assert!(scene.read(&message).is_err(), "octet {at}, a member");
            // The sender data is nothing to an external receiver.
            let same = SemiPrivateMessage {
                encrypted_sender_data: honest.encrypted_sender_data.clone(),
                ..message.clone()
            };
            if same != honest {
                let read = scene.read_as(&scene.hub, &message);
                assert!(read.is_err(), "octet {at}, the hub");
            }
        }
    }
}
