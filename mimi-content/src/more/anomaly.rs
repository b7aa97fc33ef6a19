use super::{ExternalMessageId, LastSeen, Scope, SenderTimestamp, Subject};
use crate::cbor::{Decode, DecodeError, Head, Reader, Rule, Trace, decode};
use crate::content::{ExtensionName, ExtensionValue, Extensions, KnownExtension};
use crate::time::Timestamp;

/// Most messages that `lastSeen` names without being an anomaly (MORE,
/// "Security Considerations").
pub const MAX_LAST_SEEN: usize = 65_535;

/// A hundred years: further ahead is no clock that goes wrong.
const FAR_SECS: u64 = 100 * 366 * 24 * 60 * 60;

/// Something about an extension that could be the sign of a malicious sender
/// (MORE, "Security Considerations"). The receiver may reject the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Anomaly {
    /// The value is not what MORE says that it is.
    #[error("the extension {name} is malformed: {error}")]
    Malformed {
        /// The extension.
        name: ExtensionName<'static>,
        /// What is wrong with its value; the offset counts from there.
        error: DecodeError,
    },
    /// `senderTimestamp` is before the Unix epoch.
    #[error("the sender's time is before 1970")]
    BeforeEpoch,
    /// `senderTimestamp` is before the first message of the system.
    #[error("the sender's time is before the first message of the system")]
    BeforeFirstMessage,
    /// `senderTimestamp` is more than a hundred years ahead.
    #[error("the sender's time is far in the future")]
    FarFuture,
    /// `senderTimestamp` is further from now than messages of the system are.
    #[error("the sender's time is {seconds} seconds off")]
    Jump {
        /// How far it is.
        seconds: u64,
    },
    /// `externalMessageId` was met before.
    #[error("the external message ID was met before")]
    DuplicateExternalId,
    /// `externalMessageId` is from an unexpected scope.
    #[error("the external message ID is of an unexpected scope")]
    UnexpectedScope,
    /// `lastSeen` is empty, yet the sender has sent messages into the room.
    #[error("lastSeen is empty, but the sender is not new")]
    NothingSeen,
    /// `lastSeen` leads back to this message.
    #[error("lastSeen leads back to the message itself")]
    Loop,
    /// `lastSeen` has IDs of both kinds.
    #[error("lastSeen mixes message IDs with external ones")]
    Mixed,
    /// `lastSeen` has IDs from an unexpected scope.
    #[error("lastSeen has message IDs of an unexpected scope")]
    UnexpectedLastSeenScope,
    /// `lastSeen` names more than [`MAX_LAST_SEEN`] messages.
    #[error("lastSeen names {count} messages")]
    TooManyLastSeen {
        /// How many.
        count: usize,
    },
}

/// What a receiver knows of room and sender when a message arrives.
pub struct Facts<'f> {
    /// The time now.
    pub now: Timestamp,
    /// When the first message of the target system was exchanged, if known.
    pub first_message: Option<Timestamp>,
    /// How far from now, in seconds either way, a message of the target system may
    /// have been sent, if there is a bound.
    pub max_offset_secs: Option<u64>,
    /// Whether the sender has sent messages into the room.
    pub has_sent: bool,
    /// Whether an external message ID was met before.
    pub is_known: &'f dyn Fn(&ExternalMessageId<'_>) -> bool,
    /// Whether messages of this scope are expected.
    pub is_expected: &'f dyn Fn(&Scope<'_>) -> bool,
    /// Whether these messages, or what they have seen, have seen this message.
    pub is_loop: &'f dyn Fn(&LastSeen<'_>) -> bool,
}

impl std::fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Facts")
            .field("now", &self.now)
            .field("first_message", &self.first_message)
            .field("max_offset_secs", &self.max_offset_secs)
            .field("has_sent", &self.has_sent)
            .finish_non_exhaustive()
    }
}

