//! The client: from nonces to tokens.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{DayPublicKey, Token};
use crate::oprf::{BlindError, Blinding, Element, Evaluation, FinishError, MAX_BATCH};

/// A batch of tokens that was asked for. Erased when dropped, and not shown.
pub struct TokenRequest {
    nonces: Vec<Zeroizing<[u8; 32]>>,
    blinding: Blinding,
}

impl TokenRequest {
    /// Draws `count` nonces and blinds them. The elements are for the issuer.
    ///
    /// # Errors
    /// When `count` is 0 or more than [`MAX_BATCH`].
    pub fn new<R: CryptoRng>(
        count: usize,
        rng: &mut R,
    ) -> Result<(Self, Vec<Element>), BlindError> {
        if count > MAX_BATCH {
            return Err(BlindError::Count { count });
        }
        let mut nonces = vec![Zeroizing::new([0; 32]); count];
        nonces
            .iter_mut()
            .for_each(|nonce| rng.fill_bytes(&mut **nonce));
        let inputs = nonces.iter().map(|nonce| super::input(nonce)).collect();
        let (blinding, blinded) = Blinding::new(inputs, rng)?;
        Ok((TokenRequest { nonces, blinding }, blinded))
    }

    /// Checks the issuer's proof against the key of the day that the manifest names,
    /// and takes the blinding off.
    ///
    /// # Errors
    /// When the answer does not fit the question, or its proof does not hold: then
    /// the issuer used another key, perhaps one for this user alone.
    pub fn finish(
        self,
        evaluation: &Evaluation,
        key: &DayPublicKey,
    ) -> Result<Vec<Token>, FinishError> {
        let outputs = self.blinding.finish(evaluation, &key.key)?;
        let tokens = self.nonces.into_iter().zip(outputs);
        let token = |(nonce, output): (_, crate::oprf::Output)| Token {
            day: key.day,
            key_id: key.key_id,
            nonce,
            output: output.0,
        };
        Ok(tokens.map(token).collect())
    }
}

impl std::fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenRequest(..)")
    }
}
