//! Users whose URIs have the same hash. The index of a list hashes users with
//! FxHasher, which anybody can make collide; it is quick because it trusts
//! nobody to avoid that, and lets the users themselves decide.

use std::collections::BTreeMap;
use std::hash::Hasher;

use mimi_content::MimiUri;
use mimi_content::tls::{Decode, Encode, Rule, Writer};
use mimi_policy::limits::MAX_PARTICIPANTS;
use mimi_policy::{
    Actor, Change, ClientIndex, Participant, ParticipantList, ParticipantListUpdate, RoleMove,
};
use rustc_hash::FxHasher;

use super::common::*;
use super::{measured, resolve};

/// As many users as there are in a full room, all with the same 64 bits of hash.
///
/// FxHasher (rustc-hash 2) folds sixteen octets at a time, as two numbers `x`
/// and `y`, into a state of two numbers `s0` and `s1`: the new `s1` is a product
/// of `s0 ^ x` and `y ^ constant`, and the old `s1` becomes `s0`. Whoever lets
/// `x` be `s0` makes the product zero, and `y` does not count. Here that happens
/// in the third sixteen octets: what `s0` is there depends on the first sixteen
/// alone, in which the host has room for a search until the eight octets of `s0`
/// are all ones that a URI may have.
fn colliding(count: usize) -> Vec<MimiUri> {
    let (host, blind) = (0..)
        .map(|number: u32| format!("mimi://h{number:08x}"))
        .find_map(|first| {
            let blind = after_first_block(first.as_bytes()).to_le_bytes();
            let fits = |c: &u8| c.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(c);
            let blind = blind.iter().all(fits).then_some(blind)?;
            Some((first, String::from_utf8(blind.to_vec()).unwrap()))
        })
        .unwrap();
    let user = |number: usize| {
        let text = format!("{host}.example/u/start{blind}{number:08}ends-all-alike!!");
        assert_eq!(text.len(), 64);
        uri(&text)
    };
    (0..count).map(user).collect()
}

/// The state of FxHasher that sixteen octets lead to, from its first one.
fn after_first_block(octets: &[u8]) -> u64 {
    const SEED: u64 = 0x243f_6a88_85a3_08d3;
    const MASK: u64 = 0xa409_3822_299f_31d0;
    let number = |at: usize| u64::from_le_bytes(octets[at..at + 8].try_into().unwrap());
    let product = u128::from(SEED ^ number(0)) * u128::from(MASK ^ number(8));
    (product as u64) ^ ((product >> 64) as u64)
}

fn hash(user: &MimiUri) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(user.as_str().as_bytes());
    hasher.finish()
}

/// A room in which all but Alice, the first, collide.
fn room() -> Room {
    let users = colliding(MAX_PARTICIPANTS - 1);
    let users = users.into_iter().map(|user| (user, ORDINARY_USER));
    Room {
        users: std::iter::once((alice(), SUPER_ADMIN))
            .chain(users)
            .collect(),
        clients: ClientIndex::new(),
        ..super::common::room()
    }
}

#[test]
fn the_users_collide() {
    let users = colliding(MAX_PARTICIPANTS);
    assert!(users.iter().all(|user| hash(user) == hash(&users[0])));
    assert!(users.is_sorted_by(|one, next| one < next));
}

#[test]
fn colliding_users_are_all_found_and_no_others() {
    let room = room();
    let policy = room.policy();
    let list = policy.participants();
    for (at, (user, role)) in (0_u32..).zip(&room.users) {
        assert_eq!(list.index_of(user), Some(at));
        assert_eq!(list.role_of(user), Some(*role));
    }
    // One more that collides, and one that is the beginning of another.
    let beyond = colliding(MAX_PARTICIPANTS).pop().unwrap();
    assert_eq!(hash(&beyond), hash(&room.users[1].0));
    assert!(!list.contains(&beyond));
    let text = room.users[1].0.as_str();
    assert!(!list.contains(&uri(&text[..63])));
    // Searching is by halves, without memory.
    let (found, cost) = measured(|| list.index_of(&room.users[5_000].0));
    assert_eq!((found, cost.allocations), (Some(5_000), 0));
}

