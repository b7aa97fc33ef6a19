//! Whether a room may be as a candidate would leave it.

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::MimiUri;

use crate::candidate::{Actor, Candidate, Change};
use crate::clients::ClientIndex;
use crate::components::roles::Role;
use crate::error::{Denied, Reason};
use crate::policy::{RoomPolicy, exceeds};

/// How many clients the group and each user in it have after the commit.
struct Clients<'a> {
    before: &'a ClientIndex,
    /// The users who win or lose clients, and how many each has then.
    after: BTreeMap<&'a MimiUri, usize>,
    total: usize,
}

impl<'a> Clients<'a> {
    fn after(candidate: &Candidate<'a>) -> Self {
        let mut gone = BTreeSet::new();
        let mut after: BTreeMap<&MimiUri, usize> = BTreeMap::new();
        let before = candidate.clients;
        let mut total = before.len();
        for change in candidate.bundles.iter().flat_map(|bundle| bundle.changes) {
            match *change {
                Change::AddClient { user, .. } => {
                    let count = after.entry(user).or_insert_with(|| before.count_of(user));
                    *count = count.saturating_add(1);
                    total = total.saturating_add(1);
                }
                // Two who remove the same client remove it once.
                Change::RemoveClient { leaf, user } if gone.insert(leaf) => {
                    let count = after.entry(user).or_insert_with(|| before.count_of(user));
                    *count = count.saturating_sub(1);
                    total = total.saturating_sub(1);
                }
                _ => {}
            }
        }
        Clients {
            before,
            after,
            total,
        }
    }

    fn count_of(&self, user: &MimiUri) -> usize {
        match self.after.get(user) {
            Some(count) => *count,
            None => self.before.count_of(user),
        }
    }

    /// All users with clients before or after, each once.
    fn users(&self) -> impl Iterator<Item = &MimiUri> {
        let before = self.before.users().map(|(user, _)| user);
        let new = self.after.keys().copied();
        before.chain(new.filter(|user| self.before.count_of(user) == 0))
    }
}

pub(super) fn check(
    before: &RoomPolicy,
    after: &RoomPolicy,
    candidate: &Candidate<'_>,
) -> Result<(), Denied> {
    let clients = Clients::after(candidate);
    let moves = Moves::between(before, after);
    check_fixed(before, after, &moves)?;
    check_places(before, after, &clients, &moves)?;
    check_committer(before, after, candidate)?;
    check_numbers(before, after, &clients)?;
    let roles = [before, after];
    let distinct = if before.roles == after.roles { 1 } else { 2 };
    for policy in roles.into_iter().take(distinct) {
        check_roles(policy, before, after, &clients, &moves)?;
    }
    Ok(())
}

/// Whether the verdict on a change of the participants needs the list of the
/// parent room.
pub(super) fn depends_on_parent(before: &RoomPolicy, after: &RoomPolicy) -> bool {
    let grows = || {
        after
            .participants
            .iter()
            .any(|entry| !before.participants.contains(&entry.user))
    };
    after.base.parent_room.is_some()
        && (before.base.parent_room != after.base.parent_room || grows())
}

pub(super) fn check_clients(policy: &RoomPolicy, clients: &ClientIndex) -> Result<(), Denied> {
    for (user, count) in clients.users() {
        check_place(policy, user, count)?;
        check_device(policy, user, count)?;
    }
    check_total(policy, clients.len())
}

/// Who comes to, goes from, or changes its place in the participant list.
struct Moves<'a>(Vec<Move<'a>>);

struct Move<'a> {
    user: &'a MimiUri,
    /// The role before, 0 for none.
    from: u32,
    /// The role after, 0 for none.
    to: u32,
}

impl<'a> Moves<'a> {
    fn between(before: &'a RoomPolicy, after: &'a RoomPolicy) -> Self {
        if std::sync::Arc::ptr_eq(&before.participants, &after.participants) {
            return Moves(Vec::new());
        }
        let role =
            |policy: &RoomPolicy, user| policy.participants.role_of(user).unwrap_or(Role::NONE);
        let old = before.participants.iter().map(|entry| Move {
            user: &entry.user,
            from: entry.role,
            to: role(after, &entry.user),
        });
        let new = after.participants.iter();
        let new = new.filter(|entry| !before.participants.contains(&entry.user));
        let new = new.map(|entry| Move {
            user: &entry.user,
            from: Role::NONE,
            to: entry.role,
        });
        Moves(old.chain(new).filter(|m| m.from != m.to).collect())
    }
}

fn check_fixed(before: &RoomPolicy, after: &RoomPolicy, moves: &Moves<'_>) -> Result<(), Denied> {
    let fixed = before.base.fixed_membership || after.base.fixed_membership;
    let change = moves
        .0
        .iter()
        .find(|m| m.from == Role::NONE || m.to == Role::NONE);
    match change {
        Some(change) if fixed => Err(Reason::FixedMembership(change.user.clone()).into()),
        _ => Ok(()),
    }
}

/// Everybody with a client is a participant and not banned. As it was so
/// before, only those need a look whose place or clients change, or everybody
/// if the roles do.
fn check_places(
    before: &RoomPolicy,
    after: &RoomPolicy,
    clients: &Clients<'_>,
    moves: &Moves<'_>,
) -> Result<(), Denied> {
    let place = |user: &MimiUri| {
        let count = clients.count_of(user);
        let removed = before.participants.contains(user) && !after.participants.contains(user);
        if removed && count > 0 {
            let user = user.clone();
            return Err(Reason::KeepsClients {
                user,
                clients: count,
            }
            .into());
        }
        check_place(after, user, count)
    };
    if before.roles != after.roles {
        clients.users().try_for_each(place)?;
    }
    let mut moved = moves.0.iter().map(|m| m.user);
    moved.try_for_each(place)?;
    clients.after.keys().copied().try_for_each(place)
}

