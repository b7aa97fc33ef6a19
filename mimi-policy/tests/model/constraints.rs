//! What the room must be like afterwards, whoever did what.

use mimi_content::{MimiUri, UriKind};
use mimi_policy::Role;

use super::judge::{Rests, Step};
use super::room::{Knowledge, Room};
use super::{Refusal, demand};

/// Whether all constraints hold, and if so whether that rests on the hub.
pub(super) fn hold(step: Step<'_>) -> Result<Rests, Refusal> {
    clients_are_participants(step)?;
    for role in &step.before.roles {
        role_has_enough(step, role)?;
        role_has_room(step, role)?;
    }
    for role in &step.after.roles {
        role_has_enough(step, role)?;
        role_has_room(step, role)?;
    }
    one_device_where_demanded(step)?;
    no_more_than_max_clients(step)?;
    let fixed = fixed_membership_stays(step)?;
    let twin = fixed_room_has_no_twin(step)?;
    let parent = participants_are_of_the_parent(step)?;
    Ok(Rests {
        join_code: false,
        parent_room: fixed || parent,
        twin_room: twin,
    })
}

/// PROTO, "Update Room State", and POLICY, "Removing" and "Role Changes": no
/// client is left of those who are gone or banned.
fn clients_are_participants(step: Step<'_>) -> Result<(), Refusal> {
    let owners = step.clients_after();
    demand(
        owners.iter().all(|owner| step.after.is_welcome(owner)),
        "a client of someone gone or banned is left (PROTO, \"Update Room State\")",
    )
}

/// Those in role `index`, and those of them with clients.
fn holders(room: &Room, index: u32, count: impl Fn(&MimiUri) -> usize) -> [Vec<&MimiUri>; 2] {
    let holders = room.users.iter().filter(|entry| entry.role == index);
    let holders: Vec<_> = holders.map(|entry| &entry.user).collect();
    let active = holders.iter().copied().filter(|user| count(user) > 0);
    [holders.clone(), active.collect()]
}

/// The same before and after.
type Holders<'a> = [[Vec<&'a MimiUri>; 2]; 2];

fn before_and_after<'a>(step: Step<'a>, role: &Role) -> Holders<'a> {
    let before = holders(step.before, role.index, |user| step.count_before(user));
    let after = holders(step.after, role.index, |user| step.count_after(user));
    [before, after]
}

fn lacks_any(list: &[&MimiUri], of: &[&MimiUri]) -> bool {
    of.iter().any(|user| !list.contains(user))
}

/// POLICY, "Role-Based Access Control": the minima, on the counts after the
/// commit, of roles that someone leaves or is no longer active in.
fn role_has_enough(step: Step<'_>, role: &Role) -> Result<(), Refusal> {
    let [[before, active_before], [after, active_after]] = before_and_after(step, role);
    demand(
        !lacks_any(&after, &before) || after.len() >= role.min_participants as usize,
        "too few in a role (POLICY, \"Role-Based Access Control\")",
    )?;
    demand(
        !lacks_any(&active_after, &active_before) || active_after.len() >= role.min_active as usize,
        "too few active in a role (POLICY, \"Role-Based Access Control\")",
    )
}

/// The maxima, of roles that someone enters or becomes active in.
fn role_has_room(step: Step<'_>, role: &Role) -> Result<(), Refusal> {
    let [[before, active_before], [after, active_after]] = before_and_after(step, role);
    let fits = |count: usize, max: Option<u32>| max.is_none_or(|max| count <= max as usize);
    demand(
        !lacks_any(&before, &after) || fits(after.len(), role.max_participants),
        "too many in a role (POLICY, \"Role-Based Access Control\")",
    )?;
    demand(
        !lacks_any(&active_before, &active_after) || fits(active_after.len(), role.max_active),
        "too many active in a role (POLICY, \"Role-Based Access Control\")",
    )
}

/// POLICY, "Base Room policy component syntax", `multi_device`. Too many
/// already is no reason to refuse what does not add to it, unless the rules
/// themselves change.
fn one_device_where_demanded(step: Step<'_>) -> Result<(), Refusal> {
    if step.after.base.multi_device {
        return Ok(());
    }
    for user in step.clients_after() {
        let (before, after) = (step.count_before(&user), step.count_after(&user));
        demand(
            after <= 1 || (after <= before && !base_changes(step)),
            "several clients of a user (POLICY, \"Base Room policy component syntax\")",
        )?;
    }
    Ok(())
}

