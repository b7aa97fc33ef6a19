//! Content ID URIs, by which one part of a message refers to another (CONTENT,
//! "Message Bodies").

const SCHEME: &str = "cid:";
const HOST: &str = "@local.invalid";

/// The part index in a URI of the form `cid:N@local.invalid`, N being decimal
/// without leading zeros; nothing for any other text.
#[must_use]
pub fn part_index(uri: &str) -> Option<u16> {
    let digits = uri.strip_prefix(SCHEME)?.strip_suffix(HOST)?;
    let only_digits = digits.bytes().all(|octet| octet.is_ascii_digit());
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    if !only_digits || leading_zero {
        return None;
    }
    digits.parse().ok()
}

/// The URI that refers to the part with that index.
#[must_use]
pub fn part_uri(index: u16) -> String {
    format!("{SCHEME}{index}{HOST}")
}
