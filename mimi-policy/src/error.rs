//! Why a change is malformed ([`Invalid`]) or not allowed ([`Denied`]).

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::DecodeError;

use crate::capability::Capability;
use crate::components::join_links::JoinLinksError;
use crate::envelope::Outside;
use crate::limits::MAX_PARTICIPANTS;

/// The components or updates break a rule that holds for everybody, whatever
/// its role. The fault lies with whoever made them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// A room cannot do without this component.
    #[error("the room has no {0}, which every room needs (POLICY, \"Role-Based Access Control\")")]
    Missing(ComponentId),
    /// The data of a component, or an update to it, does not decode.
    #[error("{component} does not decode: {error}")]
    Malformed {
        /// The component.
        component: ComponentId,
        /// Where and why.
        error: DecodeError,
    },
    /// This crate does not know the component, so it cannot judge an update.
    #[error(
        "{0} is not known here, so it cannot be changed (EXT, \"Updating Application Data in the GroupContext\")"
    )]
    UnknownComponent(ComponentId),
    /// The component is known, but nobody may change it with an update.
    #[error("no capability lets anyone change {0} (POLICY, \"Role Capabilities\")")]
    NotChangeable(ComponentId),
    /// A component that is not there is removed.
    #[error(
        "{0} is removed but not there (EXT, \"Updating Application Data in the GroupContext\")"
    )]
    RemovedAbsent(ComponentId),
    /// Two updates remove the same component.
    #[error("{0} is removed twice (EXT, \"Updating Application Data in the GroupContext\")")]
    RemovedTwice(ComponentId),
    /// A component is updated and removed at once.
    #[error(
        "{0} is both updated and removed (EXT, \"Updating Application Data in the GroupContext\")"
    )]
    UpdatedAndRemoved(ComponentId),
    /// A component without which the room would have no policy is removed.
    #[error("{0} cannot be removed from a room")]
    NotRemovable(ComponentId),
    /// The same user is added, removed or moved more than once.
    #[error("{0} is changed more than once in one commit (PROTO, \"Participant List\")")]
    UserTwice(MimiUri),
    /// A user who is in the list already is added.
    #[error("{0} is added but already a participant (PROTO, \"Participant List\")")]
    AlreadyParticipant(MimiUri),
    /// An index does not name a participant.
    #[error(
        "index {index} is past the end of the list of {len} participants (PROTO, \"Participant List\")"
    )]
    IndexPastEnd {
        /// The index.
        index: u32,
        /// How many participants there are.
        len: usize,
    },
    /// A participant has, or is given, role 0 or one that is not defined.
    #[error(
        "{user} cannot have role {role}, which is reserved or not defined (POLICY, \"Role-Based Access Control\")"
    )]
    NoSuchRole {
        /// The participant.
        user: MimiUri,
        /// The index of the role.
        role: u32,
    },
    /// The list would grow beyond what this implementation holds.
    #[error("the room would have {0} participants, and {MAX_PARTICIPANTS} is the limit")]
    TooManyParticipants(usize),
    /// A room has more participants than its base policy allows.
    #[error(
        "the room has {users} users who are not banned, and max_users is {max} (POLICY, \"Base Room policy component syntax\")"
    )]
    TooManyUsers {
        /// `max_users`.
        max: u32,
        /// How many there are.
        users: usize,
    },
    /// The metadata is updated more than once.
    #[error("the room metadata is updated twice in one commit (PROTO, \"Room Metadata\")")]
    MetadataTwice,
    /// The metadata would name another room.
    #[error(
        "room_uri never changes, and metadata cannot be added later (PROTO, \"Room Metadata\")"
    )]
    RoomUriChanged,
    /// Roles and participants change in one commit.
    #[error(
        "role definitions cannot change in the same commit as participants (POLICY, \"Role-Based Access Control\")"
    )]
    RolesWithParticipants,
    /// The preauthorisation list changes with participants other than removed.
    #[error(
        "the preauthorisation list can change in the same commit as participants only if these are removed (POLICY, \"Preauthorized Users\")"
    )]
    PreauthWithParticipants,
    /// The membership is fixed, yet a role could add participants.
    #[error(
        "role {0} has canAddParticipant in a room of fixed membership (POLICY, \"Base Room policy component syntax\")"
    )]
    FixedMembershipAdds(u32),
    /// A room depends on itself.
    #[error("the room is its own parent (POLICY, \"Base Room policy component syntax\")")]
    OwnParent,
    /// The parent room is hosted by another hub.
    #[error(
        "the parent room {0} is not on the hub of this room (POLICY, \"Base Room policy component syntax\")"
    )]
    ParentElsewhere(MimiUri),
    /// A role may share history whose holders have no clients.
    #[error(
        "role {0} may share history and can have no active participants (POLICY, \"Chat history policy component\")"
    )]
    HistoryRole(u32),
    /// There are several join links where the policy allows one.
    #[error(
        "the room has {0} join links, and its policy allows one (POLICY, \"Join Link policies component\")"
    )]
    TooManyJoinLinks(usize),
    /// An update does not fit the join links.
    #[error(transparent)]
    JoinLinks(JoinLinksError),
    /// Assets go to the hub, and the provider named is another.
    #[error(
        "assets are uploaded to the hub, and {0} is not the hub of this room (POLICY, \"Asset policies component\")"
    )]
    AssetsElsewhere(String),
    /// A component would be too long to encode.
    #[error("{0} is too long to encode (RFC 9420 §2.1.2)")]
    TooLong(ComponentId),
}

