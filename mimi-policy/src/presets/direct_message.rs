//! A conversation of two people, or of a few.

use mimi_content::component::ComponentId;

use super::pieces::{list, no_role, role};
use crate::capability::Capability;
use crate::components::base::BaseRoomPolicy;
use crate::components::roles::{Role, RoleList};

/// Index of those who talk.
pub const PARTICIPANT: u32 = 2;
/// Index of the policy enforcers: the hub.
pub const POLICY_ENFORCER: u32 = 3;

/// A conversation of two people, or of a few, who stay the same; to be used
/// with the [`base`] policy. The draft describes such rooms but has no example
/// (POLICY, "Base Room policy component syntax").
///
/// All have one role, which can do what an ordinary user of
/// [`cooperative()`](super::cooperative()) can, and edit reactions, but cannot
/// add or remove anybody. Nobody can be banned: whoever wants no more messages
/// withdraws its consent, or its clients. The enforcer can remove lost
/// clients, and what concerns MLS; it cannot change who is in the room, who
/// may do what, or who may join. As the list is fixed, the hub must be in it
/// from the start.
///
/// The linter finds that nobody can change the roles. That is meant.
#[must_use]
pub fn direct_message() -> RoleList {
    list(vec![
        no_role(&[], &[]),
        role(PARTICIPANT, "participant", &[TALKS], &[]),
        Role {
            max_participants: Some(2),
            max_active: Some(0),
            ..role(POLICY_ENFORCER, "policy_enforcer", &[ENFORCES], &[])
        },
    ])
}

/// The base policy of a direct message: fixed membership, several devices for
/// each user, real identities, found by nobody, gone with its last client.
#[must_use]
pub fn base() -> BaseRoomPolicy {
    BaseRoomPolicy {
        fixed_membership: true,
        policy_components: vec![ComponentId::ROLES_LIST],
        ..BaseRoomPolicy::default()
    }
}

const TALKS: &[Capability] = &[
    Capability::ADD_OWN_CLIENT,
    Capability::REMOVE_OWN_CLIENT,
    Capability::SEND_MESSAGE,
    Capability::RECEIVE_MESSAGE,
    Capability::COPY_MESSAGE,
    Capability::REPORT_ABUSE,
    Capability::REPLY_TO_MESSAGE,
    Capability::REACT_TO_MESSAGE,
    Capability::EDIT_REACTION,
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

const ENFORCES: &[Capability] = &[
    Capability::KICK,
    Capability::CHANGE_MLS_OPERATIONAL_POLICIES,
    Capability::DESTROY_ROOM,
    Capability::SEND_MLS_REINIT_PROPOSAL,
];
