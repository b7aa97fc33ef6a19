//! What the linter tells administrators.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]

mod common;
use common::*;
use insta::assert_snapshot;
use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;
use mimi_policy::{
    Actor, AssetPolicy, AssetUploadLocation, BaseRoomPolicy, Bot, BotPolicy, BotRole, Bundle,
    Candidate, Capability, CapabilitySet, Claim, Claims, ClientIndex, DomainName, DownloadPrivacy,
    DownloadPrivacyType, Finding, HistoryDetails, HistoryPolicy, JoinCode, JoinLink,
    JoinLinkPolicy, JoinLinks, LoggingDetails, LoggingPolicy, Participant, ParticipantList,
    ParticipantListUpdate, PreauthEntry, PreauthList, Role, RoleChanges, RoleList, RoomPolicy, Uri,
    lint, presets,
};
use proptest::prelude::*;

const USER: u32 = 2;
const ADMIN: u32 = 3;

/// A room in which there is nothing to find, part by part.
#[derive(Debug, Clone)]
struct Plan {
    roles: Vec<Role>,
    users: Vec<(&'static str, u32)>,
    base: BaseRoomPolicy,
    preauth: Vec<PreauthEntry>,
    more: ComponentMap,
}

fn role(index: u32, name: &str, capabilities: &[Capability], changes: &[(u32, &[u32])]) -> Role {
    let changes = changes.iter().map(|(from, to)| RoleChanges {
        from: *from,
        to: to.to_vec(),
    });
    Role {
        index,
        name: name.to_owned(),
        capabilities: capabilities.iter().copied().collect(),
        role_changes: changes.collect(),
        ..Role::default()
    }
}

/// Users who talk and leave, and admins who do everything and of whom one
/// stays; anyone may come in by a code.
fn plan() -> Plan {
    use Capability as C;
    let user = [C::SEND_MESSAGE, C::RECEIVE_MESSAGE, C::REMOVE_SELF];
    let admin = [
        C::SEND_MESSAGE,
        C::RECEIVE_MESSAGE,
        C::REMOVE_SELF,
        C::ADD_PARTICIPANT,
        C::REMOVE_PARTICIPANT,
        C::BAN,
        C::UNBAN,
        C::CHANGE_USER_ROLE,
        C::CHANGE_ROLE_DEFINITIONS,
    ];
    let mut banned = role(1, "banned", &[], &[]);
    banned.max_active = Some(0);
    let mut admin = role(
        ADMIN,
        "admin",
        &admin,
        &[(0, &[2, 3]), (1, &[0, 2]), (2, &[0, 1, 3]), (3, &[0, 1, 2])],
    );
    admin.min_participants = 1;
    Plan {
        roles: vec![
            role(0, "no_role", &[C::USE_JOIN_CODE], &[(0, &[2])]),
            banned,
            role(USER, "user", &user, &[(2, &[0])]),
            admin,
        ],
        users: vec![("alice", ADMIN), ("bob", USER)],
        base: BaseRoomPolicy {
            policy_components: vec![ComponentId::ROLES_LIST],
            ..BaseRoomPolicy::default()
        },
        preauth: Vec::new(),
        more: ComponentMap::new(),
    }
}

impl Plan {
    fn with_role(mut self, index: u32, change: impl Fn(&mut Role)) -> Self {
        let found = self.roles.iter_mut().find(|role| role.index == index);
        change(found.unwrap());
        self
    }

    fn granting(self, index: u32, capability: Capability) -> Self {
        self.with_role(index, |role| {
            let more = role.capabilities.iter().chain([capability]);
            role.capabilities = more.collect();
        })
    }

    fn revoking(self, index: u32, capability: Capability) -> Self {
        self.with_role(index, |role| {
            let fewer = role.capabilities.iter().filter(|c| *c != capability);
            role.capabilities = fewer.collect();
        })
    }

    fn moving(self, index: u32, from: u32, to: &[u32]) -> Self {
        self.with_role(index, |role| {
            role.role_changes.retain(|changes| changes.from != from);
            let to = to.to_vec();
            role.role_changes.push(RoleChanges { from, to });
        })
    }

