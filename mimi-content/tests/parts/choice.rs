use super::*;

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
