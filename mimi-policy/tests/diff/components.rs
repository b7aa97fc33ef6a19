//! The other components.

use super::*;

pub(super) fn bot(name: &str) -> Bot {
    Bot {
        name: name.to_owned(),
        description: "deals cards".to_owned(),
        homepage: Some(Uri::parse("https://bots.example/dealer").unwrap()),
        role: BotRole::Index(ORDINARY_USER),
        can_target_message_in_group: true,
        per_user_content: true,
    }
}

#[test]
fn bots_are_told_by_name_and_by_what_they_can_do() {
    let bots = |bots: &[Bot]| {
        let allowed_bots = bots.to_vec();
        side().with(ComponentId::BOT_POLICY, &BotPolicy { allowed_bots })
    };
    let dealer = bot("Dealer");
    let plain = Bot {
        description: String::new(),
        homepage: None,
        role: BotRole::LocalClient,
        can_target_message_in_group: false,
        per_user_content: false,
        ..dealer.clone()
    };
    let outside = Bot {
        role: BotRole::Index(0),
        ..plain.clone()
    };
    let (one, other) = (
        bots(std::slice::from_ref(&dealer)),
        bots(std::slice::from_ref(&plain)),
    );
    assert_snapshot!(other.to(&one), @r#"the bot "Dealer" is now allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer" (before: allowed inside the client of a user)"#);
    assert_snapshot!(one.to(&bots(&[bot("Helper"), outside.clone()])), @r#"
    the bot "Dealer" is now allowed without a role (before: allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer")
    the bot "Helper" is now allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer" (before: not allowed)
    "#);
    assert_snapshot!(one.to(&bots(&[dealer.clone(), plain])), @r#"the bot "Dealer" is now allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer"; allowed inside the client of a user (before: allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer")"#);
    let (a, b) = (bots(&[bot("A"), bot("B")]), bots(&[bot("B"), bot("A")]));
    assert_snapshot!(a.to(&b), @"bot_policy is written in another way and says the same");
    // Texts that look alike when shortened still differ.
    let long = |end: &str| Bot {
        description: format!("{}{end}", "x".repeat(64)),
        ..outside.clone()
    };
    assert_snapshot!(bots(&[long("one")]).to(&bots(&[long("two")])), @r#"the bot "Dealer" is now allowed without a role, described as "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" (before: allowed without a role, described as "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…")"#);
}

#[test]
fn logging_and_history_have_their_words() {
    let client = |n| Uri::parse(&format!("mimi://{n}.example/d/log/1")).unwrap();
    let details = LoggingDetails {
        clients: vec![client("a"), client("b")],
        machine_readable_policy: Some(Uri::parse("https://a.example/log.json").unwrap()),
        human_readable_policy: Some(Uri::parse("https://a.example/log").unwrap()),
    };
    let logged = LoggingPolicy::Optional(details.clone());
    let logged = side().with(ComponentId::LOGGING_POLICY, &logged);
    assert_snapshot!(side().to(&logged), @r#"
    logging of messages is now optional (before: not regulated)
    the list of those who log messages now includes mimi://a.example/d/log/1 and mimi://b.example/d/log/1
    the logging policy for machines is now "https://a.example/log.json" (before: none)
    the logging policy for people is now "https://a.example/log" (before: none)
    "#);
    let fewer = LoggingPolicy::Required(LoggingDetails {
        clients: vec![client("c"), client("b")],
        ..details
    });
    assert_snapshot!(logged.gaining(ComponentId::LOGGING_POLICY, &fewer), @"
    logging of messages is now required (before: optional)
    the list of those who log messages now includes mimi://c.example/d/log/1
    the list of those who log messages no longer includes mimi://a.example/d/log/1
    ");
    let off = LoggingPolicy::Forbidden;
    assert_snapshot!(logged.gaining(ComponentId::LOGGING_POLICY, &off), @r#"
    logging of messages is now forbidden (before: optional)
    the list of those who log messages no longer includes mimi://a.example/d/log/1 and mimi://b.example/d/log/1
    the logging policy for machines is now none (before: "https://a.example/log.json")
    the logging policy for people is now none (before: "https://a.example/log")
    "#);

    let details = HistoryDetails {
        roles: vec![GROUP_ADMIN, 9],
        automatic: true,
        max_period: 3600,
    };
    let shared = HistoryPolicy::Required(details.clone());
    let shared = side().with(ComponentId::CHAT_HISTORY_POLICY, &shared);
    assert_snapshot!(side().to(&shared), @"
    sharing history with new participants is now required (before: not regulated)
    the list of roles that can share history now includes role 3 (group_admin) and role 9
    sharing history without asking is now allowed (before: not regulated)
    the time that shared history goes back is now 3600 seconds (before: none)
    ");
    let fewer = HistoryPolicy::Optional(HistoryDetails {
        roles: vec![9],
        automatic: false,
        max_period: 60,
    });
    assert_snapshot!(shared.gaining(ComponentId::CHAT_HISTORY_POLICY, &fewer), @"
    sharing history with new participants is now optional (before: required)
    the list of roles that can share history no longer includes role 3 (group_admin)
    sharing history without asking is now not allowed (before: allowed)
    the time that shared history goes back is now 60 seconds (before: 3600 seconds)
    ");
    let off = HistoryPolicy::Forbidden;
    assert_snapshot!(shared.gaining(ComponentId::CHAT_HISTORY_POLICY, &off), @"
    sharing history with new participants is now forbidden (before: required)
    the list of roles that can share history no longer includes role 3 (group_admin) and role 9
    sharing history without asking is now not allowed (before: allowed)
    the time that shared history goes back is now none (before: 3600 seconds)
    ");
}

#[test]
fn notifications_and_expiry_have_their_words() {
    let status = StatusNotificationPolicy {
        delivery_notifications: Optionality::Required,
        read_receipts: Optionality::Forbidden,
    };
    assert_snapshot!(side().gaining(ComponentId::STATUS_NOTIFICATION_POLICY, &status), @"
    telling that a message arrived is now required (before: not regulated)
    telling that a message was read is now forbidden (before: not regulated)
    ");
    let times = ExpirationDurations {
        min: 60,
        max: 3600,
        default: Some(600),
    };
    let id = ComponentId::MESSAGE_EXPIRATION_POLICY;
    let optional = side().with(id, &MessageExpiration::Optional(times));
    assert_snapshot!(side().to(&optional), @"
    expiry of messages is now optional (before: not regulated)
    the shortest time to expiry is now 60 seconds (before: none)
    the longest time to expiry is now 3600 seconds (before: none)
    the usual time to expiry is now 600 seconds (before: none)
    ");
    let required = MessageExpiration::Required(ExpirationDurations {
        default: None,
        ..times
    });
    assert_snapshot!(optional.gaining(id, &required), @"
    expiry of messages is now required (before: optional)
    the usual time to expiry is now none (before: 600 seconds)
    ");
    assert_snapshot!(optional.gaining(id, &MessageExpiration::Forbidden), @"
    expiry of messages is now forbidden (before: optional)
    the shortest time to expiry is now none (before: 60 seconds)
    the longest time to expiry is now none (before: 3600 seconds)
    the usual time to expiry is now none (before: 600 seconds)
    ");
}

#[test]
fn join_links_are_counted_but_not_shown() {
    let policy = JoinLinkPolicy {
        on_request: false,
        request_uri: Some(Uri::parse("https://a.example/ask").unwrap()),
        multiuser: true,
        expiration: 3600,
    };
    let ruled = side().with(ComponentId::JOIN_LINK_POLICY, &policy);
    assert_snapshot!(side().to(&ruled), @r#"
    making several join links is now allowed (before: not regulated)
    using a join link several times is now allowed (before: not regulated)
    the lifetime of a join link is now 3600 seconds (before: not regulated)
    the place to ask for a join link is now "https://a.example/ask" (before: none)
    "#);
    let single = JoinLinkPolicy {
        on_request: true,
        request_uri: None,
        multiuser: false,
        expiration: 60,
    };
    assert_snapshot!(ruled.gaining(ComponentId::JOIN_LINK_POLICY, &single), @r#"
    making several join links is now not allowed (before: allowed)
    using a join link several times is now not allowed (before: allowed)
    the lifetime of a join link is now 60 seconds (before: 3600 seconds)
    the place to ask for a join link is now none (before: "https://a.example/ask")
    "#);

    let links = |links: &[&'static str]| {
        let links = links.iter().map(|link| JoinLink(link.as_bytes().into()));
        side().with(ComponentId::JOIN_LINKS, &JoinLinks(links.collect()))
    };
    assert_snapshot!(links(&["secret"]).to(&links(&["hidden", "concealed"])), @"
    the number of new join links is 2
    the number of join links that are gone is 1
    ");
    assert_snapshot!(links(&["secret", "hidden"]).to(&links(&["hidden", "secret"])), @"join_links is written in another way and says the same");
    assert_snapshot!(side().to(&links(&[])), @"join_links is added, with 1 octets");
}

#[test]
fn link_previews_have_their_words() {
    let open = LinkPreviewPolicy {
        autodetect_hyperlinks: true,
        send_link_previews: Optionality::Optional,
        automatic_link_previews: Optionality::Required,
        proxy: LinkPreviewProxy::Required(Uri::parse("https://a.example/proxy").unwrap()),
    };
    let id = ComponentId::LINK_PREVIEW_POLICY;
    let before = side().with(id, &open);
    assert_snapshot!(side().to(&before), @r#"
    making links of text that looks like one is now allowed (before: not regulated)
    sending previews of links is now optional (before: not regulated)
    fetching previews of links is now required (before: not regulated)
    a proxy for previews of links is now required, at "https://a.example/proxy" (before: not regulated)
    "#);
    let shut = LinkPreviewPolicy {
        autodetect_hyperlinks: false,
        send_link_previews: Optionality::Forbidden,
        automatic_link_previews: Optionality::Forbidden,
        proxy: LinkPreviewProxy::Forbidden,
    };
    assert_snapshot!(before.gaining(id, &shut), @r#"
    making links of text that looks like one is now not allowed (before: allowed)
    sending previews of links is now forbidden (before: optional)
    fetching previews of links is now forbidden (before: required)
    a proxy for previews of links is now forbidden (before: required, at "https://a.example/proxy")
    "#);
}

pub(super) fn assets() -> AssetPolicy {
    let domain = |text| DomainName::parse(text).unwrap();
    AssetPolicy {
        upload_location: AssetUploadLocation::LOCAL_PROVIDER,
        upload_domains: vec![
            ProviderAssetUploadDomains {
                provider: domain("a.example"),
                destinations: vec![domain("files.a.example"), domain("cdn.a.example")],
            },
            ProviderAssetUploadDomains {
                provider: domain("b.example"),
                destinations: Vec::new(),
            },
        ],
        download_privacy: DownloadPrivacy {
            allowed: vec![DownloadPrivacyType::OHTTP, DownloadPrivacyType(9)],
            forbidden: vec![DownloadPrivacyType::DIRECT],
            default: DownloadPrivacyType::HUB_PROXY,
        },
        max_image: 1,
        max_audio: 2,
        max_video: 3,
        max_attachment: 4,
        forbidden_media_types: vec![MediaType::new("text/html")],
        permitted_media_types: Some(vec!["text/plain;charset=utf-8".parse().unwrap()]),
    }
}

#[test]
fn assets_have_their_words() {
    let id = ComponentId::ASSET_POLICY;
    let before = side().with(id, &assets());
    assert_snapshot!(side().to(&before), @"
    the place to upload files to is now the provider of each user (before: not regulated)
    the list of hosts for files now includes cdn.a.example for a.example, files.a.example for a.example and none for b.example
    the list of ways to download that are allowed now includes by Oblivious HTTP and unknown (9)
    the list of ways to download that are forbidden now includes directly
    the usual way to download is now by a proxy of the hub (before: not regulated)
    the largest image is now 1 octets (before: not regulated)
    the largest audio is now 2 octets (before: not regulated)
    the largest video is now 3 octets (before: not regulated)
    the largest attachment is now 4 octets (before: not regulated)
    the list of forbidden media types now includes text/html
    sending media types that are not permitted by name is now not allowed (before: not regulated)
    the list of permitted media types now includes text/plain; charset=utf-8
    ");
    let mut after = assets();
    after.upload_location = AssetUploadLocation::HUB;
    after.upload_domains.pop();
    after.upload_domains[0].destinations.pop();
    after.max_video = 30;
    after.permitted_media_types = None;
    assert_snapshot!(before.gaining(id, &after), @"
    the place to upload files to is now the hub (before: the provider of each user)
    the list of hosts for files no longer includes cdn.a.example for a.example and none for b.example
    the largest video is now 30 octets (before: 3 octets)
    sending media types that are not permitted by name is now allowed (before: not allowed)
    the list of permitted media types no longer includes text/plain; charset=utf-8
    ");
}

pub(super) fn operational() -> OperationalParameters {
    let time = MinDefaultMaxTime {
        min: 1,
        default: 2,
        max: 3,
    };
    OperationalParameters {
        mandatory_capabilities: ExtendedCapabilities {
            cipher_suites: vec![1],
            component_ids: vec![ComponentId::ROLES_LIST],
            ..ExtendedCapabilities::default()
        },
        default_capabilities: ExtendedCapabilities {
            media_types: vec![MediaType::new("text/plain")],
            ..ExtendedCapabilities::default()
        },
        forbidden_capabilities: ExtendedCapabilities {
            extensions: vec![7, 8],
            ..ExtendedCapabilities::default()
        },
        handshake_formats: vec![1, 0xf0a1],
        external_proposal_allowed: true,
        external_commit_allowed: false,
        pending_proposal_policy: PendingProposalPolicy::RandomDelay {
            min_ms: 10,
            max_ms: 100,
        },
        leaf_node_update_time: time,
        app_message_policy: AppMessagePolicy {
            epoch_tolerance: 1,
            pad_to_size: 2,
            max_generations_skipahead: 3,
        },
        max_kp_lifetime: 4,
        max_credential_lifetime: 5,
        resumption_psk_lifetime: 6,
        sender_nonce_keypair_lifetime: time,
        max_keypairs: 7,
        buffer_incoming_message_time: time,
        max_buffered_messages: 8,
    }
}

#[test]
fn the_operational_policy_has_its_words() {
    let id = ComponentId::MLS_OPERATIONAL_POLICY;
    let before = side().with(id, &operational());
    assert_snapshot!(side().to(&before), @"
    proposing from outside is now allowed (before: not regulated)
    joining by an external commit is now not allowed (before: not regulated)
    the list of mandatory cipher suites now includes 1
    the list of mandatory components now includes roles_list
    the list of usual media types now includes text/plain
    the list of forbidden extensions now includes 7 and 8
    the list of wire formats of handshakes now includes 1 and 61601
    committing what is pending is now delayed by 10 to 100 milliseconds (before: not regulated)
    the time between updates of a leaf node is now 2 seconds, at least 1 and at most 3 (before: not regulated)
    the lifetime of unused keys is now 2 seconds, at least 1 and at most 3 (before: not regulated)
    the time that early messages are kept is now 2 seconds, at least 1 and at most 3 (before: not regulated)
    the longest lifetime of a KeyPackage is now 4 seconds (before: not regulated)
    the longest lifetime of a credential is now 5 seconds (before: not regulated)
    the lifetime of resumption PSKs is now 6 seconds (before: not regulated)
    the maximum of unused keys is now 7 (before: not regulated)
    the maximum of early messages is now 8 (before: not regulated)
    the number of past epochs for messages is now 1 (before: not regulated)
    the padding of messages is now 2 octets (before: not regulated)
    the longest skip in a ratchet is now 3 generations (before: not regulated)
    ");
    let mut after = operational();
    after.external_commit_allowed = true;
    after.pending_proposal_policy = PendingProposalPolicy::ImmediateCommit;
    after.forbidden_capabilities.extensions = vec![8];
    assert_snapshot!(before.gaining(id, &after), @"
    joining by an external commit is now allowed (before: not allowed)
    the list of forbidden extensions no longer includes 7
    committing what is pending is now immediate (before: delayed by 10 to 100 milliseconds)
    ");
}
