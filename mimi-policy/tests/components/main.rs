//! The policy components that are switches and lists: their octets, their
//! rules, and what the helpers on them say.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]

mod anything;
mod join_links;
mod limits;
mod octets;
mod rules;
mod uris;

use mimi_content::media::MediaType;
use mimi_content::tls::{Decode, Encode, Rule};
use mimi_policy::{
    AppMessagePolicy, AssetPolicy, AssetUploadLocation, Bot, BotRole, DomainName, DownloadPrivacy,
    DownloadPrivacyType, ExtendedCapabilities, JoinLink, LoggingDetails, MinDefaultMaxTime,
    OperationalParameters, PendingProposalPolicy, ProviderAssetUploadDomains, Uri,
};

/// The encoding, which takes one allocation.
fn octets<T: Encode>(value: &T) -> Vec<u8> {
    let mut octets = Vec::new();
    let memory = allocation_counter::measure(|| octets = value.to_vec().unwrap());
    assert_eq!(memory.count_total, u64::from(!octets.is_empty()));
    octets
}

/// Decodes and encodes back to the same octets, and not with one more or less.
fn exact<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: &T) {
    let bytes = octets(value);
    assert_eq!(T::from_slice(&bytes).as_ref(), Ok(value));
    for end in 0..bytes.len() {
        assert!(T::from_slice(&bytes[..end]).is_err(), "cut at {end}");
    }
    let longer = [&bytes[..], &[0]].concat();
    let error = T::from_slice(&longer).unwrap_err();
    assert_eq!(error.rule, Rule::Trailing { count: 1 });
}

/// Why `bytes` are refused, and where.
fn refusal<T: Decode + std::fmt::Debug>(bytes: &[u8]) -> String {
    T::from_slice(bytes).unwrap_err().to_string()
}

/// Why a value is refused whose fields do not fit each other: by its own check
/// for the same reason as by decoding, which says where as well.
fn misfit<T>(value: &T, check: Result<(), Rule>) -> String
where
    T: Encode + Decode + std::fmt::Debug,
{
    let error = T::from_slice(&octets(value)).unwrap_err();
    assert_eq!(check, Err(error.rule.clone()));
    error.to_string()
}

fn uri(text: &str) -> Uri {
    Uri::parse(text).unwrap()
}

fn host(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

fn link(text: &'static str) -> JoinLink {
    JoinLink(text.as_bytes().into())
}

fn logging_by(clients: &[&str]) -> LoggingDetails {
    LoggingDetails {
        clients: clients.iter().map(|client| uri(client)).collect(),
        ..LoggingDetails::default()
    }
}

fn poker_bot(role: BotRole) -> Bot {
    Bot {
        name: "poker".into(),
        description: "deals".into(),
        homepage: Some(uri("b:h")),
        role,
        can_target_message_in_group: true,
        per_user_content: false,
    }
}

fn assets() -> AssetPolicy {
    AssetPolicy {
        upload_location: AssetUploadLocation::LOCAL_PROVIDER,
        upload_domains: vec![ProviderAssetUploadDomains {
            provider: host("a.example"),
            destinations: vec![host("cdn.a.example")],
        }],
        download_privacy: DownloadPrivacy {
            allowed: vec![DownloadPrivacyType::OHTTP, DownloadPrivacyType::HUB_PROXY],
            forbidden: vec![DownloadPrivacyType::DIRECT],
            default: DownloadPrivacyType::OHTTP,
        },
        max_image: 1,
        max_audio: 2,
        max_video: 3,
        max_attachment: 4,
        forbidden_media_types: vec![MediaType::new("a/b")],
        permitted_media_types: Some(vec![MediaType::new("c/d")]),
    }
}

fn operational() -> OperationalParameters {
    OperationalParameters {
        mandatory_capabilities: ExtendedCapabilities {
            versions: vec![1],
            ..ExtendedCapabilities::default()
        },
        default_capabilities: ExtendedCapabilities {
            media_types: vec![MediaType::new("a/b")],
            ..ExtendedCapabilities::default()
        },
        forbidden_capabilities: ExtendedCapabilities {
            content_types: vec![7],
            ..ExtendedCapabilities::default()
        },
        handshake_formats: vec![1],
        external_proposal_allowed: true,
        external_commit_allowed: false,
        pending_proposal_policy: PendingProposalPolicy::RandomDelay {
            min_ms: 1,
            max_ms: 2,
        },
        leaf_node_update_time: MinDefaultMaxTime {
            min: 1,
            default: 2,
            max: 3,
        },
        app_message_policy: AppMessagePolicy {
            epoch_tolerance: 4,
            pad_to_size: 5,
            max_generations_skipahead: 6,
        },
        max_kp_lifetime: 7,
        max_credential_lifetime: 8,
        resumption_psk_lifetime: 9,
        sender_nonce_keypair_lifetime: MinDefaultMaxTime {
            min: 10,
            default: 10,
            max: 10,
        },
        max_keypairs: 11,
        buffer_incoming_message_time: MinDefaultMaxTime {
            min: 0,
            default: 0,
            max: 12,
        },
        max_buffered_messages: 13,
    }
}
