//! Someone wants a hub to download what is none of its business.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use mimi_content::{DomainName, HttpsUrlError, MAX_URL_LEN, UriError};
use mimi_policy::{
    AssetPolicy, AssetUploadLocation, DownloadPrivacy, DownloadPrivacyType,
    ProviderAssetUploadDomains,
};
use mimi_protocol::assets::{AssetDomains, InnerRequest, TargetRefusal, may_connect, may_pass_on};
use proptest::prelude::*;

fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

/// Two servers of Bob's provider and one of Cathy's.
fn domains() -> AssetDomains {
    ["a.example", "assets.b.example", "xn--bcher-kva.example"]
        .map(name)
        .into_iter()
        .collect()
}

#[track_caller]
fn refused(url: &str) -> TargetRefusal {
    match domains().judge(url) {
        Err(refusal) => refusal,
        Ok(url) => panic!("{url} passed"),
    }
}

#[test]
fn assets_of_peers_are_downloaded() {
    for url in [
        "https://a.example",
        "https://a.example/1",
        "https://assets.b.example/a/b;c=1?q=https://evil.example/&t=%2F",
        "https://xn--bcher-kva.example/%F0%9F%93%96",
        "https://a.example//evil.example/1",
    ] {
        assert_eq!(domains().judge(url).unwrap().as_str(), url);
    }
}

#[test]
fn nobody_elses_are_whatever_the_name_looks_like() {
    for host in [
        "evil.example",
        "evil-a.example",
        "evila.example",
        "a.example.evil.example",
        "www.a.example",
        "b.example",
        "example",
        "a.example-evil.example",
        "xn--bcher-kva.example.evil.example",
        // With a Cyrillic a; a host in the hub's own network.
        "xn--80a.example",
        "localhost",
        "metadata.internal",
    ] {
        let refusal = refused(&format!("https://{host}/1"));
        assert_eq!(refusal, TargetRefusal::Host(host.into()));
        assert_eq!(refusal.status(), 403);
    }
}

#[test]
fn without_peers_there_are_no_assets() {
    let refusal = AssetDomains::default().judge("https://a.example/1");
    assert_eq!(refusal, Err(TargetRefusal::Host("a.example".into())));
}

#[test]
fn no_trick_with_the_url_gets_through() {
    let long = format!("https://a.example/{}", "x".repeat(MAX_URL_LEN - 17));
    for url in [
        // Another scheme, or none.
        "http://a.example/1",
        "HTTPS://a.example/1",
        "ftp://a.example/1",
        "gopher://a.example/1",
        "file:///etc/passwd",
        "data:,x",
        "mimi://a.example/u/alice",
        "//a.example/1",
        "/1",
        "https:a.example/1",
        "https:/a.example/1",
        "",
        // Not decoded, or decoded once too few.
        "https%3A%2F%2Fa.example%2F1",
        // User information, ports.
        "https://a.example@evil.example/1",
        "https://evil.example@a.example/1",
        "https://a.example:443@evil.example/1",
        "https://@a.example/1",
        "https://a.example:443/1",
        "https://a.example:22/1",
        "https://a.example:/1",
        // The name, otherwise spelled.
        "https://A.example/1",
        "https://a.EXAMPLE/1",
        "https://a.example./1",
        "https://a..example/1",
        "https://.a.example/1",
        "https://\u{430}.example/1",
        "https://b\u{fc}cher.example/1",
        "https://XN--bcher-kva.example/1",
        "https://a\u{3002}example/1",
        "https://\u{ff41}.example/1",
        "https://a\u{ad}.example/1",
        "https://a_.example/1",
        "https://%61.example/1",
        "https://a%2eexample/1",
        "https://a.example%2f@evil.example/1",
        "https://a.example%00.evil.example/1",
        "https:///1",
        "https://",
        "https://?a.example",
        // Addresses.
        "https://127.0.0.1/1",
        "https://127.1/1",
        "https://2130706433/1",
        "https://017700000001/1",
        "https://0177.0.0.1/1",
        "https://0x7f000001/1",
        "https://0x7f.0.0.1/1",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/1",
        "https://[::ffff:7f00:1]/1",
        "https://[fe80::1%25eth0]/1",
        // Characters that some skip or replace.
        "https://a.example\\@evil.example/1",
        "https://evil.example\\a.example/1",
        "https://a.example/1\\..",
        "\thttps://a.example/1",
        " https://a.example/1",
        "https://a.exam\tple/1",
        "https://a.example/1\n",
        "https://a.example/1\r\nX-Evil: 1",
        "https://a.example/1 HTTP/1.1",
        "https://a.example/\0",
        "https://a.example/%",
        "https://a.example/%zz",
        // A fragment is none of the hub's business.
        "https://a.example/1#2",
        "https://a.example#@evil.example/",
        long.as_str(),
    ] {
        let refusal = refused(url);
        assert!(
            matches!(refusal, TargetRefusal::Url(_)),
            "{url:?}: {refusal}"
        );
        assert_eq!(refusal.status(), 400);
    }
}

