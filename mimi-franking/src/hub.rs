//! The hub's secret keys and its stamp.

use std::collections::BTreeMap;

use mimi_content::Timestamp;
use mimi_content::tls::{Encode, EncodeError};
use openmls_traits::random::OpenMlsRand;
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::SignatureScheme;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::mac::hmac_sha256;
use crate::tag::FrankingTag;
use crate::wire::{CipherSuite, Frank, FrankingIntegrityTbs, ServerFrankingContext};

/// `hub_key`: the secret with which a hub recognises its own stamps (PROTO, "Hub
/// processing"). Erased when dropped, never shown.
pub struct HubKey(Zeroizing<[u8; 32]>);

impl HubKey {
    /// A key from the host's own store; 32 octets that nobody can guess.
    #[must_use]
    pub fn from_bytes(secret: [u8; 32]) -> Self {
        HubKey(Zeroizing::new(secret))
    }

    /// A fresh key from the host's randomness.
    ///
    /// # Errors
    /// When the host's generator fails.
    pub fn generate<R: OpenMlsRand>(rand: &R) -> Result<Self, R::Error> {
        rand.random_array().map(Self::from_bytes)
    }

    /// The secret itself, for the host to store.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// `server_frank` over a tag and an encoded context.
    fn server_frank(&self, tag: &FrankingTag, context: &[u8]) -> [u8; 32] {
        hmac_sha256(&self.0, &[&tag.0, context])
    }
}

impl std::fmt::Debug for HubKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HubKey(..)")
    }
}

/// The keys of a hub, by the time since which each was in use.
///
/// The newest stamps; the older ones are retired and kept to recognise old
/// stamps, for as long as the hub takes reports about them. There is always
/// one key.
#[derive(Debug)]
pub struct HubKeyRing {
    current: HubKey,
    since: Timestamp,
    retired: BTreeMap<Timestamp, HubKey>,
}

impl HubKeyRing {
    /// A ring of one key, in use since `since`.
    #[must_use]
    pub fn new(current: HubKey, since: Timestamp) -> Self {
        HubKeyRing {
            current,
            since,
            retired: BTreeMap::new(),
        }
    }

    /// A ring from stored keys in any order.
    ///
    /// # Errors
    /// When there is no key, or two share a time.
    pub fn from_keys(
        keys: impl IntoIterator<Item = (Timestamp, HubKey)>,
    ) -> Result<Self, RingError> {
        let mut retired = BTreeMap::new();
        for (since, key) in keys {
            if retired.insert(since, key).is_some() {
                return Err(RingError::NotLater { since });
            }
        }
        let (since, current) = retired.pop_last().ok_or(RingError::Empty)?;
        Ok(HubKeyRing {
            current,
            since,
            retired,
        })
    }

    /// Retires the current key and stamps with `key` from now on.
    ///
    /// # Errors
    /// When `since` is not later than the current key's time; the ring is
    /// unchanged then.
    pub fn rotate(&mut self, key: HubKey, since: Timestamp) -> Result<(), RingError> {
        if since <= self.since {
            return Err(RingError::NotLater { since });
        }
        let old = std::mem::replace(&mut self.current, key);
        self.retired.insert(self.since, old);
        self.since = since;
        Ok(())
    }

    /// Erases retired keys whose successor was in use at `time` already: stamps
    /// made before the successor are no longer recognised.
    pub fn forget_before(&mut self, time: Timestamp) {
        // The last key that is not later than `time` was in use at `time`.
        let oldest_kept = if self.since <= time {
            self.since
        } else {
            match self.retired.range(..=time).next_back() {
                Some((since, _)) => *since,
                None => return,
            }
        };
        self.retired = self.retired.split_off(&oldest_kept);
    }

