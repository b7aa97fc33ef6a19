//! Requests from one provider to another (PROTO, "Transport layer").

use ::http::header::{ALLOW, CONTENT_TYPE, FROM, HOST, HeaderName, HeaderValue, RETRY_AFTER};
use ::http::{Method, Request, Response, StatusCode};
use bytes::Bytes;
use mimi_content::tls::DecodeError;

use super::directory::{Directory, DirectoryError};
use super::endpoint::{self, EndpointKind};
use super::template::without_port;
use crate::wire::Endpoint;

/// What bodies are sent as; what they are received as is ignored.
pub(super) const CONTENT: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Makes the request that brings `body` to an endpoint of the provider that
/// `directory` is of, on behalf of the provider `from_domain`.
///
/// `Host` is the host of the endpoint's URL, as HTTP wants it; `From` is
/// `mimi@from_domain`.
///
/// # Errors
/// When the provider does not offer the endpoint, or a name is not a domain.
pub fn request(
    directory: &Directory,
    from_domain: &str,
    endpoint: &Endpoint,
    body: Bytes,
) -> Result<Request<Bytes>, DirectoryError> {
    let from_domain = endpoint::domain(from_domain).ok_or(DirectoryError::Domain)?;
    let uri = directory.expand(endpoint)?;
    let host = uri.authority().map(|a| a.as_str()).unwrap_or_default();
    let host = HeaderValue::from_str(host).map_err(|_| DirectoryError::Domain)?;
    let from = HeaderValue::from_str(&format!("mimi@{from_domain}"));
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    headers.insert(HOST, host);
    headers.insert(FROM, from.map_err(|_| DirectoryError::Domain)?);
    headers.insert(CONTENT_TYPE, CONTENT);
    Ok(request)
}

