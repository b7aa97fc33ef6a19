//! The key configuration of a gateway.

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use ohttp::SymmetricSuite;
use ohttp::hpke::{Aead, Kdf, Kem};

/// The one suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM.
pub(super) const SUITE: (Kem, SymmetricSuite) = (
    Kem::X25519Sha256,
    SymmetricSuite::new(Kdf::HkdfSha256, Aead::Aes128Gcm),
);
const KEM: [u8; 2] = [0x00, 0x20];
const SYMMETRIC: [u8; 4] = [0x00, 0x01, 0x00, 0x01];

/// Octets in front of a request: key ID, KEM, KDF and AEAD.
pub(super) const HEADER_LEN: usize = 7;

/// The public key of a gateway and its suite, a key configuration of RFC 9458 §3.1 with
/// one symmetric suite: 41 octets.
///
/// ```text
/// uint8 key_id; uint16 kem = 0x0020; opaque public_key[32];
/// uint16 length = 4; uint16 kdf = 0x0001; uint16 aead = 0x0001;
/// ```
///
/// Senders take it from the signed manifest and from nowhere else: a configuration of
/// one's own for each sender would tell the senders apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyConfig([u8; KeyConfig::LEN]);

impl KeyConfig {
    /// How many octets it has.
    pub const LEN: usize = 41;

    /// Reads the encoding.
    ///
    /// # Errors
    /// When it has another length or names another suite.
    pub fn from_bytes(octets: &[u8]) -> Result<Self, KeyConfigError> {
        let found = octets.len();
        let octets = <[u8; Self::LEN]>::try_from(octets);
        let octets = octets.map_err(|_| KeyConfigError::Length { found })?;
        let [_, kem0, kem1, key_and_suites @ ..] = octets;
        let suites = key_and_suites.get(32..).unwrap_or_default();
        if [kem0, kem1] != KEM {
            return Err(KeyConfigError::Kem);
        }
        if suites != [&[0, 4][..], &SYMMETRIC].concat() {
            return Err(KeyConfigError::Suite);
        }
        Ok(KeyConfig(octets))
    }

    /// The encoding.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// Its number.
    #[must_use]
    pub fn key_id(&self) -> u8 {
        let [key_id, ..] = self.0;
        key_id
    }

    /// What a request to this key begins with.
    pub(super) fn header(&self) -> [u8; HEADER_LEN] {
        let ([kem0, kem1], [a, b, c, d]) = (KEM, SYMMETRIC);
        [self.key_id(), kem0, kem1, a, b, c, d]
    }
}

impl Encode for KeyConfig {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
}

impl Decode for KeyConfig {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        KeyConfig::from_bytes(r.take(Self::LEN)?).map_err(|_| {
            let rule = "a key configuration has another suite than the one in use";
            r.error_at(start, Rule::Structure(rule))
        })
    }
}

/// Why octets are no key configuration of a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyConfigError {
    /// It is too short, too long, or has more than one symmetric suite.
    #[error("{found} octets are no key configuration of {}", KeyConfig::LEN)]
    Length {
        /// How many there are.
        found: usize,
    },
    /// The key is not of X25519.
    #[error("the KEM is not DHKEM(X25519, HKDF-SHA256)")]
    Kem,
    /// The symmetric suite is another.
    #[error("the symmetric suite is not HKDF-SHA256 with AES-128-GCM")]
    Suite,
}
