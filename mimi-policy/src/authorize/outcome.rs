//! Whether a room may be as a candidate would leave it.

use std::sync::Arc;

use mimi_content::UriRef;
use smallvec::SmallVec;

use super::{RestsOnHub, base, constraints, room};
use crate::candidate::{Actor, Candidate, Change};
use crate::clients::ClientIndex;
use crate::components::roles::Role;
use crate::error::{Denied, Reason};
use crate::moves::{Move, Moves};
use crate::policy::State;
use crate::resolve::Draft;

/// How many users and clients most commits touch: no memory is taken for them.
const FEW: usize = 2;

/// A room before and after a candidate.
pub(super) struct Outcome<'a> {
    pub(super) before: &'a State,
    pub(super) after: &'a State,
    pub(super) moves: &'a Moves,
    /// The clients before.
    pub(super) clients: &'a ClientIndex,
    /// Whose place in the list or whose clients change, in the order of users.
    pub(super) touched: SmallVec<[Touched<'a>; FEW]>,
    /// How many clients the group has after.
    pub(super) total: usize,
}

/// A user whose place in the list or whose clients change.
pub(super) struct Touched<'a> {
    pub(super) user: UriRef<'a>,
    /// The role before, 0 for none.
    pub(super) from: u32,
    /// The role after, 0 for none.
    pub(super) to: u32,
    /// How many clients it has before.
    pub(super) was: usize,
    /// How many clients it has after.
    pub(super) is: usize,
    /// Whether `was` and `is` say so. Where it does not matter for this user,
    /// nobody has looked, and both are 0.
    counted: bool,
}

/// Judges what a candidate leads to. `committer` is the role of the committer
/// before, if that is known already.
pub(super) fn check(
    before: &State,
    draft: &Draft,
    candidate: &Candidate<'_>,
    committer: Option<u32>,
) -> Result<RestsOnHub, Denied> {
    let outcome = Outcome::of(before, draft, candidate);
    let rests = base::check(&outcome, candidate.hub.as_ref())?;
    room::check_places(&outcome)?;
    outcome.check_committer(candidate, committer)?;
    room::check_numbers(&outcome)?;
    constraints::check(&outcome)?;
    Ok(rests)
}

impl<'a> Outcome<'a> {
    #[inline]
    fn of(before: &'a State, draft: &'a Draft, candidate: &Candidate<'a>) -> Self {
        let clients = candidate.clients;
        let mut outcome = Outcome {
            before,
            after: &draft.after.0,
            moves: &draft.moves,
            clients,
            touched: SmallVec::with_capacity(draft.moves.iter().len()),
            total: clients.len(),
        };
        for m in draft.moves.iter() {
            let user = (&m.user).into();
            let counted = outcome.counts_clients(m);
            let was = if counted { clients.count_of(user) } else { 0 };
            outcome.touched.push(Touched {
                user,
                from: m.from,
                to: m.to,
                was,
                is: was,
                counted,
            });
        }
        outcome.sort();
        outcome.count(candidate);
        outcome
    }

    /// Whether it matters how many clients someone who moves has.
    fn counts_clients(&self, m: &Move) -> bool {
        let role = |index| self.before.roles.get(index);
        let (from, to) = (role(m.from), role(m.to).filter(|_| m.to != Role::NONE));
        from.is_some_and(|from| from.min_active > 0)
            || to.is_none_or(|to| to.is_banned() || to.max_active.is_some())
    }

