//! MIMI URIs in their one normal form (PROTO, "Identifiers"; IDENT,
//! "Representation of identifiers using URIs").
//!
//! Rooms, users and clients are compared, hashed and signed by the octets of
//! their URIs, so each must have exactly one spelling. [`MimiUri`] holds only
//! that spelling; [`MimiUri::parse`] refuses every other and never repairs
//! one. The `new_…` constructors do the repairing for text that a person typed.
//!
//! The normal form:
//!
//! - The scheme is `mimi://`, in lower case.
//! - The authority is a host name alone: no user information, port, trailing
//!   dot or IP address. Its labels are in lower case, internationalised ones as
//!   A-labels that survive UTS #46 processing; at most [`MAX_LABEL_LEN`] octets
//!   each and [`MAX_HOST_LEN`] together.
//! - The path is empty for a provider, without a slash. Otherwise it is `/u/`,
//!   `/p/`, `/d/`, `/r/`, `/g/` or `/t/` and one segment; `/d/` takes two as
//!   well, the user and the client. No segment is empty, `.` or `..`.
//! - An octet that RFC 3986 §3.3 allows in a segment (letters, digits and
//!   `-._~!$&'()*+,;=:@`) stands for itself. Every other one is percent-encoded
//!   in upper case, `/` included, which is how a name may hold a slash.
//! - Decoded, a segment is UTF-8 without control characters. It is otherwise
//!   opaque: letter case and Unicode composition are the provider's business.
//! - There is no query and no fragment.
//! - The whole is at most [`MAX_URI_LEN`] octets long.

mod borrowed;
mod error;
mod parse;

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

pub use borrowed::UriRef;
pub use error::UriError;
pub(crate) use parse::check_host;

/// Longest URI accepted, in octets.
///
/// Endpoint URLs carry up to two whole URIs, percent-encoded once more, which
/// triples them at worst. Both then still fit the 8000 octets of request line
/// that RFC 9110 §4.1 asks every HTTP server to support.
pub const MAX_URI_LEN: usize = 1024;

/// Longest host name, in octets, without a trailing dot (RFC 1035 §2.3.4).
pub const MAX_HOST_LEN: usize = 253;

/// Longest label of a host name, in octets (RFC 1035 §2.3.4).
pub const MAX_LABEL_LEN: usize = 63;

const SCHEME: &str = "mimi://";

/// What a segment must percent-encode: all but RFC 3986's `pchar`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// A MIMI URI in normal form.
///
/// Equality, order and hash are those of its octets. Cloning shares them.
///
/// ```
/// use mimi_content::{MimiUri, UriKind};
///
/// let client = MimiUri::parse("mimi://a.example/d/alice/phone")?;
/// assert_eq!(client.domain(), "a.example");
/// assert_eq!(client.user(), Some(MimiUri::parse("mimi://a.example/u/alice")?));
///
/// let room = MimiUri::new_room("Bücher.example", "reading club")?;
/// assert_eq!(room.as_str(), "mimi://xn--bcher-kva.example/r/reading%20club");
/// assert_eq!(room.kind(), UriKind::Room("reading%20club"));
/// assert_eq!(room.decoded().as_deref(), Some("reading club"));
/// # Ok::<(), mimi_content::UriError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MimiUri(Arc<str>);

