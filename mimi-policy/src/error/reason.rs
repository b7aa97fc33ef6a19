//! What the policy of a room does not allow.

use std::fmt;

use mimi_content::MimiUri;

use crate::capability::Capability;
use crate::components::roles::Role;
use crate::envelope::Outside;
use crate::words::{Counted, RoleLabel, participants};

/// What a policy does not allow, in one sentence. It is made only where
/// something is refused, and so are the names in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The actor is neither in the list nor preauthorised.
    #[error("{0} has no role in this room: someone in the room has to add it first")]
    NoRole(MimiUri),
    /// The role of the actor lacks the capability.
    #[error("{user} needs {capability} for this, which {role} lacks")]
    Lacks {
        /// The actor.
        user: MimiUri,
        /// Its role.
        role: RoleLabel,
        /// What the role lacks.
        capability: Capability,
    },
    /// The actor has the capability, but not for these two roles.
    #[error(
        "{user} has {capability}, but {} does not let it {}",
        .roles.actor,
        Deed(*.capability, .roles)
    )]
    RoleMove {
        /// The actor.
        user: MimiUri,
        /// What it would use.
        capability: Capability,
        /// Its role, and those before and after.
        roles: Box<MoveRoles>,
    },
    /// A user who may not change its own role to this one.
    #[error(
        "{user} may only take the role that its credential preauthorises it for, which is not {role}: another participant with canChangeUserRole can move it"
    )]
    NotPreauthorized {
        /// The actor.
        user: MimiUri,
        /// The role that it asks for.
        role: RoleLabel,
    },
    /// Nobody who is not in the list gets in this way.
    #[error(
        "{user} cannot join in {role} by itself: the role is not open to everybody, its credential is not preauthorised for it, and it brought no valid join code for it; ask a participant with canAddParticipant, if there is one"
    )]
    JoinRefused {
        /// The joiner.
        user: MimiUri,
        /// The role that it asks for.
        role: RoleLabel,
    },
    /// Someone who joins asks for more than joining.
    #[error("{0} comes from outside and can only join: the rest has to wait until it is in")]
    OnlyJoin(MimiUri),
    /// A client of another user is added, and not along with that user.
    #[error("clients of {0} can only be added by itself, or by whoever adds it to the room")]
    NotYourClient(MimiUri),
    /// A client is added or left whose user is not a participant.
    #[error(
        "{0} would have a client in the group without being a participant: add it to the participant list as well, or leave its client out"
    )]
    Stranger(MimiUri),
    /// A participant change without matching Removes.
    #[error(
        "{user} would keep {} although it is removed or banned: remove all its clients along with it",
        Counted(*.clients, "client")
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
    #[error(
        "{role} must keep at least {} and would have {count}: {}",
        participants(*.min, *.active),
        keep(*.active)
    )]
    Minimum {
        /// The role.
        role: RoleLabel,
        /// Whether the constraint is on active participants only.
        active: bool,
        /// The constraint.
        min: u32,
        /// How many there would be.
        count: usize,
    },
    /// Too many participants would be in a role.
    #[error(
        "{role} can have at most {} and would have {count}: choose another role, or make room in this one",
        participants(*.max, *.active)
    )]
    Maximum {
        /// The role.
        role: RoleLabel,
        /// Whether the constraint is on active participants only.
        active: bool,
        /// The constraint.
        max: u32,
        /// How many there would be.
        count: usize,
    },
    /// A user would have several clients in a room that allows one.
    #[error(
        "{user} would have {}, and this room allows one per user: remove the others in the same commit",
        Counted(*.clients, "client")
    )]
    SingleDevice {
        /// The user.
        user: MimiUri,
        /// How many clients it would have.
        clients: usize,
    },
    /// The group would have too many clients.
    #[error(
        "the room would have {} and allows {max}: others have to be removed first",
        Counted(*.clients, "client")
    )]
    MaxClients {
        /// `max_clients`.
        max: u32,
        /// How many there would be.
        clients: usize,
    },
    /// The room would have too many users.
    #[error(
        "not counting the banned, the room would have {} and allows {max}: someone has to leave first",
        Counted(*.users, "user")
    )]
    MaxUsers {
        /// `max_users`.
        max: u32,
        /// How many there would be.
        users: usize,
    },
    /// Users come or go where they are fixed.
    #[error(
        "{0} cannot be added or removed, as the membership of this room is fixed: create another room for other participants"
    )]
    FixedMembership(MimiUri),
    /// Someone banned acts for itself.
    #[error(
        "{0} is banned and can do nothing but remove its own clients: a participant with canUnban can lift the ban"
    )]
    Banned(MimiUri),
    /// Someone commits from outside of the group.
    #[error(
        "{0} cannot commit from outside, as this room allows no external commits: a client in the room has to add its client"
    )]
    ExternalCommit(MimiUri),
    /// Someone proposes from outside of the group.
    #[error(
        "{0} cannot propose from outside, as this room allows no external proposals: a client in the room has to do it"
    )]
    ExternalProposal(MimiUri),
    /// A leaf is added that the host says nothing about, to a room that makes
    /// demands on it.
    #[error("nothing is known of what the client of {0} supports, and this room makes demands")]
    LeafUnknown(MimiUri),
    /// A leaf does not support what is mandatory.
    #[error(
        "the client of {user} does not support {what}, which this room demands: update the client, or use another"
    )]
    LeafLacks {
        /// Whose client.
        user: MimiUri,
        /// What it lacks.
        what: String,
    },
    /// A leaf supports what is forbidden.
    #[error("the client of {user} supports {what}, which this room forbids: use another client")]
    LeafSupports {
        /// Whose client.
        user: MimiUri,
        /// What it supports.
        what: String,
    },
    /// A KeyPackage or a credential is valid for too long.
    #[error(
        "the {of} of the client of {user} is valid for {}, and this room allows {max}: it needs one that expires sooner",
        Counted(*.seconds, "second")
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
    #[error(
        "this room does not take proposals and commits in wire format {0:#06x}: send one that its operational policy lists"
    )]
    HandshakeFormat(u16),
    /// A message is of an epoch too long ago, or yet to come.
    #[error(
        "the message is of epoch {sent}, and the room is in {now} and accepts at most {} before that: send it in the epoch of the room",
        Counted(*.tolerance, "epoch")
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
    #[error(
        "there is another room of fixed membership with exactly these participants: use that one"
    )]
    TwinRoom,
    /// The hub does not know who is in the parent room.
    #[error("this room depends on another, whose participants the hub did not look up")]
    ParentUnknown,
    /// What the hub gives as the parent room is another one.
    #[error("the hub looked {0} up, which is not the room on which this one depends")]
    OtherParent(MimiUri),
    /// A user who is not in the parent room comes to one that depends on it.
    #[error("{0} is not a participant of the parent room: add it there first")]
    NotInParent(MimiUri),
    /// A room has as many users as the one on which it depends.
    #[error(
        "this room would have {} and its parent has {parent}: it must have fewer",
        Counted(*.users, "user")
    )]
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
    #[error(
        "{0} cannot commit this: whoever commits has to be a participant, not banned, and to stay one"
    )]
    Committer(MimiUri),
    /// Someone commits from outside without a change that adds its client.
    #[error("{0} commits from outside, but none of its changes adds a client of its own")]
    DoesNotJoin(MimiUri),
    /// The participant is leaving or being removed, and its rights are gone.
    #[error("{0} is leaving or being removed, and may only remove its own clients")]
    Leaving(MimiUri),
    /// The host mixed up its inputs: the draft belongs to another policy or to
    /// other changes.
    #[error("the draft was not resolved from this policy and exactly these changes")]
    OtherDraft,
}

