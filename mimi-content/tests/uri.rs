//! MIMI URIs: what has the normal form, what is refused and why.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use mimi_content::tls::{Decode, Encode};
use mimi_content::{MAX_URI_LEN, MimiUri, UriError, UriKind};
use proptest::prelude::*;

fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refusal(text: &str) -> String {
    match MimiUri::parse(text) {
        Ok(uri) => panic!("{uri} is accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_examples_of_the_drafts_parse() {
    for (text, kind) in [
        ("mimi://a.example", UriKind::Provider),
        ("mimi://a.example/u/alice", UriKind::User("alice")),
        (
            "mimi://a.example/p/crazykoala75",
            UriKind::Pseudonym("crazykoala75"),
        ),
        (
            "mimi://a.example/d/ClientA1",
            UriKind::Client {
                user: None,
                client: "ClientA1",
            },
        ),
        (
            "mimi://a.example/d/alice/ClientA1",
            UriKind::Client {
                user: Some("alice"),
                client: "ClientA1",
            },
        ),
        ("mimi://a.example/r/clubhouse", UriKind::Room("clubhouse")),
        (
            "mimi://a.example/g/TII9t5viBrXiXc",
            UriKind::Group("TII9t5viBrXiXc"),
        ),
        (
            "mimi://a.example/t/engineering",
            UriKind::Team("engineering"),
        ),
    ] {
        let uri = uri(text);
        assert_eq!(uri.kind(), kind);
        assert_eq!(uri.domain(), "a.example");
        assert_eq!(uri.as_str(), text);
        assert_eq!(uri.to_provider(), self::uri("mimi://a.example"));
    }
    let irc = uri("mimi://irc.example.com/u/jcapulet1583@example.com");
    assert_eq!(irc.decoded().as_deref(), Some("jcapulet1583@example.com"));
    for text in [
        "mimi://irc.example.com/r/local_announcements_channel",
        "mimi://local.invalid/u/alice.smith",
        "mimi://example.com/d/3b52249d-68f9-45ce-8bf5-c799f3cad7ec/0003",
        "mimi://localhost/u/alice",
    ] {
        uri(text);
    }
}

#[test]
fn only_a_client_uri_that_names_its_user_has_one() {
    let client = uri("mimi://a.example/d/al%20ice/phone");
    assert_eq!(client.user(), Some(uri("mimi://a.example/u/al%20ice")));
    for other in [
        "mimi://a.example",
        "mimi://a.example/d/phone",
        "mimi://a.example/u/alice",
        "mimi://a.example/r/alice",
    ] {
        assert_eq!(uri(other).user(), None);
    }
}

#[test]
fn constructors_bring_typed_text_into_normal_form() {
    for (made, expected) in [
        (MimiUri::new_provider("EXAMPLE.com"), "mimi://example.com"),
        (
            MimiUri::new_user("Bücher.Example", "Zoë/1"),
            "mimi://xn--bcher-kva.example/u/Zo%C3%AB%2F1",
        ),
        (
            MimiUri::new_user("例え。テスト", "a@b:c!$&'()*+,;=-._~"),
            "mimi://xn--r8jz45g.xn--zckzah/u/a@b:c!$&'()*+,;=-._~",
        ),
        (
            MimiUri::new_pseudonym("a.example", "100%"),
            "mimi://a.example/p/100%25",
        ),
        (
            MimiUri::new_client("a.example", None, "A1"),
            "mimi://a.example/d/A1",
        ),
        (
            MimiUri::new_client("a.example", Some("al/ice"), "A1"),
            "mimi://a.example/d/al%2Fice/A1",
        ),
        (
            MimiUri::new_room("a.example", "what? #1"),
            "mimi://a.example/r/what%3F%20%231",
        ),
        (
            MimiUri::new_group("a.example", "..."),
            "mimi://a.example/g/...",
        ),
        (
            MimiUri::new_team("a.example", "%41"),
            "mimi://a.example/t/%2541",
        ),
    ] {
        assert_eq!(made.unwrap().as_str(), expected);
    }
}

#[test]
fn constructors_refuse_what_has_no_normal_form() {
    for (made, expected) in [
        (MimiUri::new_provider(""), "at octet 7: the host is empty"),
        (
            MimiUri::new_provider("a.example:443"),
            "at octet 7: the host is not a valid domain name",
        ),
        (
            MimiUri::new_provider("a.example."),
            "at octet 16: the host ends with a dot",
        ),
        (
            MimiUri::new_provider("127.1"),
            "at octet 7: the host is an IP address, not a domain name",
        ),
        (
            MimiUri::new_provider("a.example/u/alice"),
            "at octet 7: the host is not a valid domain name",
        ),
        (
            MimiUri::new_user("a.example", ""),
            "at octet 19: a path segment is empty",
        ),
        (
            MimiUri::new_client("a.example", Some(""), "A1"),
            "at octet 19: a path segment is empty",
        ),
        (
            MimiUri::new_user("a.example", ".."),
            "at octet 19: a path segment is `.` or `..`",
        ),
        (
            MimiUri::new_user("a.example", "al\u{0}"),
            "at octet 21: the decoded path segment holds a control character",
        ),
        (
            MimiUri::new_user("a.example", "é\u{85}"),
            "at octet 25: the decoded path segment holds a control character",
        ),
    ] {
        assert_eq!(made.unwrap_err().to_string(), expected);
    }
    let long = "ü".repeat(MAX_URI_LEN);
    assert_eq!(
        MimiUri::new_provider(&long),
        Err(UriError::HostTooLong { offset: 7 })
    );
    assert!(matches!(
        MimiUri::new_user("a.example", &long),
        Err(UriError::TooLong { .. })
    ));
}

#[test]
#[rustfmt::skip] // one line a case
fn other_spellings_are_refused_with_the_reason_and_the_place() {
    for (text, reason) in [
        ("", "at octet 0: a MIMI URI starts with `mimi://`"),
        ("a.example", "at octet 0: a MIMI URI starts with `mimi://`"),
        ("mimi:a.example", "at octet 0: a MIMI URI starts with `mimi://`"),
        ("MIMI://a.example", "at octet 0: a MIMI URI starts with `mimi://`"),
        (" mimi://a.example", "at octet 0: a MIMI URI starts with `mimi://`"),
        ("im://a.example", "at octet 0: a MIMI URI starts with `mimi://`"),
        ("mimi://", "at octet 7: the host is empty"),
        ("mimi:///u/alice", "at octet 7: the host is empty"),
        ("mimi://alice@a.example", "at octet 12: user information before the host"),
        ("mimi://a.example:443", "at octet 16: a port after the host"),
        ("mimi://a.example:", "at octet 16: a port after the host"),
        ("mimi://[2001:db8::1]/u/a", "at octet 7: the host is an IP address, not a domain name"),
        ("mimi://192.0.2.1", "at octet 7: the host is an IP address, not a domain name"),
        ("mimi://3221225985", "at octet 7: the host is an IP address, not a domain name"),
        ("mimi://0xc0000201/u/a", "at octet 7: the host is an IP address, not a domain name"),
        ("mimi://a.0x", "at octet 7: the host is an IP address, not a domain name"),
        ("mimi://a.example./u/a", "at octet 16: the host ends with a dot"),
        ("mimi://a..example", "at octet 9: a label of the host has not 1 to 63 octets"),
        ("mimi://.example", "at octet 7: a label of the host has not 1 to 63 octets"),
        ("mimi://-a.example", "at octet 7: the host is not a valid domain name"),
        ("mimi://a_b.example", "at octet 7: the host is not a valid domain name"),
        ("mimi://a%2eexample", "at octet 7: the host is not a valid domain name"),
        ("mimi://a b.example", "at octet 7: the host is not a valid domain name"),
        ("mimi://xn--a.example", "at octet 7: the host is not a valid domain name"),
        ("mimi://xn--example-.com", "at octet 7: the host is not a valid domain name"),
        ("mimi://A.Example/u/a", "at octet 7: the normal form of the host is `a.example`"),
        ("mimi://bücher.example", "at octet 7: the normal form of the host is `xn--bcher-kva.example`"),
        ("mimi://XN--bcher-kva.example", "at octet 7: the normal form of the host is `xn--bcher-kva.example`"),
        ("mimi://a.example/", "at octet 16: the URI ends with a slash"),
        ("mimi://a.example/u/", "at octet 18: the URI ends with a slash"),
        ("mimi://a.example/u/alice/", "at octet 24: the URI ends with a slash"),
        ("mimi://a.example/b/bob", "at octet 17: the path starts with none of /u/ /p/ /d/ /r/ /g/ /t/"),
        ("mimi://a.example/U/bob", "at octet 17: the path starts with none of /u/ /p/ /d/ /r/ /g/ /t/"),
        ("mimi://a.example/%75/bob", "at octet 17: the path starts with none of /u/ /p/ /d/ /r/ /g/ /t/"),
        ("mimi://a.example//u/bob", "at octet 17: the path starts with none of /u/ /p/ /d/ /r/ /g/ /t/"),
        ("mimi://a.example/u", "at octet 18: the path names nothing"),
        ("mimi://a.example/u/alice/phone", "at octet 25: a path segment too many"),
        ("mimi://a.example/d/alice/phone/x", "at octet 31: a path segment too many"),
        ("mimi://a.example/d//phone", "at octet 19: a path segment is empty"),
        ("mimi://a.example/u/.", "at octet 19: a path segment is `.` or `..`"),
        ("mimi://a.example/d/alice/..", "at octet 25: a path segment is `.` or `..`"),
        ("mimi://a.example/u/%2E", "at octet 19: the normal form of the percent-encoding is `.`"),
        ("mimi://a.example/u/alice?", "at octet 24: a MIMI URI has no query"),
        ("mimi://a.example?x", "at octet 16: a MIMI URI has no query"),
        ("mimi://a.example/u/alice#x?y", "at octet 24: a MIMI URI has no fragment"),
        ("mimi://a.example/u/al ice", "at octet 21: the normal form of octet 0x20 is `%20`"),
        ("mimi://a.example/u/zoë", "at octet 21: the normal form of octet 0xc3 is `%C3`"),
        ("mimi://a.example/u/a\"", "at octet 20: the normal form of octet 0x22 is `%22`"),
        ("mimi://a.example/u/a%", "at octet 20: `%` is not followed by two hexadecimal digits"),
        ("mimi://a.example/u/a%2", "at octet 20: `%` is not followed by two hexadecimal digits"),
        ("mimi://a.example/u/a%+1", "at octet 20: `%` is not followed by two hexadecimal digits"),
        ("mimi://a.example/u/a%2f", "at octet 20: the normal form of the percent-encoding is `%2F`"),
        ("mimi://a.example/u/%61", "at octet 19: the normal form of the percent-encoding is `a`"),
        ("mimi://a.example/u/a%7eb", "at octet 20: the normal form of the percent-encoding is `~`"),
        ("mimi://a.example/u/a%40b", "at octet 20: the normal form of the percent-encoding is `@`"),
        ("mimi://a.example/u/a%C3", "at octet 20: the decoded path segment is not valid UTF-8"),
        ("mimi://a.example/u/%C3%A9%FF", "at octet 25: the decoded path segment is not valid UTF-8"),
        ("mimi://a.example/u/%C0%AF", "at octet 19: the decoded path segment is not valid UTF-8"),
        ("mimi://a.example/u/a%00", "at octet 20: the decoded path segment holds a control character"),
        ("mimi://a.example/u/%0D%0Aa", "at octet 19: the decoded path segment holds a control character"),
        ("mimi://a.example/u/a%C2%85", "at octet 20: the decoded path segment holds a control character"),
        ("mimi://a.example/u/a%7F", "at octet 20: the decoded path segment holds a control character"),
    ] {
        assert_eq!(refusal(text), reason, "{text}");
    }
}

#[test]
fn lengths_are_bounded() {
    let start = "mimi://a.example/u/";
    let name = "a".repeat(MAX_URI_LEN - start.len());
    uri(&format!("{start}{name}"));
    assert_eq!(
        refusal(&format!("{start}{name}a")),
        "the URI has 1025 octets, more than 1024"
    );

    let label = "a".repeat(63);
    uri(&format!("mimi://{label}.example"));
    assert_eq!(
        refusal(&format!("mimi://b.{label}a.example")),
        "at octet 9: a label of the host has not 1 to 63 octets"
    );

    let host = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    assert_eq!(host.len(), 253);
    uri(&format!("mimi://{host}"));
    assert_eq!(
        refusal(&format!("mimi://{host}a")),
        "at octet 7: the host is longer than 253 octets"
    );
}

#[test]
fn the_wire_form_is_checked_too() {
    let user = uri("mimi://a.example/u/alice");
    let bytes = user.to_vec().unwrap();
    assert_eq!(bytes[0], 24);
    assert_eq!(MimiUri::from_slice(&bytes).unwrap(), user);
    let error = MimiUri::from_slice(b"\x11mimi://a.example/").unwrap_err();
    assert_eq!(
        error.to_string(),
        "at octet 1: not a MIMI URI in normal form: at octet 16: the URI ends with a slash"
    );
}

#[cfg(feature = "serde")]
#[test]
fn serde_goes_through_the_check() {
    let user = uri("mimi://a.example/u/alice");
    let json = serde_json::to_string(&user).unwrap();
    assert_eq!(json, "\"mimi://a.example/u/alice\"");
    assert_eq!(serde_json::from_str::<MimiUri>(&json).unwrap(), user);
    let error = serde_json::from_str::<MimiUri>("\"mimi://A.example\"").unwrap_err();
    assert!(error.to_string().contains("`a.example`"), "{error}");
}

/// Makes the URI anew from its decoded parts.
fn rebuilt(uri: &MimiUri) -> MimiUri {
    let domain = uri.domain();
    let name = uri.decoded().unwrap_or_default();
    match uri.kind() {
        UriKind::Provider => MimiUri::new_provider(domain),
        UriKind::User(_) => MimiUri::new_user(domain, &name),
        UriKind::Pseudonym(_) => MimiUri::new_pseudonym(domain, &name),
        UriKind::Client { .. } => {
            let user = uri.user();
            let user = user.as_ref().and_then(MimiUri::decoded);
            MimiUri::new_client(domain, user.as_deref(), &name)
        }
        UriKind::Room(_) => MimiUri::new_room(domain, &name),
        UriKind::Group(_) => MimiUri::new_group(domain, &name),
        UriKind::Team(_) => MimiUri::new_team(domain, &name),
        other => panic!("{other:?} is new"),
    }
    .unwrap()
}

/// Texts near the grammar, so that many parse.
fn near_uri() -> impl Strategy<Value = String> {
    let host = prop_oneof![
        Just("a.example".to_owned()),
        Just("xn--bcher-kva.example".to_owned()),
        "[a-zA-Z0-9-]{1,4}(\\.[a-z0-9ü-]{1,4}){0,2}",
        "xn--[a-z0-9]{1,6}",
    ];
    let part = prop_oneof![
        4 => "[a-z0-9@:!~.-]{1,3}",
        1 => "%[0-9A-F][0-9A-F]",
        1 => Just("%C3%A9".to_owned()),
        1 => Just("%2F".to_owned()),
        1 => any::<char>().prop_map(String::from),
    ];
    let segment = prop::collection::vec(part, 0..4).prop_map(|parts| parts.concat());
    (
        host,
        prop::option::of("[updrgtx]"),
        prop::collection::vec(segment, 0..3),
    )
        .prop_map(|(host, kind, segments)| {
            let mut uri = format!("mimi://{host}");
            for part in kind.iter().chain(&segments) {
                uri.push('/');
                uri.push_str(part);
            }
            uri
        })
}

proptest! {
    #[test]
    fn what_is_accepted_is_its_own_normal_form(text in near_uri()) {
        if let Ok(uri) = MimiUri::parse(&text) {
            prop_assert_eq!(uri.as_str(), &text);
            prop_assert_eq!(rebuilt(&uri), uri);
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>(), tail in any::<String>()) {
        let _ = MimiUri::parse(&text);
        let _ = MimiUri::parse(&format!("mimi://{text}"));
        let _ = MimiUri::parse(&format!("mimi://a.example/{text}/{tail}"));
        let _ = MimiUri::new_client(&text, Some(&tail), &text);
    }

    #[test]
    fn what_is_made_parses_and_gives_the_names_back(
        domain in "\\PC{1,8}",
        user in "\\PC{1,8}",
        client in any::<String>(),
    ) {
        if let Ok(uri) = MimiUri::new_provider(&domain) {
            prop_assert_eq!(MimiUri::parse(uri.as_str()).unwrap(), uri);
        }
        if let Ok(uri) = MimiUri::new_client("a.example", Some(&user), &client) {
            prop_assert_eq!(uri.decoded().unwrap(), client.as_str());
            let owner = uri.user().unwrap();
            prop_assert_eq!(owner.decoded().unwrap(), user.as_str());
            prop_assert_eq!(MimiUri::parse(owner.as_str()), Ok(owner));
            prop_assert_eq!(MimiUri::parse(uri.as_str()).unwrap(), uri);
        }
    }
}
