//! What the base policy says of who may be in a room at all (POLICY, "Base Room
//! policy component syntax"), and what the hub says.

use mimi_content::UriRef;

use super::RestsOnHub;
use super::outcome::Outcome;
use crate::candidate::HubView;
use crate::components::roles::Role;
use crate::error::{Denied, Reason};
use crate::policy::{State, is_person};

/// Checks the membership that a candidate leads to, and tells what of it only
/// the hub can know.
pub(super) fn check(
    outcome: &Outcome<'_>,
    hub: Option<&HubView<'_>>,
) -> Result<RestsOnHub, Denied> {
    let mut rests = RestsOnHub::default();
    rests.parent_room |= check_fixed(outcome, hub)?;
    rests.parent_room |= check_parent(outcome, hub)?;
    let becomes_fixed =
        outcome.after.base.fixed_membership && !outcome.before.base.fixed_membership;
    match hub {
        Some(hub) if becomes_fixed => check_twin(outcome.after, hub)?,
        _ => rests.twin_room |= becomes_fixed,
    }
    if let Some(envelope) = hub.and_then(|hub| hub.envelope) {
        envelope
            .check(outcome.after)
            .map_err(Reason::OutsideEnvelope)?;
    }
    Ok(rests)
}

/// Checks the membership that a room begins with.
pub(super) fn check_beginning(policy: &State, hub: &HubView<'_>) -> Result<(), Denied> {
    check_twin(policy, hub)?;
    if let Some(envelope) = hub.envelope {
        envelope.check(policy).map_err(Reason::OutsideEnvelope)?;
    }
    if policy.base.parent_room.is_some() {
        let parent = parent(policy, hub)?;
        let mut users = policy.participants.iter();
        users.try_for_each(|entry| check_child(policy, entry.user, parent))?;
        check_smaller(policy, parent)?;
    }
    Ok(())
}

/// A room of fixed membership is the only one of its participants.
fn check_twin(policy: &State, hub: &HubView<'_>) -> Result<(), Denied> {
    if policy.base.fixed_membership && hub.twin {
        return Err(Reason::TwinRoom.into());
    }
    Ok(())
}

/// Nobody comes to or goes from a room of fixed membership; but who leaves the
/// parent room has to leave those that depend on it.
fn check_fixed(outcome: &Outcome<'_>, hub: Option<&HubView<'_>>) -> Result<bool, Denied> {
    let (before, after) = (outcome.before, outcome.after);
    if !before.base.fixed_membership && !after.base.fixed_membership {
        return Ok(false);
    }
    let parent_room = &before.base.parent_room;
    let dependent = parent_room.is_some() && *parent_room == after.base.parent_room;
    let mut rests = false;
    for m in outcome.moves.iter() {
        if m.from != Role::NONE && m.to != Role::NONE {
            continue;
        }
        let leaves = m.to == Role::NONE && dependent;
        match hub {
            None if leaves => rests = true,
            Some(hub) if leaves && !parent(before, hub)?.has((&m.user).into()) => {}
            _ => return Err(Reason::FixedMembership(m.user.clone()).into()),
        }
    }
    Ok(rests)
}

/// Who comes to a room that depends on another is a participant there, and
/// someone there is not here.
fn check_parent(outcome: &Outcome<'_>, hub: Option<&HubView<'_>>) -> Result<bool, Denied> {
    let (before, after) = (outcome.before, outcome.after);
    if after.base.parent_room.is_none() {
        return Ok(false);
    }
    let adopted = before.base.parent_room != after.base.parent_room;
    let counts = |policy: &State, role: u32| {
        role != Role::NONE && policy.roles.get(role).is_some_and(|role| !role.is_banned())
    };
    let comes = outcome
        .moves
        .iter()
        .any(|m| !counts(before, m.from) && counts(after, m.to) && is_person((&m.user).into()));
    // Whoever was banned is not, once there is no banned role any more.
    let freed = outcome.redefines_roles() && before.census.people < after.census.people;
    if !adopted && !comes && !freed {
        return Ok(false);
    }
    let Some(hub) = hub else { return Ok(true) };
    let parent = parent(after, hub)?;
    let mut users = after.participants.iter();
    users.try_for_each(|entry| check_child(after, entry.user, parent))?;
    check_smaller(after, parent)?;
    Ok(false)
}

fn parent<'a>(policy: &State, hub: &HubView<'a>) -> Result<&'a State, Denied> {
    let Some(parent) = hub.parent else {
        return Err(Reason::ParentUnknown.into());
    };
    // Without metadata nobody can tell which room it is.
    match parent.metadata() {
        Some(metadata) if policy.base.parent_room.as_ref() != Some(&metadata.room) => {
            Err(Reason::OtherParent(metadata.room.clone()).into())
        }
        _ => Ok(&parent.0),
    }
}

/// Users who are not banned must be in the parent room. Providers enforce the
/// policy of any room.
fn check_child(policy: &State, user: UriRef<'_>, parent: &State) -> Result<(), Denied> {
    if !policy.has(user) || !is_person(user) || parent.has(user) {
        return Ok(());
    }
    Err(Reason::NotInParent(user.to_uri()).into())
}

fn check_smaller(policy: &State, parent: &State) -> Result<(), Denied> {
    if policy.census.people < parent.census.people {
        return Ok(());
    }
    Err(Reason::NotSmallerThanParent {
        users: policy.census.people,
        parent: parent.census.people,
    }
    .into())
}
