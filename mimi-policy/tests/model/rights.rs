//! What each actor may, by its role before the commit (POLICY, "Role
//! Capabilities").

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_policy::{
    Capability, Claims, JoinLinksUpdate, Participant, ParticipantListUpdate, PreauthEntry, Role,
    RoomMetadata,
};

use super::judge::Step;
use super::room::{Deed, Kind, Room, Who, grants, leads, updates_among};
use super::{Refusal, demand, updates};

/// Whether `who` may do all that it does, and if so whether that rests on the
/// hub.
pub(super) fn may(step: Step<'_>, who: &Who) -> Result<bool, Refusal> {
    let deeds = step.attempt.deeds_of(who);
    if deeds.is_empty() {
        return Ok(false);
    }
    if who.kind == Kind::Joiner && step.before.entry(&who.user).is_none() {
        return may_join(step, who);
    }
    may_do_all(step, who, &deeds)?;
    Ok(false)
}

/// Whether `who`, who has a role, may do all of `deeds`.
pub(super) fn may_do_all(step: Step<'_>, who: &Who, deeds: &[&Deed]) -> Result<(), Refusal> {
    if deeds.is_empty() {
        return Ok(());
    }
    let room = step.rights;
    let role = role_of(room, who).ok_or("no role in this room (POLICY, \"Role Capabilities\")")?;
    for deed in deeds {
        if who.kind == Kind::Joiner {
            only_comes_in(who, deed)?;
        }
        match deed {
            Deed::RemoveClient(_, user) if *user == who.user => {
                may_remove_client(step, who, role, user)?;
            }
            Deed::RemoveClient(_, user) => {
                is_not_silenced(room, who)?;
                may_remove_client(step, who, role, user)?;
            }
            _ => {
                is_not_silenced(room, who)?;
                may_do(step, who, role, deed)?;
            }
        }
    }
    Ok(())
}

/// POLICY, "Adding", `canAddOwnClient`: a participant who comes from outside adds
/// its client, and may replace another one of its own with it.
pub(super) fn only_comes_in(who: &Who, deed: &Deed) -> Result<(), Refusal> {
    let comes = match deed {
        Deed::AddClient(user, ..) | Deed::RemoveClient(_, user) => *user == who.user,
        Deed::Psk => true,
        _ => false,
    };
    demand(
        comes,
        "does more from outside than come in (POLICY, \"Adding\")",
    )
}

/// POLICY, "Role Capabilities": an entry of the participant list, or for those
/// from outside what preauthorisation gives them. Of an external sender, see
/// "Preauthorized Users".
fn role_of<'a>(room: &'a Room, who: &Who) -> Option<&'a Role> {
    match room.entry(&who.user) {
        Some(entry) => room.role(entry.role),
        None if who.kind == Kind::External => preauthorised(room, who).first().copied(),
        None => None,
    }
}

/// PROTO, "Update Room State": clients of banned users send nothing but
/// Removes of their own user's clients.
fn is_not_silenced(room: &Room, who: &Who) -> Result<(), Refusal> {
    demand(
        who.kind == Kind::External || room.is_welcome(&who.user),
        "someone banned acts (PROTO, \"Update Room State\")",
    )
}

/// POLICY, "Preauthorized Users": the roles of the entries that match, in
/// order. An entry matches when all of its claims do, and counts only while the
/// roles list has an equal role; one without claims matches nobody.
fn preauthorised<'a>(room: &'a Room, who: &Who) -> Vec<&'a Role> {
    let matches = |entry: &&PreauthEntry| {
        let mut claims = entry.claims.iter();
        !entry.claims.is_empty()
            && claims.all(|claim| who.matches(claim.credential_type, &claim.id, &claim.value))
    };
    let entries = room.preauth.iter().flatten().filter(matches);
    let roles = entries.filter_map(|entry| room.roles.iter().find(|role| **role == entry.role));
    roles.collect()
}

