//! A sender that commits to other content than it sends: the receiver refuses it,
//! can say so, and the hub has a trace.

use crate::rogue::Scene;
use crate::stage::{
    alice_reports, bobs_words, deliver, evidence_of, from_bob, nobodys_words, not_later,
    report_abuse, says, stamped_as,
};
use bytes::Bytes;
use mimi_content::tls::{Decode, Encode};
use mimi_franking::limits::MAX_NOTE_LEN;
use mimi_franking::{AbuseReport, Evidence, weigh};
use mimi_policy::presets;
use mimi_protocol::client::{Event, Fault, Input, Intent, Outcome, Rejection, Room};
use mimi_protocol::engine::{Effect, Engine as _};
use mimi_protocol::hub::{self, Proof};
use mimi_protocol::wire::FanoutMessage;

const COMMITTED: &str = "Have a nice day";
const SENT: &str = "Watch your back";

/// Bob sends one thing and commits to another; what the hub fans out.
fn two_faced(scene: &mut Scene) -> FanoutMessage {
    let (_, tag) = bobs_words(scene, COMMITTED);
    let (data, _) = bobs_words(scene, SENT);
    let message = scene.bob.tagged(&data, Some(&tag.0));
    from_bob(scene, &message)
}

/// The evidence that Alice hears of.
#[track_caller]
fn miscommitted(scene: &mut Scene) -> Evidence {
    let alice = scene.alice.clone();
    let events = scene.world.client(&alice).take_events();
    let [
        Event::Miscommitted {
            sender, evidence, ..
        },
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(*sender, scene.bob.user);
    Evidence::from_bytes(evidence).unwrap()
}

#[test]
fn who_commits_to_other_content_is_refused_and_the_hub_can_be_told() {
    let mut scene = Scene::new();
    scene.world.paranoid = true;
    let alice = scene.alice.clone();
    scene.world.client(&alice).take_events();
    let message = two_faced(&mut scene);
    let refused = Outcome::Refused(Fault::Frank(mimi_franking::Fault::Tag));
    assert_eq!(deliver(&mut scene, &message), Ok(refused));
    let evidence = miscommitted(&mut scene);
    assert_eq!(evidence.context().accepted_timestamp, message.timestamp);
    let finding = alice_reports(&mut scene, vec![evidence]);
    assert_eq!(finding.alleged_abuser, scene.bob.user);
    assert_eq!(finding.messages[0].proof, Proof::OtherContent);
}

/// What says of itself neither who wrote it nor where is shown to the hub all the
/// same: MLS knows.
#[test]
fn who_commits_to_other_content_and_names_nobody_is_no_better_off() {
    let mut scene = Scene::new();
    let alice = scene.alice.clone();
    scene.world.client(&alice).take_events();
    let (_, tag) = bobs_words(&scene, COMMITTED);
    let (data, _) = nobodys_words(SENT);
    let message = scene.bob.tagged(&data, Some(&tag.0));
    let message = from_bob(&mut scene, &message);
    let refused = Outcome::Refused(Fault::Frank(mimi_franking::Fault::SenderUri));
    assert_eq!(deliver(&mut scene, &message), Ok(refused));
    let evidence = miscommitted(&mut scene);
    assert!(evidence.is_disputed());
    let finding = alice_reports(&mut scene, vec![evidence]);
    assert_eq!(finding.messages[0].proof, Proof::OtherContent);
}

/// Whether the message was believed or not, its stamp is used up.
#[test]
fn the_stamp_of_a_refused_message_is_refused_on_a_later_one() {
    for two_faced in [false, true] {
        let mut scene = Scene::new();
        let (data, mut tag) = nobodys_words(SENT);
        if two_faced {
            tag = bobs_words(&scene, COMMITTED).1;
        }
        let message = scene.bob.tagged(&data, Some(&tag.0));
        let first = from_bob(&mut scene, &message);
        let refused = Outcome::Refused(Fault::Frank(mimi_franking::Fault::SenderUri));
        assert_eq!(deliver(&mut scene, &first), Ok(refused));
        let (data, tag) = bobs_words(&scene, "Hello");
        let message = scene.bob.tagged(&data, Some(&tag.0));
        let second = from_bob(&mut scene, &message);
        let altered = stamped_as(&second, &first);
        let late = not_later(first.timestamp, first.timestamp);
        assert_eq!(deliver(&mut scene, &altered), Ok(late));
    }
}

/// This is the attack that remains. The hub believes the content that was never
/// sent; that somebody disputes it stands in the other report, and in what the two
/// weigh together.
#[test]
fn what_was_only_committed_to_is_proven_and_disputed() {
    let mut scene = Scene::new();
    let alice = scene.alice.clone();
    scene.world.client(&alice).take_events();
    let message = two_faced(&mut scene);
    deliver(&mut scene, &message).unwrap();
    let evidence = miscommitted(&mut scene);
    let mut made_up = AbuseReport::about(&scene.room, [&evidence]).unwrap();
    made_up.reporting_user = Some(scene.bob.user.clone());
    made_up.messages[0].message_content = bobs_words(&scene, COMMITTED).0.into();
    let endpoint = report_abuse(&scene);
    let taken = scene.offer("b.example", &endpoint, made_up.to_vec().unwrap());
    assert_eq!(taken, Ok(hub::Outcome::Reply(Bytes::new())));
    scene.world.run();
    let made_up = scene.world.provider("a.example").reports.pop().unwrap();
    let key = "first".to_owned();
    assert_eq!(made_up.messages[0].proof, Proof::Committed { key });
    let disputed = alice_reports(&mut scene, vec![evidence]);
    let findings = [made_up, disputed];
    let report = findings[0].accounts().next().unwrap();
    let weight = weigh(&report, findings.iter().flat_map(hub::Finding::accounts));
    // The only witness is the accused himself; the one who disputes is of another
    // provider.
    assert_eq!((weight.witnesses.users, weight.disputes.users), (0, 1));
    assert_eq!(weight.disputes.independent, 1);
}

#[test]
fn what_is_known_of_a_miscommitted_message_survives_a_crash() {
    let mut scene = Scene::new();
    let message = two_faced(&mut scene).to_vec().unwrap().into();
    let client = &scene.world.clients[&scene.alice];
    let env = scene.world.env(&client.keys);
    let snapshot = client.room().snapshot().unwrap();
    let mut room = Room::restore(&snapshot).unwrap();
    let step = room.step(Input::Deliver { message }, &env).unwrap();
    let local =
        |effect: &Effect<Event>| matches!(effect, Effect::Local(Event::Miscommitted { .. }));
    assert!(local(&step.outputs[0].effect), "{:?}", step.outputs);
    // The host dies between the write and the event.
    let mut restored = Room::restore(&snapshot).unwrap();
    restored.replay(&step.entry.unwrap()).unwrap();
    assert_eq!(restored.owed(), step.outputs);
    let state = restored.snapshot().unwrap();
    let again = Room::restore(&state).unwrap();
    assert_eq!(again.owed(), step.outputs);
}

/// The hub takes a provider's word for which of its users sends; a receiver does not.
#[test]
fn a_message_that_its_provider_submits_in_another_name_is_refused() {
    let mut scene = Scene::new();
    let eve = scene.bob_adds("b.example", "eve", presets::ORDINARY_USER);
    let (data, tag) = bobs_words(&scene, SENT);
    let mut message = scene.bob.tagged(&data, Some(&tag.0));
    message.sending_uri = eve.user;
    let message = from_bob(&mut scene, &message);
    let refused = Outcome::Refused(Fault::Frank(mimi_franking::Fault::Signature));
    assert_eq!(deliver(&mut scene, &message), Ok(refused));
}

/// Nobody's hub is shown what was said elsewhere.
#[test]
fn evidence_of_another_room_is_not_sent() {
    let mut scene = Scene::new();
    let good = evidence_of(&mut scene, "Something rude");
    let mut octets = good.to_vec().unwrap();
    let (here, there) = (b"/r/clubhouse", b"/r/clubmouse");
    let places = 0..octets.len() - here.len();
    let places: Vec<_> = places
        .filter(|at| octets[*at..].starts_with(here))
        .collect();
    for at in &places {
        octets[*at..][..there.len()].copy_from_slice(there);
    }
    assert_eq!(places.len(), 2, "in the content and in the context");
    let other = Evidence::from_slice(&octets).unwrap();
    let alice = scene.alice.clone();
    for evidence in [vec![other.clone()], vec![good, other], Vec::new()] {
        let note = String::new();
        let report = Intent::Report { evidence, note };
        let refused = scene.world.intend(&alice, report);
        assert!(matches!(refused, Err(Rejection::Content(_))), "{refused:?}");
    }
    assert!(scene.world.clients[&alice].room().owed().is_empty());
    scene.world.intend(&alice, says("Never mind")).unwrap();
}

#[test]
fn a_note_that_no_hub_would_read_is_not_sent() {
    let mut scene = Scene::new();
    let evidence = vec![evidence_of(&mut scene, "Something rude")];
    let alice = scene.alice.clone();
    for (len, taken) in [(MAX_NOTE_LEN, true), (MAX_NOTE_LEN + 1, false)] {
        let evidence = evidence.clone();
        let note = "n".repeat(len);
        let outcome = scene
            .world
            .intend(&alice, Intent::Report { evidence, note });
        assert_eq!(outcome.is_ok(), taken, "{outcome:?}");
    }
    assert_eq!(scene.world.provider("a.example").reports.len(), 1);
}
