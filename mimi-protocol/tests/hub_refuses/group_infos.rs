//! GroupInfos that are not what the commit leads to.

use crate::rogue::{Plan, Rogue, Scene, commit_body, info_of, rename};
use bytes::Bytes;
use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_policy::RoomMetadata;
use mimi_protocol::hub::Rejection;
use mimi_protocol::mls::GroupInfoError;
use mimi_protocol::wire::mls::{Extension as WireExtension, ExtensionType as WireExtensionType};
use mimi_protocol::wire::{CommitBundle, GroupInfoOption, PartialGroupInfo};

#[test]
fn a_commit_without_group_info() {
    let mut scene = Scene::new();
    let bundle = scene.bob.commit(Plan::default());
    let mut none = bundle.commit.as_bytes().to_vec();
    none.push(0);
    let cut = none.clone();
    none.push(0);
    bundle
        .ratchet_tree
        .to_vec()
        .unwrap()
        .iter()
        .for_each(|o| none.push(*o));
    for body in [none, cut] {
        let refused = scene.refuse_update(body);
        assert!(matches!(refused.rejection, Rejection::Malformed(_)));
        assert_eq!(refused.status(), 400);
    }
    scene.accept_update("b.example", commit_body(&bundle));
}

/// The hub refuses the bundle with another GroupInfo, and takes it with the
/// right one.
#[track_caller]
fn refuse_info(
    scene: &mut Scene,
    mut bundle: CommitBundle,
    info: GroupInfoOption,
    why: GroupInfoError,
) {
    let good = std::mem::replace(&mut bundle.group_info, info);
    let refused = scene.refuse_bundle(&bundle);
    assert_eq!(refused.rejection, Rejection::GroupInfo(why));
    refused.is_invalid();
    bundle.group_info = good;
    scene.accept_update("b.example", commit_body(&bundle));
}

#[test]
fn a_group_info_of_another_commit() {
    let mut scene = Scene::new();
    let other = scene.bob.commit(Plan::default()).group_info;
    let plan = Plan::of([rename(&scene.room, "Den")]);
    let bundle = scene.bob.commit(plan);
    refuse_info(&mut scene, bundle, other, GroupInfoError::Context);
}

#[test]
fn a_group_context_that_does_not_follow_from_the_proposals() {
    let mut scene = Scene::new();
    let metadata = RoomMetadata::new(scene.room.clone(), "Bob's alone").to_vec();
    let plan = Plan::of([rename(&scene.room, "Den")]);
    let lie = plan.lie(ComponentId::ROOM_METADATA, &metadata.unwrap());
    let refused = scene.refuse_commit(lie);
    let why = GroupInfoError::Context;
    assert_eq!(refused.rejection, Rejection::GroupInfo(why));
    refused.is_invalid();
}

#[test]
fn a_group_info_that_another_member_signed() {
    let mut scene = Scene::new();
    let bundle = scene.bob.commit(Plan::default());
    let alice = scene.bob.leaf_of(&scene.alice);
    let mut info = info_of(&bundle);
    info.signer = alice;
    let info = scene.bob.sign(info);
    refuse_info(&mut scene, bundle, info, GroupInfoError::Signer(alice));
}

#[test]
fn a_group_info_whose_signature_is_off_by_a_bit() {
    let mut scene = Scene::new();
    let bundle = scene.bob.commit(Plan::default());
    let mut info = info_of(&bundle);
    let mut signature = info.signature.to_vec();
    signature[10] ^= 1;
    info.signature = signature.into();
    let info = GroupInfoOption::Full(Box::new(info.assemble().unwrap()));
    refuse_info(&mut scene, bundle, info, GroupInfoError::Signature);
}

#[test]
fn a_group_info_signed_with_another_key() {
    let mut scene = Scene::new();
    let bundle = scene.bob.commit(Plan::default());
    let eve = Rogue::new(&mut scene.world, "b.example", "eve", "ClientE1");
    let info = eve.sign(info_of(&bundle));
    refuse_info(&mut scene, bundle, info, GroupInfoError::Signature);
}

#[test]
fn a_group_info_with_another_confirmation_tag() {
    let mut scene = Scene::new();
    let bundle = scene.bob.commit(Plan::default());
    let mut info = info_of(&bundle);
    info.confirmation_tag = vec![7; 32].into();
    let info = scene.bob.sign(info);
    refuse_info(&mut scene, bundle, info, GroupInfoError::ConfirmationTag);
}

#[test]
fn a_group_info_with_the_tree_in_it() {
    let mut scene = Scene::new();
    let bundle = scene.bob.commit(Plan::default());
    let mut info = info_of(&bundle);
    let (_, tree) = scene.bob.leak();
    let tree = tls_codec::Serialize::tls_serialize_detached(&tree).unwrap();
    info.extensions.push(WireExtension {
        extension_type: WireExtensionType::RATCHET_TREE,
        data: tree.into(),
    });
    let info = scene.bob.sign(info);
    refuse_info(&mut scene, bundle, info, GroupInfoError::RatchetTree);
}

#[test]
fn a_group_info_by_which_nobody_could_join() {
    let mut scene = Scene::new();
    let bundle = scene.bob.commit(Plan::default());
    let mut info = info_of(&bundle);
    info.extensions
        .retain(|e| e.extension_type != WireExtensionType::EXTERNAL_PUB);
    let info = scene.bob.sign(info);
    refuse_info(&mut scene, bundle, info, GroupInfoError::ExternalPub);
}

