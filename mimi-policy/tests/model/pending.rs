//! What may still be proposed when other proposals are waiting.

use super::judge::{Step, judge};
use super::room::{Attempt, Deed, Kind, Room, Who};
use super::{Refusal, demand, rights, updates};

/// Proposals that wait, and a new bundle behind them.
pub(crate) struct Proposal {
    /// Those that wait.
    pub(crate) pending: Attempt,
    /// Those and the new one.
    pub(crate) together: Attempt,
}

impl Proposal {
    /// The first `pending` bundles of `attempt` and the next, if it has so many
    /// and a commit of them would be allowed: of all others the hub says so
    /// already.
    pub(crate) fn of(room: &Room, attempt: &Attempt, pending: usize) -> Option<Self> {
        let first = |count: usize| Attempt {
            committer: None,
            bundles: attempt.bundles[..count].to_vec(),
            hub: attempt.hub.clone(),
        };
        if pending >= attempt.bundles.len() {
            return None;
        }
        let (pending, together) = (first(pending), first(pending + 1));
        judge(room, &pending).ok()?;
        judge(room, &together).ok()?;
        Some(Proposal { pending, together })
    }

    /// PROTO, "Room state": a new proposal is seen in the light of those that
    /// wait, so rights are those of the room as they make it.
    pub(crate) fn may_come(&self, room: &Room) -> Result<(), Refusal> {
        let provisional = updates::apply(room, &self.pending.updates())?;
        let after = updates::apply(room, &self.together.updates())?;
        let step = Step {
            attempt: &self.together,
            before: room,
            after: &after,
            rights: &provisional,
        };
        let Some((who, deeds)) = self.together.bundles.last() else {
            return Ok(());
        };
        if is_leaving(room, &provisional, who) {
            return takes_its_clients_along(who, deeds);
        }
        if who.kind == Kind::Joiner && room.entry(&who.user).is_none() {
            return comes_in(&provisional, who, deeds);
        }
        rights::may_do_all(step, who, &deeds.iter().collect::<Vec<_>>())
    }
}

/// Someone in the list who will be out of it or banned. An external sender has
/// no clients to keep from sending, and the role that is left to it.
fn is_leaving(room: &Room, provisional: &Room, who: &Who) -> bool {
    who.kind != Kind::External
        && room.entry(&who.user).is_some()
        && !provisional.is_welcome(&who.user)
}

/// PROTO, "Update Room State": the removed and banned propose nothing but
/// Removes of their own clients.
fn takes_its_clients_along(who: &Who, deeds: &[Deed]) -> Result<(), Refusal> {
    let mut deeds = deeds.iter();
    demand(
        deeds.all(|deed| matches!(deed, Deed::RemoveClient(_, user) if *user == who.user)),
        "someone leaving does more than leave (PROTO, \"Update Room State\")",
    )
}

/// Who joins has had no rights that it could lose; once its addition waits, it
/// is a participant who brings clients from outside.
fn comes_in(provisional: &Room, who: &Who, deeds: &[Deed]) -> Result<(), Refusal> {
    if provisional.entry(&who.user).is_none() {
        return Ok(());
    }
    let mut deeds = deeds.iter();
    deeds.try_for_each(|deed| rights::only_comes_in(who, deed))
}
