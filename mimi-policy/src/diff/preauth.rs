//! Who may join or act by what its credential says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};

use super::Difference;
use super::lines::{Lines, Octets};
use crate::components::preauth::PreauthEntry;
use crate::components::roles::Role;
use crate::policy::RoomPolicy;
use crate::words::{Listed, RoleLabel};

pub(super) fn diff(old: &RoomPolicy, new: &RoomPolicy, lines: &mut Lines) -> Option<()> {
    let before: Vec<_> = old.preauth().0.iter().map(Rule::from).collect();
    let after: Vec<_> = new.preauth().0.iter().map(Rule::from).collect();
    let (known, wanted) = (definitions(&before, old), definitions(&after, new));
    let gained = wanted.iter().filter(|(rule, _)| !known.contains_key(*rule));
    name(gained, "is now", lines);
    let lost = known.iter().filter(|(rule, _)| !wanted.contains_key(*rule));
    name(lost, "is no longer", lines);
    let redefined = wanted.iter().filter(|(rule, roles)| {
        let before = known.get(*rule);
        before.is_some_and(|before| before != *roles)
    });
    let redefined = redefined.count();
    if redefined > 0 {
        lines.text(format!(
            "the number of preauthorisations with another definition of their role is {redefined}"
        ));
    }
    if order(&before, &wanted) != order(&after, &known) {
        lines.text(
            "the preauthorisations are in another order, and the first that matches decides"
                .to_owned(),
        );
    }
    Some(())
}

/// Who is preauthorised, and for which role.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Rule<'a> {
    claims: Vec<Claim<'a>>,
    role: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Claim<'a> {
    credential_type: u16,
    id: &'a [u8],
    value: &'a [u8],
}

impl<'a> From<&'a PreauthEntry> for Rule<'a> {
    fn from(entry: &'a PreauthEntry) -> Self {
        let claims = entry.claims.iter().map(|claim| Claim {
            credential_type: claim.credential_type,
            id: &claim.id,
            value: &claim.value,
        });
        Rule {
            claims: claims.collect(),
            role: entry.role.index,
        }
    }
}

/// The rules, each with the definitions of its role in its entries.
type Definitions<'a> = BTreeMap<&'a Rule<'a>, Vec<&'a Role>>;

fn definitions<'a>(rules: &'a [Rule<'a>], policy: &'a RoomPolicy) -> Definitions<'a> {
    let mut definitions = Definitions::new();
    for (rule, entry) in rules.iter().zip(&policy.preauth().0) {
        definitions.entry(rule).or_default().push(&entry.role);
    }
    // The same rule twice is the same rule.
    definitions.values_mut().for_each(Vec::dedup);
    definitions
}

/// The first of the rules that are also in `other`, in their order.
fn order<'a>(rules: &'a [Rule<'a>], other: &Definitions<'_>) -> Vec<&'a Rule<'a>> {
    let mut seen = BTreeSet::new();
    let shared = rules.iter().filter(|rule| other.contains_key(*rule));
    shared.filter(|rule| seen.insert(*rule)).collect()
}

fn name<'a>(
    mut rules: impl Iterator<Item = (&'a &'a Rule<'a>, &'a Vec<&'a Role>)>,
    verb: &str,
    lines: &mut Lines,
) {
    for (rule, roles) in rules.by_ref().take(Difference::MAX_NAMED) {
        let role = roles.first().map(|role| RoleLabel::from(*role));
        let role = role.map_or_else(String::new, |role| role.to_string());
        lines.text(format!("{rule} {verb} preauthorised for {role}"));
    }
    let more = rules.count();
    if more > 0 {
        lines.text(format!(
            "the number of more rules on who {verb} preauthorised is {more}"
        ));
    }
}

impl Display for Rule<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.claims.is_empty() {
            return f.write_str("nobody, by a rule without claims,");
        }
        write!(f, "whoever has {}", Listed::few(&self.claims))
    }
}

impl Display for Claim<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (id, value) = (Octets(self.id), Octets(self.value));
        write!(
            f,
            "{id} = {value} (credential type {})",
            self.credential_type
        )
    }
}
