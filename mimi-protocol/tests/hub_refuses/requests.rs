//! Those who ask for the GroupInfo, for key material, or to look into abuse.

use crate::rogue::{Rogue, Scene, consent};
use crate::world::SUITE;
use bytes::Bytes;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri, NestedPart, Salt};
use mimi_franking::{AbuseReport, Evidence};
use mimi_policy::{Capability, CapabilitySet, Reason, RoleChanges, RoleList, presets};
use mimi_protocol::client::{Event, Franked, Intent};
use mimi_protocol::engine::{Answer, Effect, Seq};
use mimi_protocol::hub::{Local, Outcome, Rejection};
use mimi_protocol::labels::sign_with_label;
use mimi_protocol::wire::mls::{CipherSuite, Credential};
use mimi_protocol::wire::{
    Endpoint, GroupInfoCode, GroupInfoRequest, GroupInfoRequestTbs, KeyMaterialRequestTbs,
    KeyMaterialResponse, KeyMaterialUserCode,
};
use mimi_protocol::{hub, provider as keys};
use openmls_basic_credential::SignatureKeyPair;

// groupInfo

fn group_info(scene: &Scene) -> Endpoint {
    let room = scene.room.clone();
    Endpoint::GroupInfo { room }
}

/// A request of a rogue for what it takes to join.
fn join_request(by: &Rogue, signer: &SignatureKeyPair, suite: u16) -> Vec<u8> {
    coded_request(by, signer, suite, None)
}

fn coded_request(
    by: &Rogue,
    signer: &SignatureKeyPair,
    suite: u16,
    code: Option<&'static [u8]>,
) -> Vec<u8> {
    let tbs = GroupInfoRequestTbs {
        cipher_suite: CipherSuite(suite),
        requesting_signature_key: by.signer.public().to_vec().into(),
        requesting_credential: Credential::Basic(by.uri.as_str().to_owned().into()),
        group_info_public_key: vec![9; 32].into(),
        joining_code: code.map(Bytes::from_static),
    };
    let octets = tbs.to_vec().unwrap();
    let signature = sign_with_label(signer, GroupInfoRequestTbs::LABEL, &octets);
    let signature = signature.unwrap().into();
    GroupInfoRequest { tbs, signature }.to_vec().unwrap()
}

#[test]
fn a_group_info_request_signed_with_another_key() {
    let mut scene = Scene::new();
    let other = SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap();
    let body = join_request(&scene.bob, &other, SUITE.into());
    let refused = scene.refuse("b.example", &group_info(&scene), body);
    assert_eq!(refused.rejection, Rejection::Signature);
    assert_eq!(refused.group_info(), GroupInfoCode::NOT_AUTHORIZED);
    let body = join_request(&scene.bob, &scene.bob.signer, SUITE.into());
    let reply = scene.offer("b.example", &group_info(&scene), body);
    assert!(matches!(reply, Ok(Outcome::Reply(_))));
}

#[test]
fn a_group_info_request_for_another_suite() {
    let mut scene = Scene::new();
    let body = join_request(&scene.bob, &scene.bob.signer, 2);
    let refused = scene.refuse("b.example", &group_info(&scene), body);
    assert_eq!(refused.rejection, Rejection::CipherSuite(2));
    assert_eq!(refused.group_info(), GroupInfoCode::NOT_AUTHORIZED);
}

#[test]
fn a_group_info_request_that_another_provider_presents() {
    let mut scene = Scene::new();
    let body = join_request(&scene.bob, &scene.bob.signer, SUITE.into());
    let refused = scene.refuse("c.example", &group_info(&scene), body);
    assert!(matches!(refused.rejection, Rejection::WrongProvider { .. }));
    assert_eq!(refused.group_info(), GroupInfoCode::NOT_AUTHORIZED);
}

#[test]
fn a_group_info_request_of_a_stranger() {
    let mut scene = Scene::new();
    let eve = Rogue::new(&mut scene.world, "b.example", "eve", "ClientE1");
    let body = join_request(&eve, &eve.signer, SUITE.into());
    let refused = scene.refuse("b.example", &group_info(&scene), body);
    assert!(matches!(refused.rejection, Rejection::Denied(_)));
    assert_eq!(refused.group_info(), GroupInfoCode::NOT_AUTHORIZED);
}