/// The roles of a [`Reason::RoleMove`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveRoles {
    /// That of the actor.
    pub actor: RoleLabel,
    /// The one before; [`Role::NONE`] for someone who is not in the list.
    pub from: RoleLabel,
    /// The one after; [`Role::NONE`] for someone who is taken out of the list.
    pub to: RoleLabel,
}

/// What someone would do by moving from one role to another.
struct Deed<'a>(Capability, &'a MoveRoles);

impl fmt::Display for Deed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Deed(capability, MoveRoles { from, to, .. }) = self;
        match (from.index, to.index, *capability) {
            (_, Role::NONE, Capability::REMOVE_SELF) => f.write_str("leave the room"),
            (_, Role::NONE, _) => write!(f, "remove a participant in {from}"),
            (Role::NONE, _, Capability::BAN) => f.write_str("ban someone who is not in the room"),
            (Role::NONE, _, _) => write!(f, "add someone in {to}"),
            (_, _, Capability::BAN) => write!(f, "ban a participant in {from}"),
            (_, _, Capability::UNBAN) => write!(f, "lift a ban and move its user to {to}"),
            _ => write!(f, "move a participant from {from} to {to}"),
        }
    }
}

/// What has to happen before a minimum lets someone go.
fn keep(active: bool) -> &'static str {
    if active {
        "let another of them add a client first"
    } else {
        "move another participant to it first"
    }
}
