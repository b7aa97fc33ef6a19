//! Labelled signatures, encryption, references and key derivation (RFC 9420
//! §5.1.2, §5.1.3, §5.2 and §8) over any OpenMLS crypto provider, and the same
//! for an application component, whose label is its own (EXT, "The Safe
//! Application Interface").
//!
//! ```
//! use mimi_content::component::ComponentId;
//! use mimi_protocol::labels::{LabelError, safe_sign_with_label, safe_verify_with_label};
//! use openmls_basic_credential::SignatureKeyPair;
//! use openmls_rust_crypto::RustCrypto;
//! use openmls_traits::types::SignatureScheme;
//!
//! let crypto = RustCrypto::default();
//! let scheme = SignatureScheme::ED25519;
//! let signer = SignatureKeyPair::new(scheme)?;
//! let (mine, other) = (ComponentId(0x8001), ComponentId(0x8002));
//!
//! let signature = safe_sign_with_label(&signer, mine, "receipt", b"read")?;
//! let verify = |by| {
//!     let key = signer.public();
//!     safe_verify_with_label(&crypto, scheme, key, by, "receipt", b"read", &signature)
//! };
//! assert_eq!(verify(mine), Ok(()));
//! assert_eq!(verify(other), Err(LabelError::Signature));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bytes::Bytes;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Encode, EncodeError, Writer};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::signatures::Signer;
#[cfg(feature = "client")]
use openmls_traits::signatures::SignerError;
use openmls_traits::types::{Ciphersuite, SignatureScheme};
use zeroize::Zeroizing;

use crate::wire::mls::{ComponentOperationLabel, GroupInfo, HpkeCiphertext, KeyPackage};

/// Why a labelled operation failed. Says nothing about keys or content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// The content is too long to be framed.
    #[error("the content is too long")]
    TooLong,
    /// The signer failed.
    #[error("the signer failed")]
    Signer,
    /// The signature is not one of this key over this content.
    #[error("the signature does not verify")]
    Signature,
    /// The recipient's public key cannot be used.
    #[error("the recipient's key cannot be used")]
    Seal,
    /// The ciphertext does not open with this key and context.
    #[error("the ciphertext does not open")]
    Open,
    /// The suite is unknown, or the crypto provider lacks its hash.
    #[error("the cipher suite is not supported")]
    Suite,
    /// No secret of this length can be derived from this one.
    #[error("the secret cannot be expanded")]
    Expand,
}

impl From<EncodeError> for LabelError {
    fn from(_: EncodeError) -> Self {
        LabelError::TooLong
    }
}

/// SignWithLabel (RFC 9420 §5.1.2).
///
/// # Errors
/// When the content is too long or the signer fails.
pub fn sign_with_label(
    signer: &dyn Signer,
    label: impl AsRef<[u8]>,
    content: &[u8],
) -> Result<Vec<u8>, LabelError> {
    let signed = labelled(label.as_ref(), content)?;
    signer.sign(&signed).map_err(|_| LabelError::Signer)
}

/// VerifyWithLabel (RFC 9420 §5.1.2).
///
/// # Errors
/// When the signature does not verify.
pub fn verify_with_label(
    crypto: &impl OpenMlsCrypto,
    scheme: SignatureScheme,
    public_key: &[u8],
    label: impl AsRef<[u8]>,
    content: &[u8],
    signature: &[u8],
) -> Result<(), LabelError> {
    let signed = labelled(label.as_ref(), content)?;
    crypto
        .verify_signature(scheme, &signed, public_key, signature)
        .map_err(|_| LabelError::Signature)
}

