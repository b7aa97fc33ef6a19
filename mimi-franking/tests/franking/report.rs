//! Reports, and what the hub makes of them.

use mimi_content::tls::{Decode, Encode};
use mimi_franking::limits::MAX_REPORTED_MESSAGES;
use mimi_franking::{
    AbuseReport, AbuseType, AbusiveMessage, AccusationError, AgentKey, CipherSuite, FrankingTag,
    HubKey, HubKeyRing, ReportFault, validate,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::OpenMlsProvider;
use openmls_traits::types::SignatureScheme;

use crate::scene::{ED25519, P256, Scene, Sent, at, uri};

/// A message of Alice as Bob reports it.
fn reported(scene: &Scene, text: &str, time: u64) -> (Sent, AbusiveMessage) {
    let sent = scene.send(&scene.alice, text, time);
    let evidence = scene.receive(&sent, &scene.alice).unwrap();
    (sent, evidence.to_abusive_message())
}

#[test]
fn a_true_report_is_proven_message_by_message() {
    for suite in [ED25519, P256] {
        let scene = Scene::of_suite(suite);
        let sent: Vec<Sent> = [("one", 2_000), ("three", 2_001)]
            .map(|(text, time)| scene.send(&scene.alice, text, time))
            .into();
        let evidence: Vec<_> = sent
            .iter()
            .map(|sent| scene.receive(sent, &scene.alice).unwrap())
            .collect();
        let mut report = AbuseReport::about(&evidence).unwrap();
        report.reporting_user = Some(scene.bob.clone());
        report.reason = AbuseType(9);
        report.note = "over and over".into();

        let received = AbuseReport::from_slice(&report.to_vec().unwrap()).unwrap();
        assert_eq!(received, report);
        assert_eq!(received.alleged_abuser, scene.alice);
        assert_eq!(received.messages.len(), 2);
        for (message, sent) in received.messages.iter().zip(&sent) {
            scene
                .judge(message, &sent.message, &received.alleged_abuser)
                .unwrap();
        }
    }
}

#[test]
fn a_report_accuses_one_sender_in_one_room() {
    let mut scene = Scene::new();
    let sent = scene.send(&scene.alice, "one", 2_000);
    let first = scene.receive(&sent, &scene.alice).unwrap();
    let sent = scene.send(&scene.bob, "two", 2_001);
    let other_sender = scene.receive(&sent, &scene.bob).unwrap();
    scene.room = uri("mimi://hub.example/r/cellar");
    let sent = scene.send(&scene.alice, "three", 2_002);
    let other_room = scene.receive(&sent, &scene.alice).unwrap();

    assert_eq!(AbuseReport::about([]), Err(AccusationError::NoMessage));
    assert_eq!(
        AbuseReport::about([&first, &other_sender]),
        Err(AccusationError::SeveralSenders)
    );
    assert_eq!(
        AbuseReport::about([&first, &other_room]),
        Err(AccusationError::SeveralRooms)
    );
    let most = std::iter::repeat_n(&first, MAX_REPORTED_MESSAGES);
    assert!(AbuseReport::about(most.clone()).is_ok());
    assert_eq!(
        AbuseReport::about(most.chain([&first])),
        Err(AccusationError::TooMany)
    );
}

#[test]
fn no_altered_bit_of_a_report_is_proven() {
    let scene = Scene::new();
    let (sent, message) = reported(&scene, "hello", 2_000);
    let octets = message.to_vec().unwrap();
    let mut judged = 0;
    for bit in 0..octets.len() * 8 {
        let mut altered = octets.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        if let Ok(altered) = AbusiveMessage::from_slice(&altered) {
            let verdict = scene.judge(&altered, &sent.message, &scene.alice);
            assert!(verdict.is_err(), "bit {bit}");
            judged += 1;
        }
    }
    // All but the bits of the two lengths decode.
    assert!(judged >= (octets.len() - 3) * 8, "{judged}");
}

#[test]
fn each_part_of_the_stamp_has_its_own_fault() {
    let scene = Scene::new();
    let (sent, message) = reported(&scene, "hello", 2_000);
    let judge = |altered: &AbusiveMessage| scene.judge(altered, &sent.message, &scene.alice);
    assert_eq!(judge(&message), Ok(()));

    let mut altered = message.clone();
    altered.message_content = b"something vile".as_slice().into();
    assert_eq!(judge(&altered), Err(ReportFault::ServerFrank));
    let mut altered = message.clone();
    altered.accepted_timestamp = at(2_001);
    assert_eq!(judge(&altered), Err(ReportFault::ServerFrank));
    let mut altered = message.clone();
    altered.frank.server_frank[0] ^= 0x80;
    assert_eq!(judge(&altered), Err(ReportFault::ServerFrank));
    let mut altered = message.clone();
    let mut signature = altered.frank.integrity_signature.to_vec();
    signature[10] ^= 1;
    altered.frank.integrity_signature = signature.into();
    assert_eq!(judge(&altered), Err(ReportFault::Signature));
    // The same scheme, another scheme, one not supported, one unknown.
    for (suite, fault) in [
        (3, ReportFault::Signature),
        (2, ReportFault::Signature),
        (0x7777, ReportFault::Unsupported(CipherSuite(0x7777))),
    ] {
        let mut altered = message.clone();
        altered.frank.ciphersuite = CipherSuite(suite);
        assert_eq!(judge(&altered), Err(fault));
    }
}

#[test]
fn a_report_against_somebody_else_or_elsewhere_is_refused() {
    let mut scene = Scene::new();
    let (sent, message) = reported(&scene, "hello", 2_000);
    assert_eq!(
        scene.judge(&message, &sent.message, &scene.bob),
        Err(ReportFault::SenderUri)
    );
    // The reporter also pretends that the content says so.
    let mut pretended = sent.message.clone();
    pretended.sender = scene.bob.to_string();
    assert_eq!(
        scene.judge(&message, &pretended, &scene.bob),
        Err(ReportFault::ServerFrank)
    );
    scene.room = uri("mimi://hub.example/r/cellar");
    assert_eq!(
        scene.judge(&message, &sent.message, &scene.alice),
        Err(ReportFault::RoomUri)
    );
    let mut pretended = sent.message.clone();
    pretended.room = scene.room.to_string();
    assert_eq!(
        scene.judge(&message, &pretended, &scene.alice),
        Err(ReportFault::ServerFrank)
    );
}

#[test]
fn a_report_to_the_wrong_hub_is_refused() {
    let scene = Scene::new();
    let (sent, message) = reported(&scene, "hello", 2_000);
    let mut other = Scene::new();
    other.ring = HubKeyRing::new(HubKey::from_bytes([9; 32]), at(1_000));
    assert_eq!(
        other.judge(&message, &sent.message, &other.alice),
        Err(ReportFault::ServerFrank)
    );
    // Two hubs that share the symmetric key still differ in the agent's.
    let other = Scene::new();
    assert_eq!(
        other.judge(&message, &sent.message, &other.alice),
        Err(ReportFault::Signature)
    );
}

#[test]
fn retired_keys_of_both_kinds_still_prove() {
    let mut scene = Scene::new();
    let (sent, message) = reported(&scene, "hello", 2_000);
    scene
        .ring
        .rotate(HubKey::from_bytes([2; 32]), at(3_000))
        .unwrap();
    let fresh = SignatureKeyPair::new(SignatureScheme::ED25519).unwrap();
    let old = std::mem::replace(&mut scene.signer, fresh);
    let retired = AgentKey {
        scheme: SignatureScheme::ED25519,
        key: old.public(),
    };
    let judge = |scene: &Scene, keys: &[AgentKey<'_>]| {
        validate(
            &message,
            &sent.message.opening(),
            &scene.room,
            &scene.alice,
            &scene.ring,
            keys,
            scene.provider.crypto(),
        )
    };
    assert_eq!(judge(&scene, &[scene.agent_key(), retired]), Ok(()));
    for keys in [&[scene.agent_key()][..], &[]] {
        assert_eq!(judge(&scene, keys), Err(ReportFault::Signature));
    }
    // A key is not tried under a scheme that is not its own.
    let mislabelled = AgentKey {
        scheme: SignatureScheme::ECDSA_SECP256R1_SHA256,
        ..retired
    };
    assert_eq!(judge(&scene, &[mislabelled]), Err(ReportFault::Signature));
    scene.ring.forget_before(at(3_000));
    assert_eq!(
        judge(&scene, &[scene.agent_key(), retired]),
        Err(ReportFault::ServerFrank)
    );
}

#[test]
fn an_opening_of_something_else_is_the_callers_mistake() {
    let scene = Scene::new();
    let (_, message) = reported(&scene, "hello", 2_000);
    let other = scene.message(&scene.alice, "other");
    let verdict = validate(
        &message,
        &other.opening(),
        &scene.room,
        &scene.alice,
        &scene.ring,
        &[scene.agent_key()],
        scene.provider.crypto(),
    );
    assert_eq!(verdict, Err(ReportFault::OtherOpening));
}

#[test]
fn franks_swapped_whole_pass_the_receiver_but_not_the_hub() {
    // Stamp and time of two messages by one sender in one room change places.
    // The signature covers everything but the tag, so a receiver cannot tell.
    let scene = Scene::new();
    let first = scene.send(&scene.alice, "first", 2_000);
    let second = scene.send(&scene.alice, "second", 2_001);
    let swapped = Sent {
        frank: second.frank,
        accepted: second.accepted,
        ..first
    };
    let evidence = scene.receive(&swapped, &scene.alice).unwrap();
    assert_eq!(
        scene.judge(
            &evidence.to_abusive_message(),
            &swapped.message,
            &scene.alice
        ),
        Err(ReportFault::ServerFrank)
    );
}

#[test]
fn who_commits_to_something_else_can_be_accused_of_that() {
    // The attack that the published formal model leaves: Alice sends one thing
    // and commits to another. Honest receivers refuse the message, yet whoever
    // knows the other can have it proven against her.
    let scene = Scene::new();
    let committed = scene.message(&scene.alice, "what she committed to");
    let tag = FrankingTag::commit(&committed.salt, &committed.data);
    let written = scene.message(&scene.alice, "what she wrote");
    let sent = scene.accept(written, tag, &scene.alice, 2_000);
    assert!(scene.receive(&sent, &scene.alice).is_err());
    let message = AbusiveMessage {
        message_content: committed.data.clone().into(),
        frank: sent.frank,
        accepted_timestamp: sent.accepted,
    };
    assert_eq!(scene.judge(&message, &committed, &scene.alice), Ok(()));
}
