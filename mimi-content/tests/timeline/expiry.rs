use std::collections::BTreeSet;

use mimi_content::timeline::{Change, Received, Timeline, sender_only};
use mimi_content::{Expiration, MimiContent};

use crate::common::*;

fn expiring(mut content: MimiContent<'static>, expires: Expiration) -> MimiContent<'static> {
    content.expires = Some(expires);
    content
}

fn at_100(number: u32, content: MimiContent<'static>) -> Received {
    sent(number, &alice(), expiring(content, Expiration::At(100)))
}

#[test]
fn a_message_expires_at_its_time_read_or_not() {
    let mut timeline = timeline(&[at_100(1, with_subject(text("psst"), "s"))]);
    assert_eq!(timeline.next_deadline(), Some(seconds(100)));
    assert_eq!(entry(&timeline, 1).expires_at(), Some(seconds(100)));
    assert!(timeline.expire(at(99_999)).is_empty());
    assert_eq!(shown(&timeline, 1), "psst");
    let updated = BTreeSet::from([Change::Updated(id(1))]);
    assert_eq!(timeline.expire(seconds(100)), updated);
    assert_eq!(shown(&timeline, 1), "expired");
    assert!(entry(&timeline, 1).extensions().is_empty());
    assert_eq!(ids(timeline.messages(..)), [id(1)]);
    assert_eq!(timeline.next_deadline(), None);
    assert!(timeline.expire(seconds(200)).is_empty());
}

#[test]
fn a_message_expires_so_long_after_it_was_first_read() {
    let after_10 = expiring(text("psst"), Expiration::AfterReading(10));
    let mut timeline = timeline(&[sent(1, &alice(), after_10)]);
    assert_eq!(timeline.next_deadline(), None);
    assert!(timeline.expire(seconds(1_000)).is_empty());
    assert!(timeline.read(&id(1), seconds(2_000)));
    assert!(timeline.read(&id(1), seconds(3_000)));
    assert_eq!(timeline.next_deadline(), Some(seconds(2_010)));
    // Another device had read it before.
    assert!(timeline.read(&id(1), seconds(1_990)));
    assert_eq!(entry(&timeline, 1).read_at(), Some(seconds(1_990)));
    assert_eq!(timeline.next_deadline(), Some(seconds(2_000)));
    timeline.expire(seconds(2_000));
    assert_eq!(shown(&timeline, 1), "expired");
    // Reading what is gone does not start anything.
    assert!(timeline.read(&id(1), seconds(1)));
    assert_eq!(timeline.next_deadline(), None);
}

#[test]
fn nobody_reads_what_is_not_there() {
    let mut timeline = timeline(&[sent(2, &alice(), edit(1, "hi"))]);
    assert!(!timeline.read(&id(1), at(0)));
    assert!(!timeline.read(&id(2), at(0)));
    assert_eq!(
        timeline,
        crate::common::timeline(&[sent(2, &alice(), edit(1, "hi"))])
    );
}

#[test]
fn reading_a_version_is_reading_the_message() {
    let after_10 = expiring(text("psst"), Expiration::AfterReading(10));
    let mut timeline = timeline(&[
        sent(1, &alice(), after_10),
        sent(2, &alice(), edit(1, "psst!")),
    ]);
    assert!(timeline.read(&id(2), seconds(5)));
    assert_eq!(timeline.next_deadline(), Some(seconds(15)));
}

#[test]
fn all_versions_expire_with_the_message_also_late_ones() {
    let early = at_100(2, edit(1, "psst!"));
    let late = at_100(3, edit(1, "psst!!"));
    let mut one = timeline(&[at_100(1, text("psst")), early.clone()]);
    one.expire(seconds(100));
    one.insert(late.clone(), sender_only);
    assert_eq!(shown(&one, 1), "expired");
    assert_eq!(entry(&one, 1).versions().count(), 3);
    assert!(
        entry(&one, 1)
            .versions()
            .all(|version| version.body().is_none())
    );

    let mut other = timeline(&[late, early, at_100(1, text("psst"))]);
    other.expire(seconds(100));
    assert_eq!(one, other);
}

#[test]
fn an_edit_does_not_postpone_the_end() {
    let later = expiring(edit(1, "psst!"), Expiration::At(200));
    let never = edit(1, "psst!!");
    for edit in [later, never] {
        let mut timeline = timeline(&[at_100(1, text("psst")), sent(2, &alice(), edit)]);
        assert_eq!(timeline.next_deadline(), Some(seconds(100)));
        timeline.expire(seconds(100));
        assert_eq!(shown(&timeline, 1), "expired");
        assert_eq!(timeline.next_deadline(), None);
    }
}

#[test]
fn what_waits_expires_too() {
    let mut timeline = timeline(&[at_100(2, edit(1, "psst!"))]);
    assert_eq!(timeline.next_deadline(), Some(seconds(100)));
    assert!(timeline.expire(seconds(100)).is_empty());
    let erased = timeline.waiting().next().unwrap();
    assert_eq!(erased.content.body, mimi_content::NestedPart::null());
    // Whatever the message itself says, its last text is gone.
    timeline.insert(sent(1, &alice(), text("psst")), sender_only);
    assert_eq!(shown(&timeline, 1), "expired");
    assert_eq!(timeline.next_deadline(), None);
}

#[test]
fn a_delete_that_waits_does_not_expire() {
    let mut timeline = timeline(&[at_100(2, delete(1))]);
    assert_eq!(timeline.next_deadline(), None);
    timeline.expire(seconds(100));
    timeline.insert(sent(1, &alice(), text("psst")), sender_only);
    assert_eq!(shown(&timeline, 1), "deleted");
}

#[test]
fn what_is_deleted_stays_so_and_what_has_expired_can_be_deleted() {
    let (message, deletes) = (at_100(1, text("psst")), sent(2, &alice(), delete(1)));
    let mut deleted = timeline(&[message.clone(), deletes.clone()]);
    assert_eq!(deleted.next_deadline(), None);
    deleted.expire(seconds(100));
    let mut expired = timeline(&[message]);
    expired.expire(seconds(100));
    expired.insert(deletes, sender_only);
    assert_eq!(shown(&deleted, 1), "deleted");
    assert_eq!(expired, deleted);
}

#[test]
fn a_message_may_arrive_when_its_time_is_over() {
    let mut timeline = Timeline::new();
    timeline.expire(seconds(500));
    timeline.insert(at_100(1, text("psst")), sender_only);
    assert_eq!(timeline.next_deadline(), Some(seconds(100)));
    timeline.expire(seconds(500));
    assert_eq!(shown(&timeline, 1), "expired");
}

#[test]
fn a_reaction_that_expires_counts_no_more() {
    let mut timeline = timeline(&[sent(1, &bob(), text("hi")), at_100(2, reaction(1, "❤"))]);
    assert_eq!(reactions(&timeline, 1), ["❤ alice"]);
    let both = [Change::Updated(id(2)), Change::Reactions(id(1))];
    assert_eq!(timeline.expire(seconds(100)), both.into());
    assert!(reactions(&timeline, 1).is_empty());
}

#[test]
fn the_longest_times_are_those_of_the_field() {
    let last = expiring(text("psst"), Expiration::At(u32::MAX));
    let longest = expiring(text("psst"), Expiration::AfterReading(u32::MAX));
    let mut timeline = timeline(&[sent(1, &alice(), last), sent(2, &alice(), longest)]);
    assert_eq!(timeline.next_deadline(), Some(seconds(u32::MAX.into())));
    timeline.read(&id(2), at(u64::MAX));
    assert_eq!(entry(&timeline, 2).expires_at(), Some(at(u64::MAX)));
}
