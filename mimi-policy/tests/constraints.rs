//! The numbers that a room sets itself, each at its boundary.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(clippy::unwrap_used, reason = "tests stop at what must not happen")]

mod common;
use common::*;
use insta::assert_snapshot;
use mimi_content::component::ComponentId;
use mimi_policy::{Actor, Bundle, Capability, Invalid, Reason, RoomPolicy};

#[test]
fn a_minimum_counts_only_where_someone_leaves() {
    // Nobody is a group admin, though the role wants one; that hurts nobody.
    let mut room = room();
    let (alice, bob) = (alice(), bob());
    let act = |room: &Room, update| {
        let octets = octets(&update);
        room.act(Actor::participant(&alice), &[list(&octets)])
    };
    act(&room, set_role(2, GROUP_ADMIN)).unwrap();
    room.users[2].1 = GROUP_ADMIN;
    let denied = act(&room, set_role(2, ORDINARY_USER)).unwrap_err();
    assert_snapshot!(denied, @r#"role 3 (group_admin) must keep at least 1 participant and would have 0: move another participant to it first (POLICY, "Role-Based Access Control")"#);
    room.users[1].1 = GROUP_ADMIN;
    act(&room, set_role(2, ORDINARY_USER)).unwrap();

    let active = room.with_role(GROUP_ADMIN, |role| role.min_active = 2);
    let denied = active
        .act(
            Actor::participant(&alice),
            &[drop_client(2, &bob), drop_client(3, &bob)],
        )
        .unwrap_err();
    assert_snapshot!(denied, @r#"role 3 (group_admin) must keep at least 2 active participants and would have 1: let another of them add a client first (POLICY, "Role-Based Access Control")"#);
    active
        .act(Actor::participant(&alice), &[drop_client(2, &bob)])
        .unwrap();
}

#[test]
fn a_maximum_counts_only_where_someone_enters() {
    let (alice, dora) = (alice(), dora());
    let adds = octets(&add(&dora, ORDINARY_USER));
    let with = |max| room().with_role(ORDINARY_USER, move |role| role.max_participants = Some(max));
    let add_dora = |room: Room| room.act(Actor::participant(&alice), &[list(&adds)]);
    add_dora(with(3)).unwrap();
    assert_snapshot!(add_dora(with(2)).unwrap_err(), @r#"role 2 (ordinary_user) can have at most 2 participants and would have 3: choose another role, or make room in this one (POLICY, "Role-Based Access Control")"#);
    // A role that is too full already does not stop other changes.
    let promotes = octets(&set_role(1, GROUP_ADMIN));
    with(1)
        .act(Actor::participant(&alice), &[list(&promotes)])
        .unwrap();

    let active = |max| room().with_role(ORDINARY_USER, move |role| role.max_active = Some(max));
    add_dora(active(2)).unwrap();
    let changes = [list(&adds), join_client(&dora)];
    let join = |room: Room| room.act(Actor::participant(&alice), &changes);
    join(active(3)).unwrap();
    assert_snapshot!(join(active(2)).unwrap_err(), @r#"role 2 (ordinary_user) can have at most 2 active participants and would have 3: choose another role, or make room in this one (POLICY, "Role-Based Access Control")"#);
}

#[test]
fn the_base_policy_limits_clients_users_and_devices() {
    let (alice, bob, cathy, dora) = (alice(), bob(), cathy(), dora());
    let mut room = room();
    room.base.max_clients = Some(6);
    room.act(Actor::participant(&bob), &[join_client(&bob)])
        .unwrap();
    let two = [join_client(&bob), join_client(&bob)];
    let denied = room.act(Actor::participant(&bob), &two).unwrap_err();
    assert_snapshot!(denied, @r#"the room would have 7 clients and allows 6: others have to be removed first (POLICY, "Base Room policy component syntax")"#);
    // Removing is fine where there are too many already.
    room.base.max_clients = Some(2);
    room.act(Actor::participant(&bob), &[drop_client(2, &bob)])
        .unwrap();

    room.base.max_clients = None;
    room.base.max_users = Some(4);
    let adds = octets(&add(&dora, ORDINARY_USER));
    let denied = room.act(Actor::participant(&alice), &[list(&adds)]);
    assert_snapshot!(denied.unwrap_err(), @r#"not counting the banned, the room would have 5 users and allows 4: someone has to leave first (POLICY, "Base Room policy component syntax")"#);
    // Someone banned does not count.
    let banned = octets(&add(&dora, BANNED));
    room.act(Actor::participant(&alice), &[list(&banned)])
        .unwrap();
    room.base.max_users = Some(3);
    let refused = RoomPolicy::from_components(&room.components());
    assert_eq!(refused, Err(Invalid::TooManyUsers { max: 3, users: 4 }));

    room.base.max_users = None;
    room.base.multi_device = false;
    let denied = room.act(Actor::participant(&cathy), &[join_client(&cathy)]);
    assert_snapshot!(denied.unwrap_err(), @r#"mimi://c.example/u/cathy would have 2 clients, and this room allows one per user: remove the others in the same commit (POLICY, "Base Room policy component syntax")"#);
    room.act(
        Actor::participant(&cathy),
        &[join_client(&cathy), drop_client(4, &cathy)],
    )
    .unwrap();
    assert!(room.policy().admits(&room.clients).is_err());
}

#[test]
fn a_base_policy_that_the_room_breaks_already_is_not_adopted() {
    let alice = alice();
    let limit = |edit: fn(&mut mimi_policy::BaseRoomPolicy)| {
        let room = room();
        let mut base = room.base.clone();
        edit(&mut base);
        let base = octets(&base);
        let change = [component(ComponentId::BASE_ROOM_POLICY, &base)];
        room.act(Actor::participant(&alice), &change)
    };
    assert!(limit(|base| base.max_clients = Some(4)).is_err());
    assert!(limit(|base| base.max_clients = Some(5)).is_ok());
    assert!(limit(|base| base.max_users = Some(3)).is_err());
    assert!(limit(|base| base.max_users = Some(4)).is_ok());
    assert!(limit(|base| base.multi_device = false).is_err());
}

#[test]
fn fixed_membership_lets_clients_come_and_go_but_no_users() {
    let mut room = room();
    room.base.fixed_membership = true;
    let refused = RoomPolicy::from_components(&room.components());
    assert_snapshot!(refused.unwrap_err(), @r#"role 2 (ordinary_user) has canAddParticipant, which no role may have in a room of fixed membership (POLICY, "Base Room policy component syntax")"#);
    for role in [ORDINARY_USER, GROUP_ADMIN, SUPER_ADMIN] {
        room = room.with_role(role, |role| {
            role.capabilities = (role.capabilities.iter())
                .filter(|c| *c != Capability::ADD_PARTICIPANT)
                .collect();
        });
    }
    let bob = bob();
    let all = [drop_client(2, &bob), drop_client(3, &bob)];
    let bundle = Bundle {
        actor: Actor::participant(&bob),
        changes: &all,
    };
    room.propose(&[bundle]).unwrap();
    let leaves = octets(&remove(1));
    let changes = [list(&leaves), all[0], all[1]];
    let bundle = Bundle {
        changes: &changes,
        ..bundle
    };
    let denied = room.propose(&[bundle]).unwrap_err();
    assert_eq!(denied.reason, Reason::FixedMembership(bob.clone()));
    assert!(room.policy().may_join(&Actor::joiner(&dora())).is_err());
    assert!(room.policy().may_join(&Actor::joiner(&bob)).is_ok());
}

#[test]
fn a_room_that_depends_on_a_parent_rests_on_the_hub() {
    let mut room = room();
    room.base.parent_room = Some(uri("mimi://a.example/r/parent"));
    let (alice, bob, dora) = (alice(), bob(), dora());
    let adds = octets(&add(&dora, ORDINARY_USER));
    let verdict = room.act(Actor::participant(&alice), &[list(&adds)]);
    assert!(verdict.unwrap().rests_on_hub().any());
    let verdict = room.act(Actor::participant(&bob), &[drop_client(3, &bob)]);
    assert!(!verdict.unwrap().rests_on_hub().any());
}

#[test]
fn a_role_does_not_become_the_banned_one_over_its_holders_clients() {
    let room = room().with_role(BANNED, |role| {
        role.name = "guest".into();
        role.max_active = None;
    });
    let mut guests = room.clone();
    guests.users[2].1 = BANNED;
    let banned = presets_roles();
    let change = [component(ComponentId::ROLES_LIST, &banned)];
    let hub = hub();
    let bundle = Bundle {
        actor: Actor::external(&hub),
        changes: &change,
    };
    room.propose(&[bundle]).unwrap();
    let denied = guests.propose(&[bundle]).unwrap_err();
    assert!(matches!(denied.reason, Reason::KeepsClients { .. }));
    // And `canBan` does not reach a role that is not the banned one.
    let (alice, cathy) = (alice(), cathy());
    let moves = octets(&set_role(2, BANNED));
    let room = room.with_role(SUPER_ADMIN, |role| {
        role.capabilities = [Capability::BAN].into_iter().collect();
    });
    let changes = [list(&moves), drop_client(4, &cathy)];
    let denied = room.act(Actor::participant(&alice), &changes).unwrap_err();
    assert_eq!(denied.missing(), Some(Capability::CHANGE_USER_ROLE));
}

fn presets_roles() -> Vec<u8> {
    octets(&mimi_policy::presets::cooperative())
}