/// What is odd about the extensions of MORE in a message. A subject that is not
/// UTF-8 is not among it: such a message is not decoded.
#[must_use]
pub fn anomalies(extensions: &Extensions<'_>, facts: &Facts<'_>) -> Vec<Anomaly> {
    let mut all = Vec::new();
    match extensions.known::<SenderTimestamp>() {
        Ok(time) => time_anomalies(time, facts, &mut all),
        Err(_) if is_before_epoch(extensions) => all.push(Anomaly::BeforeEpoch),
        Err(error) => all.push(malformed::<SenderTimestamp>(error)),
    }
    match extensions.known::<ExternalMessageId<'_>>() {
        Ok(None) => {}
        Ok(Some(id)) => {
            if (facts.is_known)(&id) {
                all.push(Anomaly::DuplicateExternalId);
            }
            if !(facts.is_expected)(&id.scope) {
                all.push(Anomaly::UnexpectedScope);
            }
        }
        Err(error) => all.push(malformed::<ExternalMessageId<'_>>(error)),
    }
    if let Err(error) = extensions.known::<Subject<'_>>() {
        all.push(malformed::<Subject<'_>>(error));
    }
    match extensions.known::<LastSeen<'_>>() {
        Ok(None) => {}
        Ok(Some(seen)) => last_seen_anomalies(&seen, facts, &mut all),
        Err(_) if is_mixed(extensions) => all.push(Anomaly::Mixed),
        Err(error) => all.push(malformed::<LastSeen<'_>>(error)),
    }
    all
}

fn malformed<'a, E: KnownExtension<'a>>(error: DecodeError) -> Anomaly {
    let name = E::NAME;
    Anomaly::Malformed { name, error }
}

fn time_anomalies(time: Option<SenderTimestamp>, facts: &Facts<'_>, all: &mut Vec<Anomaly>) {
    let Some(time) = time else {
        return;
    };
    let now = facts.now.as_secs();
    if facts
        .first_message
        .is_some_and(|first| time.seconds < first.as_secs())
    {
        all.push(Anomaly::BeforeFirstMessage);
    }
    if time.seconds > now.saturating_add(FAR_SECS) {
        all.push(Anomaly::FarFuture);
    }
    let seconds = time.seconds.abs_diff(now);
    if facts.max_offset_secs.is_some_and(|max| seconds > max) {
        all.push(Anomaly::Jump { seconds });
    }
}

fn last_seen_anomalies(seen: &LastSeen<'_>, facts: &Facts<'_>, all: &mut Vec<Anomaly>) {
    let count = seen.len();
    if count == 0 && facts.has_sent {
        all.push(Anomaly::NothingSeen);
    }
    if count > MAX_LAST_SEEN {
        all.push(Anomaly::TooManyLastSeen { count });
    }
    if let LastSeen::External(ids) = seen
        && ids.iter().any(|id| !(facts.is_expected)(&id.scope))
    {
        all.push(Anomaly::UnexpectedLastSeenScope);
    }
    if (facts.is_loop)(seen) {
        all.push(Anomaly::Loop);
    }
}

/// Whether the time is malformed because it has a negative number of seconds.
fn is_before_epoch(extensions: &Extensions<'_>) -> bool {
    let value = extensions.get(&ExtensionName::SENDER_TIMESTAMP);
    value.is_some_and(|value| decode::<BeforeEpoch>(value.as_cbor()).is_ok())
}

/// Whether the list is malformed because it has IDs of both kinds.
fn is_mixed(extensions: &Extensions<'_>) -> bool {
    let value = extensions.get(&ExtensionName::LAST_SEEN);
    let kinds = value.and_then(|value| decode::<Kinds>(value.as_cbor()).ok());
    kinds.is_some_and(|kinds| kinds.native && kinds.external)
}

/// A map that begins with a negative number of seconds.
struct BeforeEpoch;

impl Decode<'_> for BeforeEpoch {
    fn read<T: Trace>(r: &mut Reader<'_, T>) -> Result<Self, T::Fault> {
        let start = r.rest();
        let entries = r.map()?;
        let begins = matches!(
            (r.head()?, r.head()?),
            (Head::Unsigned(1), Head::Negative(_))
        );
        if !begins {
            return Err(r.fault_at(start, || Rule::Malformed));
        }
        for _ in 1..entries {
            ExtensionValue::read(r)?;
            ExtensionValue::read(r)?;
        }
        Ok(BeforeEpoch)
    }
}

/// Which kinds of IDs there are in a list, by the types of its items.
struct Kinds {
    native: bool,
    external: bool,
}

impl Decode<'_> for Kinds {
    fn read<T: Trace>(r: &mut Reader<'_, T>) -> Result<Self, T::Fault> {
        const BYTES: u8 = 2;
        const ARRAY: u8 = 4;
        let mut kinds = Kinds {
            native: false,
            external: false,
        };
        for _ in 0..r.array()? {
            let major = r.rest().first().map(|octet| octet >> 5);
            kinds.native |= major == Some(BYTES);
            kinds.external |= major == Some(ARRAY);
            ExtensionValue::read(r)?;
        }
        Ok(kinds)
    }
}
