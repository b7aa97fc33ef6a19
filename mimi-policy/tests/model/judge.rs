//! The whole question: is this allowed, and what becomes of the room?

use mimi_content::MimiUri;

use super::room::{Attempt, Deed, Kind, Room, Who};
use super::{Refusal, constraints, demand, envelope, operational, rights, updates};

/// What is allowed leads to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    /// With the clients of after.
    pub(crate) room: Room,
    pub(crate) rests_on_hub: Rests,
}

/// What only the hub knows and the answer needs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Rests {
    pub(crate) join_code: bool,
    pub(crate) parent_room: bool,
    pub(crate) twin_room: bool,
}

/// A room before and after an attempt.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) attempt: &'a Attempt,
    pub(super) before: &'a Room,
    /// With the clients of before.
    pub(super) after: &'a Room,
    /// By which room's roles those who act have rights: the one of before, for a
    /// commit.
    pub(super) rights: &'a Room,
}

/// Whether `attempt` is allowed in `room`.
pub(crate) fn judge(room: &Room, attempt: &Attempt) -> Result<Answer, Refusal> {
    let after = updates::apply(room, &attempt.updates())?;
    let step = Step {
        attempt,
        before: room,
        after: &after,
        rights: room,
    };
    removed_clients_exist(step)?;
    let mut rests_on_hub = constraints::hold(step)?;
    for (who, _) in &attempt.bundles {
        rests_on_hub.join_code |= rights::may(step, who)?;
    }
    if let Some(committer) = &attempt.committer {
        may_commit(step, committer)?;
    }
    operational::holds(step)?;
    let hub = attempt.hub.as_ref();
    if let Some(envelope) = hub.and_then(|hub| hub.envelope.as_ref()) {
        envelope::encloses(envelope, &after)?;
    }
    let clients = (0..).step_by(2).zip(step.clients_after()).collect();
    Ok(Answer {
        room: Room { clients, ..after },
        rests_on_hub,
    })
}

/// A leaf is removed under the name of its user.
fn removed_clients_exist(step: Step<'_>) -> Result<(), Refusal> {
    for deed in step.attempt.bundles.iter().flat_map(|(_, deeds)| deeds) {
        if let Deed::RemoveClient(leaf, user) = deed {
            let mut clients = step.before.clients.iter();
            let exists = clients.any(|(other, owner)| other == leaf && owner == user);
            demand(exists, "the leaf removed is not the user's (host)")?;
        }
    }
    Ok(())
}

/// PROTO, "Proposal-commit paradigm": only clients commit. PROTO, "Update Room
/// State": not those of the removed and banned; POLICY, "Removing": nobody
/// commits its own leaving.
fn may_commit(step: Step<'_>, committer: &Who) -> Result<(), Refusal> {
    let stays = step.after.is_welcome(&committer.user);
    match committer.kind {
        Kind::Member => demand(
            step.before.is_welcome(&committer.user) && stays,
            "the committer is no participant (PROTO, \"Update Room State\")",
        ),
        Kind::Joiner => {
            let deeds = step.attempt.deeds_of(committer);
            let mut deeds = deeds.iter();
            let joins =
                deeds.any(|d| matches!(d, Deed::AddClient(user, _) if *user == committer.user));
            demand(
                joins && stays,
                "an external commit does not join (PROTO, \"Claim group key information\")",
            )
        }
        Kind::External => Err("external senders commit (PROTO, \"Proposal-commit paradigm\")"),
    }
}

impl Step<'_> {
    /// The owner of each client of the group after the commit. A client that is
    /// removed twice is removed once.
    pub(super) fn clients_after(&self) -> Vec<MimiUri> {
        let deeds = || self.attempt.bundles.iter().flat_map(|(_, deeds)| deeds);
        let mut owners = Vec::new();
        for (leaf, owner) in &self.before.clients {
            if !deeds().any(|deed| matches!(deed, Deed::RemoveClient(gone, _) if gone == leaf)) {
                owners.push(owner.clone());
            }
        }
        for deed in deeds() {
            if let Deed::AddClient(user, _) = deed {
                owners.push(user.clone());
            }
        }
        owners
    }

    pub(super) fn count_after(&self, user: &MimiUri) -> usize {
        let owners = self.clients_after();
        owners.iter().filter(|owner| *owner == user).count()
    }

    pub(super) fn count_before(&self, user: &MimiUri) -> usize {
        self.before.leaves_of(user).len()
    }
}
