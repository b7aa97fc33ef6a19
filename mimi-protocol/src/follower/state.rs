//! The state of a room, and the one place that changes it.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use serde::{Deserialize, Serialize};

use super::change::{Change, Echo, Kind};
use super::io::{Local, Reply};
use super::requests::MAX_REQUESTS;
use crate::delivery::{Corrupt, Queue, Recent};
use crate::engine::{Effect, Output, Seq};
use crate::wire::Endpoint;

/// How many submissions are remembered to recognise the hub's copy: more than
/// the hub's answers can be behind by, given [`MAX_REQUESTS`] for a client.
pub const MAX_ECHOES: usize = 1024;

/// Most messages and replies that wait for the host to deliver them: a room's
/// busiest hour, while a host that delivers into mailboxes takes milliseconds.
pub const MAX_UNDELIVERED: usize = 16_384;

/// Everything that a [`Room`](super::Room) knows; what a snapshot holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub(super) room: MimiUri,
    /// Learned from the first message that shows it, if not given.
    pub(super) group_id: Option<Bytes>,
    pub(super) epoch: Option<u64>,
    pub(super) clients: BTreeMap<MimiUri, Membership>,
    pub(super) recent: Recent,
    echoes: VecDeque<Echo>,
    pub(super) requests: BTreeMap<MimiUri, Queue>,
    /// What is owed to clients, by the first number of each.
    local: BTreeMap<Seq, Owed>,
    next_seq: u64,
    /// How many changes were made.
    changes: u64,
}

/// Whether a local client is in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Membership {
    Joined,
    /// It is if the hub accepts this commit.
    Joining(Seq),
}

/// One thing for those clients that have not got it yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Owed {
    what: What,
    to: BTreeMap<Seq, MimiUri>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum What {
    Message(Bytes),
    Reply {
        request: Seq,
        endpoint: Endpoint,
        reply: Reply,
    },
}

impl What {
    fn output(&self, seq: Seq, client: &MimiUri) -> Output<Local> {
        let client = client.clone();
        let local = match self.clone() {
            What::Message(message) => Local::Deliver { client, message },
            What::Reply {
                request,
                endpoint,
                reply,
            } => Local::Reply {
                client,
                request,
                endpoint,
                reply,
            },
        };
        Output {
            seq,
            effect: Effect::Local(local),
        }
    }
}

impl State {
    pub(super) fn new(room: MimiUri, group_id: Option<Bytes>) -> Self {
        State {
            room,
            group_id,
            epoch: None,
            clients: BTreeMap::new(),
            recent: Recent::default(),
            echoes: VecDeque::new(),
            requests: BTreeMap::new(),
            local: BTreeMap::new(),
            next_seq: 0,
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
            Kind::Joined(client) => {
                self.clients.insert(client.clone(), Membership::Joined);
            }
            Kind::Left(client) => {
                self.clients.remove(client);
            }
            Kind::Notified {
                hash,
                group_id,
                epoch,
                joined,
                batches,
            } => {
                self.recent.add(hash.clone());
                self.group_id.clone_from(group_id);
                self.epoch = *epoch;
                let joined = joined.iter().cloned();
                self.clients
                    .extend(joined.map(|client| (client, Membership::Joined)));
                for batch in batches {
                    let what = What::Message(batch.message.clone());
                    self.owe(what, &batch.clients, &mut outputs);
                }
            }
            Kind::Requested { .. } => self.requested(&change.kind),
            Kind::Answered { .. } => self.answered(change, &mut outputs),
            Kind::Delivered(seq) => self.delivered(*seq),
            Kind::Ticked => {}
        }
        for queue in self.requests.values_mut() {
            outputs.extend(queue.due(change.now).map(|(seq, call)| Output {
                seq,
                effect: Effect::Call(call),
            }));
        }
        outputs
    }

