//! The committed vectors: made by this version, checked by it and by a program
//! that shares no code with it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a test reads its data from files and fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use testvectors::vectors::{Case, check, families};

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
    assert!(checked.valid > 100 && checked.refused > 150);
}

/// Every case would be noticed if what it says were something else.
#[test]
fn a_case_that_says_something_else_fails() {
    for family in families() {
        assert!(family.cases.iter().any(|case| case.valid.is_some()));
        assert!(family.cases.iter().any(|case| case.refused.is_some()));
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
        let accepted = Case {
            valid: Some(json!({})),
            refused: None,
            ..case.clone()
        };
        others.extend([rule, offset, accepted]);
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

#[test]
fn the_files_check_independently() {
    let script = folder().join("../verify.py");
    let python = Command::new("python3")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if !python.is_ok_and(|status| status.success()) {
        println!("skipped: there is no python3 on the path");
        return;
    }
    let output = Command::new("python3")
        .arg(script)
        .arg(folder())
        .output()
        .unwrap();
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    print!("{}", text(&output.stdout));
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
}
