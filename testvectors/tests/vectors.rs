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
        let mut status = case.clone();
        status.refused.as_mut().unwrap().status = Some(refused.status.map_or(400, |s| s + 1));
        let accepted = Case {
            valid: Some(json!({})),
            refused: None,
            ..case.clone()
        };
        others.extend([rule, offset, clause, missing, status, accepted]);
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
    let rules = variants("mimi-content/src/cbor/error.rs", "Rule");
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

/// The names of an enumeration's variants in a source file of the crates.
fn variants(file: &str, name: &str) -> BTreeSet<String> {
    let source = std::fs::read_to_string(folder().join("../..").join(file)).unwrap();
    let (_, variants) = source.split_once(&format!("pub enum {name} {{\n")).unwrap();
    let (variants, _) = variants.split_once("\n}").unwrap();
    let lines = variants
        .lines()
        .filter_map(|line| line.strip_prefix("    "));
    let lines = lines.filter(|line| line.starts_with(char::is_uppercase));
    let names = lines.map(|line| line.split([' ', '(', ',']).next().unwrap());
    names.map(snake_case).collect()
}

/// What may be wrong with a room or an attempt, but for what no attempt shows:
/// numbers beyond those of the crate, questions that come without an attempt,
/// and a host that mixes up its inputs.
#[test]
fn every_rule_of_a_room_has_a_case() {
    let mut rules = variants("mimi-policy/src/error/invalid.rs", "Invalid");
    rules.extend(variants("mimi-policy/src/error/reason.rs", "Reason"));
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

/// Whatever may be wrong with a message on its way to a hub's verdict, but for
/// what a host does wrong.
#[test]
fn every_fault_of_franking_has_a_case() {
    let content = variants("mimi-franking/src/content.rs", "ContentError");
    let own = |file: &str, error: &str, unseen: &[&str]| {
        let mut names = variants(&format!("mimi-franking/src/{file}"), error);
        for name in unseen {
            assert!(names.remove(*name), "{error}: {name}");
        }
        names
    };
    let commit = own("tag.rs", "CommitError", &["encode"]);
    assert_eq!(refused(|procedure| procedure == "frank_commit"), commit);
    let mut faults = own("receiver.rs", "Fault", &[]);
    faults.extend(content.clone());
    let receiver = ["frank_verify", "frank_dispute"];
    assert_eq!(refused(|procedure| receiver.contains(&procedure)), faults);
    assert_eq!(given("frank", "unfranked"), own("hub.rs", "Unfranked", &[]));
    // Of content the report has the same errors, under their own names.
    let mut faults = own("verdict.rs", "ReportFault", &["other_opening"]);
    faults.extend(content);
    assert_eq!(given("report_judge", "fault"), faults);
}

/// Whatever may be wrong with a directory or a request; headers by their names,
/// and bodies are for other families.
#[test]
fn every_refusal_of_http_has_a_case() {
    let mut refusals = variants("mimi-protocol/src/http/refusal.rs", "HttpRefusal");
    for name in ["header", "body", "other_endpoint"] {
        assert!(refusals.remove(name), "{name}");
    }
    refusals.extend(["host", "from", "content_length"].map(str::to_owned));
    assert_eq!(refused(|procedure| procedure == "http_receive"), refusals);
    let errors = variants("mimi-protocol/src/http/directory.rs", "DirectoryError");
    let made = ["http_directory", "http_make"];
    assert_eq!(refused(|procedure| made.contains(&procedure)), errors);
}

/// What comes out of one step goes into the next, in clear and framed.
#[test]
fn a_message_is_followed_from_the_content_to_the_verdict() {
    let families = families();
    let cases: Vec<&Case> = families.iter().flat_map(|family| &family.cases).collect();
    for nth in [0, 1] {
        let step = |procedure: &str| {
            let mut of = cases.iter().filter(|case| case.procedure == procedure);
            let case = of.nth(nth).unwrap();
            (&case.input, case.valid.as_ref().unwrap())
        };
        let (_, committed) = step("frank_commit");
        let (accepted, stamped) = step("frank");
        let (received, kept) = step("frank_verify");
        let (reported, judged) = step("report_judge");
        assert_eq!(accepted["frank_aad"], committed["franking_tag"]);
        assert_eq!(received["application_data"], committed["application_data"]);
        assert_eq!(received["frank"], stamped["frank"]);
        let report = reported["report"].as_str().unwrap();
        assert!(report.contains(kept["abusive_message"].as_str().unwrap()));
        assert!(judged["messages"][0]["hub_key"].is_string());
    }
}

/// What stands under `key` in the results of a procedure, at any depth.
fn given(procedure: &str, key: &str) -> BTreeSet<String> {
    let families = families();
    let cases = families.iter().flat_map(|family| &family.cases);
    let cases = cases.filter(|case| case.procedure == procedure);
    let mut found = BTreeSet::new();
    for valid in cases.filter_map(|case| case.valid.as_ref()) {
        let mut leaves = Vec::new();
        paths(valid, String::new(), &mut leaves);
        let leaves = leaves
            .iter()
            .filter(|leaf| leaf.ends_with(&format!("/{key}")));
        let values = leaves.filter_map(|leaf| valid.pointer(leaf).unwrap().as_str());
        found.extend(values.map(str::to_owned));
    }
    found
}

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