/// The room's policy does not allow this. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} ({})", .reason.clause())]
#[non_exhaustive]
pub struct Denied {
    /// Which bundle of the candidate is to blame, if it is one.
    pub bundle: Option<usize>,
    /// Which change of that bundle is to blame, if it is one.
    pub change: Option<usize>,
    /// What is not allowed.
    pub reason: Reason,
}

impl Denied {
    /// The capability whose lack is the reason, if it is one.
    #[must_use]
    pub fn missing(&self) -> Option<Capability> {
        match self.reason {
            Reason::Lacks { capability, .. } | Reason::RoleMove { capability, .. } => {
                Some(capability)
            }
            _ => None,
        }
    }

    /// The clause of the drafts that is enforced.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        self.reason.clause()
    }
}

impl From<Reason> for Denied {
    fn from(reason: Reason) -> Self {
        Denied {
            bundle: None,
            change: None,
            reason,
        }
    }
}

/// What a policy does not allow, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The actor is neither in the list nor preauthorised.
    #[error("{0} has no role in this room")]
    NoRole(MimiUri),
    /// The role of the actor lacks the capability.
    #[error("{user} needs {capability} for this, which role {role} lacks")]
    Lacks {
        /// The actor.
        user: MimiUri,
        /// Its role.
        role: u32,
        /// What the role lacks.
        capability: Capability,
    },
    /// The actor has the capability, but not for these two roles.
    #[error(
        "{user} has {capability}, but role {role} does not allow it from role {from} to role {to}"
    )]
    RoleMove {
        /// The actor.
        user: MimiUri,
        /// Its role.
        role: u32,
        /// What it would use.
        capability: Capability,
        /// The role before; 0 for someone who is not in the list.
        from: u32,
        /// The role after; 0 for someone who is taken out of the list.
        to: u32,
    },
    /// A user who may not change its own role to this one.
    #[error("{user} may only take the role it is preauthorised for, and that is not role {role}")]
    NotPreauthorized {
        /// The actor.
        user: MimiUri,
        /// The role that it asks for.
        role: u32,
    },
    /// Nobody who is not in the list gets in this way.
    #[error(
        "{user} cannot join in role {role}: joining is not open, it is not preauthorised, and no join code allows it"
    )]
    JoinRefused {
        /// The joiner.
        user: MimiUri,
        /// The role that it asks for.
        role: u32,
    },
    /// Someone who joins asks for more than joining.
    #[error("{0} comes from outside and can do nothing but join")]
    OnlyJoin(MimiUri),
    /// A client of another user is added, and not along with that user.
    #[error("clients of {0} can only be added by itself, or by whoever adds it to the room")]
    NotYourClient(MimiUri),
    /// A client is added or left whose user is not a participant.
    #[error("{0} would have a client in the group without being a participant")]
    Stranger(MimiUri),
    /// A participant change without matching Removes.
    #[error(
        "{user} would keep {clients} of its clients although it is removed or banned: Removes for all of them must go along"
    )]
    KeepsClients {
        /// The user.
        user: MimiUri,
        /// How many clients would be left.
        clients: usize,
    },
    /// A client that is removed is not where the change says it is.
    #[error("leaf {leaf} is not a client of {user}")]
    WrongClient {
        /// The leaf index.
        leaf: u32,
        /// The user named.
        user: MimiUri,
    },
    /// Too few participants would be left in a role.
    #[error("role {role} must keep at least {min} {} and would have {count}", kind(*.active))]
    Minimum {
        /// The role.
        role: u32,
        /// Whether the constraint is on active participants only.
        active: bool,
        /// The constraint.
        min: u32,
        /// How many there would be.
        count: usize,
    },
    /// Too many participants would be in a role.
    #[error("role {role} can have at most {max} {} and would have {count}", kind(*.active))]
    Maximum {
        /// The role.
        role: u32,
        /// Whether the constraint is on active participants only.
        active: bool,
        /// The constraint.
        max: u32,
        /// How many there would be.
        count: usize,
    },
    /// A user would have several clients in a room that allows one.
    #[error("{user} would have {clients} clients, and this room allows one per user")]
    SingleDevice {
        /// The user.
        user: MimiUri,
        /// How many clients it would have.
        clients: usize,
    },
    /// The group would have too many clients.
    #[error("the room would have {clients} clients and allows {max}")]
    MaxClients {
        /// `max_clients`.
        max: u32,
        /// How many there would be.
        clients: usize,
    },
    /// The room would have too many users.
    #[error("the room would have {users} users who are not banned and allows {max}")]
    MaxUsers {
        /// `max_users`.
        max: u32,
        /// How many there would be.
        users: usize,
    },
    /// Users come or go where they are fixed.
    #[error("{0} cannot be added or removed, as the membership of this room is fixed")]
    FixedMembership(MimiUri),
    /// Someone banned acts for itself.
    #[error("{0} is banned and can do nothing but remove its own clients")]
    Banned(MimiUri),
    /// Someone commits from outside of the group.
    #[error("{0} cannot commit from outside: this room allows no external commits")]
    ExternalCommit(MimiUri),
    /// Someone proposes from outside of the group.
    #[error("{0} cannot propose from outside: this room allows no external proposals")]
    ExternalProposal(MimiUri),
    /// A leaf is added that the host says nothing about, to a room that makes
    /// demands on it.
    #[error("nothing is known of what the client of {0} supports, and this room makes demands")]
    LeafUnknown(MimiUri),
    /// A leaf does not support what is mandatory.
    #[error("the client of {user} does not support {what}, which this room demands")]
    LeafLacks {
        /// Whose client.
        user: MimiUri,
        /// What it lacks.
        what: String,
    },
    /// A leaf supports what is forbidden.
    #[error("the client of {user} supports {what}, which this room forbids")]
    LeafSupports {
        /// Whose client.
        user: MimiUri,
        /// What it supports.
        what: String,
    },
    /// A KeyPackage or a credential is valid for too long.
    #[error(
        "the {of} of the client of {user} is valid for {seconds} s, and this room allows {max} s"
    )]
    LeafLifetime {
        /// Whose client.
        user: MimiUri,
        /// `KeyPackage` or `credential`.
        of: &'static str,
        /// For how long it is valid, in seconds.
        seconds: u64,
        /// The longest time allowed, in seconds.
        max: u64,
    },
    /// Proposals and commits may not have this wire format.
    #[error("this room does not take proposals and commits in wire format {0:#06x}")]
    HandshakeFormat(u16),
    /// A message is of an epoch too long ago, or yet to come.
    #[error(
        "the message is of epoch {sent}, the room is in {now} and accepts {tolerance} past ones"
    )]
    Epoch {
        /// In which the message was sent.
        sent: u64,
        /// In which the room is.
        now: u64,
        /// How many past epochs are accepted.
        tolerance: u8,
    },
    /// The policy would be one that the hub does not allow.
    #[error(transparent)]
    OutsideEnvelope(#[from] Outside),
    /// A room of fixed membership has the same participants already.
    #[error("there is another room of fixed membership with exactly these participants")]
    TwinRoom,
    /// The hub does not know who is in the parent room.
    #[error("this room depends on another, whose participants the hub did not look up")]
    ParentUnknown,
    /// What the hub gives as the parent room is another one.
    #[error("the hub looked {0} up, which is not the room on which this one depends")]
    OtherParent(MimiUri),
    /// A user who is not in the parent room comes to one that depends on it.
    #[error("{0} is not a participant of the parent room")]
    NotInParent(MimiUri),
    /// A room has as many users as the one on which it depends.
    #[error("this room would have {users} users and its parent has {parent}: it must have fewer")]
    NotSmallerThanParent {
        /// How many users who are not banned there would be.
        users: u32,
        /// How many the parent has.
        parent: u32,
    },
    /// The GroupContext extensions change to what the hub did not prescribe.
    #[error("GroupContext extensions may only change to what the hub prescribes")]
    NotPrescribed,
    /// A proposal of a type that this crate has no rule for.
    #[error("no rule allows a proposal of type {0:#06x}")]
    UnknownProposal(u16),
    /// The committer is not entitled to commit at all.
    #[error("{0} cannot commit in this room")]
    Committer(MimiUri),
    /// Someone commits from outside without a change that adds its client.
    #[error("{0} commits from outside, but none of its changes adds a client of it")]
    DoesNotJoin(MimiUri),
    /// The participant is leaving or being removed, and its rights are gone.
    #[error("{0} is leaving or removed and may only remove its own clients")]
    Leaving(MimiUri),
    /// The host mixed up its inputs: the draft belongs to another policy or to
    /// other changes.
    #[error("the draft was not resolved from this policy and exactly these changes")]
    OtherDraft,
}

