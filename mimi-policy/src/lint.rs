//! What is allowed, but is hardly what an administrator meant.

mod base;
mod capabilities;
mod components;
mod government;
mod graph;
mod preauth;
mod roles;

use mimi_content::component::ComponentId;

use crate::capability::Capability;
use crate::components::roles::Role;
use crate::components::uri::{DomainName, Uri};
use crate::policy::RoomPolicy;
use crate::words::{Counted, Listed, RoleLabel, Shown, participants};
use graph::Graph;

/// Looks a policy over for what will surprise its administrators, the most
/// serious first: a room that nobody governs, roles that nobody can take or
/// leave, numbers that cannot be met, entries and capabilities without effect.
///
/// Everything that is found is allowed by the drafts, so nothing is refused
/// for it. Ask before a room is created, and when its roles are edited; show
/// the sentences to whoever does it. What a room lacks to begin with, such as
/// a policy enforcer that is not in the list yet, is found too.
///
/// Who might come to hold which role is worked out generously: constraints
/// other than a maximum of 0 are taken to leave room, join codes to exist, and
/// claims to be somebody's. So what is said to be impossible is.
///
/// It takes time in proportion to the moves between roles, of which there are
/// 65,536 at most for each of 256 roles, to the square of the number of roles,
/// and to the participants.
///
/// ```
/// use mimi_content::{MimiUri, component::{ComponentId, ComponentMap}, tls::Encode};
/// use mimi_policy::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // Alice starts a room, and forgets that the hub has to be in it.
/// let alice = MimiUri::parse("mimi://a.example/u/alice")?;
/// let members = ParticipantList::new(vec![
///     Participant { user: alice, role: presets::SUPER_ADMIN },
/// ])?;
/// let base = BaseRoomPolicy {
///     policy_components: vec![ComponentId::ROLES_LIST],
///     ..BaseRoomPolicy::default()
/// };
/// let components: ComponentMap = [
///     (ComponentId::PARTICIPANT_LIST, members.to_vec()?),
///     (ComponentId::ROLES_LIST, presets::cooperative().to_vec()?),
///     (ComponentId::BASE_ROOM_POLICY, base.to_vec()?),
/// ].into_iter().collect();
/// let findings = lint(&RoomPolicy::from_components(&components)?);
/// assert_eq!(findings[0], Finding::NobodyGoverns);
/// assert_eq!(
///     findings[1].to_string(),
///     "nobody holds role 5 (policy_enforcer), and nobody can come to hold it",
/// );
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn lint(policy: &RoomPolicy) -> Vec<Finding> {
    let outside = Role::default();
    let entries = preauth::Entries::new(policy);
    let graph = Graph::new(policy, &outside, entries.given());
    let mut findings = Vec::new();
    government::lint(&graph, &mut findings);
    roles::lint_reach(&graph, &mut findings);
    roles::lint_definitions(policy, &graph, &mut findings);
    entries.lint(&graph, &mut findings);
    base::lint(policy, &graph, &mut findings);
    components::lint(policy, &mut findings);
    capabilities::lint(&graph, &mut findings);
    findings
}