/// The same for `max_clients`.
fn no_more_than_max_clients(step: Step<'_>) -> Result<(), Refusal> {
    let Some(max) = step.after.base.max_clients else {
        return Ok(());
    };
    let (before, after) = (step.before.clients.len(), step.clients_after().len());
    demand(
        after <= max as usize || (after <= before && !base_changes(step)),
        "more clients than max_clients (POLICY, \"Base Room policy component syntax\")",
    )
}

fn base_changes(step: Step<'_>) -> bool {
    step.before.base != step.after.base
}

/// POLICY, "Base Room policy component syntax", `fixed_membership`: nobody
/// comes or goes, but for those who left the parent room, which must be the
/// same before and after: a new parent is no way to expel somebody.
fn fixed_membership_stays(step: Step<'_>) -> Result<bool, Refusal> {
    const FIXED: Refusal =
        "the membership is fixed (POLICY, \"Base Room policy component syntax\")";
    let (before, after) = (step.before, step.after);
    if !before.base.fixed_membership && !after.base.fixed_membership {
        return Ok(false);
    }
    let mut users = after.users.iter();
    demand(
        users.all(|entry| before.entry(&entry.user).is_some()),
        FIXED,
    )?;
    let gone = before.users.iter();
    let gone: Vec<_> = gone
        .filter(|entry| after.entry(&entry.user).is_none())
        .collect();
    if gone.is_empty() {
        return Ok(false);
    }
    demand(before.base.parent_room.is_some(), FIXED)?;
    demand(before.base.parent_room == after.base.parent_room, FIXED)?;
    let Some(hub) = &step.attempt.hub else {
        return Ok(true);
    };
    let parent = the_parent(hub.parent.as_ref(), before.base.parent_room.as_ref())?;
    let mut gone = gone.iter();
    demand(gone.all(|entry| !parent.is_welcome(&entry.user)), FIXED)?;
    Ok(false)
}

/// POLICY, same section: there is one room of fixed membership for the same
/// participants.
fn fixed_room_has_no_twin(step: Step<'_>) -> Result<bool, Refusal> {
    if !step.after.base.fixed_membership || step.before.base.fixed_membership {
        return Ok(false);
    }
    match &step.attempt.hub {
        None => Ok(true),
        Some(hub) => {
            demand(
                !hub.twin,
                "a fixed room has a twin (POLICY, \"Base Room policy component syntax\")",
            )?;
            Ok(false)
        }
    }
}

/// The room that the hub has looked up, which must be the one that is named.
fn the_parent<'a>(
    looked_up: Option<&'a Room>,
    named: Option<&MimiUri>,
) -> Result<&'a Room, Refusal> {
    let parent = looked_up.ok_or("the parent room is not known")?;
    let metadata = parent.metadata.as_ref();
    let same = metadata.is_none_or(|metadata| Some(&metadata.room) == named);
    demand(same, "another room than the parent was looked up")?;
    Ok(parent)
}

/// POLICY, same section: the participants of a room that depends on a parent
/// are a strict subset of the parent's. Looked at when there is a new parent or
/// somebody new.
fn participants_are_of_the_parent(step: Step<'_>) -> Result<bool, Refusal> {
    let Some(parent) = &step.after.base.parent_room else {
        return Ok(false);
    };
    let users = users(step.after);
    let before = self::users(step.before);
    let is_new = step.before.base.parent_room.as_ref() != Some(parent);
    if !is_new && !lacks_any(&before, &users) {
        return Ok(false);
    }
    let Some(hub) = &step.attempt.hub else {
        return Ok(true);
    };
    is_strict_subset(step.after, hub)?;
    Ok(false)
}

/// The whole list, as it is.
pub(super) fn is_strict_subset(room: &Room, hub: &Knowledge) -> Result<(), Refusal> {
    let Some(parent) = &room.base.parent_room else {
        return Ok(());
    };
    let parent = the_parent(hub.parent.as_ref(), Some(parent))?;
    let (users, of_parent) = (users(room), users(parent));
    demand(
        !lacks_any(&of_parent, &users) && lacks_any(&users, &of_parent),
        "no strict subset of the parent (POLICY, \"Base Room policy component syntax\")",
    )
}

/// The users of a room: entries that are neither banned nor a provider, such
/// as the hub, which is in both rooms.
pub(super) fn users(room: &Room) -> Vec<&MimiUri> {
    let users = room.users.iter().map(|entry| &entry.user);
    users
        .filter(|user| room.is_welcome(user) && user.kind() != UriKind::Provider)
        .collect()
}
