//! A room to which anybody does anything.

use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;
use mimi_policy::{
    Actor, BaseRoomPolicy, Bundle, Candidate, Change, ClientIndex, LeafFacts, Op, Participant,
    ParticipantList, ParticipantListUpdate, PreauthEntry, PreauthList, RoleMove, RoomMetadata,
    RoomPolicy, presets,
};

/// Most commits of one run.
const MAX_COMMITS: usize = 8;

const USERS: [&str; 6] = [
    "mimi://a.example/u/alice",
    "mimi://b.example/u/bob",
    "mimi://c.example/u/cathy",
    "mimi://a.example",
    "mimi://d.example/u/dora",
    "mimi://e.example/u/eve",
];

/// Commits and proposals, one after the other, each read from the octets and
/// judged in the room that the accepted ones made of it.
///
/// The octets are instructions, each argument one octet, absent ones 0:
///
/// - A commit: `commits`, odd if somebody commits and even if all is only
///   proposed; `bundles`, of which there are `1 + bundles % 3`.
/// - A bundle: `kind` (member, joiner, external), `user`, `changes`, of which
///   there are `changes % 6`.
/// - A change: `kind % 10` and its arguments; see `Deed::read`.
///
/// Neither resolving nor judging changes a policy. An accepted policy admits
/// the clients it then has, is what its components decode to, and is what the
/// draft told the MLS implementation.
pub fn policy_resolve(data: &[u8]) {
    accepted_commits(data);
}

/// Runs [`policy_resolve`], and tells how many commits and sets of proposals
/// were accepted.
pub fn accepted_commits(data: &[u8]) -> usize {
    let mut accepted = 0;
    let mut script = Script(data);
    let users = USERS.map(|text| MimiUri::parse(text).unwrap());
    let mut room = Room::new(&users);
    for _ in 0..MAX_COMMITS {
        if script.0.is_empty() {
            break;
        }
        accepted += usize::from(room.commit(&mut script, &users));
    }
    accepted
}

/// Octets to be taken one by one; behind the end are zeros.
pub(super) struct Script<'a>(pub(super) &'a [u8]);

impl<'a> Script<'a> {
    pub(super) fn octet(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.octet()) % bound
    }

    fn number(&mut self, bound: usize) -> u32 {
        self.below(bound) as u32
    }

    /// As many octets as the next one says, or as there are.
    fn octets(&mut self) -> &'a [u8] {
        let len = usize::from(self.octet()).min(self.0.len());
        let (taken, rest) = self.0.split_at(len);
        self.0 = rest;
        taken
    }
}

/// A change with what it borrows.
enum Deed {
    Add(usize),
    Remove(u32, usize),
    Component(ComponentId, Option<Vec<u8>>),
    Plain(Change<'static>),
}

impl Deed {
    fn read(script: &mut Script<'_>, users: &[MimiUri]) -> Self {
        let users_of = |script: &mut Script<'_>| script.below(USERS.len());
        match script.below(10) {
            0 => Deed::Add(users_of(script)),
            1 => Deed::Remove(script.number(16), users_of(script)),
            2 => Deed::update(ComponentId::PARTICIPANT_LIST, &list_update(script, users)),
            3 => Deed::update(ComponentId::ROLES_LIST, &roles(script)),
            4 => Deed::update(ComponentId::BASE_ROOM_POLICY, &base(script, users)),
            5 => {
                let mut metadata = metadata(script.number(2) == 1);
                metadata.subject = String::from_utf8_lossy(script.octets()).into_owned();
                Deed::update(ComponentId::ROOM_METADATA, &metadata)
            }
            6 => Deed::update(ComponentId::PREAUTH_LIST, &preauth(script)),
            7 => Deed::Component(ComponentId(0x20 + script.octet() as u16 % 0x12), None),
            8 => {
                let id = ComponentId(0x20 + script.octet() as u16 % 0x12);
                Deed::Component(id, Some(script.octets().to_vec()))
            }
            _ => Deed::Plain(match script.below(6) {
                0 => Change::UpdateClient {
                    leaf: LeafFacts::default(),
                },
                1 => Change::Psk,
                2 => Change::ReInit,
                3 => Change::GroupContextExtensions { prescribed: true },
                4 => Change::GroupContextExtensions { prescribed: false },
                _ => Change::Other { proposal_type: 9 },
            }),
        }
    }

