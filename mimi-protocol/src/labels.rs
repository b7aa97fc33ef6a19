//! Labelled signatures, encryption, references and derivations (RFC 9420 §5.1.2,
//! §5.1.3, §5.2 and §8) over any OpenMLS crypto provider.

use bytes::Bytes;
use mimi_content::tls::{Writer, mls_label};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::signatures::Signer;
#[cfg(feature = "client")]
use openmls_traits::signatures::SignerError;
use openmls_traits::types::{Ciphersuite, SignatureScheme};
use zeroize::Zeroizing;

use crate::wire::mls::{HpkeCiphertext, KeyPackage};

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
    /// The secret is shorter than the suite's hash, the length too large, or the
    /// suite not supported.
    #[error("nothing can be derived from the secret")]
    Expand,
}

/// SignWithLabel.
///
/// # Errors
/// When the content is too long or the signer fails.
pub fn sign_with_label(
    signer: &dyn Signer,
    label: &str,
    content: &[u8],
) -> Result<Vec<u8>, LabelError> {
    let signed = mls_label(label, content).map_err(|_| LabelError::TooLong)?;
    signer.sign(&signed).map_err(|_| LabelError::Signer)
}

/// VerifyWithLabel.
///
/// # Errors
/// When the signature does not verify.
pub fn verify_with_label(
    crypto: &impl OpenMlsCrypto,
    scheme: SignatureScheme,
    public_key: &[u8],
    label: &str,
    content: &[u8],
    signature: &[u8],
) -> Result<(), LabelError> {
    let signed = mls_label(label, content).map_err(|_| LabelError::TooLong)?;
    crypto
        .verify_signature(scheme, &signed, public_key, signature)
        .map_err(|_| LabelError::Signature)
}

/// EncryptWithLabel.
///
/// # Errors
/// When the recipient's key cannot be used.
pub fn encrypt_with_label(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    public_key: &[u8],
    label: &str,
    context: &[u8],
    plaintext: &[u8],
) -> Result<HpkeCiphertext, LabelError> {
    let info = mls_label(label, context).map_err(|_| LabelError::TooLong)?;
    let sealed = crypto
        .hpke_seal(suite.hpke_config(), public_key, &info, &[], plaintext)
        .map_err(|_| LabelError::Seal)?;
    Ok(HpkeCiphertext {
        kem_output: Vec::from(sealed.kem_output).into(),
        ciphertext: Vec::from(sealed.ciphertext).into(),
    })
}

/// DecryptWithLabel.
///
/// # Errors
/// When the ciphertext was not made for this key and context.
pub fn decrypt_with_label(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    private_key: &[u8],
    label: &str,
    context: &[u8],
    ciphertext: &HpkeCiphertext,
) -> Result<Vec<u8>, LabelError> {
    let info = mls_label(label, context).map_err(|_| LabelError::TooLong)?;
    let input = openmls_traits::types::HpkeCiphertext {
        kem_output: ciphertext.kem_output.to_vec().into(),
        ciphertext: ciphertext.ciphertext.to_vec().into(),
    };
    crypto
        .hpke_open(suite.hpke_config(), &input, private_key, &info, &[])
        .map_err(|_| LabelError::Open)
}

/// ExpandWithLabel (RFC 9420 §8): `length` octets derived from a secret.
///
/// # Errors
/// When the context is too long, the secret shorter than the suite's hash, the length
/// too large, or the suite not supported.
pub fn expand_with_label(
    crypto: &impl OpenMlsCrypto,
    suite: Ciphersuite,
    secret: &[u8],
    label: &str,
    context: &[u8],
    length: u16,
) -> Result<Zeroizing<Vec<u8>>, LabelError> {
    let labelled = mls_label(label, context).map_err(|_| LabelError::TooLong)?;
    let info = [&length.to_be_bytes()[..], &labelled].concat();
    let derived = crypto
        .hkdf_expand(suite.hash_algorithm(), secret, &info, length.into())
        .map_err(|_| LabelError::Expand)?;
    Ok(Zeroizing::new(derived.as_slice().to_vec()))
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
    let hash = crypto.hash(suite.hash_algorithm(), &input).ok()?;
    Some(hash.into())
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
