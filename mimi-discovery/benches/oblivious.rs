//! What the oblivious function, tokens and envelopes cost beside the libraries that
//! they are made of.
//!
//! ```sh
//! cargo bench -p mimi-discovery --bench oblivious
//! ```
//!
//! A floor is the same work by `voprf-ng` or `ohttp` directly, octets in and octets
//! out. Each figure is the fastest of many samples that were taken in turns with those
//! of its floor.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a measurement is no library code"
)]

use std::hint::black_box;
use std::time::Instant;

use chacha20::ChaCha20Rng;
use mimi_discovery::envelope::{GatewayKey, Kind, seal};
use mimi_discovery::oprf::{CsiInput, Element, EvaluatorKey, IndexRequest, MAX_BATCH};
use mimi_discovery::token::{DayKeys, IssuerKey, SpentSet, TokenRequest};
use ohttp::hpke::{Aead, Kdf, Kem};
use ohttp::{ClientRequest, SymmetricSuite};
use rand_core::SeedableRng;
use voprf_ng::{BlindedElement, EvaluationElement, Ristretto255, VoprfClient, VoprfServer};

const DAY: u32 = 20_770;

/// The fastest samples of two things done in turns, in nanoseconds.
fn fastest(samples: usize, mut one: impl FnMut(), mut other: impl FnMut()) -> (f64, f64) {
    let time = |run: &mut dyn FnMut()| {
        let began = Instant::now();
        run();
        began.elapsed().as_nanos() as f64
    };
    let mut best = (f64::MAX, f64::MAX);
    for _ in 0..samples {
        best.0 = time(&mut one).min(best.0);
        best.1 = time(&mut other).min(best.1);
    }
    best
}

fn show(what: &str, (time, floor): (f64, f64), run: impl FnOnce()) {
    let memory = allocation_counter::measure(run);
    println!(
        "  {what:<28} {:>9.1} µs   floor {:>9.1} µs   ratio {:.3}   {} allocations of {} octets",
        time / 1e3,
        floor / 1e3,
        time / floor,
        memory.count_total,
        memory.bytes_total
    );
}

fn main() {
    println!("VOPRF, batches of so many");
    for count in [1, MAX_BATCH] {
        batch(count);
    }
    println!("tokens");
    token();
    println!("envelopes, there and back");
    envelope(Kind::Lookup, 256, 4_096);
    envelope(Kind::Publication, 4_096, 512);
}

fn batch(count: usize) {
    // A batch of a thousand takes so long that on a busy machine few are undisturbed.
    let samples = 2_000 / count + 80;
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let numbers: Vec<_> = (0..count).map(|i| format!("+1555{i:07}")).collect();
    let contacts = numbers.iter().map(|number| CsiInput {
        csi_type: 1,
        canonical: number.as_bytes(),
    });
    let contacts: Vec<_> = contacts.collect();
    let key = EvaluatorKey::from_seed(&[2; 32]).unwrap();
    let info = b"MIMI Discovery 1.0 index key";
    let server = VoprfServer::<Ristretto255>::new_from_seed(&[2; 32], info).unwrap();
    let inputs = numbers
        .iter()
        .map(|number| [b"MIMI Discovery 1.0 CSI\x01", number.as_bytes()].concat());
    let inputs: Vec<_> = inputs.collect();

    let (_, blinded) = IndexRequest::new(&contacts, &mut rng).unwrap();

    let raw_blind = |rng: &mut ChaCha20Rng| {
        let blind = |input: &Vec<u8>| {
            let result = VoprfClient::<Ristretto255>::blind(input, rng).unwrap();
            let octets = result.message.serialize();
            (result.state, octets)
        };
        inputs.iter().map(blind).unzip::<_, _, Vec<_>, Vec<_>>()
    };
    let mut other = ChaCha20Rng::from_seed([3; 32]);
    let times = fastest(
        samples,
        || drop(black_box(IndexRequest::new(&contacts, &mut rng).unwrap())),
        || drop(black_box(raw_blind(&mut other))),
    );
    show(&format!("blind {count}"), times, || {
        drop(black_box(IndexRequest::new(&contacts, &mut rng).unwrap()));
    });

    let raw_evaluate = |rng: &mut ChaCha20Rng| {
        let points = blinded.iter();
        let points: Vec<_> = points
            .map(|element| BlindedElement::deserialize(&element.0).unwrap())
            .collect();
        let result = server.batch_blind_evaluate(rng, &points).unwrap();
        let octets: Vec<_> = result.messages.iter().map(|m| m.serialize()).collect();
        (octets, result.proof.serialize())
    };
    let times = fastest(
        samples,
        || drop(black_box(key.evaluate(&blinded, &mut rng).unwrap())),
        || drop(black_box(raw_evaluate(&mut other))),
    );
    show(&format!("evaluate {count}, with proof"), times, || {
        drop(black_box(key.evaluate(&blinded, &mut rng).unwrap()));
    });

    // Blinding is measured above; here are requests that wait to be finished.
    let ask = |rng: &mut ChaCha20Rng| {
        let (request, blinded) = IndexRequest::new(&contacts, rng).unwrap();
        (request, key.evaluate(&blinded, rng).unwrap())
    };
    let mut asked: Vec<_> = (0..=samples).map(|_| ask(&mut rng)).collect();
    let mut finish = || {
        let (request, evaluation) = asked.pop().unwrap();
        let secrets = request.finish(&evaluation, key.public_key()).unwrap();
        secrets
            .iter()
            .map(|secret| secret.index())
            .collect::<Vec<_>>()
    };
    let (states, blinded) = raw_blind(&mut other);
    let blinded: Vec<_> = blinded
        .into_iter()
        .map(|octets| Element(octets.into()))
        .collect();
    let evaluation = key.evaluate(&blinded, &mut rng).unwrap();
    let raw_finish = || {
        let messages = evaluation.elements.iter();
        let messages: Vec<_> = messages
            .map(|element| EvaluationElement::deserialize(&element.0).unwrap())
            .collect();
        let proof = voprf_ng::Proof::deserialize(&evaluation.proof.0).unwrap();
        let public = server.get_public_key();
        let outputs = VoprfClient::batch_finalize(&inputs, &states, &messages, &proof, public);
        outputs.unwrap().collect::<Result<Vec<_>, _>>().unwrap()
    };
    let times = fastest(
        samples,
        || drop(black_box(finish())),
        || drop(black_box(raw_finish())),
    );
    show(&format!("finish {count}, with indices"), times, || {
        drop(black_box(finish()));
    });
}

