//! `web_targets` and `tree_source`: what is fetched from web servers, and what
//! is not.

use mimi_content::{DomainName, HttpsUrl, HttpsUrlError};
use mimi_protocol::assets::{AssetDomains, InnerRequest, TargetRefusal, may_connect, may_pass_on};
use mimi_protocol::tree::{TreeRefusal, TreeSource, resolve};
use mimi_protocol::wire::mls::{Extension, ExtensionType};
use mimi_protocol::wire::{Decode, DomainList, Encode, RatchetTreeOption};
use serde_json::{Value, json};

use super::procedures::{list, octets, text};
use super::tls::Structure;
use super::{Case, Family, Outcome, Refused, uri};
use crate::hex;

pub(super) fn url(input: &Value) -> Outcome {
    let url = HttpsUrl::parse(text(input, "url")).map_err(|error| of_url(&error))?;
    Ok(json!({ "host": url.host() }))
}

pub(super) fn asset(input: &Value) -> Outcome {
    let url = domains(input).judge(text(input, "url"));
    let url = url.map_err(|refusal| of_target(&refusal))?;
    Ok(json!({ "url": url.as_str() }))
}

pub(super) fn inner(input: &Value) -> Outcome {
    let url = domains(input).judge_inner(&InnerRequest {
        method: text(input, "method"),
        scheme: text(input, "scheme"),
        authority: text(input, "authority"),
        path: text(input, "path"),
    });
    let url = url.map_err(|refusal| of_target(&refusal))?;
    Ok(json!({ "url": url.as_str() }))
}

pub(super) fn address(input: &Value) -> Outcome {
    let address = text(input, "address").parse().unwrap();
    may_connect(address).map_err(|refusal| of_target(&refusal))?;
    Ok(json!({}))
}

pub(super) fn status(input: &Value) -> Outcome {
    let status = u16::try_from(input["status"].as_u64().unwrap()).unwrap();
    may_pass_on(status).map_err(|refusal| of_target(&refusal))?;
    Ok(json!({}))
}

pub(super) fn tree(input: &Value) -> Outcome {
    let option = RatchetTreeOption::from_slice(&octets(input, "option")).unwrap();
    let extensions: Vec<Extension> = list(input, "extensions")
        .map(|extension| Extension::from_slice(&hex::literal(extension.as_str().unwrap())).unwrap())
        .collect();
    let source = resolve(&option, &extensions, text(input, "hub_domain"));
    let source = source.map_err(|refusal| match refusal {
        TreeRefusal::Url(error) => of_url(&error),
        TreeRefusal::Domains(_) => Refused::new("domains", None),
        TreeRefusal::DomainsTwice => Refused::new("domains_twice", None),
        TreeRefusal::Host(_) => Refused::new("host", None),
        other => panic!("{other} is new here"),
    })?;
    Ok(match source {
        TreeSource::Inline(_) => json!({ "source": "inline", "url": null }),
        TreeSource::Fetch(url) => json!({ "source": "fetch", "url": url.as_str() }),
        TreeSource::OutOfBand => json!({ "source": "out_of_band", "url": null }),
        TreeSource::DistributionService => {
            json!({ "source": "distribution_service", "url": null })
        }
    })
}

fn domains(input: &Value) -> AssetDomains {
    let domains = list(input, "domains");
    domains
        .map(|domain| DomainName::parse(domain.as_str().unwrap()).unwrap())
        .collect()
}

fn of_url(error: &HttpsUrlError) -> Refused {
    let (rule, offset) = match error {
        HttpsUrlError::TooLong { .. } => ("too_long", None),
        HttpsUrlError::Scheme => ("scheme", Some(0)),
        HttpsUrlError::Backslash { offset } => ("backslash", Some(*offset)),
        HttpsUrlError::Control { offset } => ("control", Some(*offset)),
        HttpsUrlError::Space { offset } => ("space", Some(*offset)),
        HttpsUrlError::NotAscii { offset } => ("not_ascii", Some(*offset)),
        HttpsUrlError::Octet { offset, .. } => ("octet", Some(*offset)),
        HttpsUrlError::Escape { offset } => ("escape", Some(*offset)),
        HttpsUrlError::EscapedHost { offset } => ("escaped_host", Some(*offset)),
        HttpsUrlError::Host(error) => return uri::refused(error),
        HttpsUrlError::Fragment { offset } => ("fragment", Some(*offset)),
        other => panic!("{other} is new here"),
    };
    Refused::new(rule, offset)
}

