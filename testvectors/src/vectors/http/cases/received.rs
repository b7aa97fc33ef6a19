//! Requests that are received, and taken or refused.

use serde_json::{Value, json};

use super::{Header, OWN};
use crate::hex;
use crate::vectors::{Case, Refused};

/// A request with the headers that it should have, and a body of four octets if it
/// is a POST.
fn came(method: &str, target: &str) -> Value {
    let body = if method == "POST" { "body" } else { "" };
    json!({
        "domain": "a.example", "document": OWN, "peer": "b.example",
        "method": method, "target": target, "body": hex::encode(body.as_bytes()),
        "headers": [["host", "mimi.a.example"], ["from", "mimi@b.example"]],
    })
}

/// The same with other headers.
fn with(input: &Value, headers: &[Header]) -> Value {
    let mut input = input.clone();
    input["headers"] = json!(headers);
    input
}

const TARGET: &str = "/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F1";
const FROM: Header = ("from", "mimi@b.example");
const HOST: Header = ("host", "a.example");

#[rustfmt::skip] // one line a case
const RECEIVED: &[(&str, &str, &str)] = &[
    ("keyMaterial", "POST", "/v1/keyMaterial/mimi%3A%2F%2Fa.example%2Fu%2Falice"),
    ("update", "POST", "/v1/updatemimi%3A%2F%2Fa.example%2Fr%2Fcaf%25C3%25A9"),
    ("notify", "POST", "/notify?room=mimi%3A%2F%2Fa.example%2Fr%2F1"),
    ("submitMessage", "POST", "/rooms/mimi%3A%2F%2Fa.example%2Fr%2F1/submitMessage"),
    ("groupInfo", "POST", TARGET),
    ("requestConsent of a user", "POST", "/v1/requestConsent/mimi%3A%2F%2Fa.example%2Fp%2F6f1d"),
    ("requestConsent of a domain", "POST", "/v1/requestConsent/a.example"),
    ("updateConsent", "POST", "/v1/updateConsent/mimi%3A%2F%2Fb.example%2Fu%2Fbob"),
    ("identifierQuery", "POST", "/v1/identifierQuery/xn--bcher-kva.example"),
    ("reportAbuse", "POST", "/v1/reportAbuse/mimi%3A%2F%2Fa.example%2Fr%2F1"),
    ("the directory", "GET", "/.well-known/mimi-protocol-directory"),
    ("proxyDownload", "GET", "/proxy/https%3A%2F%2Fc.example%2Fa%252Fb%3Fx+y"),
    ("proxyDownload of what is no https URL", "GET", "/proxy/http:%2f%2f127.0.0.1%2f%00"),
    ("escapes in lower case", "POST", "/v1/groupInfo/mimi%3a%2f%2fa.example%2fr%2f1"),
    ("escapes that need not be, and a colon without", "POST", "/v1/groupInfo/%6dimi:%2F%2Fa.example%2Fr%2F1"),
    ("a whole URL", "POST", "https://mimi.a.example/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F1"),
    ("a whole URL with a port, in upper case", "POST", "HTTPS://MIMI.a.example:443/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F1"),
];

#[rustfmt::skip] // one line a case
const HEADERS: &[(&str, &[Header])] = &[
    ("the domain for a host", &[HOST, FROM]),
    ("the domain with a port", &[("host", "A.example:8443"), FROM]),
    ("a host with an empty port", &[("host", "a.example:"), FROM]),
    ("the host of another URL", &[("host", "abuse.a.example"), FROM]),
    ("the host of the proxy", &[("host", "assets.a.example"), FROM]),
    ("the source in upper case", &[HOST, ("from", "mimi@B.EXAMPLE")]),
    ("a length", &[HOST, FROM, ("content-length", "4")]),
    ("a length with zeros before it", &[HOST, FROM, ("content-length", "0004")]),
    ("headers that say nothing here", &[HOST, FROM, ("content-type", "text/plain"), ("range", "bytes=0-1")]),
];