/// One thing that [`lint()`] has found, in a sentence for administrators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Finding {
    /// The roles are as they are for ever, and so is whatever hangs on them.
    #[error(
        "nobody can ever change the roles: no role that anyone holds, or can come to hold, has canChangeRoleDefinitions (POLICY, \"Disruptive Policy Changes\")"
    )]
    NobodyGoverns,
    /// The last of those who govern can go, with no way back.
    #[error(
        "everybody who can change the roles can leave or be removed, and nobody left could replace them: {} has no minimum (POLICY, \"Role-Based Access Control\")",
        Listed::few(.0)
    )]
    GovernorsMayGo(Vec<RoleLabel>),
    /// Open joining gives away power.
    #[error("anyone at all can join as {role}, which has {power} (POLICY, \"Adding\")")]
    OpenToAnyone {
        /// The role.
        role: RoleLabel,
        /// The strongest thing that it can do.
        power: Capability,
    },
    /// The role is for nobody.
    #[error("nobody holds {0}, and nobody can come to hold it")]
    Unreachable(RoleLabel),
    /// Whoever has the role keeps it.
    #[error("whoever holds {0} holds it for ever: it cannot leave, and nobody can move it")]
    Inescapable(RoleLabel),
    /// Role 0, with the rights of those who are not in the room, is missing.
    #[error(
        "role 0 is not defined, so nobody can join openly or by a join code (POLICY, \"Role-Based Access Control\")"
    )]
    NoRoleZero,
    /// A role looks like the banned role.
    #[error(
        "{0} is not the banned role, which has index 1 and the name \"banned\" in exactly this spelling (POLICY, \"Role Changes\")"
    )]
    NotBanned(RoleLabel),
    /// `authorized_role_changes` name roles that there are not.
    #[error(
        "the role changes of {role} name roles that are not defined: {}",
        Listed::few(.undefined)
    )]
    UndefinedRoles {
        /// Whose role changes.
        role: RoleLabel,
        /// The indices, in increasing order.
        undefined: Vec<u32>,
    },
    /// Nobody may hold a role into which there are moves.
    #[error(
        "{} can move others into {role}, whose maximum of participants is 0",
        Listed::few(.by)
    )]
    MovesIntoClosed {
        /// The role whose maximum is 0.
        role: RoleLabel,
        /// The roles that lead there.
        by: Vec<RoleLabel>,
    },
    /// No number of holders is right.
    #[error(
        "{role} must have at least {} and at most {max}",
        participants(*.min, *.active)
    )]
    MinimumAboveMaximum {
        /// The role.
        role: RoleLabel,
        /// Whether the constraints are on active participants only.
        active: bool,
        /// The minimum.
        min: u32,
        /// The maximum.
        max: u32,
    },
    /// Too few may hold the role for so many to be active.
    #[error(
        "{role} must have at least {}, and at most {} in all",
        participants(*.min_active, true),
        participants(*.max, false)
    )]
    MoreActiveThanParticipants {
        /// The role.
        role: RoleLabel,
        /// The minimum of active participants.
        min_active: u32,
        /// The maximum of participants.
        max: u32,
    },
    /// More hold the role than may.
    #[error(
        "{role} can have at most {} and has {holders}, so nobody can be added",
        Counted(*.max, "participant")
    )]
    Overfull {
        /// The role.
        role: RoleLabel,
        /// The maximum.
        max: u32,
        /// How many there are.
        holders: usize,
    },
    /// An entry of the preauthorisation list does nothing.
    #[error("entry {entry} of the preauthorisation list, for {role}, {fault}")]
    Preauth {
        /// Position of the entry, from 0.
        entry: usize,
        /// The role that it would give.
        role: RoleLabel,
        /// What is wrong with it.
        fault: EntryFault,
    },
    /// The room invites people whom it does not let in.
    #[error(
        "the room can be searched for, but nobody who finds it can join: there is no open joining, join code or preauthorisation"
    )]
    FoundButClosed,
    /// `policy_component_ids` names components that are not there.
    #[error(
        "policy_component_ids lists {}, which this room does not have (POLICY, \"Base Room policy component syntax\")",
        Listed::few(.0)
    )]
    ListedAbsent(Vec<ComponentId>),
    /// `policy_component_ids` leaves out components that are there.
    #[error(
        "policy_component_ids does not list {}, which this room has (POLICY, \"Base Room policy component syntax\")",
        Listed::few(.0)
    )]
    PresentUnlisted(Vec<ComponentId>),
    /// A provider has several logging clients.
    #[error(
        "{provider} logs with several clients, and a provider should have one: {} (POLICY, \"Logging policy component\")",
        Listed::few(.clients)
    )]
    SeveralLoggers {
        /// Host name of the provider.
        provider: String,
        /// Its logging clients.
        clients: Vec<Uri>,
    },
    /// History may or must be shared, but is not.
    #[error(
        "the chat history policy allows sharing, but either no role can share or the period is 0 seconds (POLICY, \"Chat history policy component\")"
    )]
    NoHistory,
    /// Roles that do not exist are to share history.
    #[error(
        "the chat history policy lets roles share that are not defined: {} (POLICY, \"Chat history policy component\")",
        Listed::few(.0)
    )]
    HistoryRoles(Vec<u32>),
    /// A bot is to act in a role in which it cannot.
    #[error(
        "the bot \"{}\" is to act in role {role}, which is not defined or has no clients (POLICY, \"Chat bot policy component\")",
        Shown(.bot)
    )]
    BotRole {
        /// Name of the bot.
        bot: String,
        /// Index of its role.
        role: u32,
    },
    /// Providers have several entries for where their assets are.
    #[error(
        "the asset policy has several entries for {} (POLICY, \"Asset policies component\")",
        Listed::few(.0)
    )]
    AssetProvidersTwice(Vec<DomainName>),
    /// Join links are there, and no rule for how long they last.
    #[error(
        "the room has join links ({links}) and no join link policy to say how long they are valid (POLICY, \"Join Link policies component\")"
    )]
    LinksWithoutPolicy {
        /// How many.
        links: usize,
    },
    /// Join links expire when they are made.
    #[error("join links expire 0 seconds after they are made, so none is ever valid")]
    LinksNeverValid,
    /// Join links are there, and nobody can use one.
    #[error(
        "the room has join links ({links}), but role 0 lacks canUseJoinCode (POLICY, \"Adding\")"
    )]
    LinksWithoutUse {
        /// How many.
        links: usize,
    },
    /// Someone banned has rights.
    #[error("whoever is banned has {}, though a ban should leave no rights", Listed::many(.0))]
    BannedCan(Vec<Capability>),
    /// A capability lets nobody in these roles do anything.
    #[error("{capability} has no effect in {}: {why}", Listed::few(.roles))]
    NoEffect {
        /// The capability.
        capability: Capability,
        /// The roles that have it in vain.
        roles: Vec<RoleLabel>,
        /// Why it is in vain.
        why: Idle,
    },
    /// Reserved names, for which nothing is defined yet.
    #[error(
        "some roles have capabilities that are reserved and mean nothing yet: {} (POLICY, \"Reserved Capabilities\")",
        Listed::few(.0)
    )]
    Reserved(Vec<Capability>),
    /// Numbers that this crate does not know.
    #[error("some roles have capabilities that are not known here and grant nothing: {}", Listed::few(.0))]
    Unknown(Vec<Capability>),
}

