use std::borrow::Cow;

use pulldown_cmark::{Event, Tag};

use super::read::parser;

/// How often [`escape_tags`] parses a text before it escapes whatever could
/// open a tag.
///
/// A round escapes all the tags that it sees. What was inside a block of HTML
/// then becomes Markdown, with tags that were not seen before. Texts that people
/// write need two or three rounds.
pub const MAX_ROUNDS: usize = 8;

/// Markdown to send: with `&lt;` for the opening angle bracket of every HTML tag
/// (CONTENT, "Specifics of Github Flavored Markdown in MIMI").
///
/// Tags are open and closing tags, comments, processing instructions,
/// declarations and CDATA sections, and whatever else begins a block of HTML. A
/// receiver then shows them as they were written. Code, addresses between angle
/// brackets and brackets that open no tag are left alone. The result has no tags
/// and comes through unchanged when it is passed in again.
///
/// In a text that takes more than [`MAX_ROUNDS`] rounds, or that
/// [`Document::parse`](super::Document::parse) takes for plain text, whatever
/// looks like a tag is escaped in code as well, where it will show.
#[must_use]
pub fn escape_tags(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_ROUNDS {
        let found = tags(&text);
        if found.is_empty() {
            return text;
        }
        text = Cow::Owned(escape(&text, &found));
    }
    // No bracket is left that could open a tag.
    let found = openings(&text).collect::<Vec<_>>();
    match found.is_empty() {
        true => text,
        false => Cow::Owned(escape(&text, &found)),
    }
}

/// Where the tags of `text` open; at least one place if there is any HTML.
fn tags(text: &str) -> Vec<usize> {
    let Some(parser) = parser(text) else {
        return openings(text).collect();
    };
    let mut found = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::InlineHtml(_) => found.push(range.start),
            Event::Start(Tag::HtmlBlock) => {
                let block = text.get(range.clone()).unwrap_or_default();
                // What follows these may turn out to be code.
                let end = block.find(['`', '~']).unwrap_or(block.len());
                found.extend(
                    openings(block)
                        .take_while(|at| *at < end)
                        .map(|at| range.start.saturating_add(at)),
                );
            }
            _ => {}
        }
    }
    found
}

/// The brackets that could open a tag, as far as they can be told by what
/// follows them. HTML needs one.
fn openings(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices('<').filter_map(|(at, bracket)| {
        let rest = text.get(at.saturating_add(bracket.len())..)?;
        opens(rest).then_some(at)
    })
}

fn opens(rest: &str) -> bool {
    if rest.starts_with(['!', '?']) {
        return true;
    }
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let after = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    // Not so in the scheme or mailbox of an address.
    let ends = |c: char| c.is_whitespace() || c.is_control() || c == '/' || c == '>';
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && (after.is_empty() || after.starts_with(ends))
}

/// Writes `&lt;` for the angle brackets at `found`, which is in order.
fn escape(text: &str, found: &[usize]) -> String {
    let mut escaped = String::with_capacity(text.len().saturating_add(found.len()));
    let mut start = 0;
    for &at in found {
        escaped.push_str(text.get(start..at).unwrap_or_default());
        escaped.push_str("&lt;");
        start = at.saturating_add(1);
    }
    escaped.push_str(text.get(start..).unwrap_or_default());
    escaped
}
