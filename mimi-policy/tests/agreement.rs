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

use mimi_content::component::ComponentId;
use mimi_content::tls::Decode;
use mimi_policy::ParticipantListUpdate;
use model::room::{Attempt, Deed};
use model::{MAX_USERS, Proposal, Recipe, Refusal, Rests, agree, judge, may_begin, may_join};
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
    // One or two acts, or a change of many things at once with an act or without.
    let done = |reforms, acts, slips| {
        (
            vec(any::<[u8; 52]>(), reforms),
            vec(any::<[u8; 16]>(), acts),
            vec(any::<[u8; 6]>(), slips),
        )
    };
    let done = prop_oneof![
        4 => done(0..=0, 1..=2, 0..=2),
        3 => done(1..=1, 0..=0, 0..=1),
        1 => done(1..=1, 0..=1, 0..=0),
    ];
    let asked = (any::<[u8; 12]>(), any::<[u8; 12]>(), any::<[u8; 24]>());
    (room, done, asked).prop_map(
        |((room, users, roles, preauth), (reforms, acts, slips), (judge, envelope, asked))| {
            Recipe {
                room,
                users,
                roles,
                preauth,
                acts,
                slips,
                judge,
                reforms,
                envelope,
                asked,
            }
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

/// Where several components and people change in one commit, what is counted for
/// one rule is most easily wrong for another.
#[test]
fn much_changes_at_once_and_is_both_allowed_and_refused() {
    let mut answers: BTreeMap<(Kind, bool), usize> = BTreeMap::new();
    let mut refusals: BTreeMap<Refusal, usize> = BTreeMap::new();
    for recipe in sample() {
        let (room, attempt) = recipe.build();
        let (answer, kinds) = (judge(&room, &attempt), kinds(&attempt));
        for kind in &kinds {
            *answers.entry((kind, answer.is_ok())).or_default() += 1;
        }
        if let (Err(refusal), false) = (answer, kinds.is_empty()) {
            *refusals.entry(refusal).or_default() += 1;
        }
    }
    for kind in [BASE_AND_PEOPLE, BASE_PEOPLE_CLIENTS, PEOPLE_CLIENTS, TWO] {
        for allowed in [true, false] {
            let count = answers.get(&(kind, allowed)).copied().unwrap_or_default();
            assert!(count >= 150, "{kind}, allowed {allowed}: {count}");
        }
    }
    for rule in [
        "several clients of a user",
        "more clients than max_clients",
        "more users than max_users",
        "too few in a role",
        "too few active in a role",
        "too many in a role",
        "too many active in a role",
        "a client of someone gone or banned is left",
        "the membership is fixed",
        "no strict subset of the parent",
    ] {
        let by_rule = refusals.iter().filter(|(text, _)| text.starts_with(rule));
        let count: usize = by_rule.map(|(_, count)| count).sum();
        assert!(count >= 15, "{rule}: {count}");
    }
}

type Kind = &'static str;
const BASE_AND_PEOPLE: Kind = "base policy and people";
const BASE_PEOPLE_CLIENTS: Kind = "base policy, people and clients";
const PEOPLE_CLIENTS: Kind = "several people and clients";
const TWO: Kind = "people, by one of two actors";

/// What changes together.
fn kinds(attempt: &Attempt) -> Vec<Kind> {
    let (mut base, mut clients, mut moves) = (false, false, 0);
    for deed in attempt.bundles.iter().flat_map(|(_, deeds)| deeds) {
        match deed {
            Deed::AddClient(..) | Deed::RemoveClient(..) => clients = true,
            Deed::Component(ComponentId::BASE_ROOM_POLICY, Some(_)) => base = true,
            Deed::Component(ComponentId::PARTICIPANT_LIST, Some(octets)) => {
                let list = ParticipantListUpdate::from_slice(octets).unwrap_or_default();
                moves += list.changed.len() + list.removed.len() + list.added.len();
            }
            _ => {}
        }
    }
    let kinds = [
        (base && moves > 0, BASE_AND_PEOPLE),
        (base && moves > 0 && clients, BASE_PEOPLE_CLIENTS),
        (moves > 1 && clients, PEOPLE_CLIENTS),
        (moves > 0 && attempt.bundles.len() > 1, TWO),
    ];
    let kinds = kinds.into_iter().filter(|(is, _)| *is);
    kinds.map(|(_, kind)| kind).collect()
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
        ("has lost the right", 20),
    ] {
        let same = answers.iter().filter(|(text, _)| text.starts_with(answer));
        let count: usize = same.map(|(_, count)| count).sum();
        assert!(count >= least, "{answer}: {count}");
    }
    let bounds = answers.keys().filter(|text| text.contains("ARCH"));
    assert_eq!(bounds.count(), 9, "an envelope has nine bounds");
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
