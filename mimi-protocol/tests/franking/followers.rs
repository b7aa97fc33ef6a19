//! What a provider on the way can do with franks: a receiver finds out, or the
//! message cannot be reported.

use crate::rogue::Scene;
use crate::stage::{
    alice_reports, bobs_words, deliver, evidence, frank, franked, from_bob, from_cathy, not_later,
    stamped_as,
};
use mimi_content::Timestamp;
use mimi_content::tls::{Decode, Encode};
use mimi_protocol::client::{Fault, Franked, Intent, Outcome, Rejection};
use mimi_protocol::hub::Proof;
use mimi_protocol::wire::FanoutMessage;

#[test]
fn the_frank_of_an_earlier_message_is_refused_on_a_later_one() {
    let mut scene = Scene::new();
    let first = from_cathy(&mut scene, "See you at nine");
    let second = from_cathy(&mut scene, "Go away");
    assert_eq!(deliver(&mut scene, &first), Ok(Outcome::Done));
    let altered = stamped_as(&second, &first);
    let not_later = not_later(first.timestamp, first.timestamp);
    assert_eq!(deliver(&mut scene, &altered), Ok(not_later));
}

#[test]
fn the_frank_of_an_earlier_message_is_refused_in_a_later_epoch_too() {
    let mut scene = Scene::new();
    let first = from_cathy(&mut scene, "See you at nine");
    let second = from_cathy(&mut scene, "Or at ten");
    assert_eq!(deliver(&mut scene, &first), Ok(Outcome::Done));
    assert_eq!(deliver(&mut scene, &second), Ok(Outcome::Done));
    scene.alice_does(Intent::Commit);
    let third = from_cathy(&mut scene, "Go away");
    let altered = stamped_as(&third, &first);
    let not_later = not_later(first.timestamp, second.timestamp);
    assert_eq!(deliver(&mut scene, &altered), Ok(not_later));
    // What comes next is believed.
    let fourth = from_cathy(&mut scene, "Sorry");
    assert_eq!(deliver(&mut scene, &fourth), Ok(Outcome::Done));
    assert!(matches!(franked(&scene), Franked::Yes(_)));
}

/// No signature covers it, so whoever delivers can write any time.
#[test]
fn a_time_far_ahead_without_a_frank_does_not_block_the_room() {
    let mut scene = Scene::new();
    let mut first = from_cathy(&mut scene, "Hello");
    let second = from_cathy(&mut scene, "Anybody there?");
    first.timestamp = Timestamp::from_millis(u64::MAX);
    *frank(&mut first) = None;
    assert_eq!(deliver(&mut scene, &first), Ok(Outcome::Done));
    assert!(matches!(franked(&scene), Franked::No(_)));
    assert_eq!(deliver(&mut scene, &second), Ok(Outcome::Done));
    assert!(matches!(franked(&scene), Franked::Yes(_)));
}

/// Where there is no frank to tell, the time of the last message is no later one
/// either.
#[test]
fn a_time_that_was_there_before_is_refused_without_a_frank() {
    let mut scene = Scene::new();
    let first = from_cathy(&mut scene, "See you at nine");
    let again = [first.timestamp, Timestamp::from_millis(0)];
    let mut late = again.map(|time| {
        let mut message = from_cathy(&mut scene, "Go away");
        message.timestamp = time;
        *frank(&mut message) = None;
        message
    });
    assert_eq!(deliver(&mut scene, &first), Ok(Outcome::Done));
    for message in &mut late {
        let refused = deliver(&mut scene, message);
        assert_eq!(refused, Ok(Outcome::Refused(Fault::Timestamp)));
    }
}

/// This is what remains: the hub's signature does not cover the tag. Who puts the
/// frank of a message on an earlier one has to withhold the former for good.
#[test]
fn the_frank_of_a_later_message_passes_on_an_earlier_one_and_proves_nothing() {
    let mut scene = Scene::new();
    let first = from_cathy(&mut scene, "Go away");
    let second = from_cathy(&mut scene, "See you at nine");
    let altered = stamped_as(&first, &second);
    assert_eq!(deliver(&mut scene, &altered), Ok(Outcome::Done));
    let evidence = evidence(&scene);
    let finding = alice_reports(&mut scene, vec![evidence]);
    assert_eq!(finding.messages[0].proof, Proof::OtherContent);
    let not_later = not_later(second.timestamp, second.timestamp);
    assert_eq!(deliver(&mut scene, &second), Ok(not_later));
}

/// The same the other way round.
#[test]
fn the_frank_of_a_withheld_message_passes_on_a_later_one_and_proves_nothing() {
    let mut scene = Scene::new();
    let first = from_cathy(&mut scene, "See you at nine");
    let second = from_cathy(&mut scene, "Go away");
    let altered = stamped_as(&second, &first);
    assert_eq!(deliver(&mut scene, &altered), Ok(Outcome::Done));
    let evidence = evidence(&scene);
    let finding = alice_reports(&mut scene, vec![evidence]);
    assert_eq!(finding.messages[0].proof, Proof::OtherContent);
    let not_later = not_later(first.timestamp, first.timestamp);
    assert_eq!(deliver(&mut scene, &first), Ok(not_later));
}

#[test]
fn a_frank_for_another_suite_refuses_the_message() {
    let mut scene = Scene::new();
    let mut message = from_cathy(&mut scene, "Hello");
    let suite = mimi_franking::CipherSuite(3);
    frank(&mut message).as_mut().unwrap().ciphersuite = suite;
    let refused = deliver(&mut scene, &message);
    let Ok(Outcome::Refused(Fault::Frank(fault))) = refused else {
        panic!("{refused:?}");
    };
    let group = mimi_franking::CipherSuite(1);
    let wanted = mimi_franking::Fault::CipherSuite {
        frank: suite,
        group,
    };
    assert_eq!(fault, wanted);
}

/// The tag is in the additional data that MLS authenticates, as it was not in the
/// scheme that this one comes from.
#[test]
fn a_message_whose_tag_was_altered_on_the_way_does_not_decrypt() {
    let mut scene = Scene::new();
    let (data, tag) = bobs_words(&scene, "Hello");
    let message = scene.bob.tagged(&data, Some(&tag.0));
    let message = from_bob(&mut scene, &message);
    let mut octets = message.to_vec().unwrap();
    let mut parts = octets.windows(tag.0.len());
    let place = parts.position(|part| part == tag.0).unwrap();
    octets[place] ^= 1;
    let altered = FanoutMessage::from_slice(&octets).unwrap();
    let refused = deliver(&mut scene, &altered);
    assert!(matches!(refused, Err(Rejection::Mls(_))), "{refused:?}");
    assert_eq!(deliver(&mut scene, &message), Ok(Outcome::Done));
}
