//! The same requests and answers with their bodies as types.
//!
//! ```
//! use mimi_content::{MimiUri, Timestamp};
//! use mimi_protocol::http::{Directory, Endpoint, OwnDirectory, typed};
//! use mimi_protocol::wire::{ConsentEntry, ConsentOperation, ConsentScope};
//!
//! let peer = Directory::standard("b.example", "https://mimi.b.example/v1")?;
//! let scope = ConsentScope {
//!     requester_uri: MimiUri::parse("mimi://a.example/u/alice")?,
//!     target_uri: MimiUri::parse("mimi://b.example/u/bob")?,
//!     room_id: None,
//! };
//! let target = mimi_protocol::http::Party::User(scope.target_uri.clone());
//! let asks = ConsentEntry::new(ConsentOperation::Request, scope);
//!
//! let sent = typed::request(&peer, "a.example", &Endpoint::RequestConsent { target }, &asks)?;
//!
//! let own = OwnDirectory::new(peer)?;
//! let (_, received) = typed::parse_request::<ConsentEntry>(&sent, &own, "a.example")?;
//! assert_eq!(received, asks);
//! let answer = typed::response(&received, &())?;
//!
//! assert_eq!(typed::parse_response(&asks, &answer), Ok(()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use ::http::{Request, Response};
use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError};

use super::directory::Directory;
use super::endpoint::EndpointKind;
use super::failure::HttpFailure;
use super::incoming::Incoming;
use super::own::OwnDirectory;
use super::refusal::HttpRefusal;
use super::request::RequestError;
use crate::wire::{
    AbuseReport, ConsentEntry, ConsentOperation, Endpoint, FanoutMessages, GroupInfoRequest,
    GroupInfoResponse, IdentifierRequest, IdentifierResponse, KeyMaterialRequest,
    KeyMaterialResponse, SubmitMessageRequest, SubmitMessageResponse, UpdateRequest,
    UpdateRoomResponse,
};

/// The body of a request, which says to which endpoint it goes and what is
/// answered.
pub trait Exchange: Encode + Decode {
    /// The body of the answer; `()` if it has none.
    type Answer: AnswerBody;

    /// The endpoint that it is for.
    fn kind(&self) -> EndpointKind;
}

/// The body of an answer.
pub trait AnswerBody: Sized {
    /// Its octets.
    ///
    /// # Errors
    /// When they cannot be encoded.
    fn to_body(&self) -> Result<Bytes, EncodeError>;

    /// Reads it.
    ///
    /// # Errors
    /// When it is something else.
    fn from_body(body: &Bytes) -> Result<Self, DecodeError>;
}

/// As [`request`](super::request), with a typed body.
///
/// # Errors
/// As [`RequestError`] says.
pub fn request<E: Exchange>(
    directory: &Directory,
    from_domain: &str,
    endpoint: &Endpoint,
    body: &E,
) -> Result<Request<Bytes>, RequestError> {
    if body.kind() != endpoint.kind() {
        let endpoint = endpoint.kind().name();
        return Err(RequestError::OtherEndpoint { endpoint });
    }
    let body = Bytes::from(body.to_vec()?);
    super::request(directory, from_domain, endpoint, body)
}

/// As [`parse_request`](super::parse_request), for who expects requests with this
/// body only. Who expects others first routes, and then takes [`parse_body`].
///
/// # Errors
/// As there, and when the request is for something else or its body malformed.
pub fn parse_request<E: Exchange>(
    request: &Request<Bytes>,
    own: &OwnDirectory,
    authenticated_peer: &str,
) -> Result<(Endpoint, E), HttpRefusal> {
    match super::parse_request(request, own, authenticated_peer)? {
        (Incoming::Endpoint(endpoint), body) => {
            let body = parse_body(&endpoint, &body)?;
            Ok((endpoint, body))
        }
        _ => Err(HttpRefusal::NoSuchEndpoint),
    }
}

/// The body of a request to this endpoint.
///
/// # Errors
/// When it is malformed, or what another endpoint takes, such as a grant of
/// consent where it is asked for.
pub fn parse_body<E: Exchange>(endpoint: &Endpoint, body: &Bytes) -> Result<E, HttpRefusal> {
    let body = E::from_bytes(body)?;
    if body.kind() != endpoint.kind() {
        let endpoint = endpoint.kind().name();
        return Err(HttpRefusal::OtherEndpoint { endpoint });
    }
    Ok(body)
}

/// As [`response`](super::response), to this request.
///
/// # Errors
/// When the answer cannot be encoded.
pub fn response<E: Exchange>(
    request: &E,
    answer: &E::Answer,
) -> Result<Response<Bytes>, EncodeError> {
    Ok(super::response(request.kind(), answer.to_body()?))
}

/// As [`parse_response`](super::parse_response), to this request.
///
/// # Errors
/// As there, and when the body is malformed.
pub fn parse_response<E: Exchange>(
    request: &E,
    response: &Response<Bytes>,
) -> Result<E::Answer, HttpFailure> {
    let body = super::parse_response(request.kind(), response)?;
    Ok(E::Answer::from_body(&body)?)
}

impl AnswerBody for () {
    fn to_body(&self) -> Result<Bytes, EncodeError> {
        Ok(Bytes::new())
    }

    fn from_body(_: &Bytes) -> Result<Self, DecodeError> {
        Ok(())
    }
}

macro_rules! answers {
    ($($answer:ty),+ $(,)?) => {$(
        impl AnswerBody for $answer {
            fn to_body(&self) -> Result<Bytes, EncodeError> {
                self.to_vec().map(Bytes::from)
            }

            fn from_body(body: &Bytes) -> Result<Self, DecodeError> {
                Self::from_bytes(body)
            }
        }
    )+};
}

answers!(
    KeyMaterialResponse,
    UpdateRoomResponse,
    SubmitMessageResponse,
    GroupInfoResponse,
    IdentifierResponse,
);

macro_rules! exchanges {
    ($($request:ident => $kind:ident => $answer:ty),+ $(,)?) => {$(
        impl Exchange for $request {
            type Answer = $answer;

            fn kind(&self) -> EndpointKind {
                EndpointKind::$kind
            }
        }
    )+};
}

exchanges!(
    KeyMaterialRequest => KeyMaterial => KeyMaterialResponse,
    UpdateRequest => Update => UpdateRoomResponse,
    FanoutMessages => Notify => (),
    SubmitMessageRequest => SubmitMessage => SubmitMessageResponse,
    GroupInfoRequest => GroupInfo => GroupInfoResponse,
    IdentifierRequest => IdentifierQuery => IdentifierResponse,
    AbuseReport => ReportAbuse => (),
);

/// Its operation says which of the two endpoints it is for (PROTO, "Convey
/// explicit consent").
impl Exchange for ConsentEntry {
    type Answer = ();

    fn kind(&self) -> EndpointKind {
        match self.operation {
            ConsentOperation::Cancel | ConsentOperation::Request => EndpointKind::RequestConsent,
            ConsentOperation::Grant(_) | ConsentOperation::Revoke => EndpointKind::UpdateConsent,
        }
    }
}
