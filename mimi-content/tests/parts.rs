//! Which parts of a message a client processes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use mimi_content::parts::{self, MediaTypeError, Preferences, Selection};
use mimi_content::{
    Disposition, ExternalPart, MAX_PART_LEVELS, MAX_PARTS, Part, PartSemantics, cid,
};
use proptest::prelude::*;

use PartSemantics::{ChooseOne, ProcessAll, SingleUnit};

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

#[test]
fn the_best_media_type_is_the_receivers_not_the_senders() {
    let body = multi(
        ChooseOne,
        vec![
            single("text/plain;charset=utf-8", ""),
            single("text/markdown;variant=GFM-MIMI", ""),
            single("application/vnd.examplevendor-fancy", ""),
        ],
    );
    let gfm = "text/markdown;variant=GFM-MIMI";
    let vendor = "application/vnd.examplevendor-fancy";
    assert_eq!(chosen(&body, &[vendor, gfm, "text/plain"], &[]), [3]);
    assert_eq!(chosen(&body, &[gfm, "text/plain"], &[]), [2]);
    assert_eq!(chosen(&body, &["text/plain", gfm], &[]), [1]);
    assert_eq!(
        chosen(&body, &["text/markdown;variant=CommonMark"], &[]),
        [0; 0]
    );
    assert_eq!(chosen(&body, &["text/markdown"], &[]), [2]);
    assert_eq!(chosen(&body, &["TEXT/Plain; Charset=\"UTF-8\""], &[]), [1]);
}

#[test]
fn language_goes_before_completeness_and_that_before_the_media_type() {
    let prefer = ["text/html", "text/plain", "image/png"];
    let german_plain = vec![single("text/html", "en"), single("text/plain", "de")];
    let body = multi(ChooseOne, german_plain);
    assert_eq!(chosen(&body, &prefer, &["de", "en"]), [2]);
    assert_eq!(chosen(&body, &prefer, &["en", "de"]), [1]);
    assert_eq!(chosen(&body, &prefer, &["en,de"]), [1]);

    let broken = || single("image/x-unknown", "");
    let incomplete = multi(ProcessAll, vec![single("text/html", "de"), broken()]);
    let complete = multi(
        ProcessAll,
        vec![single("text/plain", "de"), single("image/png", "")],
    );
    let english = multi(
        ProcessAll,
        vec![single("text/html", "en"), single("image/png", "")],
    );
    let body = multi(ChooseOne, vec![incomplete, complete, english]);
    assert_eq!(chosen(&body, &prefer, &["de"]), [5, 6]);
    assert_eq!(chosen(&body, &prefer, &["en"]), [8, 9]);
    // Without the third one, an incomplete German version beats nothing.
    let body = multi(
        ChooseOne,
        vec![
            multi(ProcessAll, vec![single("text/html", "de"), broken()]),
            single("text/html", "en"),
        ],
    );
    assert_eq!(chosen(&body, &prefer, &["de"]), [2]);
    assert_eq!(chosen(&body, &prefer, &[]), [4]);
}

#[test]
fn a_multipart_is_as_good_as_its_least_preferred_part_and_then_as_all() {
    let version = |pictures: &[&str]| {
        let mut parts = vec![single("text/html", "")];
        parts.extend(pictures.iter().map(|picture| single(picture, "")));
        multi(ProcessAll, parts)
    };
    let types = ["text/html", "image/png", "image/gif"];
    let body = multi(
        ChooseOne,
        vec![version(&["image/gif"]), version(&["image/png"; 3])],
    );
    assert_eq!(chosen(&body, &types, &[]), [5, 6, 7, 8]);
    // The text is the least preferred of both.
    let types = ["image/png", "image/gif", "text/html"];
    let body = multi(
        ChooseOne,
        vec![version(&["image/gif"]), version(&["image/png"])],
    );
    assert_eq!(chosen(&body, &types, &[]), [5, 6]);
}

#[test]
fn no_language_is_better_than_a_foreign_one_and_worse_than_ones_own() {
    let html = |language| single("text/html", language);
    let body = multi(ChooseOne, vec![html("it"), html(""), html("fr, de")]);
    assert_eq!(chosen(&body, &["text/html"], &["de"]), [3]);
    assert_eq!(chosen(&body, &["text/html"], &["en"]), [2]);
    assert_eq!(chosen(&body, &["text/html"], &["IT-ch", "de"]), [1]);
    assert_eq!(chosen(&body, &["text/html"], &[]), [1]);
    assert_eq!(chosen(&body, &["text/html"], &["*"]), [1]);
}

