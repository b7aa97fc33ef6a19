//! MIMI URIs in their one normal form.

use crate::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

/// A MIMI URI in normal form; compared bytewise.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MimiUri(std::sync::Arc<str>);

/// What a MIMI URI names.
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

/// Why a text is not a MIMI URI in normal form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UriError {
    /// Placeholder.
    #[error("not a MIMI URI")]
    Invalid,
}

impl MimiUri {
    /// Parses.
    ///
    /// # Errors
    /// If not normal.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        text.strip_prefix("mimi://").ok_or(UriError::Invalid)?;
        Ok(MimiUri(text.into()))
    }
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The authority's host.
    #[must_use]
    pub fn domain(&self) -> &str {
        let rest = self.0.strip_prefix("mimi://").unwrap_or_default();
        rest.split('/').next().unwrap_or_default()
    }
    /// What it names.
    #[must_use]
    pub fn kind(&self) -> UriKind<'_> {
        let path = self.0.splitn(4, '/').nth(3).unwrap_or_default();
        match path.split_once('/') {
            Some(("u", rest)) => UriKind::User(rest),
            Some(("p", rest)) => UriKind::Pseudonym(rest),
            Some(("d", rest)) => match rest.split_once('/') {
                Some((user, client)) => UriKind::Client {
                    user: Some(user),
                    client,
                },
                None => UriKind::Client {
                    user: None,
                    client: rest,
                },
            },
            Some(("r", rest)) => UriKind::Room(rest),
            Some(("g", rest)) => UriKind::Group(rest),
            Some(("t", rest)) => UriKind::Team(rest),
            _ => UriKind::Provider,
        }
    }
    /// The user of a client URI that names it.
    #[must_use]
    pub fn user(&self) -> Option<MimiUri> {
        match self.kind() {
            UriKind::Client {
                user: Some(user), ..
            } => MimiUri::parse(&format!("mimi://{}/u/{user}", self.domain())).ok(),
            _ => None,
        }
    }
}

impl std::fmt::Display for MimiUri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::fmt::Debug for MimiUri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Encode for MimiUri {
    fn encode(&self, w: &mut Writer) {
        w.opaque(self.0.as_bytes());
    }
}

impl Decode for MimiUri {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        MimiUri::parse(r.utf8()?)
            .map_err(|_| r.error_at(start, Rule::Structure("not a MIMI URI in normal form")))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for MimiUri {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for MimiUri {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        MimiUri::parse(&text).map_err(serde::de::Error::custom)
    }
}
