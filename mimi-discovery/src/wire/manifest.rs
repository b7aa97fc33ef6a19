//! What a realm's operator publishes.

use bytes::Bytes;
use mimi_content::Timestamp;

use super::{CsipId, Day, DpId, Element, KeyId, Scope, WitnessId};
use crate::limits::{
    MAX_CSIPS, MAX_DELEGATIONS, MAX_DPS, MAX_KEY_CONFIG_LEN, MAX_MSPS, MAX_OPRF_KEYS, MAX_RELAYS,
    MAX_SCOPES, MAX_TOKEN_KEYS, MAX_URL_LEN, MAX_WITNESSES,
};
use crate::{Domain, PublicKey};

/// All parties of a realm and their keys. Senders hold it whole: who asked for a part of
/// it would say whom they look for, and could be given a key of their own by which they
/// would be known.
///
/// With one provider that is no mirror the realm is central, with several it is
/// federated; nothing else tells the two apart ([`Manifest::mode`]). The rules that
/// take more than one field are [`crate::manifest`]'s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The name of the realm.
    pub realm: Domain,
    /// Rises with each edition.
    pub version: u64,
    /// From when it holds.
    pub not_before: Timestamp,
    /// Until when, this point not included. Whoever has no newer one by then looks
    /// nothing up.
    pub not_after: Timestamp,
    /// Discovery providers and mirrors of them.
    pub dps: Vec<Dp>,
    /// Relays by which they can be reached.
    pub relays: Vec<Relay>,
    /// Who evaluates the index function.
    pub evaluator: Evaluator,
    /// Its keys for indices, at most two.
    pub oprf_keys: Vec<OprfKey>,
    /// Its keys for tokens, one a day, by rising day.
    pub token_keys: Vec<TokenKey>,
    /// Who attests whose a CSI is.
    pub csips: Vec<Csip>,
    /// Messaging providers that are not run by who owns their domain, or whose operators
    /// attest or provide discovery too.
    pub msps: Vec<Msp>,
    /// Who watches the tree heads.
    pub witnesses: Vec<Witness>,
    /// How many of them have to cosign a head: `w`.
    pub quorum: u8,
}

signable!(Manifest, RootManifest);

codec!(Manifest {
    realm: one,
    version: one,
    not_before: one,
    not_after: one,
    dps: many(MAX_DPS),
    relays: many(MAX_RELAYS),
    evaluator: one,
    oprf_keys: many(MAX_OPRF_KEYS),
    token_keys: many(MAX_TOKEN_KEYS),
    csips: many(MAX_CSIPS),
    msps: many(MAX_MSPS),
    witnesses: many(MAX_WITNESSES),
    quorum: one,
});

/// A discovery provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dp {
    /// Its number.
    pub id: DpId,
    /// Who runs it.
    pub operator: Domain,
    /// By which its tree heads are signed. A mirror has one for its own use and passes
    /// the heads of its origin on.
    pub key: PublicKey,
    /// Where a relay finds it.
    pub url: String,
    /// Its OHTTP key configuration. It stands here so that everyone uses the same.
    pub key_config: Bytes,
    /// The provider of whose records it has a copy.
    pub mirror_of: Option<DpId>,
}

codec!(Dp {
    id: one,
    operator: one,
    key: one,
    url: text(MAX_URL_LEN),
    key_config: octets(MAX_KEY_CONFIG_LEN),
    mirror_of: opt,
});

/// A relay: knows who asks, and not what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// Who runs it.
    pub operator: Domain,
    /// Where senders find it.
    pub url: String,
}

codec!(Relay {
    operator: one,
    url: text(MAX_URL_LEN),
});

/// The evaluator of the index function, which also issues tokens to providers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluator {
    /// Who runs it. Best someone who runs no discovery provider: with the key, all
    /// telephone numbers can be tried against a tree.
    pub operator: Domain,
    /// Where it is found.
    pub url: String,
}

codec!(Evaluator {
    operator: one,
    url: text(MAX_URL_LEN),
});

/// A key of the index function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OprfKey {
    /// Its number.
    pub id: KeyId,
    /// The public key, an element of ristretto255.
    pub public: Element,
    /// From when indices are made with it.
    pub not_before: Timestamp,
    /// Until when, this point not included.
    pub not_after: Timestamp,
}

codec!(OprfKey {
    id: one,
    public: one,
    not_before: one,
    not_after: one,
});

/// The key of the tokens of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenKey {
    /// The day on which they can be spent.
    pub day: Day,
    /// The public key, an element of ristretto255.
    pub public: Element,
}

codec!(TokenKey {
    day: one,
    public: one,
});

/// An issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csip {
    /// Its number.
    pub id: CsipId,
    /// Who runs it.
    pub operator: Domain,
    /// By which its attestations are signed.
    pub key: PublicKey,
    /// Which CSIs it speaks for.
    pub scopes: Vec<Scope>,
    /// Whether it is the one that gives these CSIs to people, as a telephone company
    /// does. Its word then counts even if its operator is a messaging provider too.
    pub authoritative: bool,
}

codec!(Csip {
    id: one,
    operator: one,
    key: one,
    scopes: many(MAX_SCOPES),
    authoritative: flag,
});

/// Who runs a messaging provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Msp {
    /// The provider.
    pub domain: Domain,
    /// Who runs it.
    pub operator: Domain,
}

codec!(Msp {
    domain: one,
    operator: one,
});

/// A witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its number.
    pub id: WitnessId,
    /// Who runs it.
    pub operator: Domain,
    /// By which it cosigns.
    pub key: PublicKey,
}

codec!(Witness {
    id: one,
    operator: one,
    key: one,
});

/// The root of a hierarchy: which realm knows about which CSIs.
///
/// It is a list and not a service. Everyone holds it whole and looks into it at home, so
/// that no root learns what is looked up. There is one level of it: a realm that a root
/// names is no root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootManifest {
    /// The name of the root.
    pub realm: Domain,
    /// Rises with each edition.
    pub version: u64,
    /// From when it holds.
    pub not_before: Timestamp,
    /// Until when, this point not included.
    pub not_after: Timestamp,
    /// The realms, no two with the same scope. The narrowest scope counts.
    pub delegations: Vec<Delegation>,
}

codec!(RootManifest {
    realm: one,
    version: one,
    not_before: one,
    not_after: one,
    delegations: many(MAX_DELEGATIONS),
});

/// A realm that a root names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// For which CSIs.
    pub scope: Scope,
    /// The name of the realm.
    pub realm: Domain,
    /// By which its manifest is signed.
    pub key: PublicKey,
}

codec!(Delegation {
    scope: one,
    realm: one,
    key: one,
});
