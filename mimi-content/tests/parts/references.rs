use super::*;

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
