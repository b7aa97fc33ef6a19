//! Entries of the preauthorisation list that do not do what they seem to.

use std::collections::BTreeMap;

use super::graph::Graph;
use super::{EntryFault, Finding};
use crate::capability::Capability;
use crate::components::preauth::{Claim, PreauthEntry};
use crate::components::roles::Role;
use crate::policy::RoomPolicy;

/// The entries, each with what is wrong with it.
pub(super) struct Entries<'a>(Vec<(&'a PreauthEntry, Option<EntryFault>)>);

impl<'a> Entries<'a> {
    pub(super) fn new(policy: &'a RoomPolicy) -> Self {
        let entries = &policy.preauth().0;
        let ids = ClaimIds::new(entries);
        let mut minimal = Minimal::default();
        let judged = entries.iter().enumerate().map(|(position, entry)| {
            let fault = fault(policy, entry).or_else(|| {
                let claims = ids.of(entry);
                if let Some(by) = minimal.within(&claims) {
                    return Some(EntryFault::Shadowed { by });
                }
                minimal.insert(position, claims);
                policy
                    .role(entry.role.index)
                    .filter(|role| role.is_banned())
                    .map(|_| EntryFault::Banned)
            });
            (entry, fault)
        });
        Entries(judged.collect())
    }

    /// The indices of the roles that entries do give; even the banned one, to
    /// whoever asks for it.
    pub(super) fn given(&self) -> impl Iterator<Item = u32> + '_ {
        let gives = |fault| matches!(fault, None | Some(EntryFault::Banned));
        let sound = self.0.iter().filter(move |(_, fault)| gives(*fault));
        sound.map(|(entry, _)| entry.role.index)
    }

    pub(super) fn lint(&self, graph: &Graph<'_>, findings: &mut Vec<Finding>) {
        let change =
            |p, _: &Role| graph.reached.contains(p) && graph.has(p, Capability::CHANGE_OWN_ROLE);
        let changes = !graph.roles_that(change).is_empty();
        for (position, (entry, fault)) in self.0.iter().enumerate() {
            // A role without clients is for external senders, who do not join.
            let role = &entry.role;
            let joinable = changes
                || role.grants(Capability::JOIN_IF_PREAUTHORIZED)
                || role.max_active == Some(0);
            let fault = fault.or((!joinable).then_some(EntryFault::NotJoinable));
            findings.extend(fault.map(|fault| Finding::Preauth {
                entry: position,
                role: role.into(),
                fault,
            }));
        }
    }
}

/// What makes an entry match nobody, or give nothing, by itself. Only those
/// without such a fault stand in the way of others.
fn fault(policy: &RoomPolicy, entry: &PreauthEntry) -> Option<EntryFault> {
    if entry.claims.is_empty() {
        return Some(EntryFault::NoClaims);
    }
    match policy.role(entry.role.index) {
        None => Some(EntryFault::Undefined),
        Some(role) if *role != entry.role => Some(EntryFault::Stale),
        Some(role) if role.index == Role::NONE => Some(EntryFault::Outside),
        Some(_) => None,
    }
}

/// Numbers for claims, so that they need not be compared again and again.
struct ClaimIds<'a>(BTreeMap<(u16, &'a [u8], &'a [u8]), u32>);

impl<'a> ClaimIds<'a> {
    fn new(entries: &'a [PreauthEntry]) -> Self {
        let mut ids = BTreeMap::new();
        let claims = entries.iter().flat_map(|entry| &entry.claims);
        for (claim, id) in claims.zip(0u32..) {
            ids.entry(key(claim)).or_insert(id);
        }
        ClaimIds(ids)
    }

    /// The claims of an entry, sorted and each once.
    fn of(&self, entry: &PreauthEntry) -> Vec<u32> {
        let ids = entry.claims.iter().filter_map(|c| self.0.get(&key(c)));
        let mut ids: Vec<_> = ids.copied().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

fn key(claim: &Claim) -> (u16, &[u8], &[u8]) {
    (claim.credential_type, &claim.id, &claim.value)
}

/// The sets of claims of which none contains another, with their entries.
///
/// A set is kept under its smallest claim only, and found again through the
/// claims of whatever contains it.
#[derive(Default)]
struct Minimal(BTreeMap<u32, Vec<(usize, Vec<u32>)>>);

impl Minimal {
    fn insert(&mut self, position: usize, claims: Vec<u32>) {
        if let Some(first) = claims.first() {
            self.0.entry(*first).or_default().push((position, claims));
        }
    }

    /// The first entry whose claims are all among `claims`.
    fn within(&self, claims: &[u32]) -> Option<usize> {
        let sets = claims
            .iter()
            .filter_map(|claim| self.0.get(claim))
            .flatten();
        let inside = sets.filter(|(_, set)| set.iter().all(|c| claims.binary_search(c).is_ok()));
        inside.map(|(position, _)| *position).min()
    }
}
