//! What a hub makes of reports.

use crate::rogue::Scene;
use crate::stage::{evidence_of, report_abuse};
use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;
use mimi_franking::{AbuseReport, AbuseType, AbusiveMessage};
use mimi_protocol::hub::{Finding, Outcome, Proof, Rejection, ReportedMessage};

/// A report of what Cathy has said, as Bob hands it in.
fn report(scene: &mut Scene, texts: &[&str]) -> AbuseReport {
    let evidence: Vec<_> = texts.iter().map(|text| evidence_of(scene, text)).collect();
    let mut report = AbuseReport::about(&scene.room, &evidence).unwrap();
    report.reporting_user = Some(scene.bob.user.clone());
    report
}

/// The hub takes a report; what its moderators see.
#[track_caller]
fn taken(scene: &mut Scene, report: &AbuseReport) -> Finding {
    let endpoint = report_abuse(scene);
    let taken = scene.offer("b.example", &endpoint, report.to_vec().unwrap());
    assert_eq!(taken, Ok(Outcome::Reply(Bytes::new())));
    scene.world.run();
    scene.world.provider("a.example").reports.pop().unwrap()
}

fn refused(scene: &mut Scene, report: &AbuseReport) {
    let endpoint = report_abuse(scene);
    let refused = scene.refuse("b.example", &endpoint, report.to_vec().unwrap());
    assert!(matches!(refused.rejection, Rejection::Unproved(_)));
    assert_eq!(refused.status(), 403);
    assert!(scene.world.providers["a.example"].reports.is_empty());
}

/// The same message with another word in it.
fn altered(message: &AbusiveMessage, word: &str, other: &str) -> AbusiveMessage {
    let mut content = message.message_content.to_vec();
    let mut parts = content.windows(word.len());
    let place = parts.position(|part| part == word.as_bytes()).unwrap();
    content[place..place + word.len()].copy_from_slice(other.as_bytes());
    AbusiveMessage {
        message_content: content.into(),
        ..message.clone()
    }
}

fn invented(message: &AbusiveMessage) -> AbusiveMessage {
    let mut invented = message.clone();
    invented.frank.server_frank = [8; 32];
    invented.accepted_timestamp = message.accepted_timestamp.plus_millis(1_000_000);
    invented
}

fn committed() -> Proof {
    let key = "first".to_owned();
    Proof::Committed { key }
}

#[test]
fn each_message_of_a_report_is_marked_for_itself() {
    let mut scene = Scene::new();
    let mut report = report(&mut scene, &["I am late", "You are great"]);
    let (late, great) = (report.messages[0].clone(), report.messages[1].clone());
    report.messages = vec![
        late.clone(),
        altered(&great, "great", "silly"),
        invented(&late),
        late.clone(),
        altered(&late, "late", "mean"),
    ];
    let finding = taken(&mut scene, &report);
    assert_eq!(finding.from, "b.example");
    assert_eq!(finding.reporting_user, scene.bob.user);
    assert_eq!(finding.alleged_abuser, scene.user(&scene.cathy));
    let shown = finding.messages.iter().zip(&report.messages);
    let same = |(shown, told): (&ReportedMessage, &AbusiveMessage)| {
        (&shown.content, shown.accepted_timestamp)
            == (&told.message_content, told.accepted_timestamp)
    };
    assert!(shown.into_iter().all(same));
    let marks: Vec<_> = finding
        .messages
        .iter()
        .map(|message| (&message.proof, message.same_time_as))
        .collect();
    let never = "this hub never franked this message".to_owned();
    let wanted = [
        (&committed(), None),
        (&Proof::OtherContent, None),
        (&Proof::Nothing { why: never }, None),
        // Sent once, whatever the reporter says.
        (&committed(), Some(0)),
        (&Proof::OtherContent, Some(0)),
    ];
    assert_eq!(marks, wanted);
    assert!(!format!("{finding:?}").contains("silly"));
}

#[test]
fn a_report_of_inventions_only_is_refused() {
    let mut scene = Scene::new();
    let mut report = report(&mut scene, &["Nothing to see"]);
    let invented = invented(&report.messages[0]);
    report.messages = vec![invented.clone()];
    refused(&mut scene, &report);
    // The stamp is real, the room in the content is another.
    report.messages[0] = altered(&report.messages[0], "clubhouse", "clubmouse");
    report.messages.push(invented);
    refused(&mut scene, &report);
}

/// It is the trace of a sender that committed to something else than it sent.
#[test]
fn a_report_of_nothing_but_other_content_is_taken() {
    let mut scene = Scene::new();
    let mut report = report(&mut scene, &["You are great"]);
    report.messages[0] = altered(&report.messages[0], "great", "silly");
    let finding = taken(&mut scene, &report);
    assert_eq!(finding.messages[0].proof, Proof::OtherContent);
}

/// What is reported is all of the application data, and so the media type too.
#[test]
fn content_behind_a_media_type_is_proven_with_it() {
    let mut scene = Scene::new();
    let mut report = report(&mut scene, &["Hello"]);
    let framed = report.messages[0].message_content.clone();
    // The group's first type, and no parameters.
    assert_eq!(framed[..2], [0, 0]);
    assert_eq!(taken(&mut scene, &report).messages[0].proof, committed());
    // The same content behind the type spelt out, which is not what was sent.
    let essence = b"application/mimi-content";
    let len = [u8::try_from(essence.len()).unwrap()];
    report.messages[0].message_content = [&len, &essence[..], &framed[1..]].concat().into();
    let spelt_out = taken(&mut scene, &report);
    assert_eq!(spelt_out.messages[0].proof, Proof::OtherContent);
    // The content alone, or behind another type, is none of this group.
    let other = [&[1, b'x'], &framed[1..]].concat();
    let bare = framed.slice(4..);
    for content in [bare, other.into()] {
        report.messages[0].message_content = content;
        refused(&mut scene, &report);
    }
}

#[test]
fn a_report_may_have_no_messages_and_no_note_and_any_reason_and_extensions() {
    let mut scene = Scene::new();
    let mut report = report(&mut scene, &["Hello"]);
    let id = ComponentId(0x7777);
    report.extensions = ComponentMap::from_iter([(id, Bytes::from("more"))]);
    for (note, reason) in [("", 0), ("schlimm, größer", 0xfe)] {
        note.clone_into(&mut report.note);
        report.reason = AbuseType(reason);
        let finding = taken(&mut scene, &report);
        assert_eq!((&finding.note[..], finding.reason), (note, reason));
        assert_eq!(finding.extensions, report.extensions.to_vec().unwrap());
    }
    report.messages.clear();
    assert!(taken(&mut scene, &report).messages.is_empty());
}
