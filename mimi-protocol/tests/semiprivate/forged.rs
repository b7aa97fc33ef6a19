//! A member who knows all keys makes a message that the library would not.

use bytes::Bytes;
use mimi_protocol::labels::{encrypt_with_label, expand_with_label};
use mimi_protocol::semiprivate::{SemiPrivateError, open_sender_data};
use mimi_protocol::wire::mls::*;
use mimi_protocol::wire::{DecodeError, Encode};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::crypto::OpenMlsCrypto;
use zeroize::Zeroizing;

use crate::scene::*;

/// What the ciphertext holds, the padding included.
fn plaintext(content: &SemiPrivateMessageContent) -> Vec<u8> {
    content.to_vec().unwrap()
}

fn padded(signed: &mimi_protocol::semiprivate::AuthenticatedContent) -> SemiPrivateMessageContent {
    SemiPrivateMessageContent {
        content: signed.tbs.content.clone(),
        auth: signed.auth.clone(),
        padding: Bytes::from_static(&[0; 8]),
    }
}

impl Scene {
    /// A message with this header and plaintext, encrypted as it has to be.
    fn forge(&self, aad: SemiPrivateContentAad, plaintext: &[u8]) -> SemiPrivateMessage {
        let ciphertext = self.crypto.aead_encrypt(
            self.suite.aead_algorithm(),
            &self.keys().key,
            plaintext,
            &self.nonce(),
            &aad.to_vec().unwrap(),
        );
        SemiPrivateMessage {
            aad,
            encrypted_sender_data: Bytes::new(),
            ciphertext: ciphertext.unwrap().into(),
        }
    }

    /// What hub and member both say.
    fn verdict(&self, message: &SemiPrivateMessage) -> SemiPrivateError {
        let hub = self.read_as(&self.hub, message).unwrap_err();
        let member = self.open(&self.keys(), message).unwrap_err();
        assert_eq!(hub, member);
        hub
    }

    /// The honest message with the hub's keys replaced by this plaintext.
    fn with_hub_keys(&self, keys: &[u8], partial: Option<Bytes>) -> SemiPrivateMessage {
        let mut aad = self.message(proposal()).aad;
        if let Some(partial) = partial {
            aad.partial_context_hash = partial;
        }
        let context = SemiPrivateMessageContext {
            group_id: aad.group_id.clone(),
            epoch: aad.epoch,
            partial_context_hash: aad.partial_context_hash.clone(),
        };
        let context = context.to_vec().unwrap();
        let key = &self.hub.entry.public_key;
        let label = "SemiPrivateMessageReceiver";
        let sealed = encrypt_with_label(&self.crypto, self.suite, key, label, &context, keys);
        aad.keys_for_external_receivers[0].encrypted_keys_and_nonces = sealed.unwrap();
        let signed = self.signed(proposal());
        self.forge(aad, &plaintext(&padded(&signed)))
    }
}

#[test]
fn the_forger_can_make_an_honest_message() {
    for suite in SUITES {
        let scene = Scene::new(suite);
        let signed = scene.signed(proposal());
        let aad = scene.try_seal(&signed).unwrap().aad;
        let message = scene.forge(aad, &plaintext(&padded(&signed)));
        assert_eq!(scene.read_as(&scene.hub, &message), Ok(signed.clone()));
        assert_eq!(scene.open(&scene.keys(), &message), Ok(signed));
        let keys = scene.keys().to_vec().unwrap();
        assert!(
            scene
                .read_as(&scene.hub, &scene.with_hub_keys(&keys, None))
                .is_ok()
        );
    }
}

/// The sender signs one content and has the external receivers open another.
#[test]
fn two_contents_are_found_out_by_the_hash() {
    let scene = Scene::new(SUITE);
    let for_members = scene.signed(proposal());
    let other = Handshake::Proposal(mimi_protocol::wire::Decode::from_slice(&[0, 10]).unwrap());
    let for_hub = scene.signed(other);
    let aad = scene.try_seal(&for_members).unwrap().aad;
    let message = scene.forge(aad, &plaintext(&padded(&for_hub)));
    assert_eq!(scene.verdict(&message), SemiPrivateError::TbsHash);
}

