//! The state of [`KeyMaterial`](super::KeyMaterial), and the one place that
//! changes it.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use serde::{Deserialize, Serialize};

use super::change::{Change, ConsentChange, Kind, StockChange, Taken};
use super::claim::Disclosure;
use super::consent::Consent;
use super::io::Local;
use super::stock::Stock;
use crate::delivery::{Corrupt, Fate, Queue, Recent};
use crate::engine::{Effect, Output, Seq};
use crate::wire::{Endpoint, Party};

/// Milliseconds for which a claim's answer is repeated to an identical request:
/// several retries, but less than it takes to add a user, remove the user and
/// add the user again in earnest.
pub const ANSWER_MEMORY_MILLIS: u64 = 5 * 60 * 1_000;

/// Most claims whose answers are remembered; the oldest is forgotten first.
pub const MAX_ANSWERS: usize = 1024;

/// Milliseconds between two clearances of what has expired. Nothing expired is
/// used in between.
pub const PURGE_MILLIS: u64 = 60 * 60 * 1_000;

/// Everything that [`KeyMaterial`](super::KeyMaterial) knows; what a snapshot
/// holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub(super) domain: String,
    pub(super) disclosure: Disclosure,
    pub(super) users: BTreeMap<MimiUri, Stock>,
    pub(super) consent: Consent,
    /// By `KeyPackageRef`.
    pub(super) routes: BTreeMap<Bytes, Route>,
    answers: VecDeque<Remembered>,
    /// Consents that were heard of.
    pub(super) heard: Recent,
    pub(super) peers: BTreeMap<String, Queue>,
    local: BTreeMap<Seq, Local>,
    next_seq: u64,
    next_purge: Option<Timestamp>,
    /// How many changes were made.
    changes: u64,
}

/// For whom a KeyPackage was handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Route {
    pub(super) client: MimiUri,
    /// Only for this room.
    pub(super) room: Option<MimiUri>,
    not_after: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    hash: Bytes,
    response: Bytes,
    references: Vec<Bytes>,
    until: Timestamp,
}

impl State {
    pub(super) fn new(domain: String, disclosure: Disclosure) -> Self {
        State {
            domain,
            disclosure,
            users: BTreeMap::new(),
            consent: Consent::default(),
            routes: BTreeMap::new(),
            answers: VecDeque::new(),
            heard: Recent::default(),
            peers: BTreeMap::new(),
            local: BTreeMap::new(),
            next_seq: 0,
            next_purge: None,
            changes: 0,
        }
    }

    /// Makes a change that was just decided.
    pub(super) fn make(&mut self, now: Timestamp, kind: Kind) -> (Change, Vec<Output<Local>>) {
        let change = Change {
            number: self.changes,
            now,
            kind,
        };
        let outputs = self.apply(&change);
        (change, outputs)
    }

    /// Makes a change again.
    pub(super) fn replay(&mut self, change: &Change) -> Result<(), Corrupt> {
        if change.number != self.changes {
            return Err(Corrupt::OutOfPlace {
                expected: self.changes,
                found: change.number,
            });
        }
        self.apply(change);
        Ok(())
    }

    fn apply(&mut self, change: &Change) -> Vec<Output<Local>> {
        self.changes = self.changes.saturating_add(1);
        let mut outputs = Vec::new();
        match &change.kind {
            Kind::Stock(stock) => self.apply_stock(stock.clone()),
            Kind::Consent(consent) => self.apply_consent(consent.clone(), &mut outputs),
            Kind::Settled { peer, seq, fate } => self.settle(peer, *seq, *fate, change.now),
            Kind::Delivered(seq) => {
                self.local.remove(seq);
            }
            Kind::Ticked => {}
        }
        self.purge(change.now);
        for queue in self.peers.values_mut() {
            outputs.extend(queue.due(change.now).map(|(seq, call)| Output {
                seq,
                effect: Effect::Call(call),
            }));
        }
        outputs
    }

    fn apply_stock(&mut self, change: StockChange) {
        match change {
            StockChange::Uploaded {
                user,
                client,
                stored,
            } => {
                let stock = self.users.entry(user).or_default();
                stock.deleted = false;
                stock.add(&client, stored);
            }
            StockChange::ClientRemoved { user, client } => {
                if let Some(stock) = self.users.get_mut(&user) {
                    stock.remove_client(&client);
                }
                self.routes.retain(|_, route| route.client != client);
            }
            StockChange::UserDeleted(user) => self.delete(&user),
            StockChange::Claimed {
                target,
                room,
                hash,
                response,
                until,
                taken,
            } => {
                let references = taken.iter().map(|t| t.reference.clone()).collect();
                self.take(&target, room.as_ref(), taken);
                self.remember(Remembered {
                    hash,
                    response,
                    references,
                    until,
                });
            }
            StockChange::Welcomed(references) => self
                .answers
                .retain(|a| !a.references.iter().any(|r| references.contains(r))),
        }
    }

