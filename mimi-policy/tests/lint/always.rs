//! Presets, the largest policies, and any policy.

use super::*;

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
