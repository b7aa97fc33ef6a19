//! How many may be in a role (POLICY, "Role-Based Access Control"): a minimum
//! for a role that someone leaves, a maximum for one that someone enters, on
//! the numbers after the commit.

use std::collections::BTreeSet;

use super::outcome::Outcome;
use crate::components::roles::Role;
use crate::error::{Denied, Reason};
use crate::policy::{State, exceeds};

pub(super) fn check(outcome: &Outcome<'_>) -> Result<(), Denied> {
    let roles = [outcome.before, outcome.after];
    let distinct = if outcome.redefines_roles() { 2 } else { 1 };
    let (idle, active) = outcome.activity();
    for policy in roles.into_iter().take(distinct) {
        for m in outcome.moves.iter().filter(|m| m.from != m.to) {
            outcome.at_least(policy, m.from)?;
            outcome.at_most(policy, m.to)?;
        }
        idle.iter()
            .try_for_each(|role| outcome.active_at_least(policy, *role))?;
        active
            .iter()
            .try_for_each(|role| outcome.active_at_most(policy, *role))?;
    }
    Ok(())
}

impl Outcome<'_> {
    /// The roles that lose someone active, and those that gain one. Active is
    /// who has a client in the group.
    fn activity(&self) -> (BTreeSet<u32>, BTreeSet<u32>) {
        let (mut idle, mut active) = (BTreeSet::new(), BTreeSet::new());
        for user in self.touched() {
            let was = self.clients.before.count_of(user) > 0;
            let is = self.clients.count_of(user) > 0;
            if !was && !is {
                continue;
            }
            let role = |policy: u32| Some(policy).filter(|role| *role != Role::NONE);
            let to = self.moves.role_after(self.before, user);
            let from = self.moves.of_user(user).map_or(to, |m| m.from);
            let (was, is) = (role(from).filter(|_| was), role(to).filter(|_| is));
            if was != is {
                idle.extend(was);
                active.extend(is);
            }
        }
        (idle, active)
    }

    fn at_least(&self, policy: &State, role: u32) -> Result<(), Denied> {
        let Some(role) = defined(policy, role).filter(|role| role.min_participants > 0) else {
            return Ok(());
        };
        let (count, min) = (self.after.holders(role.index), role.min_participants);
        if is_less(count, min) {
            return Err(minimum(role, false, min, count));
        }
        Ok(())
    }

    fn at_most(&self, policy: &State, role: u32) -> Result<(), Denied> {
        let Some((role, max)) = defined(policy, role).and_then(|r| Some((r, r.max_participants?)))
        else {
            return Ok(());
        };
        let count = self.after.holders(role.index);
        if exceeds(count, max) {
            return Err(maximum(role, false, max, count));
        }
        Ok(())
    }

    fn active_at_least(&self, policy: &State, role: u32) -> Result<(), Denied> {
        let Some(role) = defined(policy, role).filter(|role| role.min_active > 0) else {
            return Ok(());
        };
        let min = role.min_active;
        let enough = usize::try_from(min).unwrap_or(usize::MAX);
        let count = self.active(role.index, enough);
        if is_less(count, min) {
            return Err(minimum(role, true, min, count));
        }
        Ok(())
    }

    fn active_at_most(&self, policy: &State, role: u32) -> Result<(), Denied> {
        let Some((role, max)) = defined(policy, role).and_then(|r| Some((r, r.max_active?))) else {
            return Ok(());
        };
        if !exceeds(self.after.holders(role.index), max) {
            return Ok(());
        }
        let count = self.active(role.index, usize::MAX);
        if exceeds(count, max) {
            return Err(maximum(role, true, max, count));
        }
        Ok(())
    }

    /// How many with this role are active after the commit; counting ends at
    /// `enough`.
    fn active(&self, role: u32, enough: usize) -> usize {
        let holders = self.after.participants.iter();
        let holders = holders.filter(|entry| entry.role == role);
        let active = holders.filter(|entry| self.clients.count_of(entry.user) > 0);
        active.take(enough).count()
    }
}

/// A role that has constraints; the one of those outside has none.
fn defined(policy: &State, role: u32) -> Option<&Role> {
    policy
        .roles
        .get(role)
        .filter(|role| role.index != Role::NONE)
}

fn is_less(count: usize, min: u32) -> bool {
    u32::try_from(count).is_ok_and(|count| count < min)
}

fn minimum(role: &Role, active: bool, min: u32, count: usize) -> Denied {
    let role = role.index;
    Reason::Minimum {
        role,
        active,
        min,
        count,
    }
    .into()
}

fn maximum(role: &Role, active: bool, max: u32, count: usize) -> Denied {
    let role = role.index;
    Reason::Maximum {
        role,
        active,
        max,
        count,
    }
    .into()
}