    fn requested(&mut self, kind: &Kind) {
        let Kind::Requested {
            client,
            endpoint,
            body,
            echo,
            joining,
        } = kind
        else {
            return;
        };
        let seq = self.number();
        let hub = self.room.domain();
        let queue = self
            .requests
            .entry(client.clone())
            .or_insert_with(|| Queue::new(hub));
        // The step that decided on this has checked that there is room.
        if queue.push(seq, endpoint.clone(), body.clone()).is_err() {
            return;
        }
        if *joining {
            self.clients
                .entry(client.clone())
                .or_insert(Membership::Joining(seq));
        }
        if let Some(echo) = echo {
            self.echoes.push_back(Echo {
                request: Some(seq),
                ..echo.clone()
            });
            if self.echoes.len() > MAX_ECHOES {
                self.echoes.pop_front();
            }
        }
    }

    fn answered(&mut self, change: &Change, outputs: &mut Vec<Output<Local>>) {
        let Kind::Answered {
            client,
            seq,
            fate,
            reply,
            accepted,
        } = &change.kind
        else {
            return;
        };
        if let Some(queue) = self.requests.get_mut(client) {
            // Whether it was dropped or done, the reply says so.
            let _ = queue.settle(*seq, *fate, change.now);
            if queue.is_empty() {
                self.requests.remove(client);
            }
        }
        let Some((endpoint, reply)) = reply else {
            return;
        };
        if self.clients.get(client) == Some(&Membership::Joining(*seq)) {
            if *accepted {
                self.clients.insert(client.clone(), Membership::Joined);
            } else {
                self.clients.remove(client);
            }
        }
        let echo = self.echoes.iter_mut().find(|e| e.request == Some(*seq));
        if let Some(echo) = echo.filter(|_| *accepted) {
            echo.suppressed = true;
        }
        let what = What::Reply {
            request: *seq,
            endpoint: endpoint.clone(),
            reply: reply.clone(),
        };
        self.owe(what, std::slice::from_ref(client), outputs);
    }

    fn delivered(&mut self, seq: Seq) {
        let Some((first, owed)) = self.local.range_mut(..=seq).next_back() else {
            return;
        };
        owed.to.remove(&seq);
        if owed.to.is_empty() {
            let first = *first;
            self.local.remove(&first);
        }
    }

    fn owe(&mut self, what: What, clients: &[MimiUri], outputs: &mut Vec<Output<Local>>) {
        let to: BTreeMap<Seq, MimiUri> = clients
            .iter()
            .map(|client| (self.number(), client.clone()))
            .collect();
        outputs.extend(to.iter().map(|(seq, client)| what.output(*seq, client)));
        if let Some(first) = to.keys().next().copied() {
            self.local.insert(first, Owed { what, to });
        }
    }

    /// The number of the next output.
    pub(super) fn upcoming(&self) -> Seq {
        Seq(self.next_seq)
    }

    fn number(&mut self) -> Seq {
        let seq = self.upcoming();
        self.next_seq = self.next_seq.saturating_add(1);
        seq
    }

    /// Which client does without this message because it sent it.
    pub(super) fn sender_of(&self, hash: &Bytes) -> Option<&MimiUri> {
        let mut echoes = self.echoes.iter();
        echoes
            .find(|echo| echo.suppressed && echo.hash == *hash)
            .map(|echo| &echo.client)
    }

    /// Whose request `seq` is, and to which endpoint it went.
    pub(super) fn sent(&self, seq: Seq) -> Option<(&MimiUri, &Endpoint)> {
        self.requests.iter().find_map(|(client, queue)| {
            let (sent, endpoint) = queue.sent()?;
            (sent == seq).then_some((client, endpoint))
        })
    }

    pub(super) fn is_undelivered(&self, seq: Seq) -> bool {
        let batch = self.local.range(..=seq).next_back();
        batch.is_some_and(|(_, owed)| owed.to.contains_key(&seq))
    }

    pub(super) fn is_clogged(&self) -> bool {
        self.local.len() >= MAX_UNDELIVERED
    }

    pub(super) fn has_too_many_requests(&self, client: &MimiUri) -> bool {
        let queue = self.requests.get(client);
        queue.is_some_and(|queue| queue.len() >= MAX_REQUESTS)
    }

    pub(super) fn owed(&self) -> Vec<Output<Local>> {
        let local = self.local.values().flat_map(|owed| {
            let to = owed.to.iter();
            to.map(|(seq, client)| owed.what.output(*seq, client))
        });
        let calls = self.requests.values().filter_map(|queue| {
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
        self.requests
            .values()
            .filter_map(Queue::next_deadline)
            .min()
    }
}
