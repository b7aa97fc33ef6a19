//! The vectors: what a file holds, how it is made, how it is checked.
//!
//! A case names a procedure, what goes in, and what must come out: a value, or
//! a refusal with its rule. The generator states for each case whether it is
//! valid, and for a refusal which one; it only fills in what a valid case
//! gives. So a change of what is accepted cannot slip into the files.

mod authorization;
mod components;
mod content;
mod families;
mod fields;
mod franking;
mod http;
mod mls;
mod participants;
mod policy;
mod presets;
mod procedures;
mod pseudonym;
mod targets;
mod tls;
mod uri;
mod wire;

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use families::families;
pub(crate) use franking::keys;
pub use procedures::{PROCEDURES, run};

/// One file: the cases of one family of structures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Its name, also that of the file.
    pub family: String,
    /// What it is about, and where that is specified.
    pub about: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What is special about it; each name stands once in a family.
    pub name: String,
    /// What to do; `README.md` describes each.
    pub procedure: String,
    /// What goes in.
    pub input: Value,
    /// What must come out, if it is valid.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub valid: Option<Value>,
    /// Why it must be refused, if it must.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refused: Option<Refused>,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The rule that is broken, by the names in `README.md`.
    pub rule: String,
    /// At which octet of the input, where the input is octets or a text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub offset: Option<usize>,
    /// The clause of the drafts that an attempt in a room breaks.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub clause: Option<String>,
    /// The capability that whoever tried it has not, if that is why.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub missing: Option<u16>,
    /// The HTTP status that says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<u16>,
}

impl Refused {
    fn new(rule: &str, offset: impl Into<Option<usize>>) -> Self {
        Refused {
            rule: rule.to_owned(),
            offset: offset.into(),
            clause: None,
            missing: None,
            status: None,
        }
    }
}

/// What a procedure makes of its input.
pub type Outcome = Result<Value, Refused>;

impl Case {
    /// A case that is valid, with what comes out.
    fn valid(procedure: &str, name: &str, input: Value) -> Self {
        let valid =
            run(procedure, &input).unwrap_or_else(|error| panic!("{procedure}: {name}: {error:?}"));
        Case {
            name: name.to_owned(),
            procedure: procedure.to_owned(),
            input,
            valid: Some(valid),
            refused: None,
        }
    }

    /// A case that is refused, as told and no other way.
    fn refused(
        procedure: &str,
        name: &str,
        input: Value,
        rule: &str,
        offset: impl Into<Option<usize>>,
    ) -> Self {
        Case::refused_so(procedure, name, input, Refused::new(rule, offset))
    }

    /// As [`Case::refused`], with all that a refusal says.
    fn refused_so(procedure: &str, name: &str, input: Value, refused: Refused) -> Self {
        assert_eq!(run(procedure, &input), Err(refused.clone()), "{name}");
        Case {
            name: name.to_owned(),
            procedure: procedure.to_owned(),
            input,
            valid: None,
            refused: Some(refused),
        }
    }

    /// Runs the procedure and compares.
    ///
    /// # Errors
    /// With a sentence, when what comes out is not what the case says.
    pub fn check(&self) -> Result<(), String> {
        let expected = match (&self.valid, &self.refused) {
            (Some(valid), None) => Ok(valid),
            (None, Some(refused)) => Err(refused),
            _ => return Err(format!("{}: neither valid nor refused, or both", self.name)),
        };
        let found = run(&self.procedure, &self.input);
        if found.as_ref() == expected {
            return Ok(());
        }
        Err(format!("{}: {found:?}, not {expected:?}", self.name))
    }
}

impl Family {
    /// The octets of the file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap();
        text.push('\n');
        text
    }

    /// Reads a file.
    ///
    /// # Errors
    /// With a sentence, when it is not one.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        serde_json::from_slice(&text).map_err(|e| format!("{}: {e}", path.display()))
    }
}

/// Writes every family into `folder`.
///
/// # Errors
/// When a file cannot be written.
pub fn generate(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for family in families() {
        std::fs::write(
            folder.join(format!("{}.json", family.family)),
            family.to_json(),
        )?;
    }
    Ok(())
}

/// What [`check`] found.
#[derive(Debug, Default)]
pub struct Checked {
    /// Cases that must be valid.
    pub valid: usize,
    /// Cases that must be refused.
    pub refused: usize,
    /// What is wrong, a sentence each.
    pub failures: Vec<String>,
}

/// Checks every file of `folder`, which must hold each family.
#[must_use]
pub fn check(folder: &Path) -> Checked {
    let mut checked = Checked::default();
    for name in families::NAMES {
        let family = match Family::read(&folder.join(format!("{name}.json"))) {
            Ok(family) if family.cases.is_empty() => Err(format!("{name}: no cases")),
            other => other,
        };
        let family = match family {
            Ok(family) => family,
            Err(failure) => {
                checked.failures.push(failure);
                continue;
            }
        };
        for case in &family.cases {
            match case.refused {
                None => checked.valid += 1,
                Some(_) => checked.refused += 1,
            }
            if let Err(failure) = case.check() {
                checked.failures.push(format!("{name}: {failure}"));
            }
        }
    }
    checked
}
