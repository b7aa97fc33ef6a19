//! The directory document: where a provider's endpoints are.

use std::collections::BTreeMap;

use ::http::Uri;

use super::document::Document;
use super::endpoint::{self, EndpointKind};
use super::limits::MAX_DIRECTORY_LEN;
use super::template::Template;
use crate::wire::Endpoint;
use crate::wire::limits::MAX_URL_LEN;

/// Where a provider serves its directory document (PROTO, "Directory").
pub const DIRECTORY_PATH: &str = "/.well-known/mimi-protocol-directory";

/// The endpoints of one provider (PROTO, "Directory").
///
/// A document is only as good as the connection it came over. Its URLs may
/// name other hosts than the provider's domain; the host's TLS layer must
/// authenticate the provider's domain on those connections too (PROTO,
/// "Transport layer").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    domain: String,
    templates: BTreeMap<EndpointKind, Template>,
    proxy_download: Option<Template>,
}

/// Why a directory is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// The document is longer than [`MAX_DIRECTORY_LEN`].
    #[error("the directory document is longer than {MAX_DIRECTORY_LEN} octets")]
    TooLong,
    /// The document is not a JSON object with strings as its known members.
    #[error("the directory document is not the JSON object it should be: {0}")]
    Json(String),
    /// A URL is not an https URL of a domain in normal form with exactly one
    /// known variable in its path or query (PROTO, "Directory"; RFC 6570
    /// §3.2.2). User information and IP addresses are refused: nothing could
    /// authenticate them.
    #[error("{endpoint}: not an https URL of a domain with one known variable")]
    Template {
        /// The member of the document.
        endpoint: &'static str,
    },
    /// The provider's name is not a domain in normal form.
    #[error("not a domain in normal form")]
    Domain,
    /// The provider does not offer the endpoint.
    #[error("the provider offers no {endpoint}")]
    NotOffered {
        /// The member of the document.
        endpoint: &'static str,
    },
    /// The URL of an asset is empty or longer than [`MAX_URL_LEN`].
    #[error("the URL to download is empty or longer than {MAX_URL_LEN} octets")]
    DownloadUrl,
    /// Two URLs of the provider's own directory can be the same, whatever their
    /// hosts, so that a request could be meant for either.
    #[error("{one} and {other}: their URLs can be the same")]
    Ambiguous {
        /// A member of the document.
        one: &'static str,
        /// Another, or the place of the document itself.
        other: &'static str,
    },
    /// The provider's URL names a user, and the endpoint only a domain.
    #[error("{endpoint}: the URL asks for a user")]
    UserNeeded {
        /// The member of the document.
        endpoint: &'static str,
    },
}

impl Directory {
    /// Reads the document that `domain` serves at [`DIRECTORY_PATH`]. Members
    /// it does not know are ignored; endpoints may be missing.
    ///
    /// # Errors
    /// As [`DirectoryError`] says.
    pub fn parse(domain: &str, document: &[u8]) -> Result<Self, DirectoryError> {
        if document.len() > MAX_DIRECTORY_LEN {
            return Err(DirectoryError::TooLong);
        }
        // Serde would take an array for a struct.
        if document.trim_ascii_start().first() != Some(&b'{') {
            return Err(DirectoryError::Json("not an object".to_owned()));
        }
        let document: Document =
            serde_json::from_slice(document).map_err(|e| DirectoryError::Json(e.to_string()))?;
        Self::from_document(domain, document)
    }

    /// The directory of a provider that serves all endpoints below `base`, an
    /// https URL such as `https://mimi.a.example/v1`, at the draft's paths.
    ///
    /// # Errors
    /// When `domain` or `base` is not what it should be.
    pub fn standard(domain: &str, base: &str) -> Result<Self, DirectoryError> {
        let base = base.trim_end_matches('/');
        let mut document = Document::default();
        for kind in EndpointKind::ALL {
            let variable = kind.parameters().first().copied().unwrap_or_default();
            *document.member(kind) = Some(format!("{base}/{}/{{{variable}}}", kind.name()));
        }
        document.proxy_download = Some(format!("{base}/{PROXY_DOWNLOAD}/{{{DOWNLOAD_URL}}}"));
        Self::from_document(domain, document)
    }

