//! The participant list is kept as octets with an index beside it. Whatever
//! happens to it, it is what a plain list of users and roles would be.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]

mod common;
use std::collections::{BTreeMap, BTreeSet};

use common::*;
use mimi_content::MimiUri;
use mimi_content::tls::{Decode, Encode, Reader, Rule, Writer};
use mimi_policy::{
    Actor, Bundle, Candidate, Capability, Claim, ClientIndex, Participant, ParticipantList,
    ParticipantListUpdate, PreauthEntry, PreauthList, Role, RoleChanges, RoleList, RoleMove,
    RoomPolicy,
};
use proptest::prelude::*;

/// Roles that participants have here.
const ROLES: std::ops::RangeInclusive<u32> = 1..=5;

type Users = Vec<(MimiUri, u32)>;

/// The octets of a list, written plainly.
fn plain(users: &[(MimiUri, u32)]) -> Vec<u8> {
    let mut w = Writer::new();
    w.vector(|w| {
        for (user, role) in users {
            w.opaque(user.as_str().as_bytes());
            w.u32(*role);
        }
    });
    w.finish().unwrap()
}

/// A list is what these users are, by each of its questions.
fn same(list: &ParticipantList, users: &[(MimiUri, u32)]) {
    assert_eq!(list.to_vec().unwrap(), plain(users));
    assert_eq!(
        (list.len(), list.is_empty()),
        (users.len(), users.is_empty())
    );
    assert_eq!(list.iter().len(), users.len());
    let entries = list.iter().map(|entry| (entry.user.to_uri(), entry.role));
    assert!(entries.eq(users.iter().cloned()));
    for (at, (user, role)) in (0_u32..).zip(users) {
        let entry = list.get(at).unwrap();
        assert_eq!((entry.user, entry.role), (user.into(), *role));
        assert_eq!(Participant::from(entry).user, *user);
        assert_eq!(list.index_of(user), Some(at));
        assert_eq!(list.role_of(user), Some(*role));
        assert!(list.contains(user));
    }
    let len = u32::try_from(users.len()).unwrap();
    assert!(list.get(len).is_none() && list.get(u32::MAX).is_none());
}

/// A user is nowhere in a list.
fn absent(list: &ParticipantList, user: &MimiUri) {
    assert_eq!(list.index_of(user), None, "{user}");
    assert_eq!(list.role_of(user), None, "{user}");
    assert!(!list.contains(user), "{user}");
}

fn new(users: &[(MimiUri, u32)]) -> ParticipantList {
    let entries = users.iter().map(|(user, role)| Participant {
        user: user.clone(),
        role: *role,
    });
    ParticipantList::new(entries.collect()).unwrap()
}

/// The role of a steward who may do anything to the participants, and is none
/// of them.
const STEWARD: u32 = 6;

/// A room with these participants.
fn policy(users: &[(MimiUri, u32)]) -> RoomPolicy {
    let plain = |index: u32| Role {
        index,
        ..Role::default()
    };
    let mut roles: Vec<_> = (0..STEWARD).map(plain).collect();
    roles[1].name = "banned".into();
    let steward = Role {
        capabilities: Capability::REGISTERED[..18]
            .iter()
            .copied()
            .filter(|one| *one != Capability::OPEN_JOIN)
            .collect(),
        role_changes: (0..STEWARD)
            .map(|from| RoleChanges {
                from,
                to: (0..STEWARD).collect(),
            })
            .collect(),
        ..plain(STEWARD)
    };
    roles.push(steward.clone());
    let claims = vec![Claim {
        credential_type: 2,
        id: b"department".as_slice().into(),
        value: b"hr".as_slice().into(),
    }];
    let room = Room {
        users: users.to_vec(),
        roles: RoleList::new(roles).unwrap(),
        preauth: Some(PreauthList(vec![PreauthEntry {
            claims,
            role: steward,
        }])),
        clients: ClientIndex::new(),
        ..room()
    };
    room.policy()
}