fn of_target(refusal: &TargetRefusal) -> Refused {
    let rule = match refusal {
        TargetRefusal::Url(error) => return of_url(error),
        TargetRefusal::Authority => "authority",
        TargetRefusal::Path => "path",
        TargetRefusal::Method => "method",
        TargetRefusal::Host(_) => "host",
        TargetRefusal::Address(_) => "address",
        TargetRefusal::Redirect(_) => "redirect",
        other => panic!("{other} is new here"),
    };
    Refused::new(rule, None)
}

#[rustfmt::skip] // one line a case
const URLS: &[(&str, &str)] = &[
    ("a host alone", "https://a.example"),
    ("a path", "https://a.example/a/../b//c;d=1"),
    ("a query", "https://a.example/1?q=https://b.example/&r=@:?"),
    ("a query without a path", "https://a.example?1"),
    ("percent-encodings in either case", "https://a.example/%2F%2f%00"),
    ("A-labels", "https://xn--bcher-kva.example/1"),
    ("two hyphens that are no A-label", "https://r3---a.example/"),
    ("a host of one label", "https://localhost/"),
];

#[rustfmt::skip] // one line a case
const NO_URLS: &[(&str, &str, &str, usize)] = &[
    ("nothing", "", "scheme", 0),
    ("http", "http://a.example/", "scheme", 0),
    ("the scheme in upper case", "HTTPS://a.example/", "scheme", 0),
    ("one slash", "https:/a.example/", "scheme", 0),
    ("backslashes for slashes", "https:\\\\a.example/", "scheme", 0),
    ("no scheme", "//a.example/", "scheme", 0),
    ("a space in front", " https://a.example/", "scheme", 0),
    ("percent-encoded once more", "https%3A%2F%2Fa.example", "scheme", 0),
    ("three slashes", "https:///a.example/", "empty_host", 8),
    ("no host", "https://?a.example", "empty_host", 8),
    ("a backslash behind the host", "https://a.example\\@b.example/", "backslash", 17),
    ("a backslash in the path", "https://a.example/\\..", "backslash", 18),
    ("a tab in the host", "https://a.exa\tmple/", "control", 13),
    ("a line feed at the end", "https://a.example/\n", "control", 18),
    ("another header", "https://a.example/\r\nX: 1", "control", 18),
    ("NUL", "https://a.example\0.b.example/", "control", 17),
    ("DEL", "https://a.example/\u{7f}", "control", 18),
    ("a space in the path", "https://a.example/ HTTP/1.1", "space", 18),
    ("a U-label", "https://b\u{fc}cher.example/", "not_ascii", 9),
    ("a Cyrillic letter", "https://\u{430}.example/", "not_ascii", 8),
    ("an ideographic full stop", "https://a\u{3002}example/", "not_ascii", 9),
    ("a soft hyphen", "https://a\u{ad}.example/", "not_ascii", 9),
    ("a letter beyond ASCII in the path", "https://a.example/\u{e4}", "not_ascii", 18),
    ("a quotation mark", "https://a.example/\"", "octet", 18),
    ("a brace", "https://a.example/{1}", "octet", 18),
    ("a bracket in the path", "https://a.example/[", "octet", 18),
    ("a bracket in the query", "https://a.example?]", "octet", 18),
    ("half an escape", "https://a.example/%2", "escape", 18),
    ("an escape of other letters", "https://a.example/%zz", "escape", 18),
    ("an escape in the host", "https://%61.example/", "escaped_host", 8),
    ("an escaped slash in the host", "https://a.example%2f.b.example/", "escaped_host", 17),
    ("a user", "https://alice@a.example/", "user_info", 13),
    ("a host for a user", "https://a.example@b.example/", "user_info", 17),
    ("an empty user", "https://@a.example/", "user_info", 8),
    ("the usual port", "https://a.example:443/", "port", 17),
    ("an empty port", "https://a.example:/", "port", 17),
    ("another port", "https://a.example:8443/", "port", 17),
    ("a dot behind the host", "https://a.example./", "trailing_dot", 17),
    ("an empty label", "https://a..example/", "label_length", 10),
    ("an underscore in the host", "https://a_b.example/", "invalid_host", 8),
    ("an ampersand in the host", "https://a.example&b/", "invalid_host", 8),
    ("an A-label of no code points", "https://xn--a.example/", "invalid_host", 8),
    ("the host in upper case", "https://A.example/", "host_not_normal", 8),
    ("an IPv4 address", "https://192.0.2.1/", "ip_address", 8),
    ("a short IPv4 address", "https://127.1/", "ip_address", 8),
    ("a decimal address", "https://2130706433/", "ip_address", 8),
    ("a hexadecimal address", "https://0x7f000001/", "ip_address", 8),
    ("an octal address", "https://0177.0.0.1/", "ip_address", 8),
    ("a hexadecimal last label", "https://a.0x7f/", "ip_address", 8),
    ("an IPv6 address", "https://[::1]/", "ip_address", 8),
    ("an IPv4 address in an IPv6 address", "https://[::ffff:127.0.0.1]/", "ip_address", 8),
    ("an empty fragment", "https://a.example/#", "fragment", 18),
    ("a fragment behind the host", "https://a.example#@b.example/", "fragment", 17),
];

