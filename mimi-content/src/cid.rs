//! References from one part of a message to another.
//!
//! A Markdown, HTML or vCard part can show a picture that is another part of
//! the same message. It names that part by its index in a content ID URI
//! (CONTENT, "Message Bodies"): parts are counted depth first from 0, the body
//! itself included. Only a part with content, inside the message or outside,
//! may be referred to.
//!
//! ```
//! use mimi_content::cid;
//!
//! assert_eq!(cid::part_uri(3), "cid:3@local.invalid");
//! assert_eq!(cid::part_index("cid:3@local.invalid"), Some(3));
//! assert_eq!(cid::part_index("cid:03@local.invalid"), None);
//! ```

const SCHEME: &str = "cid:";
const DOMAIN: &str = "@local.invalid";

/// The index of the part to which `uri` refers, if it is such a reference in
/// the one form that [`part_uri`] writes.
#[must_use]
pub fn part_index(uri: &str) -> Option<u16> {
    let digits = uri.strip_prefix(SCHEME)?.strip_suffix(DOMAIN)?;
    // Zero is the only number that starts with its digit. Signs would parse.
    let canonical = digits == "0" || digits.starts_with(|c| matches!(c, '1'..='9'));
    canonical.then(|| digits.parse().ok()).flatten()
}

/// The reference to the part with this index.
#[must_use]
pub fn part_uri(index: u16) -> String {
    format!("{SCHEME}{index}{DOMAIN}")
}
