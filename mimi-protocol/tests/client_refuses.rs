//! What a client does not believe: answers with which it is to join, and commits
//! that a hub should have refused.
#![allow(
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests stop at what must not happen"
)]

#[path = "client_refuses/late.rs"]
mod late;
#[path = "client_refuses/operational.rs"]
mod operational;
#[allow(unused_imports, reason = "most of it is for other stories")]
mod rogue;
#[path = "../examples/clubhouse/world/mod.rs"]
mod world;

use bytes::Bytes;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri, NestedPart, Salt};
use mimi_policy::{Capability, Invalid, Reason, Role, RoomMetadata, presets};
use mimi_protocol::client::{Input, Intent, JoinRequest, Keys, Rejection, Room};
use mimi_protocol::engine::{Effect, Engine as _, Step};
use mimi_protocol::hub::Outcome;
use mimi_protocol::labels::sign_with_label;
use mimi_protocol::mls::ContextError;
use mimi_protocol::wire::mls::{Credential, ExternalSender};
use mimi_protocol::wire::{
    FanoutEvent, FanoutMessage, GroupInfoCode, GroupInfoFailure, GroupInfoResponse,
    GroupInfoResponseTbs,
};
use openmls_basic_credential::SignatureKeyPair;
use rogue::{Plan, Scene, promote, proposals_body, update};
use world::SUITE;

/// A further device of Cathy's.
fn device(scene: &mut Scene) -> MimiUri {
    scene.world.add_client("c.example", "cathy", "ClientC2")
}

fn request(scene: &Scene, device: &MimiUri) -> JoinRequest {
    let env = scene.world.env::<Keys>(&scene.world.clients[device].keys);
    JoinRequest::new(scene.room.clone(), SUITE, None, &env).unwrap()
}

/// What the hub answers.
fn hubs_answer(scene: &mut Scene, request: &JoinRequest) -> Bytes {
    let answered = scene.offer("c.example", &request.endpoint(), request.body().clone());
    let Ok(Outcome::Reply(answer)) = answered else {
        panic!("the hub answers: {answered:?}");
    };
    answer
}

fn joins(
    scene: &Scene,
    device: &MimiUri,
    request: JoinRequest,
    answer: &GroupInfoResponse,
) -> Result<(Room, Step<Room>), Rejection> {
    let env = scene.world.env::<Keys>(&scene.world.clients[device].keys);
    request.answer(&answer.to_vec().unwrap().into(), &env)
}

fn signed(mut tbs: GroupInfoResponseTbs, name: &str) -> GroupInfoResponse {
    let own = SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap();
    tbs.hub_sender = ExternalSender {
        signature_key: own.public().to_vec().into(),
        credential: Credential::Basic(name.to_owned().into()),
    };
    let signature = sign_with_label(&own, GroupInfoResponseTbs::LABEL, &tbs.to_vec().unwrap());
    GroupInfoResponse::Success {
        tbs: Box::new(tbs),
        signature: signature.unwrap().into(),
    }
}

fn success(answer: &Bytes) -> (GroupInfoResponseTbs, Bytes) {
    let GroupInfoResponse::Success { tbs, signature } = Decode::from_bytes(answer).unwrap() else {
        panic!("a success");
    };
    (*tbs, signature)
}

#[test]
fn an_answer_that_another_signed() {
    let mut scene = Scene::new();
    let device = device(&mut scene);
    for name in ["mimi://a.example", "mimi://c.example"] {
        let request = request(&scene, &device);
        let answer = hubs_answer(&mut scene, &request);
        let forged = signed(success(&answer).0, name);
        let refused = joins(&scene, &device, request, &forged).unwrap_err();
        assert_eq!(refused, Rejection::Context(ContextError::NoHubSender));
    }
}

#[test]
fn an_answer_with_a_broken_signature() {
    let mut scene = Scene::new();
    let device = device(&mut scene);
    let request = request(&scene, &device);
    let answer = hubs_answer(&mut scene, &request);
    let (tbs, signature) = success(&answer);
    let signature = rogue::flipped(&signature, 1);
    let tbs = Box::new(tbs);
    let answer = GroupInfoResponse::Success { tbs, signature };
    let refused = joins(&scene, &device, request, &answer).unwrap_err();
    assert!(matches!(refused, Rejection::Label(_)), "{refused}");
}

#[test]
fn the_answer_to_another_request() {
    let mut scene = Scene::new();
    let device = device(&mut scene);
    let old = request(&scene, &device);
    let answer = hubs_answer(&mut scene, &old);
    let answer = Decode::from_bytes(&answer).unwrap();
    let new = request(&scene, &device);
    let refused = joins(&scene, &device, new, &answer).unwrap_err();
    assert!(matches!(refused, Rejection::Label(_)), "{refused}");
    assert!(joins(&scene, &device, old, &answer).is_ok());
}

#[test]
fn an_answer_of_another_room_and_a_refusal() {
    let mut scene = Scene::new();
    let device = device(&mut scene);
    for (room, what) in [("clubhouse", true), ("cellar", false)] {
        let room_id = MimiUri::new_room("a.example", room).unwrap();
        let status = GroupInfoFailure::new(GroupInfoCode::NOT_AUTHORIZED).unwrap();
        let answer = GroupInfoResponse::Failure {
            room_id: room_id.clone(),
            status,
        };
        let refused = joins(&scene, &device, request(&scene, &device), &answer).unwrap_err();
        let wanted = if what {
            Rejection::JoinRefused(GroupInfoCode::NOT_AUTHORIZED.0)
        } else {
            Rejection::OtherRoom(room_id)
        };
        assert_eq!(refused, wanted);
    }
}

