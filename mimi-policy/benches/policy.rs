//! How fast a room's policy is read, changed and asked, in rooms of 10 and of
//! 10,000 participants, with random subjects.
//!
//! ```sh
//! cargo bench -p mimi-policy --bench policy
//! ```
//!
//! Two kinds of figures stand beside their floors in the same run. Of a verdict,
//! the floor is to look up whom and what it is about, once each: the role of the
//! actor, the owner of the leaf, the clients of the user, and the octets of the
//! update compared with those that were resolved. Of reading, it is the UTF-8
//! check of all users and an index that finds duplicates. Every figure is the
//! fastest of many samples.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a measurement is no library code"
)]

use std::collections::HashSet;
use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, Encode, Reader};
use mimi_policy::{
    Actor, BaseRoomPolicy, Bundle, Candidate, Change, ClientIndex, Draft, LeafFacts, Op,
    Participant, ParticipantList, ParticipantListUpdate, RoleMove, RoomPolicy, presets,
};

/// How many different changes of each kind there are.
const SUBJECTS: usize = 256;
const SAMPLES: usize = 4000;
/// For what takes longer.
const FEWER_SAMPLES: usize = 60;
const ADMINS: usize = 3;

/// A small generator, so that each run has the same subjects.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

struct Room {
    policy: RoomPolicy,
    clients: ClientIndex,
    list: Bytes,
}

fn user(random: &mut Random, number: usize) -> MimiUri {
    let provider = random.below(20);
    let name = random.below(1 << 24);
    MimiUri::parse(&format!("mimi://p{provider}.example/u/{name:x}.{number}")).unwrap()
}

fn room(size: usize) -> Room {
    let mut random = Random(7);
    let entries: Vec<Participant> = (0..size)
        .map(|number| Participant {
            user: user(&mut random, number),
            role: if number < ADMINS {
                presets::SUPER_ADMIN
            } else {
                presets::ORDINARY_USER
            },
        })
        .collect();
    let clients = (0..)
        .zip(entries.iter().map(|entry| entry.user.clone()))
        .collect();
    let list: Bytes = ParticipantList::new(entries)
        .unwrap()
        .to_vec()
        .unwrap()
        .into();
    let components: ComponentMap = [
        (ComponentId::PARTICIPANT_LIST, list.clone()),
        (
            ComponentId::ROLES_LIST,
            presets::cooperative().to_vec().unwrap().into(),
        ),
        (
            ComponentId::BASE_ROOM_POLICY,
            BaseRoomPolicy::default().to_vec().unwrap().into(),
        ),
    ]
    .into_iter()
    .collect();
    Room {
        policy: RoomPolicy::from_components(&components).unwrap(),
        clients,
        list,
    }
}

/// One change of one user, as its update and what else belongs to it.
struct Subject {
    by: MimiUri,
    update: Option<Vec<u8>>,
    added: Option<MimiUri>,
    removed: Option<(u32, MimiUri)>,
}

fn subjects(room: &Room, kind: &str) -> Vec<Subject> {
    let mut random = Random(99);
    let size = room.policy.participants().len();
    (0..SUBJECTS)
        .map(|number| {
            let at = (ADMINS + random.below(size - ADMINS)) as u32;
            let admin = random.below(ADMINS) as u32;
            let who = |at: u32| room.policy.participants().get(at).unwrap().user.to_uri();
            let mut subject = Subject {
                by: who(admin),
                update: None,
                added: None,
                removed: None,
            };
            let mut update = ParticipantListUpdate::default();
            match kind {
                "role change" => update.changed.push(RoleMove {
                    index: at,
                    role: presets::GROUP_ADMIN,
                }),
                "addition, with a client" => {
                    let new = user(&mut random, size + number);
                    subject.added = Some(new.clone());
                    update.added.push(Participant {
                        user: new,
                        role: presets::ORDINARY_USER,
                    });
                }
                "removal, with a client" => {
                    update.removed.push(at);
                    subject.removed = Some((at, who(at)));
                }
                _ => subject.removed = Some((at, who(at))),
            }
            if kind != "kick" {
                subject.update = Some(update.to_vec().unwrap());
            }
            subject
        })
        .collect()
}

impl Subject {
    fn op(&self) -> Option<(ComponentId, Op<'_>)> {
        let update = self.update.as_ref()?;
        Some((ComponentId::PARTICIPANT_LIST, Op::Update(update)))
    }

    fn changes(&self) -> Vec<Change<'_>> {
        let list = self.op().map(|(id, op)| Change::Component { id, op });
        let add = self.added.as_ref().map(|user| Change::AddClient {
            user,
            leaf: LeafFacts::default(),
        });
        let remove = self.removed.as_ref();
        let remove = remove.map(|(leaf, user)| Change::RemoveClient { leaf: *leaf, user });
        list.into_iter().chain(add).chain(remove).collect()
    }
}

