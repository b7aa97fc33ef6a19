//! The directory document and assets are fetched with GET.

use bytes::Bytes;
use http::Method;
use mimi_protocol::http::*;
use mimi_protocol::wire::limits::MAX_URL_LEN;

use crate::scene::*;

const ASSET: &str = "https://c.example/a%2Fb?x=y&z#f";

#[test]
fn the_directory_goes_there_and_back() {
    let asked = directory_request("a.example", PEER).unwrap();
    let (incoming, body) = parse_request(&asked, &own(), PEER).unwrap();
    assert_eq!(incoming, Incoming::Directory);
    assert!(body.is_empty());
    let answer = directory_response(&own());
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    let read = parse_directory_response("a.example", &answer).unwrap();
    assert_eq!(&read, own().directory());
    for (to, from) in [
        ("a.example:443", PEER),
        ("", PEER),
        ("a.example", "B.example"),
    ] {
        let error = directory_request(to, from).unwrap_err();
        assert_eq!(error, RequestError::Domain);
    }
}

#[test]
fn an_asset_goes_there_and_back() {
    let asked = proxy_request(&theirs(), PEER, ASSET).unwrap();
    assert!(!asked.headers().contains_key("range"));
    let (incoming, _) = parse_request(&asked, &own(), PEER).unwrap();
    let url = ASSET.to_owned();
    assert_eq!(incoming, Incoming::ProxyDownload { url });
    let answer = proxy_response(Bytes::from_static(b"asset"));
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.body(), "asset");
    assert_eq!(answer.headers()["content-type"], "application/octet-stream");
    assert_eq!(parse_proxy_response_head(&answer, 5), Ok(()));
}

/// From the URL in a path to the verdict on it.
#[test]
fn a_proxy_fetches_from_asset_servers_of_peers_and_refuses_all_tricks() {
    use mimi_content::DomainName;
    use mimi_protocol::assets::AssetDomains;
    let peers = AssetDomains::from_iter([DomainName::parse("assets.b.example").unwrap()]);
    for (url, status) in [
        ("https://assets.b.example/8ksB4bSrrRE?size=1", 200),
        ("https://assets.b.example.evil.example/x", 403),
        ("https://evil-assets.b.example/x", 403),
        ("https://assets.b.example@evil.example/x", 400),
        ("https://evil.example\\@assets.b.example/x", 400),
        ("https://assets.b.example:8443/x", 400),
        ("https://127.0.0.1/x", 400),
        ("https://0x7f000001/x", 400),
        ("https://[::1]/x", 400),
        ("http://assets.b.example/x", 400),
        ("//assets.b.example/x", 400),
        ("https://assets.b.example./x", 400),
        ("https://assets.b.example/x#y", 400),
    ] {
        let asked = proxy_request(&theirs(), PEER, url).unwrap();
        let (incoming, _) = parse_request(&asked, &own(), PEER).unwrap();
        let Incoming::ProxyDownload { url: asked_for } = incoming else {
            panic!("{incoming:?}");
        };
        assert_eq!(asked_for, url);
        let answer = match peers.judge(&asked_for) {
            Ok(target) => proxy_response(Bytes::copy_from_slice(target.as_str().as_bytes())),
            Err(refused) => refusal(refused.status(), None),
        };
        assert_eq!(answer.status(), status, "{url}");
    }
}

/// Which URL may be fetched is for the rule on targets; the path holds any.
#[test]
fn any_url_is_handed_on_as_it_came() {
    for written in [
        "http%3A%2F%2F127.0.0.1%2F",
        "..",
        "%00",
        "x+y",
        "https:%2f%2fc",
    ] {
        let mut asked = with_path(&format!("/v1/proxyDownload/{written}"));
        *asked.method_mut() = Method::GET;
        *asked.body_mut() = Bytes::new();
        let (incoming, _) = parse_request(&asked, &own(), PEER).unwrap();
        let url = percent_encoding::percent_decode_str(written);
        let url = url.decode_utf8().unwrap().into_owned();
        assert_eq!(incoming, Incoming::ProxyDownload { url });
    }
}

