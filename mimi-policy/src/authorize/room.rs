//! Who may have clients, and how many.

use mimi_content::UriRef;

use super::outcome::Outcome;
use crate::clients::ClientIndex;
use crate::components::roles::Role;
use crate::error::{Denied, Reason};
use crate::policy::{State, exceeds};

/// Whether these may be the clients of a room.
pub(super) fn check_clients(policy: &State, clients: &ClientIndex) -> Result<(), Denied> {
    for (user, count) in clients.users() {
        check_place(policy.role_of(user.into()), user.into(), count)?;
        check_device(policy, user.into(), count)?;
    }
    check_total(policy, clients.len())
}

/// Everybody with a client is a participant and not banned. As it was so
/// before, only those need a look whose place or clients change, or everybody
/// if the roles do.
pub(super) fn check_places(outcome: &Outcome<'_>) -> Result<(), Denied> {
    let place = |user: UriRef<'_>| {
        let count = outcome.clients.count_of(user);
        if count == 0 {
            return Ok(());
        }
        let moved = outcome.moves.of_user(user);
        let role = outcome.moves.role_after(outcome.before, user);
        if role == Role::NONE && moved.is_some() {
            let user = user.to_uri();
            return Err(Reason::KeepsClients {
                user,
                clients: count,
            }
            .into());
        }
        let role = outcome.after.roles.get(role).filter(|_| role != Role::NONE);
        check_place(role, user, count)
    };
    if outcome.redefines_roles() {
        outcome.clients.users().try_for_each(place)?;
    }
    outcome.touched().try_for_each(place)
}

fn check_place(role: Option<&Role>, user: UriRef<'_>, clients: usize) -> Result<(), Denied> {
    match role {
        None => Err(Reason::Stranger(user.to_uri()).into()),
        Some(role) if role.is_banned() => Err(Reason::KeepsClients {
            user: user.to_uri(),
            clients,
        }
        .into()),
        Some(_) => Ok(()),
    }
}

/// The limits of the base policy. One that was exceeded already stops only
/// what makes it worse, or the base policy that sets it.
pub(super) fn check_numbers(outcome: &Outcome<'_>) -> Result<(), Denied> {
    let (after, clients) = (outcome.after, &outcome.clients);
    if let Some((max, users)) = after.too_many_users() {
        return Err(Reason::MaxUsers { max, users }.into());
    }
    let rebases = outcome.rebases();
    if rebases || clients.total > clients.before.len() {
        check_total(after, clients.total)?;
    }
    if rebases {
        let mut users = clients.users();
        return users.try_for_each(|user| check_device(after, user, clients.count_of(user)));
    }
    for (user, count) in &clients.after {
        if *count > clients.before.count_of(*user) {
            check_device(after, *user, *count)?;
        }
    }
    Ok(())
}

fn check_total(policy: &State, clients: usize) -> Result<(), Denied> {
    match policy.base.max_clients {
        Some(max) if exceeds(clients, max) => Err(Reason::MaxClients { max, clients }.into()),
        _ => Ok(()),
    }
}

fn check_device(policy: &State, user: UriRef<'_>, clients: usize) -> Result<(), Denied> {
    if policy.base.multi_device || clients <= 1 {
        return Ok(());
    }
    let user = user.to_uri();
    Err(Reason::SingleDevice { user, clients }.into())
}
