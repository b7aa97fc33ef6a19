//! The engine: its inputs, outputs, entries and snapshots.

use bytes::Bytes;
use mimi_content::component::ComponentMap;
use mimi_content::{MimiUri, Timestamp};
use mimi_policy::{ClientIndex, RoomPolicy};
use serde::{Deserialize, Serialize};

use super::error::Rejection;
use super::event::Event;
use super::io::{Input, Outcome};
use super::keys::Keys;
use super::meta::{Meta, Request, Waiting};
use crate::delivery::{Corrupt, Saved};
use crate::engine::{
    Actor, Audit, CryptoProvider, Effect, Engine, Env, Output, Seq, Step, ask_identity,
};
use crate::mls::change::{Before, Joined};
use crate::mls::member::MemberGroup;
use crate::mls::roster::Roster;
use crate::mls::{Overlay, Write, context};
use crate::wire::Endpoint;

/// Changes of a client's store, to be applied atomically and erased.
pub type Entry = Saved<Vec<Write>>;

/// A client's whole store.
pub type Snapshot = Saved<Stored>;

/// What a [`Snapshot`] holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    group_id: Bytes,
    writes: Vec<Write>,
}

const META: &str = "room";
/// The roster of each epoch whose messages still decrypt.
pub(super) const ROSTER: &str = "roster";
const OWED: &str = "owed";
const OWED_LIST: &str = "owed-list";

/// One client in one room.
#[derive(Debug)]
pub struct Room {
    pub(super) mls: MemberGroup,
    pub(super) meta: Meta,
    pub(super) policy: RoomPolicy,
    pub(super) roster: Roster,
    pub(super) clients: ClientIndex,
    pub(super) dictionary: ComponentMap,
    owed: Vec<Seq>,
}

/// What a step leads to.
pub(super) struct Done {
    pub(super) outcome: Outcome,
    /// Whether nothing was touched, so that nothing need be undone.
    untouched: bool,
    pub(super) action: &'static str,
    pub(super) clause: &'static str,
    pub(super) actor: Option<MimiUri>,
    pub(super) events: Vec<Event>,
}

impl Done {
    pub(super) fn new(action: &'static str, clause: &'static str) -> Self {
        Done {
            outcome: Outcome::Done,
            untouched: false,
            action,
            clause,
            actor: None,
            events: Vec::new(),
        }
    }

    pub(super) fn ignored(action: &'static str) -> Self {
        let mut done = Done::new(action, "PROTO, Fanout Messages and Room Events");
        done.outcome = Outcome::Ignored;
        done
    }

    /// Ignored before anything was touched.
    pub(super) fn untouched(action: &'static str) -> Self {
        let mut done = Done::ignored(action);
        done.untouched = true;
        done
    }

    pub(super) fn event(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    pub(super) fn by(mut self, actor: &MimiUri) -> Self {
        self.actor = Some(actor.clone());
        self
    }
}

impl Room {
    /// The room.
    #[must_use]
    pub fn uri(&self) -> &MimiUri {
        &self.meta.room
    }

    /// This client's user.
    #[must_use]
    pub fn user(&self) -> &MimiUri {
        &self.meta.user
    }

    /// The MLS epoch.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.mls.epoch()
    }

    /// The policy, as this client has verified it.
    #[must_use]
    pub fn policy(&self) -> &RoomPolicy {
        &self.policy
    }

    /// The clients of the group by leaf and user.
    #[must_use]
    pub fn clients(&self) -> &ClientIndex {
        &self.clients
    }

    /// Whether this client is a member that the hub knows of.
    #[must_use]
    pub fn is_member(&self) -> bool {
        self.mls.is_active() && !self.meta.joining
    }

