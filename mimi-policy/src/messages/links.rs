//! Whether a text holds a link.

use mimi_content::markdown::{Document, Link};
use mimi_content::media::MediaType;

/// Whether a single part shows its reader something to follow.
///
/// - In Markdown: a link, unless it names a user or another part of the message,
///   or a picture that is elsewhere.
/// - In HTML: any `href`. HTML is not parsed.
/// - In all text, Markdown and HTML included: a bare address with `://`, or one
///   that begins with `www.` or `mailto:`. No format makes a link of it, but
///   most clients do.
///
/// It takes time in proportion to the length of the text.
pub(super) fn has_link(content_type: &str, content: &[u8]) -> bool {
    let essence = match content_type.parse::<MediaType>() {
        Ok(media_type) => media_type.essence,
        // Some clients will take it for a text.
        Err(_) => String::new(),
    };
    if !essence.is_empty() && !essence.starts_with("text/") {
        return false;
    }
    let text = String::from_utf8_lossy(content);
    match essence.as_str() {
        "text/markdown" => {
            let document = Document::parse(&text);
            document.links().any(leads_out)
                || document.images().any(|image| is_elsewhere(&image.source))
                || has_address(&document.to_plain_text())
        }
        "text/html" => text.to_ascii_lowercase().contains("href") || has_address(&text),
        _ => has_address(&text),
    }
}

/// Neither a mention nor a reference within the message.
fn leads_out(link: &Link<'_>) -> bool {
    link.part().is_none() && link.mention(|_| true).is_none()
}

fn is_elsewhere(source: &mimi_content::markdown::ImageSource<'_>) -> bool {
    matches!(source, mimi_content::markdown::ImageSource::Elsewhere(_))
}

fn has_address(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let around = |mark: &'static str| {
        text.match_indices(mark).map(|(at, mark)| {
            let (before, rest) = text.split_at(at);
            let behind = rest.strip_prefix(mark).unwrap_or_default();
            (before.chars().next_back(), behind.chars().next())
        })
    };
    let goes_on = |next: Option<char>| next.is_some_and(|c| !c.is_whitespace());
    let begins = |last: Option<char>| !last.is_some_and(char::is_alphanumeric);
    around("://").any(|(last, next)| !begins(last) && goes_on(next))
        || ["www.", "mailto:"]
            .into_iter()
            .any(|mark| around(mark).any(|(last, next)| begins(last) && goes_on(next)))
}
