//! What the AppDataUpdates of a commit make of the components, and which lists
//! of them are wrong whoever sent them.

use mimi_content::component::ComponentId;
use mimi_content::tls::Decode;
use mimi_policy::{
    BaseRoomPolicy, Capability, Participant, ParticipantListUpdate, PreauthList, RoleList,
    RoomMetadata, limits,
};

use super::room::{Room, grants};
use super::{Refusal, demand, further};

pub(super) type Updates<'a> = [(ComponentId, Option<&'a [u8]>)];

/// The room afterwards, its clients left alone.
pub(super) fn apply(room: &Room, updates: &Updates<'_>) -> Result<Room, Refusal> {
    for (id, _) in updates {
        is_changeable(*id)?;
        is_one_removal_or_updates(room, *id, updates)?;
    }
    let mut after = room.clone();
    after.users = participants(room, updates)?;
    if let Some(list) = last::<RoleList>(ComponentId::ROLES_LIST, updates)? {
        after.roles = list.iter().cloned().collect();
    }
    if let Some(list) = last::<PreauthList>(ComponentId::PREAUTH_LIST, updates)? {
        after.preauth = Some(list.0);
    }
    if is_removed(ComponentId::PREAUTH_LIST, updates) {
        after.preauth = None;
    }
    if let Some(base) = last::<BaseRoomPolicy>(ComponentId::BASE_ROOM_POLICY, updates)? {
        after.base = base;
    }
    if let Some(metadata) = metadata(room, updates)? {
        after.metadata = Some(metadata);
    }
    after.others = further::apply(room, updates)?;
    disruptive_changes_stand_alone(updates)?;
    fits_together(&after)?;
    Ok(after)
}

/// What holds of the components of a room at any time.
pub(super) fn fits_together(room: &Room) -> Result<(), Refusal> {
    every_participant_has_a_role(room)?;
    fixed_membership_has_no_adder(room)?;
    no_more_than_max_users(room)?;
    the_parent_is_on_the_same_hub(room)?;
    further::agree(room)
}

/// POLICY, "Role Capabilities": without a capability for it, nobody changes a
/// component; EXT, "Updating Application Data in the GroupContext": nor one
/// that is not known.
fn is_changeable(id: ComponentId) -> Result<(), Refusal> {
    let policy = ComponentId::PARTICIPANT_LIST.0..=ComponentId::MESSAGE_EXPIRATION_POLICY.0;
    demand(
        policy.contains(&id.0),
        "nobody may change this component (POLICY, \"Role Capabilities\")",
    )
}

/// EXT, "Updating Application Data in the GroupContext": one removal of what is
/// there, or updates. What a room needs stays.
fn is_one_removal_or_updates(
    room: &Room,
    id: ComponentId,
    updates: &Updates<'_>,
) -> Result<(), Refusal> {
    let of_it = || updates.iter().filter(|(other, _)| *other == id);
    let removals = of_it().filter(|(_, octets)| octets.is_none()).count();
    if removals == 0 {
        return Ok(());
    }
    demand(
        of_it().count() == 1,
        "removed and more (EXT, \"Updating Application Data\")",
    )?;
    demand(
        room.has(id),
        "removed but absent (EXT, \"Updating Application Data\")",
    )?;
    let needed = [
        ComponentId::PARTICIPANT_LIST,
        ComponentId::ROLES_LIST,
        ComponentId::BASE_ROOM_POLICY,
        ComponentId::ROOM_METADATA,
    ];
    demand(
        !needed.contains(&id),
        "the room needs the component that is removed",
    )
}

fn is_removed(id: ComponentId, updates: &Updates<'_>) -> bool {
    updates.contains(&(id, None))
}

/// Decodes all updates of `id`.
pub(super) fn all<T: Decode>(id: ComponentId, updates: &Updates<'_>) -> Result<Vec<T>, Refusal> {
    let octets = updates.iter().filter(|(other, _)| *other == id);
    octets
        .filter_map(|(_, octets)| *octets)
        .map(|octets| T::from_slice(octets).map_err(|_| "an update does not decode"))
        .collect()
}

/// Of components that are replaced whole each update must be valid; the last
/// one stays.
fn last<T: Decode>(id: ComponentId, updates: &Updates<'_>) -> Result<Option<T>, Refusal> {
    Ok(all(id, updates)?.pop())
}

