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
