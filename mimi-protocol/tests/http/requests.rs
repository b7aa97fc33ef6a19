//! What a provider takes for a request to itself, and what not.

use bytes::Bytes;
use http::{Method, Request};
use mimi_protocol::http::*;

use crate::scene::*;

/// A request as HTTP/1.1 would write it.
fn written(request: &Request<Bytes>) -> String {
    let mut text = format!("{} {}", request.method(), request.uri());
    for (name, value) in request.headers() {
        text += &format!("\n{name}: {}", value.to_str().unwrap());
    }
    text
}

#[test]
fn every_endpoint_goes_there_and_back() {
    let endpoints = all_endpoints();
    assert!(endpoints.iter().map(Endpoint::kind).eq(EndpointKind::ALL));
    for endpoint in endpoints {
        let body = Bytes::from_static(b"body");
        let sent = request(&theirs(), PEER, &endpoint, body.clone()).unwrap();
        assert_eq!(read(&sent, &own()), (endpoint, body));
    }
}

#[test]
fn requests_look_like_this() {
    let endpoints = all_endpoints();
    let mut lines = Vec::new();
    for endpoint in &endpoints {
        let sent = request(&theirs(), PEER, endpoint, Bytes::new()).unwrap();
        let text = written(&sent);
        let (line, headers) = text.split_once('\n').unwrap();
        lines.push(line.to_owned());
        assert_eq!(
            headers,
            "host: mimi.a.example\nfrom: mimi@b.example\ncontent-type: application/octet-stream"
        );
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    POST https://mimi.a.example/v1/keyMaterial/mimi%3A%2F%2Fa.example%2Fu%2Falice
    POST https://mimi.a.example/v1/update/mimi%3A%2F%2Fa.example%2Fr%2Fclubhouse
    POST https://mimi.a.example/v1/notify/mimi%3A%2F%2Fa.example%2Fr%2Fclubhouse
    POST https://mimi.a.example/v1/submitMessage/mimi%3A%2F%2Fa.example%2Fr%2Fclubhouse
    POST https://mimi.a.example/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2Fclubhouse
    POST https://mimi.a.example/v1/requestConsent/a.example
    POST https://mimi.a.example/v1/updateConsent/a.example
    POST https://mimi.a.example/v1/identifierQuery/a.example
    POST https://mimi.a.example/v1/reportAbuse/mimi%3A%2F%2Fa.example%2Fr%2Fclubhouse
    ");
    let directory = directory_request("a.example", PEER).unwrap();
    insta::assert_snapshot!(written(&directory), @r"
    GET https://a.example/.well-known/mimi-protocol-directory
    host: a.example
    from: mimi@b.example
    ");
    let asset = proxy_request(&theirs(), PEER, "https://c.example/x").unwrap();
    insta::assert_snapshot!(written(&asset), @r"
    GET https://mimi.a.example/v1/proxyDownload/https%3A%2F%2Fc.example%2Fx
    host: mimi.a.example
    from: mimi@b.example
    ");
}

#[test]
fn only_the_authenticated_peer_is_heard() {
    for (from, expected) in [
        ("mimi@c.example", HttpRefusal::NotThePeer),
        ("mimi@b.example.evil.example", HttpRefusal::NotThePeer),
        ("mimi@evil.b.example", HttpRefusal::NotThePeer),
        ("mimi@", HttpRefusal::Header("From")),
        ("mimi@b.example.", HttpRefusal::Header("From")),
        ("mimi@b.example:443", HttpRefusal::Header("From")),
        ("mimi@b@b.example", HttpRefusal::Header("From")),
        ("mimi@192.0.2.1", HttpRefusal::Header("From")),
        ("alice@b.example", HttpRefusal::Header("From")),
        ("MIMI@b.example", HttpRefusal::Header("From")),
        ("\"mimi\"@b.example", HttpRefusal::Header("From")),
        ("B <mimi@b.example>", HttpRefusal::Header("From")),
        (
            "mimi@b.example, mimi@c.example",
            HttpRefusal::Header("From"),
        ),
        ("b.example", HttpRefusal::Header("From")),
        ("", HttpRefusal::Header("From")),
    ] {
        let refusal = refused(&with_header(update(), "from", from));
        assert_eq!(refusal, expected, "{from}");
        let status = if refusal == HttpRefusal::NotThePeer {
            403
        } else {
            400
        };
        assert_eq!(refusal.status(), status, "{from}");
    }
    let mut request = update();
    request
        .headers_mut()
        .append("from", "mimi@c.example".parse().unwrap());
    assert_eq!(refused(&request), HttpRefusal::Header("From"));
    request.headers_mut().remove("from");
    assert_eq!(refused(&request), HttpRefusal::Header("From"));
    for from in ["mimi@B.Example", " mimi@b.example\t"] {
        let request = with_header(update(), "from", from);
        assert!(parse_request(&request, &own(), PEER).is_ok(), "{from}");
    }
}

#[test]
fn a_peer_without_a_name_is_nobody() {
    for peer in [
        "",
        "B.example",
        "192.0.2.1",
        "b.example.",
        "*.example",
        "b.example:443",
    ] {
        for from in ["mimi@", &format!("mimi@{peer}"), "mimi@b.example"] {
            let request = with_header(update(), "from", from);
            let refusal = parse_request(&request, &own(), peer).unwrap_err();
            let expected = [HttpRefusal::Header("From"), HttpRefusal::NotThePeer];
            assert!(expected.contains(&refusal), "{peer:?} {from}: {refusal}");
        }
    }
}

#[test]
fn only_requests_for_this_provider_are_taken() {
    let path = update().uri().path().to_owned();
    let with_host = |host: &str| with_header(with_path(&path), "host", host);
    for host in [
        "a.example",
        "A.example:8443",
        "mimi.a.example",
        "mimi.a.example:443",
        "mimi.a.example:",
    ] {
        assert!(
            parse_request(&with_host(host), &own(), PEER).is_ok(),
            "{host}"
        );
    }
    for host in [
        "b.example",
        "a.example.evil.example",
        "evil.a.example",
        "a.example.",
        "me@a.example",
        "[::1]:443",
        "https://a.example",
    ] {
        let refusal = refused(&with_host(host));
        assert_eq!(refusal, HttpRefusal::NotThisProvider, "{host}");
        assert_eq!(refusal.status(), 421);
    }
    for host in ["", ":443"] {
        let refusal = refused(&with_host(host));
        assert_eq!(refusal, HttpRefusal::Header("Host"), "{host}");
        assert_eq!(refusal.status(), 400);
    }
    let mut twice = with_host("a.example");
    twice
        .headers_mut()
        .append("host", "a.example".parse().unwrap());
    assert_eq!(refused(&twice), HttpRefusal::Header("Host"));
    let mut none = with_host("a.example");
    none.headers_mut().remove("host");
    assert_eq!(refused(&none), HttpRefusal::Header("Host"));
}

#[test]
fn the_hosts_are_those_of_all_urls() {
    let document = br#"{"update":"https://u.example:8443/{roomId}",
        "proxyDownload":"https://p.example/p/{downloadUrl}"}"#;
    let own = OwnDirectory::new(Directory::parse("a.example", document).unwrap()).unwrap();
    for host in ["a.example", "u.example", "u.example:8443", "p.example"] {
        let path = "/mimi%3A%2F%2Fa.example%2Fr%2Fclubhouse";
        let request = with_header(with_path(path), "host", host);
        assert!(parse_request(&request, &own, PEER).is_ok(), "{host}");
    }
    let asset = proxy_request(own.directory(), PEER, "https://c.example/x").unwrap();
    let url = "https://c.example/x".to_owned();
    let read = parse_request(&asset, &own, PEER).unwrap().0;
    assert_eq!(read, Incoming::ProxyDownload { url });
}

/// The whole URL stands in the request line where HTTP/1.1 goes to a proxy, and in
/// what HTTP/2 and later have instead.
#[test]
fn a_whole_url_agrees_with_the_host_and_is_https() {
    let path = update().uri().path().to_owned();
    let with_url = |url: &str| with_path(&format!("{url}{path}"));
    let mut http2 = with_url("https://mimi.a.example:443");
    http2.headers_mut().remove("host");
    assert!(parse_request(&http2, &own(), PEER).is_ok());
    for url in ["https://MIMI.a.example", "HTTPS://mimi.a.example:8443"] {
        assert!(parse_request(&with_url(url), &own(), PEER).is_ok(), "{url}");
    }
    for url in [
        "https://a.example",
        "https://evil.example",
        "https://me@mimi.a.example",
    ] {
        let refusal = refused(&with_url(url));
        assert_eq!(refusal, HttpRefusal::Header("Host"), "{url}");
    }
    for url in ["http://mimi.a.example", "ftp://mimi.a.example"] {
        let refusal = refused(&with_url(url));
        assert_eq!(refusal, HttpRefusal::Scheme, "{url}");
        assert_eq!(refusal.status(), 421);
    }
    let mut user = with_url("https://me@a.example");
    user.headers_mut().remove("host");
    assert_eq!(refused(&user), HttpRefusal::NotThisProvider);
    // What CONNECT has, and OPTIONS.
    for target in ["mimi.a.example:443", "*"] {
        let refusal = refused(&with_path(target));
        assert_eq!(refusal, HttpRefusal::NoSuchEndpoint, "{target}");
    }
}

#[test]
fn only_known_paths_are_served() {
    for path in [
        "/",
        "/v1/update",
        "/v1/update/",
        "/v1/Update/mimi%3A%2F%2Fa.example%2Fr%2F1",
        "/v1/%75pdate/mimi%3A%2F%2Fa.example%2Fr%2F1",
        "/v1/delete/mimi%3A%2F%2Fa.example%2Fr%2F1",
        "/v2/update/mimi%3A%2F%2Fa.example%2Fr%2F1",
        "/v1/x/../update/mimi%3A%2F%2Fa.example%2Fr%2F1",
        "/v1/update/mimi://a.example/r/1",
        "/v1/update/mimi%3A%2F%2Fa.example%2Fr%2F1/",
        "/v1/update/mimi%3A%2F%2Fa.example%2Fr%2F1?x=1",
        "/v1/update/mimi%3A%2F%2Fa.example%2Fr%2F1?",
        "/.well-known/mimi-protocol-directory/",
        "/.well-known/mimi-protocol-directory?x",
    ] {
        let refusal = refused(&with_path(path));
        assert_eq!(refusal, HttpRefusal::NoSuchEndpoint, "{path}");
        assert_eq!(refusal.status(), 404);
    }
}

#[test]
fn a_parameter_is_a_uri_in_normal_form_wholly_encoded() {
    let endpoint = "update";
    for parameter in [
        "room",
        "mimi%3A%2F%2Fa.example%2Fu%2Falice",
        "https%3A%2F%2Fa.example%2Fr%2F1",
        "mimi%3A%2F%2FA.example%2Fr%2F1",
        "MIMI%3A%2F%2Fa.example%2Fr%2F1",
        "mimi%3A%2F%2Fa.example%2Fr%2F%2541",
        "mimi%3A%2F%2Fa.example%2Fr%2Fa+b%20",
        // Half an escape, or of other letters, or of no character.
        "mimi%3A%2F%2Fa.example%2Fr%2F%2",
        "mimi%3A%2F%2Fa.example%2Fr%2F%",
        "mimi%3A%2F%2Fa.example%2Fr%2F%zz",
        "mimi%3A%2F%2Fa.example%2Fr%2F%ff",
    ] {
        let refusal = refused(&with_path(&format!("/v1/update/{parameter}")));
        assert_eq!(refusal, HttpRefusal::Parameter { endpoint }, "{parameter}");
        assert_eq!(refusal.status(), 400);
    }
    for (path, endpoint) in [
        (
            "/v1/keyMaterial/mimi%3A%2F%2Fa.example%2Fr%2F1",
            "keyMaterial",
        ),
        ("/v1/keyMaterial/a.example", "keyMaterial"),
        (
            "/v1/requestConsent/mimi%3A%2F%2Fa.example%2Fr%2F1",
            "requestConsent",
        ),
        ("/v1/requestConsent/A.example", "requestConsent"),
        ("/v1/updateConsent/mimi%3A%2F%2Fa.example", "updateConsent"),
        (
            "/v1/identifierQuery/mimi%3A%2F%2Fa.example",
            "identifierQuery",
        ),
        ("/v1/identifierQuery/192.0.2.1", "identifierQuery"),
        ("/v1/proxyDownload/%", "proxyDownload"),
    ] {
        let refusal = refused(&with_path(path));
        assert_eq!(refusal, HttpRefusal::Parameter { endpoint }, "{path}");
    }
    for written in [
        "mimi%3a%2f%2fa.example%2fr%2fclubhouse",
        "mimi:%2F%2Fa.example%2Fr%2F%63lubhouse",
    ] {
        let request = with_path(&format!("/v1/update/{written}"));
        let room = room();
        assert_eq!(read(&request, &own()).0, Endpoint::Update { room });
    }
    let room = uri("mimi://a.example/r/caf%C3%A9");
    let endpoint = Endpoint::Update { room };
    let sent = request(&theirs(), PEER, &endpoint, Bytes::new()).unwrap();
    assert!(sent.uri().path().ends_with("caf%25C3%25A9"));
    assert_eq!(read(&sent, &own()).0, endpoint);
}

#[test]
fn an_endpoint_has_one_method() {
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post", "QUERY"] {
        let mut request = update();
        *request.method_mut() = method.parse().unwrap();
        let refusal = refused(&request);
        let allowed = Method::POST;
        assert_eq!(refusal, HttpRefusal::Method { allowed }, "{method}");
        let response = refusal.to_response();
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "POST");
    }
}

