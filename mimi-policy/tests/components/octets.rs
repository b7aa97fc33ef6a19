//! The octets of each component, written by hand from the draft.

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_policy::{
    AssetPolicy, AssetUploadLocation, BotPolicy, BotRole, DownloadPrivacy, DownloadPrivacyType,
    ExpirationDurations, ExtendedCapabilities, HistoryDetails, HistoryPolicy, JoinLinkPolicy,
    JoinLinks, JoinLinksUpdate, LinkPreviewPolicy, LinkPreviewProxy, LoggingDetails, LoggingPolicy,
    MessageExpiration, Optionality, PendingProposalPolicy, StatusNotificationPolicy,
};

use super::{assets, exact, host, link, octets, operational, poker_bot, uri};

#[test]
fn a_status_notification_policy_is_two_switches() {
    let policy = StatusNotificationPolicy {
        delivery_notifications: Optionality::Required,
        read_receipts: Optionality::Forbidden,
    };
    assert_eq!(octets(&policy), [1, 2]);
    exact(&policy);
    let policy = StatusNotificationPolicy {
        delivery_notifications: Optionality::Optional,
        read_receipts: Optionality::Optional,
    };
    assert_eq!(octets(&policy), [0, 0]);
}

#[test]
fn a_join_link_policy_may_lack_the_uri_for_requests() {
    let mut policy = JoinLinkPolicy {
        on_request: true,
        request_uri: Some(uri("x:y")),
        multiuser: false,
        expiration: 0x0102_0304,
    };
    assert_eq!(octets(&policy), b"\x01\x03x:y\0\x01\x02\x03\x04");
    exact(&policy);
    policy.request_uri = None;
    assert_eq!(octets(&policy), b"\x01\0\0\x01\x02\x03\x04");
    exact(&policy);
}

#[test]
fn join_links_are_a_list_and_their_update_two() {
    let links = JoinLinks(vec![link("one"), link("")]);
    assert_eq!(octets(&links), b"\x05\x03one\0");
    exact(&links);
    let update = JoinLinksUpdate {
        removed: vec![2, 0],
        added: vec![link("two")],
    };
    assert_eq!(octets(&update), b"\x08\0\0\0\x02\0\0\0\0\x04\x03two");
    exact(&update);
}

#[test]
fn a_link_preview_policy_has_a_proxy_unless_it_forbids_one() {
    let mut policy = LinkPreviewPolicy {
        autodetect_hyperlinks: true,
        send_link_previews: Optionality::Required,
        automatic_link_previews: Optionality::Forbidden,
        proxy: LinkPreviewProxy::Required(uri("x:y")),
    };
    assert_eq!(octets(&policy), b"\0\x01\x02\x01\x04\x03x:y");
    exact(&policy);
    policy.proxy = LinkPreviewProxy::Optional(uri("x:y"));
    assert_eq!(octets(&policy), b"\0\x01\x02\0\x04\x03x:y");
    exact(&policy);
    policy.autodetect_hyperlinks = false;
    policy.proxy = LinkPreviewProxy::Forbidden;
    assert_eq!(octets(&policy), [2, 1, 2, 2]);
    exact(&policy);
}

#[test]
fn an_asset_policy_has_the_octets_of_the_draft() {
    let policy = assets();
    let head = b"\x01\x19\x09a.example\x0e\x0dcdn.a.example\x02\x02\x01\x01\0\x02";
    let sizes = b"\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\x04";
    let types = b"\x05\x03a/b\0\x01\x05\x03c/d\0";
    assert_eq!(octets(&policy), [&head[..], sizes, types].concat());
    exact(&policy);
}

#[test]
fn permitting_no_media_type_differs_from_not_saying() {
    let [mut none, mut any] = [assets(), assets()];
    none.permitted_media_types = Some(Vec::new());
    any.permitted_media_types = None;
    assert!(octets(&none).ends_with(b"a/b\0\x01\0"));
    assert!(octets(&any).ends_with(b"a/b\0\0"));
    exact(&none);
    exact(&any);
}

#[test]
fn locations_and_ways_of_assets_that_are_not_known_survive() {
    let policy = AssetPolicy {
        upload_location: AssetUploadLocation(200),
        download_privacy: DownloadPrivacy {
            allowed: vec![DownloadPrivacyType(201)],
            forbidden: vec![DownloadPrivacyType(202), DownloadPrivacyType(202)],
            default: DownloadPrivacyType(203),
        },
        ..assets()
    };
    exact(&policy);
    assert_eq!(octets(&policy)[0], 200);
}

#[test]
fn a_logging_policy_has_details_unless_it_forbids_logging() {
    let details = LoggingDetails {
        clients: vec![uri("mimi://a.example/d/log"), uri("x:y")],
        machine_readable_policy: Some(uri("m:")),
        human_readable_policy: None,
    };
    let body = b"\x1b\x16mimi://a.example/d/log\x03x:y\x02m:\0";
    let required = LoggingPolicy::Required(details.clone());
    assert_eq!(octets(&required), [&[1], &body[..]].concat());
    exact(&required);
    let optional = LoggingPolicy::Optional(details);
    assert_eq!(octets(&optional), [&[0], &body[..]].concat());
    exact(&optional);
    assert_eq!(octets(&LoggingPolicy::Forbidden), [2]);
    exact(&LoggingPolicy::Forbidden);
}

