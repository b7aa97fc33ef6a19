//! `mimi_uri`.

use mimi_content::{MimiUri, UriError, UriKind};
use serde_json::{Value, json};

use super::procedures::{list, text};
use super::{Case, Family, Outcome, Refused};

pub(super) fn parse(input: &Value) -> Outcome {
    let uri = MimiUri::parse(text(input, "text")).map_err(|error| refused(&error))?;
    let (kind, names) = match uri.kind() {
        UriKind::Provider => ("provider", vec![]),
        UriKind::User(name) => ("user", vec![name]),
        UriKind::Pseudonym(name) => ("pseudonym", vec![name]),
        UriKind::Client { user: None, client } => ("client", vec![client]),
        UriKind::Client {
            user: Some(user),
            client,
        } => ("client", vec![user, client]),
        UriKind::Room(name) => ("room", vec![name]),
        UriKind::Group(name) => ("group", vec![name]),
        UriKind::Team(name) => ("team", vec![name]),
        other => panic!("{other:?} is new here"),
    };
    Ok(json!({
        "domain": uri.domain(),
        "kind": kind,
        "names": names,
        "decoded": uri.decoded(),
        "user": uri.user().map(|user| user.to_string()),
    }))
}

pub(super) fn make(input: &Value) -> Outcome {
    let domain = text(input, "domain");
    let names: Vec<&str> = list(input, "names")
        .map(|name| name.as_str().unwrap())
        .collect();
    let made = match (text(input, "kind"), names.as_slice()) {
        ("provider", []) => MimiUri::new_provider(domain),
        ("user", [name]) => MimiUri::new_user(domain, name),
        ("pseudonym", [name]) => MimiUri::new_pseudonym(domain, name),
        ("client", [name]) => MimiUri::new_client(domain, None, name),
        ("client", [user, name]) => MimiUri::new_client(domain, Some(user), name),
        ("room", [name]) => MimiUri::new_room(domain, name),
        ("group", [name]) => MimiUri::new_group(domain, name),
        ("team", [name]) => MimiUri::new_team(domain, name),
        other => panic!("{other:?}"),
    };
    match made {
        Ok(uri) => Ok(json!({ "uri": uri.as_str() })),
        // The offset counts in the URI that would have been made.
        Err(error) => Err(Refused {
            offset: None,
            ..refused(&error)
        }),
    }
}

pub(super) fn refused(error: &UriError) -> Refused {
    let (rule, offset) = match *error {
        UriError::TooLong { .. } => ("too_long", None),
        UriError::Scheme => ("scheme", Some(0)),
        UriError::EmptyHost { offset } => ("empty_host", Some(offset)),
        UriError::UserInfo { offset } => ("user_info", Some(offset)),
        UriError::Port { offset } => ("port", Some(offset)),
        UriError::IpAddress { offset } => ("ip_address", Some(offset)),
        UriError::TrailingDot { offset } => ("trailing_dot", Some(offset)),
        UriError::HostTooLong { offset } => ("host_too_long", Some(offset)),
        UriError::LabelLength { offset } => ("label_length", Some(offset)),
        UriError::InvalidHost { offset } => ("invalid_host", Some(offset)),
        UriError::HostNotNormal { offset, .. } => ("host_not_normal", Some(offset)),
        UriError::TrailingSlash { offset } => ("trailing_slash", Some(offset)),
        UriError::UnknownKind { offset } => ("unknown_kind", Some(offset)),
        UriError::MissingSegment { offset } => ("missing_segment", Some(offset)),
        UriError::ExtraSegment { offset } => ("extra_segment", Some(offset)),
        UriError::EmptySegment { offset } => ("empty_segment", Some(offset)),
        UriError::DotSegment { offset } => ("dot_segment", Some(offset)),
        UriError::Query { offset } => ("query", Some(offset)),
        UriError::Fragment { offset } => ("fragment", Some(offset)),
        UriError::Unencoded { offset, .. } => ("unencoded", Some(offset)),
        UriError::Escape { offset } => ("escape", Some(offset)),
        UriError::EscapeCase { offset, .. } => ("escape_case", Some(offset)),
        UriError::NeedlessEscape { offset, .. } => ("needless_escape", Some(offset)),
        UriError::Utf8 { offset } => ("utf8", Some(offset)),
        UriError::Control { offset } => ("control", Some(offset)),
        ref other => panic!("{other} is new here"),
    };
    Refused::new(rule, offset)
}