/// POLICY, "Adding": whoever is not in the list can add itself with its
/// clients, and do nothing else.
fn may_join(step: Step<'_>, who: &Who) -> Result<bool, Refusal> {
    const ONLY: Refusal = "a joiner does more than join (POLICY, \"Adding\")";
    let deeds = step.attempt.deeds_of(who);
    for deed in &deeds {
        let joins = match deed {
            Deed::AddClient(user, _) => *user == who.user,
            Deed::Component(id, Some(_)) => *id == ComponentId::PARTICIPANT_LIST,
            _ => false,
        };
        demand(joins, ONLY)?;
    }
    let lists = lists_of(step, who)?;
    demand(
        (lists.iter()).all(|list| list.changed.is_empty() && list.removed.is_empty()),
        ONLY,
    )?;
    let added: Vec<_> = lists.iter().flat_map(|list| &list.added).collect();
    demand(added.iter().all(|added| added.user == who.user), ONLY)?;
    let [own] = added[..] else {
        return Err("a joiner does not add itself (POLICY, \"Adding\")");
    };
    if joins_openly(step.before, own.role) || joins_preauthorised(step.before, who, own.role) {
        return Ok(false);
    }
    joins_by_code(step, who, own.role)
}

/// `canOpenJoin` on role 0: to any role that role 0 leads to.
pub(super) fn joins_openly(room: &Room, target: u32) -> bool {
    room.role(0)
        .is_some_and(|role| grants(role, Capability::OPEN_JOIN) && leads(role, 0, target))
}

/// `canJoinIfPreauthorized` on the role that preauthorisation gives first.
pub(super) fn joins_preauthorised(room: &Room, who: &Who, target: u32) -> bool {
    let roles = preauthorised(room, who);
    roles.first().is_some_and(|role| {
        role.index == target && role.index != 0 && grants(role, Capability::JOIN_IF_PREAUTHORIZED)
    })
}

/// `canUseJoinCode` on role 0, and a valid code for a role that role 0 leads
/// to. Only the hub knows the codes; others look at one only if they have it.
fn joins_by_code(step: Step<'_>, who: &Who, target: u32) -> Result<bool, Refusal> {
    let may = has_door_for_codes(step.before, target);
    let is_hub = step.attempt.hub.is_some();
    let fits = match who.code {
        Some(role) => role == target,
        None => !is_hub,
    };
    demand(
        may && fits,
        "nothing lets the joiner in (POLICY, \"Adding\")",
    )?;
    Ok(!is_hub)
}

pub(super) fn has_door_for_codes(room: &Room, target: u32) -> bool {
    let role = room.role(0);
    role.is_some_and(|role| grants(role, Capability::USE_JOIN_CODE) && leads(role, 0, target))
}

fn may_do(step: Step<'_>, who: &Who, role: &Role, deed: &Deed) -> Result<(), Refusal> {
    let room = step.before;
    match deed {
        Deed::AddClient(user, _) => may_add_client(step, who, role, user),
        Deed::RemoveClient(_, user) => may_remove_client(step, who, role, user),
        Deed::Component(id, octets) => {
            let update = [(*id, octets.as_deref())];
            match *id {
                ComponentId::PARTICIPANT_LIST => {
                    for list in updates::all(*id, &update)? {
                        may_change_participants(room, who, role, &list)?;
                    }
                    Ok(())
                }
                ComponentId::ROOM_METADATA => {
                    for new in updates::all(*id, &update)? {
                        may_change_metadata(room, role, &new)?;
                    }
                    Ok(())
                }
                ComponentId::ROLES_LIST => needs(role, Capability::CHANGE_ROLE_DEFINITIONS),
                ComponentId::PREAUTH_LIST => {
                    needs(role, Capability::CHANGE_PREAUTHORIZED_USER_LIST)
                }
                ComponentId::BASE_ROOM_POLICY => {
                    needs(role, Capability::CHANGE_ROOM_MEMBERSHIP_STYLE)
                }
                ComponentId::MLS_OPERATIONAL_POLICY => {
                    needs(role, Capability::CHANGE_MLS_OPERATIONAL_POLICIES)
                }
                ComponentId::JOIN_LINKS => may_change_join_links(role, octets.as_deref()),
                _ => needs(role, Capability::CHANGE_OTHER_POLICY_ATTRIBUTE),
            }
        }
        // RFC 9420, Section 12.1.2: keys rotate without anyone's permission.
        Deed::UpdateClient(_) => Ok(()),
        Deed::Psk => needs(role, Capability::SEND_MLS_PSK_PROPOSAL),
        Deed::ReInit => needs(role, Capability::SEND_MLS_REINIT_PROPOSAL),
        Deed::GroupContextExtensions { prescribed } => demand(
            *prescribed,
            "GroupContext extensions of one's own (PROTO, \"Authenticating proposals\")",
        ),
        Deed::Other(_) => Err("no rule allows the proposal (POLICY, \"Role Capabilities\")"),
    }
}

