//! Responses and what to make of them.

use ::http::header::{CONTENT_TYPE, RETRY_AFTER};
use ::http::{Response, StatusCode};
use bytes::Bytes;

use super::endpoint::EndpointKind;
use super::request::CONTENT;

/// The response of success: 200 with `body`, or for the endpoints that answer
/// with nothing, 201; `body` must then be empty and is dropped.
#[must_use]
pub fn response(kind: EndpointKind, body: Bytes) -> Response<Bytes> {
    let status = kind.success();
    let has_body = status == StatusCode::OK;
    let mut response = Response::new(if has_body { body } else { Bytes::new() });
    *response.status_mut() = status;
    if has_body {
        response.headers_mut().insert(CONTENT_TYPE, CONTENT);
    }
    response
}

/// A request that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpFailure {
    /// The peer answered with another status.
    #[error("the peer answered {status}")]
    Status {
        /// The status.
        status: StatusCode,
        /// Seconds after which to try again, if the peer says. A date is not
        /// read: that takes a clock.
        retry_after: Option<u64>,
    },
    /// The answer is longer than the endpoint's can be.
    #[error("the answer is longer than {max} octets")]
    TooLarge {
        /// The endpoint's limit.
        max: usize,
    },
}

impl HttpFailure {
    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            HttpFailure::Status { status, .. } => {
                matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504)
            }
            HttpFailure::TooLarge { .. } => false,
        }
    }
}

/// The body of an answer, empty for the endpoints that answer with nothing.
///
/// Any status of success is taken: PROTO calls 201 "Accepted", which in HTTP
/// is 202, and says nothing of 200.
///
/// # Errors
/// When the status is another or the body too long.
pub fn parse_response(
    kind: EndpointKind,
    response: &Response<Bytes>,
) -> Result<Bytes, HttpFailure> {
    let status = response.status();
    if !status.is_success() {
        return Err(HttpFailure::Status {
            status,
            retry_after: retry_after(response),
        });
    }
    if kind.success() != StatusCode::OK {
        return Ok(Bytes::new());
    }
    let max = kind.max_response_body();
    if response.body().len() > max {
        return Err(HttpFailure::TooLarge { max });
    }
    Ok(response.body().clone())
}

/// The delay of `Retry-After`, in seconds (RFC 9110 §10.2.3).
fn retry_after(response: &Response<Bytes>) -> Option<u64> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    let digits = value.trim();
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}