#[test]
fn a_multipart_speaks_for_the_parts_that_state_no_language() {
    let version = |language: &str, foreign: &str| NestedPart {
        language: language.to_owned().into(),
        ..multi(
            ProcessAll,
            vec![single("text/html", ""), single("text/plain", foreign)],
        )
    };
    let body = multi(ChooseOne, vec![version("en", ""), version("de", "")]);
    let types = ["text/html", "text/plain"];
    assert_eq!(chosen(&body, &types, &["de"]), [5, 6]);
    let preferences = prefer(&types, &["de"]);
    let selection = parts::select(&body, &preferences);
    assert_eq!(selection.chosen[0].language, "de");

    // The foreign half decides.
    let body = multi(ChooseOne, vec![version("de", "en"), version("de", "")]);
    assert_eq!(chosen(&body, &types, &["de", "en"]), [5, 6]);
    // Each has a half that is foreign, and the sender's order decides.
    assert_eq!(chosen(&body, &types, &["en"]), [2, 3]);
}

#[test]
fn a_unit_is_processed_whole_or_not_at_all() {
    let unit = || {
        multi(
            SingleUnit,
            vec![single("text/html", ""), external("image/png")],
        )
    };
    let body = multi(ProcessAll, vec![unit(), single("text/plain", "")]);
    let all = ["text/html", "image/png", "text/plain"];
    let preferences = prefer(&all, &[]);
    let selection = parts::select(&body, &preferences);
    let units: Vec<_> = selection
        .chosen
        .iter()
        .map(|chosen| (chosen.index, chosen.unit))
        .collect();
    assert_eq!(units, [(2, Some(1)), (3, Some(1)), (4, None)]);
    assert_eq!(selection.not_understood, 0);

    for without in [["text/html", "text/plain"], ["image/png", "text/plain"]] {
        let preferences = prefer(&without, &[]);
        let selection = parts::select(&body, &preferences);
        assert_eq!(indices(&selection), [4]);
        assert_eq!(selection.not_understood, 1);
    }
}

#[test]
fn a_unit_in_a_unit_belongs_to_the_outer_one() {
    let inner = multi(
        SingleUnit,
        vec![single("text/html", ""), NestedPart::null()],
    );
    let choice = multi(ChooseOne, vec![inner, single("text/plain", "")]);
    let body = multi(SingleUnit, vec![choice, single("image/png", "")]);
    let preferences = prefer(&["text/html", "text/plain", "image/png"], &[]);
    let selection = parts::select(&body, &preferences);
    assert_eq!(indices(&selection), [3, 6]);
    assert!(selection.chosen.iter().all(|chosen| chosen.unit == Some(0)));
    // The inner unit fails, the outer one has a choice.
    assert_eq!(chosen(&body, &["text/plain", "image/png"], &[]), [5, 6]);
    assert_eq!(chosen(&body, &["text/html", "text/plain"], &[]), [0; 0]);
}

#[test]
fn all_that_is_understood_is_processed_and_the_rest_is_counted() {
    let body = multi(
        ProcessAll,
        vec![
            single("image/x-unknown", ""),
            single("text/plain", ""),
            multi(
                SingleUnit,
                vec![single("text/plain", ""), single("a/b", "")],
            ),
            multi(
                ProcessAll,
                vec![single("text/plain", ""), single("a/b", "")],
            ),
            NestedPart::null(),
        ],
    );
    let preferences = prefer(&["text/plain"], &[]);
    let selection = parts::select(&body, &preferences);
    assert_eq!(indices(&selection), [2, 7]);
    assert_eq!(selection.not_understood, 3);

    let nothing = prefer(&[], &[]);
    let selection = parts::select(&body, &nothing);
    assert_eq!(indices(&selection), [0; 0]);
    assert_eq!(selection.not_understood, 1);
}