/// The room after a commit with these updates, which the steward sends.
fn after(policy: &RoomPolicy, updates: &[ParticipantListUpdate]) -> RoomPolicy {
    let octets: Vec<_> = updates.iter().map(octets).collect();
    let changes: Vec<_> = octets.iter().map(|octets| list(octets)).collect();
    let steward = uri("mimi://steward.example");
    let bundles = [Bundle {
        actor: Actor::External {
            sender: &steward,
            claims: &Hr,
        },
        changes: &changes,
    }];
    let draft = policy.resolve(common::updates(&bundles)).unwrap();
    let mut components = policy.components();
    for (id, data) in draft.changed() {
        components.insert(id, data.unwrap().clone());
    }
    let candidate = Candidate {
        committer: None,
        bundles: &bundles,
        clients: &ClientIndex::new(),
        hub: None,
    };
    let after = policy.authorize(&draft, &candidate).unwrap().into_policy();
    // What others read from the octets is the same.
    let read = RoomPolicy::from_components(&components).unwrap();
    assert_eq!(read, after);
    assert_eq!(read.participants(), after.participants());
    after
}

/// What happens to a user in a commit.
#[derive(Debug, Clone)]
struct Fate {
    /// Whether a participant gets another role or goes, or somebody else comes.
    what: u8,
    role: u32,
    /// In which update of the commit.
    update: usize,
    /// Where among those of its update.
    key: u32,
}

/// Users of every length, many of them the beginning of others.
fn pool() -> Vec<MimiUri> {
    let mut pool = Vec::new();
    for provider in ["mimi://p0.example", "mimi://p1.example"] {
        pool.push(uri(provider));
        // Up to 63 octets the length of a URI takes one octet, then two.
        for len in [1, 2, 3, 42, 43, 44, 45, 200, 1_004] {
            pool.push(uri(&format!("{provider}/u/{}", "x".repeat(len))));
            pool.push(uri(&format!("{provider}/u/{}y", "x".repeat(len - 1))));
        }
    }
    assert_eq!(pool.iter().collect::<BTreeSet<_>>().len(), POOL);
    pool
}

const POOL: usize = 38;
const UPDATES: usize = 3;

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let fate = (0..10_u8, ROLES, 0..UPDATES, any::<u32>());
    let fate = fate.prop_map(|(what, role, update, key)| Fate {
        what,
        role,
        update,
        key,
    });
    prop::collection::vec(fate, POOL)
}

/// The updates of a commit that let users meet their fates, and the list that
/// they should lead to.
fn commit(users: &[(MimiUri, u32)], fates: &[Fate]) -> (Vec<ParticipantListUpdate>, Users) {
    let mut updates = vec![ParticipantListUpdate::default(); UPDATES];
    let places: BTreeMap<_, _> = (0_u32..)
        .zip(users)
        .map(|(at, (user, _))| (user, at))
        .collect();
    let mut left: Vec<_> = users.iter().cloned().map(Some).collect();
    let mut fates: Vec<_> = std::iter::zip(pool(), fates).collect();
    fates.sort_by_key(|(_, fate)| (fate.update, fate.key));
    let mut come = Vec::new();
    for (user, fate) in fates {
        let update = &mut updates[fate.update];
        match (places.get(&user), fate.what) {
            (Some(&index), 0..=2) => {
                let role = fate.role;
                update.changed.push(RoleMove { index, role });
                left[index as usize] = Some((user, role));
            }
            (Some(&index), 3..=5) => {
                update.removed.push(index);
                left[index as usize] = None;
            }
            (None, 0..=4) => {
                let role = fate.role;
                come.push((user.clone(), role));
                update.added.push(Participant { user, role });
            }
            _ => {}
        }
    }
    let left = left.into_iter().flatten();
    (updates, left.chain(come).collect())
}

/// Some of the pool, in any order.
fn some_users() -> impl Strategy<Value = Users> {
    let users = prop::sample::subsequence(pool(), 0..=POOL).prop_shuffle();
    let roles = prop::collection::vec(ROLES, POOL);
    (users, roles).prop_map(|(users, roles)| std::iter::zip(users, roles).collect())
}

