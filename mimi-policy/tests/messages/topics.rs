//! Who starts a topic, and who replies in one.

use mimi_content::NestedPart;
use mimi_content::timeline::{Received, Timeline, sender_only};
use mimi_policy::Capability;
use mimi_policy::messages::{Facts, LeaveOut};

use crate::room::*;

/// Alice's message 1 in topic `a` and 2 without one.
fn timeline() -> Timeline {
    let mut timeline = Timeline::new();
    for (n, content) in [(1, text().with_topic(topic("a"))), (2, text())] {
        let message = Received {
            id: id(n),
            sender: alice(),
            accepted: NOW,
            content,
        };
        timeline.insert(message, sender_only);
    }
    timeline
}

#[test]
fn a_reply_in_the_topic_of_another_message_starts_one() {
    let timeline = timeline();
    for (to, name) in [(1, "b"), (2, "a")] {
        let content = text().with_reply_to(id(to)).with_topic(topic(name));
        let facts = Facts::new(&timeline, &bob(), &content);
        assert_eq!(facts.in_topic, Some(false));
        let verdict = judge(
            &room(&[Capability::SEND_MESSAGE, Capability::REPLY_IN_TOPIC]),
            &content,
            &facts,
        );
        assert_eq!(
            breaches(verdict),
            [
                (lacks(Capability::REPLY_TO_MESSAGE), LeaveOut::Message),
                (lacks(Capability::START_TOPIC), LeaveOut::Topic),
            ]
        );
    }
}

#[test]
fn a_reply_that_leaves_the_topic_is_an_ordinary_reply() {
    let content = text().with_reply_to(id(1));
    let facts = Facts::new(&timeline(), &bob(), &content);
    let only = |capability| {
        let policy = room(&[Capability::SEND_MESSAGE, capability]);
        judge(&policy, &content, &facts).is_ok()
    };
    assert!(only(Capability::REPLY_TO_MESSAGE));
    assert!(!only(Capability::REPLY_IN_TOPIC));
}

#[test]
fn a_reply_to_what_the_reader_never_saw_is_shown_but_starts_no_topic() {
    let content = text().with_reply_to(id(77)).with_topic(topic("a"));
    let facts = Facts::new(&timeline(), &bob(), &content);
    assert_eq!(facts.in_topic, None);
    let policy = room(&[Capability::SEND_MESSAGE, Capability::REPLY_IN_TOPIC]);
    let found = judge(&policy, &content, &facts).unwrap_err();
    assert!(!found.leave_out_message());
    assert!(found.leave_out_topic());
}

#[test]
fn a_topic_that_exists_is_not_open_to_everyone() {
    // Without a reply, even the topic of others takes the right to set one.
    let content = text().with_topic(topic("a"));
    let facts = Facts::new(&timeline(), &bob(), &content);
    let verdict = judge(&all_but(Capability::START_TOPIC), &content, &facts);
    assert_eq!(
        breaches(verdict),
        [(lacks(Capability::START_TOPIC), LeaveOut::Topic)]
    );
}

#[test]
fn a_reaction_starts_no_topic() {
    let react = |name| {
        message(NestedPart::reaction("❤"))
            .with_reply_to(id(1))
            .with_topic(topic(name))
    };
    let policy = room(&[Capability::SEND_MESSAGE, Capability::REACT_TO_MESSAGE]);
    let verdict = |name| {
        let content = react(name);
        judge(
            &policy,
            &content,
            &Facts::new(&timeline(), &bob(), &content),
        )
    };
    assert_eq!(verdict("a"), Ok(()));
    assert_eq!(
        breaches(verdict("b")),
        [(lacks(Capability::START_TOPIC), LeaveOut::Topic)]
    );
}
