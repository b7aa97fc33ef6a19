//! The KeyPackages of one user's clients.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use serde::{Deserialize, Serialize};

use super::error::{PackageFault, Rejection};
use super::package::{lifetime, meets};
use crate::wire::mls::{CipherSuite, KeyPackage, RequiredCapabilities};
use crate::wire::{ClientStatus, Decode};

/// Most KeyPackages of one client, last-resort ones apart: a month of being
/// added to three rooms a day.
pub const MAX_PACKAGES: usize = 100;

/// Most clients of one user: what a key material response may list.
pub const MAX_CLIENTS: usize = crate::wire::limits::MAX_CLIENTS;

/// A KeyPackage that may be handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) reference: Bytes,
    pub(super) package: Bytes,
    pub(super) cipher_suite: u16,
    pub(super) not_after: Timestamp,
    pub(super) last_resort: bool,
}

/// A user's clients with what each has left, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stock {
    clients: BTreeMap<MimiUri, VecDeque<Stored>>,
    pub(super) deleted: bool,
}

/// What a requester can use.
pub(super) struct Wanted<'a> {
    pub(super) cipher_suites: &'a [CipherSuite],
    pub(super) required: &'a RequiredCapabilities,
}

impl Stock {
    pub(super) fn clients(&self) -> impl Iterator<Item = &MimiUri> {
        self.clients.keys()
    }

    pub(super) fn has(&self, client: &MimiUri) -> bool {
        self.clients.contains_key(client)
    }

    /// How many KeyPackages for one use each the client has.
    pub(super) fn left(&self, client: &MimiUri) -> usize {
        self.clients
            .get(client)
            .map_or(0, |all| all.iter().filter(|s| !s.last_resort).count())
    }

    /// Whether another KeyPackage fits in.
    pub(super) fn check(&self, client: &MimiUri, stored: &Stored) -> Result<(), Rejection> {
        if !self.has(client) && self.clients.len() >= MAX_CLIENTS {
            return Err(Rejection::TooManyClients);
        }
        if !stored.last_resort && self.left(client) >= MAX_PACKAGES {
            return Err(Rejection::TooManyPackages);
        }
        let mut all = self.clients.values().flatten();
        if all.any(|other| other.reference == stored.reference) {
            return Err(PackageFault::Repeated.into());
        }
        Ok(())
    }

    /// A last-resort KeyPackage replaces the one of the same suite.
    pub(super) fn add(&mut self, client: &MimiUri, stored: Stored) {
        let all = self.clients.entry(client.clone()).or_default();
        if stored.last_resort {
            all.retain(|s| !s.last_resort || s.cipher_suite != stored.cipher_suite);
        }
        all.push_back(stored);
    }

    pub(super) fn remove_client(&mut self, client: &MimiUri) {
        self.clients.remove(client);
    }

    pub(super) fn delete(&mut self) {
        self.clients.clear();
        self.deleted = true;
    }

    /// Takes a KeyPackage away that was handed out.
    pub(super) fn spend(&mut self, client: &MimiUri, reference: &Bytes) {
        if let Some(all) = self.clients.get_mut(client) {
            all.retain(|s| s.last_resort || s.reference != *reference);
        }
    }

    pub(super) fn purge(&mut self, now: Timestamp) {
        for all in self.clients.values_mut() {
            all.retain(|s| s.not_after >= now);
        }
    }

    /// What a client has for such a request: of the suites in the requester's
    /// order the first, of those the oldest, the last resort last.
    pub(super) fn choose(
        &self,
        client: &MimiUri,
        wanted: Option<&Wanted<'_>>,
        now: Timestamp,
        disclose: bool,
    ) -> (ClientStatus, Option<&Stored>) {
        let all = self.clients.get(client).into_iter().flatten();
        let valid: Vec<(&Stored, KeyPackage)> = all
            .filter_map(|s| Some((s, KeyPackage::from_bytes(&s.package).ok()?)))
            .filter(|(_, package)| is_valid(package, now))
            .collect();
        let Some((_, any)) = valid.first() else {
            return (ClientStatus::KeyMaterialExhausted, None);
        };
        let best = valid
            .iter()
            .filter_map(|(s, package)| Some((rank(s, package, wanted)?, *s, package)))
            .min_by_key(|(rank, _, _)| *rank);
        match best {
            Some((_, stored, package)) => {
                let status = ClientStatus::Success(Box::new(package.clone()));
                (status, Some(stored))
            }
            None => {
                let capabilities = disclose.then(|| any.leaf_node.capabilities.clone());
                (ClientStatus::NothingCompatible(capabilities), None)
            }
        }
    }
}

fn is_valid(package: &KeyPackage, now: Timestamp) -> bool {
    lifetime(&package.leaf_node).is_some_and(|(from, to)| from <= now && now <= to)
}

/// The lower, the better; `None` if it does not fit. Without a request, nothing
/// is required and a last resort does not fit.
fn rank(
    stored: &Stored,
    package: &KeyPackage,
    wanted: Option<&Wanted<'_>>,
) -> Option<(bool, usize)> {
    let Some(wanted) = wanted else {
        return (!stored.last_resort).then_some((false, 0));
    };
    let mut suites = wanted.cipher_suites.iter();
    let preference = suites.position(|suite| *suite == package.cipher_suite)?;
    meets(&package.leaf_node.capabilities, wanted.required)
        .then_some((stored.last_resort, preference))
}
