//! Capabilities that let nobody do anything.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, OUTSIDE, Position, RoleSet};
use super::{Finding, Idle};
use crate::capability::Capability;
use crate::components::roles::Role;
use crate::words::RoleLabel;

pub(super) fn lint(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    let mut idle: BTreeMap<(Capability, Idle), Vec<RoleLabel>> = BTreeMap::new();
    let (mut reserved, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    for (position, role) in graph.iter() {
        let banned = Some(position) == graph.banned();
        let mut of_banned = Vec::new();
        for capability in graph.capabilities(position) {
            if capability.name().is_none() {
                unknown.insert(capability);
            } else if is_meaningless(capability) {
                reserved.insert(capability);
            } else if banned {
                of_banned.push(capability);
            } else if let Some(why) = why_idle(graph, position, role, capability) {
                let roles = idle.entry((capability, why)).or_default();
                roles.push(role.into());
            }
        }
        if !of_banned.is_empty() {
            findings.push(Finding::BannedCan(of_banned));
        }
    }
    for ((capability, why), roles) in idle {
        findings.push(Finding::NoEffect {
            capability,
            roles,
            why,
        });
    }
    if !reserved.is_empty() {
        findings.push(Finding::Reserved(reserved.into_iter().collect()));
    }
    if !unknown.is_empty() {
        findings.push(Finding::Unknown(unknown.into_iter().collect()));
    }
}

/// Whether the name is reserved and this crate has no rule that asks for it.
fn is_meaningless(capability: Capability) -> bool {
    matches!(
        capability,
        Capability::KNOCK
            | Capability::ACCEPT_KNOCK
            | Capability::CREATE_SUBGROUP
            | Capability::SEND_DIRECT_MESSAGE
            | Capability::TARGET_MESSAGE
            | Capability::CHANGE_OWN_NAME
            | Capability::CHANGE_OWN_PRESENCE
            | Capability::CHANGE_OWN_MOOD
            | Capability::CHANGE_OWN_AVATAR
            | Capability::CREATE_ROOM
            | Capability::SEND_MLS_UPDATE_PROPOSAL
            | Capability::SEND_MLS_EXTERNAL_PROPOSAL
            | Capability::SEND_MLS_EXTERNAL_COMMIT
    )
}

fn why_idle(
    graph: &Graph<'_>,
    position: Position,
    role: &Role,
    capability: Capability,
) -> Option<Idle> {
    let at_door = matches!(
        capability,
        Capability::OPEN_JOIN | Capability::USE_JOIN_CODE
    );
    match (position == OUTSIDE, at_door) {
        (true, false) => return Some(Idle::Outside),
        (false, true) => return Some(Idle::OnlyOutside),
        _ => {}
    }
    let of_membership = at_door
        || matches!(
            capability,
            Capability::ADD_PARTICIPANT
                | Capability::REMOVE_PARTICIPANT
                | Capability::REMOVE_SELF
                | Capability::JOIN_IF_PREAUTHORIZED
        );
    if of_membership && graph.is_fixed() {
        return Some(Idle::FixedMembership);
    }
    if let Capability::BAN | Capability::UNBAN = capability
        && graph.banned().is_none()
    {
        return Some(Idle::NoBannedRole);
    }
    if let Some((from, to)) = needed_move(graph, position, capability) {
        let able = graph.leads(position, from, to);
        return (!able).then_some(Idle::NoMove);
    }
    match capability {
        Capability::JOIN_IF_PREAUTHORIZED => {
            (!graph.given.contains(position)).then_some(Idle::NotGiven)
        }
        Capability::CHANGE_OWN_ROLE => {
            let others = graph.given.without(RoleSet::of(position));
            others.is_empty().then_some(Idle::NothingGiven)
        }
        _ if role.max_active == Some(0) && needs_client(capability) => Some(Idle::NoClients),
        _ => needed(capability)
            .iter()
            .find(|needed| !graph.has(position, **needed))
            .map(|needed| Idle::Needs(*needed)),
    }
}

/// From where to where a role must be able to move people for `capability` to
/// be of use in it.
fn needed_move(
    graph: &Graph<'_>,
    position: Position,
    capability: Capability,
) -> Option<(RoleSet, RoleSet)> {
    let outside = RoleSet::of(OUTSIDE);
    let inside = graph.roles_that(|p, _| p != OUTSIDE);
    let banned = graph.banned().map(RoleSet::of).unwrap_or_default();
    match capability {
        Capability::OPEN_JOIN | Capability::USE_JOIN_CODE | Capability::ADD_PARTICIPANT => {
            Some((outside, inside))
        }
        Capability::REMOVE_PARTICIPANT => Some((inside, outside)),
        Capability::REMOVE_SELF => Some((RoleSet::of(position), outside)),
        Capability::CHANGE_USER_ROLE => Some((inside, inside)),
        // Someone can be banned before it comes.
        Capability::BAN if !graph.is_fixed() => Some((inside.union(outside), banned)),
        Capability::BAN => Some((inside, banned)),
        Capability::UNBAN => Some((banned, inside)),
        _ => None,
    }
}

/// Whether only someone with a client can make use of it.
fn needs_client(capability: Capability) -> bool {
    let of_content = matches!(capability.0, 0x0100..=0x02ff | 0x0400..=0x04ff);
    of_content
        || matches!(
            capability,
            Capability::ADD_OWN_CLIENT | Capability::REMOVE_OWN_CLIENT
        )
}

/// What else a role must have to make use of it.
fn needed(capability: Capability) -> &'static [Capability] {
    match capability {
        Capability::EDIT_REACTION | Capability::DELETE_OWN_REACTION => {
            &[Capability::SEND_MESSAGE, Capability::REACT_TO_MESSAGE]
        }
        Capability::SEND_LINK_PREVIEW => &[Capability::SEND_MESSAGE, Capability::SEND_LINK],
        Capability::REPLY_TO_MESSAGE
        | Capability::REACT_TO_MESSAGE
        | Capability::DELETE_OTHER_REACTION
        | Capability::EDIT_OWN_MESSAGE
        | Capability::DELETE_OWN_MESSAGE
        | Capability::DELETE_OTHER_MESSAGE
        | Capability::START_TOPIC
        | Capability::REPLY_IN_TOPIC
        | Capability::EDIT_OWN_TOPIC
        | Capability::EDIT_OTHER_TOPIC
        | Capability::UPLOAD_IMAGE
        | Capability::UPLOAD_AUDIO
        | Capability::UPLOAD_VIDEO
        | Capability::UPLOAD_ATTACHMENT
        | Capability::SEND_LINK => &[Capability::SEND_MESSAGE],
        Capability::COPY_MESSAGE
        | Capability::REPORT_ABUSE
        | Capability::DOWNLOAD_IMAGE
        | Capability::DOWNLOAD_AUDIO
        | Capability::DOWNLOAD_VIDEO
        | Capability::DOWNLOAD_ATTACHMENT
        | Capability::FOLLOW_LINK
        | Capability::COPY_LINK => &[Capability::RECEIVE_MESSAGE],
        _ => &[],
    }
}
