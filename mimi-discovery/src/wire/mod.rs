//! The structs that travel, with their exact encodings.
//!
//! What decodes encodes to the same octets. A list has a limit ([`crate::limits`]) and
//! is refused beyond it, before anything is made of the rest. Identifiers, salts and
//! what is behind a seal do not show in `Debug`.
//!
//! | struct | from | to |
//! |---|---|---|
//! | [`Manifest`], [`RootManifest`] | the realm's operator | everyone |
//! | [`Attestation`] | an issuer | the holder, inside the record |
//! | [`MappingSet`] | the holder | senders, inside the record |
//! | [`Publish`], [`Remove`], [`HolderChange`], [`Contest`] | the holder or an issuer | discovery providers |
//! | [`Published`] | a discovery provider | who published |
//! | [`TreeHead`], [`CosignedHead`] | a discovery provider and its witnesses | senders |
//! | [`LeafChange`] | a discovery provider | witnesses |
//! | [`MirrorUpdate`] | a discovery provider | mirrors and other providers |
//! | [`TokenRequest`], [`Evaluate`], [`Evaluated`] | a sender, its provider | the evaluator and back |
//! | [`Lookup`], [`Looked`] | a sender | a discovery provider and back |
//! | [`Equivocation`], [`Withholding`] | whoever noticed | whoever is to judge |
//!
//! There is no struct for monitoring: a recipient sends an ordinary [`Lookup`], so that
//! nobody can treat it differently from a sender.

#[macro_use]
mod codec;
mod evaluate;
mod evidence;
mod head;
mod leaf;
mod lookup;
mod manifest;
mod mapping;
mod publish;
mod record;
mod scope;

use std::fmt;

use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Writer};
use sha2::{Digest as _, Sha256};

pub use evaluate::{Element, Evaluate, Evaluated, Evaluation, Token, TokenRequest};
pub use evidence::{Equivocation, EquivocationError, Promise, Withholding};
pub use head::{Cosignature, CosignedHead, TreeHead};
pub use leaf::{Basis, Contest, HolderChange, LeafAuth, LeafBy, LeafState, leaf_hash};
pub use lookup::{Answer, Looked, Lookup};
pub use manifest::{
    Csip, Delegation, Dp, Evaluator, Manifest, Msp, OprfKey, Relay, RootManifest, TokenKey, Witness,
};
pub use mapping::{ContactPolicy, MappedMsp, Mapping, MappingError, MappingSet, Ssi, SsiOpening};
pub use publish::{LeafChange, MirrorEntry, MirrorUpdate, Publish, Published, Receipt, Remove};
pub use record::{Attestation, Method, Record, SealedRecord};
pub use scope::Scope;

/// SHA-256 of something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// What stands where there is nothing before.
    pub const NONE: Digest = Digest([0; 32]);

    /// The hash of an encoding.
    ///
    /// # Errors
    /// When a vector inside is too long to be encoded.
    pub fn of<T: Encode>(value: &T) -> Result<Self, EncodeError> {
        Ok(Digest(Sha256::digest(value.to_vec()?).into()))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({:?})", Hex(&self.0))
    }
}

impl Encode for Digest {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
}

impl Decode for Digest {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(Digest)
    }
}

/// 16 octets of randomness that hide what they are hashed with.
///
/// A secret between those who may open the hash: `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Salt(pub [u8; 16]);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

impl Encode for Salt {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
}

impl Decode for Salt {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(Salt)
    }
}

numbers! {
    /// A discovery provider, as its manifest numbers it. Short, since records name
    /// several of them.
    DpId(u16);
    /// An issuer, as its manifest numbers it.
    CsipId(u16);
    /// A witness, as its manifest numbers it.
    WitnessId(u16);
    /// A key of the index function. Each has a tree of its own at each provider. An ID is
    /// not used again in a realm.
    KeyId(u16);
    /// A day: the whole days since the Unix epoch, in UTC.
    Day(u32);
    /// Why a server does not answer. Open: unknown numbers are kept. None of them says
    /// that somebody is not there.
    Refusal(u8);
}

impl Refusal {
    /// The server has a fault, or too much to do. Worth a later try.
    pub const UNAVAILABLE: Refusal = Refusal(1);
    /// It does not have that key, or no longer.
    pub const UNKNOWN_KEY: Refusal = Refusal(2);
    /// A token is forged or of another day.
    pub const BAD_TOKEN: Refusal = Refusal(3);
    /// A token was used before.
    pub const SPENT_TOKEN: Refusal = Refusal(4);
    /// The provider has used up its share of tokens for the day.
    pub const OVER_CAP: Refusal = Refusal(5);
    /// The request breaks a rule. It will not do so less when it is sent again.
    pub const INVALID: Refusal = Refusal(6);
    /// What is published is older than what is there.
    pub const STALE: Refusal = Refusal(7);
    /// Another holder has to agree first, or to stay silent.
    pub const PENDING: Refusal = Refusal(8);
    /// The old holder has objected.
    pub const CONTESTED: Refusal = Refusal(9);
}

impl Day {
    /// The day of a point in time.
    #[must_use]
    pub fn of(time: mimi_content::Timestamp) -> Self {
        Day(u32::try_from(time.as_secs() / 86_400).unwrap_or(u32::MAX))
    }
}

/// Shows octets as hexadecimal digits.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Debug for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}
