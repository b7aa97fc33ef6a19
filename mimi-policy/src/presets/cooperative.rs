//! A room that its users run together.

use super::pieces::{banned, list, no_role, policy_enforcer, role};
pub use super::{GROUP_ADMIN, ORDINARY_USER, POLICY_ENFORCER, SUPER_ADMIN};
use crate::capability::Capability;
use crate::components::roles::{Role, RoleList};

/// A room that its users run together, such as one of friends or of a small
/// team (POLICY, "Cooperatively administered room").
///
/// Only the policy enforcer can change the roles, so a room whose hub is not
/// in the list keeps them for ever.
#[must_use]
pub fn cooperative() -> RoleList {
    list(vec![
        no_role(&[], &[]),
        banned(),
        role(
            ORDINARY_USER,
            "ordinary_user",
            &[ORDINARY],
            &[(0, &[2]), (2, &[0])],
        ),
        Role {
            min_participants: 1,
            ..role(
                GROUP_ADMIN,
                "group_admin",
                &[ORDINARY, ADMIN],
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
            &[ORDINARY, ADMIN, SUPER],
            &[
                (0, &[1, 2, 3, 4]),
                (1, &[0, 2, 3, 4]),
                (2, &[0, 1, 3, 4]),
                (3, &[0, 1, 2, 4]),
                (4, &[0, 1, 2, 3]),
            ],
        ),
        policy_enforcer(
            POLICY_ENFORCER,
            &[
                (0, &[1]),
                (1, &[0]),
                (2, &[0, 1]),
                (3, &[0, 1]),
                (4, &[0, 1]),
            ],
        ),
    ])
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
