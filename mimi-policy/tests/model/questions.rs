//! What is asked without a commit: may a room be like this, may someone come,
//! send, receive, report.

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_policy::{Capability, JoinBasis, OperationalParameters, Role};

use super::room::{Kind, Knowledge, Room, Who, grants};
use super::{Refusal, constraints, demand, envelope, further, rights, updates};

/// Whether the clients of a room may be its clients.
pub(super) fn admits(room: &Room) -> Result<(), Refusal> {
    for (_, owner) in &room.clients {
        demand(
            room.is_welcome(owner),
            "a client of someone gone or banned (PROTO, \"Update Room State\")",
        )?;
        demand(
            room.base.multi_device || room.leaves_of(owner).len() <= 1,
            "several clients of a user (POLICY, \"Base Room policy component syntax\")",
        )?;
    }
    let max = room.base.max_clients;
    demand(
        max.is_none_or(|max| room.clients.len() <= max as usize),
        "more clients than max_clients (POLICY, \"Base Room policy component syntax\")",
    )
}

/// Whether a hub lets a room begin like this: what must hold of a room at any
/// time, looked at whole.
pub(crate) fn may_begin(room: &Room, hub: &Knowledge) -> Result<(), Refusal> {
    updates::fits_together(room)?;
    admits(room)?;
    demand(
        !(room.base.fixed_membership && hub.twin),
        "a fixed room has a twin (POLICY, \"Base Room policy component syntax\")",
    )?;
    constraints::is_strict_subset(room, hub)?;
    match &hub.envelope {
        Some(envelope) => envelope::encloses(envelope, room),
        None => Ok(()),
    }
}

/// Whether `who` may have what it needs to come with a client of its own, and
/// by what right. The hub is asked, which knows who has a code.
pub(crate) fn may_join(room: &Room, who: &Who) -> Result<JoinBasis, Refusal> {
    let operational = operational(room);
    demand(
        operational.is_none_or(|policy| policy.external_commit_allowed),
        "external commits (POLICY, \"Operational policy component\")",
    )?;
    if room.entry(&who.user).is_some() {
        demand(
            may(room, &who.user, Capability::ADD_OWN_CLIENT),
            "comes with a client without canAddOwnClient (POLICY, \"Adding\")",
        )?;
        return Ok(JoinBasis::Participant);
    }
    demand(
        who.kind == Kind::Joiner,
        "only who comes from outside joins (POLICY, \"Adding\")",
    )?;
    demand(
        !room.base.fixed_membership,
        "the membership is fixed (POLICY, \"Base Room policy component syntax\")",
    )?;
    let roles = roles_with_clients(room);
    let into = |may: &dyn Fn(u32) -> bool| roles.iter().any(|role| may(role.index));
    if into(&|role| rights::joins_openly(room, role)) {
        return Ok(JoinBasis::Open);
    }
    if into(&|role| rights::joins_preauthorised(room, who, role)) {
        return Ok(JoinBasis::Preauthorized);
    }
    let has_code = |role| who.code == Some(role) && rights::has_door_for_codes(room, role);
    demand(
        into(&has_code),
        "nothing lets the joiner in (POLICY, \"Adding\")",
    )?;
    Ok(JoinBasis::JoinCode)
}

/// The roles of participants who can have clients. Those of someone banned are
/// removed (POLICY, "Role Changes", `canBan`).
fn roles_with_clients(room: &Room) -> Vec<&Role> {
    let roles = room.roles.iter();
    let roles = roles.filter(|role| role.index != 0 && !room.is_banned_role(role.index));
    roles.collect()
}

/// POLICY, "Role Capabilities": a participant has what its role grants. PROTO,
/// "Update Room State": and nothing once it is banned.
pub(super) fn may(room: &Room, user: &MimiUri, capability: Capability) -> bool {
    let entry = room.entry(user).filter(|_| room.is_welcome(user));
    let role = entry.and_then(|entry| room.role(entry.role));
    role.is_some_and(|role| grants(role, capability))
}

/// POLICY, "Operational policy component", `handshake_formats`: a room that
/// lists none leaves it open.
pub(super) fn accepts_handshake(room: &Room, format: u16) -> bool {
    operational(room).is_none_or(|policy| {
        policy.handshake_formats.is_empty() || policy.handshake_formats.contains(&format)
    })
}

/// POLICY, "Operational policy component", `epoch_tolerance`: how many epochs a
/// message may be late. None comes from an epoch that is yet to begin.
pub(super) fn accepts_epoch(room: &Room, sent: u64, now: u64) -> bool {
    operational(room).is_none_or(|policy| {
        let tolerance = u64::from(policy.app_message_policy.epoch_tolerance);
        sent <= now && now - sent <= tolerance
    })
}

/// POLICY, "Base Room policy component syntax": who left the parent leaves the
/// rooms that depend on it.
pub(super) fn leavers<'a>(room: &'a Room, parent: &Room) -> Vec<&'a MimiUri> {
    let named = parent.metadata.as_ref().map(|metadata| &metadata.room);
    if named.is_none() || room.base.parent_room.as_ref() != named {
        return Vec::new();
    }
    let mut users = constraints::users(room);
    users.retain(|user| !parent.is_welcome(user));
    users
}

fn operational(room: &Room) -> Option<OperationalParameters> {
    further::read(room, ComponentId::MLS_OPERATIONAL_POLICY)
}