fn partial(bundle: &CommitBundle) -> PartialGroupInfo {
    let info = info_of(bundle);
    PartialGroupInfo {
        extensions: info.extensions,
        signature: info.signature,
    }
}

#[test]
fn a_partial_group_info_that_is_wrong_and_one_that_is_right() {
    let mut scene = Scene::new();
    let plan = Plan::of([rename(&scene.room, "Den")]);
    let mut bundle = scene.bob.commit(plan);
    let good = partial(&bundle);
    let mut unsigned = good.clone();
    unsigned.signature = Bytes::from(vec![0; 64]);
    let mut closed = good.clone();
    closed.extensions.clear();
    for (wrong, why) in [
        (unsigned, GroupInfoError::Signature),
        (closed, GroupInfoError::ExternalPub),
    ] {
        bundle.group_info = GroupInfoOption::Partial(wrong);
        let refused = scene.refuse_bundle(&bundle);
        assert_eq!(refused.rejection, Rejection::GroupInfo(why));
        refused.is_invalid();
    }
    bundle.group_info = GroupInfoOption::Partial(good);
    scene.accept_update("b.example", commit_body(&bundle));
    // What the hub put together from it serves those who join externally.
    let newcomer = scene.world.add_client("c.example", "cathy", "ClientC2");
    scene.world.ask_to_join(&newcomer, &scene.room.clone());
    scene.world.run();
    assert_eq!(scene.world.clients[&newcomer].rejections, [""; 0]);
    assert!(scene.world.clients[&newcomer].room().is_member());
}

#[test]
fn a_partial_group_info_for_a_context_that_does_not_follow() {
    let mut scene = Scene::new();
    let metadata = RoomMetadata::new(scene.room.clone(), "Bob's alone").to_vec();
    let plan = Plan::of([rename(&scene.room, "Den")]);
    let lie = plan.lie(ComponentId::ROOM_METADATA, &metadata.unwrap());
    let mut bundle = scene.bob.commit(lie);
    bundle.group_info = GroupInfoOption::Partial(partial(&bundle));
    let refused = scene.refuse_bundle(&bundle);
    let why = GroupInfoError::Signature;
    assert_eq!(refused.rejection, Rejection::GroupInfo(why));
}

#[test]
fn a_partial_group_info_that_another_signed() {
    let mut scene = Scene::new();
    let eve = Rogue::new(&mut scene.world, "b.example", "eve", "ClientE1");
    let mut bundle = scene.bob.commit(Plan::default());
    let good = partial(&bundle);
    // With another key; with Bob's, but in Alice's name.
    let by_eve = eve.sign(info_of(&bundle));
    let mut info = info_of(&bundle);
    info.signer = scene.bob.leaf_of(&scene.alice);
    let as_alice = scene.bob.sign(info);
    for whole in [by_eve, as_alice] {
        bundle.group_info = whole;
        bundle.group_info = GroupInfoOption::Partial(partial(&bundle));
        let refused = scene.refuse_bundle(&bundle);
        let why = GroupInfoError::Signature;
        assert_eq!(refused.rejection, Rejection::GroupInfo(why));
        refused.is_invalid();
    }
    bundle.group_info = GroupInfoOption::Partial(good);
    scene.accept_update("b.example", commit_body(&bundle));
}

#[test]
fn a_partial_group_info_of_another_epoch() {
    let mut scene = Scene::new();
    let bundle = scene.bob.commit(Plan::default());
    let earlier = partial(&bundle);
    scene.accept_update("b.example", commit_body(&bundle));
    scene.bob.accepted(&scene.world);
    let mut bundle = scene.bob.commit(Plan::default());
    let good = partial(&bundle);
    bundle.group_info = GroupInfoOption::Partial(earlier);
    let refused = scene.refuse_bundle(&bundle);
    let why = GroupInfoError::Signature;
    assert_eq!(refused.rejection, Rejection::GroupInfo(why));
    refused.is_invalid();
    bundle.group_info = GroupInfoOption::Partial(good);
    scene.accept_update("b.example", commit_body(&bundle));
}

#[test]
fn a_partial_group_info_with_a_tree() {
    let mut scene = Scene::new();
    let mut bundle = scene.bob.commit(Plan::default());
    let good = partial(&bundle);
    let (_, tree) = scene.bob.leak();
    let tree = tls_codec::Serialize::tls_serialize_detached(&tree).unwrap();
    let mut with_tree = good.clone();
    with_tree.extensions.push(WireExtension {
        extension_type: WireExtensionType::RATCHET_TREE,
        data: tree.into(),
    });
    bundle.group_info = GroupInfoOption::Partial(with_tree);
    let embedded = commit_body(&bundle);
    bundle.group_info = GroupInfoOption::Partial(good.clone());
    let body = commit_body(&bundle);
    // The presence octet is in front of the rest, which is at the body's end.
    let tail = good.to_vec().unwrap().len() + bundle.ratchet_tree.to_vec().unwrap().len();
    let presence = body.len() - tail;
    let announced = [1, 2, 3].map(|value| {
        let mut body = body.to_vec();
        body[presence] = value;
        Bytes::from(body)
    });
    for body in announced.into_iter().chain([embedded]) {
        let refused = scene.refuse_update(body);
        assert!(matches!(refused.rejection, Rejection::Malformed(_)));
        assert_eq!(refused.status(), 400);
    }
    scene.accept_update("b.example", body);
}
