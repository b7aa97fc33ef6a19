//! Clients whose identifiers providers do not see: credentials that name
//! pseudonyms, and the encrypted link to whose they are (PSEUD, "Pseudonymity
//! through credential encryption"; PROTO, "Credential encryption").
//!
//! In each room a client has another
//! [`PseudonymousCredential`](crate::wire::mls::PseudonymousCredential), with a signature
//! key of its own. The hub sees the pseudonyms and which of them are of one user.
//! Who has the link's key sees the real credential, too: a [`ConnectionKey`] opens
//! the links of one client in all rooms, and is for users who are connected; an
//! [`IdentityLinkKey`] opens one link, and is for the other members of a room.
//!
//! ```
//! use bytes::Bytes;
//! use mimi_protocol::pseudonym::{ConnectionKey, Sealing, new_user_pseudonym, open, seal};
//! use mimi_protocol::wire::mls::Credential;
//! use openmls_basic_credential::SignatureKeyPair;
//! use openmls_rust_crypto::OpenMlsRustCrypto;
//! use openmls_traits::OpenMlsProvider;
//! use openmls_traits::types::Ciphersuite;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let provider = OpenMlsRustCrypto::default();
//! let suite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
//!
//! // Alice's phone has a credential with a key, and a connection key that her
//! // friends were given.
//! let real = Credential::Basic(Bytes::from_static(b"mimi://a.example/d/alice/phone"));
//! let real_key = SignatureKeyPair::new(suite.signature_algorithm())?;
//! let connection_key = ConnectionKey::generate(suite, provider.rand())?;
//!
//! // For a new room her clients agree on a pseudonym, and each makes a key.
//! let user = new_user_pseudonym("a.example", provider.rand())?;
//! let room_key = SignatureKeyPair::new(suite.signature_algorithm())?;
//! let hidden = seal(
//!     &Sealing {
//!         user_pseudonym: &user,
//!         signature_public_key: room_key.public(),
//!         client_credential: &real,
//!         client_signer: &real_key,
//!         suite,
//!     },
//!     &connection_key,
//!     &provider,
//! )?;
//!
//! // Whoever is in the room with her has the key of this link.
//! let link_key = connection_key.identity_link_key(&hidden.tbs, suite, provider.crypto())?;
//! let link = open(&hidden, &link_key, suite, provider.crypto())?;
//!
//! // What the link claims is worth nothing until the key that the host knows for
//! // that credential has verified it.
//! assert_eq!(link.claimed(), &real);
//! let known = real_key.public();
//! let whose = link.verify(known, suite.signature_algorithm(), provider.crypto())?;
//! assert_eq!(whose, real);
//! # Ok(())
//! # }
//! ```
//!
//! A host sees the credential of each leaf when an engine asks its
//! [`Identity`](crate::engine::Identity), and there can open the link; the verdict
//! stays with the pseudonyms.
//!
//! # What is up to the host
//!
//! - Which signature key the real credential has: its certificate says, or its
//!   provider.
//! - That the user pseudonym is that of one user. A hub cannot know; a member that
//!   has opened all links of a room can compare, and so notice a stranger that has
//!   entered under Alice's pseudonym.
//! - That pseudonyms and signature keys are used in one room only. The client's
//!   pseudonym is made here, anew each time; the user's pseudonym and the key come
//!   from the caller.
//! - That the network does not tell what the credential hides.
//!
//! How keys get to the members of a room and how users connect is not here.

mod keys;
mod link;

use mimi_content::{MimiUri, UriError};
use openmls_traits::random::OpenMlsRand;

pub use keys::{ConnectionKey, IdentityLinkKey, KeyError};
pub use link::{OpenError, OpenedLink, SealError, Sealing, VerifyError, open, seal};

/// A user pseudonym for a room that nobody knows yet: `mimi://domain/p/` and a
/// random UUID. All clients of the user have to share it.
///
/// # Errors
/// When `domain` is not a host name, or the host's generator fails.
pub fn new_user_pseudonym<R: OpenMlsRand>(
    domain: &str,
    rand: &R,
) -> Result<MimiUri, PseudonymError> {
    let uuid = uuid(rand).map_err(|_| PseudonymError::Randomness)?;
    Ok(MimiUri::new_pseudonym(domain, &uuid)?)
}

/// Why there is no new pseudonym.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PseudonymError {
    /// The domain is none.
    #[error("the domain of a pseudonym: {0}")]
    Domain(#[from] UriError),
    /// The host's generator fails.
    #[error("there is no randomness for a pseudonym")]
    Randomness,
}

/// A random UUID (RFC 9562 §5.4) in its text form.
fn uuid<R: OpenMlsRand>(rand: &R) -> Result<String, R::Error> {
    const FIXED: u128 = 0xf << 76 | 0x3 << 62;
    const VERSION_4: u128 = 0x4 << 76 | 0x2 << 62;
    let random = u128::from_be_bytes(rand.random_array()?);
    let version_4 = (random & !FIXED) | VERSION_4;
    let hex = format!("{version_4:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    let parts = parts.map(|part| hex.get(part).unwrap_or_default());
    Ok(parts.join("-"))
}