#[test]
fn nothing_is_understood_but_not_chosen_over_something() {
    let preferences = prefer(&["text/plain"], &[]);
    let null = NestedPart::null();
    let selection = parts::select(&null, &preferences);
    assert_eq!((indices(&selection), selection.not_understood), (vec![], 0));

    let body = multi(ChooseOne, vec![null.clone(), single("text/plain", "xx")]);
    assert_eq!(chosen(&body, &["text/plain"], &["de"]), [2]);
    let body = multi(ChooseOne, vec![single("a/b", ""), null.clone()]);
    let selection = parts::select(&body, &preferences);
    assert_eq!((indices(&selection), selection.not_understood), (vec![], 0));
    let body = multi(ProcessAll, vec![null.clone(), null.clone()]);
    let selection = parts::select(&body, &preferences);
    assert_eq!((indices(&selection), selection.not_understood), (vec![], 0));
    let body = multi(SingleUnit, vec![null, single("text/plain", "")]);
    assert_eq!(chosen(&body, &["text/plain"], &[]), [2]);
}

#[test]
fn a_service_is_an_external_part_without_media_type() {
    let session = with_disposition(Disposition::SESSION, external(""));
    assert_eq!(chosen(&session, &["text/plain"], &[]), [0; 0]);
    let preferences = prefer(&["text/plain", ""], &[]);
    let selection = parts::select(&session, &preferences);
    assert_eq!(selection.chosen[0].disposition, Disposition::SESSION);
    // Content inside the message is no service.
    assert_eq!(chosen(&single("", ""), &[""], &[]), [0; 0]);
}

#[test]
fn an_external_part_is_understood_by_its_media_type() {
    let body = multi(
        ChooseOne,
        vec![external("video/mp4"), external("image/gif")],
    );
    assert_eq!(chosen(&body, &["video/mp4", "image/gif"], &[]), [1]);
    assert_eq!(chosen(&body, &["image/gif"], &[]), [2]);
}

#[test]
fn content_types_that_break_their_syntax_are_not_understood() {
    for broken in [
        "text",
        "text/plain;",
        "text/plain;a=1;A=2",
        "text/plain, a/b",
    ] {
        assert_eq!(chosen(&single(broken, ""), &["text/plain"], &[]), [0; 0]);
        assert_eq!(chosen(&external(broken), &["text/plain"], &[]), [0; 0]);
    }
    assert_eq!(Preferences::new(["text"], []), Err(MediaTypeError::Essence));
    assert_eq!(
        Preferences::new(["a/b;c"], []),
        Err(MediaTypeError::Parameter)
    );
}

#[test]
fn an_unknown_disposition_is_treated_as_render() {
    let body = |outer, inner| {
        with_disposition(
            outer,
            multi(
                ProcessAll,
                vec![
                    with_disposition(inner, single("text/plain", "")),
                    with_disposition(Disposition::ICON, single("text/plain", "")),
                ],
            ),
        )
    };
    let found = |outer, inner| {
        let body = body(outer, inner);
        let preferences = prefer(&["text/plain"], &[]);
        let selection = parts::select(&body, &preferences);
        assert_eq!(selection.chosen[0].part.disposition, inner);
        assert_eq!(selection.chosen[1].disposition, Disposition::ICON);
        selection.chosen[0].disposition
    };
    let unspecified = Disposition::UNSPECIFIED;
    for unknown in 9..=255 {
        let unknown = Disposition(unknown);
        assert_eq!(found(unspecified, unknown), Disposition::RENDER);
        assert_eq!(found(Disposition::REACTION, unknown), Disposition::RENDER);
        assert_eq!(found(unknown, unspecified), Disposition::RENDER);
    }
    for known in (0..9).map(Disposition) {
        assert_eq!(found(unspecified, known), known);
        // What has no hint of its own has that of the set it is in.
        assert_eq!(found(known, unspecified), known);
    }
}

#[test]
fn a_uri_may_refer_to_single_and_external_parts_only() {
    let body = multi(
        ProcessAll,
        vec![
            single("text/plain", ""),
            external("image/png"),
            NestedPart::null(),
            multi(ProcessAll, vec![NestedPart::null(); 2]),
        ],
    );
    let found = |uri| parts::resolve(&body, uri).map(|found| found.index);
    assert_eq!(found("cid:1@local.invalid"), Some(1));
    assert_eq!(found("cid:2@local.invalid"), Some(2));
    for uri in [
        "cid:0@local.invalid",
        "cid:3@local.invalid",
        "cid:4@local.invalid",
        "cid:5@local.invalid",
        "cid:65536@local.invalid",
        "cid:01@local.invalid",
        "cid:+1@local.invalid",
        "cid:@local.invalid",
        "cid:1@local.example",
        "1@local.invalid",
        "",
    ] {
        assert_eq!(found(uri), None, "{uri}");
    }
    for index in [0, 1, 10, u16::MAX] {
        assert_eq!(cid::part_index(&cid::part_uri(index)), Some(index));
    }
}

