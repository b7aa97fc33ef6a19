//! What proves that a provider cheats, to someone who was not there.

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

use super::codec::unknown;
use super::{Answer, Attestation, Lookup, Manifest, MappingSet, Receipt, TreeHead};
use crate::{Signed, VerifyError};

/// Two trees of one provider in one epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equivocation {
    /// A head.
    pub first: Signed<TreeHead>,
    /// Another.
    pub second: Signed<TreeHead>,
}

codec!(Equivocation {
    first: one,
    second: one,
});

impl Equivocation {
    /// Whether it proves what it is said to.
    ///
    /// # Errors
    /// With what is missing.
    pub fn check(&self, manifest: &Manifest) -> Result<(), EquivocationError> {
        let (one, two) = (&self.first.content, &self.second.content);
        let which = |head: &TreeHead| (head.dp, head.key_id, head.epoch);
        if which(one) != which(two) {
            return Err(EquivocationError::Unrelated);
        }
        if one == two {
            return Err(EquivocationError::Same);
        }
        let dp = manifest.dp(one.dp).ok_or(EquivocationError::UnknownDp)?;
        self.first.verify(&manifest.realm, &dp.key)?;
        self.second.verify(&manifest.realm, &dp.key)?;
        Ok(())
    }
}

/// Why two heads prove nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EquivocationError {
    /// They are of other providers, trees or epochs.
    #[error("the heads are not of one provider, tree and epoch")]
    Unrelated,
    /// They say the same.
    #[error("the heads are the same")]
    Same,
    /// The manifest has no such provider.
    #[error("the manifest does not know the provider")]
    UnknownDp,
    /// A signature is wrong.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

/// An answer, and a promise that contradicts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withholding {
    /// What was asked.
    pub lookup: Lookup,
    /// What was answered: absence, or something older than what is promised.
    pub answer: Answer,
    /// What should have been.
    pub promise: Promise,
}

codec!(Withholding {
    lookup: one,
    answer: one,
    promise: one,
});

/// That a record should have been in an answer.
///
/// On the wire an octet, 1 or 2, then what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promise {
    /// The provider's own word. It proves the fault to everyone.
    Receipt(Signed<Receipt>),
    /// The holder's word, found at another provider: the accused is in `published_at`. It
    /// raises a suspicion; the holder's receipt decides, since a holder could name a
    /// provider that it never asked.
    Record {
        /// That the key is the holder's.
        attestation: Box<Signed<Attestation>>,
        /// What the holder says.
        mappings: Signed<MappingSet>,
    },
}

impl Encode for Promise {
    fn encode(&self, w: &mut Writer) {
        match self {
            Promise::Receipt(receipt) => {
                w.u8(1);
                receipt.encode(w);
            }
            Promise::Record {
                attestation,
                mappings,
            } => {
                w.u8(2);
                attestation.encode(w);
                mappings.encode(w);
            }
        }
    }
}

impl Decode for Promise {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Signed::decode(r).map(Promise::Receipt),
            2 => Ok(Promise::Record {
                attestation: Signed::decode(r).map(Box::new)?,
                mappings: Signed::decode(r)?,
            }),
            other => Err(unknown(r, start, "Promise", other)),
        }
    }
}
