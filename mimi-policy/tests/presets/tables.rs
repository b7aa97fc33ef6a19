//! Roles as tables.

use std::fmt::Write;

use mimi_policy::{Capability, Role, RoleList};

/// A line for each registered capability that any role has, a column for each
/// role, and at the end the capabilities that none has.
pub(crate) fn capabilities(roles: &RoleList) -> String {
    let mut table = format!("{:31}", "");
    for role in roles.iter() {
        write!(table, "{:>2}", role.index).unwrap();
    }
    let mut none = Vec::new();
    for capability in Capability::REGISTERED {
        if !roles.iter().any(|role| role.grants(*capability)) {
            none.push(capability.to_string());
            continue;
        }
        write!(table, "\n{:31}", capability.to_string()).unwrap();
        for role in roles.iter() {
            let mark = if role.grants(*capability) { 'x' } else { '.' };
            write!(table, " {mark}").unwrap();
        }
    }
    for line in none.chunks(4) {
        write!(table, "\nnobody: {}", line.join(" ")).unwrap();
    }
    table
}

/// A line for each role: its constraints and its role changes.
pub(crate) fn moves(roles: &RoleList) -> String {
    let lines = roles.iter().map(|role| {
        let changes = role.role_changes.iter();
        let changes: Vec<_> = changes
            .map(|c| format!("({},{:?})", c.from, c.to).replace(", ", ","))
            .collect();
        let range = |min, max: Option<u32>| match max {
            Some(max) => format!("{min}..={max}"),
            None => format!("{min}.."),
        };
        let Role { index, name, .. } = role;
        let all = range(role.min_participants, role.max_participants);
        let active = range(role.min_active, role.max_active);
        let line = format!(
            "{index} {name:<15} {all:<6} active {active:<6} {}",
            changes.join(" ")
        );
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
