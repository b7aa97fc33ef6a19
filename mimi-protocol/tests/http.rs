//! Endpoints as HTTP: there and back, and every refusal with its status.

// A test stops where something is not as it should be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]
#![cfg(feature = "http")]

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use mimi_content::MimiUri;
use mimi_protocol::http::*;
use mimi_protocol::wire::{Decode, UpdateRequest};
use proptest::prelude::*;

const PEER: &str = "b.example";

fn own() -> Directory {
    Directory::standard("a.example", "https://mimi.a.example/v1").unwrap()
}

fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

fn room() -> MimiUri {
    uri("mimi://a.example/r/clubhouse")
}

fn user() -> MimiUri {
    uri("mimi://a.example/u/alice")
}

fn update() -> Request<Bytes> {
    let endpoint = Endpoint::Update { room: room() };
    request(&own(), PEER, &endpoint, Bytes::from_static(b"body")).unwrap()
}

fn refusal(request: &Request<Bytes>) -> HttpRefusal {
    parse_request(request, &own(), PEER).unwrap_err()
}

/// The draft's directory, its slips mended.
const DRAFT: &str = r#"{
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

fn all_endpoints() -> Vec<Endpoint> {
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

#[test]
fn every_endpoint_goes_there_and_back() {
    let endpoints = all_endpoints();
    assert!(endpoints.iter().map(Endpoint::kind).eq(EndpointKind::ALL));
    for endpoint in endpoints {
        let body = Bytes::from_static(b"body");
        let sent = request(&own(), PEER, &endpoint, body.clone()).unwrap();
        assert_eq!(sent.method(), Method::POST);
        assert_eq!(sent.headers()["host"], "mimi.a.example");
        assert_eq!(sent.headers()["from"], "mimi@b.example");
        assert_eq!(sent.headers()["content-type"], "application/octet-stream");
        let read = parse_request(&sent, &own(), PEER).unwrap();
        assert_eq!(read, (endpoint, body));
    }
}

#[test]
fn urls_are_what_the_drafts_template_says() {
    let directory = Directory::parse("example.com", DRAFT.as_bytes()).unwrap();
    let url = |endpoint: &Endpoint| directory.expand(endpoint).unwrap().to_string();
    assert_eq!(
        url(&Endpoint::KeyMaterial { target: user() }),
        "https://mimi.example.com/v1/keyMaterial/mimi%3A%2F%2Fa.example%2Fu%2Falice"
    );
    let target = Party::User(user());
    assert_eq!(
        url(&Endpoint::RequestConsent { target }),
        "https://mimi.example.com/v1/requestConsent/mimi%3A%2F%2Fa.example%2Fu%2Falice"
    );
    let domain = "a.example".to_owned();
    assert_eq!(
        url(&Endpoint::IdentifierQuery { domain }),
        "https://mimi.example.com/v1/identifierQuery/a.example"
    );
    let asset = directory
        .expand_proxy_download("https://x.example/a?b=c d")
        .unwrap();
    assert_eq!(
        asset.to_string(),
        "https://mimi.example.com/v1/proxyDownload/https%3A%2F%2Fx.example%2Fa%3Fb%3Dc%20d"
    );
    let target = Party::Domain("a.example".into());
    let error = directory
        .expand(&Endpoint::RequestConsent { target })
        .unwrap_err();
    let endpoint = "requestConsent";
    assert_eq!(error, DirectoryError::UserNeeded { endpoint });
}

#[test]
fn a_consent_url_names_the_user_or_the_domain() {
    let by_domain = Endpoint::RequestConsent {
        target: Party::User(user()),
    };
    let url = own().expand(&by_domain).unwrap();
    assert_eq!(url.path(), "/v1/requestConsent/a.example");
    let directory = Directory::parse("example.com", DRAFT.as_bytes()).unwrap();
    let sent = request(&directory, PEER, &by_domain, Bytes::new()).unwrap();
    let (read, _) = parse_request(&sent, &directory, PEER).unwrap();
    assert_eq!(read, by_domain);
}

#[test]
fn a_directory_survives_its_document() {
    for directory in [
        own(),
        Directory::parse("example.com", DRAFT.as_bytes()).unwrap(),
    ] {
        let document = directory.to_json();
        let read = Directory::parse(directory.domain(), document.as_bytes()).unwrap();
        assert_eq!(read, directory);
    }
    let some = br#"{"notify":"https://a.example/n{roomId}"}"#;
    let some = Directory::parse("a.example", some).unwrap();
    assert!(some.offers(EndpointKind::Notify) && !some.offers(EndpointKind::Update));
    let url = some.expand(&Endpoint::Notify { room: room() }).unwrap();
    assert_eq!(url.path(), "/nmimi%3A%2F%2Fa.example%2Fr%2Fclubhouse");
    let error = some.expand(&Endpoint::Update { room: room() }).unwrap_err();
    assert_eq!(error, DirectoryError::NotOffered { endpoint: "update" });
    assert_eq!(
        some.to_json(),
        r#"{"notify":"https://a.example/n{roomId}"}"#
    );
}

#[test]
fn a_bad_directory_is_refused() {
    for url in [
        "http://a.example/{roomId}",
        "https://a.example/",
        "https://a.example/{targetUser}",
        "https://a.example/{+roomId}",
        "https://a.example/{roomId}/{roomId}",
        "https://{roomId}/",
        "https://a.example{roomId}",
        "https://me@a.example/{roomId}",
        "https://a.example/{roomId}#part",
        "https:///{roomId}",
        "https://:443/{roomId}",
        "https://a.example/ /{roomId}",
        "https://a.example/}{roomId}",
        "//a.example/{roomId}",
    ] {
        let document = format!(r#"{{"update":"{url}"}}"#);
        let endpoint = "update";
        assert_eq!(
            Directory::parse("a.example", document.as_bytes()),
            Err(DirectoryError::Template { endpoint }),
            "{url}"
        );
    }
    for document in [
        "[]".to_owned(),
        "{".to_owned(),
        r#"{"update":7}"#.to_owned(),
        r#"{"update":"https://a.example/{roomId}","update":"https://b.example/{roomId}"}"#
            .to_owned(),
    ] {
        let error = Directory::parse("a.example", document.as_bytes()).unwrap_err();
        assert!(matches!(error, DirectoryError::Json(_)), "{document}");
    }
    let longest = format!("{{}}{}", " ".repeat(MAX_DIRECTORY_LEN - 2));
    assert!(Directory::parse("a.example", longest.as_bytes()).is_ok());
    let longer = longest + " ";
    let error = Directory::parse("a.example", longer.as_bytes()).unwrap_err();
    assert_eq!(error, DirectoryError::TooLong);
    assert_eq!(Directory::parse("a/b", b"{}"), Err(DirectoryError::Domain));
    assert_eq!(Directory::parse("", b"{}"), Err(DirectoryError::Domain));
}

#[test]
fn only_the_authenticated_peer_is_heard() {
    for (from, expected) in [
        ("mimi@c.example", HttpRefusal::NotThePeer),
        ("mimi@b.example.evil.example", HttpRefusal::NotThePeer),
        ("alice@b.example", HttpRefusal::Header("From")),
        ("MIMI@b.example", HttpRefusal::Header("From")),
        ("B <mimi@b.example>", HttpRefusal::Header("From")),
        ("b.example", HttpRefusal::Header("From")),
    ] {
        let mut request = update();
        request.headers_mut().insert("from", from.parse().unwrap());
        assert_eq!(refusal(&request), expected, "{from}");
    }
    let mut request = update();
    request
        .headers_mut()
        .append("from", "mimi@c.example".parse().unwrap());
    assert_eq!(refusal(&request), HttpRefusal::Header("From"));
    request.headers_mut().remove("from");
    assert_eq!(refusal(&request), HttpRefusal::Header("From"));
    let mut request = update();
    request
        .headers_mut()
        .insert("from", "mimi@B.Example".parse().unwrap());
    assert!(parse_request(&request, &own(), PEER).is_ok());
}

#[test]
fn only_requests_for_this_provider_are_taken() {
    let with_host = |host: &str| {
        let mut request = update();
        *request.uri_mut() = request.uri().path().parse().unwrap();
        request.headers_mut().insert("host", host.parse().unwrap());
        request
    };
    for host in [
        "a.example",
        "A.example:8443",
        "mimi.a.example",
        "mimi.a.example:443",
    ] {
        assert!(
            parse_request(&with_host(host), &own(), PEER).is_ok(),
            "{host}"
        );
    }
    for host in ["b.example", "a.example.evil.example", "evil.a.example"] {
        assert_eq!(
            refusal(&with_host(host)),
            HttpRefusal::NotThisProvider,
            "{host}"
        );
    }
    assert_eq!(refusal(&with_host("")), HttpRefusal::Header("Host"));
    let mut twice = with_host("a.example");
    twice
        .headers_mut()
        .append("host", "a.example".parse().unwrap());
    assert_eq!(refusal(&twice), HttpRefusal::Header("Host"));
    let mut at_odds = update();
    at_odds
        .headers_mut()
        .insert("host", "a.example".parse().unwrap());
    assert_eq!(
        refusal(&at_odds),
        HttpRefusal::Header("Host"),
        "URL says mimi.a.example"
    );
    let mut http2 = update();
    http2.headers_mut().remove("host");
    assert!(
        parse_request(&http2, &own(), PEER).is_ok(),
        "authority of the URL"
    );
}

#[test]
fn only_known_paths_with_normal_uris_are_served() {
    let with_path = |path: &str| {
        let mut request = update();
        *request.uri_mut() = path.parse().unwrap();
        request
    };
    let endpoint = "update";
    for (path, expected) in [
        ("/v1/update/", HttpRefusal::NoSuchEndpoint),
        (
            "/v1/delete/mimi%3A%2F%2Fa.example%2Fr%2F1",
            HttpRefusal::NoSuchEndpoint,
        ),
        (
            "/v2/update/mimi%3A%2F%2Fa.example%2Fr%2F1",
            HttpRefusal::NoSuchEndpoint,
        ),
        (
            "/v1/update/mimi://a.example/r/1",
            HttpRefusal::NoSuchEndpoint,
        ),
        (
            "/v1/update/mimi%3A%2F%2Fa.example%2Fr%2F1?x=1",
            HttpRefusal::NoSuchEndpoint,
        ),
        (
            "/v1/update/mimi%3A%2F%2Fa.example%2Fr%2F%ff",
            HttpRefusal::NoSuchEndpoint,
        ),
        (
            "/v1/update/mimi%3A%2F%2Fa.example%2Fr%2F%2",
            HttpRefusal::NoSuchEndpoint,
        ),
        (
            "/v1/update/mimi%3A%2F%2Fa.example%2Fr%2F%zz",
            HttpRefusal::NoSuchEndpoint,
        ),
        ("/v1/update/room", HttpRefusal::Parameter { endpoint }),
        (
            "/v1/update/mimi%3A%2F%2Fa.example%2Fu%2Falice",
            HttpRefusal::Parameter { endpoint },
        ),
        (
            "/v1/update/https%3A%2F%2Fa.example%2Fr%2F1",
            HttpRefusal::Parameter { endpoint },
        ),
    ] {
        assert_eq!(refusal(&with_path(path)), expected, "{path}");
    }
    let lower = "/v1/update/mimi%3a%2f%2fa.example%2fr%2fclubhouse";
    let (read, _) = parse_request(&with_path(lower), &own(), PEER).unwrap();
    assert_eq!(read, Endpoint::Update { room: room() });
}

#[test]
fn a_room_that_is_not_in_normal_form_is_refused() {
    let endpoint = "update";
    for room in [
        "mimi%3A%2F%2FA.example%2Fr%2F1",
        "MIMI%3A%2F%2Fa.example%2Fr%2F1",
        "mimi%3A%2F%2Fa.example%2Fr%2F%2541",
    ] {
        let mut request = update();
        *request.uri_mut() = format!("/v1/update/{room}").parse().unwrap();
        assert_eq!(
            refusal(&request),
            HttpRefusal::Parameter { endpoint },
            "{room}"
        );
    }
    let escaped = uri("mimi://a.example/r/caf%C3%A9");
    let endpoint = Endpoint::Update { room: escaped };
    let sent = request(&own(), PEER, &endpoint, Bytes::new()).unwrap();
    assert!(sent.uri().path().ends_with("caf%25C3%25A9"));
    assert_eq!(parse_request(&sent, &own(), PEER).unwrap().0, endpoint);
}

#[test]
fn a_template_may_swallow_no_other() {
    // The draft's slip: `update{roomId}` also begins `updateConsent/…`.
    let document = r#"{"update":"https://a.example/v1/update{roomId}",
        "updateConsent":"https://a.example/v1/updateConsent/{requesterDomain}",
        "notify":"https://a.example/v1/{roomId}"}"#;
    let directory = Directory::parse("a.example", document.as_bytes()).unwrap();
    for endpoint in [
        Endpoint::Update { room: room() },
        Endpoint::Notify { room: room() },
        Endpoint::UpdateConsent {
            requester: Party::Domain("a.example".into()),
        },
    ] {
        let sent = request(&directory, PEER, &endpoint, Bytes::new()).unwrap();
        assert_eq!(parse_request(&sent, &directory, PEER).unwrap().0, endpoint);
    }
}

#[test]
fn bodies_are_bounded_by_endpoint() {
    for endpoint in all_endpoints() {
        let max = endpoint.kind().max_request_body();
        let body = Bytes::from(vec![0; max + 1]);
        let longest = request(&own(), PEER, &endpoint, body.slice(1..)).unwrap();
        assert!(parse_request(&longest, &own(), PEER).is_ok());
        let longer = request(&own(), PEER, &endpoint, body).unwrap();
        assert_eq!(refusal(&longer), HttpRefusal::TooLarge { max });
    }
}

#[test]
fn every_refusal_has_its_status() {
    let mut get = update();
    *get.method_mut() = Method::GET;
    let refused = refusal(&get).to_response();
    assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(refused.headers()["allow"], "POST");
    let busy = HttpRefusal::Busy { retry_after: 30 }.to_response();
    assert_eq!(busy.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(busy.headers()["retry-after"], "30");
    let malformed = HttpRefusal::from(UpdateRequest::from_slice(b"body").unwrap_err());
    let endpoint = "update";
    for (refusal, status) in [
        (HttpRefusal::Header("From"), 400),
        (HttpRefusal::NotThePeer, 403),
        (HttpRefusal::NotThisProvider, 421),
        (HttpRefusal::NoSuchEndpoint, 404),
        (HttpRefusal::Parameter { endpoint }, 400),
        (HttpRefusal::TooLarge { max: 1 }, 413),
        (malformed, 400),
        (HttpRefusal::UnknownTarget, 404),
    ] {
        let response = refusal.to_response();
        assert_eq!(response.status().as_u16(), status, "{refusal}");
        assert!(response.body().is_empty());
    }
}

#[test]
fn success_has_the_endpoints_status() {
    use EndpointKind::*;
    for kind in EndpointKind::ALL {
        let empty = matches!(kind, Notify | RequestConsent | UpdateConsent | ReportAbuse);
        let body = Bytes::from_static(b"body");
        let answer = response(kind, body.clone());
        assert_eq!(answer.status().as_u16(), if empty { 201 } else { 200 });
        let expected = if empty { Bytes::new() } else { body };
        assert_eq!(answer.body(), &expected);
        assert_eq!(parse_response(kind, &answer).unwrap(), expected);
        let max = kind.max_response_body();
        let long = response(kind, vec![0; max + 1].into());
        let too_large = (!empty).then_some(HttpFailure::TooLarge { max });
        assert_eq!(parse_response(kind, &long).err(), too_large);
    }
}

#[test]
fn failures_say_whether_and_when_to_try_again() {
    let failure = |status: u16, retry_after: Option<&str>| {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        if let Some(value) = retry_after {
            let value = value.parse().unwrap();
            response.headers_mut().insert("retry-after", value);
        }
        let failure = parse_response(EndpointKind::Notify, &response).unwrap_err();
        match failure {
            HttpFailure::Status { retry_after, .. } => (failure.is_transient(), retry_after),
            other => panic!("{other}"),
        }
    };
    assert_eq!(failure(503, Some("120")), (true, Some(120)));
    assert_eq!(failure(429, Some(" 5 ")), (true, Some(5)));
    assert_eq!(
        failure(429, Some("Wed, 21 Oct 2026 07:28:00 GMT")),
        (true, None)
    );
    assert_eq!(failure(503, Some("-1")), (true, None));
    assert_eq!(failure(503, Some("+1")), (true, None));
    assert_eq!(failure(500, None), (true, None));
    for status in [301, 400, 403, 404, 405, 413, 421, 501] {
        assert_eq!(failure(status, None), (false, None), "{status}");
    }
}

proptest! {
    /// Whatever a room is called, its URL leads back to it.
    #[test]
    fn any_room_goes_there_and_back(name in "[a-zA-Z0-9_.~-]{1,40}") {
        let text = format!("mimi://a.example/r/{name}");
        prop_assume!(MimiUri::parse(&text).is_ok());
        let endpoint = Endpoint::Notify { room: uri(&text) };
        let sent = request(&own(), PEER, &endpoint, Bytes::new()).unwrap();
        prop_assert!(!sent.uri().path()["/v1/notify/".len()..].contains('/'));
        prop_assert_eq!(parse_request(&sent, &own(), PEER).unwrap().0, endpoint);
    }

    /// Any octets of an asset's URL survive the expansion.
    #[test]
    fn any_asset_url_is_one_segment(url in "\\PC{0,60}") {
        let expanded = own().expand_proxy_download(&url).unwrap();
        let segment = expanded.path().strip_prefix("/v1/proxyDownload/").unwrap();
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~%".contains(&b);
        prop_assert!(segment.bytes().all(unreserved));
        let back = percent_encoding::percent_decode_str(segment).decode_utf8().unwrap();
        prop_assert_eq!(back, url);
    }
}
