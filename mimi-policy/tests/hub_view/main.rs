//! What only the hub of a room knows: who is in the parent room, which other
//! rooms there are, which join codes are valid, and what it hosts at all.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(clippy::unwrap_used, reason = "tests stop at what must not happen")]

mod beginning;
mod codes;
#[path = "../common/mod.rs"]
mod common;
mod envelope;
mod leavers;
mod parent;
mod twin;

use common::*;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_policy::{BaseRoomPolicy, Capability, HubView, RoomMetadata, RoomPolicy};

/// The room on which others depend.
fn parent_uri() -> MimiUri {
    uri("mimi://a.example/r/parent")
}

fn eve() -> MimiUri {
    uri("mimi://e.example/u/eve")
}

/// A parent room with these participants.
fn parent(users: &[(MimiUri, u32)]) -> RoomPolicy {
    let room = Room {
        users: users.to_vec(),
        ..room()
    };
    let metadata = RoomMetadata::new(parent_uri(), "Everybody");
    room.with(ComponentId::ROOM_METADATA, &metadata).policy()
}

/// Alice, Bob, Cathy, Dora and Eve.
fn everybody() -> RoomPolicy {
    let users = [alice(), bob(), cathy(), dora(), eve()];
    parent(&users.map(|user| (user, ORDINARY_USER)))
}

/// The usual room, where nobody can add participants, as one of fixed
/// membership demands.
fn closed() -> Room {
    let mut room = room();
    for role in [ORDINARY_USER, GROUP_ADMIN, SUPER_ADMIN] {
        room = room.with_role(role, |role| {
            let capabilities = role.capabilities.iter();
            role.capabilities = capabilities
                .filter(|one| *one != Capability::ADD_PARTICIPANT)
                .collect();
        });
    }
    room
}

fn depending() -> BaseRoomPolicy {
    BaseRoomPolicy {
        parent_room: Some(parent_uri()),
        ..BaseRoomPolicy::default()
    }
}

fn fixed() -> BaseRoomPolicy {
    BaseRoomPolicy {
        fixed_membership: true,
        ..BaseRoomPolicy::default()
    }
}

fn knows(parent: &RoomPolicy) -> HubView<'_> {
    HubView {
        parent: Some(parent),
        ..HubView::default()
    }
}
