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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Chains {
    nodes: Vec<Node>,
    /// Those of messages that are not there.
    unseen: BTreeMap<MessageId, usize>,
}

/// The node of a message, if replies have to do with it.
///
/// Which one it is depends on the order of arrival and says nothing about the
/// message, so all of them are equal.
#[derive(Clone, Copy, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Link(Option<usize>);

impl Link {
    pub(super) fn is_some(self) -> bool {
        self.0.is_some()
    }
}

impl PartialEq for Link {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Link {}

#[derive(Clone, Copy)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Node {
    /// Another one of the same component, or itself.
    parent: usize,
    /// How many the component has, if this is its own parent. As the smaller
    /// component goes below the greater one, nothing is deeper than log2 of all.
    size: usize,
    /// Whether the component has a loop, if this is its own parent.
    looped: bool,
}

impl Chains {
    /// The node of a message that is there, a new one if it has none.
    pub(super) fn of(&mut self, link: &mut Link) -> usize {
        *link.0.get_or_insert_with(|| self.add())
    }

    /// The node of a message that is not there.
    pub(super) fn of_unseen(&mut self, id: MessageId) -> usize {
        if let Some(node) = self.unseen.get(&id) {
            return *node;
        }
        let node = self.add();
        self.unseen.insert(id, node);
        node
    }

    fn add(&mut self) -> usize {
        let parent = self.nodes.len();
        self.nodes.push(Node {
            parent,
            size: 1,
            looped: false,
        });
        parent
    }

    /// Hands out the node of a message that has arrived.
    pub(super) fn take(&mut self, id: &MessageId) -> Link {
        Link(self.unseen.remove(id))
    }

    /// Lets the node `from`, which did not point anywhere, point at `to`.
    pub(super) fn link(&mut self, from: usize, to: usize) {
        let (Some((from, a)), Some((to, b))) = (self.root(from), self.root(to)) else {
            return;
        };
        let (child, parent) = if a.size > b.size {
            (to, from)
        } else {
            (from, to)
        };
        let united = Node {
            parent,
            size: a.size.saturating_add(b.size),
            looped: a.looped || b.looped,
        };
        let closed = Node { looped: true, ..a };
        if let Some(node) = self.nodes.get_mut(child) {
            node.parent = parent;
        }
        if let Some(node) = self.nodes.get_mut(parent) {
            *node = if from == to { closed } else { united };
        }
    }

    /// Whether following the arrows from a message never ends.
    pub(super) fn is_looped(&self, link: Link) -> bool {
        link.0
            .and_then(|node| self.root(node))
            .is_some_and(|(_, root)| root.looped)
    }

    /// The same for a message `from` that is not there, if it pointed at `to`,
    /// which has the link `link` if it is there.
    pub(super) fn would_loop(&self, from: &MessageId, to: &MessageId, link: Option<Link>) -> bool {
        let node = |id| self.unseen.get(id).copied();
        let to_node = link.map_or_else(|| node(to), |link| link.0);
        let root = |node| self.root(node);
        let (start, end) = (node(from).and_then(root), to_node.and_then(root));
        from == to
            || end.is_some_and(|(end, root)| {
                root.looped || start.is_some_and(|(start, _)| start == end)
            })
    }

    /// The end of a component, and what it knows. Nothing is as deep as the bound,
    /// except what a store has brought back wrong.
    fn root(&self, mut number: usize) -> Option<(usize, Node)> {
        for _ in 0..=usize::BITS {
            let node = *self.nodes.get(number)?;
            if node.parent == number {
                return Some((number, node));
            }
            number = node.parent;
        }
        None
    }
}