/// Whoever comes with a code may join this room, but no code is known to be good.
#[test]
fn a_group_info_request_with_a_code() {
    let mut roles: Vec<_> = presets::cooperative().iter().cloned().collect();
    roles[0].capabilities = CapabilitySet::from_iter([Capability::USE_JOIN_CODE]);
    roles[0].role_changes = vec![RoleChanges {
        from: 0,
        to: vec![presets::ORDINARY_USER],
    }];
    let mut scene = Scene::with_roles(RoleList::new(roles).unwrap());
    let eve = Rogue::new(&mut scene.world, "b.example", "eve", "ClientE1");
    let body = coded_request(&eve, &eve.signer, SUITE.into(), Some(b"sesame"));
    let refused = scene.refuse("b.example", &group_info(&scene), body);
    assert!(matches!(refused.rejection, Rejection::Denied(_)));
    assert_eq!(refused.group_info(), GroupInfoCode::NOT_AUTHORIZED);
}

#[test]
fn a_group_info_request_of_someone_banned_or_leaving() {
    for banned in [true, false] {
        let mut scene = Scene::new();
        if banned {
            let user = scene.bob.user.clone();
            scene
                .world
                .intend(&scene.alice, Intent::Ban { user })
                .unwrap();
        } else {
            let body = scene.bob.leave();
            scene.accept_proposals(body);
        }
        let body = join_request(&scene.bob, &scene.bob.signer, SUITE.into());
        let refused = scene.refuse("b.example", &group_info(&scene), body);
        assert!(matches!(refused.rejection, Rejection::Denied(_)));
        assert_eq!(refused.group_info(), GroupInfoCode::NOT_AUTHORIZED);
    }
}

#[test]
fn a_group_info_request_whose_credential_names_nobody() {
    let mut scene = Scene::new();
    let mut nobody = Rogue::new(&mut scene.world, "b.example", "eve", "ClientE1");
    nobody.uri = MimiUri::new_provider("b.example").unwrap();
    let body = join_request(&nobody, &nobody.signer, SUITE.into());
    let refused = scene.refuse("b.example", &group_info(&scene), body);
    assert!(matches!(refused.rejection, Rejection::Identity(_)));
    assert_eq!(refused.group_info(), GroupInfoCode::NOT_AUTHORIZED);
}

// keyMaterial

fn dave() -> MimiUri {
    MimiUri::new_user("c.example", "dave").unwrap()
}

fn of(target: &MimiUri) -> Endpoint {
    let target = target.clone();
    Endpoint::KeyMaterial { target }
}

#[test]
fn key_material_for_someone_who_is_not_in_the_room() {
    let mut scene = Scene::new();
    let eve = Rogue::new(&mut scene.world, "b.example", "eve", "ClientE1");
    let body = scene.key_request(&eve, &dave()).to_vec().unwrap();
    let refused = scene.refuse("b.example", &of(&dave()), body);
    assert_eq!(refused.rejection, Rejection::Inactive(eve.user));
    assert_eq!(refused.key_material(), KeyMaterialUserCode::NO_CONSENT);
}

#[test]
fn key_material_for_someone_who_is_leaving() {
    let mut scene = Scene::new();
    let body = scene.bob.leave();
    scene.accept_proposals(body);
    let body = scene.key_request(&scene.bob, &dave()).to_vec().unwrap();
    let refused = scene.refuse("b.example", &of(&dave()), body);
    let user = scene.bob.user.clone();
    assert_eq!(refused.rejection, Rejection::MayNotAdd(user));
    assert_eq!(refused.key_material(), KeyMaterialUserCode::NO_CONSENT);
}

#[test]
fn key_material_that_another_provider_asks_for() {
    let mut scene = Scene::new();
    let body = scene.key_request(&scene.bob, &dave()).to_vec().unwrap();
    let refused = scene.refuse("c.example", &of(&dave()), body);
    assert!(matches!(refused.rejection, Rejection::WrongProvider { .. }));
}

#[test]
fn key_material_of_another_user_than_the_path_names() {
    let mut scene = Scene::new();
    let body = scene.key_request(&scene.bob, &dave()).to_vec().unwrap();
    let erin = MimiUri::new_user("c.example", "erin").unwrap();
    let refused = scene.refuse("b.example", &of(&erin), body);
    assert_eq!(refused.status(), 404);
}

