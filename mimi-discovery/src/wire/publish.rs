//! Publishing, removing, and what providers tell each other of it.

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

use super::codec::unknown;
use super::{
    Attestation, CosignedHead, DpId, HolderChange, KeyId, LeafAuth, Refusal, Salt, SealedRecord,
};
use crate::limits::MAX_CHANGES;
use crate::tree::{Index, LeafHash};
use crate::{Csi, Domain, Signed};

/// A record for a provider to store. It names the CSI, so that the provider can check
/// issuer and index; the provider forgets it then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// The CSI.
    pub csi: Csi,
    /// By which it is committed to in the attestation.
    pub csi_salt: Salt,
    /// That the holder's key is the holder's.
    pub attestation: Signed<Attestation>,
    /// The record.
    pub sealed: SealedRecord,
    /// The leaf.
    pub leaf: Signed<LeafAuth>,
    /// Present when the leaf before is that of another assignment.
    pub change: Option<Signed<HolderChange>>,
}

codec!(Publish {
    csi: one,
    csi_salt: one,
    attestation: one,
    sealed: one,
    leaf: one,
    change: opt,
});

/// The end of a record: a leaf that is a tombstone. It needs no CSI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remove {
    /// The tombstone.
    pub leaf: Signed<LeafAuth>,
}

codec!(Remove { leaf: one });

/// What a provider answers to [`Publish`] and [`Remove`].
///
/// On the wire an octet, 1 with a receipt behind it or 2 with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Published {
    /// It is or will be in the tree.
    Accepted(Signed<Receipt>),
    /// It will not.
    Refused(Refusal),
}

impl Encode for Published {
    fn encode(&self, w: &mut Writer) {
        match self {
            Published::Accepted(receipt) => {
                w.u8(1);
                receipt.encode(w);
            }
            Published::Refused(reason) => {
                w.u8(2);
                reason.encode(w);
            }
        }
    }
}

impl Decode for Published {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Signed::decode(r).map(Published::Accepted),
            2 => Refusal::decode(r).map(Published::Refused),
            other => Err(unknown(r, start, "Published", other)),
        }
    }
}

/// A provider's promise that a leaf stands in its tree from some epoch on, until another
/// replaces it. Signed by the provider. With it a holder can prove that the provider
/// holds the record back; without it, any holder could claim so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The realm it is for.
    pub realm: Domain,
    /// The provider.
    pub dp: DpId,
    /// The tree.
    pub key_id: KeyId,
    /// The index.
    pub index: Index,
    /// The leaf.
    pub leaf: LeafHash,
    /// The first epoch that has it.
    pub epoch: u64,
}

signable!(Receipt);

codec!(Receipt {
    realm: one,
    dp: one,
    key_id: one,
    index: one,
    leaf: one,
    epoch: one,
});

/// A change as witnesses and other providers see it: who authorised it, never whose CSI
/// it is or where they are reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafChange {
    /// The new leaf.
    pub leaf: Signed<LeafAuth>,
    /// That the holder's key is the holder's. There when the leaf is the first at its
    /// index or of its assignment, or the issuer is another than before.
    pub attestation: Option<Signed<Attestation>>,
    /// There when the assignment is another than before.
    pub change: Option<Signed<HolderChange>>,
}

codec!(LeafChange {
    leaf: one,
    attestation: opt,
    change: opt,
});

/// What mirrors, and the providers of a realm, tell each other: the changes between two
/// heads. Records stay sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorUpdate {
    /// The head that the changes lead to.
    pub head: CosignedHead,
    /// The changes, each index once. More than [`MAX_CHANGES`] take several heads.
    pub entries: Vec<MirrorEntry>,
}

codec!(MirrorUpdate {
    head: one,
    entries: many(MAX_CHANGES),
});

/// One of these changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorEntry {
    /// The change.
    pub change: LeafChange,
    /// The record, unless the leaf is a tombstone.
    pub sealed: Option<SealedRecord>,
}

codec!(MirrorEntry {
    change: one,
    sealed: opt,
});
