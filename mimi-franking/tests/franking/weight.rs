//! The attack that no check of a single report stops, and what a deployment does
//! about it.

use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri, NestedPart, Salt};
use mimi_franking::{
    Account, Evidence, Fault, Franking, Judged, ReportFault, Voices, Weight, commit_content, weigh,
};

use crate::scene::{Scene, Sent, at, uri};

/// One report of one message of Alice.
fn judged(scene: &Scene, data: &[u8], sent: &Sent) -> Judged {
    let message = mimi_franking::AbusiveMessage {
        message_content: data.to_vec().into(),
        frank: sent.frank.clone(),
        accepted_timestamp: sent.accepted,
    };
    scene
        .judge_all(&scene.report(&scene.alice, vec![message]))
        .remove(0)
}

/// That of a proven message, with what others have said of Alice in this room.
fn weight(scene: &Scene, message: &Judged, said: &[(&MimiUri, &Judged)]) -> Weight {
    let account = |reporter, message: &Judged| Account {
        reporter,
        accused: &scene.alice,
        room: &scene.room,
        shown: message.shown(),
    };
    let said = said.iter().map(|(by, message)| account(by, message));
    weigh(&account(&scene.bob, message), said)
}

fn voices(users: usize, independent: usize) -> Voices {
    Voices { users, independent }
}

/// Message 1 as it goes out with the tag of message 2, and the latter.
fn two_faced(scene: &Scene, one: &MimiContent<'_>) -> (Sent, Vec<u8>) {
    let (one, _) = scene.write(one);
    let (two, tag) = scene.write(&scene.content(&scene.alice, "what she committed to"));
    (scene.accept(one, tag, &scene.alice, 2_000), two)
}

#[test]
fn who_commits_to_one_thing_and_sends_another_is_disputed() {
    // The attack of the published analysis: message 1 goes out with a tag made for
    // message 2. Honest receivers refuse it, yet the hub would take a report of
    // message 2, which was never sent.
    let scene = Scene::new();
    let (sent, two) = two_faced(&scene, &scene.content(&scene.alice, "what she wrote"));
    assert_eq!(scene.receive(&sent, &scene.alice), Err(Fault::Tag));
    let mallory = uri("mimi://m.example/u/mallory");
    let report = judged(&scene, &two, &sent);
    assert!(report.is_proven());
    let alone = weight(&scene, &report, &[(&mallory, &report)]);
    assert_eq!(alone.disputes, voices(0, 0));

    // Bob has refused it, and says so.
    let evidence = scene.dispute(&sent, &scene.alice).unwrap();
    assert!(evidence.is_disputed());
    let dispute = judged(&scene, evidence.application_data(), &sent);
    assert_eq!(dispute.result, Err(ReportFault::OtherContent));
    let said = [(&mallory, &report), (&scene.bob, &dispute)];
    let weight = weight(&scene, &report, &said);
    assert_eq!(weight.disputes, voices(1, 1));
    assert_eq!(weight.witnesses, voices(1, 1));
}

#[test]
fn a_sender_that_names_nobody_is_disputed_all_the_same() {
    // So that no receiver could show message 1 to a hub that asks what it says.
    let scene = Scene::new();
    let salt = Salt::new([1; 16]);
    let nobody = MimiContent::new(salt, NestedPart::plain("what she wrote"));
    let mut nowhere = nobody.clone();
    nowhere.extensions.set_sender_uri(&scene.alice);
    let of_bob = scene.content(&scene.bob, "what she wrote");
    for (one, fault) in [
        (nobody, Fault::SenderUri),
        (of_bob, Fault::SenderUri),
        (nowhere, Fault::RoomUri),
    ] {
        let (sent, two) = two_faced(&scene, &one);
        assert_eq!(scene.receive(&sent, &scene.alice), Err(fault));
        let evidence = scene.dispute(&sent, &scene.alice).unwrap();
        assert_eq!(evidence.context(), &scene.context(&scene.alice, 2_000));
        let dispute = judged(&scene, evidence.application_data(), &sent);
        assert_eq!(dispute.result, Err(ReportFault::OtherContent));
        let report = judged(&scene, &two, &sent);
        let weight = weight(&scene, &report, &[(&scene.bob, &dispute)]);
        assert_eq!(weight.disputes, voices(1, 1));
    }
}

#[test]
fn only_a_wrong_tag_is_disputed() {
    let scene = Scene::new();
    let honest = scene.send(&scene.alice, "hello", 2_000);
    assert_eq!(
        scene.dispute(&honest, &scene.alice),
        Err(Fault::NotDisputed)
    );
    // Whatever else is wrong is not the sender's alone.
    let mut other = honest.clone();
    other.tag.0[0] ^= 1;
    assert!(scene.dispute(&other, &scene.alice).is_ok());
    assert_eq!(scene.dispute(&other, &scene.bob), Err(Fault::Signature));
    other.frank.server_frank[0] ^= 1;
    assert_eq!(scene.dispute(&other, &scene.alice), Err(Fault::Signature));
}