fn token() {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let key = IssuerKey::from_seed(&[2; 32], DAY, 1).unwrap();
    let public = *key.public();
    let (request, blinded) = TokenRequest::new(MAX_BATCH, &mut rng).unwrap();
    let evaluation = key.issue(&blinded, &mut rng).unwrap();
    let tokens = request.finish(&evaluation, &public).unwrap();
    let mut keys = DayKeys::default();
    keys.add(key).unwrap();
    let mut spent = SpentSet::new(u64::MAX);

    let info = [
        &b"MIMI Discovery 1.0 token key"[..],
        &DAY.to_be_bytes(),
        &[0, 0, 0, 1],
    ];
    let server = VoprfServer::<Ristretto255>::new_from_seed(&[2; 32], &info.concat()).unwrap();
    let input = [&b"MIMI Discovery 1.0 token"[..], &[7; 32]].concat();
    let mut next = tokens.iter();
    let times = fastest(
        MAX_BATCH - 1,
        || {
            let spend = keys.verify(next.next().unwrap()).unwrap();
            spent.spend(&[spend]).unwrap();
        },
        || {
            black_box(server.evaluate(&input).unwrap());
        },
    );
    show("redeem one", times, || {
        let spend = keys.verify(next.next().unwrap()).unwrap();
        spent.spend(&[spend]).unwrap();
    });
}

fn envelope(kind: Kind, request_len: usize, response_len: usize) {
    let gateway = GatewayKey::from_seed(1, &[4; 32]).unwrap();
    let suite = SymmetricSuite::new(Kdf::HkdfSha256, Aead::Aes128Gcm);
    let config = ohttp::KeyConfig::derive(1, Kem::X25519Sha256, vec![suite], &[4; 32]).unwrap();
    let octets = config.encode().unwrap();
    let server = ohttp::Server::new(config).unwrap();
    let (content, answer) = (vec![1; kind.max_request()], vec![2; kind.max_response()]);
    let (request, response) = (vec![1; request_len], vec![2; response_len]);

    let ours = || {
        let (sealed, awaited) = seal(kind, &content, gateway.config()).unwrap();
        let (_, opened, reply) = gateway.open(&sealed).unwrap();
        black_box(opened);
        awaited.open(&reply.seal(&answer).unwrap()).unwrap()
    };
    let raw = || {
        let client = ClientRequest::from_encoded_config(&octets).unwrap();
        let (sealed, awaited) = client.encapsulate(&request).unwrap();
        let (opened, reply) = server.decapsulate(&sealed).unwrap();
        black_box(opened);
        awaited
            .decapsulate(&reply.encapsulate(&response).unwrap())
            .unwrap()
    };
    let times = fastest(2_000, || drop(black_box(ours())), || drop(black_box(raw())));
    show(&format!("{kind:?}"), times, || drop(black_box(ours())));

    let (sealed, _) = seal(kind, &content, gateway.config()).unwrap();
    let ours = || {
        let (_, opened, reply) = gateway.open(&sealed).unwrap();
        black_box(opened);
        reply.seal(&answer).unwrap()
    };
    let raw = || {
        let (opened, reply) = server.decapsulate(&sealed).unwrap();
        black_box(opened);
        reply.encapsulate(&response).unwrap()
    };
    let times = fastest(2_000, || drop(black_box(ours())), || drop(black_box(raw())));
    show(&format!("{kind:?}, gateway"), times, || {
        drop(black_box(ours()))
    });
}
