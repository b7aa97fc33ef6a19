//! How fast messages are decoded, encoded and identified, each beside the floor
//! under it in the same run: what `ciborium` takes for the same octets, and one
//! SHA-256 over them.
//!
//! The messages are those published with the draft, from the folder that
//! `MIMI_PUBLISHED_EXAMPLES` names:
//!
//! ```sh
//! MIMI_PUBLISHED_EXAMPLES=... cargo bench -p mimi-content --bench content
//! ```
//!
//! The ratios are printed at the end: for each message that of the fastest samples
//! of both, which were taken in turns, and their geometric mean.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a measurement is no library code"
)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use ciborium::Value;
use criterion::Criterion;
use mimi_content::{MessageId, MimiContent};
use sha2::{Digest, Sha256};

/// The fastest sample of each measurement, in nanoseconds an iteration.
#[derive(Default)]
struct Best(RefCell<BTreeMap<(String, &'static str), f64>>);

impl Best {
    fn time(
        &self,
        name: &str,
        what: &'static str,
        iterations: u64,
        mut run: impl FnMut(),
    ) -> Duration {
        let began = Instant::now();
        for _ in 0..iterations {
            run();
        }
        let took = began.elapsed();
        let each = took.as_nanos() as f64 / iterations as f64;
        let mut all = self.0.borrow_mut();
        let best = all.entry((name.to_owned(), what)).or_insert(f64::MAX);
        *best = best.min(each);
        took
    }

    fn ratios(&self, what: &'static str, floor: &'static str) {
        let all = self.0.borrow();
        let names = all.keys().filter(|(_, kind)| *kind == what);
        let mut logs = Vec::new();
        for (name, _) in names {
            let (a, b) = (all[&(name.clone(), what)], all[&(name.clone(), floor)]);
            println!(
                "{what:>10} {name:<14} {a:>9.1} ns  {floor} {b:>9.1} ns  ratio {:.3}",
                a / b
            );
            logs.push((a / b).ln());
        }
        let mean = (logs.iter().sum::<f64>() / logs.len() as f64).exp();
        println!(
            "{what:>10} geometric mean over {} messages: {mean:.3}\n",
            logs.len()
        );
    }
}

fn main() {
    let Ok(root) = std::env::var("MIMI_PUBLISHED_EXAMPLES") else {
        println!("skipped: MIMI_PUBLISHED_EXAMPLES is not set");
        return;
    };
    let folder = Path::new(&root).join("mimi-content");
    let expected = std::fs::read(folder.join("expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400))
        .configure_from_args();
    let best = Best::default();
    // Twice around, so that a slow moment of the machine hits no one alone.
    let mut allocations = Vec::new();
    for round in 0..2 {
        for example in expected.as_array().unwrap() {
            let name = example["name"].as_str().unwrap();
            let octets = std::fs::read(folder.join(example["file"].as_str().unwrap())).unwrap();
            measure(&mut criterion, &best, name, &octets);
            if round == 0 {
                allocations.push(count(name, &octets));
            }
        }
    }
    criterion.final_summary();
    best.ratios("decode", "value in");
    best.ratios("own", "value in");
    best.ratios("encode", "value out");
    best.ratios("id", "sha256");
    println!("allocations:\n{}\n", allocations.join("\n"));
    hostile();
}

/// How many allocations decoding and encoding take.
fn count(name: &str, octets: &[u8]) -> String {
    let mut message = None;
    let decode = allocation_counter::measure(|| message = MimiContent::decode(octets).ok());
    let message = message.unwrap();
    let encode = allocation_counter::measure(|| drop(message.encode()));
    let (decode, encode) = (decode.count_total, encode.count_total);
    format!("{name:>16}: decode {decode}, encode {encode}")
}

/// How long it takes to refuse what is made to be refused late or never.
fn hostile() {
    let before: &[u8] = &[
        0x87, 0x50, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0xf6, 0x40, 0xf6, 0xf6,
    ];
    let in_extension = |item: &[u8]| [before, &[0xa1, 0x03], item].concat();
    let in_body = |item: &[u8]| [before, &[0xa0], item].concat();
    let many = [&[0x9a][..], &(1u32 << 24).to_be_bytes()].concat();
    let huge = [&[0x5b][..], &(1u64 << 60).to_be_bytes()].concat();
    let part = [0x85, 1, 0x60, 3, 2, 0x82];
    for (what, octets) in [
        (
            "a million levels of arrays",
            in_extension(&[0x81; 1_000_000]),
        ),
        ("a million levels of tags", in_extension(&[0xc1; 1_000_000])),
        (
            "a million levels of parts",
            in_body(&part.repeat(1_000_000)),
        ),
        (
            "1000 arrays of 2^24 items",
            in_extension(&many.repeat(1000)),
        ),
        ("31 octets that declare 2^60", in_extension(&huge)),
    ] {
        let took = (0..20).map(|_| {
            let began = Instant::now();
            let decoded = MimiContent::decode(black_box(&octets));
            let took = began.elapsed();
            assert!(decoded.is_err());
            took
        });
        let took = took.min().unwrap();
        let verdict = if took < Duration::from_millis(1) {
            "under"
        } else {
            "OVER"
        };
        println!(
            "refused in {took:>9.1?}, {verdict} 1 ms: {what}, {} octets",
            octets.len()
        );
    }
}

fn measure(criterion: &mut Criterion, best: &Best, name: &str, octets: &[u8]) {
    let mut group = criterion.benchmark_group(name);
    let mut run = |what: &'static str, mut run: Box<dyn FnMut() + '_>| {
        group.bench_function(what, |b| {
            b.iter_custom(|iterations| best.time(name, what, iterations, &mut run));
        });
    };
    let message = MimiContent::decode(octets).unwrap().into_owned();
    let value: Value = ciborium::from_reader(octets).unwrap();
    let sender = message.extensions.sender_uri().unwrap();
    let room = message.extensions.room_uri().unwrap();
    let mut hashed = Vec::new();
    for uri in [sender, room] {
        hashed.extend(u16::try_from(uri.len()).unwrap().to_be_bytes());
        hashed.extend(uri.as_bytes());
    }
    hashed.extend(octets);
    hashed.extend(message.salt.as_bytes());

    run(
        "decode",
        Box::new(|| drop(black_box(MimiContent::decode(black_box(octets)).unwrap()))),
    );
    run(
        "value in",
        Box::new(|| {
            drop(black_box(
                ciborium::from_reader::<Value, _>(black_box(octets)).unwrap(),
            ))
        }),
    );
    run(
        "own",
        Box::new(|| {
            drop(black_box(
                MimiContent::decode(black_box(octets)).unwrap().into_owned(),
            ))
        }),
    );
    run(
        "encode",
        Box::new(|| drop(black_box(black_box(&message).encode()))),
    );
    run(
        "value out",
        Box::new(|| {
            let mut out = Vec::new();
            ciborium::into_writer(black_box(&value), &mut out).unwrap();
            drop(black_box(out));
        }),
    );
    run(
        "id",
        Box::new(|| {
            let id = MessageId::compute(sender, room, black_box(octets), &message.salt);
            black_box(id.unwrap());
        }),
    );
    run(
        "sha256",
        Box::new(|| {
            black_box(Sha256::digest(black_box(&hashed)));
        }),
    );
    group.finish();
}
