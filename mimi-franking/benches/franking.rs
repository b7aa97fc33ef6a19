//! What a stamp and its verification cost beside the raw operations that they
//! cannot do without, with prepared Ed25519 keys, and how much memory they take.
//!
//! ```sh
//! cargo bench -p mimi-franking --bench franking
//! ```
//!
//! The floor of a stamp is one HMAC-SHA256 over tag and context, and one signature.
//! That of a verification is one HMAC-SHA256 over the application data, and one
//! verification by the same provider. Each figure is the fastest of many samples
//! that were taken in turns with those of its floor.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::as_conversions,
    reason = "a measurement is no library code"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use mimi_content::tls::Encode;
use mimi_content::{MimiContent, MimiUri, NestedPart, Salt, Timestamp};
use mimi_franking::{
    Accepted, Agent, CipherSuite, Delivery, Framing, Franking, FrankingAgent, FrankingIntegrityTbs,
    HubFranker, HubKey, HubKeyRing, Plaintext, ServerFrankingContext, commit_content, verify,
};
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::SignatureScheme;

const SAMPLES: usize = 300;
const ITERATIONS: usize = 20;
const HUB_KEY: [u8; 32] = [1; 32];
const SALT: [u8; 16] = [2; 16];

struct Prepared(SigningKey);

impl Signer for Prepared {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.0.sign(payload).to_vec())
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// The fastest samples of two things done in turns, in nanoseconds an iteration.
fn fastest(mut one: impl FnMut(), mut other: impl FnMut()) -> (f64, f64) {
    let time = |run: &mut dyn FnMut()| {
        let began = Instant::now();
        (0..ITERATIONS).for_each(|_| run());
        began.elapsed().as_nanos() as f64 / ITERATIONS as f64
    };
    let mut best = (f64::MAX, f64::MAX);
    for _ in 0..SAMPLES {
        best.0 = time(&mut one).min(best.0);
        best.1 = time(&mut other).min(best.1);
    }
    best
}

fn show(what: &str, (time, floor): (f64, f64), run: impl FnOnce()) {
    let memory = allocation_counter::measure(run);
    println!(
        "  {what:<26} {:>7.1} µs   floor {:>6.1} µs   ratio {:.3}   {} allocations of {} octets",
        time / 1e3,
        floor / 1e3,
        time / floor,
        memory.count_total,
        memory.bytes_total
    );
}

fn main() {
    let provider = OpenMlsRustCrypto::default();
    let crypto = provider.crypto();
    let (alice, room) = (
        uri("mimi://a.example/u/alice"),
        uri("mimi://hub.example/r/clubhouse"),
    );
    let key = SigningKey::from_bytes(&[3; 32]);
    let public = key.verifying_key().to_bytes();
    let agent = FrankingAgent::basic(public.to_vec(), &uri("mimi://hub.example"));
    let agent_octets = agent.to_vec().unwrap();
    let ring = HubKeyRing::new("only", HubKey::from_bytes(&HUB_KEY), Timestamp::default());
    let signer = Arc::new(Prepared(key.clone()));
    let franker = HubFranker::new(ring, Agent::new(agent.clone(), signer, crypto).unwrap());
    let suite = CipherSuite(1);
    let accepted_timestamp = Timestamp::from_millis(1_790_000_000_000);

    println!("Ed25519, messages of so many octets");
    for text in [100, 4_000] {
        let body = NestedPart::plain("x".repeat(text));
        let mut content = MimiContent::new(Salt::new(SALT), body);
        content.extensions.set_sender_uri(&alice);
        content.extensions.set_room_uri(&room);
        let (data, tag) = commit_content(&content, Framing::Bare, &alice, &room).unwrap();
        let stamp = || {
            let franking = franker.frank(&Accepted {
                frank_aad: Some(&tag.0),
                franking_agent: Some(&agent_octets),
                sender: &alice,
                room: &room,
                accepted_timestamp,
                ciphersuite: suite,
            });
            match franking.unwrap() {
                Franking::Franked(frank) => frank,
                Franking::Unfranked(why) => panic!("{why}"),
            }
        };
        let frank = stamp();
        let context = ServerFrankingContext {
            sender_uri: alice.clone(),
            room_uri: room.clone(),
            accepted_timestamp,
        };
        let context_octets = context.to_vec().unwrap();
        let signed = FrankingIntegrityTbs {
            server_frank: frank.server_frank,
            ciphersuite: suite,
            context,
        };
        let signed = signed.sign_content().unwrap();
        let times = fastest(
            || drop(black_box(stamp())),
            || {
                black_box(hmac(&HUB_KEY, &[&tag.0, &context_octets]));
                black_box(key.sign(&signed));
            },
        );
        show(&format!("stamp, {} octets", data.len()), times, || {
            drop(black_box(stamp()));
        });

        // What is decoded is decoded for the sake of the message, not of the frank.
        let plaintext = Plaintext::decode(&data, Framing::Bare).unwrap();
        let check = || {
            let delivery = Delivery {
                tag: &tag,
                frank: &frank,
                accepted_timestamp,
                after: None,
                opening: plaintext.opening(),
                sender: &alice,
                room: &room,
                group_ciphersuite: suite,
                agent: &agent,
                certified_agent: None,
            };
            verify(&delivery, crypto).unwrap()
        };
        let times = fastest(
            || drop(black_box(check())),
            || {
                black_box(hmac(&SALT, &[&data]));
                let signature = &frank.integrity_signature;
                let scheme = SignatureScheme::ED25519;
                black_box(crypto.verify_signature(scheme, &signed, &public, signature)).unwrap();
            },
        );
        show(&format!("verify, {} octets", data.len()), times, || {
            drop(black_box(check()));
        });
    }
}
