//! Requests that are made, or cannot be.

use serde_json::{Value, json};

use super::{OWN, ROOM, SOME, USER};
use crate::hex;
use crate::vectors::Case;

fn asked(document: &str, endpoint: &str, value: &str) -> Value {
    json!({
        "domain": "a.example", "document": document, "from": "b.example",
        "endpoint": endpoint, "value": value, "body": "",
    })
}

#[rustfmt::skip] // one line a case
const MADE: &[(&str, &str, &str, &str)] = &[
    ("keyMaterial", OWN, "keyMaterial", USER),
    ("keyMaterial of a pseudonym", OWN, "keyMaterial", "mimi://a.example/p/6f1d"),
    ("update", OWN, "update", ROOM),
    ("notify", OWN, "notify", ROOM),
    ("submitMessage", OWN, "submitMessage", ROOM),
    ("groupInfo", OWN, "groupInfo", ROOM),
    ("requestConsent of a user", OWN, "requestConsent", USER),
    ("requestConsent by domain", SOME, "requestConsent", USER),
    ("requestConsent of a domain", SOME, "requestConsent", "a.example"),
    ("updateConsent to a user", SOME, "updateConsent", "mimi://b.example/u/bob"),
    ("updateConsent by domain", OWN, "updateConsent", "mimi://b.example/u/bob"),
    ("identifierQuery", OWN, "identifierQuery", "a.example"),
    ("reportAbuse", OWN, "reportAbuse", ROOM),
    ("proxyDownload", OWN, "proxyDownload", "https://c.example/a%2Fb?x=y&z"),
    ("proxyDownload of any characters", OWN, "proxyDownload", "https://c.example/ \u{fc}~\u{2764}{}#\u{0}"),
    ("the directory", OWN, "directory", "a.example"),
    ("a room of all octets that stand for themselves", OWN, "update", "mimi://a.example/r/-._~!$&'()*+,;=:@"),
];

#[rustfmt::skip] // one line a case
const NOT_MADE: &[(&str, &str, &str, &str, &str)] = &[
    ("an endpoint that is not offered", SOME, "update", ROOM, "not_offered"),
    ("an asset where no proxy is offered", SOME, "proxyDownload", "https://c.example/", "not_offered"),
    ("a domain where the URL names a user", OWN, "requestConsent", "a.example", "user_needed"),
    ("an asset without a URL", OWN, "proxyDownload", "", "download_url"),
    ("the directory of an address", OWN, "directory", "192.0.2.1", "domain"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, document, endpoint, value) in MADE {
        let mut input = asked(document, endpoint, value);
        if !["directory", "proxyDownload"].contains(endpoint) {
            input["body"] = json!(hex::encode(b"body"));
        }
        cases.push(Case::valid(
            "http_make",
            &format!("a request: {name}"),
            input,
        ));
    }
    let url = |len: usize| format!("https://{}", "x".repeat(len - 8));
    let longest = asked(OWN, "proxyDownload", &url(8192));
    let name = "a request: an asset whose URL has 8192 octets";
    cases.push(Case::valid("http_make", name, longest));
    let mut refused = |name: &str, input, rule| {
        let name = format!("no request: {name}");
        cases.push(Case::refused("http_make", &name, input, rule, None));
    };
    for (name, document, endpoint, value, rule) in NOT_MADE {
        refused(name, asked(document, endpoint, value), rule);
    }
    let longer = asked(OWN, "proxyDownload", &url(8193));
    refused("an asset whose URL has 8193 octets", longer, "download_url");
    let mut anonymous = asked(OWN, "update", ROOM);
    anonymous["from"] = json!("B.example");
    refused(
        "a source that is no domain in normal form",
        anonymous,
        "domain",
    );
    cases
}
