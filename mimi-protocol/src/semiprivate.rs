//! Handshakes that are encrypted and yet readable for whom the group has named:
//! SemiPrivateMessages (SEMI).
//!
//! A hub that is to judge proposals and commits must read them, and if members
//! send them in clear, everybody on the way reads them too. A SemiPrivateMessage
//! is encrypted as a PrivateMessage is, and carries its key once for each
//! *external receiver* that the GroupContext lists. [`seal`] makes one,
//! [`open_keys`] gets an external receiver the key, [`open`] reads it for members
//! and external receivers alike.
//!
//! It takes a crypto provider and no MLS library. A member's own library provides
//! what only a member has: the epoch's `sender_data_secret`, and key and nonce for
//! a generation of a handshake ratchet. To send, that is an unused one of the
//! member's own, with a fresh random reuse guard; to receive, the one that
//! [`open_sender_data`] names.
//!
//! ```
//! use bytes::Bytes;
//! use mimi_content::component::{ComponentId, ComponentMap};
//! use mimi_protocol::labels::sign_with_label;
//! use mimi_protocol::semiprivate::{AuthenticatedContent, MemberSecrets, open, open_keys, seal};
//! use mimi_protocol::wire::mls::*;
//! use mimi_protocol::wire::{Decode, Encode};
//! use openmls_basic_credential::SignatureKeyPair;
//! use openmls_rust_crypto::RustCrypto;
//! use openmls_traits::crypto::OpenMlsCrypto;
//! use openmls_traits::types::Ciphersuite;
//! use zeroize::Zeroizing;
//!
//! let crypto = RustCrypto::default();
//! let suite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
//!
//! // The hub is listed in the GroupContext, and the group demands the format.
//! let hub_keys = crypto.derive_hpke_keypair(suite.hpke_config(), &[7; 32]).unwrap();
//! let hub = ExternalReceiver {
//!     public_key: hub_keys.public.into(),
//!     credential: Credential::Basic(Bytes::from_static(b"mimi://hub.example")),
//! };
//! let listed = ExternalReceivers(vec![hub.clone()]).to_vec()?;
//! let dictionary: ComponentMap = [(ComponentId::EXTERNAL_RECEIVERS, listed)].into_iter().collect();
//! let formats = WireFormats(vec![WireFormat::SEMIPRIVATE_MESSAGE]);
//! let extension = |extension_type, data: Vec<u8>| Extension { extension_type, data: data.into() };
//! let context = GroupContextView {
//!     cipher_suite: suite.into(),
//!     group_id: Bytes::from_static(b"clubhouse"),
//!     epoch: 7,
//!     tree_hash: Bytes::new(),
//!     confirmed_transcript_hash: Bytes::new(),
//!     extensions: vec![
//!         extension(ExtensionType::REQUIRED_WIRE_FORMATS, formats.to_vec()?),
//!         extension(ExtensionType::APP_DATA_DICTIONARY, dictionary.to_vec()?),
//!     ],
//! }
//! .assemble()?;
//!
//! // Alice, at leaf 3, proposes to remove leaf 5. She signs...
//! let alice = SignatureKeyPair::new(suite.signature_algorithm())?;
//! let tbs = FramedContentTbs {
//!     context: context.clone(),
//!     sender_leaf_index: 3,
//!     authenticated_data: Bytes::new(),
//!     content: Handshake::Proposal(Proposal::from_slice(&[0, 3, 0, 0, 0, 5])?),
//! };
//! let signature = sign_with_label(&alice, FramedContentTbs::LABEL, &tbs.to_vec()?)?;
//! let auth = FramedContentAuthData { signature: signature.into(), confirmation_tag: None };
//! let content = AuthenticatedContent { tbs, auth };
//! // ...and seals with what her MLS library gives her.
//! let keys = PerMessageKeyAndNonces {
//!     key: Zeroizing::new(vec![1; 16]),
//!     nonce: Zeroizing::new(vec![2; 12]),
//!     reuse_guard: [3; 4],
//!     sender_leaf_index: 3,
//! };
//! let member = MemberSecrets { generation: 0, sender_data_secret: &[4; 32] };
//! let message = seal(&crypto, &content, &keys, &member, 32)?;
//! let on_the_wire = message.into_mls_message()?;
//!
//! // The hub finds its key, looks up the signature key of the leaf, and reads.
//! let message = SemiPrivateMessage::from_mls_message(&on_the_wire).unwrap();
//! let keys = open_keys(&crypto, suite, &hub, &hub_keys.private, &message)?;
//! assert_eq!(keys.sender_leaf_index, 3);
//! let opened = open(&crypto, &context, &keys, alice.public(), &message)?;
//! assert_eq!(opened, content);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it shows, and what it does not
//!
//! That members read what external receivers read: the hash of what was signed is
//! bound to the ciphertext, and whoever opens computes it again. That takes the
//! GroupContext, so an external receiver without it gets no content. That each
//! receiver's copy of the key is good only that receiver can tell. A commit's
//! confirmation tag is passed on unchecked: the MLS library that applies the
//! commit checks it.

mod error;
mod open;
mod secrets;
mod sender_data;

use bytes::Bytes;
use mimi_content::tls::Encode;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::Ciphersuite;
use zeroize::Zeroizing;

use crate::labels::encrypt_with_label;
use crate::wire::mls::{
    ExternalReceiver, ExternalReceivers, FramedContentAuthData, FramedContentTbs, Handshake,
    KeyForExternalReceiver, PerMessageKeyAndNonces, SemiPrivateContentAad, SemiPrivateMessage,
    SemiPrivateMessageContent, SemiPrivateMessageContext, WireFormat,
};

