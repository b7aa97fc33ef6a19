//! Where a holder can be reached.

use std::collections::BTreeSet;
use std::fmt;

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use mimi_content::{MimiUri, Timestamp};

use super::codec::{at_most, rises, text, unknown};
use super::{Digest, DpId, Salt};
use crate::Domain;
use crate::limits::{MAX_DPS, MAX_MAPPED_MSPS, MAX_MAPPINGS, MAX_TAG_LEN, MAX_TAGS};
use crate::tree::Index;

/// Everything that a holder says about where to be reached, at once: a sender sees the
/// whole of it or nothing, and no provider can leave one entry out. Signed by the
/// holder.
///
/// A set without mappings, or with none that names a provider, is how a holder opts out
/// and says so ([`MappingSet::opted_out`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingSet {
    /// The realm it is for.
    pub realm: Domain,
    /// The index it is for, so that it cannot be put at another.
    pub index: Index,
    /// The how-manieth holder of the CSI speaks.
    pub assignment: u32,
    /// Rises by one with each publication.
    pub seq: u64,
    /// From when it holds.
    pub not_before: Timestamp,
    /// Until when, this point not included.
    pub not_after: Timestamp,
    /// The providers that were given it, by rising number, each once. One of these that
    /// proves absence holds something back.
    pub published_at: Vec<DpId>,
    /// The mappings.
    pub mappings: Vec<Mapping>,
}

signable!(MappingSet);

codec!(MappingSet {
    realm: one,
    index: one,
    assignment: one,
    seq: one,
    not_before: one,
    not_after: one,
    published_at: many(MAX_DPS),
    mappings: many(MAX_MAPPINGS),
} where MappingSet::check);

impl MappingSet {
    /// Checks what the fields have to be like to each other. Decoding does so too.
    ///
    /// # Errors
    /// With the rule that is broken.
    pub fn check(&self) -> Result<(), MappingError> {
        let defaults = self.mappings.iter().filter(|m| m.is_default).count();
        if defaults > 1 {
            return Err(MappingError::TwoDefaults);
        }
        if !rises(&self.published_at) {
            return Err(MappingError::Providers);
        }
        self.mappings.iter().try_for_each(Mapping::check)
    }

    /// Whether the holder wants not to be reached.
    #[must_use]
    pub fn opted_out(&self) -> bool {
        self.mappings.iter().all(|mapping| mapping.msps.is_empty())
    }

    /// The mapping that has the tag; if none has it, or none is asked for, the one that
    /// is the default.
    #[must_use]
    pub fn mapping(&self, tag: Option<&str>) -> Option<&Mapping> {
        let tagged = tag.and_then(|tag| {
            let mut all = self.mappings.iter();
            all.find(|mapping| mapping.tags.iter().any(|own| own == tag))
        });
        tagged.or_else(|| self.mappings.iter().find(|mapping| mapping.is_default))
    }
}

/// Why a mapping set is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.rule())]
#[non_exhaustive]
pub enum MappingError {
    /// Two mappings are the default.
    TwoDefaults,
    /// `published_at` does not rise.
    Providers,
    /// The tags of a mapping do not rise.
    TagOrder,
    /// A tag is empty or has control characters.
    Tag,
    /// A mapping names a provider twice.
    ProviderTwice,
    /// An account is at another provider.
    OtherProvider,
}

impl MappingError {
    /// The rule that is broken.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            MappingError::TwoDefaults => "two mappings are the default",
            MappingError::Providers => "the providers published at do not rise",
            MappingError::TagOrder => "the tags of a mapping do not rise",
            MappingError::Tag => "a tag is empty or has control characters",
            MappingError::ProviderTwice => "a mapping names a provider twice",
            MappingError::OtherProvider => "an account is at another provider than its entry",
        }
    }
}

impl From<MappingError> for &'static str {
    fn from(error: MappingError) -> Self {
        error.rule()
    }
}

/// Providers for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// What it is for, in the holder's words, such as `work`; in rising order. A tag has
    /// 1 to [`MAX_TAG_LEN`] octets and no control characters.
    pub tags: Vec<String>,
    /// Whether it is for everyone who asks for no tag. At most one of a set is.
    pub is_default: bool,
    /// The providers, each once.
    pub msps: Vec<MappedMsp>,
}

