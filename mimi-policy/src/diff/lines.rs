//! Sentences about settings.

use std::collections::BTreeSet;
use std::fmt::Display;

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;

use super::Difference;
use crate::words::{Listed, Shown};

/// The differences found in one component.
pub(super) struct Lines {
    component: ComponentId,
    found: Vec<Difference>,
}

impl Lines {
    pub(super) fn new(component: ComponentId) -> Self {
        Lines {
            component,
            found: Vec::new(),
        }
    }

    pub(super) fn into_found(self) -> Vec<Difference> {
        self.found
    }

    pub(super) fn push(&mut self, difference: Difference) {
        self.found.push(difference);
    }

    pub(super) fn text(&mut self, text: String) {
        let component = self.component;
        self.push(Difference::Setting { component, text });
    }

    /// A value that may differ.
    pub(super) fn value<T: PartialEq + Display>(
        &mut self,
        subject: impl Display,
        before: T,
        after: T,
    ) {
        if before != after {
            self.text(format!("{subject} is now {after} (before: {before})"));
        }
    }

    /// A list of which the order does not matter.
    pub(super) fn list<T: Ord + Display>(
        &mut self,
        subject: impl Display,
        before: impl IntoIterator<Item = T>,
        after: impl IntoIterator<Item = T>,
    ) {
        let before: BTreeSet<T> = before.into_iter().collect();
        let after: BTreeSet<T> = after.into_iter().collect();
        let gained: Vec<_> = after.difference(&before).collect();
        if !gained.is_empty() {
            self.text(format!("{subject} now includes {}", Listed::few(&gained)));
        }
        let lost: Vec<_> = before.difference(&after).collect();
        if !lost.is_empty() {
            let lost = Listed::few(&lost);
            self.text(format!("{subject} no longer includes {lost}"));
        }
    }
}

/// A value, or a word for where there is none.
#[derive(PartialEq, Eq)]
pub(super) struct Or<T>(pub(super) Option<T>, pub(super) &'static str);

impl<T: Display> Display for Or<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str(self.1),
        }
    }
}

/// A text by somebody else, in quotation marks.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return f.write_str("empty");
        }
        write!(f, "\"{}\"", Shown(self.0))
    }
}

/// An amount with its unit.
#[derive(PartialEq, Eq)]
pub(super) struct Of<T>(pub(super) T, pub(super) &'static str);

impl<T: Display> Display for Of<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}

/// A text or other octets by somebody else.
#[derive(PartialEq, Eq)]
pub(super) struct Octets<'a>(pub(super) &'a [u8]);

impl Display for Octets<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match std::str::from_utf8(self.0) {
            Ok(text) => Quoted(text).fmt(f),
            Err(_) => write!(f, "{} octets that are no text", self.0.len()),
        }
    }
}

/// A component before and after the change, or a part of it.
pub(super) struct Sides<'a, T> {
    pub(super) before: Option<&'a T>,
    pub(super) after: Option<&'a T>,
    /// What to say where there is none.
    pub(super) absent: &'static str,
}

impl<'a, T> Sides<'a, T> {
    pub(super) fn value<V: PartialEq + Display>(
        &self,
        lines: &mut Lines,
        subject: impl Display,
        field: impl Fn(&'a T) -> V,
    ) {
        let side = |side: Option<&'a T>| Or(side.map(&field), self.absent);
        lines.value(subject, side(self.before), side(self.after));
    }

    pub(super) fn list<V: Ord + Display, I: IntoIterator<Item = V>>(
        &self,
        lines: &mut Lines,
        subject: impl Display,
        field: impl Fn(&'a T) -> I,
    ) {
        let side = |side: Option<&'a T>| side.map(&field).into_iter().flatten();
        lines.list(subject, side(self.before), side(self.after));
    }

    /// A part that is not always there.
    pub(super) fn inside<P>(&self, part: impl Fn(&'a T) -> Option<&'a P>) -> Sides<'a, P> {
        Sides {
            before: self.before.and_then(&part),
            after: self.after.and_then(&part),
            absent: "none",
        }
    }
}

/// A media type, with its parameters.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Media<'a>(pub(super) &'a MediaType);

impl Display for Media<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Shown(&self.0.essence))?;
        for (name, value) in &self.0.parameters {
            write!(f, "; {}={}", Shown(name), Shown(value))?;
        }
        Ok(())
    }
}