pub use error::SemiPrivateError;
pub use open::{open, open_keys};
pub use sender_data::open_sender_data;

/// The label under which keys are sealed (SEMI, "SemiPrivateMessageReceiver
/// Public Key Encryption Label").
const RECEIVER_LABEL: &str = "SemiPrivateMessageReceiver";

/// A proposal or commit with what proves it (RFC 9420 §6.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatedContent {
    /// What the sender signs.
    pub tbs: FramedContentTbs,
    /// The signature, and a commit's confirmation tag.
    pub auth: FramedContentAuthData,
}

/// What tells members, and nobody else, which keys a message has.
#[derive(Clone, Copy)]
pub struct MemberSecrets<'a> {
    /// Which generation of the sender's handshake ratchet.
    pub generation: u32,
    /// The epoch's `sender_data_secret` (RFC 9420 §8).
    pub sender_data_secret: &'a [u8],
}

/// Encrypts `content` for the group and for the external receivers that its
/// context lists (SEMI, "Encryption of a SemiPrivateMessage").
///
/// `keys` are those of `member.generation`, which nothing was sealed with before;
/// `padding` is how many zeros hide the length. The signature is taken as it is.
///
/// # Errors
/// When the context does not allow for it, an argument does not fit the others,
/// or the crypto provider fails.
pub fn seal<C: OpenMlsCrypto>(
    crypto: &C,
    content: &AuthenticatedContent,
    keys: &PerMessageKeyAndNonces,
    member: &MemberSecrets<'_>,
    padding: u16,
) -> Result<SemiPrivateMessage, SemiPrivateError> {
    let AuthenticatedContent { tbs, auth } = content;
    let context = &tbs.context;
    let suite = secrets::suite(crypto, context.cipher_suite)?;
    secrets::check(suite, keys)?;
    if keys.sender_leaf_index != tbs.sender_leaf_index {
        return Err(SemiPrivateError::Sender {
            content: tbs.sender_leaf_index,
            keys: keys.sender_leaf_index,
        });
    }
    let is_commit = matches!(tbs.content, Handshake::Commit(_));
    if is_commit != auth.confirmation_tag.is_some() {
        return Err(SemiPrivateError::ConfirmationTag);
    }
    let receivers = receivers(tbs)?;

    let partial_context_hash = secrets::partial_context_hash(crypto, suite, keys)?;
    let key_context = SemiPrivateMessageContext {
        group_id: context.group_id.clone(),
        epoch: context.epoch,
        partial_context_hash: partial_context_hash.clone(),
    };
    let aad = SemiPrivateContentAad {
        group_id: context.group_id.clone(),
        epoch: context.epoch,
        content_type: tbs.content.content_type(),
        authenticated_data: tbs.authenticated_data.clone(),
        partial_context_hash,
        keys_for_external_receivers: keys_for(crypto, suite, &receivers, &key_context, keys)?,
        framed_content_tbs_hash: secrets::hash(crypto, suite, &tbs.to_vec()?)?,
    };
    let plaintext = SemiPrivateMessageContent {
        content: tbs.content.clone(),
        auth: auth.clone(),
        padding: vec![0; padding.into()].into(),
    };
    let ciphertext = crypto
        .aead_encrypt(
            suite.aead_algorithm(),
            &keys.key,
            &plaintext.to_vec()?,
            &secrets::guarded_nonce(keys),
            &aad.to_vec()?,
        )
        .map_err(|_| SemiPrivateError::Encrypt)?;
    let encrypted_sender_data = sender_data::seal(crypto, suite, &aad, keys, member, &ciphertext)?;
    Ok(SemiPrivateMessage {
        aad,
        encrypted_sender_data,
        ciphertext: ciphertext.into(),
    })
}

/// Whom a message of this group goes to.
fn receivers(tbs: &FramedContentTbs) -> Result<ExternalReceivers, SemiPrivateError> {
    let required = tbs.context.required_wire_formats();
    let required = required.map_err(SemiPrivateError::Context)?;
    if !required.0.contains(&WireFormat::SEMIPRIVATE_MESSAGE) {
        return Err(SemiPrivateError::NotRequired);
    }
    let receivers = tbs.context.external_receivers();
    let receivers = receivers.map_err(SemiPrivateError::Context)?;
    if receivers.0.is_empty() {
        return Err(SemiPrivateError::NoReceivers);
    }
    Ok(receivers)
}

fn keys_for(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    receivers: &ExternalReceivers,
    context: &SemiPrivateMessageContext,
    keys: &PerMessageKeyAndNonces,
) -> Result<Vec<KeyForExternalReceiver>, SemiPrivateError> {
    let context = context.to_vec()?;
    let keys = Zeroizing::new(keys.to_vec()?);
    let seal = |(at, receiver): (usize, &ExternalReceiver)| {
        let to = &receiver.public_key;
        let sealed = encrypt_with_label(crypto, suite, to, RECEIVER_LABEL, &context, &keys);
        Ok(KeyForExternalReceiver {
            external_receiver_ref: external_receiver_ref(crypto, suite, receiver)?,
            encrypted_keys_and_nonces: sealed.map_err(|_| SemiPrivateError::ReceiverKey(at))?,
        })
    };
    receivers.0.iter().enumerate().map(seal).collect()
}

/// How messages name a receiver: the suite's hash over it (SEMI, "Encryption of a
/// SemiPrivateMessage").
///
/// # Errors
/// When the crypto provider lacks the suite, or a field is too long.
pub fn external_receiver_ref(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    receiver: &ExternalReceiver,
) -> Result<Bytes, SemiPrivateError> {
    secrets::hash(crypto, suite, &receiver.to_vec()?)
}
