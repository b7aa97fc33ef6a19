//! What a manifest says about things that others have signed.

use std::collections::BTreeSet;

use mimi_content::Timestamp;
use mimi_content::tls::EncodeError;

use crate::limits::MAX_ATTESTATION_MILLIS;
use crate::wire::{
    Attestation, Basis, CosignedHead, Csip, CsipId, DpId, HolderChange, KeyId, LeafAuth, LeafBy,
    LeafState, Manifest, MappingSet, Salt, TreeHead, leaf_hash,
};
use crate::{Csi, Domain, Signed, VerifyError};

impl Manifest {
    /// The head, if its provider has signed it and enough witnesses have cosigned. A
    /// cosignature that is wrong, of nobody known or there twice does not count, and does
    /// no harm either.
    ///
    /// # Errors
    /// With what is missing.
    pub fn verify_head<'a>(&self, cosigned: &'a CosignedHead) -> Result<&'a TreeHead, HeadError> {
        let head = &cosigned.head.content;
        let dp = self.dp(head.dp).ok_or(HeadError::UnknownDp(head.dp))?;
        if dp.mirror_of.is_some() {
            return Err(HeadError::Mirror(head.dp));
        }
        cosigned.head.verify(&self.realm, &dp.key)?;
        let mut seen = BTreeSet::new();
        for cosignature in &cosigned.cosignatures {
            let good = self
                .witness(cosignature.witness)
                .is_some_and(|witness| cosignature.verify(&self.realm, head, &witness.key).is_ok());
            if good {
                seen.insert(cosignature.witness);
            }
        }
        let (have, need) = (seen.len(), self.quorum);
        if have < usize::from(need) {
            return Err(HeadError::TooFewWitnesses { have, need });
        }
        Ok(head)
    }

    /// The attestation, if a listed issuer has signed it and it holds now. Whether the
    /// issuer may speak for the identifier is for [`Manifest::check_csi`] to say: those
    /// who are not to know the identifier cannot ask.
    ///
    /// # Errors
    /// With what is wrong.
    pub fn verify_attestation<'a>(
        &self,
        signed: &'a Signed<Attestation>,
        now: Timestamp,
    ) -> Result<&'a Attestation, AttestationError> {
        let csip = signed.content.csip;
        let issuer = self.csip(csip).ok_or(AttestationError::UnknownCsip(csip))?;
        let attestation = signed.verify(&self.realm, &issuer.key)?;
        let key_id = attestation.key_id;
        if self.oprf_key(key_id).is_none() {
            return Err(AttestationError::UnknownKey(key_id));
        }
        let (from, until) = (attestation.not_before, attestation.not_after);
        if until <= from || until > from.plus_millis(MAX_ATTESTATION_MILLIS) {
            return Err(AttestationError::Window);
        }
        if now < from {
            return Err(AttestationError::NotYet);
        }
        if now >= until {
            return Err(AttestationError::Expired);
        }
        if attestation.assignment == 0 {
            return Err(AttestationError::NoAssignment);
        }
        Ok(attestation)
    }

    /// Checks that an attestation is about `csi`, and that its issuer speaks for it.
    ///
    /// # Errors
    /// When it is not, or does not.
    pub fn check_csi(
        &self,
        attestation: &Attestation,
        csi: &Csi,
        salt: &Salt,
    ) -> Result<(), AttestationError> {
        let id = attestation.csip;
        let csip = self.csip(id).ok_or(AttestationError::UnknownCsip(id))?;
        if !csip.covers(csi) {
            return Err(AttestationError::OutOfScope(id));
        }
        if csi.commitment(salt) != attestation.csi {
            return Err(AttestationError::OtherCsi);
        }
        Ok(())
    }

    /// Whether an issuer has no part in what it attests. One that a messaging provider's
    /// operator runs could say of any identifier that it is its own user's. So it counts
    /// only where it is [authoritative](Csip::authoritative), in whatever set it is and
    /// however large the provider that it would help.
    ///
    /// Operators are compared as the manifest names them: that one company goes by one
    /// name there is up to the realm's operator. A provider that the manifest does not
    /// list is taken to be run by the owner of its domain.
    #[must_use]
    pub fn is_independent(&self, csip: &Csip, mappings: &MappingSet) -> bool {
        if csip.authoritative {
            return true;
        }
        let listed = self
            .msps
            .iter()
            .flat_map(|msp| [&msp.domain, &msp.operator]);
        let mapped = mappings.mappings.iter().flat_map(|mapping| &mapping.msps);
        let mut all = listed.chain(mapped.map(|msp| &msp.domain));
        all.all(|operator| *operator != csip.operator)
    }

    /// The leaf, if it is signed by whom it names. Whether it may follow what stood there
    /// before is another matter.
    ///
    /// # Errors
    /// With what is wrong.
    pub fn verify_leaf<'a>(&self, signed: &'a Signed<LeafAuth>) -> Result<&'a LeafAuth, LeafError> {
        let leaf = &signed.content;
        let key = match leaf.by {
            LeafBy::Holder => leaf.holder_key,
            LeafBy::Csip => {
                if matches!(leaf.state, LeafState::Live(_)) {
                    return Err(LeafError::LiveByCsip);
                }
                let csip = self.csip(leaf.csip);
                csip.ok_or(LeafError::UnknownCsip(leaf.csip))?.key
            }
        };
        Ok(signed.verify(&self.realm, &key)?)
    }

    /// The change of holder, if it is one of the leaf `old` and is signed by whom its basis
    /// names. Of a takeover the waiting time remains to be seen, and whether the CSI is in
    /// the new issuer's scope.
    ///
    /// # Errors
    /// With what is wrong.
    pub fn verify_change<'a>(
        &self,
        change: &'a Signed<HolderChange>,
        old: &Signed<LeafAuth>,
    ) -> Result<&'a HolderChange, ChangeError> {
        let (new, leaf) = (&change.content, &old.content);
        let place = (new.key_id, new.index) == (leaf.key_id, leaf.index);
        if !place || new.previous != leaf_hash(old)? {
            return Err(ChangeError::OtherLeaf);
        }
        if leaf.assignment.checked_add(1) != Some(new.assignment) {
            return Err(ChangeError::Assignment);
        }
        let csip_key = |id| self.csip(id).map(|csip| csip.key);
        let key = match new.basis {
            Basis::OldHolder => leaf.holder_key,
            Basis::Release => csip_key(leaf.csip).ok_or(ChangeError::UnknownCsip(leaf.csip))?,
            Basis::Takeover(id) if id == leaf.csip => return Err(ChangeError::SameCsip(id)),
            Basis::Takeover(id) => csip_key(id).ok_or(ChangeError::UnknownCsip(id))?,
        };
        Ok(change.verify(&self.realm, &key)?)
    }

    /// Checks that a provider can be asked through a relay: one operator of both would see
    /// who asks and about which index.
    ///
    /// # Errors
    /// When it would.
    pub fn check_relay(&self, relay_operator: &Domain, dp: DpId) -> Result<(), RelayError> {
        let provider = self.dp(dp).ok_or(RelayError::UnknownDp(dp))?;
        if provider.operator == *relay_operator {
            return Err(RelayError::SameOperator(dp));
        }
        Ok(())
    }
}

