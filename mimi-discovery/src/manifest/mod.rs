//! Manifests: whom to trust for what.
//!
//! A realm is what one signed [`Manifest`] says. A sender holds it whole and asks nobody
//! about it. It comes in three modes:
//!
//! | mode | what it is |
//! |---|---|
//! | central | a manifest with one provider, and mirrors of it perhaps |
//! | federated | a manifest with several providers; a holder says which of them have the record |
//! | hierarchical | a [`RootManifest`] that says which realm knows about which identifiers, and a manifest for each of those |
//!
//! [`Trusted`] is a manifest whose signature and rules were checked and which is not
//! older than the one before. [`Directory`] finds the one for an identifier.
//!
//! ```
//! use mimi_content::Timestamp;
//! use mimi_discovery::manifest::{Directory, Found, Mode, Trusted};
//! use mimi_discovery::wire::*;
//! use mimi_discovery::{Csi, Domain, PublicKey, Signed, SigningKey};
//!
//! let domain = |text: &str| Domain::parse(text).unwrap();
//! let operator = SigningKey::from_bytes(&[1; 32]);
//! let key = |seed| PublicKey::of(&SigningKey::from_bytes(&[seed; 32]));
//! let (start, end) = (Timestamp::from_millis(0), Timestamp::from_millis(1_000_000));
//! let manifest = Manifest {
//!     realm: domain("phone.example"),
//!     version: 1,
//!     not_before: start,
//!     not_after: end,
//!     dps: vec![Dp {
//!         id: DpId(1),
//!         operator: domain("dp.example"),
//!         key: key(2),
//!         url: "https://dp.example/mimi".into(),
//!         key_config: vec![0; 41].into(),
//!         mirror_of: None,
//!     }],
//!     relays: vec![],
//!     evaluator: Evaluator {
//!         operator: domain("oprf.example"),
//!         url: "https://oprf.example".into(),
//!     },
//!     oprf_keys: vec![OprfKey {
//!         id: KeyId(1),
//!         public: Element([3; 32]),
//!         not_before: start,
//!         not_after: end,
//!     }],
//!     token_keys: vec![TokenKey { day: Day(0), public: Element([4; 32]) }],
//!     csips: vec![Csip {
//!         id: CsipId(1),
//!         operator: domain("carrier.example"),
//!         key: key(5),
//!         scopes: vec![Scope::phone("+49").unwrap()],
//!         authoritative: true,
//!     }],
//!     msps: vec![],
//!     witnesses: vec![Witness {
//!         id: WitnessId(1),
//!         operator: domain("witness.example"),
//!         key: key(6),
//!     }],
//!     quorum: 1,
//! };
//! let signed = Signed::sign(manifest, &operator)?;
//!
//! // A sender knows the realm's name and key.
//! let now = Timestamp::from_millis(5);
//! let realm = domain("phone.example");
//! let trusted = Trusted::accept(signed, &realm, &PublicKey::of(&operator), now, None)?;
//! assert_eq!(trusted.mode(), Mode::Central);
//!
//! let directory = Directory::of_realm(trusted);
//! let alice = Csi::phone("+49 30 901820", None)?;
//! assert!(matches!(directory.find(&alice, now), Found::Realm(manifest) if manifest.realm == realm));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod directory;
mod rules;
mod verify;

use std::ops::Deref;

use mimi_content::Timestamp;

pub use directory::{Directory, DirectoryError, Found};
pub use verify::{AttestationError, ChangeError, HeadError, LeafError, RelayError};

use crate::signed::Signable;
use crate::wire::{
    Csip, CsipId, Day, Delegation, Dp, DpId, KeyId, Manifest, OprfKey, RootManifest, TokenKey,
    Witness, WitnessId,
};
use crate::{Csi, Domain, PublicKey, Signed, VerifyError};

/// A manifest that was checked: signature, rules, dates, and that it is not older than
/// what was held before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted<T>(T);

