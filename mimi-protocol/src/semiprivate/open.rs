//! Reading a SemiPrivateMessage (SEMI, "Decryption of SemiPrivateMessage as a
//! member" and "... as an external receiver").

use mimi_content::tls::Encode;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::Ciphersuite;

use super::{
    AuthenticatedContent, RECEIVER_LABEL, SemiPrivateError, external_receiver_ref, secrets,
};
use crate::labels::{decrypt_with_label, verify_with_label};
use crate::wire::Decode;
use crate::wire::mls::{
    CipherSuite, ExternalReceiver, FramedContentTbs, GroupContext, PerMessageKeyAndNonces,
    SemiPrivateMessage, SemiPrivateMessageContent, SemiPrivateMessageContext,
};

/// Gets an external receiver the keys of `message`, and the leaf index of who
/// claims to have sent it. Needs no GroupContext; `suite` is the group's.
///
/// `receiver` is the entry in `external_receivers`, octet for octet, and
/// `private_key` that of its public key.
///
/// # Errors
/// When the message is not addressed to this receiver, or its keys are not
/// those of the message.
pub fn open_keys(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    receiver: &ExternalReceiver,
    private_key: &[u8],
    message: &SemiPrivateMessage,
) -> Result<PerMessageKeyAndNonces, SemiPrivateError> {
    let suite = secrets::suite(crypto, CipherSuite::from(suite))?;
    let aad = &message.aad;
    let own = external_receiver_ref(crypto, suite, receiver)?;
    let all = aad.keys_for_external_receivers.iter();
    let mut addressed = all.filter(|key| key.external_receiver_ref == own);
    let sealed = addressed.next().ok_or(SemiPrivateError::NotAddressed)?;
    if addressed.next().is_some() {
        return Err(SemiPrivateError::AddressedTwice);
    }
    let context = SemiPrivateMessageContext {
        group_id: aad.group_id.clone(),
        epoch: aad.epoch,
        partial_context_hash: aad.partial_context_hash.clone(),
    };
    let opened = decrypt_with_label(
        crypto,
        suite,
        private_key,
        RECEIVER_LABEL,
        &context.to_vec()?,
        &sealed.encrypted_keys_and_nonces,
    )
    .map_err(|_| SemiPrivateError::Keys)?;
    let keys = PerMessageKeyAndNonces::from_slice(&opened);
    let keys = keys.map_err(SemiPrivateError::MalformedKeys)?;
    check_keys(crypto, suite, &keys, message)?;
    Ok(keys)
}

/// Reads `message` and verifies that the sender, whose leaf has `signature_key`,
/// said this to everybody in the state `context`.
///
/// `keys` are from [`open_keys`]. A member takes sender and reuse guard from
/// [`open_sender_data`](super::open_sender_data), and key and nonce from the
/// handshake ratchet.
///
/// # Errors
/// When the message is not of this group and epoch, or is not what its sender
/// signed and every receiver sees.
pub fn open(
    crypto: &impl OpenMlsCrypto,
    context: &GroupContext,
    keys: &PerMessageKeyAndNonces,
    signature_key: &[u8],
    message: &SemiPrivateMessage,
) -> Result<AuthenticatedContent, SemiPrivateError> {
    let suite = secrets::suite(crypto, context.cipher_suite)?;
    let aad = &message.aad;
    if aad.group_id != context.group_id {
        return Err(SemiPrivateError::Group);
    }
    if aad.epoch != context.epoch {
        return Err(SemiPrivateError::Epoch {
            message: aad.epoch,
            context: context.epoch,
        });
    }
    check_keys(crypto, suite, keys, message)?;

    let plaintext = crypto
        .aead_decrypt(
            suite.aead_algorithm(),
            &keys.key,
            &message.ciphertext,
            &secrets::guarded_nonce(keys),
            &aad.to_vec()?,
        )
        .map_err(|_| SemiPrivateError::Ciphertext)?;
    let content = SemiPrivateMessageContent::from_slice(&plaintext, aad.content_type);
    let content = content.map_err(SemiPrivateError::Content)?;
    if content.padding.iter().any(|octet| *octet != 0) {
        return Err(SemiPrivateError::Padding);
    }

    let tbs = FramedContentTbs {
        context: context.clone(),
        sender_leaf_index: keys.sender_leaf_index,
        authenticated_data: aad.authenticated_data.clone(),
        content: content.content,
    };
    let signed = tbs.to_vec()?;
    if secrets::hash(crypto, suite, &signed)? != aad.framed_content_tbs_hash {
        return Err(SemiPrivateError::TbsHash);
    }
    verify_with_label(
        crypto,
        suite.signature_algorithm(),
        signature_key,
        FramedContentTbs::LABEL,
        &signed,
        &content.auth.signature,
    )
    .map_err(|_| SemiPrivateError::Signature)?;
    Ok(AuthenticatedContent {
        tbs,
        auth: content.auth,
    })
}

/// That the keys are some of the suite, and sender and nonce those that the
/// message was made with.
fn check_keys(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    keys: &PerMessageKeyAndNonces,
    message: &SemiPrivateMessage,
) -> Result<(), SemiPrivateError> {
    secrets::check(suite, keys)?;
    let partial = secrets::partial_context_hash(crypto, suite, keys)?;
    if partial != message.aad.partial_context_hash {
        return Err(SemiPrivateError::PartialContextHash);
    }
    Ok(())
}
