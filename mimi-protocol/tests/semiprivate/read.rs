//! Who reads what, and which octets that takes.

use mimi_protocol::labels::decrypt_with_label;
use mimi_protocol::semiprivate::{SemiPrivateError, external_receiver_ref, open_sender_data};
use mimi_protocol::wire::mls::*;
use mimi_protocol::wire::{Decode, Encode};
use openmls_traits::crypto::OpenMlsCrypto;

use crate::scene::*;

#[test]
fn both_receivers_and_a_member_read_what_was_signed() {
    for suite in SUITES {
        let scene = Scene::new(suite);
        for content in [proposal(), commit()] {
            let signed = scene.signed(content);
            let message = scene.try_seal(&signed).unwrap();
            assert_eq!(scene.read_as(&scene.hub, &message), Ok(signed.clone()));
            assert_eq!(scene.read_as(&scene.archive, &message), Ok(signed.clone()));
            assert_eq!(scene.read(&message), Ok(signed));
        }
    }
}

#[test]
fn it_travels_as_a_message_of_the_room() {
    let scene = Scene::new(SUITE);
    let message = scene.message(commit());
    let on_the_wire = message.clone().into_mls_message().unwrap();
    let octets = on_the_wire.as_bytes();
    assert_eq!(octets[..4], [0, 1, 0xf0, 0xa1]);
    let arrived = MlsMessage::from_bytes(octets).unwrap();
    assert_eq!(arrived.header().unwrap().content_type, ContentType::Commit);
    assert_eq!(arrived.header(), on_the_wire.header());
    assert_eq!(
        SemiPrivateMessage::from_mls_message(&arrived),
        Some(message)
    );
    assert!(CommitMessage::try_from(arrived).is_ok());

    let public = b"\x00\x01\x00\x01\x00\0\0\0\0\0\0\0\0\x03\x00\x02\x00\x0a\x00";
    let public = MlsMessage::from_slice(public).unwrap();
    assert_eq!(SemiPrivateMessage::from_mls_message(&public), None);
}

#[test]
fn what_everybody_sees_is_computed_as_the_draft_says() {
    for suite in SUITES {
        let scene = Scene::new(suite);
        let SemiPrivateMessage { aad, .. } = scene.message(commit());
        assert_eq!(aad.group_id, "clubhouse");
        assert_eq!(aad.epoch, 7);
        assert_eq!(aad.content_type, HandshakeType::Commit);
        assert_eq!(aad.authenticated_data, &b"\x00"[..]);

        let nonce = scene.keys().nonce;
        let partial = [&[0, 0, 0, 3][..], &nonce].concat();
        assert_eq!(aad.partial_context_hash, scene.hash(&partial));

        let listed = [&scene.hub.entry, &scene.archive.entry];
        assert_eq!(aad.keys_for_external_receivers.len(), 2);
        for (key, entry) in aad.keys_for_external_receivers.iter().zip(listed) {
            let reference = scene.hash(&entry.to_vec().unwrap());
            assert_eq!(key.external_receiver_ref, reference);
            let computed = external_receiver_ref(&scene.crypto, suite, entry);
            assert_eq!(computed.unwrap(), reference);
        }

        let head = b"\x00\x01\xf0\xa1\x09clubhouse\0\0\0\0\0\0\0\x07\x01\0\0\0\x03\x01\x00";
        let content = b"\x03\x05\x02\x03ref\x00";
        let tbs = [&head[..], content, scene.context.as_bytes()].concat();
        assert_eq!(aad.framed_content_tbs_hash, scene.hash(&tbs));
        let framed = scene.tbs(commit()).framed_content().unwrap();
        assert_eq!(framed, [&head[4..], content].concat());
    }
}

#[test]
fn the_ciphertext_holds_content_proof_and_zeros() {
    for suite in SUITES {
        let scene = Scene::new(suite);
        let signed = scene.signed(commit());
        let message = scene.try_seal(&signed).unwrap();
        let opened = scene.crypto.aead_decrypt(
            suite.aead_algorithm(),
            &scene.keys().key,
            &message.ciphertext,
            &scene.nonce(),
            &message.aad.to_vec().unwrap(),
        );
        let signature = &signed.auth.signature;
        let len = [0x40, signature.len() as u8];
        let expected = [
            b"\x05\x02\x03ref\x00",
            &len[..],
            signature,
            b"\x03tag",
            &[0; PADDING as usize],
        ]
        .concat();
        assert_eq!(opened.unwrap(), expected);
    }
}

