//! What is not sealed.

use bytes::Bytes;
use mimi_content::tls::Rule;
use mimi_protocol::semiprivate::{AuthenticatedContent, MemberSecrets, SemiPrivateError, seal};
use mimi_protocol::wire::limits::MAX_EXTERNAL_RECEIVERS;
use mimi_protocol::wire::mls::*;
use mimi_protocol::wire::{Decode, Encode};
use zeroize::Zeroizing;

use crate::scene::*;

/// A proposal of Alice in a group of this context.
fn sealed_in(scene: &Scene, context: GroupContextView) -> Result<(), SemiPrivateError> {
    let mut tbs = scene.tbs(proposal());
    tbs.context = context.assemble().unwrap();
    scene.try_seal(&scene.sign(tbs)).map(drop)
}

#[test]
fn a_group_must_list_receivers_and_require_the_format() {
    let scene = Scene::new(SUITE);
    let good = || context(SUITE, &[&scene.hub.entry]);
    assert_eq!(sealed_in(&scene, good()), Ok(()));

    let empty = context(SUITE, &[]);
    assert_eq!(sealed_in(&scene, empty), Err(SemiPrivateError::NoReceivers));
    let mut absent = good();
    absent.extensions[1].data = Bytes::from_static(&[0]);
    assert_eq!(
        sealed_in(&scene, absent),
        Err(SemiPrivateError::NoReceivers)
    );
    let mut without = good();
    without.extensions.pop();
    assert_eq!(
        sealed_in(&scene, without),
        Err(SemiPrivateError::NoReceivers)
    );

    let mut other = good();
    other.extensions[0].data = Bytes::from_static(&[2, 0x0a, 0x0a]);
    assert_eq!(sealed_in(&scene, other), Err(SemiPrivateError::NotRequired));
    let mut without = good();
    without.extensions.remove(0);
    assert_eq!(
        sealed_in(&scene, without),
        Err(SemiPrivateError::NotRequired)
    );
}

#[test]
fn a_context_that_cannot_be_read_names_nobody() {
    let scene = Scene::new(SUITE);
    let why = |context| match sealed_in(&scene, context) {
        Err(SemiPrivateError::Context(error)) => error.rule,
        other => panic!("{other:?}"),
    };
    let twice = context(
        SUITE,
        &[&scene.hub.entry, &scene.archive.entry, &scene.hub.entry],
    );
    assert_eq!(
        why(twice),
        Rule::Structure("an external receiver is listed twice")
    );
    let cut = with_component(SUITE, vec![1, 9]);
    assert!(matches!(why(cut), Rule::Truncated { .. }));
    let mut cut = context(SUITE, &[&scene.hub.entry]);
    cut.extensions[0].data = Bytes::from_static(&[1, 0]);
    assert!(matches!(why(cut), Rule::Truncated { .. }));
    let mut cut = context(SUITE, &[&scene.hub.entry]);
    cut.extensions[1].data = Bytes::from_static(&[1, 0]);
    assert!(matches!(why(cut), Rule::Truncated { .. }));
}

