//! What a usual change costs does not depend on how many are in the room.

use mimi_content::UriRef;
use mimi_policy::{BaseRoomPolicy, Capability, RoomMetadata, leavers};

use super::common::*;
use super::{by, crowd, judge, measured, resolve, updating};

/// How often it allocates to judge a role change, in a room of this size.
fn of_role_change(size: usize) -> (u64, u64) {
    let (room, alice) = (crowd(size), alice());
    let (policy, promotes) = (room.policy(), octets(&set_role(1, GROUP_ADMIN)));
    let (draft, resolving) = measured(|| resolve(&policy, &promotes));
    let changes = [list(&promotes)];
    let (verdict, judging) = measured(|| judge(&room, &policy, &draft, &[by(&alice, &changes)]));
    verdict.unwrap();
    (resolving.allocations, judging.allocations)
}

#[test]
fn a_role_change_is_judged_with_few_allocations_in_a_room_of_any_size() {
    let (small, large) = (of_role_change(10), of_role_change(10_000));
    assert_eq!(small.1, large.1);
    assert!(small.1 <= 4, "{}", small.1);
    // To work out the new list is a copy of it, and no more of it than that.
    assert!(large.0 <= small.0 + 16, "{small:?} {large:?}");
}

#[test]
fn a_refusal_costs_no_more_than_its_reason() {
    for size in [10, 10_000] {
        let (room, bob) = (crowd(size), bob());
        let (policy, promotes) = (room.policy(), octets(&set_role(2, GROUP_ADMIN)));
        let draft = resolve(&policy, &promotes);
        let changes = [list(&promotes)];
        let (denied, cost) = measured(|| judge(&room, &policy, &draft, &[by(&bob, &changes)]));
        let missing = denied.unwrap_err().missing();
        assert_eq!(missing, Some(Capability::CHANGE_USER_ROLE));
        assert!(cost.allocations <= 4, "{}", cost.allocations);
        let past = octets(&set_role(20_000, GROUP_ADMIN));
        let updates = [updating(&past)];
        let (_, cost) = measured(|| policy.resolve(updates.into_iter()).unwrap_err());
        assert!(cost.allocations <= 16, "{}", cost.allocations);
    }
}

#[test]
fn whoever_bans_by_another_right_takes_no_memory_for_what_it_lacks() {
    let of_ban = |lacking| {
        let room = crowd(10).with_role(SUPER_ADMIN, |role| {
            let capabilities = role.capabilities.iter();
            role.capabilities = capabilities.filter(|one| *one != lacking).collect();
        });
        let (alice, bob) = (alice(), bob());
        let (policy, bans) = (room.policy(), octets(&set_role(1, BANNED)));
        let draft = resolve(&policy, &bans);
        let changes = [list(&bans), drop_client(2, &bob), drop_client(3, &bob)];
        let (verdict, cost) = measured(|| judge(&room, &policy, &draft, &[by(&alice, &changes)]));
        verdict.unwrap();
        cost.allocations
    };
    let usual = of_ban(Capability::SEND_MESSAGE);
    for lacking in [Capability::BAN, Capability::CHANGE_USER_ROLE] {
        assert_eq!(of_ban(lacking), usual, "{lacking}");
    }
}

#[test]
fn to_ask_whether_someone_may_send_takes_no_memory() {
    let (policy, cathy) = (crowd(10_000).policy(), cathy());
    let (may, cost) = measured(|| {
        policy.may_send(&cathy).is_ok()
            && policy.may_report(&cathy).is_ok()
            && policy.may_receive(&cathy)
    });
    assert!(may);
    assert_eq!(cost.allocations, 0);
}

#[test]
fn who_leaves_with_its_parent_takes_only_a_list_of_them() {
    let mut child = crowd(9_000);
    child.base = BaseRoomPolicy {
        parent_room: Some(uri("mimi://a.example/r/parent")),
        ..BaseRoomPolicy::default()
    };
    let meta = RoomMetadata::new(uri("mimi://a.example/r/parent"), "");
    let mut parent = crowd(10_000).with(mimi_content::component::ComponentId::ROOM_METADATA, &meta);
    let (child, gone) = (child.policy(), parent.users.remove(5_000).0);
    let parent = parent.policy();
    let rooms = [((), &child); 8];
    let (leaving, cost) = measured(|| {
        let mut rooms = leavers(&parent, rooms.iter().copied());
        let first = rooms.next();
        assert_eq!(rooms.count(), 7);
        first
    });
    assert_eq!(leaving, Some(((), vec![UriRef::from(&gone)])));
    assert!(cost.allocations <= 8, "{}", cost.allocations);
    assert!(cost.peak <= 1_000, "{}", cost.peak);
}
