//! Which leaf of the MLS group belongs to which user.

use std::collections::BTreeMap;
use std::hash::Hasher;

use mimi_content::{MimiUri, UriRef};
use rustc_hash::FxHasher;

/// The clients of a group, by leaf and by user, at one point in time.
///
/// The host fills it from its identity check; this crate reads no credentials.
#[derive(Debug, Clone, Default)]
pub struct ClientIndex {
    by_leaf: BTreeMap<u32, MimiUri>,
    /// The users whose URIs have a certain hash, in order, with their leaves in
    /// increasing order. There is hardly ever more than one, unless somebody wants
    /// it so.
    by_user: BTreeMap<u64, Vec<(MimiUri, Vec<u32>)>>,
}

impl ClientIndex {
    /// An index of an empty group.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that `leaf` belongs to `user`, and returns whom it belonged to.
    pub fn insert(&mut self, leaf: u32, user: MimiUri) -> Option<MimiUri> {
        let before = self.remove(leaf);
        self.by_leaf.insert(leaf, user.clone());
        let users = self.by_user.entry(hash((&user).into())).or_default();
        let found = users.binary_search_by(|(known, _)| known.cmp(&user));
        match found.map(|at| users.get_mut(at)) {
            Ok(Some((_, leaves))) => {
                let at = leaves.partition_point(|known| *known < leaf);
                leaves.insert(at, leaf);
            }
            Ok(None) => {}
            Err(at) => users.insert(at, (user, vec![leaf])),
        }
        before
    }

    /// Notes that `leaf` is blank, and returns whom it belonged to.
    pub fn remove(&mut self, leaf: u32) -> Option<MimiUri> {
        let user = self.by_leaf.remove(&leaf)?;
        let hash = hash((&user).into());
        if let Some(users) = self.by_user.get_mut(&hash) {
            if let Ok(at) = users.binary_search_by(|(known, _)| known.cmp(&user)) {
                let leaves = users.get_mut(at).map(|(_, leaves)| leaves);
                let found = leaves.and_then(|all| Some((all.binary_search(&leaf).ok()?, all)));
                if let Some((at, leaves)) = found {
                    leaves.remove(at);
                }
                if users.get(at).is_some_and(|(_, leaves)| leaves.is_empty()) {
                    users.remove(at);
                }
            }
            if users.is_empty() {
                self.by_user.remove(&hash);
            }
        }
        Some(user)
    }

    /// Whom `leaf` belongs to.
    #[must_use]
    pub fn user_of(&self, leaf: u32) -> Option<&MimiUri> {
        self.by_leaf.get(&leaf)
    }

    /// The leaves of `user`, in increasing order.
    pub fn leaves_of<'u>(&self, user: impl Into<UriRef<'u>>) -> impl Iterator<Item = u32> + '_ {
        self.leaves(user.into()).iter().copied()
    }

    /// How many clients `user` has.
    #[must_use]
    pub fn count_of<'u>(&self, user: impl Into<UriRef<'u>>) -> usize {
        self.leaves(user.into()).len()
    }

    /// The users with clients, in the order of their first leaves, and how many
    /// each has.
    pub fn users(&self) -> impl Iterator<Item = (&MimiUri, usize)> {
        self.by_leaf.iter().filter_map(|(leaf, user)| {
            let leaves = self.leaves(user.into());
            (leaves.first() == Some(leaf)).then_some((user, leaves.len()))
        })
    }

    /// The leaves in increasing order, with their users.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &MimiUri)> {
        self.by_leaf.iter().map(|(leaf, user)| (*leaf, user))
    }

    /// How many clients the group has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_leaf.len()
    }

    /// Whether the group has no clients.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_leaf.is_empty()
    }

    fn leaves(&self, user: UriRef<'_>) -> &[u32] {
        let Some(users) = self.by_user.get(&hash(user)) else {
            return &[];
        };
        let found = users.binary_search_by(|(known, _)| known.as_str().cmp(user.as_str()));
        let found = found.ok().and_then(|at| users.get(at));
        found.map_or(&[], |(_, leaves)| leaves)
    }
}

#[inline]
fn hash(user: UriRef<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(user.as_str().as_bytes());
    hasher.finish()
}
impl PartialEq for ClientIndex {
    fn eq(&self, other: &Self) -> bool {
        self.by_leaf == other.by_leaf
    }
}

impl Eq for ClientIndex {}

impl FromIterator<(u32, MimiUri)> for ClientIndex {
    fn from_iter<I: IntoIterator<Item = (u32, MimiUri)>>(clients: I) -> Self {
        let mut index = ClientIndex::new();
        for (leaf, user) in clients {
            index.insert(leaf, user);
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_the_index_agree() {
        let user = |name| MimiUri::parse(&format!("mimi://a.example/u/{name}")).unwrap();
        let (a, b) = (user("a"), user("b"));
        let mut index: ClientIndex = [(7, a.clone()), (3, a.clone())].into_iter().collect();
        assert_eq!(index.leaves_of(&a).collect::<Vec<_>>(), [3, 7]);
        assert_eq!(index.insert(3, b.clone()), Some(a.clone()));
        assert_eq!((index.count_of(&a), index.count_of(&b)), (1, 1));
        assert_eq!(index.user_of(3), Some(&b));
        assert_eq!(
            index.iter().map(|(leaf, _)| leaf).collect::<Vec<_>>(),
            [3, 7]
        );
        assert_eq!(index.remove(7), Some(a.clone()));
        assert_eq!(index.remove(7), None);
        assert_eq!(index.users().collect::<Vec<_>>(), [(&b, 1)]);
        assert_eq!((index.len(), index.is_empty()), (1, false));
    }
}