fn get<'a>(authority: &'a str, path: &'a str) -> InnerRequest<'a> {
    InnerRequest {
        method: "GET",
        scheme: "https",
        authority,
        path,
    }
}

#[test]
fn a_sealed_request_is_judged_by_the_same_rule() {
    let url = domains().judge_inner(&get("a.example", "/1?2")).unwrap();
    assert_eq!(url.as_str(), "https://a.example/1?2");
    let elsewhere = domains().judge_inner(&get("evil.example", "/1"));
    assert_eq!(elsewhere, Err(TargetRefusal::Host("evil.example".into())));
}

#[test]
fn a_gateway_is_no_tunnel_and_writes_nothing() {
    for method in [
        "CONNECT", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "HEAD", "get", "GET ", "",
    ] {
        let request = InnerRequest {
            method,
            ..get("a.example", "/1")
        };
        let refusal = domains().judge_inner(&request).unwrap_err();
        assert_eq!(refusal, TargetRefusal::Method, "{method}");
        assert_eq!(refusal.status(), 405);
    }
    // As CONNECT has it: neither scheme nor path.
    let tunnel = InnerRequest {
        method: "CONNECT",
        scheme: "",
        authority: "a.example:443",
        path: "",
    };
    assert_eq!(domains().judge_inner(&tunnel), Err(TargetRefusal::Method));
}

#[test]
fn the_parts_of_a_sealed_request_do_not_add_up_to_another_url() {
    use TargetRefusal::*;
    let host = |error| Url(HttpsUrlError::Host(error));
    for (request, expected) in [
        (get("a.example", ""), Path),
        (get("a.example", "1"), Path),
        (get("a.example", "*"), Path),
        (get("a.example", "?1"), Path),
        (get("a.example", ".evil.example/"), Path),
        (get("a.example", "@evil.example/"), Path),
        (get("a.example", "https://evil.example/1"), Path),
        (get("a.example", "//evil.example/1"), Path),
        (get("a.example", "///"), Path),
        (get("a.example/x", "/1"), Authority),
        (get("a.example?", "/1"), Authority),
        (get("a.example#", "/1"), Authority),
        (get("a.example/@evil.example", "/1"), Authority),
        (get("", "/1"), host(UriError::EmptyHost { offset: 8 })),
        (
            get("a.example:443", "/1"),
            host(UriError::Port { offset: 17 }),
        ),
        (
            get("a.example@evil.example", "/1"),
            host(UriError::UserInfo { offset: 17 }),
        ),
        (get("127.1", "/1"), host(UriError::IpAddress { offset: 8 })),
        (
            get("a.example\\", "/1"),
            Url(HttpsUrlError::Backslash { offset: 17 }),
        ),
        (
            get("a.example", "/\\evil.example"),
            Url(HttpsUrlError::Backslash { offset: 18 }),
        ),
        (
            get("a.example", "/1\r\nHost: evil.example"),
            Url(HttpsUrlError::Control { offset: 19 }),
        ),
        (
            get("a.example", "/1#"),
            Url(HttpsUrlError::Fragment { offset: 19 }),
        ),
    ] {
        assert_eq!(
            domains().judge_inner(&request),
            Err(expected.clone()),
            "{request:?}"
        );
        assert_eq!(expected.status(), 400);
    }
    for scheme in [
        "http",
        "HTTPS",
        "",
        "https:",
        "https://evil.example/?",
        "ws",
    ] {
        let request = InnerRequest {
            scheme,
            ..get("a.example", "/1")
        };
        assert_eq!(
            domains().judge_inner(&request),
            Err(Url(HttpsUrlError::Scheme)),
            "{scheme}"
        );
    }
}

#[test]
fn redirects_are_neither_followed_nor_passed_on() {
    for status in [300, 301, 302, 303, 305, 307, 308, 399] {
        let refusal = may_pass_on(status).unwrap_err();
        assert_eq!(refusal, TargetRefusal::Redirect(status));
        assert_eq!(refusal.status(), 502);
    }
    for status in [200, 206, 299, 304, 400, 404, 410, 500] {
        assert_eq!(may_pass_on(status), Ok(()));
    }
}

