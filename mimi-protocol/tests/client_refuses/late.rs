//! Messages that come when their epoch is over: what a room tolerates is read,
//! nothing else is.

use crate::rogue::{Scene, tolerant};
use bytes::Bytes;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri, NestedPart, Salt, Timestamp};
use mimi_policy::Reason;
use mimi_protocol::client::{Event, Fault, Input, Intent, Outcome, Rejection};
use mimi_protocol::wire::{FanoutEvent, FanoutMessage};

fn says(text: &'static str) -> Intent {
    let content = MimiContent::new(Salt::new([5; 16]), NestedPart::plain(text));
    Intent::Send {
        content: Box::new(content),
    }
}

/// Something of Bob's that the hub fans out at once. It is no MIMI content.
fn bob_says(scene: &mut Scene, text: &str) -> Bytes {
    let message = FanoutMessage {
        timestamp: scene.world.now(),
        event: FanoutEvent::Application {
            message: scene.bob.message(text).app_message,
            frank: None,
        },
    };
    message.to_vec().unwrap().into()
}

/// The same event, accepted at another time.
fn accepted_at(event: &Bytes, timestamp: Timestamp) -> Bytes {
    let mut message = FanoutMessage::from_bytes(event).unwrap();
    message.timestamp = timestamp;
    message.to_vec().unwrap().into()
}

fn hears(scene: &mut Scene, client: &MimiUri, message: &Bytes) -> Result<Outcome, Rejection> {
    let message = message.clone();
    scene.world.member(client, Input::Deliver { message })
}

/// How the message was too old.
#[track_caller]
fn too_old(heard: Result<Outcome, Rejection>) -> (u64, u64, u8) {
    match heard {
        Ok(Outcome::Refused(Fault::NotAllowed(denied))) => match denied.reason {
            Reason::Epoch {
                sent,
                now,
                tolerance,
            } => (sent, now, tolerance),
            other => panic!("{other}"),
        },
        other => panic!("{other:?}"),
    }
}

fn messages(scene: &mut Scene, client: &MimiUri) -> usize {
    let events = scene.world.client(client).take_events();
    let message = |event: &&Event| matches!(event, Event::Message { .. });
    events.iter().filter(message).count()
}

/// Something that Cathy says, as the hub fans it out to Alice, whom it does not
/// reach yet.
fn on_its_way_to_alice(scene: &mut Scene) -> Bytes {
    let (alice, cathy) = (scene.alice.clone(), scene.cathy.clone());
    scene.world.take_offline(&alice);
    scene.world.intend(&cathy, says("Hello")).unwrap();
    let message = scene.world.withheld(&alice).unwrap();
    scene.world.forget_withheld();
    scene.world.bring_online(&alice);
    message
}

/// A hub that has fanned a message of Bob's out too late, and does so again.
#[test]
fn a_message_that_is_older_than_the_room_tolerates() {
    for (tolerance, commits) in [(0, 1), (1, 2), (3, 4)] {
        let mut scene = Scene::operated(&tolerant(tolerance));
        scene.world.paranoid = true;
        let sent = scene.hub().epoch();
        let late = bob_says(&mut scene, "Late");
        for _ in 0..commits {
            scene.alice_does(Intent::Commit);
        }
        let now = scene.hub().epoch();
        let late = accepted_at(&late, scene.world.now());
        for client in [scene.alice.clone(), scene.cathy.clone()] {
            for _ in 0..2 {
                let heard = hears(&mut scene, &client, &late);
                assert_eq!(too_old(heard), (sent, now, tolerance));
            }
            assert_eq!(messages(&mut scene, &client), 0);
        }
    }
}

/// Five epochs later, which is more than a client keeps without being asked to.
#[test]
fn no_message_that_is_late_and_tolerated() {
    let mut scene = Scene::operated(&tolerant(5));
    scene.world.paranoid = true;
    let (alice, cathy) = (scene.alice.clone(), scene.cathy.clone());
    scene.world.take_offline(&cathy);
    scene.world.intend(&cathy, says("I am on a train")).unwrap();
    for _ in 0..5 {
        scene.alice_does(Intent::Commit);
    }
    messages(&mut scene, &alice);
    scene.world.bring_online(&cathy);
    assert_eq!(messages(&mut scene, &alice), 1);
}

/// A policy that tolerates less makes a client forget, for good, what it kept.
#[test]
fn what_came_in_an_epoch_that_is_forgotten() {
    let mut scene = Scene::operated(&tolerant(5));
    let cathy = scene.cathy.clone();
    let (first, second) = (bob_says(&mut scene, "One"), bob_says(&mut scene, "Two"));
    for _ in 0..4 {
        scene.alice_does(Intent::Commit);
    }
    // It decrypts, and is no MIMI content.
    let heard = hears(&mut scene, &cathy, &first);
    let unframed = matches!(heard, Ok(Outcome::Refused(Fault::Content(_))));
    assert!(unframed, "{heard:?}");
    scene.operate(&tolerant(1));
    scene.operate(&tolerant(200));
    let heard = hears(&mut scene, &cathy, &second);
    assert!(matches!(heard, Err(Rejection::Mls(_))), "{heard:?}");
}

