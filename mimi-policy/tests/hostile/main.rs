//! What hostile providers and members send: it is refused, or it costs no more
//! than its size.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]

mod allocations;
mod collisions;
#[path = "../common/mod.rs"]
mod common;
mod crowds;
mod numbers;
mod oversized;

use common::*;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_policy::{
    Actor, Authorized, Bundle, Candidate, Change, Denied, Draft, Invalid, Op, Participant,
    ParticipantListUpdate, RoleMove, RoomPolicy,
};

/// What something takes of memory.
struct Cost {
    /// The most octets that it held at once.
    peak: usize,
    /// How often it allocated.
    allocations: u64,
}

fn measured<T>(run: impl FnOnce() -> T) -> (T, Cost) {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(run()));
    let cost = Cost {
        peak: info.bytes_max.try_into().unwrap(),
        allocations: info.count_total,
    };
    (result.unwrap(), cost)
}

/// Octets that a refusal may hold beyond a copy of what it refuses: what was
/// read up to the limit that stops it.
const BEYOND: usize = 1 << 20;

/// Why updates are refused, whoever sends them: in bounded memory, and the
/// policy stays as it was.
fn refusal(policy: &RoomPolicy, updates: &[(ComponentId, Op<'_>)]) -> Invalid {
    let before = policy.components();
    let (draft, cost) = measured(|| policy.resolve(updates.iter().copied()));
    let refused = draft.unwrap_err();
    assert_eq!(policy.components(), before);
    let size: usize = updates.iter().map(|(_, op)| size(op)).sum();
    let most = size + 320 * updates.len() + BEYOND;
    assert!(cost.peak <= most, "{} > {most}: {refused}", cost.peak);
    refused
}

fn size(op: &Op<'_>) -> usize {
    match op {
        Op::Update(octets) => octets.len(),
        _ => 0,
    }
}

/// The `number`th of many users.
fn user(number: usize) -> MimiUri {
    uri(&format!("mimi://p{}.example/u/{number:x}", number % 20))
}

/// The usual four participants and others up to `size`, all ordinary users.
fn crowd(size: usize) -> Room {
    let mut room = room();
    let others = (room.users.len()..size).map(|number| (user(number), ORDINARY_USER));
    room.users.extend(others);
    room
}

fn updating(octets: &[u8]) -> (ComponentId, Op<'_>) {
    (ComponentId::PARTICIPANT_LIST, Op::Update(octets))
}

fn resolve(policy: &RoomPolicy, octets: &[u8]) -> Draft {
    policy.resolve([updating(octets)].into_iter()).unwrap()
}

/// Judges what one participant commits.
fn judge(
    room: &Room,
    policy: &RoomPolicy,
    draft: &Draft,
    bundles: &[Bundle<'_>],
) -> Result<Authorized, Denied> {
    policy.authorize(
        draft,
        &Candidate {
            committer: Some(bundles[0].actor),
            bundles,
            clients: &room.clients,
            hub: None,
        },
    )
}

fn changing(indices: impl Iterator<Item = u32>, role: u32) -> ParticipantListUpdate {
    ParticipantListUpdate {
        changed: indices.map(|index| RoleMove { index, role }).collect(),
        ..Default::default()
    }
}

fn removing(indices: impl Iterator<Item = u32>) -> ParticipantListUpdate {
    ParticipantListUpdate {
        removed: indices.collect(),
        ..Default::default()
    }
}

fn adding(numbers: impl Iterator<Item = usize>) -> ParticipantListUpdate {
    ParticipantListUpdate {
        added: numbers
            .map(|number| Participant {
                user: user(number),
                role: ORDINARY_USER,
            })
            .collect(),
        ..Default::default()
    }
}

/// Alice's changes as one bundle.
fn by<'a>(user: &'a MimiUri, changes: &'a [Change<'a>]) -> Bundle<'a> {
    Bundle {
        actor: Actor::participant(user),
        changes,
    }
}