/// The hash is of what the hub opens, and the signature of something else.
#[test]
fn two_contents_are_found_out_by_the_signature() {
    let scene = Scene::new(SUITE);
    let signed = scene.signed(proposal());
    let other = Handshake::Proposal(mimi_protocol::wire::Decode::from_slice(&[0, 10]).unwrap());
    let mut mixed = scene.signed(other);
    let aad = scene.try_seal(&mixed).unwrap().aad;
    mixed.auth.signature = signed.auth.signature;
    let message = scene.forge(aad, &plaintext(&padded(&mixed)));
    assert_eq!(scene.verdict(&message), SemiPrivateError::Signature);
}

#[test]
fn nobody_signs_for_another() {
    for suite in SUITES {
        let scene = Scene::new(suite);
        let mallory = SignatureKeyPair::new(suite.signature_algorithm()).unwrap();
        let mallory = Scene {
            alice: mallory,
            ..Scene::new(suite)
        };
        for content in [proposal(), commit()] {
            let signed = mallory.signed(content);
            let message = scene.try_seal(&signed).unwrap();
            assert_eq!(scene.verdict(&message), SemiPrivateError::Signature);
        }
        let mut unsigned = scene.signed(proposal());
        unsigned.auth.signature = Bytes::new();
        let message = scene.try_seal(&unsigned).unwrap();
        assert_eq!(scene.verdict(&message), SemiPrivateError::Signature);
    }
}

/// The signature does not cover a commit's tag, which MLS checks by itself; no
/// external receiver can.
#[test]
fn a_confirmation_tag_is_passed_on_as_it_is() {
    let scene = Scene::new(SUITE);
    let mut signed = scene.signed(commit());
    signed.auth.confirmation_tag = Some(Bytes::from_static(b"made up"));
    let message = scene.try_seal(&signed).unwrap();
    assert_eq!(scene.read_as(&scene.hub, &message), Ok(signed));
}

#[test]
fn padding_is_zero() {
    let scene = Scene::new(SUITE);
    let signed = scene.signed(proposal());
    let aad = scene.try_seal(&signed).unwrap().aad;
    for at in [0, 7] {
        let mut octets = [0; 8];
        octets[at] = 1;
        let content = SemiPrivateMessageContent {
            padding: Bytes::copy_from_slice(&octets),
            ..padded(&signed)
        };
        let message = scene.forge(aad.clone(), &plaintext(&content));
        assert_eq!(scene.verdict(&message), SemiPrivateError::Padding);
    }
}

#[test]
fn a_content_is_what_its_type_says() {
    let scene = Scene::new(SUITE);
    let signed = scene.signed(proposal());
    let aad = scene.try_seal(&signed).unwrap().aad;
    let whole = plaintext(&padded(&signed));
    let end = whole.len() - 8;
    for len in [0, 1, 6, end - 1] {
        let message = scene.forge(aad.clone(), &whole[..len]);
        let error = scene.verdict(&message);
        assert!(matches!(error, SemiPrivateError::Content(_)), "{error}");
    }
    // A commit in a message that says proposal.
    let commit = plaintext(&padded(&scene.signed(commit())));
    let error = scene.verdict(&scene.forge(aad, &commit));
    assert!(matches!(error, SemiPrivateError::Content(_)), "{error}");
}

#[test]
fn keys_of_another_sender_or_nonce_do_not_pass() {
    let scene = Scene::new(SUITE);
    let hub = |keys: &PerMessageKeyAndNonces, partial| {
        let message = scene.with_hub_keys(&keys.to_vec().unwrap(), partial);
        scene.keys_of(&scene.hub, &message).unwrap_err()
    };
    let mut keys = scene.keys();
    keys.sender_leaf_index = 4;
    assert_eq!(hub(&keys, None), SemiPrivateError::PartialContextHash);
    let mut keys = scene.keys();
    keys.nonce[0] ^= 1;
    assert_eq!(hub(&keys, None), SemiPrivateError::PartialContextHash);

    // With a hash that fits what the suite has no use for.
    let mut keys = scene.keys();
    keys.nonce = Zeroizing::new(vec![0; 13]);
    let partial = scene.hash(&[&[0, 0, 0, 3][..], &keys.nonce].concat());
    let expected = SemiPrivateError::NonceLength {
        found: 13,
        expected: 12,
    };
    assert_eq!(hub(&keys, Some(partial)), expected);
    let mut keys = scene.keys();
    keys.key = Zeroizing::new(vec![0; 32]);
    let expected = SemiPrivateError::KeyLength {
        found: 32,
        expected: 16,
    };
    assert_eq!(hub(&keys, None), expected);
}