    /// Counts the clients that come and go.
    #[inline]
    fn count(&mut self, candidate: &Candidate<'a>) {
        // Who wins a client, or loses that of a leaf.
        let mut changed: SmallVec<[(UriRef<'a>, Option<u32>); FEW]> = SmallVec::new();
        for bundle in candidate.bundles {
            for change in bundle.changes {
                match *change {
                    Change::AddClient { user, .. } => changed.push((user.into(), None)),
                    Change::RemoveClient { leaf, user } => changed.push((user.into(), Some(leaf))),
                    _ => {}
                }
            }
        }
        if changed.is_empty() {
            return;
        }
        changed.sort_unstable();
        // Two who remove the same client remove it once.
        changed.dedup_by(|one, next| one == next && one.1.is_some());
        let moved = self.touched.len();
        for all in changed.chunk_by(|(one, _), (next, _)| one == next) {
            let Some((user, _)) = all.first() else {
                continue;
            };
            let come = all.iter().filter(|(_, leaf)| leaf.is_none()).count();
            let gone = all.len().saturating_sub(come);
            self.total = self.total.saturating_add(come).saturating_sub(gone);
            let known = self.touched.get(..moved).unwrap_or_default();
            let at = known.binary_search_by_key(user, |touched| touched.user);
            let at = at.unwrap_or_else(|_| {
                let role = self.before.participants.role_of(*user);
                let role = role.unwrap_or(Role::NONE);
                self.touched.push(Touched {
                    user: *user,
                    from: role,
                    to: role,
                    was: 0,
                    is: 0,
                    counted: true,
                });
                self.touched.len().saturating_sub(1)
            });
            if let Some(touched) = self.touched.get_mut(at) {
                touched.counted = true;
                touched.was = self.clients.count_of(*user);
                touched.is = touched.was.saturating_add(come).saturating_sub(gone);
            }
        }
        self.sort();
    }

    fn sort(&mut self) {
        if self.touched.len() > 1 {
            self.touched.sort_unstable_by_key(|touched| touched.user);
        }
    }

    fn touched(&self, user: UriRef<'_>) -> Option<&Touched<'a>> {
        let at = self
            .touched
            .binary_search_by(|touched| touched.user.cmp(&user));
        self.touched.get(at.ok()?)
    }

    /// How many clients a user has after.
    pub(super) fn count_of(&self, user: UriRef<'_>) -> usize {
        match self.touched(user) {
            Some(touched) if touched.counted => touched.is,
            _ => self.clients.count_of(user),
        }
    }

    /// The users who have clients after, each with its role, 0 for none.
    pub(super) fn active(&self) -> impl Iterator<Item = (UriRef<'_>, u32, usize)> {
        let others = self
            .clients
            .users()
            .map(|(user, count)| (user.into(), count));
        let others = others.filter(|(user, _)| self.touched(*user).is_none());
        let others = others.map(|(user, count)| {
            let role = self.before.participants.role_of(user);
            (user, role.unwrap_or(Role::NONE), count)
        });
        let touched = self
            .touched
            .iter()
            .map(|t| (t.user, t.to, self.count_of(t.user)));
        others.chain(touched).filter(|(_, _, count)| *count > 0)
    }

    /// Whether the definitions of the roles change.
    pub(super) fn redefines_roles(&self) -> bool {
        let (before, after) = (&self.before.roles, &self.after.roles);
        !Arc::ptr_eq(before, after) && before != after
    }

    /// Whether the base policy changes.
    pub(super) fn rebases(&self) -> bool {
        let (before, after) = (&self.before.base, &self.after.base);
        !Arc::ptr_eq(before, after) && before != after
    }

    /// Only a participant commits, or someone whose commit lets it in.
    fn check_committer(&self, candidate: &Candidate<'_>, role: Option<u32>) -> Result<(), Denied> {
        let Some(committer) = candidate.committer else {
            return Ok(());
        };
        let user = committer.uri();
        let role = role.or_else(|| self.before.participants.role_of(user));
        let role = role.unwrap_or(Role::NONE);
        let then = self.moves.of_user(user).map_or(role, |m| m.to);
        let takes_part = |policy: &State, role: u32| {
            let role = policy.roles.get(role).filter(|_| role != Role::NONE);
            role.is_some_and(|role| !role.is_banned())
        };
        let (was, stays) = (takes_part(self.before, role), takes_part(self.after, then));
        match committer {
            Actor::Participant { .. } if stays && was => Ok(()),
            Actor::Joiner { .. } if stays && (was || role == Role::NONE) => {
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
}