    /// How many proposals wait for a commit.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.mls.pending_proposals().count()
    }

    /// The room of a group that was just created or joined.
    pub(super) fn assemble<P: CryptoProvider>(
        mls: MemberGroup,
        mut meta: Meta,
        env: &Env<'_, P, Keys>,
    ) -> Result<Self, Rejection> {
        let dictionary = context::check(mls.context(), &meta.hub_sender)?;
        let policy = RoomPolicy::from_components(&dictionary)?;
        let named = policy.metadata().map(|metadata| &metadata.room);
        if let Some(other) = named.filter(|named| **named != meta.room) {
            return Err(Rejection::OtherRoom(other.clone()));
        }
        let mut joined = Vec::new();
        for (_, key, credential) in mls.members() {
            let presented = crate::mls::change::presented(&credential, &key);
            let who = ask_identity(env.identity, &presented)?;
            joined.push(Joined::new(&key, who));
        }
        let members = mls.members().map(|(leaf, key, _)| (leaf, key));
        let roster = Roster::default()
            .after(members, &joined)
            .unwrap_or_default();
        let clients = roster.index();
        policy.admits(&clients).map_err(Rejection::HubBrokePolicy)?;
        meta.since = mls.epoch();
        let mut room = Room {
            mls,
            meta,
            policy,
            roster,
            clients,
            dictionary,
            owed: Vec::new(),
        };
        room.write_roster()?;
        room.write_meta()?;
        room.mls.take();
        Ok(room)
    }

    /// Reads everything that stands in the store.
    fn load(store: Overlay, group_id: &[u8]) -> Result<Self, Rejection> {
        let mls = MemberGroup::load(store, group_id)?;
        let meta: Option<Meta> = mls.store().get(META, &())?;
        let meta = meta.ok_or_else(|| Corrupt::Damaged("the room's record is missing".into()))?;
        meta.draft_set.check().map_err(Corrupt::from)?;
        let dictionary = context::dictionary(mls.context()).unwrap_or_default();
        let roster: Option<Roster> = mls.store().get(ROSTER, &mls.epoch())?;
        let roster = roster.ok_or_else(|| Corrupt::Damaged("the roster is missing".into()))?;
        Ok(Room {
            policy: RoomPolicy::from_components(&dictionary)?,
            clients: roster.index(),
            owed: mls.store().get(OWED_LIST, &())?.unwrap_or_default(),
            mls,
            meta,
            roster,
            dictionary,
        })
    }

    /// Undoes everything since the last entry.
    fn roll_back(&mut self) -> Result<(), Rejection> {
        self.mls.discard()?;
        let meta: Option<Meta> = self.mls.store().get(META, &())?;
        self.meta = meta.ok_or_else(|| Corrupt::Damaged("the room's record is missing".into()))?;
        self.owed = self.mls.store().get(OWED_LIST, &())?.unwrap_or_default();
        self.refresh()
    }

    /// Derives what follows from the group and the store.
    fn refresh(&mut self) -> Result<(), Rejection> {
        self.dictionary = context::dictionary(self.mls.context()).unwrap_or_default();
        self.policy = RoomPolicy::from_components(&self.dictionary)?;
        let roster: Option<Roster> = self.mls.store().get(ROSTER, &self.mls.epoch())?;
        self.roster = roster.ok_or_else(|| Corrupt::Damaged("the roster is missing".into()))?;
        self.clients = self.roster.index();
        Ok(())
    }

    /// Takes the group as it is after a commit.
    pub(super) fn advance<P: CryptoProvider>(
        &mut self,
        joined: &[Joined],
        host: &P,
    ) -> Result<(), Rejection> {
        if self.mls.is_active() {
            let members = self.mls.members().map(|(leaf, key, _)| (leaf, key));
            self.roster = self
                .roster
                .after(members, joined)
                .map_err(|leaf| Corrupt::Damaged(format!("nobody is known at leaf {leaf}")))?;
        }
        self.write_roster()?;
        self.meta.pending_joined.clear();
        self.refresh()?;
        self.forget_past(host)
    }

    fn write_roster(&self) -> Result<(), Rejection> {
        let epoch = self.mls.epoch();
        Ok(self.mls.store().put(ROSTER, &epoch, &self.roster)?)
    }

    /// The roster of an epoch whose messages still decrypt.
    pub(super) fn roster_of(&self, epoch: u64) -> Result<Roster, Rejection> {
        Ok(self.mls.store().get(ROSTER, &epoch)?.unwrap_or_default())
    }

    fn write_meta(&self) -> Result<(), Rejection> {
        Ok(self.mls.store().put(META, &(), &self.meta)?)
    }

    pub(super) fn before<'a, P>(
        &'a self,
        external: &'a [Option<MimiUri>],
        env: &Env<'a, P, Keys>,
    ) -> Before<'a> {
        Before {
            clients: &self.clients,
            roster: &self.roster,
            dictionary: &self.dictionary,
            external,
            context: self.mls.context(),
            identity: env.identity,
            now: env.now,
        }
    }

    /// Queues a request to the hub.
    pub(super) fn request(
        &mut self,
        endpoint: Endpoint,
        body: Bytes,
        what: Request,
    ) -> Result<Seq, Rejection> {
        let seq = self.meta.next();
        self.meta.requests.push(seq, endpoint, body)?;
        self.meta.waiting.push(Waiting { seq, what });
        Ok(seq)
    }

    fn owe(&mut self, event: Event) -> Result<Output<Event>, Rejection> {
        let seq = self.meta.next();
        self.mls.store().put(OWED, &seq, &event)?;
        self.owed.push(seq);
        Ok(Output {
            seq,
            effect: Effect::Local(event),
        })
    }

    fn handle<P: CryptoProvider>(
        &mut self,
        input: Input,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        match input {
            Input::Intend(intent) => self.intend(intent, env),
            Input::Deliver { message } => self.receive(&message, env),
            Input::CallResult { seq, answer } => self.answered(seq, &answer, env),
            Input::Delivered { seq } => {
                let Some(place) = self.owed.iter().position(|owed| *owed == seq) else {
                    return Ok(Done::untouched("an unknown output was delivered"));
                };
                self.owed.remove(place);
                self.mls.store().delete(OWED, &seq)?;
                Ok(Done::new("an event was taken over", "step contract"))
            }
            Input::Tick => {
                let due = self.meta.requests.next_deadline();
                if due.is_some_and(|due| due <= env.now) {
                    Ok(Done::new("a request is tried again", "step contract"))
                } else {
                    Ok(Done::untouched("nothing is due"))
                }
            }
        }
    }

    /// Writes down what a step did.
    pub(super) fn finish(&mut self, done: Done, now: Timestamp) -> Result<Step<Self>, Rejection> {
        let mut outputs = Vec::new();
        for event in done.events {
            outputs.push(self.owe(event)?);
        }
        if let Some((seq, call)) = self.meta.requests.due(now) {
            outputs.push(Output {
                seq,
                effect: Effect::Call(call),
            });
        }
        self.mls.store().put(OWED_LIST, &(), &self.owed)?;
        self.meta.entries = self.meta.entries.saturating_add(1);
        self.write_meta()?;
        Ok(Step {
            entry: Some(Saved::new(self.mls.take())),
            outcome: done.outcome,
            outputs,
            audit: Audit {
                actor: done.actor.map_or(Actor::Host, Actor::User),
                action: done.action,
                epoch: Some(self.mls.epoch()),
                clause: done.clause,
            },
        })
    }
}

