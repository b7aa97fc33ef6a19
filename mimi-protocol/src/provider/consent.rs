//! Who may have whose key material.

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::MimiUri;
use serde::{Deserialize, Serialize};

use crate::wire::ConsentScope;

/// Most grants and revocations of one user: far more than people have contacts.
pub const MAX_SCOPES: usize = 10_000;

/// Most requests for consent that wait for one user: strangers cause them, and
/// nobody reads further.
pub const MAX_ASKED: usize = 256;

/// Grants, revocations and open requests (PROTO, "Consent").
///
/// A scope is a requester, a target, and a room or any room. The last word on a
/// scope counts. Of two scopes that cover a request the one that names the room
/// decides, so a user can allow one room only, or all but one. To revoke
/// consent for any room also takes back what was granted for single rooms
/// before; a room granted afterwards is an exception to it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// By target, then requester.
    given: BTreeMap<MimiUri, BTreeMap<MimiUri, Given>>,
    /// By target: requester and room.
    asked: BTreeMap<MimiUri, BTreeSet<(MimiUri, Option<MimiUri>)>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Given {
    any: Option<bool>,
    rooms: BTreeMap<MimiUri, bool>,
}

/// Whether a claim is consented to (PROTO, "Fetch Key Material").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    /// It is.
    Allowed,
    /// It is not.
    NoConsent,
    /// It is not, but it would be for some other room.
    NoConsentForThisRoom,
}

impl Consent {
    /// Whether `requester` may have key material of `target`, for `room` or, if
    /// there is none, for any.
    #[must_use]
    pub fn allows(
        &self,
        requester: &MimiUri,
        target: &MimiUri,
        room: Option<&MimiUri>,
    ) -> Allowance {
        if requester == target {
            return Allowance::Allowed;
        }
        let Some(given) = self.given(target, requester) else {
            return Allowance::NoConsent;
        };
        if given.verdict(room) == Some(true) {
            return Allowance::Allowed;
        }
        let elsewhere = given.any == Some(true) || given.rooms.values().any(|granted| *granted);
        if room.is_some() && elsewhere {
            Allowance::NoConsentForThisRoom
        } else {
            Allowance::NoConsent
        }
    }

    /// Whether the target has said no to this scope, or to any room.
    pub(super) fn is_revoked(&self, scope: &ConsentScope) -> bool {
        self.given(&scope.target_uri, &scope.requester_uri)
            .is_some_and(|given| given.verdict(scope.room_id.as_ref()) == Some(false))
    }

    pub(super) fn is_asked(&self, scope: &ConsentScope) -> bool {
        let asked = self.asked.get(&scope.target_uri);
        asked.is_some_and(|asked| asked.contains(&question(scope)))
    }

    pub(super) fn has_too_many_asked(&self, target: &MimiUri) -> bool {
        let asked = self.asked.get(target);
        asked.is_some_and(|asked| asked.len() >= MAX_ASKED)
    }

    /// Whether a new scope does not fit in any more.
    pub(super) fn is_full_for(&self, scope: &ConsentScope) -> bool {
        let known = self
            .given(&scope.target_uri, &scope.requester_uri)
            .is_some_and(|given| match &scope.room_id {
                Some(room) => given.rooms.contains_key(room),
                None => given.any.is_some(),
            });
        let scopes = self.given.get(&scope.target_uri).map_or(0, |all| {
            all.values()
                .map(|given| given.rooms.len().saturating_add(1))
                .fold(0, usize::saturating_add)
        });
        !known && scopes >= MAX_SCOPES
    }

    pub(super) fn ask(&mut self, scope: &ConsentScope) {
        self.asked
            .entry(scope.target_uri.clone())
            .or_default()
            .insert(question(scope));
    }

    pub(super) fn cancel(&mut self, scope: &ConsentScope) {
        if let Some(asked) = self.asked.get_mut(&scope.target_uri) {
            asked.remove(&question(scope));
            if asked.is_empty() {
                self.asked.remove(&scope.target_uri);
            }
        }
    }

    /// Takes the target's word on a scope, which also answers what was asked.
    pub(super) fn decide(&mut self, scope: &ConsentScope, granted: bool) {
        self.cancel(scope);
        let given = self
            .given
            .entry(scope.target_uri.clone())
            .or_default()
            .entry(scope.requester_uri.clone())
            .or_default();
        match &scope.room_id {
            Some(room) => {
                given.rooms.insert(room.clone(), granted);
            }
            None => {
                given.any = Some(granted);
                if !granted {
                    given.rooms.clear();
                }
            }
        }
    }

    pub(super) fn forget(&mut self, target: &MimiUri) {
        self.given.remove(target);
        self.asked.remove(target);
    }

    fn given(&self, target: &MimiUri, requester: &MimiUri) -> Option<&Given> {
        self.given.get(target)?.get(requester)
    }
}

impl Given {
    fn verdict(&self, room: Option<&MimiUri>) -> Option<bool> {
        room.and_then(|room| self.rooms.get(room).copied())
            .or(self.any)
    }
}

fn question(scope: &ConsentScope) -> (MimiUri, Option<MimiUri>) {
    (scope.requester_uri.clone(), scope.room_id.clone())
}
