//! Sealing a client's real credential into a pseudonymous one, and opening it.

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode};
use mimi_content::{MimiUri, UriKind};
use mimi_franking::limits::{MAX_IDENTITY_LINK_LEN, MAX_SIGNATURE_KEY_LEN};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::signatures::Signer;
use openmls_traits::types::{Ciphersuite, CryptoError, SignatureScheme};

use super::keys::{ConnectionKey, IdentityLinkKey, KeyError};
use super::uuid;
use crate::engine::CryptoProvider;
use crate::labels::sign_with_label;
use crate::wire::mls::{
    Credential, IdentityLinkTbe, PseudonymousCredential, PseudonymousCredentialTbs,
};

/// What a client is to be known as in a room, and who it is.
pub struct Sealing<'a> {
    /// The pseudonym that all clients of the user have in this room.
    pub user_pseudonym: &'a MimiUri,
    /// The public key of the client in this room, not that of `client_credential`.
    pub signature_public_key: &'a [u8],
    /// The client's real credential.
    pub client_credential: &'a Credential,
    /// Signs with the key of the real credential.
    pub client_signer: &'a dyn Signer,
    /// The cipher suite of the room.
    pub suite: Ciphersuite,
}

/// Makes a credential for a room, with a client pseudonym that was not there
/// before: `/d/` and a random UUID in the domain of the user pseudonym.
///
/// Each call gives another one. So no link key is ever used for two links, which
/// would give both away.
///
/// # Errors
/// When something does not fit (see [`SealError`]), the signer or the host's
/// generator fails.
pub fn seal<P: CryptoProvider>(
    sealing: &Sealing<'_>,
    connection_key: &ConnectionKey,
    provider: &P,
) -> Result<PseudonymousCredential, SealError> {
    if let Credential::Pseudonymous(_) = sealing.client_credential {
        return Err(SealError::Pseudonymous);
    }
    if sealing.signature_public_key.len() > MAX_SIGNATURE_KEY_LEN {
        return Err(SealError::TooLong("the signature public key"));
    }
    let crypto = provider.crypto();
    let tbs = PseudonymousCredentialTbs {
        client_pseudonym: client_pseudonym(sealing.user_pseudonym, provider)?,
        user_pseudonym: sealing.user_pseudonym.clone(),
        signature_public_key: Bytes::copy_from_slice(sealing.signature_public_key),
    };
    let key = connection_key.identity_link_key(&tbs, sealing.suite, crypto)?;
    let tbe = IdentityLinkTbe {
        pseudonymous_credential_signature: sign(sealing, &tbs, crypto)?,
        client_credential: sealing.client_credential.clone(),
    };
    let link = encrypt(&tbe, &tbs, &key, sealing.suite, crypto)?;
    Ok(PseudonymousCredential {
        tbs,
        identity_link_ciphertext: link.into(),
    })
}

/// Opens the identity link of a credential.
///
/// What comes out has been made by someone with the same key for this very
/// credential. Whether that was the client that it names, only
/// [`OpenedLink::verify`] tells.
///
/// # Errors
/// When the key does not fit the link (see [`OpenError`]), or what is inside is not
/// a real credential.
pub fn open<C: OpenMlsCrypto>(
    credential: &PseudonymousCredential,
    key: &IdentityLinkKey,
    suite: Ciphersuite,
    crypto: &C,
) -> Result<OpenedLink, OpenError> {
    let link = &credential.identity_link_ciphertext;
    if link.len() > MAX_IDENTITY_LINK_LEN {
        return Err(OpenError::TooLong { len: link.len() });
    }
    let aad = credential.tbs.to_vec().map_err(|_| KeyError::TooLong)?;
    let (key, nonce) = key.aead(suite, crypto)?;
    let plaintext = crypto
        .aead_decrypt(suite.aead_algorithm(), &key, link, &nonce, &aad)
        .map_err(|_| OpenError::Link)?;
    let tbe = IdentityLinkTbe::from_slice(&plaintext)?;
    if let Credential::Pseudonymous(_) = tbe.client_credential {
        return Err(OpenError::Pseudonymous);
    }
    Ok(OpenedLink {
        tbe,
        tbs: credential.tbs.clone(),
    })
}

/// Whose a pseudonymous credential is, as it says itself.
#[must_use = "a link proves nothing until it is verified"]
pub struct OpenedLink {
    tbe: IdentityLinkTbe,
    tbs: PseudonymousCredentialTbs,
}

impl OpenedLink {
    /// The credential that the link claims, for looking up its signature key and for
    /// nothing else.
    #[must_use]
    pub fn claimed(&self) -> &Credential {
        &self.tbe.client_credential
    }

