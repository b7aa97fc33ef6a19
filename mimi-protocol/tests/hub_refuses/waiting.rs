//! Proposals that would wait for ever, or of people whose word is spent.

use crate::rogue::{
    Plan, Refused, Rogue, Scene, commit_body, label, promote, proposals_body, propose_name, removal,
};
use crate::world::SUITE;
use mimi_content::MimiUri;
use mimi_policy::{Capability, ParticipantListUpdate, Reason, Role, RoleMove, presets};
use mimi_protocol::hub::Rejection;
use mimi_protocol::mls::openmls::group::Propose;
use mimi_protocol::mls::openmls::prelude::{
    Capabilities, ExtensionType, LeafNodeParameters, ProposalType,
};

#[test]
fn someone_who_is_leaving_proposes_nothing_more() {
    let mut scene = Scene::new();
    let body = scene.bob.leave();
    scene.accept_proposals(body);
    let name = propose_name(&scene.room, "Bob was here");
    let more = scene.bob.propose(name);
    let refused = scene.refuse_update(proposals_body(&[more]));
    assert_eq!(*refused.reason(), Reason::Leaving(scene.bob.user.clone()));
    refused.is_not_allowed();
}

/// Bob and Dave both keep order, until Bob proposes that Dave no longer does.
fn dave_is_to_be_demoted() -> (Scene, Rogue) {
    let mut scene = Scene::with_bob_as(presets::SUPER_ADMIN);
    let mut dave = scene.bob_adds("b.example", "dave", presets::SUPER_ADMIN);
    let index = dave.index_of(&dave.user);
    let role = presets::ORDINARY_USER;
    let demoted = scene.bob.propose_participants(&ParticipantListUpdate {
        changed: vec![RoleMove { index, role }],
        ..ParticipantListUpdate::default()
    });
    scene.accept_proposals(proposals_body(&[demoted]));
    dave.catch_up(&scene.world);
    (scene, dave)
}

#[track_caller]
fn lacks_ban(refused: &Refused, user: &MimiUri) {
    let lacks = Reason::Lacks {
        user: user.clone(),
        role: label(presets::ORDINARY_USER),
        capability: Capability::BAN,
    };
    assert_eq!(*refused.reason(), lacks);
    refused.is_not_allowed();
}

#[test]
fn someone_who_is_being_demoted_commits_a_last_ban() {
    let (mut scene, mut dave) = dave_is_to_be_demoted();
    let cathy = dave.index_of(&scene.user(&scene.cathy));
    let ban = Plan::of([promote(cathy, Role::BANNED)]).remove(dave.leaf_of(&scene.cathy));
    let bundle = dave.commit(ban);
    lacks_ban(&scene.refuse_bundle(&bundle), &dave.user);
    let bundle = dave.commit(Plan::default());
    scene.accept_update("b.example", commit_body(&bundle));
}

#[test]
fn someone_who_is_being_demoted_proposes_a_last_ban() {
    let (mut scene, mut dave) = dave_is_to_be_demoted();
    let leaf = dave.leaf_of(&scene.cathy);
    let index = dave.index_of(&scene.user(&scene.cathy));
    let role = Role::BANNED;
    let ban = ParticipantListUpdate {
        changed: vec![RoleMove { index, role }],
        ..ParticipantListUpdate::default()
    };
    let ban = [
        dave.propose_participants(&ban),
        dave.propose(Propose::Remove(leaf)),
    ];
    lacks_ban(&scene.refuse_update(proposals_body(&ban)), &dave.user);
}

#[test]
fn too_many_proposals() {
    let mut scene = Scene::new();
    let mut all = Vec::new();
    for tail in 0..=256_u32 {
        scene.bob.set_aad(&tail.to_be_bytes());
        let nothing = ParticipantListUpdate::default();
        all.push(scene.bob.propose_participants(&nothing));
    }
    let refused = scene.refuse_update(proposals_body(&all));
    assert_eq!(refused.rejection, Rejection::TooManyPending);
    refused.is_not_allowed();
}

/// A proposal that a commit could not always cover.
#[track_caller]
fn refuse_waiting(scene: &mut Scene, propose: Propose) {
    let proposal = scene.bob.propose(propose);
    let refused = scene.refuse_update(proposals_body(&[proposal]));
    let bundle = matches!(refused.rejection, Rejection::Bundle(_));
    assert!(bundle, "{}", refused.rejection);
    refused.is_invalid();
    scene.alice_commits();
}

/// Had it waited, it might have expired, or its client been added meanwhile.
#[test]
fn an_add() {
    let mut scene = Scene::new();
    let (_, key_package) = scene.bobs_second();
    refuse_waiting(&mut scene, Propose::Add(key_package));
}

/// Had it waited, a second one could have been put beside it.
#[test]
fn the_group_context_extensions_that_are_there() {
    let mut scene = Scene::new();
    let same = scene.bob.group().extensions().clone();
    refuse_waiting(&mut scene, Propose::GroupContextExtensions(same));
}

/// Had it waited, it could have put a leaf into the next commit that cannot be in
/// the group, and its sender could have committed nothing more.
#[test]
fn an_update() {
    let mut scene = Scene::new();
    let leaf = LeafNodeParameters::default();
    refuse_waiting(&mut scene, Propose::Update(leaf));
}

#[test]
fn an_update_to_a_leaf_that_cannot_be_in_the_group() {
    let mut scene = Scene::new();
    let poor = Capabilities::builder()
        .ciphersuites(vec![SUITE])
        .extensions(vec![ExtensionType::AppDataDictionary])
        .proposals(vec![ProposalType::AppDataUpdate])
        .build();
    let leaf = LeafNodeParameters::builder()
        .with_capabilities(poor)
        .build();
    refuse_waiting(&mut scene, Propose::Update(leaf));
}

#[test]
fn one_client_removed_by_two_of_its_user() {
    let mut scene = Scene::new();
    let mut second = scene.bob_adds_his_second();
    let own = scene.bob.index_of(&scene.bob.user);
    let leaf = second.leaf();
    let all = [
        scene.bob.self_remove(),
        scene.bob.propose(Propose::Remove(leaf)),
        second.self_remove(),
        scene.bob.propose_participants(&removal(own)),
    ];
    scene.accept_proposals(proposals_body(&all));
    scene.alice_commits();
    assert_eq!(scene.hub().clients().len(), 2);
}

#[test]
fn two_names_proposed_block_nobody() {
    let mut scene = Scene::new();
    for name in ["Den", "Nook"] {
        let name = propose_name(&scene.room, name);
        let name = scene.bob.propose(name);
        let _ = scene.offer("b.example", &scene.update(), proposals_body(&[name]));
        scene.world.run();
    }
    assert_eq!(scene.hub().pending(), 1);
    scene.alice_commits();
}
