//! How many may be in a role (POLICY, "Role-Based Access Control"): a minimum
//! for a role that someone leaves, a maximum for one that someone enters, on
//! the numbers after the commit.

use super::outcome::Outcome;
use crate::components::roles::Role;
use crate::error::{Denied, Reason};
use crate::policy::{State, exceeds};

pub(super) fn check(outcome: &Outcome<'_>) -> Result<(), Denied> {
    let roles = [outcome.before, outcome.after];
    let distinct = if outcome.redefines_roles() { 2 } else { 1 };
    for policy in roles.into_iter().take(distinct) {
        for m in outcome.moves.iter().filter(|m| m.from != m.to) {
            outcome.at_least(policy, m.from)?;
            outcome.at_most(policy, m.to)?;
        }
        outcome.check_active(policy)?;
    }
    Ok(())
}

impl Outcome<'_> {
    /// The same for those who are active, that is, have a client in the group.
    #[inline]
    fn check_active(&self, policy: &State) -> Result<(), Denied> {
        // Roles that lose and gain someone active. To count them takes time, so
        // only those with a constraint are here, and each once.
        let (mut idle, mut active) = (Vec::new(), Vec::new());
        for touched in &self.touched {
            let role = |role, clients: usize| defined(policy, role).filter(|_| clients > 0);
            let was = role(touched.from, touched.was);
            let is = role(touched.to, touched.is);
            if was.map(|role| role.index) != is.map(|role| role.index) {
                idle.extend(was.filter(|role| role.min_active > 0));
                active.extend(is.filter(|role| role.max_active.is_some()));
            }
        }
        once_each(&mut idle)
            .iter()
            .try_for_each(|role| self.active_at_least(role))?;
        once_each(&mut active)
            .iter()
            .try_for_each(|role| self.active_at_most(role))
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

    fn active_at_least(&self, role: &Role) -> Result<(), Denied> {
        let min = role.min_active;
        let enough = usize::try_from(min).unwrap_or(usize::MAX);
        let count = self.count_active(role.index, enough);
        if is_less(count, min) {
            return Err(minimum(role, true, min, count));
        }
        Ok(())
    }

    fn active_at_most(&self, role: &Role) -> Result<(), Denied> {
        let Some(max) = role.max_active else {
            return Ok(());
        };
        if !exceeds(self.after.holders(role.index), max) {
            return Ok(());
        }
        let count = self.count_active(role.index, usize::MAX);
        if exceeds(count, max) {
            return Err(maximum(role, true, max, count));
        }
        Ok(())
    }

    /// How many with this role are active after the commit; counting ends at
    /// `enough`.
    fn count_active(&self, role: u32, enough: usize) -> usize {
        let holders = self.after.participants.iter();
        let holders = holders.filter(|entry| entry.role == role);
        let active = holders.filter(|entry| self.count_of(entry.user) > 0);
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

fn once_each<'r, 'a>(roles: &'r mut Vec<&'a Role>) -> &'r [&'a Role] {
    if roles.len() > 1 {
        roles.sort_unstable_by_key(|role| role.index);
        roles.dedup_by_key(|role| role.index);
    }
    roles
}

fn is_less(count: usize, min: u32) -> bool {
    u32::try_from(count).is_ok_and(|count| count < min)
}

fn minimum(role: &Role, active: bool, min: u32, count: usize) -> Denied {
    let role = role.into();
    Reason::Minimum {
        role,
        active,
        min,
        count,
    }
    .into()
}

fn maximum(role: &Role, active: bool, max: u32, count: usize) -> Denied {
    let role = role.into();
    Reason::Maximum {
        role,
        active,
        max,
        count,
    }
    .into()
}
