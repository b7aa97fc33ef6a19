//! Whether chains of replies run into a loop.

use std::collections::BTreeMap;

use crate::MessageId;

/// The graph of replies, as far as the question of loops needs it.
///
/// Every message points at one other at most, and none ever stops to. So among
/// messages that hang together, at most one does not point anywhere; if there
/// is one, following the arrows ends there, and otherwise they run into the one
/// loop that there is. A new arrow starts at a message that had none. It
/// closes a loop exactly if its end hangs together with its start already.
/// That is a question for a union-find structure: nothing is ever followed,
/// however long the chains are and whichever end of them comes first, and a
/// new arrow costs no more than looking up its two ends.
///
/// Messages that nobody has seen take part when others refer to them, one at
/// most for each message that is there.
#[derive(Clone, Default)]
pub(super) struct Chains {
    numbers: BTreeMap<MessageId, usize>,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    /// Another one of the same component, or itself.
    parent: usize,
    /// How many are below it, if it is its own parent; then they are never
    /// more than log2 of all nodes away.
    size: usize,
    /// Whether the component has a loop, if it is its own parent.
    looped: bool,
}

impl Chains {
    /// Lets `from`, which did not point anywhere, point at `to`.
    pub(super) fn link(&mut self, from: MessageId, to: MessageId) {
        let (from, to) = (self.number(from), self.number(to));
        let (from, to) = (self.root(from), self.root(to));
        let (Some(&a), Some(&b)) = (self.nodes.get(from), self.nodes.get(to)) else {
            return;
        };
        if from == to {
            if let Some(node) = self.nodes.get_mut(from) {
                node.looped = true;
            }
            return;
        }
        let (child, parent) = if a.size > b.size {
            (to, from)
        } else {
            (from, to)
        };
        if let Some(node) = self.nodes.get_mut(child) {
            node.parent = parent;
        }
        if let Some(node) = self.nodes.get_mut(parent) {
            node.looped = a.looped || b.looped;
            node.size = a.size.saturating_add(b.size);
        }
    }

    /// Whether anything points at or from `id`.
    pub(super) fn contains(&self, id: &MessageId) -> bool {
        self.numbers.contains_key(id)
    }

    /// Whether following the arrows from `id` never ends.
    pub(super) fn is_looped(&self, id: &MessageId) -> bool {
        self.find(id).is_some_and(|(_, looped)| looped)
    }

    /// Whether a new message `from` that points at `to` would have a chain
    /// that never ends.
    pub(super) fn would_loop(&self, from: &MessageId, to: &MessageId) -> bool {
        let start = self.find(from).map(|(root, _)| root);
        from == to
            || self
                .find(to)
                .is_some_and(|(root, looped)| looped || start == Some(root))
    }

    fn find(&self, id: &MessageId) -> Option<(usize, bool)> {
        let root = self.root(*self.numbers.get(id)?);
        Some((root, self.nodes.get(root)?.looped))
    }

    fn number(&mut self, id: MessageId) -> usize {
        *self.numbers.entry(id).or_insert_with(|| {
            let number = self.nodes.len();
            self.nodes.push(Node {
                parent: number,
                size: 1,
                looped: false,
            });
            number
        })
    }

    fn root(&self, mut number: usize) -> usize {
        while let Some(node) = self.nodes.get(number)
            && node.parent != number
        {
            number = node.parent;
        }
        number
    }
}
