//! Whether a room may be as a candidate would leave it.

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::UriRef;

use super::{RestsOnHub, base, constraints, room};
use crate::candidate::{Actor, Candidate, Change};
use crate::clients::ClientIndex;
use crate::error::{Denied, Reason};
use crate::moves::Moves;
use crate::policy::State;
use crate::resolve::Draft;

/// A room before and after a candidate.
pub(super) struct Outcome<'a> {
    pub(super) before: &'a State,
    pub(super) after: &'a State,
    pub(super) moves: &'a Moves,
    pub(super) clients: Clients<'a>,
}

/// How many clients the group and each user in it have after the commit.
pub(super) struct Clients<'a> {
    pub(super) before: &'a ClientIndex,
    /// The users who win or lose clients, and how many each has then.
    pub(super) after: BTreeMap<UriRef<'a>, usize>,
    pub(super) total: usize,
}

impl<'a> Clients<'a> {
    fn after(candidate: &Candidate<'a>) -> Self {
        let mut gone = BTreeSet::new();
        let mut after: BTreeMap<UriRef<'_>, usize> = BTreeMap::new();
        let before = candidate.clients;
        let mut total = before.len();
        for change in candidate.bundles.iter().flat_map(|bundle| bundle.changes) {
            match *change {
                Change::AddClient { user, .. } => {
                    let count = after
                        .entry(user.into())
                        .or_insert_with(|| before.count_of(user));
                    *count = count.saturating_add(1);
                    total = total.saturating_add(1);
                }
                // Two who remove the same client remove it once.
                Change::RemoveClient { leaf, user } if gone.insert(leaf) => {
                    let count = after
                        .entry(user.into())
                        .or_insert_with(|| before.count_of(user));
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

    pub(super) fn count_of(&self, user: UriRef<'_>) -> usize {
        match self.after.get(&user) {
            Some(count) => *count,
            None => self.before.count_of(user),
        }
    }

    /// All users with clients before or after, each once.
    pub(super) fn users(&self) -> impl Iterator<Item = UriRef<'_>> {
        let before = self.before.users().map(|(user, _)| user.into());
        let new = self.after.keys().copied();
        before.chain(new.filter(|user| self.before.count_of(*user) == 0))
    }
}

pub(super) fn check(
    before: &State,
    draft: &Draft,
    candidate: &Candidate<'_>,
) -> Result<RestsOnHub, Denied> {
    let outcome = Outcome {
        before,
        after: &draft.after.0,
        moves: &draft.moves,
        clients: Clients::after(candidate),
    };
    let rests = base::check(&outcome, candidate.hub.as_ref())?;
    room::check_places(&outcome)?;
    check_committer(&outcome, candidate)?;
    room::check_numbers(&outcome)?;
    constraints::check(&outcome)?;
    Ok(rests)
}

impl Outcome<'_> {
    /// Whether the definitions of the roles change.
    pub(super) fn redefines_roles(&self) -> bool {
        !std::sync::Arc::ptr_eq(&self.before.roles, &self.after.roles)
            && self.before.roles != self.after.roles
    }

    /// Whether the base policy changes.
    pub(super) fn rebases(&self) -> bool {
        !std::sync::Arc::ptr_eq(&self.before.base, &self.after.base)
            && self.before.base != self.after.base
    }

    /// The users whose place in the list or whose clients change; some twice.
    pub(super) fn touched(&self) -> impl Iterator<Item = UriRef<'_>> {
        let moved = self.moves.iter().map(|m| (&m.user).into());
        moved.chain(self.clients.after.keys().copied())
    }
}

/// Only a participant commits, or someone whose commit lets it in.
fn check_committer(outcome: &Outcome<'_>, candidate: &Candidate<'_>) -> Result<(), Denied> {
    let Some(committer) = candidate.committer else {
        return Ok(());
    };
    let user = committer.uri();
    let role = outcome.moves.role_after(outcome.before, user.into());
    let role = outcome.after.roles.get(role).filter(|role| role.index != 0);
    let stays = role.is_some_and(|role| !role.is_banned());
    let was = || outcome.before.participants.contains(user);
    match committer {
        Actor::Participant { .. } if stays && was() => Ok(()),
        Actor::Joiner { .. } if stays => {
            let adds = |change: &Change<'_>| matches!(change, Change::AddClient { user: of, .. } if *of == user);
            let joins = candidate.bundles.iter().any(|bundle| {
                bundle.actor.key() == committer.key() && bundle.changes.iter().any(adds)
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
