//! Rooms, and things attempted in them, from octets.
//!
//! A recipe is a list of records of octets, each of which decides one thing: a
//! user, a role, an act, a slip. Leaving a record out leaves the others as they
//! are, and 0 is the plainest choice everywhere, so recipes shrink well.

mod acts;
mod asked;
mod components;
mod dice;
mod envelopes;
mod ready;
mod reforms;
mod rooms;
mod slips;

use mimi_content::MimiUri;
use mimi_policy::Claim;

use super::room::{Attempt, Deed, Kind, Knowledge, Room, Who};
pub(crate) use asked::Questions;
use dice::Dice;

/// What to make.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recipe {
    /// The base policy, and which components there are.
    pub(crate) room: [u8; 24],
    /// The users in the room, in the order of [`names`].
    pub(crate) users: Vec<[u8; 4]>,
    /// How the roles differ from the plain ones.
    pub(crate) roles: Vec<[u8; 16]>,
    /// Entries of the preauthorisation list.
    pub(crate) preauth: Vec<[u8; 4]>,
    /// Things done that may well be allowed.
    pub(crate) acts: Vec<[u8; 16]>,
    /// What then goes wrong with them.
    pub(crate) slips: Vec<[u8; 6]>,
    /// Who commits, and what the judge knows.
    pub(crate) judge: [u8; 12],
    /// Changes of many things at once, and the rooms that they fit.
    pub(crate) reforms: Vec<[u8; 52]>,
    /// What the hub wants of its rooms.
    pub(crate) envelope: [u8; 12],
    /// What is asked besides.
    pub(crate) asked: [u8; 24],
}

/// Most users in a room; there are more outside.
pub(crate) const MAX_USERS: usize = 8;

/// Everybody that there is: users, and providers as external senders.
pub(crate) fn names() -> Vec<MimiUri> {
    let texts = [
        "mimi://a.example/u/alice",
        "mimi://b.example/u/bob",
        "mimi://a.example",
        "mimi://c.example/u/cathy",
        "mimi://d.example/u/dora",
        "mimi://a.example/u/eve",
        "mimi://b.example",
        "mimi://c.example/u/fay",
        "mimi://e.example/u/gus",
        "mimi://a.example/u/hal",
        "mimi://s.example",
    ];
    texts.map(|text| MimiUri::parse(text).unwrap()).to_vec()
}

impl Recipe {
    /// A recipe from any octets, behind which are zeros.
    pub(crate) fn read(octets: &[u8]) -> Self {
        let mut dice = Dice::new(octets);
        let room = dice.take();
        let judge = dice.take();
        let users = dice.below(MAX_USERS) + 1;
        let roles = dice.below(7);
        let preauth = dice.below(4);
        let acts = dice.below(4) + 1;
        let slips = dice.below(3);
        Recipe {
            room,
            judge,
            users: (0..users).map(|_| dice.take()).collect(),
            acts: (0..acts).map(|_| dice.take()).collect(),
            slips: (0..slips).map(|_| dice.take()).collect(),
            roles: (0..roles).map(|_| dice.take()).collect(),
            preauth: (0..preauth).map(|_| dice.take()).collect(),
            // Behind the rest, as they came later.
            envelope: dice.take(),
            asked: dice.take(),
            reforms: (0..dice.below(2)).map(|_| dice.take()).collect(),
        }
    }

    /// The room, and what is attempted in it.
    pub(crate) fn build(&self) -> (Room, Attempt) {
        let room = rooms::room(self);
        let mut attempt = Attempt {
            committer: None,
            bundles: Vec::new(),
            hub: self.knowledge(&room),
        };
        for record in &self.reforms {
            attempt.bundles.extend(reforms::reform(self, &room, record));
        }
        for act in &self.acts {
            attempt.bundles.extend(acts::act(self, &room, act));
        }
        attempt.committer = self.committer(&room, &attempt);
        for slip in &self.slips {
            slips::slip(self, &room, &mut attempt, slip);
        }
        one_credential_each(&mut attempt);
        (room, attempt)
    }

    /// What is attempted in a room that an attempt has led to.
    pub(crate) fn next(&self, room: &Room) -> Attempt {
        let (_, record) = self.asked.split_last_chunk().unwrap();
        let mut attempt = Attempt {
            committer: None,
            bundles: acts::act(self, room, record).into_iter().collect(),
            hub: None,
        };
        attempt.committer = self.committer(room, &attempt);
        one_credential_each(&mut attempt);
        attempt
    }

    /// Someone from the list, or outside, as it usually acts.
    fn who(&self, user: &MimiUri) -> Who {
        let is_provider = user.kind() == mimi_content::UriKind::Provider;
        Who {
            kind: if is_provider {
                Kind::External
            } else {
                Kind::Member
            },
            claims: self.claims_of(user),
            user: user.clone(),
            code: None,
        }
    }

    /// Everybody has the same credential throughout.
    fn claims_of(&self, user: &MimiUri) -> Vec<Claim> {
        let at = names().iter().position(|name| name == user).unwrap();
        let mask = match self.users.get(at) {
            Some(record) => record[3],
            None => self.room[23] >> (at % 4),
        };
        let claims = (0..3).filter(|claim| mask >> claim & 1 == 1);
        claims.map(rooms::claim).collect()
    }

    /// Whoever acts first commits, if it can.
    fn committer(&self, room: &Room, attempt: &Attempt) -> Option<Who> {
        let mut dice = Dice::new(&self.judge);
        if dice.chance(60) {
            return None;
        }
        let leaves = |user: &MimiUri| {
            let mut deeds = attempt.bundles.iter().flat_map(|(_, deeds)| deeds);
            deeds.any(|deed| matches!(deed, Deed::RemoveClient(_, gone) if gone == user))
        };
        let first = attempt.bundles.first().map(|(who, _)| who);
        let by_itself = first.filter(|who| match who.kind {
            Kind::Member => !leaves(&who.user),
            Kind::Joiner => !dice.chance(60),
            Kind::External => false,
        });
        let active = room.clients.iter().map(|(_, user)| user);
        let others: Vec<_> = active.filter(|user| !leaves(user)).collect();
        let other = || dice.pick(&others).map(|user| self.who(user));
        by_itself.cloned().or_else(other)
    }

    fn knowledge(&self, room: &Room) -> Option<Knowledge> {
        let mut dice = Dice::new(&self.judge[4..]);
        dice.chance(128).then(|| self.hub(room, &mut dice))
    }

    fn hub(&self, room: &Room, dice: &mut Dice<'_>) -> Knowledge {
        Knowledge {
            twin: dice.chance(100),
            parent: (!dice.chance(40)).then(|| rooms::parent(room, dice)),
            envelope: envelopes::envelope(room, &mut Dice::new(&self.envelope)),
        }
    }
}

/// An actor has the same claims and the same code wherever it acts.
fn one_credential_each(attempt: &mut Attempt) {
    let all: Vec<Who> = attempt.bundles.iter().map(|(who, _)| who.clone()).collect();
    let committer = attempt.committer.iter_mut();
    for who in attempt
        .bundles
        .iter_mut()
        .map(|(who, _)| who)
        .chain(committer)
    {
        let same = |first: &&Who| first.kind == who.kind && first.user == who.user;
        if let Some(first) = all.iter().find(same) {
            *who = first.clone();
        }
    }
}
