//! Edits, deletes, and who is behind them.

use mimi_content::timeline::{Grant, Received, Replacement, State, Timeline};
use mimi_content::{Disposition, MimiContent, MimiUri, NestedPart, Timestamp};
use mimi_policy::messages::{Breach, Facts, LeaveOut, check, grant, requirements};
use mimi_policy::{Capability, RoomPolicy};

use crate::room::*;

fn received(n: u8, sender: MimiUri, content: MimiContent<'static>) -> Received {
    Received {
        id: id(n),
        sender,
        accepted: Timestamp::from_millis(n.into()),
        content,
    }
}

/// Alice's message 1 in topic `a`, Bob's message 2, Alice's reaction 3 to it and
/// Bob's reaction 4 to hers.
fn timeline(policy: &RoomPolicy) -> Timeline {
    let react = |to| message(NestedPart::reaction("❤")).with_reply_to(id(to));
    let mut timeline = Timeline::new();
    for message in [
        received(1, alice(), text().with_topic(topic("a"))),
        received(2, bob(), text()),
        received(3, alice(), react(2)),
        received(4, bob(), react(1)),
    ] {
        timeline.insert(message, |replacement| grant(policy, replacement));
    }
    timeline
}

/// Bob sends `content` as message 9: what the check says of it, and the timeline
/// after it.
fn send(policy: &RoomPolicy, content: MimiContent<'static>) -> (Vec<(Breach, LeaveOut)>, Timeline) {
    let mut timeline = timeline(policy);
    let facts = Facts::new(&timeline, &bob(), &content);
    let verdict = check(policy, &bob(), &content, &facts, NOW);
    timeline.insert(received(9, bob(), content), |replacement| {
        grant(policy, replacement)
    });
    (breaches(verdict), timeline)
}

fn body(timeline: &Timeline, n: u8) -> Option<NestedPart<'static>> {
    match timeline.get(&id(n)).unwrap().state() {
        State::Present(body) => Some(body.clone()),
        _ => None,
    }
}

#[test]
fn who_may_do_everything_still_cannot_edit_what_another_wrote() {
    let policy = room(&everything());
    let edit = message(NestedPart::plain("I owe Bob money"))
        .with_replaces(id(1))
        .with_topic(topic("a"));
    let (found, timeline) = send(&policy, edit);
    assert_eq!(found, [(Breach::EditsOther, LeaveOut::Part(0))]);
    assert_eq!(body(&timeline, 1), Some(NestedPart::plain("Hi")));

    let edit = message(NestedPart::reaction("👎")).with_replaces(id(3));
    let (found, timeline) = send(&policy, edit);
    assert_eq!(found, [(Breach::EditsOther, LeaveOut::Part(0))]);
    assert_eq!(body(&timeline, 3), Some(NestedPart::reaction("❤")));
}

#[test]
fn a_topic_can_be_changed_but_no_body_smuggled_along() {
    let policy = room(&everything());
    // The body is repeated.
    let edit = text().with_replaces(id(1)).with_topic(topic("b"));
    let (found, timeline) = send(&policy, edit.clone());
    assert_eq!(found, []);
    assert_eq!(timeline.get(&id(1)).unwrap().topic(), b"b");

    let edit = MimiContent {
        body: NestedPart::plain("I owe Bob money"),
        ..edit
    };
    let (found, timeline) = send(&policy, edit.clone());
    assert_eq!(found, [(Breach::EditsOther, LeaveOut::Part(0))]);
    assert_eq!(body(&timeline, 1), Some(NestedPart::plain("Hi")));
    assert_eq!(timeline.get(&id(1)).unwrap().topic(), b"b");

    // Without the right, the topic stays, and so does the body.
    let policy = all_but(Capability::EDIT_OTHER_TOPIC);
    let (found, timeline) = send(&policy, edit);
    let topic = (lacks(Capability::EDIT_OTHER_TOPIC), LeaveOut::Topic);
    assert_eq!(found.len(), 2);
    assert!(found.contains(&topic));
    assert_eq!(timeline.get(&id(1)).unwrap().topic(), b"a");
    assert_eq!(body(&timeline, 1), Some(NestedPart::plain("Hi")));
}

