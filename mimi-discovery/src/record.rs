//! Sealing records.
//!
//! A provider stores what it cannot read. The key of a record comes, like the index,
//! from the pseudorandom function of the CSI, and from a salt that is fresh for each
//! record. Whoever can make the index of a CSI can read its record, and nobody else.
//!
//! Sealed records are all of one size. Each is the salt, then AES-256-GCM over the
//! record with zeros behind it, bound to the index. The nonce is zero: a key encrypts
//! one record, since its salt is fresh. **A salt that is used for two records of one CSI
//! gives both away**, so take it from a random number generator for each publication.

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{AeadInOut, KeyInit, Nonce};
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader};
use zeroize::Zeroizing;

use crate::limits::{RECORD_LEN, SEALED_LEN};
use crate::tree::Index;
use crate::wire::{MappingError, Record, Salt, SealedRecord};

/// The key of one record, with the salt that it was made with. Erased when dropped;
/// `Debug` shows nothing.
#[derive(Clone)]
pub struct RecordKey {
    key: Zeroizing<[u8; 32]>,
    salt: Salt,
}

impl RecordKey {
    /// The key that the index function gives for a CSI and `salt`.
    #[must_use]
    pub fn new(salt: Salt, key: [u8; 32]) -> Self {
        let key = Zeroizing::new(key);
        RecordKey { key, salt }
    }

    /// The salt.
    #[must_use]
    pub fn salt(&self) -> Salt {
        self.salt
    }
}

impl std::fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecordKey(..)")
    }
}

/// Seals `record` for `index`.
///
/// # Errors
/// When its parts do not belong together or to `index`, or when it does not fit.
pub fn seal(record: &Record, index: &Index, key: &RecordKey) -> Result<SealedRecord, SealError> {
    record.mappings.content.check()?;
    check_agreement(record, index)?;
    let encoded = Zeroizing::new(record.to_vec()?);
    let len = encoded.len();
    if len > RECORD_LEN {
        return Err(SealError::TooLarge { len });
    }
    // Room for the tag as well: growing would leave a copy of the text behind.
    let mut padded = Zeroizing::new(Vec::with_capacity(SEALED_LEN));
    padded.extend_from_slice(&encoded);
    padded.resize(RECORD_LEN, 0);

    aead(key)
        .and_then(|aead| aead.encrypt_in_place(&nonce(), &index.0, &mut *padded).ok())
        .ok_or(SealError::Encryption)?;
    let mut sealed = Box::new([0; SEALED_LEN]);
    let octets = key.salt.0.iter().chain(padded.iter());
    sealed
        .iter_mut()
        .zip(octets)
        .for_each(|(to, from)| *to = *from);
    Ok(SealedRecord(sealed))
}

/// Opens what [`seal`] made. The signatures inside are not checked by this.
///
/// # Errors
/// With what is wrong with it. All but the first two are the holder's doing, not the
/// provider's.
pub fn open(sealed: &SealedRecord, index: &Index, key: &RecordKey) -> Result<Record, RecordError> {
    if sealed.salt() != key.salt {
        return Err(RecordError::OtherSalt);
    }
    let ciphertext = sealed.as_bytes().get(16..).unwrap_or_default();
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    aead(key)
        .and_then(|aead| aead.decrypt_in_place(&nonce(), &index.0, &mut *buffer).ok())
        .ok_or(RecordError::NotAuthentic)?;
    let mut r = Reader::new(&buffer);
    let record = Record::decode(&mut r)?;
    let padding = r.take(r.remaining())?;
    if padding.iter().any(|octet| *octet != 0) {
        return Err(RecordError::Padding);
    }
    check_agreement(&record, index)?;
    Ok(record)
}

/// Why a record cannot be sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// It does not fit. Fewer providers, or commitments in the place of long URIs, help.
    #[error("the record has {len} octets, and {RECORD_LEN} fit")]
    TooLarge {
        /// How many it has.
        len: usize,
    },
    /// The mapping set breaks a rule.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// Its parts are not of one piece.
    #[error(transparent)]
    Disagreement(#[from] Disagreement),
    /// It cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The cipher refused.
    #[error("the record could not be encrypted")]
    Encryption,
}

