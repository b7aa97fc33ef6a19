//! What holds for everybody: a change that breaks it is malformed.

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::DecodeError;

use super::clause::{
    APP_DATA, ASSETS, BASE, CAPABILITIES, HISTORY, JOIN_LINKS, METADATA, OURS, PARTICIPANTS,
    PREAUTHORIZED, ROLES, ROOM_STATE, VECTORS, of_component,
};
use crate::components::join_links::JoinLinksError;
use crate::components::roles::Role;
use crate::limits::MAX_PARTICIPANTS;
use crate::words::{Counted, RoleLabel};

/// The components or updates break a rule that holds for everybody, whatever
/// its role. The fault lies with whoever made them.
///
/// The sentence ends with [`Invalid::clause`] in brackets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// A room cannot do without this component.
    #[error("the room has no {0}, which every room needs ({ROOM_STATE})")]
    Missing(ComponentId),
    /// The data of a component, or an update to it, does not decode.
    #[error("{component} does not decode: {error} ({})", of_component(*.component))]
    Malformed {
        /// The component.
        component: ComponentId,
        /// Where and why.
        error: DecodeError,
    },
    /// This crate does not know the component, so it cannot judge an update.
    #[error("{0} is not known here, so it cannot be changed ({APP_DATA})")]
    UnknownComponent(ComponentId),
    /// The component is known, but nobody may change it with an update.
    #[error("no capability lets anyone change {0} ({CAPABILITIES})")]
    NotChangeable(ComponentId),
    /// A component that is not there is removed.
    #[error("{0} is removed but not there ({APP_DATA})")]
    RemovedAbsent(ComponentId),
    /// Two updates remove the same component.
    #[error("{0} is removed twice ({APP_DATA})")]
    RemovedTwice(ComponentId),
    /// A component is updated and removed at once.
    #[error("{0} is both updated and removed: do one of them ({APP_DATA})")]
    UpdatedAndRemoved(ComponentId),
    /// A component without which the room would have no policy is removed.
    #[error("{0} can be changed, but not removed from a room ({ROOM_STATE})")]
    NotRemovable(ComponentId),
    /// The same user is added, removed or moved more than once.
    #[error(
        "{0} is changed more than once in one commit: leave the rest to a later one ({PARTICIPANTS})"
    )]
    UserTwice(MimiUri),
    /// A user who is in the list already is added.
    #[error("{0} is added but already a participant: change its role instead ({PARTICIPANTS})")]
    AlreadyParticipant(MimiUri),
    /// An index does not name a participant.
    #[error(
        "index {index} is past the end of the list of {} ({PARTICIPANTS})",
        Counted(*.len, "participant")
    )]
    IndexPastEnd {
        /// The index.
        index: u32,
        /// How many participants there are.
        len: usize,
    },
    /// A participant has, or is given, role 0 or one that is not defined. So
    /// there is no name of it to show.
    #[error("{user} cannot have {} ({ROLES})", no_such_role(*.role))]
    NoSuchRole {
        /// The participant.
        user: MimiUri,
        /// The index of the role.
        role: u32,
    },
    /// The list would grow beyond what this implementation holds.
    #[error("the room would have {0} participants, and {MAX_PARTICIPANTS} is the most ({OURS})")]
    TooManyParticipants(usize),
    /// A room has more participants than its base policy allows.
    #[error(
        "not counting the banned, the room has {}, and max_users is {max} ({BASE})",
        Counted(*.users, "user")
    )]
    TooManyUsers {
        /// `max_users`.
        max: u32,
        /// How many there are.
        users: usize,
    },
    /// The metadata is updated more than once.
    #[error(
        "the room metadata is updated twice in one commit: put all of it into one update ({METADATA})"
    )]
    MetadataTwice,
    /// The metadata would name another room.
    #[error("room_uri never changes, and metadata cannot be added later ({METADATA})")]
    RoomUriChanged,
    /// Roles and participants change in one commit.
    #[error(
        "role definitions cannot change in the same commit as participants: make two commits ({ROLES})"
    )]
    RolesWithParticipants,
    /// The preauthorisation list changes with participants other than removed.
    #[error(
        "the preauthorisation list can change in the same commit as participants only if these are removed: make two commits ({PREAUTHORIZED})"
    )]
    PreauthWithParticipants,
    /// The membership is fixed, yet a role could add participants.
    #[error(
        "{0} has canAddParticipant, which no role may have in a room of fixed membership ({BASE})"
    )]
    FixedMembershipAdds(RoleLabel),
    /// A room depends on itself.
    #[error("the room is its own parent ({BASE})")]
    OwnParent,
    /// The parent room is hosted by another hub.
    #[error("the parent room {0} is not on the hub of this room ({BASE})")]
    ParentElsewhere(MimiUri),
    /// A role may share history whose holders have no clients.
    #[error(
        "{0} may share history, but its participants can have no clients to do it with ({HISTORY})"
    )]
    HistoryRole(RoleLabel),
    /// There are several join links where the policy allows one.
    #[error("the room has {0} join links, and its policy allows one ({JOIN_LINKS})")]
    TooManyJoinLinks(usize),
    /// An update does not fit the join links.
    #[error(transparent)]
    JoinLinks(JoinLinksError),
    /// Assets go to the hub, and the provider named is another.
    #[error("assets are uploaded to the hub, and {0} is not the hub of this room ({ASSETS})")]
    AssetsElsewhere(String),
    /// A component would be too long to encode.
    #[error("{0} is too long to encode ({VECTORS})")]
    TooLong(ComponentId),
}

fn no_such_role(role: u32) -> String {
    match role {
        Role::NONE => "the role of those who are not in the room: remove it instead".to_owned(),
        _ => format!("role {role}, which is not defined in this room: choose another"),
    }
}