#[test]
fn key_material_for_another_room_or_none() {
    let mut scene = Scene::new();
    let mut request = scene.key_request(&scene.bob, &dave());
    let cellar = MimiUri::new_room("a.example", "cellar").unwrap();
    request.tbs.room_id = Some(cellar.clone());
    let refused = scene.refuse("b.example", &of(&dave()), request.to_vec().unwrap());
    assert_eq!(refused.rejection, Rejection::UnknownRoom(cellar));
    assert_eq!(refused.status(), 404);
    request.tbs.room_id = None;
    let refused = scene.refuse("b.example", &of(&dave()), request.to_vec().unwrap());
    assert_eq!(refused.rejection, Rejection::WrongEndpoint);
}

#[test]
fn a_key_material_request_signed_with_another_key() {
    let mut scene = Scene::new();
    let dave = Rogue::new(&mut scene.world, "c.example", "dave", "ClientD1");
    consent(&mut scene.world, &dave.user, &scene.bob.user.clone());
    let mut request = scene.key_request(&scene.bob, &dave.user);
    let good = request.signature.clone();
    let other = SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap();
    let octets = request.tbs.to_vec().unwrap();
    let forged = sign_with_label(&other, KeyMaterialRequestTbs::LABEL, &octets);
    request.signature = forged.unwrap().into();
    let ask = |scene: &mut Scene, body: Vec<u8>| {
        let input = keys::Input::Request {
            from: "a.example".to_owned(),
            target: dave.user.clone(),
            body: body.into(),
        };
        scene.world.keys("c.example", input)
    };
    let rejection = ask(&mut scene, request.to_vec().unwrap()).unwrap_err();
    assert_eq!(rejection, keys::Rejection::Signature);
    assert_eq!(rejection.status(), 403);
    request.signature = good;
    let answered = ask(&mut scene, request.to_vec().unwrap());
    assert!(matches!(answered, Ok(keys::Outcome::Response(_))));
}

/// The hub passes Bob's request on; the number of the call.
fn relayed(scene: &mut Scene, request: u64) -> Seq {
    let body: Bytes = scene
        .key_request(&scene.bob, &dave())
        .to_vec()
        .unwrap()
        .into();
    let step = scene.step(hub::Input::Request {
        peer: "b.example".to_owned(),
        endpoint: of(&dave()),
        body: body.clone(),
        request,
    });
    let step = step.unwrap();
    assert_eq!(step.outcome, Outcome::Relayed);
    let Effect::Call(call) = &step.outputs[0].effect else {
        panic!("the hub asks the provider");
    };
    assert_eq!((&call.peer[..], &call.body), ("c.example", &body));
    step.outputs[0].seq
}

/// What the requester hears when the provider's answer is this.
fn told(scene: &mut Scene, seq: Seq, answer: Answer) -> (u64, KeyMaterialResponse) {
    let step = scene.step(hub::Input::CallResult { seq, answer }).unwrap();
    match &step.outputs[0].effect {
        Effect::Local(Local::Reply { request, body }) => {
            (*request, KeyMaterialResponse::from_bytes(body).unwrap())
        }
        other => panic!("the requester hears nothing: {other:?}"),
    }
}

/// Whoever asks hears at once that there is nothing, and may ask again: nobody
/// waits on a provider that is away, or that answers with what is no answer.
#[test]
fn a_provider_that_does_not_answer_for_key_material() {
    let mut scene = Scene::new();
    for answer in [
        Answer::Done(Bytes::from("junk")),
        Answer::Refused { status: 500 },
        Answer::Retry { not_before: None },
    ] {
        let seq = relayed(&mut scene, 77);
        let failed = KeyMaterialUserCode::NO_COMPATIBLE_MATERIAL;
        let failed = KeyMaterialResponse::failure(dave(), failed);
        assert_eq!(told(&mut scene, seq, answer.clone()), (77, failed));
        // Only the first answer counts.
        let late = scene.step(hub::Input::CallResult { seq, answer }).unwrap();
        assert_eq!(late.outcome, Outcome::Ignored);
        scene.world.pass(10 * 60 * 1000);
        let later = scene.step(hub::Input::Tick).unwrap();
        assert!(later.outputs.is_empty(), "it is asked once");
    }
    let seq = relayed(&mut scene, 78);
    let refused = KeyMaterialResponse::failure(dave(), KeyMaterialUserCode::NO_CONSENT);
    let answer = Answer::Done(refused.to_vec().unwrap().into());
    assert_eq!(told(&mut scene, seq, answer), (78, refused));
}

