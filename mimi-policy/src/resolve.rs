//! The first phase: what a set of updates makes of the policy, whoever sent
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Decode;

use crate::candidate::Op;
use crate::components::further::Further;
use crate::components::metadata::RoomMetadata;
use crate::components::participants::ParticipantListUpdate;
use crate::error::Invalid;
use crate::moves::Moves;
use crate::policy::{Census, RoomPolicy, State, malformed};

/// What a set of updates would make of a policy. It is well formed, but not
/// yet allowed: [`RoomPolicy::authorize`] decides that.
#[derive(Debug, Clone)]
pub struct Draft {
    pub(crate) before: RoomPolicy,
    pub(crate) after: RoomPolicy,
    /// In the order of the commit; `None` removes.
    pub(crate) updates: Vec<(ComponentId, Option<Bytes>)>,
    /// What those of the participant list do; each knows its update.
    pub(crate) moves: Moves,
}

impl Draft {
    /// The components that change, with their new data, or `None` for one that
    /// goes. This is what an MLS implementation needs for its dictionary.
    pub fn changed(&self) -> impl Iterator<Item = (ComponentId, Option<&Bytes>)> {
        let ids: BTreeSet<_> = self.updates.iter().map(|(id, _)| *id).collect();
        ids.into_iter()
            .map(|id| (id, self.after.0.dictionary.get(id)))
    }
}

/// The updates of one component: their places in the commit, and their octets.
#[derive(Default)]
struct Group {
    updates: Vec<(usize, Bytes)>,
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
        let mut groups: BTreeMap<ComponentId, Group> = BTreeMap::new();
        let mut log = Vec::new();
        for (number, (id, op)) in updates.enumerate() {
            let group = groups.entry(id).or_default();
            match op {
                Op::Update(octets) => {
                    let octets = Bytes::copy_from_slice(octets);
                    group.updates.push((number, octets.clone()));
                    log.push((id, Some(octets)));
                }
                Op::Remove => {
                    group.removes = group.removes.saturating_add(1);
                    log.push((id, None));
                }
            }
        }
        let mut draft = Draft {
            before: self.clone(),
            after: self.clone(),
            updates: log,
            moves: Moves::default(),
        };
        if groups.is_empty() {
            return Ok(draft);
        }
        let mut after = State::clone(&self.0);
        let mut grows = false;
        for (id, group) in &groups {
            check_list(*id, group, &self.0.dictionary)?;
            if *id == ComponentId::PARTICIPANT_LIST && !group.updates.is_empty() {
                let updates = decode_all(group)?;
                grows = updates
                    .iter()
                    .any(|(_, update)| !update.changed.is_empty() || !update.added.is_empty());
                let (moves, edit) = Moves::read(&self.0, updates.into_iter())?;
                after.edit(&moves, &edit)?;
                draft.moves = moves;
            } else {
                after.apply(*id, group)?;
            }
        }
        check_together(&self.0, &groups, &draft.moves, grows)?;
        if groups.contains_key(&ComponentId::ROLES_LIST) {
            after.census = Census::take(&after.participants, &after.roles)?;
        }
        after.check_consistent()?;
        draft.after = RoomPolicy(Arc::new(after));
        Ok(draft)
    }
}

impl State {
    /// Applies the updates of a component other than the participant list. All
    /// must be valid; most replace it whole, and the last one stays.
    fn apply(&mut self, id: ComponentId, group: &Group) -> Result<(), Invalid> {
        if group.updates.is_empty() {
            return self.remove(id);
        }
        if Further::has(id) {
            let updates = group.updates.iter().map(|(_, octets)| octets);
            let data = self.further.update(id, updates)?;
            self.dictionary.insert(id, data);
            return Ok(());
        }
        for (_, octets) in &group.updates {
            match id {
                ComponentId::ROLES_LIST => self.roles = read(id, octets)?,
                ComponentId::PREAUTH_LIST => self.preauth = read(id, octets)?,
                ComponentId::BASE_ROOM_POLICY => self.base = read(id, octets)?,
                ComponentId::ROOM_METADATA => self.metadata = Some(read(id, octets)?),
                _ => return Err(Invalid::UnknownComponent(id)),
            }
            self.dictionary.insert(id, octets.clone());
        }
        Ok(())
    }

    /// Takes a component out.
    fn remove(&mut self, id: ComponentId) -> Result<(), Invalid> {
        match id {
            ComponentId::PREAUTH_LIST => self.preauth = Arc::default(),
            id if Further::has(id) => self.further.set(id, None)?,
            _ => return Err(Invalid::NotRemovable(id)),
        }
        self.dictionary.remove(id);
        Ok(())
    }
}

fn read<T: Decode>(id: ComponentId, octets: &Bytes) -> Result<Arc<T>, Invalid> {
    T::from_bytes(octets).map(Arc::new).map_err(malformed(id))
}

fn decode_all(group: &Group) -> Result<Vec<(usize, ParticipantListUpdate)>, Invalid> {
    let updates = group.updates.iter().map(|(number, octets)| {
        let update = ParticipantListUpdate::from_bytes(octets);
        update.map(|update| (*number, update))
    });
    updates
        .collect::<Result<_, _>>()
        .map_err(malformed(ComponentId::PARTICIPANT_LIST))
}

/// What EXT demands of the updates of one component, and whether this crate
/// can change it at all.
fn check_list(id: ComponentId, group: &Group, now: &ComponentMap) -> Result<(), Invalid> {
    match id {
        ComponentId::PARTICIPANT_LIST
        | ComponentId::ROLES_LIST
        | ComponentId::BASE_ROOM_POLICY
        | ComponentId::ROOM_METADATA
        | ComponentId::PREAUTH_LIST => {}
        id if Further::has(id) => {}
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
    before: &State,
    groups: &BTreeMap<ComponentId, Group>,
    moves: &Moves,
    grows: bool,
) -> Result<(), Invalid> {
    if let Some(metadata) = groups.get(&ComponentId::ROOM_METADATA) {
        let [(_, update)] = metadata.updates.as_slice() else {
            return Err(Invalid::MetadataTwice);
        };
        let new: Arc<RoomMetadata> = read(ComponentId::ROOM_METADATA, update)?;
        let old = before.metadata.as_ref();
        if old.is_none_or(|old| old.room != new.room) {
            return Err(Invalid::RoomUriChanged);
        }
    }
    if !moves.is_empty() && groups.contains_key(&ComponentId::ROLES_LIST) {
        return Err(Invalid::RolesWithParticipants);
    }
    if grows && groups.contains_key(&ComponentId::PREAUTH_LIST) {
        return Err(Invalid::PreauthWithParticipants);
    }
    Ok(())
}
