//! GFM-MIMI, the Markdown of messages: what to send, what to show, links and
//! mentions (CONTENT, "Specifics of Github Flavored Markdown in MIMI").
//!
//! Markdown comes from whoever is in the room, so it must not be handed to a
//! renderer as it is. HTML in it would run in the receiver's application,
//! pictures would tell a server who reads when, links would say one address and
//! lead to another, and a text of some kilobytes can keep a parser busy for
//! seconds. What a sender passes through [`escape_tags`] is free of HTML; what a
//! receiver reads with [`Document::parse`] is safe to show whatever was sent.
//!
//! ```
//! use mimi_content::MimiUri;
//! use mimi_content::markdown::{self, Document, Event, Hint, ImageSource, Tag, Verdict};
//!
//! // Before sending: tags become text, everything else stays as it is.
//! let sent = markdown::escape_tags("Use `<b>`, not <b>, @ <https://a.example/>");
//! assert_eq!(sent, "Use `<b>`, not &lt;b>, @ <https://a.example/>");
//!
//! // After receiving:
//! let alice = MimiUri::parse("mimi://a.example/u/alice")?;
//! let members = [alice.clone()];
//! let document = Document::parse(
//!     "*Thanks* to [@Alice](mimi://a.example/u/alice), \
//!      see [https://a.example](https://phish.example) ![plot](cid:2@local.invalid)",
//! );
//! let mut html = String::new();
//! let mut ends = Vec::new();
//! for event in document.events() {
//!     match event {
//!         Event::Start(Tag::Emphasis) => {
//!             html += "<em>";
//!             ends.push("</em>");
//!         }
//!         Event::Start(Tag::Link(link)) => {
//!             if let Some(mention) = link.mention(|user| members.contains(user)) {
//!                 assert_eq!(mention.user, alice);
//!                 assert_eq!(mention.hint, Hint::Text("@Alice"));
//!                 html += "<b>";
//!                 ends.push("</b>");
//!             } else {
//!                 // Ask before `link.canonical()` is opened.
//!                 assert_eq!(link.verdict(), Verdict::Misleading);
//!                 html += "<a class='alert'>";
//!                 ends.push("</a>");
//!             }
//!         }
//!         // And so on, for each tag.
//!         Event::Start(_) => ends.push(""),
//!         Event::End => html += ends.pop().unwrap_or_default(),
//!         // Text is text: a renderer to HTML escapes it.
//!         Event::Text(text) => html += &text.replace('&', "&amp;").replace('<', "&lt;"),
//!         Event::Image(image) => match &image.source {
//!             ImageSource::Part(index) => html += &format!("<img alt='part {index}'>"),
//!             ImageSource::Elsewhere(_) => html += "[picture]",
//!         },
//!         _ => {}
//!     }
//! }
//! assert_eq!(
//!     html,
//!     "<em>Thanks</em> to <b>@Alice</b>, \
//!      see <a class='alert'>https://a.example</a> <img alt='part 2'>"
//! );
//! # Ok::<(), mimi_content::UriError>(())
//! ```
//!
//! # What is Markdown here
//!
//! CommonMark with tables, task list items and strikethrough, and nothing else:
//! an address becomes a link only between angle brackets or by link syntax. Any
//! HTML is text. [`Event`] and [`Tag`] have a variant for each thing that there
//! can be, so a renderer that matches all of them is complete.
//!
//! # Cost
//!
//! Reading takes time and memory in proportion to the length of the text. What
//! nests containers beyond [`MAX_LEVELS`] is taken for plain text before a
//! parser sees it. [`escape_tags`] parses up to [`MAX_ROUNDS`] times.

mod escape;
mod link;
mod plain;
mod read;
mod verdict;

use std::borrow::Cow;
use std::fmt;

pub use escape::{MAX_ROUNDS, escape_tags};
pub use link::{Hint, Image, ImageSource, Link, Mention};
pub use read::MAX_LEVELS;
pub use verdict::Verdict;

use crate::MimiUri;

/// A text in Markdown, ready to be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Document<'a> {
    events: Vec<Event<'a>>,
}