    fn from_document(domain: &str, mut document: Document) -> Result<Self, DirectoryError> {
        let domain = endpoint::domain(domain).ok_or(DirectoryError::Domain)?;
        let read = |text: Option<String>, endpoint, variables: &[&str]| {
            text.map(|text| Template::parse(&text, variables))
                .map(|template| template.ok_or(DirectoryError::Template { endpoint }))
                .transpose()
        };
        let mut templates = BTreeMap::new();
        for kind in EndpointKind::ALL {
            let text = document.member(kind).take();
            if let Some(template) = read(text, kind.name(), kind.parameters())? {
                templates.insert(kind, template);
            }
        }
        let proxy_download = read(document.proxy_download, PROXY_DOWNLOAD, &[DOWNLOAD_URL])?;
        Ok(Directory {
            domain,
            templates,
            proxy_download,
        })
    }

    /// The document, to be served as `application/json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut document = Document::default();
        for (kind, template) in self.templates() {
            let member = match kind {
                Some(kind) => document.member(kind),
                None => &mut document.proxy_download,
            };
            *member = Some(template.to_string());
        }
        // Strings and their names: serialising them cannot fail.
        serde_json::to_string(&document).unwrap_or_default()
    }

    /// The provider's domain.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether the provider offers an endpoint.
    #[must_use]
    pub fn offers(&self, kind: EndpointKind) -> bool {
        self.templates.contains_key(&kind)
    }

    /// The URL of an endpoint.
    ///
    /// # Errors
    /// When the provider does not offer it, or its URL asks for a user and
    /// only a domain is known.
    pub fn expand(&self, endpoint: &Endpoint) -> Result<Uri, DirectoryError> {
        let name = endpoint.kind().name();
        let not_offered = DirectoryError::NotOffered { endpoint: name };
        let template = self.templates.get(&endpoint.kind()).ok_or(not_offered)?;
        let value = endpoint.value(template.variable());
        let value = value.ok_or(DirectoryError::UserNeeded { endpoint: name })?;
        let expanded = template.expand(value);
        expanded.ok_or(DirectoryError::Template { endpoint: name })
    }

    /// The URL at which the provider, as a hub, fetches an asset (PROTO,
    /// "Download using a hub proxy").
    ///
    /// # Errors
    /// When the provider does not offer it, or the URL is empty or too long. What
    /// else it is nobody asks here: see [`Incoming::ProxyDownload`].
    ///
    /// [`Incoming::ProxyDownload`]: super::Incoming::ProxyDownload
    pub fn expand_proxy_download(&self, download_url: &str) -> Result<Uri, DirectoryError> {
        let endpoint = PROXY_DOWNLOAD;
        let template = self.proxy_download.as_ref();
        let template = template.ok_or(DirectoryError::NotOffered { endpoint })?;
        if download_url.is_empty() || download_url.len() > MAX_URL_LEN {
            return Err(DirectoryError::DownloadUrl);
        }
        let expanded = template.expand(download_url);
        expanded.ok_or(DirectoryError::Template { endpoint })
    }

    /// All templates, with the endpoint that they are of; that of the proxy has
    /// none.
    pub(super) fn templates(&self) -> impl Iterator<Item = (Option<EndpointKind>, &Template)> {
        let endpoints = self.templates.iter();
        let endpoints = endpoints.map(|(kind, template)| (Some(*kind), template));
        endpoints.chain(self.proxy_download.iter().map(|template| (None, template)))
    }
}

/// The member of the document that is not an [`EndpointKind`].
pub(super) const PROXY_DOWNLOAD: &str = "proxyDownload";
const DOWNLOAD_URL: &str = "downloadUrl";
