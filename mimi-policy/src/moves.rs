//! What updates of the participant list do, user by user.

use mimi_content::{MimiUri, UriRef};

use crate::components::participants::{Edit, ParticipantListUpdate};
use crate::components::roles::Role;
use crate::error::Invalid;
use crate::policy::State;

/// A user who comes to the list, leaves it, or gets another role in it.
#[derive(Debug, Clone)]
pub(crate) struct Move {
    pub(crate) user: MimiUri,
    /// The role before, 0 for none.
    pub(crate) from: u32,
    /// The role after, 0 for none.
    pub(crate) to: u32,
    /// Which update of the commit does it.
    pub(crate) update: usize,
}

/// All moves of a commit: no user moves twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moves {
    /// Those of one update stand together.
    list: Vec<Move>,
    /// Positions in `list`, in the order of the users.
    by_user: Vec<usize>,
}

impl Moves {
    /// Reads updates with their numbers. All indices mean the list of `before`.
    pub(crate) fn read(
        before: &State,
        updates: impl Iterator<Item = (usize, ParticipantListUpdate)>,
    ) -> Result<(Self, Edit), Invalid> {
        let (mut list, mut edit) = (Vec::new(), Edit::default());
        for (number, update) in updates {
            let mut push = |user: MimiUri, from, to| {
                list.push(Move {
                    user,
                    from,
                    to,
                    update: number,
                });
            };
            for change in &update.changed {
                let (user, from) = before.at(change.index)?;
                push(before.with_role(user, change.role)?, from, change.role);
                edit.changed.push((change.index, change.role));
            }
            for index in &update.removed {
                let (user, from) = before.at(*index)?;
                push(user.to_uri(), from, Role::NONE);
                edit.removed.push(*index);
            }
            for added in &update.added {
                before.with_role((&added.user).into(), added.role)?;
                push(added.user.clone(), Role::NONE, added.role);
            }
            edit.added.extend(update.added);
        }
        let moves = Moves::sorted(list)?;
        // Said last, so that a user both removed and added counts as twice.
        let known = |m: &&Move| m.from == Role::NONE && before.participants.contains(&m.user);
        if let Some(known) = moves.list.iter().find(known) {
            return Err(Invalid::AlreadyParticipant(known.user.clone()));
        }
        edit.changed.sort_unstable();
        edit.removed.sort_unstable();
        Ok((moves, edit))
    }

    fn sorted(list: Vec<Move>) -> Result<Self, Invalid> {
        let mut by_user: Vec<usize> = (0..list.len()).collect();
        let user = |at: usize| list.get(at).map(|m| &m.user);
        by_user.sort_unstable_by(|one, next| user(*one).cmp(&user(*next)));
        let twice = by_user.windows(2).find_map(|pair| match pair {
            [one, next] => user(*one).filter(|one| Some(*one) == user(*next)),
            _ => None,
        });
        match twice {
            Some(user) => Err(Invalid::UserTwice(user.clone())),
            None => Ok(Moves { list, by_user }),
        }
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Move> {
        self.list.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The moves of an update.
    #[inline]
    pub(crate) fn of_update(&self, update: usize) -> &[Move] {
        let start = self.list.partition_point(|m| m.update < update);
        let end = self.list.partition_point(|m| m.update <= update);
        self.list.get(start..end).unwrap_or_default()
    }

    /// How `user` moves, if it does.
    #[inline]
    pub(crate) fn of_user<'u>(&self, user: impl Into<UriRef<'u>>) -> Option<&Move> {
        if self.list.is_empty() {
            return None;
        }
        let user = user.into().as_str();
        let at = |at: &usize| self.list.get(*at).map(|m| m.user.as_str()).cmp(&Some(user));
        let found = self.by_user.binary_search_by(at).ok()?;
        self.list.get(*self.by_user.get(found)?)
    }
}

impl State {
    /// The participant at a position, and its role.
    fn at(&self, index: u32) -> Result<(UriRef<'_>, u32), Invalid> {
        match self.participants.get(index) {
            Some(entry) => Ok((entry.user, entry.role)),
            None => Err(Invalid::IndexPastEnd {
                index,
                len: self.participants.len(),
            }),
        }
    }

    /// `user`, if a participant can have this role.
    fn with_role(&self, user: UriRef<'_>, role: u32) -> Result<MimiUri, Invalid> {
        let user = user.to_uri();
        if role == Role::NONE || self.roles.get(role).is_none() {
            return Err(Invalid::NoSuchRole { user, role });
        }
        Ok(user)
    }
}
