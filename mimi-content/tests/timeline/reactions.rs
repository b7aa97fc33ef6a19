use mimi_content::timeline::{Change, Grant, Inserted, sender_only};
use mimi_content::{Disposition, NestedPart, Part, PartSemantics};

use crate::common::*;

#[test]
fn reactions_are_grouped_by_what_they_say() {
    let timeline = timeline(&[
        sent(1, &alice(), text("lunch?")),
        sent(2, &bob(), reaction(1, "❤")),
        sent(3, &alice(), reaction(1, "❤")),
        sent(4, &bob(), reaction(1, "🍜")),
    ]);
    assert_eq!(reactions(&timeline, 1), ["❤ alice bob", "🍜 bob"]);
    assert_eq!(ids(timeline.messages(..)), [id(1)]);
    assert!(entry(&timeline, 2).is_reaction());
}

#[test]
fn the_same_reaction_of_a_user_counts_once() {
    let mut in_danish = reaction(1, "❤");
    in_danish.body.language = "da".into();
    let mut other_spelling = reaction(1, "❤");
    if let Part::Single { content_type, .. } = &mut other_spelling.body.part {
        *content_type = "Text/Plain; charset=\"UTF-8\"".into();
    }
    let twice = content(all_of(vec![
        NestedPart::reaction("❤"),
        NestedPart::reaction("❤"),
    ]));
    let mut timeline = timeline(&[
        sent(1, &alice(), text("lunch?")),
        sent(2, &bob(), reaction(1, "❤")),
        sent(3, &bob(), reaction(1, "❤")),
        sent(4, &bob(), in_danish),
        sent(5, &bob(), other_spelling),
        sent(6, &bob(), twice.with_reply_to(id(1))),
    ]);
    assert_eq!(reactions(&timeline, 1), ["❤ bob"]);
    let reaction = entry(&timeline, 1).reactions().next().unwrap();
    assert_eq!(reaction.users().len(), 1);
    assert_eq!(ids(reaction.messages()), [2, 3, 4, 5, 6].map(id));
    // It is there until the last of them is removed.
    for number in 2..6 {
        timeline.insert(sent(10 + number, &bob(), delete(number)), sender_only);
        assert_eq!(reactions(&timeline, 1), ["❤ bob"]);
    }
    timeline.insert(sent(16, &bob(), delete(6)), sender_only);
    assert!(reactions(&timeline, 1).is_empty());
}

#[test]
fn each_part_of_a_reaction_counts() {
    let parts = ["❤", "🥳", "🤞"].map(NestedPart::reaction);
    let hinted = content(all_of(parts.to_vec()));
    let mut bare = hinted.clone();
    bare.body.disposition = Disposition::UNSPECIFIED;
    let timeline = timeline(&[
        sent(1, &alice(), text("lunch?")),
        sent(2, &bob(), hinted.with_reply_to(id(1))),
        sent(3, &alice(), bare.with_reply_to(id(1))),
    ]);
    let each = ["❤ alice bob", "🤞 alice bob", "🥳 alice bob"];
    assert_eq!(reactions(&timeline, 1), each);
}

#[test]
fn alternatives_are_one_reaction() {
    let mut body = all_of(vec![NestedPart::reaction("❤"), NestedPart::reaction("<3")]);
    if let Part::Multi { semantics, .. } = &mut body.part {
        *semantics = PartSemantics::ChooseOne;
    }
    let mut in_danish = body.clone();
    in_danish.language = "da".into();
    let timeline = timeline(&[
        sent(1, &alice(), text("lunch?")),
        sent(2, &bob(), content(body.clone()).with_reply_to(id(1))),
        sent(3, &alice(), content(in_danish).with_reply_to(id(1))),
    ]);
    let reactions: Vec<_> = entry(&timeline, 1).reactions().collect();
    assert_eq!(reactions.len(), 1);
    assert_eq!(*reactions[0].content(), body);
    assert_eq!(reactions[0].users().len(), 2);
}

#[test]
fn what_is_more_than_a_reaction_is_a_message() {
    let mixed = all_of(vec![NestedPart::reaction("❤"), NestedPart::plain("soup!")]);
    let timeline = timeline(&[
        sent(1, &alice(), text("lunch?")),
        sent(2, &bob(), content(mixed).with_reply_to(id(1))),
        // A reaction to nothing.
        sent(3, &bob(), content(NestedPart::reaction("❤"))),
    ]);
    assert_eq!(ids(timeline.messages(..)), [1, 2, 3].map(id));
    assert!(reactions(&timeline, 1).is_empty());
}

