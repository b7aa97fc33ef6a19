//! The wrong room, body, provider, epoch or signature.

use crate::rogue::{
    IN_COMMIT_SIGNATURE, IN_PROPOSAL_SIGNATURE, Plan, Scene, commit_body, flipped, overwritten,
    proposals_body, recommit,
};
use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::{Encode, Writer};
use mimi_protocol::client::Intent;
use mimi_protocol::hub::Rejection;
use mimi_protocol::wire::mls::{ContentType, WireFormat};
use mimi_protocol::wire::{Endpoint, UpdateOutcome};

fn all_endpoints(room: &MimiUri) -> Vec<Endpoint> {
    let room = room.clone();
    vec![
        Endpoint::Update { room: room.clone() },
        Endpoint::SubmitMessage { room: room.clone() },
        Endpoint::GroupInfo { room: room.clone() },
        Endpoint::ReportAbuse { room },
    ]
}

#[test]
fn a_path_that_names_another_room() {
    let mut scene = Scene::new();
    let other = MimiUri::new_room("a.example", "cellar").unwrap();
    let body = commit_body(&scene.bob.commit(Plan::default()));
    for endpoint in all_endpoints(&other) {
        let refused = scene.refuse("b.example", &endpoint, body.clone());
        assert_eq!(refused.rejection, Rejection::UnknownRoom(other.clone()));
        assert_eq!(refused.status(), 404);
    }
}

#[test]
fn an_endpoint_that_no_room_serves() {
    let mut scene = Scene::new();
    let notify = Endpoint::Notify {
        room: scene.room.clone(),
    };
    let refused = scene.refuse("b.example", &notify, Bytes::new());
    assert_eq!(refused.rejection, Rejection::WrongEndpoint);
    assert_eq!(refused.status(), 404);
}

#[test]
fn malformed_bodies() {
    let mut scene = Scene::new();
    let commit = commit_body(&scene.bob.commit(Plan::default()));
    let trailing = Bytes::from([&commit, &[0u8][..]].concat());
    let cut = commit.slice(..commit.len() - 1);
    for endpoint in all_endpoints(&scene.room) {
        for body in [Bytes::new(), trailing.clone(), cut.clone()] {
            let refused = scene.refuse("b.example", &endpoint, body);
            assert!(matches!(refused.rejection, Rejection::Malformed(_)));
            assert_eq!(refused.status(), 400);
        }
    }
    scene.accept_update("b.example", commit);
}

#[test]
fn a_private_message_as_an_update() {
    let mut scene = Scene::new();
    let message = scene.bob.message("I commit");
    let body = [message.app_message.as_bytes(), &[0u8][..]].concat();
    let refused = scene.refuse_update(body);
    assert!(matches!(refused.rejection, Rejection::Malformed(_)));
    assert_eq!(refused.status(), 400);
}

/// A SemiPrivateMessage of this group and epoch, whatever it holds.
fn semi_private(scene: &Scene, content_type: ContentType) -> Vec<u8> {
    let mut w = Writer::new();
    w.u16(1);
    WireFormat::SEMIPRIVATE_MESSAGE.encode(&mut w);
    w.opaque(scene.bob.group().group_id().as_slice());
    w.u64(scene.hub().epoch());
    w.u8(if content_type == ContentType::Commit {
        3
    } else {
        2
    });
    // AAD, partial context hash, no keys for receivers, framed content.
    (0..6).for_each(|_| w.opaque(&[]));
    w.finish().unwrap()
}

#[test]
fn a_semi_private_commit_or_proposal() {
    let mut scene = Scene::new();
    let bundle = scene.bob.commit(Plan::default());
    let mut rest = Writer::new();
    rest.u8(0);
    bundle.group_info.encode(&mut rest);
    bundle.ratchet_tree.encode(&mut rest);
    let commit = semi_private(&scene, ContentType::Commit);
    let proposal = semi_private(&scene, ContentType::Proposal);
    for body in [
        [commit, rest.finish().unwrap()].concat(),
        [proposal, vec![0]].concat(),
    ] {
        let refused = scene.refuse_update(body);
        assert_eq!(refused.rejection, Rejection::SemiPrivate);
        refused.is_not_allowed();
    }
}

#[test]
fn a_commit_that_another_provider_presents() {
    let mut scene = Scene::new();
    let body = commit_body(&scene.bob.commit(Plan::default()));
    let refused = scene.refuse("c.example", &scene.update(), body.clone());
    let wrong = Rejection::WrongProvider {
        peer: "c.example".to_owned(),
        user: scene.bob.user.clone(),
    };
    assert_eq!(refused.rejection, wrong);
    refused.is_not_allowed();
    scene.accept_update("b.example", body);
}

#[test]
fn proposals_that_another_provider_presents() {
    let mut scene = Scene::new();
    let body = scene.bob.leave();
    let refused = scene.refuse("c.example", &scene.update(), body.clone());
    assert!(matches!(refused.rejection, Rejection::WrongProvider { .. }));
    refused.is_not_allowed();
    scene.accept_proposals(body);
}

#[test]
fn a_stale_commit() {
    let mut scene = Scene::new();
    let body = commit_body(&scene.bob.commit(Plan::default()));
    scene.alice_does(Intent::Commit);
    let current = scene.hub().epoch();
    let refused = scene.refuse_update(body);
    let wrong = Rejection::WrongEpoch {
        sent: current - 1,
        current,
    };
    assert_eq!(refused.rejection, wrong);
    let current_epoch = current;
    assert_eq!(
        refused.update(),
        UpdateOutcome::WrongEpoch { current_epoch }
    );
}