/// What a MIMI URI names, with the segments of its path as they are written,
/// that is, percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UriKind<'a> {
    /// `mimi://domain`
    Provider,
    /// `mimi://domain/u/user`
    User(&'a str),
    /// `mimi://domain/p/pseudonym`
    Pseudonym(&'a str),
    /// `mimi://domain/d/client` or `mimi://domain/d/user/client`
    Client {
        /// The user, if the URI names it.
        user: Option<&'a str>,
        /// The client.
        client: &'a str,
    },
    /// `mimi://domain/r/room`
    Room(&'a str),
    /// `mimi://domain/g/group`
    Group(&'a str),
    /// `mimi://domain/t/team`
    Team(&'a str),
}

/// Reading.
impl MimiUri {
    /// Takes a URI that is in normal form.
    ///
    /// # Errors
    /// When it is not, with the first octet that departs from it.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        parse::check(text)?;
        Ok(MimiUri(text.into()))
    }

    /// The URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The provider's host name.
    #[must_use]
    pub fn domain(&self) -> &str {
        UriRef::from(self).domain()
    }

    /// What the URI names.
    #[must_use]
    pub fn kind(&self) -> UriKind<'_> {
        UriRef::from(self).kind()
    }

    /// The user URI of a client URI that names its user; of any other, `None`.
    #[must_use]
    pub fn user(&self) -> Option<MimiUri> {
        match self.kind() {
            UriKind::Client {
                user: Some(user), ..
            } => Some(MimiUri(
                format!("{SCHEME}{}/u/{user}", self.domain()).into(),
            )),
            _ => None,
        }
    }

    /// The URI of the provider that hosts what this URI names.
    #[must_use]
    pub fn to_provider(&self) -> MimiUri {
        MimiUri(format!("{SCHEME}{}", self.domain()).into())
    }

    /// The last segment without percent-encoding: the name of the user, room
    /// or client for people to read. A provider has none.
    ///
    /// The name may hold any character but controls, `/` included. Names that
    /// look alike need not be equal, so compare URIs, not names.
    #[must_use]
    pub fn decoded(&self) -> Option<Cow<'_, str>> {
        let (_, path) = UriRef::from(self).split();
        let (_, segment) = path.rsplit_once('/')?;
        percent_decode_str(segment).decode_utf8().ok()
    }
}

/// Making, from text that a person typed.
///
/// Domains may be internationalised and in any case. Names are taken as they
/// are and percent-encoded, so they must not be percent-encoded yet. Offsets in
/// errors count in the URI that the input would make.
impl MimiUri {
    /// `mimi://domain`
    ///
    /// # Errors
    /// When `domain` is not a host name.
    pub fn new_provider(domain: &str) -> Result<Self, UriError> {
        Self::build(domain, None, &[])
    }

    /// `mimi://domain/u/user`
    ///
    /// # Errors
    /// When `domain` is not a host name, when `user` is empty, `.`, `..` or
    /// holds a control character, or when the URI is too long.
    pub fn new_user(domain: &str, user: &str) -> Result<Self, UriError> {
        Self::build(domain, Some('u'), &[user])
    }

    /// `mimi://domain/p/pseudonym`
    ///
    /// # Errors
    /// As [`MimiUri::new_user`].
    pub fn new_pseudonym(domain: &str, pseudonym: &str) -> Result<Self, UriError> {
        Self::build(domain, Some('p'), &[pseudonym])
    }

    /// `mimi://domain/d/client` or `mimi://domain/d/user/client`
    ///
    /// # Errors
    /// As [`MimiUri::new_user`].
    pub fn new_client(domain: &str, user: Option<&str>, client: &str) -> Result<Self, UriError> {
        match user {
            Some(user) => Self::build(domain, Some('d'), &[user, client]),
            None => Self::build(domain, Some('d'), &[client]),
        }
    }

    /// `mimi://domain/r/room`
    ///
    /// # Errors
    /// As [`MimiUri::new_user`].
    pub fn new_room(domain: &str, room: &str) -> Result<Self, UriError> {
        Self::build(domain, Some('r'), &[room])
    }

    /// `mimi://domain/g/group`
    ///
    /// # Errors
    /// As [`MimiUri::new_user`].
    pub fn new_group(domain: &str, group: &str) -> Result<Self, UriError> {
        Self::build(domain, Some('g'), &[group])
    }

    /// `mimi://domain/t/team`
    ///
    /// # Errors
    /// As [`MimiUri::new_user`].
    pub fn new_team(domain: &str, team: &str) -> Result<Self, UriError> {
        Self::build(domain, Some('t'), &[team])
    }

    fn build(domain: &str, kind: Option<char>, names: &[&str]) -> Result<Self, UriError> {
        let mut uri = format!("{SCHEME}{}", parse::normal_host(domain)?);
        if let Some(kind) = kind {
            uri.push('/');
            uri.push(kind);
        }
        for name in names {
            // The check would take these two for a trailing slash.
            if name.is_empty() {
                return Err(UriError::EmptySegment {
                    offset: uri.len().saturating_add(1),
                });
            }
            uri.push('/');
            uri.extend(utf8_percent_encode(name, ENCODED));
        }
        parse::check(&uri)?;
        Ok(MimiUri(uri.into()))
    }
}

impl fmt::Display for MimiUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MimiUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for MimiUri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        MimiUri::parse(text)
    }
}

impl AsRef<str> for MimiUri {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// So that maps keyed by URI can be asked with a `&str`.
impl Borrow<str> for MimiUri {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// An `opaque<V>`, as every URI on the wire.
impl Encode for MimiUri {
    fn encode(&self, w: &mut Writer) {
        w.opaque(self.0.as_bytes());
    }
}

impl Decode for MimiUri {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let text = r.utf8()?;
        let start = r.offset().saturating_sub(text.len());
        MimiUri::parse(text).map_err(|error| r.error_at(start, Rule::Uri(error)))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for MimiUri {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for MimiUri {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        MimiUri::parse(&text).map_err(serde::de::Error::custom)
    }
}
