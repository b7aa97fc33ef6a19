//! The HTTP binding: endpoints as requests and responses of the `http` crate,
//! and back. No connection is opened here; TLS, and with it the proof of who
//! the peer is, stays with the host.
//!
//! ```
//! use bytes::Bytes;
//! use mimi_content::MimiUri;
//! use mimi_protocol::http::{Directory, Endpoint, parse_request, request};
//!
//! let hub = Directory::standard("a.example", "https://mimi.a.example/v1")?;
//! let room = MimiUri::parse("mimi://a.example/r/clubhouse")?;
//! let submit = Endpoint::SubmitMessage { room };
//!
//! let sent = request(&hub, "b.example", &submit, Bytes::from_static(b"body"))?;
//! assert_eq!(sent.uri().path(),
//!            "/v1/submitMessage/mimi%3A%2F%2Fa.example%2Fr%2Fclubhouse");
//! assert_eq!(sent.headers()["from"], "mimi@b.example");
//!
//! let (endpoint, body) = parse_request(&sent, &hub, "b.example")?;
//! assert_eq!((endpoint, &body[..]), (submit, &b"body"[..]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod directory;
mod endpoint;
mod request;
mod response;
mod template;

pub use crate::wire::{Endpoint, Party};
pub use directory::{DIRECTORY_PATH, Directory, DirectoryError, MAX_DIRECTORY_LEN};
pub use endpoint::{EndpointKind, MAX_GROUP_BODY, MAX_MESSAGE_BODY, MAX_SMALL_BODY};
pub use request::{HttpRefusal, parse_request, request};
pub use response::{HttpFailure, parse_response, response};