#[rustfmt::skip] // one line a case
const VALID: &[(&str, &str)] = &[
    ("provider", "mimi://a.example"),
    ("user", "mimi://a.example/u/alice"),
    ("pseudonym", "mimi://a.example/p/6f1d"),
    ("client", "mimi://a.example/d/phone"),
    ("client of a user", "mimi://a.example/d/alice/phone"),
    ("room", "mimi://hub.example/r/clubhouse"),
    ("group", "mimi://a.example/g/staff"),
    ("team", "mimi://a.example/t/red"),
    ("letter case is kept in names", "mimi://a.example/u/Alice"),
    ("all octets that stand for themselves", "mimi://a.example/r/-._~!$&'()*+,;=:@"),
    ("a name with a slash and a space", "mimi://a.example/r/a%2Fb%20c"),
    ("a name beyond ASCII", "mimi://a.example/r/b%C3%BCcher"),
    ("a percent sign", "mimi://a.example/r/100%25"),
    ("an A-label", "mimi://xn--bcher-kva.example/u/a"),
    ("a host of one label", "mimi://localhost/u/a"),
    ("two hyphens in the third and fourth place", "mimi://r3---a.example"),
    ("digits in a label that is not the last", "mimi://10.example"),
];

#[rustfmt::skip] // one line a case
const REFUSED: &[(&str, &str, &str, usize)] = &[
    ("another scheme", "https://a.example", "scheme", 0),
    ("the scheme in upper case", "MIMI://a.example", "scheme", 0),
    ("nothing", "", "scheme", 0),
    ("no host", "mimi:///u/alice", "empty_host", 7),
    ("a user name before the host", "mimi://alice@a.example", "user_info", 12),
    ("a port", "mimi://a.example:443/u/alice", "port", 16),
    ("an IPv4 address", "mimi://192.0.2.1/u/alice", "ip_address", 7),
    ("an IPv6 address", "mimi://[2001:db8::1]/u/alice", "ip_address", 7),
    ("a hexadecimal last label", "mimi://a.0x7f", "ip_address", 7),
    ("a dot behind the host", "mimi://a.example./u/alice", "trailing_dot", 16),
    ("an empty label", "mimi://a..example", "label_length", 9),
    ("an underscore in the host", "mimi://a_b.example", "invalid_host", 7),
    ("a hyphen before a label", "mimi://-a.example", "invalid_host", 7),
    ("an A-label of no code points", "mimi://xn--a.example", "invalid_host", 7),
    ("an A-label of ASCII", "mimi://xn--abc-.example", "invalid_host", 7),
    ("an A-label of what is written otherwise", "mimi://xn--le-1b1n.example", "invalid_host", 7),
    ("the host in upper case", "mimi://A.example/u/alice", "host_not_normal", 7),
    ("a U-label", "mimi://b\u{fc}cher.example", "host_not_normal", 7),
    ("a slash behind a provider", "mimi://a.example/", "trailing_slash", 16),
    ("a slash behind a user", "mimi://a.example/u/alice/", "trailing_slash", 24),
    ("a path of no kind", "mimi://a.example/x/alice", "unknown_kind", 17),
    ("a kind without a name", "mimi://a.example/u", "missing_segment", 18),
    ("two names of a user", "mimi://a.example/u/alice/phone", "extra_segment", 25),
    ("three names of a client", "mimi://a.example/d/a/b/c", "extra_segment", 23),
    ("an empty name", "mimi://a.example/d//phone", "empty_segment", 19),
    ("a name of one dot", "mimi://a.example/u/.", "dot_segment", 19),
    ("a name of two dots", "mimi://a.example/d/../phone", "dot_segment", 19),
    ("a query", "mimi://a.example/u/alice?x", "query", 24),
    ("a fragment", "mimi://a.example/u/alice#x", "fragment", 24),
    ("a space", "mimi://a.example/u/al ice", "unencoded", 21),
    ("a name not encoded", "mimi://a.example/r/b\u{fc}cher", "unencoded", 20),
    ("a quotation mark", "mimi://a.example/u/\"", "unencoded", 19),
    ("half an escape", "mimi://a.example/u/a%2", "escape", 20),
    ("an escape of other letters", "mimi://a.example/u/%zz", "escape", 19),
    ("an escape in lower case", "mimi://a.example/r/a%2fb", "escape_case", 20),
    ("a needless escape", "mimi://a.example/u/%61lice", "needless_escape", 19),
    ("a needless escape of a tilde", "mimi://a.example/u/%7E", "needless_escape", 19),
    ("half a character", "mimi://a.example/u/a%C3", "utf8", 20),
    ("a surrogate", "mimi://a.example/u/%ED%A0%80", "utf8", 19),
    ("NUL", "mimi://a.example/u/a%00", "control", 20),
    ("a control character beyond ASCII", "mimi://a.example/u/%C2%85", "control", 19),
];

