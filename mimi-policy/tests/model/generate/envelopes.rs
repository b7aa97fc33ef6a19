//! What hubs want of their rooms: mostly what the room is like already.

use mimi_content::component::ComponentId;
use mimi_policy::{BaseRoomPolicy, Envelope, Participant};

use super::super::room::Room;
use super::{Dice, components, names, rooms};

/// The envelope of the hub of `room`, if it has one.
pub(super) fn envelope(room: &Room, dice: &mut Dice<'_>) -> Option<Envelope> {
    if !dice.chance(170) {
        return None;
    }
    let mut envelope = Envelope::default();
    for _ in 0..=dice.below(3) {
        bound(&mut envelope, room, dice);
    }
    Some(envelope)
}

/// One bound. The room is inside of it, unless it is a daring one.
fn bound(envelope: &mut Envelope, room: &Room, dice: &mut Dice<'_>) {
    let kind = dice.below(9);
    let daring = dice.chance(32);
    match kind {
        0 => {
            let mut role = dice.pick(&room.roles).unwrap();
            if daring {
                role.description.push('~');
            }
            envelope.roles.push(role);
        }
        1 => envelope.participants.push(participant(room, daring, dice)),
        2 => {
            let held = room.roles.iter().flat_map(|role| role.capabilities.iter());
            let mut held: Vec<_> = held.collect();
            // One that nobody knows counts as well.
            let unknown = rooms::POOL.last().filter(|_| dice.chance(100));
            let missing = unknown.copied().or_else(|| dice.pick(&held));
            let missing = missing.filter(|_| daring);
            held.retain(|one| Some(*one) != missing);
            envelope.capabilities = Some(held.into_iter().collect());
        }
        3 => envelope.max_users = limit(room.base.max_users, daring, dice),
        4 => envelope.max_clients = limit(room.base.max_clients, daring, dice),
        5 => envelope.pseudonyms = room.base.pseudonyms_allowed && !dice.chance(80),
        6 => envelope.persistent = room.base.persistent_room && !dice.chance(80),
        7 => envelope.discoverable = room.base.discoverable && !dice.chance(80),
        _ => {
            let id = dice.pick(&components::IDS).unwrap();
            let id = if dice.chance(60) { other(dice) } else { id };
            let data = room.components().get(id).cloned();
            let data = match data {
                Some(_) if daring => None,
                None if daring => Some(b"as the hub sets it".as_slice().into()),
                data => data,
            };
            envelope.components.insert(id, data);
        }
    }
}

/// A component that is no policy, or that every room has.
fn other(dice: &mut Dice<'_>) -> ComponentId {
    let others = [
        ComponentId::PREAUTH_LIST,
        ComponentId::ROOM_METADATA,
        ComponentId::ROLES_LIST,
        ComponentId::BASE_ROOM_POLICY,
        ComponentId::FRANKING_AGENT,
    ];
    dice.pick(&others).unwrap()
}

fn participant(room: &Room, daring: bool, dice: &mut Dice<'_>) -> Participant {
    let mut entry = dice.pick(&room.users).unwrap();
    match (daring, dice.chance(128)) {
        (true, true) => entry.role += 1,
        (true, false) => entry.user = dice.pick(&names()).unwrap(),
        _ => {}
    }
    entry
}

/// A room without a limit is outside of any.
fn limit(limit: Option<u32>, daring: bool, dice: &mut Dice<'_>) -> Option<u32> {
    let slack = dice.below(2) as u32;
    match limit {
        Some(limit) if daring => Some(limit.saturating_sub(1)),
        Some(limit) => Some(limit + slack),
        None => daring.then_some(5),
    }
}

/// Flags that only an envelope knows about.
pub(super) fn flag(base: &mut BaseRoomPolicy, dice: &mut Dice<'_>) {
    match dice.below(3) {
        0 => base.persistent_room = !base.persistent_room,
        1 => base.pseudonyms_allowed = !base.pseudonyms_allowed,
        _ => base.discoverable = !base.discoverable,
    }
}
