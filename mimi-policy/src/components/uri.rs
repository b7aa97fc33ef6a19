//! The URIs and host names that policies point to (POLICY, "Complete TLS
//! Presentation Language Syntax").
//!
//! Rooms and users have MIMI URIs, of which [`MimiUri`](mimi_content::MimiUri)
//! takes only the normal form. A [`Uri`] may point anywhere and is kept as it is
//! written: two are equal when their octets are.

use std::fmt;
use std::net::Ipv6Addr;

pub use mimi_content::DomainName;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::limits::MAX_URI_LEN;

/// `Uri`: a URI of any scheme, with at most [`MAX_URI_LEN`] octets.
///
/// It follows the generic syntax of RFC 3986: it has a scheme, its characters
/// may stand where they do, and its percent-encodings are whole. What else the
/// scheme asks for is not looked at, and neither is whether it is safe to open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uri(Box<str>);

impl Uri {
    /// Takes a URI.
    ///
    /// # Errors
    /// When it is too long or breaks the syntax of RFC 3986 §3.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        if text.len() > MAX_URI_LEN {
            return Err(Rule::Limit {
                what: LENGTH,
                max: MAX_URI_LEN,
            });
        }
        check(text).map_err(|(_, why)| Rule::Structure(why))?;
        Ok(Uri(text.into()))
    }

    /// The URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Writes a URI, or an empty one where there is none.
    pub(crate) fn encode_optional(uri: Option<&Self>, w: &mut Writer) {
        w.opaque(uri.map_or("", Uri::as_str).as_bytes());
    }

    /// Reads a URI where there may be none, which is empty then.
    pub(crate) fn decode_optional(r: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        if r.clone().opaque()?.is_empty() {
            r.opaque()?;
            return Ok(None);
        }
        Uri::decode(r).map(Some)
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Encode for Uri {
    fn encode(&self, w: &mut Writer) {
        w.opaque(self.0.as_bytes());
    }
}

impl Decode for Uri {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let text = r.utf8_at_most(LENGTH, MAX_URI_LEN)?;
        check(text).map_err(|(at, why)| {
            let start = r.offset().saturating_sub(text.len());
            r.error_at(start.saturating_add(at), Rule::Structure(why))
        })?;
        Ok(Uri(text.into()))
    }
}

const LENGTH: &str = "the length of a URI";

/// At which octet a text departs from the syntax, and how.
type Fault = (usize, &'static str);

/// `URI` (RFC 3986 §3).
fn check(uri: &str) -> Result<(), Fault> {
    const SCHEME: Fault = (0, "a URI does not start with a scheme");

    let (scheme, mut rest) = uri.split_once(':').ok_or(SCHEME)?;
    let inside = |c: u8| c.is_ascii_alphanumeric() || b"+-.".contains(&c);
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.bytes().all(inside) {
        return Err(SCHEME);
    }
    let start_of = |suffix: &str| uri.len().saturating_sub(suffix.len());
    if let Some(behind) = rest.strip_prefix("//") {
        let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
        let (authority, path) = behind.split_at(end);
        check_authority(authority, start_of(behind))?;
        rest = path;
    }
    // The first question mark opens the query, in which others may stand.
    let (path_and_query, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    check_characters(path_and_query, start_of(rest), b":@/?")?;
    check_characters(fragment, start_of(fragment), b":@/?")
}

/// `authority` (RFC 3986 §3.2), which starts at octet `at`. Addresses of future
/// versions are not taken: there are none.
fn check_authority(authority: &str, at: usize) -> Result<(), Fault> {
    let (user, rest) = authority.rsplit_once('@').unwrap_or(("", authority));
    check_characters(user, at, b":")?;
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|c| c.is_ascii_digit()) => host,
        _ => rest,
    };
    let literal = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    if literal.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()) {
        return Ok(());
    }
    let before = authority.len().saturating_sub(rest.len());
    check_characters(host, at.saturating_add(before), b"")
}

/// Unreserved characters, sub-delimiters, percent-encodings (RFC 3986 §2) and
/// `more`, in a part that starts at octet `at`.
fn check_characters(part: &str, at: usize, more: &[u8]) -> Result<(), Fault> {
    let mut octets = part.bytes().zip(at..);
    while let Some((octet, at)) = octets.next() {
        if octet == b'%' {
            let mut digit = || octets.next().is_some_and(|(c, _)| c.is_ascii_hexdigit());
            if !(digit() && digit()) {
                return Err((at, "a percent sign is not followed by two digits"));
            }
        } else if !(octet.is_ascii_alphanumeric()
            || b"-._~!$&'()*+,;=".contains(&octet)
            || more.contains(&octet))
        {
            return Err((at, "a character cannot stand here in a URI"));
        }
    }
    Ok(())
}
