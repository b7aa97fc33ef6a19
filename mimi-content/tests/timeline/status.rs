use std::collections::BTreeSet;

use mimi_content::timeline::{Change, MAX_HELD_STATUSES, Timeline, sender_only};
use mimi_content::{MessageStatus, PerMessageStatus, StatusReport};

use crate::common::*;

fn report(entries: &[(u32, MessageStatus)]) -> StatusReport {
    let entry = |&(number, status)| PerMessageStatus {
        message_id: id(number),
        status,
    };
    StatusReport(entries.iter().map(entry).collect())
}

fn tell(timeline: &mut Timeline, millis: u64, status: MessageStatus) -> BTreeSet<Change> {
    timeline.report(&bob(), at(millis), &report(&[(1, status)]))
}

fn status(timeline: &Timeline, number: u32) -> Vec<(String, MessageStatus)> {
    let statuses = timeline.statuses(&id(number));
    statuses
        .map(|(user, status, _)| (user.to_string(), status))
        .collect()
}

fn of_bob(timeline: &Timeline) -> MessageStatus {
    let (user, status, _) = timeline.statuses(&id(1)).next().unwrap();
    assert_eq!(*user, bob());
    status
}

#[test]
fn a_report_covers_several_messages_and_each_user_has_a_word() {
    let mut timeline = timeline(&[sent(1, &alice(), text("hi")), sent(2, &alice(), text("ho"))]);
    let both = report(&[(1, MessageStatus::READ), (2, MessageStatus::DELIVERED)]);
    let told = [Change::Status(id(1)), Change::Status(id(2))];
    assert_eq!(timeline.report(&bob(), at(5), &both), told.into());
    assert!(timeline.report(&bob(), at(5), &both).is_empty());
    timeline.report(&mallory(), at(6), &report(&[(1, MessageStatus::HIDDEN)]));
    assert_eq!(
        status(&timeline, 1),
        [
            (bob().to_string(), MessageStatus::READ),
            (mallory().to_string(), MessageStatus::HIDDEN)
        ]
    );
    let last = timeline.statuses(&id(2)).next().unwrap();
    assert_eq!(last, (&bob(), MessageStatus::DELIVERED, at(5)));
}

#[test]
fn statuses_follow_each_other_as_documented() {
    use MessageStatus as S;
    let all = [
        S::UNREAD,
        S::DELIVERED,
        S::READ,
        S::EXPIRED,
        S::DELETED,
        S::HIDDEN,
        S::ERROR,
        S(9),
    ];
    let mut table = String::new();
    for old in all {
        let row = all.map(|new| {
            let mut timeline = timeline(&[sent(1, &alice(), text("hi"))]);
            tell(&mut timeline, 1, old);
            tell(&mut timeline, 2, new);
            let stays = of_bob(&timeline) == new;
            // The order of arrival makes no difference.
            let mut other = crate::common::timeline(&[sent(1, &alice(), text("hi"))]);
            tell(&mut other, 2, new);
            tell(&mut other, 1, old);
            assert_eq!(timeline, other);
            if stays { '✓' } else { '-' }
        });
        table.push_str(&format!(
            "{:9} {}\n",
            format!("{old:?}"),
            String::from_iter(row)
        ));
    }
    insta::assert_snapshot!(table, @"
    unread    ✓-✓✓✓✓-✓
    delivered ✓✓✓✓✓✓✓✓
    read      ✓-✓✓✓✓-✓
    expired   ---✓✓---
    deleted   ----✓---
    hidden    ✓-✓✓✓✓-✓
    error     ✓✓✓✓✓✓✓✓
    status 9  ✓-✓✓✓✓-✓
    ");
}

#[test]
fn within_a_report_the_later_entry_counts() {
    let mut timeline = timeline(&[sent(1, &alice(), text("hi"))]);
    let entries = [(1, MessageStatus::READ), (1, MessageStatus::UNREAD)];
    timeline.report(&bob(), at(1), &report(&entries));
    assert_eq!(of_bob(&timeline), MessageStatus::UNREAD);
    let entries = [(1, MessageStatus::DELETED), (1, MessageStatus::READ)];
    timeline.report(&bob(), at(2), &report(&entries));
    assert_eq!(of_bob(&timeline), MessageStatus::DELETED);
}

#[test]
fn a_version_has_a_status_of_its_own() {
    let mut timeline = timeline(&[
        sent(1, &alice(), text("hi")),
        sent(2, &alice(), edit(1, "ho")),
    ]);
    timeline.report(&bob(), at(3), &report(&[(2, MessageStatus::READ)]));
    assert!(status(&timeline, 1).is_empty());
    assert_eq!(status(&timeline, 2).len(), 1);
}

#[test]
fn statuses_wait_for_their_message() {
    let mut early = Timeline::new();
    assert!(tell(&mut early, 5, MessageStatus::READ).is_empty());
    tell(&mut early, 4, MessageStatus::UNREAD);
    assert!(status(&early, 1).is_empty());
    early.insert(sent(1, &alice(), text("hi")), sender_only);
    assert_eq!(of_bob(&early), MessageStatus::READ);

    let mut late = timeline(&[sent(1, &alice(), text("hi"))]);
    tell(&mut late, 4, MessageStatus::UNREAD);
    tell(&mut late, 5, MessageStatus::READ);
    assert_eq!(late, early);
}

#[test]
fn of_too_many_waiting_statuses_the_oldest_goes() {
    let most = u32::try_from(MAX_HELD_STATUSES).unwrap();
    let read = |number: u32| report(&[(number, MessageStatus::READ)]);
    let mut timeline = Timeline::new();
    timeline.report(&bob(), at(0), &read(1));
    for number in 1..=most {
        timeline.report(&mallory(), at(number.into()), &read(number));
    }
    let full = timeline.clone();
    // A later word on the same message takes no more room.
    timeline.report(&mallory(), at(9_999), &read(2));
    timeline.insert(sent(1, &alice(), text("hi")), sender_only);
    assert_eq!(status(&timeline, 1).len(), 2);

    let mut timeline = full;
    timeline.report(&mallory(), at(9_999), &read(most + 1));
    for number in [1, 2, most + 1] {
        timeline.insert(sent(number, &alice(), text("hi")), sender_only);
    }
    // Hers is gone, his is not.
    assert_eq!(
        status(&timeline, 1),
        [(bob().to_string(), MessageStatus::READ)]
    );
    assert_eq!(status(&timeline, 2).len(), 1);
    assert_eq!(status(&timeline, most + 1).len(), 1);
}

#[test]
fn a_report_older_than_all_that_wait_is_the_one_to_go() {
    let most = u32::try_from(MAX_HELD_STATUSES).unwrap();
    let numbers: Vec<_> = (1..=most).map(|n| (n, MessageStatus::READ)).collect();
    let mut timeline = Timeline::new();
    timeline.report(&bob(), at(5), &report(&numbers));
    let full = timeline.clone();
    timeline.report(&bob(), at(4), &report(&[(most + 1, MessageStatus::READ)]));
    assert_eq!(timeline, full);
}
