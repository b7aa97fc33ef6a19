//! What each component refuses, in words and with the place.

use insta::assert_snapshot;
use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_content::tls::Decode;
use mimi_policy::{
    AssetUploadLocation, BotPolicy, BotRole, DownloadPrivacyType, ExpirationDurations,
    ExtendedCapabilities, HistoryDetails, HistoryPolicy, JoinLinkPolicy, LinkPreviewPolicy,
    LoggingDetails, LoggingPolicy, MessageExpiration, MinDefaultMaxTime, OperationalParameters,
    PendingProposalPolicy, StatusNotificationPolicy,
};

use super::{assets, exact, logging_by, misfit, octets, operational, poker_bot, refusal};

#[test]
fn a_switch_has_three_positions() {
    assert_snapshot!(refusal::<StatusNotificationPolicy>(&[0, 3]), @"at octet 1: Optionality has no value 3");
    assert_snapshot!(refusal::<LoggingPolicy>(&[3]), @"at octet 0: Optionality has no value 3");
    assert_snapshot!(refusal::<HistoryPolicy>(&[255]), @"at octet 0: Optionality has no value 255");
    assert_snapshot!(refusal::<MessageExpiration>(&[3]), @"at octet 0: Optionality has no value 3");
    assert_snapshot!(refusal::<LinkPreviewPolicy>(&[0, 0, 0, 3]), @"at octet 3: Optionality has no value 3");
}

#[test]
fn a_boolean_is_zero_or_one() {
    assert_snapshot!(refusal::<JoinLinkPolicy>(b"\x02\0\0\0\0\0\0"), @"at octet 0: bool has no value 2");
    assert_snapshot!(refusal::<JoinLinkPolicy>(b"\0\0\x02\0\0\0\0"), @"at octet 2: bool has no value 2");
}

#[test]
fn hyperlinks_are_never_to_be_detected() {
    assert_snapshot!(refusal::<LinkPreviewPolicy>(&[1, 0, 0, 2]), @"at octet 0: autodetection of hyperlinks is required, which it cannot be");
}

#[test]
fn there_is_one_preview_proxy() {
    assert_snapshot!(refusal::<LinkPreviewPolicy>(b"\0\0\0\x01\0"), @"at octet 4: there is not exactly one link preview proxy");
    assert_snapshot!(refusal::<LinkPreviewPolicy>(b"\0\0\0\0\0"), @"at octet 4: there is not exactly one link preview proxy");
    assert_snapshot!(refusal::<LinkPreviewPolicy>(b"\0\0\0\x01\x08\x03x:y\x03x:y"), @"at octet 9: there is not exactly one link preview proxy");
    // What is forbidden has no address.
    assert_snapshot!(refusal::<LinkPreviewPolicy>(b"\0\0\0\x02\x04\x03x:y"), @"at octet 4: 5 octets follow the value");
    // And a proxy without an address is none.
    assert_snapshot!(refusal::<LinkPreviewPolicy>(b"\0\0\0\x01\x01\0"), @"at octet 6: a URI does not start with a scheme");
}

#[test]
fn what_goes_to_the_hub_has_one_provider() {
    let mut policy = assets();
    policy.upload_location = AssetUploadLocation::HUB;
    assert_eq!(policy.check(), Ok(()));
    exact(&policy);
    let domains = policy.upload_domains.pop().unwrap();
    assert_snapshot!(misfit(&policy, policy.check()), @"at octet 1: assets are uploaded to the hub, but there is not exactly one provider");
    policy.upload_domains = vec![domains.clone(), domains];
    assert_snapshot!(misfit(&policy, policy.check()), @"at octet 1: assets are uploaded to the hub, but there is not exactly one provider");
    // Elsewhere there may be none, or several.
    for location in [0, 1, 3] {
        policy.upload_location = AssetUploadLocation(location);
        exact(&policy);
    }
    policy.upload_domains.clear();
    exact(&policy);
}

#[test]
fn the_default_download_is_not_forbidden() {
    let mut policy = assets();
    policy.download_privacy.default = DownloadPrivacyType::DIRECT;
    assert_snapshot!(misfit(&policy, policy.check()), @"at octet 32: the default download type is forbidden");
    let privacy = &policy.download_privacy;
    assert_snapshot!(misfit(privacy, privacy.check()), @"at octet 5: the default download type is forbidden");
    // It need not be allowed expressly, and what is both is just forbidden.
    policy.download_privacy.default = DownloadPrivacyType(9);
    policy.download_privacy.allowed = vec![DownloadPrivacyType::DIRECT];
    assert_eq!(policy.check(), Ok(()));
    exact(&policy);
}

