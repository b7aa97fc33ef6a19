//! The algorithms that the numbers in a part stand for.

use aes_gcm::aead::{AeadInOut, KeyInit, Nonce};
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// An authenticated encryption that this crate knows, of the IANA registry of
/// AEAD algorithms (RFC 5116).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aead {
    /// AES-GCM with keys of 16 octets, number 1. Every receiver has it (CONTENT,
    /// "External content").
    Aes128Gcm,
    /// AES-GCM with keys of 32 octets, number 2. Receivers need not have it.
    Aes256Gcm,
}

/// Octets of the nonce of each of them.
pub(super) const NONCE_LEN: usize = 12;

impl Aead {
    pub(super) const fn from_id(id: u16) -> Option<Self> {
        match id {
            1 => Some(Aead::Aes128Gcm),
            2 => Some(Aead::Aes256Gcm),
            _ => None,
        }
    }

    pub(super) const fn id(self) -> u16 {
        match self {
            Aead::Aes128Gcm => 1,
            Aead::Aes256Gcm => 2,
        }
    }

    pub(super) const fn key_len(self) -> usize {
        match self {
            Aead::Aes128Gcm => 16,
            Aead::Aes256Gcm => 32,
        }
    }

    /// Puts ciphertext and tag in the place of the plaintext; nothing if it is
    /// too long.
    pub(super) fn encrypt(self, key: &[u8], nonce: &[u8], buffer: &mut Vec<u8>) -> Option<()> {
        match self {
            Aead::Aes128Gcm => encrypt::<Aes128Gcm>(key, nonce, buffer),
            Aead::Aes256Gcm => encrypt::<Aes256Gcm>(key, nonce, buffer),
        }
    }

    /// Puts the plaintext in the place of ciphertext and tag; nothing if they
    /// are not authentic.
    pub(super) fn decrypt(
        self,
        key: &[u8],
        nonce: &[u8],
        aad: &[u8],
        buffer: &mut Vec<u8>,
    ) -> Option<()> {
        match self {
            Aead::Aes128Gcm => decrypt::<Aes128Gcm>(key, nonce, aad, buffer),
            Aead::Aes256Gcm => decrypt::<Aes256Gcm>(key, nonce, aad, buffer),
        }
    }
}

fn encrypt<A: KeyInit + AeadInOut>(key: &[u8], nonce: &[u8], buffer: &mut Vec<u8>) -> Option<()> {
    let aead = A::new_from_slice(key).ok()?;
    let nonce = Nonce::<A>::try_from(nonce).ok()?;
    aead.encrypt_in_place(&nonce, &[], buffer).ok()
}

fn decrypt<A: KeyInit + AeadInOut>(
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    buffer: &mut Vec<u8>,
) -> Option<()> {
    let aead = A::new_from_slice(key).ok()?;
    let nonce = Nonce::<A>::try_from(nonce).ok()?;
    aead.decrypt_in_place(&nonce, aad, buffer).ok()
}

/// A hash that this crate knows, of the IANA registry of named information hash
/// algorithms (RFC 6920). The truncated ones of that registry pin too little.
#[derive(Clone, Copy)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(super) const fn from_id(id: u8) -> Option<Self> {
        match id {
            1 => Some(Hash::Sha256),
            7 => Some(Hash::Sha384),
            8 => Some(Hash::Sha512),
            _ => None,
        }
    }

    pub(super) const fn id(self) -> u8 {
        match self {
            Hash::Sha256 => 1,
            Hash::Sha384 => 7,
            Hash::Sha512 => 8,
        }
    }

    /// Octets of a digest.
    pub(super) const fn len(self) -> usize {
        match self {
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
            Hash::Sha512 => 64,
        }
    }

    pub(super) fn digest(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(octets).to_vec(),
            Hash::Sha384 => Sha384::digest(octets).to_vec(),
            Hash::Sha512 => Sha512::digest(octets).to_vec(),
        }
    }
}
