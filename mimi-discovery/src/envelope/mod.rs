//! Envelopes: a relay carries what it cannot read to a provider that cannot see whom
//! it is from.
//!
//! Oblivious HTTP (RFC 9458). The sender seals a request to the key of the provider's
//! gateway, a [`KeyConfig`] that the realm's manifest names; a relay passes it on; the
//! gateway opens it, and seals the answer to that request and no other.
//!
//! The relay sees lengths. So there are two [kinds](Kind) of envelopes, look-ups and
//! publications, and each has one length on the way there and one on the way back. An
//! envelope of another length is refused before anything is computed.
//!
//! ```text
//! encapsulated request   key id ‖ KEM ‖ KDF ‖ AEAD (7 octets) ‖ enc (32) ‖ sealed (padded request ‖ 16)
//! encapsulated response  nonce (16) ‖ sealed (padded response ‖ 16)
//! ```
//!
//! There is one suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
//!
//! # What is inside
//!
//! RFC 9458 §4.6 binds the labels of its key schedule to binary HTTP (RFC 9292), and
//! the `ohttp` crate knows no others. So what is sealed *is* a binary HTTP message,
//! always the same one but for its content: `POST` to `/lookup` or `/publication`
//! without a field or an authority, and a response 200. Binary HTTP pads with zeros
//! behind the message; so the padding costs no format of our own, and any gateway can
//! take part. Nothing of HTTP is interpreted: what stands before the content is
//! compared, and what stands behind it has to be zeros.
//!
//! ```text
//! fixed octets of the kind ‖ length of the content (4) ‖ content ‖ zeros, one at least
//! ```
//!
//! # Randomness
//!
//! **An exception from the rule that randomness comes in through the caller, and it is
//! `ohttp`'s:** [`seal`] draws the ephemeral key, and [`GatewayKey::open`] the nonce of
//! the response, from the system's generator, and the crate takes no other. Nothing
//! else here is random; the gateway's key comes from a seed.
//!
//! # What it does not do
//!
//! A relay can pass an envelope on twice, and the gateway opens it twice: a look-up
//! gets the same answer again, and publications have sequence numbers. The secrets of
//! one exchange are in `ohttp`'s memory, which it does not erase.
//!
//! ```
//! use mimi_discovery::envelope::{GatewayKey, Kind, seal};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = GatewayKey::from_seed(1, &[7; 32])?;
//! let named_in_the_manifest = gateway.config().clone();
//!
//! let (request, awaited) = seal(Kind::Lookup, b"an index", &named_in_the_manifest)?;
//! let (kind, content, reply) = gateway.open(&request)?;
//! assert_eq!((kind, &content[..]), (Kind::Lookup, &b"an index"[..]));
//! let response = reply.seal(b"a leaf")?;
//! assert_eq!(awaited.open(&response)?, b"a leaf");
//! # Ok(())
//! # }
//! ```

mod config;
mod padding;

pub use config::{KeyConfig, KeyConfigError};
pub use padding::{Kind, PaddingError};

use ohttp::{ClientRequest, ClientResponse, Server, ServerResponse};

use config::{HEADER_LEN, SUITE};

/// What a request has beside the padded message, in octets: header, encapsulated key
/// and the AEAD's tag.
pub const REQUEST_OVERHEAD: usize = HEADER_LEN + 32 + 16;

/// What a response has beside the padded message, in octets: nonce and tag.
pub const RESPONSE_OVERHEAD: usize = 16 + 16;

/// Seals a request to a gateway. The [`Awaited`] opens the answer.
///
/// # Errors
/// When the content is longer than the kind allows, or the gateway's key is one of
/// the few points that no secret can come from.
pub fn seal(
    kind: Kind,
    content: &[u8],
    config: &KeyConfig,
) -> Result<(Vec<u8>, Awaited), SealError> {
    let padded = kind.request().pad(content)?;
    let client = ClientRequest::from_encoded_config(config.as_bytes());
    let client = client.map_err(|_| SealError::Key)?;
    let sealed = client.encapsulate(&padded).map_err(|_| SealError::Key)?;
    let (encapsulated, response) = sealed;
    Ok((encapsulated, Awaited { kind, response }))
}

/// What a sender keeps to open the answer to one request.
pub struct Awaited {
    kind: Kind,
    response: ClientResponse,
}