/// PROTO, "Participant List". All indices mean the list at the start of the
/// epoch: role changes, removals, then the additions in commit order.
fn participants(room: &Room, updates: &Updates<'_>) -> Result<Vec<Participant>, Refusal> {
    let lists: Vec<ParticipantListUpdate> = all(ComponentId::PARTICIPANT_LIST, updates)?;
    let mut touched = Vec::new();
    let mut list: Vec<Option<Participant>> = room.users.iter().cloned().map(Some).collect();
    for moved in lists.iter().flat_map(|list| &list.changed) {
        let entry = room.users.get(moved.index as usize).ok_or(PAST_END)?;
        touched.push(entry.user.clone());
        list[moved.index as usize] = Some(Participant {
            user: entry.user.clone(),
            role: moved.role,
        });
    }
    for index in lists.iter().flat_map(|list| &list.removed) {
        let entry = room.users.get(*index as usize).ok_or(PAST_END)?;
        touched.push(entry.user.clone());
        list[*index as usize] = None;
    }
    for added in lists.iter().flat_map(|list| &list.added) {
        touched.push(added.user.clone());
        demand(
            room.entry(&added.user).is_none(),
            "added but in the list already (PROTO, \"Participant List\")",
        )?;
        list.push(Some(added.clone()));
    }
    for user in &touched {
        demand(
            touched.iter().filter(|other| *other == user).count() == 1,
            "a user is touched twice (PROTO, \"Participant List\")",
        )?;
    }
    let list: Vec<_> = list.into_iter().flatten().collect();
    demand(
        list.len() <= limits::MAX_PARTICIPANTS,
        "more participants than this implementation holds",
    )?;
    Ok(list)
}

const PAST_END: Refusal = "an index is past the end (PROTO, \"Participant List\")";

/// PROTO, "Room Metadata": one update a commit. The room stays the same one,
/// and what has no metadata does not get any.
fn metadata(room: &Room, updates: &Updates<'_>) -> Result<Option<RoomMetadata>, Refusal> {
    let mut all: Vec<RoomMetadata> = all(ComponentId::ROOM_METADATA, updates)?;
    demand(
        all.len() <= 1,
        "two updates of the metadata (PROTO, \"Room Metadata\")",
    )?;
    let Some(new) = all.pop() else {
        return Ok(None);
    };
    let old = room
        .metadata
        .as_ref()
        .ok_or("metadata cannot be added later")?;
    demand(old.room == new.room, "room_uri never changes")?;
    Ok(Some(new))
}

/// POLICY, "Role-Based Access Control": roles do not change along with the
/// participant list. POLICY, "Preauthorized Users": preauthorisation only along
/// with removals.
fn disruptive_changes_stand_alone(updates: &Updates<'_>) -> Result<(), Refusal> {
    let lists: Vec<ParticipantListUpdate> = all(ComponentId::PARTICIPANT_LIST, updates)?;
    let changes = |id| updates.iter().any(|(other, _)| *other == id);
    demand(
        !changes(ComponentId::ROLES_LIST) || lists.iter().all(ParticipantListUpdate::is_empty),
        "roles change along with participants (POLICY, \"Role-Based Access Control\")",
    )?;
    demand(
        !changes(ComponentId::PREAUTH_LIST)
            || (lists.iter()).all(|list| list.changed.is_empty() && list.added.is_empty()),
        "preauthorisation changes along with participants (POLICY, \"Preauthorized Users\")",
    )
}

/// POLICY, "Role-Based Access Control": role 0 is that of those who are not in
/// the list; PROTO, "Participant List": each user has one role.
fn every_participant_has_a_role(after: &Room) -> Result<(), Refusal> {
    let mut users = after.users.iter();
    demand(
        users.all(|entry| entry.role != 0 && after.role(entry.role).is_some()),
        "a participant has no role (POLICY, \"Role-Based Access Control\")",
    )
}

/// POLICY, "Base Room policy component syntax": in a room of fixed membership
/// no role but 0 and the banned one can add participants.
fn fixed_membership_has_no_adder(after: &Room) -> Result<(), Refusal> {
    let mut roles = after.roles.iter().filter(|role| role.index != 0);
    let adds = roles
        .any(|role| !after.is_banned_role(role.index) && grants(role, Capability::ADD_PARTICIPANT));
    demand(
        !(after.base.fixed_membership && adds),
        "a role adds participants in a fixed room (POLICY, \"Base Room policy component syntax\")",
    )
}

/// POLICY, "Base Room policy component syntax", `max_users`: entries that are
/// not banned.
fn no_more_than_max_users(after: &Room) -> Result<(), Refusal> {
    let users = after.users.iter();
    let users = users.filter(|entry| !after.is_banned_role(entry.role));
    demand(
        after
            .base
            .max_users
            .is_none_or(|max| users.count() <= max as usize),
        "more users than max_users (POLICY, \"Base Room policy component syntax\")",
    )
}

/// POLICY, "Base Room policy component syntax": a room and its parent have the
/// same hub, and so their URIs the same domain. A room is not its own parent.
fn the_parent_is_on_the_same_hub(after: &Room) -> Result<(), Refusal> {
    let (Some(parent), Some(metadata)) = (&after.base.parent_room, &after.metadata) else {
        return Ok(());
    };
    demand(
        parent.domain() == metadata.room.domain() && *parent != metadata.room,
        "the parent is on another hub, or the room itself (POLICY, \"Base Room policy component syntax\")",
    )
}
