//! Welcomes and KeyPackages that do not fit, and external commits.

use crate::rogue::{Plan, Refused, Rogue, Scene, commit_body, enlist, proposals_body, strike};
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, Encode, Reader, Writer};
use mimi_policy::{Participant, ParticipantListUpdate, Reason, RoomMetadata, presets};
use mimi_protocol::client::{Intent, leaf_components};
use mimi_protocol::hub::Rejection;
use mimi_protocol::mls::openmls::group::Propose;
use mimi_protocol::mls::openmls::prelude::KeyPackage;
use mimi_protocol::mls::{ChangeError, ContextError};
use mimi_protocol::wire::mls::Welcome;
use mimi_protocol::wire::{CommitBundle, UpdateOutcome};

const DAY: u64 = 24 * 3600 * 1000;

/// Bob's commit that adds Dave.
fn adding(dave: &Rogue, key_package: &KeyPackage) -> Plan {
    let list = enlist(&dave.user, presets::ORDINARY_USER);
    Plan::of([list]).add(key_package)
}

#[track_caller]
fn is_welcome(refused: &Refused) {
    let welcome = matches!(refused.rejection, Rejection::Welcome(_));
    assert!(welcome, "{}", refused.rejection);
    refused.is_invalid();
}

// Welcomes

#[test]
fn adds_without_a_welcome() {
    let mut scene = Scene::new();
    let (dave, key_package) = scene.newcomer("c.example", "dave");
    let good = scene.bob.commit(adding(&dave, &key_package));
    let mut bad = good.clone();
    bad.welcome = None;
    is_welcome(&scene.refuse_bundle(&bad));
    scene.accept_update("b.example", commit_body(&good));
}

#[test]
fn a_welcome_without_adds() {
    let mut scene = Scene::new();
    let (dave, key_package) = scene.newcomer("c.example", "dave");
    let other = scene.bob.commit(adding(&dave, &key_package));
    let mut bundle = scene.bob.commit(Plan::default());
    bundle.welcome = other.welcome;
    is_welcome(&scene.refuse_bundle(&bundle));
}

/// The Welcome with one secret more, for a KeyPackage that nobody knows; or
/// with its first one twice.
fn inviting_more(welcome: &Welcome, twice: bool) -> Welcome {
    let mut r = Reader::shared(welcome.as_bytes());
    let suite = r.u16().unwrap();
    let secrets = r.opaque().unwrap().to_vec();
    let mut one = Writer::new();
    one.opaque(&[9; 32]);
    one.opaque(&[8; 32]);
    one.opaque(&[7; 32]);
    let one = match twice {
        true => secrets.clone(),
        false => one.finish().unwrap(),
    };
    let mut w = Writer::new();
    w.u16(suite);
    w.opaque(&[secrets, one].concat());
    w.opaque(r.opaque().unwrap());
    Welcome::from_slice(&w.finish().unwrap()).unwrap()
}

#[test]
fn a_welcome_for_more_than_was_added() {
    let mut scene = Scene::new();
    let (dave, key_package) = scene.newcomer("c.example", "dave");
    let good = scene.bob.commit(adding(&dave, &key_package));
    for twice in [false, true] {
        let mut bad = good.clone();
        bad.welcome = Some(inviting_more(good.welcome.as_ref().unwrap(), twice));
        is_welcome(&scene.refuse_bundle(&bad));
    }
    scene.accept_update("b.example", commit_body(&good));
}

// KeyPackages

#[test]
fn a_key_package_that_was_not_claimed_here() {
    let mut scene = Scene::new();
    let dave = Rogue::new(&mut scene.world, "c.example", "dave", "ClientD1");
    let key_package = dave.key_package(&scene.world);
    is_welcome(&scene.refuse_commit(adding(&dave, &key_package)));
}

#[test]
fn a_key_package_that_another_provider_handed_out() {
    let mut scene = Scene::new();
    let dave = Rogue::new(&mut scene.world, "c.example", "dave", "ClientD1");
    let key_package = dave.key_package(&scene.world);
    let eve = MimiUri::new_user("b.example", "eve").unwrap();
    scene.bob_is_given(&eve, &key_package);
    is_welcome(&scene.refuse_commit(adding(&dave, &key_package)));
}

#[test]
fn a_provider_cannot_spoil_what_another_handed_out() {
    let mut scene = Scene::new();
    let (dave, key_package) = scene.newcomer("c.example", "dave");
    let eve = MimiUri::new_user("b.example", "eve").unwrap();
    scene.bob_is_given(&eve, &key_package);
    scene.accept_commit(adding(&dave, &key_package));
}

