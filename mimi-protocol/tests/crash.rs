//! Crashes, failed writes and lost answers: nothing is lost, and nothing is
//! sent twice with one generation.
#![allow(
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_methods,
    reason = "tests stop at what must not happen"
)]

#[path = "../examples/clubhouse/world/mod.rs"]
mod world;

use bytes::Bytes;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri, NestedPart, Salt};
use mimi_policy::{RoomMetadata, presets};
use mimi_protocol::client::{Event, Fault, Input, Intent, Outcome, Room};
use mimi_protocol::engine::{Effect, Engine};
use mimi_protocol::http::EndpointKind;
use mimi_protocol::hub;
use mimi_protocol::wire::{Endpoint, FanoutEvent, FanoutMessage};
use world::World;

/// Alice at the hub, Bob at another provider, one client each.
struct Pair {
    world: World,
    room: MimiUri,
    alice: MimiUri,
    bob: MimiUri,
}

fn pair() -> Pair {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let mut world = World::new(now.unwrap().as_millis() as u64);
    world.add_provider("a.example");
    world.add_provider("b.example");
    let alice = world.add_client("a.example", "alice", "A1");
    let bob = world.add_client("b.example", "bob", "B1");
    world.publish(&bob, 1);
    let room = MimiUri::new_room("a.example", "tea").unwrap();
    let roles = presets::cooperative();
    world.create_room(&alice, &room, "mimi://a.example/g/tea", roles);
    let users = (
        world.clients[&alice].user.clone(),
        world.clients[&bob].user.clone(),
    );
    world.allow(&users.1, &users.0);
    world.add(&alice, &users.1, presets::GROUP_ADMIN).unwrap();
    assert!(world.clients[&bob].room().is_member());
    world.paranoid = true;
    world.seen.clear();
    Pair {
        world,
        room,
        alice,
        bob,
    }
}

fn say(text: &str) -> Intent {
    let salt = Salt::new([text.len() as u8; 16]);
    let content = MimiContent::new(salt, NestedPart::plain(text.to_owned()));
    Intent::Send {
        content: Box::new(content),
    }
}

fn heard(world: &World, client: &MimiUri) -> Vec<String> {
    let events = world.clients[client].events.iter();
    let texts = events.filter_map(|event| match event {
        Event::Message { content, .. } => Some(MimiContent::decode(content).unwrap().into_owned()),
        _ => None,
    });
    texts
        .map(|content| match content.body.part {
            mimi_content::Part::Single { content, .. } => {
                String::from_utf8(content.to_vec()).unwrap()
            }
            _ => String::new(),
        })
        .collect()
}

impl Pair {
    fn agree(&self) {
        let hub = &self.world.providers["a.example"].hubs[&self.room].engine;
        for client in [&self.alice, &self.bob] {
            let room = self.world.clients[client].room();
            assert_eq!(room.epoch(), hub.epoch(), "{client}");
            assert_eq!(room.policy(), hub.policy(), "{client}");
        }
    }

    /// The octets that a step of a client would send.
    fn calls(outputs: &[mimi_protocol::engine::Output<Event>]) -> Vec<Bytes> {
        let calls = outputs.iter().filter_map(|output| match &output.effect {
            Effect::Call(call) => Some(call.body.clone()),
            Effect::Local(_) => None,
        });
        calls.collect()
    }

    fn rename(&self, name: &str) -> Intent {
        Intent::Update {
            component: ComponentId::ROOM_METADATA,
            update: RoomMetadata::new(self.room.clone(), name).to_vec().unwrap(),
        }
    }
}

#[test]
fn a_crash_before_the_write_means_that_nothing_happened() {
    let mut pair = pair();
    let before = pair.world.clients[&pair.bob].room().snapshot().unwrap();
    let client = &pair.world.clients[&pair.bob];
    let mut doomed = Room::restore(&before).unwrap();
    let env = pair.world.env(&client.keys);
    let first = doomed.step(Input::Intend(say("hello")), &env).unwrap();
    let never_left = Pair::calls(&first.outputs);
    // The write fails: the engine is dropped, the outputs with it.
    drop(doomed);
    let mut again = Room::restore(&before).unwrap();
    assert!(again.snapshot().unwrap() == before);
    let second = again.step(Input::Intend(say("hello")), &env).unwrap();
    let left = Pair::calls(&second.outputs);
    assert_eq!((never_left.len(), left.len()), (1, 1));
    assert_ne!(never_left, left, "a redo draws fresh randomness");
    pair.world.intend(&pair.bob, say("hello")).unwrap();
    assert_eq!(heard(&pair.world, &pair.alice), ["hello"]);
}

