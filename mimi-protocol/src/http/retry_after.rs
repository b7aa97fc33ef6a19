//! When a peer wants to be asked again.

use std::time::UNIX_EPOCH;

use ::http::HeaderMap;
use ::http::header::RETRY_AFTER;
use httpdate::HttpDate;
use mimi_content::Timestamp;

use super::headers::{digits, single};

/// The value of `Retry-After` (RFC 9110 §10.2.3), which a caller respects (PROTO,
/// "Fanout Messages and Room Events").
///
/// How long a peer may make a caller wait is limited where it waits, by
/// [`MAX_RETRY_AFTER_MILLIS`](crate::delivery::MAX_RETRY_AFTER_MILLIS).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// Seconds from the answer; a number beyond these is as good as the largest.
    Seconds(u64),
    /// A date, in whole seconds.
    At(Timestamp),
}

impl RetryAfter {
    /// Reads decimal digits, or a date in one of the three forms that RFC 9110
    /// §5.6.7 has. `None` if it is neither.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim_matches([' ', '\t']);
        if let Some(seconds) = digits(value) {
            return Some(RetryAfter::Seconds(seconds));
        }
        let date: HttpDate = value.parse().ok()?;
        let since = std::time::SystemTime::from(date)
            .duration_since(UNIX_EPOCH)
            .ok()?;
        let millis = u64::try_from(since.as_millis()).ok()?;
        Some(RetryAfter::At(Timestamp::from_millis(millis)))
    }

    /// The earliest time of another attempt after an answer that came at `now`.
    #[must_use]
    pub fn not_before(self, now: Timestamp) -> Timestamp {
        match self {
            RetryAfter::Seconds(seconds) => now.plus_millis(seconds.saturating_mul(1000)),
            RetryAfter::At(time) => time,
        }
    }

    /// What a response says, if it says it once and in a known form. Anything else
    /// is as good as nothing: the caller then waits as it sees fit.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        single(headers, &RETRY_AFTER).and_then(RetryAfter::parse)
    }
}
