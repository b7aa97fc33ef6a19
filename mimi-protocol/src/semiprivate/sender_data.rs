//! What tells members who sent a message and with which keys (RFC 9420 §6.3.2).

use bytes::Bytes;
use mimi_content::tls::{Encode, EncodeError, Writer};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::Ciphersuite;
use zeroize::Zeroizing;

use super::{MemberSecrets, SemiPrivateError, secrets};
use crate::labels::{LabelError, expand_with_label};
use crate::wire::Decode;
use crate::wire::mls::{
    CipherSuite, PerMessageKeyAndNonces, SemiPrivateContentAad, SemiPrivateMessage, SenderData,
};

/// Tells a member who sent `message` and which generation of the sender's
/// handshake ratchet has the keys for [`open`](super::open). `suite` is the
/// group's, the secret the epoch's. That the leaf is not blank is the caller's to
/// check.
///
/// # Errors
/// When the sender data does not open, or to something else.
pub fn open_sender_data(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    sender_data_secret: &[u8],
    message: &SemiPrivateMessage,
) -> Result<SenderData, SemiPrivateError> {
    let suite = secrets::suite(crypto, CipherSuite::from(suite))?;
    let (key, nonce) = keys(crypto, suite, sender_data_secret, &message.ciphertext)
        .map_err(|_| SemiPrivateError::SenderData)?;
    let opened = crypto
        .aead_decrypt(
            suite.aead_algorithm(),
            &key,
            &message.encrypted_sender_data,
            &nonce,
            &aad(&message.aad)?,
        )
        .map_err(|_| SemiPrivateError::SenderData)?;
    SenderData::from_slice(&opened).map_err(SemiPrivateError::MalformedSenderData)
}

pub(super) fn seal(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    message: &SemiPrivateContentAad,
    sender: &PerMessageKeyAndNonces,
    member: &MemberSecrets<'_>,
    ciphertext: &[u8],
) -> Result<Bytes, SemiPrivateError> {
    let (key, nonce) = keys(crypto, suite, member.sender_data_secret, ciphertext)
        .map_err(|_| SemiPrivateError::SenderDataSecret)?;
    let sender_data = SenderData {
        leaf_index: sender.sender_leaf_index,
        generation: member.generation,
        reuse_guard: sender.reuse_guard,
    };
    let algorithm = suite.aead_algorithm();
    crypto
        .aead_encrypt(
            algorithm,
            &key,
            &sender_data.to_vec()?,
            &nonce,
            &aad(message)?,
        )
        .map(Bytes::from)
        .map_err(|_| SemiPrivateError::Encrypt)
}

type Secret = Zeroizing<Vec<u8>>;

/// Key and nonce, which depend on the ciphertext so that no two messages have
/// the same.
fn keys(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    secret: &[u8],
    ciphertext: &[u8],
) -> Result<(Secret, Secret), LabelError> {
    let sample = ciphertext.get(..suite.hash_length()).unwrap_or(ciphertext);
    let expand = |label, length: usize| {
        let length = u16::try_from(length).map_err(|_| LabelError::Expand)?;
        expand_with_label(crypto, suite, secret, label, sample, length)
    };
    Ok((
        expand("key", suite.aead_key_length())?,
        expand("nonce", suite.aead_nonce_length())?,
    ))
}

/// `SenderDataAAD`.
fn aad(message: &SemiPrivateContentAad) -> Result<Vec<u8>, EncodeError> {
    Writer::write(|w| {
        w.opaque(&message.group_id);
        w.u64(message.epoch);
        message.content_type.encode(w);
    })
}
