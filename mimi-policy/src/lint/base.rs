//! The base policy against the rest of the room.

use mimi_content::component::ComponentId;

use super::Finding;
use super::graph::Graph;
use crate::policy::RoomPolicy;

pub(super) fn lint(policy: &RoomPolicy, graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    let base = policy.base();
    if base.discoverable && graph.joins().is_empty() {
        findings.push(Finding::FoundButClosed);
    }
    let present = policy.components();
    let mut listed = base.policy_components.clone();
    listed.sort_unstable();
    listed.dedup();
    let present = |id: &ComponentId| present.get(*id).is_some();
    let absent: Vec<_> = listed.iter().copied().filter(|id| !present(id)).collect();
    if !absent.is_empty() {
        findings.push(Finding::ListedAbsent(absent));
    }
    // The list is of the other policy components.
    let policies = POLICIES.iter().copied();
    let unlisted = policies.filter(|id| present(id) && listed.binary_search(id).is_err());
    let unlisted: Vec<_> = unlisted.collect();
    if !unlisted.is_empty() {
        findings.push(Finding::PresentUnlisted(unlisted));
    }
}

/// The components of POLICY beside the base policy.
const POLICIES: &[ComponentId] = &[
    ComponentId::MLS_OPERATIONAL_POLICY,
    ComponentId::ROLES_LIST,
    ComponentId::PREAUTH_LIST,
    ComponentId::STATUS_NOTIFICATION_POLICY,
    ComponentId::JOIN_LINK_POLICY,
    ComponentId::JOIN_LINKS,
    ComponentId::LINK_PREVIEW_POLICY,
    ComponentId::ASSET_POLICY,
    ComponentId::LOGGING_POLICY,
    ComponentId::CHAT_HISTORY_POLICY,
    ComponentId::BOT_POLICY,
    ComponentId::MESSAGE_EXPIRATION_POLICY,
];