fn check_place(policy: &RoomPolicy, user: &MimiUri, clients: usize) -> Result<(), Denied> {
    if clients == 0 {
        return Ok(());
    }
    let role = policy.role_of(user);
    let user = user.clone();
    match role {
        None => Err(Reason::Stranger(user).into()),
        Some(role) if role.is_banned() => Err(Reason::KeepsClients { user, clients }.into()),
        Some(_) => Ok(()),
    }
}

/// Only a participant commits, or someone whose commit lets it in.
fn check_committer(
    before: &RoomPolicy,
    after: &RoomPolicy,
    candidate: &Candidate<'_>,
) -> Result<(), Denied> {
    let Some(committer) = candidate.committer else {
        return Ok(());
    };
    let user = committer.uri();
    let stays = after.participants.contains(user) && !after.is_banned(user);
    match committer {
        Actor::Participant { .. } if stays && before.participants.contains(user) => Ok(()),
        Actor::Joiner { .. } if stays => {
            let joins = candidate.bundles.iter().any(|bundle| {
                bundle.actor.key() == committer.key()
                    && bundle.changes.iter().any(
                        |c| matches!(c, Change::AddClient { user: added, .. } if *added == user),
                    )
            });
            if joins {
                Ok(())
            } else {
                Err(Reason::DoesNotJoin(user.clone()).into())
            }
        }
        _ => Err(Reason::Committer(user.clone()).into()),
    }
}

/// The limits of the base policy. One that was exceeded already stops only
/// what makes it worse, or the base policy that sets it.
fn check_numbers(
    before: &RoomPolicy,
    after: &RoomPolicy,
    clients: &Clients<'_>,
) -> Result<(), Denied> {
    if let Some((max, users)) = after.too_many_users() {
        return Err(Reason::MaxUsers { max, users }.into());
    }
    let new_base = before.base != after.base;
    if new_base || clients.total > clients.before.len() {
        check_total(after, clients.total)?;
    }
    if new_base {
        let mut users = clients.users();
        return users.try_for_each(|user| check_device(after, user, clients.count_of(user)));
    }
    for (user, count) in &clients.after {
        if *count > clients.before.count_of(user) {
            check_device(after, user, *count)?;
        }
    }
    Ok(())
}

fn check_total(policy: &RoomPolicy, clients: usize) -> Result<(), Denied> {
    match policy.base.max_clients {
        Some(max) if exceeds(clients, max) => Err(Reason::MaxClients { max, clients }.into()),
        _ => Ok(()),
    }
}

fn check_device(policy: &RoomPolicy, user: &MimiUri, clients: usize) -> Result<(), Denied> {
    if policy.base.multi_device || clients <= 1 {
        return Ok(());
    }
    let user = user.clone();
    Err(Reason::SingleDevice { user, clients }.into())
}

/// The constraints of the roles, as `policy` defines them: a minimum for a role
/// that someone leaves, a maximum for one that someone enters.
fn check_roles(
    policy: &RoomPolicy,
    before: &RoomPolicy,
    after: &RoomPolicy,
    clients: &Clients<'_>,
    moves: &Moves<'_>,
) -> Result<(), Denied> {
    let (mut left, mut entered) = (BTreeSet::new(), BTreeSet::new());
    for m in &moves.0 {
        left.insert(m.from);
        entered.insert(m.to);
    }
    let (mut idle, mut active) = (BTreeSet::new(), BTreeSet::new());
    let moved = moves.0.iter().map(|m| m.user);
    for user in moved.chain(clients.after.keys().copied()) {
        let role = |policy: &RoomPolicy, count: usize| {
            policy.participants.role_of(user).filter(|_| count > 0)
        };
        let was = role(before, clients.before.count_of(user));
        let is = role(after, clients.count_of(user));
        if was != is {
            idle.extend(was);
            active.extend(is);
        }
    }
    let counted = |role: u32, only_active: bool| {
        let holders = after.participants.iter().filter(|p| p.role == role);
        holders
            .filter(|p| !only_active || clients.count_of(&p.user) > 0)
            .count()
    };
    for role in policy.roles.iter().filter(|role| role.index != Role::NONE) {
        let index = role.index;
        if left.contains(&index) {
            at_least(role, false, role.min_participants, || counted(index, false))?;
        }
        if idle.contains(&index) {
            at_least(role, true, role.min_active, || counted(index, true))?;
        }
        if entered.contains(&index) {
            at_most(role, false, role.max_participants, || counted(index, false))?;
        }
        if active.contains(&index) {
            at_most(role, true, role.max_active, || counted(index, true))?;
        }
    }
    Ok(())
}

fn at_least(
    role: &Role,
    active: bool,
    min: u32,
    count: impl FnOnce() -> usize,
) -> Result<(), Denied> {
    if min == 0 {
        return Ok(());
    }
    let count = count();
    if u32::try_from(count).map_or(true, |count| count >= min) {
        return Ok(());
    }
    let role = role.index;
    Err(Reason::Minimum {
        role,
        active,
        min,
        count,
    }
    .into())
}

fn at_most(
    role: &Role,
    active: bool,
    max: Option<u32>,
    count: impl FnOnce() -> usize,
) -> Result<(), Denied> {
    let Some(max) = max else {
        return Ok(());
    };
    let count = count();
    if !exceeds(count, max) {
        return Ok(());
    }
    let role = role.index;
    Err(Reason::Maximum {
        role,
        active,
        max,
        count,
    }
    .into())
}
