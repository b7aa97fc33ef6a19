//! Tokens: each evaluation costs one, and none says whose it was.
//!
//! The sender's own messaging provider knows its users and rations them. It passes
//! *blinded* nonces on to the evaluator, which issues: it evaluates them under the key
//! of the day. The sender takes the blinding off and has tokens. When one is spent, the
//! evaluator recomputes it from its nonce and its key. It has never seen the nonce
//! before, so neither it nor the provider can tell which of the issued tokens it is.
//!
//! A key of one's own for each user would undo that. So a batch comes with a proof
//! against the key of the day that the realm's manifest names, the same for all.
//!
//! ```text
//! input  = "MIMI Discovery 1.0 token" ‖ nonce (32 octets)
//! output = VOPRF(key of the day, input)                  64 octets
//! token  = day ‖ key number ‖ nonce ‖ output
//! ```
//!
//! ```
//! use mimi_discovery::token::{DayKeys, IssuerKey, SpentSet, TokenRequest};
//! # use rand_core::SeedableRng;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut rng = chacha20::ChaCha20Rng::from_seed([1; 32]);
//! let today = 20_770;
//! let key = IssuerKey::from_seed(&[7; 32], today, 1)?;
//! let named_in_the_manifest = *key.public();
//!
//! // The sender asks, by way of its provider.
//! let (request, blinded) = TokenRequest::new(2, &mut rng)?;
//! let evaluation = key.issue(&blinded, &mut rng)?;
//! let tokens = request.finish(&evaluation, &named_in_the_manifest)?;
//!
//! // It spends.
//! let mut keys = DayKeys::default();
//! keys.add(key)?;
//! let mut spent = SpentSet::new(1_000_000);
//! let spend = keys.verify(&tokens[0])?;
//! spent.spend(&[spend])?;
//! assert!(spent.spend(&[spend]).is_err());
//! # Ok(())
//! # }
//! ```
//!
//! A day is a number: days since 1 January 1970 in UTC. Which days count is the
//! host's to say, by the keys that it [holds](DayKeys) and by how far it lets the
//! [`SpentSet`] forget. Quotas are not here.

mod client;
mod issuer;
mod spent;

pub use client::TokenRequest;
pub use issuer::{AddKeyError, DayKeys, IssuerKey, MAX_DAY_KEYS, TokenError};
pub use spent::{MAX_SPENT_DAYS, MAX_SPENT_PER_DAY, Spend, SpendError, SpentSet};

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};
use zeroize::Zeroizing;

use crate::oprf::PublicKey;

/// What each input for a token begins with. Inputs for indices begin differently.
pub const TOKEN_LABEL: &[u8] = b"MIMI Discovery 1.0 token";

/// The public key of a day, `uint32 day; uint32 key_id; PublicKey key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayPublicKey {
    /// The day on which its tokens are issued, in days since 1970.
    pub day: u32,
    /// Its number, should a day have several.
    pub key_id: u32,
    /// The key.
    pub key: PublicKey,
}

impl Encode for DayPublicKey {
    fn encode(&self, w: &mut Writer) {
        w.u32(self.day);
        w.u32(self.key_id);
        self.key.encode(w);
    }
}

impl Decode for DayPublicKey {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(DayPublicKey {
            day: r.u32()?,
            key_id: r.u32()?,
            key: PublicKey::decode(r)?,
        })
    }
}

/// A token, `uint32 day; uint32 key_id; opaque nonce[32]; opaque output[64]`. Who
/// has it can spend it: it is erased when dropped, and its secret is not shown.
pub struct Token {
    day: u32,
    key_id: u32,
    nonce: Zeroizing<[u8; 32]>,
    output: Box<Zeroizing<[u8; 64]>>,
}

impl Token {
    /// How many octets a token has.
    pub const LEN: usize = 104;

    /// The day of its key, in days since 1970.
    #[must_use]
    pub fn day(&self) -> u32 {
        self.day
    }

    /// The number of its key on that day.
    #[must_use]
    pub fn key_id(&self) -> u32 {
        self.key_id
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("day", &self.day)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

impl Encode for Token {
    fn encode(&self, w: &mut Writer) {
        w.u32(self.day);
        w.u32(self.key_id);
        w.raw(&*self.nonce);
        w.raw(&**self.output);
    }
}

impl Decode for Token {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Token {
            day: r.u32()?,
            key_id: r.u32()?,
            nonce: Zeroizing::new(r.array()?),
            output: Box::new(Zeroizing::new(r.array()?)),
        })
    }
}

/// What the function is evaluated over.
fn input(nonce: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([TOKEN_LABEL, nonce].concat())
}