    /// Whoever has all these claims is preauthorised for the role.
    fn preauthorising(mut self, role: u32, claims: &[&'static str]) -> Self {
        let found = self.roles.iter().find(|other| other.index == role);
        let role = found.cloned().unwrap_or(Role {
            index: role,
            ..Role::default()
        });
        let claims = claims.iter().map(|claim| Claim {
            credential_type: 2,
            id: claim.as_bytes().into(),
            value: b"yes".as_slice().into(),
        });
        let claims = claims.collect();
        self.preauth.push(PreauthEntry { claims, role });
        if !self
            .base
            .policy_components
            .contains(&ComponentId::PREAUTH_LIST)
        {
            self.base.policy_components.push(ComponentId::PREAUTH_LIST);
        }
        self
    }

    fn with(mut self, id: ComponentId, value: &impl Encode) -> Self {
        self.more.insert(id, octets(value));
        self.base.policy_components.push(id);
        self
    }

    fn policy(&self) -> RoomPolicy {
        let users = self.users.iter().map(|(name, role)| Participant {
            user: uri(&format!("mimi://a.example/u/{name}")),
            role: *role,
        });
        let list = ParticipantList::new(users.collect()).unwrap();
        let mut components = self.more.clone();
        components.insert(ComponentId::PARTICIPANT_LIST, octets(&list));
        let roles = RoleList::new(self.roles.clone()).unwrap();
        components.insert(ComponentId::ROLES_LIST, octets(&roles));
        components.insert(ComponentId::BASE_ROOM_POLICY, octets(&self.base));
        if !self.preauth.is_empty() {
            let preauth = PreauthList(self.preauth.clone());
            components.insert(ComponentId::PREAUTH_LIST, octets(&preauth));
        }
        RoomPolicy::from_components(&components).unwrap()
    }

    /// All findings, a line each.
    fn findings(&self) -> String {
        let findings = lint(&self.policy());
        let lines: Vec<_> = findings.iter().map(Finding::to_string).collect();
        lines.join("\n")
    }
}

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
    assert_snapshot!(plan.findings(), @"role 2 (user) can have at most 1 participants and has 2, so nobody can be added");
}

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

#[test]
fn two_logging_clients_of_one_provider() {
    let client = |name| Uri::parse(&format!("mimi://{name}")).unwrap();
    let logged = |clients: &[_]| {
        let details = LoggingDetails {
            clients: clients.to_vec(),
            ..LoggingDetails::default()
        };
        plan().with(
            ComponentId::LOGGING_POLICY,
            &LoggingPolicy::Required(details),
        )
    };
    let (one, other) = (client("a.example/d/log/1"), client("a.example/d/log/2"));
    let third = client("b.example/d/log/1");
    assert_eq!(lint(&logged(&[one.clone(), third]).policy()), []);
    assert_snapshot!(logged(&[one, other]).findings(), @r#"a.example logs with several clients, and a provider should have one: mimi://a.example/d/log/1 and mimi://a.example/d/log/2 (POLICY, "Logging policy component")"#);
}

fn history(roles: &[u32], max_period: u32) -> Plan {
    let details = HistoryDetails {
        roles: roles.to_vec(),
        automatic: false,
        max_period,
    };
    let history = HistoryPolicy::Optional(details);
    plan().with(ComponentId::CHAT_HISTORY_POLICY, &history)
}

#[test]
fn history_that_nobody_shares() {
    assert_eq!(lint(&history(&[ADMIN], 3600).policy()), []);
    assert_snapshot!(history(&[ADMIN, 9], 3600).findings(), @r#"the chat history policy lets roles share that are not defined: 9 (POLICY, "Chat history policy component")"#);
    assert_snapshot!(history(&[], 3600).findings(), @r#"the chat history policy allows sharing, but either no role can share or the period is 0 seconds (POLICY, "Chat history policy component")"#);
    assert_snapshot!(history(&[ADMIN], 0).findings(), @r#"the chat history policy allows sharing, but either no role can share or the period is 0 seconds (POLICY, "Chat history policy component")"#);
}

#[test]
fn a_bot_in_a_role_that_it_cannot_have() {
    let bot = |role| {
        let bot = Bot {
            name: "Dealer".to_owned(),
            description: String::new(),
            homepage: None,
            role,
            can_target_message_in_group: false,
            per_user_content: false,
        };
        let policy = BotPolicy {
            allowed_bots: vec![bot],
        };
        plan().with(ComponentId::BOT_POLICY, &policy)
    };
    for sound in [
        BotRole::LocalClient,
        BotRole::Index(0),
        BotRole::Index(USER),
    ] {
        assert_eq!(lint(&bot(sound).policy()), []);
    }
    assert_snapshot!(bot(BotRole::Index(9)).findings(), @r#"the bot "Dealer" is to act in role 9, which is not defined or has no clients (POLICY, "Chat bot policy component")"#);
    assert_snapshot!(bot(BotRole::Index(1)).findings(), @r#"the bot "Dealer" is to act in role 1, which is not defined or has no clients (POLICY, "Chat bot policy component")"#);
}

#[test]
fn two_entries_for_the_assets_of_one_provider() {
    let domains = mimi_policy::ProviderAssetUploadDomains {
        provider: DomainName::parse("a.example").unwrap(),
        destinations: Vec::new(),
    };
    let assets = |count| AssetPolicy {
        upload_location: AssetUploadLocation::LOCAL_PROVIDER,
        upload_domains: vec![domains.clone(); count],
        download_privacy: DownloadPrivacy {
            allowed: Vec::new(),
            forbidden: Vec::new(),
            default: DownloadPrivacyType::DIRECT,
        },
        max_image: 0,
        max_audio: 0,
        max_video: 0,
        max_attachment: 0,
        forbidden_media_types: Vec::new(),
        permitted_media_types: None,
    };
    let with = |count| plan().with(ComponentId::ASSET_POLICY, &assets(count));
    assert_eq!(lint(&with(1).policy()), []);
    assert_snapshot!(with(2).findings(), @r#"the asset policy has several entries for a.example (POLICY, "Asset policies component")"#);
}

#[test]
fn join_links_that_lead_nowhere() {
    let links = |count| {
        JoinLinks(vec![
            JoinLink(b"https://a.example/secret".as_slice().into());
            count
        ])
    };
    let policy = |on_request, expiration| JoinLinkPolicy {
        on_request,
        request_uri: None,
        multiuser: true,
        expiration,
    };
    let room = |count, policy| {
        let plan = plan().with(ComponentId::JOIN_LINKS, &links(count));
        plan.with(ComponentId::JOIN_LINK_POLICY, &policy)
    };
    assert_eq!(lint(&room(2, policy(false, 60)).policy()), []);
    assert_eq!(lint(&room(1, policy(true, 60)).policy()), []);
    let alone = plan().with(ComponentId::JOIN_LINKS, &links(3));
    assert_snapshot!(alone.findings(), @r#"the room has join links (3) and no join link policy to say how long they are valid (POLICY, "Join Link policies component")"#);
    assert_snapshot!(room(1, policy(true, 0)).findings(), @"join links expire 0 seconds after they are made, so none is ever valid");
    let shut = room(1, policy(true, 60)).revoking(0, Capability::USE_JOIN_CODE);
    assert_snapshot!(shut.findings(), @r#"the room has join links (1), but role 0 lacks canUseJoinCode (POLICY, "Adding")"#);
}

/// A room started from a preset, as its docs say: with an administrator and
/// the hub.
fn started(roles: &RoleList, admin: u32, enforcer: u32, base: BaseRoomPolicy) -> String {
    let plan = Plan {
        roles: roles.iter().cloned().collect(),
        users: vec![("alice", admin), ("hub", enforcer)],
        base: BaseRoomPolicy {
            policy_components: vec![ComponentId::ROLES_LIST],
            ..base
        },
        preauth: Vec::new(),
        more: ComponentMap::new(),
    };
    plan.findings()
}

#[test]
fn the_presets_have_the_findings_that_they_document() {
    use presets::{direct_message as dm, moderated as hall, multi_organization as orgs};
    let base = BaseRoomPolicy::default;
    let coop = presets::cooperative();
    assert_snapshot!(started(&coop, SUPER_ADMIN, POLICY_ENFORCER, base()), @r#"
    canUnban has no effect in role 5 (policy_enforcer): its authorized_role_changes allow no such change
    some roles have capabilities that are reserved and mean nothing yet: canChangeOwnName, canChangeOwnPresence, canChangeOwnMood and canChangeOwnAvatar (POLICY, "Reserved Capabilities")
    "#);
    let strict = presets::strict();
    assert_snapshot!(started(&strict, SUPER_ADMIN, POLICY_ENFORCER, base()), @r#"
    canJoinIfPreauthorized has no effect in role 2 (ordinary_user), role 3 (group_admin) and role 4 (super_admin): no entry of the preauthorisation list gives this role
    canUnban has no effect in role 5 (policy_enforcer): its authorized_role_changes allow no such change
    canChangeOwnRole has no effect in role 2 (ordinary_user), role 3 (group_admin) and role 4 (super_admin): no entry of the preauthorisation list gives another role
    some roles have capabilities that are reserved and mean nothing yet: canChangeOwnName, canChangeOwnPresence, canChangeOwnMood and canChangeOwnAvatar (POLICY, "Reserved Capabilities")
    "#);
    let moderated = presets::moderated();
    assert_snapshot!(started(&moderated, hall::SUPER_ADMIN, hall::POLICY_ENFORCER, base()), @r#"
    canJoinIfPreauthorized has no effect in role 3 (attendee), role 4 (speaker), role 5 (moderator) and role 6 (super_admin): no entry of the preauthorisation list gives this role
    canUnban has no effect in role 7 (policy_enforcer): its authorized_role_changes allow no such change
    canChangeOwnRole has no effect in role 3 (attendee), role 4 (speaker), role 5 (moderator) and role 6 (super_admin): no entry of the preauthorisation list gives another role
    canReactToMessage has no effect in role 2 (guest) and role 3 (attendee): the role lacks canSendMessage
    canDeleteOwnReaction has no effect in role 2 (guest) and role 3 (attendee): the role lacks canSendMessage
    canReplyInTopic has no effect in role 3 (attendee): the role lacks canSendMessage
    some roles have capabilities that are reserved and mean nothing yet: canChangeOwnName, canChangeOwnPresence and canChangeOwnAvatar (POLICY, "Reserved Capabilities")
    "#);
    let multi = presets::multi_organization();
    assert_snapshot!(started(&multi, orgs::SUPER_ADMIN, orgs::POLICY_ENFORCER, base()), @r#"
    canJoinIfPreauthorized has no effect in role 2 (org_a_user), role 5 (org_a_admin) and role 8 (super_admin): no entry of the preauthorisation list gives this role
    canUnban has no effect in role 9 (policy_enforcer): its authorized_role_changes allow no such change
    canChangeOwnRole has no effect in role 2 (org_a_user), role 5 (org_a_admin) and role 8 (super_admin): no entry of the preauthorisation list gives another role
    some roles have capabilities that are reserved and mean nothing yet: canChangeOwnName, canChangeOwnPresence and canChangeOwnAvatar (POLICY, "Reserved Capabilities")
    "#);
    let direct = presets::direct_message();
    assert_snapshot!(started(&direct, dm::PARTICIPANT, dm::POLICY_ENFORCER, dm::base()), @r#"
    nobody can ever change the roles: no role that anyone holds, or can come to hold, has canChangeRoleDefinitions (POLICY, "Disruptive Policy Changes")
    some roles have capabilities that are reserved and mean nothing yet: canChangeOwnName, canChangeOwnPresence, canChangeOwnMood and canChangeOwnAvatar (POLICY, "Reserved Capabilities")
    "#);
}

#[test]
fn the_largest_list_of_roles_is_looked_over() {
    // Every role can move whoever has an even one of the first to any even
    // one, and half of these roles are nowhere.
    let to: Vec<u32> = (0..512).step_by(2).collect();
    let changes: Vec<_> = to
        .iter()
        .take(16)
        .map(|from| RoleChanges {
            from: *from,
            to: to.clone(),
        })
        .collect();
    let mut plan = plan();
    plan.roles = (0..256)
        .map(|index| Role {
            index,
            capabilities: CapabilitySet::from_iter([Capability::CHANGE_USER_ROLE]),
            role_changes: changes.clone(),
            ..Role::default()
        })
        .collect();
    let findings = lint(&plan.policy());
    let undefined = |f: &&Finding| matches!(f, Finding::UndefinedRoles { undefined, .. } if undefined.len() == 128);
    assert_eq!(findings.iter().filter(undefined).count(), 256);
    // Only even roles are reached, and those that Alice and Bob hold.
    let unreachable = |f: &&Finding| matches!(f, Finding::Unreachable(_));
    assert_eq!(findings.iter().filter(unreachable).count(), 127);
    let shown = findings.iter().map(|f| f.to_string().len()).max();
    assert!(shown < Some(1000), "{shown:?}");
}

#[test]
fn the_largest_list_of_preauthorisations_is_looked_over() {
    let mut plan = plan().granting(USER, Capability::JOIN_IF_PREAUTHORIZED);
    let names: Vec<&'static str> = (0..64).map(|n| &*format!("{n}").leak()).collect();
    plan = plan.preauthorising(USER, &names);
    let entry = plan.preauth[0].clone();
    // Each lacks the last claim of the one before, so each is shadowed by none
    // before it; then the same again, and each is.
    let shorter = |len: usize| PreauthEntry {
        claims: entry.claims[..len].to_vec(),
        role: entry.role.clone(),
    };
    plan.preauth = (1..=64).rev().map(shorter).collect();
    assert_eq!(lint(&plan.policy()), []);
    while plan.preauth.len() < 1024 {
        plan.preauth.push(entry.clone());
    }
    let findings = lint(&plan.policy());
    assert_eq!(findings.len(), 1024 - 64);
}

/// Six roles that may do anything at random.
fn any_plan() -> impl Strategy<Value = Plan> {
    use Capability as C;
    let capabilities = prop::sample::subsequence(
        vec![
            C::ADD_PARTICIPANT,
            C::REMOVE_PARTICIPANT,
            C::REMOVE_SELF,
            C::BAN,
            C::UNBAN,
            C::CHANGE_USER_ROLE,
            C::CHANGE_OWN_ROLE,
            C::JOIN_IF_PREAUTHORIZED,
            C::USE_JOIN_CODE,
        ],
        0..=4,
    );
    let changes = prop::collection::vec((0..6u32, prop::collection::vec(0..6u32, 1..3)), 0..3);
    let max = prop::option::weighted(0.2, 0..3u32);
    let roles = prop::collection::vec((capabilities, changes, max), 6);
    let users = prop::collection::vec(1..6u32, 1..4);
    let preauth = prop::option::weighted(0.3, 0..6u32);
    (roles, users, preauth).prop_map(|(roles, users, preauth)| {
        let mut plan = plan();
        plan.roles = (0..)
            .zip(roles)
            .map(|(index, (can, changes, max))| Role {
                index,
                name: if index == 1 { "banned" } else { "" }.to_owned(),
                capabilities: can.into_iter().collect(),
                role_changes: changes
                    .into_iter()
                    .map(|(from, to)| RoleChanges { from, to })
                    .collect(),
                max_participants: max,
                ..Role::default()
            })
            .collect();
        plan.users = ["alice", "bob", "cathy"].into_iter().zip(users).collect();
        match preauth {
            Some(role) => plan.preauthorising(role, &["department"]),
            None => plan,
        }
    })
}

/// Everyone is of every department.
struct Anything;

impl Claims for Anything {
    fn matches(&self, _: u16, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

/// What the list becomes if someone, who may be outside, makes this update.
fn attempt(
    policy: &RoomPolicy,
    user: &MimiUri,
    update: &ParticipantListUpdate,
) -> Option<RoomPolicy> {
    let update = octets(update);
    let inside = policy.participants().contains(user);
    let code = Some(JoinCode { role: 2 });
    let claims = &Anything;
    let (actor, changes) = if inside {
        (
            Actor::External {
                sender: user,
                claims,
            },
            vec![list(&update)],
        )
    } else {
        let changes = vec![list(&update), join_client(user)];
        (Actor::Joiner { user, claims, code }, changes)
    };
    let bundles = [Bundle {
        actor,
        changes: &changes,
    }];
    let draft = policy.resolve(updates(&bundles)).ok()?;
    let candidate = Candidate {
        committer: None,
        bundles: &bundles,
        clients: &ClientIndex::new(),
        hub: None,
    };
    Some(policy.authorize(&draft, &candidate).ok()?.into_policy())
}

proptest! {
    #[test]
    fn what_is_said_to_be_impossible_never_happens(
        plan in any_plan(),
        acts in prop::collection::vec((0..5usize, 0..5usize, 0..6u32), 1..200),
    ) {
        let names = ["alice", "bob", "cathy", "dora", "eve"];
        let user = |who: usize| uri(&format!("mimi://a.example/u/{}", names[who]));
        let mut policy = plan.policy();
        let findings = lint(&policy);
        let unreachable = |role: u32| findings.iter().any(|f| {
            matches!(f, Finding::Unreachable(label) if label.index == role)
        });
        let inescapable = |role: u32| findings.iter().any(|f| {
            matches!(f, Finding::Inescapable(label) if label.index == role)
        });
        for (actor, target, role) in acts {
            let (actor, target) = (user(actor), user(target));
            let before = policy.participants().role_of(&target);
            let update = match (policy.participants().index_of(&target), role) {
                (None, role) => add(&target, role),
                (Some(index), 0) => remove(index),
                (Some(index), role) => set_role(index, role),
            };
            let Some(next) = attempt(&policy, &actor, &update) else {
                continue;
            };
            prop_assert!(!unreachable(role), "{findings:?}");
            if before != Some(role) {
                prop_assert!(before.is_none_or(|role| !inescapable(role)), "{findings:?}");
            }
            policy = next;
        }
    }
}
