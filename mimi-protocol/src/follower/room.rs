//! The engine.

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};

use super::change::{Change, Kind};
use super::error::Rejection;
use super::fanout::fan_out;
use super::io::{Input, Local, Outcome, Reply, Routes};
use super::requests::{RequestKind, check};
use super::state::{Membership, State};
use crate::delivery::{Corrupt, Fate, Recent, Saved};
use crate::engine::{Actor, Answer, Audit, CryptoProvider, Engine, Env, Output, Seq, Step};
use crate::wire::{Decode, Endpoint, UpdateOutcome, UpdateRoomResponse};

const FANOUT: &str = "PROTO, \"Fanout Messages and Room Events\"";

/// A remote room; see the [module](super).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    state: State,
}

/// What a step changed. Kept until the next snapshot.
pub type Entry = Saved<Change>;

/// The whole state.
pub type Snapshot = Saved<State>;

impl Room {
    /// The room `room` with no clients in it. Its hub is the provider at the
    /// domain of its URI. `group_id` is that of its MLS group; without it the
    /// first message that shows one decides.
    #[must_use]
    pub fn new(room: MimiUri, group_id: Option<Bytes>) -> Self {
        Room {
            state: State::new(room, group_id),
        }
    }

    /// The room's URI.
    #[must_use]
    pub fn uri(&self) -> &MimiUri {
        &self.state.room
    }

    /// The MLS epoch that the last handshake or message showed, if any did.
    #[must_use]
    pub fn epoch(&self) -> Option<u64> {
        self.state.epoch
    }

    /// The domain of the hub.
    #[must_use]
    pub fn hub(&self) -> &str {
        self.state.room.domain()
    }

    /// The local clients that get what the hub fans out, in order.
    pub fn clients(&self) -> impl Iterator<Item = &MimiUri> {
        self.state.clients.keys()
    }

    fn made(&mut self, now: Timestamp, kind: Kind, outcome: Outcome, audit: Audit) -> Step<Self> {
        let (change, outputs) = self.state.make(now, kind);
        Step {
            entry: Some(Saved::new(change)),
            outcome,
            outputs,
            audit,
        }
    }

    fn notify(
        &mut self,
        now: Timestamp,
        from: String,
        body: &Bytes,
        routes: &Routes,
    ) -> Result<Step<Self>, Rejection> {
        if from != self.hub() {
            let room = self.state.room.clone();
            return Err(Rejection::NotTheHub { from, room });
        }
        let hash = Recent::hash(body);
        let mut audit = audit(Actor::Provider(from), "notify", FANOUT);
        if self.state.recent.contains(&hash) {
            return Ok(unchanged(Outcome::Duplicate, audit));
        }
        let fanout = fan_out(&self.state, body, routes)?;
        if self.state.is_clogged() {
            return Err(Rejection::TooManyUndelivered);
        }
        audit.epoch = fanout.epoch;
        let kind = Kind::Notified {
            hash,
            group_id: fanout.group_id,
            epoch: fanout.reached,
            joined: fanout.joined.into_iter().collect(),
            batches: fanout.batches,
        };
        Ok(self.made(now, kind, Outcome::Accepted, audit))
    }

    fn request(
        &mut self,
        now: Timestamp,
        client: MimiUri,
        kind: RequestKind,
        body: Bytes,
    ) -> Result<Step<Self>, Rejection> {
        let checked = check(&self.state, &client, kind, &body)?;
        if self.state.has_too_many_requests(&client) {
            return Err(Rejection::TooManyRequests);
        }
        let mut audit = audit(by(&client), kind.name(), kind.clause());
        audit.epoch = checked.epoch;
        let outcome = Outcome::Forwarded(self.state.upcoming());
        let change = Kind::Requested {
            client,
            endpoint: checked.endpoint,
            body,
            echo: checked.echo,
            joining: checked.joining,
        };
        Ok(self.made(now, change, outcome, audit))
    }

    fn call_result(&mut self, now: Timestamp, seq: Seq, answer: Answer) -> Step<Self> {
        let hub = Actor::Provider(self.hub().to_owned());
        let Some((client, endpoint)) = self.state.sent(seq) else {
            return unchanged(Outcome::Ignored, audit(hub, "unexpected answer", FANOUT));
        };
        let fate = Fate::from(&answer);
        let accepted = match (&answer, endpoint) {
            (Answer::Done(body), Endpoint::Update { .. }) => is_success(body),
            (Answer::Done(_), _) => true,
            _ => false,
        };
        let (action, reply) = match answer {
            Answer::Done(body) => ("answer", Some(Reply::Done(body))),
            Answer::Refused { status } => ("refusal", Some(Reply::Refused { status })),
            Answer::Retry { .. } => ("no answer yet", None),
        };
        let kind = Kind::Answered {
            client: client.clone(),
            seq,
            fate,
            reply: reply.map(|reply| (endpoint.clone(), reply)),
            accepted,
        };
        self.made(now, kind, Outcome::Accepted, audit(hub, action, FANOUT))
    }

    /// Makes a change of the host's if it changes anything.
    fn host(
        &mut self,
        now: Timestamp,
        action: &'static str,
        kind: Kind,
        changes: bool,
    ) -> Step<Self> {
        let audit = audit(Actor::Host, action, FANOUT);
        if changes {
            self.made(now, kind, Outcome::Accepted, audit)
        } else {
            unchanged(Outcome::Ignored, audit)
        }
    }
}

impl Engine for Room {
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
            Input::Notify { from, body, routes } => self.notify(now, from, &body, &routes),
            Input::Request { client, kind, body } => self.request(now, client, kind, body),
            Input::ClientJoined { client } => {
                let changes = self.state.clients.get(&client) != Some(&Membership::Joined);
                Ok(self.host(now, "client joined", Kind::Joined(client), changes))
            }
            Input::ClientLeft { client } => {
                let changes = self.state.clients.contains_key(&client);
                Ok(self.host(now, "client left", Kind::Left(client), changes))
            }
            Input::CallResult { seq, answer } => Ok(self.call_result(now, seq, answer)),
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
        snapshot.open().map(|state| Room {
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

/// Whether the hub accepted an update.
fn is_success(body: &Bytes) -> bool {
    UpdateRoomResponse::from_bytes(body)
        .is_ok_and(|response| matches!(response.outcome, UpdateOutcome::Success { .. }))
}

fn by(client: &MimiUri) -> Actor {
    Actor::User(client.user().unwrap_or_else(|| client.clone()))
}

fn audit(actor: Actor, action: &'static str, clause: &'static str) -> Audit {
    Audit {
        actor,
        action,
        epoch: None,
        clause,
    }
}

fn unchanged(outcome: Outcome, audit: Audit) -> Step<Room> {
    Step {
        entry: None,
        outcome,
        outputs: Vec::new(),
        audit,
    }
}
