//! A tree that is elsewhere, and a URL that would tell a stranger who joins.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use bytes::Bytes;
use mimi_content::tls::Rule;
use mimi_content::{DomainName, HttpsUrlError};
use mimi_protocol::tree::{
    FetchedTreeError, MAX_TREE_LEN, TreeRefusal, TreeSource, read_fetched, resolve,
};
use mimi_protocol::wire::mls::{Extension, ExtensionType, RatchetTree};
use mimi_protocol::wire::{Decode, DomainList, Encode, RatchetTreeOption};

const HUB: &str = "hub.example";

fn at(url: &str) -> RatchetTreeOption {
    RatchetTreeOption::HttpsUri {
        url: url.to_owned(),
        tree_signature: Bytes::from_static(b"says nothing"),
    }
}

fn source_domains(data: impl Into<Bytes>) -> Extension {
    Extension {
        extension_type: ExtensionType::RATCHET_TREE_SOURCE_DOMAINS,
        data: data.into(),
    }
}

fn list(domains: &[&str]) -> Extension {
    let domains = domains.iter().map(|d| DomainName::parse(d).unwrap());
    let list = DomainList {
        domains: domains.collect(),
    };
    source_domains(list.to_vec().unwrap())
}

#[track_caller]
fn fetched(url: &str, extensions: &[Extension]) {
    match resolve(&at(url), extensions, HUB) {
        Ok(TreeSource::Fetch(found)) => assert_eq!(found.as_str(), url),
        other => panic!("{url}: {other:?}"),
    }
}

fn elsewhere(url: &str, extensions: &[Extension], host: &str) {
    let refused = resolve(&at(url), extensions, HUB);
    assert_eq!(refused, Err(TreeRefusal::Host(host.into())), "{url}");
}

#[test]
fn a_tree_that_is_not_fetched_is_wherever_it_is_said_to_be() {
    let tree = RatchetTree::from_slice(&[0]).unwrap();
    let full = RatchetTreeOption::Full(tree.clone());
    let out_of_band = RatchetTreeOption::OutOfBand {
        tree_signature: Bytes::new(),
    };
    // Of domains, even malformed ones, only a URL is asked about.
    for extensions in [&[][..], &[list(&["a.example"])], &[source_domains(vec![9])]] {
        let of = |option| resolve(option, extensions, HUB).unwrap();
        assert_eq!(of(&full), TreeSource::Inline(tree.clone()));
        assert_eq!(of(&out_of_band), TreeSource::OutOfBand);
        assert_eq!(
            of(&RatchetTreeOption::DistributionService),
            TreeSource::DistributionService
        );
    }
}

#[test]
fn the_url_is_on_a_listed_domain() {
    let extensions = [list(&["trees.a.example", "xn--bcher-kva.example"])];
    fetched("https://trees.a.example/1", &extensions);
    fetched("https://xn--bcher-kva.example/?1", &extensions);
    for (url, host) in [
        ("https://evil.example/1", "evil.example"),
        ("https://evil-trees.a.example/", "evil-trees.a.example"),
        ("https://x.trees.a.example/1", "x.trees.a.example"),
        ("https://a.example/1", "a.example"),
        (
            "https://trees.a.example.evil.example/",
            "trees.a.example.evil.example",
        ),
        // Where there is a list, the hub has to be in it like all others.
        ("https://hub.example/1", "hub.example"),
    ] {
        elsewhere(url, &extensions, host);
    }
}

#[test]
fn without_a_list_it_is_on_the_hubs_own_domain() {
    fetched("https://hub.example/trees/1", &[]);
    let other = Extension {
        extension_type: ExtensionType::EXTERNAL_SENDERS,
        data: Bytes::from_static(b"whatever"),
    };
    fetched("https://hub.example/trees/1", &[other]);
    for (url, host) in [
        ("https://trees.hub.example/1", "trees.hub.example"),
        (
            "https://hub.example.evil.example/1",
            "hub.example.evil.example",
        ),
        ("https://example/1", "example"),
    ] {
        elsewhere(url, &[], host);
    }
}

#[test]
fn a_url_that_can_be_read_in_two_ways_is_none() {
    let extensions = [list(&["trees.a.example"])];
    for url in [
        "HTTPS://trees.a.example/1",
        "https://trees.a.example:443/1",
        "https://alice@trees.a.example/1",
        "https://trees.a.example@evil.example/1",
        "https://evil.example\\@trees.a.example/1",
        "https://TREES.a.example/1",
        "https://trees.a.example./1",
        "https://127.0.0.1/1",
        "https://trees.a.example/1#2",
        "http://trees.a.example/1",
    ] {
        let refused = resolve(&at(url), &extensions, HUB);
        assert!(matches!(refused, Err(TreeRefusal::Url(_))), "{url}");
    }
    assert_eq!(
        resolve(&at("http://hub.example/1"), &[], HUB),
        Err(TreeRefusal::Url(HttpsUrlError::Scheme))
    );
}

#[test]
fn a_broken_list_is_not_the_same_as_none() {
    let url = at("https://hub.example/1");
    for data in [&[][..], &[0], &[1, 0], b"\x0c\x0bhub.example\0", &[2, 1]] {
        let extensions = [source_domains(data.to_vec())];
        let refused = resolve(&url, &extensions, HUB);
        assert!(matches!(refused, Err(TreeRefusal::Domains(_))), "{data:?}");
    }
    let twice = [list(&["hub.example"]), list(&["evil.example"])];
    let refused = resolve(&url, &twice, HUB);
    assert_eq!(refused, Err(TreeRefusal::DomainsTwice));
}

#[test]
fn what_is_fetched_is_a_tree_and_nothing_else() {
    let parent = [1, 2, 1, 7, 0, 0];
    let tree = Bytes::from([&[6][..], &parent].concat());
    assert_eq!(read_fetched(&tree).unwrap().as_bytes(), &tree);

    let longer = [&tree[..], &[0]].concat();
    for (octets, rule) in [
        (longer, Rule::Trailing { count: 1 }),
        (tree.slice(..6).to_vec(), Rule::Truncated { missing: 1 }),
        (vec![], Rule::Truncated { missing: 1 }),
        // Without its length, as the nodes alone.
        (vec![1, 1], Rule::Truncated { missing: 1 }),
    ] {
        match read_fetched(&octets.into()) {
            Err(FetchedTreeError::Malformed(error)) => assert_eq!(error.rule, rule),
            other => panic!("{other:?}"),
        }
    }
    let page = Bytes::from_static(b"<html>404</html>");
    assert!(read_fetched(&page).is_err());
}

#[test]
fn a_fetched_tree_is_as_long_as_an_inline_one_at_most() {
    assert_eq!(MAX_TREE_LEN, mimi_protocol::http::MAX_GROUP_BODY);
    // Blank nodes: the cheapest tree of that length.
    let of_len = |len: u32| {
        let content = len - 4;
        let mut octets = vec![0; usize::try_from(len).unwrap()];
        octets
            .iter_mut()
            .zip((content | 0x8000_0000).to_be_bytes())
            .for_each(|(octet, length)| *octet = length);
        Bytes::from(octets)
    };
    let max = u32::try_from(MAX_TREE_LEN).unwrap();
    assert_eq!(read_fetched(&of_len(max)).unwrap().leaves, 0);
    assert_eq!(
        read_fetched(&of_len(max + 1)),
        Err(FetchedTreeError::TooLong(MAX_TREE_LEN + 1))
    );
}
