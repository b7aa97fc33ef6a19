//! The first phase: what a set of updates makes of the policy, whoever sent
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;

use crate::candidate::Op;
use crate::components::metadata::RoomMetadata;
use crate::components::participants::{Participant, ParticipantList, ParticipantListUpdate};
use crate::error::Invalid;
use crate::limits::MAX_PARTICIPANTS;
use crate::policy::{RoomPolicy, read};

/// What a set of updates would make of a policy. It is well formed, but not
/// yet allowed: [`RoomPolicy::authorize`] decides that.
#[derive(Debug, Clone)]
pub struct Draft {
    pub(crate) before: RoomPolicy,
    pub(crate) after: RoomPolicy,
    /// The updates, sorted; `None` removes.
    pub(crate) updates: Vec<(ComponentId, Option<Bytes>)>,
}

impl Draft {
    /// The components that change, with their new data, or `None` for one that
    /// goes. This is what an MLS implementation needs for its dictionary.
    pub fn changed(&self) -> impl Iterator<Item = (ComponentId, Option<&Bytes>)> {
        let ids: BTreeSet<_> = self.updates.iter().map(|(id, _)| *id).collect();
        ids.into_iter()
            .map(|id| (id, self.after.dictionary.get(id)))
    }
}

/// The updates of one component, in the order of the commit.
#[derive(Default)]
struct Group<'a> {
    updates: Vec<&'a [u8]>,
    removes: usize,
}

impl RoomPolicy {
    /// Works out what `updates`, the AppDataUpdates of a commit in its order,
    /// make of this policy.
    ///
    /// All of a commit's updates must be given, and only once.
    ///
    /// # Errors
    /// When the updates are invalid whoever sent them: malformed, for a
    /// component that cannot be changed, in a combination that EXT, "Updating
    /// Application Data in the GroupContext", PROTO, "Participant List", or
    /// POLICY forbid, or leading to an inconsistent policy.
    pub fn resolve<'a>(
        &self,
        updates: impl Iterator<Item = (ComponentId, Op<'a>)>,
    ) -> Result<Draft, Invalid> {
        let mut groups: BTreeMap<ComponentId, Group<'a>> = BTreeMap::new();
        let mut log = Vec::new();
        for (id, op) in updates {
            let group = groups.entry(id).or_default();
            match op {
                Op::Update(octets) => {
                    group.updates.push(octets);
                    log.push((id, Some(Bytes::copy_from_slice(octets))));
                }
                Op::Remove => {
                    group.removes = group.removes.saturating_add(1);
                    log.push((id, None));
                }
            }
        }
        log.sort();
        let mut after = self.clone();
        for (id, group) in &groups {
            check_list(*id, group, &self.dictionary)?;
            after.apply(self, *id, group)?;
        }
        check_together(self, &groups)?;
        after.check_consistent()?;
        Ok(Draft {
            before: self.clone(),
            after,
            updates: log,
        })
    }

    /// Applies the updates of one component.
    fn apply(
        &mut self,
        before: &RoomPolicy,
        id: ComponentId,
        group: &Group<'_>,
    ) -> Result<(), Invalid> {
        let last = group.updates.last().copied();
        match (id, last) {
            (ComponentId::PARTICIPANT_LIST, Some(_)) => {
                let list = before.updated_participants(&decode_all(group)?)?;
                let octets = list.to_vec().map_err(|_| Invalid::TooLong(id))?;
                self.participants = Arc::new(list);
                self.dictionary.insert(id, octets);
                return Ok(());
            }
            (ComponentId::PREAUTH_LIST, None) => {
                self.preauth = Arc::default();
                self.dictionary.remove(id);
                return Ok(());
            }
            (_, None) => return Err(Invalid::NotRemovable(id)),
            _ => {}
        }
        // The others are replaced whole. Each update must be valid, and the
        // last one stays.
        for octets in &group.updates {
            match id {
                ComponentId::ROLES_LIST => self.roles = Arc::new(read(id, octets)?),
                ComponentId::PREAUTH_LIST => self.preauth = Arc::new(read(id, octets)?),
                ComponentId::BASE_ROOM_POLICY => self.base = Arc::new(read(id, octets)?),
                ComponentId::ROOM_METADATA => self.metadata = Some(Arc::new(read(id, octets)?)),
                _ => return Err(Invalid::Unsupported(id)),
            }
        }
        if let Some(octets) = last {
            self.dictionary.insert(id, Bytes::copy_from_slice(octets));
        }
        Ok(())
    }

    /// The list after all `updates`, whose indices mean the list of `self`.
    fn updated_participants(
        &self,
        updates: &[ParticipantListUpdate],
    ) -> Result<ParticipantList, Invalid> {
        let touched = Touched::collect(self, updates)?;
        let mut entries: Vec<Participant> = Vec::with_capacity(self.participants.len());
        for entry in self.participants.iter() {
            match touched.0.get(&entry.user) {
                None => entries.push(entry.clone()),
                Some(Some(role)) => entries.push(Participant {
                    user: entry.user.clone(),
                    role: *role,
                }),
                Some(None) => {}
            }
        }
        for update in updates {
            entries.extend_from_slice(&update.added);
        }
        let len = entries.len();
        if len > MAX_PARTICIPANTS {
            return Err(Invalid::TooManyParticipants(len));
        }
        // Everything that the list itself demands has been checked.
        ParticipantList::new(entries).map_err(|_| Invalid::TooManyParticipants(len))
    }
}

