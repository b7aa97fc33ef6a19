//! The serving side: what a request asks (PROTO, "Transport layer").

use ::http::header::{FROM, HOST};
use ::http::uri::Scheme;
use ::http::{Method, Request};
use bytes::Bytes;

use super::endpoint;
use super::headers::{content_length, single};
use super::own::OwnDirectory;
use super::refusal::HttpRefusal;
use super::template;
use crate::wire::Endpoint;

/// What a request asks of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Incoming {
    /// For the directory document: answer with [`directory_response`].
    ///
    /// [`directory_response`]: super::directory_response
    Directory,
    /// Something of an endpoint, with a body.
    Endpoint(Endpoint),
    /// For an asset that somebody else stores (PROTO, "Download using a hub
    /// proxy").
    ProxyDownload {
        /// Its URL, as the peer wrote it: not empty, at most [`MAX_URL_LEN`]
        /// octets, and not looked at any further. Whoever fetches it first checks
        /// that it is an https URL, and that it leads to an asset server of a peer,
        /// or this provider is an open proxy.
        ///
        /// [`MAX_URL_LEN`]: crate::wire::limits::MAX_URL_LEN
        url: String,
    },
}

impl Incoming {
    /// The method of such a request.
    #[must_use]
    pub fn method(&self) -> Method {
        match self {
            Incoming::Directory | Incoming::ProxyDownload { .. } => Method::GET,
            Incoming::Endpoint(_) => Method::POST,
        }
    }

    /// Most octets of its body: where a host stops reading.
    #[must_use]
    pub fn max_body(&self) -> usize {
        match self {
            Incoming::Directory | Incoming::ProxyDownload { .. } => 0,
            Incoming::Endpoint(endpoint) => endpoint.kind().max_request_body(),
        }
    }
}

/// Finds out what a request asks, before any of its body is read, so that a host
/// reads no more than [`Incoming::max_body`] and nothing of what is refused.
///
/// `authenticated_peer` is the domain, in normal form, that the client's
/// certificate was verified for. `Host` may name the provider's domain or a host
/// of its URLs; a port is ignored.
///
/// # Errors
/// With the first thing that is wrong, in the order of [`HttpRefusal`].
pub fn parse_head<B>(
    request: &Request<B>,
    own: &OwnDirectory,
    authenticated_peer: &str,
) -> Result<Incoming, HttpRefusal> {
    let host = host(request)?;
    let from = from(request)?;
    if endpoint::domain(authenticated_peer).is_none() || from != authenticated_peer {
        return Err(HttpRefusal::NotThePeer);
    }
    if !own.is_host(host) {
        return Err(HttpRefusal::NotThisProvider);
    }
    let scheme = request.uri().scheme();
    if scheme.is_some_and(|scheme| *scheme != Scheme::HTTPS) {
        return Err(HttpRefusal::Scheme);
    }
    let path = request.uri().path_and_query().map(|path| path.as_str());
    let incoming = own.route(path.unwrap_or_default())?;
    let (allowed, max) = (incoming.method(), incoming.max_body());
    if *request.method() != allowed {
        return Err(HttpRefusal::Method { allowed });
    }
    match content_length(request.headers()) {
        Err(_) => Err(HttpRefusal::Header("Content-Length")),
        Ok(Some(length)) if length > max => Err(HttpRefusal::TooLarge { max }),
        Ok(_) => Ok(incoming),
    }
}

/// Finds out what a request asks, and hands its body on.
///
/// # Errors
/// As [`parse_head`], and when the body is too long or not as long as
/// `Content-Length` says.
pub fn parse_request(
    request: &Request<Bytes>,
    own: &OwnDirectory,
    authenticated_peer: &str,
) -> Result<(Incoming, Bytes), HttpRefusal> {
    let incoming = parse_head(request, own, authenticated_peer)?;
    let (body, max) = (request.body(), incoming.max_body());
    if body.len() > max {
        return Err(HttpRefusal::TooLarge { max });
    }
    match content_length(request.headers()) {
        Ok(Some(length)) if length != body.len() => Err(HttpRefusal::Header("Content-Length")),
        _ => Ok((incoming, body.clone())),
    }
}

/// The host that a request is for: the `Host` header, or the authority that
/// takes its place in HTTP/2 and later; if both are there, they agree.
fn host<B>(request: &Request<B>) -> Result<&str, HttpRefusal> {
    let malformed = HttpRefusal::Header("Host");
    let authority = request.uri().authority().map(|a| a.as_str());
    let header = match request.headers().contains_key(HOST) {
        true => Some(single(request.headers(), &HOST).ok_or(malformed.clone())?),
        false => None,
    };
    let header = header.map(template::host);
    match (header, authority.map(template::host)) {
        (Some(header), Some(authority)) if !header.eq_ignore_ascii_case(authority) => {
            Err(malformed)
        }
        (Some(host), _) | (None, Some(host)) if !host.is_empty() => Ok(host),
        _ => Err(malformed),
    }
}

/// The domain in `From`, whose case does not matter.
fn from<B>(request: &Request<B>) -> Result<String, HttpRefusal> {
    let malformed = HttpRefusal::Header("From");
    let from = single(request.headers(), &FROM).ok_or(malformed.clone())?;
    let domain = from.trim_matches([' ', '\t']).strip_prefix("mimi@");
    let domain = domain.map(str::to_ascii_lowercase);
    domain
        .filter(|domain| endpoint::domain(domain).is_some())
        .ok_or(malformed)
}
