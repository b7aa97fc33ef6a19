//! The provider's own directory, by which it finds out what a request asks.

use super::directory::{DIRECTORY_PATH, Directory, DirectoryError, PROXY_DOWNLOAD};
use super::endpoint::EndpointKind;
use super::incoming::Incoming;
use super::refusal::HttpRefusal;
use super::template;
use crate::wire::Endpoint;
use crate::wire::limits::MAX_URL_LEN;

/// The directory of the provider that serves, each of whose paths leads to one
/// endpoint.
///
/// That is asked of one's own directory only: a peer has to tell its URLs apart
/// itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDirectory(Directory);

impl OwnDirectory {
    /// Checks that a directory can be served.
    ///
    /// # Errors
    /// [`DirectoryError::Ambiguous`] when a path could be that of two endpoints, or
    /// of one and of the document. Hosts make no difference: every request may come
    /// to the provider's domain.
    pub fn new(directory: Directory) -> Result<Self, DirectoryError> {
        let name = |kind: Option<EndpointKind>| kind.map_or(PROXY_DOWNLOAD, EndpointKind::name);
        for (at, (kind, template)) in directory.templates().enumerate() {
            let one = name(kind);
            if template.value_in(DIRECTORY_PATH).is_some() {
                let other = "mimi-protocol-directory";
                return Err(DirectoryError::Ambiguous { one, other });
            }
            let mut before = directory.templates().take(at);
            if let Some((other, _)) = before.find(|(_, other)| template.overlaps(other)) {
                let other = name(other);
                return Err(DirectoryError::Ambiguous { one, other });
            }
        }
        Ok(OwnDirectory(directory))
    }

    /// The directory, as peers have it.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.0
    }

    /// Whether a request for this host is for this provider: its domain, or a host
    /// of its URLs.
    pub(super) fn is_host(&self, host: &str) -> bool {
        let mut hosts = self.0.templates().map(|(_, template)| template.host());
        host.eq_ignore_ascii_case(self.0.domain())
            || hosts.any(|own| own.eq_ignore_ascii_case(host))
    }

    /// What has this path.
    pub(super) fn route(&self, path_and_query: &str) -> Result<Incoming, HttpRefusal> {
        if path_and_query == DIRECTORY_PATH {
            return Ok(Incoming::Directory);
        }
        let mut values = self.0.templates().filter_map(|(kind, template)| {
            let value = template.value_in(path_and_query)?;
            Some((kind, value))
        });
        let (kind, value) = values.next().ok_or(HttpRefusal::NoSuchEndpoint)?;
        let endpoint = kind.map_or(PROXY_DOWNLOAD, EndpointKind::name);
        let malformed = HttpRefusal::Parameter { endpoint };
        let value = template::decode(value).ok_or(malformed.clone())?;
        match kind {
            Some(kind) => Endpoint::with_value(kind, &value)
                .map(Incoming::Endpoint)
                .ok_or(malformed),
            None if value.len() > MAX_URL_LEN => Err(HttpRefusal::UrlTooLong),
            None => Ok(Incoming::ProxyDownload { url: value }),
        }
    }
}
