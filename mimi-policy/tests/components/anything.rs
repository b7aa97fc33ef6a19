//! Whatever is encoded comes back, and whatever decodes is encoded the same.

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_content::tls::{Decode, Encode};
use mimi_policy::{
    AppMessagePolicy, AssetPolicy, AssetUploadLocation, Bot, BotPolicy, BotRole, DomainName,
    DownloadPrivacy, DownloadPrivacyType, ExpirationDurations, ExtendedCapabilities,
    HistoryDetails, HistoryPolicy, JoinLink, JoinLinkPolicy, JoinLinks, JoinLinksUpdate,
    LinkPreviewPolicy, LinkPreviewProxy, LoggingDetails, LoggingPolicy, MessageExpiration,
    MinDefaultMaxTime, OperationalParameters, Optionality, PendingProposalPolicy,
    ProviderAssetUploadDomains, StatusNotificationPolicy, Uri,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{exact, octets};

/// Whatever decodes encodes to the octets it came from.
fn faithful<T: Encode + Decode>(bytes: &[u8]) {
    if let Ok(value) = T::from_slice(bytes) {
        assert_eq!(octets(&value), bytes);
    }
}

/// Each of these types survives a trip, and does not bend what was tampered
/// with into shape.
macro_rules! trips {
    ($($name:ident: $type:ty = $values:expr;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(64))]
            $(
                #[test]
                fn $name(value in $values, edits in edits()) {
                    exact::<$type>(&value);
                    faithful::<$type>(&edited(octets(&value), &edits));
                }
            )*

            #[test]
            fn no_octets_at_all_surprise_any_component(bytes in vec(any::<u8>(), 0..200)) {
                $(faithful::<$type>(&bytes);)*
            }

            #[test]
            fn no_small_octets_surprise_any_component(bytes in vec(0..4u8, 0..120)) {
                $(faithful::<$type>(&bytes);)*
            }
        }
    };
}

trips! {
    status_notification_policies_come_back: StatusNotificationPolicy = status();
    join_link_policies_come_back: JoinLinkPolicy = join_link_policy();
    join_links_come_back: JoinLinks = links().prop_map(JoinLinks);
    join_links_updates_come_back: JoinLinksUpdate = join_links_update();
    link_preview_policies_come_back: LinkPreviewPolicy = link_preview();
    asset_policies_come_back: AssetPolicy = asset_policy();
    logging_policies_come_back: LoggingPolicy = logging();
    history_policies_come_back: HistoryPolicy = history();
    bot_policies_come_back: BotPolicy = bots();
    expiration_policies_come_back: MessageExpiration = expiration();
    capabilities_come_back: ExtendedCapabilities = capabilities();
    operational_parameters_come_back: OperationalParameters = operational();
    uris_come_back: Uri = uri();
    host_names_come_back: DomainName = host();
}

/// Where to do what with which octet.
fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    vec((any::<prop::sample::Index>(), 0..4u8, any::<u8>()), 1..4)
}

fn edited(mut bytes: Vec<u8>, edits: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    for (index, deed, octet) in edits {
        let at = index.index(bytes.len() + 1);
        match deed {
            0 => bytes.insert(at, *octet),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 if at < bytes.len() => bytes[at] = *octet,
            _ if at < bytes.len() => bytes[at] ^= 1 << (octet % 8),
            _ => bytes.push(*octet),
        }
    }
    bytes
}

fn optionality() -> impl Strategy<Value = Optionality> {
    prop_oneof![
        Just(Optionality::Optional),
        Just(Optionality::Required),
        Just(Optionality::Forbidden),
    ]
}

fn uri() -> impl Strategy<Value = Uri> {
    "[a-zA-Z][a-z0-9+.-]{0,4}:(//([a-z]{0,3}@)?([a-z.]{0,8}|\\[::1\\])(:[0-9]{0,4})?)?(/([a-z:@!~]|%[0-9A-Fa-f]{2}){0,8}){0,2}([?][a-z/?]{0,4})?(#[a-z/?]{0,4})?"
        .prop_filter_map("two slashes where there is no host", |text| Uri::parse(&text).ok())
}

fn host() -> impl Strategy<Value = DomainName> {
    "[a-z]([a-z0-9-]{0,3}[a-z0-9])?([.][a-z]{2,5}){0,2}"
        .prop_filter_map("a broken A-label", |text| DomainName::parse(&text).ok())
}

