//! The committed vectors: made and checked by this version, with a case for each
//! procedure and each rule. A program that shares no code with it checks them in
//! the stage `vectors` of `.ci/run`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a test reads its data from files and fails by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use testvectors::vectors::{Case, PROCEDURES, check, families};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

#[test]
fn the_files_are_what_the_generator_makes() {
    let made = families();
    assert_eq!(families(), made, "a second time");
    for family in &made {
        let file = folder().join(format!("{}.json", family.family));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(
            text == family.to_json(),
            "{}: generate it anew",
            file.display()
        );
    }
    let files = std::fs::read_dir(folder()).unwrap().count();
    assert_eq!(files, made.len(), "a file without a family");
}

#[test]
fn the_files_check() {
    let checked = check(&folder());
    assert!(
        checked.failures.is_empty(),
        "{}",
        checked.failures.join("\n")
    );
    println!("{} valid, {} refused", checked.valid, checked.refused);
    assert!(checked.valid > 550 && checked.refused > 1000);
}

/// Every case would be noticed if what it says were something else.
#[test]
fn a_case_that_says_something_else_fails() {
    for family in families() {
        assert!(family.cases.iter().any(|case| case.valid.is_some()));
        // There is nothing that no salt could be made of, and presets are given.
        let never_refused = ["presets", "salt"].contains(&family.family.as_str());
        assert!(never_refused || family.cases.iter().any(|case| case.refused.is_some()));
        for case in family.cases {
            case.check().unwrap();
            for other in altered(&case) {
                assert!(other.check().is_err(), "{}: {}", family.family, case.name);
            }
        }
    }
}

/// The case with another result: each leaf of it changed, and the opposite.
fn altered(case: &Case) -> Vec<Case> {
    let mut others = Vec::new();
    if let Some(refused) = &case.refused {
        let mut rule = case.clone();
        rule.refused.as_mut().unwrap().rule = "another".to_owned();
        let mut offset = case.clone();
        offset.refused.as_mut().unwrap().offset = Some(refused.offset.unwrap_or(0) + 1);
        let mut clause = case.clone();
        clause.refused.as_mut().unwrap().clause = Some("another".to_owned());
        let mut missing = case.clone();
        missing.refused.as_mut().unwrap().missing = Some(refused.missing.map_or(0, |m| m + 1));
        let accepted = Case {
            valid: Some(json!({})),
            refused: None,
            ..case.clone()
        };
        others.extend([rule, offset, clause, missing, accepted]);
    }
    if let Some(valid) = &case.valid {
        let mut leaves = Vec::new();
        paths(valid, String::new(), &mut leaves);
        for leaf in leaves {
            let mut other = case.clone();
            let value = other.valid.as_mut().unwrap().pointer_mut(&leaf).unwrap();
            *value = change(value);
            others.push(other);
        }
    }
    others
}

/// Where the leaves of a value are.
fn paths(value: &Value, at: String, leaves: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                paths(item, format!("{at}/{index}"), leaves);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                paths(member, format!("{at}/{name}"), leaves);
            }
        }
        _ => leaves.push(at),
    }
}

fn change(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}0")),
        Value::Bool(truth) => json!(!truth),
        Value::Null => json!(0),
        _ => Value::Null,
    }
}

/// The words in backticks of a section of `README.md`.
fn listed(section: &str) -> BTreeSet<String> {
    let readme = std::fs::read_to_string(folder().join("../README.md")).unwrap();
    let (_, text) = readme.split_once(&format!("## {section}\n")).unwrap();
    let text = text.split("\n## ").next().unwrap();
    let words = text.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

#[test]
fn every_procedure_has_a_case_and_a_description() {
    let known: BTreeSet<&str> = PROCEDURES.iter().map(|(name, _)| *name).collect();
    let families = families();
    let cases = families.iter().flat_map(|family| &family.cases);
    let used: BTreeSet<&str> = cases.map(|case| case.procedure.as_str()).collect();
    assert_eq!(used, known);
    let listed = listed("The procedures");
    for procedure in known {
        assert!(listed.contains(procedure), "{procedure}");
    }
}

/// The rules by which the cases of some procedures are refused.
fn refused(by: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let families = families();
    let cases = families.iter().flat_map(|family| &family.cases);
    let cases = cases.filter(|case| by(&case.procedure));
    let refused = cases.filter_map(|case| case.refused.as_ref());
    refused.map(|refused| refused.rule.clone()).collect()
}

#[test]
fn every_rule_has_a_case_and_a_name() {
    assert_eq!(refused(|_| true), listed("The rules"));
}

/// Of all procedures that decode content, and of the one that sets what is to be
/// encoded.
#[test]
fn every_rule_of_the_content_codec_has_a_case() {
    let source = folder().join("../../mimi-content/src/cbor/error.rs");
    let source = std::fs::read_to_string(source).unwrap();
    let (_, rules) = source.split_once("pub enum Rule {\n").unwrap();
    let (rules, _) = rules.split_once("\n}").unwrap();
    let variants = rules.lines().filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| line.starts_with(char::is_uppercase));
    let rules: BTreeSet<String> = variants
        .map(|line| line.split([' ', '(', ',']).next().unwrap())
        .map(snake_case)
        .collect();
    assert!(rules.len() > 15, "{rules:?}");
    let content = [
        "mimi_content",
        "extension_",
        "message_status",
        "message_derived",
    ];
    let refused = refused(|procedure| content.iter().any(|name| procedure.starts_with(name)));
    assert_eq!(refused, rules);
}

/// What may be wrong with a room or an attempt, but for what no attempt shows:
/// numbers beyond those of the crate, questions that come without an attempt,
/// and a host that mixes up its inputs.
#[test]
fn every_rule_of_a_room_has_a_case() {
    let errors = folder().join("../../mimi-policy/src/error");
    let mut rules = BTreeSet::new();
    for (file, error) in [("invalid.rs", "Invalid"), ("reason.rs", "Reason")] {
        let source = std::fs::read_to_string(errors.join(file)).unwrap();
        let (_, variants) = source
            .split_once(&format!("pub enum {error} {{\n"))
            .unwrap();
        let (variants, _) = variants.split_once("\n}").unwrap();
        let lines = variants
            .lines()
            .filter_map(|line| line.strip_prefix("    "));
        let lines = lines.filter(|line| line.starts_with(char::is_uppercase));
        let names = lines.map(|line| line.split([' ', '(', ',']).next().unwrap());
        rules.extend(names.map(snake_case));
    }
    assert!(rules.len() > 50, "{rules:?}");
    for rule in UNSEEN {
        assert!(rules.remove(rule), "{rule}");
    }
    assert_eq!(
        refused(|procedure| ["authorize", "room_begin"].contains(&procedure)),
        rules
    );
}

const UNSEEN: [&str; 6] = [
    "too_many_participants",
    "too_long",
    "handshake_format",
    "epoch",
    "leaving",
    "other_draft",
];

fn snake_case(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
