//! What a hub refuses of proposals, and of commits that do not do them justice.
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

mod rogue;
#[path = "../examples/clubhouse/world/mod.rs"]
mod world;

use std::collections::BTreeSet;

use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_policy::{Invalid, ParticipantListUpdate, Reason, RoomMetadata, presets};
use mimi_protocol::client::Intent;
use mimi_protocol::hub::Rejection;
use mimi_protocol::mls::openmls::group::Propose;
use mimi_protocol::mls::openmls::prelude::{LeafNodeParameters, Proposal};
use mimi_protocol::wire::UpdateOutcome;
use rogue::{Plan, Scene, proposals_body, strike, update};

fn removal(index: u32) -> ParticipantListUpdate {
    ParticipantListUpdate {
        removed: vec![index],
        ..ParticipantListUpdate::default()
    }
}

fn rename(scene: &Scene, name: &str) -> Propose {
    let metadata = RoomMetadata::new(scene.room.clone(), name);
    Propose::UpdateAppDataComponent {
        component_id: ComponentId::ROOM_METADATA.0,
        update: metadata.to_vec().unwrap(),
    }
}

/// The references of all that Bob has heard of and nobody has committed.
fn pending(scene: &Scene) -> BTreeSet<Vec<u8>> {
    let pending = scene.bob.group().pending_proposals();
    pending
        .map(|queued| queued.proposal_reference_ref().as_slice().to_vec())
        .collect()
}

fn named(outcome: &UpdateOutcome) -> BTreeSet<Vec<u8>> {
    let UpdateOutcome::InvalidProposal { invalid_proposals } = outcome else {
        panic!("not invalidProposal: {outcome:?}");
    };
    invalid_proposals.iter().map(|r| r.to_vec()).collect()
}

fn users(scene: &Scene) -> Vec<String> {
    let participants = scene.hub().policy().participants();
    participants.iter().map(|p| p.user.to_string()).collect()
}

/// Whatever is pending, Alice can still commit.
#[track_caller]
fn alice_commits(scene: &mut Scene) {
    let epoch = scene.hub().epoch();
    let alice = scene.alice.clone();
    scene.world.client(&alice).take_events();
    scene.world.intend(&alice, Intent::Commit).unwrap();
    let events = scene.world.client(&alice).take_events();
    assert_eq!(scene.hub().epoch(), epoch + 1, "{events:?}");
    assert_eq!(scene.hub().pending(), 0);
}

// Coverage

#[test]
fn a_commit_that_leaves_out_what_is_pending() {
    let mut scene = Scene::new();
    scene.does(&scene.cathy.clone(), Intent::Leave);
    let references = pending(&scene);
    assert_eq!(references.len(), 2);
    let refused = scene.refuse_commit(Plan::default().alone());
    assert!(matches!(refused.rejection, Rejection::NotCovered(_)));
    assert_eq!(named(&refused.update()), references);
    scene.accept_commit(Plan::default());
    assert_eq!(scene.hub().clients().len(), 2);
}

#[test]
fn a_commit_that_leaves_out_one_of_two_names_that_one() {
    let mut scene = Scene::with_bob_as(presets::GROUP_ADMIN);
    scene.does(&scene.cathy.clone(), Intent::Leave);
    let leaf = scene.bob.leaf_of(&scene.cathy);
    let list = {
        let mut waiting = scene.bob.group().pending_proposals();
        let list = waiting.find(|queued| !matches!(queued.proposal(), Proposal::SelfRemove));
        list.unwrap().proposal_reference_ref().as_slice().to_vec()
    };
    // Cathy's client goes, if by another's hand; her place in the list stays.
    let refused = scene.refuse_commit(Plan::default().alone().remove(leaf));
    assert_eq!(named(&refused.update()), BTreeSet::from([list]));
}

#[test]
fn the_same_change_by_another_client_does_not_cover_a_proposal() {
    let mut scene = Scene::with_bob_as(presets::GROUP_ADMIN);
    let mut second = scene.bob_adds_his_second();
    let name = second.propose(rename(&scene, "Den"));
    scene.accept_proposals(proposals_body(&[name]));
    let name = RoomMetadata::new(scene.room.clone(), "Den");
    let inline = update(ComponentId::ROOM_METADATA, name.to_vec().unwrap());
    let refused = scene.refuse_commit(Plan::of([inline]).alone());
    assert_eq!(named(&refused.update()).len(), 1);
}

