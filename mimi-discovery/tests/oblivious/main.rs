//! Behaviour of the oblivious function, of tokens and of envelopes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a test that meets the unexpected should stop at once"
)]

mod agreement;
mod envelope;
mod index;
mod spent;
mod token;
mod wire;

use chacha20::ChaCha20Rng;
use mimi_discovery::oprf::CsiInput;
use rand_core::SeedableRng;

/// A generator of one's own for each number.
fn rng(number: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(number)
}

fn phone(number: &str) -> CsiInput<'_> {
    CsiInput {
        csi_type: 1,
        canonical: number.as_bytes(),
    }
}
