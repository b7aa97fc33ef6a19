//! The engine.

use std::collections::BTreeMap;

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};

use super::change::{Change, Kind, StockChange};
use super::claim::{Disclosure, judge};
use super::consent::Consent;
use super::error::{PackageFault, Rejection};
use super::io::{Input, Local, Outcome};
use super::package::check;
use super::state::State;
use super::stock::Stock;
use crate::delivery::{Corrupt, Saved};
use crate::engine::{Actor, Audit, CryptoProvider, Engine, Env, Output, Step};
use crate::wire::mls::KeyPackage;
use crate::wire::{ConsentOperation, Decode};

const CLAIM: &str = "PROTO, \"Fetch Key Material\"";
pub(super) const CONSENT: &str = "PROTO, \"Convey explicit consent\"";

/// The KeyPackages of a provider's users and their consent; see the
/// [module](super).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMaterial {
    pub(super) state: State,
}

/// What a step changed. Kept until the next snapshot.
pub type Entry = Saved<Change>;

/// The whole state.
pub type Snapshot = Saved<State>;

impl KeyMaterial {
    /// For the users of `domain`, none of whom has a KeyPackage yet.
    #[must_use]
    pub fn new(domain: impl Into<String>, disclosure: Disclosure) -> Self {
        KeyMaterial {
            state: State::new(domain.into(), disclosure),
        }
    }

    /// Who may have whose key material.
    #[must_use]
    pub fn consent(&self) -> &Consent {
        &self.state.consent
    }

    /// How many KeyPackages a client has left, last-resort ones apart: when to
    /// ask it for more.
    #[must_use]
    pub fn left(&self, user: &MimiUri, client: &MimiUri) -> usize {
        let stock = self.state.users.get(user);
        stock.map_or(0, |stock| stock.left(client))
    }

    /// For which clients these KeyPackages were handed out to be used in
    /// `room`, as `follower::Input::Notify` wants it.
    pub fn routes<'a>(
        &self,
        room: &MimiUri,
        refs: impl IntoIterator<Item = &'a Bytes>,
    ) -> BTreeMap<Bytes, MimiUri> {
        refs.into_iter()
            .filter_map(|reference| {
                let route = self.state.routes.get(reference)?;
                let fits = route.room.as_ref().is_none_or(|only| only == room);
                fits.then(|| (reference.clone(), route.client.clone()))
            })
            .collect()
    }

    pub(super) fn made(
        &mut self,
        now: Timestamp,
        kind: Kind,
        outcome: Outcome,
        audit: Audit,
    ) -> Step<Self> {
        let (change, outputs) = self.state.make(now, kind);
        Step {
            entry: Some(Saved::new(change)),
            outcome,
            outputs,
            audit,
        }
    }

    pub(super) fn made_if(
        &mut self,
        changes: bool,
        now: Timestamp,
        kind: Kind,
        audit: Audit,
    ) -> Step<Self> {
        if changes {
            self.made(now, kind, Outcome::Accepted, audit)
        } else {
            unchanged(Outcome::Ignored, audit)
        }
    }

    fn host(
        &mut self,
        now: Timestamp,
        action: &'static str,
        kind: Kind,
        changes: bool,
    ) -> Step<Self> {
        self.made_if(changes, now, kind, audit(Actor::Host, action, CLAIM))
    }

    fn upload<P: CryptoProvider>(
        &mut self,
        client: MimiUri,
        package: &Bytes,
        env: &Env<'_, P, ()>,
    ) -> Result<Step<Self>, Rejection> {
        let package = KeyPackage::from_bytes(package)?;
        let (who, stored) = check(&package, env)?;
        if who.client != client {
            return Err(Rejection::OtherIdentity {
                expected: client,
                found: who.client,
            });
        }
        self.ours(&who.user)?;
        if self.state.routes.contains_key(&stored.reference) {
            return Err(PackageFault::Repeated.into());
        }
        match self.state.users.get(&who.user) {
            Some(stock) => stock.check(&client, &stored)?,
            None => Stock::default().check(&client, &stored)?,
        }
        let audit = audit(Actor::User(who.user.clone()), "upload a KeyPackage", CLAIM);
        let kind = Kind::Stock(StockChange::Uploaded {
            user: who.user,
            client,
            stored,
        });
        Ok(self.made(env.now, kind, Outcome::Accepted, audit))
    }

    fn request<P: CryptoProvider>(
        &mut self,
        from: String,
        target: &MimiUri,
        body: &Bytes,
        env: &Env<'_, P, ()>,
    ) -> Result<Step<Self>, Rejection> {
        let verdict = judge(&self.state, &from, target, body, env)?;
        let actor = verdict.requester.map_or(Actor::Provider(from), Actor::User);
        let audit = audit(actor, verdict.action, CLAIM);
        let outcome = Outcome::Response(verdict.response);
        Ok(match verdict.change {
            Some(change) => self.made(env.now, Kind::Stock(change), outcome, audit),
            None => unchanged(outcome, audit),
        })
    }

    pub(super) fn ours(&self, user: &MimiUri) -> Result<(), Rejection> {
        if user.domain() == self.state.domain {
            Ok(())
        } else {
            Err(Rejection::NotOurs(user.clone()))
        }
    }
}

