//! Requests, answers and directory documents of the HTTP binding.

use bytes::Bytes;
use http::{Request, Response};
use mimi_protocol::http::{
    Directory, Endpoint, EndpointKind, Party, parse_request, parse_response, request,
};

const OWN: &str = "a.example";
const PEER: &str = "b.example";

/// The first octet says what follows: 0 a directory document, 1 a request, 2
/// the status and `Retry-After` of an answer. The fields of the latter two
/// stand on lines of their own.
pub fn http_request(data: &[u8]) {
    match data.split_first() {
        Some((selector, data)) if selector % 3 == 0 => directory(data),
        Some((selector, data)) if selector % 3 == 1 => one_request(data),
        Some((_, data)) => response(data),
        None => {}
    }
}

/// What is read can be written and read again, and its URLs are https URLs
/// that carry their value.
fn directory(document: &[u8]) {
    let Ok(directory) = Directory::parse(PEER, document) else {
        return;
    };
    let again = Directory::parse(PEER, directory.to_json().as_bytes());
    assert_eq!(again.as_ref(), Ok(&directory));
    for endpoint in endpoints() {
        let kind = endpoint.kind();
        let url = directory.expand(&endpoint);
        assert!(url.is_err() || directory.offers(kind));
        let Ok(url) = url else { continue };
        assert_eq!(url.scheme_str(), Some("https"));
        let value = match kind {
            EndpointKind::IdentifierQuery => "a.example",
            _ => "a.example%2F",
        };
        let by_domain = matches!(
            kind,
            EndpointKind::RequestConsent | EndpointKind::UpdateConsent
        );
        let path = url.path_and_query().map(|p| p.as_str()).unwrap_or_default();
        assert!(by_domain || path.contains(value), "{url}");
        let sent = request(&directory, OWN, &endpoint, Bytes::new());
        if let Ok(sent) = sent {
            assert_eq!(sent.uri(), &url);
            // The peer may be odd enough to have one URL for two endpoints, so
            // which one it takes this for is its own affair.
            let _ = parse_request(&sent, &directory, OWN);
        }
    }
    let _ = directory.expand_proxy_download("https://a.example/x?y={z}");
}

fn endpoints() -> Vec<Endpoint> {
    let room = mimi_content::MimiUri::parse("mimi://a.example/r/clubhouse").unwrap();
    let user = mimi_content::MimiUri::parse("mimi://a.example/u/alice").unwrap();
    vec![
        Endpoint::KeyMaterial {
            target: user.clone(),
        },
        Endpoint::Update { room: room.clone() },
        Endpoint::Notify { room: room.clone() },
        Endpoint::SubmitMessage { room: room.clone() },
        Endpoint::GroupInfo { room: room.clone() },
        Endpoint::RequestConsent {
            target: Party::User(user),
        },
        Endpoint::UpdateConsent {
            requester: Party::Domain(OWN.to_owned()),
        },
        Endpoint::IdentifierQuery {
            domain: OWN.to_owned(),
        },
        Endpoint::ReportAbuse { room },
    ]
}

/// Method, URI, Host and From on a line each, then the body. What is taken for
/// an endpoint leads back to it; what is refused has a status that says so.
fn one_request(data: &[u8]) {
    let own = Directory::standard(OWN, "https://mimi.a.example/v1").unwrap();
    let mut lines = data.splitn(5, |octet| *octet == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (method, uri, host, from, body) = (line(), line(), line(), line(), line());
    let mut builder = Request::builder().method(method).uri(uri);
    for (name, value) in [("host", host), ("from", from)] {
        if !value.is_empty() {
            builder = builder.header(name, value);
        }
    }
    let Ok(received) = builder.body(Bytes::copy_from_slice(body)) else {
        return;
    };
    match parse_request(&received, &own, PEER) {
        Ok((endpoint, taken)) => {
            assert_eq!(taken, body);
            let url = own.expand(&endpoint).unwrap();
            let sent = request(&own, PEER, &endpoint, taken).unwrap();
            assert_eq!(sent.uri(), &url);
            let (again, same) = parse_request(&sent, &own, PEER).unwrap();
            assert_eq!(same, body);
            // A URL by domain forgets the user, and nothing else does.
            assert_eq!(own.expand(&again).unwrap(), url);
            assert_eq!(again.kind(), endpoint.kind());
        }
        Err(refusal) => {
            let status = refusal.to_response().status();
            assert!(status.is_client_error() || status.is_server_error());
        }
    }
}

/// Status and `Retry-After` on a line each, then the body.
fn response(data: &[u8]) {
    let mut lines = data.splitn(3, |octet| *octet == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (status, retry_after, body) = (line(), line(), line());
    let builder = Response::builder().status(status);
    let builder = builder.header("retry-after", retry_after);
    let Ok(received) = builder.body(Bytes::copy_from_slice(body)) else {
        return;
    };
    for kind in EndpointKind::ALL {
        match parse_response(kind, &received) {
            Ok(taken) => {
                assert!(received.status().is_success());
                assert!(taken.is_empty() || taken == body);
            }
            Err(failure) => {
                let _ = failure.is_transient();
            }
        }
    }
}
