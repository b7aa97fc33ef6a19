//! What the linter tells administrators.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(clippy::unwrap_used, reason = "tests stop at what must not happen")]

mod always;
#[path = "../common/mod.rs"]
mod common;
mod components;
mod preauth;
mod roles;
use common::*;
use insta::assert_snapshot;
use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;
use mimi_policy::*;
use proptest::prelude::*;

const USER: u32 = 2;
const ADMIN: u32 = 3;

/// A room in which there is nothing to find, part by part.
#[derive(Debug, Clone)]
struct Plan {
    roles: Vec<Role>,
    users: Vec<(&'static str, u32)>,
    base: BaseRoomPolicy,
    preauth: Vec<PreauthEntry>,
    more: ComponentMap,
}

fn role(index: u32, name: &str, capabilities: &[Capability], changes: &[(u32, &[u32])]) -> Role {
    let changes = changes.iter().map(|(from, to)| RoleChanges {
        from: *from,
        to: to.to_vec(),
    });
    Role {
        index,
        name: name.to_owned(),
        capabilities: capabilities.iter().copied().collect(),
        role_changes: changes.collect(),
        ..Role::default()
    }
}

/// Users who talk and leave, and admins who do everything and of whom one
/// stays; anyone may come in by a code.
fn plan() -> Plan {
    use Capability as C;
    let user = [C::SEND_MESSAGE, C::RECEIVE_MESSAGE, C::REMOVE_SELF];
    let admin = [
        C::SEND_MESSAGE,
        C::RECEIVE_MESSAGE,
        C::REMOVE_SELF,
        C::ADD_PARTICIPANT,
        C::REMOVE_PARTICIPANT,
        C::BAN,
        C::UNBAN,
        C::CHANGE_USER_ROLE,
        C::CHANGE_ROLE_DEFINITIONS,
    ];
    let mut banned = role(1, "banned", &[], &[]);
    banned.max_active = Some(0);
    let mut admin = role(
        ADMIN,
        "admin",
        &admin,
        &[(0, &[2, 3]), (1, &[0, 2]), (2, &[0, 1, 3]), (3, &[0, 1, 2])],
    );
    admin.min_participants = 1;
    Plan {
        roles: vec![
            role(0, "no_role", &[C::USE_JOIN_CODE], &[(0, &[2])]),
            banned,
            role(USER, "user", &user, &[(2, &[0])]),
            admin,
        ],
        users: vec![("alice", ADMIN), ("bob", USER)],
        base: BaseRoomPolicy {
            policy_components: vec![ComponentId::ROLES_LIST],
            ..BaseRoomPolicy::default()
        },
        preauth: Vec::new(),
        more: ComponentMap::new(),
    }
}

impl Plan {
    fn with_role(mut self, index: u32, change: impl Fn(&mut Role)) -> Self {
        let found = self.roles.iter_mut().find(|role| role.index == index);
        change(found.unwrap());
        self
    }

    fn granting(self, index: u32, capability: Capability) -> Self {
        self.with_role(index, |role| {
            let more = role.capabilities.iter().chain([capability]);
            role.capabilities = more.collect();
        })
    }

    fn revoking(self, index: u32, capability: Capability) -> Self {
        self.with_role(index, |role| {
            let fewer = role.capabilities.iter().filter(|c| *c != capability);
            role.capabilities = fewer.collect();
        })
    }

    fn moving(self, index: u32, from: u32, to: &[u32]) -> Self {
        self.with_role(index, |role| {
            role.role_changes.retain(|changes| changes.from != from);
            let to = to.to_vec();
            role.role_changes.push(RoleChanges { from, to });
        })
    }

    /// Whoever has all these claims is preauthorised for the role.
    fn preauthorising(mut self, role: u32, claims: &[&'static str]) -> Self {
        let found = self.roles.iter().find(|other| other.index == role);
        let role = found.cloned().unwrap_or(Role {
            index: role,
            ..Role::default()
        });
        let claims = claims.iter().map(|claim| Claim {
            credential_type: 2,
            id: claim.as_bytes().into(),
            value: b"yes".as_slice().into(),
        });
        let claims = claims.collect();
        self.preauth.push(PreauthEntry { claims, role });
        if !self
            .base
            .policy_components
            .contains(&ComponentId::PREAUTH_LIST)
        {
            self.base.policy_components.push(ComponentId::PREAUTH_LIST);
        }
        self
    }

    fn with(mut self, id: ComponentId, value: &impl Encode) -> Self {
        self.more.insert(id, octets(value));
        self.base.policy_components.push(id);
        self
    }

    fn policy(&self) -> RoomPolicy {
        let users = self.users.iter().map(|(name, role)| Participant {
            user: uri(&format!("mimi://a.example/u/{name}")),
            role: *role,
        });
        let list = ParticipantList::new(users.collect()).unwrap();
        let mut components = self.more.clone();
        components.insert(ComponentId::PARTICIPANT_LIST, octets(&list));
        let roles = RoleList::new(self.roles.clone()).unwrap();
        components.insert(ComponentId::ROLES_LIST, octets(&roles));
        components.insert(ComponentId::BASE_ROOM_POLICY, octets(&self.base));
        if !self.preauth.is_empty() {
            let preauth = PreauthList(self.preauth.clone());
            components.insert(ComponentId::PREAUTH_LIST, octets(&preauth));
        }
        RoomPolicy::from_components(&components).unwrap()
    }

    /// All findings, a line each.
    fn findings(&self) -> String {
        let findings = lint(&self.policy());
        let lines: Vec<_> = findings.iter().map(Finding::to_string).collect();
        lines.join("\n")
    }
}
