//! The engine answers as a slow model does that was written from the drafts.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "tests stop at what must not happen"
)]

mod model;

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::component::ComponentMap;
use mimi_policy::Op;
use model::generate::MAX_USERS;
use model::{Answer, Attempt, Recipe, Rests, Room, judge};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

fn recipe() -> impl Strategy<Value = Recipe> {
    let records = (
        vec(any::<[u8; 4]>(), 1..=MAX_USERS),
        vec(any::<[u8; 16]>(), 0..=6),
        vec(any::<[u8; 4]>(), 0..=3),
        vec(any::<[u8; 16]>(), 1..=2),
        vec(any::<[u8; 6]>(), 0..=2),
    );
    (any::<[u8; 24]>(), any::<[u8; 12]>(), records).prop_map(
        |(room, judge, (users, roles, preauth, acts, slips))| Recipe {
            room,
            users,
            roles,
            preauth,
            acts,
            slips,
            judge,
        },
    )
}

/// What the engine says to the same.
fn ask(room: &Room, attempt: &Attempt) -> Result<Answer, String> {
    let policy = room.policy();
    let updates = attempt.updates();
    let updates = updates
        .iter()
        .map(|(id, octets)| (*id, octets.map_or(Op::Remove, Op::Update)));
    let draft = policy.resolve(updates).map_err(|error| error.to_string())?;
    let changed: Vec<_> = (draft.changed())
        .map(|(id, data)| (id, data.cloned()))
        .collect();
    let verdict = attempt.with_candidate(room, |candidate| policy.authorize(&draft, candidate));
    let verdict = verdict.map_err(|error| error.to_string())?;
    let after = verdict.policy().components();
    assert_eq!(after, applied(policy.components(), changed));
    Ok(Answer {
        room: after,
        rests_on_hub: {
            let rests = verdict.rests_on_hub();
            Rests {
                join_code: rests.join_code,
                parent_room: rests.parent_room,
                twin_room: rests.twin_room,
            }
        },
    })
}

/// What an MLS implementation makes of a draft.
fn applied(
    mut map: ComponentMap,
    changed: Vec<(mimi_content::component::ComponentId, Option<bytes::Bytes>)>,
) -> ComponentMap {
    for (id, data) in changed {
        match data {
            Some(data) => drop(map.insert(id, data)),
            None => drop(map.remove(id)),
        }
    }
    map
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(5000),
        ..ProptestConfig::default()
    })]

    #[test]
    fn engine_and_model_agree(recipe in recipe()) {
        let (room, attempt) = recipe.build();
        match (judge(&room, &attempt), ask(&room, &attempt)) {
            (Ok(expected), Ok(answer)) => prop_assert_eq!(expected, answer),
            (Err(_), Err(_)) => {}
            (expected, answer) => prop_assert!(
                false,
                "model: {expected:?}\nengine: {answer:?}\n{room:#?}\n{attempt:#?}",
            ),
        }
    }
}

#[test]
fn tally() {
    use proptest::test_runner::Config;
    let mut runner = TestRunner::new_with_rng(Config::default(), proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha));
    let strategy = recipe();
    let mut tally: BTreeMap<(String, String), (usize, String)> = BTreeMap::new();
    let mut kinds: BTreeMap<u8, (usize, usize)> = BTreeMap::new();
    let mut allowed = 0;
    let n = 40000;
    for _ in 0..n {
        let recipe = strategy.new_tree(&mut runner).unwrap().current();
        let (room, attempt) = recipe.build();
        let ours = judge(&room, &attempt);
        let theirs = ask(&room, &attempt);
        let k = kinds.entry(recipe.acts[0][0] / 8 * 8).or_default();
        k.0 += 1;
        k.1 += usize::from(ours.is_ok());
        allowed += usize::from(ours.is_ok());
        let key = match (&ours, &theirs) {
            (Ok(a), Ok(b)) if a == b => ("ok".to_string(), "ok".into()),
            (Ok(a), Ok(b)) if a.room == b.room => (format!("rests {:?}", a.rests_on_hub), format!("rests {:?}", b.rests_on_hub)),
            (Ok(_), Ok(_)) => ("different room".into(), "".into()),
            (Err(e), Err(_)) => (e.to_string(), "err".into()),
            (Ok(_), Err(e)) => ("OK".into(), e.split_whitespace().filter(|w| !w.contains("mimi:") && !w.chars().all(|c| c.is_ascii_digit())).take(12).collect::<Vec<_>>().join(" ")),
            (Err(e), Ok(_)) => (e.to_string(), "OK".into()),
        };
        let e = tally.entry(key).or_insert_with(|| (0, format!("{:?} {:?}", attempt, room.base)));
        e.0 += 1;
        let text = format!("{:?} {:?}", attempt, room.base);
        if text.len() < e.1.len() { e.1 = text; }
    }
    eprintln!("allowed {}%", allowed * 100 / n);
    for (k, v) in kinds { eprintln!("{k}: {:?} {}%", v, v.1 * 100 / v.0); }
    for (k, v) in &tally { eprintln!("{:6} {:?}", v.0, k); }
    for (k, v) in &tally { if (k.0 == "OK") != (k.1 == "OK") || k.0.starts_with("rests") || k.0.starts_with("diff") { eprintln!("\n{:?}\n   {}", k, v.1); } }
}
