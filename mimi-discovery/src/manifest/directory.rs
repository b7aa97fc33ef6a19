//! Which manifest is that of an identifier.

use std::collections::BTreeMap;

use mimi_content::Timestamp;

use super::{ManifestError, Trusted};
use crate::wire::{Delegation, Manifest, RootManifest};
use crate::{Csi, Domain, Signed};

/// The manifests that a sender holds, in any of the three modes. Finding the one for an
/// identifier asks nobody.
#[derive(Debug, Clone)]
pub struct Directory {
    root: Option<Trusted<RootManifest>>,
    realms: BTreeMap<Domain, Trusted<Manifest>>,
}

/// Where an identifier can be looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'a> {
    /// In this realm.
    Realm(&'a Manifest),
    /// In a realm whose manifest is not there, or has expired. Get it whole and
    /// [insert](Directory::insert) it. Its server sees that somebody looks for one of the
    /// realm's identifiers, so get manifests ahead of time rather than now.
    Fetch(&'a Delegation),
    /// The one manifest there is has expired.
    Expired,
    /// No issuer that is known speaks for it. That is no statement that nobody is there.
    Nowhere,
}

impl Directory {
    /// For one realm, central or federated.
    #[must_use]
    pub fn of_realm(manifest: Trusted<Manifest>) -> Self {
        let realms = BTreeMap::from([(manifest.realm.clone(), manifest)]);
        Directory { root: None, realms }
    }

    /// For a hierarchy, of whose realms none is held yet.
    #[must_use]
    pub fn of_root(root: Trusted<RootManifest>) -> Self {
        Directory {
            root: Some(root),
            realms: BTreeMap::new(),
        }
    }

    /// Takes a newer root, accepted against [`Directory::root`]. Realms that it does not
    /// name any more, or names with another key, are dropped.
    pub fn replace_root(&mut self, root: Trusted<RootManifest>) {
        let old = self.root.replace(root);
        let key = |root: &Option<Trusted<RootManifest>>, realm: &Domain| {
            root.as_ref().and_then(|root| root.key_of(realm))
        };
        let new = &self.root;
        self.realms.retain(|realm, _| {
            let now = key(new, realm);
            now.is_some() && now == key(&old, realm)
        });
    }

    /// The root of the hierarchy, if there is one.
    #[must_use]
    pub fn root(&self) -> Option<&Trusted<RootManifest>> {
        self.root.as_ref()
    }

    /// Takes in the manifest of a realm that the root names, or a newer one. Returns the
    /// realm's manifest.
    ///
    /// # Errors
    /// When the root does not name it, or it is not accepted.
    pub fn insert(
        &mut self,
        signed: Signed<Manifest>,
        now: Timestamp,
    ) -> Result<&Manifest, DirectoryError> {
        let realm = signed.content.realm.clone();
        let root = self.root.as_ref().ok_or(DirectoryError::NoRoot)?;
        let key = root.key_of(&realm).ok_or(DirectoryError::NotDelegated)?;
        let held = self.realms.get(&realm);
        let trusted = Trusted::accept(signed, &realm, &key, now, held)?;
        self.realms.remove(&realm);
        Ok(self.realms.entry(realm).or_insert(trusted))
    }

    /// Where `csi` can be looked up.
    #[must_use]
    pub fn find(&self, csi: &Csi, now: Timestamp) -> Found<'_> {
        let Some(root) = &self.root else {
            return match self.realms.values().next() {
                Some(manifest) if !manifest.holds_at(now) => Found::Expired,
                Some(manifest) if manifest.covers(csi) => Found::Realm(manifest),
                _ => Found::Nowhere,
            };
        };
        if !root.holds_at(now) {
            return Found::Expired;
        }
        let Some(delegation) = root.realm_for(csi) else {
            return Found::Nowhere;
        };
        match self.realms.get(&delegation.realm) {
            Some(manifest) if !manifest.holds_at(now) => Found::Fetch(delegation),
            Some(manifest) if manifest.covers(csi) => Found::Realm(manifest),
            Some(_) => Found::Nowhere,
            None => Found::Fetch(delegation),
        }
    }
}

/// Why a manifest is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// There is no hierarchy.
    #[error("without a root there is one realm only")]
    NoRoot,
    /// The root does not name the realm.
    #[error("the root does not name this realm")]
    NotDelegated,
    /// The manifest is not accepted.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}
