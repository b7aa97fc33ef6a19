//! Role lists to start a room with (POLICY, "Role examples").

use crate::capability::{Capability, CapabilitySet};
use crate::components::roles::{Role, RoleChanges, RoleList};

/// Index of the ordinary users in [`cooperative`].
pub const ORDINARY_USER: u32 = 2;
/// Index of the group administrators in [`cooperative`].
pub const GROUP_ADMIN: u32 = 3;
/// Index of the super administrators in [`cooperative`].
pub const SUPER_ADMIN: u32 = 4;
/// Index of the policy enforcers in [`cooperative`]: the hub.
pub const POLICY_ENFORCER: u32 = 5;

/// A room that its users run together, such as one of friends or of a small
/// team (POLICY, "Cooperatively administered room").
///
/// The draft's `canGrantVoice` and `canRevokeVoice` are in no registry and left
/// out. The policy enforcer can kick as well, so that a hub can remove clients
/// that are lost.
#[must_use]
pub fn cooperative() -> RoleList {
    let admin = [ORDINARY, ADMIN].concat();
    let owner = [ORDINARY, ADMIN, SUPER].concat();
    let roles = vec![
        outside(Role::NONE, "no_role"),
        outside(Role::BANNED, Role::BANNED_NAME),
        role(
            ORDINARY_USER,
            "ordinary_user",
            ORDINARY,
            &[(0, &[2]), (2, &[0])],
        ),
        Role {
            min_participants: 1,
            ..role(
                GROUP_ADMIN,
                "group_admin",
                &admin,
                &[
                    (0, &[1, 2, 3]),
                    (1, &[0, 2, 3]),
                    (2, &[0, 1, 3]),
                    (3, &[0, 1, 2]),
                ],
            )
        },
        role(
            SUPER_ADMIN,
            "super_admin",
            &owner,
            &[
                (0, &[1, 2, 3, 4]),
                (1, &[0, 2, 3, 4]),
                (2, &[0, 1, 3, 4]),
                (3, &[0, 1, 2, 4]),
                (4, &[0, 1, 2, 3]),
            ],
        ),
        Role {
            min_participants: 1,
            max_participants: Some(2),
            max_active: Some(0),
            ..role(
                POLICY_ENFORCER,
                "policy_enforcer",
                ENFORCER,
                &[
                    (0, &[1]),
                    (1, &[0]),
                    (2, &[0, 1]),
                    (3, &[0, 1]),
                    (4, &[0, 1]),
                ],
            )
        },
    ];
    // The indices above are distinct; a test holds this to it.
    RoleList::new(roles).unwrap_or_default()
}

fn role(index: u32, name: &str, capabilities: &[Capability], changes: &[(u32, &[u32])]) -> Role {
    let changes = changes.iter().map(|(from, to)| RoleChanges {
        from: *from,
        to: to.to_vec(),
    });
    Role {
        index,
        name: name.to_owned(),
        capabilities: capabilities.iter().copied().collect::<CapabilitySet>(),
        role_changes: changes.collect(),
        ..Role::default()
    }
}

/// A role without rights whose holders have no clients.
fn outside(index: u32, name: &str) -> Role {
    Role {
        max_active: Some(0),
        ..role(index, name, &[], &[])
    }
}

const ORDINARY: &[Capability] = &[
    Capability::ADD_PARTICIPANT,
    Capability::REMOVE_PARTICIPANT,
    Capability::ADD_OWN_CLIENT,
    Capability::REMOVE_OWN_CLIENT,
    Capability::REMOVE_SELF,
    Capability::SEND_MESSAGE,
    Capability::RECEIVE_MESSAGE,
    Capability::COPY_MESSAGE,
    Capability::REPORT_ABUSE,
    Capability::REPLY_TO_MESSAGE,
    Capability::REACT_TO_MESSAGE,
    Capability::DELETE_OWN_REACTION,
    Capability::EDIT_OWN_MESSAGE,
    Capability::DELETE_OWN_MESSAGE,
    Capability::START_TOPIC,
    Capability::REPLY_IN_TOPIC,
    Capability::EDIT_OWN_TOPIC,
    Capability::UPLOAD_IMAGE,
    Capability::UPLOAD_VIDEO,
    Capability::UPLOAD_AUDIO,
    Capability::UPLOAD_ATTACHMENT,
    Capability::DOWNLOAD_IMAGE,
    Capability::DOWNLOAD_VIDEO,
    Capability::DOWNLOAD_AUDIO,
    Capability::DOWNLOAD_ATTACHMENT,
    Capability::SEND_LINK,
    Capability::SEND_LINK_PREVIEW,
    Capability::FOLLOW_LINK,
    Capability::COPY_LINK,
    Capability::CHANGE_ROOM_NAME,
    Capability::CHANGE_ROOM_AVATAR,
    Capability::CHANGE_ROOM_SUBJECT,
    Capability::CHANGE_ROOM_MOOD,
    Capability::CHANGE_OWN_NAME,
    Capability::CHANGE_OWN_PRESENCE,
    Capability::CHANGE_OWN_MOOD,
    Capability::CHANGE_OWN_AVATAR,
];

const ADMIN: &[Capability] = &[
    Capability::BAN,
    Capability::UNBAN,
    Capability::KICK,
    Capability::CHANGE_USER_ROLE,
    Capability::DELETE_OTHER_MESSAGE,
    Capability::EDIT_OTHER_TOPIC,
    Capability::CHANGE_ROOM_DESCRIPTION,
];

const SUPER: &[Capability] = &[
    Capability::CHANGE_ROOM_MEMBERSHIP_STYLE,
    Capability::CHANGE_PREAUTHORIZED_USER_LIST,
    Capability::DESTROY_ROOM,
];

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
    Capability::KICK,
];
