//! Rooms in which much can change at once.

use mimi_content::MimiUri;
use mimi_policy::{Capability, RoleChanges};

use super::super::room::Room;
use super::{Dice, envelopes, rooms};

/// Makes a room that such a commit fits: someone may do all of it, the roles are
/// nearly as full or as empty as they may be, and not many are against it.
pub(super) fn prepare(room: &mut Room, record: &[u8; 52]) {
    let mut dice = Dice::new(&record[..20]);
    if dice.chance(210) {
        let least = if dice.chance(128) { 3 } else { 4 };
        empower(room, least);
    }
    if dice.chance(70) {
        close(room);
        room.base.fixed_membership |= dice.chance(110);
    }
    if dice.chance(60) {
        room.base.parent_room = Some(rooms::parent_uri());
    }
    if dice.chance(45) {
        room.base.multi_device = false;
    }
    if dice.chance(110) {
        one_has_several_clients(room, &mut dice);
    }
    if dice.chance(110) {
        envelopes::flag(&mut room.base, &mut dice);
    }
    if dice.chance(200) {
        // That of the preset stands in the way of most commits.
        for role in &mut room.roles {
            role.min_participants = 0;
        }
    }
    for _ in 0..dice.below(3) {
        tighten(room, &mut dice);
    }
    rooms::make_valid(room);
}

/// Role 4 and maybe role 3 may do everything, and somebody may.
fn empower(room: &mut Room, least: u32) {
    let all: Vec<_> = room.roles.iter().map(|role| role.index).collect();
    let mighty = least..=4;
    for role in (room.roles.iter_mut()).filter(|role| mighty.contains(&role.index)) {
        let more = rooms::POOL.into_iter();
        let more = more.filter(|one| *one != Capability::OPEN_JOIN);
        role.capabilities = role.capabilities.iter().chain(more).collect();
        let from = |from: &u32| RoleChanges {
            from: *from,
            to: all.clone(),
        };
        role.role_changes = all.iter().map(from).collect();
    }
    let Some(first) = room.users.first_mut() else {
        return;
    };
    first.role = 4;
    let user = first.user.clone();
    if room.leaves_of(&user).is_empty() {
        room.clients.push((1000, user));
    }
}

/// Takes from all roles what a room of fixed membership has not.
fn close(room: &mut Room) {
    for role in &mut room.roles {
        let kept = role.capabilities.iter();
        let kept = kept.filter(|held| *held != Capability::ADD_PARTICIPANT);
        role.capabilities = kept.collect();
    }
}

fn one_has_several_clients(room: &mut Room, dice: &mut Dice<'_>) {
    let mut seen: Vec<MimiUri> = Vec::new();
    room.clients.retain(|(_, user)| {
        let first = !seen.contains(user);
        seen.push(user.clone());
        first
    });
    let mut users: Vec<_> = room.clients.iter().map(|(_, user)| user.clone()).collect();
    users.reverse();
    if let Some(user) = dice.pick(&users) {
        room.clients.push((1001, user));
    }
}

/// A constraint near what a role has.
fn tighten(room: &mut Room, dice: &mut Dice<'_>) {
    let Some(entry) = dice.pick(&room.users) else {
        return;
    };
    let holders = room.users.iter().filter(|other| other.role == entry.role);
    let active = holders.clone();
    let active = active.filter(|holder| !room.leaves_of(&holder.user).is_empty());
    let (holders, active) = (holders.count() as u32, active.count() as u32);
    let (kind, slack) = (dice.below(7), dice.below(3) as u32);
    for role in room
        .roles
        .iter_mut()
        .filter(|role| role.index == entry.role)
    {
        match kind {
            0 => role.min_participants = holders.saturating_sub(slack),
            1 | 2 => role.max_participants = Some(holders + slack / 2),
            3 | 4 => role.min_active = active.saturating_sub(slack),
            _ => role.max_active = Some(active + slack / 2),
        }
    }
}
