//! What counts as a link.

use mimi_content::{MimiContent, NestedPart};
use mimi_policy::Capability;
use mimi_policy::messages::{Facts, requirements};

use crate::room::*;

fn has_link(content: &MimiContent<'_>) -> bool {
    requirements(content, &Facts::default())
        .capabilities()
        .contains(Capability::SEND_LINK)
}

fn markdown(text: &str) -> bool {
    has_link(&message(NestedPart::markdown(text.to_owned())))
}

fn single(content_type: &'static str, content: &[u8]) -> bool {
    has_link(&message(NestedPart::single(content_type, content.to_vec())))
}

#[test]
fn links_of_markdown_count_in_every_form() {
    for text in [
        "[here](https://a.example)",
        "[here]\n\n[here]: https://a.example",
        "<https://a.example>",
        "<someone@a.example>",
        "[a room](mimi://a.example/r/clubhouse)",
        "[run](javascript:alert(1))",
        "[near](evil.example/page)",
        "![picture](https://a.example/1.png)",
        "![picture](//a.example/1.png)",
        "> - [x] *[here](https://a.example)*",
        "| a |\n|---|\n| [b](https://a.example) |",
    ] {
        assert!(markdown(text), "{text}");
    }
}

#[test]
fn mentions_and_parts_of_the_message_are_no_links() {
    for text in [
        "Hi [@Alice](mimi://a.example/u/alice)!",
        "Hi <mimi://a.example/u/alice>",
        "[@x](mimi://a.example/p/x)",
        "![plot](cid:2@local.invalid) and [the same](cid:2@local.invalid)",
        "Use [brackets] or (these), e.g. in a.b or 1:2 // or 3",
        "and/or: 50% www. mailto:",
    ] {
        assert!(!markdown(text), "{text}");
    }
}

#[test]
fn what_clients_show_as_a_link_is_one() {
    for text in [
        "see https://a.example",
        "see (HTTP://a.example)",
        "see www.a.example",
        "write to MAILTO:bob@b.example",
        "`https://a.example`",
        "h*ttps*://a.example",
        "&#104;ttps://a.example",
        "[https://bank.example](cid:2@local.invalid)",
    ] {
        assert!(markdown(text), "{text}");
    }
    for (text, found) in [
        ("see https://a.example", true),
        ("[here](a.example)", false),
        ("https ://a.example", false),
        ("awww.a.example", false),
    ] {
        assert_eq!(single("text/plain;charset=utf-8", text.as_bytes()), found);
        // It will be taken for a text.
        assert_eq!(single("", text.as_bytes()), found);
        assert_eq!(single("text/x-unheard-of", text.as_bytes()), found);
        assert!(!single("application/json", text.as_bytes()));
    }
    assert!(single("text/plain", b"\xff\xfe https://a.example"));
}

#[test]
fn html_has_a_link_if_it_could() {
    assert!(single("text/html", b"<a HREF = '//a.example'>"));
    assert!(single("TEXT/HTML", b"<img src=https://a.example>"));
    assert!(!single(
        "text/html",
        b"<p>Hi <img src='cid:1@local.invalid'>"
    ));
}

#[test]
fn hostile_text_is_read_to_its_end() {
    for piece in [
        "[",
        "![](",
        "<a",
        "> ",
        "- ",
        "*_",
        "://",
        "mailto:\n",
        "[a](b ",
        "`",
    ] {
        let text = piece.repeat(100_000);
        assert!(!markdown(&text), "{piece}");
        assert!(
            markdown(&format!("{text}\n\n see https://a.example")),
            "{piece}"
        );
    }
}