proptest! {
    #[test]
    fn a_list_is_its_octets_and_answers_like_a_plain_one(users in some_users()) {
        let octets = plain(&users);
        let list = ParticipantList::from_slice(&octets).unwrap();
        same(&list, &users);
        same(&new(&users), &users);
        prop_assert_eq!(&list, &new(&users));
        // Inside of something larger it ends where it ends.
        let framed = [&[7, 7][..], &octets, &[8]].concat();
        let mut r = Reader::new(&framed);
        r.u16().unwrap();
        same(&ParticipantList::decode(&mut r).unwrap(), &users);
        prop_assert_eq!(r.u8(), Ok(8));
        let known: BTreeSet<_> = users.iter().map(|(user, _)| user).collect();
        for user in pool().iter().filter(|user| !known.contains(user)) {
            absent(&list, user);
        }
    }

    #[test]
    fn commits_lead_to_what_a_plain_list_becomes(
        users in some_users(),
        commits in prop::collection::vec(fates(), 1..4),
    ) {
        let mut users = users;
        let mut policy = policy(&users);
        for fates in &commits {
            let (updates, expected) = commit(&users, fates);
            policy = after(&policy, &updates);
            same(policy.participants(), &expected);
            let known: BTreeSet<_> = expected.iter().map(|(user, _)| user).collect();
            for user in pool().iter().filter(|user| !known.contains(user)) {
                absent(policy.participants(), user);
            }
            users = expected;
        }
    }

    #[test]
    fn the_order_within_an_update_means_nothing_but_for_who_comes_first(
        users in some_users(), fates in fates(),
    ) {
        let policy = policy(&users);
        let (mut updates, expected) = commit(&users, &fates);
        let fingerprint = plain(&expected);
        for update in &mut updates {
            update.changed.reverse();
            update.removed.reverse();
        }
        // Nor does it matter which update changes or removes whom.
        let mut all = ParticipantListUpdate::default();
        for update in &updates {
            all.changed.extend(&update.changed);
            all.removed.extend(&update.removed);
            all.added.extend(update.added.iter().cloned());
        }
        for updates in [&updates[..], &[all]] {
            let after = after(&policy, updates);
            prop_assert_eq!(after.participants().to_vec().unwrap(), fingerprint.clone());
        }
    }

    #[test]
    fn a_list_with_someone_twice_or_in_role_0_is_refused(
        users in some_users(), at in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(),
    ) {
        prop_assume!(!users.is_empty());
        let mut twice = users.clone();
        twice.insert(to.index(users.len() + 1), users[at.index(users.len())].clone());
        let refused = ParticipantList::from_slice(&plain(&twice)).unwrap_err();
        prop_assert_eq!(refused.rule, Rule::Structure("a user is in the list twice"));
        let mut reserved = users.clone();
        reserved[at.index(users.len())].1 = 0;
        let refused = ParticipantList::from_slice(&plain(&reserved)).unwrap_err();
        prop_assert_eq!(refused.rule, Rule::Structure("a participant has role 0"));
    }
}

/// A list whose entries take exactly so many octets. Each of these takes 8 and
/// what its name takes.
fn of_content(len: usize) -> Users {
    let entry = |number: usize, extra: usize| {
        let name = format!("{number:03}{}", "z".repeat(extra));
        (uri(&format!("mimi://b.example/u/{name}")), 2)
    };
    let size = |user: &MimiUri| plain(&[(user.clone(), 2)]).len() - 1;
    let least = size(&entry(0, 0).0);
    let mut users = Vec::new();
    let mut rest = len;
    while rest >= 2 * least {
        users.push(entry(users.len(), 0));
        rest -= least;
    }
    users.push(entry(users.len(), rest - least));
    assert!((plain(&users).len() - len) <= 4);
    users
}

#[test]
fn the_length_of_the_list_takes_one_two_or_four_octets() {
    let prefix = |content: usize| match content {
        0..=0x3f => 1,
        0x40..=0x3fff => 2,
        _ => 4,
    };
    for edge in [0x40, 0x4000] {
        for content in edge - 3..edge + 3 {
            let users = of_content(content);
            assert_eq!(plain(&users).len(), prefix(content) + content);
            let before = policy(&users);
            same(before.participants(), &users);
            // One octet more or less, by someone whose name is longer.
            for other in edge - 3..edge + 3 {
                let mut others = of_content(other);
                let last = others.pop().unwrap();
                let update = ParticipantListUpdate {
                    removed: vec![u32::try_from(users.len() - 1).unwrap()],
                    added: vec![Participant {
                        user: last.0.clone(),
                        role: last.1,
                    }],
                    ..Default::default()
                };
                if other == content {
                    // The same user cannot go and come at once.
                    continue;
                }
                let after = after(&before, &[update]);
                others.push(last);
                same(after.participants(), &others);
                assert_eq!(octets(after.participants()).len(), prefix(other) + other);
            }
        }
    }
}

