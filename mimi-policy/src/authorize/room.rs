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
    let roles = &outcome.after.roles;
    let place = |user: UriRef<'_>, role: u32, clients: usize| {
        check_place(
            roles.get(role).filter(|_| role != Role::NONE),
            user,
            clients,
        )
    };
    for touched in outcome.touched.iter().filter(|touched| touched.is > 0) {
        if touched.from != Role::NONE && touched.to == Role::NONE {
            return Err(keeps(touched.user, touched.is));
        }
        place(touched.user, touched.to, touched.is)?;
    }
    if outcome.redefines_roles() {
        let mut all = outcome.active();
        all.try_for_each(|(user, role, clients)| place(user, role, clients))?;
    }
    Ok(())
}

fn check_place(role: Option<&Role>, user: UriRef<'_>, clients: usize) -> Result<(), Denied> {
    match role {
        None => Err(Reason::Stranger(user.to_uri()).into()),
        Some(role) if role.is_banned() => Err(keeps(user, clients)),
        Some(_) => Ok(()),
    }
}

fn keeps(user: UriRef<'_>, clients: usize) -> Denied {
    let user = user.to_uri();
    Reason::KeepsClients { user, clients }.into()
}

/// The limits of the base policy. One that was exceeded already stops only
/// what makes it worse, or the base policy that sets it.
pub(super) fn check_numbers(outcome: &Outcome<'_>) -> Result<(), Denied> {
    let after = outcome.after;
    if let Some((max, users)) = after.too_many_users() {
        return Err(Reason::MaxUsers { max, users }.into());
    }
    let rebases = outcome.rebases();
    if rebases || outcome.total > outcome.clients.len() {
        check_total(after, outcome.total)?;
    }
    if rebases {
        let mut active = outcome.active();
        return active.try_for_each(|(user, _, clients)| check_device(after, user, clients));
    }
    let mut more = outcome
        .touched
        .iter()
        .filter(|touched| touched.is > touched.was);
    more.try_for_each(|touched| check_device(after, touched.user, touched.is))
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
