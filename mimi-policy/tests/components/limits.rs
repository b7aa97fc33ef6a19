//! The largest value of each kind, and one more.

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_content::tls::{Decode, Encode, Rule, Writer};
use mimi_policy::limits::*;
use mimi_policy::{
    AssetPolicy, Bot, BotPolicy, BotRole, DomainName, DownloadPrivacyType, ExtendedCapabilities,
    HistoryDetails, JoinLink, JoinLinks, JoinLinksUpdate, LoggingPolicy, OperationalParameters,
    ProviderAssetUploadDomains, Uri,
};

use super::{assets, host, link, logging_by, octets, operational, poker_bot, uri};

/// `max` of something are taken, and one more is refused by its name.
fn bounded<T>(max: usize, what: &str, value: impl Fn(usize) -> T)
where
    T: Encode + Decode + PartialEq + std::fmt::Debug,
{
    let most = value(max);
    assert_eq!(T::from_slice(&octets(&most)), Ok(most));
    let error = T::from_slice(&octets(&value(max + 1))).unwrap_err();
    match error.rule {
        Rule::Limit {
            what: named,
            max: bound,
        } => assert_eq!((named, bound), (what, max)),
        other => panic!("{other}"),
    }
}

/// A URI of `len` octets.
fn long_uri(len: usize) -> String {
    format!("x:{}", "a".repeat(len - 2))
}

#[test]
fn join_links_are_few_and_short() {
    let links = |count| vec![link("x"); count];
    bounded(MAX_JOIN_LINKS, "the number of join links", |count| {
        JoinLinks(links(count))
    });
    bounded(MAX_JOIN_LINKS, "the number of join links", |count| {
        JoinLinksUpdate {
            removed: Vec::new(),
            added: links(count),
        }
    });
    bounded(
        MAX_JOIN_LINKS,
        "the number of join links removed",
        |count| JoinLinksUpdate {
            removed: vec![0; count],
            added: Vec::new(),
        },
    );
    bounded(MAX_JOIN_LINK_LEN, "the length of a join link", |len| {
        JoinLink(vec![b'x'; len].into())
    });
}

#[test]
fn logging_clients_are_few() {
    bounded(
        MAX_LOGGING_CLIENTS,
        "the number of logging clients",
        |count| LoggingPolicy::Required(logging_by(&vec!["x:y"; count])),
    );
}

#[test]
fn roles_that_share_history_are_few() {
    bounded(
        MAX_ROLES,
        "the number of roles that can share history",
        |count| HistoryDetails {
            roles: vec![2; count],
            automatic: false,
            max_period: 1,
        },
    );
}

#[test]
fn bots_are_few_with_texts_of_some_length() {
    let bot = || poker_bot(BotRole::LocalClient);
    bounded(MAX_BOTS, "the number of bots", |count| BotPolicy {
        allowed_bots: vec![bot(); count],
    });
    bounded(MAX_TEXT_LEN, "the length of a bot name", |len| Bot {
        name: "x".repeat(len),
        ..bot()
    });
    bounded(MAX_TEXT_LEN, "the length of a bot description", |len| Bot {
        description: "x".repeat(len),
        ..bot()
    });
}

#[test]
fn upload_domains_are_few() {
    let domains = |count| ProviderAssetUploadDomains {
        provider: host("a.example"),
        destinations: vec![host("b.example"); count],
    };
    bounded(
        MAX_UPLOAD_DESTINATIONS,
        "the number of upload destinations",
        domains,
    );
    bounded(
        MAX_UPLOAD_PROVIDERS,
        "the number of providers with upload domains",
        |count| AssetPolicy {
            upload_domains: vec![domains(1); count],
            ..assets()
        },
    );
}

#[test]
fn download_types_are_no_more_than_there_are() {
    let types = |count| vec![DownloadPrivacyType(7); count];
    let what = "the number of download types";
    bounded(MAX_DOWNLOAD_TYPES, what, |count| {
        let mut policy = assets();
        policy.download_privacy.allowed = types(count);
        policy
    });
    bounded(MAX_DOWNLOAD_TYPES, what, |count| {
        let mut policy = assets();
        policy.download_privacy.forbidden = types(count);
        policy
    });
}

