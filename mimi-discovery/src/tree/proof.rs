//! What stands at an index, proved.

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use super::node::{Index, LeafHash, Node, NodeHash, Nodes, TreeError, fetch};

/// A proof of what stands at an index in the tree of a root, or that nothing does.
///
/// As a struct: an octet for what the way ends at (1 the record, 2 another one, 3
/// nothing) with the hash of the record or the other one's index and hash, then the
/// copath as a vector, from the root down, of hashes of 32 octets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The hashes of the other sides, from the root down.
    copath: Vec<NodeHash>,
    end: End,
}

/// Where a way ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// At the record that was asked for.
    Record(LeafHash),
    /// At one that has the way to itself.
    Other { index: Index, leaf: LeafHash },
    /// Where nothing is.
    Nothing,
}

/// What a proof says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// There is a record with this hash.
    Present(LeafHash),
    /// There is none.
    Absent,
}

/// Proves what stands at an index.
///
/// # Errors
/// When the store fails, or is not that of this root.
pub fn prove<N: Nodes + ?Sized>(
    nodes: &N,
    root: NodeHash,
    index: &Index,
) -> Result<Proof, TreeError<N::Error>> {
    let mut copath = Vec::new();
    let mut at = root;
    while !at.is_empty() {
        match fetch(nodes, &at)? {
            Node::Leaf { index: there, leaf } => {
                let end = if there == *index {
                    End::Record(leaf)
                } else {
                    End::Other { index: there, leaf }
                };
                return Ok(Proof { copath, end });
            }
            Node::Fork { left, right } => {
                if copath.len() >= Index::BITS {
                    return Err(TreeError::TooDeep);
                }
                let (next, other) = if index.turns_right(copath.len()) {
                    (right, left)
                } else {
                    (left, right)
                };
                copath.push(other);
                at = next;
            }
        }
    }
    Ok(Proof {
        copath,
        end: End::Nothing,
    })
}

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// It leads to another root.
    #[error("the proof is not of this tree")]
    Root,
    /// The other record at its end is not on the way, or is the one that was asked
    /// for.
    #[error("the record at the end of the proof does not have this way to itself")]
    NotOnTheWay,
    /// No tree has this form: something could stand higher up.
    #[error("the proof ends lower than it would in a tree")]
    NotHighest,
}

impl Proof {
    /// Checks the proof against a root that the verifier trusts, and says what stands
    /// at `index`.
    ///
    /// # Errors
    /// When it does not hold; then it says nothing.
    pub fn verify(&self, root: NodeHash, index: &Index) -> Result<Looked, ProofError> {
        let depth = self.copath.len();
        let (end, looked) = match self.end {
            End::Record(leaf) => {
                let node = Node::Leaf {
                    index: *index,
                    leaf,
                };
                (node.hash(), Looked::Present(leaf))
            }
            End::Other { index: other, leaf } => {
                if other == *index || !other.shares(index, depth) {
                    return Err(ProofError::NotOnTheWay);
                }
                let node = Node::Leaf { index: other, leaf };
                (node.hash(), Looked::Absent)
            }
            End::Nothing => (NodeHash::EMPTY, Looked::Absent),
        };
        // A fork has two records below it. With nothing on the other side, one that
        // ends here would stand higher.
        if self.copath.last().is_some_and(NodeHash::is_empty) {
            return Err(ProofError::NotHighest);
        }
        let mut hash = end;
        for (depth, other) in self.copath.iter().enumerate().rev() {
            let (left, right) = if index.turns_right(depth) {
                (*other, hash)
            } else {
                (hash, *other)
            };
            hash = Node::Fork { left, right }.hash();
        }
        if hash == root {
            Ok(looked)
        } else {
            Err(ProofError::Root)
        }
    }

    /// How many forks the way has.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.copath.len()
    }
}

const RECORD: u8 = 1;
const OTHER: u8 = 2;
const NOTHING: u8 = 3;

impl Encode for Proof {
    fn encode(&self, w: &mut Writer) {
        match self.end {
            End::Record(leaf) => {
                w.u8(RECORD);
                leaf.encode(w);
            }
            End::Other { index, leaf } => {
                w.u8(OTHER);
                index.encode(w);
                leaf.encode(w);
            }
            End::Nothing => w.u8(NOTHING),
        }
        w.list(&self.copath);
    }
}

impl Decode for Proof {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let end = match r.u8()? {
            RECORD => End::Record(LeafHash::decode(r)?),
            OTHER => End::Other {
                index: Index::decode(r)?,
                leaf: LeafHash::decode(r)?,
            },
            NOTHING => End::Nothing,
            other => {
                let what = "the end of a proof";
                let value = other.into();
                return Err(r.error_at(start, Rule::Unknown { what, value }));
            }
        };
        let mut forks: usize = 0;
        let copath = r.list_with(|r| {
            if forks == Index::BITS {
                return Err(r.error(Rule::Limit {
                    what: "forks of a proof",
                    max: Index::BITS,
                }));
            }
            forks = forks.saturating_add(1);
            NodeHash::decode(r)
        })?;
        Ok(Proof { copath, end })
    }
}
