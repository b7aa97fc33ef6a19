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