pub(crate) fn kind(active: bool) -> &'static str {
    if active {
        "active participants"
    } else {
        "participants"
    }
}

impl Reason {
    /// The clause of the drafts that is enforced.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        match self {
            Reason::NoRole(_) | Reason::Lacks { .. } | Reason::UnknownProposal(_) => {
                "POLICY, \"Role Capabilities\""
            }
            Reason::RoleMove { .. } | Reason::Minimum { .. } | Reason::Maximum { .. } => {
                "POLICY, \"Role-Based Access Control\""
            }
            Reason::NotPreauthorized { .. } => "POLICY, \"Role Changes\"",
            Reason::JoinRefused { .. } | Reason::OnlyJoin(_) | Reason::NotYourClient(_) => {
                "POLICY, \"Adding\""
            }
            Reason::DoesNotJoin(_) => "PROTO, \"Claim group key information\"",
            Reason::Banned(_)
            | Reason::Stranger(_)
            | Reason::KeepsClients { .. }
            | Reason::Committer(_)
            | Reason::Leaving(_) => "PROTO, \"Update Room State\"",
            Reason::SingleDevice { .. }
            | Reason::MaxClients { .. }
            | Reason::MaxUsers { .. }
            | Reason::FixedMembership(_)
            | Reason::TwinRoom
            | Reason::ParentUnknown
            | Reason::OtherParent(_)
            | Reason::NotInParent(_)
            | Reason::NotSmallerThanParent { .. } => {
                "POLICY, \"Base Room policy component syntax\""
            }
            Reason::ExternalCommit(_)
            | Reason::ExternalProposal(_)
            | Reason::LeafUnknown(_)
            | Reason::LeafLacks { .. }
            | Reason::LeafSupports { .. }
            | Reason::LeafLifetime { .. }
            | Reason::HandshakeFormat(_)
            | Reason::Epoch { .. } => "POLICY, \"Operational policy component\"",
            Reason::OutsideEnvelope(_) => "ARCH, \"Policy\"",
            Reason::NotPrescribed => "PROTO, \"Authenticating proposals\"",
            Reason::WrongClient { .. } | Reason::OtherDraft => "a fault of the host",
        }
    }
}
