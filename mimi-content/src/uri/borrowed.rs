//! MIMI URIs inside of a text that somebody else keeps.

use std::fmt;

use super::{MimiUri, SCHEME, UriError, UriKind, parse};
use crate::tls::{DecodeError, Reader, Rule};

/// A MIMI URI in normal form that is borrowed, for lists that keep thousands in
/// one piece of memory.
///
/// Equality, order and hash are those of its octets, as of [`MimiUri`], with
/// which it can be compared.
///
/// ```
/// use mimi_content::{MimiUri, UriRef};
///
/// let alice = UriRef::parse("mimi://a.example/u/alice")?;
/// assert_eq!(alice.domain(), "a.example");
/// assert_eq!(alice, MimiUri::parse("mimi://a.example/u/alice")?);
/// assert!(UriRef::parse("mimi://A.example/u/alice").is_err());
/// # Ok::<(), mimi_content::UriError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UriRef<'a>(&'a str);

impl<'a> UriRef<'a> {
    /// Takes a URI that is in normal form.
    ///
    /// # Errors
    /// When it is not, with the first octet that departs from it.
    pub fn parse(text: &'a str) -> Result<Self, UriError> {
        parse::check(text)?;
        Ok(UriRef(text))
    }

    /// Reads a URI as [`MimiUri`] does, and copies nothing.
    ///
    /// # Errors
    /// When there is none, or it is not in normal form.
    pub fn decode(r: &mut Reader<'a>) -> Result<Self, DecodeError> {
        let text = r.utf8()?;
        let start = r.offset().saturating_sub(text.len());
        UriRef::parse(text).map_err(|error| r.error_at(start, Rule::Uri(error)))
    }

    /// Takes a text that was found to be in normal form before, without looking
    /// again. With any other text, comparisons and [`UriRef::kind`] give nonsense.
    #[must_use]
    pub const fn assume_normal(text: &'a str) -> Self {
        UriRef(text)
    }

    /// The URI.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// The provider's host name.
    #[must_use]
    pub fn domain(self) -> &'a str {
        self.split().0
    }

    /// What the URI names.
    #[must_use]
    pub fn kind(self) -> UriKind<'a> {
        match self.split().1.split_once('/') {
            Some(("u", name)) => UriKind::User(name),
            Some(("p", name)) => UriKind::Pseudonym(name),
            Some(("r", name)) => UriKind::Room(name),
            Some(("g", name)) => UriKind::Group(name),
            Some(("t", name)) => UriKind::Team(name),
            Some((_, names)) => match names.split_once('/') {
                Some((user, client)) => UriKind::Client {
                    user: Some(user),
                    client,
                },
                None => UriKind::Client {
                    user: None,
                    client: names,
                },
            },
            None => UriKind::Provider,
        }
    }

    /// The same URI, to keep.
    #[must_use]
    pub fn to_uri(self) -> MimiUri {
        MimiUri(self.0.into())
    }

    /// The host and what follows the slash behind it.
    pub(super) fn split(self) -> (&'a str, &'a str) {
        let rest = self.0.strip_prefix(SCHEME).unwrap_or_default();
        rest.split_once('/').unwrap_or((rest, ""))
    }
}

impl<'a> From<&'a MimiUri> for UriRef<'a> {
    fn from(uri: &'a MimiUri) -> Self {
        UriRef(uri.as_str())
    }
}

impl PartialEq<MimiUri> for UriRef<'_> {
    fn eq(&self, other: &MimiUri) -> bool {
        self.0 == other.as_str()
    }
}

impl PartialEq<UriRef<'_>> for MimiUri {
    fn eq(&self, other: &UriRef<'_>) -> bool {
        self.as_str() == other.0
    }
}

impl fmt::Display for UriRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for UriRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
