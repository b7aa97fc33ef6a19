//! Which other parts the content of a part refers to.

use std::collections::BTreeSet;

use crate::media::MediaType;
use crate::{NestedPart, Part, cid};

/// The media types of which the draft says that they may refer to other parts.
const CONTAINERS: [&str; 4] = ["text/html", "text/markdown", "text/vcard", "text/calendar"];

/// The indices of the parts to which a single part in HTML, Markdown, vCard or
/// iCal refers, by [`scan`]; none for other parts (CONTENT, "Message Bodies").
#[must_use]
pub fn references(part: &NestedPart<'_>) -> BTreeSet<u16> {
    match &part.part {
        Part::Single {
            content_type,
            content,
        } if is_container(content_type) => scan(content),
        _ => BTreeSet::new(),
    }
}

fn is_container(content_type: &str) -> bool {
    content_type
        .parse::<MediaType>()
        .is_ok_and(|media_type| CONTAINERS.contains(&media_type.essence.as_str()))
}

/// The part indices of all content ID URIs in a text, such as
/// `cid:4@local.invalid`.
///
/// It looks for the URIs as they are written, and does not parse the text. So it
/// finds those in comments and code too, where they refer to nothing: the part is
/// then taken as shown although it is not. And it misses those that are escaped
/// (`cid:4&#64;local.invalid`) or folded over two lines: the part is then shown
/// twice. A caller with a parser for the format does better.
#[must_use]
pub fn scan(content: &[u8]) -> BTreeSet<u16> {
    content
        .split(|octet| !is_uri_octet(*octet))
        .filter_map(|word| last_uri(str::from_utf8(word).ok()?))
        .filter_map(cid::part_index)
        .collect()
}

/// Those of a URI that do not end one in any of the formats.
fn is_uri_octet(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"+-.:@%_".contains(&octet)
}

/// A word from its last scheme on: in vCard and iCal, the URI follows the name of
/// a property and a colon.
fn last_uri(word: &str) -> Option<&str> {
    let (scheme, _) = word.rsplit_once(':')?;
    let start = scheme.rfind(':').map_or(0, |at| at.saturating_add(1));
    word.get(start..)
}