impl<T: Document> Trusted<T> {
    /// Checks a manifest of `realm`, signed with `key`. `held` is the one that it
    /// replaces.
    ///
    /// # Errors
    /// With what is wrong. The one that is held goes on to be good then.
    pub fn accept(
        signed: Signed<T>,
        realm: &Domain,
        key: &PublicKey,
        now: Timestamp,
        held: Option<&Trusted<T>>,
    ) -> Result<Self, ManifestError> {
        signed.verify(realm, key)?;
        let new = signed.content;
        let (from, until) = new.validity();
        if now < from {
            return Err(ManifestError::NotYet);
        }
        if now >= until {
            return Err(ManifestError::Expired);
        }
        new.check()?;
        if let Some(Trusted(held)) = held {
            let (old, got) = (held.version(), new.version());
            if got < old {
                return Err(ManifestError::Older { held: old, got });
            }
            if got == old && *held != new {
                return Err(ManifestError::Forked { version: got });
            }
            new.follows(held)?;
        }
        Ok(Trusted(new))
    }

    /// Whether it still holds. It was accepted at a time that has passed.
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        let (from, until) = self.0.validity();
        from <= now && now < until
    }
}

impl<T> Deref for Trusted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// What [`Manifest`] and [`RootManifest`] have in common.
pub trait Document: Signable + PartialEq {
    /// The edition.
    fn version(&self) -> u64;

    /// From when, and until when, it holds.
    fn validity(&self) -> (Timestamp, Timestamp);

    /// Checks the rules that take more than one field. Whoever makes a manifest calls
    /// this before signing.
    ///
    /// # Errors
    /// With the first rule that is broken.
    fn check(&self) -> Result<(), ManifestError>;

    /// Checks what a newer edition may not change.
    ///
    /// # Errors
    /// With what it has changed.
    fn follows(&self, held: &Self) -> Result<(), ManifestError>;
}

/// Why a manifest is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// Not signed by this realm's operator.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// It holds later.
    #[error("the manifest does not hold yet")]
    NotYet,
    /// It held earlier.
    #[error("the manifest has expired")]
    Expired,
    /// It ends before it begins.
    #[error("the manifest holds at no time")]
    NeverValid,
    /// There is a newer one.
    #[error("the manifest is of edition {got}, and edition {held} is held")]
    Older {
        /// The edition that is held.
        held: u64,
        /// The one that came.
        got: u64,
    },
    /// The realm's operator has signed two manifests with one number.
    #[error("there are two manifests of edition {version}")]
    Forked {
        /// The edition.
        version: u64,
    },
    /// A key was replaced under its number, so that not all see the same.
    #[error("another key has taken the place of {what} {id}")]
    KeyReplaced {
        /// Which kind of key.
        what: &'static str,
        /// Its number.
        id: u32,
    },
    /// A number is there twice.
    #[error("{what} {id} is there twice")]
    Twice {
        /// The kind of entry.
        what: &'static str,
        /// The number.
        id: u32,
    },
    /// No provider, or mirrors only.
    #[error("there is no discovery provider")]
    NoDp,
    /// A mirror of none or of another mirror.
    #[error("provider {} is no mirror of one that is listed and none itself", .0.0)]
    MirrorOf(DpId),
    /// No key for indices.
    #[error("there is no key for indices")]
    NoOprfKey,
    /// A key that is used for no time or longer than 90 days.
    #[error("key {} is used for no time or longer than 90 days", .0.0)]
    OprfKeyWindow(KeyId),
    /// More of something than [`crate::limits`] allows.
    #[error("there are more {what} than {max}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// The quorum is 0 or more than there are.
    #[error("{quorum} of {have} witnesses cannot be asked for")]
    Quorum {
        /// How many are to cosign.
        quorum: u8,
        /// How many there are.
        have: usize,
    },
    /// One operator runs two witnesses, or a witness and a provider.
    #[error("witness {} is run by who runs another witness or a provider", .0.0)]
    DependentWitness(WitnessId),
    /// Whose domain has two operators.
    #[error("{0} has two operators")]
    TwoOperators(Domain),
    /// Two delegations for the same identifiers.
    #[error("two realms have the scope {0:?}")]
    ScopeTwice(crate::wire::Scope),
    /// A root that names itself, or a realm with two keys.
    #[error("{0} is the root itself, or has two keys")]
    BadDelegation(Domain),
}

