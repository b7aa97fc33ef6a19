//! Names and lists in sentences for people.

use std::fmt;

use crate::components::roles::{Role, RoleList};

/// Items of a list that are named in a sentence; of the rest it says how many
/// there are.
const FEW: usize = 16;

/// The same where all matter: more than there are capabilities with a name.
const MANY: usize = 96;

/// Characters of a foreign text that are shown in a sentence.
const SHOWN: usize = 64;

/// A role as people read of it: `role 3 (group_admin)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleLabel {
    /// Its index.
    pub index: u32,
    /// Its name, as it is on the wire; shown shortened and without characters
    /// that do not show.
    pub name: String,
}

impl RoleLabel {
    /// The role with `index`, whether it is defined or not.
    // Cold, as it is called where something is refused or shown.
    #[cold]
    pub(crate) fn find(roles: &RoleList, index: u32) -> Self {
        roles.get(index).map_or_else(
            || RoleLabel {
                index,
                name: String::new(),
            },
            RoleLabel::from,
        )
    }
}

impl From<&Role> for RoleLabel {
    #[cold]
    fn from(role: &Role) -> Self {
        RoleLabel {
            index: role.index,
            name: role.name.chars().take(SHOWN.saturating_add(1)).collect(),
        }
    }
}

impl fmt::Display for RoleLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "role {}", self.index)?;
        if self.name.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", Shown(&self.name))
    }
}

/// A number of things: `1 participant`, `2 participants`.
pub(crate) struct Counted<N>(pub(crate) N, pub(crate) &'static str);

impl<N: fmt::Display + PartialEq + From<u8>> fmt::Display for Counted<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counted(number, thing) = self;
        let plural = if *number == N::from(1) { "" } else { "s" };
        write!(f, "{number} {thing}{plural}")
    }
}

/// How many hold a role, or hold it and have clients in the group.
pub(crate) fn participants(number: u32, active: bool) -> Counted<u32> {
    let thing = if active {
        "active participant"
    } else {
        "participant"
    };
    Counted(number, thing)
}

/// A text by somebody else, shortened, with what does not show escaped.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars().take(SHOWN) {
            match c {
                '"' | '\'' => write!(f, "{c}")?,
                _ => write!(f, "{}", c.escape_debug())?,
            }
        }
        if self.0.chars().nth(SHOWN).is_some() {
            f.write_str("…")?;
        }
        Ok(())
    }
}

/// `a, b and c`, or the first of them and how many more there are.
pub(crate) struct Listed<'a, T> {
    items: &'a [T],
    most: usize,
}

impl<'a, T> Listed<'a, T> {
    pub(crate) fn few(items: &'a [T]) -> Self {
        Listed { items, most: FEW }
    }

    pub(crate) fn many(items: &'a [T]) -> Self {
        Listed { items, most: MANY }
    }
}

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let more = self.items.len().saturating_sub(self.most);
        let last = self.items.len().saturating_sub(1);
        for (position, item) in self.items.iter().take(self.most).enumerate() {
            match position {
                0 => {}
                _ if position == last => f.write_str(" and ")?,
                _ => f.write_str(", ")?,
            }
            write!(f, "{item}")?;
        }
        if more > 0 {
            write!(f, " and {more} more")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_like_a_sentence_and_ends() {
        let numbers: Vec<u32> = (1..=20).collect();
        let listed = |count: usize| Listed::few(&numbers[..count]).to_string();
        assert_eq!(listed(0), "");
        assert_eq!(listed(1), "1");
        assert_eq!(listed(2), "1 and 2");
        assert_eq!(listed(3), "1, 2 and 3");
        assert!(listed(16).ends_with("15 and 16"));
        assert!(listed(17).ends_with("15, 16 and 1 more"));
    }

    #[test]
    fn one_is_not_many() {
        let counted = |number: u32| Counted(number, "client").to_string();
        assert_eq!(counted(0), "0 clients");
        assert_eq!(counted(1), "1 client");
        assert_eq!(counted(2), "2 clients");
        assert_eq!(participants(1, true).to_string(), "1 active participant");
        assert_eq!(participants(2, false).to_string(), "2 participants");
    }

    #[test]
    fn a_name_is_short_and_all_there_is_to_see() {
        let mut role = Role {
            index: 7,
            ..Role::default()
        };
        let label = |role: &Role| RoleLabel::from(role).to_string();
        assert_eq!(label(&role), "role 7");
        role.name = "Anna's \u{202e}nimda\n".to_owned();
        assert_eq!(label(&role), r"role 7 (Anna's \u{202e}nimda\n)");
        role.name = "x".repeat(64);
        assert_eq!(label(&role), format!("role 7 ({})", "x".repeat(64)));
        role.name.push('y');
        assert_eq!(label(&role), format!("role 7 ({}…)", "x".repeat(64)));
    }
}
