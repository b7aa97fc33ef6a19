//! The issuer: keys of days, issuing, and telling its own tokens from others.

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;

use super::{DayPublicKey, Spend, Token};
use crate::oprf::{Element, EvaluateError, Evaluation, KeyError, SecretKey};

/// What tells the keys of days from those for indices.
const KEY_INFO: &[u8] = b"MIMI Discovery 1.0 token key";

/// Most keys that are held at a time: today's, yesterday's for tokens that are spent
/// at midnight, tomorrow's that the manifest names already, and one of each to
/// replace it.
pub const MAX_DAY_KEYS: usize = 6;

/// The secret key of a day. Erased when dropped, and not shown.
pub struct IssuerKey {
    secret: SecretKey,
    public: DayPublicKey,
}

impl IssuerKey {
    /// The key of a day. One seed of 32 octets that nobody can guess serves all days:
    /// day and number go into the key. The caller erases its copy.
    ///
    /// # Errors
    /// When the seed leads to no key. Nobody can find such a seed.
    pub fn from_seed(seed: &[u8; 32], day: u32, key_id: u32) -> Result<Self, KeyError> {
        let info = [KEY_INFO, &day.to_be_bytes(), &key_id.to_be_bytes()].concat();
        let secret = SecretKey::derive(seed, &info)?;
        let key = *secret.public();
        let public = DayPublicKey { day, key_id, key };
        Ok(IssuerKey { secret, public })
    }

    /// What the manifest names.
    #[must_use]
    pub fn public(&self) -> &DayPublicKey {
        &self.public
    }

    /// Evaluates blinded nonces, and proves that it was done with this key.
    ///
    /// # Errors
    /// When there are none or more than [`MAX_BATCH`](crate::oprf::MAX_BATCH), or one
    /// is no element. Then nothing was issued.
    pub fn issue<R: CryptoRng>(
        &self,
        blinded: &[Element],
        rng: &mut R,
    ) -> Result<Evaluation, EvaluateError> {
        self.secret.evaluate(blinded, rng)
    }

    fn made(&self, token: &Token) -> bool {
        let output = self.secret.output(&super::input(&token.nonce));
        output.is_some_and(|output| output.0.ct_eq(&**token.output).into())
    }
}

impl std::fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("IssuerKey")
            .field(&self.public)
            .finish_non_exhaustive()
    }
}

/// The keys under which tokens are taken, at most [`MAX_DAY_KEYS`].
#[derive(Debug, Default)]
pub struct DayKeys(Vec<IssuerKey>);

impl DayKeys {
    /// Takes a key up.
    ///
    /// # Errors
    /// When its day and number are taken, or there are too many keys.
    pub fn add(&mut self, key: IssuerKey) -> Result<(), AddKeyError> {
        let DayPublicKey { day, key_id, .. } = key.public;
        if self.find(day, key_id).is_some() {
            return Err(AddKeyError::SameNumber { day, key_id });
        }
        if self.0.len() >= MAX_DAY_KEYS {
            return Err(AddKeyError::TooMany);
        }
        self.0.push(key);
        Ok(())
    }

    /// Erases the keys of all days before `day`.
    pub fn drop_before(&mut self, day: u32) {
        self.0.retain(|key| key.public.day >= day);
    }

    /// The key of a day.
    #[must_use]
    pub fn find(&self, day: u32, key_id: u32) -> Option<&IssuerKey> {
        let mut keys = self.0.iter();
        keys.find(|key| key.public.day == day && key.public.key_id == key_id)
    }

    /// Recomputes a token and compares in constant time. Whether it was spent before
    /// is the [`SpentSet`](super::SpentSet)'s to say.
    ///
    /// # Errors
    /// When its key is not held, or was not what made it.
    pub fn verify(&self, token: &Token) -> Result<Spend, TokenError> {
        let (day, key_id) = (token.day, token.key_id);
        let key = self
            .find(day, key_id)
            .ok_or(TokenError::UnknownKey { day, key_id })?;
        if !key.made(token) {
            return Err(TokenError::Forged);
        }
        Ok(Spend {
            day,
            key_id,
            nonce: *token.nonce,
        })
    }
}

/// Why a key is not taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddKeyError {
    /// The day has a key with this number.
    #[error("day {day} has a key with number {key_id}")]
    SameNumber {
        /// The day, in days since 1970.
        day: u32,
        /// The number.
        key_id: u32,
    },
    /// There are enough keys; drop those of old days first.
    #[error("{MAX_DAY_KEYS} keys are held already")]
    TooMany,
}

/// Why a token is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// No key of this day and number is held: the day is over or has not come, or it
    /// was never issued here.
    #[error("no token key {key_id} of day {day} is held")]
    UnknownKey {
        /// The day that the token names, in days since 1970.
        day: u32,
        /// The number that it names.
        key_id: u32,
    },
    /// The key of the day did not make this token.
    #[error("the token was not made with the key of its day")]
    Forged,
}