    fn update(id: ComponentId, value: &impl Encode) -> Self {
        Deed::Component(id, Some(value.to_vec().unwrap()))
    }

    fn change<'a>(&'a self, users: &'a [MimiUri]) -> Change<'a> {
        match self {
            Deed::Add(user) => Change::AddClient {
                user: &users[*user],
                leaf: LeafFacts::default(),
            },
            Deed::Remove(leaf, user) => Change::RemoveClient {
                leaf: *leaf,
                user: &users[*user],
            },
            Deed::Component(id, data) => Change::Component {
                id: *id,
                op: data.as_deref().map_or(Op::Remove, Op::Update),
            },
            Deed::Plain(change) => *change,
        }
    }
}

fn list_update(script: &mut Script<'_>, users: &[MimiUri]) -> ParticipantListUpdate {
    let (changed, removed, added) = (script.below(3), script.below(3), script.below(3));
    ParticipantListUpdate {
        changed: (0..changed)
            .map(|_| RoleMove {
                index: script.number(8),
                role: script.number(7),
            })
            .collect(),
        removed: (0..removed).map(|_| script.number(8)).collect(),
        added: (0..added)
            .map(|_| Participant {
                user: users[script.below(USERS.len())].clone(),
                role: script.number(7),
            })
            .collect(),
    }
}

/// The preset with one of its roles altered.
fn roles(script: &mut Script<'_>) -> mimi_policy::RoleList {
    let mut roles: Vec<_> = presets::cooperative().iter().cloned().collect();
    let at = script.below(roles.len());
    let role = &mut roles[at];
    let value = script.number(5);
    match script.below(7) {
        0 => role.min_participants = value,
        1 => role.max_participants = Some(value),
        2 => role.min_active = value,
        3 => role.max_active = Some(value),
        4 => {
            role.capabilities = script
                .octets()
                .chunks(2)
                .map(|pair| u16::from_be_bytes([pair[0] % 7, pair.get(1).copied().unwrap_or(0)]))
                .map(mimi_policy::Capability)
                .collect();
        }
        5 => role.role_changes.truncate(value as usize),
        _ => drop(roles.remove(at)),
    }
    mimi_policy::RoleList::new(roles).unwrap_or_else(|_| presets::cooperative())
}

fn base(script: &mut Script<'_>, users: &[MimiUri]) -> BaseRoomPolicy {
    let flags = script.octet();
    let flag = |bit: u8| flags & (1 << bit) != 0;
    let (clients, people) = (script.number(9), script.number(9));
    BaseRoomPolicy {
        fixed_membership: flag(0),
        parent_room: flag(1).then(|| users[0].clone()),
        multi_device: flag(2),
        max_clients: flag(3).then_some(clients),
        max_users: flag(4).then_some(people),
        pseudonyms_allowed: flag(5),
        persistent_room: flag(6),
        discoverable: flag(7),
        policy_components: Vec::new(),
    }
}

fn preauth(script: &mut Script<'_>) -> PreauthList {
    let roles = presets::cooperative();
    let role = roles.get(script.number(6)).unwrap().clone();
    let entry = PreauthEntry {
        claims: Vec::new(),
        role,
    };
    PreauthList(vec![entry; script.below(3)])
}

fn metadata(other_room: bool) -> RoomMetadata {
    let room = match other_room {
        true => "mimi://a.example/r/other",
        false => "mimi://a.example/r/clubhouse",
    };
    RoomMetadata::new(MimiUri::parse(room).unwrap(), "Clubhouse")
}

struct Room {
    policy: RoomPolicy,
    clients: ClientIndex,
    next_leaf: u32,
}

impl Room {
    /// Alice, the super admin, has leaves 0 and 1; Bob, an ordinary user, 2
    /// and 3; Cathy, another, 4. The hub enforces. Dora and Eve are outside.
    fn new(users: &[MimiUri]) -> Self {
        let roles = [
            presets::SUPER_ADMIN,
            presets::ORDINARY_USER,
            presets::ORDINARY_USER,
            presets::POLICY_ENFORCER,
        ];
        let participants = std::iter::zip(users, roles).map(|(user, role)| Participant {
            user: user.clone(),
            role,
        });
        let list = ParticipantList::new(participants.collect()).unwrap();
        let components: ComponentMap = [
            (ComponentId::FRANKING_AGENT, b"key".to_vec()),
            (ComponentId::STATUS_NOTIFICATION_POLICY, vec![0, 2]),
            (ComponentId(0xfe26), b"whatever".to_vec()),
            (ComponentId::PARTICIPANT_LIST, list.to_vec().unwrap()),
            (
                ComponentId::ROOM_METADATA,
                metadata(false).to_vec().unwrap(),
            ),
            (
                ComponentId::ROLES_LIST,
                presets::cooperative().to_vec().unwrap(),
            ),
            (
                ComponentId::BASE_ROOM_POLICY,
                BaseRoomPolicy::default().to_vec().unwrap(),
            ),
        ]
        .into_iter()
        .collect();
        let leaves = [0, 0, 1, 1, 2].into_iter().zip(0..);
        Room {
            policy: RoomPolicy::from_components(&components).unwrap(),
            clients: leaves
                .map(|(user, leaf): (usize, _)| (leaf, users[user].clone()))
                .collect(),
            next_leaf: 5,
        }
    }

