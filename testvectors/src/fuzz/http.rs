//! Requests, answers, directory documents and URL templates of the HTTP binding.

use bytes::Bytes;
use http::{Request, Response};
use mimi_content::{MimiUri, Timestamp};
use mimi_protocol::engine::Answer;
use mimi_protocol::http::{
    Directory, Endpoint, EndpointKind, HttpFailure, Incoming, OwnDirectory, Party, answer,
    directory_response, parse_directory_response, parse_head, parse_proxy_response_head,
    parse_request, parse_response, parse_response_head, proxy_request, request,
};

const OWN: &str = "a.example";
const PEER: &str = "b.example";

fn own() -> OwnDirectory {
    let directory = Directory::standard(OWN, "https://mimi.a.example/v1").unwrap();
    OwnDirectory::new(directory).unwrap()
}

/// Method, URI, Host, From and Content-Length on a line each, then the body. What
/// is taken leads back to it; what is refused has a status that says so.
pub fn http_request(data: &[u8]) {
    let own = own();
    let mut lines = data.splitn(6, |octet| *octet == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let mut builder = Request::builder().method(line()).uri(line());
    for name in ["host", "from", "content-length"] {
        let value = line();
        if !value.is_empty() {
            builder = builder.header(name, value);
        }
    }
    let body = line();
    let Ok(received) = builder.body(Bytes::copy_from_slice(body)) else {
        return;
    };
    let head = parse_head(&received.clone().map(|_| ()), &own, PEER);
    let (incoming, taken) = match parse_request(&received, &own, PEER) {
        Ok(taken) => taken,
        Err(refusal) => {
            let status = refusal.to_response().status();
            assert!(status.is_client_error() || status.is_server_error());
            // What the head gives away is not found out later.
            assert!(head.is_ok() || head == Err(refusal));
            return;
        }
    };
    assert_eq!(head.as_ref(), Ok(&incoming));
    assert_eq!(taken, body);
    assert!(taken.len() <= incoming.max_body());
    assert_eq!(*received.method(), incoming.method());
    match &incoming {
        Incoming::Directory => {}
        Incoming::ProxyDownload { url } => {
            let again = proxy_request(own.directory(), PEER, url).unwrap();
            assert_eq!(parse_request(&again, &own, PEER).unwrap().0, incoming);
        }
        Incoming::Endpoint(endpoint) => {
            let sent = request(own.directory(), PEER, endpoint, taken).unwrap();
            let (again, same) = parse_request(&sent, &own, PEER).unwrap();
            assert_eq!(same, body);
            let Incoming::Endpoint(again) = again else {
                panic!("{again:?}");
            };
            // A URL by domain forgets the user, and nothing else does.
            assert_eq!(own.directory().expand(&again).unwrap(), *sent.uri());
            assert_eq!(again.kind(), endpoint.kind());
        }
        other => panic!("{other:?} is new here"),
    }
}

/// Status, `Retry-After` and `Content-Length` on a line each, then the body. The
/// engine is told what the caller finds, and nothing is taken that is too long.
pub fn http_response(data: &[u8]) {
    let mut lines = data.splitn(4, |octet| *octet == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let mut builder = Response::builder().status(line());
    for name in ["retry-after", "content-length"] {
        let value = line();
        if !value.is_empty() {
            builder = builder.header(name, value);
        }
    }
    let body = line();
    let Ok(received) = builder.body(Bytes::copy_from_slice(body)) else {
        return;
    };
    let now = Timestamp::from_millis(1_790_000_000_000);
    for kind in EndpointKind::ALL {
        let head = parse_response_head(kind, &received);
        let told = answer(kind, &received, now);
        match parse_response(kind, &received) {
            Ok(taken) => {
                assert!(received.status().is_success());
                assert!(taken.len() <= head.unwrap());
                assert!(taken == body || kind.max_response_body() == 0);
                assert_eq!(told, Answer::Done(taken));
            }
            Err(failure) => {
                assert!(head.is_ok() || head == Err(failure.clone()));
                assert_eq!(failure.to_answer(now), told);
                assert_eq!(failure.is_transient(), matches!(told, Answer::Retry { .. }));
                let Answer::Refused { status } = told else {
                    continue;
                };
                assert!(!(200..300).contains(&status));
            }
        }
    }
    if parse_proxy_response_head(&received, body.len()).is_ok() {
        assert_eq!(received.status(), 200);
    }
    match parse_directory_response(PEER, &received) {
        Ok(directory) => assert_eq!(Directory::parse(PEER, body), Ok(directory)),
        Err(HttpFailure::Directory(error)) => assert_eq!(Directory::parse(PEER, body), Err(error)),
        Err(_) => {}
    }
}

/// What is read can be written and read again, its URLs are https URLs that carry
/// their value, and who serves it takes each request for what it was meant to be.
pub fn http_directory(document: &[u8]) {
    let Ok(directory) = Directory::parse(OWN, document) else {
        return;
    };
    let again = Directory::parse(OWN, directory.to_json().as_bytes());
    assert_eq!(again.as_ref(), Ok(&directory));
    let own = OwnDirectory::new(directory.clone());
    if let Ok(own) = &own {
        let answer = directory_response(own);
        assert_eq!(
            parse_directory_response(OWN, &answer).as_ref(),
            Ok(&directory)
        );
    }
    for endpoint in endpoints() {
        let url = directory.expand(&endpoint);
        assert!(url.is_err() || directory.offers(endpoint.kind()));
        let Ok(url) = url else { continue };
        let sent = request(&directory, PEER, &endpoint, Bytes::new()).unwrap();
        assert_eq!(sent.uri(), &url);
        assert_eq!(url.scheme_str(), Some("https"));
        let host = format!("mimi://{}", url.host().unwrap());
        assert!(MimiUri::parse(&host).is_ok(), "{url}");
        if let Ok(own) = &own {
            leads_to(own, &sent, &endpoint);
        }
    }
    let asset = "https://a.example/x?y={z}";
    if let (Ok(own), Ok(sent)) = (&own, proxy_request(&directory, PEER, asset)) {
        let url = asset.to_owned();
        let read = parse_request(&sent, own, PEER).unwrap().0;
        assert_eq!(read, Incoming::ProxyDownload { url });
    }
}

/// A URL template on the first line, then a value: what is expanded is read again,
/// for every endpoint that takes such a variable and such a value.
pub fn http_template(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (template, value) = text.split_once('\n').unwrap_or((text, ""));
    for kind in EndpointKind::ALL {
        let Some(own) = of_one(kind.name(), template) else {
            continue;
        };
        let Some(endpoint) = with_value(kind, value) else {
            continue;
        };
        if let Ok(sent) = request(own.directory(), PEER, &endpoint, Bytes::new()) {
            leads_to(&own, &sent, &endpoint);
        }
    }
    let Some(own) = of_one("proxyDownload", template) else {
        return;
    };
    if let Ok(sent) = proxy_request(own.directory(), PEER, value) {
        let url = value.to_owned();
        let read = parse_request(&sent, &own, PEER).unwrap().0;
        assert_eq!(read, Incoming::ProxyDownload { url });
    }
}

/// A directory with one member, if that can be.
fn of_one(member: &str, template: &str) -> Option<OwnDirectory> {
    let document = serde_json::json!({ member: template }).to_string();
    let directory = Directory::parse(OWN, document.as_bytes()).ok()?;
    // What it says is what it was told.
    assert_eq!(directory.to_json(), document);
    OwnDirectory::new(directory).ok()
}

/// The request is taken for the endpoint that it was made for, but for a user whom
/// the URL does not name.
fn leads_to(own: &OwnDirectory, sent: &Request<Bytes>, endpoint: &Endpoint) {
    let read = parse_request(sent, own, PEER).unwrap().0;
    let domain = |party: &Party| Party::Domain(party.domain().to_owned());
    let by_domain = match endpoint {
        Endpoint::RequestConsent { target } => Endpoint::RequestConsent {
            target: domain(target),
        },
        Endpoint::UpdateConsent { requester } => Endpoint::UpdateConsent {
            requester: domain(requester),
        },
        other => other.clone(),
    };
    assert!(
        [endpoint, &by_domain]
            .map(|e| Incoming::Endpoint(e.clone()))
            .contains(&read),
        "{read:?}, not {endpoint:?}"
    );
}

fn endpoints() -> Vec<Endpoint> {
    let values = [
        "mimi://a.example/r/clubhouse",
        "mimi://a.example/u/alice",
        OWN,
    ];
    let each = |kind| values.iter().flat_map(move |value| with_value(kind, value));
    EndpointKind::ALL.into_iter().flat_map(each).collect()
}

/// The endpoints of a kind that `value` is a parameter of: none or one.
pub(crate) fn with_value(kind: EndpointKind, value: &str) -> Option<Endpoint> {
    let uri = MimiUri::parse(value).ok();
    let kind_of = |uri: &MimiUri| match uri.kind() {
        mimi_content::UriKind::Room(_) => Some(true),
        mimi_content::UriKind::User(_) | mimi_content::UriKind::Pseudonym(_) => Some(false),
        _ => None,
    };
    let is_room = uri.as_ref().and_then(kind_of);
    let room = uri.clone().filter(|_| is_room == Some(true));
    let user = uri.filter(|_| is_room == Some(false));
    let provider = MimiUri::parse(&format!("mimi://{value}")).ok();
    let domain = provider.filter(|uri| uri.domain() == value);
    let domain = domain.map(|_| value.to_owned());
    let party = match (user.clone(), domain.clone()) {
        (Some(user), _) => Some(Party::User(user)),
        (None, domain) => domain.map(Party::Domain),
    };
    match kind {
        EndpointKind::KeyMaterial => user.map(|target| Endpoint::KeyMaterial { target }),
        EndpointKind::Update => room.map(|room| Endpoint::Update { room }),
        EndpointKind::Notify => room.map(|room| Endpoint::Notify { room }),
        EndpointKind::SubmitMessage => room.map(|room| Endpoint::SubmitMessage { room }),
        EndpointKind::GroupInfo => room.map(|room| Endpoint::GroupInfo { room }),
        EndpointKind::RequestConsent => party.map(|target| Endpoint::RequestConsent { target }),
        EndpointKind::UpdateConsent => party.map(|requester| Endpoint::UpdateConsent { requester }),
        EndpointKind::IdentifierQuery => domain.map(|domain| Endpoint::IdentifierQuery { domain }),
        EndpointKind::ReportAbuse => room.map(|room| Endpoint::ReportAbuse { room }),
        other => panic!("{other:?} is new here"),
    }
}