/// The answer to Alice's commit comes before a message that the hub accepted
/// earlier. A hub that says it accepted it later has broken its policy.
#[test]
fn no_message_that_her_own_commits_have_overtaken() {
    let mut scene = Scene::operated(&tolerant(0));
    scene.world.paranoid = true;
    let alice = scene.alice.clone();
    let message = on_its_way_to_alice(&mut scene);
    let sent = scene.hub().epoch();
    for _ in 0..3 {
        scene.alice_does(Intent::Commit);
    }
    messages(&mut scene, &alice);
    let later = accepted_at(&message, scene.world.now());
    assert_eq!(
        too_old(hears(&mut scene, &alice, &later)),
        (sent, sent + 3, 0)
    );
    // Nothing was decrypted for that.
    assert_eq!(hears(&mut scene, &alice, &message), Ok(Outcome::Done));
    scene.world.run();
    assert_eq!(messages(&mut scene, &alice), 1);
}

/// What was tolerated when the hub accepted it counts, not what Alice's commit
/// has made of that since.
#[test]
fn a_message_by_what_was_tolerated_when_it_was_accepted() {
    let mut scene = Scene::operated(&tolerant(0));
    scene.world.paranoid = true;
    let alice = scene.alice.clone();
    let message = on_its_way_to_alice(&mut scene);
    let sent = scene.hub().epoch();
    scene.alice_does(Intent::Commit);
    let between = scene.world.now();
    scene.world.pass(10);
    let update = tolerant(9).to_vec().unwrap();
    let component = mimi_content::component::ComponentId::MLS_OPERATIONAL_POLICY;
    scene.alice_does(Intent::Update { component, update });
    scene.world.pass(10);
    // Before the second commit a message of the epoch before was too old.
    let heard = hears(&mut scene, &alice, &accepted_at(&message, between));
    assert_eq!(too_old(heard), (sent, sent + 1, 0));
    assert_eq!(hears(&mut scene, &alice, &message), Ok(Outcome::Done));
}

/// Alice's commit tolerates less from now on; what the hub accepted before it still
/// decrypts.
#[test]
fn no_message_that_was_tolerated_until_her_own_commit() {
    let mut scene = Scene::operated(&tolerant(9));
    let alice = scene.alice.clone();
    let early = bob_says(&mut scene, "One");
    for _ in 0..5 {
        scene.alice_does(Intent::Commit);
    }
    scene.world.pass(10);
    let accepted = scene.world.now();
    scene.world.pass(10);
    let update = tolerant(0).to_vec().unwrap();
    let component = mimi_content::component::ComponentId::MLS_OPERATIONAL_POLICY;
    scene.alice_does(Intent::Update { component, update });
    let heard = hears(&mut scene, &alice, &accepted_at(&early, accepted));
    // It decrypts, and is no MIMI content.
    let unframed = matches!(heard, Ok(Outcome::Refused(Fault::Content(_))));
    assert!(unframed, "{heard:?}");
}

/// Bob said it when he could, but the hub has let it through since.
#[test]
fn a_late_message_of_someone_who_was_banned_meanwhile() {
    let mut scene = Scene::operated(&tolerant(2));
    let (alice, cathy) = (scene.alice.clone(), scene.cathy.clone());
    let late = bob_says(&mut scene, "You will be sorry");
    let bob = scene.bob.user.clone();
    let ban = Intent::Ban { user: bob.clone() };
    scene.world.intend(&alice, ban).unwrap();
    let late = accepted_at(&late, scene.world.now());
    for client in [alice, cathy] {
        let heard = hears(&mut scene, &client, &late);
        let Ok(Outcome::Refused(Fault::NotAllowed(denied))) = heard else {
            panic!("{heard:?}");
        };
        assert_eq!(denied.reason, Reason::Banned(bob.clone()));
    }
}

/// What a device cannot read is no fault of the hub's: the answer to its external
/// commit comes before what is still on its way.
#[test]
fn what_was_said_before_the_client_came_in() {
    let mut scene = Scene::operated(&tolerant(0));
    let early = bob_says(&mut scene, "Before you came");
    let device = crate::device(&mut scene);
    let room = scene.room.clone();
    scene.world.ask_to_join(&device, &room);
    scene.world.run();
    assert!(scene.world.clients[&device].room().is_member());
    let heard = hears(&mut scene, &device, &early);
    assert!(matches!(heard, Err(Rejection::Mls(_))), "{heard:?}");
}