#[test]
fn a_reaction_can_be_edited_and_removed_by_who_sent_it() {
    let mut timeline = timeline(&[
        sent(1, &alice(), text("lunch?")),
        sent(2, &bob(), reaction(1, "❤")),
    ]);
    let both = [Change::Updated(id(2)), Change::Reactions(id(1))];
    let other = content(NestedPart::reaction("🍜")).with_replaces(id(2));
    assert_eq!(
        timeline.insert(sent(3, &bob(), other), sender_only),
        changed(both)
    );
    assert_eq!(reactions(&timeline, 1), ["🍜 bob"]);

    timeline.insert(sent(4, &mallory(), delete(2)), sender_only);
    assert_eq!(reactions(&timeline, 1), ["🍜 bob"]);
    assert_eq!(
        timeline.insert(sent(5, &bob(), delete(2)), sender_only),
        changed(both)
    );
    assert!(reactions(&timeline, 1).is_empty());
    // And it stays removed.
    let late = content(NestedPart::reaction("🍕")).with_replaces(id(2));
    timeline.insert(sent(6, &bob(), late), sender_only);
    assert!(reactions(&timeline, 1).is_empty());
}

#[test]
fn an_edit_does_not_make_a_reaction_a_message_nor_the_reverse() {
    let timeline = timeline(&[
        sent(1, &alice(), text("lunch?")),
        sent(2, &bob(), reaction(1, "❤")),
        sent(3, &bob(), edit(2, "I have always loved soup")),
        sent(4, &bob(), text("soup").with_reply_to(id(1))),
        sent(
            5,
            &bob(),
            content(NestedPart::reaction("❤")).with_replaces(id(4)),
        ),
    ]);
    assert_eq!(ids(timeline.messages(..)), [1, 4].map(id));
    assert!(reactions(&timeline, 1).is_empty());
    assert_eq!(shown(&timeline, 4), "❤");
}

#[test]
fn a_reaction_waits_for_its_message_and_for_its_version() {
    let mut timeline = timeline(&[]);
    let early = sent(3, &bob(), reaction(2, "❤"));
    assert_eq!(timeline.insert(early, sender_only), Inserted::Held);
    let version = sent(2, &alice(), edit(1, "lunch!"));
    assert_eq!(timeline.insert(version, sender_only), Inserted::Held);
    let waiting: Vec<_> = timeline.waiting().map(|message| message.id).collect();
    assert_eq!(waiting, [2, 3].map(id));
    assert_eq!(
        timeline.insert(sent(1, &alice(), text("lunch?")), sender_only),
        changed([
            Change::Added(id(1)),
            Change::Updated(id(1)),
            Change::Reactions(id(1))
        ])
    );
    assert_eq!(reactions(&timeline, 1), ["❤ bob"]);
    assert_eq!(meant(&timeline, 3), Some((id(1), 1, true)));
    assert_eq!(timeline.waiting().count(), 0);
}

#[test]
fn a_reaction_that_is_removed_waits_no_longer() {
    let mut timeline = timeline(&[
        sent(2, &bob(), reaction(1, "❤")),
        sent(3, &bob(), delete(2)),
    ]);
    assert_eq!(timeline.waiting().count(), 0);
    timeline.insert(sent(1, &alice(), text("lunch?")), sender_only);
    assert!(reactions(&timeline, 1).is_empty());
}

#[test]
fn a_reaction_tells_that_the_message_was_edited_since() {
    let timeline = timeline(&[
        sent(1, &alice(), text("Could I borow a pen?")),
        sent(2, &bob(), reaction(1, "👍")),
        sent(3, &alice(), edit(1, "Could I borrow your car?")),
    ]);
    assert_eq!(reactions(&timeline, 1), ["👍 bob"]);
    assert_eq!(meant(&timeline, 2), Some((id(1), 0, false)));
}

#[test]
fn a_reaction_to_a_forged_edit_does_not_count() {
    let timeline = timeline(&[
        sent(1, &alice(), text("a pen?")),
        sent(2, &mallory(), edit(1, "a car?")),
        sent(3, &bob(), reaction(2, "👍")),
    ]);
    assert!(reactions(&timeline, 1).is_empty());
}

#[test]
fn a_rule_may_let_a_moderator_remove_reactions() {
    let mut timeline = timeline(&[
        sent(1, &alice(), text("lunch?")),
        sent(2, &mallory(), reaction(1, "🤮")),
    ]);
    timeline.insert(sent(3, &alice(), delete(2)), |replacement| {
        if replacement.is_reaction && replacement.is_delete {
            Grant::BODY
        } else {
            Grant::NOTHING
        }
    });
    assert!(reactions(&timeline, 1).is_empty());
}
