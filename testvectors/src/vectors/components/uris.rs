//! The URIs and host names that policies point to.

use super::{family, refused, text, vector};
use crate::hex;
use crate::vectors::Family;
use crate::vectors::tls::Structure;

pub(in crate::vectors) fn policy_uris() -> Family {
    let (uris, hosts) = (Structure("Uri"), Structure("DomainName"));
    let mut cases = Vec::new();
    for (name, uri) in [
        ("a scheme alone", "x:"),
        ("a host", "https://a.example"),
        (
            "all that there can be",
            "HTTPS://User:pass%20word@A.Example:8443/p//q;r=1/./..?q=a/b?c#f/?@:",
        ),
        ("an empty port, query and fragment", "https://a.example:?#"),
        ("an IPv4 address", "https://192.0.2.1:80/x"),
        ("an IPv6 address", "ldap://[2001:db8::7]:389/c=x?one"),
        ("no host", "file:///etc/policy"),
        ("a user of MIMI", "mimi://a.example/u/alice"),
        ("no authority", "urn:x-a:1,2(3)*'!$&"),
        ("a scheme of all characters", "a+b-c.9:/x"),
    ] {
        cases.push(uris.octets(name, &hex::literal(&text(uri))));
    }
    let long = |len: usize| text(&format!("x:{}", "a".repeat(len - 2)));
    cases.push(uris.octets("8000 octets", &hex::literal(&long(8000))));
    for (name, uri, at) in [
        ("empty", "", 0),
        ("no scheme", "a.example/policy", 0),
        ("an empty scheme", ":x", 0),
        ("a scheme that starts with a digit", "1a:b", 0),
        ("a scheme with an underscore", "a_b:c", 0),
        ("a relative reference", "//a.example", 0),
        ("a space", "https://a.example/a b", 19),
        ("a character that is not ASCII", "x:\u{e9}", 2),
        ("a backslash", "x:a\\b", 3),
        ("NUL", "x:a\0", 3),
        ("brackets in a path", "x:[::1]", 2),
        ("two fragments", "x:a#b#c", 5),
        ("two users", "x://u@v@a", 5),
        ("two ports", "x://a:8:0", 5),
        ("a port that is no number", "x://a:b", 5),
        ("an address that does not end", "x://[::1", 4),
        ("an address that is none", "x://[]", 4),
        ("an address of another version", "x://[v1.x]", 4),
        ("a zone", "x://[::1%25eth0]", 4),
        ("a percent sign at the end", "x:%", 2),
        ("an escape of one digit", "x:a%2", 3),
        ("an escape of other letters", "x:%41%4g", 5),
        ("an escape in a host", "x://%/a", 4),
    ] {
        let digits = text(uri);
        cases.extend(refused(&uris, &[(name, &digits, "structure", 1 + at)]));
    }
    cases.extend(refused(
        &uris,
        &[
            ("8001 octets", &long(8001), "limit", 0),
            ("not UTF-8", "03 783aff", "utf8", 3),
            (
                "a length in two octets",
                "4003 783a79",
                "non_minimal_length",
                0,
            ),
        ],
    ));
    cases.extend(uris.bounds(&hex::literal("03 783a79")));

    for (name, host) in [
        ("two labels", "a.example"),
        ("one label", "localhost"),
        ("an A-label", "xn--bcher-kva.example"),
        ("hyphens where those of an A-label are", "r3---a.example"),
    ] {
        cases.push(hosts.octets(name, &hex::literal(&text(host))));
    }
    let labels = ["a", "b", "c"].map(|label| label.repeat(63)).join(".");
    let longest = |last: usize| text(&format!("{labels}.{}", "d".repeat(last)));
    cases.push(hosts.octets("253 octets", &hex::literal(&longest(61))));
    for (name, host) in [
        ("empty", ""),
        ("upper case", "A.example"),
        ("a dot at the end", "a.example."),
        ("an empty label", "a..example"),
        ("a port", "a.example:443"),
        ("a user", "u@a.example"),
        ("an IPv4 address", "192.0.2.1"),
        ("an IPv6 address", "[::1]"),
        ("a U-label", "b\u{fc}cher.example"),
        ("a slash", "a.example/"),
        ("a path", "a.example/u/alice"),
        ("a query", "a.example?"),
        ("a space", "a b"),
        ("an underscore", "a_b.example"),
    ] {
        let digits = text(host);
        cases.extend(refused(&hosts, &[(name, &digits, "structure", 0)]));
    }
    let label = text(&"a".repeat(64));
    cases.extend(refused(
        &hosts,
        &[
            ("254 octets", &longest(62), "limit", 0),
            ("a label of 64 octets", &label, "structure", 0),
            ("not UTF-8", &vector("61ff"), "utf8", 2),
        ],
    ));
    cases.extend(hosts.bounds(&hex::literal(&text("a.example"))));
    family(
        "policy_uris",
        "URIs and host names in policies (POLICY, \"Complete TLS Presentation Language Syntax\")",
        cases,
    )
}