/// EncryptWithLabel (RFC 9420 §5.1.3).
///
/// # Errors
/// When the recipient's key cannot be used.
pub fn encrypt_with_label(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    public_key: &[u8],
    label: impl AsRef<[u8]>,
    context: &[u8],
    plaintext: &[u8],
) -> Result<HpkeCiphertext, LabelError> {
    let info = labelled(label.as_ref(), context)?;
    let sealed = crypto
        .hpke_seal(suite.hpke_config(), public_key, &info, &[], plaintext)
        .map_err(|_| LabelError::Seal)?;
    Ok(HpkeCiphertext {
        kem_output: Vec::from(sealed.kem_output).into(),
        ciphertext: Vec::from(sealed.ciphertext).into(),
    })
}

/// DecryptWithLabel (RFC 9420 §5.1.3). The plaintext is erased when dropped.
///
/// # Errors
/// When the ciphertext was not made for this key and context.
pub fn decrypt_with_label(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    private_key: &[u8],
    label: impl AsRef<[u8]>,
    context: &[u8],
    ciphertext: &HpkeCiphertext,
) -> Result<Zeroizing<Vec<u8>>, LabelError> {
    let info = labelled(label.as_ref(), context)?;
    let input = openmls_traits::types::HpkeCiphertext {
        kem_output: ciphertext.kem_output.to_vec().into(),
        ciphertext: ciphertext.ciphertext.to_vec().into(),
    };
    crypto
        .hpke_open(suite.hpke_config(), &input, private_key, &info, &[])
        .map(Zeroizing::new)
        .map_err(|_| LabelError::Open)
}

/// ExpandWithLabel (RFC 9420 §8): a secret of `length` octets.
///
/// # Errors
/// When `secret` is shorter than the suite's hash, or `length` is more than
/// 255 hashes long.
pub fn expand_with_label(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    secret: &[u8],
    label: impl AsRef<[u8]>,
    context: &[u8],
    length: u16,
) -> Result<Zeroizing<Vec<u8>>, LabelError> {
    let info = kdf_label(label.as_ref(), context, length)?;
    crypto
        .hkdf_expand(suite.hash_algorithm(), secret, &info, length.into())
        .map(|expanded| Zeroizing::new(expanded.as_slice().to_vec()))
        .map_err(|_| LabelError::Expand)
}

/// The suite's hash, without a label.
///
/// # Errors
/// When the crypto provider lacks it.
pub fn hash(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    octets: &[u8],
) -> Result<Vec<u8>, LabelError> {
    crypto
        .hash(suite.hash_algorithm(), octets)
        .map_err(|_| LabelError::Suite)
}

/// SafeSignWithLabel (EXT, "Signature Keys"), for a component's own signatures
/// with an MLS key.
///
/// # Errors
/// When the content is too long or the signer fails.
pub fn safe_sign_with_label(
    signer: &dyn Signer,
    component: ComponentId,
    label: impl AsRef<[u8]>,
    content: &[u8],
) -> Result<Vec<u8>, LabelError> {
    sign_with_label(signer, of_component(component, label.as_ref())?, content)
}

/// SafeVerifyWithLabel (EXT, "Signature Keys").
///
/// # Errors
/// When the signature is not this component's over this content.
pub fn safe_verify_with_label(
    crypto: &impl OpenMlsCrypto,
    scheme: SignatureScheme,
    public_key: &[u8],
    component: ComponentId,
    label: impl AsRef<[u8]>,
    content: &[u8],
    signature: &[u8],
) -> Result<(), LabelError> {
    let label = of_component(component, label.as_ref())?;
    verify_with_label(crypto, scheme, public_key, label, content, signature)
}

/// SafeEncryptWithLabel (EXT, "Hybrid Public Key Encryption (HPKE) Keys"), for
/// what only `component` at the holder of an MLS key may open.
///
/// # Errors
/// When the recipient's key cannot be used.
pub fn safe_encrypt_with_label(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    public_key: &[u8],
    component: ComponentId,
    label: impl AsRef<[u8]>,
    context: &[u8],
    plaintext: &[u8],
) -> Result<HpkeCiphertext, LabelError> {
    let label = of_component(component, label.as_ref())?;
    encrypt_with_label(crypto, suite, public_key, label, context, plaintext)
}