/// Why a sealed record does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The key was made with another salt.
    #[error("the key is that of another salt")]
    OtherSalt,
    /// It was altered, sealed for another index, or the key is another CSI's.
    #[error("the sealed record is not authentic for this index and key")]
    NotAuthentic,
    /// What is inside is no record.
    #[error("what was sealed is no record: {0}")]
    Decode(#[from] DecodeError),
    /// Something stands where zeros should.
    #[error("behind the record stands something else than zeros")]
    Padding,
    /// Its parts are not of one piece.
    #[error(transparent)]
    Disagreement(#[from] Disagreement),
}

/// How attestation and mapping set of one record do not belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Disagreement {
    /// Of other realms.
    #[error("attestation and mapping set are of two realms")]
    Realm,
    /// One or both for another index.
    #[error("attestation or mapping set is for another index")]
    Index,
    /// Of other holders.
    #[error("attestation and mapping set are of two assignments")]
    Assignment,
}

fn check_agreement(record: &Record, index: &Index) -> Result<(), Disagreement> {
    let (attestation, mappings) = (&record.attestation.content, &record.mappings.content);
    if attestation.realm != mappings.realm {
        return Err(Disagreement::Realm);
    }
    if attestation.index != *index || mappings.index != *index {
        return Err(Disagreement::Index);
    }
    if attestation.assignment != mappings.assignment {
        return Err(Disagreement::Assignment);
    }
    Ok(())
}

fn aead(key: &RecordKey) -> Option<Aes256Gcm> {
    Aes256Gcm::new_from_slice(key.key.as_slice()).ok()
}

fn nonce() -> Nonce<Aes256Gcm> {
    Nonce::<Aes256Gcm>::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::MAX_ATTESTATION_MILLIS;
    use crate::wire::{Attestation, CsipId, Digest, KeyId, MappingSet, Method};
    use crate::{Domain, PublicKey, Signed, SigningKey};
    use mimi_content::Timestamp;

    const INDEX: Index = Index([1; 32]);

    fn key() -> RecordKey {
        RecordKey::new(Salt([2; 16]), [3; 32])
    }

    /// What a holder can seal who does not use [`seal`].
    fn sealed(mut plain: Vec<u8>) -> SealedRecord {
        plain.resize(RECORD_LEN, 0);
        let aead = aead(&key()).unwrap();
        aead.encrypt_in_place(&nonce(), &INDEX.0, &mut plain)
            .unwrap();
        let octets = [&key().salt.0[..], &plain].concat();
        SealedRecord::from_slice(&octets).unwrap()
    }

    fn record(index: Index) -> Vec<u8> {
        let realm = Domain::parse("phone.example").unwrap();
        let holder = SigningKey::from_bytes(&[5; 32]);
        let not_before = Timestamp::from_millis(0);
        let not_after = Timestamp::from_millis(MAX_ATTESTATION_MILLIS);
        let attestation = Attestation {
            realm: realm.clone(),
            csip: CsipId(1),
            key_id: KeyId(1),
            index,
            csi: Digest::NONE,
            holder_key: PublicKey::of(&holder),
            assignment: 1,
            method: Method::CODE,
            not_before,
            not_after,
        };
        let mappings = MappingSet {
            realm,
            index,
            assignment: 1,
            seq: 1,
            not_before,
            not_after,
            published_at: vec![],
            mappings: vec![],
        };
        let record = Record {
            csi_salt: Salt([4; 16]),
            attestation: Signed::sign(attestation, &holder).unwrap(),
            mappings: Signed::sign(mappings, &holder).unwrap(),
        };
        record.to_vec().unwrap()
    }

    #[test]
    fn what_a_holder_seals_against_the_rules_is_told_apart() {
        assert!(open(&sealed(record(INDEX)), &INDEX, &key()).is_ok());

        let mut padded = record(INDEX);
        padded.resize(RECORD_LEN - 1, 0);
        padded.push(1);
        let error = open(&sealed(padded), &INDEX, &key());
        assert_eq!(error, Err(RecordError::Padding));

        let noise = open(&sealed(vec![0xff; RECORD_LEN]), &INDEX, &key());
        assert!(matches!(noise, Err(RecordError::Decode(_))), "{noise:?}");

        let elsewhere = open(&sealed(record(Index([9; 32]))), &INDEX, &key());
        assert_eq!(elsewhere, Err(Disagreement::Index.into()));
    }
}