impl Engine for KeyMaterial {
    type Input = Input;
    type Outcome = Outcome;
    type Local = Local;
    type Entry = Entry;
    type Snapshot = Snapshot;
    type Rejection = Rejection;
    type Corrupt = Corrupt;
    type Keys = ();

    fn step<P: CryptoProvider>(
        &mut self,
        input: Input,
        env: &Env<'_, P, ()>,
    ) -> Result<Step<Self>, Rejection> {
        let now = env.now;
        match input {
            Input::Upload { client, package } => self.upload(client, &package, env),
            Input::Request { from, target, body } => self.request(from, &target, &body, env),
            Input::ConsentRequested { from, body } => self.consent_requested(now, from, body),
            Input::ConsentUpdated { from, body } => self.consent_updated(now, from, body),
            Input::Ask { scope } => {
                self.ask(now, scope, ConsentOperation::Request, "request consent")
            }
            Input::Cancel { scope } => {
                let action = "cancel a request for consent";
                self.ask(now, scope, ConsentOperation::Cancel, action)
            }
            Input::Grant { scope, notice } => self.grant(now, scope, notice),
            Input::Revoke { scope, tell } => {
                self.decide(now, scope, ConsentOperation::Revoke, Vec::new(), tell)
            }
            Input::CallResult { seq, answer } => Ok(self.call_result(now, seq, &answer)),
            Input::RemoveClient { user, client } => {
                let changes = self.state.has_client(&user, &client);
                let kind = Kind::Stock(StockChange::ClientRemoved { user, client });
                Ok(self.host(now, "remove a client", kind, changes))
            }
            Input::DeleteUser { user } => {
                let changes = self.state.is_user(&user);
                Ok(self.host(
                    now,
                    "delete a user",
                    Kind::Stock(StockChange::UserDeleted(user)),
                    changes,
                ))
            }
            Input::Welcomed { refs } => {
                let changes = self.state.remembers(&refs);
                Ok(self.host(
                    now,
                    "route a Welcome",
                    Kind::Stock(StockChange::Welcomed(refs)),
                    changes,
                ))
            }
            Input::Delivered { seq } => {
                let changes = self.state.is_undelivered(seq);
                Ok(self.host(now, "delivered", Kind::Delivered(seq), changes))
            }
            Input::Tick => {
                let changes = self.next_deadline().is_some_and(|due| due <= now);
                Ok(self.host(now, "tick", Kind::Ticked, changes))
            }
        }
    }

    fn replay(&mut self, entry: &Entry) -> Result<(), Corrupt> {
        self.state.replay(entry.open()?)
    }

    fn snapshot(&self) -> Result<Snapshot, Corrupt> {
        Ok(Saved::new(self.state.clone()))
    }

    fn restore(snapshot: &Snapshot) -> Result<Self, Corrupt> {
        snapshot.open().map(|state| KeyMaterial {
            state: state.clone(),
        })
    }

    fn owed(&self) -> Vec<Output<Local>> {
        self.state.owed()
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        self.state.next_deadline()
    }
}

pub(super) fn audit(actor: Actor, action: &'static str, clause: &'static str) -> Audit {
    Audit {
        actor,
        action,
        epoch: None,
        clause,
    }
}

pub(super) fn unchanged(outcome: Outcome, audit: Audit) -> Step<KeyMaterial> {
    Step {
        entry: None,
        outcome,
        outputs: Vec::new(),
        audit,
    }
}