fn text() -> impl Strategy<Value = String> {
    ".{0,12}"
}

fn status() -> impl Strategy<Value = StatusNotificationPolicy> {
    (optionality(), optionality()).prop_map(|(delivery_notifications, read_receipts)| {
        StatusNotificationPolicy {
            delivery_notifications,
            read_receipts,
        }
    })
}

fn join_link_policy() -> impl Strategy<Value = JoinLinkPolicy> {
    (
        any::<bool>(),
        option::of(uri()),
        any::<bool>(),
        any::<u32>(),
    )
        .prop_map(
            |(on_request, request_uri, multiuser, expiration)| JoinLinkPolicy {
                on_request,
                request_uri,
                multiuser,
                expiration,
            },
        )
}

fn links() -> impl Strategy<Value = Vec<JoinLink>> {
    vec(
        vec(any::<u8>(), 0..20).prop_map(|link| JoinLink(link.into())),
        0..5,
    )
}

fn join_links_update() -> impl Strategy<Value = JoinLinksUpdate> {
    (vec(any::<u32>(), 0..5), links())
        .prop_map(|(removed, added)| JoinLinksUpdate { removed, added })
}

fn link_preview() -> impl Strategy<Value = LinkPreviewPolicy> {
    let proxy = prop_oneof![
        Just(LinkPreviewProxy::Forbidden),
        uri().prop_map(LinkPreviewProxy::Optional),
        uri().prop_map(LinkPreviewProxy::Required),
    ];
    (any::<bool>(), optionality(), optionality(), proxy).prop_map(
        |(autodetect_hyperlinks, send_link_previews, automatic_link_previews, proxy)| {
            LinkPreviewPolicy {
                autodetect_hyperlinks,
                send_link_previews,
                automatic_link_previews,
                proxy,
            }
        },
    )
}

fn media_types() -> impl Strategy<Value = Vec<MediaType>> {
    let media_type =
        (text(), vec((text(), text()), 0..3)).prop_map(|(essence, parameters)| MediaType {
            essence,
            parameters,
        });
    vec(media_type, 0..3)
}

fn asset_policy() -> impl Strategy<Value = AssetPolicy> {
    let domains = (host(), vec(host(), 0..3)).prop_map(|(provider, destinations)| {
        ProviderAssetUploadDomains {
            provider,
            destinations,
        }
    });
    let types = || vec(any::<u8>().prop_map(DownloadPrivacyType), 0..4);
    (
        any::<u8>(),
        vec(domains, 0..3),
        (types(), types(), any::<u8>()),
        any::<[u64; 4]>(),
        media_types(),
        option::of(media_types()),
    )
        .prop_filter_map(
            "the fields do not fit",
            |(location, upload_domains, (allowed, forbidden, default), sizes, not, only)| {
                let policy = AssetPolicy {
                    upload_location: AssetUploadLocation(location % 4),
                    upload_domains,
                    download_privacy: DownloadPrivacy {
                        allowed,
                        forbidden,
                        default: DownloadPrivacyType(default),
                    },
                    max_image: sizes[0],
                    max_audio: sizes[1],
                    max_video: sizes[2],
                    max_attachment: sizes[3],
                    forbidden_media_types: not,
                    permitted_media_types: only,
                };
                policy.check().is_ok().then_some(policy)
            },
        )
}

fn logging() -> impl Strategy<Value = LoggingPolicy> {
    let details = |least| {
        (vec(uri(), least..4), option::of(uri()), option::of(uri())).prop_map(
            |(clients, machine_readable_policy, human_readable_policy)| LoggingDetails {
                clients,
                machine_readable_policy,
                human_readable_policy,
            },
        )
    };
    prop_oneof![
        Just(LoggingPolicy::Forbidden),
        details(0).prop_map(LoggingPolicy::Optional),
        details(1).prop_map(LoggingPolicy::Required),
    ]
}

fn history() -> impl Strategy<Value = HistoryPolicy> {
    let details = || {
        (vec(2..=u32::MAX, 0..5), any::<bool>(), any::<u32>()).prop_map(
            |(roles, automatic, max_period)| HistoryDetails {
                roles,
                automatic,
                max_period,
            },
        )
    };
    prop_oneof![
        Just(HistoryPolicy::Forbidden),
        details().prop_map(HistoryPolicy::Optional),
        details().prop_map(HistoryPolicy::Required),
    ]
}

