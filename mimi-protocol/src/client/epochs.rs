//! Messages of past epochs: which of them count, and how long they decrypt.
//!
//! A room tolerates messages of some past epochs (POLICY, "Operational policy
//! component"), counted back from the epoch in which the hub accepts them. What
//! a hub fans out arrives in the order in which it was accepted, so a client is
//! in that epoch when it gets a message, with one exception: the answer to its
//! own commit comes at once, and overtakes what is still on its way. So a client
//! remembers when the hub accepted the commits that it heard of in this way. A
//! message that was accepted before one of them counts from the epoch before it,
//! and by the tolerance that the room had then.

use mimi_content::Timestamp;
use mimi_policy::{AppMessagePolicy, Denied, RoomPolicy};
use serde::{Deserialize, Serialize};

use super::error::Rejection;
use super::room::{ROSTER, Room};
use crate::engine::CryptoProvider;
use crate::mls::member::MAX_PAST_EPOCHS;

/// Past epochs that are kept beside those that the room tolerates: a client may
/// commit so often before it hears of anything that the hub accepted earlier.
const OVERTAKEN: u8 = 3;

/// An epoch that began with a commit of this client, of which it heard by the
/// hub's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ahead {
    /// When the hub accepted the commit.
    began: Timestamp,
    /// What the room tolerated until then; `None` if it had no operational
    /// policy.
    tolerance: Option<u8>,
}

impl Room {
    /// Whether the hub could accept, at that time, a message of the epoch
    /// `sent`.
    pub(super) fn tolerates(&self, sent: u64, accepted: Timestamp) -> Result<(), Denied> {
        // Nothing is known of the room before this client came in, and nothing of
        // then decrypts.
        if sent < self.meta.since {
            return Ok(());
        }
        let ahead = self.ahead_of(accepted);
        let Some(first) = ahead.first() else {
            return self.policy.accepts_epoch(sent, self.mls.epoch());
        };
        let Some(epoch_tolerance) = first.tolerance else {
            return Ok(());
        };
        let ahead = u64::try_from(ahead.len()).unwrap_or(u64::MAX);
        // Not before the message's own epoch: two timestamps may be the same.
        let then = self.mls.epoch().saturating_sub(ahead).max(sent);
        let policy = AppMessagePolicy {
            epoch_tolerance,
            ..AppMessagePolicy::default()
        };
        policy.accepts_epoch(sent, then)
    }

    /// The epochs, oldest first, that had not begun when the hub accepted
    /// something that arrives now.
    pub(super) fn ahead_of(&self, accepted: Timestamp) -> &[Ahead] {
        let ahead = &self.meta.ahead;
        let begun = ahead.iter().take_while(|ahead| ahead.began < accepted);
        ahead.get(begun.count()..).unwrap_or_default()
    }

    /// The hub's answer says that it accepted this client's commit, which is
    /// about to be merged.
    pub(super) fn get_ahead(&mut self, began: Timestamp) {
        let tolerance = tolerance(&self.policy);
        self.meta.ahead.push(Ahead { began, tolerance });
        // Of earlier epochs nothing decrypts any more.
        if self.meta.ahead.len() > usize::from(MAX_PAST_EPOCHS) {
            self.meta.ahead.remove(0);
        }
    }

    /// A commit arrived in its order, and with it everything before.
    pub(super) fn catch_up(&mut self) {
        self.meta.ahead.clear();
    }

    /// Forgets what is needed for messages that are too old for the room, and were
    /// so before the commits that this client is ahead by.
    pub(super) fn forget_past<P: CryptoProvider>(&mut self, host: &P) -> Result<(), Rejection> {
        let before = self.meta.ahead.iter().map(|ahead| ahead.tolerance);
        let tolerated = before.chain([tolerance(&self.policy)]).max();
        let kept = past_epochs(tolerated.flatten());
        self.mls.keep_past(host, kept)?;
        let forgotten = u64::from(kept)..=u64::from(MAX_PAST_EPOCHS);
        for back in forgotten.map(|kept| kept.saturating_add(1)) {
            if let Some(old) = self.mls.epoch().checked_sub(back) {
                self.mls.store().delete(ROSTER, &old)?;
            }
        }
        Ok(())
    }
}

fn tolerance(policy: &RoomPolicy) -> Option<u8> {
    let parameters = policy.operational();
    parameters.map(|parameters| parameters.app_message_policy.epoch_tolerance)
}

/// Of how many past epochs a client decrypts messages. Without an operational
/// policy a hub takes none of them, but they may be overtaken all the same.
fn past_epochs(tolerance: Option<u8>) -> u8 {
    let tolerance = tolerance.unwrap_or_default();
    tolerance.saturating_add(OVERTAKEN).min(MAX_PAST_EPOCHS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_room_tolerates_decrypts_up_to_a_limit() {
        let most = MAX_PAST_EPOCHS - OVERTAKEN;
        for (tolerance, kept) in [
            (None, OVERTAKEN),
            (Some(0), OVERTAKEN),
            (Some(1), OVERTAKEN + 1),
            (Some(most), MAX_PAST_EPOCHS),
            (Some(most + 1), MAX_PAST_EPOCHS),
            (Some(u8::MAX), MAX_PAST_EPOCHS),
        ] {
            assert_eq!(past_epochs(tolerance), kept, "{tolerance:?}");
        }
    }
}
