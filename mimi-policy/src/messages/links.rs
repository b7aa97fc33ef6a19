//! Whether a text holds a link.

use mimi_content::markdown::{Document, Image, ImageSource, Link};
use mimi_content::media::MediaType;
use mimi_content::{MimiUri, UriKind};

/// Whether a single part shows its reader something to follow.
///
/// - In Markdown: a link, unless it names a user or another part of the message,
///   or a picture that is elsewhere.
/// - In HTML: any `href`. HTML is not parsed.
/// - In all text, Markdown and HTML included: a bare address with `://`, or one
///   that begins with `www.` or `mailto:`, unless it is the URI of a user. No
///   format makes a link of it, but most clients do.
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
                || document.images().any(is_elsewhere)
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

fn is_elsewhere(image: &Image<'_>) -> bool {
    matches!(image.source, ImageSource::Elsewhere(_))
}

fn has_address(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| is_address(&word.to_ascii_lowercase()) && !names_user(word))
}

fn is_address(word: &str) -> bool {
    let around = |mark: &'static str| {
        word.match_indices(mark).map(|(at, mark)| {
            let (before, rest) = word.split_at(at);
            (before, rest.strip_prefix(mark).unwrap_or_default())
        })
    };
    let begins = |before: &str| !before.ends_with(char::is_alphanumeric);
    around("://").any(|(scheme, rest)| !begins(scheme) && !rest.is_empty())
        || ["www.", "mailto:"]
            .into_iter()
            .flat_map(around)
            .any(|(before, rest)| begins(before) && !rest.is_empty())
}

/// Whether a word is a mention between angle brackets.
fn names_user(word: &str) -> bool {
    MimiUri::parse(word)
        .is_ok_and(|uri| matches!(uri.kind(), UriKind::User(_) | UriKind::Pseudonym(_)))
}