#[test]
fn a_key_package_that_was_used_before() {
    let mut scene = Scene::with_bob_as(presets::GROUP_ADMIN);
    let (dave, key_package) = scene.newcomer("c.example", "dave");
    scene.accept_commit(adding(&dave, &key_package));
    // While its client is in, MLS itself refuses it.
    let leaf = scene.bob.leaf_of(&dave.uri);
    let index = scene.bob.index_of(&dave.user);
    scene.accept_commit(Plan::of([strike(index)]).remove(leaf));
    is_welcome(&scene.refuse_commit(adding(&dave, &key_package)));
}

#[test]
fn a_key_package_whose_time_is_over() {
    let mut scene = Scene::new();
    let (dave, key_package) = scene.newcomer("c.example", "dave");
    scene.world.pass(DAY + 1000);
    let refused = scene.refuse_commit(adding(&dave, &key_package));
    let over = matches!(
        refused.rejection,
        Rejection::Change(ChangeError::Lifetime { .. })
    );
    assert!(over, "{}", refused.rejection);
    refused.is_invalid();
}

#[test]
fn a_client_that_does_not_support_what_the_room_requires() {
    for lacking in [ComponentId::APP_COMPONENTS, ComponentId::SAFE_AAD] {
        let mut scene = Scene::new();
        let dave = Rogue::new(&mut scene.world, "c.example", "dave", "ClientD1");
        let mut components = leaf_components().unwrap();
        components.remove(lacking);
        let key_package = dave.key_package_with(&scene.world, &components, DAY / 1000);
        dave.publish(&mut scene.world, &key_package);
        scene.bob_claims(&dave.user);
        let refused = scene.refuse_commit(adding(&dave, &key_package));
        let lacks = matches!(&refused.rejection,
            Rejection::Change(ChangeError::Context(ContextError::LeafLacks { list, .. }))
                if *list == lacking);
        assert!(lacks, "{}", refused.rejection);
        refused.is_invalid();
    }
}

// External commits

/// An external commit by a client that Bob has told everything, with these
/// changes of the participant list.
fn outsider(scene: &Scene, by: &Rogue, change: Option<ParticipantListUpdate>) -> CommitBundle {
    let changes = change.map(|change| {
        let octets = change.to_vec().unwrap();
        (ComponentId::PARTICIPANT_LIST, octets)
    });
    let changes: Vec<_> = changes.into_iter().collect();
    let policy = scene.bob.policy();
    by.external_commit(scene.bob.leak(), &[], &changes, &policy)
}

#[test]
fn an_external_commit_of_a_stranger() {
    let mut scene = Scene::new();
    let eve = Rogue::new(&mut scene.world, "b.example", "eve", "ClientE1");
    let bundle = outsider(&scene, &eve, None);
    let refused = scene.refuse_bundle(&bundle);
    assert_eq!(*refused.reason(), Reason::Stranger(eve.user.clone()));
    refused.is_not_allowed();
}

#[test]
fn an_external_commit_of_a_stranger_who_enters_the_list() {
    let mut scene = Scene::new();
    let eve = Rogue::new(&mut scene.world, "b.example", "eve", "ClientE1");
    let change = |user: &MimiUri, role| ParticipantListUpdate {
        added: vec![Participant {
            user: user.clone(),
            role,
        }],
        ..ParticipantListUpdate::default()
    };
    for role in [presets::ORDINARY_USER, presets::SUPER_ADMIN] {
        let bundle = outsider(&scene, &eve, Some(change(&eve.user, role)));
        let refused = scene.refuse_bundle(&bundle);
        let (user, role) = (eve.user.clone(), crate::rogue::label(role));
        assert_eq!(*refused.reason(), Reason::JoinRefused { user, role });
        refused.is_not_allowed();
    }
}

#[test]
fn an_external_commit_of_a_participant_who_does_more_than_join() {
    let mut scene = Scene::new();
    let mut second = Rogue::new(&mut scene.world, "b.example", "bob", "ClientB2");
    second.user = scene.bob.user.clone();
    let index = scene.bob.index_of(&scene.bob.user);
    let change = ParticipantListUpdate {
        changed: vec![mimi_policy::RoleMove {
            index,
            role: presets::SUPER_ADMIN,
        }],
        ..ParticipantListUpdate::default()
    };
    let bundle = outsider(&scene, &second, Some(change));
    let refused = scene.refuse_bundle(&bundle);
    let only = Reason::OnlyJoin(scene.bob.user.clone());
    assert_eq!(*refused.reason(), only);
    let bundle = outsider(&scene, &second, None);
    scene.accept_update("b.example", commit_body(&bundle));
}