fn needs(role: &Role, capability: Capability) -> Result<(), Refusal> {
    demand(
        grants(role, capability),
        "the role lacks the capability (POLICY, \"Role Capabilities\")",
    )
}

/// What `who` does to the participant list.
fn lists_of(step: Step<'_>, who: &Who) -> Result<Vec<ParticipantListUpdate>, Refusal> {
    let deeds = step.attempt.deeds_of(who);
    updates::all(ComponentId::PARTICIPANT_LIST, &updates_among(deeds))
}

/// POLICY, "Adding": one's own clients by `canAddOwnClient`, for participants;
/// those of others along with their addition to the list.
fn may_add_client(step: Step<'_>, who: &Who, role: &Role, user: &MimiUri) -> Result<(), Refusal> {
    if *user == who.user {
        let is_listed = step.before.entry(user).is_some();
        return demand(
            is_listed && grants(role, Capability::ADD_OWN_CLIENT),
            "adds own clients without canAddOwnClient (POLICY, \"Adding\")",
        );
    }
    let lists = lists_of(step, who)?;
    let mut added = lists.iter().flat_map(|list| &list.added);
    demand(
        added.any(|added| added.user == *user),
        "adds a client of someone else (POLICY, \"Adding\")",
    )
}

/// POLICY, "Removing": the clients of whom one removes or bans go along, other
/// participants' by `canKick`, one's own by `canRemoveOwnClient`. PROTO,
/// "Update Room State": whoever is gone or banned takes its clients along.
fn may_remove_client(
    step: Step<'_>,
    who: &Who,
    role: &Role,
    user: &MimiUri,
) -> Result<(), Refusal> {
    if *user == who.user {
        return demand(
            !step.after.is_welcome(user) || grants(role, Capability::REMOVE_OWN_CLIENT),
            "removes own clients without canRemoveOwnClient (POLICY, \"Removing\")",
        );
    }
    let along = removes(step, who, user)? || bans(step, who, role, user)?;
    demand(
        along || grants(role, Capability::KICK),
        "removes a client of someone else without canKick (POLICY, \"Removing\")",
    )
}

/// Whether `who` takes `user` out of the list.
fn removes(step: Step<'_>, who: &Who, user: &MimiUri) -> Result<bool, Refusal> {
    let lists = lists_of(step, who)?;
    let mut removed = lists.iter().flat_map(|list| &list.removed);
    Ok(removed.any(|index| step.before.users[*index as usize].user == *user))
}

/// Whether `who` bans `user` by `canBan`; to change its role to the banned one
/// does not take its clients along.
fn bans(step: Step<'_>, who: &Who, role: &Role, user: &MimiUri) -> Result<bool, Refusal> {
    let lists = lists_of(step, who)?;
    let mut moved = lists.iter().flat_map(|list| &list.changed);
    let bans = moved.any(|moved| {
        step.before.users[moved.index as usize].user == *user
            && step.before.is_banned_role(moved.role)
    });
    Ok(bans && grants(role, Capability::BAN))
}

/// PROTO, "Participant List": each action is authorised by itself.
fn may_change_participants(
    room: &Room,
    who: &Who,
    role: &Role,
    list: &ParticipantListUpdate,
) -> Result<(), Refusal> {
    for moved in &list.changed {
        may_change_role(
            room,
            who,
            role,
            &room.users[moved.index as usize],
            moved.role,
        )?;
    }
    for index in &list.removed {
        may_remove(who, role, &room.users[*index as usize])?;
    }
    for added in &list.added {
        may_add(room, who, role, added)?;
    }
    Ok(())
}