/// Bob's second device is leaving while Cathy's comes: its commit takes the
/// SelfRemove along, and the hub accepts it (EXT, "SelfRemove Proposal").
#[test]
fn who_joins_commits_the_self_removes_that_are_pending() {
    let mut scene = Scene::new();
    let mut second = scene.bob_adds_his_second();
    let gone = second.self_remove();
    scene.accept_proposals(proposals_body(&[gone]));
    assert_eq!((scene.hub().pending(), scene.hub().clients().len()), (1, 4));
    let device = device(&mut scene);
    let request = request(&scene, &device);
    let answer = hubs_answer(&mut scene, &request);
    let answer = Decode::from_bytes(&answer).unwrap();
    let (_, step) = joins(&scene, &device, request, &answer).unwrap();
    let Effect::Call(call) = &step.outputs[0].effect else {
        panic!("a commit is sent");
    };
    let (endpoint, body) = (call.endpoint.clone(), call.body.clone());
    let accepted = scene.offer("c.example", &endpoint, body);
    assert!(matches!(accepted, Ok(Outcome::Reply(_))), "{accepted:?}");
    assert_eq!((scene.hub().pending(), scene.hub().clients().len()), (0, 4));
}

/// A client that knows of a proposal commits it before it speaks (EXT,
/// "SelfRemove Proposal").
#[test]
fn nothing_is_said_while_a_proposal_waits() {
    let mut scene = Scene::new();
    let mut second = scene.bob_adds_his_second();
    let gone = second.self_remove();
    scene.accept_proposals(proposals_body(&[gone]));
    let alice = scene.alice.clone();
    let said = || Intent::Send {
        content: Box::new(MimiContent::new(
            Salt::new([5; 16]),
            NestedPart::plain("Hi"),
        )),
    };
    let refused = scene.world.intend(&alice, said()).unwrap_err();
    assert_eq!(refused, Rejection::CommitFirst);
    scene.world.intend(&alice, Intent::Commit).unwrap();
    assert_eq!(scene.hub().clients().len(), 3);
    scene.world.intend(&alice, said()).unwrap();
}

/// What a hub that is in league with Bob tells Alice's client.
fn let_through(scene: &mut Scene, plan: Plan) -> Rejection {
    let bundle = scene.bob.commit(plan);
    let message = FanoutMessage {
        timestamp: scene.world.now(),
        event: FanoutEvent::Commit {
            commit: bundle.commit,
            external_proposals: Vec::new(),
        },
    };
    let message = message.to_vec().unwrap().into();
    let alice = scene.alice.clone();
    let before = scene.world.clients[&alice].room().snapshot().unwrap();
    let delivered = scene.world.member(&alice, Input::Deliver { message });
    let after = scene.world.clients[&alice].room().snapshot().unwrap();
    assert!(before == after, "{delivered:?}");
    delivered.unwrap_err()
}

#[test]
fn a_commit_for_which_its_sender_lacks_the_right() {
    let mut scene = Scene::new();
    let cathy = scene.user(&scene.cathy);
    let (index, leaf) = (scene.bob.index_of(&cathy), scene.bob.leaf_of(&scene.cathy));
    let own = scene.bob.index_of(&scene.bob.user);
    for (plan, lacks) in [
        (
            Plan::of([promote(index, Role::BANNED)]).remove(leaf),
            Capability::BAN,
        ),
        (Plan::default().remove(leaf), Capability::KICK),
        (
            Plan::of([promote(own, presets::SUPER_ADMIN)]),
            Capability::CHANGE_OWN_ROLE,
        ),
    ] {
        let Rejection::HubBrokePolicy(denied) = let_through(&mut scene, plan) else {
            panic!("Bob may not");
        };
        let reason = Reason::Lacks {
            user: scene.bob.user.clone(),
            role: rogue::label(presets::ORDINARY_USER),
            capability: lacks,
        };
        assert_eq!(denied.reason, reason);
    }
    scene.accept_commit(Plan::default());
    assert_eq!(
        scene.world.clients[&scene.alice].room().epoch(),
        scene.hub().epoch()
    );
}

#[test]
fn a_commit_that_updates_a_component_which_nobody_knows() {
    let mut scene = Scene::new();
    let unknown = ComponentId(0x7777);
    let refused = let_through(&mut scene, Plan::of([update(unknown, [1])]));
    let wanted = Rejection::Invalid(Invalid::UnknownComponent(unknown));
    assert_eq!(refused, wanted);
}

#[test]
fn a_commit_with_other_components_than_its_proposals_make() {
    let mut scene = Scene::new();
    let named = |name| {
        RoomMetadata::new(scene.room.clone(), name)
            .to_vec()
            .unwrap()
    };
    let (says, does) = (named("Nook"), named("Den"));
    let metadata = ComponentId::ROOM_METADATA;
    let lie = Plan::of([update(metadata, says)]).lie(metadata, &does);
    let refused = let_through(&mut scene, lie);
    assert!(matches!(refused, Rejection::Mls(_)), "{refused}");
}
