use super::*;

#[test]
fn every_kind_of_tag_becomes_text() {
    for (text, escaped) in [
        ("a <b> c", "a &lt;b> c"),
        ("a </b> c", "a &lt;/b> c"),
        ("a <b/> c", "a &lt;b/> c"),
        ("a <b c='<' d=\"e\" f=g> h", "a &lt;b c='<' d=\"e\" f=g> h"),
        ("a <b\nc> d", "a &lt;b\nc> d"),
        ("a <!-- b --> c", "a &lt;!-- b --> c"),
        ("a <!----> c", "a &lt;!----> c"),
        ("a <?b c?> d", "a &lt;?b c?> d"),
        ("a <!B c> d", "a &lt;!B c> d"),
        ("a <![CDATA[b]]> c", "a &lt;![CDATA[b]]> c"),
        ("*a* Vec<T>, x", "*a* Vec&lt;T>, x"),
        ("> a\n> <b\n> c>", "> a\n> &lt;b\n> c>"),
    ] {
        assert_eq!(escape_tags(text), escaped);
    }
}

#[test]
fn every_kind_of_html_block_becomes_text() {
    for (text, escaped) in [
        ("<script>\na\n</script>", "&lt;script>\na\n&lt;/script>"),
        ("<!-- a\n\nb -->", "&lt;!-- a\n\nb -->"),
        ("<?a\n\nb?>", "&lt;?a\n\nb?>"),
        ("<!A b", "&lt;!A b"),
        ("<![CDATA[\na\n\n]]>", "&lt;![CDATA[\na\n\n]]>"),
        ("a\n<div\nb", "a\n&lt;div\nb"),
        ("<a href='b'>\n*c*", "&lt;a href='b'>\n*c*"),
        ("- <p>a\n  <p>b", "- &lt;p>a\n  &lt;p>b"),
        (">   </p>", ">   &lt;/p>"),
    ] {
        assert_eq!(escape_tags(text), escaped);
    }
}

#[test]
fn what_is_no_tag_stays() {
    for text in [
        "",
        "a < b > c",
        "a <b and c",
        "<3 <- <= <> </> < b>",
        "I <_> you",
        "&lt;b> and \\<b>",
        "`<b>` and ``<b>` ``",
        "```\n<b>\n```",
        "~~~ html\n<div>\n\n<p>\n~~~",
        "    <div>",
        "<https://a.example/?b=c>",
        "<mimi://a.example/u/alice> <alice@a.example>",
        "[a](<b c> 'd')",
        "[a]\n\n[a]: <b c>",
        "[a](b \"<c>\")",
    ] {
        assert!(
            matches!(escape_tags(text), Cow::Borrowed(same) if same == text),
            "{text}"
        );
    }
}

#[test]
fn code_within_html_stays_once_the_html_is_text() {
    assert_eq!(
        escape_tags("<div>\n<p>\n```\n<b>\n```\n</p> `<i>`\n</div>"),
        "&lt;div>\n&lt;p>\n```\n<b>\n```\n&lt;/p> `<i>`\n&lt;/div>"
    );
}

#[test]
fn a_receiver_shows_what_was_written() {
    let text = "See <b>this</b>, `<i>` and <https://a.example>";
    assert_eq!(
        Document::parse(&escape_tags(text)).to_plain_text(),
        "See <b>this</b>, <i> and https://a.example"
    );
}

/// Each line of HTML hides the next one behind something that may be code.
fn onion(layers: usize) -> String {
    "<div>\n`<b>`\n".repeat(layers)
}

#[test]
fn code_stays_as_long_as_the_rounds_last() {
    // The last round finds nothing.
    let layers = MAX_ROUNDS - 1;
    let escaped = escape_tags(&onion(layers)).into_owned();
    assert_eq!(escaped, "&lt;div>\n`<b>`\n".repeat(layers));
    let escaped = escape_tags(&onion(layers + 1)).into_owned();
    assert_eq!(escaped, "&lt;div>\n`&lt;b>`\n".repeat(layers + 1));
}

#[test]
fn in_a_text_that_is_too_deep_code_is_escaped_too() {
    let text = format!("{}`<b>`", ">".repeat(MAX_LEVELS));
    assert_eq!(escape_tags(&text), text);
    let text = format!(">{text}");
    assert_eq!(escape_tags(&text), text.replace('<', "&lt;"));
}

fn is_free_of_tags(text: &str) -> bool {
    // Of what a receiver reads as text, nothing may come from HTML: a parser
    // that knows HTML sees none.
    pulldown_cmark::Parser::new_ext(
        text,
        pulldown_cmark::Options::ENABLE_TABLES
            | pulldown_cmark::Options::ENABLE_TASKLISTS
            | pulldown_cmark::Options::ENABLE_STRIKETHROUGH,
    )
    .all(|event| {
        !matches!(
            event,
            pulldown_cmark::Event::Html(_)
                | pulldown_cmark::Event::InlineHtml(_)
                | pulldown_cmark::Event::Start(pulldown_cmark::Tag::HtmlBlock)
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_sent_has_tags(text in prop_oneof![".*", hostile()]) {
        let escaped = escape_tags(&text);
        prop_assert!(is_free_of_tags(&escaped), "{escaped:?}");
        prop_assert_eq!(escape_tags(&escaped), escaped.as_ref());
        prop_assert_eq!(escaped.replace("&lt;", "<"), text.replace("&lt;", "<"));
    }

    #[test]
    fn text_without_brackets_is_not_touched(text in "[^<]*") {
        prop_assert!(matches!(escape_tags(&text), Cow::Borrowed(_)));
    }
}
