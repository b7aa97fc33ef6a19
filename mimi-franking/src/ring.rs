//! The secret keys with which a hub recognises its own stamps.

use mimi_content::Timestamp;
use openmls_traits::random::OpenMlsRand;
use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::mac::hmac_sha256;
use crate::tag::FrankingTag;

/// `hub_key`: the secret with which a hub recognises its own stamps (PROTO, "Hub
/// processing"). It stays in one place in memory, is erased when dropped and
/// never shown.
pub struct HubKey(Box<Zeroizing<[u8; 32]>>);

impl HubKey {
    /// A key from the host's own store; 32 octets that nobody can guess. The
    /// caller erases its copy.
    #[must_use]
    pub fn from_bytes(secret: &[u8; 32]) -> Self {
        let mut key = Box::new(Zeroizing::new([0; 32]));
        key.copy_from_slice(secret);
        HubKey(key)
    }

    /// A fresh key from the host's randomness.
    ///
    /// # Errors
    /// When the host's generator fails.
    pub fn generate<R: OpenMlsRand>(rand: &R) -> Result<Self, R::Error> {
        let secret = Zeroizing::new(rand.random_array()?);
        Ok(Self::from_bytes(&secret))
    }

    /// The secret itself, for the host to store.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// `server_frank` over a tag and an encoded context.
    pub(crate) fn server_frank(&self, tag: &FrankingTag, context: &[u8]) -> [u8; 32] {
        hmac_sha256(&self.0, &[&tag.0, context])
    }
}

impl ZeroizeOnDrop for HubKey {}

impl std::fmt::Debug for HubKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HubKey(..)")
    }
}

/// The keys of a hub, each with a name and the time since which it was in use.
///
/// The newest stamps; the older ones are retired and kept to recognise old
/// stamps, for as long as the hub takes reports about them. There is always
/// one key.
#[derive(Debug)]
pub struct HubKeyRing {
    current: NamedKey,
    /// Oldest first; all before the current one.
    retired: Vec<NamedKey>,
}

#[derive(Debug)]
struct NamedKey {
    name: String,
    since: Timestamp,
    key: HubKey,
}

impl HubKeyRing {
    /// A ring of one key, in use since `since`, which must not be later than its first
    /// stamp: of earlier messages it is said that their key is erased.
    #[must_use]
    pub fn new(name: impl Into<String>, key: HubKey, since: Timestamp) -> Self {
        HubKeyRing {
            current: NamedKey {
                name: name.into(),
                since,
                key,
            },
            retired: Vec::new(),
        }
    }

    /// A ring from stored keys in any order; the one in use last is current.
    ///
    /// # Errors
    /// When there is no key, or two share a time or a name.
    pub fn from_keys(
        keys: impl IntoIterator<Item = (String, Timestamp, HubKey)>,
    ) -> Result<Self, RingError> {
        let mut keys: Vec<_> = keys.into_iter().collect();
        keys.sort_by_key(|(_, since, _)| *since);
        let mut keys = keys.into_iter();
        let (name, since, key) = keys.next().ok_or(RingError::Empty)?;
        let mut ring = HubKeyRing::new(name, key, since);
        for (name, since, key) in keys {
            ring.rotate(name, key, since)?;
        }
        Ok(ring)
    }

    /// Retires the current key and stamps with `key` from now on; `since` is this
    /// moment, and not one to come.
    ///
    /// # Errors
    /// When `since` is not later than the current key's time, or the name is
    /// taken; the ring is unchanged then.
    pub fn rotate(
        &mut self,
        name: impl Into<String>,
        key: HubKey,
        since: Timestamp,
    ) -> Result<(), RingError> {
        let name = name.into();
        if since <= self.current.since {
            return Err(RingError::NotLater { since });
        }
        if self.iter().any(|(known, ..)| known == name) {
            return Err(RingError::NameTaken(name));
        }
        let new = NamedKey { name, since, key };
        self.retired.push(std::mem::replace(&mut self.current, new));
        Ok(())
    }

