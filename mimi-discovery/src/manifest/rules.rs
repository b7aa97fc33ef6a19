//! The rules of manifests.

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::Timestamp;

use super::{Document, ManifestError};
use crate::limits::{
    MAX_CSIPS, MAX_DELEGATIONS, MAX_DPS, MAX_MSPS, MAX_OPRF_KEY_MILLIS, MAX_OPRF_KEYS, MAX_RELAYS,
    MAX_TOKEN_KEYS, MAX_WITNESSES,
};
use crate::wire::{Manifest, RootManifest};

impl Document for Manifest {
    fn version(&self) -> u64 {
        self.version
    }

    fn validity(&self) -> (Timestamp, Timestamp) {
        (self.not_before, self.not_after)
    }

    fn check(&self) -> Result<(), ManifestError> {
        check_validity(self.validity())?;
        self.check_sizes()?;
        self.check_numbers()?;
        self.check_providers()?;
        self.check_keys()?;
        self.check_witnesses()
    }

    fn follows(&self, held: &Self) -> Result<(), ManifestError> {
        for key in &self.oprf_keys {
            let (what, id) = ("index key", key.id.0.into());
            if held
                .oprf_key(key.id)
                .is_some_and(|old| old.public != key.public)
            {
                return Err(ManifestError::KeyReplaced { what, id });
            }
        }
        for key in &self.token_keys {
            let (what, id) = ("the token key of day", key.day.0);
            if held
                .token_key(key.day)
                .is_some_and(|old| old.public != key.public)
            {
                return Err(ManifestError::KeyReplaced { what, id });
            }
        }
        Ok(())
    }
}

impl Manifest {
    fn check_sizes(&self) -> Result<(), ManifestError> {
        at_most("providers", self.dps.len(), MAX_DPS)?;
        at_most("relays", self.relays.len(), MAX_RELAYS)?;
        at_most("index keys", self.oprf_keys.len(), MAX_OPRF_KEYS)?;
        at_most("token keys", self.token_keys.len(), MAX_TOKEN_KEYS)?;
        at_most("issuers", self.csips.len(), MAX_CSIPS)?;
        at_most("messaging providers", self.msps.len(), MAX_MSPS)?;
        at_most("witnesses", self.witnesses.len(), MAX_WITNESSES)
    }

    fn check_numbers(&self) -> Result<(), ManifestError> {
        once("provider", self.dps.iter().map(|dp| dp.id.0.into()))?;
        once("issuer", self.csips.iter().map(|csip| csip.id.0.into()))?;
        once("witness", self.witnesses.iter().map(|w| w.id.0.into()))?;
        once(
            "index key",
            self.oprf_keys.iter().map(|key| key.id.0.into()),
        )?;
        once(
            "the token key of day",
            self.token_keys.iter().map(|key| key.day.0),
        )?;
        let mut seen = BTreeSet::new();
        match self.msps.iter().find(|msp| !seen.insert(&msp.domain)) {
            Some(msp) => Err(ManifestError::TwoOperators(msp.domain.clone())),
            None => Ok(()),
        }
    }

    fn check_providers(&self) -> Result<(), ManifestError> {
        if self.origins().next().is_none() {
            return Err(ManifestError::NoDp);
        }
        let origins: BTreeSet<_> = self.origins().map(|dp| dp.id).collect();
        let lost = |origin| !origins.contains(&origin);
        match self.dps.iter().find(|dp| dp.mirror_of.is_some_and(lost)) {
            Some(mirror) => Err(ManifestError::MirrorOf(mirror.id)),
            None => Ok(()),
        }
    }

    fn check_keys(&self) -> Result<(), ManifestError> {
        if self.oprf_keys.is_empty() {
            return Err(ManifestError::NoOprfKey);
        }
        for key in &self.oprf_keys {
            let longest = key.not_before.plus_millis(MAX_OPRF_KEY_MILLIS);
            if key.not_after <= key.not_before || key.not_after > longest {
                return Err(ManifestError::OprfKeyWindow(key.id));
            }
        }
        Ok(())
    }

    fn check_witnesses(&self) -> Result<(), ManifestError> {
        let (quorum, have) = (self.quorum, self.witnesses.len());
        if quorum == 0 || usize::from(quorum) > have {
            return Err(ManifestError::Quorum { quorum, have });
        }
        let mut operators: BTreeSet<_> = self.dps.iter().map(|dp| &dp.operator).collect();
        match self
            .witnesses
            .iter()
            .find(|w| !operators.insert(&w.operator))
        {
            Some(witness) => Err(ManifestError::DependentWitness(witness.id)),
            None => Ok(()),
        }
    }
}

impl Document for RootManifest {
    fn version(&self) -> u64 {
        self.version
    }

    fn validity(&self) -> (Timestamp, Timestamp) {
        (self.not_before, self.not_after)
    }

    fn check(&self) -> Result<(), ManifestError> {
        check_validity(self.validity())?;
        at_most("delegations", self.delegations.len(), MAX_DELEGATIONS)?;
        let mut scopes = BTreeSet::new();
        let mut keys = BTreeMap::new();
        for delegation in &self.delegations {
            if !scopes.insert(&delegation.scope) {
                return Err(ManifestError::ScopeTwice(delegation.scope.clone()));
            }
            let known = *keys.entry(&delegation.realm).or_insert(delegation.key);
            if known != delegation.key || delegation.realm == self.realm {
                return Err(ManifestError::BadDelegation(delegation.realm.clone()));
            }
        }
        Ok(())
    }

    fn follows(&self, _held: &Self) -> Result<(), ManifestError> {
        Ok(())
    }
}

fn check_validity((from, until): (Timestamp, Timestamp)) -> Result<(), ManifestError> {
    if from < until {
        Ok(())
    } else {
        Err(ManifestError::NeverValid)
    }
}

fn at_most(what: &'static str, have: usize, max: usize) -> Result<(), ManifestError> {
    if have <= max {
        Ok(())
    } else {
        Err(ManifestError::TooMany { what, max })
    }
}

fn once(what: &'static str, ids: impl Iterator<Item = u32>) -> Result<(), ManifestError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(ManifestError::Twice { what, id });
        }
    }
    Ok(())
}