    /// The client's real credential, once its key has verified that it owns the
    /// pseudonymous one.
    ///
    /// `public_key` is the one that belongs to [`claimed`](Self::claimed) by the
    /// host's own knowledge, never by what a pseudonymous credential says.
    ///
    /// # Errors
    /// When the signature does not verify, or cannot be checked here.
    pub fn verify<C: OpenMlsCrypto>(
        self,
        public_key: &[u8],
        scheme: SignatureScheme,
        crypto: &C,
    ) -> Result<Credential, VerifyError> {
        let content = self.tbs.sign_content();
        let content = content.map_err(|_| VerifyError::Signature)?;
        let signature = &self.tbe.pseudonymous_credential_signature;
        crypto
            .verify_signature(scheme, &content, public_key, signature)
            .map_err(|error| match error {
                CryptoError::UnsupportedSignatureScheme => VerifyError::Unsupported(scheme),
                _ => VerifyError::Signature,
            })?;
        Ok(self.tbe.client_credential)
    }
}

/// Shows the pseudonyms, not who is behind them.
impl std::fmt::Debug for OpenedLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenedLink")
            .field("tbs", &self.tbs)
            .finish_non_exhaustive()
    }
}

/// Why there is no pseudonymous credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The user pseudonym is a URI of something else.
    #[error("{0} is not mimi://domain/p/pseudonym")]
    UserPseudonym(MimiUri),
    /// The real credential is itself pseudonymous: a link has to end at a client.
    #[error("a pseudonymous credential is no client's real one")]
    Pseudonymous,
    /// The room's key is that of the real credential, which would give it away.
    #[error("the signature key is that of the client's real credential")]
    SameKey,
    /// Nobody would read it.
    #[error("{0} is too long")]
    TooLong(&'static str),
    /// The signer of the real credential fails.
    #[error("the signer of the client's real credential failed")]
    Signer,
    /// The host's generator fails.
    #[error("there is no randomness for a pseudonym")]
    Randomness,
    /// The connection key does not fit the suite, or the suite is not supported.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Why an identity link does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The key cannot be that of a link, or the suite is not supported.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The link is longer than any that decodes.
    #[error("the identity link has {len} octets, more than {MAX_IDENTITY_LINK_LEN}")]
    TooLong {
        /// How many.
        len: usize,
    },
    /// The key is of another link, or the link was made for another credential or
    /// altered.
    #[error("the identity link does not open with this key in this credential")]
    Link,
    /// What is inside is not an `IdentityLinkTBE`.
    #[error("the content of the identity link: {0}")]
    Content(#[from] DecodeError),
    /// What is inside hides somebody else: a link has to end at a client.
    #[error("the identity link leads to another pseudonymous credential")]
    Pseudonymous,
}

/// Why a link proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The client that the link names has not signed this credential.
    #[error("the client that the identity link names has not signed the credential")]
    Signature,
    /// The crypto provider here cannot check signatures of this scheme.
    #[error("signatures of {0:?} cannot be checked here")]
    Unsupported(SignatureScheme),
}

fn client_pseudonym<P: CryptoProvider>(
    user_pseudonym: &MimiUri,
    provider: &P,
) -> Result<MimiUri, SealError> {
    let other = || SealError::UserPseudonym(user_pseudonym.clone());
    if !matches!(user_pseudonym.kind(), UriKind::Pseudonym(_)) {
        return Err(other());
    }
    let client = uuid(provider.rand()).map_err(|_| SealError::Randomness)?;
    MimiUri::new_client(user_pseudonym.domain(), None, &client).map_err(|_| other())
}

/// Signs as the real client, with a key that must not be the room's.
fn sign<C: OpenMlsCrypto>(
    sealing: &Sealing<'_>,
    tbs: &PseudonymousCredentialTbs,
    crypto: &C,
) -> Result<Bytes, SealError> {
    let too_long = |_| SealError::TooLong("the signature public key");
    let octets = tbs.to_vec().map_err(too_long)?;
    let signer = sealing.client_signer;
    let signature = sign_with_label(signer, PseudonymousCredentialTbs::LABEL, &octets)
        .map_err(|_| SealError::Signer)?;
    let content = tbs.sign_content().map_err(too_long)?;
    let scheme = signer.signature_scheme();
    let room_key = &tbs.signature_public_key;
    if crypto
        .verify_signature(scheme, &content, room_key, &signature)
        .is_ok()
    {
        return Err(SealError::SameKey);
    }
    Ok(signature.into())
}

fn encrypt<C: OpenMlsCrypto>(
    tbe: &IdentityLinkTbe,
    tbs: &PseudonymousCredentialTbs,
    key: &IdentityLinkKey,
    suite: Ciphersuite,
    crypto: &C,
) -> Result<Vec<u8>, SealError> {
    let too_long = || SealError::TooLong("the client's real credential");
    let plaintext = tbe.to_vec().map_err(|_| too_long())?;
    let aead = suite.aead_algorithm();
    if plaintext.len().saturating_add(aead.tag_size()) > MAX_IDENTITY_LINK_LEN {
        return Err(too_long());
    }
    let aad = tbs.to_vec().map_err(|_| too_long())?;
    let (key, nonce) = key.aead(suite, crypto)?;
    crypto
        .aead_encrypt(aead, &key, &plaintext, &nonce, &aad)
        .map_err(|_| SealError::Key(KeyError::Suite(suite.into())))
}