/// What is wrong with an entry of the preauthorisation list (POLICY,
/// "Preauthorized Users").
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryFault {
    /// It demands no claims, and then matches nobody.
    #[error("has no claims, so it matches nobody")]
    NoClaims,
    /// Its role is not in the `roles_list`.
    #[error("gives nothing, as the role is not defined")]
    Undefined,
    /// Its role is in the `roles_list` with another definition.
    #[error(
        "gives nothing, as the role is defined otherwise by now: the entry must have it literally"
    )]
    Stale,
    /// It gives role 0.
    #[error("gives nothing, as role 0 is for those who are not in the room")]
    Outside,
    /// It gives the banned role.
    #[error("does not ban those whom it matches, but keeps them from later entries")]
    Banned,
    /// All that it demands, an earlier one demands already.
    #[error("never matches, as entry {by} matches everybody whom it would")]
    Shadowed {
        /// Position of the earlier entry, from 0.
        by: usize,
    },
    /// The role cannot be joined, nobody can change into it, and it is none of
    /// an external sender.
    #[error(
        "lets nobody in, as the role lacks canJoinIfPreauthorized, and nobody has canChangeOwnRole"
    )]
    NotJoinable,
}

/// Why a capability has no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Idle {
    /// It asks for a role change that the role does not allow.
    #[error("its authorized_role_changes allow no such change")]
    NoMove,
    /// Nobody comes or goes.
    #[error("the membership of this room is fixed")]
    FixedMembership,
    /// There is nothing to be banned to.
    #[error("there is no role 1 with the name \"banned\"")]
    NoBannedRole,
    /// Only role 0 can have it, as those who hold this one are in already.
    #[error("only those with role 0, who are not in the room, could use it")]
    OnlyOutside,
    /// Role 0 can only have what lets people in.
    #[error("whoever is not in the room can only join")]
    Outside,
    /// No entry of the preauthorisation list gives the role.
    #[error("no entry of the preauthorisation list gives this role")]
    NotGiven,
    /// No entry of the preauthorisation list gives any other role.
    #[error("no entry of the preauthorisation list gives another role")]
    NothingGiven,
    /// Holders of the role have no clients.
    #[error("the maximum of active participants is 0, so nobody there has a client")]
    NoClients,
    /// It is of use only together with another one.
    #[error("the role lacks {0}")]
    Needs(Capability),
}
