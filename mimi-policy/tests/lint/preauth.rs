//! Preauthorisation, base policy and capabilities.

use super::*;

#[test]
fn a_preauthorisation_behind_one_that_asks_for_less() {
    let plan = plan().granting(USER, Capability::JOIN_IF_PREAUTHORIZED);
    let plan = plan.granting(ADMIN, Capability::JOIN_IF_PREAUTHORIZED);
    let sound = plan.clone().preauthorising(ADMIN, &["staff", "hr"]);
    let sound = sound.preauthorising(USER, &["staff"]);
    assert_eq!(lint(&sound.policy()), []);
    let plan = plan.preauthorising(USER, &["staff"]);
    let shadowed = plan.preauthorising(ADMIN, &["hr", "staff"]);
    assert_snapshot!(shadowed.findings(), @"
    entry 1 of the preauthorisation list, for role 3 (admin), never matches, as entry 0 matches everybody whom it would
    canJoinIfPreauthorized has no effect in role 3 (admin): no entry of the preauthorisation list gives this role
    ");
}

#[test]
fn an_entry_that_does_nothing_stands_in_nobodys_way() {
    let plan = plan().granting(USER, Capability::JOIN_IF_PREAUTHORIZED);
    let stale = plan.clone().preauthorising(USER, &["staff"]);
    let mut stale = stale.preauthorising(USER, &["staff"]);
    stale.preauth[0].role.min_active = 5;
    assert_snapshot!(stale.findings(), @"entry 0 of the preauthorisation list, for role 2 (user), gives nothing, as the role is defined otherwise by now: the entry must have it literally");
}

#[test]
fn preauthorisations_that_match_nobody_or_give_nothing() {
    let plan = plan().granting(USER, Capability::JOIN_IF_PREAUTHORIZED);
    let plan = plan.preauthorising(USER, &["staff"]);
    let empty = plan.clone().preauthorising(USER, &[]);
    assert_snapshot!(empty.findings(), @"entry 1 of the preauthorisation list, for role 2 (user), has no claims, so it matches nobody");
    let undefined = plan.clone().preauthorising(9, &["hr"]);
    assert_snapshot!(undefined.findings(), @"entry 1 of the preauthorisation list, for role 9, gives nothing, as the role is not defined");
    let outside = plan.clone().preauthorising(0, &["hr"]);
    assert_snapshot!(outside.findings(), @"entry 1 of the preauthorisation list, for role 0 (no_role), gives nothing, as role 0 is for those who are not in the room");
    let banned = plan.clone().preauthorising(1, &["hr"]);
    assert_snapshot!(banned.findings(), @"entry 1 of the preauthorisation list, for role 1 (banned), does not ban those whom it matches, but keeps them from later entries");
    let closed = plan.preauthorising(ADMIN, &["hr"]);
    assert_snapshot!(closed.findings(), @"entry 1 of the preauthorisation list, for role 3 (admin), lets nobody in, as the role lacks canJoinIfPreauthorized, and nobody has canChangeOwnRole");
}

#[test]
fn a_preauthorisation_for_a_hub_is_not_for_joining() {
    let mut plan = plan();
    let mut enforcer = role(7, "enforcer", &[Capability::KICK], &[]);
    enforcer.max_active = Some(0);
    plan.roles.push(enforcer);
    let plan = plan.preauthorising(7, &["hub"]);
    assert_eq!(lint(&plan.policy()), []);
}

#[test]
fn a_room_that_is_found_but_not_joined() {
    let mut plan = plan();
    plan.base.discoverable = true;
    assert_eq!(lint(&plan.policy()), []);
    let plan = plan.revoking(0, Capability::USE_JOIN_CODE);
    assert_snapshot!(plan.findings(), @"the room can be searched for, but nobody who finds it can join: there is no open joining, join code or preauthorisation");
}

#[test]
fn a_list_of_components_that_is_not_the_rooms() {
    let mut plan = plan();
    plan.base.policy_components = vec![ComponentId::ASSET_POLICY, ComponentId(0xf00d)];
    assert_snapshot!(plan.findings(), @r#"
    policy_component_ids lists asset_policy and component 0xf00d, which this room does not have (POLICY, "Base Room policy component syntax")
    policy_component_ids does not list roles_list, which this room has (POLICY, "Base Room policy component syntax")
    "#);
}

#[test]
fn a_banned_role_with_rights() {
    let plan = plan().granting(1, Capability::SEND_MESSAGE);
    assert_snapshot!(plan.findings(), @"whoever is banned has canSendMessage, though a ban should leave no rights");
}

#[test]
fn reserved_and_unknown_capabilities() {
    let plan = plan().granting(USER, Capability::CHANGE_OWN_NAME);
    let plan = plan.granting(ADMIN, Capability::KNOCK);
    assert_snapshot!(plan.findings(), @r#"some roles have capabilities that are reserved and mean nothing yet: canKnock and canChangeOwnName (POLICY, "Reserved Capabilities")"#);
    let plan = self::plan().granting(USER, Capability(0xf123));
    assert_snapshot!(plan.findings(), @"some roles have capabilities that are not known here and grant nothing: capability 0xf123");
    // Those that are reserved and honoured are not among them.
    let honoured = self::plan().granting(ADMIN, Capability::CHANGE_OTHER_POLICY_ATTRIBUTE);
    assert_eq!(lint(&honoured.policy()), []);
}

#[test]
fn capabilities_without_effect() {
    use Capability as C;
    let alone = |index, capability| plan().granting(index, capability).findings();
    assert_snapshot!(alone(USER, C::ADD_PARTICIPANT), @"canAddParticipant has no effect in role 2 (user): its authorized_role_changes allow no such change");
    let nobody = plan().moving(USER, 2, &[3]).revoking(USER, C::REMOVE_SELF);
    let nobody = nobody.granting(USER, C::REMOVE_PARTICIPANT);
    assert_snapshot!(nobody.findings(), @"canRemoveParticipant has no effect in role 2 (user): its authorized_role_changes allow no such change");
    assert_snapshot!(alone(USER, C::CHANGE_USER_ROLE), @"canChangeUserRole has no effect in role 2 (user): its authorized_role_changes allow no such change");
    assert_snapshot!(alone(USER, C::BAN), @"canBan has no effect in role 2 (user): its authorized_role_changes allow no such change");
    assert_snapshot!(alone(USER, C::UNBAN), @"canUnban has no effect in role 2 (user): its authorized_role_changes allow no such change");
    assert_snapshot!(alone(USER, C::USE_JOIN_CODE), @"canUseJoinCode has no effect in role 2 (user): only those with role 0, who are not in the room, could use it");
    assert_snapshot!(alone(USER, C::JOIN_IF_PREAUTHORIZED), @"canJoinIfPreauthorized has no effect in role 2 (user): no entry of the preauthorisation list gives this role");
    assert_snapshot!(alone(USER, C::CHANGE_OWN_ROLE), @"canChangeOwnRole has no effect in role 2 (user): no entry of the preauthorisation list gives another role");
    assert_snapshot!(alone(0, C::RECEIVE_MESSAGE), @"canReceiveMessage has no effect in role 0 (no_role): whoever is not in the room can only join");
    let stays = plan().moving(USER, 2, &[]);
    assert_snapshot!(stays.findings(), @"canRemoveSelf has no effect in role 2 (user): its authorized_role_changes allow no such change");
    let shut = plan().moving(0, 0, &[]);
    assert_snapshot!(shut.findings(), @"canUseJoinCode has no effect in role 0 (no_role): its authorized_role_changes allow no such change");
}

#[test]
fn bans_where_there_is_no_banned_role() {
    let mut plan = plan();
    plan.roles.remove(1);
    let plan = plan.moving(ADMIN, 1, &[]).moving(ADMIN, 2, &[0, 3]);
    let plan = plan.moving(ADMIN, 3, &[0, 2]).with_role(ADMIN, |role| {
        role.role_changes.retain(|changes| changes.from != 1);
    });
    assert_snapshot!(plan.findings(), @r#"
    canBan has no effect in role 3 (admin): there is no role 1 with the name "banned"
    canUnban has no effect in role 3 (admin): there is no role 1 with the name "banned"
    "#);
}

#[test]
fn sending_where_nobody_has_a_client() {
    let plan = plan().with_role(USER, |role| role.max_active = Some(0));
    assert_snapshot!(plan.findings(), @"
    canSendMessage has no effect in role 2 (user): the maximum of active participants is 0, so nobody there has a client
    canReceiveMessage has no effect in role 2 (user): the maximum of active participants is 0, so nobody there has a client
    ");
}

#[test]
fn capabilities_that_need_another() {
    use Capability as C;
    let alone = |capability| plan().granting(USER, capability).findings();
    assert_eq!(alone(C::REACT_TO_MESSAGE), "");
    assert_snapshot!(alone(C::EDIT_REACTION), @"canEditReaction has no effect in role 2 (user): the role lacks canReactToMessage");
    assert_snapshot!(alone(C::SEND_LINK_PREVIEW), @"canSendLinkPreview has no effect in role 2 (user): the role lacks canSendLink");
    let mute = plan().revoking(USER, C::SEND_MESSAGE);
    let mute = mute.granting(USER, C::REACT_TO_MESSAGE);
    assert_snapshot!(mute.findings(), @"canReactToMessage has no effect in role 2 (user): the role lacks canSendMessage");
    let deaf = plan().revoking(USER, C::RECEIVE_MESSAGE);
    let deaf = deaf.granting(USER, C::DOWNLOAD_IMAGE);
    assert_snapshot!(deaf.findings(), @"canDownloadImage has no effect in role 2 (user): the role lacks canReceiveMessage");
}

#[test]
fn roles_with_the_same_flaw_share_a_sentence() {
    let plan = plan().granting(USER, Capability::CHANGE_OWN_ROLE);
    let plan = plan.granting(ADMIN, Capability::CHANGE_OWN_ROLE);
    assert_snapshot!(plan.findings(), @"canChangeOwnRole has no effect in role 2 (user) and role 3 (admin): no entry of the preauthorisation list gives another role");
}
