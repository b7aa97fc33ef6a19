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

use std::collections::{BTreeMap, BTreeSet};

use model::{MAX_USERS, Proposal, Recipe, Rests, agree, judge, may_begin, may_join};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn recipe() -> impl Strategy<Value = Recipe> {
    let room = (
        any::<[u8; 24]>(),
        vec(any::<[u8; 4]>(), 1..=MAX_USERS),
        vec(any::<[u8; 16]>(), 0..=6),
        vec(any::<[u8; 4]>(), 0..=3),
    );
    let done = (vec(any::<[u8; 16]>(), 1..=2), vec(any::<[u8; 6]>(), 0..=2));
    let asked = (any::<[u8; 12]>(), any::<[u8; 12]>(), any::<[u8; 24]>());
    (room, done, asked).prop_map(
        |((room, users, roles, preauth), (acts, slips), (judge, envelope, asked))| Recipe {
            room,
            users,
            roles,
            preauth,
            acts,
            slips,
            judge,
            envelope,
            asked,
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
    let (mut allowed, mut resting) = (0, 0);
    let mut refusals = BTreeSet::new();
    for recipe in sample() {
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

/// What is asked besides is answered in all ways, too.
#[test]
fn each_question_has_every_answer() {
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |answer: String| *answers.entry(answer).or_default() += 1;
    for recipe in sample() {
        let (room, attempt) = recipe.build();
        let asked = recipe.questions(&room, &attempt);
        match may_begin(&room, &asked.hub) {
            Ok(()) => count("begins".to_owned()),
            Err(refusal) => count(format!("does not begin: {refusal}")),
        }
        for who in &asked.callers {
            match may_join(&room, who) {
                Ok(basis) => count(format!("joins: {basis:?}")),
                Err(refusal) => count(format!("does not join: {refusal}")),
            }
        }
        let proposal = Proposal::of(&room, &attempt, asked.pending);
        match proposal.filter(|_| asked.pending > 0) {
            Some(proposal) if proposal.may_come(&room).is_ok() => count("is proposed".to_owned()),
            Some(_) => count("has lost the right".to_owned()),
            None => {}
        }
    }
    for (answer, least) in [
        ("begins", 2500),
        ("does not begin", 800),
        ("joins: Participant", 5000),
        ("joins: Open", 1000),
        ("joins: Preauthorized", 1000),
        ("joins: JoinCode", 500),
        ("does not join", 20_000),
        ("is proposed", 200),
        ("has lost the right", 5),
    ] {
        let same = answers.iter().filter(|(text, _)| text.starts_with(answer));
        let count: usize = same.map(|(_, count)| count).sum();
        assert!(count >= least, "{answer}: {count}");
    }
}

/// As many recipes as a run has, the same in each.
fn sample() -> impl Iterator<Item = Recipe> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let recipes = recipe();
    (0..SAMPLE).map(move |_| recipes.new_tree(&mut runner).unwrap().current())
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