#[test]
fn the_permitted_media_types_are_there_or_not() {
    let mut bytes = octets(&assets());
    let presence = bytes.len() - 7;
    assert_eq!(bytes[presence], 1);
    bytes[presence] = 2;
    assert_snapshot!(refusal::<mimi_policy::AssetPolicy>(&bytes), @"at octet 71: a presence octet is 2, not 0 or 1");
}

#[test]
fn required_logging_names_a_client() {
    let nobody = LoggingPolicy::Required(LoggingDetails::default());
    assert_snapshot!(misfit(&nobody, nobody.check()), @"at octet 1: logging is required, but no logging client is named");
    exact(&LoggingPolicy::Optional(LoggingDetails::default()));
}

#[test]
fn a_room_is_logged_when_somebody_logs() {
    let logger = logging_by(&["mimi://a.example/d/log"]);
    for (policy, active) in [
        (LoggingPolicy::Forbidden, false),
        (LoggingPolicy::Optional(LoggingDetails::default()), false),
        (LoggingPolicy::Optional(logger.clone()), true),
        (LoggingPolicy::Required(logger), true),
    ] {
        assert_eq!(policy.is_active(), active, "{policy:?}");
    }
}

#[test]
fn history_is_not_shared_from_outside_the_room() {
    let sharing = |roles: &[u32]| HistoryDetails {
        roles: roles.to_vec(),
        automatic: false,
        max_period: 60,
    };
    let nobody = sharing(&[2, 0]);
    assert_snapshot!(misfit(&nobody, nobody.check()), @"at octet 5: role 0 cannot share history");
    let banned = sharing(&[1]);
    assert_snapshot!(misfit(&banned, banned.check()), @"at octet 1: role 1 cannot share history");
    assert_snapshot!(refusal::<HistoryPolicy>(&octets(&HistoryPolicy::Required(banned))), @"at octet 2: role 1 cannot share history");
    let some = sharing(&[2, 5]);
    assert_eq!(some.check(), Ok(()));
    for policy in [
        HistoryPolicy::Optional(some.clone()),
        HistoryPolicy::Required(some),
    ] {
        assert!(policy.may_share(5));
        assert!(!policy.may_share(3));
    }
    assert!(!HistoryPolicy::Forbidden.may_share(5));
}

#[test]
fn a_local_bot_has_no_role() {
    let policy = BotPolicy {
        allowed_bots: vec![poker_bot(BotRole::LocalClient)],
    };
    let mut bytes = octets(&policy);
    let role = bytes.len() - 3;
    bytes[role] = 4;
    assert_snapshot!(refusal::<BotPolicy>(&bytes), @"at octet 18: a local client bot has a role other than 0");
    // The same role is fine for a participant.
    bytes[role - 4] = 0;
    let policy = BotPolicy::from_slice(&bytes).unwrap();
    assert_eq!(policy.allowed_bots[0].role, BotRole::Index(4));
}

#[test]
fn durations_of_messages_are_in_order() {
    let durations = |min, max, default| ExpirationDurations { min, max, default };
    for wrong in [durations(4, 3, None), durations(4, 3, Some(4))] {
        let text = "at octet 0: the shortest expiration is longer than the longest";
        assert_eq!(misfit(&wrong, wrong.check()), text);
    }
    for wrong in [durations(2, 4, Some(1)), durations(2, 4, Some(5))] {
        let text = "at octet 0: the default expiration is not between the shortest and the longest";
        assert_eq!(misfit(&wrong, wrong.check()), text);
    }
    let wrong = octets(&MessageExpiration::Required(durations(4, 3, None)));
    assert_snapshot!(refusal::<MessageExpiration>(&wrong), @"at octet 1: the shortest expiration is longer than the longest");
    for right in [
        durations(2, 4, Some(2)),
        durations(2, 4, Some(4)),
        durations(3, 3, Some(3)),
        durations(0, 0, None),
    ] {
        assert_eq!(right.check(), Ok(()));
        exact(&MessageExpiration::Optional(right));
    }
    let bounds = durations(2, 4, None);
    let within: Vec<u32> = (0..7).filter(|at| bounds.contains(*at)).collect();
    assert_eq!(within, [2, 3, 4]);
    assert_eq!(
        MessageExpiration::Required(bounds).durations(),
        Some(&bounds)
    );
    assert_eq!(MessageExpiration::Forbidden.durations(), None);
}

#[test]
fn the_presence_of_a_default_is_zero_or_one() {
    assert_snapshot!(refusal::<MessageExpiration>(b"\x01\0\0\0\x01\0\0\0\x03\x02"), @"at octet 9: a presence octet is 2, not 0 or 1");
}

