//! A store in memory.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::node::{Node, NodeHash, Nodes};
use super::update::Update;

/// Nodes in memory: all of a tree, or the few that somebody was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryNodes(BTreeMap<NodeHash, Node>);

impl MemoryNodes {
    /// Writes what an update has led to, and drops what nothing leads to any more.
    pub fn apply(&mut self, update: &Update) {
        for hash in &update.drop {
            self.0.remove(hash);
        }
        self.0.extend(update.put.iter().copied());
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Node> for MemoryNodes {
    /// Names each node by its own hash, so that a wrong one is merely of no use.
    fn from_iter<I: IntoIterator<Item = Node>>(nodes: I) -> Self {
        let named = nodes.into_iter().map(|node| (node.hash(), node));
        MemoryNodes(named.collect())
    }
}

impl Nodes for MemoryNodes {
    type Error = Infallible;

    fn get(&self, hash: &NodeHash) -> Result<Option<Node>, Infallible> {
        Ok(self.0.get(hash).copied())
    }
}
