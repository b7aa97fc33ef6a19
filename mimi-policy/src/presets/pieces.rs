//! What the presets are put together from, so that each can be read beside the
//! draft: a role names the lists that it includes, and then its own.

use crate::capability::Capability;
use crate::components::roles::{Role, RoleChanges, RoleList};

/// `authorized_role_changes` as the draft writes them.
pub(super) type Changes<'a> = &'a [(u32, &'a [u32])];

/// A role without constraints, with the capabilities of all `lists`.
pub(super) fn role(index: u32, name: &str, lists: &[&[Capability]], changes: Changes<'_>) -> Role {
    let changes = changes.iter().map(|(from, to)| RoleChanges {
        from: *from,
        to: to.to_vec(),
    });
    Role {
        index,
        name: name.to_owned(),
        capabilities: lists.concat().into_iter().collect(),
        role_changes: changes.collect(),
        ..Role::default()
    }
}

/// Role 0 with these capabilities; its holders have no clients.
pub(super) fn no_role(lists: &[&[Capability]], changes: Changes<'_>) -> Role {
    Role {
        max_active: Some(0),
        ..role(Role::NONE, "no_role", lists, changes)
    }
}

/// The banned role, which every example of the draft has alike.
pub(super) fn banned() -> Role {
    Role {
        max_active: Some(0),
        ..role(Role::BANNED, Role::BANNED_NAME, &[], &[])
    }
}

/// The policy enforcer, which the examples of the draft have alike but for the
/// roles that it may end.
pub(super) fn policy_enforcer(index: u32, changes: Changes<'_>) -> Role {
    Role {
        min_participants: 1,
        max_participants: Some(2),
        max_active: Some(0),
        ..role(index, "policy_enforcer", &[ENFORCER], changes)
    }
}

/// The list of `roles`, whose indices are distinct and of which only role 0
/// can have `canOpenJoin`. Tests hold every preset to that.
pub(super) fn list(roles: Vec<Role>) -> RoleList {
    RoleList::new(roles).unwrap_or_default()
}

const ENFORCER: &[Capability] = &[
    Capability::REMOVE_PARTICIPANT,
    Capability::CHANGE_USER_ROLE,
    Capability::BAN,
    Capability::UNBAN,
    Capability::CHANGE_ROLE_DEFINITIONS,
    Capability::CHANGE_PREAUTHORIZED_USER_LIST,
    Capability::CHANGE_MLS_OPERATIONAL_POLICIES,
    Capability::DESTROY_ROOM,
    Capability::SEND_MLS_REINIT_PROPOSAL,
    // Ours.
    Capability::KICK,
];
