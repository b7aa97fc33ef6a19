//! Markdown, to be sent and to be shown.

use mimi_content::markdown::{Document, Event, ImageSource, MAX_LEVELS, Tag, Verdict, escape_tags};
use mimi_content::{UriKind, cid};
use pulldown_cmark as cmark;

/// Longest text that is given to a parser which knows no limit of levels.
const MAX_PARSED: usize = 16 << 10;

/// A text in UTF-8. What is sent has no tags, and has all that was written; what is
/// received is balanced, within the limits of levels, and can be shown.
pub fn markdown(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let sent = escape_tags(text);
    assert_eq!(escape_tags(&sent), sent);
    assert_eq!(sent.replace("&lt;", "<"), text.replace("&lt;", "<"));
    if sent.len() <= MAX_PARSED {
        assert!(is_free_of_tags(&sent), "{sent:?}");
    }
    shown(text);
    shown(&sent);
}

fn is_free_of_tags(text: &str) -> bool {
    let options = cmark::Options::ENABLE_TABLES
        | cmark::Options::ENABLE_TASKLISTS
        | cmark::Options::ENABLE_STRIKETHROUGH;
    cmark::Parser::new_ext(text, options).all(|event| {
        !matches!(
            event,
            cmark::Event::Html(_)
                | cmark::Event::InlineHtml(_)
                | cmark::Event::Start(cmark::Tag::HtmlBlock)
        )
    })
}

fn shown(text: &str) {
    let document = Document::parse(text);
    let mut open = Vec::new();
    let mut links = 0;
    for event in document.events() {
        match event {
            Event::Start(tag) => {
                links += usize::from(matches!(tag, Tag::Link(_)));
                open.push(tag);
                assert!(links <= 1, "a link in a link");
            }
            Event::End => {
                let ended = open.pop().expect("more ends than starts");
                links -= usize::from(matches!(ended, Tag::Link(_)));
            }
            Event::Text(text) => assert!(!text.is_empty()),
            Event::Image(image) => {
                if let ImageSource::Elsewhere(address) = &image.source {
                    assert_eq!(cid::part_index(address), None);
                }
            }
            _ => {}
        }
        levels(&open);
    }
    assert!(open.is_empty(), "more starts than ends");
    let texts = |pair: &[Event<'_>]| matches!(pair, [Event::Text(_), Event::Text(_)]);
    assert!(!document.events().windows(2).any(texts));
    for link in document.links() {
        let canonical = link.canonical();
        assert!(canonical.is_some() || link.verdict() == Verdict::Unsafe);
        assert!(canonical.is_none_or(|canonical| canonical.is_ascii()));
        if let Some(part) = link.part() {
            assert_eq!(cid::part_uri(part), link.destination);
        }
        if let Some(mention) = link.mention(|_| true) {
            assert_eq!(mention.user.as_str(), link.destination);
            assert!(matches!(
                mention.user.kind(),
                UriKind::User(_) | UriKind::Pseudonym(_)
            ));
        }
        assert_eq!(link.mention(|_| false), None);
    }
    let plain = document.to_plain_text();
    assert!(!plain.starts_with('\n'));
    let _ = format!("{document:?} {:?}", document.events());
}

/// Containers with their items, spans, and what is between them.
fn levels(open: &[&Tag<'_>]) {
    let (mut containers, mut blocks, mut spans) = (0, 0, 0);
    for tag in open {
        *match tag {
            Tag::List(_) | Tag::BlockQuote => &mut containers,
            Tag::Item => continue,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link(_) => &mut spans,
            _ => &mut blocks,
        } += 1;
    }
    assert!(containers <= MAX_LEVELS && blocks <= 3 && spans <= MAX_LEVELS);
}