/// A step through a document, from its start to its end.
///
/// Each [`Event::Start`] has its [`Event::End`], so what is open is a stack. At
/// most [`MAX_LEVELS`] lists and quotes are open at a time (with their items,
/// twice as many tags), in them one block, or three for a table, and in these at
/// most [`MAX_LEVELS`] spans.
#[derive(Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// Something begins.
    Start(Tag<'a>),
    /// What began last ends.
    End,
    /// Text. Tags in it are text, too.
    Text(Cow<'a, str>),
    /// Code within text.
    Code(Cow<'a, str>),
    /// A picture.
    Image(Box<Image<'a>>),
    /// The end of a line in the source, which renderers show as a space or a
    /// new line.
    SoftBreak,
    /// A new line.
    HardBreak,
    /// A horizontal line between blocks.
    Rule,
    /// The box at the start of a task list item, and whether it is checked.
    CheckBox(bool),
}

/// What can hold other things.
#[derive(Clone, PartialEq, Eq)]
pub enum Tag<'a> {
    /// A paragraph.
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A quote, of blocks.
    BlockQuote,
    /// A block of code: texts with line ends.
    CodeBlock {
        /// What follows the fence, by custom the language first; often empty.
        info: Cow<'a, str>,
    },
    /// A list, of items; numbered from this number on, if there is one.
    List(Option<u64>),
    /// An item of a list, of blocks or of text.
    Item,
    /// A table: a head and rows. One alignment for each column.
    Table(Vec<Alignment>),
    /// The first row of a table, of cells.
    TableHead,
    /// Another row of a table, of cells.
    TableRow,
    /// A cell of a table.
    TableCell,
    /// Emphasised text, usually italic.
    Emphasis,
    /// Strongly emphasised text, usually bold.
    Strong,
    /// Text struck through.
    Strikethrough,
    /// A link or a mention; inside is the text that shows it.
    Link(Box<Link<'a>>),
}

/// How the cells of a column are aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// As the renderer likes.
    Unspecified,
    /// To the left.
    Left,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}

impl<'a> Document<'a> {
    /// Reads Markdown. There is no text that is not Markdown.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        Document {
            events: read::read(text),
        }
    }

    /// What to show, in order.
    #[must_use]
    pub fn events(&self) -> &[Event<'a>] {
        &self.events
    }

    /// The links, mentions included, in order: inline, by reference and between
    /// angle brackets.
    pub fn links(&self) -> impl Iterator<Item = &Link<'a>> {
        self.events.iter().filter_map(|event| match event {
            Event::Start(Tag::Link(link)) => Some(&**link),
            _ => None,
        })
    }

    /// The links that mention a user of whom `is_member` says that a client is
    /// in the group, in order; see [`Link::mention`].
    pub fn mentions(
        &self,
        is_member: impl Fn(&MimiUri) -> bool,
    ) -> impl Iterator<Item = Mention<'_>> {
        self.links()
            .filter_map(move |link| link.mention(&is_member))
    }

    /// The pictures, in order.
    pub fn images(&self) -> impl Iterator<Item = &Image<'a>> {
        self.events.iter().filter_map(|event| match event {
            Event::Image(image) => Some(&**image),
            _ => None,
        })
    }

    /// The words without formatting, for notifications and searching.
    ///
    /// Each block begins on a new line. Marks of list items, check boxes and
    /// one `> ` for lines of quotes remain; links and pictures leave their text,
    /// cells are separated by tabs.
    #[must_use]
    pub fn to_plain_text(&self) -> String {
        plain::write(&self.events)
    }
}

/// How many events there are, and nothing that people wrote.
impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Document { events } = self;
        write!(f, "Document({} events)", events.len())
    }
}

/// The kind of event, and nothing that people wrote.
impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Start(tag) => write!(f, "Start({tag:?})"),
            Event::End => f.write_str("End"),
            Event::Text(text) => write!(f, "Text({} octets)", text.len()),
            Event::Code(code) => write!(f, "Code({} octets)", code.len()),
            Event::Image(image) => image.fmt(f),
            Event::SoftBreak => f.write_str("SoftBreak"),
            Event::HardBreak => f.write_str("HardBreak"),
            Event::Rule => f.write_str("Rule"),
            Event::CheckBox(checked) => write!(f, "CheckBox({checked})"),
        }
    }
}

/// The kind of tag, and nothing that people wrote.
impl fmt::Debug for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tag::Paragraph => f.write_str("Paragraph"),
            Tag::Heading(level) => write!(f, "Heading({level})"),
            Tag::BlockQuote => f.write_str("BlockQuote"),
            Tag::CodeBlock { info: _ } => f.write_str("CodeBlock"),
            Tag::List(first) => write!(f, "List({first:?})"),
            Tag::Item => f.write_str("Item"),
            Tag::Table(columns) => write!(f, "Table({columns:?})"),
            Tag::TableHead => f.write_str("TableHead"),
            Tag::TableRow => f.write_str("TableRow"),
            Tag::TableCell => f.write_str("TableCell"),
            Tag::Emphasis => f.write_str("Emphasis"),
            Tag::Strong => f.write_str("Strong"),
            Tag::Strikethrough => f.write_str("Strikethrough"),
            Tag::Link(link) => link.fmt(f),
        }
    }
}
