//! URLs that all parsers read alike, and what does not pass for one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use mimi_content::{
    DomainName, HttpsUrl, HttpsUrlError, MAX_HOST_LEN, MAX_URL_LEN, UriError, is_https_url,
};
use proptest::prelude::*;

fn refused(text: &str) -> HttpsUrlError {
    HttpsUrl::parse(text).expect_err(text)
}

fn host(text: &str) -> UriError {
    match refused(text) {
        HttpsUrlError::Host(error) => error,
        other => panic!("{text}: {other}"),
    }
}

#[test]
fn a_plain_url_is_kept_octet_for_octet() {
    for (text, host) in [
        ("https://a.example", "a.example"),
        ("https://a.example/", "a.example"),
        ("https://a.example?x", "a.example"),
        (
            "https://a.example/a/../b//c;d=1/%2F%2f?q=/?&@:",
            "a.example",
        ),
        ("https://xn--bcher-kva.example/1", "xn--bcher-kva.example"),
        ("https://r3---a.b-c.example/1", "r3---a.b-c.example"),
        ("https://localhost/1", "localhost"),
    ] {
        let url = HttpsUrl::parse(text).unwrap();
        assert_eq!((url.as_str(), url.host()), (text, host));
        assert_eq!(url.to_string(), text);
        assert!(is_https_url(text), "{text}");
    }
}

#[test]
fn only_https_and_only_spelled_so() {
    for text in [
        "",
        "https:",
        "https:/a.example/",
        "https:a.example/",
        "https:\\\\a.example/",
        "http://a.example/",
        "HTTPS://a.example/",
        "Https://a.example/",
        "httpss://a.example/",
        "wss://a.example/",
        "file:///etc/passwd",
        "data:text/plain,",
        "//a.example/",
        "/a.example/",
        "a.example/",
        " https://a.example/",
        "\thttps://a.example/",
        "\u{feff}https://a.example/",
        "https%3A%2F%2Fa.example/",
    ] {
        assert_eq!(refused(text), HttpsUrlError::Scheme, "{text:?}");
    }
}

#[test]
fn characters_that_some_parser_skips_or_replaces() {
    use HttpsUrlError::*;
    for (text, expected) in [
        (
            "https://a.example\\.evil.example/",
            Backslash { offset: 17 },
        ),
        (
            "https://evil.example\\@a.example/",
            Backslash { offset: 20 },
        ),
        ("https://\\a.example/", Backslash { offset: 8 }),
        ("https://a.example/\\..", Backslash { offset: 18 }),
        ("https://a.exa\tmple/", Control { offset: 13 }),
        ("https://a.example/\r\nHost:evil", Control { offset: 18 }),
        ("https://a.example/\n", Control { offset: 18 }),
        ("https://a.example\0.evil.example/", Control { offset: 17 }),
        ("https://a.example/\u{7f}", Control { offset: 18 }),
        ("https://a example/", Space { offset: 9 }),
        ("https://a.example/ ", Space { offset: 18 }),
        // A full stop and a solidus of other scripts, a Cyrillic a, a soft hyphen.
        ("https://a\u{3002}example/", NotAscii { offset: 9 }),
        (
            "https://a.example\u{2044}.evil.example",
            NotAscii { offset: 17 },
        ),
        ("https://\u{430}.example/", NotAscii { offset: 8 }),
        ("https://a\u{ad}.example/", NotAscii { offset: 9 }),
        ("https://\u{ff11}27.0.0.1/", NotAscii { offset: 8 }),
        ("https://a.example/\u{e4}", NotAscii { offset: 18 }),
        (
            "https://a.example/<",
            Octet {
                offset: 18,
                octet: b'<',
            },
        ),
        (
            "https://a.example/{x}",
            Octet {
                offset: 18,
                octet: b'{',
            },
        ),
        (
            "https://a.example/x|",
            Octet {
                offset: 19,
                octet: b'|',
            },
        ),
        (
            "https://a.example/[",
            Octet {
                offset: 18,
                octet: b'[',
            },
        ),
        (
            "https://a.example?]",
            Octet {
                offset: 18,
                octet: b']',
            },
        ),
        ("https://a.example/%", Escape { offset: 18 }),
        ("https://a.example/%2", Escape { offset: 18 }),
        ("https://a.example/%2g", Escape { offset: 18 }),
        ("https://a.example/%%41", Escape { offset: 18 }),
        ("https://a.example/#", Fragment { offset: 18 }),
        ("https://a.example#@evil.example/", Fragment { offset: 17 }),
        ("https://a.example?x#/", Fragment { offset: 19 }),
    ] {
        assert_eq!(refused(text), expected, "{text:?}");
    }
}