#[test]
fn a_history_policy_has_details_unless_it_forbids_sharing() {
    let details = HistoryDetails {
        roles: vec![4, 2],
        automatic: true,
        max_period: 0x0506,
    };
    let body = b"\x08\0\0\0\x04\0\0\0\x02\x01\0\0\x05\x06";
    let required = HistoryPolicy::Required(details.clone());
    assert_eq!(octets(&required), [&[1], &body[..]].concat());
    exact(&required);
    let optional = HistoryPolicy::Optional(details);
    assert_eq!(octets(&optional), [&[0], &body[..]].concat());
    exact(&optional);
    assert_eq!(octets(&HistoryPolicy::Forbidden), [2]);
    exact(&HistoryPolicy::Forbidden);
}

#[test]
fn a_bot_is_local_or_has_a_role() {
    let policy = BotPolicy {
        allowed_bots: vec![poker_bot(BotRole::Index(7))],
    };
    assert_eq!(
        octets(&policy),
        b"\x17\x05poker\x05deals\x03b:h\0\0\0\0\x07\x01\0"
    );
    exact(&policy);
    let mut bot = poker_bot(BotRole::LocalClient);
    bot.homepage = None;
    let policy = BotPolicy {
        allowed_bots: vec![bot, poker_bot(BotRole::Index(0))],
    };
    assert_eq!(
        octets(&policy),
        b"\x2b\x05poker\x05deals\0\x01\0\0\0\0\x01\0\x05poker\x05deals\x03b:h\0\0\0\0\0\x01\0"
    );
    exact(&policy);
    exact(&BotPolicy::default());
}

#[test]
fn an_expiration_policy_has_durations_unless_nothing_expires() {
    let mut durations = ExpirationDurations {
        min: 1,
        max: 3,
        default: Some(2),
    };
    let required = MessageExpiration::Required(durations);
    assert_eq!(octets(&required), b"\x01\0\0\0\x01\0\0\0\x03\x01\0\0\0\x02");
    exact(&required);
    durations.default = None;
    let optional = MessageExpiration::Optional(durations);
    assert_eq!(octets(&optional), b"\0\0\0\0\x01\0\0\0\x03\0");
    exact(&optional);
    assert_eq!(octets(&MessageExpiration::Forbidden), [2]);
    exact(&MessageExpiration::Forbidden);
}

#[test]
fn capabilities_are_ten_lists() {
    let capabilities = ExtendedCapabilities {
        versions: vec![1],
        cipher_suites: vec![2],
        extensions: vec![3],
        proposals: vec![4],
        credentials: vec![5],
        wire_formats: vec![6, 0xf0a1],
        component_ids: vec![ComponentId(7)],
        safe_aad_types: vec![ComponentId(8)],
        media_types: vec![MediaType::new("t/s")],
        content_types: vec![9, 200],
    };
    let numbers = b"\x02\0\x01\x02\0\x02\x02\0\x03\x02\0\x04\x02\0\x05\x04\0\x06\xf0\xa1";
    let others = b"\x02\0\x07\x02\0\x08\x05\x03t/s\0\x02\x09\xc8";
    assert_eq!(octets(&capabilities), [&numbers[..], others].concat());
    exact(&capabilities);
    assert_eq!(octets(&ExtendedCapabilities::default()), [0; 10]);
}

#[test]
fn operational_parameters_have_the_octets_of_the_draft() {
    let parameters = operational();
    let capabilities = b"\x02\0\x01\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\0\0\0\0\x05\x03a/b\0\0\
        \0\0\0\0\0\0\0\0\0\x01\x07";
    let handshakes = b"\x02\0\x01\x01\0\x02\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x02";
    let leaf = b"\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x03";
    let messages = b"\x04\0\x05\0\0\0\x06";
    let lifetimes = b"\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\x09";
    let keys = b"\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0\x0a\0\0\0\x0b";
    let buffer = b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0c\0\0\0\x0d";
    assert_eq!(
        octets(&parameters),
        [
            &capabilities[..],
            handshakes,
            leaf,
            messages,
            lifetimes,
            keys,
            buffer
        ]
        .concat()
    );
    exact(&parameters);
}

#[test]
fn a_strategy_without_parameters_is_one_octet() {
    assert_eq!(octets(&PendingProposalPolicy::Unspecified), [0]);
    assert_eq!(octets(&PendingProposalPolicy::ImmediateCommit), [1]);
    exact(&PendingProposalPolicy::Unspecified);
    exact(&PendingProposalPolicy::ImmediateCommit);
}

#[test]
fn uris_and_hosts_are_texts() {
    assert_eq!(octets(&uri("x:y")), b"\x03x:y");
    assert_eq!(octets(&host("a.b")), b"\x03a.b");
    exact(&uri("x:y"));
    exact(&host("a.b"));
}
