//! All messages, by ID.

use std::collections::BTreeMap;

use super::state::Stored;
use crate::MessageId;

/// A map from IDs to messages.
///
/// IDs are hashes, so eight octets tell them apart. A tree of these is less than
/// half as large as one of whole IDs, so more of it is at hand, and numbers are
/// compared faster than strings. Messages of someone who takes the trouble to
/// make IDs with equal octets there go into a tree of whole IDs.
#[derive(Clone, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Store {
    /// By [`short`], the first to come.
    places: BTreeMap<u64, usize>,
    /// Whose short form was taken.
    others: BTreeMap<MessageId, usize>,
    #[expect(
        clippy::vec_box,
        reason = "what is large is not to be moved when more comes"
    )]
    messages: Vec<Box<Stored>>,
}

impl Store {
    pub(super) fn get(&self, id: &MessageId) -> Option<&Stored> {
        self.messages.get(self.place(id)?).map(|stored| &**stored)
    }

    pub(super) fn get_mut(&mut self, id: &MessageId) -> Option<&mut Stored> {
        let place = self.place(id)?;
        self.messages.get_mut(place).map(|stored| &mut **stored)
    }

    /// Adds a message, unless there is one of its ID.
    pub(super) fn insert(&mut self, stored: Stored) -> Option<&Stored> {
        let id = stored.received.id;
        let place = self.messages.len();
        let first = *self.places.entry(short(&id)).or_insert(place);
        if first != place {
            if self.messages.get(first)?.received.id == id || self.others.contains_key(&id) {
                return None;
            }
            self.others.insert(id, place);
        }
        self.messages.push(Box::new(stored));
        self.messages.last().map(|stored| &**stored)
    }

    pub(super) fn len(&self) -> usize {
        self.messages.len()
    }

    fn place(&self, id: &MessageId) -> Option<usize> {
        let place = *self.places.get(&short(id))?;
        if self.messages.get(place)?.received.id == *id {
            return Some(place);
        }
        self.others.get(id).copied()
    }
}

/// The first octets of the hash, which stands behind the number of its
/// algorithm.
fn short(id: &MessageId) -> u64 {
    let [_, a, b, c, d, e, f, g, h, ..] = *id.as_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The order of arrival is no part of the value.
impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        let same = |stored: &Stored| other.get(&stored.received.id) == Some(stored);
        self.len() == other.len() && self.messages.iter().all(|stored| same(stored))
    }
}

impl Eq for Store {}
