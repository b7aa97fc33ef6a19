use std::ops::Bound;

use mimi_content::timeline::{Change, Grant, Inserted, Position, Timeline, sender_only};
use mimi_content::timeline::{Received, Replacement};

use crate::common::*;

fn accepted_at(millis: u64, number: u32) -> Received {
    Received {
        accepted: at(millis),
        ..sent(number, &alice(), text("hi"))
    }
}

#[test]
fn messages_are_sorted_by_timestamp_and_then_by_id() {
    let messages = [(5, 1), (3, 9), (5, 0), (3, 2), (4, 7)].map(|(t, n)| accepted_at(t, n));
    let timeline = timeline(&messages);
    assert_eq!(ids(timeline.messages(..)), [2, 9, 7, 0, 1].map(id));
    assert_eq!(ids(timeline.messages(..).rev()), [1, 0, 7, 9, 2].map(id));
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let messages: Vec<Received> = (0..10).map(|n| sent(n, &alice(), text("hi"))).collect();
    let timeline = timeline(&messages);
    let position = |number| messages[usize::try_from(number).unwrap()].position();
    let before = timeline.messages(..position(7)).rev().take(3);
    assert_eq!(ids(before), [6, 5, 4].map(id));
    let after = (Bound::Excluded(position(2)), Bound::Unbounded);
    assert_eq!(ids(timeline.messages(after).take(2)), [3, 4].map(id));
    // Positions need not be those of messages.
    let nowhere = Position {
        accepted: at(3),
        id: id(0),
    };
    assert_eq!(ids(timeline.messages(nowhere..position(5))), [3, 4].map(id));
}

#[test]
fn a_range_that_ends_before_it_starts_is_empty() {
    let timeline = timeline(&[sent(1, &alice(), text("hi"))]);
    let (a, b) = (accepted_at(0, 1).position(), accepted_at(2, 1).position());
    assert_eq!(timeline.messages(a..b).count(), 1);
    assert_eq!(timeline.messages(b..a).count(), 0);
    let own = accepted_at(1, 1).position();
    let both = (Bound::Excluded(own), Bound::Excluded(own));
    assert_eq!(timeline.messages(both).count(), 0);
    assert_eq!(timeline.messages(own..own).count(), 0);
    assert_eq!(timeline.messages(own..=own).count(), 1);
    assert_eq!(timeline.topic(b"", b..a).count(), 0);
}

#[test]
fn each_topic_has_its_messages() {
    let timeline = timeline(&[
        sent(1, &alice(), text("hi")),
        sent(4, &bob(), in_topic(text("more soup"), "lunch")),
        sent(2, &alice(), in_topic(text("soup?"), "lunch")),
        sent(3, &alice(), in_topic(text("tea?"), "afternoon")),
        sent(5, &alice(), in_topic(reaction(4, "🍜"), "lunch")),
    ]);
    assert_eq!(ids(timeline.messages(..)), [1, 2, 3, 4].map(id));
    assert!(timeline.topics().eq([&b""[..], b"afternoon", b"lunch"]));
    assert_eq!(ids(timeline.topic(b"lunch", ..)), [2, 4].map(id));
    assert_eq!(ids(timeline.topic(b"", ..)), [id(1)]);
    assert_eq!(timeline.topic(b"dinner", ..).count(), 0);
    let end = entry(&timeline, 4).position();
    assert_eq!(ids(timeline.topic(b"lunch", ..end).rev()), [id(2)]);
}

#[test]
fn an_edit_moves_a_message_to_another_topic_only_where_a_rule_says_so() {
    let message = sent(1, &alice(), in_topic(text("soup?"), "lunch"));
    let moved = sent(2, &bob(), in_topic(edit(1, "tea?"), "dinner"));
    let mover = |_: &Replacement<'_>| Grant {
        body: false,
        topic: true,
    };
    let mut by_rule = timeline([&message]);
    assert_eq!(
        by_rule.insert(moved.clone(), mover),
        changed([Change::Updated(id(1))])
    );
    assert!(by_rule.topics().eq([b"dinner"]));
    assert_eq!(entry(&by_rule, 1).topic(), b"dinner");
    assert_eq!(shown(&by_rule, 1), "soup?");
    assert!(!entry(&by_rule, 1).is_edited());

    // An earlier move that comes later, and an edit, move nothing.
    let mut earlier = sent(3, &bob(), in_topic(edit(1, ""), "breakfast"));
    earlier.accepted = at(1);
    by_rule.insert(earlier, mover);
    let edited = sent(4, &alice(), in_topic(edit(1, "stew?"), "lunch"));
    by_rule.insert(edited, sender_only);
    assert_eq!(ids(by_rule.topic(b"dinner", ..)), [id(1)]);
    assert_eq!(shown(&by_rule, 1), "stew?");

    let by_default = timeline(&[message, moved]);
    assert!(by_default.topics().eq([b"lunch"]));
}

#[test]
fn what_came_already_changes_nothing() {
    let mut timeline = timeline(&[sent(1, &alice(), text("hi"))]);
    let before = timeline.clone();
    let again = sent(1, &alice(), text("hi"));
    assert_eq!(timeline.insert(again, sender_only), Inserted::Duplicate);
    let other = sent(1, &mallory(), text("send me money"));
    assert_eq!(timeline.insert(other, sender_only), Inserted::Duplicate);
    assert_eq!(timeline, before);
}

#[test]
fn what_waits_or_was_refused_is_known_too() {
    let refused = sent(2, &mallory(), edit(1, "I owe Mallory a car"));
    let waits = sent(3, &alice(), edit(9, "hello"));
    let mut timeline = timeline(&[
        sent(1, &alice(), text("hi")),
        refused.clone(),
        waits.clone(),
    ]);
    for again in [refused, waits] {
        assert_eq!(timeline.insert(again, sender_only), Inserted::Duplicate);
    }
    assert!(timeline.get(&id(2)).is_none());
    assert!(timeline.get(&id(3)).is_none());
    let waiting: Vec<_> = timeline.waiting().map(|message| message.id).collect();
    assert_eq!(waiting, [id(3)]);
}

#[test]
fn nothing_that_people_wrote_is_in_debug_output() {
    let timeline = timeline(&[
        sent(1, &alice(), in_topic(text("soup?"), "lunch")),
        sent(2, &bob(), reaction(1, "🍜")),
        sent(3, &bob(), reaction(9, "🍜")),
    ]);
    insta::assert_snapshot!(
        format!("{timeline:?}"),
        @"Timeline { received: 3, messages: 1, waiting: 1, .. }"
    );
    let entry = entry(&timeline, 1);
    let reactions: Vec<_> = entry.reactions().collect();
    let versions: Vec<_> = entry.versions().collect();
    let all = format!("{entry:?} {reactions:?} {versions:?} {:?}", entry.state());
    for secret in ["soup", "lunch", "🍜"] {
        assert!(!all.contains(secret), "{all}");
    }
    assert!(all.contains("5 octets"), "{all}");
}

#[test]
fn a_timeline_can_be_sent_to_another_thread() {
    fn check<T: Send + Sync + Clone>(_: T) {}
    check(Timeline::new());
}
