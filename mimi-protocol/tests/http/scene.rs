//! The providers a.example, which serves, and b.example, which calls.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use mimi_content::MimiUri;
use mimi_protocol::http::*;

pub const PEER: &str = "b.example";

pub fn theirs() -> Directory {
    Directory::standard("a.example", "https://mimi.a.example/v1").unwrap()
}

pub fn own() -> OwnDirectory {
    OwnDirectory::new(theirs()).unwrap()
}

pub fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

pub fn room() -> MimiUri {
    uri("mimi://a.example/r/clubhouse")
}

pub fn user() -> MimiUri {
    uri("mimi://a.example/u/alice")
}

pub fn update() -> Request<Bytes> {
    let endpoint = Endpoint::Update { room: room() };
    request(&theirs(), PEER, &endpoint, Bytes::from_static(b"body")).unwrap()
}

/// The same request with a header that has another value, or none.
pub fn with_header(mut request: Request<Bytes>, name: &'static str, value: &str) -> Request<Bytes> {
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}

/// The same request for another path on the connection's own host.
pub fn with_path(path: &str) -> Request<Bytes> {
    let mut request = update();
    *request.uri_mut() = path.parse().unwrap();
    request
}

pub fn refused(request: &Request<Bytes>) -> HttpRefusal {
    let refusal = parse_request(request, &own(), PEER).unwrap_err();
    let response = refusal.to_response();
    assert_eq!(response.status(), refusal.status());
    assert!(response.body().is_empty());
    refusal
}

/// The endpoint that a request is for, and its body.
pub fn read(request: &Request<Bytes>, own: &OwnDirectory) -> (Endpoint, Bytes) {
    match parse_request(request, own, PEER).unwrap() {
        (Incoming::Endpoint(endpoint), body) => (endpoint, body),
        other => panic!("{other:?}"),
    }
}

pub fn status(code: u16) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::from_u16(code).unwrap();
    response
}

pub fn all_endpoints() -> Vec<Endpoint> {
    let (room, target) = (room(), user());
    vec![
        Endpoint::KeyMaterial { target },
        Endpoint::Update { room: room.clone() },
        Endpoint::Notify { room: room.clone() },
        Endpoint::SubmitMessage { room: room.clone() },
        Endpoint::GroupInfo { room: room.clone() },
        Endpoint::RequestConsent {
            target: Party::Domain("a.example".into()),
        },
        Endpoint::UpdateConsent {
            requester: Party::Domain("a.example".into()),
        },
        Endpoint::IdentifierQuery {
            domain: "a.example".into(),
        },
        Endpoint::ReportAbuse { room },
    ]
}

/// The draft's directory, its slips mended.
pub const DRAFT: &str = r#"{
  "keyMaterial": "https://mimi.example.com/v1/keyMaterial/{targetUser}",
  "update": "https://mimi.example.com/v1/update/{roomId}",
  "notify": "https://mimi.example.com/v1/notify/{roomId}",
  "submitMessage": "https://mimi.example.com/v1/submitMessage/{roomId}",
  "groupInfo": "https://mimi.example.com/v1/groupInfo/{roomId}",
  "requestConsent": "https://mimi.example.com/v1/requestConsent/{targetUser}",
  "updateConsent": "https://mimi.example.com/v1/updateConsent/{requesterUser}",
  "identifierQuery": "https://mimi.example.com/v1/identifierQuery/{domain}",
  "reportAbuse": "https://mimi.example.com/v1/reportAbuse/{roomId}",
  "proxyDownload": "https://mimi.example.com/v1/proxyDownload/{downloadUrl}",
  "somethingNew": 7
}"#;

pub fn draft() -> Directory {
    Directory::parse("example.com", DRAFT.as_bytes()).unwrap()
}
