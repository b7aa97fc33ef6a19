use mimi_content::timeline::{Inserted, Reference, ReplyError, Timeline, sender_only};

use crate::common::*;

#[test]
fn a_reply_knows_which_version_it_means() {
    let mut timeline = timeline(&[
        sent(1, &alice(), text("a pen?")),
        sent(2, &bob(), text("yes").with_reply_to(id(1))),
    ]);
    assert_eq!(meant(&timeline, 2), Some((id(1), 0, true)));
    timeline.insert(sent(5, &alice(), edit(1, "a car?")), sender_only);
    assert_eq!(meant(&timeline, 2), Some((id(1), 0, false)));
    timeline.insert(
        sent(6, &bob(), text("no").with_reply_to(id(5))),
        sender_only,
    );
    assert_eq!(meant(&timeline, 6), Some((id(1), 1, true)));
    // An edit that was accepted earlier arrives and is the first one.
    timeline.insert(sent(4, &alice(), edit(1, "a pencil?")), sender_only);
    assert_eq!(meant(&timeline, 6), Some((id(1), 2, true)));
    // What is gone is not current.
    timeline.insert(sent(7, &alice(), delete(1)), sender_only);
    assert_eq!(meant(&timeline, 6), Some((id(1), 2, false)));
    assert_eq!(meant(&timeline, 2), Some((id(1), 0, false)));
}

#[test]
fn a_reply_to_what_is_not_there_is_shown_all_the_same() {
    let mut timeline = Timeline::new();
    let reply = sent(2, &bob(), text("yes").with_reply_to(id(1)));
    assert_ne!(timeline.insert(reply, sender_only), Inserted::Held);
    let unknown = entry(&timeline, 2).in_reply_to();
    assert!(matches!(unknown, Some(Reference::Unknown(named)) if named == id(1)));
    timeline.insert(sent(1, &alice(), text("a pen?")), sender_only);
    assert_eq!(meant(&timeline, 2), Some((id(1), 0, true)));
}

#[test]
fn a_reply_to_a_forged_edit_is_no_reply_to_the_message() {
    let timeline = timeline(&[
        sent(1, &alice(), text("a pen?")),
        sent(2, &mallory(), edit(1, "a car?")),
        sent(3, &bob(), text("yes").with_reply_to(id(2))),
    ]);
    assert_eq!(meant(&timeline, 3), None);
}

#[test]
fn a_reply_should_name_the_current_version() {
    let mut timeline = timeline(&[sent(1, &alice(), text("a pen?"))]);
    assert_eq!(timeline.reply_to(&id(1)), Ok(id(1)));
    timeline.insert(sent(2, &alice(), edit(1, "a pencil?")), sender_only);
    assert_eq!(timeline.reply_to(&id(1)), Ok(id(2)));
    assert_eq!(timeline.reply_to(&id(2)), Ok(id(2)));
    assert_eq!(timeline.reply_to(&id(9)), Err(ReplyError::Unknown));
    timeline.insert(sent(3, &alice(), delete(1)), sender_only);
    assert_eq!(timeline.reply_to(&id(2)), Err(ReplyError::Gone));
}

#[test]
fn replies_lead_to_where_they_began() {
    let all = [
        sent(1, &alice(), text("a pen?")),
        sent(2, &alice(), edit(1, "a pencil?")),
        sent(3, &bob(), text("yes").with_reply_to(id(2))),
        sent(4, &alice(), text("thanks").with_reply_to(id(3))),
    ];
    let timeline = timeline(&all);
    assert_eq!(ids(entry(&timeline, 4).ancestors()), [3, 1].map(id));
    assert_eq!(entry(&timeline, 1).ancestors().count(), 0);
    assert!(!entry(&timeline, 4).is_looped());
}

#[test]
fn a_loop_of_replies_is_detected_in_whatever_order_it_comes() {
    // 1, 2 and 3 reply in a circle, 4 and 5 to it, 6 to nothing.
    let named = [(1, 3), (2, 1), (3, 2), (4, 2), (5, 4), (6, 9)];
    let mut all = named.map(|(own, to)| sent(own, &mallory(), text("?").with_reply_to(id(to))));
    let first = timeline(&all);
    for turn in 0..all.len() {
        all.rotate_left(1);
        let timeline = timeline(&all);
        assert_eq!(timeline, first);
        let looped = [1, 2, 3, 4, 5, 6].map(|n| entry(&timeline, n).is_looped());
        assert_eq!(looped, [true, true, true, true, true, false], "turn {turn}");
        assert_eq!(entry(&timeline, 5).ancestors().count(), 0);
        assert_eq!(timeline.reply_to(&id(5)), Err(ReplyError::Loop));
        assert_eq!(timeline.reply_to(&id(6)), Ok(id(6)));
    }
}

#[test]
fn a_loop_through_a_version_is_one() {
    let message = sent(1, &mallory(), text("?").with_reply_to(id(3)));
    let version = sent(2, &mallory(), edit(1, "!"));
    let reply = sent(3, &bob(), text("?").with_reply_to(id(2)));
    let all = [message, version, reply];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let timeline = timeline(order.map(|index| &all[index]));
        assert!(entry(&timeline, 1).is_looped(), "{order:?}");
        assert!(entry(&timeline, 3).is_looped(), "{order:?}");
    }
}

#[test]
fn a_message_that_replies_to_itself_is_a_loop() {
    let timeline = timeline(&[sent(1, &mallory(), text("?").with_reply_to(id(1)))]);
    assert!(entry(&timeline, 1).is_looped());
}

#[test]
fn a_sender_learns_that_a_reply_would_close_a_loop() {
    let timeline = timeline(&[
        sent(1, &alice(), text("?").with_reply_to(id(7))),
        sent(2, &bob(), text("!").with_reply_to(id(1))),
        sent(3, &bob(), edit(2, "!!")),
        sent(4, &bob(), text("?").with_reply_to(id(4))),
    ]);
    assert!(timeline.would_loop(&id(7), &id(2)));
    assert!(timeline.would_loop(&id(7), &id(3)));
    assert!(timeline.would_loop(&id(7), &id(7)));
    assert!(timeline.would_loop(&id(8), &id(4)));
    assert!(!timeline.would_loop(&id(8), &id(2)));
    assert!(!timeline.would_loop(&id(8), &id(9)));
    assert!(!timeline.would_loop(&id(7), &id(9)));
}
