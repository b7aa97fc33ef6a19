//! What one actor may do (POLICY, "Role Capabilities").

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Decode;

use super::{Acts, participant_update};
use crate::candidate::{Actor, Bundle, Change, Op};
use crate::capability::Capability;
use crate::clients::ClientIndex;
use crate::components::metadata::RoomMetadata;
use crate::components::participants::ParticipantListUpdate;
use crate::components::roles::Role;
use crate::error::{Denied, Reason};
use crate::join::JoinBasis;
use crate::policy::RoomPolicy;

/// By what an actor has a say.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Standing<'a> {
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
pub(crate) struct Rights<'a> {
    /// The policy before the changes: indices and targets mean this one.
    pub(crate) policy: &'a RoomPolicy,
    /// The policy after all changes that are known.
    pub(crate) after: &'a RoomPolicy,
    pub(crate) clients: &'a ClientIndex,
    pub(crate) standing: Standing<'a>,
    pub(crate) actor: Actor<'a>,
    pub(crate) acts: &'a Acts,
}

impl Rights<'_> {
    /// Judges all changes of a bundle, and tells whether a verdict rests on the
    /// hub.
    pub(crate) fn judge(&self, bundle: &Bundle<'_>) -> Result<bool, Denied> {
        let mut rests_on_hub = false;
        for (position, change) in bundle.changes.iter().enumerate() {
            rests_on_hub |= self.change(change).map_err(|denied| Denied {
                change: Some(position),
                ..denied
            })?;
        }
        Ok(rests_on_hub)
    }

    fn change(&self, change: &Change<'_>) -> Result<bool, Denied> {
        if let Some(update) = participant_update(change)? {
            return self.participants(&update).map_err(Denied::from);
        }
        match *change {
            Change::AddClient { user, .. } => self.add_client(user)?,
            Change::RemoveClient { leaf, user } => self.remove_client(leaf, user)?,
            Change::Component { id, op } => self.component(id, op)?,
            Change::UpdateClient => drop(self.role()?),
            Change::Psk => self.needs(Capability::SEND_MLS_PSK_PROPOSAL)?,
            Change::ReInit => self.needs(Capability::SEND_MLS_REINIT_PROPOSAL)?,
            Change::GroupContextExtensions { prescribed: true } => {}
            Change::GroupContextExtensions { prescribed: false } => {
                return Err(Reason::NotPrescribed.into());
            }
            Change::Other { proposal_type } => {
                return Err(Reason::UnknownProposal(proposal_type).into());
            }
        }
        Ok(false)
    }

    fn own(&self) -> &MimiUri {
        self.actor.uri()
    }

    /// The role in which the actor acts.
    fn role(&self) -> Result<&Role, Reason> {
        match self.standing {
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
            role: role.index,
            capability,
        })
    }

    /// The capability, and that the role leads from `from` to `to`.
    fn needs_move(&self, capability: Capability, from: u32, to: u32) -> Result<(), Reason> {
        self.needs(capability)?;
        let role = self.role()?;
        if role.may_move(from, to) {
            return Ok(());
        }
        Err(Reason::RoleMove {
            user: self.own().clone(),
            role: role.index,
            capability,
            from,
            to,
        })
    }

    fn participants(&self, update: &ParticipantListUpdate) -> Result<bool, Reason> {
        for change in &update.changed {
            let entry = self.entry(change.index)?;
            self.change_role(&entry.user, entry.role, change.role)?;
        }
        for index in &update.removed {
            let entry = self.entry(*index)?;
            self.remove_participant(&entry.user, entry.role)?;
        }
        let mut rests_on_hub = false;
        for added in &update.added {
            rests_on_hub |= self.add_participant(&added.user, added.role)?;
        }
        Ok(rests_on_hub)
    }

    fn entry(&self, index: u32) -> Result<&crate::Participant, Reason> {
        self.policy
            .participants
            .get(index)
            .ok_or(Reason::OtherDraft)
    }

    fn change_role(&self, user: &MimiUri, from: u32, to: u32) -> Result<(), Reason> {
        if user == self.own() {
            self.needs(Capability::CHANGE_OWN_ROLE)?;
            let claims = self.actor.claims();
            let given = self.policy.preauth.role_for(claims, &self.policy.roles);
            return match given {
                Some(role) if role.index == to => Ok(()),
                _ => Err(Reason::NotPreauthorized {
                    user: user.clone(),
                    role: to,
                }),
            };
        }
        let banned = self.policy.roles.banned().map(|role| role.index);
        let special = if Some(to) == banned {
            Some(Capability::BAN)
        } else if Some(from) == banned {
            Some(Capability::UNBAN)
        } else {
            None
        };
        // Whoever may change roles may do so from and to the banned role too;
        // the special capability is the one to name if neither is there.
        let by_special = special.map(|special| self.needs_move(special, from, to));
        match by_special {
            Some(Ok(())) => Ok(()),
            Some(Err(reason)) => self
                .needs_move(Capability::CHANGE_USER_ROLE, from, to)
                .map_err(|_| reason),
            None => self.needs_move(Capability::CHANGE_USER_ROLE, from, to),
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

    fn add_participant(&self, user: &MimiUri, role: u32) -> Result<bool, Reason> {
        if matches!(self.standing, Standing::Joining) {
            if user != self.own() {
                return Err(Reason::OnlyJoin(self.own().clone()));
            }
            return match self.policy.join_basis(&self.actor, Some(role)) {
                Some(basis) => Ok(basis == JoinBasis::JoinCode),
                None => Err(Reason::JoinRefused {
                    user: user.clone(),
                    role,
                }),
            };
        }
        if user == self.own() {
            // Adding others does not extend to oneself, and only someone who
            // brings a client can join.
            return Err(Reason::JoinRefused {
                user: user.clone(),
                role,
            });
        }
        self.needs_move(Capability::ADD_PARTICIPANT, Role::NONE, role)?;
        Ok(false)
    }

    fn add_client(&self, user: &MimiUri) -> Result<(), Reason> {
        if self.acts.added.contains(user) {
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
        if self.acts.removed.contains(user) || self.acts.banned.contains(user) {
            // Goes with the participant, and that was or will be judged. With
            // a ban only `canBan` gives this, not `canChangeUserRole`.
            let ban = !self.acts.removed.contains(user);
            return match ban.then(|| self.needs(Capability::BAN)) {
                None | Some(Ok(())) => Ok(()),
                Some(Err(_)) => self.needs(Capability::KICK),
            };
        }
        if user != self.own() {
            return self.needs(Capability::KICK);
        }
        let gone = |after: &RoomPolicy| !after.participants.contains(user) || after.is_banned(user);
        if gone(self.after) && matches!(self.standing, Standing::Listed(_)) {
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
            // `resolve` let no other through.
            _ => Err(Reason::OtherDraft),
        }
    }

    fn metadata(&self, op: Op<'_>) -> Result<(), Reason> {
        let Op::Update(octets) = op else {
            return Err(Reason::OtherDraft);
        };
        let new = RoomMetadata::from_slice(octets).map_err(|_| Reason::OtherDraft)?;
        let old = self.policy.metadata().ok_or(Reason::OtherDraft)?;
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
