//! Whatever anyone sends: no panic, no change by a denial, and no room left in
//! a state that the drafts forbid.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests stop at what must not happen"
)]

mod common;
use common::*;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_policy::{
    Actor, Bundle, Candidate, Change, Op, Participant, ParticipantListUpdate, RoleMove, RoomPolicy,
};
use proptest::prelude::*;

/// A change with indices instead of borrows.
#[derive(Debug, Clone)]
enum Deed {
    AddClient(usize),
    RemoveClient(u32, usize),
    List(ParticipantListUpdate),
    Component(u16, Option<Vec<u8>>),
    Plain(Change<'static>),
}

const USERS: usize = 5;

fn user(index: usize) -> MimiUri {
    [alice(), bob(), cathy(), hub(), dora()][index].clone()
}

fn update() -> impl Strategy<Value = ParticipantListUpdate> {
    let changed = prop::collection::vec((0..5u32, 0..7u32), 0..2);
    let removed = prop::collection::vec(0..5u32, 0..2);
    let added = prop::collection::vec((4..USERS, 0..7u32), 0..2);
    (changed, removed, added).prop_map(|(changed, removed, added)| ParticipantListUpdate {
        changed: changed
            .into_iter()
            .map(|(index, role)| RoleMove { index, role })
            .collect(),
        removed,
        added: added
            .into_iter()
            .map(|(who, role)| Participant {
                user: user(who),
                role,
            })
            .collect(),
    })
}

fn deed() -> impl Strategy<Value = Deed> {
    let octets = prop::option::of(prop::collection::vec(any::<u8>(), 0..12));
    prop_oneof![
        2 => (0..USERS).prop_map(Deed::AddClient),
        4 => prop::sample::select(vec![(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (4, 1), (9, 0)])
            .prop_map(|(leaf, who)| Deed::RemoveClient(leaf, who)),
        4 => update().prop_map(Deed::List),
        1 => (0x20..0x32u16, octets).prop_map(|(id, op)| Deed::Component(id, op)),
        1 => prop::sample::select(vec![
            update_client(),
            Change::Psk,
            Change::ReInit,
            Change::GroupContextExtensions { prescribed: true },
            Change::GroupContextExtensions { prescribed: false },
            Change::Other { proposal_type: 9 },
        ])
        .prop_map(Deed::Plain),
    ]
}

/// Runs `deeds` of each actor, committed by the first.
fn run(deeds: &[(u8, usize, Vec<Deed>)], commit: bool) -> Option<(Room, RoomPolicy)> {
    let users: Vec<_> = (0..USERS).map(user).collect();
    let lists: Vec<Vec<_>> = (deeds.iter())
        .map(|(_, _, deeds)| deeds.iter().map(encoded).collect())
        .collect();
    let changes: Vec<Vec<_>> = std::iter::zip(deeds, &lists)
        .map(|((_, _, deeds), lists)| {
            std::iter::zip(deeds, lists)
                .map(|(deed, octets)| change(deed, octets, &users))
                .collect()
        })
        .collect();
    let bundles: Vec<_> = std::iter::zip(deeds, &changes)
        .map(|((kind, who, _), changes)| Bundle {
            actor: match kind {
                0 => Actor::participant(&users[*who]),
                1 => Actor::joiner(&users[*who]),
                _ => Actor::external(&users[*who]),
            },
            changes,
        })
        .collect();
    let room = room();
    let policy = room.policy();
    let before = policy.components();
    let draft = policy.resolve(updates(&bundles)).ok()?;
    let candidate = Candidate {
        committer: commit.then(|| bundles[0].actor),
        bundles: &bundles,
        clients: &room.clients,
        hub: None,
    };
    let verdict = policy.authorize(&draft, &candidate);
    assert_eq!(policy.components(), before);
    for bundle in &bundles {
        let _ = policy.may_propose(&policy, &[], bundle, &room.clients);
        let _ = policy.may_join(&bundle.actor);
    }
    let after = verdict.ok()?.into_policy();
    let mut room = room;
    let mut leaf = 10;
    for change in bundles.iter().flat_map(|bundle| bundle.changes) {
        match *change {
            Change::AddClient { user, .. } => {
                leaf += 1;
                room.clients.insert(leaf, user.clone());
            }
            Change::RemoveClient { leaf, .. } => drop(room.clients.remove(leaf)),
            _ => {}
        }
    }
    Some((room, after))
}

fn encoded(deed: &Deed) -> Vec<u8> {
    match deed {
        Deed::List(update) => octets(update),
        Deed::Component(_, Some(octets)) => octets.clone(),
        _ => Vec::new(),
    }
}

fn change<'a>(deed: &Deed, octets: &'a [u8], users: &'a [MimiUri]) -> Change<'a> {
    match deed {
        Deed::AddClient(who) => join_client(&users[*who]),
        Deed::RemoveClient(leaf, who) => drop_client(*leaf, &users[*who]),
        Deed::List(_) => list(octets),
        Deed::Component(id, op) => Change::Component {
            id: ComponentId(*id),
            op: op.as_ref().map_or(Op::Remove, |_| Op::Update(octets)),
        },
        Deed::Plain(change) => *change,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_authorised_leaves_a_sound_room(
        deeds in prop::collection::vec(
            (0..3u8, 0..USERS, prop::collection::vec(deed(), 0..5)), 1..4),
        commit in any::<bool>(),
    ) {
        if let Some((room, after)) = run(&deeds, commit) {
            // Every client is a participant's who is not banned.
            after.admits(&room.clients).unwrap();
            // The policy is one that anyone can restore.
            prop_assert_eq!(&RoomPolicy::from_components(&after.components()).unwrap(), &after);
            // The roles of this preset let nobody become an enforcer, and only
            // the enforcers change roles.
            let enforcers = after.participants().iter().filter(|p| p.role == POLICY_ENFORCER);
            prop_assert!(enforcers.eq(room.policy().participants().iter()
                .filter(|p| p.role == POLICY_ENFORCER)));
        }
    }

    #[test]
    fn any_update_of_any_component_is_judged_without_a_panic(
        updates in prop::collection::vec(
            (0..0x40u16, prop::option::of(prop::collection::vec(any::<u8>(), 0..40))), 0..5),
    ) {
        let room = room();
        let policy = room.policy();
        let ops = updates.iter().map(|(id, op)| {
            (ComponentId(*id), op.as_ref().map_or(Op::Remove, |octets| Op::Update(octets)))
        });
        if let Ok(draft) = policy.resolve(ops) {
            let candidate = Candidate { committer: None, bundles: &[], clients: &room.clients, hub: None };
            prop_assert_eq!(policy.authorize(&draft, &candidate).is_ok(), updates.is_empty());
        }
    }
}
