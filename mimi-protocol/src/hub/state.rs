//! What a room keeps beside its MLS group, and the one place that changes it.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use serde::{Deserialize, Serialize};

use super::change::{Answered, Change, Fanout, Kind, Pending, Relay, Route};
use super::io::Local;
use crate::delivery::{Corrupt, Fate, Queue};
use crate::engine::{Effect, Output, Seq};
use crate::mls::roster::Roster;

/// Most proposals that wait for a commit: the clients of a few users who leave,
/// and well within what one GroupInfo response carries.
pub const MAX_PENDING: usize = 256;

/// How many answers are kept to be repeated. A client that repeats a commit later
/// than that is told `wrongEpoch`, and hears of its fate by the fan-out.
pub const MAX_ANSWERS: usize = 256;

/// Most requests for key material that wait for other providers at once.
pub const MAX_RELAYS: usize = 256;

/// Everything but the MLS group and what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Book {
    pub(super) room: MimiUri,
    /// The GroupInfo of this epoch, without the tree.
    pub(super) group_info: Bytes,
    pub(super) roster: Roster,
    pub(super) pending: Vec<Pending>,
    /// Which provider handed out a KeyPackage, by its reference.
    pub(super) routes: BTreeMap<Bytes, Route>,
    pub(super) queues: BTreeMap<String, Queue>,
    /// Requests of our callers that wait for another provider's answer.
    pub(super) relays: BTreeMap<Seq, Relay>,
    local: BTreeMap<Seq, Local>,
    answers: VecDeque<Answered>,
    last_accepted: Timestamp,
    next_seq: u64,
    pub(super) changes: u64,
}

impl Book {
    pub(super) fn new(room: MimiUri, group_info: Bytes, roster: Roster) -> Self {
        Book {
            room,
            group_info,
            roster,
            pending: Vec::new(),
            routes: BTreeMap::new(),
            queues: BTreeMap::new(),
            relays: BTreeMap::new(),
            local: BTreeMap::new(),
            answers: VecDeque::new(),
            last_accepted: Timestamp::default(),
            next_seq: 0,
            changes: 0,
        }
    }

    /// When something that comes now is accepted: later than all before, so that
    /// the order of the room shows in its timestamps.
    pub(super) fn accept_time(&self, now: Timestamp) -> Timestamp {
        now.max(self.last_accepted.plus_millis(1))
    }

    /// The answer that the same request got before.
    pub(super) fn answer(&self, hash: &Bytes) -> Option<&Bytes> {
        let mut answers = self.answers.iter().rev();
        answers.find(|a| a.hash == *hash).map(|a| &a.reply)
    }

    /// Records all of a change but its commit, and returns the local outputs
    /// that are newly due.
    pub(super) fn record(&mut self, change: &Change) -> Result<Vec<Output<Local>>, Corrupt> {
        if change.number != self.changes {
            return Err(Corrupt::OutOfPlace {
                expected: self.changes,
                found: change.number,
            });
        }
        self.changes = self.changes.saturating_add(1);
        if let Some(accepted) = change.kind.accepted() {
            self.last_accepted = accepted;
        }
        let mut due = self.settle(change);
        if let Some(answer) = &change.answer {
            self.answers.push_back(answer.clone());
            if self.answers.len() > MAX_ANSWERS {
                self.answers.pop_front();
            }
        }
        for fanout in &change.fanout {
            due.extend(self.push(fanout));
        }
        for local in &change.local {
            due.push(self.owe(local.clone()));
        }
        Ok(due)
    }