    /// The keys with the time since which each was in use, oldest first and the
    /// current one last.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, &HubKey)> {
        self.retired
            .iter()
            .map(|(since, key)| (*since, key))
            .chain(std::iter::once((self.since, &self.current)))
    }

    /// Stamps an accepted message (PROTO, "Hub processing").
    ///
    /// `tag` comes from the message's Safe AAD. In `context`, `sender_uri` is the
    /// identity that the sender's provider asserted and the hub checked, and
    /// `accepted_timestamp` the one that is fanned out. `ciphersuite` is that of
    /// the room's group; `signer` holds the private key of its franking agent.
    ///
    /// # Errors
    /// When the suite is unknown or has another signature scheme than `signer`,
    /// or signing fails. All are the hub's own to mend; no message causes them.
    pub fn stamp<S: Signer + ?Sized>(
        &self,
        tag: &FrankingTag,
        context: &ServerFrankingContext,
        ciphersuite: CipherSuite,
        signer: &S,
    ) -> Result<Frank, StampError> {
        let scheme = ciphersuite
            .signature_scheme()
            .ok_or(StampError::UnknownCipherSuite(ciphersuite))?;
        if signer.signature_scheme() != scheme {
            return Err(StampError::SchemeMismatch {
                ciphersuite,
                signer: signer.signature_scheme(),
            });
        }
        let tbs = FrankingIntegrityTbs {
            server_frank: self.current.server_frank(tag, &context.to_vec()?),
            ciphersuite,
            context: context.clone(),
        };
        let signature = signer
            .sign(&tbs.sign_content()?)
            .map_err(StampError::Signer)?;
        Ok(Frank {
            server_frank: tbs.server_frank,
            ciphersuite,
            integrity_signature: signature.into(),
        })
    }

    /// Whether a key of this ring made `server_frank`.
    ///
    /// The key in use at the context's time comes first, then the others,
    /// because a clock that was set back leaves stamps outside of their key's
    /// time.
    ///
    /// # Errors
    /// When a URI is too long to encode.
    pub fn recognises(
        &self,
        server_frank: &[u8; 32],
        tag: &FrankingTag,
        context: &ServerFrankingContext,
    ) -> Result<bool, EncodeError> {
        let encoded = context.to_vec()?;
        let matches =
            |key: &HubKey| -> Choice { key.server_frank(tag, &encoded).ct_eq(server_frank) };
        let (chosen, expected) = self.at(context.accepted_timestamp);
        if matches(expected).into() {
            return Ok(true);
        }
        Ok(self
            .iter()
            .filter(|(since, _)| *since != chosen)
            .any(|(_, key)| matches(key).into()))
    }

    /// The key in use at `time`, or the current one when none was.
    fn at(&self, time: Timestamp) -> (Timestamp, &HubKey) {
        if self.since <= time {
            return (self.since, &self.current);
        }
        match self.retired.range(..=time).next_back() {
            Some((since, key)) => (*since, key),
            None => (self.since, &self.current),
        }
    }
}

/// Why keys do not make a ring. The host gave them, so the host is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RingError {
    /// There is no key at all.
    #[error("a hub key ring needs a key")]
    Empty,
    /// A key begins at the time of another, or a new one before the current.
    #[error("a hub key begins at {} ms, not later than the one before it", since.as_millis())]
    NotLater {
        /// When the refused key was to begin.
        since: Timestamp,
    },
}

/// Why a message could not be stamped. The hub is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StampError {
    /// No signature scheme is known for the group's cipher suite.
    #[error("cipher suite {0} is unknown (PROTO, \"Message Franking\")")]
    UnknownCipherSuite(CipherSuite),
    /// The agent's key is of another scheme than the group's cipher suite.
    #[error(
        "the signer's scheme {signer:?} is not that of cipher suite {ciphersuite} \
         (PROTO, \"Message Franking\")"
    )]
    SchemeMismatch {
        /// The group's suite.
        ciphersuite: CipherSuite,
        /// The scheme of the signer given.
        signer: SignatureScheme,
    },
    /// The signer failed.
    #[error("signing the frank failed: {0:?}")]
    Signer(SignerError),
    /// A URI is too long to encode.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}