#[test]
fn media_types_are_few_and_short() {
    let types = |count| vec![MediaType::new("a/b"); count];
    let what = "the number of media types";
    bounded(MAX_MEDIA_TYPES, what, |count| AssetPolicy {
        forbidden_media_types: types(count),
        ..assets()
    });
    bounded(MAX_MEDIA_TYPES, what, |count| AssetPolicy {
        permitted_media_types: Some(types(count)),
        ..assets()
    });
    bounded(MAX_MEDIA_TYPES, what, |count| ExtendedCapabilities {
        media_types: types(count),
        ..ExtendedCapabilities::default()
    });
    // Two octets of length for the name, one for no parameters.
    let what = "the length of a media type";
    bounded(MAX_MEDIA_TYPE_LEN, what, |len| ExtendedCapabilities {
        media_types: vec![MediaType::new("x".repeat(len - 3))],
        ..ExtendedCapabilities::default()
    });
    // One for no name; two for the parameters; one, one and two in the first.
    bounded(MAX_MEDIA_TYPE_LEN, what, |len| ExtendedCapabilities {
        media_types: vec![MediaType {
            essence: String::new(),
            parameters: vec![("p".into(), "v".repeat(len - 7))],
        }],
        ..ExtendedCapabilities::default()
    });
}

#[test]
fn capabilities_of_each_kind_are_few() {
    let sets: [fn(&mut ExtendedCapabilities, usize); 9] = [
        |c, count| c.versions = vec![1; count],
        |c, count| c.cipher_suites = vec![1; count],
        |c, count| c.extensions = vec![1; count],
        |c, count| c.proposals = vec![1; count],
        |c, count| c.credentials = vec![1; count],
        |c, count| c.wire_formats = vec![1; count],
        |c, count| c.component_ids = vec![ComponentId(1); count],
        |c, count| c.safe_aad_types = vec![ComponentId(1); count],
        |c, count| c.content_types = vec![1; count],
    ];
    let what = "the number of capabilities of one kind";
    for set in sets {
        bounded(MAX_EXTENDED_CAPABILITIES, what, |count| {
            let mut capabilities = ExtendedCapabilities::default();
            set(&mut capabilities, count);
            capabilities
        });
    }
    bounded(MAX_EXTENDED_CAPABILITIES, what, |count| {
        OperationalParameters {
            handshake_formats: vec![1; count],
            ..operational()
        }
    });
}

#[test]
fn uris_and_hosts_have_a_length_that_servers_support() {
    let what = "the length of a URI";
    let longest = long_uri(MAX_URI_LEN);
    assert_eq!(Uri::from_slice(&octets(&uri(&longest))), Ok(uri(&longest)));
    let longer = long_uri(MAX_URI_LEN + 1);
    let rule = Rule::Limit {
        what,
        max: MAX_URI_LEN,
    };
    assert_eq!(Uri::parse(&longer), Err(rule.clone()));
    let mut w = Writer::new();
    w.opaque(longer.as_bytes());
    let error = Uri::from_slice(&w.finish().unwrap()).unwrap_err();
    assert_eq!((error.offset, error.rule), (0, rule));

    let labels = [
        "a".repeat(63),
        "b".repeat(63),
        "c".repeat(63),
        "d".repeat(61),
    ];
    let longest = labels.join(".");
    assert_eq!(longest.len(), 253);
    assert_eq!(octets(&host(&longest)).len(), 255);
    let longer = format!("{longest}d");
    assert!(DomainName::parse(&longer).is_err());
    let mut w = Writer::new();
    w.opaque(longer.as_bytes());
    let error = DomainName::from_slice(&w.finish().unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "at octet 0: the length of a host name exceeds its limit of 253"
    );
}

#[test]
fn a_list_too_long_is_refused_before_it_is_read() {
    // Ten million octets; the fault lies where the first link too many starts.
    let mut w = Writer::new();
    w.opaque(&vec![0; 10_000_000]);
    let error = JoinLinks::from_slice(&w.finish().unwrap()).unwrap_err();
    assert_eq!(error.offset, 4 + MAX_JOIN_LINKS);
    // A parameter may take no more than two octets, and five million of them
    // would take much more memory than the octets do.
    let mut w = Writer::new();
    (0..8).for_each(|_| w.u8(0));
    w.vector(|w| {
        w.opaque(b"a/b");
        w.opaque(&vec![0; 10_000_000]);
    });
    w.u8(0);
    let error = ExtendedCapabilities::from_slice(&w.finish().unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "at octet 12: the length of a media type exceeds its limit of 1024"
    );
}
