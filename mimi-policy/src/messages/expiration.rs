//! When messages expire.

use mimi_content::{Expiration, Timestamp};

use super::violation::Breach;
use crate::components::expiration::MessageExpiration;

/// What the room does not accept of the expiry of a message that the hub
/// accepted at `accepted`.
pub(super) fn check(
    policy: MessageExpiration,
    expires: Option<Expiration>,
    accepted: Timestamp,
) -> Option<Breach> {
    let Some(expires) = expires else {
        let required = matches!(policy, MessageExpiration::Required(_));
        return required.then_some(Breach::ExpirationMissing);
    };
    let Some(durations) = policy.durations() else {
        return Some(Breach::ExpirationForbidden);
    };
    let seconds = match expires {
        Expiration::AfterReading(seconds) => seconds.into(),
        Expiration::At(time) => u64::from(time).saturating_sub(accepted.as_secs()),
    };
    let (min, max) = (durations.min, durations.max);
    if seconds < u64::from(min) {
        Some(Breach::ExpiresTooSoon { seconds, min })
    } else if seconds > u64::from(max) {
        Some(Breach::ExpiresTooLate { seconds, max })
    } else {
        None
    }
}
