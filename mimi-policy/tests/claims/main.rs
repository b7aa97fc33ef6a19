//! How a host lets a room ask what credentials say: `Claims` for X.509
//! certificates and for JWTs. This crate parses neither, so that it binds nobody
//! to a library; the two modules are what a host writes, whole.
//!
//! The draft compares claims octet by octet and leaves open which octets (POLICY,
//! "Preauthorized Users"). What the modules choose is said there. Hub and members
//! have to choose the same, or they will disagree on who was admitted; each rule
//! takes what is in the credential as it is, so that nobody converts anything.
//!
//! Before a credential is asked, the host has checked it: signatures, validity,
//! that it is the sender's, and which user it names.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(clippy::unwrap_used, reason = "tests stop at what must not happen")]

#[path = "../common/mod.rs"]
mod common;
mod jwt;
mod x509;

use common::*;
use mimi_content::MimiUri;
use mimi_policy::{
    Actor, Authorized, Capability, Claim, Claims, Denied, PreauthEntry, PreauthList,
};

fn claim(credential_type: u16, id: &[u8], value: &[u8]) -> Claim {
    Claim {
        credential_type,
        id: id.to_vec().into(),
        value: value.to_vec().into(),
    }
}

/// The room for questions on employee benefits: whoever has the first claims is
/// a group admin there, and whoever has the others an ordinary user.
fn benefits(first: Vec<Claim>, others: Vec<Claim>) -> Room {
    let mut room = room();
    for role in [GROUP_ADMIN, ORDINARY_USER] {
        room = room.with_role(role, |role| {
            let more = [
                Capability::JOIN_IF_PREAUTHORIZED,
                Capability::CHANGE_OWN_ROLE,
            ];
            role.capabilities = role.capabilities.iter().chain(more).collect();
        });
    }
    // An entry has the role whole, and counts as long as the room has just that.
    let role = |index| room.roles.get(index).unwrap().clone();
    let entries = vec![
        PreauthEntry {
            claims: first,
            role: role(GROUP_ADMIN),
        },
        PreauthEntry {
            claims: others,
            role: role(ORDINARY_USER),
        },
    ];
    room.preauth = Some(PreauthList(entries));
    room
}

/// Someone outside commits itself into the room in a role, with a client.
fn joins(
    room: &Room,
    user: &MimiUri,
    claims: &dyn Claims,
    role: u32,
) -> Result<Authorized, Denied> {
    let joiner = Actor::Joiner {
        user,
        claims,
        code: None,
    };
    let itself = octets(&add(user, role));
    room.act(joiner, &[list(&itself), join_client(user)])
}

/// Bob, a participant, takes another role.
fn bob_becomes(room: &Room, claims: &dyn Claims, role: u32) -> Result<Authorized, Denied> {
    let bob = bob();
    let itself = octets(&set_role(1, role));
    let actor = Actor::Participant { user: &bob, claims };
    room.act(actor, &[list(&itself)])
}