/// The users that updates touch, each once, with their new roles.
struct Touched<'a>(BTreeMap<&'a MimiUri, Option<u32>>);

impl<'a> Touched<'a> {
    fn collect(
        policy: &'a RoomPolicy,
        updates: &'a [ParticipantListUpdate],
    ) -> Result<Self, Invalid> {
        let mut touched = Touched(BTreeMap::new());
        for update in updates {
            for change in &update.changed {
                let user = at(policy, change.index)?;
                touched.once(policy, user, Some(change.role))?;
            }
            for index in &update.removed {
                touched.once(policy, at(policy, *index)?, None)?;
            }
            for added in &update.added {
                touched.once(policy, &added.user, Some(added.role))?;
            }
        }
        // Said last, so that a user both removed and added counts as twice.
        let known = updates
            .iter()
            .flat_map(|update| &update.added)
            .find(|added| policy.participants.contains(&added.user));
        match known {
            Some(added) => Err(Invalid::AlreadyParticipant(added.user.clone())),
            None => Ok(touched),
        }
    }

    fn once(
        &mut self,
        policy: &RoomPolicy,
        user: &'a MimiUri,
        role: Option<u32>,
    ) -> Result<(), Invalid> {
        if let Some(role) = role.filter(|role| *role == 0 || policy.role(*role).is_none()) {
            let user = user.clone();
            return Err(Invalid::NoSuchRole { user, role });
        }
        match self.0.insert(user, role) {
            None => Ok(()),
            Some(_) => Err(Invalid::UserTwice(user.clone())),
        }
    }
}

fn at(policy: &RoomPolicy, index: u32) -> Result<&MimiUri, Invalid> {
    match policy.participants.get(index) {
        Some(entry) => Ok(&entry.user),
        None => Err(Invalid::IndexPastEnd {
            index,
            len: policy.participants.len(),
        }),
    }
}

fn decode_all(group: &Group<'_>) -> Result<Vec<ParticipantListUpdate>, Invalid> {
    group
        .updates
        .iter()
        .map(|octets| read(ComponentId::PARTICIPANT_LIST, octets))
        .collect()
}

/// What EXT demands of the updates of one component, and whether this crate
/// can change it at all.
fn check_list(id: ComponentId, group: &Group<'_>, now: &ComponentMap) -> Result<(), Invalid> {
    match id {
        ComponentId::PARTICIPANT_LIST
        | ComponentId::ROLES_LIST
        | ComponentId::BASE_ROOM_POLICY
        | ComponentId::ROOM_METADATA
        | ComponentId::PREAUTH_LIST => {}
        ComponentId::MLS_OPERATIONAL_POLICY
        | ComponentId::STATUS_NOTIFICATION_POLICY
        | ComponentId::JOIN_LINK_POLICY
        | ComponentId::JOIN_LINKS
        | ComponentId::LINK_PREVIEW_POLICY
        | ComponentId::ASSET_POLICY
        | ComponentId::LOGGING_POLICY
        | ComponentId::CHAT_HISTORY_POLICY
        | ComponentId::BOT_POLICY
        | ComponentId::MESSAGE_EXPIRATION_POLICY => return Err(Invalid::Unsupported(id)),
        known if known.name().is_some() => return Err(Invalid::NotChangeable(id)),
        _ => return Err(Invalid::UnknownComponent(id)),
    }
    match (group.removes, group.updates.is_empty()) {
        (0, _) => Ok(()),
        (_, false) => Err(Invalid::UpdatedAndRemoved(id)),
        (1, true) if now.get(id).is_none() => Err(Invalid::RemovedAbsent(id)),
        (1, true) => Ok(()),
        _ => Err(Invalid::RemovedTwice(id)),
    }
}

/// Which components may change in one commit, and how often.
fn check_together(
    before: &RoomPolicy,
    groups: &BTreeMap<ComponentId, Group<'_>>,
) -> Result<(), Invalid> {
    if let Some(metadata) = groups.get(&ComponentId::ROOM_METADATA) {
        let [update] = metadata.updates.as_slice() else {
            return Err(Invalid::MetadataTwice);
        };
        let new: RoomMetadata = read(ComponentId::ROOM_METADATA, update)?;
        if before.metadata().is_none_or(|old| old.room != new.room) {
            return Err(Invalid::RoomUriChanged);
        }
    }
    let Some(participants) = groups.get(&ComponentId::PARTICIPANT_LIST) else {
        return Ok(());
    };
    let updates = decode_all(participants)?;
    let any = updates.iter().any(|update| !update.is_empty());
    let more = |u: &ParticipantListUpdate| !u.changed.is_empty() || !u.added.is_empty();
    if any && groups.contains_key(&ComponentId::ROLES_LIST) {
        return Err(Invalid::RolesWithParticipants);
    }
    if updates.iter().any(more) && groups.contains_key(&ComponentId::PREAUTH_LIST) {
        return Err(Invalid::PreauthWithParticipants);
    }
    Ok(())
}
