//! Points in time.

use crate::tls::{Decode, DecodeError, Encode, Reader, Writer};

/// A point in time, in whole milliseconds since the Unix epoch (CONTENT,
/// "Accepted Timestamp").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Timestamp(u64);

impl Timestamp {
    /// The time `millis` milliseconds after the Unix epoch.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Timestamp(millis)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 / 1000
    }

    /// The time `millis` milliseconds later, at most the last one there is.
    #[must_use]
    pub const fn plus_millis(self, millis: u64) -> Self {
        Timestamp(self.0.saturating_add(millis))
    }
}

impl Encode for Timestamp {
    fn encode(&self, w: &mut Writer) {
        w.u64(self.0);
    }
}

impl Decode for Timestamp {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.u64().map(Timestamp)
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn serde_has_the_milliseconds() {
        let time = Timestamp::from_millis(1_644_387_225_019);
        let json = serde_json::to_string(&time).unwrap();
        assert_eq!(json, "1644387225019");
        assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), time);
    }
}
