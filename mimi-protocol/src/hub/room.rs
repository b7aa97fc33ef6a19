//! The engine: its inputs, outputs, entries and snapshots.

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use mimi_policy::{ClientIndex, HubView, RoomPolicy};
use serde::{Deserialize, Serialize};

use super::change::{Answered, Change, Committed, Fanout, Kind};
use super::error::Rejection;
use super::io::{Input, Local, Outcome};
use super::keys::Keys;
use super::state::Book;
use crate::cbor;
use crate::delivery::{Corrupt, Fate, Recent, Saved};
use crate::engine::{Actor, Answer, Audit, CryptoProvider, Engine, Env, Output, Seq, Step};
use crate::mls::PublicState;
use crate::mls::change::{Acts, By, Changes};
use crate::mls::context;
use crate::mls::public::PublicRoomGroup;
use crate::wire::Endpoint;

const FANOUT: &str = "PROTO, Fanout Messages and Room Events";

/// One entry of a room's journal.
pub type Entry = Saved<Bytes>;

/// The whole state of a room.
pub type Snapshot = Saved<Stored>;

/// What a [`Snapshot`] holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    mls: PublicState,
    book: Book,
}

/// What this engine knows beyond its room: nothing. So it hosts no rooms that
/// depend on another, since it cannot look up their participants; and that a room
/// of fixed membership is the only one, its host has to see to.
pub(super) const BEYOND: HubView<'static> = HubView {
    parent: None,
    twin: false,
    envelope: None,
};

/// One hosted room.
#[derive(Debug)]
pub struct Room {
    pub(super) group: PublicRoomGroup,
    /// What the group has agreed on.
    pub(super) policy: RoomPolicy,
    /// That with the pending proposals.
    pub(super) provisional: RoomPolicy,
    pub(super) clients: ClientIndex,
    pub(super) book: Book,
}

/// What to do with an input.
enum Verdict {
    /// Nothing.
    Nothing,
    /// Answer, which changes nothing.
    Answer(Bytes, Audit),
    /// Change the room.
    Change(Box<Decision>),
}

/// What a request leads to, before it is written.
pub(super) struct Decision {
    pub(super) kind: Kind,
    pub(super) reply: Option<Bytes>,
    pub(super) fanout: Vec<Fanout>,
    pub(super) local: Vec<Local>,
    pub(super) outcome: Outcome,
    pub(super) audit: Audit,
}

impl Room {
    /// The room's URI.
    #[must_use]
    pub fn uri(&self) -> &MimiUri {
        &self.book.room
    }