#[test]
fn a_list_grows_from_nothing_and_shrinks_to_it() {
    same(&ParticipantList::default(), &[]);
    assert_eq!(octets(&ParticipantList::default()), [0]);
    assert_eq!(
        ParticipantList::from_slice(&[0]),
        Ok(ParticipantList::default())
    );
    assert_eq!(
        ParticipantList::new(Vec::new()),
        Ok(ParticipantList::default())
    );
    let empty = policy(&[]);
    same(empty.participants(), &[]);
    absent(empty.participants(), &bob());
    // 600 users take more than 16,384 octets, so all lengths of lengths are met.
    let user = |number: usize| (uri(&format!("mimi://b.example/u/{number:05}")), 2);
    let users: Users = (0..600).map(user).collect();
    let mut policy = empty.clone();
    for (at, (user, role)) in users.iter().enumerate() {
        policy = after(&policy, &[add(user, *role)]);
        if [0, 1, 2, 3, 563, 564, 565, 599].contains(&at) {
            same(policy.participants(), &users[..=at]);
        }
    }
    assert!(octets(policy.participants()).len() > 0x4000);
    // From the front, so that everybody moves up.
    for at in 1..=users.len() {
        policy = after(&policy, &[remove(0)]);
        if [1, 2, 34, 35, 36, 598, 599, 600].contains(&at) {
            same(policy.participants(), &users[at..]);
        }
    }
    assert_eq!(policy, empty);
}

#[test]
fn a_commit_may_exchange_everybody() {
    let users: Users = pool().into_iter().map(|user| (user, 2)).collect();
    let (before, others) = users.split_at(POOL / 2);
    let all = ParticipantListUpdate {
        removed: (0..u32::try_from(before.len()).unwrap()).collect(),
        added: new(others).iter().map(Participant::from).collect(),
        ..Default::default()
    };
    let after = after(&policy(before), &[all]);
    same(after.participants(), others);
    for (user, _) in before {
        absent(after.participants(), user);
    }
}

#[test]
fn users_that_begin_like_others_are_not_these() {
    let users = [
        "mimi://a.example",
        "mimi://a.example/u/al",
        "mimi://a.example/u/alice",
    ];
    let users: Users = users.map(|user| (uri(user), 3)).to_vec();
    let others = [
        "mimi://a.exampl",
        "mimi://a.example/u/a",
        "mimi://a.example/u/ali",
    ];
    let others = others.map(uri);
    for list in [new(&users), policy(&users).participants().clone()] {
        same(&list, &users);
        others.iter().for_each(|user| absent(&list, user));
    }
    // They come and go without those.
    let policy = policy(&users);
    let joined = others.clone().map(|user| (user, 2));
    let updates = joined.clone().map(|(user, role)| add(&user, role));
    let policy = after(&policy, &updates);
    same(policy.participants(), &[&users[..], &joined].concat());
    let policy = after(&policy, &[remove(0), remove(1), remove(2)]);
    same(policy.participants(), &joined);
    users
        .iter()
        .for_each(|(user, _)| absent(policy.participants(), user));
}

#[test]
fn lists_are_equal_when_their_octets_are() {
    let (one, other) = ((alice(), 2), (bob(), 2));
    let list = new(&[one.clone(), other.clone()]);
    assert_eq!(list, ParticipantList::from_slice(&octets(&list)).unwrap());
    assert_ne!(list, new(&[other.clone(), one.clone()]));
    assert_ne!(list, new(&[one.clone(), (bob(), 3)]));
    // However they came to be.
    let edited = after(&policy(&[one]), &[add(&bob(), 2)]);
    assert_eq!(*edited.participants(), list);
}