#[test]
fn a_url_to_download_is_not_too_long() {
    let ask = |len: usize| {
        let mut asked = with_path(&format!("/v1/proxyDownload/{}", "%2F".repeat(len)));
        *asked.method_mut() = Method::GET;
        *asked.body_mut() = Bytes::new();
        asked
    };
    assert!(parse_request(&ask(MAX_URL_LEN), &own(), PEER).is_ok());
    let refusal = refused(&ask(MAX_URL_LEN + 1));
    assert_eq!(refusal, HttpRefusal::UrlTooLong);
    assert_eq!(refusal.status(), 414);
}

#[test]
fn what_is_fetched_has_one_method_and_no_body() {
    for asked in [
        directory_request("a.example", PEER).unwrap(),
        proxy_request(&theirs(), PEER, ASSET).unwrap(),
    ] {
        for method in ["POST", "HEAD", "PUT", "get"] {
            let mut asked = asked.clone();
            *asked.method_mut() = method.parse().unwrap();
            let refusal = refused(&asked);
            let allowed = Method::GET;
            assert_eq!(refusal, HttpRefusal::Method { allowed }, "{method}");
            let response = refusal.to_response();
            assert_eq!(response.status(), 405);
            assert_eq!(response.headers()["allow"], "GET");
        }
        let mut body = asked.clone();
        *body.body_mut() = Bytes::from_static(b"x");
        assert_eq!(refused(&body), HttpRefusal::TooLarge { max: 0 });
        let long = with_header(asked.clone(), "content-length", "1");
        assert_eq!(refused(&long), HttpRefusal::TooLarge { max: 0 });
        let none = with_header(asked.clone(), "content-length", "0");
        assert!(parse_request(&none, &own(), PEER).is_ok());
        // Who asks says who it is here, too.
        let other = with_header(asked, "from", "mimi@c.example");
        assert_eq!(refused(&other), HttpRefusal::NotThePeer);
    }
}

#[test]
fn only_the_whole_thing_is_taken() {
    let document = directory_response(&own());
    for code in [201, 203, 204, 206, 301, 302, 304, 307, 308, 404, 503] {
        let mut answer = document.clone();
        *answer.status_mut() = status(code).status();
        let expected = match code {
            206 => HttpFailure::Partial,
            301..400 => HttpFailure::Redirect {
                status: answer.status(),
            },
            _ => HttpFailure::Status {
                status: answer.status(),
                retry_after: None,
            },
        };
        let failure = parse_directory_response("a.example", &answer).unwrap_err();
        assert_eq!(failure, expected);
        assert_eq!(parse_proxy_response_head(&answer, 1 << 20), Err(expected));
    }
}

#[test]
fn a_directory_or_an_asset_is_not_too_long() {
    let document = |len: usize| {
        let mut answer = status(200);
        *answer.body_mut() = format!("{{}}{}", " ".repeat(len - 2)).into();
        answer
    };
    let max = MAX_DIRECTORY_LEN;
    assert!(parse_directory_response("a.example", &document(max)).is_ok());
    let too_large = HttpFailure::TooLarge { max };
    let failure = parse_directory_response("a.example", &document(max + 1)).unwrap_err();
    assert_eq!(failure, too_large);
    let promised = |answer: http::Response<Bytes>, len: &str| {
        let mut answer = answer;
        let len = len.parse().unwrap();
        answer.headers_mut().insert("content-length", len);
        answer
    };
    let long = promised(document(2), &(max + 1).to_string());
    assert_eq!(parse_directory_response("a.example", &long), Err(too_large));
    let short = promised(document(2), "3");
    let failure = parse_directory_response("a.example", &short).unwrap_err();
    assert_eq!(failure, HttpFailure::Length);
    assert_eq!(parse_proxy_response_head(&short, 3), Ok(()));
    assert_eq!(
        parse_proxy_response_head(&short, 2),
        Err(HttpFailure::TooLarge { max: 2 })
    );
    let odd = promised(document(2), "2,2");
    assert_eq!(parse_proxy_response_head(&odd, 9), Err(HttpFailure::Length));
}

#[test]
fn what_is_no_directory_is_told() {
    let mut answer = status(200);
    *answer.body_mut() = Bytes::from_static(br#"{"update":"http://a.example/{roomId}"}"#);
    let endpoint = "update";
    assert_eq!(
        parse_directory_response("a.example", &answer),
        Err(HttpFailure::Directory(DirectoryError::Template {
            endpoint
        }))
    );
}
