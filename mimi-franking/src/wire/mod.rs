//! The structs that travel, with their exact encodings.

mod agent;
mod frank;
mod pseudonym;
mod report;

use std::fmt;

use bytes::Bytes;
use mimi_content::tls::{DecodeError, Reader, Rule};

pub use agent::{Credential, FrankingAgent};
pub use frank::{CipherSuite, Frank, FrankingIntegrityTbs, ServerFrankingContext};
pub use pseudonym::{IdentityLinkTbe, PseudonymousCredential, PseudonymousCredentialTbs};
pub use report::{AbuseReport, AbuseType, AbusiveMessage};

/// An `opaque<V>` of at most `max` octets.
fn bounded(r: &mut Reader<'_>, what: &'static str, max: usize) -> Result<Bytes, DecodeError> {
    let start = r.offset();
    let content = r.opaque_bytes()?;
    if content.len() > max {
        return Err(r.error_at(start, Rule::Limit { what, max }));
    }
    Ok(content)
}

/// A vector of at most `max` items.
fn at_most<'a, T>(
    r: &mut Reader<'a>,
    what: &'static str,
    max: usize,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let mut count: usize = 0;
    r.list_with(|r| {
        count = count.saturating_add(1);
        if count > max {
            return Err(r.error(Rule::Limit { what, max }));
        }
        read(r)
    })
}

/// Shows octets as hexadecimal digits.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Debug for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}
