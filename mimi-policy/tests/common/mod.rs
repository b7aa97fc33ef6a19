//! A room to tell stories about.

// Each story is a crate of its own that includes this file and uses a part.
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "not every test uses all of it"
)]

use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;
use mimi_policy::{
    Actor, Authorized, BaseRoomPolicy, Bundle, Candidate, Change, Claim, Claims, ClientIndex,
    Denied, HubView, Invalid, LeafFacts, Op, Participant, ParticipantList, ParticipantListUpdate,
    PreauthList, RoleLabel, RoleList, RoleMove, RoomMetadata, RoomPolicy, presets,
};

pub use mimi_policy::presets::{GROUP_ADMIN, ORDINARY_USER, POLICY_ENFORCER, SUPER_ADMIN};

pub const BANNED: u32 = 1;

pub fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

pub fn alice() -> MimiUri {
    uri("mimi://a.example/u/alice")
}
pub fn bob() -> MimiUri {
    uri("mimi://b.example/u/bob")
}
pub fn cathy() -> MimiUri {
    uri("mimi://c.example/u/cathy")
}
pub fn dora() -> MimiUri {
    uri("mimi://d.example/u/dora")
}
pub fn hub() -> MimiUri {
    uri("mimi://a.example")
}

/// A role of the preset of [`room`], as sentences name it.
pub fn label(index: u32) -> RoleLabel {
    presets::cooperative().get(index).unwrap().into()
}

/// A room under test: its parts, its clients.
#[derive(Clone)]
pub struct Room {
    pub users: Vec<(MimiUri, u32)>,
    pub roles: RoleList,
    pub base: BaseRoomPolicy,
    pub preauth: Option<PreauthList>,
    /// Components beyond, or in the place of, those that every room here has.
    pub further: ComponentMap,
    pub clients: ClientIndex,
}

/// Alice, the super admin, has leaves 0 and 1; Bob, an ordinary user, 2 and 3;
/// Cathy, an ordinary user, 4. The hub enforces.
pub fn room() -> Room {
    let clients = [
        (0, alice()),
        (1, alice()),
        (2, bob()),
        (3, bob()),
        (4, cathy()),
    ];
    Room {
        users: vec![
            (alice(), SUPER_ADMIN),
            (bob(), ORDINARY_USER),
            (cathy(), ORDINARY_USER),
            (hub(), POLICY_ENFORCER),
        ],
        roles: presets::cooperative(),
        base: BaseRoomPolicy::default(),
        preauth: None,
        further: ComponentMap::new(),
        clients: clients.into_iter().collect(),
    }
}

pub fn metadata() -> RoomMetadata {
    RoomMetadata::new(uri("mimi://a.example/r/clubhouse"), "Clubhouse")
}

impl Room {
    pub fn components(&self) -> ComponentMap {
        let users = self.users.iter().map(|(user, role)| Participant {
            user: user.clone(),
            role: *role,
        });
        let list = ParticipantList::new(users.collect()).unwrap();
        let mut map: ComponentMap = [
            (ComponentId::APP_COMPONENTS, vec![0]),
            (ComponentId::FRANKING_AGENT, b"key".to_vec()),
            (ComponentId::STATUS_NOTIFICATION_POLICY, vec![0, 2]),
            (ComponentId(0xfe26), b"whatever".to_vec()),
            (ComponentId::PARTICIPANT_LIST, list.to_vec().unwrap()),
            (ComponentId::ROOM_METADATA, metadata().to_vec().unwrap()),
            (ComponentId::ROLES_LIST, self.roles.to_vec().unwrap()),
            (ComponentId::BASE_ROOM_POLICY, self.base.to_vec().unwrap()),
        ]
        .into_iter()
        .collect();
        if let Some(preauth) = &self.preauth {
            map.insert(ComponentId::PREAUTH_LIST, preauth.to_vec().unwrap());
        }
        for (id, data) in self.further.iter() {
            map.insert(id, data.clone());
        }
        map
    }

    pub fn policy(&self) -> RoomPolicy {
        RoomPolicy::from_components(&self.components()).unwrap()
    }

    /// Adds a component, or replaces one.
    pub fn with(mut self, id: ComponentId, data: &impl Encode) -> Self {
        self.further.insert(id, octets(data));
        self
    }

    /// Changes one role.
    pub fn with_role(mut self, index: u32, change: impl Fn(&mut mimi_policy::Role)) -> Self {
        let mut roles: Vec<_> = self.roles.iter().cloned().collect();
        roles
            .iter_mut()
            .filter(|role| role.index == index)
            .for_each(change);
        self.roles = RoleList::new(roles).unwrap();
        self
    }

