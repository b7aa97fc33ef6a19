//! What both sides compute, from the keys of a message above all.

use bytes::Bytes;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::Ciphersuite;
use zeroize::Zeroizing;

use super::SemiPrivateError;
use crate::labels;
use crate::wire::mls::{CipherSuite, PerMessageKeyAndNonces};

/// The suite of this number, if `crypto` has it.
pub(super) fn suite(
    crypto: &impl OpenMlsCrypto,
    number: CipherSuite,
) -> Result<Ciphersuite, SemiPrivateError> {
    Ciphersuite::try_from(number.0)
        .ok()
        .filter(|suite| crypto.supports(*suite).is_ok())
        .ok_or(SemiPrivateError::Suite(number))
}

/// That the keys are some of the suite's AEAD; a provider may not check.
pub(super) fn check(
    suite: Ciphersuite,
    keys: &PerMessageKeyAndNonces,
) -> Result<(), SemiPrivateError> {
    let (found, expected) = (keys.key.len(), suite.aead_key_length());
    if found != expected {
        return Err(SemiPrivateError::KeyLength { found, expected });
    }
    let (found, expected) = (keys.nonce.len(), suite.aead_nonce_length());
    if found != expected {
        return Err(SemiPrivateError::NonceLength { found, expected });
    }
    Ok(())
}

/// The suite's hash.
pub(super) fn hash(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    octets: &[u8],
) -> Result<Bytes, SemiPrivateError> {
    let hash = labels::hash(crypto, suite, octets).map_err(|_| SemiPrivateError::Hash)?;
    Ok(hash.into())
}

/// `hash(sender_leaf_index || nonce)`.
pub(super) fn partial_context_hash(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    keys: &PerMessageKeyAndNonces,
) -> Result<Bytes, SemiPrivateError> {
    let leaf = keys.sender_leaf_index.to_be_bytes();
    let input = Zeroizing::new([&leaf[..], &keys.nonce].concat());
    hash(crypto, suite, &input)
}

/// The nonce with the reuse guard over its first octets (RFC 9420 §6.3.1).
pub(super) fn guarded_nonce(keys: &PerMessageKeyAndNonces) -> Zeroizing<Vec<u8>> {
    let mut nonce = keys.nonce.clone();
    let guard = nonce.iter_mut().zip(keys.reuse_guard);
    guard.for_each(|(octet, guard)| *octet ^= guard);
    nonce
}