#[test]
fn a_name_that_leads_inside_is_not_followed_there() {
    for address in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:8.8.8.8",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::8.8.8.8",
        "64:ff9b:0:0:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "2002:c0a8:1::1",
        "3fff::1",
        "3fff:fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ] {
        let address = address.parse().unwrap();
        let refusal = may_connect(address).unwrap_err();
        assert_eq!(refusal, TargetRefusal::Address(address));
        assert_eq!(refusal.status(), 403);
    }
}

#[test]
fn the_open_internet_is_open() {
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.0",
        "203.0.112.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2000::1",
        "2001:200::1",
        "2001:db7::1",
        "2001:db9::1",
        "2002:808:808::1",
        "2600:9000::1",
        "2a00:1450::1",
        "3ffe::1",
        "3fff:1000::1",
    ] {
        assert_eq!(may_connect(address.parse().unwrap()), Ok(()), "{address}");
    }
}

fn policy(location: AssetUploadLocation, entries: &[(&str, &[&str])]) -> AssetPolicy {
    AssetPolicy {
        upload_location: location,
        upload_domains: entries
            .iter()
            .map(|(provider, hosts)| ProviderAssetUploadDomains {
                provider: name(provider),
                destinations: hosts.iter().map(|host| name(host)).collect(),
            })
            .collect(),
        download_privacy: DownloadPrivacy {
            allowed: vec![],
            forbidden: vec![],
            default: DownloadPrivacyType::HUB_PROXY,
        },
        max_image: 0,
        max_audio: 0,
        max_video: 0,
        max_attachment: 0,
        forbidden_media_types: vec![],
        permitted_media_types: None,
    }
}

#[test]
fn a_room_lists_the_servers_of_peers_and_of_nobody_else() {
    let entries: &[(&str, &[&str])] = &[
        ("b.example", &["assets.b.example", "cdn.example"]),
        ("evil.example", &["intranet.example"]),
        ("b.example", &["old.b.example"]),
    ];
    let is_peer = |provider: &DomainName| provider.as_str() == "b.example";
    let may = |location, host: &str| {
        let mut domains = AssetDomains::default();
        domains.add_policy(&policy(location, entries), is_peer);
        domains.judge(&format!("https://{host}/1")).is_ok()
    };
    for location in [
        AssetUploadLocation::UNSPECIFIED,
        AssetUploadLocation::LOCAL_PROVIDER,
        AssetUploadLocation::HUB,
    ] {
        for host in ["assets.b.example", "cdn.example", "old.b.example"] {
            assert!(may(location, host), "{host}");
        }
        for host in ["b.example", "evil.example", "intranet.example"] {
            assert!(!may(location, host), "{host}");
        }
    }
    assert!(!may(AssetUploadLocation(3), "assets.b.example"));
}

#[test]
fn several_rooms_add_up() {
    let mut domains = AssetDomains::default();
    for host in ["one.example", "two.example"] {
        let hosts: &[&str] = &[host];
        let policy = policy(AssetUploadLocation::HUB, &[("hub.example", hosts)]);
        domains.add_policy(&policy, |_| true);
    }
    domains.extend([name("three.example")]);
    for host in ["one.example", "two.example", "three.example"] {
        assert!(domains.judge(&format!("https://{host}/")).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever passes leads to a listed host, and says so at its beginning.
    #[test]
    fn only_listed_hosts_pass(
        text in "(https?:)?(//)?(a\\.example|evil\\.example|[.@:/\\\\?#% a-c0]){0,6}",
    ) {
        if let Ok(url) = domains().judge(&text) {
            prop_assert_eq!(url.host(), "a.example");
            let rest = text.strip_prefix("https://a.example").unwrap();
            prop_assert!(rest.is_empty() || rest.starts_with(['/', '?']));
        }
    }

    /// A request in parts passes where its URL does.
    #[test]
    fn parts_and_whole_agree(
        authority in "(a\\.example|[.@:/?#a])?",
        path in "/[a-c0/?#%.@:]{0,5}",
    ) {
        let url = format!("https://{authority}{path}");
        if let Ok(target) = domains().judge_inner(&get(&authority, &path)) {
            prop_assert_eq!(target.host(), authority);
            prop_assert_eq!(domains().judge(&url), Ok(target));
        }
    }
}