#[test]
fn an_edit_without_the_right_to_the_topic_edits_the_body_alone() {
    let edit = message(NestedPart::plain("Hello"))
        .with_replaces(id(2))
        .with_topic(topic("b"));
    let policy = all_but(Capability::EDIT_OWN_TOPIC);
    let (found, timeline) = send(&policy, edit.clone());
    assert_eq!(
        found,
        [(lacks(Capability::EDIT_OWN_TOPIC), LeaveOut::Topic)]
    );
    assert_eq!(body(&timeline, 2), Some(NestedPart::plain("Hello")));
    assert_eq!(timeline.get(&id(2)).unwrap().topic(), b"");

    // And the other way round.
    let policy = all_but(Capability::EDIT_OWN_MESSAGE);
    let (found, timeline) = send(&policy, edit);
    assert_eq!(
        found,
        [(lacks(Capability::EDIT_OWN_MESSAGE), LeaveOut::Part(0))]
    );
    assert_eq!(body(&timeline, 2), Some(NestedPart::plain("Hi")));
    assert_eq!(timeline.get(&id(2)).unwrap().topic(), b"b");
}

#[test]
fn a_reaction_is_not_edited_into_a_message() {
    let policy = room(&everything());
    let edit = message(NestedPart::plain("A long story")).with_replaces(id(4));
    let (found, timeline) = send(&policy, edit);
    assert_eq!(found, [(Breach::NoReaction, LeaveOut::Part(0))]);
    assert_eq!(timeline.messages(..).count(), 2);

    let half = all_of(vec![NestedPart::reaction("❤"), NestedPart::plain("so")]);
    let (found, _) = send(&policy, message(half).with_replaces(id(4)));
    assert_eq!(found, [(Breach::NoReaction, LeaveOut::Part(0))]);

    let edit = message(NestedPart::reaction("👍")).with_replaces(id(4));
    let (found, timeline) = send(&policy, edit);
    assert_eq!(found, []);
    assert_eq!(body(&timeline, 4), Some(NestedPart::reaction("👍")));
}

#[test]
fn a_message_edited_into_a_reaction_takes_the_right_to_react() {
    let edit = message(NestedPart::reaction("👍")).with_replaces(id(2));
    let (found, _) = send(&all_but(Capability::REACT_TO_MESSAGE), edit);
    assert_eq!(
        found,
        [(lacks(Capability::REACT_TO_MESSAGE), LeaveOut::Part(0))]
    );
}

#[test]
fn the_topic_of_a_reaction_is_nobodys() {
    let edit = message(NestedPart::reaction("👍"))
        .with_replaces(id(4))
        .with_topic(topic("b"));
    let (found, _) = send(&room(&everything()), edit);
    assert_eq!(found, [(Breach::TopicOfReaction, LeaveOut::Topic)]);
}

#[test]
fn only_who_may_deletes() {
    let cases = [
        (1, Capability::DELETE_OTHER_MESSAGE),
        (2, Capability::DELETE_OWN_MESSAGE),
        (3, Capability::DELETE_OTHER_REACTION),
        (4, Capability::DELETE_OWN_REACTION),
    ];
    for (n, capability) in cases {
        let delete = || message(NestedPart::null()).with_replaces(id(n));
        let (found, timeline) = send(&all_but(capability), delete());
        assert_eq!(found, [(lacks(capability), LeaveOut::Message)]);
        assert!(body(&timeline, n).is_some());

        let (found, timeline) = send(&room(&[Capability::SEND_MESSAGE, capability]), delete());
        assert_eq!(found, []);
        assert_eq!(body(&timeline, n), None);
    }
}

#[test]
fn parts_of_nothing_are_an_edit_and_no_delete() {
    let nothing = all_of(vec![NestedPart::null(), NestedPart::null()]);
    let edit = message(nothing).with_replaces(id(2));
    let (found, timeline) = send(&all_but(Capability::EDIT_OWN_MESSAGE), edit);
    assert_eq!(
        found,
        [(lacks(Capability::EDIT_OWN_MESSAGE), LeaveOut::Part(0))]
    );
    assert_eq!(body(&timeline, 2), Some(NestedPart::plain("Hi")));
}