/// The hub is told another leaf than the members: whose signature it is decides.
#[test]
fn a_leaf_that_did_not_sign_is_no_sender() {
    let scene = Scene::new(SUITE);
    let mut keys = scene.keys();
    keys.sender_leaf_index = 4;
    let partial = scene.hash(&[&[0, 0, 0, 4][..], &keys.nonce].concat());
    let message = scene.with_hub_keys(&keys.to_vec().unwrap(), Some(partial));
    let keys = scene.keys_of(&scene.hub, &message).unwrap();
    assert_eq!(keys.sender_leaf_index, 4);
    let error = scene.open(&keys, &message).unwrap_err();
    assert_eq!(error, SemiPrivateError::TbsHash);
    let error = scene.open(&scene.keys(), &message).unwrap_err();
    assert_eq!(
        error,
        SemiPrivateError::PartialContextHash,
        "the members see it"
    );
}

#[test]
fn keys_are_whole() {
    let scene = Scene::new(SUITE);
    let keys = scene.keys().to_vec().unwrap();
    for broken in [
        &[][..],
        &keys[..keys.len() - 1],
        &[&keys[..], &[0]].concat(),
    ] {
        let message = scene.with_hub_keys(broken, None);
        let error = scene.keys_of(&scene.hub, &message).unwrap_err();
        assert!(
            matches!(error, SemiPrivateError::MalformedKeys(_)),
            "{error}"
        );
    }
}

/// The members are told another guard or nothing at all: they do not read what
/// the hub reads, and know it.
#[test]
fn sender_data_is_what_members_need() {
    let scene = Scene::new(SUITE);
    let honest = scene.message(proposal());
    let with = |plaintext: &[u8]| {
        let sample = &honest.ciphertext[..32];
        let expand = |label: &str, len| {
            let secret = &SENDER_DATA_SECRET;
            expand_with_label(&scene.crypto, SUITE, secret, label, sample, len).unwrap()
        };
        let sealed = scene.crypto.aead_encrypt(
            SUITE.aead_algorithm(),
            &expand("key", 16),
            plaintext,
            &expand("nonce", 12),
            b"\x09clubhouse\0\0\0\0\0\0\0\x07\x02",
        );
        SemiPrivateMessage {
            encrypted_sender_data: sealed.unwrap().into(),
            ..honest.clone()
        }
    };
    let sender_data = SenderData {
        leaf_index: ALICE,
        generation: GENERATION,
        reuse_guard: scene.keys().reuse_guard,
    };
    let octets = sender_data.to_vec().unwrap();
    assert!(scene.read(&with(&octets)).is_ok());
    let mut other = octets.clone();
    other[11] ^= 1;
    assert_eq!(scene.read(&with(&other)), Err(SemiPrivateError::Ciphertext));
    let mut other = octets.clone();
    other[3] ^= 1;
    let refused = Err(SemiPrivateError::PartialContextHash);
    assert_eq!(scene.read(&with(&other)), refused);
    let open = |message: &SemiPrivateMessage| {
        open_sender_data(&scene.crypto, SUITE, &SENDER_DATA_SECRET, message)
    };
    let error = open(&with(&octets[..11])).unwrap_err();
    let malformed = |error: &SemiPrivateError| match error {
        SemiPrivateError::MalformedSenderData(DecodeError { offset, .. }) => Some(*offset),
        _ => None,
    };
    assert_eq!(malformed(&error), Some(8), "{error}");
    let without = SemiPrivateMessage {
        encrypted_sender_data: Bytes::new(),
        ..honest.clone()
    };
    assert_eq!(open(&without), Err(SemiPrivateError::SenderData));
}