fn bots() -> impl Strategy<Value = BotPolicy> {
    let role = prop_oneof![
        Just(BotRole::LocalClient),
        any::<u32>().prop_map(BotRole::Index),
    ];
    let rights = any::<(bool, bool)>();
    let bot = (text(), text(), option::of(uri()), role, rights).prop_map(
        |(name, description, homepage, role, rights)| Bot {
            name,
            description,
            homepage,
            role,
            can_target_message_in_group: rights.0,
            per_user_content: rights.1,
        },
    );
    vec(bot, 0..4).prop_map(|allowed_bots| BotPolicy { allowed_bots })
}

fn expiration() -> impl Strategy<Value = MessageExpiration> {
    let durations = || {
        (any::<[u32; 3]>(), any::<bool>()).prop_map(|(mut times, preferred)| {
            times.sort_unstable();
            ExpirationDurations {
                min: times[0],
                max: times[2],
                default: preferred.then_some(times[1]),
            }
        })
    };
    prop_oneof![
        Just(MessageExpiration::Forbidden),
        durations().prop_map(MessageExpiration::Optional),
        durations().prop_map(MessageExpiration::Required),
    ]
}

fn numbers() -> impl Strategy<Value = Vec<u16>> {
    vec(any::<u16>(), 0..3)
}

fn components() -> impl Strategy<Value = Vec<ComponentId>> {
    vec(any::<u16>().prop_map(ComponentId), 0..3)
}

fn capabilities() -> impl Strategy<Value = ExtendedCapabilities> {
    (
        [
            numbers(),
            numbers(),
            numbers(),
            numbers(),
            numbers(),
            numbers(),
        ],
        components(),
        components(),
        media_types(),
        vec(any::<u8>(), 0..3),
    )
        .prop_map(
            |(numbers, component_ids, safe_aad_types, media_types, content_types)| {
                let [
                    versions,
                    cipher_suites,
                    extensions,
                    proposals,
                    credentials,
                    wire_formats,
                ] = numbers;
                ExtendedCapabilities {
                    versions,
                    cipher_suites,
                    extensions,
                    proposals,
                    credentials,
                    wire_formats,
                    component_ids,
                    safe_aad_types,
                    media_types,
                    content_types,
                }
            },
        )
}

fn time() -> impl Strategy<Value = MinDefaultMaxTime> {
    any::<[u64; 3]>().prop_map(|mut times| {
        times.sort_unstable();
        let [min, default, max] = times;
        MinDefaultMaxTime { min, default, max }
    })
}

fn operational() -> impl Strategy<Value = OperationalParameters> {
    let pending = prop_oneof![
        Just(PendingProposalPolicy::Unspecified),
        Just(PendingProposalPolicy::ImmediateCommit),
        any::<(u64, u64)>().prop_map(|(a, b)| PendingProposalPolicy::RandomDelay {
            min_ms: a.min(b),
            max_ms: a.max(b),
        }),
    ];
    let messages = any::<(u8, u16, u32)>().prop_map(|(a, b, c)| AppMessagePolicy {
        epoch_tolerance: a,
        pad_to_size: b,
        max_generations_skipahead: c,
    });
    (
        [capabilities(), capabilities(), capabilities()],
        numbers(),
        any::<(bool, bool)>(),
        pending,
        [time(), time(), time()],
        messages,
        any::<[u64; 3]>(),
        any::<[u32; 2]>(),
    )
        .prop_filter_map(
            "something is mandatory and forbidden",
            |(capabilities, formats, external, pending, times, messages, lifetimes, counts)| {
                let [mandatory, default, forbidden] = capabilities;
                let parameters = OperationalParameters {
                    mandatory_capabilities: mandatory,
                    default_capabilities: default,
                    forbidden_capabilities: forbidden,
                    handshake_formats: formats,
                    external_proposal_allowed: external.0,
                    external_commit_allowed: external.1,
                    pending_proposal_policy: pending,
                    leaf_node_update_time: times[0],
                    app_message_policy: messages,
                    max_kp_lifetime: lifetimes[0],
                    max_credential_lifetime: lifetimes[1],
                    resumption_psk_lifetime: lifetimes[2],
                    sender_nonce_keypair_lifetime: times[1],
                    max_keypairs: counts[0],
                    buffer_incoming_message_time: times[2],
                    max_buffered_messages: counts[1],
                };
                parameters.check().is_ok().then_some(parameters)
            },
        )
}
