//! Documents, and the URLs in them.

use serde_json::{Value, json};

use super::{OWN, SOME};
use crate::vectors::Case;

fn directory(domain: &str, document: &str, own: bool, spaces: usize) -> Value {
    json!({ "domain": domain, "document": document, "own": own, "spaces": spaces })
}

#[rustfmt::skip] // one line a case
const URLS: &[(&str, &str)] = &[
    ("a port", "https://a.example:65535/{roomId}"),
    ("an A-label", "https://xn--bcher-kva.example/{roomId}"),
    ("a variable in the query", "https://a.example/?x=%20&room={roomId}&y"),
    ("a variable in the middle of a segment", "https://a.example/~x/r{roomId}.y/z"),
    ("all that stands for itself", "https://a.example/-._~!$&'()*+,;=:@{roomId}"),
    ("an empty segment", "https://a.example//{roomId}/"),
];

#[rustfmt::skip] // one line a case
const BAD_URLS: &[(&str, &str)] = &[
    ("http", "http://a.example/{roomId}"),
    ("no scheme", "//a.example/{roomId}"),
    ("no path", "https://a.example?{roomId}"),
    ("no variable", "https://a.example/"),
    ("two variables", "https://a.example/{roomId}/{roomId}"),
    ("a variable of another endpoint", "https://a.example/{targetUser}"),
    ("another operator", "https://a.example/{+roomId}"),
    ("a variable in the host", "https://{roomId}.a.example/"),
    ("a brace that closes first", "https://a.example/}{roomId}"),
    ("user information", "https://me@a.example/{roomId}"),
    ("no host", "https:///{roomId}"),
    ("a host in upper case", "https://A.example/{roomId}"),
    ("a dot behind the host", "https://a.example./{roomId}"),
    ("a U-label", "https://b\u{fc}cher.example/{roomId}"),
    ("an IPv4 address", "https://192.0.2.1/{roomId}"),
    ("an IPv6 address", "https://[2001:db8::1]/{roomId}"),
    ("an empty port", "https://a.example:/{roomId}"),
    ("port 0", "https://a.example:0/{roomId}"),
    ("a port with a zero before it", "https://a.example:0443/{roomId}"),
    ("a port beyond 16 bits", "https://a.example:65536/{roomId}"),
    ("a fragment", "https://a.example/{roomId}#x"),
    ("a space", "https://a.example/ /{roomId}"),
    ("a letter beyond ASCII", "https://a.example/\u{fc}/{roomId}"),
    ("half an escape", "https://a.example/%4/{roomId}"),
    ("two dots for a segment", "https://a.example/x/../{roomId}"),
    ("an encoded dot for a segment", "https://a.example/{roomId}/%2e"),
];

#[rustfmt::skip] // one line a case
const NO_DOCUMENTS: &[(&str, &str)] = &[
    ("nothing", ""),
    ("a list", "[]"),
    ("half an object", "{"),
    ("two objects", "{}{}"),
    ("a number for a URL", r#"{"update":7}"#),
    ("a known member twice", r#"{"update":"https://a.example/{roomId}","update":"https://a.example/{roomId}"}"#),
];

#[rustfmt::skip] // one line a case
const ALIKE: &[(&str, &str, &str)] = &[
    ("the same", "/{roomId}", "/{roomId}"),
    ("one that swallows what is before the other's variable", "/{roomId}", "/x{roomId}"),
    ("one that swallows what is behind the other's variable", "/{roomId}/y", "/{roomId}x/y"),
    ("what is before one and behind the other", "/x{roomId}", "/{roomId}y"),
    ("values in segments of their own", "/a{roomId}/bc", "/aX/b{roomId}"),
    ("values in parts of a query", "/?a={roomId}&b=1", "/?a=2&b={roomId}"),
    ("the place of the document", "/.well-known/{roomId}", "/x/{roomId}"),
];

pub(super) fn cases() -> Vec<Case> {
    let valid = |name: &str, input| Case::valid("http_directory", name, input);
    let refused =
        |name: &str, input, rule| Case::refused("http_directory", name, input, rule, None);
    let update = |url: &str| json!({ "update": url }).to_string();
    let mut cases = vec![
        valid("a directory", directory("a.example", OWN, true, 0)),
        valid(
            "a directory of some endpoints",
            directory("a.example", SOME, true, 0),
        ),
        valid("an empty directory", directory("a.example", "{}", true, 0)),
        valid(
            "null for a URL",
            directory("a.example", r#"{"update":null}"#, true, 0),
        ),
        valid(
            "65536 octets",
            directory("a.example", "{}", true, (1 << 16) - 2),
        ),
        refused(
            "65537 octets",
            directory("a.example", "{}", true, (1 << 16) - 1),
            "too_long",
        ),
    ];
    for (name, url) in URLS {
        let name = format!("a URL with {name}");
        cases.push(valid(&name, directory("a.example", &update(url), true, 0)));
    }
    for (name, url) in BAD_URLS {
        let name = format!("a URL with {name}");
        let input = directory("a.example", &update(url), false, 0);
        cases.push(refused(&name, input, "template"));
    }
    for (name, document) in NO_DOCUMENTS {
        let name = format!("{name} for a document");
        cases.push(refused(
            &name,
            directory("a.example", document, false, 0),
            "json",
        ));
    }
    for domain in ["", "A.example", "192.0.2.1", "a.example:443"] {
        let name = format!("the domain {domain:?}");
        cases.push(refused(&name, directory(domain, "{}", false, 0), "domain"));
    }
    for (name, update, notify) in ALIKE {
        let document = json!({
            "update": format!("https://a.example{update}"),
            "notify": format!("https://b.example{notify}"),
        });
        let document = document.to_string();
        let own = format!("two URLs of one's own: {name}");
        cases.push(refused(
            &own,
            directory("a.example", &document, true, 0),
            "ambiguous",
        ));
        let theirs = format!("two URLs of a peer's: {name}");
        cases.push(valid(&theirs, directory("a.example", &document, false, 0)));
    }
    cases
}