/// Why a request is not carried out. Each has its status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpRefusal {
    /// `Host` or `From` is missing, stands twice or has another form (PROTO,
    /// "Transport layer"): 400.
    #[error("the {0} header is missing or malformed")]
    Header(&'static str),
    /// `From` is not the provider that the connection authenticated (PROTO,
    /// "Transport layer"): 403.
    #[error("the From header does not name the authenticated provider")]
    NotThePeer,
    /// The request is for another provider (PROTO, "Transport layer"): 421.
    #[error("the Host header names another provider")]
    NotThisProvider,
    /// No endpoint has this path: 404.
    #[error("no such endpoint")]
    NoSuchEndpoint,
    /// The path holds no URI in normal form, or one of another kind than the
    /// endpoint's: 400.
    #[error("{endpoint}: the path's parameter is malformed")]
    Parameter {
        /// The endpoint.
        endpoint: &'static str,
    },
    /// The method is not POST: 405.
    #[error("the method is not POST")]
    Method,
    /// The body is longer than the endpoint takes: 413.
    #[error("the body is longer than {max} octets")]
    TooLarge {
        /// The endpoint's limit.
        max: usize,
    },
    /// The body is not what the endpoint takes: 400.
    #[error("the body is malformed {0}")]
    Body(#[from] DecodeError),
    /// The user or room does not exist, and the provider says so: 404.
    #[error("no such user or room")]
    UnknownTarget,
    /// The provider cannot serve the request now: 503.
    #[error("busy for {retry_after} seconds")]
    Busy {
        /// Seconds after which to try again.
        retry_after: u32,
    },
}

impl HttpRefusal {
    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            HttpRefusal::Header(_) | HttpRefusal::Parameter { .. } | HttpRefusal::Body(_) => {
                StatusCode::BAD_REQUEST
            }
            HttpRefusal::NotThePeer => StatusCode::FORBIDDEN,
            HttpRefusal::NotThisProvider => StatusCode::MISDIRECTED_REQUEST,
            HttpRefusal::NoSuchEndpoint | HttpRefusal::UnknownTarget => StatusCode::NOT_FOUND,
            HttpRefusal::Method => StatusCode::METHOD_NOT_ALLOWED,
            HttpRefusal::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            HttpRefusal::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The response that says so, without a body.
    #[must_use]
    pub fn to_response(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = self.status();
        match self {
            HttpRefusal::Method => {
                let post = HeaderValue::from_static("POST");
                response.headers_mut().insert(ALLOW, post);
            }
            HttpRefusal::Busy { retry_after } => {
                let seconds = HeaderValue::from(*retry_after);
                response.headers_mut().insert(RETRY_AFTER, seconds);
            }
            _ => {}
        }
        response
    }
}

/// Finds out what a request asks of the provider that `own` is the directory
/// of. `authenticated_peer` is the domain that the client's certificate was
/// verified for.
///
/// `Host` may name the provider's domain or the host of its endpoints; a port
/// is ignored. The media type is ignored.
///
/// # Errors
/// With the first thing that is wrong, in the order of [`HttpRefusal`].
pub fn parse_request(
    request: &Request<Bytes>,
    own: &Directory,
    authenticated_peer: &str,
) -> Result<(Endpoint, Bytes), HttpRefusal> {
    let host = host(request)?;
    let from = single(request, &FROM).ok_or(HttpRefusal::Header("From"))?;
    let from = from.trim_matches([' ', '\t']).strip_prefix("mimi@");
    let from = from.ok_or(HttpRefusal::Header("From"))?;
    if !from.eq_ignore_ascii_case(authenticated_peer) {
        return Err(HttpRefusal::NotThePeer);
    }
    let mut hosts = own.templates().map(|(_, template)| template.host());
    if !host.eq_ignore_ascii_case(own.domain()) && !hosts.any(|own| own.eq_ignore_ascii_case(host))
    {
        return Err(HttpRefusal::NotThisProvider);
    }
    let endpoint = route(request, own)?;
    if request.method() != Method::POST {
        return Err(HttpRefusal::Method);
    }
    let max = endpoint.kind().max_request_body();
    if request.body().len() > max {
        return Err(HttpRefusal::TooLarge { max });
    }
    Ok((endpoint, request.body().clone()))
}

/// The only value of a header.
fn single<'a>(request: &'a Request<Bytes>, name: &HeaderName) -> Option<&'a str> {
    let mut values = request.headers().get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    value.to_str().ok()
}

/// The host that a request is for: the `Host` header, or the authority that
/// takes its place in HTTP/2 and later; if both are there, they agree.
fn host(request: &Request<Bytes>) -> Result<&str, HttpRefusal> {
    let malformed = HttpRefusal::Header("Host");
    let authority = request.uri().authority().map(|a| a.as_str());
    let header = match request.headers().contains_key(HOST) {
        true => Some(single(request, &HOST).ok_or(malformed.clone())?),
        false => None,
    };
    let header = header.map(without_port);
    match (header, authority.map(without_port)) {
        (Some(header), Some(authority)) if !header.eq_ignore_ascii_case(authority) => {
            Err(malformed)
        }
        (Some(host), _) | (None, Some(host)) if !host.is_empty() => Ok(host),
        _ => Err(malformed),
    }
}

/// The endpoint whose URL this is. Where one template's variable could swallow
/// another's name, the one with a valid parameter wins.
fn route(request: &Request<Bytes>, own: &Directory) -> Result<Endpoint, HttpRefusal> {
    let path = request.uri().path_and_query().map(|p| p.as_str());
    let path = path.unwrap_or_default();
    let mut malformed: Option<EndpointKind> = None;
    for (kind, template) in own.templates() {
        let Some(value) = template.matches(path) else {
            continue;
        };
        match Endpoint::with_value(kind, &value) {
            Some(endpoint) => return Ok(endpoint),
            None => malformed = malformed.or(Some(kind)),
        }
    }
    Err(
        malformed.map_or(HttpRefusal::NoSuchEndpoint, |kind| HttpRefusal::Parameter {
            endpoint: kind.name(),
        }),
    )
}