    pub fn commit(
        &self,
        committer: Actor<'_>,
        bundles: &[Bundle<'_>],
    ) -> Result<Authorized, Denied> {
        self.judge(Some(committer), bundles, None)
    }

    /// Proposals that nobody commits yet.
    pub fn propose(&self, bundles: &[Bundle<'_>]) -> Result<Authorized, Denied> {
        self.judge(None, bundles, None)
    }

    /// The same, judged by the hub.
    pub fn propose_at_hub(
        &self,
        bundles: &[Bundle<'_>],
        hub: HubView<'_>,
    ) -> Result<Authorized, Denied> {
        self.judge(None, bundles, Some(hub))
    }

    /// One actor commits its own changes.
    pub fn act(&self, actor: Actor<'_>, changes: &[Change<'_>]) -> Result<Authorized, Denied> {
        self.commit(actor, &[Bundle { actor, changes }])
    }

    /// The same, judged by the hub.
    pub fn act_at_hub(
        &self,
        actor: Actor<'_>,
        changes: &[Change<'_>],
        hub: HubView<'_>,
    ) -> Result<Authorized, Denied> {
        self.judge(Some(actor), &[Bundle { actor, changes }], Some(hub))
    }

    pub fn resolve(&self, updates: &[(ComponentId, Op<'_>)]) -> Result<RoomPolicy, Invalid> {
        let policy = self.policy();
        let draft = policy.resolve(updates.iter().copied())?;
        let mut components = policy.components();
        for (id, data) in draft.changed() {
            match data {
                Some(data) => drop(components.insert(id, data.clone())),
                None => drop(components.remove(id)),
            }
        }
        // What `changed` tells an MLS implementation is a policy again.
        Ok(RoomPolicy::from_components(&components).unwrap())
    }

    fn judge(
        &self,
        committer: Option<Actor<'_>>,
        bundles: &[Bundle<'_>],
        hub: Option<HubView<'_>>,
    ) -> Result<Authorized, Denied> {
        let policy = self.policy();
        let before = policy.components();
        let draft = policy.resolve(updates(bundles)).unwrap();
        let verdict = policy.authorize(
            &draft,
            &Candidate {
                committer,
                bundles,
                clients: &self.clients,
                hub,
            },
        );
        assert_eq!(policy.components(), before);
        verdict
    }
}

pub fn updates<'a>(bundles: &'a [Bundle<'a>]) -> impl Iterator<Item = (ComponentId, Op<'a>)> + 'a {
    let changes = bundles.iter().flat_map(|bundle| bundle.changes);
    changes.filter_map(|change| match *change {
        Change::Component { id, op } => Some((id, op)),
        _ => None,
    })
}

pub fn add(user: &MimiUri, role: u32) -> ParticipantListUpdate {
    ParticipantListUpdate {
        added: vec![Participant {
            user: user.clone(),
            role,
        }],
        ..Default::default()
    }
}

/// Indices: Alice 0, Bob 1, Cathy 2, the hub 3.
pub fn remove(index: u32) -> ParticipantListUpdate {
    ParticipantListUpdate {
        removed: vec![index],
        ..Default::default()
    }
}

pub fn set_role(index: u32, role: u32) -> ParticipantListUpdate {
    ParticipantListUpdate {
        changed: vec![RoleMove { index, role }],
        ..Default::default()
    }
}

/// The encoding, which takes one allocation.
pub fn octets(value: &impl Encode) -> Vec<u8> {
    let mut octets = Vec::new();
    let memory = allocation_counter::measure(|| octets = value.to_vec().unwrap());
    assert_eq!(memory.count_total, u64::from(!octets.is_empty()));
    octets
}

pub fn list(octets: &[u8]) -> Change<'_> {
    component(ComponentId::PARTICIPANT_LIST, octets)
}

pub fn component(id: ComponentId, octets: &[u8]) -> Change<'_> {
    Change::Component {
        id,
        op: Op::Update(octets),
    }
}

pub fn removal(id: ComponentId) -> Change<'static> {
    Change::Component { id, op: Op::Remove }
}

pub fn join_client(user: &MimiUri) -> Change<'_> {
    Change::AddClient {
        user,
        leaf: LeafFacts::default(),
    }
}

/// Another leaf for a client of whoever does this.
pub const fn update_client() -> Change<'static> {
    Change::UpdateClient {
        leaf: LeafFacts {
            supports: None,
            key_package: None,
            credential: None,
        },
    }
}

pub fn drop_client(leaf: u32, user: &MimiUri) -> Change<'_> {
    Change::RemoveClient { leaf, user }
}

/// A credential that says `department = hr`.
pub struct Hr;

impl Claims for Hr {
    fn matches(&self, credential_type: u16, id: &[u8], value: &[u8]) -> bool {
        credential_type == 2 && id == b"department" && value == b"hr"
    }
}

/// What a credential must say to match [`Hr`].
pub fn hr() -> Vec<Claim> {
    vec![Claim {
        credential_type: 2,
        id: b"department".as_slice().into(),
        value: b"hr".as_slice().into(),
    }]
}
