//! The stamp, recomputed octet by octet, and messages that go without.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use mimi_content::tls::Encode;
use mimi_franking::{
    Accepted, Agent, AgentError, CipherSuite, FrankError, Franking, FrankingAgent, HubFranker,
    Unfranked,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::signatures::SignerError;
use openmls_traits::types::SignatureScheme;

use crate::scene::{ED25519, P256, P384, Scene, Wearing, agent, at, ring, uri};

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[test]
fn the_stamp_has_the_octets_of_the_draft() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 0x0102_0304);

    // The salt of this text.
    assert_eq!(sent.tag.0, hmac(&[5; 16], &sent.data));

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
            &scene.agent.signature_key,
            &sent.frank.integrity_signature,
        )
        .unwrap();
}

/// What becomes of a message with this tag, in a group with this agent.
fn frank(scene: &Scene, tag: Option<&[u8]>, agent: Option<&[u8]>) -> Result<Franking, FrankError> {
    scene.franker.frank(&Accepted {
        frank_aad: tag,
        franking_agent: agent,
        sender: &scene.alice,
        room: &scene.room,
        accepted_timestamp: at(2_000),
        ciphersuite: scene.suite,
    })
}

#[test]
fn what_cannot_be_franked_passes_and_the_outcome_says_why() {
    let mut scene = Scene::new();
    let agent_octets = scene.agent.to_vec().unwrap();
    let (tag, own) = (Some([7; 32]), Some(&agent_octets[..]));
    let tag = tag.as_ref().map(|tag| &tag[..]);
    let unfranked = |why| Ok(Franking::Unfranked(why));
    assert!(matches!(frank(&scene, tag, own), Ok(Franking::Franked(_))));
    assert_eq!(frank(&scene, None, own), unfranked(Unfranked::NoTag));
    assert_eq!(frank(&scene, tag, None), unfranked(Unfranked::NoAgent));
    // Of another key, of another name, and no agent at all.
    let other = agent(ED25519).data().to_vec().unwrap();
    let renamed = FrankingAgent::basic(
        scene.agent.signature_key.clone(),
        &uri("mimi://hub2.example"),
    );
    for other in [other, renamed.to_vec().unwrap(), vec![]] {
        let franking = frank(&scene, tag, Some(&other));
        assert_eq!(franking, unfranked(Unfranked::OtherAgent));
    }
    // The key is of another scheme than the group, or the group's is unknown.
    for suite in [2, 0x7777] {
        scene.suite = CipherSuite(suite);
        let franking = frank(&scene, tag, own);
        assert_eq!(franking, unfranked(Unfranked::AgentScheme));
    }
    assert_eq!(
        Unfranked::AgentScheme.to_string(),
        "the franking agent's key does not fit the group's cipher suite"
    );
}

#[test]
fn a_signer_that_fails_is_the_hubs_to_mend() {
    let mut scene = Scene::new();
    let pair = SignatureKeyPair::new(ED25519.signature_algorithm()).unwrap();
    scene.agent.signature_key = pair.to_public_vec().into();
    let signer = Arc::new(Wearing(pair, AtomicUsize::new(1)));
    let agent = Agent::new(scene.agent.clone(), signer, scene.provider.crypto()).unwrap();
    scene.franker = HubFranker::new(ring(), agent);
    assert_eq!(
        scene.frank(&[7; 32], &scene.alice, 2_000),
        Err(FrankError::Signer(SignerError::SigningError))
    );
}

#[test]
fn rooms_of_each_scheme_and_of_old_keys_are_stamped_by_their_own_agent() {
    let (old, new, p256) = (agent(ED25519), agent(ED25519), agent(P256));
    let franker = HubFranker::new(ring(), old.clone())
        .with_agent(p256.clone())
        .with_agent(new.clone());
    // New rooms get the newest of their scheme.
    assert_eq!(franker.agent_for(ED25519.into()), Some(new.data()));
    assert_eq!(franker.agent_for(P256.into()), Some(p256.data()));
    assert_eq!(franker.agent_for(P384.into()), None);
    assert_eq!(franker.agent_for(CipherSuite(0x7777)), None);
    // Others keep theirs.
    let mut scene = Scene::new();
    scene.franker = franker;
    for (suite, agent) in [(ED25519, old), (ED25519, new), (P256, p256)] {
        scene.suite = suite.into();
        scene.agent = agent.data().clone();
        let sent = scene.send(&scene.alice, "hello", 2_000);
        let evidence = scene.receive(&sent, &scene.alice).unwrap();
        let judged = scene.judge(&evidence.to_abusive_message());
        assert_eq!(judged.as_deref(), Ok("first"));
    }
}

#[test]
fn an_agent_whose_keys_do_not_belong_together_is_none() {
    let scene = Scene::new();
    let [ed25519, p256] =
        [ED25519, P256].map(|suite| SignatureKeyPair::new(suite.signature_algorithm()).unwrap());
    let mut data = scene.agent.clone();
    data.signature_key = p256.to_public_vec().into();
    let crypto = scene.provider.crypto();
    let agent = |data: &_, signer| Agent::new(FrankingAgent::clone(data), signer, crypto).err();
    // Another key of the scheme, a key of another scheme, no key at all.
    let ed25519 = Arc::new(ed25519);
    for key in [
        &scene.agent.signature_key,
        &data.signature_key,
        &Bytes::new(),
    ] {
        let mut data = scene.agent.clone();
        data.signature_key = key.clone();
        assert_eq!(agent(&data, ed25519.clone()), Some(AgentError::OtherKey));
    }
    data.signature_key = ed25519.to_public_vec().into();
    assert_eq!(agent(&data, ed25519), None);
    let worn = Arc::new(Wearing(p256, AtomicUsize::new(0)));
    assert_eq!(
        agent(&data, worn),
        Some(AgentError::Signer(SignerError::SigningError))
    );
}

#[test]
fn an_agent_shows_its_public_part_only() {
    let agent = agent(ED25519);
    assert_eq!(format!("{agent:?}"), format!("{:?}", agent.data()));
}
