//! Markdown: what is sent has no tags, what is received is safe to show, and
//! links say where they lead.

#![cfg(feature = "markdown")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use std::borrow::Cow;
use std::fmt::Write;

use insta::assert_snapshot;
use mimi_content::markdown::{
    Document, Event, Hint, ImageSource, Link, MAX_LEVELS, MAX_ROUNDS, Tag, Verdict, escape_tags,
};
use mimi_content::{MimiUri, cid};
use proptest::prelude::*;

#[path = "markdown/images.rs"]
mod images;
#[path = "markdown/links.rs"]
mod links;
#[path = "markdown/mentions.rs"]
mod mentions;
#[path = "markdown/reading.rs"]
mod reading;
#[path = "markdown/sending.rs"]
mod sending;

/// The events in short: what is open in brackets, texts in quotes.
fn show(text: &str) -> String {
    let mut out = String::new();
    for event in Document::parse(text).events() {
        match event {
            Event::Start(Tag::CodeBlock { info }) => write!(out, "CodeBlock{info:?}(").unwrap(),
            Event::Start(Tag::Link(link)) => write!(out, "Link<{}>(", link.destination).unwrap(),
            Event::Start(tag) => write!(out, "{tag:?}(").unwrap(),
            Event::End => out.push(')'),
            Event::Text(text) => write!(out, "{text:?}").unwrap(),
            Event::Code(code) => write!(out, "Code{code:?}").unwrap(),
            Event::Image(image) => write!(out, "Image{:?}", image.alt).unwrap(),
            other => write!(out, " {other:?} ").unwrap(),
        }
    }
    out
}

fn only_link(text: &str) -> Link<'static> {
    let document = Document::parse(text);
    let mut links = document.links();
    let link = links.next().unwrap_or_else(|| panic!("{text} has no link"));
    assert!(links.next().is_none(), "{text} has more than one link");
    Link {
        destination: Cow::Owned(link.destination.clone().into_owned()),
        title: Cow::Owned(link.title.clone().into_owned()),
        text: link.text.clone(),
        is_autolink: link.is_autolink,
    }
}

fn verdict(text: &str) -> Verdict {
    only_link(text).verdict()
}

fn user(uri: &str) -> MimiUri {
    MimiUri::parse(uri).unwrap()
}

/// Pieces that Markdown and HTML are made of.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<",
        ">",
        "</",
        "/>",
        "<!--",
        "-->",
        "--",
        "<!",
        "<!A",
        "<?",
        "?>",
        "<![CDATA[",
        "]]>",
        "&lt;",
        "&",
        ";",
        "\\",
        "`",
        "``",
        "```",
        "~~~",
        "~~",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        " ",
        "    ",
        "\t",
        "a",
        "div",
        "pre",
        "script",
        "b",
        "=",
        "'",
        "\"",
        "http:",
        "@",
        ".",
        "[",
        "](",
        "]",
        ")",
        "]: ",
        "![",
        "*",
        "**",
        "_",
        "> ",
        "- ",
        "1. ",
        "# ",
        "|",
        "|-|",
        "[x]",
        "&#10;",
        "\0",
        "é",
        "\u{202e}",
        "\u{200b}",
        "mimi://a.example/u/alice",
        "https://",
        "a.example",
        "<div>",
        "<b>",
        "<a:b>",
        "<pre>",
        "</pre>",
        "\n    ",
        "\n---\n",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}