#[test]
fn references_are_found_in_every_kind_of_container() {
    for (content_type, content) in [
        ("text/html", r#"<img src="cid:1@local.invalid" alt="">"#),
        ("text/html;charset=utf-8", "<img src=cid:1@local.invalid>"),
        ("TEXT/HTML", "<img src='cid:1@local.invalid'/>"),
        (
            "text/markdown;variant=GFM-MIMI",
            "![a](cid:1@local.invalid)",
        ),
        ("text/markdown", "[a]: cid:1@local.invalid \"b\"\n[a]"),
        ("text/vcard", "PHOTO:cid:1@local.invalid\r\nEND:VCARD"),
        ("text/vcard", "PHOTO;VALUE=uri:cid:1@local.invalid"),
        ("text/calendar", "ATTACH;FMTTYPE=a/b:cid:1@local.invalid"),
    ] {
        let found = parts::references(&containing(content_type, "", content));
        assert_eq!(Vec::from_iter(found), [1], "{content}");
    }
    for (content_type, content) in [
        ("text/plain", "cid:1@local.invalid"),
        ("image/svg+xml", "cid:1@local.invalid"),
        ("text/html;", "cid:1@local.invalid"),
        ("text/html", "acid:1@local.invalid"),
        ("text/html", "x-cid:1@local.invalid"),
        ("text/html", "cid:1@local.invalid.example"),
        ("text/html", "cid:1@local.invalid-example"),
        ("text/html", "cid:11111@local.example"),
        ("text/html", "cid:1.5@local.invalid"),
        ("text/html", "cid: 1@local.invalid"),
    ] {
        let found = parts::references(&containing(content_type, "", content));
        assert!(found.is_empty(), "{content_type} {content}");
    }
    assert!(parts::references(&external("text/html")).is_empty());
    let mut noise = vec![0xff; 9];
    noise.extend(b"(cid:7@local.invalid)(cid:2@local.invalid)cid:7@local.invalid");
    noise.push(0x80);
    assert_eq!(Vec::from_iter(parts::scan(&noise)), [2, 7]);
}

#[test]
fn only_what_is_handled_makes_others_skipped() {
    let html = |content: &str| containing("text/html", "", content);
    let body = multi(
        ProcessAll,
        vec![
            // Refers to the next, to itself, to a multipart and to nothing.
            html(
                "(cid:2@local.invalid)(cid:1@local.invalid)(cid:0@local.invalid)(cid:99@local.invalid)",
            ),
            // Is skipped, so what it shows is not shown.
            html("(cid:3@local.invalid)"),
            // Refers back to what was handled before.
            html("(cid:1@local.invalid)(cid:4@local.invalid)"),
            with_disposition(Disposition::ATTACHMENT, external("image/png")),
            with_disposition(Disposition::ATTACHMENT, external("image/png")),
        ],
    );
    let types = ["text/html", "image/png"];
    assert_eq!(chosen(&body, &types, &[]), [1, 2, 3, 4, 5]);
    assert_eq!(shown(&body, &types, &[]), [1, 3, 5]);
}

#[test]
fn what_was_discarded_makes_nothing_skipped() {
    let with_picture = containing("text/html", "en", "(cid:4@local.invalid)");
    let without = single("text/html", "de");
    let body = multi(
        ProcessAll,
        vec![
            multi(ChooseOne, vec![with_picture, without]),
            single("image/png", ""),
        ],
    );
    let types = ["text/html", "image/png"];
    assert_eq!(shown(&body, &types, &["en"]), [2]);
    assert_eq!(shown(&body, &types, &["de"]), [3, 4]);
}

#[test]
fn a_caller_can_bring_its_own_parser() {
    let body = multi(
        ProcessAll,
        vec![
            containing("application/x-album", "", "2"),
            single("image/png", ""),
        ],
    );
    let preferences = prefer(&["application/x-album", "image/png"], &[]);
    let mut selection = parts::select(&body, &preferences);
    selection.skip_referenced(|chosen| match &chosen.part.part {
        Part::Single { content, .. } => str::from_utf8(content).unwrap().parse().ok(),
        _ => None,
    });
    assert_eq!(indices(&selection), [1]);
}

/// `parts` parts in one multipart.
fn wide(parts: usize) -> NestedPart {
    multi(ProcessAll, vec![single("text/plain", ""); parts - 1])
}

/// Multiparts in multiparts, with two texts at the bottom.
fn deep(levels: usize) -> NestedPart {
    (1..levels).fold(single("text/plain", ""), |inner, _| {
        multi(ProcessAll, vec![single("text/plain", ""), inner])
    })
}

#[test]
fn the_largest_bodies_are_selected_whole() {
    let preferences = prefer(&["text/plain"], &[]);
    let count = |body: &NestedPart| parts::select(body, &preferences).chosen.len();
    assert_eq!(count(&wide(MAX_PARTS)), MAX_PARTS - 1);
    assert_eq!(count(&deep(MAX_PART_LEVELS)), MAX_PART_LEVELS);
    let deepest = deep(MAX_PART_LEVELS);
    let last = parts::walk(&deepest).last().unwrap();
    assert_eq!((last.index, last.level), (6, MAX_PART_LEVELS));
    let wide = wide(MAX_PARTS);
    assert_eq!(parts::walk(&wide).count(), MAX_PARTS);
    assert_eq!(parts::find(&wide, 1023).unwrap().index, 1023);
    assert!(parts::find(&wide, 1024).is_none());
}

#[test]
fn long_lists_are_read_once() {
    // Each of a thousand parts inherits a hundred thousand tags.
    let tags = "x,".repeat(100_000) + "de";
    let many = wide(MAX_PARTS).with_language(tags.clone());
    let types = ["a/b", "text/plain"];
    assert_eq!(chosen(&many, &types, &["fr", "de"]).len(), MAX_PARTS - 1);
    let preferences = prefer(&types, &["fr", "de"]);
    assert_eq!(
        parts::select(&many, &preferences).chosen[1022].language,
        tags
    );

    let long_type = |last: &str| {
        let parameters: String = (0..1000).map(|n| format!(";x{n}=\"{n}\"")).collect();
        single(
            &format!("text/plain{parameters}{last}"),
            &"y-z,".repeat(1000),
        )
    };
    let body = multi(ProcessAll, vec![long_type(";a=b"); 100]);
    assert_eq!(chosen(&body, &["text/plain;a=b"], &["de"]).len(), 100);
    assert_eq!(chosen(&body, &["text/plain;a=c"], &["de"]).len(), 0);
    let content = "cid:1@local.invalid:".repeat(10_000) + "cid:".repeat(100_000).as_str();
    let body = containing("text/html", "", &content);
    assert!(parts::references(&body).is_empty());
}

const UNDERSTOOD: [&str; 3] = ["text/html", "text/plain", "image/png"];

fn any_leaf() -> impl Strategy<Value = NestedPart> {
    let content_type = prop::sample::select(vec![
        "text/html",
        "text/plain",
        "image/png",
        "image/x-unknown",
        "broken",
    ]);
    let language = prop::sample::select(vec!["", "en", "fr", "de,en-GB"]);
    (content_type, language).prop_map(|(content_type, language)| single(content_type, language))
}

fn any_body() -> impl Strategy<Value = NestedPart> {
    any_leaf().prop_recursive(3, 60, 5, |inner| {
        let semantics = prop::sample::select(vec![ChooseOne, SingleUnit, ProcessAll]);
        (semantics, prop::collection::vec(inner, 2..6))
            .prop_map(|(semantics, parts)| multi(semantics, parts))
    })
}

fn understood(part: &mimi_content::NestedPart<'_>) -> bool {
    match &part.part {
        Part::Single { content_type, .. } => UNDERSTOOD.contains(&&**content_type),
        Part::Multi {
            semantics: SingleUnit,
            parts,
        } => parts.iter().all(understood),
        Part::Multi { parts, .. } => parts.iter().any(understood),
        other => panic!("{other:?} is not generated"),
    }
}

/// The indices of a part and of all inside it.
fn subtree(body: &NestedPart, index: u16) -> Vec<u16> {
    let level = parts::find(body, index).unwrap().level;
    let inside = parts::walk(body)
        .skip(usize::from(index) + 1)
        .take_while(|found| found.level > level)
        .map(|found| found.index);
    [index].into_iter().chain(inside).collect()
}

proptest! {
    #[test]
    fn indices_count_the_parts_and_find_them(body in any_body()) {
        let mut multis = Vec::new();
        for (expected, found) in parts::walk(&body).enumerate() {
            prop_assert_eq!(usize::from(found.index), expected);
            let again = parts::find(&body, found.index).unwrap();
            prop_assert!(std::ptr::eq(again.part, found.part));
            // Its parent is the last multipart one level up.
            multis.truncate(found.level - 1);
            prop_assert_eq!(multis.len(), found.level - 1);
            multis.push(found.part);
            if let [.., parent, _] = &multis[..] {
                let Part::Multi { parts, .. } = &parent.part else {
                    panic!("a part is inside {parent:?}");
                };
                prop_assert!(parts.iter().any(|part| std::ptr::eq(part, found.part)));
            }
        }
    }

    #[test]
    fn a_selection_follows_the_semantics_of_each_multipart(
        body in any_body(),
        languages in prop::sample::subsequence(vec!["fr-CA", "de", "en"], 0..3),
    ) {
        let preferences = prefer(&UNDERSTOOD, &languages);
        let selection = parts::select(&body, &preferences);
        let indices = indices(&selection);
        prop_assert!(indices.is_sorted_by(|one, other| one < other));
        prop_assert_eq!(!indices.is_empty(), understood(&body));
        for chosen in &selection.chosen {
            let found = parts::find(&body, chosen.index).unwrap();
            prop_assert!(std::ptr::eq(found.part, chosen.part));
            prop_assert!(understood(chosen.part));
        }
        let gives = |part: u16| {
            let inside = subtree(&body, part);
            indices.iter().any(|index| inside.contains(index))
        };
        for found in parts::walk(&body) {
            let Part::Multi { semantics, .. } = &found.part.part else {
                continue;
            };
            let inside = subtree(&body, found.index);
            if *semantics == SingleUnit {
                // The outermost comes first.
                for chosen in &selection.chosen {
                    if inside.contains(&chosen.index) {
                        prop_assert!(chosen.unit.unwrap() <= found.index);
                    } else {
                        prop_assert_ne!(chosen.unit, Some(found.index));
                    }
                }
            }
            if !gives(found.index) {
                continue;
            }
            for child in parts::walk(&body).filter(|child| inside.contains(&child.index)) {
                if child.level != found.level + 1 {
                    continue;
                }
                match semantics {
                    SingleUnit => prop_assert!(gives(child.index)),
                    ProcessAll => prop_assert_eq!(gives(child.index), understood(child.part)),
                    ChooseOne => {}
                }
            }
            if *semantics == ChooseOne {
                let giving = parts::walk(&body)
                    .filter(|child| inside.contains(&child.index))
                    .filter(|child| child.level == found.level + 1 && gives(child.index));
                prop_assert_eq!(giving.count(), 1);
            }
        }
    }

    #[test]
    fn what_is_skipped_was_referred_to_by_what_was_not(
        body in any_body(),
        links in prop::collection::vec((0..60u16, 0..60u16), 0..60),
    ) {
        let preferences = prefer(&UNDERSTOOD, &[]);
        let before = parts::select(&body, &preferences);
        let links_of = |from: u16| {
            links
                .iter()
                .filter(move |link| link.0 == from)
                .map(|link| link.1)
        };
        let mut after = before.clone();
        after.skip_referenced(|chosen| links_of(chosen.index).collect::<Vec<_>>());
        let kept = indices(&after);
        for index in indices(&before) {
            let referred = kept
                .iter()
                .take_while(|kept| **kept < index)
                .any(|kept| links_of(*kept).any(|to| to == index));
            prop_assert_eq!(kept.contains(&index), !referred);
        }
    }

    #[test]
    fn no_text_makes_the_readers_of_types_and_references_fail(text: String, octets: Vec<u8>) {
        let body = multi(ProcessAll, vec![single(&text, &text), external(&text)]);
        let preferences = prefer(&UNDERSTOOD, &[&text]);
        let selection = parts::select(&body, &preferences);
        prop_assert!(selection.chosen.len() <= 2);
        let around = [&octets[..], b"\"cid:3@local.invalid\"", &octets].concat();
        prop_assert!(parts::scan(&around).contains(&3));
    }
}
