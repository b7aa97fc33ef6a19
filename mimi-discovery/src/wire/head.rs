//! What a provider says its tree is, and who saw it.

use mimi_content::Timestamp;
use mimi_content::tls::{Encode, Writer};

use super::{Digest, DpId, KeyId, WitnessId};
use crate::limits::MAX_WITNESSES;
use crate::signed::Signable;
use crate::tree::NodeHash;
use crate::{Domain, PublicKey, Signature, Signed, SigningKey, VerifyError};

/// The state of one tree of one provider. Signed by the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeHead {
    /// The realm it is for.
    pub realm: Domain,
    /// The provider.
    pub dp: DpId,
    /// The key by which the indices in the tree are made.
    pub key_id: KeyId,
    /// Rises by one from head to head.
    pub epoch: u64,
    /// When it was made.
    pub time: Timestamp,
    /// The root.
    pub root: NodeHash,
    /// [`Digest::of`] the head before, without its signature; [`Digest::NONE`] in the
    /// first.
    pub previous: Digest,
}

signable!(TreeHead);

codec!(TreeHead {
    realm: one,
    dp: one,
    key_id: one,
    epoch: one,
    time: one,
    root: one,
    previous: one,
});

/// What a witness signs: the head, under a label of its own, so that no provider's
/// signature is a witness's.
struct Cosigned<'a>(&'a TreeHead);

impl Encode for Cosigned<'_> {
    fn encode(&self, w: &mut Writer) {
        self.0.encode(w);
    }
}

impl Signable for Cosigned<'_> {
    const LABEL: &'static str = "MIMI Discovery 1.0 Cosignature";

    fn realm(&self) -> &Domain {
        &self.0.realm
    }
}

/// That a witness saw a head, and that all changes since the one before were
/// authorised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// The witness.
    pub witness: WitnessId,
    /// Its signature.
    pub signature: Signature,
}

codec!(Cosignature {
    witness: one,
    signature: one,
});

impl Cosignature {
    /// Signs `head`.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn sign(
        witness: WitnessId,
        head: &TreeHead,
        key: &SigningKey,
    ) -> Result<Self, mimi_content::tls::EncodeError> {
        let signature = Signed::sign(Cosigned(head), key)?.signature;
        Ok(Cosignature { witness, signature })
    }

    /// Checks that the signature is over `head` in `realm`, with `key`.
    ///
    /// # Errors
    /// With what is wrong.
    pub fn verify(
        &self,
        realm: &Domain,
        head: &TreeHead,
        key: &PublicKey,
    ) -> Result<(), VerifyError> {
        crate::signed::check(&Cosigned(head), realm, key, &self.signature)
    }
}

/// A head with the signatures of its witnesses, as senders get it.
/// [`Manifest::verify_head`](super::Manifest::verify_head) checks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignedHead {
    /// The head.
    pub head: Signed<TreeHead>,
    /// The cosignatures.
    pub cosignatures: Vec<Cosignature>,
}

codec!(CosignedHead {
    head: one,
    cosignatures: many(MAX_WITNESSES),
});
