//! From when on a client that has just joined believes a stamp: those of before are not
//! for it, whatever a provider on the way puts them on.

use crate::rogue::{Scene, consent};
use crate::stage::{from_cathy, says, stamped_as};
use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::{Decode, Encode};
use mimi_policy::presets;
use mimi_protocol::client::{Event, Fault, Input, Outcome};
use mimi_protocol::wire::FanoutMessage;

/// What Cathy says next, which does not reach `client`.
fn withheld(scene: &mut Scene, client: &MimiUri, text: &str) -> FanoutMessage {
    let cathy = scene.cathy.clone();
    scene.world.take_offline(client);
    scene.world.intend(&cathy, says(text)).unwrap();
    let message = scene.world.withheld(client).unwrap();
    scene.world.forget_withheld();
    scene.world.bring_online(client);
    FanoutMessage::from_bytes(&message).unwrap()
}

fn delivered(scene: &mut Scene, client: &MimiUri, message: &FanoutMessage) -> Outcome {
    let message = Bytes::from(message.to_vec().unwrap());
    scene
        .world
        .member(client, Input::Deliver { message })
        .unwrap()
}

#[track_caller]
fn is_not_later(outcome: &Outcome) {
    let Outcome::Refused(Fault::Frank(fault)) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        matches!(fault, mimi_franking::Fault::NotLater { .. }),
        "{fault}"
    );
}

#[test]
fn a_stamp_from_before_a_welcome_is_refused_on_a_message_after_it() {
    let mut scene = Scene::new();
    let before = from_cathy(&mut scene, "See you at nine");
    scene.world.pass(1_000);
    let dave = scene.world.add_client("b.example", "dave", "ClientD1");
    let (user, alice) = (scene.user(&dave), scene.alice.clone());
    scene.world.publish(&dave, 1);
    let requester = scene.user(&alice);
    consent(&mut scene.world, &user, &requester);
    let added = scene.world.add(&alice, &user, presets::ORDINARY_USER);
    added.unwrap();
    // Both are stamped as Cathy's in this room.
    let after = withheld(&mut scene, &dave, "Go away");
    let altered = stamped_as(&after, &before);
    is_not_later(&delivered(&mut scene, &dave, &altered));
    let next = withheld(&mut scene, &dave, "Sorry");
    assert_eq!(delivered(&mut scene, &dave, &next), Outcome::Done);
}

#[test]
fn a_stamp_from_before_a_further_device_is_refused_on_a_message_after_it() {
    let mut scene = Scene::new();
    let before = from_cathy(&mut scene, "See you at nine");
    // An hour is what clocks may differ by, as far as the device knows until it has
    // its answer.
    scene.world.pass(1_000);
    let second = scene.world.add_client("a.example", "alice", "ClientA2");
    let room = scene.room.clone();
    scene.world.ask_to_join(&second, &room);
    scene.world.run();
    let events = scene.world.client(&second).take_events();
    assert!(
        matches!(events[..], [Event::Committed { .. }]),
        "{events:?}"
    );
    let after = withheld(&mut scene, &second, "Go away");
    let altered = stamped_as(&after, &before);
    is_not_later(&delivered(&mut scene, &second, &altered));
}