/// Behind `https://`: hosts that are not those of the peers.
const OTHERS: &[(&str, &str)] = &[
    ("another host", "evil.example"),
    ("a host that ends like one", "evil-a.example"),
    ("a host that begins like one", "a.example.evil.example"),
    ("a subdomain of one", "www.a.example"),
    ("the domain above one", "b.example"),
    ("a host that looks like one", "xn--80a.example"),
    ("the hub itself", "localhost"),
];

#[rustfmt::skip] // one line a case
const INNER: &[(&str, [&str; 4], &str)] = &[
    ("CONNECT", ["CONNECT", "", "a.example:443", ""], "method"),
    ("POST", ["POST", "https", "a.example", "/1"], "method"),
    ("HEAD", ["HEAD", "https", "a.example", "/1"], "method"),
    ("GET in lower case", ["get", "https", "a.example", "/1"], "method"),
    ("http", ["GET", "http", "a.example", "/1"], "scheme"),
    ("a scheme that is a URL", ["GET", "https://evil.example/?", "a.example", "/1"], "scheme"),
    ("no path", ["GET", "https", "a.example", ""], "path"),
    ("a path that is a URL", ["GET", "https", "a.example", "https://evil.example/1"], "path"),
    ("a path that begins like an authority", ["GET", "https", "a.example", "//evil.example/1"], "path"),
    ("a path that goes on with the host", ["GET", "https", "a.example", ".evil.example/"], "path"),
    ("an asterisk", ["GET", "https", "a.example", "*"], "path"),
    ("an authority with a path", ["GET", "https", "a.example/x", "/1"], "authority"),
    ("an authority with a query", ["GET", "https", "a.example?x", "/1"], "authority"),
    ("an authority with a fragment", ["GET", "https", "a.example#", "/1"], "authority"),
    ("another authority", ["GET", "https", "evil.example", "/1"], "host"),
];

/// The first and the last address of each range, and some inside.
#[rustfmt::skip] // one line a range
const CLOSED: &[&str] = &[
    "0.0.0.0", "0.255.255.255",
    "10.0.0.0", "10.255.255.255",
    "100.64.0.0", "100.127.255.255",
    "127.0.0.0", "127.0.0.1", "127.255.255.255",
    "169.254.0.0", "169.254.169.254", "169.254.255.255",
    "172.16.0.0", "172.31.255.255",
    "192.0.0.0", "192.0.0.255",
    "192.0.2.0", "192.0.2.255",
    "192.88.99.0", "192.88.99.255",
    "192.168.0.0", "192.168.255.255",
    "198.18.0.0", "198.19.255.255",
    "198.51.100.0", "198.51.100.255",
    "203.0.113.0", "203.0.113.255",
    "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255",
    "::", "::1", "::7f00:1", "::8.8.8.8", "1fff:ffff::",
    "::ffff:127.0.0.1", "::ffff:192.168.0.1", "::ffff:0:8.8.8.8",
    "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8", "64:ff9b::1:808:808",
    "2001::", "2001:0:808:808::1", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "2002:7f00:1::", "2002:c0a8:1::1",
    "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
    "4000::", "5f00::1", "fc00::", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
];

/// The neighbours of these ranges, and the like.
#[rustfmt::skip] // one line a range
const OPEN: &[&str] = &[
    "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
    "191.255.255.255", "192.0.1.0", "192.0.1.255", "192.0.3.0", "192.88.98.255", "192.88.100.0",
    "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255",
    "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",
    "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    "2000::", "2000:ffff::", "2001:200::", "2001:db7:ffff::", "2001:db9::",
    "2002:808:808::1", "2003::1", "2600:9000::1", "3ffe:ffff::", "3fff:1000::",
];

