//! What one actor may do (POLICY, "Role Capabilities").

use std::cell::OnceCell;
use std::collections::BTreeSet;

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Decode;

use super::{RestsOnHub, Sources, operational};
use crate::candidate::{Actor, Bundle, Change, LeafFacts, Op};
use crate::capability::Capability;
use crate::clients::ClientIndex;
use crate::components::join_links::JoinLinksUpdate;
use crate::components::metadata::RoomMetadata;
use crate::components::roles::{Role, RoleChanges};
use crate::error::{Denied, MoveRoles, Reason};
use crate::join::JoinBasis;
use crate::moves::{Move, Moves};
use crate::policy::State;
use crate::words::RoleLabel;

/// By what an actor has a say.
#[derive(Debug, Clone, Copy)]
pub(super) enum Standing<'a> {
    /// It is in the participant list, in this role.
    Listed(&'a Role),
    /// It is not in the list, but preauthorised for this role.
    Preauthorized(&'a Role),
    /// It is outside, and asks to be let in.
    Joining,
    /// By nothing.
    None,
}

/// One actor, and all that its rights depend on.
pub(super) struct Rights<'a> {
    /// The policy before the changes: indices and targets mean this one.
    pub(super) before: &'a State,
    /// The policy after all changes that are known.
    pub(super) after: &'a State,
    pub(super) clients: &'a ClientIndex,
    /// All moves that are known.
    pub(super) moves: &'a Moves,
    pub(super) standing: Standing<'a>,
    pub(super) actor: Actor<'a>,
    /// Whether the actor is the one who commits, if that can be told.
    pub(super) commits: Option<bool>,
    /// Whether the hub judges.
    pub(super) hub: bool,
    /// Whose the moves are; if it is not given, all are this actor's.
    pub(super) sources: Option<&'a Sources<'a>>,
    /// Where the role of the actor leads, once it is needed.
    pub(super) table: OnceCell<BTreeSet<(u32, u32)>>,
}

/// From how many moves on it is worth sorting where a role leads.
const MANY_MOVES: usize = 64;