/// Whether one provider has all records of a realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It does.
    Central,
    /// There are several, and each has those that were published at it.
    Federated,
}

impl Manifest {
    /// The mode, by the number of providers that are no mirrors.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self.origins().count() {
            0 | 1 => Mode::Central,
            _ => Mode::Federated,
        }
    }

    /// A provider or mirror.
    #[must_use]
    pub fn dp(&self, id: DpId) -> Option<&Dp> {
        self.dps.iter().find(|dp| dp.id == id)
    }

    /// The providers that are no mirrors. An answer about an identifier is complete when
    /// the tree of each of them was asked, at itself or at a mirror.
    pub fn origins(&self) -> impl Iterator<Item = &Dp> {
        self.dps.iter().filter(|dp| dp.mirror_of.is_none())
    }

    /// Who has the tree of a provider: the provider, and mirrors of it.
    pub fn servers(&self, origin: DpId) -> impl Iterator<Item = &Dp> {
        let has = move |dp: &&Dp| dp.mirror_of.unwrap_or(dp.id) == origin;
        self.dps.iter().filter(has)
    }

    /// An issuer.
    #[must_use]
    pub fn csip(&self, id: CsipId) -> Option<&Csip> {
        self.csips.iter().find(|csip| csip.id == id)
    }

    /// A witness.
    #[must_use]
    pub fn witness(&self, id: WitnessId) -> Option<&Witness> {
        self.witnesses.iter().find(|witness| witness.id == id)
    }

    /// A key for indices.
    #[must_use]
    pub fn oprf_key(&self, id: KeyId) -> Option<&OprfKey> {
        self.oprf_keys.iter().find(|key| key.id == id)
    }

    /// The keys for indices that are in use, the newest first. A holder publishes under
    /// all of them; a sender looks up under the first, and under the next while holders
    /// move.
    #[must_use]
    pub fn oprf_keys_at(&self, now: Timestamp) -> Vec<&OprfKey> {
        let used = |key: &&OprfKey| key.not_before <= now && now < key.not_after;
        let mut keys: Vec<_> = self.oprf_keys.iter().filter(used).collect();
        keys.sort_by_key(|key| (std::cmp::Reverse(key.not_before), key.id));
        keys
    }

    /// The token key of a day.
    #[must_use]
    pub fn token_key(&self, day: Day) -> Option<&TokenKey> {
        self.token_keys.iter().find(|key| key.day == day)
    }

    /// Whether an issuer of the realm speaks for `csi`.
    #[must_use]
    pub fn covers(&self, csi: &Csi) -> bool {
        self.csips.iter().any(|csip| csip.covers(csi))
    }
}

impl Csip {
    /// Whether it speaks for `csi`.
    #[must_use]
    pub fn covers(&self, csi: &Csi) -> bool {
        self.scopes.iter().any(|scope| scope.covers(csi))
    }
}

impl RootManifest {
    /// The realm for `csi`: of those whose scope covers it, the narrowest.
    #[must_use]
    pub fn realm_for(&self, csi: &Csi) -> Option<&Delegation> {
        let covering = self.delegations.iter().filter(|d| d.scope.covers(csi));
        covering.max_by_key(|d| d.scope.narrowness())
    }

    /// By which the manifest of a realm is signed, if the root names it.
    #[must_use]
    pub fn key_of(&self, realm: &Domain) -> Option<PublicKey> {
        let mut delegations = self.delegations.iter();
        let delegation = delegations.find(|delegation| delegation.realm == *realm);
        delegation.map(|delegation| delegation.key)
    }
}
