//! The attack that no check of a single report stops, and what a deployment does
//! about it.

use mimi_content::MimiUri;
use mimi_franking::{Account, Fault, Franking, Judged, ReportFault, Weight, commit_content, weigh};

use crate::scene::{Scene, Sent, uri};

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

fn weight(scene: &Scene, message: &Judged, accounts: &[(&MimiUri, &Judged)]) -> Weight {
    let accounts = accounts
        .iter()
        .map(|(reporter, message)| Account { reporter, message });
    weigh(&scene.alice, message, accounts)
}

#[test]
fn who_commits_to_one_thing_and_sends_another_is_disputed() {
    // The attack of the published analysis: message 1 goes out with a tag made for
    // message 2. Honest receivers refuse it, yet the hub would take a report of
    // message 2, which was never sent.
    let scene = Scene::new();
    let (one, _) = scene.write(&scene.content(&scene.alice, "what she wrote"));
    let (two, tag) = scene.write(&scene.content(&scene.alice, "what she committed to"));
    let sent = scene.accept(one, tag, &scene.alice, 2_000);
    assert_eq!(scene.receive(&sent, &scene.alice), Err(Fault::Tag));
    let mallory = uri("mimi://m.example/u/mallory");
    let report = judged(&scene, &two, &sent);
    assert!(report.is_proven());
    let alone = weight(&scene, &report, &[(&mallory, &report)]);
    assert!(!alone.disputed);

    // Bob has refused it, and says so.
    let evidence = scene.dispute(&sent, &scene.alice).unwrap();
    let dispute = judged(&scene, evidence.application_data(), &sent);
    assert_eq!(dispute.result, Err(ReportFault::OtherContent));
    let accounts = [(&mallory, &report), (&scene.bob, &dispute)];
    assert!(weight(&scene, &report, &accounts).disputed);
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
    other.frank.server_frank[0] ^= 1;
    assert_eq!(scene.dispute(&other, &scene.alice), Err(Fault::Signature));
    assert_eq!(scene.dispute(&other, &scene.bob), Err(Fault::SenderUri));
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
    assert_eq!((one.witnesses, one.independent), (1, 0));
}

#[test]
fn witnesses_are_counted_once_and_by_provider() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    let report = judged(&scene, &sent.data, &sent);
    let [bob2, cathy] = ["mimi://b.example/u/bert", "mimi://c.example/u/cathy"].map(uri);
    let (alice, bob) = (&scene.alice, &scene.bob);
    for (accounts, witnesses, independent) in [
        (&[][..], 0, 0),
        (&[(bob, &report)], 1, 1),
        (&[(bob, &report), (bob, &report)], 1, 1),
        (&[(bob, &report), (&bob2, &report)], 2, 1),
        (&[(bob, &report), (&cathy, &report)], 2, 2),
        // She cannot bear witness against herself, nor dispute it.
        (&[(alice, &report)], 0, 0),
    ] {
        let weight = weight(&scene, &report, accounts);
        let expected = Weight {
            witnesses,
            independent,
            disputed: false,
        };
        assert_eq!(weight, expected);
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
        weight(&scene, &report, &all).disputed
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
    let accounts = [(&scene.bob, &one), (&scene.bob, &two)];
    let expected = Weight {
        witnesses: 1,
        independent: 1,
        disputed: true,
    };
    assert_eq!(weight(&scene, &one, &accounts), expected);
    assert_eq!(weight(&scene, &two, &accounts), expected);
}