    fn settle(&mut self, change: &Change) -> Vec<Output<Local>> {
        let mut due = Vec::new();
        match &change.kind {
            Kind::Committed { used, .. } => {
                self.routes.retain(|reference, _| !used.contains(reference));
            }
            Kind::Relayed(relay) => {
                let seq = self.next();
                self.relays.insert(seq, relay.clone());
                due.push(relay.output(seq));
            }
            Kind::RelayAnswered { seq, routes } => {
                self.relays.remove(seq);
                let now = change.now.as_secs();
                self.routes.retain(|_, route| route.not_after >= now);
                self.routes.extend(routes.iter().cloned());
            }
            Kind::Settled { peer, seq, fate } => self.settle_call(peer, *seq, fate, change.now),
            Kind::Delivered(seq) => {
                self.local.remove(seq);
            }
            Kind::Proposed { pending, .. } => self.pending.extend(pending.iter().cloned()),
            Kind::Submitted { .. } | Kind::Ticked => {}
        }
        due
    }

    fn settle_call(&mut self, peer: &str, seq: Seq, fate: &Fate, now: Timestamp) {
        if let Some(queue) = self.queues.get_mut(peer) {
            // What was dropped is in the audit of the step that settled it.
            let _ = queue.settle(seq, *fate, now);
            if queue.is_empty() {
                self.queues.remove(peer);
            }
        }
    }

    /// Queues one body for several peers. One that has taken nothing for so long
    /// that its queue is full loses what waits for it: a room does not stop for
    /// one provider, and its clients can join again.
    pub(super) fn push(&mut self, fanout: &Fanout) -> Vec<Output<Local>> {
        let mut due = Vec::new();
        for peer in &fanout.peers {
            let seq = self.next();
            let new = || Queue::new(peer.clone());
            let queue = self.queues.entry(peer.clone()).or_insert_with(new);
            let (endpoint, body) = (fanout.endpoint.clone(), fanout.body.clone());
            if queue.push(seq, endpoint.clone(), body.clone()).is_err() {
                *queue = new();
                // A new queue takes its first message.
                let _ = queue.push(seq, endpoint, body);
                due.push(self.owe(Local::PeerLost { peer: peer.clone() }));
            }
        }
        due
    }

    fn owe(&mut self, local: Local) -> Output<Local> {
        let seq = self.next();
        self.local.insert(seq, local.clone());
        let effect = Effect::Local(local);
        Output { seq, effect }
    }

    /// The calls whose time has come; each is outstanding from now on.
    pub(super) fn calls_due(&mut self, now: Timestamp) -> Vec<Output<Local>> {
        let due = self.queues.values_mut().filter_map(|queue| queue.due(now));
        due.map(|(seq, call)| Output {
            seq,
            effect: Effect::Call(call),
        })
        .collect()
    }

    /// The peer whose queue has this call outstanding.
    pub(super) fn peer_of(&self, seq: Seq) -> Option<&str> {
        let mut queues = self.queues.values();
        let queue = queues.find(|queue| queue.sent().is_some_and(|(sent, _)| sent == seq))?;
        Some(queue.peer())
    }

    pub(super) fn is_local(&self, seq: Seq) -> bool {
        self.local.contains_key(&seq)
    }

    /// Whether some call is due.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.next_deadline().is_some_and(|deadline| deadline <= now)
    }

    pub(super) fn owed(&self) -> Vec<Output<Local>> {
        let calls = self.queues.values().filter_map(Queue::owed);
        let calls = calls.map(|(seq, call)| (seq, Effect::Call(call)));
        let local = self.local.iter();
        let local = local.map(|(seq, local)| (*seq, Effect::Local(local.clone())));
        let relays = self.relays.iter();
        let relays = relays.map(|(seq, relay)| (*seq, relay.output(*seq).effect));
        let all: BTreeMap<Seq, Effect<Local>> = calls.chain(local).chain(relays).collect();
        all.into_iter()
            .map(|(seq, effect)| Output { seq, effect })
            .collect()
    }

    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        self.queues.values().filter_map(Queue::next_deadline).min()
    }

    fn next(&mut self) -> Seq {
        let seq = Seq(self.next_seq);
        self.next_seq = self.next_seq.saturating_add(1);
        seq
    }
}