#[test]
fn times_are_in_order() {
    let time = |min, default, max| MinDefaultMaxTime { min, default, max };
    for wrong in [time(2, 1, 3), time(1, 4, 3), time(3, 3, 2), time(2, 1, 0)] {
        let text = "at octet 0: the default time is not between the minimum and the maximum";
        assert_eq!(misfit(&wrong, wrong.check()), text);
    }
    for right in [
        time(0, 0, 0),
        time(1, 1, 2),
        time(1, 2, 2),
        time(0, 1, u64::MAX),
    ] {
        assert_eq!(right.check(), Ok(()));
        exact(&right);
    }
    let parameters = OperationalParameters {
        leaf_node_update_time: time(2, 1, 3),
        ..operational()
    };
    assert_snapshot!(misfit(&parameters, parameters.check()), @"at octet 60: the default time is not between the minimum and the maximum");
    let parameters = OperationalParameters {
        sender_nonce_keypair_lifetime: time(2, 1, 3),
        ..operational()
    };
    assert_snapshot!(misfit(&parameters, parameters.check()), @"at octet 115: the default time is not between the minimum and the maximum");
    let parameters = OperationalParameters {
        buffer_incoming_message_time: time(2, 1, 3),
        ..operational()
    };
    assert_snapshot!(misfit(&parameters, parameters.check()), @"at octet 143: the default time is not between the minimum and the maximum");
}

#[test]
fn delays_are_in_order_and_strategies_known() {
    let delay = |min_ms, max_ms| PendingProposalPolicy::RandomDelay { min_ms, max_ms };
    assert_snapshot!(misfit(&delay(2, 1), delay(2, 1).check()), @"at octet 1: the shortest delay is longer than the longest");
    exact(&delay(2, 2));
    exact(&delay(0, u64::MAX));
    assert_snapshot!(refusal::<PendingProposalPolicy>(&[3, 0, 0]), @"at octet 0: PendingProposalStrategy has no value 3");
    assert_snapshot!(refusal::<PendingProposalPolicy>(&[255]), @"at octet 0: PendingProposalStrategy has no value 255");
    let parameters = OperationalParameters {
        pending_proposal_policy: delay(2, 1),
        ..operational()
    };
    assert_snapshot!(misfit(&parameters, parameters.check()), @"at octet 44: the shortest delay is longer than the longest");
}

#[test]
fn nothing_is_both_mandatory_and_forbidden() {
    type Set = fn(&mut ExtendedCapabilities);
    let both: [(&str, Set); 10] = [
        ("protocol version", |c| c.versions = vec![1]),
        ("cipher suite", |c| c.cipher_suites = vec![9, 2]),
        ("extension", |c| c.extensions = vec![3]),
        ("proposal type", |c| c.proposals = vec![4]),
        ("credential type", |c| c.credentials = vec![5]),
        ("wire format", |c| c.wire_formats = vec![6]),
        ("component", |c| c.component_ids = vec![ComponentId(7)]),
        ("Safe AAD component", |c| {
            c.safe_aad_types = vec![ComponentId(8)]
        }),
        ("media type", |c| {
            c.media_types = vec![MediaType::new("a/b")]
        }),
        ("content type", |c| c.content_types = vec![7]),
    ];
    for (what, set) in both {
        let mut parameters = operational();
        parameters.mandatory_capabilities = ExtendedCapabilities::default();
        parameters.forbidden_capabilities = ExtendedCapabilities::default();
        set(&mut parameters.mandatory_capabilities);
        exact(&parameters);
        set(&mut parameters.forbidden_capabilities);
        let text = misfit(&parameters, parameters.check());
        assert!(
            text.ends_with(&format!(" {what} is both mandatory and forbidden")),
            "{text}"
        );
        // By default is another matter.
        parameters.default_capabilities = parameters.mandatory_capabilities;
        parameters.mandatory_capabilities = ExtendedCapabilities::default();
        exact(&parameters);
    }
    let mut parameters = operational();
    parameters.forbidden_capabilities.versions = vec![2, 1];
    assert_snapshot!(misfit(&parameters, parameters.check()), @"at octet 27: a protocol version is both mandatory and forbidden");
}

#[test]
fn texts_are_utf8() {
    let mut bytes = octets(&BotPolicy {
        allowed_bots: vec![poker_bot(BotRole::LocalClient)],
    });
    bytes[4] = 0xff;
    assert_snapshot!(refusal::<BotPolicy>(&bytes), @"at octet 4: a string is not valid UTF-8");
    assert_snapshot!(refusal::<mimi_policy::Uri>(b"\x03x:\xff"), @"at octet 3: a string is not valid UTF-8");
    assert_snapshot!(refusal::<mimi_policy::DomainName>(b"\x02a\xff"), @"at octet 2: a string is not valid UTF-8");
}
