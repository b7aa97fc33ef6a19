//! The second phase: whether those who sent the changes may make them, and
//! whether the room may be as it then is.

mod base;
mod blame;
mod constraints;
mod operational;
mod outcome;
mod rights;
mod room;

use std::cell::OnceCell;

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Decode;

use crate::candidate::{Actor, Bundle, Candidate, Change, HubView, Op};
use crate::clients::ClientIndex;
use crate::components::participants::ParticipantListUpdate;
use crate::error::{Denied, Reason};
use crate::moves::Moves;
use crate::policy::{RoomPolicy, State};
use crate::resolve::Draft;
use rights::{Rights, Standing};

/// A policy whose making was allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorized {
    policy: RoomPolicy,
    rests_on_hub: RestsOnHub,
}

/// What a verdict takes the hub's word for, since only the hub can know it.
/// For the hub itself, none of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RestsOnHub {
    /// That a joiner has a valid join code for its role.
    pub join_code: bool,
    /// Who the participants of the parent room are.
    pub parent_room: bool,
    /// That no other room of fixed membership has the same participants.
    pub twin_room: bool,
}

impl RestsOnHub {
    /// Whether it is anything.
    #[must_use]
    pub const fn any(self) -> bool {
        self.join_code || self.parent_room || self.twin_room
    }

    const fn and(self, other: Self) -> Self {
        RestsOnHub {
            join_code: self.join_code || other.join_code,
            parent_room: self.parent_room || other.parent_room,
            twin_room: self.twin_room || other.twin_room,
        }
    }
}

impl Authorized {
    /// The policy after the changes.
    #[must_use]
    pub fn policy(&self) -> &RoomPolicy {
        &self.policy
    }

    /// The policy after the changes.
    #[must_use]
    pub fn into_policy(self) -> RoomPolicy {
        self.policy
    }

    /// What only the hub can check, and a client that re-checks the hub takes
    /// its word for.
    #[must_use]
    pub fn rests_on_hub(&self) -> RestsOnHub {
        self.rests_on_hub
    }
}

impl RoomPolicy {
    /// Judges a draft of this policy: each bundle by the rights that its actor
    /// has now, then the room as it would be.
    ///
    /// For a commit, `candidate` holds all that it contains, by reference or
    /// inline. For a proposal on its own, it holds all that is pending and the
    /// new proposal, without a committer; the verdict then carries the
    /// provisional policy.
    ///
    /// # Errors
    /// With the first thing that the policy does not allow. Nothing changes.
    pub fn authorize(
        &self,
        draft: &Draft,
        candidate: &Candidate<'_>,
    ) -> Result<Authorized, Denied> {
        let sources = Sources::of(self, draft, candidate.bundles)?;
        let mut rests = RestsOnHub::default();
        let mut position = 0;
        let committer = candidate.committer.map(|by| by.key());
        let mut committers_role = None;
        for (index, bundle) in candidate.bundles.iter().enumerate() {
            let rights = Rights {
                before: &self.0,
                after: &draft.after.0,
                clients: candidate.clients,
                moves: &draft.moves,
                standing: self.0.standing(&bundle.actor),
                actor: bundle.actor,
                commits: Some(committer == Some(bundle.actor.key())),
                hub: candidate.hub.is_some(),
                sources: Some(&sources),
                table: OnceCell::new(),
            };
            let given = rights
                .judge(bundle, &mut position)
                .map_err(|denied| Denied {
                    bundle: Some(index),
                    ..denied
                })?;
            rests = rests.and(given);
            if let (Some(true), Standing::Listed(role)) = (rights.commits, rights.standing) {
                committers_role = Some(role.index);
            }
        }
        let given = outcome::check(&self.0, draft, candidate, committers_role)
            .map_err(|denied| blame::find(denied, &self.0, draft, candidate, &sources))?;
        Ok(Authorized {
            policy: draft.after.clone(),
            rests_on_hub: rests.and(given),
        })
    }