#[test]
fn disputed_evidence_is_told_from_evidence_after_storing_too() {
    let scene = Scene::new();
    let mut sent = scene.send(&scene.alice, "hello", 2_000);
    let good = scene.receive(&sent, &scene.alice).unwrap();
    sent.tag.0[0] ^= 1;
    let bad = scene.dispute(&sent, &scene.alice).unwrap();
    for (evidence, disputed) in [(good, false), (bad, true)] {
        let stored = evidence.to_vec().unwrap();
        let read = Evidence::from_slice(&stored).unwrap();
        assert_eq!(read, evidence);
        assert_eq!(read.is_disputed(), disputed);
    }
}

#[test]
fn who_alters_what_was_reported_does_not_outweigh_the_witnesses() {
    // The accused has an accomplice in the room who shows altered content under the
    // genuine stamp. It is one voice, and counts as such.
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "something vile", 2_000);
    let report = judged(&scene, &sent.data, &sent);
    let (other, _) = scene.write(&scene.content(&scene.alice, "something kind"));
    let altered = judged(&scene, &other, &sent);
    assert_eq!(altered.result, Err(ReportFault::OtherContent));
    let [accomplice, friend, cathy] = [
        "mimi://a.example/u/accomplice",
        "mimi://d.example/u/friend",
        "mimi://c.example/u/cathy",
    ]
    .map(uri);
    let said = [
        (&scene.bob, &report),
        (&cathy, &report),
        (&accomplice, &altered),
        (&accomplice, &altered),
    ];
    let found = weight(&scene, &report, &said);
    assert_eq!(found.witnesses, voices(2, 2));
    assert_eq!(found.disputes, voices(1, 0));
    let found = weight(&scene, &report, &[(&friend, &altered)]);
    assert_eq!(found.disputes, voices(1, 1));
}

#[test]
fn a_hub_that_erased_its_key_does_not_dispute_what_it_once_proved() {
    let mut scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    let before = judged(&scene, &sent.data, &sent);
    assert!(before.is_proven());
    let (other, _) = scene.write(&scene.content(&scene.alice, "other"));
    let keys = scene.franker.keys_mut();
    let second = mimi_franking::HubKey::from_bytes(&[2; 32]);
    keys.rotate("second", second, at(3_000)).unwrap();
    keys.forget_before(at(3_000));
    let after = judged(&scene, &sent.data, &sent);
    assert_eq!(after.result, Err(ReportFault::KeyErased));
    let altered = judged(&scene, &other, &sent);
    assert_eq!(altered.result, Err(ReportFault::KeyErased));
    let said = [(&scene.bob, &after), (&scene.bob, &altered)];
    assert_eq!(weight(&scene, &before, &said), Weight::default());
}

#[test]
fn a_hub_that_revoked_its_key_does_not_dispute_what_it_once_proved() {
    // A key in the middle is gone, so nothing tells that there was one.
    let mut scene = Scene::new();
    let key = |octet| mimi_franking::HubKey::from_bytes(&[octet; 32]);
    let keys = scene.franker.keys_mut();
    keys.rotate("second", key(2), at(2_000)).unwrap();
    let sent = scene.send(&scene.alice, "hello", 2_500);
    let before = judged(&scene, &sent.data, &sent);
    assert_eq!(before.result.as_deref(), Ok("second"));
    let keys = scene.franker.keys_mut();
    keys.rotate("third", key(3), at(3_000)).unwrap();
    keys.revoke("second").unwrap();
    let after = judged(&scene, &sent.data, &sent);
    assert_eq!(after.result, Err(ReportFault::OtherContent));
    let said = [(&scene.bob, &after)];
    assert_eq!(weight(&scene, &before, &said), Weight::default());
}

#[test]
fn a_provider_that_makes_up_a_message_of_its_user_has_no_independent_witness() {
    // No client of Alice has written this: her provider sends the hub noise under
    // a tag for content of its own, in her name, and has it reported.
    let scene = Scene::new();
    let content = scene.content(&scene.alice, "made up by her provider");
    let (data, tag) = commit_content(&content, scene.framing(), &scene.alice, &scene.room).unwrap();
    let sent = scene.accept(data.clone(), tag, &scene.alice, 2_000);
    let report = judged(&scene, &data, &sent);
    assert!(report.is_proven());
    let accomplice = uri("mimi://a.example/u/accomplice");
    let one = weight(&scene, &report, &[(&accomplice, &report)]);
    assert_eq!(one.witnesses, voices(1, 0));
}

