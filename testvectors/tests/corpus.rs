//! The corpus of every fuzz target, replayed and mutated a little.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a test reads its data from files and fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use testvectors::fuzz::{
    Check, FRANKING, POLICY, TARGETS, accepted_commits, is_opened, proven_messages, select,
};
use testvectors::{hex, seeds};

/// Most octets that are flipped, and places where a seed is cut.
const MAX_PLACES: usize = 96;
const MAX_CORPUS: usize = 200 << 10;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder);
    let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// The inputs of each target.
fn corpus() -> BTreeMap<String, BTreeMap<String, Vec<u8>>> {
    let folders = entries(&folder());
    let inputs = |folder: &PathBuf| {
        let files = entries(folder);
        files
            .iter()
            .map(|file| (name(file), std::fs::read(file).unwrap()))
            .collect()
    };
    folders
        .iter()
        .map(|folder| (name(folder), inputs(folder)))
        .collect()
}

#[test]
fn every_target_has_a_check_and_a_corpus() {
    let corpus = corpus();
    let targets: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert!(
        corpus.keys().eq(&targets),
        "{:?} and {targets:?}",
        corpus.keys()
    );
    for (target, inputs) in &corpus {
        assert!(inputs.len() >= 5, "{target} has {} inputs", inputs.len());
    }
    let manifest = std::fs::read_to_string(folder().join("../Cargo.toml")).unwrap();
    for target in targets {
        assert!(
            manifest.contains(&format!("name = \"{target}\"")),
            "{target} is not built"
        );
        let source = folder().join(format!("../fuzz_targets/{target}.rs"));
        let source = std::fs::read_to_string(source).unwrap();
        assert!(
            source.contains(&format!("fuzz::{target}(")),
            "{target} checks something else"
        );
    }
    let octets: usize = corpus
        .values()
        .flat_map(BTreeMap::values)
        .map(Vec::len)
        .sum();
    assert!(octets < MAX_CORPUS, "{octets} octets");
}

/// Whoever adds a vector adds a seed; what a fuzzer found may be there too.
#[test]
fn the_corpus_holds_every_seed() {
    let corpus = corpus();
    for (target, inputs) in seeds::seeds() {
        for (name, input) in inputs {
            let found = corpus.get(target).and_then(|inputs| inputs.get(&name));
            assert_eq!(
                found,
                Some(&input),
                "{target}/{name}: run the binary `seeds`"
            );
        }
    }
}

/// What has no seed is not explored.
#[test]
fn every_structure_of_a_room_or_of_franking_has_a_seed() {
    let corpus = corpus();
    for (target, kinds) in [("tls_policy", POLICY), ("tls_franking", FRANKING)] {
        for kind in kinds {
            let selector = select(kinds, kind.name);
            let mut inputs = corpus[target].values();
            let found = inputs.any(|input| input.first() == Some(&selector));
            assert!(found, "{}", kind.name);
        }
    }
}

/// A seed that is refused at once explores nothing.
#[test]
fn scripts_of_rooms_are_accepted_or_refused_as_meant() {
    for (name, script) in &corpus()["policy_resolve"] {
        if let Some(expected) = seeds::accepted(name) {
            assert_eq!(accepted_commits(script), expected, "{name}");
        }
    }
}

#[test]
fn assets_are_opened_or_refused_as_meant() {
    for (name, asset) in &corpus()["assets_open"] {
        if let Some(expected) = seeds::opened(name) {
            assert_eq!(is_opened(asset), expected, "{name}");
        }
    }
}

#[test]
fn reported_messages_are_proven_or_not_as_meant() {
    for (name, report) in &corpus()["franking_report"] {
        if let Some(expected) = seeds::proven(name) {
            assert_eq!(proven_messages(report), expected, "{name}");
        }
    }
}

#[test]
fn every_input_and_what_is_close_to_it_stands_its_check() {
    let corpus = corpus();
    let runs = AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for (target, check) in TARGETS {
            let (inputs, runs) = (&corpus[target], &runs);
            threads.spawn(move || {
                for (name, input) in inputs {
                    let mut run = |input: &[u8]| {
                        runs.fetch_add(1, Ordering::Relaxed);
                        guarded(target, name, check, input);
                    };
                    run(input);
                    close_to(input, &mut run);
                }
            });
        }
    });
    println!("{runs:?} runs");
}

/// Cuts, flips, an octet taken out and one put in, at places spread evenly.
fn close_to(input: &[u8], run: &mut impl FnMut(&[u8])) {
    let step = input.len().div_ceil(MAX_PLACES).max(1);
    for at in (0..input.len()).step_by(step) {
        run(&input[..at]);
        let bit = at % 8;
        for mask in [1 << bit, 0x80, 0xff] {
            let mut other = input.to_vec();
            other[at] ^= mask;
            run(&other);
        }
        run(&[&input[..at], &input[at + 1..]].concat());
        run(&[&input[..at], &[0xc0], &input[at..]].concat());
        run(&[&input[at..], &input[..at]].concat());
    }
    run(&[input, &[0]].concat());
    run(&[input, input].concat());
}

fn guarded(target: &str, name: &str, check: Check, input: &[u8]) {
    if std::panic::catch_unwind(|| check(input)).is_err() {
        panic!("{target}/{name}: {}", hex::encode(input));
    }
}