impl Rights<'_> {
    /// Judges all changes of a bundle, the first component change of which
    /// stands at `position` among all, and tells what the verdict rests on.
    pub(super) fn judge(
        &self,
        bundle: &Bundle<'_>,
        position: &mut usize,
    ) -> Result<RestsOnHub, Denied> {
        let parameters = self.before.further.operational.as_ref();
        if let (Some(parameters), Some(commits), [_, ..]) =
            (parameters, self.commits, bundle.changes)
        {
            operational::check_route(parameters, &self.actor, commits)?;
        }
        let mut rests = RestsOnHub::default();
        for (index, change) in bundle.changes.iter().enumerate() {
            let given = self.change(change, *position);
            rests = rests.and(given.map_err(|reason| Denied {
                change: Some(index),
                ..reason.into()
            })?);
            if matches!(change, Change::Component { .. }) {
                *position = position.saturating_add(1);
            }
        }
        Ok(rests)
    }

    fn change(&self, change: &Change<'_>, position: usize) -> Result<RestsOnHub, Reason> {
        self.check_only_joins(change)?;
        match *change {
            Change::Component {
                id: ComponentId::PARTICIPANT_LIST,
                op: Op::Update(_),
            } => return self.participants(position),
            Change::AddClient { user, leaf } => {
                self.add_client(user)?;
                self.check_leaf(user, &leaf)?;
            }
            Change::RemoveClient { leaf, user } => self.remove_client(leaf, user)?,
            Change::Component { id, op } => self.component(id, op)?,
            Change::UpdateClient { leaf } => {
                self.role()?;
                self.check_leaf(self.own(), &leaf)?;
            }
            Change::Psk => self.needs(Capability::SEND_MLS_PSK_PROPOSAL)?,
            Change::ReInit => self.needs(Capability::SEND_MLS_REINIT_PROPOSAL)?,
            Change::GroupContextExtensions { prescribed: true } => drop(self.role()?),
            Change::GroupContextExtensions { prescribed: false } => {
                return Err(Reason::NotPrescribed);
            }
            Change::Other { proposal_type } => {
                return Err(Reason::UnknownProposal(proposal_type));
            }
        }
        Ok(RestsOnHub::default())
    }

    /// Whether a leaf is one that the room takes, as it will be. Of a proposal by
    /// itself nobody knows yet to which room the leaf comes.
    fn check_leaf(&self, user: &MimiUri, leaf: &LeafFacts<'_>) -> Result<(), Reason> {
        let parameters = self.after.further.operational.as_ref();
        match parameters.filter(|_| self.commits.is_some()) {
            Some(parameters) => operational::check_leaf(parameters, user, leaf),
            None => Ok(()),
        }
    }

    /// A participant who adds a client from outside may replace another one of its
    /// own with it, and nothing else (POLICY, "Adding": `canAddOwnClient`).
    fn check_only_joins(&self, change: &Change<'_>) -> Result<(), Reason> {
        let (Actor::Joiner { user: own, .. }, Standing::Listed(_)) = (self.actor, self.standing)
        else {
            return Ok(());
        };
        match change {
            Change::AddClient { user, .. } | Change::RemoveClient { user, .. } if *user == own => {
                Ok(())
            }
            Change::Psk => Ok(()),
            _ => Err(Reason::OnlyJoin(own.clone())),
        }
    }

    /// How this actor moves `user`, if it does.
    fn own_move(&self, user: &MimiUri) -> Option<&Move> {
        let key = self.actor.key();
        let own = |m: &&Move| {
            self.sources
                .is_none_or(|sources| sources.is_of(m.update, key))
        };
        self.moves.of_user(user).filter(own)
    }

    fn is_banned_role(&self, role: u32) -> bool {
        role == Role::BANNED && self.before.roles.banned().is_some()
    }

    fn own(&self) -> &MimiUri {
        self.actor.uri()
    }

    /// The role in which the actor acts.
    fn role(&self) -> Result<&Role, Reason> {
        match self.standing {
            // Banned is a user; a provider acts by its entry, whatever it is called.
            Standing::Listed(role)
                if role.is_banned() && !matches!(self.actor, Actor::External { .. }) =>
            {
                Err(Reason::Banned(self.own().clone()))
            }
            Standing::Listed(role) | Standing::Preauthorized(role) => Ok(role),
            Standing::Joining => Err(Reason::OnlyJoin(self.own().clone())),
            Standing::None => Err(Reason::NoRole(self.own().clone())),
        }
    }

    fn needs(&self, capability: Capability) -> Result<(), Reason> {
        let role = self.role()?;
        if role.grants(capability) {
            return Ok(());
        }
        Err(Reason::Lacks {
            user: self.own().clone(),
            role: role.into(),
            capability,
        })
    }

    /// Whether the role of the actor leads from one role to another. Where there
    /// is much to ask, its table is sorted first.
    fn leads(&self, role: &Role, from: u32, to: u32) -> bool {
        if self.moves.iter().len() <= MANY_MOVES {
            return role.may_move(from, to);
        }
        let targets = |changes: &RoleChanges| {
            let from = changes.from;
            changes.to.iter().map(|to| (from, *to)).collect::<Vec<_>>()
        };
        let table = || role.role_changes.iter().flat_map(targets).collect();
        self.table.get_or_init(table).contains(&(from, to))
    }

    /// The capability, and that the role leads from `from` to `to`.
    fn needs_move(&self, capability: Capability, from: u32, to: u32) -> Result<(), Reason> {
        self.needs(capability)?;
        let role = self.role()?;
        if self.leads(role, from, to) {
            return Ok(());
        }
        Err(Reason::RoleMove {
            user: self.own().clone(),
            capability,
            roles: Box::new(MoveRoles {
                actor: role.into(),
                from: self.label(from),
                to: self.label(to),
            }),
        })
    }

    /// Whether [`Rights::needs`] would be content: for where there is another way.
    fn has(&self, capability: Capability) -> bool {
        self.role().is_ok_and(|role| role.grants(capability))
    }

    /// The same of [`Rights::needs_move`].
    fn may_move(&self, capability: Capability, from: u32, to: u32) -> bool {
        let leads = |role: &Role| role.grants(capability) && self.leads(role, from, to);
        self.role().is_ok_and(leads)
    }

    /// The role with `index`, for a sentence.
    fn label(&self, index: u32) -> RoleLabel {
        RoleLabel::find(&self.before.roles, index)
    }

    fn participants(&self, position: usize) -> Result<RestsOnHub, Reason> {
        let update = self
            .sources
            .map_or(position, |sources| sources.update(position));
        let mut rests = RestsOnHub::default();
        let moves = self.moves.of_update(update);
        if moves.is_empty() {
            // Even for what changes nothing, an actor needs a role.
            self.role()?;
        }
        for m in moves {
            match (m.from, m.to) {
                (Role::NONE, role) => rests = rests.and(self.add_participant(&m.user, role)?),
                (from, Role::NONE) => self.remove_participant(&m.user, from)?,
                (from, to) => self.change_role(&m.user, from, to)?,
            }
        }
        Ok(rests)
    }

    fn change_role(&self, user: &MimiUri, from: u32, to: u32) -> Result<(), Reason> {
        if user == self.own() {
            if self.is_banned_role(from) {
                return Err(Reason::Banned(user.clone()));
            }
            self.needs(Capability::CHANGE_OWN_ROLE)?;
            let claims = self.actor.claims();
            let given = self.before.preauth.own_role_for(claims, &self.before.roles);
            return match given {
                Some(role) if role.index == to => Ok(()),
                _ => Err(Reason::NotPreauthorized {
                    user: user.clone(),
                    role: self.label(to),
                }),
            };
        }
        let special = if self.is_banned_role(to) {
            Some(Capability::BAN)
        } else if self.is_banned_role(from) {
            Some(Capability::UNBAN)
        } else {
            None
        };
        // Whoever may change roles may do so from and to the banned role too;
        // the special capability is the one to name if neither is there.
        let general = Capability::CHANGE_USER_ROLE;
        match special {
            Some(_) if self.may_move(general, from, to) => Ok(()),
            _ => self.needs_move(special.unwrap_or(general), from, to),
        }
    }

    fn remove_participant(&self, user: &MimiUri, from: u32) -> Result<(), Reason> {
        let capability = if user == self.own() {
            Capability::REMOVE_SELF
        } else {
            Capability::REMOVE_PARTICIPANT
        };
        self.needs_move(capability, from, Role::NONE)
    }

    fn add_participant(&self, user: &MimiUri, role: u32) -> Result<RestsOnHub, Reason> {
        if matches!(self.standing, Standing::Joining) {
            if user != self.own() {
                return Err(Reason::OnlyJoin(self.own().clone()));
            }
            return match self.before.join_basis(&self.actor, Some(role), self.hub) {
                Some(basis) => Ok(RestsOnHub {
                    join_code: basis == JoinBasis::JoinCode && !self.hub,
                    ..RestsOnHub::default()
                }),
                None => Err(Reason::JoinRefused {
                    user: user.clone(),
                    role: self.label(role),
                }),
            };
        }
        if user == self.own() {
            // Adding others does not extend to oneself, and only someone who
            // brings a client can join.
            return Err(Reason::JoinRefused {
                user: user.clone(),
                role: self.label(role),
            });
        }
        // Someone can be banned before it comes.
        let bans = self.is_banned_role(role) && self.may_move(Capability::BAN, Role::NONE, role);
        if !bans {
            self.needs_move(Capability::ADD_PARTICIPANT, Role::NONE, role)?;
        }
        Ok(RestsOnHub::default())
    }

    fn add_client(&self, user: &MimiUri) -> Result<(), Reason> {
        if self.own_move(user).is_some_and(|m| m.from == Role::NONE) {
            // Comes with the participant, and that was or will be judged.
            return Ok(());
        }
        if user != self.own() {
            self.role()?;
            return Err(Reason::NotYourClient(user.clone()));
        }
        match self.standing {
            Standing::Listed(_) => self.needs(Capability::ADD_OWN_CLIENT),
            _ => Err(Reason::Stranger(user.clone())),
        }
    }

    fn remove_client(&self, leaf: u32, user: &MimiUri) -> Result<(), Reason> {
        if self.clients.user_of(leaf) != Some(user) {
            let user = user.clone();
            return Err(Reason::WrongClient { leaf, user });
        }
        match self.own_move(user) {
            // Goes with the participant, and that was or will be judged.
            Some(m) if m.to == Role::NONE => return Ok(()),
            Some(m) if self.is_banned_role(m.to) && user == self.own() => return Ok(()),
            // With a ban only `canBan` gives this, not `canChangeUserRole`.
            Some(m) if self.is_banned_role(m.to) => {
                if self.has(Capability::BAN) {
                    return Ok(());
                }
                return self.needs(Capability::KICK);
            }
            _ => {}
        }
        if user != self.own() {
            return self.needs(Capability::KICK);
        }
        let role = self.after.role_of(user.into());
        if role.is_none_or(Role::is_banned) && matches!(self.standing, Standing::Listed(_)) {
            // Whoever is going may always take its clients along.
            return Ok(());
        }
        self.needs(Capability::REMOVE_OWN_CLIENT)
    }

    fn component(&self, id: ComponentId, op: Op<'_>) -> Result<(), Reason> {
        match id {
            ComponentId::ROLES_LIST => self.needs(Capability::CHANGE_ROLE_DEFINITIONS),
            ComponentId::PREAUTH_LIST => self.needs(Capability::CHANGE_PREAUTHORIZED_USER_LIST),
            ComponentId::BASE_ROOM_POLICY => self.needs(Capability::CHANGE_ROOM_MEMBERSHIP_STYLE),
            ComponentId::ROOM_METADATA => self.metadata(op),
            ComponentId::JOIN_LINKS => self.join_links(op),
            ComponentId::MLS_OPERATIONAL_POLICY => {
                self.needs(Capability::CHANGE_MLS_OPERATIONAL_POLICIES)
            }
            // `resolve` let no other through than the other policy components.
            _ => self.needs(Capability::CHANGE_OTHER_POLICY_ATTRIBUTE),
        }
    }

    fn join_links(&self, op: Op<'_>) -> Result<(), Reason> {
        let Op::Update(octets) = op else {
            return self.needs(Capability::DELETE_JOIN_CODE);
        };
        let update = JoinLinksUpdate::from_slice(octets).map_err(|_| Reason::OtherDraft)?;
        self.role()?;
        if !update.removed.is_empty() {
            self.needs(Capability::DELETE_JOIN_CODE)?;
        }
        if !update.added.is_empty() {
            self.needs(Capability::CREATE_JOIN_CODE)?;
        }
        Ok(())
    }

    fn metadata(&self, op: Op<'_>) -> Result<(), Reason> {
        let Op::Update(octets) = op else {
            return Err(Reason::OtherDraft);
        };
        let new = RoomMetadata::from_slice(octets).map_err(|_| Reason::OtherDraft)?;
        let old = self.before.metadata.as_ref().ok_or(Reason::OtherDraft)?;
        let fields = [
            (old.name != new.name, Capability::CHANGE_ROOM_NAME),
            (
                old.descriptions != new.descriptions,
                Capability::CHANGE_ROOM_DESCRIPTION,
            ),
            (old.avatar != new.avatar, Capability::CHANGE_ROOM_AVATAR),
            (old.subject != new.subject, Capability::CHANGE_ROOM_SUBJECT),
            (old.mood != new.mood, Capability::CHANGE_ROOM_MOOD),
        ];
        self.role()?;
        for (_, capability) in fields.into_iter().filter(|(changes, _)| *changes) {
            self.needs(capability)?;
        }
        Ok(())
    }
}
