//! The oblivious function: from a cross-service identifier to an index, without
//! showing the identifier to anyone.
//!
//! Whoever could compute indices alone could walk through all telephone numbers. So
//! an index takes the evaluator's key, and the evaluator must not learn whose index
//! it was. The client *blinds* what it asks about; the evaluator works on random
//! looking points, and proves once for the whole batch that it used the key that the
//! realm's manifest names; the client checks that and takes the blinding off. It is
//! the verifiable mode of RFC 9497 with `ristretto255-SHA512`.
//!
//! ```text
//! input  = "MIMI Discovery 1.0 CSI" ‖ type of the identifier (one octet) ‖ canonical identifier
//! y      = VOPRF(key, input)                           64 octets
//! index  = HKDF-SHA256(y, info "index")                32 octets
//! rk     = HKDF-SHA256(y, info "record" ‖ salt)        32 octets, a salt of 16
//! ```
//!
//! HKDF has no salt of its own here (RFC 5869 §2.2 then takes zeros); the salt of a
//! record is in its info.
//!
//! ```
//! use mimi_discovery::oprf::{CsiInput, EvaluatorKey, IndexRequest};
//! # use rand_core::SeedableRng;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut rng = chacha20::ChaCha20Rng::from_seed([1; 32]);
//! let key = EvaluatorKey::from_seed(&[7; 32])?;
//! let named_in_the_manifest = *key.public_key();
//!
//! let contacts = [b"+15550100", b"+15550199"];
//! let contacts = contacts.map(|canonical| CsiInput { csi_type: 1, canonical });
//! let (request, blinded) = IndexRequest::new(&contacts, &mut rng)?;
//! let evaluation = key.evaluate(&blinded, &mut rng)?;
//! let secrets = request.finish(&evaluation, &named_in_the_manifest)?;
//!
//! assert_eq!(secrets.len(), 2);
//! assert_ne!(secrets[0].index(), secrets[1].index());
//! # Ok(())
//! # }
//! ```
//!
//! Keys are rotated: [`EvaluatorKeys`] answers under two at most. A record stands at
//! another index under each, so a client derives under the key that the manifest
//! names and says which one in its look-up.
//!
//! Randomness comes in with each call. What the client asks about, its blinding and
//! its results, and the evaluator's keys, are erased when dropped and never shown.

mod batch;
mod error;
mod evaluator;
mod index;
#[cfg(test)]
mod rfc9497;
mod wire;

pub(crate) use batch::{Blinding, Output, SecretKey};
pub use error::{BlindError, ElementError, EvaluateError, FinishError, KeyError, RotateError};
pub use evaluator::{EvaluatorKey, EvaluatorKeys};
pub use index::{CsiInput, INDEX_LABEL, IndexRequest, IndexSecret, MAX_CSI_LEN};
pub use wire::{Element, Evaluation, Proof, PublicKey};

/// Most inputs of one batch: an address book of 1,000 contacts is one request. A
/// batch costs its evaluator about a tenth of a second, and an evaluation has 32 KB.
pub const MAX_BATCH: usize = 1_000;
