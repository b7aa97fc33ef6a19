//! A room in which few speak and many listen.

use super::pieces::{banned, list, no_role, policy_enforcer, role};
use crate::capability::Capability;
use crate::components::roles::{Role, RoleList};

/// Index of the guests, who listen.
pub const GUEST: u32 = 2;
/// Index of the attendees, who listen with several devices.
pub const ATTENDEE: u32 = 3;
/// Index of the speakers.
pub const SPEAKER: u32 = 4;
/// Index of the moderators, who make speakers of attendees.
pub const MODERATOR: u32 = 5;
/// Index of the super administrators.
pub const SUPER_ADMIN: u32 = 6;
/// Index of the policy enforcers: the hub.
pub const POLICY_ENFORCER: u32 = 7;

/// A room in which few speak and many listen, such as a lecture (POLICY,
/// "Moderated room").
///
/// The draft lets a speaker include a speaker, and a moderator an ordinary
/// user that this room lacks: here they include the attendee and the speaker.
///
/// As in the draft, a guest can react and an attendee reply in a topic, but
/// neither can send, so their messages do not pass a hub. The linter says so.
#[must_use]
pub fn moderated() -> RoleList {
    list(vec![
        Role {
            max_active: None,
            ..no_role(&[OUTSIDE], &[(0, &[2, 3])])
        },
        banned(),
        role(GUEST, "guest", &[LISTENS], &[(0, &[2]), (2, &[0])]),
        role(
            ATTENDEE,
            "attendee",
            &[LISTENS, ATTENDS],
            &[(0, &[3]), (3, &[0])],
        ),
        role(
            SPEAKER,
            "speaker",
            &[LISTENS, ATTENDS, SPEAKS],
            &[(0, &[4]), (4, &[0])],
        ),
        Role {
            min_participants: 1,
            ..role(
                MODERATOR,
                "moderator",
                &[LISTENS, ATTENDS, SPEAKS, MODERATES],
                &[
                    (0, &[1, 2, 3, 4, 5]),
                    (1, &[0, 2, 3, 4, 5]),
                    (2, &[0, 1, 3, 4, 5]),
                    (3, &[0, 1, 2, 4, 5]),
                    (4, &[0, 1, 2, 3, 5]),
                    (5, &[0, 1, 2, 3, 4]),
                ],
            )
        },
        role(
            SUPER_ADMIN,
            "super_admin",
            &[LISTENS, ATTENDS, SPEAKS, MODERATES, SUPER],
            &[
                (0, &[1, 2, 3, 4, 5, 6]),
                (1, &[0, 2, 3, 4, 5, 6]),
                (2, &[0, 1, 3, 4, 5, 6]),
                (3, &[0, 1, 2, 4, 5, 6]),
                (4, &[0, 1, 2, 3, 5, 6]),
                (5, &[0, 1, 2, 3, 4, 6]),
                (6, &[0, 1, 2, 3, 4, 5]),
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
                (5, &[0, 1]),
                (6, &[0, 1]),
            ],
        ),
    ])
}

const OUTSIDE: &[Capability] = &[Capability::USE_JOIN_CODE];

const LISTENS: &[Capability] = &[
    Capability::REMOVE_SELF,
    Capability::RECEIVE_MESSAGE,
    Capability::COPY_MESSAGE,
    Capability::REACT_TO_MESSAGE,
    Capability::DELETE_OWN_REACTION,
    Capability::FOLLOW_LINK,
    Capability::COPY_LINK,
    Capability::DOWNLOAD_IMAGE,
    Capability::DOWNLOAD_VIDEO,
    Capability::DOWNLOAD_AUDIO,
];

const ATTENDS: &[Capability] = &[
    Capability::ADD_OWN_CLIENT,
    Capability::JOIN_IF_PREAUTHORIZED,
    Capability::REMOVE_OWN_CLIENT,
    Capability::CHANGE_OWN_ROLE,
    Capability::REPORT_ABUSE,
    Capability::REPLY_IN_TOPIC,
    Capability::DOWNLOAD_ATTACHMENT,
    Capability::CHANGE_OWN_NAME,
    Capability::CHANGE_OWN_PRESENCE,
    Capability::CHANGE_OWN_AVATAR,
];

const SPEAKS: &[Capability] = &[
    Capability::SEND_MESSAGE,
    Capability::EDIT_OWN_MESSAGE,
    Capability::DELETE_OWN_MESSAGE,
    Capability::START_TOPIC,
    Capability::UPLOAD_IMAGE,
    Capability::UPLOAD_VIDEO,
    Capability::UPLOAD_AUDIO,
    Capability::UPLOAD_ATTACHMENT,
    Capability::SEND_LINK,
    Capability::SEND_LINK_PREVIEW,
];

const MODERATES: &[Capability] = &[
    Capability::ADD_PARTICIPANT,
    Capability::REMOVE_PARTICIPANT,
    Capability::BAN,
    Capability::UNBAN,
    Capability::KICK,
    Capability::CHANGE_USER_ROLE,
    Capability::CREATE_JOIN_CODE,
    Capability::DELETE_JOIN_CODE,
    Capability::DELETE_OTHER_REACTION,
    Capability::DELETE_OTHER_MESSAGE,
    Capability::EDIT_OWN_TOPIC,
    Capability::EDIT_OTHER_TOPIC,
    Capability::CHANGE_ROOM_NAME,
    Capability::CHANGE_ROOM_AVATAR,
    Capability::CHANGE_ROOM_SUBJECT,
    Capability::CHANGE_ROOM_MOOD,
];

const SUPER: &[Capability] = &[
    Capability::CHANGE_ROOM_DESCRIPTION,
    Capability::CHANGE_ROOM_MEMBERSHIP_STYLE,
    Capability::CHANGE_ROLE_DEFINITIONS,
    Capability::CHANGE_PREAUTHORIZED_USER_LIST,
    Capability::DESTROY_ROOM,
    Capability::SEND_MLS_REINIT_PROPOSAL,
];
