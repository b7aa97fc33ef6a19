//! The verified policy of a room.

use std::sync::Arc;

use mimi_content::UriRef;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, DecodeError};

use crate::capability::Capability;
use crate::components::assets::{AssetUploadLocation, ProviderAssetUploadDomains};
use crate::components::base::BaseRoomPolicy;
use crate::components::further::Further;
use crate::components::history::HistoryPolicy;
use crate::components::metadata::RoomMetadata;
use crate::components::participants::{Edit, ParticipantList};
use crate::components::preauth::PreauthList;
use crate::components::roles::{Role, RoleList};
use crate::error::Invalid;
use crate::moves::Moves;
use crate::words::RoleLabel;

/// Who is in a room and who may do what: the policy components of a
/// GroupContext dictionary, decoded and found consistent.
///
/// There is no way to make one that is not verified. Cloning is cheap. Two are
/// equal when their dictionaries are.
#[derive(Clone)]
pub struct RoomPolicy(pub(crate) Arc<State>);

/// What a [`RoomPolicy`] consists of.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) dictionary: ComponentMap,
    pub(crate) participants: ParticipantList,
    pub(crate) roles: Arc<RoleList>,
    pub(crate) base: Arc<BaseRoomPolicy>,
    pub(crate) metadata: Option<Arc<RoomMetadata>>,
    pub(crate) preauth: Arc<PreauthList>,
    pub(crate) further: Further,
    pub(crate) census: Census,
}

/// How many participants there are of each sort.
#[derive(Clone)]
pub(crate) struct Census {
    /// By the position of the role in the list of roles.
    holders: Vec<u32>,
    /// Those who are users, not providers, and not banned.
    pub(crate) people: u32,
}

impl RoomPolicy {
    /// Verifies the components of a GroupContext dictionary.
    ///
    /// Components that are no policy are carried as they are.
    ///
    /// # Errors
    /// When `participant_list`, `roles_list` or `base_room_policy` is missing,
    /// a component of PROTO or POLICY does not decode, or some contradict each
    /// other.
    pub fn from_components(components: &ComponentMap) -> Result<Self, Invalid> {
        let metadata = optional(components, ComponentId::ROOM_METADATA)?;
        let preauth = optional(components, ComponentId::PREAUTH_LIST)?;
        let participants = required(components, ComponentId::PARTICIPANT_LIST)?;
        let roles = required(components, ComponentId::ROLES_LIST)?;
        let state = State {
            census: Census::take(&participants, &roles)?,
            participants,
            roles: Arc::new(roles),
            base: Arc::new(required(components, ComponentId::BASE_ROOM_POLICY)?),
            metadata: metadata.map(Arc::new),
            preauth: Arc::new(preauth.unwrap_or_default()),
            further: Further::read(components)?,
            dictionary: components.clone(),
        };
        state.check_consistent()?;
        if let Some((max, users)) = state.too_many_users() {
            return Err(Invalid::TooManyUsers { max, users });
        }
        Ok(RoomPolicy(Arc::new(state)))
    }

    /// The whole dictionary, octet for octet as it came in, with the changes
    /// that were authorised since.
    #[must_use]
    pub fn components(&self) -> ComponentMap {
        self.0.dictionary.clone()
    }

    /// The participants.
    #[must_use]
    pub fn participants(&self) -> &ParticipantList {
        &self.0.participants
    }

    /// The roles.
    #[must_use]
    pub fn roles(&self) -> &RoleList {
        &self.0.roles
    }

    /// The role with this index.
    #[must_use]
    pub fn role(&self, index: u32) -> Option<&Role> {
        self.0.roles.get(index)
    }

    /// The role of `user`, if it is in the participant list.
    #[must_use]
    pub fn role_of<'u>(&self, user: impl Into<UriRef<'u>>) -> Option<&Role> {
        self.0.role_of(user.into())
    }

    /// Whether `user` is a participant whose role grants `capability`, and not
    /// banned.
    #[must_use]
    pub fn can<'u>(&self, user: impl Into<UriRef<'u>>, capability: Capability) -> bool {
        self.role_of(user)
            .is_some_and(|role| !role.is_banned() && role.grants(capability))
    }

    /// What the room shows of itself, if it does.
    #[must_use]
    pub fn metadata(&self) -> Option<&RoomMetadata> {
        self.0.metadata.as_deref()
    }

    /// The base policy.
    #[must_use]
    pub fn base(&self) -> &BaseRoomPolicy {
        &self.0.base
    }

    /// The preauthorisation list, empty if the room has none.
    #[must_use]
    pub fn preauth(&self) -> &PreauthList {
        &self.0.preauth
    }

    /// Whether `user` is in the list in the banned role.
    #[must_use]
    pub fn is_banned<'u>(&self, user: impl Into<UriRef<'u>>) -> bool {
        self.role_of(user).is_some_and(Role::is_banned)
    }
}

impl State {
    #[inline]
    pub(crate) fn role_of(&self, user: UriRef<'_>) -> Option<&Role> {
        self.roles.get(self.participants.role_of(user)?)
    }

    /// Whether `user` is a participant, and not banned.
    pub(crate) fn has(&self, user: UriRef<'_>) -> bool {
        self.role_of(user).is_some_and(|role| !role.is_banned())
    }

    /// The rules between components that hold whoever acts.
    pub(crate) fn check_consistent(&self) -> Result<(), Invalid> {
        self.check_membership()?;
        self.check_parent()?;
        self.check_further()
    }

