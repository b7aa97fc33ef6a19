//! Messages without a frank: they pass, the log says why there is none, and so does
//! the client.

use crate::rogue::Scene;
use crate::stage::{agent, bobs_words, deliver, frank, franked, from_bob, from_cathy};
use crate::world::{Parcel, SUITE, World};
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiUri, Timestamp};
use mimi_franking::{Agent, HubFranker, HubKey, HubKeyRing};
use mimi_protocol::client::{Fault, Franked, Outcome, Unfranked};
use mimi_protocol::engine::{Actor, Effect};
use mimi_protocol::hub::{self, Rejection};
use mimi_protocol::wire::{
    FanoutEvent, FanoutMessage, Frank, SubmitMessageRequest, SubmitMessageResponse,
};
use openmls_traits::types::SignatureScheme;

/// What the hub's log says of a message of Bob's, and the frank that it gives. The
/// message goes to everybody.
#[track_caller]
fn passes(scene: &mut Scene, message: &SubmitMessageRequest) -> (&'static str, Option<Frank>) {
    let step = scene.step(hub::Input::Request {
        peer: "b.example".to_owned(),
        endpoint: scene.submit(),
        body: message.to_vec().unwrap().into(),
        request: 7,
    });
    let step = step.unwrap();
    assert_eq!(step.audit.actor, Actor::User(scene.bob.user.clone()));
    let hub::Outcome::Reply(reply) = step.outcome else {
        panic!("{:?}", step.outcome);
    };
    let reply = SubmitMessageResponse::from_bytes(&reply).unwrap();
    let SubmitMessageResponse::Accepted {
        accepted_timestamp: timestamp,
        frank,
    } = reply
    else {
        panic!("{reply:?}");
    };
    // All three providers get what the sender's provider gets, and no name.
    let event = FanoutEvent::Application {
        message: message.app_message.clone(),
        frank: frank.clone(),
    };
    let fanned_out = FanoutMessage { timestamp, event }.to_vec().unwrap();
    assert_eq!(step.outputs.len(), 3);
    for output in step.outputs {
        let Effect::Call(call) = &output.effect else {
            panic!("{output:?}");
        };
        assert_eq!(call.body, fanned_out);
        let name = scene.bob.user.as_str().as_bytes();
        assert!(!call.body.windows(name.len()).any(|part| part == name));
        let (hub, room) = ("a.example".to_owned(), scene.room.clone());
        scene.world.send(Parcel::Hub(hub, room, output));
    }
    scene.world.run();
    (step.audit.action, frank)
}

fn with_franker(world: &mut World, agent: Agent) {
    let key = HubKey::from_bytes(&[9; 32]);
    let keys = HubKeyRing::new("only", key, Timestamp::from_millis(0));
    world.provider("a.example").hub_keys.franker = HubFranker::new(keys, agent);
}

#[test]
fn a_message_with_a_tag_is_answered_and_fanned_out_with_the_same_time_and_frank() {
    let mut scene = Scene::new();
    let (data, tag) = bobs_words(&scene, "Hello");
    let message = scene.bob.tagged(&data, Some(&tag.0));
    let (action, frank) = passes(&mut scene, &message);
    assert_eq!(action, "sent a message, which was franked");
    assert_eq!(frank.unwrap().ciphersuite, SUITE.into());
}

#[test]
fn a_message_without_a_tag_passes_unfranked() {
    let mut scene = Scene::new();
    let (data, _) = bobs_words(&scene, "Nobody heard me");
    let message = scene.bob.tagged(&data, None);
    let unfranked = ("sent a message without a franking tag", None);
    assert_eq!(passes(&mut scene, &message), unfranked);
    assert!(franked(&scene) == Franked::No(Unfranked::NoTag));
}

#[test]
fn a_message_in_a_group_without_an_agent_passes_unfranked() {
    let mut scene = Scene::founded(|_| (), |group| group.franking_agent = None);
    let (data, tag) = bobs_words(&scene, "Who stamps here?");
    let message = scene.bob.tagged(&data, Some(&tag.0));
    let unfranked = ("sent a message in a group without a franking agent", None);
    assert_eq!(passes(&mut scene, &message), unfranked);
    assert!(franked(&scene) == Franked::No(Unfranked::NoAgent));
}

/// The hub has lost the agent's key, or has another one for it.
#[test]
fn a_message_in_a_group_of_an_agent_that_the_hub_cannot_sign_for_passes_unfranked() {
    let mut scene = Scene::new();
    let (data, tag) = bobs_words(&scene, "Hello");
    with_franker(
        &mut scene.world,
        agent(SignatureScheme::ED25519, "mimi://a.example"),
    );
    let message = scene.bob.tagged(&data, Some(&tag.0));
    let action = "sent a message in a group whose franking agent is not this hub's";
    assert_eq!(passes(&mut scene, &message), (action, None));
    assert!(franked(&scene) == Franked::No(Unfranked::NoFrank));
}

#[test]
fn a_tag_of_31_or_33_octets_is_refused_as_malformed() {
    let mut scene = Scene::new();
    for octets in [0, 31, 33] {
        let (data, _) = bobs_words(&scene, "Hello");
        let message = scene.bob.tagged(&data, Some(&vec![7; octets]));
        let refused = scene.refuse_message("b.example", &message);
        assert!(matches!(refused.rejection, Rejection::Malformed(_)));
        assert_eq!(refused.status(), 400);
    }
}

#[test]
fn a_malformed_tag_that_a_hub_lets_through_is_refused_by_clients() {
    let mut scene = Scene::new();
    let (data, _) = bobs_words(&scene, "Hello");
    for octets in [31, 33] {
        let message = scene.bob.tagged(&data, Some(&vec![7; octets]));
        let timestamp = scene.world.now();
        let event = FanoutEvent::Application {
            message: message.app_message,
            frank: None,
        };
        let refused = deliver(&mut scene, &FanoutMessage { timestamp, event });
        assert!(matches!(refused, Ok(Outcome::Refused(Fault::Aad(_)))));
    }
}

#[test]
fn a_message_whose_frank_was_dropped_on_the_way_is_shown_and_cannot_be_reported() {
    let mut scene = Scene::new();
    let mut message = from_cathy(&mut scene, "Something rude");
    assert!(frank(&mut message).take().is_some());
    assert_eq!(deliver(&mut scene, &message), Ok(Outcome::Done));
    assert!(franked(&scene) == Franked::No(Unfranked::NoFrank));
}

/// What holds without a frank: the content is its sender's, for this room.
#[test]
fn a_message_without_a_tag_is_of_its_sender_and_room_all_the_same() {
    let mut scene = Scene::new();
    let (data, _) = bobs_words(&scene, "Hello");
    let replaced = |from: &str, to: &str| {
        let place = data
            .windows(from.len())
            .position(|part| part == from.as_bytes());
        let mut data = data.clone();
        data[place.unwrap()..][..to.len()].copy_from_slice(to.as_bytes());
        data
    };
    let dan = scene.bob.user.as_str().replace("bob", "dan");
    assert!(MimiUri::parse(&dan).is_ok());
    for (data, fault) in [
        (replaced("/u/bob", "/u/dan"), Fault::Sender),
        (replaced("/r/clubhouse", "/r/clubmouse"), Fault::Room),
    ] {
        let message = scene.bob.tagged(&data, None);
        let message = from_bob(&mut scene, &message);
        assert_eq!(deliver(&mut scene, &message), Ok(Outcome::Refused(fault)));
    }
}