#[rustfmt::skip] // one line a case
const MADE: &[(&str, &str, &str, &[&str])] = &[
    ("a domain in upper case", "A.Example", "user", &["Alice"]),
    ("a domain with a sharp s", "fa\u{df}.example", "provider", &[]),
    ("a domain with a final sigma", "\u{3b2}\u{3cc}\u{3bb}\u{3bf}\u{3c2}.example", "provider", &[]),
    ("a domain with another dot", "a\u{3002}Example", "provider", &[]),
    ("a domain with a ligature", "\u{fb01}le.example", "provider", &[]),
    ("a domain from right to left", "\u{5d0}\u{5d1}.example", "provider", &[]),
    ("an internationalised domain", "B\u{fc}cher.example", "room", &["reading club"]),
    ("a name with a slash", "a.example", "room", &["a/b"]),
    ("a name that looks encoded", "a.example", "room", &["100%25"]),
    ("a name beyond ASCII", "a.example", "user", &["J\u{f6}rg \u{2764}"]),
    ("a client of a user", "a.example", "client", &["J\u{f6}rg", "phone 1"]),
    ("a provider", "EXAMPLE", "provider", &[]),
];

#[rustfmt::skip] // one line a case
const NOT_MADE: &[(&str, &str, &str, &[&str], &str)] = &[
    ("no name", "a.example", "user", &[""], "empty_segment"),
    ("a dot for a name", "a.example", "room", &["."], "dot_segment"),
    ("a control character", "a.example", "room", &["a\u{7}b"], "control"),
    ("an address for a domain", "127.0.0.1", "user", &["alice"], "ip_address"),
    ("no domain", "", "user", &["alice"], "empty_host"),
    ("a domain with a joiner", "a\u{200d}b.example", "provider", &[], "invalid_host"),
    ("a domain that begins with a mark", "\u{301}a.example", "provider", &[], "invalid_host"),
    ("a domain in both directions", "a\u{5d0}.example", "provider", &[], "invalid_host"),
];

pub(super) fn family() -> Family {
    let long = |octets: usize| format!("mimi://a.example/u/{}", "a".repeat(octets - 19));
    let label = |octets: usize| format!("mimi://{}.example", "a".repeat(octets));
    let host = |octets: usize| {
        let label = format!("{}.", "a".repeat(49));
        format!("mimi://{}{}", label.repeat(5), "b".repeat(octets - 250))
    };
    let parsed = |name: &str, text: &str| Case::valid("uri_parse", name, json!({ "text": text }));
    let refused = |name: &str, text: &str, rule: &str, offset: Option<usize>| {
        Case::refused("uri_parse", name, json!({ "text": text }), rule, offset)
    };
    let mut cases: Vec<Case> = VALID.iter().map(|(name, uri)| parsed(name, uri)).collect();
    cases.push(parsed("1024 octets", &long(1024)));
    cases.push(parsed("a label of 63 octets", &label(63)));
    cases.push(parsed("a host of 253 octets", &host(253)));
    cases.extend(
        REFUSED
            .iter()
            .map(|(name, uri, rule, offset)| refused(name, uri, rule, Some(*offset))),
    );
    cases.push(refused("1025 octets", &long(1025), "too_long", None));
    cases.push(refused(
        "a label of 64 octets",
        &label(64),
        "label_length",
        Some(7),
    ));
    cases.push(refused(
        "a host of 254 octets",
        &host(254),
        "host_too_long",
        Some(7),
    ));
    let made = |domain: &str, kind: &str, names: &[&str]| json!({ "domain": domain, "kind": kind, "names": names });
    cases.extend(MADE.iter().map(|(name, domain, kind, names)| {
        Case::valid(
            "uri_make",
            &format!("made of {name}"),
            made(domain, kind, names),
        )
    }));
    cases.extend(NOT_MADE.iter().map(|(name, domain, kind, names, rule)| {
        let name = format!("not made of {name}");
        Case::refused("uri_make", &name, made(domain, kind, names), rule, None)
    }));
    Family {
        family: "mimi_uri".to_owned(),
        about: "MIMI URIs in their one normal form (PROTO, \"Identifiers\")".to_owned(),
        cases,
    }
}
