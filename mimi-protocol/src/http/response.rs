//! Answers to requests that succeed; [`refusal`] makes the others.
//!
//! [`refusal`]: super::refusal

use ::http::header::CONTENT_TYPE;
use ::http::{Response, StatusCode};
use bytes::Bytes;

use super::endpoint::EndpointKind;
use super::headers::{JSON, OCTETS};
use super::own::OwnDirectory;

/// The response of success: 200 with `body`, or for the endpoints that answer
/// with nothing, 201; `body` must then be empty and is dropped.
#[must_use]
pub fn response(kind: EndpointKind, body: Bytes) -> Response<Bytes> {
    if kind.success() == StatusCode::OK {
        return proxy_response(body);
    }
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = kind.success();
    response
}

/// The response with the provider's directory document (PROTO, "Directory").
#[must_use]
pub fn directory_response(own: &OwnDirectory) -> Response<Bytes> {
    let document = own.directory().to_json();
    let mut response = Response::new(Bytes::from(document));
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

/// The response with the content of an asset, all of it and as it was uploaded
/// (PROTO, "Download using a hub proxy"). The body may be a stream.
#[must_use]
pub fn proxy_response<B>(content: B) -> Response<B> {
    let mut response = Response::new(content);
    response.headers_mut().insert(CONTENT_TYPE, OCTETS);
    response
}
