//! Which parts of a message a client processes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use mimi_content::media::MediaTypeError;
use mimi_content::parts::{self, Preferences, Selection};
use mimi_content::{
    Disposition, ExternalPart, MAX_PART_LEVELS, MAX_PARTS, Part, PartSemantics, cid,
};
use proptest::prelude::*;

use PartSemantics::{ChooseOne, ProcessAll, SingleUnit};

#[path = "parts/choice.rs"]
mod choice;
#[path = "parts/random.rs"]
mod random;
#[path = "parts/references.rs"]
mod references;
#[path = "parts/sizes.rs"]
mod sizes;

type NestedPart = mimi_content::NestedPart<'static>;

fn containing(content_type: &str, language: &str, content: &str) -> NestedPart {
    let content = content.as_bytes().to_vec();
    NestedPart::single(content_type.to_owned(), content).with_language(language.to_owned())
}

fn single(content_type: &str, language: &str) -> NestedPart {
    containing(content_type, language, "")
}

fn external(content_type: &str) -> NestedPart {
    let external = ExternalPart {
        content_type: content_type.to_owned().into(),
        ..ExternalPart::default()
    };
    with_disposition(Disposition::RENDER, NestedPart::external(external))
}

fn multi(semantics: PartSemantics, parts: Vec<NestedPart>) -> NestedPart {
    NestedPart::multi(semantics, parts).unwrap()
}

fn with_disposition(disposition: Disposition, part: NestedPart) -> NestedPart {
    part.with_disposition(disposition)
}

fn prefer<'a>(media_types: &[&'a str], languages: &[&'a str]) -> Preferences {
    Preferences::new(media_types.iter().copied(), languages.iter().copied()).unwrap()
}

fn indices(selection: &Selection<'_>) -> Vec<u16> {
    selection.chosen.iter().map(|chosen| chosen.index).collect()
}

fn chosen(body: &NestedPart, media_types: &[&str], languages: &[&str]) -> Vec<u16> {
    indices(&parts::select(body, &prefer(media_types, languages)))
}

/// What remains after parts that others show are skipped.
fn shown(body: &NestedPart, media_types: &[&str], languages: &[&str]) -> Vec<u16> {
    let preferences = prefer(media_types, languages);
    let mut selection = parts::select(body, &preferences);
    selection.skip_referenced(|chosen| parts::references(chosen.part));
    indices(&selection)
}

/// CONTENT, "Complicated Nested Example".
fn nested_example() -> NestedPart {
    let html = |language, text, picture| {
        let uri = cid::part_uri(picture);
        let content = format!("<h1>{text}</h1>\n<img src=\"{uri}\" alt=\"\"/>");
        containing("text/html;charset=utf-8", language, &content)
    };
    let version = |content_type, picture| {
        let texts = vec![
            html("en", "Welcome!", picture),
            html("fr", "Bienvenue!", picture),
        ];
        let picture = with_disposition(Disposition::INLINE, single(content_type, ""));
        multi(ProcessAll, vec![multi(ChooseOne, texts), picture])
    };
    multi(
        ChooseOne,
        vec![version("image/gif", 5), version("image/png", 10)],
    )
}

#[test]
fn parts_are_counted_as_in_the_drafts_example() {
    let body = nested_example();
    let table: Vec<String> = parts::walk(&body)
        .map(|found| {
            let what = match &found.part.part {
                Part::Multi { semantics, .. } => format!("{semantics:?}"),
                Part::Single { content_type, .. } => {
                    format!("{content_type} {}", found.part.language)
                }
                other => panic!("{other:?}"),
            };
            let indent = " ".repeat(found.level);
            format!("{}{indent}{what}", found.index).trim_end().into()
        })
        .collect();
    insta::assert_snapshot!(table.join("\n"), @"
    0 ChooseOne
    1  ProcessAll
    2   ChooseOne
    3    text/html;charset=utf-8 en
    4    text/html;charset=utf-8 fr
    5   image/gif
    6  ProcessAll
    7   ChooseOne
    8    text/html;charset=utf-8 en
    9    text/html;charset=utf-8 fr
    10   image/png
    ");
}

#[test]
fn a_part_is_found_by_its_index() {
    let body = nested_example();
    assert_eq!(parts::find(&body, 0).unwrap().part, &body);
    let gif = parts::find(&body, 5).unwrap();
    assert_eq!((gif.index, gif.level), (5, 3));
    assert_eq!(gif.part.disposition, Disposition::INLINE);
    assert_eq!(parts::find(&body, 10).unwrap().level, 3);
    assert_eq!(parts::find(&body, 11), None);
    let alone = NestedPart::null();
    assert_eq!(parts::find(&alone, 0).unwrap().part, &alone);
    assert_eq!(parts::find(&alone, 1), None);
}

#[test]
fn languages_and_formats_are_chosen_at_each_level_of_the_example() {
    let body = nested_example();
    let all = ["text/html", "image/png", "image/gif"];
    assert_eq!(chosen(&body, &all, &["en"]), [8, 10]);
    assert_eq!(chosen(&body, &all, &["fr-CA", "en"]), [9, 10]);
    assert_eq!(
        chosen(&body, &["image/gif", "image/png", "text/html"], &["fr"]),
        [4, 5]
    );
    // The sender's order, if the receiver has no preference.
    assert_eq!(chosen(&body, &["text/html", "image/gif"], &[]), [3, 5]);
    assert_eq!(chosen(&body, &all, &["de"]), [8, 10]);
    // What would lose its picture is worse.
    assert_eq!(chosen(&body, &["text/html", "image/png"], &["fr"]), [9, 10]);
    assert_eq!(chosen(&body, &["image/png"], &["fr"]), [10]);
    assert_eq!(chosen(&body, &["text/html"], &["fr"]), [4]);
    assert_eq!(chosen(&body, &["image/jpeg"], &["fr"]), [0; 0]);
}

#[test]
fn a_picture_that_the_text_shows_is_not_shown_again() {
    let body = nested_example();
    let all = ["text/html", "image/png", "image/gif"];
    assert_eq!(shown(&body, &all, &["fr"]), [9]);
    // Nobody refers to it, so it stands for itself.
    assert_eq!(shown(&body, &["image/png"], &[]), [10]);
}
