//! What a record holds, and its seal.

use std::fmt;

use mimi_content::Timestamp;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};
use sha2::{Digest as _, Sha256};

use super::{CsipId, Digest, KeyId, MappingSet, Salt};
use crate::limits::SEALED_LEN;
use crate::tree::Index;
use crate::{Domain, PublicKey, Signed};

/// An issuer's word that a key is that of a CSI's holder. Signed by the issuer.
///
/// It names the CSI by index and commitment, so that those who only have to see that
/// there is an attestation, witnesses among them, do not learn the CSI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The realm it is for.
    pub realm: Domain,
    /// The issuer.
    pub csip: CsipId,
    /// The key by which the index is made.
    pub key_id: KeyId,
    /// The index of the CSI.
    pub index: Index,
    /// [`Csi::commitment`](crate::Csi::commitment).
    pub csi: Digest,
    /// The holder's key.
    pub holder_key: PublicKey,
    /// The how-manieth holder of the CSI that is, from 1 on.
    pub assignment: u32,
    /// How the issuer knows.
    pub method: Method,
    /// From when it holds.
    pub not_before: Timestamp,
    /// Until when, this point not included: at most
    /// [`MAX_ATTESTATION_MILLIS`](crate::limits::MAX_ATTESTATION_MILLIS) later.
    pub not_after: Timestamp,
}

signable!(Attestation);

codec!(Attestation {
    realm: one,
    csip: one,
    key_id: one,
    index: one,
    csi: one,
    holder_key: one,
    assignment: one,
    method: one,
    not_before: one,
    not_after: one,
});

numbers! {
    /// How an issuer knows that a CSI is someone's. Open: unknown numbers are kept. It
    /// informs; whether an attestation counts does not depend on it.
    Method(u8);
}

impl Method {
    /// It gave the CSI to its holder itself.
    pub const ASSIGNED: Method = Method(1);
    /// The holder repeated a code that was sent to the CSI.
    pub const CODE: Method = Method(2);
    /// Another party vouched for it, as by OpenID Connect, STIR or a certificate.
    pub const VOUCHED: Method = Method(3);
}

/// What is inside a sealed record.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// By which the CSI is committed to in the attestation.
    pub csi_salt: Salt,
    /// That the key is the holder's.
    pub attestation: Signed<Attestation>,
    /// What the holder says.
    pub mappings: Signed<MappingSet>,
}

codec!(Record {
    csi_salt: one,
    attestation: one,
    mappings: one,
});

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Record(..)")
    }
}

/// A record as providers store it: a salt, the encrypted record, the tag. Always
/// [`SEALED_LEN`] octets, without a length in front. [`crate::record`] makes and opens
/// it.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedRecord(pub(crate) Box<[u8; SEALED_LEN]>);

impl SealedRecord {
    /// The octets.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; SEALED_LEN] {
        &self.0
    }

    /// The salt that the record's key was made with.
    #[must_use]
    pub fn salt(&self) -> Salt {
        let mut salt = [0; 16];
        salt.iter_mut()
            .zip(self.0.iter())
            .for_each(|(to, from)| *to = *from);
        Salt(salt)
    }

    /// The hash by which a leaf names it.
    #[must_use]
    pub fn hash(&self) -> Digest {
        Digest(Sha256::digest(self.0.as_slice()).into())
    }
}

impl fmt::Debug for SealedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedRecord(..)")
    }
}

impl Encode for SealedRecord {
    fn encode(&self, w: &mut Writer) {
        w.raw(self.0.as_slice());
    }
}

impl Decode for SealedRecord {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(|octets| SealedRecord(Box::new(octets)))
    }
}
