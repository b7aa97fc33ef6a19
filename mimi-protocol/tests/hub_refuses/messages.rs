//! Messages of those who may not send, or not now.

use crate::rogue::{Plan, Scene};
use mimi_content::MimiUri;
use mimi_content::tls::Encode;
use mimi_policy::Reason;
use mimi_protocol::client::Intent;
use mimi_protocol::hub::Rejection;
use mimi_protocol::wire::SubmitMessageResponse;

#[test]
fn a_message_in_the_name_of_a_user_of_another_provider() {
    let mut scene = Scene::new();
    let mut message = scene.bob.message("It was Cathy");
    let refused = scene.refuse_message("c.example", &message);
    assert!(matches!(refused.rejection, Rejection::WrongProvider { .. }));
    message.sending_uri = scene.user(&scene.cathy);
    let refused = scene.refuse_message("b.example", &message);
    let wrong = Rejection::WrongProvider {
        peer: "b.example".to_owned(),
        user: scene.user(&scene.cathy),
    };
    assert_eq!(refused.rejection, wrong);
    assert_eq!(refused.submit(), SubmitMessageResponse::NotAllowed);
}

#[test]
fn a_message_of_someone_who_is_not_in_the_room() {
    let mut scene = Scene::new();
    let mut message = scene.bob.message("Let me in");
    let stranger = MimiUri::new_user("b.example", "eve").unwrap();
    message.sending_uri = stranger.clone();
    let refused = scene.refuse_message("b.example", &message);
    assert_eq!(*refused.reason(), Reason::NoRole(stranger));
    assert_eq!(refused.submit(), SubmitMessageResponse::NotAllowed);
}

#[test]
fn a_stale_message() {
    let mut scene = Scene::new();
    let message = scene.bob.message("Too late");
    scene.alice_does(Intent::Commit);
    let current_epoch = scene.hub().epoch();
    let refused = scene.refuse_message("b.example", &message);
    assert!(matches!(refused.rejection, Rejection::WrongEpoch { .. }));
    let too_old = SubmitMessageResponse::EpochTooOld { current_epoch };
    assert_eq!(refused.submit(), too_old);
}

#[test]
fn a_message_from_the_future() {
    let mut scene = Scene::new();
    scene.bob.commit(Plan::default());
    scene.bob.accepted(&scene.world);
    let message = scene.bob.message("Too early");
    let refused = scene.refuse_message("b.example", &message);
    assert!(matches!(refused.rejection, Rejection::WrongEpoch { .. }));
    assert_eq!(refused.submit(), SubmitMessageResponse::NotAllowed);
}

#[test]
fn a_message_of_someone_who_was_removed_or_banned() {
    for banned in [false, true] {
        let mut scene = Scene::new();
        let message = scene.bob.message("You cannot stop me");
        let user = scene.bob.user.clone();
        let intent = match banned {
            true => Intent::Ban { user },
            false => Intent::Remove { user },
        };
        scene.world.intend(&scene.alice, intent).unwrap();
        let refused = scene.refuse_message("b.example", &message);
        assert!(matches!(refused.rejection, Rejection::Denied(_)));
        // Not epochTooOld: there is no use in trying again.
        assert_eq!(refused.submit(), SubmitMessageResponse::NotAllowed);
    }
}

#[test]
fn a_message_of_a_participant_without_a_client() {
    let mut scene = Scene::new();
    let message = scene.bob.message("Hear me");
    let user = scene.bob.user.clone();
    let intent = Intent::Kick { user: user.clone() };
    scene.world.intend(&scene.alice, intent).unwrap();
    let refused = scene.refuse_message("b.example", &message);
    assert_eq!(refused.rejection, Rejection::Inactive(user));
    assert_eq!(refused.submit(), SubmitMessageResponse::NotAllowed);
}

#[test]
fn a_message_of_someone_who_is_leaving() {
    let mut scene = Scene::new();
    let message = scene.bob.message("One more thing");
    let body = scene.bob.leave();
    scene.accept_proposals(body);
    let refused = scene.refuse_message("b.example", &message);
    assert_eq!(*refused.reason(), Reason::NoRole(scene.bob.user.clone()));
    assert_eq!(refused.submit(), SubmitMessageResponse::NotAllowed);
}

#[test]
fn a_message_again_gets_the_first_answer_and_is_fanned_out_once() {
    let mut scene = Scene::new();
    let body = scene.bob.message("Once").to_vec().unwrap().into();
    scene.twice(&scene.submit(), &body);
}
