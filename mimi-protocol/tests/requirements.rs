//! `REQUIREMENTS.md` tells the truth: the files that it names exist, and so do
//! the tests.
//!
//! Each row is `| clause | requirement | enforced in | tested by |`. The third
//! cell lists source files, the fourth tests as `path::function`; `host` in the
//! third says that the code cannot do it and whoever uses it must; `not yet` in
//! the third says what it says. Only these two may go without a test.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const CLAUSES: &[&str] = &[
    "PROTO", "POLICY", "CONTENT", "STATUS", "MORE", "EXT", "MLS", "SEMI", "TREE", "PSEUD", "DISC",
    "RFC",
];

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().expect("a workspace").to_owned()
}

/// The rows of a document with what is wrong with them.
fn faults(document: &str, root: &Path) -> (usize, Vec<String>) {
    let mut files = Files {
        root,
        read: BTreeMap::new(),
    };
    let mut rows = 0_usize;
    let mut faults = Vec::new();
    for (number, line) in (1..).zip(document.lines()) {
        if !line.starts_with('|') || is_head(line) {
            continue;
        }
        rows = rows.saturating_add(1);
        if let Err(fault) = files.check(line) {
            faults.push(format!("line {number}: {fault}"));
        }
    }
    (rows, faults)
}

/// The two lines at the top of a table.
fn is_head(line: &str) -> bool {
    line.starts_with("| clause ") || line.chars().all(|c| "|-: ".contains(c))
}

struct Files<'a> {
    root: &'a Path,
    read: BTreeMap<String, Option<String>>,
}

impl Files<'_> {
    fn text(&mut self, path: &str) -> Result<&str, String> {
        let root = self.root;
        let text = self
            .read
            .entry(path.to_owned())
            .or_insert_with(|| std::fs::read_to_string(root.join(path)).ok());
        text.as_deref().ok_or_else(|| format!("there is no {path}"))
    }

    fn check(&mut self, line: &str) -> Result<(), String> {
        let cells = line.strip_prefix('|').and_then(|l| l.strip_suffix('|'));
        let cells = cells.ok_or("the row does not end with a bar")?;
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        let [clause, requirement, enforced, tested] = cells.as_slice() else {
            return Err(format!("{} cells instead of 4", cells.len()));
        };
        let draft = clause.split([' ', ',']).next().unwrap_or_default();
        if !CLAUSES.contains(&draft) {
            return Err(format!("{clause:?} does not start with a draft"));
        }
        if requirement.is_empty() {
            return Err("the requirement is empty".to_owned());
        }
        let open = enforced.starts_with("not yet") || enforced.starts_with("host");
        let sources = quoted(enforced)?;
        let tests = quoted(tested)?;
        if !open && (sources.is_empty() || tests.is_empty()) {
            return Err("neither `not yet` nor `host`, and no source or no test".to_owned());
        }
        for source in sources {
            self.text(source)?;
        }
        for test in tests {
            let (path, name) = test
                .rsplit_once("::")
                .ok_or_else(|| format!("{test:?} is not path::function"))?;
            if !has_test(self.text(path)?, name) {
                return Err(format!("{path} has no test {name}"));
            }
        }
        Ok(())
    }
}

/// What stands in backquotes.
fn quoted(cell: &str) -> Result<Vec<&str>, String> {
    let parts: Vec<&str> = cell.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return Err(format!("backquotes do not pair in {cell:?}"));
    }
    Ok(parts.into_iter().skip(1).step_by(2).collect())
}

/// Whether a file has this function with `#[test]` among the attributes before
/// it, or in a `proptest!` block.
fn has_test(text: &str, name: &str) -> bool {
    let head = format!("fn {name}(");
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let places = lines.iter().enumerate();
    let mut places = places.filter(|(_, line)| line.starts_with(&head));
    places.any(|(place, _)| {
        let above = lines.iter().take(place).rev();
        let mut above = above.take_while(|line| line.starts_with('#') || line.starts_with("//"));
        above.any(|line| *line == "#[test]")
    })
}

#[test]
fn every_row_is_true() {
    let document = std::fs::read_to_string(root().join("REQUIREMENTS.md")).unwrap();
    let (rows, faults) = faults(&document, &root());
    assert!(rows > 50, "only {rows} rows");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn untrue_rows_are_found() {
    let here = "mimi-protocol/tests/requirements.rs";
    let good = format!("| PROTO, \"X\" | it works | `{here}` | `{here}::every_row_is_true` |");
    assert_eq!(faults(&good, &root()), (1, Vec::new()));
    for (row, fault) in [
        ("| PROTO | a | `b.rs` |".to_owned(), "3 cells"),
        ("| PROTO | a | b | c".to_owned(), "end with a bar"),
        ("| HTML | a | not yet | |".to_owned(), "start with a draft"),
        ("| PROTO | | not yet | |".to_owned(), "is empty"),
        ("| PROTO | a | | |".to_owned(), "no source or no test"),
        (
            format!("| PROTO | a | `{here}` | |"),
            "no source or no test",
        ),
        (
            good.replace("requirements.rs`", "missing.rs`"),
            "there is no",
        ),
        (good.replace("every_row_is_true", "nothing"), "has no test"),
        (good.replace("every_row_is_true", "quoted"), "has no test"),
        (good.replace("true` |", "true |"), "do not pair"),
    ] {
        let (rows, faults) = faults(&row, &root());
        assert_eq!((rows, faults.len()), (1, 1), "{row}");
        let found = faults.first().unwrap();
        assert!(found.contains(fault), "{row}: {found}");
    }
    let open = "| EXT, \"AppAck\" | a | not yet | |\n| PROTO, \"TLS\" | b | host | |";
    assert_eq!(faults(open, &root()), (2, Vec::new()));
}