    /// Erases one retired key, because it may have leaked: whoever has it could
    /// make stamps of any time. Its stamps are no longer recognised.
    ///
    /// # Errors
    /// When no key has this name, or it is the current one, which has to be
    /// rotated first.
    pub fn revoke(&mut self, name: &str) -> Result<(), RingError> {
        if self.current.name == name {
            return Err(RingError::Current(name.to_owned()));
        }
        match self.retired.iter().position(|key| key.name == name) {
            Some(at) => drop(self.retired.remove(at)),
            None => return Err(RingError::Unknown(name.to_owned())),
        }
        Ok(())
    }

    /// Erases retired keys whose successor was in use at `time` already: stamps
    /// made before the successor are no longer recognised. A key whose successor was
    /// revoked stays until the next one was in use.
    pub fn forget_before(&mut self, time: Timestamp) {
        let in_use = self.at(time).since;
        self.retired.retain(|key| key.since >= in_use);
    }

    /// The keys with their names and the time since which each was in use,
    /// oldest first and the current one last.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Timestamp, &HubKey)> {
        let all = self.retired.iter().chain([&self.current]);
        all.map(|key| (key.name.as_str(), key.since, &key.key))
    }

    pub(crate) fn current(&self) -> &HubKey {
        &self.current.key
    }

    /// The name of the key that made `server_frank` over a tag and an encoded
    /// context of this time, if one did.
    ///
    /// The key in use at the time comes first, then the others from the newest
    /// on, because a clock that was set back leaves stamps outside of their
    /// key's time.
    pub(crate) fn recognise(
        &self,
        server_frank: &[u8; 32],
        tag: &FrankingTag,
        context: &[u8],
        time: Timestamp,
    ) -> Option<&str> {
        let expected = self.at(time);
        let others = [&self.current].into_iter().chain(self.retired.iter().rev());
        let others = others.filter(|key| key.since != expected.since);
        let mut keys = [expected].into_iter().chain(others);
        let made = |key: &&NamedKey| {
            let made = key.key.server_frank(tag, context);
            bool::from(made.ct_eq(server_frank))
        };
        keys.find(made).map(|key| key.name.as_str())
    }

    /// Whether a key of the ring was in use at `time`.
    pub(crate) fn remembers(&self, time: Timestamp) -> bool {
        self.iter()
            .next()
            .is_some_and(|(_, since, _)| since <= time)
    }

    /// The key in use at `time`, or the oldest when none was.
    fn at(&self, time: Timestamp) -> &NamedKey {
        if self.current.since <= time {
            return &self.current;
        }
        let began = |key: &NamedKey| key.since <= time;
        let after = self.retired.partition_point(began);
        let at = self.retired.get(after.saturating_sub(1));
        at.unwrap_or(&self.current)
    }
}

/// Why keys do not make a ring. The host gave them, so the host is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RingError {
    /// There is no key at all.
    #[error("a hub key ring needs a key")]
    Empty,
    /// A key begins at the time of another, or a new one before the current.
    #[error("a hub key begins at {} ms, not later than the one before it", since.as_millis())]
    NotLater {
        /// When the refused key was to begin.
        since: Timestamp,
    },
    /// Two keys have one name.
    #[error("there is a hub key with the name {0:?} already")]
    NameTaken(String),
    /// No key has this name.
    #[error("there is no hub key with the name {0:?}")]
    Unknown(String),
    /// The current key cannot be revoked.
    #[error("{0:?} is the current hub key: rotate first, then revoke")]
    Current(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_key_is_held_by_something_that_erases_it() {
        fn erased<T: ZeroizeOnDrop>(_: &T) {}
        let HubKey(held) = HubKey::from_bytes(&[1; 32]);
        erased::<Zeroizing<[u8; 32]>>(&held);
    }
}
