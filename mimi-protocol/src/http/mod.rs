//! The HTTP binding: endpoints as requests and responses of the `http` crate,
//! and back. No connection is opened here; TLS, and with it the proof of who
//! the peer is, stays with the host.
//!
//! ```
//! use bytes::Bytes;
//! use mimi_content::MimiUri;
//! use mimi_protocol::http::{
//!     Directory, Endpoint, Incoming, OwnDirectory, directory_response, parse_request,
//!     parse_response, proxy_response, refusal, request, response,
//! };
//! # use mimi_protocol::assets::AssetDomains;
//! # let of_peers = AssetDomains::default();
//! # let fetch = |_: &mimi_content::HttpsUrl| Bytes::new();
//!
//! // The hub's directory, as b.example has it from `directory_request`.
//! let hub = Directory::standard("a.example", "https://mimi.a.example/v1")?;
//! let room = MimiUri::parse("mimi://a.example/r/clubhouse")?;
//! let submit = Endpoint::SubmitMessage { room };
//!
//! let sent = request(&hub, "b.example", &submit, Bytes::from_static(b"body"))?;
//! assert_eq!(sent.uri().path(),
//!            "/v1/submitMessage/mimi%3A%2F%2Fa.example%2Fr%2Fclubhouse");
//! assert_eq!(sent.headers()["from"], "mimi@b.example");
//!
//! // The hub, where TLS has authenticated b.example.
//! let own = OwnDirectory::new(hub)?;
//! let answer = match parse_request(&sent, &own, "b.example") {
//!     Ok((Incoming::Endpoint(endpoint), body)) => {
//!         assert_eq!((&endpoint, &body[..]), (&submit, &b"body"[..]));
//!         response(endpoint.kind(), Bytes::from_static(b"answer"))
//!     }
//!     Ok((Incoming::Directory, _)) => directory_response(&own),
//!     // Fetched if it is on an asset server of a peer, and else refused.
//!     Ok((Incoming::ProxyDownload { url }, _)) => match of_peers.judge(&url) {
//!         Ok(target) => proxy_response(fetch(&target)),
//!         Err(no) => refusal(no.status(), None),
//!     },
//!     Ok(_) => refusal(404, None),
//!     Err(refusal) => refusal.to_response(),
//! };
//!
//! assert_eq!(parse_response(submit.kind(), &answer)?, "answer");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which function
//!
//! | | caller makes | server reads | server answers | caller reads |
//! |---|---|---|---|---|
//! | endpoint | [`request`] | [`parse_request`] | [`response`] | [`parse_response`], or for an engine [`answer`] |
//! | the same, typed | [`typed::request`] | [`typed::parse_body`] | [`typed::response`] | [`typed::parse_response`] |
//! | directory | [`directory_request`] | [`parse_request`] | [`directory_response`] | [`parse_directory_response`] |
//! | asset | [`proxy_request`] | [`parse_request`] | [`proxy_response`] | [`parse_proxy_response_head`] |
//! | anything refused | | | [`HttpRefusal::to_response`], [`refusal`] | [`HttpFailure`] |
//!
//! [`parse_head`] and [`parse_response_head`] judge what comes before any body is
//! read, and say where to stop reading.
//!
//! # What the host does
//!
//! It authenticates both domains with TLS, and follows no redirect. It asks for no
//! part of an asset and passes on no header of a peer but those of the request that
//! it makes anew. Before it fetches an asset for a peer it asks
//! [`assets`](crate::assets) whether that leads to an asset server of a peer: the URL of
//! [`Incoming::ProxyDownload`] is as it came.

mod directory;
mod document;
mod endpoint;
mod failure;
mod headers;
mod incoming;
mod limits;
mod own;
mod refusal;
mod request;
mod response;
mod retry_after;
mod template;
pub mod typed;

pub use crate::wire::{Endpoint, Party};
pub use directory::{DIRECTORY_PATH, Directory, DirectoryError};
pub use endpoint::EndpointKind;
pub use failure::{
    HttpFailure, answer, parse_directory_response, parse_proxy_response_head, parse_response,
    parse_response_head,
};
pub use incoming::{Incoming, parse_head, parse_request};
pub use limits::{
    MAX_DIRECTORY_LEN, MAX_GROUP_BODY, MAX_MESSAGE_BODY, MAX_REPORT_BODY, MAX_SMALL_BODY,
};
pub use own::OwnDirectory;
pub use refusal::{HttpRefusal, refusal};
pub use request::{RequestError, directory_request, proxy_request, request};
pub use response::{directory_response, proxy_response, response};
pub use retry_after::RetryAfter;