    /// Roles of a room of fixed membership cannot add participants.
    fn check_membership(&self) -> Result<(), Invalid> {
        let adds = self.roles.iter().find(|role| {
            role.index != Role::NONE
                && !role.is_banned()
                && role.capabilities.contains(Capability::ADD_PARTICIPANT)
        });
        match adds {
            Some(role) if self.base.fixed_membership => {
                Err(Invalid::FixedMembershipAdds(role.into()))
            }
            _ => Ok(()),
        }
    }

    /// A room depends on another one of the same hub.
    fn check_parent(&self) -> Result<(), Invalid> {
        let room = self.metadata.as_ref().map(|metadata| &metadata.room);
        match (&self.base.parent_room, room) {
            (Some(parent), Some(room)) if parent == room => Err(Invalid::OwnParent),
            (Some(parent), Some(room)) if parent.domain() != room.domain() => {
                Err(Invalid::ParentElsewhere(parent.clone()))
            }
            _ => Ok(()),
        }
    }

    /// The rules of the other components that need more than one of them.
    fn check_further(&self) -> Result<(), Invalid> {
        let further = &self.further;
        if let Some(details) = further
            .chat_history
            .as_deref()
            .and_then(HistoryPolicy::details)
        {
            let idle = |index: &&u32| {
                self.roles
                    .get(**index)
                    .is_some_and(|r| r.max_active == Some(0))
            };
            if let Some(role) = details.roles.iter().find(idle) {
                let role = RoleLabel::find(&self.roles, *role);
                return Err(Invalid::HistoryRole(role));
            }
        }
        match (&further.join_link_policy, &further.join_links) {
            (Some(policy), Some(links)) if !policy.allows(links) => {
                return Err(Invalid::TooManyJoinLinks(links.0.len()));
            }
            _ => {}
        }
        let assets = further.asset_policy.as_deref();
        let at_hub = assets.filter(|assets| assets.upload_location == AssetUploadLocation::HUB);
        if let (Some(assets), Some(metadata)) = (at_hub, &self.metadata) {
            let hub = metadata.room.domain();
            let other = |domains: &&ProviderAssetUploadDomains| domains.provider.as_str() != hub;
            if let Some(other) = assets.upload_domains.iter().find(other) {
                return Err(Invalid::AssetsElsewhere(other.provider.as_str().to_owned()));
            }
        }
        Ok(())
    }

    /// `max_users` and the number of users, if that is larger.
    pub(crate) fn too_many_users(&self) -> Option<(u32, usize)> {
        let max = self.base.max_users?;
        let banned = self.roles.banned();
        let banned = banned.map_or(0, |role| self.holders(role.index));
        let users = self.participants.len().saturating_sub(banned);
        exceeds(users, max).then_some((max, users))
    }

    /// How many participants have a role.
    #[inline]
    pub(crate) fn holders(&self, role: u32) -> usize {
        let position = self.roles.position(role);
        let count = position.and_then(|at| self.census.holders.get(at));
        count.map_or(0, |count| usize::try_from(*count).unwrap_or(usize::MAX))
    }

    /// Puts another participant list in place, which `moves` lead to.
    pub(crate) fn edit(&mut self, moves: &Moves, edit: &Edit) -> Result<(), Invalid> {
        let list = self.participants.edited(edit);
        let count = || {
            let added = self.participants.len().saturating_add(edit.added.len());
            added.saturating_sub(edit.removed.len())
        };
        self.participants = list.map_err(|_| Invalid::TooManyParticipants(count()))?;
        for m in moves.iter() {
            self.census.note(&self.roles, &m.user, m.from, -1);
            self.census.note(&self.roles, &m.user, m.to, 1);
        }
        self.dictionary
            .insert(ComponentId::PARTICIPANT_LIST, self.participants.to_bytes());
        Ok(())
    }
}

impl Census {
    /// Counts a whole list, in which every role must be defined.
    pub(crate) fn take(participants: &ParticipantList, roles: &RoleList) -> Result<Self, Invalid> {
        let mut census = Census {
            holders: vec![0; roles.iter().len()],
            people: 0,
        };
        for entry in participants.iter() {
            if roles.get(entry.role).is_none() {
                return Err(Invalid::NoSuchRole {
                    user: entry.user.to_uri(),
                    role: entry.role,
                });
            }
            census.note(roles, entry.user, entry.role, 1);
        }
        Ok(census)
    }

    /// Counts one more, or one less, of a role; none of role 0.
    fn note<'u>(&mut self, roles: &RoleList, user: impl Into<UriRef<'u>>, role: u32, by: i32) {
        let Some(position) = roles.position(role).filter(|_| role != Role::NONE) else {
            return;
        };
        if let Some(holders) = self.holders.get_mut(position) {
            *holders = holders.saturating_add_signed(by);
        }
        let banned = roles.banned().is_some_and(|banned| banned.index == role);
        if !banned && is_person(user.into()) {
            self.people = self.people.saturating_add_signed(by);
        }
    }
}

/// Whether a participant is a user, and not a provider that enforces policy.
pub(crate) fn is_person(user: UriRef<'_>) -> bool {
    user.kind() != mimi_content::UriKind::Provider
}

impl PartialEq for RoomPolicy {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.dictionary == other.0.dictionary
    }
}

impl Eq for RoomPolicy {}

impl std::fmt::Debug for RoomPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for State {
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

pub(crate) fn malformed(component: ComponentId) -> impl FnOnce(DecodeError) -> Invalid {
    move |error| Invalid::Malformed { component, error }
}

fn optional<T: Decode>(components: &ComponentMap, id: ComponentId) -> Result<Option<T>, Invalid> {
    let data = components.get(id);
    data.map(|data| T::from_bytes(data).map_err(malformed(id)))
        .transpose()
}

fn required<T: Decode>(components: &ComponentMap, id: ComponentId) -> Result<T, Invalid> {
    optional(components, id)?.ok_or(Invalid::Missing(id))
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
