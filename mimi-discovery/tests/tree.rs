//! The prefix tree against a plain map, and proofs against those who forge them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops where something is not as it should be"
)]

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::tls::{Decode, Encode};
use mimi_discovery::tree::{
    Change, Index, LeafHash, Looked, MemoryNodes, Node, NodeHash, Nodes, Proof, ProofError,
    TreeError, Update, prove, update,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

type Map = BTreeMap<Index, LeafHash>;

/// Bit `depth` of an index, counted from the first octet's highest.
fn bit(index: &Index, depth: usize) -> u8 {
    index.0[depth / 8] >> (7 - depth % 8) & 1
}

/// The root of a map, made anew from all of it, with the names of all nodes.
fn naive(map: &Map, depth: usize, names: &mut BTreeSet<[u8; 32]>) -> [u8; 32] {
    let hash = |kind: u8, first: &[u8; 32], second: &[u8; 32]| {
        let octets = [&[kind][..], first, second].concat();
        <[u8; 32]>::from(Sha256::digest(octets))
    };
    let name = match map.len() {
        0 => return [0; 32],
        1 => {
            let (index, leaf) = map.first_key_value().unwrap();
            hash(1, &index.0, &leaf.0)
        }
        _ => {
            let side = |wanted: u8| -> Map {
                let all = map.iter().filter(|(index, _)| bit(index, depth) == wanted);
                all.map(|(index, leaf)| (*index, *leaf)).collect()
            };
            let left = naive(&side(0), depth + 1, names);
            let right = naive(&side(1), depth + 1, names);
            hash(2, &left, &right)
        }
    };
    names.insert(name);
    name
}

fn root(map: &Map) -> NodeHash {
    NodeHash(naive(map, 0, &mut BTreeSet::new()))
}

fn change(index: Index, leaf: u8) -> Change {
    let leaf = LeafHash([leaf; 32]);
    Change { index, leaf }
}

/// Indices that share long ways as often as short ones.
fn index() -> impl Strategy<Value = Index> {
    prop_oneof![
        any::<[u8; 32]>().prop_map(Index),
        (0_usize..32, 0_u8..4, 0_u8..2).prop_map(|(place, octet, first)| {
            let mut index = [0; 32];
            index[0] = first << 7;
            index[place] ^= octet;
            Index(index)
        }),
        Just(Index([0; 32])),
        Just(Index([0xff; 32])),
    ]
}

fn batch() -> impl Strategy<Value = Vec<Change>> {
    let changes = proptest::collection::btree_map(index(), any::<u8>(), 0..12);
    let changes = changes.prop_map(|map| {
        let changes = map.into_iter();
        changes
            .map(|(index, leaf)| change(index, leaf))
            .collect::<Vec<_>>()
    });
    changes.prop_shuffle()
}

/// A tree with these records.
fn planted(records: &[Change]) -> (MemoryNodes, NodeHash) {
    let mut nodes = MemoryNodes::default();
    let update = update(&nodes, NodeHash::EMPTY, records).unwrap();
    nodes.apply(&update);
    (nodes, update.root)
}

proptest! {
    #[test]
    fn a_tree_is_that_of_its_records_however_they_came(batches in proptest::collection::vec(batch(), 1..6)) {
        let (mut nodes, mut at, mut map) = (MemoryNodes::default(), NodeHash::EMPTY, Map::new());
        for changes in &batches {
            let done = update(&nodes, at, changes).unwrap();
            // A witness has the old root and what was read of it.
            let sent = MemoryNodes::from_iter(done.read.iter().copied());
            let witnessed = update(&sent, at, changes).unwrap();
            prop_assert_eq!(witnessed.root, done.root);
            nodes.apply(&done);
            at = done.root;
            map.extend(changes.iter().map(|change| (change.index, change.leaf)));
            let mut names = BTreeSet::new();
            prop_assert_eq!(at.0, naive(&map, 0, &mut names));
            // Nothing is lost, and nothing is left behind.
            prop_assert_eq!(nodes.len(), names.len());
            for name in names {
                let node = nodes.get(&NodeHash(name)).unwrap().unwrap();
                prop_assert_eq!(node.hash().0, name);
            }
        }
    }

    #[test]
    fn every_proof_says_what_the_map_says(records in batch(), asked in proptest::collection::vec(index(), 1..8)) {
        let (nodes, root) = planted(&records);
        let map: Map = records.iter().map(|change| (change.index, change.leaf)).collect();
        for index in asked.iter().chain(map.keys()) {
            let proof = prove(&nodes, root, index).unwrap();
            let octets = proof.to_vec().unwrap();
            let proof = Proof::from_slice(&octets).unwrap();
            let looked = map.get(index).map_or(Looked::Absent, |leaf| Looked::Present(*leaf));
            prop_assert_eq!(proof.verify(root, index), Ok(looked));
        }
    }

    #[test]
    fn an_altered_proof_does_not_hold(records in batch(), index in index(), at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let (nodes, root) = planted(&records);
        let proof = prove(&nodes, root, &index).unwrap();
        let mut octets = proof.to_vec().unwrap();
        let place = at.index(octets.len());
        octets[place] ^= flip;
        if let Ok(altered) = Proof::from_slice(&octets) {
            prop_assert!(altered.verify(root, &index).is_err());
        }
        for end in 0..octets.len() {
            prop_assert!(Proof::from_slice(&proof.to_vec().unwrap()[..end]).is_err());
        }
    }

    #[test]
    fn a_proof_for_one_index_says_nothing_of_another(records in batch(), one in index(), other in index()) {
        let (nodes, root) = planted(&records);
        let map: Map = records.iter().map(|change| (change.index, change.leaf)).collect();
        let proof = prove(&nodes, root, &one).unwrap();
        if let Ok(looked) = proof.verify(root, &other) {
            // It may hold where nothing is; then it is true.
            let truth = map.get(&other).map_or(Looked::Absent, |leaf| Looked::Present(*leaf));
            prop_assert_eq!(looked, truth);
        }
    }

    #[test]
    fn nodes_are_exact(node in prop_oneof![
        (any::<[u8; 32]>(), any::<[u8; 32]>())
            .prop_map(|(index, leaf)| Node::Leaf { index: Index(index), leaf: LeafHash(leaf) }),
        (any::<[u8; 32]>(), any::<[u8; 32]>())
            .prop_map(|(left, right)| Node::Fork { left: NodeHash(left), right: NodeHash(right) }),
    ]) {
        let octets = node.to_vec().unwrap();
        prop_assert_eq!(octets.len(), 65);
        prop_assert_eq!(Node::from_slice(&octets).unwrap(), node);
        prop_assert_eq!(node.hash().0, <[u8; 32]>::from(Sha256::digest(&octets)));
        for end in 0..octets.len() {
            prop_assert!(Node::from_slice(&octets[..end]).is_err());
        }
    }
}

const LOW: Index = Index([0x10; 32]);
const NEXT: Index = Index([0x11; 32]);
const HIGH: Index = Index([0x80; 32]);

#[test]
fn a_tree_without_records_proves_absence() {
    let nodes = MemoryNodes::default();
    let proof = prove(&nodes, NodeHash::EMPTY, &LOW).unwrap();
    assert_eq!(proof.verify(NodeHash::EMPTY, &LOW), Ok(Looked::Absent));
    assert_eq!(proof.depth(), 0);
    let (_, root) = planted(&[change(LOW, 1)]);
    assert_eq!(proof.verify(root, &LOW), Err(ProofError::Root));
}

#[test]
fn both_kinds_of_absence_are_proved() {
    let (nodes, root) = planted(&[change(LOW, 1), change(NEXT, 2)]);
    // Where nothing is, and where another record has the way to itself.
    let nothing = prove(&nodes, root, &HIGH).unwrap();
    assert_eq!(nothing.verify(root, &HIGH), Ok(Looked::Absent));
    let mut beside = LOW;
    beside.0[31] ^= 1;
    let other = prove(&nodes, root, &beside).unwrap();
    assert_eq!(other.verify(root, &beside), Ok(Looked::Absent));
    assert_ne!(nothing.to_vec().unwrap()[0], other.to_vec().unwrap()[0]);
}

#[test]
fn a_record_cannot_be_hidden_behind_another() {
    // The provider shows another record as the one that has the way to itself: it
    // has a proof for that one, but its place is not on this way.
    let (nodes, root) = planted(&[change(LOW, 1), change(HIGH, 2)]);
    let mut octets = prove(&nodes, root, &HIGH).unwrap().to_vec().unwrap();
    octets[0] = 2;
    octets.splice(1..1, HIGH.0);
    let forged = Proof::from_slice(&octets).unwrap();
    assert_eq!(forged.verify(root, &LOW), Err(ProofError::NotOnTheWay));
    // Nor behind itself.
    assert_eq!(forged.verify(root, &HIGH), Err(ProofError::NotOnTheWay));
}

#[test]
fn what_hangs_lower_than_it_would_is_no_tree() {
    // A provider hangs a record one fork too low, with nothing on the other side, so
    // that it could prove absence by one way and presence by another.
    let leaf = Node::Leaf {
        index: LOW,
        leaf: LeafHash([1; 32]),
    };
    let fork = Node::Fork {
        left: leaf.hash(),
        right: NodeHash::EMPTY,
    };
    let nodes = MemoryNodes::from_iter([leaf, fork]);
    for index in [LOW, HIGH, NEXT] {
        let proof = prove(&nodes, fork.hash(), &index).unwrap();
        let found = proof.verify(fork.hash(), &index);
        let expected = match index {
            HIGH => Ok(Looked::Absent),
            _ => Err(ProofError::NotHighest),
        };
        assert_eq!(found, expected);
    }
}

#[test]
fn an_index_changes_once_in_a_batch() {
    let nodes = MemoryNodes::default();
    let twice = [change(LOW, 1), change(HIGH, 2), change(LOW, 3)];
    let refused = update(&nodes, NodeHash::EMPTY, &twice);
    assert_eq!(refused, Err(TreeError::Twice(LOW)));
}

#[test]
fn a_node_that_was_not_sent_is_noticed() {
    let records: Vec<_> = (0..=255).map(|n| change(Index([n; 32]), n)).collect();
    let (nodes, root) = planted(&records);
    let next = [change(LOW, 9)];
    let done = update(&nodes, root, &next).unwrap();
    for left_out in 0..done.read.len() {
        let sent = done.read.iter().enumerate();
        let sent = sent.filter(|(place, _)| *place != left_out);
        let sent = MemoryNodes::from_iter(sent.map(|(_, node)| *node));
        let name = done.read[left_out].hash();
        assert_eq!(update(&sent, root, &next), Err(TreeError::Missing(name)));
    }
    assert!(matches!(
        prove(&MemoryNodes::default(), root, &LOW),
        Err(TreeError::Missing(missing)) if missing == root
    ));
}

#[test]
fn a_store_that_goes_round_in_circles_is_noticed() {
    struct Circle;
    impl Nodes for Circle {
        type Error = std::convert::Infallible;
        fn get(&self, hash: &NodeHash) -> Result<Option<Node>, Self::Error> {
            let (left, right) = (*hash, *hash);
            Ok(Some(Node::Fork { left, right }))
        }
    }
    let root = NodeHash([1; 32]);
    assert_eq!(prove(&Circle, root, &LOW), Err(TreeError::TooDeep));
    let refused: Result<Update, _> = update(&Circle, root, &[change(LOW, 1)]);
    assert_eq!(refused, Err(TreeError::TooDeep));
}

#[test]
fn a_store_that_fails_fails() {
    struct Broken;
    impl Nodes for Broken {
        type Error = &'static str;
        fn get(&self, _: &NodeHash) -> Result<Option<Node>, Self::Error> {
            Err("the disk is gone")
        }
    }
    let root = NodeHash([1; 32]);
    let failed = TreeError::Store("the disk is gone");
    assert_eq!(prove(&Broken, root, &LOW), Err(failed.clone()));
    assert_eq!(
        update(&Broken, root, &[change(LOW, 1)]),
        Err(failed.clone())
    );
    assert_eq!(
        failed.to_string(),
        "the store of nodes failed: the disk is gone"
    );
}

#[test]
fn the_same_again_changes_nothing() {
    let records = [change(LOW, 1), change(NEXT, 2), change(HIGH, 3)];
    let (nodes, before) = planted(&records);
    let again = update(&nodes, before, &records).unwrap();
    assert_eq!(again.root, before);
    assert_eq!((again.put.len(), again.drop.len()), (0, 0));
    assert_eq!(
        root(&records.iter().map(|c| (c.index, c.leaf)).collect()),
        before
    );
}

#[test]
fn a_proof_has_as_many_forks_as_an_index_has_bits_at_most() {
    let mut last = LOW;
    last.0[31] ^= 1;
    let (nodes, root) = planted(&[change(LOW, 1), change(last, 2)]);
    let proof = prove(&nodes, root, &LOW).unwrap();
    assert_eq!(proof.depth(), Index::BITS);
    let looked = Looked::Present(LeafHash([1; 32]));
    assert_eq!(proof.verify(root, &LOW), Ok(looked));
    let mut octets = proof.to_vec().unwrap();
    assert!(Proof::from_slice(&octets).is_ok());
    // One more: 257 hashes of 32 octets are 8,224, which is 0x6020 with the two bits
    // of its size.
    octets.splice(33..35, [0x60, 0x20]);
    octets.extend([7; 32]);
    assert!(Proof::from_slice(&octets).is_err());
}
