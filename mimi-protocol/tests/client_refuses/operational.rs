//! What the operational policy of a room forbids: a client neither believes a hub
//! that lets it through nor tries it itself.

use crate::rogue::{Plan, Scene, enlist, leaf, lenient, listing, propose_name, semi_private};
use crate::{device, hubs_answer, joins, let_through, request};
use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, Encode};
use mimi_policy::{OperationalParameters, Reason, presets};
use mimi_protocol::client::{Input, Intent, Rejection};
use mimi_protocol::engine::Engine as _;
use mimi_protocol::wire::mls::WireFormat;
use mimi_protocol::wire::{FanoutEvent, FanoutMessage};

const PUBLIC: u16 = WireFormat::PUBLIC_MESSAGE.0;

/// The rule that the hub broke by taking this commit of Bob's.
fn broken(scene: &mut Scene, plan: Plan) -> Reason {
    match let_through(scene, plan) {
        Rejection::HubBrokePolicy(denied) => denied.reason,
        other => panic!("{other}"),
    }
}

#[test]
fn a_commit_in_a_wire_format_that_the_room_does_not_take() {
    let mut scene = Scene::operated(&semi_private());
    let reason = broken(&mut scene, Plan::default());
    assert_eq!(reason, Reason::HandshakeFormat(PUBLIC));
}

/// They do not become pending, so this client never commits them.
#[test]
fn proposals_in_a_wire_format_that_the_room_does_not_take() {
    let mut scene = Scene::operated(&semi_private());
    let mut propose = |name| -> Bytes {
        let renamed = propose_name(&scene.room, name);
        scene.bob.propose(renamed)
    };
    let (first, second) = (propose("Den"), propose("Nook"));
    let message = FanoutMessage {
        timestamp: scene.world.now(),
        event: FanoutEvent::Proposals {
            proposal: Decode::from_bytes(&first).unwrap(),
            more: vec![Decode::from_bytes(&second).unwrap()],
        },
    };
    let message = message.to_vec().unwrap().into();
    let alice = scene.alice.clone();
    let before = scene.world.clients[&alice].room().snapshot().unwrap();
    let refused = scene.world.member(&alice, Input::Deliver { message });
    let Err(Rejection::HubBrokePolicy(denied)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(denied.reason, Reason::HandshakeFormat(PUBLIC));
    let room = scene.world.clients[&alice].room();
    assert_eq!(room.pending(), 0);
    assert!(room.snapshot().unwrap() == before);
}

#[test]
fn to_frame_a_handshake_that_the_room_does_not_take() {
    let mut scene = Scene::operated(&semi_private());
    let (alice, cathy) = (scene.alice.clone(), scene.cathy.clone());
    let epoch = scene.hub().epoch();
    for (client, intent) in [(&alice, Intent::Commit), (&cathy, Intent::Leave)] {
        let before = scene.world.clients[client].room().snapshot().unwrap();
        let refused = scene.world.intend(client, intent).unwrap_err();
        let Rejection::Denied(denied) = &refused else {
            panic!("{refused}");
        };
        assert_eq!(denied.reason, Reason::HandshakeFormat(PUBLIC));
        assert!(scene.world.clients[client].room().snapshot().unwrap() == before);
    }
    assert_eq!((scene.hub().epoch(), scene.hub().pending()), (epoch, 0));
    // An external commit would be one as well.
    let device = device(&mut scene);
    let request = request(&scene, &device);
    let answer = hubs_answer(&mut scene, &request);
    let answer = Decode::from_bytes(&answer).unwrap();
    let refused = joins(&scene, &device, request, &answer).unwrap_err();
    let Rejection::Denied(denied) = &refused else {
        panic!("{refused}");
    };
    assert_eq!(denied.reason, Reason::HandshakeFormat(PUBLIC));
}

#[test]
fn a_path_whose_leaf_drops_what_is_mandatory_or_takes_up_what_is_forbidden() {
    let (needed, unwanted) = (ComponentId::JOIN_LINKS, ComponentId(0x7777));
    let mut scene = Scene::operated(&OperationalParameters {
        mandatory_capabilities: listing(needed),
        forbidden_capabilities: listing(unwanted),
        ..lenient()
    });
    let drops = Plan::default().leaf(leaf(Some(needed), None));
    let reason = broken(&mut scene, drops);
    assert!(matches!(reason, Reason::LeafLacks { .. }), "{reason}");
    let takes = Plan::default().leaf(leaf(None, Some(unwanted)));
    let reason = broken(&mut scene, takes);
    assert!(matches!(reason, Reason::LeafSupports { .. }), "{reason}");
}

#[test]
fn a_client_that_lacks_what_is_mandatory() {
    let mut scene = Scene::operated(&OperationalParameters {
        mandatory_capabilities: listing(ComponentId(0x7777)),
        ..lenient()
    });
    let (dave, key_package) = scene.newcomer("c.example", "dave");
    let list = enlist(&dave.user, presets::ORDINARY_USER);
    let reason = broken(&mut scene, Plan::of([list]).add(&key_package));
    assert!(matches!(reason, Reason::LeafLacks { .. }), "{reason}");
}

#[test]
fn a_key_package_or_credential_that_is_valid_for_too_long() {
    for (max_kp_lifetime, max_credential_lifetime) in [(3_600, 0), (0, 3_600)] {
        let mut scene = Scene::operated(&OperationalParameters {
            max_kp_lifetime,
            max_credential_lifetime,
            ..lenient()
        });
        let (dave, key_package) = scene.newcomer("c.example", "dave");
        scene.certify(&dave.user, 3_601);
        let list = enlist(&dave.user, presets::ORDINARY_USER);
        let reason = broken(&mut scene, Plan::of([list]).add(&key_package));
        lives_too_long(&reason, &dave.user);
    }
}

#[test]
fn a_path_with_a_credential_that_is_valid_for_too_long() {
    let mut scene = Scene::operated(&OperationalParameters {
        max_credential_lifetime: 3_600,
        ..lenient()
    });
    let bob = scene.bob.user.clone();
    scene.certify(&bob, 3_601);
    lives_too_long(&broken(&mut scene, Plan::default()), &bob);
    // It does not make one itself either.
    let alice = scene.user(&scene.alice);
    scene.certify(&alice, 3_601);
    let refused = scene.world.intend(&scene.alice.clone(), Intent::Commit);
    let Err(Rejection::Denied(denied)) = refused else {
        panic!("{refused:?}");
    };
    lives_too_long(&denied.reason, &alice);
    scene.certify(&alice, 3_600);
    scene.alice_commits();
}

fn lives_too_long(reason: &Reason, of: &MimiUri) {
    let lives = matches!(reason, Reason::LeafLifetime { user, .. } if user == of);
    assert!(lives, "{reason}");
}