/// Why a tree head does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeadError {
    /// The manifest has no such provider.
    #[error("the manifest knows no provider {}", .0.0)]
    UnknownDp(DpId),
    /// Mirrors have no heads of their own.
    #[error("provider {} is a mirror, and has no head of its own", .0.0)]
    Mirror(DpId),
    /// The provider has not signed it.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// Too few witnesses have.
    #[error("{have} witnesses have cosigned, and {need} have to")]
    TooFewWitnesses {
        /// How many have, rightly.
        have: usize,
        /// How many have to.
        need: u8,
    },
}

/// Why an attestation does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttestationError {
    /// The manifest has no such issuer.
    #[error("the manifest knows no issuer {}", .0.0)]
    UnknownCsip(CsipId),
    /// The issuer has not signed it for this realm.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// It is for an index under a key that the realm does not have.
    #[error("the manifest knows no key {}", .0.0)]
    UnknownKey(KeyId),
    /// It holds at no time, or for longer than 90 days.
    #[error("the attestation holds at no time or for longer than 90 days")]
    Window,
    /// It holds later.
    #[error("the attestation does not hold yet")]
    NotYet,
    /// It held earlier.
    #[error("the attestation has expired")]
    Expired,
    /// Assignments count from 1.
    #[error("the attestation is of assignment 0")]
    NoAssignment,
    /// The issuer does not speak for the identifier.
    #[error("issuer {} does not speak for the identifier", .0.0)]
    OutOfScope(CsipId),
    /// It is about another identifier.
    #[error("the attestation is about another identifier")]
    OtherCsi,
}

/// Why a leaf does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LeafError {
    /// The manifest has no such issuer.
    #[error("the manifest knows no issuer {}", .0.0)]
    UnknownCsip(CsipId),
    /// An issuer can end a record and make none.
    #[error("an issuer has signed a leaf that is no tombstone")]
    LiveByCsip,
    /// Not signed by whom it names.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

/// Why a change of holder does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// It is about another leaf.
    #[error("the change is of another leaf")]
    OtherLeaf,
    /// The assignment does not rise by one.
    #[error("the assignment does not rise by one")]
    Assignment,
    /// The manifest has no such issuer.
    #[error("the manifest knows no issuer {}", .0.0)]
    UnknownCsip(CsipId),
    /// The issuer that attested the old holder releases, and takes nothing over.
    #[error("issuer {} attested the old holder, and would have to release", .0.0)]
    SameCsip(CsipId),
    /// Not signed by whom it names.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The old leaf cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Why a provider is not asked through a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RelayError {
    /// The manifest has no such provider.
    #[error("the manifest knows no provider {}", .0.0)]
    UnknownDp(DpId),
    /// One operator would see both ends.
    #[error("who runs the relay runs provider {} too", .0.0)]
    SameOperator(DpId),
}
