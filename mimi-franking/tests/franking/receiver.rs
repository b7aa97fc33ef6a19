//! What a receiver accepts, and whom it blames for the rest.

use bytes::Bytes;
use mimi_content::tls::{Decode, Encode};
use mimi_franking::{
    Blame, CipherSuite, CommitError, Credential, Fault, FrankingAgent, FrankingTag, commit,
};

use crate::scene::{ED25519, P256, Scene, at, uri};

#[test]
fn an_honest_frank_verifies_and_is_kept() {
    for suite in [ED25519, P256] {
        let scene = Scene::of_suite(suite);
        let sent = scene.send(&scene.alice, "hello", 2_000);
        let evidence = scene.receive(&sent, &scene.alice).unwrap();
        assert_eq!(evidence.application_data(), &sent.message.data);
        assert_eq!(evidence.tag(), &sent.tag);
        assert_eq!(evidence.frank(), &sent.frank);
        assert_eq!(evidence.context(), &scene.context(&scene.alice, 2_000));
    }
}

#[test]
fn evidence_does_not_show_the_message() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "meet me at noon", 2_000);
    let evidence = scene.receive(&sent, &scene.alice).unwrap();
    let octets = format!("{:?}", Bytes::from(sent.message.data.clone()));
    for shown in [
        format!("{evidence:?}"),
        format!("{:?}", evidence.to_abusive_message()),
        format!("{:?}", sent.message.opening()),
    ] {
        assert!(
            !shown.contains("noon") && !shown.contains(&octets),
            "{shown}"
        );
        assert!(shown.contains("31 octets"), "{shown}");
    }
}

#[test]
fn stored_evidence_of_another_format_is_refused() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    let evidence = scene.receive(&sent, &scene.alice).unwrap();
    let mut stored = evidence.to_vec().unwrap();
    assert_eq!(
        mimi_franking::Evidence::from_slice(&stored).unwrap(),
        evidence
    );
    stored[0] = 2;
    let error = mimi_franking::Evidence::from_slice(&stored).unwrap_err();
    assert_eq!(error.offset, 0);
}

#[test]
fn a_sender_commits_only_to_its_own_content() {
    let scene = Scene::new();
    let message = scene.message(&scene.alice, "hello");
    let other_room = uri("mimi://hub.example/r/cellar");
    let opening = message.opening();
    assert_eq!(
        commit(&opening, &scene.bob, &scene.room),
        Err(CommitError::SenderUri)
    );
    assert_eq!(
        commit(&opening, &scene.alice, &other_room),
        Err(CommitError::RoomUri)
    );
    assert_eq!(
        commit(&opening, &scene.alice, &scene.room),
        Ok(FrankingTag::commit(&message.salt, &message.data))
    );
}

#[test]
fn altered_stamps_are_the_paths_doing() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);

    let mut server_frank = sent.clone();
    server_frank.frank.server_frank[31] ^= 1;
    let mut later = sent.clone();
    later.accepted = at(2_001);
    let mut signature = sent.clone();
    let mut octets = signature.frank.integrity_signature.to_vec();
    octets[0] ^= 1;
    signature.frank.integrity_signature = octets.into();
    let mut cut = sent.clone();
    cut.frank.integrity_signature = sent.frank.integrity_signature.slice(..63);
    let mut none = sent.clone();
    none.frank.integrity_signature = Bytes::new();

    for altered in [server_frank, later, signature, cut, none] {
        let fault = scene.receive(&altered, &scene.alice).unwrap_err();
        assert_eq!(fault, Fault::Signature);
        assert_eq!(fault.blame(), Blame::Path);
    }
    assert!(scene.receive(&sent, &scene.alice).is_ok());
}

#[test]
fn a_frank_for_another_suite_is_refused_even_with_the_same_scheme() {
    let scene = Scene::new();
    let mut sent = scene.send(&scene.alice, "hello", 2_000);
    // Suite 3 signs with Ed25519 as suite 1 does.
    sent.frank.ciphersuite = CipherSuite(3);
    let fault = scene.receive(&sent, &scene.alice).unwrap_err();
    assert_eq!(
        fault,
        Fault::CipherSuite {
            frank: CipherSuite(3),
            group: CipherSuite(1)
        }
    );
    assert_eq!(fault.blame(), Blame::HubOrFollower);
}

#[test]
fn the_suite_is_under_the_signature() {
    // The group's suite is altered along with the frank's, so that only the
    // signature can tell.
    let mut scene = Scene::new();
    let mut sent = scene.send(&scene.alice, "hello", 2_000);
    sent.frank.ciphersuite = CipherSuite(3);
    scene.suite = CipherSuite(3);
    assert_eq!(scene.receive(&sent, &scene.alice), Err(Fault::Signature));
}

#[test]
fn a_suite_that_cannot_be_checked_is_nobodys_fault() {
    // Suite 4 is Ed448, which the provider lacks; 0x7777 is nothing at all.
    for suite in [CipherSuite(4), CipherSuite(0x7777)] {
        let mut scene = Scene::new();
        let mut sent = scene.send(&scene.alice, "hello", 2_000);
        sent.frank.ciphersuite = suite;
        scene.suite = suite;
        let fault = scene.receive(&sent, &scene.alice).unwrap_err();
        assert_eq!(fault, Fault::Unsupported(suite));
        assert_eq!(fault.blame(), Blame::Nobody);
    }
}

