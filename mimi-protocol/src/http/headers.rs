//! Headers that requests and responses share.

use ::http::HeaderMap;
use ::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};

/// What bodies are sent as; what they are received as is ignored.
pub(super) const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");
/// What a directory document is sent as.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The only value of a header.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    value.to_str().ok()
}

/// `Content-Length` is no number, or stands twice (RFC 9110 §8.6).
pub(super) struct BadLength;

/// How long a body is said to be; a number beyond `usize` counts as the largest.
pub(super) fn content_length(headers: &HeaderMap) -> Result<Option<usize>, BadLength> {
    if !headers.contains_key(CONTENT_LENGTH) {
        return Ok(None);
    }
    let text = single(headers, &CONTENT_LENGTH).ok_or(BadLength)?;
    let length = digits(text).ok_or(BadLength)?;
    Ok(Some(usize::try_from(length).unwrap_or(usize::MAX)))
}

/// A number in decimal digits and nothing else, at most the largest there is.
pub(super) fn digits(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().unwrap_or(u64::MAX))
}
