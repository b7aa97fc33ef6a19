//! The evaluator: keys, and answers under them.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::batch::SecretKey;
use super::wire::{Element, Evaluation, PublicKey};
use super::{EvaluateError, KeyError, RotateError};

/// What tells the evaluator's keys from those of token days of the same seed.
const KEY_INFO: &[u8] = b"MIMI Discovery 1.0 index key";

/// A secret key of the function: all indices of a realm hang on it. Erased when
/// dropped, and not shown.
pub struct EvaluatorKey(SecretKey);

impl EvaluatorKey {
    /// The key of a seed: 32 octets that nobody can guess and that the host keeps.
    /// The caller erases its copy.
    ///
    /// # Errors
    /// When the seed leads to no key. Nobody can find such a seed.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, KeyError> {
        SecretKey::derive(seed, KEY_INFO).map(EvaluatorKey)
    }

    /// A fresh key, and the seed for the host to keep.
    ///
    /// # Errors
    /// As [`EvaluatorKey::from_seed`].
    pub fn generate<R: CryptoRng>(rng: &mut R) -> Result<(Self, Zeroizing<[u8; 32]>), KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *seed);
        Ok((Self::from_seed(&seed)?, seed))
    }

    /// What the manifest names.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        self.0.public()
    }

    /// Evaluates a batch, and proves that it was done with this key.
    ///
    /// # Errors
    /// When there are no elements or more than [`MAX_BATCH`](super::MAX_BATCH), or
    /// one is no element. Then nothing was evaluated.
    pub fn evaluate<R: CryptoRng>(
        &self,
        blinded: &[Element],
        rng: &mut R,
    ) -> Result<Evaluation, EvaluateError> {
        self.0.evaluate(blinded, rng)
    }
}

impl std::fmt::Debug for EvaluatorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EvaluatorKey(..)")
    }
}

/// The keys of an evaluator, each with its number in the manifest: one, or two while
/// records move from the old one's indices to the new one's.
#[derive(Debug)]
pub struct EvaluatorKeys {
    current: (u32, EvaluatorKey),
    previous: Option<(u32, EvaluatorKey)>,
}

impl EvaluatorKeys {
    /// An evaluator with one key.
    #[must_use]
    pub fn new(key_id: u32, key: EvaluatorKey) -> Self {
        EvaluatorKeys {
            current: (key_id, key),
            previous: None,
        }
    }

    /// Takes a new key up. The one before stays until the next rotation or until it
    /// is [retired](EvaluatorKeys::retire); the one before that is erased.
    ///
    /// # Errors
    /// When number or key are in use. Then nothing has changed.
    pub fn rotate(&mut self, key_id: u32, key: EvaluatorKey) -> Result<(), RotateError> {
        for (taken, other) in self.public_keys() {
            if taken == key_id {
                return Err(RotateError::SameNumber { key_id });
            }
            if other == key.public_key() {
                return Err(RotateError::SameKey { key_id: taken });
            }
        }
        let before = std::mem::replace(&mut self.current, (key_id, key));
        self.previous = Some(before);
        Ok(())
    }

    /// Erases the key before the current one. Nothing is evaluated with it any more,
    /// and its indices cannot be computed by anyone.
    pub fn retire(&mut self) {
        self.previous = None;
    }

    /// Number and public key of each, the current one first.
    pub fn public_keys(&self) -> impl Iterator<Item = (u32, &PublicKey)> {
        let all = std::iter::once(&self.current).chain(&self.previous);
        all.map(|(key_id, key)| (*key_id, key.public_key()))
    }

    /// Evaluates a batch under the key that the client names.
    ///
    /// # Errors
    /// When no such key is in use, and as [`EvaluatorKey::evaluate`].
    pub fn evaluate<R: CryptoRng>(
        &self,
        key_id: u32,
        blinded: &[Element],
        rng: &mut R,
    ) -> Result<Evaluation, EvaluateError> {
        let mut all = std::iter::once(&self.current).chain(&self.previous);
        let (_, key) = all
            .find(|(number, _)| *number == key_id)
            .ok_or(EvaluateError::UnknownKey { key_id })?;
        key.evaluate(blinded, rng)
    }
}
