//! Indices, hashes and nodes.

use std::fmt;

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use sha2::{Digest, Sha256};

macro_rules! octets {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(", stringify!($name))?;
                self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
                f.write_str(")")
            }
        }

        impl Encode for $name {
            fn encode(&self, w: &mut Writer) {
                w.raw(&self.0);
            }
        }

        impl Decode for $name {
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.array().map($name)
            }
        }
    )*};
}

octets! {
    /// Where in the tree a record stands: 256 bits that a pseudorandom function made
    /// of a cross-service identifier.
    Index;
    /// The hash of what stands at an index.
    LeafHash;
    /// The name of a node and of all that is below it; of the root, of a whole tree.
    NodeHash;
}

impl NodeHash {
    /// Where nothing is, and the root of a tree without records.
    pub const EMPTY: NodeHash = NodeHash([0; 32]);

    /// Whether nothing is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }
}

impl Index {
    /// How deep a tree can be, in forks.
    pub const BITS: usize = 256;

    /// Whether the way down turns right at the fork that is `depth` below the root.
    /// Below the last one it turns left.
    pub(super) fn turns_right(&self, depth: usize) -> bool {
        let octet = self.0.get(depth / 8).copied().unwrap_or_default();
        let shift = depth % 8;
        octet & (0x80 >> shift) != 0
    }

    /// Whether two ways are the same down to `depth`.
    pub(super) fn shares(&self, other: &Index, depth: usize) -> bool {
        let (whole, rest) = (depth / 8, depth % 8);
        let same = self.0.get(..whole) == other.0.get(..whole);
        let last = |index: &Index| index.0.get(whole).copied().unwrap_or_default();
        let mask = !(0xff_u8 >> rest);
        same && (last(self) ^ last(other)) & mask == 0
    }
}

/// What stands in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// A record.
    Leaf {
        /// Whose.
        index: Index,
        /// Its hash.
        leaf: LeafHash,
    },
    /// A fork with two records or more below it.
    Fork {
        /// Below which the next bit is 0.
        left: NodeHash,
        /// Below which it is 1.
        right: NodeHash,
    },
}

const LEAF: u8 = 1;
const FORK: u8 = 2;

impl Node {
    /// Its name: SHA-256 over its encoding, which begins with what it is, so that no
    /// leaf can be taken for a fork.
    #[must_use]
    pub fn hash(&self) -> NodeHash {
        let (kind, first, second) = match self {
            Node::Leaf { index, leaf } => (LEAF, &index.0, &leaf.0),
            Node::Fork { left, right } => (FORK, &left.0, &right.0),
        };
        let hash = Sha256::new()
            .chain_update([kind])
            .chain_update(first)
            .chain_update(second);
        NodeHash(hash.finalize().into())
    }
}

impl Encode for Node {
    fn encode(&self, w: &mut Writer) {
        match self {
            Node::Leaf { index, leaf } => {
                w.u8(LEAF);
                index.encode(w);
                leaf.encode(w);
            }
            Node::Fork { left, right } => {
                w.u8(FORK);
                left.encode(w);
                right.encode(w);
            }
        }
    }
}

impl Decode for Node {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            LEAF => Ok(Node::Leaf {
                index: Index::decode(r)?,
                leaf: LeafHash::decode(r)?,
            }),
            FORK => Ok(Node::Fork {
                left: NodeHash::decode(r)?,
                right: NodeHash::decode(r)?,
            }),
            other => Err(r.error_at(
                start,
                Rule::Unknown {
                    what: "the kind of a node",
                    value: other.into(),
                },
            )),
        }
    }
}

/// Where nodes are kept: in memory ([`MemoryNodes`](super::MemoryNodes)), or in a
/// host's database.
pub trait Nodes {
    /// Why reading fails.
    type Error;

    /// The node of this name, if it is kept. It is never asked for
    /// [`NodeHash::EMPTY`].
    ///
    /// # Errors
    /// When the store cannot be read.
    fn get(&self, hash: &NodeHash) -> Result<Option<Node>, Self::Error>;
}

/// Why a tree cannot be read or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError<E> {
    /// The store failed.
    #[error("the store of nodes failed: {0}")]
    Store(E),
    /// A node that the tree needs is not there: the store has lost it, or whoever
    /// sent some nodes left it out.
    #[error("the node {0:?} is missing")]
    Missing(NodeHash),
    /// The way down does not end: no tree has this root.
    #[error("the tree is deeper than an index is long")]
    TooDeep,
    /// Two changes are of one index.
    #[error("{0:?} changes twice")]
    Twice(Index),
}

/// Reads a node that must be there.
pub(super) fn fetch<N: Nodes + ?Sized>(
    nodes: &N,
    hash: &NodeHash,
) -> Result<Node, TreeError<N::Error>> {
    let node = nodes.get(hash).map_err(TreeError::Store)?;
    node.ok_or(TreeError::Missing(*hash))
}