/// Nobody needs to wait for the consent of whom they put out.
#[test]
fn who_is_put_out_has_nothing_pending() {
    let mut scene = Scene::with_bob_as(presets::GROUP_ADMIN);
    scene.does(&scene.cathy.clone(), Intent::Leave);
    let cathy = scene.user(&scene.cathy);
    let (index, leaf) = (scene.bob.index_of(&cathy), scene.bob.leaf_of(&scene.cathy));
    scene.accept_commit(Plan::of([strike(index)]).alone().remove(leaf));
    assert_eq!(scene.hub().pending(), 0);
    assert_eq!(scene.hub().clients().len(), 2);
}

#[test]
fn a_commit_of_a_proposal_that_the_hub_never_saw() {
    let mut scene = Scene::with_bob_as(presets::GROUP_ADMIN);
    let mut dave = scene.bob_adds("b.example", "dave");
    let unseen = dave.self_remove();
    scene.bob.hears(&unseen);
    let refused = scene.refuse_commit(Plan::default());
    assert!(matches!(refused.rejection, Rejection::Mls(_)));
    refused.is_invalid();
}

// Several who leave

#[test]
fn one_commit_covers_two_who_leave() {
    let mut scene = Scene::new();
    scene.does(&scene.cathy.clone(), Intent::Leave);
    let body = scene.bob.leave();
    scene.accept_proposals(body);
    assert_eq!(scene.hub().provisional().participants().len(), 1);
    alice_commits(&mut scene);
    assert_eq!(users(&scene), ["mimi://a.example/u/alice"]);
    assert_eq!(scene.hub().clients().len(), 1);
}

#[test]
fn an_index_counted_as_after_another_removal() {
    let mut scene = Scene::new();
    scene.does(&scene.cathy.clone(), Intent::Leave);
    let own = scene.bob.index_of(&scene.bob.user);
    let body = [
        scene.bob.self_remove(),
        scene.bob.propose_participants(&removal(own - 1)),
    ];
    let refused = scene.refuse_update(proposals_body(&body));
    let why = Invalid::UserTwice(scene.user(&scene.cathy));
    assert_eq!(refused.rejection, Rejection::Invalid(why));
    refused.is_invalid();
    let right = scene.bob.propose_participants(&removal(own));
    scene.accept_proposals(proposals_body(&[body[0].clone(), right]));
    alice_commits(&mut scene);
    assert_eq!(users(&scene), ["mimi://a.example/u/alice"]);
}

#[test]
fn an_index_that_now_hits_somebody_who_stays() {
    let mut scene = Scene::new();
    let mut dave = scene.bob_adds("b.example", "dave");
    scene.does(&scene.cathy.clone(), Intent::Leave);
    dave.catch_up(&scene.world);
    let own = dave.index_of(&dave.user);
    let body = [
        dave.self_remove(),
        dave.propose_participants(&removal(own - 1)),
    ];
    let refused = scene.refuse_update(proposals_body(&body));
    let keeps = Reason::KeepsClients {
        user: scene.bob.user.clone(),
        clients: 1,
    };
    assert_eq!(*refused.reason(), keeps);
    refused.is_not_allowed();
}

#[test]
fn a_client_that_goes_while_its_user_stays_in_another_bundle() {
    let mut scene = Scene::new();
    let own = scene.bob.index_of(&scene.bob.user);
    let list = scene.bob.propose_participants(&removal(own));
    let refused = scene.refuse_update(proposals_body(&[list]));
    let keeps = Reason::KeepsClients {
        user: scene.bob.user.clone(),
        clients: 1,
    };
    assert_eq!(*refused.reason(), keeps);
}

// Bundles

#[test]
fn proposals_of_two_users_in_one_bundle() {
    let mut scene = Scene::new();
    let mut dave = scene.bob_adds("b.example", "dave");
    let both = [scene.bob.self_remove(), dave.self_remove()];
    let refused = scene.refuse_update(proposals_body(&both));
    assert!(matches!(refused.rejection, Rejection::Bundle(_)));
    refused.is_invalid();
    scene.accept_proposals(proposals_body(&both[..1]));
}

#[test]
fn the_same_proposal_twice() {
    let mut scene = Scene::new();
    let gone = scene.bob.self_remove();
    let twice = [gone.clone(), gone.clone()];
    let refused = scene.refuse_update(proposals_body(&twice));
    assert!(matches!(refused.rejection, Rejection::Bundle(_)));
    refused.is_invalid();
    let own = scene.bob.index_of(&scene.bob.user);
    let list = scene.bob.propose_participants(&removal(own));
    scene.accept_proposals(proposals_body(std::slice::from_ref(&gone)));
    let refused = scene.refuse_update(proposals_body(&[gone, list]));
    assert!(matches!(refused.rejection, Rejection::Bundle(_)));
    assert_eq!(scene.hub().pending(), 1);
}

