//! What a host lends to each step.

use mimi_content::{MimiUri, Timestamp, UriKind};
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::random::OpenMlsRand;

use super::pseudonym;

/// The host's cryptography and randomness.
///
/// Every OpenMLS provider is one; its storage is not used.
pub trait CryptoProvider {
    /// Hashes, signatures, HPKE.
    type Crypto: OpenMlsCrypto;
    /// Randomness.
    type Rand: OpenMlsRand;

    /// Hashes, signatures, HPKE.
    fn crypto(&self) -> &Self::Crypto;

    /// Randomness.
    fn rand(&self) -> &Self::Rand;
}

impl<T: OpenMlsProvider> CryptoProvider for T {
    type Crypto = T::CryptoProvider;
    type Rand = T::RandProvider;

    fn crypto(&self) -> &Self::Crypto {
        OpenMlsProvider::crypto(self)
    }

    fn rand(&self) -> &Self::Rand {
        OpenMlsProvider::rand(self)
    }
}

/// Everything that a step may consult beside its own state.
pub struct Env<'a, P, K> {
    /// The time at which the step happens.
    pub now: Timestamp,
    /// Cryptography and randomness.
    pub provider: &'a P,
    /// Whom a credential names.
    pub identity: &'a dyn Identity,
    /// The engine's secret keys.
    pub keys: &'a K,
}

impl<P, K> Clone for Env<'_, P, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, K> Copy for Env<'_, P, K> {}

impl<P, K> std::fmt::Debug for Env<'_, P, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Env")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// The host's identity check: which user and client a credential names.
///
/// This is where a host verifies certificates or looks accounts up. The verdict
/// is journalled, so a replay does not ask again.
pub trait Identity {
    /// Checks a credential and the key presented with it. A pseudonymous one names
    /// its pseudonyms ([`Presented::pseudonymous`]); the engines refuse any other
    /// verdict on it, so hub and clients come to the same.
    ///
    /// # Errors
    /// When the credential names nobody whom the host accepts.
    fn identify(&self, presented: &Presented<'_>) -> Result<Identified, IdentityError>;

    /// Which provider an X.509 credential of a franking agent names, such as
    /// `mimi://hub.example`, once its chain was verified (PROTO, "Message
    /// Franking"). Messages of a room whose agent names nobody cannot be reported.
    /// A basic credential names its provider itself, and what is said of it here
    /// does not count.
    fn identify_provider(&self, presented: &Presented<'_>) -> Option<MimiUri> {
        let _ = presented;
        None
    }
}

/// A credential as it stands in a leaf or a request (RFC 9420 §5.3).
#[derive(Debug, Clone, Copy)]
pub struct Presented<'a> {
    /// The number of the credential type; 1 is basic, 2 is X.509, 0xf0a2 is
    /// pseudonymous.
    pub credential_type: u16,
    /// What stands inside of the vector behind the type: the identity of a basic
    /// credential, the list of certificates of an X.509 one, the struct of a
    /// pseudonymous one.
    pub content: &'a [u8],
    /// The signature public key that it vouches for.
    pub signature_key: &'a [u8],
}

/// What a host finds in a credential: whom it names, and what else a room's
/// policy asks about it.
///
/// More may be asked in a later release, so it is made by
/// [`Identified::new`] and the methods behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identified {
    /// The user, as the participant list has it.
    pub user: MimiUri,
    /// The client.
    pub client: MimiUri,
    /// From when until when the credential is valid, such as what stands in the
    /// end-entity certificate of an X.509 one; `None` if it has no such bounds.
    /// A room may admit none that is valid for too long (POLICY, "Operational
    /// policy component"). Hub and clients have to read it out of the credential
    /// in the same way: a client that finds bounds where the hub finds none stops at
    /// what the hub accepted.
    pub validity: Option<Validity>,
}

impl Identified {
    /// A client of a user, by a credential without bounds in time.
    #[must_use]
    pub const fn new(user: MimiUri, client: MimiUri) -> Self {
        Identified {
            user,
            client,
            validity: None,
        }
    }

    /// The same by a credential with these bounds.
    #[must_use]
    pub fn valid(self, validity: Validity) -> Self {
        Identified {
            validity: Some(validity),
            ..self
        }
    }
}

/// From when until when a credential is valid; both are inclusive.
///
/// Whether it is valid *now* is for the [`Identity`] to find out; an engine looks
/// only at how long that lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Seconds since the Unix epoch.
    pub not_before: u64,
    /// Seconds since the Unix epoch.
    pub not_after: u64,
}

/// Why a credential is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the credential names no client of a user: {0}")]
pub struct IdentityError(pub String);

/// Reads basic credentials whose identity is a client URI that names its user,
/// `mimi://domain/d/user/client`, and pseudonymous ones whose user pseudonym is
/// `mimi://domain/p/pseudonym` and whose client pseudonym is that as well or
/// `mimi://domain/d/pseudonym`. They have no bounds in time.
///
/// It believes what the credential says: whoever signs the leaf chose the
/// identity. Use it where providers vouch for their clients' credentials before
/// they hand out key packages, and in tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct BasicIdentity;

impl BasicIdentity {
    /// The number of the basic credential type (RFC 9420 §17.5).
    const BASIC: u16 = 1;
}

impl Identity for BasicIdentity {
    fn identify(&self, presented: &Presented<'_>) -> Result<Identified, IdentityError> {
        if let Some(credential) = presented.pseudonymous()? {
            return pseudonym::named(credential);
        }
        if presented.credential_type != Self::BASIC {
            return Err(IdentityError(format!(
                "credential type {} is neither basic nor pseudonymous",
                presented.credential_type
            )));
        }
        let client = std::str::from_utf8(presented.content)
            .map_err(|e| IdentityError(e.to_string()))
            .and_then(|text| MimiUri::parse(text).map_err(|e| IdentityError(e.to_string())))?;
        match (client.kind(), client.user()) {
            (UriKind::Client { .. }, Some(user)) => Ok(Identified::new(user, client)),
            _ => Err(IdentityError(format!(
                "{client} is not mimi://domain/d/user/client"
            ))),
        }
    }
}
