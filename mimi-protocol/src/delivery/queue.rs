//! One peer's requests, in order, one outstanding at a time.

use std::collections::VecDeque;

use bytes::Bytes;
use mimi_content::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::{Answer, Call, Seq};
use crate::wire::Endpoint;

/// Most requests that wait for one peer, the outstanding one included: about a
/// week of a busy room (one message in two and a half minutes), or a burst of a
/// few minutes; a peer that is further behind is better served by a fresh start
/// than by the rest of the backlog.
pub const MAX_QUEUED: usize = 4096;

/// Milliseconds from the first failed attempt to the second.
pub const FIRST_RETRY_MILLIS: u64 = 1_000;

/// Longest time, in milliseconds, between two attempts when the peer asks for
/// nothing: an outage that has ended is noticed within a quarter of an hour.
pub const MAX_RETRY_MILLIS: u64 = 15 * 60 * 1_000;

/// Longest time, in milliseconds, that a peer may ask us to wait before the
/// next attempt; more would let it hold a queue for ever by one bad header.
pub const MAX_RETRY_AFTER_MILLIS: u64 = 24 * 60 * 60 * 1_000;

/// What is owed to one peer (for one room), oldest first.
///
/// Every method depends on its arguments and the state alone, so a journal that
/// holds the arguments replays to the same queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    peer: String,
    items: VecDeque<Item>,
    head: Head,
    /// How often the oldest request was sent.
    attempts: u32,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Item {
    seq: Seq,
    endpoint: Endpoint,
    body: Bytes,
}

impl std::fmt::Debug for Item {
    /// The body is left out: a report holds what people wrote.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (seq, octets) = (self.seq, self.body.len());
        write!(
            f,
            "Item {{ {seq:?}, {:?}, {octets} octets }}",
            self.endpoint
        )
    }
}

/// Where the oldest request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Head {
    /// Not sent, or to be sent again, from this time on.
    Waiting { until: Timestamp },
    /// Sent; no answer yet.
    Outstanding,
}

impl Head {
    const AT_ONCE: Head = Head::Waiting {
        until: Timestamp::from_millis(0),
    };
}

/// What became of a request, as far as a [`Queue`] cares: an [`Answer`] without
/// its body, to be journalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// The peer took it.
    Done,
    /// The peer refused it for good.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// It is to be sent again.
    Retry {
        /// Not before this time, if the peer said so.
        not_before: Option<Timestamp>,
    },
}

impl From<&Answer> for Fate {
    fn from(answer: &Answer) -> Self {
        match *answer {
            Answer::Done(_) => Fate::Done,
            Answer::Refused { status } => Fate::Refused { status },
            Answer::Retry { not_before } => Fate::Retry { not_before },
        }
    }
}

/// What [`Queue::settle`] made of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a dropped request must be reported, and the next may be due"]
pub enum Settled {
    /// The request has arrived; the next one may be due.
    Delivered,
    /// The peer will never take the request, so it was dropped; the next one
    /// may be due. An engine puts this into its audit.
    Dropped {
        /// The HTTP status with which the peer refused it.
        status: u16,
    },
    /// The request will be due again.
    Deferred {
        /// The earliest time of the next attempt.
        until: Timestamp,
    },
    /// Nothing waits for this answer; nothing changed.
    Ignored,
}

/// A request that finds [`MAX_QUEUED`] others before it; the queue is as it was.
/// The peer is at fault: it has not answered for long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{MAX_QUEUED} requests wait for {peer} already")]
pub struct QueueFull {
    /// The domain of the peer.
    pub peer: String,
}

impl Queue {
    /// A queue for the provider at the domain `peer`, with nothing owed.
    #[must_use]
    pub fn new(peer: impl Into<String>) -> Self {
        Queue {
            peer: peer.into(),
            items: VecDeque::new(),
            head: Head::AT_ONCE,
            attempts: 0,
        }
    }

