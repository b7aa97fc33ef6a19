//! Roles, and who comes to hold them.

use super::*;

#[test]
fn a_clean_room_has_no_findings() {
    assert_eq!(lint(&plan().policy()), []);
}

#[test]
fn a_room_whose_roles_nobody_can_change() {
    let plan = plan().revoking(ADMIN, Capability::CHANGE_ROLE_DEFINITIONS);
    assert_snapshot!(plan.findings(), @r#"nobody can ever change the roles: no role that anyone holds, or can come to hold, has canChangeRoleDefinitions (POLICY, "Disruptive Policy Changes")"#);
}

#[test]
fn a_room_whose_roles_nobody_present_can_change_but_someone_may_come_to() {
    let mut plan = plan().preauthorising(ADMIN, &["hr"]);
    plan.users = vec![("bob", USER)];
    // An external sender could be of HR, though nobody is who wants to join.
    assert_snapshot!(plan.findings(), @"entry 0 of the preauthorisation list, for role 3 (admin), lets nobody in, as the role lacks canJoinIfPreauthorized, and nobody has canChangeOwnRole");
    let mut plan = self::plan().granting(ADMIN, Capability::JOIN_IF_PREAUTHORIZED);
    plan = plan.preauthorising(ADMIN, &["hr"]);
    plan.users = vec![("bob", USER)];
    assert_snapshot!(plan.findings(), @"");
}

#[test]
fn a_room_that_the_last_admin_can_leave() {
    let plan = plan().with_role(ADMIN, |role| role.min_participants = 0);
    assert_snapshot!(plan.findings(), @r#"everybody who can change the roles can leave or be removed, and nobody left could replace them: role 3 (admin) has no minimum (POLICY, "Role-Based Access Control")"#);
}

#[test]
fn an_admin_who_can_leave_is_no_trouble_where_others_can_make_a_new_one() {
    let plan = plan().with_role(ADMIN, |role| role.min_participants = 0);
    let plan = plan.moving(USER, 2, &[0, ADMIN]);
    let plan = plan.granting(USER, Capability::CHANGE_USER_ROLE);
    assert_snapshot!(plan.findings(), @"");
}

#[test]
fn admins_who_can_only_step_down_by_way_of_another_governing_role() {
    let mut plan = plan();
    // The admin becomes a chief, and a chief leaves.
    plan = plan.with_role(ADMIN, |role| role.min_participants = 0);
    plan = plan.revoking(ADMIN, Capability::REMOVE_SELF);
    plan = plan.moving(ADMIN, ADMIN, &[4]);
    let chief = [Capability::CHANGE_ROLE_DEFINITIONS, Capability::REMOVE_SELF];
    plan.roles.push(role(4, "chief", &chief, &[(4, &[0])]));
    assert_snapshot!(plan.findings(), @r#"everybody who can change the roles can leave or be removed, and nobody left could replace them: role 3 (admin) has no minimum (POLICY, "Role-Based Access Control")"#);
    // Unless a chief has to remain.
    let plan = plan.with_role(4, |role| role.min_participants = 1);
    assert_snapshot!(plan.findings(), @"");
}

#[test]
fn a_role_with_power_that_anyone_can_take() {
    let plan = plan().granting(0, Capability::OPEN_JOIN);
    assert_eq!(lint(&plan.policy()), []);
    let plan = plan.moving(0, 0, &[USER, ADMIN]);
    assert_snapshot!(plan.findings(), @r#"anyone at all can join as role 3 (admin), which has canChangeRoleDefinitions (POLICY, "Adding")"#);
}

#[test]
fn a_role_that_nobody_can_come_to_hold() {
    let mut plan = plan();
    plan.roles.push(role(7, "enforcer", &[], &[]));
    assert_snapshot!(plan.findings(), @"nobody holds role 7 (enforcer), and nobody can come to hold it");
    // One that is closed on purpose is no surprise.
    let closed = plan.with_role(7, |role| role.max_participants = Some(0));
    assert_eq!(lint(&closed.policy()), []);
}

#[test]
fn a_role_is_reached_step_by_step_and_by_those_who_are_reached() {
    let mut plan = plan();
    // Admins make users guards; guards, and nobody else, make guards captains.
    let guard = [Capability::CHANGE_USER_ROLE, Capability::REMOVE_SELF];
    plan.roles
        .push(role(8, "captain", &[Capability::REMOVE_SELF], &[(8, &[0])]));
    plan.roles.push(role(7, "guard", &guard, &[(7, &[0, 8])]));
    let plan = plan.moving(ADMIN, USER, &[0, 1, 3, 7]);
    assert_eq!(lint(&plan.policy()), []);
    let plan = plan.moving(ADMIN, USER, &[0, 1, 3]);
    assert_snapshot!(plan.findings(), @"
    nobody holds role 8 (captain), and nobody can come to hold it
    nobody holds role 7 (guard), and nobody can come to hold it
    ");
}

#[test]
fn a_role_that_nobody_gets_rid_of() {
    let plan = plan().revoking(USER, Capability::REMOVE_SELF);
    let stuck = plan.clone().moving(ADMIN, USER, &[USER]);
    assert_snapshot!(stuck.findings(), @"whoever holds role 2 (user) holds it for ever: it cannot leave, and nobody can move it");
    // A ban is a way out too, but one out of the ban is then needed.
    let banned = plan.moving(ADMIN, USER, &[1]).moving(ADMIN, 1, &[]);
    assert_snapshot!(banned.findings(), @"
    whoever holds role 1 (banned) holds it for ever: it cannot leave, and nobody can move it
    canUnban has no effect in role 3 (admin): its authorized_role_changes allow no such change
    ");
}

#[test]
fn in_a_room_of_fixed_membership_people_stay_what_they_are() {
    let mut plan = plan();
    plan.base.fixed_membership = true;
    let plan = plan.revoking(ADMIN, Capability::ADD_PARTICIPANT);
    assert_snapshot!(plan.findings(), @"
    canRemoveParticipant has no effect in role 3 (admin): the membership of this room is fixed
    canRemoveSelf has no effect in role 2 (user) and role 3 (admin): the membership of this room is fixed
    canUseJoinCode has no effect in role 0 (no_role): the membership of this room is fixed
    ");
}

#[test]
fn a_list_without_role_0() {
    let mut plan = plan();
    plan.roles.remove(0);
    assert_snapshot!(plan.findings(), @r#"role 0 is not defined, so nobody can join openly or by a join code (POLICY, "Role-Based Access Control")"#);
}

#[test]
fn a_banned_role_that_is_none() {
    let plan = plan().with_role(1, |role| "Banned".clone_into(&mut role.name));
    assert_snapshot!(plan.findings(), @r#"
    role 1 (Banned) is not the banned role, which has index 1 and the name "banned" in exactly this spelling (POLICY, "Role Changes")
    canBan has no effect in role 3 (admin): there is no role 1 with the name "banned"
    canUnban has no effect in role 3 (admin): there is no role 1 with the name "banned"
    "#);
}

#[test]
fn role_changes_from_and_to_roles_that_do_not_exist() {
    let plan = plan()
        .moving(ADMIN, 9, &[2, 8])
        .moving(ADMIN, 2, &[0, 1, 3, 8]);
    assert_snapshot!(plan.findings(), @"the role changes of role 3 (admin) name roles that are not defined: 8 and 9");
}

#[test]
fn role_changes_into_a_role_that_nobody_may_hold() {
    let mut plan = plan();
    plan.roles.push(role(7, "retired", &[], &[]));
    let plan = plan.with_role(7, |role| role.max_participants = Some(0));
    let plan = plan.moving(ADMIN, USER, &[0, 1, 3, 7]);
    assert_snapshot!(plan.findings(), @"role 3 (admin) can move others into role 7 (retired), whose maximum of participants is 0");
}

#[test]
fn constraints_that_no_number_meets() {
    let participants = plan().with_role(ADMIN, |role| {
        (role.min_participants, role.max_participants) = (3, Some(2));
    });
    assert_snapshot!(participants.findings(), @"role 3 (admin) must have at least 3 participants and at most 2");
    let active = plan().with_role(ADMIN, |role| {
        (role.min_active, role.max_active) = (3, Some(2));
    });
    assert_snapshot!(active.findings(), @"role 3 (admin) must have at least 3 active participants and at most 2");
    let more = plan().with_role(ADMIN, |role| {
        (role.min_active, role.max_participants) = (3, Some(2));
    });
    assert_snapshot!(more.findings(), @"role 3 (admin) must have at least 3 active participants, and at most 2 participants in all");
    let equal = plan().with_role(ADMIN, |role| {
        (role.min_participants, role.max_participants) = (2, Some(2));
        (role.min_active, role.max_active) = (2, Some(2));
    });
    assert_eq!(lint(&equal.policy()), []);
}

#[test]
fn more_holders_than_a_role_may_have() {
    let mut plan = plan().with_role(USER, |role| role.max_participants = Some(1));
    assert_eq!(lint(&plan.policy()), []);
    plan.users.push(("cathy", USER));
    assert_snapshot!(plan.findings(), @"role 2 (user) can have at most 1 participant and has 2, so nobody can be added");
}