/// POLICY, "Role Changes".
fn may_change_role(
    room: &Room,
    who: &Who,
    role: &Role,
    target: &Participant,
    to: u32,
) -> Result<(), Refusal> {
    if target.user == who.user {
        return may_change_own_role(room, who, role, to);
    }
    let bans = room.is_banned_role(to) && grants(role, Capability::BAN);
    let unbans = room.is_banned_role(target.role)
        && !room.is_banned_role(to)
        && grants(role, Capability::UNBAN);
    demand(
        bans || unbans || grants(role, Capability::CHANGE_USER_ROLE),
        "changes a role without the capability (POLICY, \"Role Changes\")",
    )?;
    demand(
        leads(role, target.role, to),
        "an unauthorised role change (POLICY, \"Role Changes\")",
    )
}

/// `canChangeOwnRole`: to the first role but 0 that preauthorisation gives,
/// whatever `authorized_role_changes` says. POLICY, "Preauthorized Users": not
/// for the banned.
fn may_change_own_role(room: &Room, who: &Who, role: &Role, to: u32) -> Result<(), Refusal> {
    needs(role, Capability::CHANGE_OWN_ROLE)?;
    demand(
        room.is_welcome(&who.user),
        "a ban is lifted by preauthorisation (POLICY, \"Preauthorized Users\")",
    )?;
    let roles = preauthorised(room, who);
    let first = roles.iter().find(|role| role.index != 0);
    demand(
        first.is_some_and(|role| role.index == to),
        "not the role that one is preauthorised for (POLICY, \"Role Changes\")",
    )
}

/// `canRemoveSelf` and `canRemoveParticipant`.
fn may_remove(who: &Who, role: &Role, target: &Participant) -> Result<(), Refusal> {
    let capability = if target.user == who.user {
        Capability::REMOVE_SELF
    } else {
        Capability::REMOVE_PARTICIPANT
    };
    demand(
        grants(role, capability),
        "removes without the capability (POLICY, \"Removing\")",
    )?;
    demand(
        leads(role, target.role, 0),
        "an unauthorised removal (POLICY, \"Removing\")",
    )
}

/// `canAddParticipant`, which is not for adding oneself. `canBan` reaches those
/// who are not in the list as well: it speaks of users, and the draft's
/// enforcers have it with a change from role 0 to 1, but add nobody.
fn may_add(room: &Room, who: &Who, role: &Role, added: &Participant) -> Result<(), Refusal> {
    demand(
        added.user != who.user,
        "adds itself as if it were another (POLICY, \"Adding\")",
    )?;
    let bans = room.is_banned_role(added.role) && grants(role, Capability::BAN);
    demand(
        bans || grants(role, Capability::ADD_PARTICIPANT),
        "adds without canAddParticipant (POLICY, \"Adding\")",
    )?;
    demand(
        leads(role, 0, added.role),
        "an unauthorised addition (POLICY, \"Adding\")",
    )
}

/// POLICY, "Adjust metadata": a capability for each field that changes.
fn may_change_metadata(room: &Room, role: &Role, new: &RoomMetadata) -> Result<(), Refusal> {
    let Some(old) = &room.metadata else {
        return Ok(());
    };
    let fields = [
        (old.name != new.name, Capability::CHANGE_ROOM_NAME),
        (
            old.descriptions != new.descriptions,
            Capability::CHANGE_ROOM_DESCRIPTION,
        ),
        (old.avatar != new.avatar, Capability::CHANGE_ROOM_AVATAR),
        (old.subject != new.subject, Capability::CHANGE_ROOM_SUBJECT),
        (old.mood != new.mood, Capability::CHANGE_ROOM_MOOD),
    ];
    for (changes, capability) in fields {
        if changes {
            needs(role, capability)?;
        }
    }
    Ok(())
}

/// Of join links, to add some is to create codes, and to remove some or all of
/// them is to delete codes.
fn may_change_join_links(role: &Role, update: Option<&[u8]>) -> Result<(), Refusal> {
    let Some(octets) = update else {
        return needs(role, Capability::DELETE_JOIN_CODE);
    };
    let update = [(ComponentId::JOIN_LINKS, Some(octets))];
    for update in updates::all::<JoinLinksUpdate>(ComponentId::JOIN_LINKS, &update)? {
        if !update.added.is_empty() {
            needs(role, Capability::CREATE_JOIN_CODE)?;
        }
        if !update.removed.is_empty() {
            needs(role, Capability::DELETE_JOIN_CODE)?;
        }
    }
    Ok(())
}