    /// The MLS epoch.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.group.epoch()
    }

    /// What the group has agreed on.
    #[must_use]
    pub fn policy(&self) -> &RoomPolicy {
        &self.policy
    }

    /// What the group has agreed on, with the pending proposals.
    #[must_use]
    pub fn provisional(&self) -> &RoomPolicy {
        &self.provisional
    }

    /// The clients of the group by leaf and user.
    #[must_use]
    pub fn clients(&self) -> &ClientIndex {
        &self.clients
    }

    /// How many proposals wait for a commit.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.book.pending.len()
    }

    pub(super) fn assemble(group: PublicRoomGroup, mut book: Book) -> Result<Self, Corrupt> {
        let dictionary = context::dictionary(group.context());
        let dictionary = dictionary.ok_or_else(|| damaged("there is no dictionary"))?;
        let policy = RoomPolicy::from_components(&dictionary).map_err(damaged)?;
        let clients = book.roster.index();
        let pending = std::mem::take(&mut book.pending);
        let mut room = Room {
            group,
            provisional: policy.clone(),
            policy,
            clients,
            book,
        };
        for pending in &pending {
            room.group.queue(pending.queued.clone());
        }
        room.book.pending = pending;
        room.provisional = room.derive_provisional()?;
        Ok(room)
    }

    /// The policy with everything pending.
    fn derive_provisional(&self) -> Result<RoomPolicy, Corrupt> {
        if self.book.pending.is_empty() {
            return Ok(self.policy.clone());
        }
        let acts = self.pending_acts();
        let judged = self.judge(&acts, None);
        judged.map_err(damaged)
    }

    /// Everything pending, by actor.
    pub(super) fn pending_acts(&self) -> Vec<Acts> {
        let mut changes = Changes::default();
        for pending in &self.book.pending {
            changes.push(pending.by.clone(), pending.act.clone());
        }
        changes.acts
    }

    /// The policy that `acts` lead to, if they are allowed.
    pub(super) fn judge(
        &self,
        acts: &[Acts],
        committer: Option<&By>,
    ) -> Result<RoomPolicy, Rejection> {
        let draft = self.policy.resolve(Changes::updates(acts))?;
        let authorized =
            Changes::judge(acts, committer, &self.clients, Some(BEYOND), |candidate| {
                self.policy.authorize(&draft, candidate)
            })?;
        Ok(authorized.into_policy())
    }

    fn request<P: CryptoProvider>(
        &self,
        peer: &str,
        endpoint: &Endpoint,
        body: &Bytes,
        request: u64,
        env: &Env<'_, P, Keys>,
    ) -> Result<Decision, Rejection> {
        match endpoint {
            Endpoint::Update { room } => {
                self.check(room).and_then(|()| self.update(peer, body, env))
            }
            Endpoint::SubmitMessage { room } => {
                self.check(room).and_then(|()| self.submit(peer, body, env))
            }
            Endpoint::ReportAbuse { room } => {
                self.check(room).and_then(|()| self.report(peer, body, env))
            }
            Endpoint::KeyMaterial { .. } => self.relay(peer, endpoint, body, request),
            _ => Err(Rejection::WrongEndpoint),
        }
    }

    fn check(&self, room: &MimiUri) -> Result<(), Rejection> {
        if *room == self.book.room {
            Ok(())
        } else {
            Err(Rejection::UnknownRoom(room.clone()))
        }
    }

    fn settle<P: CryptoProvider>(
        &self,
        seq: Seq,
        answer: &Answer,
        env: &Env<'_, P, Keys>,
    ) -> Result<Option<Decision>, Rejection> {
        if let Some(relay) = self.book.relays.get(&seq) {
            return self.relay_answered(seq, relay, answer, env).map(Some);
        }
        let Some(peer) = self.book.peer_of(seq).map(str::to_owned) else {
            return Ok(None);
        };
        let audit = |action| Audit {
            actor: Actor::Provider(peer.clone()),
            action,
            epoch: Some(self.epoch()),
            clause: FANOUT,
        };
        let fate = Fate::from(answer);
        let action = match fate {
            Fate::Done => "took what was fanned out",
            Fate::Refused { .. } => "refused what was fanned out",
            Fate::Retry { .. } => "did not take what was fanned out yet",
        };
        let audit = audit(action);
        let kind = Kind::Settled { peer, seq, fate };
        Ok(Some(Decision::quiet(kind, audit)))
    }

    fn decide<P: CryptoProvider>(
        &self,
        input: &Input,
        env: &Env<'_, P, Keys>,
    ) -> Result<Verdict, Rejection> {
        let decision = match input {
            Input::Request {
                peer,
                endpoint,
                body,
                request,
            } => {
                let hash = request_hash(peer, endpoint, body)?;
                if let Some(reply) = self.book.answer(&hash) {
                    return Ok(Verdict::Answer(reply.clone(), self.repeated(peer)));
                }
                if let Endpoint::GroupInfo { room } = endpoint {
                    self.check(room)?;
                    let (reply, audit) = self.group_info(peer, body, env)?;
                    return Ok(Verdict::Answer(reply, audit));
                }
                Some(self.request(peer, endpoint, body, *request, env)?)
            }
            Input::CallResult { seq, answer } => self.settle(*seq, answer, env)?,
            Input::Delivered { seq } if self.book.is_local(*seq) => {
                let audit = host("a local output was delivered", "step contract");
                Some(Decision::quiet(Kind::Delivered(*seq), audit))
            }
            Input::Tick if self.book.is_due(env.now) => {
                let audit = host("a delivery is tried again", FANOUT);
                Some(Decision::quiet(Kind::Ticked, audit))
            }
            Input::Delivered { .. } | Input::Tick => None,
        };
        Ok(decision.map_or(Verdict::Nothing, |d| Verdict::Change(Box::new(d))))
    }

    fn repeated(&self, peer: &str) -> Audit {
        Audit {
            actor: Actor::Provider(peer.to_owned()),
            action: "repeated a request and got its first answer",
            epoch: Some(self.epoch()),
            clause: FANOUT,
        }
    }

    /// Applies a change, live and in replay alike.
    fn apply(&mut self, change: Change) -> Result<Vec<Output<Local>>, Corrupt> {
        let mut due = self.book.record(&change)?;
        match change.kind {
            Kind::Committed {
                commit, accepted, ..
            } => due.extend(self.apply_commit(*commit, accepted)?),
            Kind::Proposed { pending, .. } => {
                for pending in pending {
                    self.group.queue(pending.queued);
                }
                self.provisional = self.derive_provisional()?;
            }
            _ => {}
        }
        due.extend(self.book.calls_due(change.now));
        Ok(due)
    }

    fn apply_commit(
        &mut self,
        commit: Committed,
        accepted: Timestamp,
    ) -> Result<Vec<Output<Local>>, Corrupt> {
        self.group.merge(commit.staged).map_err(damaged)?;
        let members = self.group.members().map(|(leaf, key, _)| (leaf, key));
        let roster = self.book.roster.after(members, &commit.joined);
        self.book.roster = roster.map_err(|leaf| damaged(format!("nobody is at leaf {leaf}")))?;
        self.book.pending.clear();
        self.book.group_info = commit.group_info;
        self.clients = self.book.roster.index();
        let dictionary = context::dictionary(self.group.context()).unwrap_or_default();
        self.policy = RoomPolicy::from_components(&dictionary).map_err(damaged)?;
        self.provisional = self.policy.clone();
        let Some(invitation) = &commit.invitation else {
            return Ok(Vec::new());
        };
        let invited = self.invited_fanout(invitation, accepted).map_err(damaged)?;
        Ok(self.book.push(&invited))
    }
}

