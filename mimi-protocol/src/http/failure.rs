//! The calling side: what an answer says, and whether to ask again.

use ::http::{Response, StatusCode};
use bytes::Bytes;
use mimi_content::Timestamp;
use mimi_content::tls::DecodeError;

use super::directory::{Directory, DirectoryError};
use super::endpoint::EndpointKind;
use super::headers::content_length;
use super::limits::MAX_DIRECTORY_LEN;
use super::request::RequestError;
use super::retry_after::RetryAfter;
use crate::engine::Answer;

/// A request that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpFailure {
    /// The peer answered with another status than one of success.
    #[error("the peer answered {status}")]
    Status {
        /// The status.
        status: StatusCode,
        /// When to try again, if the peer says.
        retry_after: Option<RetryAfter>,
    },
    /// The peer pointed elsewhere, or to a cache that nobody has. That is not
    /// followed: the document tells where endpoints are, and a place that an answer
    /// names was not judged.
    #[error("the peer answered {status}, and redirects are not followed")]
    Redirect {
        /// The status.
        status: StatusCode,
    },
    /// The peer answered with a part, which nobody asked for (RFC 9110 §15.3.7).
    #[error("the peer answered with a part of what was asked for")]
    Partial,
    /// The answer is not as long as its `Content-Length` says, or that is no length
    /// (RFC 9110 §8.6).
    #[error("the answer is not as long as it says")]
    Length,
    /// The answer is longer than the endpoint's can be.
    #[error("the answer is longer than {max} octets")]
    TooLarge {
        /// The limit.
        max: usize,
    },
    /// The answer's body is not what the endpoint answers with.
    #[error("the answer is malformed {0}")]
    Body(#[from] DecodeError),
    /// The answer is not a usable directory document.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

impl HttpFailure {
    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self.to_answer(Timestamp::default()), Answer::Retry { .. })
    }

    /// What an engine is told that made the call, when the answer came at `now`.
    ///
    /// This is where statuses become retries or refusals. Those that speak of the
    /// moment are retried: 408, 425, 429, 500, 502, 503, 504, and 413 if it says for
    /// how long (RFC 9110 §15.5.14), as is an answer that broke off. All else
    /// would be the same again. What is no status, of an answer that is of no use,
    /// is told as 502.
    #[must_use]
    pub fn to_answer(&self, now: Timestamp) -> Answer {
        let (status, retry_after) = match self {
            HttpFailure::Status {
                status,
                retry_after,
            } => (status.as_u16(), *retry_after),
            HttpFailure::Redirect { status } => (status.as_u16(), None),
            HttpFailure::Length => return Answer::Retry { not_before: None },
            HttpFailure::Partial
            | HttpFailure::TooLarge { .. }
            | HttpFailure::Body(_)
            | HttpFailure::Directory(_) => {
                let status = StatusCode::BAD_GATEWAY.as_u16();
                return Answer::Refused { status };
            }
        };
        match status {
            408 | 425 | 429 | 500 | 502 | 503 | 504 => {}
            413 if retry_after.is_some() => {}
            _ => return Answer::Refused { status },
        }
        let not_before = retry_after.map(|retry_after| retry_after.not_before(now));
        Answer::Retry { not_before }
    }
}

impl RequestError {
    /// What an engine is told whose call could not be made. It would not be
    /// made later either, as long as the peer's directory stays what it is.
    #[must_use]
    pub fn to_answer(&self) -> Answer {
        let status = match self {
            RequestError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            RequestError::Directory(
                DirectoryError::NotOffered { .. } | DirectoryError::UserNeeded { .. },
            ) => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        };
        Answer::Refused {
            status: status.as_u16(),
        }
    }
}

/// What an engine is told of the answer to its call, which came at `now`. A
/// connection without an answer is `Answer::Retry { not_before: None }`.
#[must_use]
pub fn answer(kind: EndpointKind, response: &Response<Bytes>, now: Timestamp) -> Answer {
    match parse_response(kind, response) {
        Ok(body) => Answer::Done(body),
        Err(failure) => failure.to_answer(now),
    }
}

/// Judges an answer before its body is read, and gives the number of octets at
/// which to stop reading.
///
/// Any status of success is taken but that of a part: PROTO calls 201
/// "Accepted", which in HTTP is 202, and says nothing of 200.
///
/// # Errors
/// When the status is another, or `Content-Length` promises too much or nothing
/// that could be read.
pub fn parse_response_head<B>(
    kind: EndpointKind,
    response: &Response<B>,
) -> Result<usize, HttpFailure> {
    let status = response.status();
    if status == StatusCode::PARTIAL_CONTENT {
        return Err(HttpFailure::Partial);
    }
    if !status.is_success() {
        return Err(failed(response));
    }
    let max = kind.max_response_body();
    if max > 0 {
        check_length(response, max)?;
    }
    Ok(max)
}

/// The body of an answer, empty for the endpoints that answer with nothing,
/// whatever came.
///
/// # Errors
/// As [`parse_response_head`], and when the body is too long or not as long as
/// `Content-Length` says.
pub fn parse_response(
    kind: EndpointKind,
    response: &Response<Bytes>,
) -> Result<Bytes, HttpFailure> {
    match parse_response_head(kind, response)? {
        0 => Ok(Bytes::new()),
        max => whole_body(response, max),
    }
}

/// The directory that the provider at `domain` answered with (PROTO,
/// "Directory"). The media type is ignored.
///
/// # Errors
/// When the status is not 200, or the document not usable.
pub fn parse_directory_response(
    domain: &str,
    response: &Response<Bytes>,
) -> Result<Directory, HttpFailure> {
    check_found(response, MAX_DIRECTORY_LEN)?;
    let document = whole_body(response, MAX_DIRECTORY_LEN)?;
    Ok(Directory::parse(domain, &document)?)
}

/// Judges the answer to a [`proxy_request`](super::proxy_request) before the asset
/// is read, of which the caller takes `max` octets at most (PROTO, "Download using
/// a hub proxy").
///
/// # Errors
/// When the status is not 200, or `Content-Length` is no length or more than
/// `max`. Whoever reads the asset stops there, too.
pub fn parse_proxy_response_head<B>(response: &Response<B>, max: usize) -> Result<(), HttpFailure> {
    check_found(response, max)
}

/// Whether this is what was asked for, as far as the head of an answer to GET
/// tells.
fn check_found<B>(response: &Response<B>, max: usize) -> Result<(), HttpFailure> {
    match response.status() {
        StatusCode::OK => check_length(response, max),
        StatusCode::PARTIAL_CONTENT => Err(HttpFailure::Partial),
        _ => Err(failed(response)),
    }
}

fn failed<B>(response: &Response<B>) -> HttpFailure {
    let status = response.status();
    if status.is_redirection() {
        return HttpFailure::Redirect { status };
    }
    HttpFailure::Status {
        status,
        retry_after: RetryAfter::of(response.headers()),
    }
}

fn check_length<B>(response: &Response<B>, max: usize) -> Result<(), HttpFailure> {
    match content_length(response.headers()) {
        Err(_) => Err(HttpFailure::Length),
        Ok(Some(length)) if length > max => Err(HttpFailure::TooLarge { max }),
        Ok(_) => Ok(()),
    }
}

fn whole_body(response: &Response<Bytes>, max: usize) -> Result<Bytes, HttpFailure> {
    let body = response.body();
    if body.len() > max {
        return Err(HttpFailure::TooLarge { max });
    }
    match content_length(response.headers()) {
        Ok(Some(length)) if length != body.len() => Err(HttpFailure::Length),
        _ => Ok(body.clone()),
    }
}