/// SafeDecryptWithLabel (EXT, "Hybrid Public Key Encryption (HPKE) Keys").
/// `component` must be the one that asks (EXT, same section).
///
/// # Errors
/// When the ciphertext was not made for this key, component and context.
pub fn safe_decrypt_with_label(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    private_key: &[u8],
    component: ComponentId,
    label: impl AsRef<[u8]>,
    context: &[u8],
    ciphertext: &HpkeCiphertext,
) -> Result<Zeroizing<Vec<u8>>, LabelError> {
    let label = of_component(component, label.as_ref())?;
    decrypt_with_label(crypto, suite, private_key, label, context, ciphertext)
}

/// Checks a GroupInfo's signature by the scheme of its own suite (RFC 9420
/// §12.4.3); `signature_key` is that of the leaf at its `signer`.
///
/// Nothing else of it is checked: that it is the group's, its context and
/// confirmation tag say, and these only a member or who followed the group can
/// judge.
///
/// # Errors
/// [`LabelError::Suite`] for an unknown suite, [`LabelError::Signature`] when
/// it does not verify.
pub fn verify_group_info(
    crypto: &impl OpenMlsCrypto,
    signature_key: &[u8],
    info: &GroupInfo,
) -> Result<(), LabelError> {
    let suite = info.group_context.cipher_suite;
    let scheme = suite.signature_scheme().ok_or(LabelError::Suite)?;
    let label = "GroupInfoTBS";
    let signed = info.tbs()?;
    verify_with_label(
        crypto,
        scheme,
        signature_key,
        label,
        &signed,
        &info.signature,
    )
}

/// `KeyPackageRef`: the hash, by the KeyPackage's own suite, under which a
/// Welcome names it (RFC 9420 §5.2, §10); `None` if `crypto` lacks the suite.
pub fn key_package_ref<C: OpenMlsCrypto>(package: &KeyPackage, crypto: &C) -> Option<Bytes> {
    let suite = Ciphersuite::try_from(package.cipher_suite.0).ok()?;
    let input = Writer::write(|w| {
        w.opaque(b"MLS 1.0 KeyPackage Reference");
        w.opaque(package.as_bytes());
    })
    .ok()?;
    hash(crypto, suite, &input).ok().map(Bytes::from)
}

/// `SignContent` and `EncryptContext` (RFC 9420 §5.1.2, §5.1.3), whose label
/// may be octets that are no text.
fn labelled(label: &[u8], content: &[u8]) -> Result<Vec<u8>, EncodeError> {
    Writer::write(|w| {
        prefixed(w, label);
        w.opaque(content);
    })
}

/// `KDFLabel` (RFC 9420 §8).
fn kdf_label(label: &[u8], context: &[u8], length: u16) -> Result<Vec<u8>, EncodeError> {
    Writer::write(|w| {
        w.u16(length);
        prefixed(w, label);
        w.opaque(context);
    })
}

fn prefixed(w: &mut Writer, label: &[u8]) {
    w.vector(|w| {
        w.raw(b"MLS 1.0 ");
        w.raw(label);
    });
}

/// The label of an operation of a component, as octets.
fn of_component(component_id: ComponentId, label: &[u8]) -> Result<Vec<u8>, EncodeError> {
    ComponentOperationLabel {
        component_id,
        label: Bytes::copy_from_slice(label),
    }
    .to_vec()
}

/// A borrowed signer where a sized one is asked for.
#[cfg(feature = "client")]
#[derive(Clone, Copy)]
pub(crate) struct SignerRef<'a>(pub(crate) &'a dyn Signer);

#[cfg(feature = "client")]
impl Signer for SignerRef<'_> {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.0.sign(payload)
    }

    fn signature_scheme(&self) -> SignatureScheme {
        self.0.signature_scheme()
    }
}

#[cfg(test)]
mod tests;