    /// Whether a new `bundle` may be put with those `pending`, given the
    /// `provisional` policy that these make of this one: an actor that is
    /// losing rights has lost them already (PROTO, "Room state").
    ///
    /// The hub asks this of each new proposal and each inline bundle of a
    /// committer, besides [`RoomPolicy::authorize`]. A client cannot, as it
    /// does not know in which order they arrived.
    ///
    /// # Errors
    /// With what the policy does not allow; [`Denied::bundle`] is absent.
    pub fn may_propose(
        &self,
        provisional: &RoomPolicy,
        pending: &[Bundle<'_>],
        bundle: &Bundle<'_>,
        clients: &ClientIndex,
    ) -> Result<(), Denied> {
        let user = bundle.actor.uri();
        // An external sender has no clients to silence; it has the rights that are left.
        let gone = !matches!(bundle.actor, Actor::External { .. })
            && self.0.participants.contains(user)
            && (!provisional.0.participants.contains(user) || provisional.is_banned(user));
        let own_removal = |change: &Change<'_>| matches!(change, Change::RemoveClient { user: of, .. } if *of == user);
        if gone && !bundle.changes.iter().all(own_removal) {
            return Err(Reason::Leaving(user.clone()).into());
        }
        let same = |other: &&Bundle<'_>| other.actor.key() == bundle.actor.key();
        let own = || pending.iter().filter(same).chain([bundle]);
        let mut position = own().map(|own| components(own).count()).sum::<usize>();
        position = position.saturating_sub(components(bundle).count());
        let standing = if gone { self } else { provisional };
        let rights = Rights {
            before: &self.0,
            after: &provisional.0,
            clients,
            moves: &self.0.read_moves(own())?,
            standing: standing.0.standing(&bundle.actor),
            actor: bundle.actor,
            // Who commits is for `authorize` to ask.
            commits: None,
            hub: true,
            sources: None,
            table: OnceCell::new(),
        };
        rights.judge(bundle, &mut position).map(drop)
    }

    /// Whether these may be the clients of a group with this policy. Asked
    /// once, when a room is joined or restored; every authorised change keeps
    /// it so.
    ///
    /// # Errors
    /// When a client belongs to nobody in the list or to someone banned, or
    /// there are more than the base policy allows.
    pub fn admits(&self, clients: &ClientIndex) -> Result<(), Denied> {
        room::check_clients(&self.0, clients)
    }

    /// Whether a hub may let a room begin with this policy and these clients.
    ///
    /// # Errors
    /// As [`RoomPolicy::admits`]; and when another room of fixed membership
    /// has these participants, the parent room is not known or lacks one of
    /// them, or the policy is outside of the hub's envelope.
    pub fn may_begin(&self, clients: &ClientIndex, hub: &HubView<'_>) -> Result<(), Denied> {
        self.admits(clients)?;
        base::check_beginning(&self.0, hub)
    }
}

impl State {
    /// In which role `actor` acts, by what this policy says.
    fn standing(&self, actor: &Actor<'_>) -> Standing<'_> {
        if let Some(role) = self.role_of(actor.uri().into()) {
            return Standing::Listed(role);
        }
        match actor {
            Actor::Participant { .. } => Standing::None,
            Actor::Joiner { .. } => Standing::Joining,
            Actor::External { claims, .. } => self
                .preauth
                .role_for(*claims, &self.roles)
                .map_or(Standing::None, Standing::Preauthorized),
        }
    }

    /// The moves of bundles of one actor that no draft has.
    fn read_moves<'a>(
        &self,
        bundles: impl Iterator<Item = &'a Bundle<'a>>,
    ) -> Result<Moves, Denied> {
        let mut updates = Vec::new();
        for (number, (id, op)) in bundles.flat_map(components).enumerate() {
            if let (ComponentId::PARTICIPANT_LIST, Op::Update(octets)) = (id, op) {
                let update = ParticipantListUpdate::from_slice(octets);
                updates.push((number, update.map_err(|_| Reason::OtherDraft)?));
            }
        }
        match Moves::read(self, updates.into_iter()) {
            Ok((moves, _)) => Ok(moves),
            Err(_) => Err(Reason::OtherDraft.into()),
        }
    }
}

/// Which update of a draft each component change of a candidate is, and whose.
struct Sources<'a> {
    /// The number of the update, by position among all component changes; none
    /// if both have the same order.
    order: Option<Vec<usize>>,
    /// By number of the update, when there are several bundles.
    actors: Vec<(u8, &'a MimiUri)>,
}

impl<'a> Sources<'a> {
    /// The draft must come from this policy and from exactly the updates that
    /// the bundles hold, or someone's change would go unjudged.
    fn of(policy: &RoomPolicy, draft: &Draft, bundles: &'a [Bundle<'a>]) -> Result<Self, Denied> {
        if *policy != draft.before {
            return Err(Reason::OtherDraft.into());
        }
        let resolved = || draft.updates.iter().map(|(id, op)| (*id, op.as_deref()));
        let given = || bundles.iter().flat_map(components).map(octets);
        let order = if in_order(draft, bundles) {
            None
        } else {
            // The same octets in another order.
            let mut theirs: Vec<_> = given().enumerate().map(|(at, op)| (op, at)).collect();
            let mut ours: Vec<_> = resolved().enumerate().map(|(at, op)| (op, at)).collect();
            theirs.sort_unstable();
            ours.sort_unstable();
            let same = theirs
                .iter()
                .map(|(op, _)| op)
                .eq(ours.iter().map(|(op, _)| op));
            if !same {
                return Err(Reason::OtherDraft.into());
            }
            let mut order: Vec<_> = std::iter::zip(theirs, ours)
                .map(|((_, their), (_, our))| (their, our))
                .collect();
            order.sort_unstable();
            Some(order.into_iter().map(|(_, our)| our).collect::<Vec<_>>())
        };
        let mut sources = Sources {
            order,
            actors: Vec::new(),
        };
        if bundles.len() > 1 {
            let mut actors: Vec<_> = bundles
                .iter()
                .flat_map(|bundle| components(bundle).map(|_| bundle.actor.key()))
                .enumerate()
                .map(|(position, key)| (sources.update(position), key))
                .collect();
            actors.sort_unstable();
            sources.actors = actors.into_iter().map(|(_, key)| key).collect();
        }
        Ok(sources)
    }

