//! What a hub lets the policies of its rooms become (ARCH, "Policy"): bounds on
//! the room as it would be, whoever acts.

use mimi_policy::{Capability, Envelope, Role};

use super::room::Room;
use super::{Refusal, demand};

/// Whether a room is inside of what its hub accepts.
pub(super) fn encloses(envelope: &Envelope, room: &Room) -> Result<(), Refusal> {
    given_roles_stay(envelope, room)?;
    other_roles_have_what_is_allowed(envelope, room)?;
    given_participants_stay(envelope, room)?;
    numbers_are_limited(envelope, room)?;
    kinds_of_rooms_are_hosted(envelope, room)?;
    given_components_stay(envelope, room)
}

fn given_roles_stay(envelope: &Envelope, room: &Room) -> Result<(), Refusal> {
    let mut given = envelope.roles.iter();
    demand(
        given.all(|role| room.role(role.index) == Some(role)),
        "a role is not as the hub defines it (ARCH, \"Policy\")",
    )
}

/// What a role lists counts, whether or not anybody knows what it grants: it
/// might mean something to others.
fn other_roles_have_what_is_allowed(envelope: &Envelope, room: &Room) -> Result<(), Refusal> {
    let Some(allowed) = &envelope.capabilities else {
        return Ok(());
    };
    let allowed: Vec<Capability> = allowed.iter().collect();
    let is_given = |role: &Role| envelope.roles.iter().any(|given| given.index == role.index);
    for role in room.roles.iter().filter(|role| !is_given(role)) {
        let mut held = role.capabilities.iter();
        demand(
            held.all(|capability| allowed.contains(&capability)),
            "a role has what the hub lets none have (ARCH, \"Policy\")",
        )?;
    }
    Ok(())
}

fn given_participants_stay(envelope: &Envelope, room: &Room) -> Result<(), Refusal> {
    let mut given = envelope.participants.iter();
    demand(
        given.all(|entry| room.users.contains(entry)),
        "someone is not in the role that the hub gives it (ARCH, \"Policy\")",
    )
}

/// A hub that limits numbers wants the room to have a limit, at most its own.
fn numbers_are_limited(envelope: &Envelope, room: &Room) -> Result<(), Refusal> {
    let fits = |most: Option<u32>, limit: Option<u32>| match (most, limit) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(most), Some(limit)) => limit <= most,
    };
    demand(
        fits(envelope.max_users, room.base.max_users),
        "the hub wants a lower max_users (ARCH, \"Policy\")",
    )?;
    demand(
        fits(envelope.max_clients, room.base.max_clients),
        "the hub wants a lower max_clients (ARCH, \"Policy\")",
    )
}

fn kinds_of_rooms_are_hosted(envelope: &Envelope, room: &Room) -> Result<(), Refusal> {
    demand(
        envelope.pseudonyms || !room.base.pseudonyms_allowed,
        "the hub hosts no rooms with pseudonyms (ARCH, \"Policy\")",
    )?;
    demand(
        envelope.persistent || !room.base.persistent_room,
        "the hub hosts no persistent rooms (ARCH, \"Policy\")",
    )?;
    demand(
        envelope.discoverable || !room.base.discoverable,
        "the hub hosts no rooms that can be found (ARCH, \"Policy\")",
    )
}

fn given_components_stay(envelope: &Envelope, room: &Room) -> Result<(), Refusal> {
    let components = room.components();
    let mut given = envelope.components.iter();
    demand(
        given.all(|(id, data)| components.get(*id) == data.as_ref()),
        "a component is not as the hub sets it (ARCH, \"Policy\")",
    )
}
