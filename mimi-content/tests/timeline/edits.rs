use mimi_content::timeline::{
    Change, Field, Grant, Inserted, Replacement, State, Timeline, sender_only,
};
use mimi_content::{Expiration, ExtensionName, ExtensionValue};

use crate::common::*;

/// Alice is a moderator who may delete what others sent.
fn moderated(replacement: &Replacement<'_>) -> Grant {
    if replacement.is_delete && *replacement.sender == alice() {
        return Grant::BODY;
    }
    sender_only(replacement)
}

#[test]
fn the_last_edit_in_order_is_shown_whichever_comes_last() {
    let message = sent(1, &alice(), text("Rihgt on"));
    let first = sent(2, &alice(), edit(1, "Right on"));
    let second = sent(3, &alice(), edit(1, "Right on!"));
    let mut timeline = timeline(&[message]);
    assert!(!entry(&timeline, 1).is_edited());
    let updated = changed([Change::Updated(id(1))]);
    assert_eq!(timeline.insert(second, sender_only), updated);
    assert_eq!(timeline.insert(first, sender_only), updated);
    assert_eq!(shown(&timeline, 1), "Right on!");
    assert!(entry(&timeline, 1).is_edited());

    let versions = entry(&timeline, 1).versions();
    let texts: Vec<&str> = versions.map(|v| said(v.body().unwrap())).collect();
    assert_eq!(texts, ["Rihgt on", "Right on", "Right on!"]);
    let last = entry(&timeline, 1).versions().next_back().unwrap();
    assert_eq!((last.id(), last.accepted()), (id(3), at(3)));
    // The message is where it was, and each ID leads to it.
    assert_eq!(ids(timeline.messages(..)), [id(1)]);
    assert_eq!(entry(&timeline, 3).id(), id(1));
}

#[test]
fn of_edits_at_the_same_time_the_greater_id_is_shown() {
    let mut a = sent(7, &alice(), edit(1, "seven"));
    let mut b = sent(8, &alice(), edit(1, "eight"));
    (a.accepted, b.accepted) = (at(5), at(5));
    let message = sent(1, &alice(), text("one"));
    assert_eq!(
        shown(&timeline(&[message.clone(), a.clone(), b.clone()]), 1),
        "eight"
    );
    assert_eq!(shown(&timeline(&[message, b, a]), 1), "eight");
}

#[test]
fn a_hub_cannot_undo_an_edit_with_its_timestamp() {
    let mut edited = sent(2, &alice(), edit(1, "new"));
    edited.accepted = at(0);
    let timeline = timeline(&[sent(1, &alice(), text("old")), edited]);
    assert_eq!(shown(&timeline, 1), "new");
    assert_eq!(entry(&timeline, 1).versions().next().unwrap().id(), id(1));
}

#[test]
fn mallory_edits_and_deletes_nothing_of_alice() {
    let message = sent(1, &alice(), text("hi"));
    let forged = sent(2, &mallory(), edit(1, "I owe Mallory a car"));
    let deletes = sent(3, &mallory(), delete(1));
    // A forged edit cannot bring another in, be it by Alice.
    let behind = sent(4, &alice(), edit(2, "what?"));
    let mut timeline = timeline(&[message]);
    assert_eq!(
        timeline.insert(forged, sender_only),
        changed([Change::Refused(id(2))])
    );
    assert_eq!(
        timeline.insert(deletes, sender_only),
        changed([Change::Refused(id(3))])
    );
    assert_eq!(timeline.insert(behind, sender_only), Inserted::Held);
    assert_eq!(shown(&timeline, 1), "hi");
    assert_eq!(entry(&timeline, 1).versions().count(), 1);
}

#[test]
fn mallory_is_refused_too_when_she_came_first() {
    let mut timeline = Timeline::new();
    for early in [
        sent(2, &mallory(), edit(1, "I owe Mallory a car")),
        sent(3, &mallory(), delete(1)),
        sent(4, &alice(), edit(1, "hello")),
    ] {
        assert_eq!(timeline.insert(early, sender_only), Inserted::Held);
    }
    assert_eq!(
        timeline.insert(sent(1, &alice(), text("hi")), sender_only),
        changed([
            Change::Added(id(1)),
            Change::Updated(id(1)),
            Change::Refused(id(2)),
            Change::Refused(id(3)),
        ])
    );
    assert_eq!(shown(&timeline, 1), "hello");
    assert_eq!(timeline.waiting().count(), 0);
}

#[test]
fn a_moderator_deletes_what_others_sent_and_edits_nothing() {
    let mut timeline = timeline(&[sent(1, &mallory(), text("buy this"))]);
    timeline.insert(sent(2, &alice(), edit(1, "do not buy this")), moderated);
    assert_eq!(shown(&timeline, 1), "buy this");
    timeline.insert(sent(3, &alice(), delete(1)), moderated);
    let by = &alice();
    assert_eq!(
        entry(&timeline, 1).state(),
        State::Deleted { by, version: id(3) }
    );
}

