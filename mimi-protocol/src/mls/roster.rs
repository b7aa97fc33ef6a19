//! Which leaf belongs to which user: the identity check's verdicts, kept.

use std::collections::BTreeMap;

#[cfg(feature = "client")]
use mimi_content::MimiUri;
use mimi_policy::ClientIndex;
use serde::{Deserialize, Serialize};

use super::change::Joined;

/// The members of a group as the host's identity check saw them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Roster(BTreeMap<u32, Joined>);

impl Roster {
    /// The roster after a commit: `joined` holds the verdict on every key that
    /// is new, the others stay who they were.
    pub(crate) fn after(
        &self,
        members: impl Iterator<Item = (u32, Vec<u8>)>,
        joined: &[Joined],
    ) -> Result<Roster, u32> {
        let known = |leaf: u32, key: &[u8]| {
            let new = joined.iter().find(|joined| joined.signature_key == key);
            let old = self.0.get(&leaf).filter(|old| old.signature_key == key);
            new.or(old).cloned()
        };
        members
            .map(|(leaf, key)| known(leaf, &key).map(|who| (leaf, who)).ok_or(leaf))
            .collect::<Result<_, _>>()
            .map(Roster)
    }

    /// The leaves of each user.
    pub(crate) fn index(&self) -> ClientIndex {
        let mut index = ClientIndex::default();
        for (leaf, who) in &self.0 {
            index.insert(*leaf, who.user.clone());
        }
        index
    }

    /// The leaf with a signature key.
    pub(crate) fn leaf_of(&self, key: &[u8]) -> Option<u32> {
        let mut members = self.0.iter();
        let (leaf, _) = members.find(|(_, who)| who.signature_key == key)?;
        Some(*leaf)
    }

    /// The user at a leaf.
    #[cfg(feature = "client")]
    pub(crate) fn user(&self, leaf: u32) -> Option<&MimiUri> {
        self.0.get(&leaf).map(|who| &who.user)
    }

    /// The client at a leaf.
    #[cfg(feature = "client")]
    pub(crate) fn client(&self, leaf: u32) -> Option<&MimiUri> {
        self.0.get(&leaf).map(|who| &who.client)
    }
}