    fn apply_consent(&mut self, change: ConsentChange, outputs: &mut Vec<Output<Local>>) {
        match change {
            ConsentChange::Asked {
                scope,
                cancel,
                entry,
            } => {
                if cancel {
                    self.consent.cancel(&scope);
                } else {
                    self.consent.ask(&scope);
                }
                self.tell(scope.target_uri, entry, outputs);
            }
            ConsentChange::Decided {
                scope,
                granted,
                taken,
                call,
            } => {
                self.consent.decide(&scope, granted);
                self.take(&scope.target_uri, scope.room_id.as_ref(), taken);
                if let Some(body) = call {
                    let peer = scope.requester_uri.domain().to_owned();
                    let requester = Party::User(scope.requester_uri);
                    self.call(peer, Endpoint::UpdateConsent { requester }, body);
                }
            }
            ConsentChange::Heard { hash, user, entry } => {
                self.heard.add(hash);
                self.tell(user, entry, outputs);
            }
            ConsentChange::Asking { target, body } => {
                let peer = target.domain().to_owned();
                let target = Party::User(target);
                self.call(peer, Endpoint::RequestConsent { target }, body);
            }
        }
    }

    /// Notes what was handed out.
    fn take(&mut self, target: &MimiUri, room: Option<&MimiUri>, taken: Vec<Taken>) {
        let Some(stock) = self.users.get_mut(target) else {
            return;
        };
        for taken in taken {
            stock.spend(&taken.client, &taken.reference);
            let route = Route {
                client: taken.client,
                room: room.filter(|_| !taken.last_resort).cloned(),
                not_after: taken.not_after,
            };
            self.routes.insert(taken.reference, route);
        }
    }

    fn remember(&mut self, answer: Remembered) {
        self.answers.retain(|a| a.hash != answer.hash);
        self.answers.push_back(answer);
        if self.answers.len() > MAX_ANSWERS {
            self.answers.pop_front();
        }
    }

    fn delete(&mut self, user: &MimiUri) {
        let Some(stock) = self.users.get_mut(user) else {
            return;
        };
        self.routes.retain(|_, route| !stock.has(&route.client));
        stock.delete();
        self.consent.forget(user);
    }

    fn tell(&mut self, user: MimiUri, entry: Bytes, outputs: &mut Vec<Output<Local>>) {
        let seq = self.number();
        let local = Local::Consent { user, entry };
        self.local.insert(seq, local.clone());
        outputs.push(Output {
            seq,
            effect: Effect::Local(local),
        });
    }

    fn call(&mut self, peer: String, endpoint: Endpoint, body: Bytes) {
        let seq = self.number();
        let queue = self
            .peers
            .entry(peer.clone())
            .or_insert_with(|| Queue::new(peer));
        // The step that decided on this has checked that there is room.
        let _ = queue.push(seq, endpoint, body);
    }

    fn settle(&mut self, peer: &str, seq: Seq, fate: Fate, now: Timestamp) {
        if let Some(queue) = self.peers.get_mut(peer) {
            // The audit of the step says what became of it.
            let _ = queue.settle(seq, fate, now);
            if queue.is_empty() {
                self.peers.remove(peer);
            }
        }
    }

    fn purge(&mut self, now: Timestamp) {
        if self.next_purge.is_some_and(|due| due <= now) {
            self.routes.retain(|_, route| route.not_after >= now);
            self.answers.retain(|answer| answer.until > now);
            for stock in self.users.values_mut() {
                stock.purge(now);
            }
            self.next_purge = None;
        }
        let idle = self.routes.is_empty() && self.users.is_empty();
        if self.next_purge.is_none() && !idle {
            self.next_purge = Some(now.plus_millis(PURGE_MILLIS));
        }
    }

    fn number(&mut self) -> Seq {
        let seq = Seq(self.next_seq);
        self.next_seq = self.next_seq.saturating_add(1);
        seq
    }

    /// The first answer to an identical request.
    pub(super) fn answer_to(&self, hash: &Bytes, now: Timestamp) -> Option<Bytes> {
        let mut answers = self.answers.iter();
        answers
            .find(|answer| answer.hash == *hash && answer.until > now)
            .map(|answer| answer.response.clone())
    }

    pub(super) fn is_user(&self, user: &MimiUri) -> bool {
        let stock = self.users.get(user);
        stock.is_some_and(|stock| !stock.deleted)
    }

    pub(super) fn has_client(&self, user: &MimiUri, client: &MimiUri) -> bool {
        let stock = self.users.get(user);
        stock.is_some_and(|stock| stock.has(client))
    }

    /// Whether some remembered answer holds one of these KeyPackages.
    pub(super) fn remembers(&self, references: &[Bytes]) -> bool {
        let mut known = self.answers.iter().flat_map(|answer| &answer.references);
        known.any(|reference| references.contains(reference))
    }

    /// To which peer the call `seq` went.
    pub(super) fn sent_to(&self, seq: Seq) -> Option<&str> {
        let mut queues = self.peers.values();
        queues
            .find(|queue| queue.sent().is_some_and(|(sent, _)| sent == seq))
            .map(Queue::peer)
    }

    pub(super) fn is_undelivered(&self, seq: Seq) -> bool {
        self.local.contains_key(&seq)
    }

    pub(super) fn owed(&self) -> Vec<Output<Local>> {
        let local = self.local.iter().map(|(seq, local)| Output {
            seq: *seq,
            effect: Effect::Local(local.clone()),
        });
        let calls = self.peers.values().filter_map(|queue| {
            queue.owed().map(|(seq, call)| Output {
                seq,
                effect: Effect::Call(call),
            })
        });
        let mut all: Vec<_> = local.chain(calls).collect();
        all.sort_by_key(|output| output.seq);
        all
    }

    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        let queues = self.peers.values().filter_map(Queue::next_deadline);
        queues.chain(self.next_purge).min()
    }
}
