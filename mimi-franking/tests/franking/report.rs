//! Reports, and what the hub makes of them.

use mimi_content::MimiUri;
use mimi_content::tls::{Decode, Encode};
use mimi_franking::limits::MAX_REPORTED_MESSAGES;
use mimi_franking::{
    AbuseReport, AbuseType, AccusationError, CipherSuite, ContentError, Opening, Repeats,
    ReportFault,
};
use openmls_traits::OpenMlsProvider;
use openmls_traits::types::SignatureScheme;

use crate::scene::{ED25519, P256, P384, Scene, at, with_content};

#[test]
fn a_true_report_is_proven_message_by_message() {
    let suites = [ED25519, P256, P384].map(Scene::of_suite);
    for scene in suites.into_iter().chain([Scene::framed()]) {
        let evidence = [("one", 2_000), ("three", 2_001)].map(|(text, time)| {
            let sent = scene.send(&scene.alice, text, time);
            scene.receive(&sent, &scene.alice).unwrap()
        });
        let mut report = AbuseReport::about(&scene.room, &evidence).unwrap();
        assert_eq!(report.alleged_abuser, scene.alice);
        assert_eq!(report.reporting_user, None);
        report.reporting_user = Some(scene.bob.clone());
        report.reason = AbuseType(9);
        report.note = "over and over".into();

        let received = AbuseReport::from_slice(&report.to_vec().unwrap()).unwrap();
        assert_eq!(received, report);
        let judged = scene.judge_all(&received);
        assert_eq!(judged.len(), 2);
        for (judged, evidence) in judged.iter().zip(&evidence) {
            assert!(judged.is_proven());
            assert_eq!(judged.result.as_deref(), Ok("first"));
            assert_eq!(judged.repeats, None);
            let time = evidence.context().accepted_timestamp;
            assert_eq!(judged.accepted_timestamp, time);
        }
        assert_ne!(judged[0].content, judged[1].content);
    }
}

#[test]
fn a_report_accuses_one_sender_in_one_room_of_each_message_once() {
    let scene = Scene::new();
    let evidence = |scene: &Scene, sender: &MimiUri, time| {
        let sent = scene.send(sender, "hello", time);
        scene.receive(&sent, sender).unwrap()
    };
    let first = evidence(&scene, &scene.alice, 2_000);
    let same_time = evidence(&scene, &scene.alice, 2_000);
    let other_sender = evidence(&scene, &scene.bob, 2_001);
    let many: Vec<_> = (0..=u64::try_from(MAX_REPORTED_MESSAGES).unwrap())
        .map(|later| evidence(&scene, &scene.alice, 3_000 + later))
        .collect();
    let room = scene.room.clone();
    let about = |evidence: &[&_]| AbuseReport::about(&room, evidence.iter().copied());
    assert_eq!(about(&[]), Err(AccusationError::NoMessage));
    assert_eq!(
        about(&[&first, &other_sender]),
        Err(AccusationError::SeveralSenders)
    );
    assert_eq!(
        about(&[&many[0], &first, &same_time]),
        Err(AccusationError::Twice { of: 1 })
    );
    let many: Vec<_> = many.iter().collect();
    assert!(about(&many[1..]).is_ok());
    assert_eq!(about(&many), Err(AccusationError::TooMany));
    // What was said in another room is not shown to the hub of this one, even if
    // it comes first.
    let scene = scene.elsewhere();
    let elsewhere = evidence(&scene, &scene.alice, 2_002);
    let refused = Err(AccusationError::OtherRoom(scene.room.clone()));
    assert_eq!(about(&[&elsewhere]), refused);
    assert_eq!(about(&[&first, &elsewhere]), refused);
}

#[test]
fn messages_of_one_time_are_flagged() {
    let scene = Scene::new();
    let first = scene.reported();
    let (other, _) = scene.write(&scene.content(&scene.alice, "other"));
    let other = with_content(&first, other);
    let mut later = first.clone();
    later.accepted_timestamp = at(2_001);
    let report = scene.report(
        &scene.alice,
        vec![
            later,
            first.clone(),
            first.clone(),
            other.clone(),
            other,
            first,
        ],
    );
    let judged = scene.judge_all(&report);
    let flags: Vec<_> = judged.iter().map(|judged| judged.repeats).collect();
    assert_eq!(
        flags,
        [
            None,
            None,
            Some(Repeats::Duplicate { of: 1 }),
            Some(Repeats::Conflict { with: 1 }),
            Some(Repeats::Duplicate { of: 3 }),
            Some(Repeats::Duplicate { of: 1 }),
        ]
    );
    // Each is judged for itself all the same.
    let proven: Vec<_> = judged.iter().map(|judged| judged.is_proven()).collect();
    assert_eq!(proven, [false, true, true, false, false, true]);
    assert_eq!(judged[0].result, Err(ReportFault::NeverFranked));
    assert_eq!(judged[3].result, Err(ReportFault::OtherContent));
}

#[test]
fn what_is_no_content_proves_nothing() {
    let scene = Scene::new();
    let noise = with_content(&scene.reported(), b"noise".to_vec());
    assert!(matches!(
        scene.judge(&noise),
        Err(ReportFault::Content(ContentError::Content(_)))
    ));
}

#[test]
fn a_suite_that_cannot_be_checked_proves_nothing() {
    // Suite 4 is Ed448, which the provider lacks, though the hub has such a key.
    let mut scene = Scene::new();
    scene.franker = scene
        .franker
        .with_retired(SignatureScheme::ED448, vec![7; 57]);
    let mut message = scene.reported();
    message.frank.ciphersuite = CipherSuite(4);
    let unsupported = Err(ReportFault::Unsupported(CipherSuite(4)));
    assert_eq!(scene.judge(&message), unsupported);
    // Nor can it be said then that the hub never franked it.
    message.frank.server_frank[0] ^= 1;
    assert_eq!(scene.judge(&message), unsupported);
}

#[test]
fn an_opening_of_something_else_is_the_callers_mistake() {
    let scene = Scene::new();
    let message = scene.reported();
    let validate = |data| {
        let opening = Opening::new(
            data,
            &[5; 16],
            Some(scene.alice.as_str()),
            Some(scene.room.as_str()),
        );
        let crypto = scene.provider.crypto();
        let (accused, room) = (&scene.alice, &scene.room);
        scene
            .franker
            .validate(&message, &opening, accused, room, crypto)
    };
    assert_eq!(validate(b"other"), Err(ReportFault::OtherOpening));
    assert_eq!(validate(&message.message_content), Ok("first"));
}