#[test]
fn a_rule_sees_what_it_judges() {
    let mut timeline = timeline(&[
        sent(1, &alice(), text("hi")),
        sent(2, &bob(), reaction(1, "❤")),
    ]);
    timeline.insert(sent(5, &mallory(), delete(2)), |replacement| {
        let expected = Replacement {
            id: id(5),
            sender: &mallory(),
            accepted: at(5),
            original: id(2),
            original_sender: &bob(),
            original_accepted: at(2),
            is_reaction: true,
            is_delete: true,
        };
        assert_eq!(*replacement, expected);
        Grant::NOTHING
    });
    timeline.insert(sent(6, &alice(), edit(1, "hello")), |replacement| {
        assert!(!replacement.is_reaction && !replacement.is_delete);
        Grant::NOTHING
    });
    // Not even to the sender is allowed what the rule forbids.
    assert_eq!(shown(&timeline, 1), "hi");
}

#[test]
fn an_edit_changes_the_body_and_nothing_else() {
    let mut original = with_subject(in_topic(text("old"), "a"), "s").with_reply_to(id(9));
    original.expires = Some(Expiration::At(100));
    original.extensions.set_sender_uri(&alice());
    let mut other = with_subject(in_topic(edit(1, "new"), "b"), "t").with_reply_to(id(8));
    other.expires = Some(Expiration::AfterReading(1));
    // What belongs to one act of sending may differ.
    let mut same = original.clone().with_replaces(id(1));
    same.extensions.set_sender_uri(&bob());
    for key in [3, 4, 256] {
        let key = ExtensionName::Int(key);
        same.extensions
            .insert(key, ExtensionValue::uint(7))
            .unwrap();
    }
    let mut timeline = timeline(&[
        sent(1, &alice(), original.clone()),
        sent(2, &alice(), other),
        sent(3, &alice(), same),
    ]);
    timeline.read(&id(1), at(0));
    let now = entry(&timeline, 1);
    assert_eq!(now.topic(), b"a");
    assert_eq!(*now.extensions(), original.extensions);
    assert_eq!(now.expires_at(), Some(seconds(100)));
    let ignored: Vec<_> = now.versions().map(|version| version.ignored()).collect();
    assert_eq!(
        ignored,
        [
            vec![],
            vec![
                Field::Topic,
                Field::Expires,
                Field::InReplyTo,
                Field::Extensions
            ],
            vec![],
        ]
    );
}

#[test]
fn a_deleted_message_leaves_its_place_and_none_of_its_texts() {
    let salted = with_subject(text("Rihgt on"), "s");
    let mut timeline = timeline(&[
        sent(1, &alice(), salted),
        sent(2, &alice(), edit(1, "Right on")),
    ]);
    assert_eq!(
        timeline.insert(sent(3, &alice(), delete(1)), sender_only),
        changed([Change::Updated(id(1))])
    );
    let deleted = entry(&timeline, 1);
    assert_eq!(shown(&timeline, 1), "deleted");
    assert_eq!(ids(timeline.messages(..)), [id(1)]);
    assert!(deleted.extensions().is_empty());
    assert!(!deleted.is_edited());
    let versions: Vec<_> = deleted
        .versions()
        .map(|version| (version.id(), version.body(), version.is_delete()))
        .collect();
    assert_eq!(
        versions,
        [
            (id(1), None, false),
            (id(2), None, false),
            (id(3), None, true)
        ]
    );
}

#[test]
fn a_delete_is_final() {
    let message = sent(1, &alice(), text("old"));
    let deletes = sent(3, &alice(), delete(1));
    let before = sent(2, &alice(), edit(1, "before"));
    let after = sent(4, &alice(), edit(1, "after"));
    let all = [message, deletes, before, after];
    let in_order = timeline(&all);
    assert_eq!(shown(&in_order, 1), "deleted");
    assert_eq!(timeline(all.iter().rev()), in_order);
    assert!(entry(&in_order, 1).versions().all(|v| v.body().is_none()));
    // The first in order is the one that did it.
    let mut again = in_order.clone();
    let mut earlier = sent(5, &alice(), delete(1));
    earlier.accepted = at(2);
    again.insert(earlier, sender_only);
    let by = &alice();
    let version = id(5);
    assert_eq!(entry(&again, 1).state(), State::Deleted { by, version });
}

#[test]
fn a_null_body_that_replaces_nothing_is_a_message() {
    let null = content(mimi_content::NestedPart::null());
    let timeline = timeline(&[sent(1, &alice(), null)]);
    assert!(matches!(entry(&timeline, 1).state(), State::Present(_)));
}

#[test]
fn an_edit_that_names_a_later_version_is_meant_for_the_first() {
    let all = [
        sent(1, &alice(), text("one")),
        sent(2, &alice(), edit(1, "two")),
        sent(3, &alice(), edit(2, "three")),
        sent(4, &alice(), edit(3, "four")),
    ];
    let forwards = timeline(&all);
    assert_eq!(shown(&forwards, 1), "four");
    assert_eq!(entry(&forwards, 1).versions().count(), 4);
    assert_eq!(timeline(all.iter().rev()), forwards);
}

#[test]
fn edits_that_replace_each_other_wait_for_ever() {
    let timeline = timeline(&[
        sent(1, &alice(), edit(2, "one")),
        sent(2, &alice(), edit(1, "two")),
        sent(3, &alice(), edit(3, "itself")),
    ]);
    assert_eq!(timeline.messages(..).count(), 0);
    assert_eq!(timeline.waiting().count(), 3);
}