#[test]
fn a_commit_from_the_future() {
    let mut scene = Scene::new();
    let current = scene.hub().epoch();
    scene.bob.commit(Plan::default());
    scene.bob.accepted(&scene.world);
    let refused = scene.refuse_commit(Plan::default());
    let wrong = Rejection::WrongEpoch {
        sent: current + 1,
        current,
    };
    assert_eq!(refused.rejection, wrong);
    let current_epoch = current;
    assert_eq!(
        refused.update(),
        UpdateOutcome::WrongEpoch { current_epoch }
    );
}

#[test]
fn stale_proposals() {
    let mut scene = Scene::new();
    let body = scene.bob.leave();
    scene.world.intend(&scene.alice, Intent::Commit).unwrap();
    let current_epoch = scene.hub().epoch();
    let refused = scene.refuse_update(body);
    assert_eq!(
        refused.update(),
        UpdateOutcome::WrongEpoch { current_epoch }
    );
}

#[test]
fn messages_of_another_group() {
    let mut scene = Scene::new();
    let end = "/g/clubhouse".len();
    let renamed = |octets: &Bytes| {
        let place = octets.windows(end).position(|w| w == b"/g/clubhouse");
        flipped(octets, octets.len() - place.unwrap() - end + 1)
    };
    let mut bundle = scene.bob.commit(Plan::default());
    bundle.commit = recommit(&renamed(bundle.commit.as_bytes()));
    let refused = scene.refuse_bundle(&bundle);
    assert_eq!(refused.rejection, Rejection::OtherGroup);
    assert_eq!(refused.status(), 400);
    let message: Bytes = scene.bob.message("Astray").to_vec().unwrap().into();
    let refused = scene.refuse("b.example", &scene.submit(), renamed(&message));
    assert_eq!(refused.rejection, Rejection::OtherGroup);
    assert_eq!(refused.status(), 400);
}

#[test]
fn a_commit_whose_signature_is_off_by_a_bit() {
    let mut scene = Scene::new();
    let good = scene.bob.commit(Plan::default());
    let mut bad = good.clone();
    bad.commit = recommit(&flipped(good.commit.as_bytes(), IN_COMMIT_SIGNATURE));
    let refused = scene.refuse_bundle(&bad);
    assert!(matches!(refused.rejection, Rejection::Mls(_)));
    refused.is_invalid();
    scene.accept_update("b.example", commit_body(&good));
}

#[test]
fn a_proposal_whose_signature_is_off_by_a_bit() {
    let mut scene = Scene::new();
    let good = scene.bob.self_remove();
    let bad = flipped(&good, IN_PROPOSAL_SIGNATURE);
    let refused = scene.refuse_update(proposals_body(&[bad]));
    assert!(matches!(refused.rejection, Rejection::Mls(_)));
    refused.is_invalid();
    scene.accept_proposals(proposals_body(&[good]));
}

#[test]
fn a_commit_of_someone_who_was_removed_or_banned() {
    for banned in [false, true] {
        let mut scene = Scene::new();
        let mut bundle = scene.bob.commit(Plan::default());
        let user = scene.bob.user.clone();
        let intent = match banned {
            true => Intent::Ban { user },
            false => Intent::Remove { user },
        };
        scene.world.intend(&scene.alice, intent).unwrap();
        let refused = scene.refuse_bundle(&bundle);
        assert!(matches!(refused.rejection, Rejection::WrongEpoch { .. }));
        // The epoch is easily forged; the leaf is gone all the same.
        let commit = bundle.commit.as_bytes();
        let epoch = (scene.hub().epoch() - 1).to_be_bytes();
        let place = commit.windows(8).position(|w| w == epoch).unwrap();
        bundle.commit = recommit(&overwritten(
            commit,
            place,
            &scene.hub().epoch().to_be_bytes(),
        ));
        let refused = scene.refuse_bundle(&bundle);
        assert!(matches!(refused.rejection, Rejection::Mls(_)));
        refused.is_invalid();
    }
}

#[test]
fn a_commit_of_someone_who_is_leaving() {
    let mut scene = Scene::new();
    let body = scene.bob.leave();
    scene.accept_proposals(body);
    let refused = scene.refuse_commit(Plan::default().alone());
    let leaving = Rejection::Leaving(scene.bob.user.clone());
    assert_eq!(refused.rejection, leaving);
    refused.is_not_allowed();
}

#[test]
fn an_update_again_gets_the_first_answer_and_is_fanned_out_once() {
    let mut scene = Scene::new();
    let body = commit_body(&scene.bob.commit(Plan::default()));
    scene.twice(&scene.update(), &body);
    scene.bob.accepted(&scene.world);
    let body = scene.bob.leave();
    scene.twice(&scene.update(), &body);
}

#[test]
fn the_answer_to_one_provider_is_not_for_another() {
    let mut scene = Scene::new();
    let body: Bytes = scene.bob.message("Mine").to_vec().unwrap().into();
    scene
        .offer("b.example", &scene.submit(), body.clone())
        .unwrap();
    let refused = scene.refuse("c.example", &scene.submit(), body);
    assert!(matches!(refused.rejection, Rejection::WrongProvider { .. }));
}
