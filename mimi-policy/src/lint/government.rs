//! Whether a room stays in somebody's hands, and in the right ones.

use super::Finding;
use super::graph::{Graph, OUTSIDE, RoleSet};
use crate::capability::Capability;
use crate::words::RoleLabel;

/// The capability from which all others follow.
const GOVERNS: Capability = Capability::CHANGE_ROLE_DEFINITIONS;

/// What nobody should have by just walking in, the strongest first.
const POWERS: &[Capability] = &[
    GOVERNS,
    Capability::CHANGE_USER_ROLE,
    Capability::CHANGE_PREAUTHORIZED_USER_LIST,
    Capability::CHANGE_ROOM_MEMBERSHIP_STYLE,
    Capability::DESTROY_ROOM,
];

pub(super) fn lint(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    let governing = graph.roles_that(|p, _| p != OUTSIDE && graph.has(p, GOVERNS));
    let acting = graph.acting(graph.reached);
    if acting.intersection(governing).is_empty() {
        findings.push(Finding::NobodyGoverns);
    } else if let Some(roles) = may_be_orphaned(graph, governing, acting) {
        findings.push(Finding::GovernorsMayGo(roles));
    }
    lint_open(graph, findings);
}

/// The roles that govern now, if all who hold them can go, and none of those
/// who are left could bring one back.
fn may_be_orphaned(
    graph: &Graph<'_>,
    governing: RoleSet,
    acting: RoleSet,
) -> Option<Vec<RoleLabel>> {
    let governors = graph.held.intersection(governing);
    let left = graph.acting(graph.reach(graph.held.without(governing)));
    if governors.is_empty() || !left.intersection(governing).is_empty() {
        return None;
    }
    let staying = governing.without(leaving(graph, governing, acting));
    if !governors.intersection(staying).is_empty() {
        return None;
    }
    let roles = graph.iter().filter(|(p, _)| governors.contains(*p));
    Some(roles.map(|(_, role)| role.into()).collect())
}

/// The governing roles whose last holder can get to one that does not govern,
/// perhaps by way of another.
fn leaving(graph: &Graph<'_>, governing: RoleSet, acting: RoleSet) -> RoleSet {
    let exits: Vec<_> = graph
        .iter()
        .filter(|(p, role)| governing.contains(*p) && role.min_participants == 0)
        .map(|(p, _)| (p, graph.exits(p, acting)))
        .collect();
    let mut leaving = RoleSet::default();
    loop {
        let staying = governing.without(leaving);
        let mut next = leaving;
        let out = exits
            .iter()
            .filter(|(_, exits)| !exits.without(staying).is_empty());
        next.extend(out.map(|(p, _)| *p));
        if next == leaving {
            return leaving;
        }
        leaving = next;
    }
}

/// Roles with power that anyone at all can take.
fn lint_open(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    if !graph.has(OUTSIDE, Capability::OPEN_JOIN) {
        return;
    }
    let open = graph.moves(OUTSIDE, OUTSIDE).intersection(graph.joins());
    for (position, role) in graph.iter().filter(|(p, _)| open.contains(*p)) {
        let power = POWERS.iter().find(|power| graph.has(position, **power));
        if let Some(power) = power {
            findings.push(Finding::OpenToAnyone {
                role: role.into(),
                power: *power,
            });
        }
    }
}
