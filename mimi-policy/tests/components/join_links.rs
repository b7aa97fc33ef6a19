//! How long a join link lets people in, and how the list of links changes.

use insta::assert_snapshot;
use mimi_policy::limits::MAX_JOIN_LINKS;
use mimi_policy::{JoinLinkPolicy, JoinLinkRefused, JoinLinks, JoinLinksError, JoinLinksUpdate};

use super::link;

const MADE: u64 = 1_800_000_000;

fn policy() -> JoinLinkPolicy {
    JoinLinkPolicy {
        on_request: false,
        request_uri: None,
        multiuser: true,
        expiration: 60,
    }
}

#[test]
fn a_link_is_valid_until_it_expires() {
    let policy = policy();
    assert_eq!(policy.accepts(MADE, MADE, 0), Ok(()));
    assert_eq!(policy.accepts(MADE, MADE + 59, 9), Ok(()));
    let late = policy.accepts(MADE, MADE + 60, 0).unwrap_err();
    assert_eq!(late, JoinLinkRefused::Expired { seconds: 0 });
    let late = policy.accepts(MADE, MADE + 75, 0).unwrap_err();
    assert_snapshot!(late, @r#"the join link has expired 15 seconds ago (POLICY, "Join Link policies component")"#);
    // The clock of the hub went back.
    assert_eq!(policy.accepts(MADE, MADE - 1, 0), Ok(()));
}

#[test]
fn the_largest_times_do_not_confuse_anyone() {
    let mut policy = policy();
    assert!(policy.accepts(0, u64::MAX, 0).is_err());
    policy.expiration = u32::MAX;
    assert_eq!(policy.accepts(u64::MAX, 0, 0), Ok(()));
    policy.expiration = 0;
    assert!(policy.accepts(MADE, MADE, 0).is_err());
}

#[test]
fn a_link_for_one_user_is_used_once() {
    let policy = JoinLinkPolicy {
        multiuser: false,
        ..policy()
    };
    assert_eq!(policy.accepts(MADE, MADE, 0), Ok(()));
    assert_snapshot!(policy.accepts(MADE, MADE, 1).unwrap_err(), @r#"the join link is for one user and was used already (POLICY, "Join Link policies component")"#);
}

#[test]
fn links_on_request_are_kept_one_at_a_time() {
    let links = |count| JoinLinks(vec![link("x"); count]);
    let on_request = JoinLinkPolicy {
        on_request: true,
        ..policy()
    };
    assert!(on_request.allows(&links(0)));
    assert!(on_request.allows(&links(1)));
    assert!(!on_request.allows(&links(2)));
    assert!(policy().allows(&links(2)));
}

#[test]
fn an_update_removes_by_the_list_before_and_adds_at_the_end() {
    let before = JoinLinks(vec![link("a"), link("b"), link("c")]);
    let update = JoinLinksUpdate {
        removed: vec![2, 0],
        added: vec![link("d"), link("e")],
    };
    let after = before.updated(&update).unwrap();
    assert_eq!(after, JoinLinks(vec![link("b"), link("d"), link("e")]));
    assert_eq!(before.updated(&JoinLinksUpdate::default()), Ok(before));
}

#[test]
fn an_update_names_each_link_once_and_none_that_is_not_there() {
    let before = JoinLinks(vec![link("a"), link("b")]);
    let update = |removed: &[u32]| JoinLinksUpdate {
        removed: removed.to_vec(),
        added: vec![link("c")],
    };
    assert_snapshot!(before.updated(&update(&[1, 1])).unwrap_err(), @r#"join link 1 is removed twice (POLICY, "Join Link policies component")"#);
    // An addition has no index yet.
    assert_snapshot!(before.updated(&update(&[0, 2])).unwrap_err(), @r#"index 2 is past the end of the list of 2 join links (POLICY, "Join Link policies component")"#);
    let error = before.updated(&update(&[u32::MAX])).unwrap_err();
    let index = u32::MAX;
    assert_eq!(error, JoinLinksError::IndexPastEnd { index, len: 2 });
}

#[test]
fn a_list_of_links_does_not_grow_without_end() {
    let full = JoinLinks(vec![link("a"); MAX_JOIN_LINKS]);
    let mut update = JoinLinksUpdate {
        removed: Vec::new(),
        added: vec![link("b")],
    };
    assert_snapshot!(full.updated(&update).unwrap_err(), @"the room would have 1025 join links, and 1024 is the most (a limit of this implementation)");
    update.removed.push(7);
    assert_eq!(full.updated(&update).unwrap().0.len(), MAX_JOIN_LINKS);
}

#[test]
fn logs_do_not_let_anyone_in() {
    assert_snapshot!(format!("{:?}", JoinLinks(vec![link("secret")])), @"JoinLinks([JoinLink(6 octets)])");
}
