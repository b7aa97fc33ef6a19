//! Request bodies that were seen before.

use std::collections::VecDeque;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A rolling list of SHA-256 hashes of recent inputs, oldest first, so that a
/// byte-exact repetition is recognised (PROTO, "Fanout Messages and Room
/// Events").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent(VecDeque<Bytes>);

impl Recent {
    /// How many inputs are remembered. A peer that waits for each answer repeats
    /// only its last one; one that does not is bounded by what it can have
    /// outstanding on a connection, commonly a hundred.
    pub const MAX: usize = 256;

    /// The hash under which an input is remembered.
    #[must_use]
    pub fn hash(input: &[u8]) -> Bytes {
        Bytes::copy_from_slice(&Sha256::digest(input))
    }

    /// Whether `hash` was added and is not yet forgotten.
    #[must_use]
    pub fn contains(&self, hash: &Bytes) -> bool {
        self.0.contains(hash)
    }

    /// Remembers `hash` and forgets the oldest one beyond [`Recent::MAX`].
    pub fn add(&mut self, hash: Bytes) {
        self.0.push_back(hash);
        if self.0.len() > Self::MAX {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let hash = |n: usize| Recent::hash(&n.to_be_bytes());
        let mut recent = Recent::default();
        for n in 0..Recent::MAX {
            recent.add(hash(n));
        }
        assert!(recent.contains(&hash(0)));
        recent.add(hash(Recent::MAX));
        assert!(!recent.contains(&hash(0)));
        assert!(recent.contains(&hash(1)));
    }
}
