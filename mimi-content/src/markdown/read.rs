use std::borrow::Cow;

use pulldown_cmark::{self as cmark, CodeBlockKind, LinkType, Options, Parser};

use super::{Alignment, Event, Image, ImageSource, Link, Tag};
use crate::cid;

/// How many lists and quotes may be inside each other, and how many spans
/// (emphasis, links and the like) within a block.
///
/// The parser goes through all open lists and quotes on each line, so that 60
/// kilobytes of nothing but nesting and line ends take seconds, and 1 megabyte
/// takes minutes. And renderers recurse. A text with a line that could be deeper
/// in lists and quotes is plain text: one paragraph that shows the source, as
/// the draft allows for all of Markdown. A line is taken to be as deep as it has
/// list and quote marks before its text, plus one level for every two columns
/// of white space there. Spans that are deeper are left out, and their text
/// stays.
pub const MAX_LEVELS: usize = 32;

/// A parser of GFM-MIMI, if the text may be given to one.
pub(super) fn parser(text: &str) -> Option<Parser<'_>> {
    let deep = text
        .split(['\n', '\r'])
        .any(|line| levels(line) > MAX_LEVELS);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    (!deep).then(|| Parser::new_ext(text, options))
}

/// In how many lists and quotes the text of a line is, at most: an item that
/// began on an earlier line takes two columns of white space, all else takes a
/// mark.
fn levels(line: &str) -> usize {
    let mut marks = 0_usize;
    let mut columns = 0_usize;
    let mut rest = line;
    loop {
        if let Some(behind) = rest.strip_prefix(' ') {
            columns = columns.saturating_add(1);
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix('\t') {
            columns = columns.saturating_add(4);
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix('>').or_else(|| item(rest)) {
            marks = marks.saturating_add(1);
            rest = behind;
        } else {
            return marks.saturating_add(columns / 2);
        }
    }
}

/// What follows the mark of a list item.
fn item(rest: &str) -> Option<&str> {
    let behind = match rest.strip_prefix(['-', '+', '*']) {
        Some(behind) => behind,
        None => rest
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .strip_prefix(['.', ')'])?,
    };
    (behind.is_empty() || behind.starts_with([' ', '\t'])).then_some(behind)
}

pub(super) fn read(text: &str) -> Vec<Event<'_>> {
    let mut builder = Builder::default();
    match parser(text) {
        Some(parser) => parser.for_each(|event| builder.event(event)),
        None => builder.plain(text),
    }
    builder.events
}

#[derive(Default)]
struct Builder<'a> {
    events: Vec<Event<'a>>,
    /// What is open, in the parser's view.
    open: Vec<Open>,
    /// How many of these are spans.
    spans: usize,
    /// Where the open link is in `events`, and its text so far.
    link: Option<(usize, String)>,
    /// The open picture, of which there is one event in the end. What is inside
    /// makes its description.
    image: Option<Box<Image<'a>>>,
}

#[derive(Clone, Copy)]
enum Open {
    Block,
    Span,
    Link,
    Image,
    /// It is left out, and what it holds is not.
    Nothing,
}

impl<'a> Builder<'a> {
    fn event(&mut self, event: cmark::Event<'a>) {
        match event {
            cmark::Event::Start(tag) => self.start(tag),
            cmark::Event::End(_) => self.end(),
            cmark::Event::Text(text) => self.text(text.into()),
            cmark::Event::Html(html) | cmark::Event::InlineHtml(html) => self.html(&html),
            cmark::Event::Code(code) => {
                if !self.described(&code) {
                    self.events.push(Event::Code(code.into()));
                }
            }
            cmark::Event::SoftBreak => self.line_end(Event::SoftBreak),
            cmark::Event::HardBreak => self.line_end(Event::HardBreak),
            cmark::Event::Rule => self.events.push(Event::Rule),
            cmark::Event::TaskListMarker(checked) => self.events.push(Event::CheckBox(checked)),
            // Of extensions that are off.
            cmark::Event::InlineMath(text)
            | cmark::Event::DisplayMath(text)
            | cmark::Event::FootnoteReference(text) => self.text(text.into()),
        }
    }

    fn start(&mut self, tag: cmark::Tag<'a>) {
        let open = match tag {
            // HTML is text, in a paragraph of its own.
            cmark::Tag::Paragraph | cmark::Tag::HtmlBlock => self.block(Tag::Paragraph),
            cmark::Tag::Heading { level, .. } => self.block(Tag::Heading(heading(level))),
            cmark::Tag::BlockQuote(_) => self.block(Tag::BlockQuote),
            cmark::Tag::CodeBlock(kind) => self.block(Tag::CodeBlock {
                info: match kind {
                    CodeBlockKind::Fenced(info) => info.into(),
                    CodeBlockKind::Indented => Cow::Borrowed(""),
                },
            }),
            cmark::Tag::List(first) => self.block(Tag::List(first)),
            cmark::Tag::Item => self.block(Tag::Item),
            cmark::Tag::Table(columns) => {
                self.block(Tag::Table(columns.into_iter().map(alignment).collect()))
            }
            cmark::Tag::TableHead => self.block(Tag::TableHead),
            cmark::Tag::TableRow => self.block(Tag::TableRow),
            cmark::Tag::TableCell => self.block(Tag::TableCell),
            cmark::Tag::Emphasis => self.span(Tag::Emphasis),
            cmark::Tag::Strong => self.span(Tag::Strong),
            cmark::Tag::Strikethrough => self.span(Tag::Strikethrough),
            cmark::Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => self.link(link_type, dest_url.into(), title.into()),
            cmark::Tag::Image {
                dest_url, title, ..
            } => self.image(dest_url.into(), title.into()),
            // Of extensions that are off.
            cmark::Tag::FootnoteDefinition(_)
            | cmark::Tag::DefinitionList
            | cmark::Tag::DefinitionListTitle
            | cmark::Tag::DefinitionListDefinition
            | cmark::Tag::Superscript
            | cmark::Tag::Subscript
            | cmark::Tag::MetadataBlock(_) => Open::Nothing,
        };
        self.open.push(open);
    }

