//! Which change made a room be as it must not be.

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;

use super::Sources;
use crate::candidate::{Candidate, Change};
use crate::error::{Denied, Reason};
use crate::moves::Move;
use crate::policy::State;
use crate::resolve::Draft;

/// What to look for.
enum Cause<'a> {
    /// What moves this user, or changes its clients.
    User(&'a MimiUri),
    /// What takes someone out of a role, or out of activity in it.
    Leaves(u32),
    /// What brings someone into a role, or into activity in it.
    Enters(u32),
    /// What brings someone new.
    Comes,
    /// What adds a client.
    Client,
    /// What changes a component.
    Component(ComponentId),
}

/// Names the last change that led to what `denied` says, if it is one change.
pub(super) fn find(
    denied: Denied,
    before: &State,
    draft: &Draft,
    candidate: &Candidate<'_>,
    sources: &Sources<'_>,
) -> Denied {
    let cause = match &denied.reason {
        Reason::KeepsClients { user, .. }
        | Reason::SingleDevice { user, .. }
        | Reason::Stranger(user)
        | Reason::FixedMembership(user)
        | Reason::NotInParent(user)
        | Reason::DoesNotJoin(user)
        | Reason::Committer(user) => Cause::User(user),
        Reason::Minimum { role, .. } => Cause::Leaves(role.index),
        Reason::Maximum { role, .. } => Cause::Enters(role.index),
        Reason::MaxUsers { .. } | Reason::NotSmallerThanParent { .. } => Cause::Comes,
        Reason::MaxClients { .. } => Cause::Client,
        Reason::TwinRoom => Cause::Component(ComponentId::BASE_ROOM_POLICY),
        _ => return denied,
    };
    let role = |user: &MimiUri| before.participants.role_of(user);
    let moves = |m: &Move| match cause {
        Cause::User(user) => m.user == *user,
        Cause::Leaves(role) => m.from == role,
        Cause::Enters(role) => m.to == role,
        Cause::Comes => m.from == 0,
        Cause::Client | Cause::Component(_) => false,
    };
    let causes = |change: &Change<'_>, position: usize| match (change, &cause) {
        (Change::Component { id, .. }, Cause::Component(wanted)) if id == wanted => true,
        (Change::Component { .. }, _) => {
            let update = sources.update(position);
            draft.moves.of_update(update).iter().any(moves)
        }
        (Change::AddClient { user, .. }, Cause::User(of)) => user == of,
        (Change::RemoveClient { user, .. }, Cause::User(of)) => user == of,
        (Change::AddClient { .. }, Cause::Client) => true,
        (Change::AddClient { user, .. }, Cause::Enters(index)) => role(user) == Some(*index),
        (Change::RemoveClient { user, .. }, Cause::Leaves(index)) => role(user) == Some(*index),
        _ => false,
    };
    let (mut position, mut place) = (0_usize, None);
    for (bundle, of) in candidate.bundles.iter().enumerate() {
        for (index, change) in of.changes.iter().enumerate() {
            if causes(change, position) {
                place = Some((bundle, index));
            }
            if matches!(change, Change::Component { .. }) {
                position = position.saturating_add(1);
            }
        }
    }
    Denied {
        bundle: place.map(|(bundle, _)| bundle),
        change: place.map(|(_, change)| change),
        ..denied
    }
}