#[test]
fn a_crash_after_the_write_loses_nothing_and_sends_the_same_octets() {
    let mut pair = pair();
    pair.world.take_offline(&pair.bob);
    pair.world.intend(&pair.bob, say("hello")).unwrap();
    let owed = pair.world.clients[&pair.bob].room().owed();
    let written = Pair::calls(&owed);
    assert_eq!(written.len(), 1);
    // Two crashes in a row: each gives back the same request, never a new one.
    for _ in 0..2 {
        let room = pair
            .world
            .clients
            .get_mut(&pair.bob)
            .unwrap()
            .room
            .as_mut()
            .unwrap();
        assert_eq!(Pair::calls(&room.crash()), written);
    }
    pair.world.crash_client(&pair.bob);
    pair.world.bring_online(&pair.bob);
    assert_eq!(
        heard(&pair.world, &pair.alice),
        ["hello"],
        "once, although it was sent twice"
    );
}

#[test]
fn an_event_is_owed_until_it_is_taken_over() {
    let mut pair = pair();
    pair.world.take_offline(&pair.bob);
    pair.world.intend(&pair.alice, say("hello")).unwrap();
    let message = pair.world.withheld(&pair.bob).unwrap();
    let client = &pair.world.clients[&pair.bob];
    let snapshot = client.room().snapshot().unwrap();
    let env = pair.world.env(&client.keys);
    let mut room = Room::restore(&snapshot).unwrap();
    let step = room.step(Input::Deliver { message }, &env).unwrap();
    // The host dies between the write and the event.
    let mut restored = Room::restore(&snapshot).unwrap();
    restored.replay(&step.entry.unwrap()).unwrap();
    let owed = restored.owed();
    assert_eq!(
        owed, step.outputs,
        "the plaintext cannot be decrypted a second time"
    );
    let seq = owed[0].seq;
    let taken = restored.step(Input::Delivered { seq }, &env).unwrap();
    assert!(taken.entry.is_some() && restored.owed().is_empty());
    let state = restored.snapshot().unwrap();
    let again = restored.step(Input::Delivered { seq }, &env).unwrap();
    assert!(
        again.entry.is_none(),
        "a repeated acknowledgement changes nothing"
    );
    assert!(restored.snapshot().unwrap() == state);
}

#[test]
fn what_was_erased_cannot_be_decrypted_again() {
    let mut pair = pair();
    pair.world.intend(&pair.alice, say("zanzibar")).unwrap();
    assert_eq!(heard(&pair.world, &pair.bob), ["zanzibar"]);
    let message = pair.world.clients[&pair.bob]
        .mailbox
        .last()
        .unwrap()
        .clone();
    let client = &pair.world.clients[&pair.bob];
    // All that the store holds now, entries applied and erased.
    let mut thief = Room::restore(&client.room().snapshot().unwrap()).unwrap();
    let env = pair.world.env(&client.keys);
    assert!(thief.step(Input::Deliver { message }, &env).is_err());
    let store = format!("{:?}", client.room().snapshot().unwrap());
    assert!(!store.contains("zanzibar"), "no plaintext in what is shown");
    let mut octets = Vec::new();
    ciborium::into_writer(&client.room().snapshot().unwrap(), &mut octets).unwrap();
    assert!(
        !octets.windows(8).any(|window| window == b"zanzibar"),
        "nor in the store"
    );
}

#[test]
fn a_bad_frank_keeps_the_moved_ratchet() {
    let mut pair = pair();
    pair.world.take_offline(&pair.bob);
    pair.world.intend(&pair.alice, say("one")).unwrap();
    let good = pair.world.withheld(&pair.bob).unwrap();
    let mut forged = FanoutMessage::from_bytes(&good).unwrap();
    let FanoutEvent::Application {
        frank: Some(frank), ..
    } = &mut forged.event
    else {
        panic!("the hub franks");
    };
    frank.server_frank[0] ^= 1;
    let message = forged.to_vec().unwrap().into();
    let refused = pair
        .world
        .member(&pair.bob, Input::Deliver { message })
        .unwrap();
    assert!(
        matches!(refused, Outcome::Refused(Fault::Frank(_))),
        "{refused:?}"
    );
    // The generation is used up, in memory and in what was written.
    pair.world.crash_client(&pair.bob);
    let again = pair
        .world
        .member(&pair.bob, Input::Deliver { message: good });
    assert!(again.is_err(), "{again:?}");
    // What comes next is read as if nothing had been.
    pair.world.forget_withheld();
    pair.world.bring_online(&pair.bob);
    pair.world.intend(&pair.alice, say("two")).unwrap();
    assert_eq!(heard(&pair.world, &pair.bob), ["two"]);
}