    fn block(&mut self, tag: Tag<'a>) -> Open {
        self.events.push(Event::Start(tag));
        Open::Block
    }

    fn span(&mut self, tag: Tag<'a>) -> Open {
        if self.image.is_some() || self.spans >= MAX_LEVELS {
            return Open::Nothing;
        }
        self.spans = self.spans.saturating_add(1);
        self.events.push(Event::Start(tag));
        Open::Span
    }

    fn link(
        &mut self,
        link_type: LinkType,
        destination: Cow<'a, str>,
        title: Cow<'a, str>,
    ) -> Open {
        let at = self.events.len();
        let tag = Tag::Link(Box::new(Link {
            destination: match link_type {
                LinkType::Email => Cow::Owned(format!("mailto:{destination}")),
                _ => destination,
            },
            title,
            text: String::new(),
            is_autolink: matches!(link_type, LinkType::Autolink | LinkType::Email),
        }));
        match self.link.is_none().then(|| self.span(tag)) {
            Some(Open::Span) => {
                self.link = Some((at, String::new()));
                Open::Link
            }
            _ => Open::Nothing,
        }
    }

    fn image(&mut self, destination: Cow<'a, str>, title: Cow<'a, str>) -> Open {
        if self.image.is_some() {
            return Open::Nothing;
        }
        self.image = Some(Box::new(Image {
            source: match cid::part_index(&destination) {
                Some(index) => ImageSource::Part(index),
                None => ImageSource::Elsewhere(destination),
            },
            title,
            alt: String::new(),
        }));
        Open::Image
    }

    fn end(&mut self) {
        match self.open.pop() {
            None | Some(Open::Nothing) => return,
            Some(Open::Image) => {
                self.events.extend(self.image.take().map(Event::Image));
                return;
            }
            Some(Open::Block) => {
                // Of the last line of HTML.
                self.events.pop_if(|last| *last == Event::SoftBreak);
            }
            Some(Open::Span) => self.spans = self.spans.saturating_sub(1),
            Some(Open::Link) => {
                self.spans = self.spans.saturating_sub(1);
                if let Some((at, text)) = self.link.take()
                    && let Some(Event::Start(Tag::Link(link))) = self.events.get_mut(at)
                {
                    link.text = text;
                }
            }
        }
        self.events.push(Event::End);
    }

    fn text(&mut self, text: Cow<'a, str>) {
        if text.is_empty() || self.described(&text) {
            return;
        }
        match self.events.last_mut() {
            Some(Event::Text(before)) => before.to_mut().push_str(&text),
            _ => self.events.push(Event::Text(text)),
        }
    }

    /// Lines of HTML as text.
    fn html(&mut self, html: &str) {
        for line in html.split_inclusive('\n') {
            let text = line.trim_end_matches(['\r', '\n']);
            self.text(Cow::Owned(text.to_owned()));
            if text.len() < line.len() {
                self.line_end(Event::SoftBreak);
            }
        }
    }

    fn line_end(&mut self, event: Event<'a>) {
        if !self.described(" ") {
            self.events.push(event);
        }
    }

    /// Adds to the text of an open link and to the description of an open
    /// picture. Says whether there is such a picture, which is all then.
    fn described(&mut self, text: &str) -> bool {
        if let Some((_, shown)) = &mut self.link {
            shown.push_str(text);
        }
        match &mut self.image {
            Some(image) => {
                image.alt.push_str(text);
                true
            }
            None => false,
        }
    }

    /// A paragraph that shows the source.
    fn plain(&mut self, text: &'a str) {
        self.events.push(Event::Start(Tag::Paragraph));
        for (index, line) in text.lines().enumerate() {
            if index > 0 {
                self.events.push(Event::HardBreak);
            }
            self.text(Cow::Borrowed(line));
        }
        self.events.push(Event::End);
    }
}

fn heading(level: cmark::HeadingLevel) -> u8 {
    match level {
        cmark::HeadingLevel::H1 => 1,
        cmark::HeadingLevel::H2 => 2,
        cmark::HeadingLevel::H3 => 3,
        cmark::HeadingLevel::H4 => 4,
        cmark::HeadingLevel::H5 => 5,
        cmark::HeadingLevel::H6 => 6,
    }
}

fn alignment(alignment: cmark::Alignment) -> Alignment {
    match alignment {
        cmark::Alignment::None => Alignment::Unspecified,
        cmark::Alignment::Left => Alignment::Left,
        cmark::Alignment::Center => Alignment::Center,
        cmark::Alignment::Right => Alignment::Right,
    }
}