#[test]
fn more_key_material_than_the_hub_keeps_track_of() {
    let mut scene = Scene::new();
    for request in 0..hub::MAX_RELAYS {
        relayed(&mut scene, request.try_into().unwrap());
    }
    let body = scene.key_request(&scene.bob, &dave()).to_vec().unwrap();
    let refused = scene.refuse("b.example", &of(&dave()), body);
    assert_eq!(refused.rejection, Rejection::TooManyRelays);
    assert_eq!(refused.status(), 429);
}

// reportAbuse

fn report_abuse(scene: &Scene) -> Endpoint {
    let room = scene.room.clone();
    Endpoint::ReportAbuse { room }
}

/// Cathy says something, and Alice's client keeps the evidence.
fn evidence(scene: &mut Scene) -> AbuseReport {
    let content = MimiContent::new(Salt::new([3; 16]), NestedPart::plain("Something rude"));
    let content = Box::new(content);
    let cathy = scene.cathy.clone();
    scene
        .world
        .intend(&cathy, Intent::Send { content })
        .unwrap();
    let heard = scene.world.clients[&scene.alice].last_message();
    let Some(Event::Message {
        franked: Franked::Yes(evidence),
        ..
    }) = heard
    else {
        panic!("the message was not franked: {heard:?}");
    };
    let evidence = Evidence::from_bytes(evidence).unwrap();
    AbuseReport::about(&evidence.context().room_uri.clone(), [&evidence]).unwrap()
}

#[test]
fn a_report_that_is_right_and_the_same_by_the_wrong_people() {
    let mut scene = Scene::new();
    let mut report = evidence(&mut scene);
    let eve = MimiUri::new_user("b.example", "eve").unwrap();
    report.reporting_user = Some(eve.clone());
    let endpoint = report_abuse(&scene);
    let refused = scene.refuse("b.example", &endpoint, report.to_vec().unwrap());
    assert_eq!(*refused.reason(), Reason::NoRole(eve));
    assert_eq!(refused.status(), 403);
    report.reporting_user = Some(scene.user(&scene.alice));
    let refused = scene.refuse("b.example", &endpoint, report.to_vec().unwrap());
    assert!(matches!(refused.rejection, Rejection::WrongProvider { .. }));
    assert_eq!(refused.status(), 403);
    report.reporting_user = None;
    let refused = scene.refuse("b.example", &endpoint, report.to_vec().unwrap());
    assert_eq!(refused.rejection, Rejection::Anonymous);
    assert_eq!(refused.status(), 403);
    report.reporting_user = Some(scene.bob.user.clone());
    let taken = scene.offer("b.example", &endpoint, report.to_vec().unwrap());
    assert_eq!(taken, Ok(Outcome::Reply(Bytes::new())));
}

#[test]
fn a_report_with_a_frank_that_this_hub_never_gave() {
    let mut scene = Scene::new();
    let good = evidence(&mut scene);
    let bob = Some(scene.bob.user.clone());
    let mut other_time = good.clone();
    let accepted = &mut other_time.messages[0].accepted_timestamp;
    *accepted = accepted.plus_millis(1);
    let mut other_author = good.clone();
    other_author.alleged_abuser = scene.user(&scene.alice);
    for mut forged in [other_time, other_author] {
        forged.reporting_user = bob.clone();
        let endpoint = report_abuse(&scene);
        let refused = scene.refuse("b.example", &endpoint, forged.to_vec().unwrap());
        assert!(matches!(refused.rejection, Rejection::Unproved(_)));
        assert_eq!(refused.status(), 403);
    }
}

#[test]
fn a_report_by_someone_banned() {
    let mut scene = Scene::new();
    let mut report = evidence(&mut scene);
    report.reporting_user = Some(scene.bob.user.clone());
    let user = scene.bob.user.clone();
    scene
        .world
        .intend(&scene.alice, Intent::Ban { user })
        .unwrap();
    let endpoint = report_abuse(&scene);
    let refused = scene.refuse("b.example", &endpoint, report.to_vec().unwrap());
    assert!(matches!(refused.rejection, Rejection::Denied(_)));
    assert_eq!(refused.status(), 403);
}