    /// Whether what the script says is accepted.
    fn commit(&mut self, script: &mut Script<'_>, users: &[MimiUri]) -> bool {
        let commits = script.octet() % 2 == 1;
        let deeds: Vec<(usize, usize, Vec<Deed>)> = (0..1 + script.below(3))
            .map(|_| {
                let (kind, user, changes) =
                    (script.below(3), script.below(USERS.len()), script.below(6));
                let deeds = (0..changes).map(|_| Deed::read(script, users)).collect();
                (kind, user, deeds)
            })
            .collect();
        let changes: Vec<Vec<Change<'_>>> = deeds
            .iter()
            .map(|(_, _, deeds)| deeds.iter().map(|deed| deed.change(users)).collect())
            .collect();
        let bundles: Vec<Bundle<'_>> = std::iter::zip(&deeds, &changes)
            .map(|((kind, user, _), changes)| Bundle {
                actor: match kind {
                    0 => Actor::participant(&users[*user]),
                    1 => Actor::joiner(&users[*user]),
                    _ => Actor::external(&users[*user]),
                },
                changes,
            })
            .collect();
        let Some(after) = self.judge(commits, &bundles) else {
            return false;
        };
        self.follow(&bundles);
        after.admits(&self.clients).unwrap();
        self.policy = after;
        true
    }

    /// The policy after the bundles, if they are allowed.
    fn judge(&self, commits: bool, bundles: &[Bundle<'_>]) -> Option<RoomPolicy> {
        let before = self.policy.components();
        let unchanged = || assert_eq!(self.policy.components(), before);
        for bundle in bundles {
            let _ = self
                .policy
                .may_propose(&self.policy, &[], bundle, &self.clients);
            let _ = self.policy.may_join(&bundle.actor);
        }
        let updates = bundles.iter().flat_map(|bundle| bundle.changes);
        let updates = updates.filter_map(|change| match *change {
            Change::Component { id, op } => Some((id, op)),
            _ => None,
        });
        let draft = self.policy.resolve(updates);
        unchanged();
        let draft = draft.ok()?;
        let candidate = Candidate {
            committer: commits.then(|| bundles[0].actor),
            bundles,
            clients: &self.clients,
            hub: None,
        };
        let verdict = self.policy.authorize(&draft, &candidate);
        unchanged();
        let after = verdict.ok()?.into_policy();
        let mut told = before.clone();
        for (id, data) in draft.changed() {
            match data {
                Some(data) => drop(told.insert(id, data.clone())),
                None => drop(told.remove(id)),
            }
        }
        assert_eq!(after.components(), told);
        let restored = RoomPolicy::from_components(&told).unwrap();
        assert_eq!(restored.participants(), after.participants());
        assert_eq!(restored.roles(), after.roles());
        assert_eq!(restored.base(), after.base());
        assert_eq!(restored.metadata(), after.metadata());
        assert_eq!(restored.preauth(), after.preauth());
        Some(after)
    }

    /// Lets the clients come and go.
    fn follow(&mut self, bundles: &[Bundle<'_>]) {
        for change in bundles.iter().flat_map(|bundle| bundle.changes) {
            match *change {
                Change::AddClient { user, .. } => {
                    self.clients.insert(self.next_leaf, user.clone());
                    self.next_leaf += 1;
                }
                Change::RemoveClient { leaf, .. } => drop(self.clients.remove(leaf)),
                _ => {}
            }
        }
    }
}