#[test]
fn a_commit_in_a_bundle_of_proposals() {
    let mut scene = Scene::new();
    let bundle = scene.bob.commit(Plan::default());
    let proposal = scene.bob.self_remove_anyway();
    let mut body = proposals_body(std::slice::from_ref(&proposal)).to_vec();
    body.pop();
    let mut w = mimi_content::tls::Writer::new();
    w.vector(|w| w.raw(bundle.commit.as_bytes()));
    body.extend(w.finish().unwrap());
    let refused = scene.refuse_update(body);
    assert!(matches!(refused.rejection, Rejection::Malformed(_)));
    assert_eq!(refused.status(), 400);
}

// What would be pending for ever

#[test]
fn someone_who_is_leaving_proposes_nothing_more() {
    let mut scene = Scene::new();
    let body = scene.bob.leave();
    scene.accept_proposals(body);
    let name = rename(&scene, "Bob was here");
    let more = scene.bob.propose(name);
    let refused = scene.refuse_update(proposals_body(&[more]));
    assert_eq!(*refused.reason(), Reason::Leaving(scene.bob.user.clone()));
    refused.is_not_allowed();
}

#[test]
fn too_many_proposals() {
    let mut scene = Scene::new();
    let mut all = Vec::new();
    for tail in 0..=256_u32 {
        scene.bob.set_aad(&tail.to_be_bytes());
        let name = rename(&scene, "Den");
        all.push(scene.bob.propose(name));
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
    assert!(matches!(refused.rejection, Rejection::Bundle(_)));
    refused.is_invalid();
    alice_commits(scene);
}

/// An Update waits, but a second one for the same leaf could not be covered.
#[test]
fn two_updates_of_one_client() {
    let mut scene = Scene::new();
    let update = Propose::Update(LeafNodeParameters::default());
    let update = scene.bob.propose(update);
    scene.accept_proposals(proposals_body(&[update]));
    refuse_waiting(&mut scene, Propose::Update(LeafNodeParameters::default()));
}

/// One SelfRemove of a client is enough for an epoch (EXT, "SelfRemove
/// Proposal"): a commit could not hold two.
#[test]
fn two_self_removes_of_one_client() {
    let mut scene = Scene::new();
    let mut second = scene.bob_adds_his_second();
    let first = second.self_remove();
    scene.accept_proposals(proposals_body(&[first]));
    second.set_aad(&[7]);
    let again = second.self_remove();
    let refused = scene.refuse_update(proposals_body(&[again]));
    assert!(matches!(refused.rejection, Rejection::Bundle(_)));
    refused.is_invalid();
    alice_commits(&mut scene);
    assert_eq!(scene.hub().clients().len(), 3);
}

/// The proposal to leave takes the place of the Update.
#[test]
fn an_update_by_someone_who_leaves() {
    let mut scene = Scene::new();
    let update = Propose::Update(LeafNodeParameters::default());
    let update = scene.bob.propose(update);
    scene.accept_proposals(proposals_body(&[update]));
    let body = scene.bob.leave();
    scene.accept_proposals(body);
    alice_commits(&mut scene);
    assert_eq!(scene.hub().clients().len(), 2);
}

/// No commit holds the committer's own Update: its path does the same.
#[test]
fn a_commit_by_the_sender_of_an_update() {
    let mut scene = Scene::new();
    let update = Propose::Update(LeafNodeParameters::default());
    let update = scene.bob.propose(update);
    scene.accept_proposals(proposals_body(&[update]));
    scene.accept_commit(Plan::default());
    assert_eq!(scene.hub().pending(), 0);
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
    alice_commits(&mut scene);
    assert_eq!(scene.hub().clients().len(), 2);
}

#[test]
fn two_names_proposed_block_nobody() {
    let mut scene = Scene::new();
    for name in ["Den", "Nook"] {
        let name = rename(&scene, name);
        let name = scene.bob.propose(name);
        let _ = scene.offer("b.example", &scene.update(), proposals_body(&[name]));
        scene.world.run();
    }
    assert_eq!(scene.hub().pending(), 1);
    alice_commits(&mut scene);
}
