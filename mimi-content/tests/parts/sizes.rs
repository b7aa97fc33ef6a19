use super::*;

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
