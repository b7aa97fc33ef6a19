//! What is to be judged: who did what.

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;

use crate::clients::ClientIndex;
use crate::components::operational::ExtendedCapabilities;
use crate::components::preauth::{Claims, NoClaims};
use crate::envelope::Envelope;
use crate::policy::RoomPolicy;

/// A commit, or all proposals pending without one.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Who commits; nobody for proposals that are pending.
    pub committer: Option<Actor<'a>>,
    /// What each actor does. An actor may have several bundles; its rights are
    /// judged over all of them, so its claims and code must be the same in each.
    pub bundles: &'a [Bundle<'a>],
    /// The clients of the group before the commit.
    pub clients: &'a ClientIndex,
    /// What the hub of the room knows beyond it; `None` for everybody else,
    /// whose verdicts then rest on the hub where they must.
    pub hub: Option<HubView<'a>>,
}

/// What only the hub of a room knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct HubView<'a> {
    /// The policy of the parent room, if this room is to depend on one.
    pub parent: Option<&'a RoomPolicy>,
    /// Whether another room of fixed membership has exactly the participants
    /// that this one would have.
    pub twin: bool,
    /// What the hub allows the policy to become.
    pub envelope: Option<&'a Envelope>,
}

/// Everything that one actor does, inline or by reference.
#[derive(Debug, Clone, Copy)]
pub struct Bundle<'a> {
    /// Whose rights count.
    pub actor: Actor<'a>,
    /// What it does, in the order of the commit.
    pub changes: &'a [Change<'a>],
}

/// Who acts, by the credential that signed.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Actor<'a> {
    /// A member of the group, acting for its user.
    Participant {
        /// The user.
        user: &'a MimiUri,
        /// What its credential says; asked only when it changes its own role.
        claims: &'a dyn Claims,
    },
    /// Someone outside the group who adds a client of its own: by an external
    /// commit, or by a proposal of a new member. Whether the user is a
    /// participant already is for the policy to find out.
    Joiner {
        /// The user.
        user: &'a MimiUri,
        /// What its credential says.
        claims: &'a dyn Claims,
        /// The join code that the hub has found valid and bound to this
        /// credential and key. Whoever is not the hub cannot know it.
        code: Option<JoinCode>,
    },
    /// An external sender: the hub, or the provider of a follower.
    External {
        /// The identity in its credential, such as `mimi://a.example`.
        sender: &'a MimiUri,
        /// What its credential says; asked when it is not in the list.
        claims: &'a dyn Claims,
    },
}

impl<'a> Actor<'a> {
    /// A member whose credential has no claims.
    #[must_use]
    pub const fn participant(user: &'a MimiUri) -> Self {
        Actor::Participant {
            user,
            claims: &NoClaims,
        }
    }

    /// A joiner whose credential has no claims and who has no join code.
    #[must_use]
    pub const fn joiner(user: &'a MimiUri) -> Self {
        Actor::Joiner {
            user,
            claims: &NoClaims,
            code: None,
        }
    }

    /// An external sender whose credential has no claims.
    #[must_use]
    pub const fn external(sender: &'a MimiUri) -> Self {
        Actor::External {
            sender,
            claims: &NoClaims,
        }
    }

    /// The user or sender.
    #[must_use]
    pub const fn uri(&self) -> &'a MimiUri {
        match *self {
            Actor::Participant { user, .. } | Actor::Joiner { user, .. } => user,
            Actor::External { sender, .. } => sender,
        }
    }

    pub(crate) const fn claims(&self) -> &'a dyn Claims {
        match *self {
            Actor::Participant { claims, .. }
            | Actor::Joiner { claims, .. }
            | Actor::External { claims, .. } => claims,
        }
    }

    #[inline]
    pub(crate) fn key(&self) -> (u8, &'a MimiUri) {
        match *self {
            Actor::Participant { user, .. } => (0, user),
            Actor::Joiner { user, .. } => (1, user),
            Actor::External { sender, .. } => (2, sender),
        }
    }
}

impl std::fmt::Debug for Actor<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self {
            Actor::Participant { .. } => "Participant",
            Actor::Joiner { .. } => "Joiner",
            Actor::External { .. } => "External",
        };
        f.debug_tuple(kind).field(self.uri()).finish()
    }
}

/// A join code that is valid, as far as a policy is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinCode {
    /// Index of the role that it lets its holder take.
    pub role: u32,
}

/// What the host knows of a leaf that enters the group, for the operational
/// policy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeafFacts<'a> {
    /// What the leaf says it supports. Without it, a room that demands or
    /// forbids anything admits no client.
    pub supports: Option<&'a ExtendedCapabilities>,
    /// The lifetime of the KeyPackage; a leaf that comes without one has none.
    pub key_package: Option<Lifetime>,
    /// The lifetime of the credential, if it has one.
    pub credential: Option<Lifetime>,
}

/// From when until when something is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// Seconds since the Unix epoch.
    pub not_before: u64,
    /// Seconds since the Unix epoch.
    pub not_after: u64,
}

/// One thing that an actor does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change<'a> {
    /// A client joins: by an Add, or by its own external commit.
    AddClient {
        /// Whose client.
        user: &'a MimiUri,
        /// What its leaf is like.
        leaf: LeafFacts<'a>,
    },
    /// A client goes: by a Remove or a SelfRemove.
    RemoveClient {
        /// Its leaf.
        leaf: u32,
        /// Whose client.
        user: &'a MimiUri,
    },
    /// An AppDataUpdate.
    Component {
        /// Of which component.
        id: ComponentId,
        /// What it does.
        op: Op<'a>,
    },
    /// A new leaf for a client of the actor's: by an Update, or with the path
    /// of its own commit.
    UpdateClient {
        /// What the new leaf is like.
        leaf: LeafFacts<'a>,
    },
    /// A PreSharedKey.
    Psk,
    /// A ReInit.
    ReInit,
    /// A GroupContextExtensions. The host compares it.
    GroupContextExtensions {
        /// Whether it is exactly what the hub prescribes, and leaves the
        /// dictionary alone.
        prescribed: bool,
    },
    /// A proposal of any other type; never allowed.
    Other {
        /// The MLS ProposalType.
        proposal_type: u16,
    },
}

/// What an AppDataUpdate does to its component (EXT, "Updating Application
/// Data in the GroupContext").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Op<'a> {
    /// Updates it with this content.
    Update(&'a [u8]),
    /// Takes it out.
    Remove,
}
