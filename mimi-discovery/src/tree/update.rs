//! From one root to the next.

use super::node::{Index, LeafHash, Node, NodeHash, Nodes, TreeError, fetch};

/// What is to stand at an index from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Where.
    pub index: Index,
    /// The hash of the new record, or of the tombstone.
    pub leaf: LeafHash,
}

/// What an update leads to. A host writes the nodes and the root at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// The new root.
    pub root: NodeHash,
    /// Nodes to write, by name. Some may be there already.
    pub put: Vec<(NodeHash, Node)>,
    /// Nodes that the new tree does not have any more. One that keeps them can go on
    /// to answer for the old root.
    pub drop: Vec<NodeHash>,
    /// The nodes of the old tree that were read. Who has no more than these and the
    /// old root comes to the same new root.
    pub read: Vec<Node>,
}

/// Puts records into the tree with this root, or others in their places.
///
/// The order of `changes` does not matter. Nothing is written here; the time grows
/// with the number of changes and the depth of the tree.
///
/// # Errors
/// When an index changes twice, the store fails, or a node is missing.
pub fn update<N: Nodes + ?Sized>(
    nodes: &N,
    root: NodeHash,
    changes: &[Change],
) -> Result<Update, TreeError<N::Error>> {
    let mut changes = changes.to_vec();
    changes.sort_unstable();
    for pair in changes.windows(2) {
        if let [first, second] = pair
            && first.index == second.index
        {
            return Err(TreeError::Twice(first.index));
        }
    }
    let mut run = Run {
        nodes,
        put: Vec::new(),
        drop: Vec::new(),
        read: Vec::new(),
    };
    let root = run.below(root, 0, &changes)?;
    Ok(Update {
        root,
        put: run.put,
        drop: run.drop,
        read: run.read,
    })
}

struct Run<'a, N: ?Sized> {
    nodes: &'a N,
    put: Vec<(NodeHash, Node)>,
    drop: Vec<NodeHash>,
    read: Vec<Node>,
}

impl<N: Nodes + ?Sized> Run<'_, N> {
    /// The new name of the place `depth` forks down that was called `old`. All the
    /// changes, sorted, are below it. It calls itself once for each level at most,
    /// and an index has [`Index::BITS`] of them.
    fn below(
        &mut self,
        old: NodeHash,
        depth: usize,
        changes: &[Change],
    ) -> Result<NodeHash, TreeError<N::Error>> {
        if changes.is_empty() {
            return Ok(old);
        }
        if old.is_empty() {
            return Ok(self.plant(depth, changes));
        }
        let node = fetch(self.nodes, &old)?;
        self.read.push(node);
        let puts = self.put.len();
        let new = match node {
            Node::Leaf { index, leaf } => {
                let stands = Change { index, leaf };
                match changes.binary_search_by_key(&index, |change| change.index) {
                    Ok(_) => self.plant(depth, changes),
                    Err(place) => {
                        // It moves down, under the same name.
                        let mut all = changes.to_vec();
                        all.insert(place, stands);
                        return Ok(self.plant(depth, &all));
                    }
                }
            }
            Node::Fork { left, right } => {
                let next = depth.saturating_add(1);
                if next > Index::BITS {
                    return Err(TreeError::TooDeep);
                }
                let (to_left, to_right) = fork(depth, changes);
                let left = self.below(left, next, to_left)?;
                let right = self.below(right, next, to_right)?;
                self.write(Node::Fork { left, right })
            }
        };
        if new == old {
            // Nothing is new, so nothing below it is either.
            self.put.truncate(puts);
        } else {
            self.drop.push(old);
        }
        Ok(new)
    }

    /// A tree of these records alone, `depth` forks down.
    fn plant(&mut self, depth: usize, records: &[Change]) -> NodeHash {
        match records {
            [] => NodeHash::EMPTY,
            [Change { index, leaf }] => self.write(Node::Leaf {
                index: *index,
                leaf: *leaf,
            }),
            _ => {
                // Two indices differ somewhere, so this ends.
                let next = depth.saturating_add(1);
                let (to_left, to_right) = fork(depth, records);
                let left = self.plant(next, to_left);
                let right = self.plant(next, to_right);
                self.write(Node::Fork { left, right })
            }
        }
    }

    fn write(&mut self, node: Node) -> NodeHash {
        let hash = node.hash();
        self.put.push((hash, node));
        hash
    }
}

/// The changes on either side of the fork `depth` below the root.
fn fork(depth: usize, changes: &[Change]) -> (&[Change], &[Change]) {
    let left = changes.partition_point(|change| !change.index.turns_right(depth));
    changes.split_at_checked(left).unwrap_or((changes, &[]))
}
