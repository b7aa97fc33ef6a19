//! What the prefix tree takes at 10⁵ and 10⁶ records: memory for each, an epoch's
//! update of 10⁴ records, and a proof with its check.
//!
//! ```sh
//! cargo bench -p mimi-discovery --bench tree
//! ```
//!
//! The floors: of an update, as many hashes of 65 octets as nodes are written, and
//! look-ups as nodes are read; of a proof, the look-ups of its way; of a check, a hash
//! for each fork and one for the leaf.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a measurement is no library code"
)]

use std::hint::black_box;
use std::time::Instant;

use mimi_discovery::tree::{
    Change, Index, LeafHash, MemoryNodes, Node, NodeHash, Nodes, prove, update,
};
use sha2::{Digest, Sha256};

const BATCH: u64 = 10_000;
const SAMPLES: usize = 5;
const LOOKUPS: u64 = 2_000;

fn index(number: u64) -> Index {
    Index(Sha256::digest(number.to_be_bytes()).into())
}

/// Record `number`, in one of its versions.
fn change(number: u64, version: u8) -> Change {
    Change {
        index: index(number),
        leaf: LeafHash([version; 32]),
    }
}

/// The fastest of several runs, in seconds.
fn fastest(mut run: impl FnMut()) -> f64 {
    let samples = (0..SAMPLES).map(|_| {
        let began = Instant::now();
        run();
        began.elapsed().as_secs_f64()
    });
    samples.fold(f64::MAX, f64::min)
}

fn main() {
    for records in [100_000, 1_000_000] {
        let mut nodes = MemoryNodes::default();
        let mut root = NodeHash::EMPTY;
        let memory = allocation_counter::measure(|| {
            for first in (0..records).step_by(BATCH as usize) {
                let batch: Vec<_> = (first..first + BATCH).map(|n| change(n, 0)).collect();
                let done = update(&nodes, root, &batch).unwrap();
                nodes.apply(&done);
                root = done.root;
            }
        });
        println!("{records} records, {} nodes", nodes.len());
        println!(
            "  memory                {:>8.1} octets a record",
            memory.bytes_current as f64 / records as f64
        );
        let spread = records / BATCH;
        let batch: Vec<_> = (0..BATCH).map(|n| change(n * spread, 1)).collect();
        let done = update(&nodes, root, &batch).unwrap();
        let time = fastest(|| drop(black_box(update(&nodes, root, &batch))));
        let names: Vec<NodeHash> = done.read.iter().map(Node::hash).collect();
        let floor = fastest(|| {
            done.put.iter().for_each(|(_, node)| {
                black_box(node.hash());
            });
            names.iter().for_each(|name| {
                let _ = black_box(nodes.get(name));
            });
        });
        println!(
            "  update of {BATCH}       {:>8.1} ms   floor {:>6.1} ms   ratio {:.2}   {} hashes",
            time * 1e3,
            floor * 1e3,
            time / floor,
            done.put.len()
        );
        let wanted: Vec<_> = (0..LOOKUPS)
            .map(|n| index(n * (records / LOOKUPS)))
            .collect();
        let proofs: Vec<_> = wanted
            .iter()
            .map(|i| prove(&nodes, root, i).unwrap())
            .collect();
        let depth = proofs.iter().map(|proof| proof.depth()).sum::<usize>() as f64 / LOOKUPS as f64;
        let time = fastest(|| {
            for index in &wanted {
                drop(black_box(prove(&nodes, root, index)));
            }
        });
        let ways: Vec<Vec<NodeHash>> = wanted.iter().map(|i| way(&nodes, root, i)).collect();
        let floor = fastest(|| {
            for name in ways.iter().flatten() {
                let _ = black_box(nodes.get(name));
            }
        });
        let each = |seconds: f64| seconds * 1e6 / LOOKUPS as f64;
        println!(
            "  proof, {depth:>5.1} forks    {:>8.2} µs   floor {:>6.2} µs   ratio {:.2}",
            each(time),
            each(floor),
            time / floor
        );
        let time = fastest(|| {
            for (proof, index) in proofs.iter().zip(&wanted) {
                assert!(black_box(proof.verify(root, index)).is_ok());
            }
        });
        let node = Node::Fork {
            left: root,
            right: root,
        };
        let hashes = (depth * LOOKUPS as f64) as u64 + LOOKUPS;
        let floor = fastest(|| {
            for _ in 0..hashes {
                black_box(black_box(node).hash());
            }
        });
        println!(
            "  check                 {:>8.2} µs   floor {:>6.2} µs   ratio {:.2}",
            each(time),
            each(floor),
            time / floor
        );
    }
}

/// The names of the nodes on the way to an index.
fn way(nodes: &MemoryNodes, root: NodeHash, index: &Index) -> Vec<NodeHash> {
    let (mut names, mut at, mut depth) = (Vec::new(), root, 0);
    while at != NodeHash::EMPTY {
        names.push(at);
        let Some(Node::Fork { left, right }) = nodes.get(&at).unwrap() else {
            break;
        };
        let right_turn = index.0[depth / 8] >> (7 - depth % 8) & 1 == 1;
        at = if right_turn { right } else { left };
        depth += 1;
    }
    names
}
