use super::*;

const ALICE: &str = "mimi://example.com/u/alice-smith";

#[test]
fn the_drafts_four_ways_to_mention_alice() {
    for (text, hint) in [
        ("<mimi://example.com/u/alice-smith>", Hint::None),
        (
            "[mimi://example.com/u/alice-smith](mimi://example.com/u/alice-smith)",
            Hint::Uri,
        ),
        (
            "[@AliceSmith](mimi://example.com/u/alice-smith)",
            Hint::Text("@AliceSmith"),
        ),
        (
            "[Alice](mimi://example.com/u/alice-smith)",
            Hint::Text("Alice"),
        ),
    ] {
        let document = Document::parse(text);
        let found: Vec<_> = document.mentions(|uri| uri.as_str() == ALICE).collect();
        let [mention] = &found[..] else {
            panic!("{text}")
        };
        assert_eq!(mention.user.as_str(), ALICE);
        assert!(mention.hint == hint, "{text}");
    }
}

#[test]
fn a_mention_stands_in_a_sentence() {
    let document =
        Document::parse("Ask [@Alice Smith](mimi://example.com/u/alice-smith) about it.");
    let mentions = document.mentions(|_| true);
    assert_eq!(mentions.map(|m| m.user).collect::<Vec<_>>(), [user(ALICE)]);
    assert_eq!(document.to_plain_text(), "Ask @Alice Smith about it.");
}

#[test]
fn whoever_is_not_in_the_group_is_not_mentioned() {
    let link = only_link("[Bob](mimi://example.com/u/bob)");
    assert_eq!(link.mention(|uri| uri.as_str() == ALICE), None);
    assert_eq!(link.verdict(), Verdict::Named);
}

#[test]
fn only_users_in_normal_form_are_mentioned() {
    for destination in [
        "mimi://example.com",
        "mimi://example.com/r/room",
        "mimi://example.com/d/alice/phone",
        "mimi://example.com/g/group",
        "mimi://EXAMPLE.com/u/alice-smith",
        "mimi://example.com/u/%61lice-smith",
        "mimi://example.com/u/alice-smith/",
        "mimi://example.com/u/alice-smith?a",
        "MIMI://example.com/u/alice-smith",
        "https://example.com/u/alice-smith",
    ] {
        let link = only_link(&format!("[Alice]({destination})"));
        assert_eq!(link.mention(|_| true), None, "{destination}");
    }
    let pseudonym = only_link("<mimi://example.com/p/crazykoala75>");
    assert!(pseudonym.mention(|_| true).is_some());
}

#[test]
fn a_name_in_plain_text_mentions_nobody() {
    let document = Document::parse(
        "@alice-smith mimi://example.com/u/alice-smith `<mimi://example.com/u/alice-smith>`",
    );
    assert_eq!(document.mentions(|_| true).count(), 0);
}
