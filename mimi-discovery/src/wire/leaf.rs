//! What stands in the tree: that a record was changed by someone who may.

use mimi_content::Timestamp;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Writer};

use super::codec::unknown;
use super::{CsipId, Digest, KeyId};
use crate::tree::{Index, LeafHash};
use crate::{Domain, PublicKey, Signed};

/// The leaf at an index, which says that a change of the record was authorised, and of
/// the record itself no more than its hash. Signed by whom `by` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafAuth {
    /// The realm it is for.
    pub realm: Domain,
    /// The key by which the index is made, and so the tree.
    pub key_id: KeyId,
    /// Where it stands.
    pub index: Index,
    /// The how-manieth holder of the CSI this is, from 1 on.
    pub assignment: u32,
    /// The [`seq`](super::MappingSet::seq) of the record. A tombstone's is one more than
    /// that of what it ends.
    pub seq: u64,
    /// Whether there is a record.
    pub state: LeafState,
    /// The issuer that attested the holder's key.
    pub csip: CsipId,
    /// The holder's key.
    pub holder_key: PublicKey,
    /// What stood here before: [`leaf_hash`] of it. So a signature is for one change, and
    /// none can be played again.
    pub previous: Option<LeafHash>,
    /// Whose signature follows.
    pub by: LeafBy,
}

signable!(LeafAuth, HolderChange, Contest);

codec!(LeafAuth {
    realm: one,
    key_id: one,
    index: one,
    assignment: one,
    seq: one,
    state: one,
    csip: one,
    holder_key: one,
    previous: opt,
    by: one,
} where LeafAuth::check);

impl LeafAuth {
    fn check(&self) -> Result<(), &'static str> {
        let live = matches!(self.state, LeafState::Live(_));
        if live && self.by == LeafBy::Csip {
            return Err("an issuer signs a leaf that is no tombstone");
        }
        Ok(())
    }
}

/// What the tree has for a leaf: SHA-256 over the encoding, signature included.
///
/// # Errors
/// When a vector inside is too long to be encoded.
pub fn leaf_hash(leaf: &Signed<LeafAuth>) -> Result<LeafHash, EncodeError> {
    Digest::of(leaf).map(|digest| LeafHash(digest.0))
}

/// Whether there is a record at an index.
///
/// On the wire an octet, 1 with the hash behind it or 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafState {
    /// There is one, with this [hash](super::SealedRecord::hash).
    Live(Digest),
    /// There was one.
    Tombstone,
}

impl Encode for LeafState {
    fn encode(&self, w: &mut Writer) {
        match self {
            LeafState::Live(sealed) => {
                w.u8(1);
                sealed.encode(w);
            }
            LeafState::Tombstone => w.u8(2),
        }
    }
}

impl Decode for LeafState {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Digest::decode(r).map(LeafState::Live),
            2 => Ok(LeafState::Tombstone),
            other => Err(unknown(r, start, "LeafState", other)),
        }
    }
}

/// Who signs a leaf: the holder, or for a tombstone the issuer that attested the holder.
/// An octet, 1 or 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafBy {
    /// With [`LeafAuth::holder_key`].
    Holder,
    /// With the key of [`LeafAuth::csip`].
    Csip,
}

impl Encode for LeafBy {
    fn encode(&self, w: &mut Writer) {
        w.u8(match self {
            LeafBy::Holder => 1,
            LeafBy::Csip => 2,
        });
    }
}

impl Decode for LeafBy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Ok(LeafBy::Holder),
            2 => Ok(LeafBy::Csip),
            other => Err(unknown(r, start, "LeafBy", other)),
        }
    }
}

/// That a CSI has another holder, or its holder another key. Signed by whom `basis`
/// names. It is good for the change of one leaf, `previous`, to one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderChange {
    /// The realm it is for.
    pub realm: Domain,
    /// The tree.
    pub key_id: KeyId,
    /// The index.
    pub index: Index,
    /// The leaf of the old holder.
    pub previous: LeafHash,
    /// The number of the new assignment, one more than the old.
    pub assignment: u32,
    /// The new holder's key.
    pub holder_key: PublicKey,
    /// Why it is to be believed.
    pub basis: Basis,
}

codec!(HolderChange {
    realm: one,
    key_id: one,
    index: one,
    previous: one,
    assignment: one,
    holder_key: one,
    basis: one,
});

/// On whose word a holder changes.
///
/// On the wire an octet, 1 to 3, then the issuer if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The old holder's, at once.
    OldHolder,
    /// That of the issuer that attested the old holder, at once.
    Release,
    /// That of another issuer in whose scope the CSI is, once the change has been known
    /// for [`PENDING_MILLIS`](crate::limits::PENDING_MILLIS) and the old holder has not
    /// objected. Since when it is known, each provider and witness says by its own
    /// clock: the issuer could write any date.
    Takeover(CsipId),
}

impl Encode for Basis {
    fn encode(&self, w: &mut Writer) {
        match self {
            Basis::OldHolder => w.u8(1),
            Basis::Release => w.u8(2),
            Basis::Takeover(csip) => {
                w.u8(3);
                csip.encode(w);
            }
        }
    }
}

impl Decode for Basis {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Ok(Basis::OldHolder),
            2 => Ok(Basis::Release),
            3 => CsipId::decode(r).map(Basis::Takeover),
            other => Err(unknown(r, start, "Basis", other)),
        }
    }
}

/// That a holder objects to a [takeover](Basis::Takeover). Signed with the key of the
/// leaf that is to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// The realm it is for.
    pub realm: Domain,
    /// The tree.
    pub key_id: KeyId,
    /// The index.
    pub index: Index,
    /// The holder's leaf.
    pub previous: LeafHash,
    /// The key that is to be the new holder's.
    pub holder_key: PublicKey,
    /// When the holder objected.
    pub time: Timestamp,
}

codec!(Contest {
    realm: one,
    key_id: one,
    index: one,
    previous: one,
    holder_key: one,
    time: one,
});