pub(super) fn taken() -> Vec<Case> {
    let valid =
        |name: &str, input| Case::valid("http_receive", &format!("received: {name}"), input);
    let mut cases: Vec<Case> = RECEIVED
        .iter()
        .map(|(name, method, target)| valid(name, came(method, target)))
        .collect();
    for (name, headers) in HEADERS {
        cases.push(valid(name, with(&came("POST", TARGET), headers)));
    }
    let whole = format!("https://a.example{TARGET}");
    let no_host = with(&came("POST", &whole), &[FROM]);
    cases.push(valid("a whole URL and no host", no_host));
    let long = came("GET", &format!("/proxy/{}", "x".repeat(8192)));
    cases.push(valid("proxyDownload of 8192 octets", long));
    cases
}

#[rustfmt::skip] // one line a case
const REFUSED_HEADERS: &[(&str, &[Header], &str, u16)] = &[
    ("no host", &[FROM], "host", 400),
    ("an empty host", &[("host", ""), FROM], "host", 400),
    ("a host twice", &[HOST, HOST, FROM], "host", 400),
    ("no source", &[HOST], "from", 400),
    ("a source twice", &[HOST, FROM, FROM], "from", 400),
    ("a source without a name before the domain", &[HOST, ("from", "b.example")], "from", 400),
    ("a source of another name", &[HOST, ("from", "alice@b.example")], "from", 400),
    ("a source whose name is in upper case", &[HOST, ("from", "MIMI@b.example")], "from", 400),
    ("a source with a display name", &[HOST, ("from", "B <mimi@b.example>")], "from", 400),
    ("a source without a domain", &[HOST, ("from", "mimi@")], "from", 400),
    ("a source with a port", &[HOST, ("from", "mimi@b.example:443")], "from", 400),
    ("two sources", &[HOST, ("from", "mimi@b.example, mimi@c.example")], "from", 400),
    ("another source", &[HOST, ("from", "mimi@c.example")], "not_the_peer", 403),
    ("a subdomain for a source", &[HOST, ("from", "mimi@x.b.example")], "not_the_peer", 403),
    ("another host", &[("host", "c.example"), FROM], "not_this_provider", 421),
    ("a subdomain for a host", &[("host", "x.a.example"), FROM], "not_this_provider", 421),
    ("a host with a dot behind it", &[("host", "a.example."), FROM], "not_this_provider", 421),
    ("a host with user information", &[("host", "me@a.example"), FROM], "not_this_provider", 421),
    ("a length that is too short", &[HOST, FROM, ("content-length", "3")], "content_length", 400),
    ("a length that is too long", &[HOST, FROM, ("content-length", "5")], "content_length", 400),
    ("a length with a sign", &[HOST, FROM, ("content-length", "+4")], "content_length", 400),
    ("two lengths", &[HOST, FROM, ("content-length", "4, 4")], "content_length", 400),
    ("a length twice", &[HOST, FROM, ("content-length", "4"), ("content-length", "4")], "content_length", 400),
    ("a length beyond the endpoint's", &[HOST, FROM, ("content-length", "262145")], "too_large", 413),
    ("a length beyond any number", &[HOST, FROM, ("content-length", "99999999999999999999999")], "too_large", 413),
];

