//! Why a request is not carried out, and how that is said.

use ::http::header::{ALLOW, HeaderValue, RETRY_AFTER};
use ::http::{Method, Response, StatusCode};
use bytes::Bytes;
use mimi_content::tls::DecodeError;

use crate::wire::limits::MAX_URL_LEN;

/// Why a request is not carried out. Each has its status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpRefusal {
    /// `Host`, `From` (PROTO, "Transport layer") or `Content-Length` (RFC 9110
    /// §8.6) is missing, stands twice, has another form or contradicts the
    /// request: 400.
    #[error("the {0} header is missing or malformed")]
    Header(&'static str),
    /// `From` is not the provider that the connection authenticated, or the name
    /// of that is no domain in normal form (PROTO, "Transport layer"): 403.
    #[error("the From header does not name the authenticated provider")]
    NotThePeer,
    /// The request is for another provider (PROTO, "Transport layer"): 421.
    #[error("the Host header names another provider")]
    NotThisProvider,
    /// The request is for a URL that is not an https URL (PROTO, "Transport
    /// layer"; RFC 9110 §7.4): 421.
    #[error("the request is not for an https URL")]
    Scheme,
    /// No endpoint has this path: 404.
    #[error("no such endpoint")]
    NoSuchEndpoint,
    /// The path holds no URI in normal form, one of another kind than the
    /// endpoint's, or half an escape: 400.
    #[error("{endpoint}: the path's parameter is malformed")]
    Parameter {
        /// The endpoint.
        endpoint: &'static str,
    },
    /// The URL of an asset is longer than [`MAX_URL_LEN`]: 414.
    #[error("the URL to download is longer than {MAX_URL_LEN} octets")]
    UrlTooLong,
    /// The endpoint has another method: 405.
    #[error("the method is not {allowed}")]
    Method {
        /// The one it has.
        allowed: Method,
    },
    /// The body is longer than the endpoint takes: 413.
    #[error("the body is longer than {max} octets")]
    TooLarge {
        /// The endpoint's limit.
        max: usize,
    },
    /// The body is not what the endpoint takes: 400.
    #[error("the body is malformed {0}")]
    Body(#[from] DecodeError),
    /// The body is what another endpoint takes: 400.
    #[error("{endpoint}: the body is for another endpoint")]
    OtherEndpoint {
        /// The endpoint of the path.
        endpoint: &'static str,
    },
}

impl HttpRefusal {
    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            HttpRefusal::Header(_)
            | HttpRefusal::Parameter { .. }
            | HttpRefusal::Body(_)
            | HttpRefusal::OtherEndpoint { .. } => StatusCode::BAD_REQUEST,
            HttpRefusal::NotThePeer => StatusCode::FORBIDDEN,
            HttpRefusal::NotThisProvider | HttpRefusal::Scheme => StatusCode::MISDIRECTED_REQUEST,
            HttpRefusal::NoSuchEndpoint => StatusCode::NOT_FOUND,
            HttpRefusal::UrlTooLong => StatusCode::URI_TOO_LONG,
            HttpRefusal::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            HttpRefusal::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// The response that says so, without a body.
    #[must_use]
    pub fn to_response(&self) -> Response<Bytes> {
        let mut response = refusal(self.status().as_u16(), None);
        if let HttpRefusal::Method { allowed } = self
            && let Ok(allowed) = HeaderValue::from_str(allowed.as_str())
        {
            response.headers_mut().insert(ALLOW, allowed);
        }
        response
    }
}

/// The response, without a body, that refuses what a host or an engine will not
/// do: `status` is that of the engine's rejection, or one that the host chooses,
/// such as 403 for an asset that it does not proxy. What is none of an error
/// becomes 500.
///
/// `retry_after` are seconds after which to try again, which goes with 429 and
/// 503 above all (PROTO, "Fanout Messages and Room Events"; RFC 9110 §10.2.3).
#[must_use]
pub fn refusal(status: u16, retry_after: Option<u32>) -> Response<Bytes> {
    let status = StatusCode::from_u16(status).ok();
    let status = status.filter(|status| status.is_client_error() || status.is_server_error());
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(seconds) = retry_after {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}
