//! Which texts are URIs and host names.

use insta::assert_snapshot;
use mimi_content::tls::{Decode, Encode, Rule};
use mimi_policy::{DomainName, Uri};

use super::{exact, host, refusal, uri};

/// The error of the text as a URI, in a vector with a length of one octet.
fn fault(text: &str) -> String {
    let bytes = [&[text.len() as u8], text.as_bytes()].concat();
    let error = Uri::from_slice(&bytes).unwrap_err();
    assert_eq!(Uri::parse(text), Err(error.rule.clone()));
    error.to_string()
}

#[test]
fn uris_of_all_kinds_are_taken_as_they_are() {
    for text in [
        "x:",
        "https://a.example",
        "https://a.example/",
        "HTTPS://User:pass%20word@A.Example:8443/p//q;r=1/./..?q=a/b?c#f/?@:",
        "https://a.example:?#",
        "https://b%C3%BCcher.example",
        "https://192.0.2.1:80/x",
        "ldap://[2001:db8::7]:389/c=x?one",
        "http://[::ffff:192.0.2.1]",
        "file:///etc/policy",
        "mimi://a.example/u/alice",
        "mailto:a@b.example",
        "urn:x-a:1,2(3)*'!$&",
        "tel:+1-555-0100",
        "a+b-c.9:/x",
    ] {
        assert_eq!(uri(text).as_str(), text);
        assert_eq!(uri(text).to_string(), text);
        exact(&uri(text));
    }
}

#[test]
fn a_uri_starts_with_a_scheme() {
    assert_snapshot!(fault("a.example/policy"), @"at octet 1: a URI does not start with a scheme");
    for text in [
        "",
        ":",
        ":x",
        "/a:b",
        "//a.example",
        "1a:b",
        "a_b:c",
        "?a:b",
        "#",
        "é:x",
    ] {
        assert!(
            fault(text).ends_with("at octet 1: a URI does not start with a scheme"),
            "{text}"
        );
    }
}

#[test]
fn a_character_out_of_place_is_pointed_at() {
    assert_snapshot!(fault("https://a.example/a b"), @"at octet 20: a character cannot stand here in a URI");
    for (text, at) in [
        ("x:\"", 2),
        ("x:é", 2),
        ("x:a\\b", 3),
        ("x:<a>", 2),
        ("x:a\0", 3),
        ("x:[::1]", 2),
        ("x:a#b#c", 5),
        ("x:a?b#c^", 7),
        ("x://a^b", 5),
        ("x://u^@a", 5),
        ("x://u@v@a", 5),
        ("x://a:b", 5),
        ("x://a:8:0", 5),
        ("x://[::1", 4),
        ("x://[::1]x", 4),
        ("x://[]", 4),
        ("x://[1.2.3.4]", 4),
        ("x://[::1%25eth0]", 4),
        ("x://[v1.x]", 4),
        ("x://a]", 5),
        ("x://u@[", 6),
    ] {
        let expected = format!(
            "at octet {}: a character cannot stand here in a URI",
            at + 1
        );
        assert_eq!(fault(text), expected, "{text}");
    }
}

#[test]
fn a_percent_encoding_is_whole() {
    assert_snapshot!(fault("x:a%2"), @"at octet 4: a percent sign is not followed by two digits");
    for (text, at) in [
        ("x:%", 2),
        ("x:%zz", 2),
        ("x:%41%4g", 5),
        ("x://%/a", 4),
        ("x:#%%41", 3),
    ] {
        let expected = format!(
            "at octet {}: a percent sign is not followed by two digits",
            at + 1
        );
        assert_eq!(fault(text), expected, "{text}");
    }
}

#[test]
fn a_host_is_the_host_of_a_mimi_uri() {
    for text in [
        "a.example",
        "localhost",
        "xn--bcher-kva.example",
        "r3---a.example",
    ] {
        assert_eq!(host(text).as_str(), text);
        assert_eq!(host(text).to_string(), text);
        exact(&host(text));
    }
    for text in [
        "",
        "A.example",
        "a.example.",
        "a..example",
        "a.example:443",
        "u@a.example",
        "192.0.2.1",
        "[::1]",
        "bücher.example",
        "a.example/",
        "a.example/u/alice",
        "a.example?",
        "a.example#",
        "a b",
        "a_b.example",
    ] {
        let rule = Rule::Structure("a host name is not in normal form");
        assert_eq!(DomainName::parse(text), Err(rule), "{text}");
    }
    assert_snapshot!(refusal::<DomainName>(b"\x09A.example"), @"at octet 0: a host name is not in normal form");
}

#[test]
fn what_parses_decodes_and_what_does_not_does_not() {
    for first in 0..=u8::MAX {
        for text in [
            format!("x:{}", char::from(first)),
            format!("x://{}", char::from(first)),
            format!("{}x:", char::from(first)),
        ] {
            let bytes = [&[text.len() as u8], text.as_bytes()].concat();
            match Uri::parse(&text) {
                Ok(uri) => assert_eq!(uri.to_vec().as_ref(), Ok(&bytes)),
                Err(rule) => assert_eq!(Uri::from_slice(&bytes).unwrap_err().rule, rule),
            }
        }
    }
}
