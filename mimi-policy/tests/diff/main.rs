//! What people are told of a change before they agree to it.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests stop at what must not happen"
)]

mod always;
#[path = "../common/mod.rs"]
mod common;
mod components;
mod people;
mod room;
use common::*;
use insta::assert_snapshot;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::media::MediaType;
use mimi_content::tls::Encode;
use mimi_policy::*;
use proptest::prelude::*;
use proptest::sample::Index;

/// A room by its components.
#[derive(Clone)]
struct Side(ComponentMap);

/// Alice, Bob and the hub.
fn side() -> Side {
    let mut room = room();
    room.users.remove(2);
    let mut components = room.components();
    components.remove(ComponentId::STATUS_NOTIFICATION_POLICY);
    Side(components)
}

impl Side {
    fn with(mut self, id: ComponentId, value: &impl Encode) -> Self {
        self.0.insert(id, octets(value));
        self
    }

    fn with_users(self, users: &[(MimiUriText, u32)]) -> Self {
        let users = users.iter().map(|(user, role)| Participant {
            user: uri(user),
            role: *role,
        });
        let list = ParticipantList::new(users.collect()).unwrap();
        self.with(ComponentId::PARTICIPANT_LIST, &list)
    }

    fn with_roles(self, change: impl FnOnce(&mut Vec<Role>)) -> Self {
        let mut roles: Vec<_> = presets::cooperative().iter().cloned().collect();
        change(&mut roles);
        self.with(ComponentId::ROLES_LIST, &RoleList::new(roles).unwrap())
    }

    fn policy(&self) -> RoomPolicy {
        RoomPolicy::from_components(&self.0).unwrap()
    }

    /// What changes if this becomes `after`, a line each.
    fn to(&self, after: &Side) -> String {
        let lines = diff(&self.policy(), &after.policy());
        let lines: Vec<_> = lines.iter().map(Difference::to_string).collect();
        lines.join("\n")
    }

    /// What changes when `value` comes into the room.
    fn gaining(&self, id: ComponentId, value: &impl Encode) -> String {
        self.to(&self.clone().with(id, value))
    }
}

type MimiUriText = &'static str;

const ALICE: MimiUriText = "mimi://a.example/u/alice";
const BOB: MimiUriText = "mimi://b.example/u/bob";
const CATHY: MimiUriText = "mimi://c.example/u/cathy";
const HUB: MimiUriText = "mimi://a.example";
