use super::{Event, Tag};

pub(super) fn write(events: &[Event<'_>]) -> String {
    let mut plain = Plain {
        fresh: true,
        ..Plain::default()
    };
    events.iter().for_each(|event| plain.event(event));
    plain.out
}

#[derive(Default)]
struct Plain {
    out: String,
    /// The next text begins a line.
    fresh: bool,
    /// What it begins with.
    mark: String,
    quotes: usize,
    open: Vec<Open>,
}

enum Open {
    Quote,
    /// With the number of the next item.
    List(Option<u64>),
    Block,
    Span,
}

impl Plain {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End => self.end(),
            Event::Text(text) | Event::Code(text) => self.text(text),
            Event::Image(image) => self.text(&image.alt),
            Event::SoftBreak | Event::HardBreak => self.line(),
            Event::Rule => {
                self.fresh = true;
                self.text("---");
                self.fresh = true;
            }
            Event::CheckBox(true) => self.mark.push_str("[x] "),
            Event::CheckBox(false) => self.mark.push_str("[ ] "),
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let open = match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link(_) => Open::Span,
            Tag::TableCell => {
                match self.fresh {
                    true => self.line(),
                    false => self.out.push('\t'),
                }
                Open::Span
            }
            Tag::BlockQuote => {
                self.quotes = self.quotes.saturating_add(1);
                Open::Quote
            }
            Tag::List(first) => Open::List(*first),
            Tag::Item => {
                match self.open.last_mut() {
                    Some(Open::List(Some(number))) => {
                        self.mark.push_str(&format!("{number}. "));
                        *number = number.saturating_add(1);
                    }
                    _ => self.mark.push_str("- "),
                }
                Open::Block
            }
            Tag::Paragraph
            | Tag::Heading(_)
            | Tag::CodeBlock { .. }
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow => Open::Block,
        };
        self.fresh |= !matches!(open, Open::Span);
        self.open.push(open);
    }

    fn end(&mut self) {
        match self.open.pop() {
            None | Some(Open::Span) => return,
            Some(Open::Quote) => self.quotes = self.quotes.saturating_sub(1),
            Some(Open::List(_) | Open::Block) => {}
        }
        self.fresh = true;
        // Of an item without text.
        self.mark.clear();
    }

    fn text(&mut self, text: &str) {
        for (index, line) in text.lines().enumerate() {
            if self.fresh || index > 0 {
                self.line();
            }
            self.out.push_str(line);
        }
    }

    fn line(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        if self.quotes > 0 {
            self.out.push_str("> ");
        }
        self.out.push_str(&self.mark);
        self.mark.clear();
        self.fresh = false;
    }
}
