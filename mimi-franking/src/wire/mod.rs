//! The structs that travel, with their exact encodings.

mod agent;
mod frank;
mod pseudonym;
mod report;

use std::fmt;

pub use agent::{Credential, FrankingAgent};
pub use frank::{CipherSuite, Frank, FrankingIntegrityTbs, ServerFrankingContext};
pub use pseudonym::{IdentityLinkTbe, PseudonymousCredential, PseudonymousCredentialTbs};
pub use report::{AbuseReport, AbuseType, AbusiveMessage};

/// Shows octets as hexadecimal digits.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Debug for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}
