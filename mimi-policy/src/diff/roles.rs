//! What roles there are, and what each can do.

use std::collections::BTreeSet;

use super::Difference;
use super::lines::{Lines, Or, Quoted};
use crate::capability::Capability;
use crate::components::roles::Role;
use crate::policy::RoomPolicy;
use crate::words::RoleLabel;

pub(super) fn diff(old: &RoomPolicy, new: &RoomPolicy, lines: &mut Lines) -> Option<()> {
    let all = old.roles().iter().chain(new.roles().iter());
    let indices: BTreeSet<u32> = all.map(|role| role.index).collect();
    for index in indices {
        match (old.role(index), new.role(index)) {
            (Some(before), Some(after)) if before != after => {
                diff_role(before, after, lines);
            }
            (None, Some(role)) => {
                lines.push(Difference::RoleAdded {
                    role: role.into(),
                    capabilities: capabilities(role).into_iter().collect(),
                });
                let nothing = Role {
                    capabilities: role.capabilities.clone(),
                    name: role.name.clone(),
                    index,
                    ..Role::default()
                };
                diff_role(&nothing, role, lines);
            }
            (Some(role), None) => lines.push(Difference::RoleRemoved(role.into())),
            _ => {}
        }
    }
    diff_standing(old, new, lines);
    Some(())
}

/// Preauthorisations that stay as they are, and count or not as the roles are.
fn diff_standing(old: &RoomPolicy, new: &RoomPolicy, lines: &mut Lines) {
    if old.preauth() != new.preauth() {
        return;
    }
    let count = |yes: &RoomPolicy, no: &RoomPolicy| {
        let counts = |policy: &RoomPolicy, role: &Role| policy.role(role.index) == Some(role);
        let roles = new.preauth().0.iter().map(|entry| &entry.role);
        roles.filter(|r| counts(yes, r) && !counts(no, r)).count()
    };
    let verdicts = [(count(old, new), "no longer"), (count(new, old), "now")];
    for (count, verdict) in verdicts.into_iter().filter(|(count, _)| *count > 0) {
        lines.text(format!(
            "the number of preauthorisations that {verdict} count, by the definition of their role, is {count}"
        ));
    }
}

fn diff_role(before: &Role, after: &Role, lines: &mut Lines) {
    let role = || RoleLabel::from(after);
    let (could, can) = (capabilities(before), capabilities(after));
    let gained: Vec<_> = can.difference(&could).copied().collect();
    if !gained.is_empty() {
        lines.push(Difference::Gained {
            role: role(),
            capabilities: gained,
        });
    }
    let lost: Vec<_> = could.difference(&can).copied().collect();
    if !lost.is_empty() {
        lines.push(Difference::Lost {
            role: role(),
            capabilities: lost,
        });
    }
    let changes = format!("the set of role changes that {} can make", role());
    lines.list(changes, steps(before), steps(after));
    diff_texts(before, after, lines);
    let constraints = [
        (
            "participants",
            before.min_participants,
            after.min_participants,
        ),
        ("active participants", before.min_active, after.min_active),
    ];
    for (of, before, after) in constraints {
        lines.value(format!("the minimum of {of} in {}", role()), before, after);
    }
    let constraints = [
        (
            "participants",
            before.max_participants,
            after.max_participants,
        ),
        ("active participants", before.max_active, after.max_active),
    ];
    for (of, before, after) in constraints {
        let subject = format!("the maximum of {of} in {}", role());
        lines.value(subject, Or(before, "unlimited"), Or(after, "unlimited"));
    }
}

fn diff_texts(before: &Role, after: &Role, lines: &mut Lines) {
    let index = after.index;
    let names = (Quoted(&before.name), Quoted(&after.name));
    lines.value(format!("the name of role {index}"), names.0, names.1);
    let texts = (Quoted(&before.description), Quoted(&after.description));
    lines.value(format!("the description of role {index}"), texts.0, texts.1);
}

fn capabilities(role: &Role) -> BTreeSet<Capability> {
    role.capabilities.iter().collect()
}

/// A role change that a role can make.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    from: u32,
    to: u32,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

fn steps(role: &Role) -> impl Iterator<Item = Step> + '_ {
    role.role_changes.iter().flat_map(|changes| {
        let from = changes.from;
        changes.to.iter().map(move |to| Step { from, to: *to })
    })
}