#[test]
fn colliding_users_take_no_more_memory() {
    let octets = octets(room().policy().participants()).into();
    let (list, cost) = measured(|| ParticipantList::from_bytes(&octets).unwrap());
    assert_eq!(list.len(), MAX_PARTICIPANTS);
    assert!(cost.peak < 48 * MAX_PARTICIPANTS, "{}", cost.peak);
}

#[test]
fn a_colliding_user_is_in_a_list_once() {
    let mut users = colliding(MAX_PARTICIPANTS - 1);
    for (place, twin) in [(0, 9_998), (9_999, 0), (5_000, 7_777)] {
        let again = users[twin].clone();
        users.insert(place, again);
        let mut w = Writer::new();
        w.vector(|w| {
            for user in &users {
                user.encode(w);
                w.u32(ORDINARY_USER);
            }
        });
        let refused = ParticipantList::from_slice(&w.finish().unwrap()).unwrap_err();
        assert_eq!(refused.rule, Rule::Structure("a user is in the list twice"));
        users.remove(place);
    }
}

#[test]
fn a_list_of_colliding_users_is_edited_rightly() {
    let mut room = room();
    let (policy, alice) = (room.policy(), alice());
    let spare = colliding(MAX_PARTICIPANTS + 999).split_off(MAX_PARTICIPANTS - 1);
    let indices = |from: u32| (from..10_000).step_by(10);
    let entry = |user: &MimiUri| Participant {
        user: user.clone(),
        role: GROUP_ADMIN,
    };
    let update = ParticipantListUpdate {
        changed: indices(3)
            .rev()
            .map(|index| RoleMove {
                index,
                role: GROUP_ADMIN,
            })
            .collect(),
        removed: indices(7).collect(),
        added: spare.iter().map(entry).collect(),
    };
    let octets = octets(&update);
    let changes: [Change<'_>; 1] = [list(&octets)];
    let verdict = room.act(Actor::participant(&alice), &changes).unwrap();
    assert_eq!(resolve(&policy, &octets).changed().count(), 1);

    let mut naive = BTreeMap::new();
    for (at, (user, role)) in room.users.drain(..).enumerate() {
        match at % 10 {
            3 => drop(naive.insert(at, (user, GROUP_ADMIN))),
            7 => {}
            _ => drop(naive.insert(at, (user, role))),
        }
    }
    room.users = naive.into_values().collect();
    let added = spare.into_iter().map(|user| (user, GROUP_ADMIN));
    room.users.extend(added);
    let after = verdict.into_policy();
    assert_eq!(after, room.policy());
    for (at, (user, role)) in (0_u32..).zip(&room.users) {
        assert_eq!(after.participants().index_of(user), Some(at));
        assert_eq!(after.participants().role_of(user), Some(*role));
    }
}

#[test]
fn the_clients_of_colliding_users_are_told_apart() {
    let users = colliding(1_000);
    let mut clients: ClientIndex = (0..).zip(users.iter().rev().cloned()).collect();
    clients.insert(5_000, users[123].clone());
    let all: Vec<_> = clients.leaves_of(&users[123]).collect();
    assert_eq!(all, [876, 5_000]);
    for (leaf, user) in (0_u32..).zip(users.iter().rev()) {
        assert_eq!(clients.leaves_of(user).next(), Some(leaf));
    }
    assert_eq!(clients.users().count(), 1_000);
    for leaf in (0..1_000).step_by(2) {
        assert_eq!(clients.remove(leaf).as_ref(), clients_of(&users, leaf));
    }
    assert_eq!(clients.len(), 501);
    assert_eq!(clients.count_of(&users[999]), 0);
    assert_eq!(clients.count_of(&users[998]), 1);
}

fn clients_of(users: &[MimiUri], leaf: u32) -> Option<&MimiUri> {
    users.iter().rev().nth(usize::try_from(leaf).unwrap())
}
