//! Commits that do not do pending proposals justice, and proposals that do not
//! belong together.

use crate::rogue::{Plan, Scene, proposals_body, propose_name, removal, rename, strike};
use mimi_policy::{Invalid, Reason, presets};
use mimi_protocol::client::Intent;
use mimi_protocol::hub::Rejection;
use mimi_protocol::mls::openmls::prelude::Proposal;
use mimi_protocol::wire::UpdateOutcome;
use std::collections::BTreeSet;

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

/// The reference of the pending change of the participant list.
fn pending_list(scene: &Scene) -> Vec<u8> {
    let mut waiting = scene.bob.group().pending_proposals();
    let list = waiting.find(|queued| !matches!(queued.proposal(), Proposal::SelfRemove));
    list.unwrap().proposal_reference_ref().as_slice().to_vec()
}

#[test]
fn a_commit_that_leaves_out_one_of_two_names_that_one() {
    let mut scene = Scene::new();
    scene.does(&scene.cathy.clone(), Intent::Leave);
    let list = pending_list(&scene);
    let refused = scene.refuse_commit(Plan::default().without(&list));
    assert_eq!(named(&refused.update()), BTreeSet::from([list]));
}

#[test]
fn a_client_removed_by_another_hand_is_gone_all_the_same() {
    let mut scene = Scene::with_bob_as(presets::GROUP_ADMIN);
    scene.does(&scene.cathy.clone(), Intent::Leave);
    let list = pending_list(&scene);
    let leaf = scene.bob.leaf_of(&scene.cathy);
    // Her place in the list stays.
    let refused = scene.refuse_commit(Plan::default().alone().remove(leaf));
    assert_eq!(named(&refused.update()), BTreeSet::from([list]));
}

#[test]
fn the_same_change_by_another_does_not_cover_a_proposal() {
    let mut scene = Scene::new();
    let mut dave = scene.bob_adds("b.example", "dave", presets::ORDINARY_USER);
    let name = dave.propose(propose_name(&scene.room, "Den"));
    scene.accept_proposals(proposals_body(&[name]));
    scene.bob.catch_up(&scene.world);
    let references = pending(&scene);
    let plan = Plan::of([rename(&scene.room, "Den")]).alone();
    let refused = scene.refuse_commit(plan);
    assert_eq!(named(&refused.update()), references);
    scene.accept_commit(Plan::default());
}

#[test]
fn the_same_change_by_another_client_does_not_cover_a_proposal() {
    let mut scene = Scene::new();
    let mut second = scene.bob_adds_his_second();
    let name = second.propose(propose_name(&scene.room, "Den"));
    scene.accept_proposals(proposals_body(&[name]));
    let plan = Plan::of([rename(&scene.room, "Den")]).alone();
    let refused = scene.refuse_commit(plan);
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
    let mut dave = scene.bob_adds("b.example", "dave", presets::ORDINARY_USER);
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
    scene.alice_commits();
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
    scene.alice_commits();
    assert_eq!(users(&scene), ["mimi://a.example/u/alice"]);
}

#[test]
fn an_index_that_now_hits_somebody_who_stays() {
    let mut scene = Scene::new();
    let mut dave = scene.bob_adds("b.example", "dave", presets::ORDINARY_USER);
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
    let mut dave = scene.bob_adds("b.example", "dave", presets::ORDINARY_USER);
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
fn two_self_removes_of_one_client() {
    let mut scene = Scene::new();
    let body = scene.bob.leave();
    scene.accept_proposals(body);
    scene.bob.set_aad(b"again");
    let again = scene.bob.self_remove();
    let refused = scene.refuse_update(proposals_body(&[again]));
    assert!(matches!(refused.rejection, Rejection::Bundle(_)));
    refused.is_invalid();
    scene.alice_commits();
    assert_eq!(scene.hub().clients().len(), 2);
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
