//! One rule after the other, each where it holds and where it is broken, in a
//! room with few roles.

mod base;
mod components;
mod envelope;
mod joining;
mod numbers;
pub(super) mod operational;
mod people;

use mimi_policy::{Capability, Role};

use super::story::{ALICE, BOB, CATHY, HUB, Room, capabilities, changes};
use crate::vectors::Case;

pub(super) fn cases() -> Vec<Case> {
    [
        people::cases(),
        joining::cases(),
        numbers::cases(),
        base::cases(),
        components::cases(),
        operational::cases(),
        envelope::cases(),
    ]
    .concat()
}

const USER: u32 = 2;
const ADMIN: u32 = 3;
const ENFORCER: u32 = 4;

/// Alice, an admin, has the leaves 0 and 1; Bob, a user, 2 and 3; Cathy, a user,
/// 4. The hub enforces.
fn room() -> Room {
    let mut room = Room::with_roles([
        role(Role::NONE, "outside", &[], &[]),
        role(Role::BANNED, "banned", &[], &[]),
        role(USER, "user", USERS, &[(2, &[0])]),
        role(
            ADMIN,
            "admin",
            ADMINS,
            &[
                (0, &[1, 2, 3]),
                (1, &[0, 2, 3]),
                (2, &[0, 1, 3]),
                (3, &[0, 1, 2]),
            ],
        ),
        Role {
            max_active: Some(0),
            ..role(
                ENFORCER,
                "enforcer",
                ENFORCERS,
                &[(2, &[0, 1]), (3, &[0, 1])],
            )
        },
    ]);
    room.users = vec![(ALICE, ADMIN), (BOB, USER), (CATHY, USER), (HUB, ENFORCER)];
    room.clients = vec![(0, ALICE), (1, ALICE), (2, BOB), (3, BOB), (4, CATHY)];
    room
}

fn role(index: u32, name: &str, rights: &[Capability], moves: &[(u32, &[u32])]) -> Role {
    Role {
        index,
        name: name.to_owned(),
        capabilities: capabilities(rights),
        role_changes: changes(moves),
        ..Role::default()
    }
}

const USERS: &[Capability] = &[
    Capability::ADD_OWN_CLIENT,
    Capability::REMOVE_OWN_CLIENT,
    Capability::REMOVE_SELF,
];

const ADMINS: &[Capability] = &[
    Capability::ADD_PARTICIPANT,
    Capability::REMOVE_PARTICIPANT,
    Capability::ADD_OWN_CLIENT,
    Capability::REMOVE_OWN_CLIENT,
    Capability::REMOVE_SELF,
    Capability::BAN,
    Capability::UNBAN,
    Capability::KICK,
    Capability::CHANGE_USER_ROLE,
    Capability::CHANGE_ROOM_NAME,
    Capability::CHANGE_ROOM_MEMBERSHIP_STYLE,
    Capability::CHANGE_ROLE_DEFINITIONS,
    Capability::CHANGE_PREAUTHORIZED_USER_LIST,
    Capability::CHANGE_OTHER_POLICY_ATTRIBUTE,
    Capability::CHANGE_MLS_OPERATIONAL_POLICIES,
    Capability::CREATE_JOIN_CODE,
    Capability::DELETE_JOIN_CODE,
    Capability::SEND_MLS_PSK_PROPOSAL,
];

const ENFORCERS: &[Capability] = &[
    Capability::REMOVE_PARTICIPANT,
    Capability::BAN,
    Capability::KICK,
];

/// Takes a capability from a role.
fn loses(role: &mut Role, lost: Capability) {
    let kept = role.capabilities.iter().filter(|one| *one != lost);
    role.capabilities = kept.collect();
}