impl Awaited {
    /// Opens the answer.
    ///
    /// # Errors
    /// When it has another length, is not the gateway's answer to this request, or
    /// was not padded as it has to be.
    pub fn open(self, encapsulated: &[u8]) -> Result<Vec<u8>, OpenError> {
        let form = self.kind.response();
        let found = encapsulated.len();
        if found != form.len().saturating_add(RESPONSE_OVERHEAD) {
            return Err(OpenError::Length { found });
        }
        let padded = self.response.decapsulate(encapsulated);
        let padded = padded.map_err(|_| OpenError::Altered)?;
        Ok(form.unpad(&padded)?.to_vec())
    }
}

impl std::fmt::Debug for Awaited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Awaited")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The secret key of a provider's gateway. Not shown.
pub struct GatewayKey {
    server: Server,
    config: KeyConfig,
}

impl GatewayKey {
    /// The key of a seed, `DeriveKeyPair` of RFC 9180 §7.1.3: 32 octets that nobody can
    /// guess and that the host keeps. The caller erases its copy.
    ///
    /// # Errors
    /// When `ohttp` does not take the suite; the one used here it takes.
    pub fn from_seed(key_id: u8, seed: &[u8; 32]) -> Result<Self, SealError> {
        let (kem, symmetric) = SUITE;
        let config = ohttp::KeyConfig::derive(key_id, kem, vec![symmetric], seed);
        let config = config.map_err(|_| SealError::Key)?;
        let octets = config.encode().map_err(|_| SealError::Key)?;
        Ok(GatewayKey {
            server: Server::new(config).map_err(|_| SealError::Key)?,
            config: KeyConfig::from_bytes(&octets).map_err(|_| SealError::Key)?,
        })
    }

    /// What the manifest names.
    #[must_use]
    pub fn config(&self) -> &KeyConfig {
        &self.config
    }

    /// Opens a request: its kind, its content, and what seals the answer.
    ///
    /// # Errors
    /// When it has the length of no kind, is sealed to another key or suite, was
    /// altered, or was not padded as it has to be.
    pub fn open(&self, encapsulated: &[u8]) -> Result<(Kind, Vec<u8>, Reply), OpenError> {
        let found = encapsulated.len();
        let kind = Kind::ALL.into_iter().find(|kind| {
            let padded = kind.request().len();
            found == padded.saturating_add(REQUEST_OVERHEAD)
        });
        let kind = kind.ok_or(OpenError::Length { found })?;
        let header = encapsulated.get(..HEADER_LEN).unwrap_or_default();
        let [key_id, suite @ ..] = self.config.header();
        match header.split_first() {
            Some((&other, _)) if other != key_id => {
                return Err(OpenError::KeyId { key_id: other });
            }
            Some((_, other)) if other == suite => {}
            _ => return Err(OpenError::Suite),
        }
        let opened = self.server.decapsulate(encapsulated);
        let (padded, response) = opened.map_err(|_| OpenError::Altered)?;
        let content = kind.request().unpad(&padded)?.to_vec();
        Ok((kind, content, Reply { kind, response }))
    }
}

impl std::fmt::Debug for GatewayKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GatewayKey")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// What seals the answer to one request.
pub struct Reply {
    kind: Kind,
    response: ServerResponse,
}

impl Reply {
    /// Seals the answer.
    ///
    /// # Errors
    /// When the content is longer than the kind allows.
    pub fn seal(self, content: &[u8]) -> Result<Vec<u8>, SealError> {
        let padded = self.kind.response().pad(content)?;
        let sealed = self.response.encapsulate(&padded);
        sealed.map_err(|_| SealError::Key)
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Why something is not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The content is too long for an envelope of its kind.
    #[error(transparent)]
    Padding(#[from] PaddingError),
    /// No secret comes from the gateway's key (RFC 9180 §7.1.4).
    #[error("nothing can be sealed with this key (RFC 9180 §7.1.4)")]
    Key,
}

/// Why an envelope is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No envelope here has this length.
    #[error("an envelope of {found} octets has no kind, or another than its request")]
    Length {
        /// How many octets came.
        found: usize,
    },
    /// It is sealed to a key with another number (RFC 9458 §4.3).
    #[error("the envelope is for key {key_id} (RFC 9458 §4.3)")]
    KeyId {
        /// The number that it names.
        key_id: u8,
    },
    /// It names other algorithms than the key configuration (RFC 9458 §4.3).
    #[error("the envelope names algorithms that this key does not have (RFC 9458 §4.3)")]
    Suite,
    /// It was altered, sealed to another key, or answers another request.
    #[error("the envelope does not open: altered, of another key or to another request")]
    Altered,
    /// What is inside does not have the form of its kind.
    #[error(transparent)]
    Padding(#[from] PaddingError),
}
