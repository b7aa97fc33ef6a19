//! Roles that cannot be what they seem to be.

use std::collections::BTreeMap;

use super::Finding;
use super::graph::{Graph, OUTSIDE, RoleSet};
use crate::components::roles::Role;
use crate::policy::{RoomPolicy, exceeds};
use crate::words::RoleLabel;

/// Roles that nobody can come to hold, or get rid of.
pub(super) fn lint_reach(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    let acting = graph.acting(graph.reached);
    let closed = graph.closed();
    for (position, role) in graph.iter().filter(|(p, _)| *p != OUTSIDE) {
        if !acting.contains(position) && !closed.contains(position) {
            findings.push(Finding::Unreachable(role.into()));
        }
    }
    if graph.is_fixed() {
        // There people stay what they are, and that is what the room is for.
        return;
    }
    for (position, role) in graph.iter().filter(|(p, _)| *p != OUTSIDE) {
        // A role without clients, such as a hub's, holds nobody captive.
        let captive = role.max_active != Some(0) || role.is_banned();
        let stuck = || graph.exits(position, acting).is_empty();
        if captive && graph.reached.contains(position) && stuck() {
            findings.push(Finding::Inescapable(role.into()));
        }
    }
}

pub(super) fn lint_definitions(
    policy: &RoomPolicy,
    graph: &Graph<'_>,
    findings: &mut Vec<Finding>,
) {
    if policy.role(Role::NONE).is_none() {
        findings.push(Finding::NoRoleZero);
    }
    let mut holders: BTreeMap<u32, usize> = BTreeMap::new();
    for entry in policy.participants().iter() {
        let count = holders.entry(entry.role).or_default();
        *count = count.saturating_add(1);
    }
    for (position, role) in graph.iter() {
        if is_nearly_banned(role) {
            findings.push(Finding::NotBanned(role.into()));
        }
        let undefined = graph.undefined(position);
        if !undefined.is_empty() {
            findings.push(Finding::UndefinedRoles {
                role: role.into(),
                undefined: undefined.to_vec(),
            });
        }
        if position != OUTSIDE {
            lint_constraints(role, holders.get(&role.index).copied(), findings);
        }
    }
    lint_closed(graph, findings);
}

/// Whether people will take it for the banned role, which it is not.
fn is_nearly_banned(role: &Role) -> bool {
    let name = role.name.trim();
    name.eq_ignore_ascii_case(Role::BANNED_NAME) && !role.is_banned()
}

fn lint_constraints(role: &Role, holders: Option<usize>, findings: &mut Vec<Finding>) {
    let label = || RoleLabel::from(role);
    let pairs = [
        (false, role.min_participants, role.max_participants),
        (true, role.min_active, role.max_active),
    ];
    for (active, min, max) in pairs {
        if let Some(max) = max.filter(|max| min > *max) {
            findings.push(Finding::MinimumAboveMaximum {
                role: label(),
                active,
                min,
                max,
            });
        }
    }
    let Some(max) = role.max_participants else {
        return;
    };
    if role.min_active > max {
        findings.push(Finding::MoreActiveThanParticipants {
            role: label(),
            min_active: role.min_active,
            max,
        });
    }
    if let Some(holders) = holders.filter(|holders| exceeds(*holders, max)) {
        findings.push(Finding::Overfull {
            role: label(),
            max,
            holders,
        });
    }
}

/// Moves into roles that a maximum of 0 keeps empty.
fn lint_closed(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    let closed = graph.closed();
    let all = graph.roles_that(|_, _| true);
    for (position, role) in graph.iter().filter(|(p, _)| closed.contains(*p)) {
        let into = RoleSet::of(position);
        let actors = graph.iter().filter(|(p, _)| graph.leads(*p, all, into));
        let by: Vec<_> = actors.map(|(_, role)| role.into()).collect();
        if !by.is_empty() {
            findings.push(Finding::MovesIntoClosed {
                role: role.into(),
                by,
            });
        }
    }
}
