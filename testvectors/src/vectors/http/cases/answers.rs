//! Answers, and the times in them.

use serde_json::{Value, json};

use super::Header;
use crate::hex;
use crate::vectors::Case;

const DAY: &str = "Fri, 31 Dec 2027 23:59:59 GMT";

fn answer(endpoint: &str, status: u16, headers: &[Header], body: &[u8]) -> Value {
    json!({
        "endpoint": endpoint, "status": status, "headers": headers, "body": hex::encode(body),
        "now": "1790000000000", "domain": "a.example", "max": 4,
    })
}

/// Name, endpoint, status, headers and body.
type Answered = (
    &'static str,
    &'static str,
    u16,
    &'static [Header],
    &'static [u8],
);

#[rustfmt::skip] // one line a case
const ANSWERS: &[Answered] = &[
    ("a struct", "update", 200, &[], b"body"),
    ("a struct with another status of success", "update", 201, &[("content-type", "text/plain")], b"body"),
    ("nothing where nothing is due", "notify", 201, &[], b""),
    ("something where nothing is due", "reportAbuse", 200, &[], b"body"),
    ("a part", "update", 206, &[], b"body"),
    ("a redirect", "update", 307, &[("location", "https://a.example/"), ("retry-after", "1")], b""),
    ("not modified", "groupInfo", 304, &[], b""),
    ("a true length", "update", 200, &[("content-length", "4")], b"body"),
    ("a body that broke off", "update", 200, &[("content-length", "5")], b"body"),
    ("an odd length", "update", 200, &[("content-length", "4, 4")], b"body"),
    ("a length beyond the endpoint's", "submitMessage", 200, &[("content-length", "262145")], b"body"),
    ("bad request", "notify", 400, &[("retry-after", "1")], b""),
    ("not found", "requestConsent", 404, &[], b""),
    ("too large", "notify", 413, &[], b""),
    ("too large for now", "notify", 413, &[("retry-after", "60")], b""),
    ("misdirected", "notify", 421, &[], b""),
    ("too early", "notify", 425, &[], b""),
    ("too many", "notify", 429, &[("retry-after", "120")], b""),
    ("timeout", "notify", 408, &[], b""),
    ("server error", "notify", 500, &[], b""),
    ("not implemented", "notify", 501, &[], b""),
    ("bad gateway", "notify", 502, &[("retry-after", "0")], b""),
    ("unavailable until a day", "notify", 503, &[("retry-after", DAY)], b""),
    ("unavailable for ever", "notify", 503, &[("retry-after", "18446744073709551616")], b""),
    ("unavailable until soon", "notify", 503, &[("retry-after", "soon")], b""),
    ("unavailable, and two times", "notify", 503, &[("retry-after", "1"), ("retry-after", "2")], b""),
    ("gateway timeout", "notify", 504, &[], b""),
    ("a directory", "directory", 200, &[("content-type", "text/html")], br#"{ "update": "https://a.example/{roomId}" }"#),
    ("a directory that is none", "directory", 200, &[], b"[]"),
    ("a directory and nothing", "directory", 204, &[], b""),
    ("a directory elsewhere", "directory", 301, &[("location", "/")], b"{}"),
    ("a directory that is busy", "directory", 503, &[("retry-after", "5")], b""),
    ("an asset", "proxyDownload", 200, &[("content-length", "4")], b"body"),
    ("a part of an asset", "proxyDownload", 206, &[("content-range", "bytes 0-3/9")], b"body"),
    ("an asset that is too long", "proxyDownload", 200, &[("content-length", "5")], b"body"),
    ("an asset that is not proxied", "proxyDownload", 403, &[], b""),
];

pub(super) fn cases() -> Vec<Case> {
    let case = |(name, endpoint, status, headers, body): &Answered| {
        let input = answer(endpoint, *status, headers, body);
        Case::valid("http_answer", &format!("answered: {name}"), input)
    };
    ANSWERS.iter().map(case).collect()
}

#[rustfmt::skip] // one line a case
const TIMES: &[&str] = &[
    "0", "120", " 5\t", "007", "18446744073709551615", "18446744073709551616", DAY,
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Tue, 29 Feb 2028 12:00:00 GMT",
];

#[rustfmt::skip] // one line a case
const NO_TIMES: &[&str] = &[
    "", "-1", "+1", "1.5", "1s", "1, 2", "soon", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 +0000", "Mon, 06 Nov 1994 08:49:37 GMT", "Sat, 29 Feb 2025 12:00:00 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT", "Wed, 31 Dec 1969 23:59:59 GMT",
];

pub(super) fn times() -> Vec<Case> {
    let input = |value: &str| json!({ "value": value });
    let valid = TIMES.iter().map(|value| {
        let name = format!("the time {value:?}");
        Case::valid("retry_after", &name, input(value))
    });
    let refused = NO_TIMES.iter().map(|value| {
        let name = format!("no time: {value:?}");
        Case::refused("retry_after", &name, input(value), "retry_after", None)
    });
    valid.chain(refused).collect()
}
