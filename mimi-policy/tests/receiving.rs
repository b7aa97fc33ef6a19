//! Who receives messages.

// A test that fails by a panic says where.
#![allow(clippy::unwrap_used, reason = "tests stop at what must not happen")]

mod common;

use common::*;
use mimi_policy::Capability;

#[test]
fn a_hub_sends_to_those_who_may_receive() {
    let policy = room().policy();
    let users: Vec<_> = policy
        .receivers()
        .map(|entry| entry.user.as_str().to_owned())
        .collect();
    // The enforcer, which is the hub, receives nothing.
    assert_eq!(
        users,
        [alice(), bob(), cathy()].map(|user| user.to_string())
    );
    assert!(policy.may_receive(&bob()));
    assert!(!policy.may_receive(&hub()));
    assert!(!policy.may_receive(&dora()));
}

#[test]
fn a_role_without_the_capability_is_left_out_whole() {
    let deaf = room().with_role(ORDINARY_USER, |role| {
        let kept = role.capabilities.iter();
        role.capabilities = kept
            .filter(|one| *one != Capability::RECEIVE_MESSAGE)
            .collect();
    });
    let policy = deaf.policy();
    let users: Vec<_> = policy.receivers().map(|entry| entry.role).collect();
    assert_eq!(users, [SUPER_ADMIN]);
    assert!(!policy.may_receive(&bob()));
}

#[test]
fn the_banned_receive_nothing() {
    let mut room = room();
    room.users.push((dora(), BANNED));
    let policy = room.policy();
    assert!(!policy.may_receive(&dora()));
    assert_eq!(policy.receivers().count(), 3);
}
