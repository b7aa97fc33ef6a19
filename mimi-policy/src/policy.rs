//! The verified policy of a room.

use std::sync::Arc;

use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Decode;

use crate::capability::Capability;
use crate::components::base::BaseRoomPolicy;
use crate::components::metadata::RoomMetadata;
use crate::components::participants::ParticipantList;
use crate::components::preauth::PreauthList;
use crate::components::roles::{Role, RoleList};
use crate::error::Invalid;

/// Who is in a room and who may do what: the policy components of a
/// GroupContext dictionary, decoded and found consistent.
///
/// There is no way to make one that is not verified. Cloning is cheap. Two are
/// equal when their dictionaries are.
#[derive(Clone)]
pub struct RoomPolicy {
    pub(crate) dictionary: ComponentMap,
    pub(crate) participants: Arc<ParticipantList>,
    pub(crate) roles: Arc<RoleList>,
    pub(crate) base: Arc<BaseRoomPolicy>,
    pub(crate) metadata: Option<Arc<RoomMetadata>>,
    pub(crate) preauth: Arc<PreauthList>,
}

impl RoomPolicy {
    /// Verifies the components of a GroupContext dictionary.
    ///
    /// Components that are no policy, and those that this version cannot read,
    /// are carried as they are.
    ///
    /// # Errors
    /// When `participant_list`, `roles_list` or `base_room_policy` is missing,
    /// one of them, `room_metadata` or `preauth_list` does not decode, or they
    /// contradict each other.
    pub fn from_components(components: &ComponentMap) -> Result<Self, Invalid> {
        let metadata = decode(components, ComponentId::ROOM_METADATA)?;
        let preauth = decode(components, ComponentId::PREAUTH_LIST)?;
        let policy = RoomPolicy {
            participants: Arc::new(required(components, ComponentId::PARTICIPANT_LIST)?),
            roles: Arc::new(required(components, ComponentId::ROLES_LIST)?),
            base: Arc::new(required(components, ComponentId::BASE_ROOM_POLICY)?),
            metadata: metadata.map(Arc::new),
            preauth: Arc::new(preauth.unwrap_or_default()),
            dictionary: components.clone(),
        };
        policy.check_consistent()?;
        if let Some((max, users)) = policy.too_many_users() {
            return Err(Invalid::TooManyUsers { max, users });
        }
        Ok(policy)
    }

    /// The whole dictionary, octet for octet as it came in, with the changes
    /// that were authorised since.
    #[must_use]
    pub fn components(&self) -> ComponentMap {
        self.dictionary.clone()
    }

    /// The participants.
    #[must_use]
    pub fn participants(&self) -> &ParticipantList {
        &self.participants
    }

    /// The roles.
    #[must_use]
    pub fn roles(&self) -> &RoleList {
        &self.roles
    }

    /// The role with this index.
    #[must_use]
    pub fn role(&self, index: u32) -> Option<&Role> {
        self.roles.get(index)
    }

    /// The role of `user`, if it is in the participant list.
    #[must_use]
    pub fn role_of(&self, user: &MimiUri) -> Option<&Role> {
        self.roles.get(self.participants.role_of(user)?)
    }

    /// Whether `user` is a participant whose role grants `capability`.
    #[must_use]
    pub fn can(&self, user: &MimiUri, capability: Capability) -> bool {
        self.role_of(user)
            .is_some_and(|role| role.grants(capability))
    }

    /// What the room shows of itself, if it does.
    #[must_use]
    pub fn metadata(&self) -> Option<&RoomMetadata> {
        self.metadata.as_deref()
    }

    /// The base policy.
    #[must_use]
    pub fn base(&self) -> &BaseRoomPolicy {
        &self.base
    }

    /// The preauthorisation list, empty if the room has none.
    #[must_use]
    pub fn preauth(&self) -> &PreauthList {
        &self.preauth
    }

    /// Whether `user` is in the list in the banned role.
    #[must_use]
    pub fn is_banned(&self, user: &MimiUri) -> bool {
        self.role_of(user).is_some_and(Role::is_banned)
    }

    /// The rules between components that hold whoever acts.
    pub(crate) fn check_consistent(&self) -> Result<(), Invalid> {
        for entry in self.participants.iter() {
            if self.roles.get(entry.role).is_none() {
                return Err(Invalid::NoSuchRole {
                    user: entry.user.clone(),
                    role: entry.role,
                });
            }
        }
        let adds = self.roles.iter().find(|role| {
            role.index != Role::NONE
                && !role.is_banned()
                && role.capabilities.contains(Capability::ADD_PARTICIPANT)
        });
        match adds {
            Some(role) if self.base.fixed_membership => {
                Err(Invalid::FixedMembershipAdds(role.index))
            }
            _ => Ok(()),
        }
    }

    /// `max_users` and the number of users, if that is larger.
    pub(crate) fn too_many_users(&self) -> Option<(u32, usize)> {
        let max = self.base.max_users?;
        let banned = self.roles.banned().map(|role| role.index);
        let users = self
            .participants
            .iter()
            .filter(|entry| Some(entry.role) != banned)
            .count();
        exceeds(users, max).then_some((max, users))
    }
}

impl PartialEq for RoomPolicy {
    fn eq(&self, other: &Self) -> bool {
        self.dictionary == other.dictionary
    }
}

impl Eq for RoomPolicy {}

impl std::fmt::Debug for RoomPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RoomPolicy")
            .field("participants", &self.participants.len())
            .field("components", &self.dictionary)
            .finish_non_exhaustive()
    }
}

/// Whether there are more than `max`.
pub(crate) fn exceeds(count: usize, max: u32) -> bool {
    u32::try_from(count).map_or(true, |count| count > max)
}

pub(crate) fn read<T: Decode>(id: ComponentId, octets: &[u8]) -> Result<T, Invalid> {
    T::from_slice(octets).map_err(|error| Invalid::Malformed {
        component: id,
        error,
    })
}

fn decode<T: Decode>(components: &ComponentMap, id: ComponentId) -> Result<Option<T>, Invalid> {
    components.get(id).map(|data| read(id, data)).transpose()
}

fn required<T: Decode>(components: &ComponentMap, id: ComponentId) -> Result<T, Invalid> {
    decode(components, id)?.ok_or(Invalid::Missing(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_can_move_to_another_thread() {
        fn movable<T: Send + Sync + 'static>() {}
        movable::<RoomPolicy>();
        movable::<crate::Draft>();
        movable::<crate::Denied>();
    }

    #[test]
    fn a_maximum_is_inclusive() {
        assert!(!exceeds(0, 0) && !exceeds(3, 3));
        assert!(exceeds(1, 0) && exceeds(4, 3) && exceeds(usize::MAX, u32::MAX));
    }
}
