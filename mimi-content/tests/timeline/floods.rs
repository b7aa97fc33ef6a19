//! Many of everything in the worst order. Anything quadratic would be felt.

use mimi_content::timeline::{Timeline, sender_only};

use crate::common::*;

const MANY: u32 = 20_000;

#[test]
fn edits_of_one_message() {
    let edits = (2..MANY).map(|n| sent(n, &alice(), edit(1, &n.to_string())));
    let message = sent(1, &alice(), text("hi"));
    let edits: Vec<_> = edits.collect();
    let forwards = timeline(std::iter::once(&message).chain(&edits));
    let backwards = timeline(edits.iter().rev().chain([&message]));
    assert_eq!(shown(&forwards, 1), (MANY - 1).to_string());
    assert_eq!(backwards, forwards);

    let mut reply = forwards.clone();
    for n in 2..MANY {
        let content = text("?").with_reply_to(id(n));
        reply.insert(sent(MANY + n, &bob(), content), sender_only);
    }
    for n in 2..MANY {
        let version = usize::try_from(n).unwrap() - 1;
        assert_eq!(
            meant(&reply, MANY + n),
            Some((id(1), version, n == MANY - 1))
        );
    }
}

#[test]
fn edits_of_edits_with_the_first_version_last() {
    let mut timeline = Timeline::new();
    for n in (2..MANY).rev() {
        timeline.insert(sent(n, &alice(), edit(n - 1, "hi")), sender_only);
    }
    assert_eq!(timeline.messages(..).count(), 0);
    timeline.insert(sent(1, &alice(), text("hi")), sender_only);
    assert_eq!(entry(&timeline, MANY - 1).id(), id(1));
    assert_eq!(timeline.waiting().count(), 0);
}

#[test]
fn edits_before_and_after_a_delete() {
    let mut timeline = timeline(&[sent(1, &alice(), text("hi"))]);
    for n in 2..MANY {
        let content = if n == MANY / 2 {
            delete(1)
        } else {
            edit(1, "ho")
        };
        timeline.insert(sent(n, &alice(), content), sender_only);
    }
    assert_eq!(shown(&timeline, 1), "deleted");
    assert!(
        entry(&timeline, 1)
            .versions()
            .all(|version| version.body().is_none())
    );
}

#[test]
fn reactions_to_one_message_that_comes_last() {
    let mut timeline = Timeline::new();
    for n in 2..MANY {
        let who = user(&n.to_string());
        let emoji = (n % 3).to_string();
        timeline.insert(sent(n, &who, reaction(1, &emoji)), sender_only);
    }
    let last = changes(timeline.insert(sent(1, &alice(), text("hi")), sender_only));
    assert_eq!(last.len(), 2);
    let counts = entry(&timeline, 1)
        .reactions()
        .map(|group| group.users().len());
    assert_eq!(counts.sum::<usize>(), usize::try_from(MANY).unwrap() - 2);
}

#[test]
fn chains_of_replies_in_any_order() {
    let all: Vec<_> = (1..MANY)
        .map(|n| sent(n, &bob(), text("?").with_reply_to(id(n - 1))))
        .collect();
    let forwards = timeline(&all);
    let backwards = timeline(all.iter().rev());
    // 7919 is prime and no divisor of their number.
    let mixed = timeline((0..all.len()).map(|n| &all[n * 7919 % all.len()]));
    for mut timeline in [forwards, backwards, mixed] {
        assert!(!entry(&timeline, MANY - 1).is_looped());
        assert!(timeline.would_loop(&id(0), &id(MANY - 1)));
        let closes = sent(0, &bob(), text("!").with_reply_to(id(MANY - 1)));
        timeline.insert(closes, sender_only);
        assert!(timeline.messages(..).all(|entry| entry.is_looped()));
    }
}

#[test]
fn replies_to_as_many_unknown_messages() {
    let mut timeline = Timeline::new();
    for n in 1..MANY {
        let content = text("?").with_reply_to(id(MANY + n));
        timeline.insert(sent(n, &bob(), content), sender_only);
    }
    assert!(timeline.messages(..).all(|entry| !entry.is_looped()));
}
