//! The prefix tree: which record stands at an index, proved, and that none does.
//!
//! A discovery provider answers with a proof, so that it cannot keep a record back
//! and call that absence. All its records hang in one tree, and everyone who looks
//! up holds the same signed root.
//!
//! The tree is binary. A record's index is 256 bits that look random; they are its
//! way down, 0 to the left. A leaf stands as high as it can while no other record
//! shares its way, and where nobody is, nothing is. So a set of records has one tree
//! and one root, whatever the order in which they came.
//!
//! ```text
//!             root
//!            /    \
//!         node    01…c          prove(01…c)   copath: node          the leaf itself
//!         /  \                  prove(000…)   copath: 01…c, 001…b   another leaf
//!      000…a  001…b             prove(1…)     copath: ...           an empty place
//! ```
//!
//! A proof is the way down from the root: the hash of the other side at each fork
//! (the *copath*), and what stands at its end. That is one of three things: the
//! record, the record of another index that has the way to itself, or nothing. The
//! last two prove absence.
//!
//! Nodes are named by their hashes and never change. So what an update does is a list
//! of nodes to write and of nodes to drop, and a root; a host puts all of it into its
//! database at once, with whatever else its step has led to. Reading is all that this
//! module asks of a store ([`Nodes`]). Checking needs no store at all: [`Proof::verify`]
//! stands alone, and a witness runs [`update`] over the few nodes that it was sent.
//!
//! Leaves are replaced and never removed: who goes leaves a tombstone.
//!
//! ```
//! use mimi_discovery::tree::{Change, Index, LeafHash, Looked, MemoryNodes, NodeHash, prove, update};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut nodes = MemoryNodes::default();
//! let (alice, nobody) = (Index([0x20; 32]), Index([0x30; 32]));
//! let record = LeafHash([7; 32]);
//! let change = Change { index: alice, leaf: record };
//! let done = update(&nodes, NodeHash::EMPTY, &[change])?;
//! nodes.apply(&done);
//!
//! let proof = prove(&nodes, done.root, &alice)?;
//! assert_eq!(proof.verify(done.root, &alice)?, Looked::Present(record));
//! let proof = prove(&nodes, done.root, &nobody)?;
//! assert_eq!(proof.verify(done.root, &nobody)?, Looked::Absent);
//!
//! // A witness that holds the old root and gets the nodes that were read comes to
//! // the same new one.
//! let next = Change { index: nobody, leaf: record };
//! let second = update(&nodes, done.root, &[next])?;
//! let sent = MemoryNodes::from_iter(second.read.iter().copied());
//! assert_eq!(update(&sent, done.root, &[next])?.root, second.root);
//! # Ok(())
//! # }
//! ```

mod memory;
mod node;
mod proof;
mod update;

pub use memory::MemoryNodes;
pub use node::{Index, LeafHash, Node, NodeHash, Nodes, TreeError};
pub use proof::{Looked, Proof, ProofError, prove};
pub use update::{Change, Update, update};
