//! Who comes, goes, and gets another role.

use std::collections::BTreeMap;

use mimi_content::UriRef;

use super::Difference;
use super::lines::Lines;
use crate::policy::RoomPolicy;
use crate::words::RoleLabel;

pub(super) fn diff(old: &RoomPolicy, new: &RoomPolicy, lines: &mut Lines) -> Option<()> {
    let (before, after) = (members(old), members(new));
    let added = after.iter().filter(|(user, _)| !before.contains_key(user));
    let added = added.map(|(user, role)| Difference::Added {
        user: user.to_uri(),
        role: label(new, *role),
    });
    let stays = |user: UriRef<'_>, from: u32| after.get(&user).map(|to| (from, *to));
    let both = before
        .iter()
        .filter_map(|(user, from)| Some((*user, stays(*user, *from)?)));
    let moved = both.filter(|(_, (from, to))| from != to);
    let moved = moved.map(|(user, (from, to))| Difference::Moved {
        user: user.to_uri(),
        from: label(old, from),
        to: label(new, to),
    });
    let removed = before.iter().filter(|(user, _)| !after.contains_key(user));
    let removed = removed.map(|(user, role)| Difference::Removed {
        user: user.to_uri(),
        role: label(old, *role),
    });
    let added = name(added, lines);
    let moved = name(moved, lines);
    let removed = name(removed, lines);
    if [added, moved, removed] != [0; 3] {
        lines.push(Difference::MoreParticipants {
            added,
            moved,
            removed,
        });
    }
    Some(())
}

/// Says the first few, and returns how many there are besides.
fn name(mut differences: impl Iterator<Item = Difference>, lines: &mut Lines) -> usize {
    let named = differences.by_ref().take(Difference::MAX_NAMED);
    named.for_each(|difference| lines.push(difference));
    differences.count()
}

fn members(policy: &RoomPolicy) -> BTreeMap<UriRef<'_>, u32> {
    let entries = policy.participants().iter();
    entries.map(|entry| (entry.user, entry.role)).collect()
}

fn label(policy: &RoomPolicy, index: u32) -> RoleLabel {
    RoleLabel::find(policy.roles(), index)
}
