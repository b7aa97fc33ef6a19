//! A room of three organisations, each of which manages its own people.

use super::pieces::{Changes, banned, list, no_role, policy_enforcer, role};
use crate::capability::Capability;
use crate::components::roles::{Role, RoleList};

/// Index of the users of organisation A, which hosts the room.
pub const ORG_A_USER: u32 = 2;
/// Index of the users of organisation B.
pub const ORG_B_USER: u32 = 3;
/// Index of the users of organisation C.
pub const ORG_C_USER: u32 = 4;
/// Index of the administrators of organisation A.
pub const ORG_A_ADMIN: u32 = 5;
/// Index of the administrators of organisation B.
pub const ORG_B_ADMIN: u32 = 6;
/// Index of the administrators of organisation C.
pub const ORG_C_ADMIN: u32 = 7;
/// Index of the super administrators, of organisation A.
pub const SUPER_ADMIN: u32 = 8;
/// Index of the policy enforcers: the hub.
pub const POLICY_ENFORCER: u32 = 9;

/// A room of three organisations, each of which manages its own people (POLICY,
/// "Multi-organization administered room").
///
/// Nothing here ties a role to a provider: an administrator of B can add
/// anyone as a user of B. The guests have at most three administrators each,
/// and keep one once they have one. Users and administrators of A may be
/// preauthorised; the administrators of B and C are few and by name.
///
/// `canKick` asks for no role: an administrator of B can remove clients of
/// anyone, who may come back at once.
///
/// As in the draft, the enforcer can neither ban nor remove users of A, and a
/// super administrator cannot make anybody a super administrator who is not
/// outside, banned, or of A.
#[must_use]
pub fn multi_organization() -> RoleList {
    list(vec![
        no_role(&[], &[]),
        banned(),
        role(
            ORG_A_USER,
            "org_a_user",
            &[USER, HOST],
            &[(0, &[2]), (2, &[0])],
        ),
        role(ORG_B_USER, "org_b_user", &[USER], &[(0, &[3]), (3, &[0])]),
        role(ORG_C_USER, "org_c_user", &[USER], &[(0, &[4]), (4, &[0])]),
        role(
            ORG_A_ADMIN,
            "org_a_admin",
            &[USER, ADMIN, HOST],
            &[(0, &[2, 5]), (2, &[0, 1, 5]), (5, &[0, 1, 2])],
        ),
        guest_admin(
            ORG_B_ADMIN,
            "org_b_admin",
            &[(0, &[3, 6]), (3, &[0, 1, 6]), (6, &[0, 1, 3])],
        ),
        guest_admin(
            ORG_C_ADMIN,
            "org_c_admin",
            &[(0, &[4, 7]), (4, &[0, 1, 7]), (7, &[0, 1, 4])],
        ),
        Role {
            min_participants: 1,
            min_active: 1,
            ..role(
                SUPER_ADMIN,
                "super_admin",
                &[USER, ADMIN, HOST, SUPER],
                &[
                    (0, &[1, 2, 3, 4, 5, 6, 7, 8]),
                    (1, &[0, 2, 3, 4, 5, 6, 7, 8]),
                    (2, &[0, 1, 5, 8]),
                    (3, &[0, 1, 6]),
                    (4, &[0, 1, 7]),
                    (5, &[0, 1, 2, 8]),
                    (6, &[0, 1, 3]),
                    (7, &[0, 1, 4]),
                    (8, &[0, 1, 2, 5]),
                ],
            )
        },
        policy_enforcer(
            POLICY_ENFORCER,
            &[
                (0, &[1]),
                (1, &[0]),
                (3, &[0, 1]),
                (4, &[0, 1]),
                (5, &[0, 1]),
                (6, &[0, 1]),
                (7, &[0, 1]),
                (8, &[0, 1]),
            ],
        ),
    ])
}

/// An administrator of an organisation that does not host the room.
fn guest_admin(index: u32, name: &str, changes: Changes<'_>) -> Role {
    Role {
        min_participants: 1,
        max_participants: Some(3),
        min_active: 1,
        ..role(index, name, &[USER, ADMIN], changes)
    }
}

/// What all users have: the `org_b_user` of the draft.
const USER: &[Capability] = &[
    Capability::REMOVE_SELF,
    Capability::ADD_OWN_CLIENT,
    Capability::REMOVE_OWN_CLIENT,
    Capability::SEND_MESSAGE,
    Capability::RECEIVE_MESSAGE,
    Capability::COPY_MESSAGE,
    Capability::REPORT_ABUSE,
    Capability::REPLY_IN_TOPIC,
    Capability::REACT_TO_MESSAGE,
    Capability::DELETE_OWN_REACTION,
    Capability::EDIT_OWN_MESSAGE,
    Capability::SEND_LINK,
    Capability::SEND_LINK_PREVIEW,
    Capability::FOLLOW_LINK,
    Capability::COPY_LINK,
    Capability::DOWNLOAD_IMAGE,
    Capability::DOWNLOAD_VIDEO,
    Capability::DOWNLOAD_AUDIO,
    Capability::DOWNLOAD_ATTACHMENT,
    Capability::CHANGE_OWN_NAME,
    Capability::CHANGE_OWN_PRESENCE,
    Capability::CHANGE_OWN_AVATAR,
];

/// What users and administrators of the host have besides.
const HOST: &[Capability] = &[
    Capability::CHANGE_OWN_ROLE,
    Capability::JOIN_IF_PREAUTHORIZED,
];

/// What all administrators have besides: the `org_b_admin` of the draft.
const ADMIN: &[Capability] = &[
    Capability::DELETE_OWN_MESSAGE,
    Capability::START_TOPIC,
    Capability::UPLOAD_IMAGE,
    Capability::UPLOAD_VIDEO,
    Capability::UPLOAD_AUDIO,
    Capability::UPLOAD_ATTACHMENT,
    Capability::ADD_PARTICIPANT,
    Capability::REMOVE_PARTICIPANT,
    Capability::BAN,
    Capability::KICK,
    Capability::CHANGE_USER_ROLE,
];

const SUPER: &[Capability] = &[
    Capability::UNBAN,
    Capability::DELETE_OTHER_REACTION,
    Capability::DELETE_OTHER_MESSAGE,
    Capability::EDIT_OWN_TOPIC,
    Capability::EDIT_OTHER_TOPIC,
    Capability::CHANGE_ROOM_DESCRIPTION,
    Capability::CHANGE_ROOM_NAME,
    Capability::CHANGE_ROOM_AVATAR,
    Capability::CHANGE_ROOM_SUBJECT,
    Capability::CHANGE_ROOM_MOOD,
    Capability::CHANGE_ROOM_MEMBERSHIP_STYLE,
    Capability::CHANGE_ROLE_DEFINITIONS,
    Capability::CHANGE_PREAUTHORIZED_USER_LIST,
    Capability::DESTROY_ROOM,
    Capability::SEND_MLS_REINIT_PROPOSAL,
];