    /// The number of the update that stands at a position among all component
    /// changes.
    fn update(&self, position: usize) -> usize {
        match &self.order {
            None => position,
            // A position that is not there is no update.
            Some(order) => order.get(position).copied().unwrap_or(usize::MAX),
        }
    }

    /// Whether an update is of the actor with this key.
    fn is_of(&self, update: usize, actor: (u8, &MimiUri)) -> bool {
        self.actors.get(update).is_none_or(|by| *by == actor)
    }
}

/// Whether the bundles hold the updates of a draft in its order.
fn in_order(draft: &Draft, bundles: &[Bundle<'_>]) -> bool {
    let mut updates = draft.updates.iter();
    for change in bundles.iter().flat_map(|bundle| bundle.changes) {
        let Change::Component { id, op } = *change else {
            continue;
        };
        match updates.next() {
            Some((of, update)) if (*of, update.as_deref()) == octets((id, op)) => {}
            _ => return false,
        }
    }
    updates.next().is_none()
}

fn octets<'a>((id, op): (ComponentId, Op<'a>)) -> (ComponentId, Option<&'a [u8]>) {
    match op {
        Op::Update(octets) => (id, Some(octets)),
        Op::Remove => (id, None),
    }
}

fn components<'a>(bundle: &'a Bundle<'a>) -> impl Iterator<Item = (ComponentId, Op<'a>)> + 'a {
    bundle.changes.iter().filter_map(|change| match *change {
        Change::Component { id, op } => Some((id, op)),
        _ => None,
    })
}