#[test]
fn witnesses_are_counted_once_and_by_provider() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    let report = judged(&scene, &sent.data, &sent);
    let [bob2, cathy] = ["mimi://b.example/u/bert", "mimi://c.example/u/cathy"].map(uri);
    let (alice, bob) = (&scene.alice, &scene.bob);
    for (said, users, independent) in [
        (&[][..], 0, 0),
        (&[(bob, &report)], 1, 1),
        (&[(bob, &report), (bob, &report)], 1, 1),
        (&[(bob, &report), (&bob2, &report)], 2, 1),
        (&[(bob, &report), (&cathy, &report)], 2, 2),
        // She cannot bear witness against herself, nor dispute it.
        (&[(alice, &report)], 0, 0),
    ] {
        let expected = Weight {
            witnesses: voices(users, independent),
            disputes: voices(0, 0),
        };
        assert_eq!(weight(&scene, &report, said), expected);
    }
}

#[test]
fn what_disputes_a_message_is_of_its_time_and_stamped() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    let later = scene.send(&scene.alice, "later", 2_001);
    let report = judged(&scene, &sent.data, &sent);
    let disputes = |by: &MimiUri, account: &Judged| {
        let all = [(&scene.bob, &report), (by, account)];
        weight(&scene, &report, &all).disputes.users == 1
    };
    let (other, _) = scene.write(&scene.content(&scene.alice, "other"));
    let altered = judged(&scene, &other, &sent);
    assert_eq!(altered.result, Err(ReportFault::OtherContent));
    assert!(disputes(&scene.bob, &altered));
    assert!(!disputes(&scene.alice, &altered));
    // Another message is another matter, stamped or not.
    assert!(!disputes(&scene.bob, &judged(&scene, &later.data, &later)));
    let of_another = judged(&scene, &other, &later);
    assert_eq!(of_another.result, Err(ReportFault::OtherContent));
    assert!(!disputes(&scene.bob, &of_another));
    // Whoever shows no stamp of the hub's could have made it up.
    let mut invented = sent.clone();
    invented.frank.server_frank[0] ^= 1;
    let invented = judged(&scene, &other, &invented);
    assert_eq!(invented.result, Err(ReportFault::NeverFranked));
    assert!(!disputes(&scene.bob, &invented));
    let noise = judged(&scene, b"noise", &sent);
    assert!(!disputes(&scene.bob, &noise));
}

#[test]
fn reports_about_others_and_of_other_rooms_are_left_out() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    let shown = judged(&scene, &sent.data, &sent).shown();
    let cellar = uri("mimi://hub.example/r/cellar");
    let [cathy, dave] = ["mimi://c.example/u/cathy", "mimi://d.example/u/dave"].map(uri);
    let (alice, bob, room) = (&scene.alice, &scene.bob, &scene.room);
    let account = |reporter, accused, room| Account {
        reporter,
        accused,
        room,
        shown,
    };
    let report = account(bob, alice, room);
    let others = [account(&cathy, bob, room), account(&dave, alice, &cellar)];
    assert_eq!(weigh(&report, others), Weight::default());
    let all = others.into_iter().chain([report]);
    assert_eq!(weigh(&report, all).witnesses, voices(1, 1));
}

#[test]
fn what_is_not_proven_has_no_weight() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    let report = judged(&scene, &sent.data, &sent);
    let (other, _) = scene.write(&scene.content(&scene.alice, "other"));
    let altered = judged(&scene, &other, &sent);
    let said = [(&scene.bob, &report), (&scene.bob, &altered)];
    assert_eq!(weight(&scene, &altered, &said), Weight::default());
}

#[test]
fn two_proven_contents_of_one_time_dispute_each_other() {
    // Only a hub that stamps twice at one time makes this possible.
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    let (other, tag) = scene.write(&scene.content(&scene.alice, "other"));
    let Ok(Franking::Franked(frank)) = scene.frank(&tag.0, &scene.alice, 2_000) else {
        panic!("it is franked");
    };
    let twin = Sent {
        frank,
        ..sent.clone()
    };
    let (one, two) = (
        judged(&scene, &sent.data, &sent),
        judged(&scene, &other, &twin),
    );
    assert!(one.is_proven() && two.is_proven());
    let said = [(&scene.bob, &one), (&scene.bob, &two)];
    let expected = Weight {
        witnesses: voices(1, 1),
        disputes: voices(1, 1),
    };
    assert_eq!(weight(&scene, &one, &said), expected);
    assert_eq!(weight(&scene, &two, &said), expected);
}
