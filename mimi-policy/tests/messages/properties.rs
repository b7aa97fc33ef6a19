//! What holds for all messages.

use std::collections::BTreeSet;

use mimi_content::timeline::{Grant, Received, Timeline, sender_only};
use mimi_content::{Disposition, MimiContent, NestedPart, Part, PartSemantics};
use mimi_policy::Capability;
use mimi_policy::messages::{Facts, Replaced, is_reaction, requirements};
use proptest::prelude::*;

use crate::room::*;

fn disposition() -> impl Strategy<Value = Disposition> {
    prop_oneof![4 => 0..9_u8, 2 => Just(2), 1 => any::<u8>()].prop_map(Disposition)
}

fn leaf() -> impl Strategy<Value = NestedPart<'static>> {
    let types = [
        "image/png",
        "audio/ogg",
        "video/mp4",
        "application/pdf",
        "",
        "?",
    ];
    let texts = ["Hi", "[a](https://a.example)", "www.a.example", "![](x)"];
    let content_type = proptest::sample::select(types.to_vec());
    let text = proptest::sample::select(texts.to_vec());
    let part = prop_oneof![
        Just(NestedPart::null()),
        text.prop_map(NestedPart::markdown),
        content_type.prop_map(|kind| asset(kind, Disposition::RENDER)),
    ];
    (part, disposition()).prop_map(|(part, disposition)| part.with_disposition(disposition))
}

fn body() -> impl Strategy<Value = NestedPart<'static>> {
    leaf().prop_recursive(2, 12, 3, |inner| {
        let semantics = proptest::sample::select(vec![
            PartSemantics::ChooseOne,
            PartSemantics::SingleUnit,
            PartSemantics::ProcessAll,
        ]);
        let parts = proptest::collection::vec(inner, 2..4);
        (semantics, parts, disposition()).prop_map(|(semantics, parts, disposition)| {
            NestedPart::multi(semantics, parts)
                .unwrap()
                .with_disposition(disposition)
        })
    })
}

prop_compose! {
    fn content()(
        body in body(),
        replaces in any::<bool>(),
        replies in any::<bool>(),
        has_topic in any::<bool>(),
    ) -> MimiContent<'static> {
        let mut content = message(body);
        content.replaces = replaces.then_some(id(1));
        content.in_reply_to = replies.then_some(id(2));
        if has_topic {
            content.topic_id = topic("a");
        }
        content
    }
}

prop_compose! {
    fn facts()(
        known in any::<bool>(),
        own in any::<bool>(),
        is_reaction in any::<bool>(),
        body in any::<bool>(),
        topic in any::<bool>(),
        in_topic in any::<Option<bool>>(),
    ) -> Facts {
        let changes = Grant { body, topic };
        let replaced = known.then_some(Replaced { own, is_reaction, changes });
        Facts { replaced, in_topic }
    }
}

fn takes(content: &MimiContent<'_>, facts: &Facts) -> BTreeSet<Capability> {
    requirements(content, facts).capabilities().iter().collect()
}

proptest! {
    #[test]
    fn a_message_is_allowed_if_the_role_has_what_it_takes(
        content in content(),
        facts in facts(),
        has in proptest::sample::subsequence(everything(), 0..=everything().len()),
    ) {
        let found = requirements(&content, &facts);
        let needs = takes(&content, &facts);
        let allowed = found.never.is_empty() && needs.iter().all(|one| has.contains(one));
        prop_assert_eq!(judge(&room(&has), &content, &facts).is_ok(), allowed);
        // And it can be allowed by what it takes and nothing else.
        let exactly: Vec<_> = needs.into_iter().collect();
        let verdict = judge(&room(&exactly), &content, &facts);
        prop_assert_eq!(verdict.is_ok(), found.never.is_empty());
    }

    #[test]
    fn another_part_never_makes_a_message_take_less(
        parts in proptest::collection::vec(body(), 2..4),
        more in leaf(),
        at in any::<proptest::sample::Index>(),
        fields in content(),
        facts in facts(),
    ) {
        let with = |parts| MimiContent { body: all_of(parts), ..fields.clone() };
        let mut larger = parts.clone();
        larger.insert(at.index(parts.len() + 1), more);
        let (less, more) = (takes(&with(parts.clone()), &facts), takes(&with(larger), &facts));
        prop_assert!(less.is_subset(&more), "{:?} {:?}", less, more);
    }

    #[test]
    fn what_is_a_reaction_here_is_one_to_a_timeline(body in body()) {
        let content = message(body).with_reply_to(id(2));
        let expected = is_reaction(&content);
        let mut timeline = Timeline::new();
        let message = Received { id: id(1), sender: bob(), accepted: NOW, content };
        timeline.insert(message, sender_only);
        let entry = timeline.get(&id(1)).unwrap();
        prop_assert!(!expected || entry.is_reaction());
    }

    #[test]
    fn every_violation_names_a_part_that_is_there_and_its_clause(
        content in content(),
        facts in facts(),
    ) {
        let count = mimi_content::parts::walk(&content.body).count();
        if let Err(found) = judge(&room(&[]), &content, &facts) {
            prop_assert!(found.leave_out_parts().into_iter().all(|part| usize::from(part) < count));
            for violation in found.iter() {
                let text = violation.to_string();
                prop_assert!(text.ends_with("\")") && !text.contains("do this"), "{}", text);
            }
        }
    }

    #[test]
    fn a_delete_takes_no_rights_over_content(facts in facts()) {
        let content = message(NestedPart::null()).with_replaces(id(1));
        prop_assert_eq!(&content.body.part, &Part::Null);
        let known = facts.replaced.is_some();
        prop_assert_eq!(takes(&content, &facts).len(), if known { 2 } else { 1 });
    }
}
