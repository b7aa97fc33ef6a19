//! The clauses that the sentences of this crate cite, and which of them an
//! error is about.

use mimi_content::component::ComponentId;

use super::{Invalid, Reason};

pub(crate) const ROLES: &str = "POLICY, \"Role-Based Access Control\"";
pub(crate) const PREAUTHORIZED: &str = "POLICY, \"Preauthorized Users\"";
pub(crate) const BASE: &str = "POLICY, \"Base Room policy component syntax\"";
pub(crate) const STATUS: &str = "POLICY, \"Status Notifications component\"";
pub(crate) const JOIN_LINKS: &str = "POLICY, \"Join Link policies component\"";
pub(crate) const LINK_PREVIEW: &str = "POLICY, \"Link Preview policy component\"";
pub(crate) const ASSETS: &str = "POLICY, \"Asset policies component\"";
pub(crate) const LOGGING: &str = "POLICY, \"Logging policy component\"";
pub(crate) const HISTORY: &str = "POLICY, \"Chat history policy component\"";
pub(crate) const BOTS: &str = "POLICY, \"Chat bot policy component\"";
pub(crate) const EXPIRATION: &str = "POLICY, \"Message expiration policy component\"";
pub(crate) const OPERATIONAL: &str = "POLICY, \"Operational policy component\"";
pub(crate) const CAPABILITIES: &str = "POLICY, \"Role Capabilities\"";
pub(crate) const ADDING: &str = "POLICY, \"Adding\"";
pub(crate) const ROLE_CHANGES: &str = "POLICY, \"Role Changes\"";
pub(crate) const ROOM_STATE: &str = "PROTO, \"Room state\"";
pub(crate) const UPDATE: &str = "PROTO, \"Update Room State\"";
pub(crate) const GROUP_INFO: &str = "PROTO, \"Claim group key information\"";
pub(crate) const PROPOSALS: &str = "PROTO, \"Authenticating proposals\"";
pub(crate) const PARTICIPANTS: &str = "PROTO, \"Participant List\"";
pub(crate) const METADATA: &str = "PROTO, \"Room Metadata\"";
pub(crate) const ENVELOPE: &str = "ARCH, \"Policy\"";
pub(crate) const APP_DATA: &str = "EXT, \"Updating Application Data in the GroupContext\"";
pub(crate) const VECTORS: &str = "RFC 9420 §2.1.2";
/// Where no draft sets a limit, and memory does.
pub(crate) const OURS: &str = "a limit of this implementation";
/// Where the program that uses this crate made a mistake.
pub(crate) const HOST: &str = "a fault of the host";

/// The clause that says what a component holds.
pub(crate) fn of_component(id: ComponentId) -> &'static str {
    match id {
        ComponentId::PARTICIPANT_LIST => PARTICIPANTS,
        ComponentId::ROOM_METADATA => METADATA,
        ComponentId::ROLES_LIST => ROLES,
        ComponentId::PREAUTH_LIST => PREAUTHORIZED,
        ComponentId::BASE_ROOM_POLICY => BASE,
        ComponentId::STATUS_NOTIFICATION_POLICY => STATUS,
        ComponentId::JOIN_LINK_POLICY | ComponentId::JOIN_LINKS => JOIN_LINKS,
        ComponentId::LINK_PREVIEW_POLICY => LINK_PREVIEW,
        ComponentId::ASSET_POLICY => ASSETS,
        ComponentId::LOGGING_POLICY => LOGGING,
        ComponentId::CHAT_HISTORY_POLICY => HISTORY,
        ComponentId::BOT_POLICY => BOTS,
        ComponentId::MESSAGE_EXPIRATION_POLICY => EXPIRATION,
        ComponentId::MLS_OPERATIONAL_POLICY => OPERATIONAL,
        _ => APP_DATA,
    }
}

impl Invalid {
    /// The clause of the drafts that is broken, which its sentence cites. Where
    /// the limit is one of this crate, the text says so.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        match self {
            Invalid::Malformed { component, .. } => of_component(*component),
            Invalid::Missing(_) | Invalid::NotRemovable(_) => ROOM_STATE,
            Invalid::NotChangeable(_) => CAPABILITIES,
            Invalid::UnknownComponent(_)
            | Invalid::RemovedAbsent(_)
            | Invalid::RemovedTwice(_)
            | Invalid::UpdatedAndRemoved(_) => APP_DATA,
            Invalid::UserTwice(_)
            | Invalid::AlreadyParticipant(_)
            | Invalid::IndexPastEnd { .. } => PARTICIPANTS,
            Invalid::NoSuchRole { .. } | Invalid::RolesWithParticipants => ROLES,
            Invalid::PreauthWithParticipants => PREAUTHORIZED,
            Invalid::MetadataTwice | Invalid::RoomUriChanged => METADATA,
            Invalid::TooManyUsers { .. }
            | Invalid::FixedMembershipAdds(_)
            | Invalid::OwnParent
            | Invalid::ParentElsewhere(_) => BASE,
            Invalid::HistoryRole(_) => HISTORY,
            Invalid::TooManyJoinLinks(_) => JOIN_LINKS,
            Invalid::JoinLinks(error) => error.clause(),
            Invalid::AssetsElsewhere(_) => ASSETS,
            Invalid::TooLong(_) => VECTORS,
            Invalid::TooManyParticipants(_) => OURS,
        }
    }
}

impl Reason {
    /// The clause of the drafts that is enforced.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        match self {
            Reason::NoRole(_) | Reason::Lacks { .. } | Reason::UnknownProposal(_) => CAPABILITIES,
            Reason::RoleMove { .. } | Reason::Minimum { .. } | Reason::Maximum { .. } => ROLES,
            Reason::NotPreauthorized { .. } => ROLE_CHANGES,
            Reason::JoinRefused { .. } | Reason::OnlyJoin(_) | Reason::NotYourClient(_) => ADDING,
            Reason::DoesNotJoin(_) => GROUP_INFO,
            Reason::Banned(_)
            | Reason::Stranger(_)
            | Reason::KeepsClients { .. }
            | Reason::Committer(_)
            | Reason::Leaving(_) => UPDATE,
            Reason::SingleDevice { .. }
            | Reason::MaxClients { .. }
            | Reason::MaxUsers { .. }
            | Reason::FixedMembership(_)
            | Reason::TwinRoom
            | Reason::ParentUnknown
            | Reason::OtherParent(_)
            | Reason::NotInParent(_)
            | Reason::NotSmallerThanParent { .. } => BASE,
            Reason::ExternalCommit(_)
            | Reason::ExternalProposal(_)
            | Reason::LeafUnknown(_)
            | Reason::LeafLacks { .. }
            | Reason::LeafSupports { .. }
            | Reason::LeafLifetime { .. }
            | Reason::HandshakeFormat(_)
            | Reason::Epoch { .. } => OPERATIONAL,
            Reason::OutsideEnvelope(_) => ENVELOPE,
            Reason::NotPrescribed => PROPOSALS,
            Reason::WrongClient { .. } | Reason::OtherDraft => HOST,
        }
    }
}
