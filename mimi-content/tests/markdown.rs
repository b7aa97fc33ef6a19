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

mod sending {
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

mod reading {
    use super::*;

    #[test]
    fn a_message_is_a_sequence_of_events() {
        assert_snapshot!(
            show("# Hi\n\nWe *have* a **release**,\n`v1`!  \n\n---\n\n> 1. see\n> 2. it\n"),
            @r#"Heading(1)("Hi")Paragraph("We "Emphasis("have")" a "Strong("release")"," SoftBreak Code"v1""!") Rule BlockQuote(List(Some(1))(Item("see")Item("it")))"#
        );
        assert_snapshot!(
            show("```rust x\nfn a() {}\n\n\n&lt;\n```\n\n    b\n\na\\\nb"),
            @r#"CodeBlock"rust x"("fn a() {}\n\n\n&lt;\n")CodeBlock""("b\n")Paragraph("a" HardBreak "b")"#
        );
    }

    #[test]
    fn the_extensions_of_the_draft_are_on() {
        assert_snapshot!(
            show("|a|b|\n|:-|-:|\n|c|<d>|"),
            @r#"Table([Left, Right])(TableHead(TableCell("a")TableCell("b"))TableRow(TableCell("c")TableCell("<d>")))"#
        );
        assert_snapshot!(
            show("- [ ] a\n- [x] b"),
            @r#"List(None)(Item( CheckBox(false) "a")Item( CheckBox(true) "b"))"#
        );
        assert_snapshot!(show("~~a~~ ~b~"), @r#"Paragraph(Strikethrough("a")" "Strikethrough("b"))"#);
    }

    #[test]
    fn all_other_extensions_are_off() {
        for text in [
            "a[^1] [^1]: b",
            "\"a\" -- b... 'c'",
            "# a {#b .c}",
            "[[a]] [[a|b]]",
            "$a$ $$b$$",
            "a^b^ c~d",
            "https://a.example www.a.example alice@a.example",
            "> [!NOTE]",
            ":smile: @alice #tag",
            "||a||",
        ] {
            let document = Document::parse(text);
            assert_eq!(
                document.to_plain_text().trim_start_matches("> "),
                text.trim_start_matches(['>', '#', ' ']),
            );
            assert_eq!(document.links().count(), 0, "{text}");
        }
        assert_snapshot!(show("---\na: b\n---"), @r#" Rule Heading(2)("a: b")"#);
        assert_snapshot!(show("a\n: b"), @r#"Paragraph("a" SoftBreak ": b")"#);
        assert_snapshot!(show("[^1]: b\n\n[^1]"), @r#"Paragraph(Link<b>("^1"))"#);
    }

    #[test]
    fn html_is_text() {
        assert_snapshot!(
            show("a <b onclick='x'>*c*</b> <!-- d --> &lt;e>"),
            @r#"Paragraph("a <b onclick='x'>"Emphasis("c")"</b> <!-- d --> <e>")"#
        );
        assert_snapshot!(
            show("<script>\nalert('*a*')\n\n</script>\n*b*"),
            @r#"Paragraph("<script>" SoftBreak "alert('*a*')" SoftBreak  SoftBreak "</script>")Paragraph(Emphasis("b"))"#
        );
        assert_snapshot!(
            show("> <div\n> a>\n\n- <!--\n  b\r\n  -->"),
            @r#"BlockQuote(Paragraph("<div" SoftBreak "a>"))List(None)(Item(Paragraph("<!--" SoftBreak "b" SoftBreak "-->")))"#
        );
    }

    #[test]
    fn entities_are_characters_and_never_markup() {
        assert_snapshot!(
            show("&lt;b&gt; &#42;a&#42; &amp;lt; &nope; `&lt;`"),
            @r#"Paragraph("<b> *a* &lt; &nope; "Code"&lt;")"#
        );
        assert_eq!(
            only_link("[a](java&#10;script&colon;b)").destination,
            "java\nscript:b"
        );
    }

    #[test]
    fn plain_text_has_the_words() {
        assert_snapshot!(
            Document::parse(
                "# Plan\n\nWe *ship* `v1` to [all](https://a.example)\nnow. ![chart](cid:2@local.invalid)\n\
                 \n> Really?\n> Yes.\n>\n> > Oh\n\n3. one\n   - [x] in\n   - [ ] out\n4. two\n\n   more\n5.\n\n---\n\
                 \n```\na\n\n  b\n```\n|x|y|\n|-|-|\n||z|\n\n<i>"
            ).to_plain_text(),
            @r"
        Plan
        We ship v1 to all
        now. chart
        > Really?
        > Yes.
        > Oh
        3. one
        - [x] in
        - [ ] out
        4. two
        more
        ---
        a

          b
        x	y
        	z
        <i>
        "
        );
    }

    #[test]
    fn containers_beyond_the_limit_make_a_text_plain() {
        // With a column of white space each.
        let items = MAX_LEVELS * 2 / 3;
        let over_time = |levels: usize| -> String {
            (0..levels)
                .map(|level| format!("{}- a\n", "  ".repeat(level)))
                .collect()
        };
        for (good, bad) in [
            (">".repeat(MAX_LEVELS), ">".repeat(MAX_LEVELS + 1)),
            ("- ".repeat(items), "- ".repeat(items + 1)),
            ("1) ".repeat(items), "1) ".repeat(items + 1)),
            (
                "+\t".repeat(MAX_LEVELS / 3),
                "+\t".repeat(MAX_LEVELS / 3 + 1),
            ),
            (over_time(MAX_LEVELS), over_time(MAX_LEVELS + 1)),
        ] {
            let good = format!("{good}a\n\nb");
            assert!(levels(&Document::parse(&good)) > 1, "{good}");
            let bad = format!("{bad}a\n\nb");
            let document = Document::parse(&bad);
            assert_eq!(levels(&document), 1);
            assert_eq!(document.to_plain_text(), bad);
        }
        // Many marks that nest nothing.
        for text in ["-".repeat(100), "*".repeat(100), "1".repeat(100)] {
            assert!(!show(&format!("a\n\n{text}\n\n*b*")).contains('*'));
        }
    }

    #[test]
    fn spans_beyond_the_limit_are_left_out_and_their_text_stays() {
        let nested = |spans: usize| {
            let (before, after) = ("*a **a ".repeat(spans / 2), "**c*d".repeat(spans / 2));
            format!("{before}b{after}")
        };
        let document = nested(MAX_LEVELS);
        let document = Document::parse(&document);
        assert_eq!(levels(&document), MAX_LEVELS + 1);
        let deeper = nested(MAX_LEVELS + 10);
        let deeper = Document::parse(&deeper);
        assert_eq!(levels(&deeper), MAX_LEVELS + 1);
        assert_eq!(
            deeper.to_plain_text(),
            nested(MAX_LEVELS + 10).replace('*', "")
        );
        // A link that is left out is none.
        for (spans, links) in [(MAX_LEVELS - 2, 1), (MAX_LEVELS, 0)] {
            let text = nested(spans).replace('b', "[b](https://a.example)b");
            assert_eq!(Document::parse(&text).links().count(), links);
        }
    }

    /// How many tags are open at a time.
    fn levels(document: &Document<'_>) -> usize {
        let mut open = 0_usize;
        let mut most = 0;
        for event in document.events() {
            match event {
                Event::Start(_) => open += 1,
                Event::End => open = open.checked_sub(1).unwrap(),
                _ => {}
            }
            most = most.max(open);
        }
        assert_eq!(open, 0);
        most
    }

    #[test]
    fn debug_shows_nothing_that_people_wrote() {
        let text = "[secret](https://secret.example 'secret') ![secret](secret) `secret`\n\n```secret\nsecret\n```\n<mimi://a.example/u/alice>";
        let document = Document::parse(text);
        let everything = format!("{document:?} {:?}", document.events());
        assert!(!everything.contains("secret"), "{everything}");
        assert_snapshot!(
            format!("{:?}", Document::parse("*a* ![b](c) `d`").events()),
            @"[Start(Paragraph), Start(Emphasis), Text(1 octets), End, Text(1 octets), Image { .. }, Text(1 octets), Code(1 octets), End]"
        );
        let hint = only_link("[secret](mimi://a.example/u/alice)");
        assert!(!format!("{:?}", hint.mention(|_| true)).contains("secret"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn whatever_is_received_can_be_shown(text in prop_oneof![".*", hostile()]) {
            let document = Document::parse(&text);
            // Containers and their items, a cell in a table, spans.
            prop_assert!(levels(&document) <= 3 * MAX_LEVELS + 4);
            for link in document.links() {
                let _ = (link.verdict(), link.canonical(), link.mention(|_| true));
            }
            let _ = document.to_plain_text();
            for pair in document.events().windows(2) {
                prop_assert!(!matches!(pair, [Event::Text(_), Event::Text(_)]));
            }
        }

        #[test]
        fn lists_and_quotes_stay_within_the_limit(
            lines in prop::collection::vec(("[ ]{0,6}", "(>|> |- |-\t|1. |\t|  ){0,40}", "a?"), 1..20),
        ) {
            let text: String = lines.iter().map(|(a, b, c)| format!("{a}{b}{c}\n")).collect();
            prop_assert!(levels(&Document::parse(&text)) <= 2 * MAX_LEVELS + 1);
        }
    }
}

mod links {
    use super::*;

    #[test]
    fn links_of_all_kinds_are_found() {
        let document = Document::parse(
            "[*a* `b`\n<i>](https://x.example \"t\") [c][d] [d] <https://y.example> <a@z.example>\n\n\
             [d]: <https://w.example/ e> 'u'",
        );
        let found: String = document
            .links()
            .map(|l| {
                format!(
                    "{} | {} | {} | {}\n",
                    l.destination, l.title, l.text, l.is_autolink
                )
            })
            .collect();
        assert_snapshot!(found, @r"
        https://x.example | t | a b <i> | false
        https://w.example/ e | u | c | false
        https://w.example/ e | u | d | false
        https://y.example |  | https://y.example | true
        mailto:a@z.example |  | a@z.example | true
        ");
    }

    #[test]
    fn a_text_that_is_equivalent_to_the_target_needs_no_question() {
        for text in [
            // Of the draft.
            "[example.com/foobar](https://example.com/foobar)",
            "[https://example.com/foobar](https://example.com/foobar)",
            "[https://example.com:443/foobar](https://example.com/foobar)",
            // Letter case, slashes, dots and percent-encoding.
            "[HTTPS://Example.COM/](https://example.com)",
            "[example.com](https://example.com/)",
            "[https://example.com/a](https://example.com/b/../a)",
            "[https://example.com/~a](https://example.com/%7ea)",
            "[https://example.com/%2f](https://example.com/%2F)",
            "[https://example.com/a b](<https://example.com/a%20b>)"
                .replace(' ', "%20")
                .as_str(),
            "[https://example.com/é?é#é](https://example.com/%c3%a9?%C3%A9#%c3%A9)",
            "[bücher.example](https://xn--bcher-kva.example)",
            "[日本語.example](https://xn--wgv71a119e.example)",
            "[пример.рф](https://xn--e1afmkfd.xn--p1ai/)",
            "[пример.рф:8443](https://xn--e1afmkfd.xn--p1ai:8443/)",
            "[http://example.com:80](http://example.com/)",
            "[example.com:8443](https://example.com:8443)",
            "[*example*`.com`](https://example.com)",
            "[ example.com ](https://example.com)",
            "[a@example.com](mailto:a@example.com)",
            "<https://example.com/foobar>",
            "<a@example.com>",
            "<mimi://example.com/u/alice>",
        ] {
            assert_eq!(verdict(text), Verdict::Same, "{text}");
        }
    }

    #[test]
    fn words_are_named_links() {
        for text in [
            "[click here](https://example.com)",
            "[](https://example.com)",
            "[e.g. this... v1.2](https://example.com)",
            "[❤\u{fe0f}](https://example.com)",
            "[@Alice](mimi://example.com/u/alice)",
            "[![a chart](cid:1@local.invalid)](https://example.com)",
            "[the plan](cid:3@local.invalid)",
            "[mail me](mailto:a@example.com)",
        ] {
            assert_eq!(verdict(text), Verdict::Named, "{text}");
        }
    }

    #[test]
    fn another_address_in_the_text_is_misleading() {
        for text in [
            // Of the draft.
            "[https://example.com/foobar](https://spearphishers.example/foobar)",
            // Other parts than the host.
            "[https://example.com/a](https://example.com/b)",
            "[https://example.com/a](https://example.com/A)",
            "[https://example.com/?a](https://example.com/)",
            "[https://example.com/#a](https://example.com/)",
            "[https://example.com:444](https://example.com)",
            "[https://example.com/%2e%2e%2fa](https://example.com/a)",
            "[http://example.com](https://example.com)",
            "[example.com](https://www.example.com)",
            // Among words, in punctuation, in code and pictures, across lines.
            "[https://example.com is safe](https://example.com)",
            "[see (example.com)](https://evil.example)",
            "[\"example.com\",](https://evil.example)",
            "[example.com\\\nmore](https://example.com)",
            "[**exam**`ple.com`](https://evil.example)",
            "[![example.com](cid:1@local.invalid)](https://evil.example)",
            "[192.0.2.1](https://evil.example)",
            "[a@example.com](mailto:b@example.com)",
            "[a@example.com](https://example.com)",
            "[<b>example.com</b>](https://example.com)",
            "[https&#58;//example.com](https://evil.example)",
            "[mimi://example.com/u/bob](mimi://example.com/u/alice)",
            "[example.com](mimi://example.com)",
            "[example。com](https://evil.example)",
            "[example․com](https://evil.example)",
            "[report.zip](https://evil.example)",
            "[https:\\\\\\\\example.com](https://example.com)",
        ] {
            assert_eq!(verdict(text), Verdict::Misleading, "{text}");
        }
    }

    #[test]
    fn user_information_is_misleading_whatever_the_text() {
        for text in [
            "[https://example.com@evil.example/](https://example.com@evil.example/)",
            "<https://example.com@evil.example/>",
            "<https://example.com:443@evil.example/>",
            "<https://example.com%2F@evil.example/>",
            "[here](https://example.com@evil.example/)",
            "[https://example.com／@evil.example/](https://example.com／@evil.example/)",
        ] {
            assert_eq!(verdict(text), Verdict::Misleading, "{text}");
        }
        // This one is user information no more.
        assert_eq!(verdict("<https://a.example/@b.example>"), Verdict::Same);
    }

    #[test]
    fn characters_that_hide_or_turn_text_are_misleading() {
        for odd in [
            '\u{200b}',
            '\u{200d}',
            '\u{200e}',
            '\u{202e}',
            '\u{2066}',
            '\u{ad}',
            '\u{feff}',
            '\u{2060}',
            '\u{3164}',
            '\u{e0061}',
            '\u{7f}',
        ] {
            for text in [
                format!("[example{odd}.com](https://example.com)"),
                format!("[{odd}https://example.com](https://example.com)"),
                format!("[https://example.com/{odd}](https://example.com/{odd})"),
                format!("[ex{odd}ample{odd}.{odd}com](https://evil.example)"),
                format!("<https://example.com/{odd}>"),
            ] {
                // A control ends an address in brackets.
                if Document::parse(&text).links().count() > 0 {
                    assert_eq!(verdict(&text), Verdict::Misleading, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn hosts_that_pass_for_others_are_misleading() {
        for host in [
            "\u{430}pple.com",
            "\u{430}\u{440}\u{440}\u{4cf}\u{435}.com",
            "g\u{3bf}\u{3bf}gle.com",
            "example.com\u{2044}a.evil.example",
        ] {
            for text in [
                format!("<https://{host}/>"),
                format!("[{host}](https://{host}/)"),
            ] {
                // Some are no host names at all.
                let verdict = verdict(&text);
                assert!(
                    matches!(verdict, Verdict::Misleading | Verdict::Unsafe),
                    "{text}"
                );
            }
        }
        assert_eq!(
            verdict("[https:\u{430}pple.com](https://\u{430}pple.com/)"),
            Verdict::Misleading
        );
        let link = only_link("<https://\u{430}pple.com/>");
        assert_eq!(link.verdict(), Verdict::Misleading);
        assert_eq!(
            link.canonical().as_deref(),
            Some("https://xn--pple-43d.com/")
        );
    }

    #[test]
    fn a_downgrade_is_told() {
        for text in [
            // Of the draft.
            "[https://example.com/foobar](http://example.com/foobar)",
            "[example.com](http://example.com)",
            "[https://example.com:8080](http://EXAMPLE.com:8080/)",
        ] {
            assert_eq!(verdict(text), Verdict::Downgraded, "{text}");
        }
        assert_eq!(
            verdict("[https://example.com](http://evil.example)"),
            Verdict::Misleading
        );
    }

    #[test]
    fn schemes_that_run_code_or_reach_files_are_unsafe() {
        for text in [
            "[example.com](javascript:alert%281%29)",
            "<javascript:alert(1)>",
            "[a](JavaScript:b)",
            "[a](<  javascript:b>)",
            "[a](java&#10;script:b)",
            "[a](&#1;javascript:b)",
            "[a](vbscript:b)",
            "[a](data:text/html,b)",
            "[a](file:///etc/passwd)",
            "<blob:https://example.com/b>",
            "[a](view-source:b)",
            "[a](C:\\b.exe)",
        ] {
            assert_eq!(verdict(text), Verdict::Unsafe, "{text}");
        }
    }

    #[test]
    fn what_is_no_absolute_url_is_unsafe() {
        for text in [
            "[a]()",
            "[a](b)",
            "[a](/b)",
            "[a](//evil.example)",
            "[a](#b)",
            "[a](\\\\evil\\share)",
            "[a](https://)",
            "[example.com](example.com)",
        ] {
            let link = only_link(text);
            assert_eq!(link.verdict(), Verdict::Unsafe, "{text}");
            assert_eq!(link.canonical(), None, "{text}");
        }
    }

    #[test]
    fn other_programs_are_not_started_unasked() {
        assert_eq!(verdict("<ms-msdt:/id>"), Verdict::Unfamiliar);
        assert_eq!(verdict("<ssh://a@host.example>"), Verdict::Misleading);
        assert_eq!(verdict("[call](tel:+1555)"), Verdict::Unfamiliar);
        assert_eq!(verdict("[example.com](tel:+1555)"), Verdict::Misleading);
    }

    #[test]
    fn what_is_opened_is_what_was_judged() {
        let link = only_link("[a](<https://BÜCHER.example:443/a b/%7e%e9>)");
        assert_eq!(
            link.canonical().as_deref(),
            Some("https://xn--bcher-kva.example/a%20b/~%E9")
        );
    }

    #[test]
    fn a_stray_percent_sign_makes_no_encoding() {
        let link = only_link("<https://a.example/%2%65/b>");
        let canonical = link.canonical().unwrap();
        assert_eq!(canonical, "https://a.example/%252e/b");
        let again = only_link(&format!("<{canonical}>"));
        assert_eq!(again.canonical().as_deref(), Some(&*canonical));
        let other = verdict("[https://a.example/%2Fb](https://a.example/%2%46b)");
        assert_eq!(other, Verdict::Misleading);
    }

    proptest! {
        #[test]
        fn an_address_in_brackets_equals_itself(path in "[a-z0-9/%_.~?=-]{0,20}") {
            prop_assert_eq!(verdict(&format!("<https://a.example/{path}>")), Verdict::Same);
        }

        #[test]
        fn no_text_makes_another_host_the_same(text in "[a-z.:/@ ]{0,20}", host in "[a-z]{1,5}") {
            let text = format!("[https://{host}.example/{text}](https://evil.test/)");
            prop_assert_ne!(verdict(&text), Verdict::Same);
        }
    }
}

mod mentions {
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
}

mod images {
    use super::*;

    #[test]
    fn images_are_parts_or_elsewhere() {
        let document = Document::parse(
            "![a *b*\n`c` [d](e)](cid:3@local.invalid 't') ![](https://spy.example/1.png) ![x](data:image/png,a) \
             ![o ![i](https://in.example)](https://out.example)",
        );
        let found: String = document
            .images()
            .map(|image| match &image.source {
                ImageSource::Part(index) => {
                    format!("part {index} | {} | {}\n", image.title, image.alt)
                }
                ImageSource::Elsewhere(url) => format!("{url} | {} | {}\n", image.title, image.alt),
            })
            .collect();
        assert_snapshot!(found, @r"
        part 3 | t | a b c d
        https://spy.example/1.png |  | 
        data:image/png,a |  | x
        https://out.example |  | o i
        ");
        // Links within descriptions are not shown.
        assert_eq!(document.links().count(), 0);
    }

    #[test]
    fn a_picture_can_be_the_text_of_a_link() {
        let link = only_link("[see ![the chart](cid:1@local.invalid)](cid:2@local.invalid)");
        assert_eq!(link.text, "see the chart");
        assert_eq!(link.part(), Some(2));
    }

    #[test]
    fn references_to_parts_have_one_form() {
        for index in [0, 1, 10, 1023, u16::MAX] {
            assert_eq!(cid::part_index(&cid::part_uri(index)), Some(index));
        }
        for uri in [
            "",
            "cid:@local.invalid",
            "cid:00@local.invalid",
            "cid:01@local.invalid",
            "cid:+1@local.invalid",
            "cid:-1@local.invalid",
            "cid: 1@local.invalid",
            "cid:1 @local.invalid",
            "cid:1a@local.invalid",
            "cid:0x1@local.invalid",
            "cid:0a@local.invalid",
            "cid:65536@local.invalid",
            "cid:99999999999999999999@local.invalid",
            "cid:\u{661}@local.invalid",
            "CID:1@local.invalid",
            "cid:1@LOCAL.invalid",
            "cid:1%40local.invalid",
            "cid:1@local.invalid.",
            "cid:1@local.invalid?",
            "cid://1@local.invalid",
            "cid:1@evil.example",
            "mid:1@local.invalid",
            " cid:1@local.invalid",
        ] {
            assert_eq!(cid::part_index(uri), None, "{uri:?}");
        }
    }
}
