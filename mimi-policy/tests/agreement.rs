//! The engine answers as a slow model does that was written from the drafts.
//!
//! For a longer run than usual:
//! `PROPTEST_CASES=1000000 cargo test --release -p mimi-policy --test agreement`

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "tests stop at what must not happen"
)]

mod model;

use std::collections::BTreeSet;

use model::{MAX_USERS, Recipe, Rests, agree, judge};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

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

/// 5000, unless the environment asks for another number.
#[allow(
    clippy::disallowed_methods,
    reason = "a longer run is a matter of the command line"
)]
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(5000)
}

proptest! {
    #![proptest_config(Config { cases: cases(), ..Config::default() })]

    #[test]
    fn engine_and_model_agree(recipe in recipe()) {
        if let Err(difference) = agree(&recipe) {
            prop_assert!(false, "{difference}");
        }
    }
}

/// The same rooms in every run show that the comparison is worth something:
/// enough is allowed, enough is not, and for many reasons.
#[test]
fn much_is_allowed_and_much_is_refused() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let recipes = recipe();
    let (mut allowed, mut resting) = (0, 0);
    let mut refusals = BTreeSet::new();
    for _ in 0..SAMPLE {
        let recipe = recipes.new_tree(&mut runner).unwrap().current();
        let (room, attempt) = recipe.build();
        match judge(&room, &attempt) {
            Ok(answer) => {
                allowed += 1;
                resting += usize::from(answer.rests_on_hub != Rests::default());
            }
            Err(refusal) => drop(refusals.insert(refusal)),
        }
    }
    let share = |count: usize| count * 100 / SAMPLE;
    assert!(share(allowed) >= 25, "{allowed} allowed");
    assert!(share(SAMPLE - allowed) >= 15, "{allowed} allowed");
    assert!(resting >= 25, "{resting} rest on the hub");
    assert!(refusals.len() >= 55, "{} kinds of refusals", refusals.len());
}

const SAMPLE: usize = 5000;

/// Recipes from octets, as a fuzzer makes them, are as good as others.
#[test]
fn any_octets_are_a_recipe() {
    let mut allowed = 0;
    for seed in 0..200_u32 {
        let octets: Vec<u8> = (0..400)
            .map(|at| (seed + at).wrapping_mul(2_654_435_761).to_be_bytes()[1])
            .collect();
        let (room, attempt) = Recipe::read(&octets).build();
        allowed += u32::from(judge(&room, &attempt).is_ok());
    }
    assert!((20..180).contains(&allowed), "{allowed} allowed");
}