fn damaged(error: impl std::fmt::Display) -> Corrupt {
    Corrupt::Damaged(error.to_string())
}

impl Decision {
    /// A change that nobody is told of.
    pub(super) fn quiet(kind: Kind, audit: Audit) -> Self {
        Decision {
            kind,
            reply: None,
            fanout: Vec::new(),
            local: Vec::new(),
            outcome: Outcome::Done,
            audit,
        }
    }
}

/// A step that changes nothing.
fn unchanged(outcome: Outcome, audit: Audit) -> Step<Room> {
    Step {
        entry: None,
        outcome,
        outputs: Vec::new(),
        audit,
    }
}

/// An act of the host or of time.
fn host(action: &'static str, clause: &'static str) -> Audit {
    Audit {
        actor: Actor::Host,
        action,
        epoch: None,
        clause,
    }
}

/// What tells a repeated request.
fn request_hash(peer: &str, endpoint: &Endpoint, body: &[u8]) -> Result<Bytes, Rejection> {
    let head = cbor::to_vec(&(peer, endpoint))?;
    Ok(Recent::hash(&[&head, body].concat()))
}

impl Engine for Room {
    type Input = Input;
    type Outcome = Outcome;
    type Local = Local;
    type Entry = Entry;
    type Snapshot = Snapshot;
    type Rejection = Rejection;
    type Corrupt = Corrupt;
    type Keys = Keys;

    fn step<P: CryptoProvider>(
        &mut self,
        input: Input,
        env: &Env<'_, P, Keys>,
    ) -> Result<Step<Self>, Rejection> {
        let decision = match self.decide(&input, env)? {
            Verdict::Nothing => {
                return Ok(unchanged(
                    Outcome::Ignored,
                    host("nothing to do", "step contract"),
                ));
            }
            Verdict::Answer(reply, audit) => return Ok(unchanged(Outcome::Reply(reply), audit)),
            Verdict::Change(decision) => *decision,
        };
        let answer = match (&input, decision.reply) {
            (
                Input::Request {
                    peer,
                    endpoint,
                    body,
                    ..
                },
                Some(reply),
            ) => Some(Answered {
                hash: request_hash(peer, endpoint, body)?,
                reply,
            }),
            _ => None,
        };
        let change = Change {
            number: self.book.changes,
            now: env.now,
            kind: decision.kind,
            answer,
            fanout: decision.fanout,
            local: decision.local,
        };
        let entry = Saved::new(Bytes::from(cbor::to_vec(&change)?));
        let outputs = self.apply(change).map_err(Rejection::Broken)?;
        Ok(Step {
            entry: Some(entry),
            outcome: decision.outcome,
            outputs,
            audit: decision.audit,
        })
    }

    fn replay(&mut self, entry: &Entry) -> Result<(), Corrupt> {
        let change: Change = cbor::from_slice(entry.open()?).map_err(damaged)?;
        self.apply(change).map(drop)
    }

    fn snapshot(&self) -> Result<Snapshot, Corrupt> {
        let mls = self.group.state();
        Ok(Saved::new(Stored {
            mls: mls.map_err(damaged)?,
            book: self.book.clone(),
        }))
    }

    fn restore(snapshot: &Snapshot) -> Result<Self, Corrupt> {
        let Stored { mls, book } = snapshot.open()?;
        let group = PublicRoomGroup::load(mls).map_err(damaged)?;
        Room::assemble(group, book.clone())
    }

    fn owed(&self) -> Vec<Output<Local>> {
        self.book.owed()
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        self.book.next_deadline()
    }
}