pub(super) fn web() -> Family {
    let mut cases = Vec::new();
    let url = |text: &str| json!({ "url": text });
    let long = |octets: usize| format!("https://a.example/{}", "x".repeat(octets - 18));
    for (name, text) in URLS {
        cases.push(Case::valid("https_url", name, url(text)));
    }
    cases.push(Case::valid("https_url", "8192 octets", url(&long(8192))));
    for (name, text, rule, offset) in NO_URLS {
        cases.push(Case::refused("https_url", name, url(text), rule, *offset));
    }
    let longer = url(&long(8193));
    cases.push(Case::refused(
        "https_url",
        "8193 octets",
        longer,
        "too_long",
        None,
    ));

    let peers = ["a.example", "assets.b.example", "xn--bcher-kva.example"];
    let asset = |text: &str| json!({ "domains": peers, "url": text });
    let valid = |name: &str, text| Case::valid("asset_target", name, asset(text));
    cases.push(valid("an asset", "https://a.example/1"));
    cases.push(valid(
        "an asset of another peer",
        "https://assets.b.example/1?2",
    ));
    cases.push(valid(
        "an asset below a path of two slashes",
        "https://a.example//b.example",
    ));
    for (name, host) in OTHERS {
        let input = asset(&format!("https://{host}/1"));
        let name = format!("an asset on {name}");
        cases.push(Case::refused("asset_target", &name, input, "host", None));
    }
    let trick = asset("https://evil.example\\@a.example/1");
    let name = "an asset that some find elsewhere";
    cases.push(Case::refused("asset_target", name, trick, "backslash", 20));
    let nobody = json!({ "domains": [], "url": "https://a.example/1" });
    let name = "an asset where there are no peers";
    cases.push(Case::refused("asset_target", name, nobody, "host", None));

    let inner = |[method, scheme, authority, path]: [&str; 4]| {
        json!({
            "domains": peers,
            "method": method,
            "scheme": scheme,
            "authority": authority,
            "path": path,
        })
    };
    let good = inner(["GET", "https", "a.example", "/1?2"]);
    cases.push(Case::valid("asset_inner_target", "an inner request", good));
    for (name, parts, rule) in INNER {
        let name = format!("an inner request: {name}");
        let offset = (*rule == "scheme").then_some(0);
        cases.push(Case::refused(
            "asset_inner_target",
            &name,
            inner(*parts),
            rule,
            offset,
        ));
    }
    let port = inner(["GET", "https", "a.example:443", "/1"]);
    let name = "an inner request: an authority with a port";
    cases.push(Case::refused("asset_inner_target", name, port, "port", 17));

    for address in OPEN {
        let input = json!({ "address": address });
        cases.push(Case::valid("asset_address", address, input));
    }
    for address in CLOSED {
        let input = json!({ "address": address });
        cases.push(Case::refused(
            "asset_address",
            address,
            input,
            "address",
            None,
        ));
    }
    for status in [200, 206, 299, 304, 400, 404, 500] {
        let input = json!({ "status": status });
        cases.push(Case::valid(
            "asset_status",
            &format!("status {status}"),
            input,
        ));
    }
    for status in [300, 301, 302, 303, 307, 308, 399] {
        let input = json!({ "status": status });
        let name = format!("status {status}");
        cases.push(Case::refused(
            "asset_status",
            &name,
            input,
            "redirect",
            None,
        ));
    }
    Family {
        family: "web_targets".to_owned(),
        about: "What a hub downloads for others, and what nobody can read in two ways (PROTO, \
                \"Download Files\")"
            .to_owned(),
        cases,
    }
}

