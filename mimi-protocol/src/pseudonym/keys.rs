//! What opens identity links.

use mimi_content::tls::Encode;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::random::OpenMlsRand;
use openmls_traits::types::Ciphersuite;
use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::labels::expand_with_label;
use crate::wire::mls::PseudonymousCredentialTbs;

/// Opens the identity links of one client in all its rooms; for the users that it
/// is connected with (PSEUD, "Connections"). Erased when dropped, never shown, and
/// compared in constant time.
pub struct ConnectionKey(Secret);

/// Opens one identity link; for the members of a room. Erased when dropped, never
/// shown, and compared in constant time.
pub struct IdentityLinkKey(Secret);

type Secret = Zeroizing<Vec<u8>>;

impl ConnectionKey {
    /// A key from a connection or from the host's own store.
    #[must_use]
    pub fn new(secret: Vec<u8>) -> Self {
        ConnectionKey(Zeroizing::new(secret))
    }

    /// A fresh key, as long as the hash of `suite`. It does for all suites whose hash
    /// is not longer.
    ///
    /// # Errors
    /// When the host's generator fails.
    pub fn generate<R: OpenMlsRand>(suite: Ciphersuite, rand: &R) -> Result<Self, R::Error> {
        rand.random_vec(suite.hash_length()).map(Self::new)
    }

    /// The key of the identity link in the credential with this `tbs`.
    ///
    /// # Errors
    /// When the suite is not supported, this key is too short for it, or the
    /// public key in `tbs` is too long.
    pub fn identity_link_key<C: OpenMlsCrypto>(
        &self,
        tbs: &PseudonymousCredentialTbs,
        suite: Ciphersuite,
        crypto: &C,
    ) -> Result<IdentityLinkKey, KeyError> {
        crypto
            .supports(suite)
            .map_err(|_| KeyError::Suite(suite.into()))?;
        let (len, need) = (self.0.len(), suite.hash_length());
        if len < need {
            return Err(KeyError::Length { len, need });
        }
        let context = tbs.to_vec().map_err(|_| KeyError::TooLong)?;
        expand(&self.0, "IdentityLinkKey", &context, need, suite, crypto).map(IdentityLinkKey)
    }

    /// The secret itself, for the host to store or to give to a connected user.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl IdentityLinkKey {
    /// A key from another member of the room.
    #[must_use]
    pub fn new(secret: Vec<u8>) -> Self {
        IdentityLinkKey(Zeroizing::new(secret))
    }

    /// The secret itself, for the host to store or to give to the room's members.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Key and nonce of the link's AEAD. As a link key is for one link, so is the
    /// nonce.
    pub(super) fn aead<C: OpenMlsCrypto>(
        &self,
        suite: Ciphersuite,
        crypto: &C,
    ) -> Result<(Secret, Secret), KeyError> {
        crypto
            .supports(suite)
            .map_err(|_| KeyError::Suite(suite.into()))?;
        let (len, need) = (self.0.len(), suite.hash_length());
        if len != need {
            return Err(KeyError::Length { len, need });
        }
        let derive = |label, len| expand(&self.0, label, &[], len, suite, crypto);
        let key = derive("key", suite.aead_key_length())?;
        Ok((key, derive("nonce", suite.aead_nonce_length())?))
    }
}

/// Why a key cannot be used, or none derived from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The crypto provider lacks the cipher suite.
    #[error("cipher suite {0:#06x} is not supported here")]
    Suite(u16),
    /// A connection key is shorter than the suite's hash, or a link key has not
    /// exactly that length.
    #[error("the key has {len} octets, where the suite's hash has {need}")]
    Length {
        /// How long the key is.
        len: usize,
        /// How long the output of the hash is.
        need: usize,
    },
    /// What the key is for has no encoding.
    #[error("the signature public key is too long")]
    TooLong,
}

fn expand<C: OpenMlsCrypto>(
    secret: &[u8],
    label: &str,
    context: &[u8],
    len: usize,
    suite: Ciphersuite,
    crypto: &C,
) -> Result<Secret, KeyError> {
    // The lengths are those of the suite, so what is left to fail is the suite.
    let len = u16::try_from(len).map_err(|_| KeyError::Suite(suite.into()))?;
    expand_with_label(crypto, suite, secret, label, context, len)
        .map_err(|_| KeyError::Suite(suite.into()))
}

macro_rules! secret {
    ($($name:ident)*) => {$(
        impl ZeroizeOnDrop for $name {}

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.ct_eq(&other.0).into()
            }
        }

        impl Eq for $name {}
    )*};
}

secret!(ConnectionKey IdentityLinkKey);
