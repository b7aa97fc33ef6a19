//! The other components.

use super::*;

#[test]
fn two_logging_clients_of_one_provider() {
    let client = |name| Uri::parse(&format!("mimi://{name}")).unwrap();
    let logged = |clients: &[_]| {
        let details = LoggingDetails {
            clients: clients.to_vec(),
            ..LoggingDetails::default()
        };
        plan().with(
            ComponentId::LOGGING_POLICY,
            &LoggingPolicy::Required(details),
        )
    };
    let (one, other) = (client("a.example/d/log/1"), client("a.example/d/log/2"));
    let third = client("b.example/d/log/1");
    assert_eq!(lint(&logged(&[one.clone(), third]).policy()), []);
    assert_snapshot!(logged(&[one, other]).findings(), @r#"a.example logs with several clients, and a provider should have one: mimi://a.example/d/log/1 and mimi://a.example/d/log/2 (POLICY, "Logging policy component")"#);
}

fn history(roles: &[u32], max_period: u32) -> Plan {
    let details = HistoryDetails {
        roles: roles.to_vec(),
        automatic: false,
        max_period,
    };
    let history = HistoryPolicy::Optional(details);
    plan().with(ComponentId::CHAT_HISTORY_POLICY, &history)
}

#[test]
fn history_that_nobody_shares() {
    assert_eq!(lint(&history(&[ADMIN], 3600).policy()), []);
    assert_snapshot!(history(&[ADMIN, 9], 3600).findings(), @r#"the chat history policy lets roles share that are not defined: 9 (POLICY, "Chat history policy component")"#);
    assert_snapshot!(history(&[], 3600).findings(), @r#"the chat history policy allows sharing, but either no role can share or the period is 0 seconds (POLICY, "Chat history policy component")"#);
    assert_snapshot!(history(&[ADMIN], 0).findings(), @r#"the chat history policy allows sharing, but either no role can share or the period is 0 seconds (POLICY, "Chat history policy component")"#);
}

#[test]
fn a_bot_in_a_role_that_it_cannot_have() {
    let bot = |role| {
        let bot = Bot {
            name: "Dealer".to_owned(),
            description: String::new(),
            homepage: None,
            role,
            can_target_message_in_group: false,
            per_user_content: false,
        };
        let policy = BotPolicy {
            allowed_bots: vec![bot],
        };
        plan().with(ComponentId::BOT_POLICY, &policy)
    };
    for sound in [
        BotRole::LocalClient,
        BotRole::Index(0),
        BotRole::Index(USER),
    ] {
        assert_eq!(lint(&bot(sound).policy()), []);
    }
    assert_snapshot!(bot(BotRole::Index(9)).findings(), @r#"the bot "Dealer" is to act in role 9, which is not defined or has no clients (POLICY, "Chat bot policy component")"#);
    assert_snapshot!(bot(BotRole::Index(1)).findings(), @r#"the bot "Dealer" is to act in role 1, which is not defined or has no clients (POLICY, "Chat bot policy component")"#);
}

#[test]
fn two_entries_for_the_assets_of_one_provider() {
    let domains = ProviderAssetUploadDomains {
        provider: DomainName::parse("a.example").unwrap(),
        destinations: Vec::new(),
    };
    let assets = |count| AssetPolicy {
        upload_location: AssetUploadLocation::LOCAL_PROVIDER,
        upload_domains: vec![domains.clone(); count],
        download_privacy: DownloadPrivacy {
            allowed: Vec::new(),
            forbidden: Vec::new(),
            default: DownloadPrivacyType::DIRECT,
        },
        max_image: 0,
        max_audio: 0,
        max_video: 0,
        max_attachment: 0,
        forbidden_media_types: Vec::new(),
        permitted_media_types: None,
    };
    let with = |count| plan().with(ComponentId::ASSET_POLICY, &assets(count));
    assert_eq!(lint(&with(1).policy()), []);
    assert_snapshot!(with(2).findings(), @r#"the asset policy has several entries for a.example (POLICY, "Asset policies component")"#);
}

#[test]
fn join_links_that_lead_nowhere() {
    let links = |count| {
        JoinLinks(vec![
            JoinLink(b"https://a.example/secret".as_slice().into());
            count
        ])
    };
    let policy = |on_request, expiration| JoinLinkPolicy {
        on_request,
        request_uri: None,
        multiuser: true,
        expiration,
    };
    let room = |count, policy| {
        let plan = plan().with(ComponentId::JOIN_LINKS, &links(count));
        plan.with(ComponentId::JOIN_LINK_POLICY, &policy)
    };
    assert_eq!(lint(&room(2, policy(false, 60)).policy()), []);
    assert_eq!(lint(&room(1, policy(true, 60)).policy()), []);
    let alone = plan().with(ComponentId::JOIN_LINKS, &links(3));
    assert_snapshot!(alone.findings(), @r#"the room has join links (3) and no join link policy to say how long they are valid (POLICY, "Join Link policies component")"#);
    assert_snapshot!(room(1, policy(true, 0)).findings(), @"join links expire 0 seconds after they are made, so none is ever valid");
    let shut = room(1, policy(true, 60)).revoking(0, Capability::USE_JOIN_CODE);
    assert_snapshot!(shut.findings(), @r#"the room has join links (1), but role 0 lacks canUseJoinCode (POLICY, "Adding")"#);
}