#[test]
fn the_keys_are_sealed_with_the_label_of_the_draft() {
    let scene = Scene::new(SUITE);
    let message = scene.message(proposal());
    let hash = &message.aad.partial_context_hash;
    let context = [b"\x09clubhouse\0\0\0\0\0\0\0\x07\x20", &hash[..]].concat();
    let keys = scene.keys();
    let expected = [
        &[16][..],
        &keys.key,
        &[12],
        &keys.nonce,
        &keys.reuse_guard,
        &[0, 0, 0, 3],
    ]
    .concat();
    let sealed = &message.aad.keys_for_external_receivers[0];
    let opened = decrypt_with_label(
        &scene.crypto,
        SUITE,
        &scene.hub.private,
        "SemiPrivateMessageReceiver",
        &context,
        &sealed.encrypted_keys_and_nonces,
    );
    assert_eq!(*opened.unwrap(), expected);
}

#[test]
fn members_learn_the_sender_as_from_a_private_message() {
    let scene = Scene::new(SUITE);
    let message = scene.message(proposal());
    let open = |secret: &[u8]| open_sender_data(&scene.crypto, SUITE, secret, &message);
    let sender = open(&SENDER_DATA_SECRET).unwrap();
    let expected = SenderData {
        leaf_index: ALICE,
        generation: GENERATION,
        reuse_guard: scene.keys().reuse_guard,
    };
    assert_eq!(sender, expected);
    let refused = Err(SemiPrivateError::SenderData);
    assert_eq!(open(&[0; 32]), refused, "of another epoch");
    assert_eq!(open(&[]), refused, "of no epoch");
    // By hand, over the first octets of the ciphertext.
    let expand = |label: &[u8], len: u8| {
        let sample = &message.ciphertext[..32];
        let info = [
            &[0, len, 8 + label.len() as u8],
            &b"MLS 1.0 "[..],
            label,
            &[32],
            sample,
        ];
        let info = info.concat();
        let hash = SUITE.hash_algorithm();
        let secret = &SENDER_DATA_SECRET;
        scene
            .crypto
            .hkdf_expand(hash, secret, &info, len.into())
            .unwrap()
    };
    let opened = scene.crypto.aead_decrypt(
        SUITE.aead_algorithm(),
        expand(b"key", 16).as_slice(),
        &message.encrypted_sender_data,
        expand(b"nonce", 12).as_slice(),
        b"\x09clubhouse\0\0\0\0\0\0\0\x07\x02",
    );
    assert_eq!(opened.unwrap(), expected.to_vec().unwrap());
}

#[test]
fn a_short_ciphertext_is_its_own_sample() {
    // Less than a hash, and no message: only the sender data is looked at.
    let scene = Scene::new(SUITE);
    let mut message = scene.message(proposal());
    message.ciphertext = message.ciphertext.slice(..5);
    let opened = open_sender_data(&scene.crypto, SUITE, &SENDER_DATA_SECRET, &message);
    assert_eq!(opened, Err(SemiPrivateError::SenderData));
}

#[test]
fn keys_do_not_show_themselves() {
    let scene = Scene::new(SUITE);
    let shown = format!("{:?}", scene.keys());
    assert_eq!(shown, "PerMessageKeyAndNonces { sender_leaf_index: 3, .. }");
    let other = PerMessageKeyAndNonces {
        reuse_guard: [0; 4],
        ..scene.keys()
    };
    assert_ne!(scene.keys(), other);
}

#[test]
fn no_padding_is_padding_too() {
    let scene = Scene::new(SUITE);
    let signed = scene.signed(proposal());
    for padding in [0, 1, u16::MAX] {
        let keys = scene.keys();
        let sealed =
            mimi_protocol::semiprivate::seal(&scene.crypto, &signed, &keys, &MEMBER, padding);
        let message = sealed.unwrap();
        assert_eq!(scene.read(&message), Ok(signed.clone()));
        assert!(message.ciphertext.len() > usize::from(padding));
    }
}