#[test]
fn franks_do_not_fit_messages_of_another_time_or_sender() {
    let scene = Scene::new();
    let first = scene.send(&scene.alice, "first", 2_000);
    let second = scene.send(&scene.alice, "second", 2_001);
    let others = scene.send(&scene.bob, "third", 2_000);
    for frank in [&second.frank, &others.frank] {
        let mut swapped = first.clone();
        swapped.frank = frank.clone();
        assert_eq!(scene.receive(&swapped, &scene.alice), Err(Fault::Signature));
    }
}

#[test]
fn a_sender_that_is_not_whom_it_claims_is_found_out() {
    let scene = Scene::new();
    // Bob writes that he is Alice, and his provider tells the hub so.
    let forged = scene.send(&scene.alice, "I am Alice", 2_000);
    let fault = scene.receive(&forged, &scene.bob).unwrap_err();
    assert_eq!(fault, Fault::SenderUri);
    assert_eq!(fault.blame(), Blame::Sender);
    // Bob writes his own name, but the hub is told Alice's.
    let message = scene.message(&scene.bob, "framed");
    let tag = FrankingTag::commit(&message.salt, &message.data);
    let framed = scene.accept(message, tag, &scene.alice, 2_000);
    let fault = scene.receive(&framed, &scene.bob).unwrap_err();
    assert_eq!(fault, Fault::Signature);
    assert_eq!(fault.blame(), Blame::Path);
}

#[test]
fn content_for_another_room_is_refused() {
    let scene = Scene::new();
    let mut message = scene.message(&scene.alice, "hello");
    message.room = "mimi://hub.example/r/cellar".into();
    let tag = FrankingTag::commit(&message.salt, &message.data);
    let sent = scene.accept(message, tag, &scene.alice, 2_000);
    let fault = scene.receive(&sent, &scene.alice).unwrap_err();
    assert_eq!(fault, Fault::RoomUri);
    assert_eq!(fault.blame(), Blame::Sender);
}

#[test]
fn a_frank_of_another_room_is_refused() {
    let mut scene = Scene::new();
    let room = std::mem::replace(&mut scene.room, uri("mimi://hub.example/r/cellar"));
    let elsewhere = scene.send(&scene.alice, "hello", 2_000);
    scene.room = room;
    let mut moved = scene.send(&scene.alice, "hello", 2_000);
    moved.frank = elsewhere.frank;
    assert_eq!(scene.receive(&moved, &scene.alice), Err(Fault::Signature));
}

#[test]
fn the_tag_of_other_content_is_refused() {
    let scene = Scene::new();
    let innocent = scene.message(&scene.alice, "good morning");
    let tag = FrankingTag::commit(&innocent.salt, &innocent.data);
    let abusive = scene.message(&scene.alice, "something vile");
    let sent = scene.accept(abusive, tag, &scene.alice, 2_000);
    let fault = scene.receive(&sent, &scene.alice).unwrap_err();
    assert_eq!(fault, Fault::Tag);
    assert_eq!(fault.blame(), Blame::Sender);
}

#[test]
fn the_senders_wrong_tag_is_not_hidden_by_a_broken_stamp() {
    let scene = Scene::new();
    let mut sent = scene.send(&scene.alice, "hello", 2_000);
    sent.tag.0[0] ^= 1;
    sent.frank.server_frank[0] ^= 1;
    assert_eq!(scene.receive(&sent, &scene.alice), Err(Fault::Tag));
}

#[test]
fn an_agent_of_a_lookalike_domain_is_refused() {
    for identity in [
        "mimi://hub.examp1e",
        "mimi://hub.example.evil.example",
        "mimi://evil-hub.example",
        "mimi://sub.hub.example",
        "mimi://example",
        "mimi://HUB.example",
        "mimi://hub.example.",
        "mimi://hub.example@evil.example",
        "mimi://h\u{443}b.example",
        "https://hub.example",
        "hub.example",
        "mimi://",
        "",
    ] {
        let mut scene = Scene::new();
        let sent = scene.send(&scene.alice, "hello", 2_000);
        scene.agent.credential = Credential::Basic(Bytes::from_static(identity.as_bytes()));
        let fault = scene.receive(&sent, &scene.alice).unwrap_err();
        assert!(
            matches!(fault, Fault::AgentDomain { .. } | Fault::AgentIdentity),
            "{identity}: {fault}"
        );
        assert_eq!(fault.blame(), Blame::Room);
    }
}

#[test]
fn an_agent_with_certificates_needs_the_hosts_word() {
    let mut scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    scene.agent.credential = Credential::X509(vec![Bytes::from_static(b"certificate")]);
    assert_eq!(
        scene.receive(&sent, &scene.alice),
        Err(Fault::AgentIdentity)
    );
    scene.certified_agent = Some(uri("mimi://evil.example"));
    assert!(matches!(
        scene.receive(&sent, &scene.alice),
        Err(Fault::AgentDomain { .. })
    ));
    scene.certified_agent = Some(uri("mimi://hub.example"));
    assert!(scene.receive(&sent, &scene.alice).is_ok());
}

#[test]
fn the_hosts_word_does_not_override_a_basic_credential() {
    let mut scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    scene.agent = FrankingAgent::basic(
        scene.agent.signature_key.clone(),
        &uri("mimi://evil.example"),
    );
    scene.certified_agent = Some(uri("mimi://hub.example"));
    assert!(matches!(
        scene.receive(&sent, &scene.alice),
        Err(Fault::AgentDomain { .. })
    ));
}

#[test]
fn another_agents_key_does_not_verify() {
    let mut scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    scene.agent = Scene::new().agent;
    assert_eq!(scene.receive(&sent, &scene.alice), Err(Fault::Signature));
    scene.agent.signature_key = Bytes::from_static(b"not a key");
    assert_eq!(scene.receive(&sent, &scene.alice), Err(Fault::Signature));
}
