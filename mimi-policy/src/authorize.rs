//! The second phase: whether those who sent the changes may make them, and
//! whether the room may be as it then is.

mod outcome;
mod rights;

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Decode;

use crate::candidate::{Actor, Bundle, Candidate, Change, Op};
use crate::clients::ClientIndex;
use crate::components::participants::ParticipantListUpdate;
use crate::error::{Denied, Reason};
use crate::policy::RoomPolicy;
use crate::resolve::Draft;
use rights::{Rights, Standing};

/// A policy whose making was allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorized {
    policy: RoomPolicy,
    rests_on_hub: bool,
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

    /// Whether the verdict rests on what only the hub can check: a join code,
    /// or the participant list of a parent room. A client that re-checks the
    /// hub takes the hub's word here.
    #[must_use]
    pub fn rests_on_hub(&self) -> bool {
        self.rests_on_hub
    }
}

/// What one actor does to other users in the participant list, over all of its
/// bundles. The clients of these users may come and go with that.
#[derive(Debug, Default)]
pub(crate) struct Acts {
    pub(crate) added: BTreeSet<MimiUri>,
    pub(crate) removed: BTreeSet<MimiUri>,
    pub(crate) banned: BTreeSet<MimiUri>,
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
        self.check_draft(draft, candidate.bundles)?;
        let mut acts: BTreeMap<_, Acts> = BTreeMap::new();
        for bundle in candidate.bundles {
            self.collect_acts(bundle, acts.entry(bundle.actor.key()).or_default())?;
        }
        let none = Acts::default();
        let mut rests_on_hub = false;
        for (index, bundle) in candidate.bundles.iter().enumerate() {
            let rights = Rights {
                policy: self,
                after: &draft.after,
                clients: candidate.clients,
                standing: self.standing(&bundle.actor),
                actor: bundle.actor,
                acts: acts.get(&bundle.actor.key()).unwrap_or(&none),
            };
            rests_on_hub |= rights.judge(bundle).map_err(|denied| Denied {
                bundle: Some(index),
                ..denied
            })?;
        }
        outcome::check(self, &draft.after, candidate)?;
        Ok(Authorized {
            policy: draft.after.clone(),
            rests_on_hub: rests_on_hub | outcome::depends_on_parent(self, &draft.after),
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
        let gone = self.participants.contains(user)
            && (!provisional.participants.contains(user) || provisional.is_banned(user));
        let own_removal = |change: &Change<'_>| matches!(change, Change::RemoveClient { user: of, .. } if *of == user);
        if gone && !bundle.changes.iter().all(own_removal) {
            return Err(Reason::Leaving(user.clone()).into());
        }
        let mut acts = Acts::default();
        let same = |other: &&Bundle<'_>| other.actor.key() == bundle.actor.key();
        for own in pending.iter().filter(same).chain([bundle]) {
            self.collect_acts(own, &mut acts)?;
        }
        let rights = Rights {
            policy: self,
            after: provisional,
            clients,
            standing: if gone {
                self.standing(&bundle.actor)
            } else {
                provisional.standing(&bundle.actor)
            },
            actor: bundle.actor,
            acts: &acts,
        };
        rights.judge(bundle).map(drop)
    }

    /// Whether these may be the clients of a group with this policy. Asked
    /// once, when a room is created, joined or restored; every authorised
    /// change keeps it so.
    ///
    /// # Errors
    /// When a client belongs to nobody in the list or to someone banned, or
    /// there are more than the base policy allows.
    pub fn admits(&self, clients: &ClientIndex) -> Result<(), Denied> {
        outcome::check_clients(self, clients)
    }

    /// The draft must come from this policy and from exactly the updates that
    /// the bundles hold, or someone's change would go unjudged.
    fn check_draft(&self, draft: &Draft, bundles: &[Bundle<'_>]) -> Result<(), Denied> {
        let mut updates: Vec<(ComponentId, Option<&[u8]>)> = components(bundles)
            .map(|(id, op)| match op {
                Op::Update(octets) => (id, Some(octets)),
                Op::Remove => (id, None),
            })
            .collect();
        updates.sort_unstable();
        let resolved = draft.updates.iter().map(|(id, op)| (*id, op.as_deref()));
        if *self == draft.before && updates.into_iter().eq(resolved) {
            Ok(())
        } else {
            Err(Reason::OtherDraft.into())
        }
    }

    fn collect_acts(&self, bundle: &Bundle<'_>, acts: &mut Acts) -> Result<(), Denied> {
        let own = bundle.actor.uri();
        for change in bundle.changes {
            let Some(update) = participant_update(change)? else {
                continue;
            };
            let users = |index: &u32| self.participants.get(*index).map(|p| p.user.clone());
            let banned = update.changed.iter().filter(|change| {
                self.roles
                    .get(change.role)
                    .is_some_and(crate::Role::is_banned)
            });
            let banned = banned.filter_map(|change| users(&change.index));
            acts.banned.extend(banned.filter(|user| user != own));
            acts.removed.extend(update.removed.iter().filter_map(users));
            acts.added.extend(update.added.into_iter().map(|p| p.user));
        }
        Ok(())
    }

    /// In which role `actor` acts, by what this policy says.
    pub(crate) fn standing(&self, actor: &Actor<'_>) -> Standing<'_> {
        if let Some(role) = self.role_of(actor.uri()) {
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
}

fn components<'a>(bundles: &'a [Bundle<'a>]) -> impl Iterator<Item = (ComponentId, Op<'a>)> + 'a {
    bundles
        .iter()
        .flat_map(|bundle| bundle.changes)
        .filter_map(|change| match *change {
            Change::Component { id, op } => Some((id, op)),
            _ => None,
        })
}

/// The participant list update of a change, if it is one.
pub(crate) fn participant_update(
    change: &Change<'_>,
) -> Result<Option<ParticipantListUpdate>, Denied> {
    match *change {
        Change::Component {
            id: ComponentId::PARTICIPANT_LIST,
            op: Op::Update(octets),
        } => ParticipantListUpdate::from_slice(octets)
            .map(Some)
            .map_err(|_| Reason::OtherDraft.into()),
        _ => Ok(None),
    }
}