impl Engine for Room {
    type Input = Input;
    type Outcome = Outcome;
    type Local = Event;
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
        let done = self.handle(input, env);
        let step = match done {
            Ok(done) if done.outcome == Outcome::Ignored => {
                if !done.untouched {
                    self.roll_back()?;
                }
                return Ok(Step {
                    entry: None,
                    outcome: Outcome::Ignored,
                    outputs: Vec::new(),
                    audit: Audit {
                        actor: Actor::Host,
                        action: done.action,
                        epoch: Some(self.mls.epoch()),
                        clause: done.clause,
                    },
                });
            }
            Ok(done) => self.finish(done, env.now),
            Err(rejection) => Err(rejection),
        };
        if step.is_err() {
            self.roll_back()?;
        }
        step
    }

    fn replay(&mut self, entry: &Entry) -> Result<(), Corrupt> {
        let damaged = |e: Rejection| Corrupt::Damaged(e.to_string());
        let writes = entry.open()?;
        let meta = self.mls.store().peek::<Meta>(writes, META, &());
        let meta = meta.map_err(|e| Corrupt::Damaged(e.to_string()))?;
        let found = meta.map_or(0, |meta| meta.entries);
        let expected = self.meta.entries.saturating_add(1);
        if found != expected {
            return Err(Corrupt::OutOfPlace { expected, found });
        }
        self.mls
            .apply(writes)
            .map_err(|e| Corrupt::Damaged(e.to_string()))?;
        self.roll_back().map_err(damaged)
    }

    fn snapshot(&self) -> Result<Snapshot, Corrupt> {
        Ok(Saved::new(Stored {
            group_id: Bytes::copy_from_slice(self.mls.context().group_id().as_slice()),
            writes: self.mls.store().writes(),
        }))
    }

    fn restore(snapshot: &Snapshot) -> Result<Self, Corrupt> {
        let Stored { group_id, writes } = snapshot.open()?;
        let mut store = Overlay::new(group_id);
        store.apply(writes);
        Room::load(store, group_id).map_err(|e| Corrupt::Damaged(e.to_string()))
    }

    fn owed(&self) -> Vec<Output<Event>> {
        let event = |seq: &Seq| -> Option<Output<Event>> {
            let event = self.mls.store().get(OWED, seq).ok()??;
            Some(Output {
                seq: *seq,
                effect: Effect::Local(event),
            })
        };
        let mut owed: Vec<_> = self.owed.iter().filter_map(event).collect();
        owed.extend(self.meta.requests.owed().map(|(seq, call)| Output {
            seq,
            effect: Effect::Call(call),
        }));
        owed.sort_by_key(|output| output.seq);
        owed
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        self.meta.requests.next_deadline()
    }
}