#[test]
fn an_authority_is_a_host_name_in_normal_form() {
    use UriError::*;
    for (text, expected) in [
        ("https://", EmptyHost { offset: 8 }),
        ("https:///a.example/", EmptyHost { offset: 8 }),
        ("https://?a.example", EmptyHost { offset: 8 }),
        ("https://a@evil.example/", UserInfo { offset: 9 }),
        ("https://a.example@evil.example/", UserInfo { offset: 17 }),
        (
            "https://a.example%40evil@b.example/",
            UserInfo { offset: 24 },
        ),
        ("https://a:b@a.example/", UserInfo { offset: 11 }),
        ("https://@a.example/", UserInfo { offset: 8 }),
        ("https://a.example:443/", Port { offset: 17 }),
        ("https://a.example:/", Port { offset: 17 }),
        ("https://a.example:8443", Port { offset: 17 }),
        ("https://:443/", Port { offset: 8 }),
        ("https://a.example./", TrailingDot { offset: 17 }),
        ("https://./", TrailingDot { offset: 8 }),
        ("https://a..example/", LabelLength { offset: 10 }),
        ("https://.a.example/", LabelLength { offset: 8 }),
        ("https://a_b.example/", InvalidHost { offset: 8 }),
        ("https://-a.example/", InvalidHost { offset: 8 }),
        ("https://a.example&evil/", InvalidHost { offset: 8 }),
        ("https://xn--a.example/", InvalidHost { offset: 8 }),
    ] {
        assert_eq!(host(text), expected, "{text}");
    }
    for text in ["https://A.example/", "https://a.EXAMPLE/"] {
        let normal = "a.example".into();
        assert_eq!(host(text), HostNotNormal { offset: 8, normal }, "{text}");
    }
    for (text, offset) in [
        ("https://%61.example/", 8),
        ("https://a%2eexample/", 9),
        ("https://a.example%2f.evil.example/", 17),
        ("https://a.example%00.evil.example/", 17),
    ] {
        let expected = HttpsUrlError::EscapedHost { offset };
        assert_eq!(refused(text), expected, "{text}");
    }
}

#[test]
fn no_address_in_any_spelling() {
    for text in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0x7f000001",
        "0x7f.0.0.1",
        "0x7f.1",
        "0x",
        "a.0x7f",
        "256.256.256.256",
        "192.0.2.1",
        "1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[2001:db8::1%25en0]",
        "[v1.x]",
        "[",
    ] {
        let url = format!("https://{text}/");
        assert_eq!(host(&url), UriError::IpAddress { offset: 8 }, "{text}");
        assert!(DomainName::parse(text).is_err(), "{text}");
    }
    // Upper case is no way around.
    for text in ["https://0X7F.1/", "https://0x7F000001/"] {
        assert!(
            matches!(host(text), UriError::HostNotNormal { .. }),
            "{text}"
        );
    }
}

#[test]
fn a_url_has_a_length() {
    let long = |octets: usize| format!("https://a.example/{}", "x".repeat(octets - 18));
    assert!(HttpsUrl::parse(&long(MAX_URL_LEN)).is_ok());
    let len = MAX_URL_LEN + 1;
    assert_eq!(refused(&long(len)), HttpsUrlError::TooLong { len });

    let label = format!("{}.", "a".repeat(49)).repeat(5);
    let host_of = |octets: usize| format!("https://{label}{}/", "b".repeat(octets - 250));
    assert!(HttpsUrl::parse(&host_of(MAX_HOST_LEN)).is_ok());
    assert_eq!(
        host(&host_of(MAX_HOST_LEN + 1)),
        UriError::HostTooLong { offset: 8 }
    );
}

#[test]
fn an_https_url_need_not_be_one_that_is_safe() {
    for text in [
        "HTTPS://A.Example",
        "https://alice:secret@a.example:8443/x#y",
        "https://[2001:db8::1]/",
        "https://127.1",
        "https://a_b.example./",
    ] {
        assert!(is_https_url(text), "{text}");
        assert!(HttpsUrl::parse(text).is_err(), "{text}");
    }
    for text in [
        "",
        "https:",
        "https://",
        "https:///x",
        "https://:443/",
        "https://alice@/",
        "http://a.example/",
        "https://a.example/ ",
        "https://a.example\\",
        "https://\u{e4}.example/",
        "https://a.example/%2",
    ] {
        assert!(!is_https_url(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// What is taken, another parser finds nothing to repair in.
    #[test]
    fn other_parsers_see_the_same_host(
        before in "(https://)?",
        middle in "[a-c0x.%@:\\[\\]/\\\\?# \t_-]{0,6}",
        host in "[a-z]{1,3}\\.(example|1|0x7f|xn--bcher-kva)",
        after in "[.:@]?(:443)?[/?]?[a-c./%2@:?#\\\\ \u{e4}-]{0,8}",
    ) {
        let text = format!("{before}{middle}{host}{after}");
        if let Ok(url) = HttpsUrl::parse(&text) {
            let other = url::Url::parse(&text).unwrap();
            prop_assert_eq!(other.scheme(), "https");
            prop_assert_eq!(other.domain(), Some(url.host()));
            prop_assert_eq!(other.port(), None);
            prop_assert_eq!((other.username(), other.password()), ("", None));
            prop_assert_eq!(other.fragment(), None);
            prop_assert!(is_https_url(&text));
            prop_assert!(DomainName::parse(url.host()).is_ok());
        }
    }

    /// Nothing panics, and no offset lies outside.
    #[test]
    fn any_text_is_judged(text in "(https://)?\\PC{0,20}") {
        if let Ok(url) = HttpsUrl::parse(&text) {
            prop_assert_eq!(url.as_str(), &text);
            let other = url::Url::parse(&text).unwrap();
            prop_assert_eq!(other.domain(), Some(url.host()));
        }
    }
}