#[test]
fn a_group_has_so_many_receivers_and_no_more() {
    let scene = Scene::new(SUITE);
    let entries: Vec<ExternalReceiver> = (0..=MAX_EXTERNAL_RECEIVERS)
        .map(|number| ExternalReceiver {
            credential: Credential::Basic(number.to_string().into()),
            ..scene.hub.entry.clone()
        })
        .collect();
    let listed = |entries: &[ExternalReceiver]| {
        let context = context(SUITE, &entries.iter().collect::<Vec<_>>());
        let mut tbs = scene.tbs(proposal());
        tbs.context = context.assemble().unwrap();
        scene.try_seal(&scene.sign(tbs))
    };
    let message = listed(&entries[1..]).unwrap();
    let keys = &message.aad.keys_for_external_receivers;
    assert_eq!(keys.len(), MAX_EXTERNAL_RECEIVERS);
    let octets = message.to_vec().unwrap();
    assert!(SemiPrivateMessage::from_slice(&octets).is_ok());
    let limit = |rule| assert_eq!(rule, MAX_EXTERNAL_RECEIVERS);
    match listed(&entries) {
        Err(SemiPrivateError::Context(error)) => match error.rule {
            Rule::Limit { max, .. } => limit(max),
            other => panic!("{other}"),
        },
        other => panic!("{other:?}"),
    }
    // Nor is a message read that has more keys.
    let mut more = message;
    let one = more.aad.keys_for_external_receivers[0].clone();
    more.aad.keys_for_external_receivers.push(one);
    let error = SemiPrivateMessage::from_slice(&more.to_vec().unwrap()).unwrap_err();
    match error.rule {
        Rule::Limit { max, .. } => limit(max),
        other => panic!("{other}"),
    }
}

#[test]
fn a_receiver_with_a_useless_key_is_named() {
    for suite in SUITES {
        let scene = Scene::new(suite);
        for key in [&[][..], &[7; 31], &[0; 66]] {
            let broken = ExternalReceiver {
                public_key: Bytes::copy_from_slice(key),
                ..scene.archive.entry.clone()
            };
            let context = context(suite, &[&scene.hub.entry, &broken]);
            let refused = Err(SemiPrivateError::ReceiverKey(1));
            assert_eq!(sealed_in(&scene, context), refused);
        }
    }
}

#[test]
fn a_suite_that_the_provider_lacks() {
    let scene = Scene::new(SUITE);
    for suite in [0x0004, 0x0000, 0xf00d] {
        let suite = CipherSuite(suite);
        let mut context = context(SUITE, &[&scene.hub.entry]);
        context.cipher_suite = suite;
        assert_eq!(
            sealed_in(&scene, context),
            Err(SemiPrivateError::Suite(suite))
        );
    }
}

#[test]
fn what_does_not_fit_together() {
    let scene = Scene::new(SUITE);
    let signed = scene.signed(proposal());
    let seal = |content: &AuthenticatedContent, keys: &PerMessageKeyAndNonces, secret: &[u8]| {
        let member = MemberSecrets {
            generation: 0,
            sender_data_secret: secret,
        };
        seal(&scene.crypto, content, keys, &member, 0).unwrap_err()
    };
    let keys = || scene.keys();
    let secret = &SENDER_DATA_SECRET[..];

    let mut other = keys();
    other.sender_leaf_index = 4;
    let error = seal(&signed, &other, secret);
    assert_eq!(
        error,
        SemiPrivateError::Sender {
            content: 3,
            keys: 4
        }
    );

    for len in [0, 15, 17, 32] {
        let mut other = keys();
        other.key = Zeroizing::new(vec![1; len]);
        let expected = SemiPrivateError::KeyLength {
            found: len,
            expected: 16,
        };
        assert_eq!(seal(&signed, &other, secret), expected);
    }
    for len in [0, 3, 11, 13] {
        let mut other = keys();
        other.nonce = Zeroizing::new(vec![1; len]);
        let expected = SemiPrivateError::NonceLength {
            found: len,
            expected: 12,
        };
        assert_eq!(seal(&signed, &other, secret), expected);
    }

    let mut untagged = scene.signed(commit());
    untagged.auth.confirmation_tag = None;
    let error = seal(&untagged, &keys(), secret);
    assert_eq!(error, SemiPrivateError::ConfirmationTag);
    let mut tagged = signed.clone();
    tagged.auth.confirmation_tag = Some(Bytes::from_static(b"tag"));
    let error = seal(&tagged, &keys(), secret);
    assert_eq!(error, SemiPrivateError::ConfirmationTag);

    let error = seal(&signed, &keys(), &[1; 31]);
    assert_eq!(error, SemiPrivateError::SenderDataSecret);
}
