//! What is signed, and how.
//!
//! Every signature is Ed25519 over the `SignContent` of MLS (RFC 9420 §5.1.2): a label
//! of the struct's own, then its encoding. So a signature over one struct is none over
//! another. Every signed struct names its realm, and [`Signed::verify`] asks which one
//! is meant: what was signed for one realm is worth nothing in the next.
//!
//! ```
//! use mimi_content::Timestamp;
//! use mimi_discovery::tree::{Index, LeafHash};
//! use mimi_discovery::wire::{DpId, KeyId, Receipt};
//! use mimi_discovery::{Domain, PublicKey, Signed, SigningKey, VerifyError};
//!
//! let key = SigningKey::from_bytes(&[7; 32]); // 32 octets of the host's randomness
//! let here = Domain::parse("realm.example")?;
//! let receipt = Receipt {
//!     realm: here.clone(),
//!     dp: DpId(1),
//!     key_id: KeyId(1),
//!     index: Index([1; 32]),
//!     leaf: LeafHash([2; 32]),
//!     epoch: 9,
//! };
//! let signed = Signed::sign(receipt, &key)?;
//! assert_eq!(signed.verify(&here, &PublicKey::of(&key))?.epoch, 9);
//!
//! let there = Domain::parse("other.example")?;
//! assert_eq!(signed.verify(&there, &PublicKey::of(&key)), Err(VerifyError::OtherRealm));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A host whose keys are in other hands, such as a security module, has
//! [`to_be_signed`] signed there and puts a [`Signed`] together itself.

use std::fmt;

use ed25519_dalek::Signer as _;
pub use ed25519_dalek::SigningKey;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Writer, mls_label};

use crate::Domain;
use crate::wire::Hex;

/// A struct that someone signs.
pub trait Signable: Encode {
    /// What the signature is for: `MIMI Discovery 1.0` and the name of the struct.
    const LABEL: &'static str;

    /// The realm that it is signed for.
    fn realm(&self) -> &Domain;
}

/// The octets that a signature over `content` is made over.
///
/// # Errors
/// When a vector inside is too long to be encoded.
pub fn to_be_signed<T: Signable>(content: &T) -> Result<Vec<u8>, EncodeError> {
    mls_label(T::LABEL, &content.to_vec()?)
}

/// A struct with a signature that nobody has checked yet. On the wire the one behind
/// the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signed<T> {
    /// What is signed. Believe it once [`Signed::verify`] has returned it.
    pub content: T,
    /// The signature over [`to_be_signed`].
    pub signature: Signature,
}

impl<T: Signable> Signed<T> {
    /// Signs `content`.
    ///
    /// # Errors
    /// When a vector inside is too long to be encoded.
    pub fn sign(content: T, key: &SigningKey) -> Result<Self, EncodeError> {
        let signature = Signature(key.sign(&to_be_signed(&content)?).to_bytes());
        Ok(Signed { content, signature })
    }

    /// The content, if it is for `realm` and signed with `key`.
    ///
    /// # Errors
    /// With what is wrong.
    pub fn verify(&self, realm: &Domain, key: &PublicKey) -> Result<&T, VerifyError> {
        check(&self.content, realm, key, &self.signature)?;
        Ok(&self.content)
    }
}

/// Checks a signature that does not stand behind what it is over.
pub(crate) fn check<T: Signable>(
    content: &T,
    realm: &Domain,
    key: &PublicKey,
    signature: &Signature,
) -> Result<(), VerifyError> {
    if content.realm() != realm {
        return Err(VerifyError::OtherRealm);
    }
    let octets = to_be_signed(content)?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key.0).map_err(|_| VerifyError::Key)?;
    let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
    key.verify_strict(&octets, &signature)
        .map_err(|_| VerifyError::Signature)
}

/// Why a signature does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// Signed for another realm.
    #[error("it was signed for another realm")]
    OtherRealm,
    /// The key is no point of the curve.
    #[error("the public key is no Ed25519 key")]
    Key,
    /// The signature is not one over this content with this key, or is one that two
    /// verifiers could disagree about.
    #[error("the signature is wrong")]
    Signature,
    /// The content cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// An Ed25519 public key, of 32 octets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// The public key of `key`.
    #[must_use]
    pub fn of(key: &SigningKey) -> Self {
        PublicKey(key.verifying_key().to_bytes())
    }
}

/// An Ed25519 signature, of 64 octets.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?})", Hex(&self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({:?})", Hex(&self.0))
    }
}

impl Encode for PublicKey {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
}

impl Decode for PublicKey {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(PublicKey)
    }
}

impl Encode for Signature {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
}

impl Decode for Signature {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(Signature)
    }
}

impl<T: Encode> Encode for Signed<T> {
    fn encode(&self, w: &mut Writer) {
        self.content.encode(w);
        self.signature.encode(w);
    }
}

impl<T: Decode> Decode for Signed<T> {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Signed {
            content: T::decode(r)?,
            signature: Signature::decode(r)?,
        })
    }
}
