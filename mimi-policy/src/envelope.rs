//! What a hub allows the policies of its rooms to become: the policy envelope of
//! ARCH, "Policy".

use std::collections::BTreeMap;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;

use crate::capability::{Capability, CapabilitySet};
use crate::components::participants::Participant;
use crate::components::roles::Role;
use crate::policy::State;
use crate::words::{Counted, RoleLabel};

/// The policies that a hub accepts, as bounds that hold whoever acts and with
/// whatever role. The default one accepts all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Roles that every room has, exactly like this: the hub's own, say.
    pub roles: Vec<Role>,
    /// Who is in every room, in which role: the hub itself, say.
    pub participants: Vec<Participant>,
    /// What other roles may grant; anything if it is absent.
    pub capabilities: Option<CapabilitySet>,
    /// The base policy must have a `max_users`, and no larger one.
    pub max_users: Option<u32>,
    /// The base policy must have a `max_clients`, and no larger one.
    pub max_clients: Option<u32>,
    /// Whether rooms may let members hide behind pseudonyms.
    pub pseudonyms: bool,
    /// Whether rooms may outlive their last client.
    pub persistent: bool,
    /// Whether rooms may be found by searching.
    pub discoverable: bool,
    /// Components whose data is given, or that must be absent where it is `None`.
    pub components: BTreeMap<ComponentId, Option<Bytes>>,
}

impl Default for Envelope {
    fn default() -> Self {
        Envelope {
            roles: Vec::new(),
            participants: Vec::new(),
            capabilities: None,
            max_users: None,
            max_clients: None,
            pseudonyms: true,
            persistent: true,
            discoverable: true,
            components: BTreeMap::new(),
        }
    }
}

/// Where a policy is outside of a hub's [`Envelope`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Outside {
    /// A role that must be there is not, or is another.
    #[error("{0} must stay as the hub defines it")]
    Role(RoleLabel),
    /// A participant that must be there is not, or in another role.
    #[error("{user} must stay in the room in {role}, as the hub demands")]
    Participant {
        /// The participant.
        user: MimiUri,
        /// The role that the hub gives it.
        role: RoleLabel,
    },
    /// A role grants what no role may.
    #[error("the hub does not let {role} have {capability}")]
    Capability {
        /// The role.
        role: RoleLabel,
        /// What it grants.
        capability: Capability,
    },
    /// `max_users` is absent or too large.
    #[error("the hub hosts rooms only with a limit of at most {}", Counted(*.0, "user"))]
    MaxUsers(u32),
    /// `max_clients` is absent or too large.
    #[error("the hub hosts rooms only with a limit of at most {}", Counted(*.0, "client"))]
    MaxClients(u32),
    /// Pseudonyms are allowed.
    #[error("the hub does not host rooms with pseudonyms")]
    Pseudonyms,
    /// The room is persistent.
    #[error("the hub does not host persistent rooms")]
    Persistent,
    /// The room is discoverable.
    #[error("the hub does not host rooms that can be searched for")]
    Discoverable,
    /// A component is not what it must be.
    #[error("{0} must stay as the hub sets it")]
    Component(ComponentId),
}

impl Envelope {
    /// Whether a policy is inside.
    pub(crate) fn check(&self, policy: &State) -> Result<(), Outside> {
        self.check_roles(policy)?;
        self.check_base(policy)?;
        let mut participants = self.participants.iter();
        let missing =
            participants.find(|must| policy.participants.role_of(&must.user) != Some(must.role));
        if let Some(missing) = missing {
            return Err(Outside::Participant {
                user: missing.user.clone(),
                role: RoleLabel::find(&policy.roles, missing.role),
            });
        }
        let mut components = self.components.iter();
        let other = components.find(|(id, data)| policy.dictionary.get(**id) != data.as_ref());
        other.map_or(Ok(()), |(id, _)| Err(Outside::Component(*id)))
    }

    fn check_roles(&self, policy: &State) -> Result<(), Outside> {
        let given = |role: &Role| self.roles.iter().find(|given| given.index == role.index);
        let mut kept = self.roles.iter();
        if let Some(role) = kept.find(|role| policy.roles.get(role.index) != Some(*role)) {
            return Err(Outside::Role(role.into()));
        }
        let Some(allowed) = &self.capabilities else {
            return Ok(());
        };
        for role in policy.roles.iter().filter(|role| given(role).is_none()) {
            let mut granted = role.capabilities.iter();
            if let Some(capability) = granted.find(|one| !allowed.contains(*one)) {
                return Err(Outside::Capability {
                    role: role.into(),
                    capability,
                });
            }
        }
        Ok(())
    }

    fn check_base(&self, policy: &State) -> Result<(), Outside> {
        let base = &policy.base;
        let within = |max: u32, set: Option<u32>| set.is_some_and(|set| set <= max);
        if let Some(max) = self.max_users.filter(|max| !within(*max, base.max_users)) {
            return Err(Outside::MaxUsers(max));
        }
        if let Some(max) = self
            .max_clients
            .filter(|max| !within(*max, base.max_clients))
        {
            return Err(Outside::MaxClients(max));
        }
        if base.pseudonyms_allowed && !self.pseudonyms {
            return Err(Outside::Pseudonyms);
        }
        if base.persistent_room && !self.persistent {
            return Err(Outside::Persistent);
        }
        if base.discoverable && !self.discoverable {
            return Err(Outside::Discoverable);
        }
        Ok(())
    }
}
