//! Values that make no sense, each by itself and each just not.

#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use mimi_content::sanity::{
    Facts, MAX_AHEAD_MILLIS, Nonsense, SYNTAX_PUBLISHED, YEAR_SECS, nonsense,
};
use mimi_content::{Expiration, MimiContent, NestedPart, Salt, Timestamp};

const NOW_SECS: u64 = 1_800_000_000;

fn facts() -> Facts {
    let now = Timestamp::from_millis(NOW_SECS * 1000);
    Facts {
        now,
        accepted: now,
        room_created: Some(SYNTAX_PUBLISHED),
        sender_is_member: true,
        id_is_known: false,
        len: 1000,
        max_len: 1000,
    }
}

fn message() -> MimiContent<'static> {
    MimiContent::new(Salt::new([7; 16]), NestedPart::plain("Hi"))
}

fn judge(change: impl FnOnce(&mut Facts)) -> Vec<Nonsense> {
    let mut facts = facts();
    change(&mut facts);
    nonsense(&message(), &facts)
}

fn expiring(expires: Expiration) -> Vec<Nonsense> {
    nonsense(&message().with_expiration(expires), &facts())
}

fn secs(time: u64) -> u32 {
    u32::try_from(time).unwrap()
}

#[test]
fn senders_ids_and_sizes() {
    assert_eq!(judge(|_| ()), []);
    let stranger = judge(|facts| facts.sender_is_member = false);
    assert_eq!(stranger, [Nonsense::SenderNotMember]);
    let known = judge(|facts| facts.id_is_known = true);
    assert_eq!(known, [Nonsense::DuplicateId]);
    assert_eq!(judge(|facts| facts.len = 1001), [Nonsense::TooLarge]);
}

#[test]
fn times_of_acceptance() {
    let latest = Timestamp::from_millis(NOW_SECS * 1000 + MAX_AHEAD_MILLIS);
    assert_eq!(judge(|facts| facts.accepted = latest), []);
    let later = latest.plus_millis(1);
    let future = judge(|facts| facts.accepted = later);
    assert_eq!(future, [Nonsense::FromTheFuture]);
    assert_eq!(judge(|facts| facts.accepted = SYNTAX_PUBLISHED), []);
    let before = Timestamp::from_millis(SYNTAX_PUBLISHED.as_millis() - 1);
    let both = judge(|facts| facts.accepted = before);
    assert_eq!(both, [Nonsense::BeforeSyntax, Nonsense::BeforeRoom]);
    let old = judge(|facts| {
        facts.accepted = before;
        facts.room_created = None;
    });
    assert_eq!(old, [Nonsense::BeforeSyntax]);
    let created = Timestamp::from_millis(NOW_SECS * 1000 - 5);
    let early = judge(|facts| {
        facts.accepted = Timestamp::from_millis(NOW_SECS * 1000 - 6);
        facts.room_created = Some(created);
    });
    assert_eq!(early, [Nonsense::BeforeRoom]);
}

#[test]
fn expirations() {
    for time in [NOW_SECS - YEAR_SECS, NOW_SECS, NOW_SECS + YEAR_SECS] {
        assert_eq!(expiring(Expiration::At(secs(time))), []);
    }
    let long_ago = expiring(Expiration::At(secs(NOW_SECS - YEAR_SECS - 1)));
    assert_eq!(long_ago, [Nonsense::ExpiredLongAgo]);
    let late = expiring(Expiration::At(secs(NOW_SECS + YEAR_SECS + 1)));
    assert_eq!(late, [Nonsense::ExpiresTooLate]);
    assert_eq!(expiring(Expiration::AfterReading(secs(YEAR_SECS))), []);
    let late = expiring(Expiration::AfterReading(secs(YEAR_SECS + 1)));
    assert_eq!(late, [Nonsense::ExpiresTooLate]);
    assert_eq!(expiring(Expiration::At(0)), [Nonsense::ExpiredLongAgo]);
}

#[test]
fn a_clock_at_its_end_does_no_harm() {
    let end = Timestamp::from_millis(u64::MAX);
    let mut facts = facts();
    (facts.now, facts.accepted) = (end, end);
    let message = message().with_expiration(Expiration::At(u32::MAX));
    assert_eq!(nonsense(&message, &facts), [Nonsense::ExpiredLongAgo]);
}