impl Mapping {
    fn check(&self) -> Result<(), MappingError> {
        let sound = |tag: &String| !tag.is_empty() && !tag.contains(char::is_control);
        if !self.tags.iter().all(sound) {
            return Err(MappingError::Tag);
        }
        if !rises(&self.tags) {
            return Err(MappingError::TagOrder);
        }
        let domains: BTreeSet<_> = self.msps.iter().map(|msp| &msp.domain).collect();
        if domains.len() != self.msps.len() {
            return Err(MappingError::ProviderTwice);
        }
        let elsewhere = |msp: &MappedMsp| match &msp.ssi {
            Ssi::Uri(uri) => uri.domain() != msp.domain.as_str(),
            Ssi::None | Ssi::Commitment(_) => false,
        };
        if self.msps.iter().any(elsewhere) {
            return Err(MappingError::OtherProvider);
        }
        Ok(())
    }
}

impl Encode for Mapping {
    fn encode(&self, w: &mut Writer) {
        w.vector(|w| self.tags.iter().for_each(|tag| w.opaque(tag.as_bytes())));
        w.boolean(self.is_default);
        w.list(&self.msps);
    }
}

impl Decode for Mapping {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut count: usize = 0;
        let tags = r.list_with(|r| {
            count = count.saturating_add(1);
            if count > MAX_TAGS {
                let (what, max) = ("tags", MAX_TAGS);
                return Err(r.error(Rule::Limit { what, max }));
            }
            text(r, "a tag", MAX_TAG_LEN)
        })?;
        Ok(Mapping {
            tags,
            is_default: r.boolean()?,
            msps: at_most(r, "msps", MAX_MAPPED_MSPS)?,
        })
    }
}

/// A provider at which the holder can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedMsp {
    /// The provider.
    pub domain: Domain,
    /// The holder's preference: the lowest comes first.
    pub rank: u8,
    /// What to do before fetching key material.
    pub contact_policy: ContactPolicy,
    /// The account there.
    pub ssi: Ssi,
}

codec!(MappedMsp {
    domain: one,
    rank: one,
    contact_policy: one,
    ssi: one,
});

numbers! {
    /// How a provider, or its user, wants to be approached. Open: unknown numbers are
    /// kept, and read as [`ContactPolicy::CONSENT_FIRST`].
    ContactPolicy(u8);
}

impl ContactPolicy {
    /// Key material can be fetched at once.
    pub const OPEN: ContactPolicy = ContactPolicy(1);
    /// Consent is asked first. Key material asked for without is refused.
    pub const CONSENT_FIRST: ContactPolicy = ContactPolicy(2);

    /// Whether consent has to be asked before key material.
    #[must_use]
    pub fn asks_consent(self) -> bool {
        self != Self::OPEN
    }
}

/// How much a mapping says of the account at a provider (service-specific identifier).
///
/// On the wire an octet for the case, 0 to 2, then what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ssi {
    /// Nothing. The provider is asked which account it is, and believed.
    None,
    /// A commitment to it: the provider tells, and cannot name another account.
    Commitment(Digest),
    /// The account itself, for all who look the holder up.
    Uri(MimiUri),
}

impl Encode for Ssi {
    fn encode(&self, w: &mut Writer) {
        match self {
            Ssi::None => w.u8(0),
            Ssi::Commitment(digest) => {
                w.u8(1);
                digest.encode(w);
            }
            Ssi::Uri(uri) => {
                w.u8(2);
                uri.encode(w);
            }
        }
    }
}

impl Decode for Ssi {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            0 => Ok(Ssi::None),
            1 => Digest::decode(r).map(Ssi::Commitment),
            2 => MimiUri::decode(r).map(Ssi::Uri),
            other => Err(unknown(r, start, "Ssi", other)),
        }
    }
}

/// What a provider answers an identifier query with when the mapping has a commitment.
/// The holder gives it to the provider; [`crate::ssi`] makes and checks it.
#[derive(Clone, PartialEq, Eq)]
pub struct SsiOpening {
    /// What hides the account in the commitment.
    pub salt: Salt,
    /// The account.
    pub uri: MimiUri,
}

codec!(SsiOpening {
    salt: one,
    uri: one,
});

impl fmt::Debug for SsiOpening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SsiOpening(..)")
    }
}