/// A host that asks before it reads anything gets the same verdict.
#[test]
fn the_head_alone_is_enough_to_refuse() {
    let (head, _) = update().into_parts();
    let bare = Request::from_parts(head, ());
    let incoming = parse_head(&bare, &own(), PEER).unwrap();
    let endpoint = Endpoint::Update { room: room() };
    assert_eq!(incoming, Incoming::Endpoint(endpoint));
    assert_eq!(incoming.max_body(), MAX_GROUP_BODY);
    assert_eq!(
        parse_head(&bare, &own(), "c.example"),
        Err(HttpRefusal::NotThePeer)
    );
}

#[test]
fn the_length_is_a_number_and_true() {
    let with_length = |length: &str| with_header(update(), "content-length", length);
    assert!(parse_request(&with_length("4"), &own(), PEER).is_ok());
    for length in ["", "3", "5", "+4", "4, 4", "four", "0x4", "-1"] {
        let refusal = refused(&with_length(length));
        assert_eq!(refusal, HttpRefusal::Header("Content-Length"), "{length}");
        assert_eq!(refusal.status(), 400);
    }
    let mut twice = with_length("4");
    twice
        .headers_mut()
        .append("content-length", "4".parse().unwrap());
    assert_eq!(refused(&twice), HttpRefusal::Header("Content-Length"));
    let max = MAX_GROUP_BODY;
    let head = with_length(&max.to_string()).map(|_| ());
    assert!(parse_head(&head, &own(), PEER).is_ok());
    for length in [(max + 1).to_string(), "9".repeat(40)] {
        let head = with_length(&length).map(|_| ());
        let refusal = parse_head(&head, &own(), PEER).unwrap_err();
        assert_eq!(refusal, HttpRefusal::TooLarge { max }, "{length}");
        assert_eq!(refusal.status(), 413);
    }
}
