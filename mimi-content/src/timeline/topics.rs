//! The messages of each topic.

use std::collections::{BTreeMap, BTreeSet};

use super::Position;

/// No topic is among them without a message.
#[derive(Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Topics(BTreeMap<Vec<u8>, BTreeSet<Position>>);

impl Topics {
    pub(super) fn insert(&mut self, topic: &[u8], position: Position) {
        if let Some(positions) = self.0.get_mut(topic) {
            positions.insert(position);
        } else {
            self.0.insert(topic.to_vec(), BTreeSet::from([position]));
        }
    }

    pub(super) fn remove(&mut self, topic: &[u8], position: &Position) {
        if let Some(positions) = self.0.get_mut(topic) {
            positions.remove(position);
            if positions.is_empty() {
                self.0.remove(topic);
            }
        }
    }

    pub(super) fn get(&self, topic: &[u8]) -> Option<&BTreeSet<Position>> {
        self.0.get(topic)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.0.keys().map(|topic| &topic[..])
    }
}