    /// Puts a request behind the others. [`Queue::due`] hands it out when its
    /// turn comes, at once if it is the only one.
    ///
    /// # Errors
    /// When [`MAX_QUEUED`] requests wait already.
    pub fn push(&mut self, seq: Seq, endpoint: Endpoint, body: Bytes) -> Result<(), QueueFull> {
        if self.is_full() {
            return Err(QueueFull {
                peer: self.peer.clone(),
            });
        }
        self.items.push_back(Item {
            seq,
            endpoint,
            body,
        });
        Ok(())
    }

    /// Takes the oldest request to be sent, if it is time and none is
    /// outstanding. It then stays outstanding until it is settled.
    pub fn due(&mut self, now: Timestamp) -> Option<(Seq, Call)> {
        match self.head {
            Head::Waiting { until } if until <= now => {}
            _ => return None,
        }
        let due = self.oldest()?;
        self.head = Head::Outstanding;
        self.attempts = self.attempts.saturating_add(1);
        Some(due)
    }

    /// The outstanding request, which a host must send again after a restore.
    #[must_use]
    pub fn owed(&self) -> Option<(Seq, Call)> {
        match self.head {
            Head::Outstanding => self.oldest(),
            Head::Waiting { .. } => None,
        }
    }

    /// Takes what became of the request `seq` at the time `now`.
    ///
    /// A definite answer counts even when the request was put off in the
    /// meantime, so a late success ends the retries. Any other answer that is
    /// not waited for is ignored.
    pub fn settle(&mut self, seq: Seq, fate: impl Into<Fate>, now: Timestamp) -> Settled {
        let sent = self.sent().is_some_and(|(sent, _)| sent == seq);
        match fate.into() {
            Fate::Done if sent => {
                self.forget_oldest();
                Settled::Delivered
            }
            Fate::Refused { status } if sent => {
                self.forget_oldest();
                Settled::Dropped { status }
            }
            Fate::Retry { not_before } if sent && self.head == Head::Outstanding => {
                let until = self.retry_at(now, not_before);
                self.head = Head::Waiting { until };
                Settled::Deferred { until }
            }
            _ => Settled::Ignored,
        }
    }

    /// When [`Queue::due`] has something to give; `None` while a request is
    /// outstanding or nothing is owed.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        match self.head {
            Head::Waiting { until } if !self.items.is_empty() => Some(until),
            _ => None,
        }
    }

    /// The domain of the peer.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.peer
    }

    /// The oldest request, if it was sent at least once, so that an answer to it
    /// may come.
    #[must_use]
    pub fn sent(&self) -> Option<(Seq, &Endpoint)> {
        let oldest = self.items.front().filter(|_| self.attempts > 0)?;
        Some((oldest.seq, &oldest.endpoint))
    }

    /// How many requests are owed, the outstanding one included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing is owed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether [`Queue::push`] would fail.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.items.len() >= MAX_QUEUED
    }

    fn oldest(&self) -> Option<(Seq, Call)> {
        self.items.front().map(|item| {
            let call = Call {
                peer: self.peer.clone(),
                endpoint: item.endpoint.clone(),
                body: item.body.clone(),
            };
            (item.seq, call)
        })
    }

    fn forget_oldest(&mut self) {
        self.items.pop_front();
        self.head = Head::AT_ONCE;
        self.attempts = 0;
    }

    /// The wait doubles with every attempt; what the peer asks for counts when
    /// it is longer. Both are capped.
    fn retry_at(&self, now: Timestamp, not_before: Option<Timestamp>) -> Timestamp {
        let doublings = self.attempts.saturating_sub(1);
        let wait = 2u64
            .saturating_pow(doublings)
            .saturating_mul(FIRST_RETRY_MILLIS)
            .min(MAX_RETRY_MILLIS);
        let asked = not_before
            .unwrap_or_default()
            .min(now.plus_millis(MAX_RETRY_AFTER_MILLIS));
        now.plus_millis(wait).max(asked)
    }
}
