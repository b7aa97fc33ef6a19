//! What a receiver accepts and keeps, and what it cannot check.

use bytes::Bytes;
use mimi_content::tls::{Decode, Encode};
use mimi_franking::{Blame, CipherSuite, Credential, Evidence, Fault, FrankingAgent};

use crate::scene::{ED25519, P256, P384, Scene, at, uri};

#[test]
fn an_honest_frank_verifies_and_is_kept() {
    let suites = [ED25519, P256, P384].map(Scene::of_suite);
    for scene in suites.into_iter().chain([Scene::framed()]) {
        let sent = scene.send(&scene.alice, "hello", 2_000);
        let evidence = scene.receive(&sent, &scene.alice).unwrap();
        assert_eq!(evidence.application_data(), &sent.data);
        assert_eq!(evidence.tag(), &sent.tag);
        assert_eq!(evidence.frank(), &sent.frank);
        assert_eq!(evidence.context(), &scene.context(&scene.alice, 2_000));
        let judged = scene.judge(&evidence.to_abusive_message());
        assert_eq!(judged.as_deref(), Ok("first"));
    }
}

#[test]
fn evidence_does_not_show_the_message() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "meet me at noon", 2_000);
    let evidence = scene.receive(&sent, &scene.alice).unwrap();
    let octets = format!("{:?}", Bytes::from(sent.data.clone()));
    for shown in [
        format!("{evidence:?}"),
        format!("{:?}", evidence.to_abusive_message()),
    ] {
        assert!(
            !shown.contains("noon") && !shown.contains(&octets),
            "{shown}"
        );
        assert!(
            shown.contains(&format!("{} octets", sent.data.len())),
            "{shown}"
        );
    }
}

#[test]
fn stored_evidence_of_another_format_is_refused() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    let evidence = scene.receive(&sent, &scene.alice).unwrap();
    let mut stored = evidence.to_vec().unwrap();
    assert_eq!(Evidence::from_slice(&stored).unwrap(), evidence);
    for format in [0, 3] {
        stored[0] = format;
        assert_eq!(Evidence::from_slice(&stored).unwrap_err().offset, 0);
    }
}

#[test]
fn the_times_of_a_room_increase() {
    let mut scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    for (after, passes) in [(None, true), (Some(1_999), true), (Some(2_000), false)] {
        scene.after = after.map(at);
        assert_eq!(scene.receive(&sent, &scene.alice).is_ok(), passes);
    }
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
fn an_agent_with_certificates_needs_the_hosts_word() {
    let mut scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    scene.agent.credential = Credential::X509(vec![Bytes::from_static(b"certificate")]);
    let unverified = scene.receive(&sent, &scene.alice).unwrap_err();
    assert_eq!(unverified, Fault::AgentUnverified);
    assert_eq!(unverified.blame(), Blame::Nobody);
    // A user of the hub is not the hub, whoever certifies it.
    scene.certified_agent = Some(uri("mimi://hub.example/u/mallory"));
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