#[rustfmt::skip] // one line a case
const REFUSED: &[(&str, &str, &str, &str, u16)] = &[
    ("http", "POST", "http://mimi.a.example/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F1", "scheme", 421),
    ("a whole URL of another host", "POST", "https://a.example/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F1", "host", 400),
    ("a whole URL with user information", "POST", "https://me@mimi.a.example/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F1", "host", 400),
    ("the root", "POST", "/", "no_such_endpoint", 404),
    ("an unknown endpoint", "POST", "/v1/delete/mimi%3A%2F%2Fa.example%2Fr%2F1", "no_such_endpoint", 404),
    ("an endpoint's name in upper case", "POST", "/v1/GroupInfo/mimi%3A%2F%2Fa.example%2Fr%2F1", "no_such_endpoint", 404),
    ("an endpoint's name encoded", "POST", "/v1/%67roupInfo/mimi%3A%2F%2Fa.example%2Fr%2F1", "no_such_endpoint", 404),
    ("no parameter", "POST", "/v1/groupInfo/", "no_such_endpoint", 404),
    ("a parameter that is not encoded", "POST", "/v1/groupInfo/mimi://a.example/r/1", "no_such_endpoint", 404),
    ("a slash behind the parameter", "POST", "/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F1/", "no_such_endpoint", 404),
    ("a query behind the parameter", "POST", "/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F1?x", "no_such_endpoint", 404),
    ("the directory with a query", "GET", "/.well-known/mimi-protocol-directory?x", "no_such_endpoint", 404),
    ("half an escape", "POST", "/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F%2", "parameter", 400),
    ("an escape of other letters", "POST", "/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F%zz", "parameter", 400),
    ("an escape of no character", "POST", "/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fr%2F%ff", "parameter", 400),
    ("half an escape in the URL of an asset", "GET", "/proxy/https%3", "parameter", 400),
    ("a user for a room", "POST", "/v1/groupInfo/mimi%3A%2F%2Fa.example%2Fu%2Falice", "parameter", 400),
    ("a room for a user", "POST", "/v1/keyMaterial/mimi%3A%2F%2Fa.example%2Fr%2F1", "parameter", 400),
    ("a client for a user", "POST", "/v1/keyMaterial/mimi%3A%2F%2Fa.example%2Fd%2Fphone", "parameter", 400),
    ("a domain for a user", "POST", "/v1/keyMaterial/a.example", "parameter", 400),
    ("a room for a party", "POST", "/v1/requestConsent/mimi%3A%2F%2Fa.example%2Fr%2F1", "parameter", 400),
    ("a URI for a domain", "POST", "/v1/identifierQuery/mimi%3A%2F%2Fa.example", "parameter", 400),
    ("an address for a domain", "POST", "/v1/identifierQuery/192.0.2.1", "parameter", 400),
    ("a room that is not in normal form", "POST", "/v1/groupInfo/mimi%3A%2F%2FA.example%2Fr%2F1", "parameter", 400),
    ("a room that is encoded twice too often", "POST", "/v1/groupInfo/mimi%253A%252F%252Fa.example%252Fr%252F1", "parameter", 400),
    ("GET for an endpoint", "GET", TARGET, "method", 405),
    ("a method in lower case", "post", TARGET, "method", 405),
    ("POST for the directory", "POST", "/.well-known/mimi-protocol-directory", "method", 405),
    ("HEAD for the directory", "HEAD", "/.well-known/mimi-protocol-directory", "method", 405),
    ("POST for an asset", "POST", "/proxy/https%3A%2F%2Fc.example", "method", 405),
];

pub(super) fn refused() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut refused = |name: &str, input, rule: &str, status| {
        let name = format!("refused: {name}");
        let refused = Refused {
            status: Some(status),
            ..Refused::new(rule, None)
        };
        cases.push(Case::refused_so("http_receive", &name, input, refused));
    };
    for (name, headers, rule, status) in REFUSED_HEADERS {
        refused(name, with(&came("POST", TARGET), headers), rule, *status);
    }
    for (name, method, target, rule, status) in REFUSED {
        refused(name, came(method, target), rule, *status);
    }
    for peer in ["", "B.example", "*.example"] {
        let mut input = came("POST", TARGET);
        input["peer"] = json!(peer);
        let name = format!("the authenticated peer {peer:?}");
        refused(&name, input, "not_the_peer", 403);
    }
    let long = came("GET", &format!("/proxy/{}", "%2F".repeat(8193)));
    refused("a URL of 8193 octets", long, "url_too_long", 414);
    let mut body = came("GET", "/.well-known/mimi-protocol-directory");
    body["body"] = json!("00");
    refused("a body with GET", body, "too_large", 413);
    cases
}
