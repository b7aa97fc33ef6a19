//! Where a reader stands, for those who want to know.

use std::fmt;

use super::Rule;

/// What a [`Reader`](super::Reader) does about the place where it stands.
///
/// Decoding runs [`Untraced`] first, which costs nothing. Only when that fails it
/// runs again, with a [`Path`], to say where and why.
pub(crate) trait Trace: Default {
    /// What a failed read returns.
    type Fault;

    /// `rule` is broken at `offset`.
    fn fault(offset: usize, rule: impl FnOnce() -> Rule) -> Self::Fault;
    /// What follows is inside of this.
    fn enter(&mut self, step: Step<'_>);
    /// It is over. Left out when a read fails, so that the place remains.
    fn leave(&mut self);
}

/// One step into a structure.
#[derive(Clone, Copy)]
pub(crate) enum Step<'s> {
    Field(&'static str),
    Index(usize),
    Key(&'s dyn fmt::Display),
}

/// Follows nothing.
#[derive(Debug, Default)]
pub(crate) struct Untraced;

/// A read failed.
#[derive(Debug)]
pub(crate) struct Refused;

impl Trace for Untraced {
    type Fault = Refused;

    #[inline]
    fn fault(_: usize, _: impl FnOnce() -> Rule) -> Refused {
        Refused
    }

    #[inline]
    fn enter(&mut self, _: Step<'_>) {}

    #[inline]
    fn leave(&mut self) {}
}

/// A broken rule and where; the [`Path`] knows in which field.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) offset: usize,
    pub(crate) rule: Rule,
}

/// The field where a reader stands, as in `nestedPart.parts[2].contentType`.
#[derive(Debug, Default)]
pub(crate) struct Path {
    text: String,
    /// How long the text was before each step.
    steps: Vec<usize>,
}

impl Trace for Path {
    type Fault = Fault;

    #[cold]
    fn fault(offset: usize, rule: impl FnOnce() -> Rule) -> Fault {
        let rule = rule();
        Fault { offset, rule }
    }

    fn enter(&mut self, step: Step<'_>) {
        self.steps.push(self.text.len());
        self.text += &match step {
            Step::Field(name) if self.text.is_empty() => name.to_owned(),
            Step::Field(name) => format!(".{name}"),
            Step::Index(index) => format!("[{index}]"),
            Step::Key(key) => format!("[{key}]"),
        };
    }

    fn leave(&mut self) {
        self.text.truncate(self.steps.pop().unwrap_or(0));
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
