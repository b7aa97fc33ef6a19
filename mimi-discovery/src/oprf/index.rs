//! The client: from identifiers to indices and record keys.

use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::batch::{Blinding, Output};
use super::wire::{Element, Evaluation, PublicKey};
use super::{BlindError, FinishError};

/// What each input for an index begins with. Inputs for tokens begin differently.
pub const INDEX_LABEL: &[u8] = b"MIMI Discovery 1.0 CSI";

/// Longest canonical identifier, in octets: a mailbox of 64 octets, the at sign and a
/// domain of 255 (RFC 5321 §4.5.3.1). A telephone number has 16.
pub const MAX_CSI_LEN: usize = 320;

/// A cross-service identifier, as it goes into the function.
#[derive(Clone, Copy)]
pub struct CsiInput<'a> {
    /// Which kind of identifier it is.
    pub csi_type: u8,
    /// Its canonical form, 1 to [`MAX_CSI_LEN`] octets.
    pub canonical: &'a [u8],
}

/// A batch of identifiers that an evaluator was asked about.
///
/// It holds whom the user knows: it is erased when dropped, and not shown.
pub struct IndexRequest(Blinding);

impl IndexRequest {
    /// Blinds `contacts`. The elements are for the evaluator, in the same order.
    ///
    /// # Errors
    /// When there are none or more than [`MAX_BATCH`](super::MAX_BATCH), or one is
    /// empty or too long.
    pub fn new<R: CryptoRng>(
        contacts: &[CsiInput<'_>],
        rng: &mut R,
    ) -> Result<(Self, Vec<Element>), BlindError> {
        let count = contacts.len();
        if count > super::MAX_BATCH {
            return Err(BlindError::Count { count });
        }
        let inputs = contacts.iter().enumerate();
        let inputs = inputs
            .map(|(position, contact)| match contact.canonical.len() {
                1..=MAX_CSI_LEN => Ok(contact.input()),
                len => Err(BlindError::Length { position, len }),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let (blinding, blinded) = Blinding::new(inputs, rng)?;
        Ok((IndexRequest(blinding), blinded))
    }

    /// Checks the evaluator's proof against `key`, the one that the manifest names,
    /// and takes the blinding off. The secrets are in the order of the contacts.
    ///
    /// # Errors
    /// When the answer does not fit the question, or its proof does not hold.
    pub fn finish(
        self,
        evaluation: &Evaluation,
        key: &PublicKey,
    ) -> Result<Vec<IndexSecret>, FinishError> {
        let outputs = self.0.finish(evaluation, key)?;
        Ok(outputs.into_iter().map(IndexSecret).collect())
    }
}

impl std::fmt::Debug for IndexRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IndexRequest(..)")
    }
}

/// The function's output for one identifier: who has it finds and reads the record.
/// Erased when dropped, and not shown.
pub struct IndexSecret(Output);

impl IndexSecret {
    /// Where the record stands in the provider's tree.
    #[must_use]
    pub fn index(&self) -> [u8; 32] {
        self.derive(&[b"index"])
    }

    /// The key under which the record is sealed that came with `salt`.
    #[must_use]
    pub fn record_key(&self, salt: &[u8; 16]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.derive(&[b"record", salt]))
    }

    /// HKDF-SHA256 without a salt, for one block of output: extract, then expand
    /// (RFC 5869 §2.2, §2.3).
    fn derive(&self, info: &[&[u8]]) -> [u8; 32] {
        let mut extracted = Zeroizing::new([0; 64]);
        let secret = Zeroizing::new(hmac(&[0; 64], &[&**self.0.0]));
        for (slot, octet) in extracted.iter_mut().zip(secret.iter()) {
            *slot = *octet;
        }
        let parts: Vec<_> = info.iter().copied().chain([&[1_u8][..]]).collect();
        hmac(&extracted, &parts)
    }
}

impl std::fmt::Debug for IndexSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IndexSecret(..)")
    }
}

impl CsiInput<'_> {
    fn input(&self) -> Zeroizing<Vec<u8>> {
        let parts = [INDEX_LABEL, &[self.csi_type], self.canonical];
        Zeroizing::new(parts.concat())
    }
}

/// HMAC-SHA256 with a key of a whole block: shorter ones are filled with zeros, and
/// so there is no length that fails.
fn hmac(block: &[u8; 64], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new(block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