pub(super) fn tree_source() -> Family {
    let extension = |extension_type, data: Vec<u8>| Extension {
        extension_type,
        data: data.into(),
    };
    let domains = |domains: &[&str]| DomainList {
        domains: domains
            .iter()
            .map(|domain| DomainName::parse(domain).unwrap())
            .collect(),
    };
    let source_domains = |data| extension(ExtensionType::RATCHET_TREE_SOURCE_DOMAINS, data);
    let listed = |names: &[&str]| source_domains(domains(names).to_vec().unwrap());
    let input = |option: &RatchetTreeOption, extensions: &[Extension]| {
        let extensions = extensions.iter().map(|e| hex::encode(&e.to_vec().unwrap()));
        json!({
            "option": hex::encode(&option.to_vec().unwrap()),
            "extensions": extensions.collect::<Vec<_>>(),
            "hub_domain": "hub.example",
        })
    };
    let at = |url: &str| RatchetTreeOption::HttpsUri {
        url: url.to_owned(),
        tree_signature: bytes::Bytes::from_static(&[7, 7]),
    };
    let valid = |name: &str, option, extensions: &[Extension]| {
        Case::valid("tree_source", name, input(option, extensions))
    };
    let refused = |name: &str, url: &str, extensions: &[Extension], rule: &str, offset| {
        let input = input(&at(url), extensions);
        Case::refused("tree_source", name, input, rule, offset)
    };
    let (on_hub, on_trees) = ("https://hub.example/1", "https://trees.a.example/1");
    let two = [listed(&["xn--bcher-kva.example", "trees.a.example"])];
    let other = [extension(ExtensionType::EXTERNAL_SENDERS, vec![0])];
    let (broken, empty) = ([source_domains(vec![2, 1])], [source_domains(vec![0])]);
    let upper = [source_domains(b"\x0c\x0bHub.example".to_vec())];
    let twice = [listed(&["hub.example"]), listed(&["hub.example"])];
    let out_of_band = RatchetTreeOption::OutOfBand {
        tree_signature: bytes::Bytes::new(),
    };
    let inline = RatchetTreeOption::from_slice(&[1, 0]).unwrap();
    let lists = Structure("DomainList");
    let mut cases = vec![
        valid("inline", &inline, &two),
        valid("out of band", &out_of_band, &two),
        valid(
            "the hub has it",
            &RatchetTreeOption::DistributionService,
            &[],
        ),
        valid("inline, where the list is malformed", &inline, &broken),
        valid("the hub's own domain", &at(on_hub), &[]),
        valid(
            "the hub's own domain beside another extension",
            &at(on_hub),
            &other,
        ),
        valid("a listed domain", &at(on_trees), &two),
        valid(
            "the other listed domain",
            &at("https://xn--bcher-kva.example"),
            &two,
        ),
        refused(
            "the hub, where a list leaves it out",
            on_hub,
            &two,
            "host",
            None,
        ),
        refused("a domain that nobody lists", on_trees, &[], "host", None),
        refused(
            "a subdomain of the hub",
            "https://t.hub.example/1",
            &[],
            "host",
            None,
        ),
        refused(
            "a subdomain of a listed one",
            "https://x.trees.a.example/",
            &two,
            "host",
            None,
        ),
        refused(
            "the domain above a listed one",
            "https://a.example/1",
            &two,
            "host",
            None,
        ),
        refused(
            "a name that begins alike",
            "https://hub.example.evil.example/",
            &[],
            "host",
            None,
        ),
        refused("a malformed list", on_hub, &broken, "domains", None),
        refused("an empty list", on_hub, &empty, "domains", None),
        refused("a list in upper case", on_hub, &upper, "domains", None),
        refused("two lists", on_hub, &twice, "domains_twice", None),
        refused(
            "the scheme in upper case",
            "HTTPS://hub.example/1",
            &[],
            "scheme",
            Some(0),
        ),
        refused("a port", "https://hub.example:443/1", &[], "port", Some(19)),
        refused(
            "a user",
            "https://hub.example@evil.example/",
            &[],
            "user_info",
            Some(19),
        ),
        refused(
            "an address",
            "https://127.0.0.1/1",
            &[],
            "ip_address",
            Some(8),
        ),
        refused(
            "a fragment",
            "https://hub.example/#1",
            &[],
            "fragment",
            Some(20),
        ),
        lists.valid("one", &domains(&["a.example"])),
        lists.valid(
            "two, of which one is twice",
            &domains(&["a.example", "b", "a.example"]),
        ),
        lists.refused("none", &[0], "structure", 0),
        lists.refused("an empty name", &[1, 0], "structure", 1),
        lists.refused("a name in upper case", b"\x02\x01A", "structure", 1),
        lists.refused(
            "65 names",
            &[&[0x40, 130][..], &b"\x01a".repeat(65)].concat(),
            "limit",
            130,
        ),
        lists.valid("64 names", &domains(&["a"; 64])),
    ];
    cases.extend(lists.bounds(&domains(&["a.example"]).to_vec().unwrap()));
    Family {
        family: "tree_source".to_owned(),
        about: "Where a ratchet tree comes from (TREE, \"Conveying the Ratchet Tree\")".to_owned(),
        cases,
    }
}