#[test]
fn an_external_commit_of_a_banned_user() {
    let mut scene = Scene::new();
    let user = scene.user(&scene.cathy);
    scene.alice_does(Intent::Ban { user: user.clone() });
    let second = Rogue::new(&mut scene.world, "c.example", "cathy", "ClientC2");
    let bundle = outsider(&scene, &second, None);
    let refused = scene.refuse("c.example", &scene.update(), commit_body(&bundle));
    assert_eq!(refused.rejection, Rejection::Leaving(user));
    refused.is_not_allowed();
}

#[test]
fn an_external_commit_that_another_provider_presents() {
    let mut scene = Scene::new();
    let second = Rogue::new(&mut scene.world, "c.example", "cathy", "ClientC2");
    let bundle = outsider(&scene, &second, None);
    let refused = scene.refuse_bundle(&bundle);
    let wrong = Rejection::WrongProvider {
        peer: "b.example".to_owned(),
        user: second.user.clone(),
    };
    assert_eq!(refused.rejection, wrong);
    refused.is_not_allowed();
    scene.accept_update("c.example", commit_body(&bundle));
}

#[test]
fn an_external_commit_while_a_member_must_commit_first() {
    let mut scene = Scene::new();
    let metadata = RoomMetadata::new(scene.room.clone(), "Den");
    let rename = scene.bob.propose(Propose::UpdateAppDataComponent {
        component_id: ComponentId::ROOM_METADATA.0,
        update: metadata.to_vec().unwrap(),
    });
    scene.accept_proposals(proposals_body(&[rename]));
    let second = Rogue::new(&mut scene.world, "c.example", "cathy", "ClientC2");
    let bundle = outsider(&scene, &second, None);
    let refused = scene.refuse("c.example", &scene.update(), commit_body(&bundle));
    assert_eq!(refused.rejection, Rejection::PendingFirst(1));
    refused.is_not_allowed();
}

#[test]
fn an_external_commit_that_leaves_a_self_remove_out() {
    let mut scene = Scene::new();
    let gone = scene.bob.self_remove();
    scene.accept_proposals(proposals_body(std::slice::from_ref(&gone)));
    let second = Rogue::new(&mut scene.world, "c.example", "cathy", "ClientC2");
    let policy = scene.bob.policy();
    let without = second.external_commit(scene.bob.leak(), &[], &[], &policy);
    let refused = scene.refuse("c.example", &scene.update(), commit_body(&without));
    assert!(matches!(refused.rejection, Rejection::NotCovered(_)));
    let UpdateOutcome::InvalidProposal { invalid_proposals } = refused.update() else {
        panic!("{}", refused.rejection);
    };
    assert_eq!(invalid_proposals.len(), 1);
    let with = second.external_commit(scene.bob.leak(), &[gone], &[], &policy);
    scene.accept_update("c.example", commit_body(&with));
    assert_eq!(scene.hub().clients().len(), 3);
}

#[test]
fn an_external_commit_of_someone_who_is_leaving() {
    let mut scene = Scene::new();
    let body = scene.bob.leave();
    scene.accept_proposals(body);
    let mut second = Rogue::new(&mut scene.world, "b.example", "bob", "ClientB2");
    second.user = scene.bob.user.clone();
    let bundle = outsider(&scene, &second, None);
    let refused = scene.refuse_bundle(&bundle);
    assert_eq!(refused.rejection, Rejection::Leaving(second.user));
    refused.is_not_allowed();
}

#[test]
fn an_external_commit_that_removes_somebody_elses_client() {
    let mut scene = Scene::with_bob_as(presets::SUPER_ADMIN);
    let dave = scene.bob_adds("b.example", "dave", presets::ORDINARY_USER);
    // With Dave's key, Bob's next client takes Dave's place.
    let mut second = Rogue::new(&mut scene.world, "b.example", "bob", "ClientB2");
    second.signer = dave.signer.clone();
    let bundle = outsider(&scene, &second, None);
    let refused = scene.refuse_bundle(&bundle);
    let why = ChangeError::OthersLeaf(dave.leaf());
    assert_eq!(refused.rejection, Rejection::Change(why));
    refused.is_invalid();
}

#[test]
fn an_external_commit_with_the_key_of_the_client_that_it_replaces() {
    let mut scene = Scene::new();
    let before = scene.hub().clients().len();
    let mut again = Rogue::new(&mut scene.world, "b.example", "bob", "ClientB9");
    again.signer = scene.bob.signer.clone();
    let bundle = outsider(&scene, &again, None);
    scene.accept_update("b.example", commit_body(&bundle));
    assert_eq!(scene.hub().clients().len(), before);
}
