use super::*;

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