/// The fastest of many samples, in nanoseconds an iteration.
fn fastest(samples: usize, iterations: usize, mut run: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..samples {
        let began = Instant::now();
        run();
        best = best.min(began.elapsed().as_nanos() as f64 / iterations as f64);
    }
    best
}

fn authorise(room: &Room, kind: &str) -> f64 {
    let subjects = subjects(room, kind);
    let drafts: Vec<Draft> = subjects
        .iter()
        .map(|subject| room.policy.resolve(subject.op().into_iter()).unwrap())
        .collect();
    let changes: Vec<Vec<Change<'_>>> = subjects.iter().map(Subject::changes).collect();
    fastest(SAMPLES, SUBJECTS, || {
        for (subject, (draft, changes)) in subjects.iter().zip(drafts.iter().zip(&changes)) {
            let actor = Actor::participant(&subject.by);
            let verdict = room.policy.authorize(
                draft,
                &Candidate {
                    committer: Some(actor),
                    bundles: &[Bundle { actor, changes }],
                    clients: &room.clients,
                    hub: None,
                },
            );
            assert!(black_box(verdict).is_ok());
        }
    })
}

/// What no verdict can do without.
fn look_up(room: &Room, kind: &str) -> f64 {
    let subjects = subjects(room, kind);
    let resolved: Vec<_> = subjects
        .iter()
        .map(|subject| subject.update.clone())
        .collect();
    fastest(SAMPLES, SUBJECTS, || {
        for (subject, resolved) in subjects.iter().zip(&resolved) {
            let role = room.policy.role_of(&subject.by);
            assert!(black_box(role).is_some());
            assert!(black_box(&subject.update) == resolved);
            if let Some((leaf, user)) = &subject.removed {
                assert!(black_box(room.clients.user_of(*leaf)) == Some(user));
                assert!(black_box(room.clients.count_of(user)) == 1);
            }
            if let Some(user) = &subject.added {
                assert!(black_box(room.clients.count_of(user)) == 0);
            }
        }
    })
}

fn resolve_and_apply(room: &Room, kind: &str) -> f64 {
    let subjects = subjects(room, kind);
    let changes: Vec<Vec<Change<'_>>> = subjects.iter().map(Subject::changes).collect();
    let few = SUBJECTS / 8;
    fastest(FEWER_SAMPLES, few, || {
        for (subject, changes) in subjects.iter().zip(&changes).take(few) {
            let draft = room.policy.resolve(subject.op().into_iter()).unwrap();
            let actor = Actor::participant(&subject.by);
            let verdict = room.policy.authorize(
                &draft,
                &Candidate {
                    committer: Some(actor),
                    bundles: &[Bundle { actor, changes }],
                    clients: &room.clients,
                    hub: None,
                },
            );
            black_box(verdict.unwrap().into_policy());
        }
    })
}

fn floor(list: &[u8]) -> usize {
    let mut entries = Reader::new(list).vector().unwrap();
    let mut users = HashSet::with_capacity(10_000);
    while !entries.is_empty() {
        let user = std::str::from_utf8(entries.opaque().unwrap()).unwrap();
        entries.u32().unwrap();
        assert!(users.insert(user));
    }
    users.len()
}

fn main() {
    let (small, large) = (room(10), room(9_999));
    println!("authorize, ns, at 10 and at 10,000 participants, and its floors");
    for kind in [
        "role change",
        "addition, with a client",
        "removal, with a client",
        "kick",
    ] {
        let (few, many) = (authorise(&small, kind), authorise(&large, kind));
        let floors = (look_up(&small, kind), look_up(&large, kind));
        println!(
            "  {kind:<24} {few:>8.0} {many:>8.0}   ratio {:.2}   floors {:>4.0} {:>4.0}   ratios {:.2} {:.2}",
            many / few,
            floors.0,
            floors.1,
            few / floors.0,
            many / floors.1,
        );
    }
    println!("resolve, authorize and apply, µs, at 10 and at 10,000 participants");
    for kind in [
        "role change",
        "addition, with a client",
        "removal, with a client",
    ] {
        let (few, many) = (
            resolve_and_apply(&small, kind),
            resolve_and_apply(&large, kind),
        );
        println!("  {kind:<24} {:>8.1} {:>8.1}", few / 1e3, many / 1e3);
    }
    let list = &room(10_000).list;
    let decode = fastest(FEWER_SAMPLES, 1, || {
        drop(black_box(ParticipantList::from_bytes(list).unwrap()))
    });
    let floor = fastest(FEWER_SAMPLES, 1, || {
        black_box(floor(list));
    });
    println!("decoding 10,000 participants, of {} octets", list.len());
    println!(
        "  {:.3} ms; UTF-8 and duplicates alone {:.3} ms, ratio {:.2}",
        decode / 1e6,
        floor / 1e6,
        decode / floor
    );
    let policy = fastest(FEWER_SAMPLES, 1, || {
        black_box(RoomPolicy::from_components(&large.policy.components()).unwrap());
    });
    println!("  the whole policy {:.3} ms", policy / 1e6);
}