#[test]
fn a_rejected_input_leaves_the_state_as_it_was() {
    let mut pair = pair();
    let bob = |pair: &Pair| pair.world.clients[&pair.bob].room().snapshot().unwrap();
    let hub = |pair: &Pair| {
        let hub = &pair.world.providers["a.example"].hubs[&pair.room].engine;
        hub.snapshot().unwrap()
    };
    let (client, hosted) = (bob(&pair), hub(&pair));
    let alice = pair.world.clients[&pair.alice].user.clone();
    for intent in [
        // A role that the room does not have, a user that it does not have, a
        // component that nobody knows, and more than Bob may do.
        Intent::ChangeRole {
            user: alice.clone(),
            role: 77,
        },
        Intent::Remove {
            user: MimiUri::new_user("z.example", "nobody").unwrap(),
        },
        Intent::Update {
            component: ComponentId(0x7a7a),
            update: vec![1],
        },
        Intent::Ban { user: alice },
    ] {
        assert!(pair.world.intend(&pair.bob, intent).is_err());
        assert!(bob(&pair) == client);
    }
    let message = Bytes::from_static(b"garbage");
    let garbage = Input::Deliver { message };
    assert!(pair.world.member(&pair.bob, garbage).is_err());
    assert!(bob(&pair) == client);
    let room = pair.room.clone();
    let request = hub::Input::Request {
        peer: "b.example".to_owned(),
        endpoint: Endpoint::Update { room: room.clone() },
        body: Bytes::from_static(b"garbage"),
        request: 1,
    };
    assert!(pair.world.hub("a.example", &room, request).is_err());
    assert!(hub(&pair) == hosted);
}

#[test]
fn a_lost_answer_to_a_commit_with_a_path_is_made_up_for() {
    for crashes in [false, true] {
        let mut pair = pair();
        // A removal makes a path; its answer gets lost twice.
        let bob2 = pair.world.add_client("b.example", "bob", "B2");
        pair.world.publish(&bob2, 1);
        let user = pair.world.clients[&pair.bob].user.clone();
        pair.world
            .add(&pair.bob, &user, presets::GROUP_ADMIN)
            .unwrap();
        pair.world.lost_answers = Some((EndpointKind::Update, 2));
        pair.world.seen.clear();
        let alice_user = pair.world.clients[&pair.alice].user.clone();
        pair.world
            .intend(&pair.bob, Intent::Kick { user: alice_user })
            .unwrap();
        let room = pair.room.clone();
        if crashes {
            pair.world.crash_hub("a.example", &room);
            pair.world.crash_client(&pair.bob);
            pair.world.run();
        }
        for _ in 0..4 {
            pair.world.try_again();
        }
        let hub = &pair.world.providers["a.example"].hubs[&room].engine;
        let member = pair.world.clients[&pair.bob].room();
        assert_eq!(member.epoch(), hub.epoch());
        assert_eq!(member.clients(), hub.clients());
        assert!(!pair.world.clients[&pair.alice].room().is_member());
        let updates = pair
            .world
            .seen
            .iter()
            .filter(|s| s.what.contains("/update/"));
        // The first, two repetitions, and one more by a client that came back.
        assert_eq!(updates.count(), if crashes { 4 } else { 3 });
        let notifies = pair
            .world
            .seen
            .iter()
            .filter(|s| s.what.contains("/notify/"));
        let fresh = notifies.filter(|s| s.outcome.starts_with("201")).count();
        assert!(fresh >= 2, "fanned out to both providers");
    }
}

#[test]
fn a_commit_is_cleared_only_on_a_definite_refusal() {
    let mut pair = pair();
    // Both commit in one epoch; the hub takes the first.
    pair.world.take_offline(&pair.bob);
    let rename = pair.rename("Bob's");
    pair.world.intend(&pair.bob, rename).unwrap();
    let rename = pair.rename("Alice's");
    pair.world.intend(&pair.alice, rename).unwrap();
    pair.world.bring_online(&pair.bob);
    pair.world.try_again();
    pair.agree();
    let policy = pair.world.clients[&pair.bob].room().policy();
    assert_eq!(policy.metadata().unwrap().name, "Alice's");
    let refused = |event: &Event| matches!(event, Event::NotChanged { .. });
    assert!(pair.world.clients[&pair.bob].events.iter().any(refused));
    // And the way is free for the next one.
    let rename = pair.rename("Ours");
    pair.world.intend(&pair.bob, rename).unwrap();
    pair.agree();
}

#[test]
fn a_hub_that_dies_in_the_middle_of_a_fan_out_finishes_it() {
    let mut pair = pair();
    pair.world.unreachable = Some("b.example".to_owned());
    pair.world.intend(&pair.alice, say("one")).unwrap();
    pair.world.intend(&pair.alice, say("two")).unwrap();
    assert!(heard(&pair.world, &pair.bob).is_empty());
    let room = pair.room.clone();
    pair.world.crash_hub("a.example", &room);
    pair.world.run();
    pair.world.unreachable = None;
    for _ in 0..3 {
        pair.world.try_again();
    }
    assert_eq!(
        heard(&pair.world, &pair.bob),
        ["one", "two"],
        "in order, once each"
    );
    let hub = &pair.world.providers["a.example"].hubs[&room].engine;
    assert!(hub.owed().is_empty());
}