#[test]
fn an_edit_adds_nothing_that_its_sender_may_not_send() {
    let image = asset("image/png", Disposition::RENDER);
    let edit = message(image).with_replaces(id(2));
    let (found, _) = send(&all_but(Capability::UPLOAD_IMAGE), edit);
    assert_eq!(
        found,
        [(lacks(Capability::UPLOAD_IMAGE), LeaveOut::Part(0))]
    );
}

#[test]
fn an_edit_that_changes_nothing_is_an_edit() {
    let edit = text().with_replaces(id(2));
    let (found, _) = send(&all_but(Capability::EDIT_OWN_MESSAGE), edit);
    assert_eq!(
        found,
        [(lacks(Capability::EDIT_OWN_MESSAGE), LeaveOut::Part(0))]
    );
}

#[test]
fn whom_an_edit_replies_to_takes_nothing() {
    let edit = message(NestedPart::plain("Hello"))
        .with_replaces(id(2))
        .with_reply_to(id(1));
    let (found, _) = send(&all_but(Capability::REPLY_TO_MESSAGE), edit);
    assert_eq!(found, []);
}

#[test]
fn what_is_not_known_cannot_be_replaced_yet() {
    let (found, timeline) = send(&room(&everything()), text().with_replaces(id(77)));
    assert_eq!(found, [(Breach::OriginalUnknown, LeaveOut::Message)]);
    // The timeline holds it.
    assert_eq!(timeline.waiting().count(), 1);
}

#[test]
fn who_may_not_send_changes_nothing_either() {
    let policy = all_but(Capability::SEND_MESSAGE);
    for own in [true, false] {
        for is_reaction in [true, false] {
            for is_delete in [true, false] {
                let (bob, alice) = (bob(), alice());
                let replacement = Replacement {
                    id: id(2),
                    sender: &bob,
                    accepted: NOW,
                    original: id(1),
                    original_sender: if own { &bob } else { &alice },
                    original_accepted: NOW,
                    is_reaction,
                    is_delete,
                };
                assert_eq!(grant(&policy, &replacement), Grant::NOTHING);
            }
        }
    }
}

/// The check and the rule of timelines come to the same, for each role that has
/// or lacks one capability.
#[test]
fn the_rule_for_timelines_agrees_with_the_check() {
    let (bob, alice) = (bob(), alice());
    for capability in everything() {
        for policy in [
            all_but(capability),
            room(&[Capability::SEND_MESSAGE, capability]),
        ] {
            for case in 0_u8..16 {
                let bit = |n: u8| case & n != 0;
                let (own, is_reaction, is_delete, topic) = (bit(1), bit(2), bit(4), bit(8));
                let wants = Grant {
                    body: is_delete || !topic,
                    topic: topic && !is_delete,
                };
                let content = message(match (is_delete, is_reaction) {
                    (true, _) => NestedPart::null(),
                    (false, true) => NestedPart::reaction("❤"),
                    (false, false) => NestedPart::plain("Hi"),
                });
                let facts = replacing(own, is_reaction, wants.body, wants.topic);
                let content = content.with_replaces(id(1));
                let allowed = judge(&policy, &content, &facts).is_ok();
                let granted = grant(
                    &policy,
                    &Replacement {
                        id: id(2),
                        sender: &bob,
                        accepted: NOW,
                        original: id(1),
                        original_sender: if own { &bob } else { &alice },
                        original_accepted: NOW,
                        is_reaction,
                        is_delete,
                    },
                );
                let grants = (granted.body || !wants.body) && (granted.topic || !wants.topic);
                assert_eq!(allowed, grants, "{capability} {case}");
            }
        }
    }
}

#[test]
fn facts_of_a_message_that_replaces_nothing_are_ignored() {
    let facts = replacing(false, true, true, true);
    assert_eq!(
        requirements(&text(), &facts),
        requirements(&text(), &Facts::default())
    );
}
