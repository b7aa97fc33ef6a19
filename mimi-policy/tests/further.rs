//! The components that a room may have or do without: who changes them, how,
//! and which of them do not go together.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(clippy::unwrap_used, reason = "tests stop at what must not happen")]

mod common;
use common::*;
use insta::assert_snapshot;
use mimi_content::component::ComponentId;
use mimi_policy::{
    Actor, AppMessagePolicy, AssetPolicy, AssetUploadLocation, Bot, BotPolicy, BotRole, Bundle,
    Capability, DomainName, DownloadPrivacy, DownloadPrivacyType, ExpirationDurations,
    ExtendedCapabilities, HistoryDetails, HistoryPolicy, Invalid, JoinLink, JoinLinkPolicy,
    JoinLinks, JoinLinksError, JoinLinksUpdate, LinkPreviewPolicy, LinkPreviewProxy, LoggingPolicy,
    MessageExpiration, MinDefaultMaxTime, Op, OperationalParameters, Optionality,
    PendingProposalPolicy, ProviderAssetUploadDomains, Reason, RoomPolicy,
    StatusNotificationPolicy,
};

const LINKS: ComponentId = ComponentId::JOIN_LINKS;
const LINK_POLICY: ComponentId = ComponentId::JOIN_LINK_POLICY;
const HISTORY: ComponentId = ComponentId::CHAT_HISTORY_POLICY;
const ASSETS: ComponentId = ComponentId::ASSET_POLICY;

fn status(read_receipts: Optionality) -> StatusNotificationPolicy {
    StatusNotificationPolicy {
        delivery_notifications: Optionality::Optional,
        read_receipts,
    }
}

fn link_policy(on_request: bool) -> JoinLinkPolicy {
    JoinLinkPolicy {
        on_request,
        request_uri: None,
        multiuser: true,
        expiration: 3_600,
    }
}

fn previews(autodetect_hyperlinks: bool) -> LinkPreviewPolicy {
    LinkPreviewPolicy {
        autodetect_hyperlinks,
        send_link_previews: Optionality::Optional,
        automatic_link_previews: Optionality::Forbidden,
        proxy: LinkPreviewProxy::Forbidden,
    }
}

/// Assets of one provider.
fn assets(upload_location: AssetUploadLocation, provider: &str) -> AssetPolicy {
    AssetPolicy {
        upload_location,
        upload_domains: vec![ProviderAssetUploadDomains {
            provider: DomainName::parse(provider).unwrap(),
            destinations: Vec::new(),
        }],
        download_privacy: DownloadPrivacy {
            allowed: Vec::new(),
            forbidden: Vec::new(),
            default: DownloadPrivacyType::OHTTP,
        },
        max_image: 1,
        max_audio: 1,
        max_video: 1,
        max_attachment: 1,
        forbidden_media_types: Vec::new(),
        permitted_media_types: None,
    }
}

fn history(roles: &[u32]) -> HistoryPolicy {
    HistoryPolicy::Optional(HistoryDetails {
        roles: roles.to_vec(),
        automatic: false,
        max_period: 3_600,
    })
}

fn bots(names: &[&str]) -> BotPolicy {
    let bot = |name: &&str| Bot {
        name: (*name).into(),
        description: String::new(),
        homepage: None,
        role: BotRole::LocalClient,
        can_target_message_in_group: false,
        per_user_content: false,
    };
    BotPolicy {
        allowed_bots: names.iter().map(bot).collect(),
    }
}

fn expiring(max: u32) -> MessageExpiration {
    MessageExpiration::Required(ExpirationDurations {
        min: 1,
        max,
        default: None,
    })
}

fn operational(external_commit_allowed: bool) -> OperationalParameters {
    OperationalParameters {
        mandatory_capabilities: ExtendedCapabilities::default(),
        default_capabilities: ExtendedCapabilities::default(),
        forbidden_capabilities: ExtendedCapabilities::default(),
        handshake_formats: Vec::new(),
        external_proposal_allowed: true,
        external_commit_allowed,
        pending_proposal_policy: PendingProposalPolicy::Unspecified,
        leaf_node_update_time: MinDefaultMaxTime::default(),
        app_message_policy: AppMessagePolicy::default(),
        max_kp_lifetime: 0,
        max_credential_lifetime: 0,
        resumption_psk_lifetime: 0,
        sender_nonce_keypair_lifetime: MinDefaultMaxTime::default(),
        max_keypairs: 0,
        buffer_incoming_message_time: MinDefaultMaxTime::default(),
        max_buffered_messages: 0,
    }
}

/// The components that an update replaces whole, each with two values and the
/// capability to change it.
fn replaced() -> Vec<(ComponentId, Vec<u8>, Vec<u8>, Capability)> {
    const OTHER: Capability = Capability::CHANGE_OTHER_POLICY_ATTRIBUTE;
    let local = AssetUploadLocation::LOCAL_PROVIDER;
    vec![
        (
            ComponentId::MLS_OPERATIONAL_POLICY,
            octets(&operational(true)),
            octets(&operational(false)),
            Capability::CHANGE_MLS_OPERATIONAL_POLICIES,
        ),
        (
            ComponentId::STATUS_NOTIFICATION_POLICY,
            octets(&status(Optionality::Required)),
            octets(&status(Optionality::Forbidden)),
            OTHER,
        ),
        (
            LINK_POLICY,
            octets(&link_policy(true)),
            octets(&link_policy(false)),
            OTHER,
        ),
        (
            ComponentId::LINK_PREVIEW_POLICY,
            octets(&previews(true)),
            octets(&previews(false)),
            OTHER,
        ),
        (
            ASSETS,
            octets(&assets(local, "a.example")),
            octets(&assets(local, "b.example")),
            OTHER,
        ),
        (
            ComponentId::LOGGING_POLICY,
            octets(&LoggingPolicy::Forbidden),
            octets(&LoggingPolicy::Optional(Default::default())),
            OTHER,
        ),
        (
            HISTORY,
            octets(&history(&[2])),
            octets(&history(&[3])),
            OTHER,
        ),
        (
            ComponentId::BOT_POLICY,
            octets(&bots(&["poker"])),
            octets(&bots(&[])),
            OTHER,
        ),
        (
            ComponentId::MESSAGE_EXPIRATION_POLICY,
            octets(&expiring(60)),
            octets(&expiring(61)),
            OTHER,
        ),
    ]
}

/// A room in which Alice has these capabilities and no others.
fn entitling(capabilities: &[Capability]) -> Room {
    room().with_role(SUPER_ADMIN, |role| {
        role.capabilities = capabilities.iter().copied().collect();
    })
}

/// A room in which Alice has all capabilities but one.
fn withholding(capability: Capability) -> Room {
    let all = Capability::REGISTERED.iter().copied();
    let others: Vec<_> = all
        .filter(|one| *one != capability && *one != Capability::OPEN_JOIN)
        .collect();
    entitling(&others)
}

#[test]
fn each_component_has_one_capability_that_changes_and_removes_it() {
    let alice = alice();
    let actor = Actor::participant(&alice);
    for (id, first, second, capability) in replaced() {
        let mut room = entitling(&[capability]);
        room.further.insert(id, first.clone());
        for change in [component(id, &second), removal(id)] {
            let verdict = room.act(actor, &[change]).unwrap();
            assert!(!verdict.rests_on_hub().any());
            let now = verdict
                .policy()
                .components()
                .get(id)
                .map(|data| data.to_vec());
            let expected = (change != removal(id)).then(|| second.clone());
            assert_eq!(now, expected, "{id}");

            let mut others = withholding(capability);
            others.further.insert(id, first.clone());
            let denied = others.act(actor, &[change]).unwrap_err();
            assert_eq!(denied.missing(), Some(capability), "{id}");
        }
    }
    let room = room();
    let update = octets(&status(Optionality::Required));
    let change = component(ComponentId::STATUS_NOTIFICATION_POLICY, &update);
    assert_snapshot!(room.act(actor, &[change]).unwrap_err(), @r#"mimi://a.example/u/alice needs canChangeOtherPolicyAttribute for this, which role 4 (super_admin) lacks (POLICY, "Role Capabilities")"#);
}

#[test]
fn whoever_is_outside_changes_none_of_them() {
    let (dora, stranger) = (dora(), uri("mimi://x.example"));
    let room = room();
    for (id, first, ..) in replaced() {
        let changes = [component(id, &first)];
        let propose = |actor| {
            let changes = &changes;
            room.propose(&[Bundle { actor, changes }])
        };
        let denied = propose(Actor::joiner(&dora)).unwrap_err();
        assert_eq!(denied.reason, Reason::OnlyJoin(dora.clone()));
        let denied = propose(Actor::external(&stranger)).unwrap_err();
        assert_eq!(denied.reason, Reason::NoRole(stranger.clone()));
    }
}

#[test]
fn a_room_gets_a_component_by_its_first_update() {
    for (id, first, ..) in replaced() {
        let mut before = room().components();
        before.remove(id);
        let policy = RoomPolicy::from_components(&before).unwrap();
        let draft = policy
            .resolve([(id, Op::Update(&first))].into_iter())
            .unwrap();
        let changed: Vec<_> = draft.changed().collect();
        assert_eq!(changed, [(id, Some(&first.into()))]);
    }
    let policy = room()
        .resolve(&[(HISTORY, Op::Update(&octets(&history(&[2]))))])
        .unwrap();
    assert_eq!(policy.chat_history(), Some(&history(&[2])));
    assert_eq!(room().policy().chat_history(), None);
}

#[test]
fn updates_and_removals_of_a_component_combine_as_mls_says() {
    for (id, first, second, _) in replaced() {
        let mut room = room();
        room.further.insert(id, first.clone());
        let (one, two, gone) = (
            (id, Op::Update(&first[..])),
            (id, Op::Update(&second[..])),
            (id, Op::Remove),
        );
        // Several updates: the last stays, and each must be valid.
        let last = |updates: &[_]| {
            let policy = room.resolve(updates).unwrap();
            policy.components().get(id).unwrap().to_vec()
        };
        assert_eq!(last(&[one, two]), second);
        assert_eq!(last(&[two, one]), first);
        let bad = (id, Op::Update(&[0xff][..]));
        for updates in [[bad, two], [two, bad]] {
            let refused = room.resolve(&updates);
            assert!(matches!(refused, Err(Invalid::Malformed { .. })));
        }
        // One removal, and nothing else.
        let after = room.resolve(&[gone]).unwrap();
        assert!(after.components().get(id).is_none());
        assert_eq!(room.resolve(&[gone, gone]), Err(Invalid::RemovedTwice(id)));
        for updates in [[gone, one], [one, gone]] {
            assert_eq!(room.resolve(&updates), Err(Invalid::UpdatedAndRemoved(id)));
        }
        let mut without = room.components();
        without.remove(id);
        let without = RoomPolicy::from_components(&without).unwrap();
        let refused = without.resolve([gone].into_iter()).unwrap_err();
        assert_eq!(refused, Invalid::RemovedAbsent(id));
    }
}

#[test]
fn different_components_change_in_one_commit() {
    let room = room();
    let all = replaced();
    let updates: Vec<_> = all
        .iter()
        .map(|(id, first, ..)| (*id, Op::Update(&first[..])))
        .collect();
    let policy = room.resolve(&updates).unwrap();
    for (id, first, ..) in &all {
        assert_eq!(policy.components().get(*id).unwrap(), first);
    }
}

fn link(text: &'static str) -> JoinLink {
    JoinLink(text.as_bytes().into())
}

fn links(texts: &[&'static str]) -> JoinLinks {
    JoinLinks(texts.iter().map(|text| link(text)).collect())
}

fn links_update(removed: &[u32], added: &[&'static str]) -> Vec<u8> {
    octets(&JoinLinksUpdate {
        removed: removed.to_vec(),
        added: added.iter().map(|text| link(text)).collect(),
    })
}

#[test]
fn join_links_are_created_and_deleted_by_different_rights() {
    const CREATE: Capability = Capability::CREATE_JOIN_CODE;
    const DELETE: Capability = Capability::DELETE_JOIN_CODE;
    let alice = alice();
    let update = |capabilities: &[_], update: &[u8]| {
        let room = entitling(capabilities).with(LINKS, &links(&["a", "b"]));
        let verdict = room.act(Actor::participant(&alice), &[component(LINKS, update)]);
        verdict
            .map(|verdict| verdict.policy().join_links().cloned().unwrap())
            .map_err(|denied| denied.missing())
    };
    let (adds, removes, both) = (
        links_update(&[], &["c"]),
        links_update(&[0], &[]),
        links_update(&[1], &["c"]),
    );
    assert_eq!(update(&[CREATE], &adds), Ok(links(&["a", "b", "c"])));
    assert_eq!(update(&[DELETE], &adds), Err(Some(CREATE)));
    assert_eq!(update(&[DELETE], &removes), Ok(links(&["b"])));
    assert_eq!(update(&[CREATE], &removes), Err(Some(DELETE)));
    assert_eq!(update(&[CREATE, DELETE], &both), Ok(links(&["a", "c"])));
    assert_eq!(update(&[CREATE], &both), Err(Some(DELETE)));
    assert_eq!(update(&[DELETE], &both), Err(Some(CREATE)));
    // What changes nothing takes no right but to be someone here.
    let nothing = links_update(&[], &[]);
    assert_eq!(update(&[], &nothing), Ok(links(&["a", "b"])));
    let stranger = uri("mimi://x.example");
    let changes = [component(LINKS, &nothing)];
    let denied = room().propose(&[Bundle {
        actor: Actor::external(&stranger),
        changes: &changes,
    }]);
    assert_eq!(denied.unwrap_err().reason, Reason::NoRole(stranger.clone()));
    // To take the component away is to delete all links.
    let clear = |capability| {
        let room = entitling(&[capability]).with(LINKS, &links(&["a"]));
        room.act(Actor::participant(&alice), &[removal(LINKS)])
    };
    let after = clear(DELETE).unwrap().into_policy();
    assert_eq!(after.join_links(), None);
    assert_eq!(clear(CREATE).unwrap_err().missing(), Some(DELETE));
    let other = Capability::CHANGE_OTHER_POLICY_ATTRIBUTE;
    assert_eq!(clear(other).unwrap_err().missing(), Some(DELETE));
}

#[test]
fn two_updates_of_the_join_links_mean_the_list_before_both() {
    let room = room().with(LINKS, &links(&["a", "b"]));
    let apply = |updates: &[Vec<u8>]| {
        let updates: Vec<_> = updates.iter().map(|u| (LINKS, Op::Update(u))).collect();
        let policy = room.resolve(&updates)?;
        Ok(policy.join_links().cloned().unwrap())
    };
    let first = links_update(&[0], &["c"]);
    assert_eq!(apply(std::slice::from_ref(&first)), Ok(links(&["b", "c"])));
    let second = links_update(&[1], &["d"]);
    let both = apply(&[first.clone(), second.clone()]);
    assert_eq!(both, Ok(links(&["c", "d"])));
    assert_eq!(apply(&[second, first.clone()]), Ok(links(&["d", "c"])));
    let twice = Invalid::JoinLinks(JoinLinksError::RemovedTwice(0));
    assert_eq!(apply(&[first.clone(), first.clone()]), Err(twice));
    let past = links_update(&[2], &[]);
    let error = JoinLinksError::IndexPastEnd { index: 2, len: 2 };
    assert_eq!(apply(&[first, past]), Err(Invalid::JoinLinks(error)));
}

#[test]
fn two_users_change_the_join_links_in_one_commit() {
    let (alice, bob) = (alice(), bob());
    let room = entitling(&[Capability::CREATE_JOIN_CODE])
        .with_role(ORDINARY_USER, |role| {
            role.capabilities = [Capability::DELETE_JOIN_CODE].into_iter().collect();
        })
        .with(LINKS, &links(&["a"]));
    let (adds, removes) = (links_update(&[], &["b"]), links_update(&[0], &[]));
    let (adds, removes) = ([component(LINKS, &adds)], [component(LINKS, &removes)]);
    let bundle = |user, changes| Bundle {
        actor: Actor::participant(user),
        changes,
    };
    let bundles = [bundle(&alice, &adds), bundle(&bob, &removes)];
    let verdict = room.commit(Actor::participant(&bob), &bundles).unwrap();
    assert_eq!(verdict.policy().join_links(), Some(&links(&["b"])));
    let swapped = [bundle(&alice, &removes), bundle(&bob, &adds)];
    let denied = room.commit(Actor::participant(&bob), &swapped).unwrap_err();
    assert_eq!((denied.bundle, denied.change), (Some(0), Some(0)));
    assert_eq!(denied.missing(), Some(Capability::DELETE_JOIN_CODE));
}

#[test]
fn on_request_there_is_one_join_link() {
    let on_request = octets(&link_policy(true));
    let (two, room) = (links(&["a", "b"]), room());
    let policy = (LINK_POLICY, Op::Update(&on_request[..]));
    // The policy comes to two links.
    let with_two = room.clone().with(LINKS, &two);
    let refused = with_two.resolve(&[policy]).unwrap_err();
    assert_snapshot!(refused, @r#"the room has 2 join links, and its policy allows one (POLICY, "Join Link policies component")"#);
    let removes = links_update(&[0], &[]);
    let remove = (LINKS, Op::Update(&removes[..]));
    with_two.resolve(&[policy, remove]).unwrap();
    with_two.resolve(&[policy, (LINKS, Op::Remove)]).unwrap();
    // A second link comes to the policy.
    let with_one = (room.clone())
        .with(LINK_POLICY, &link_policy(true))
        .with(LINKS, &links(&["a"]));
    let adds = links_update(&[], &["b"]);
    let add = (LINKS, Op::Update(&adds[..]));
    assert_eq!(with_one.resolve(&[add]), Err(Invalid::TooManyJoinLinks(2)));
    with_one.resolve(&[add, remove]).unwrap();
    with_one.resolve(&[add, (LINK_POLICY, Op::Remove)]).unwrap();
    // Both are there from the start.
    let both = with_two.with(LINK_POLICY, &link_policy(true));
    let refused = RoomPolicy::from_components(&both.components());
    assert_eq!(refused, Err(Invalid::TooManyJoinLinks(2)));
    // Otherwise there may be many.
    let many = room
        .with(LINK_POLICY, &link_policy(false))
        .with(LINKS, &two);
    many.policy();
}

#[test]
fn who_shares_history_can_have_clients() {
    let sharing = |role| {
        let update = octets(&history(&[ORDINARY_USER, role]));
        room().resolve(&[(HISTORY, Op::Update(&update))])
    };
    sharing(GROUP_ADMIN).unwrap();
    assert_snapshot!(sharing(POLICY_ENFORCER).unwrap_err(), @r#"role 5 (policy_enforcer) may share history, but its participants can have no clients to do it with (POLICY, "Chat history policy component")"#);
    // A role that is not defined has no holders at all.
    sharing(77).unwrap();

    // Nor does a role that shares lose its clients.
    let room = room().with(HISTORY, &history(&[GROUP_ADMIN]));
    let idle = |max| {
        let roles = room
            .clone()
            .with_role(GROUP_ADMIN, |role| role.max_active = max);
        let roles = octets(&roles.roles);
        room.resolve(&[(ComponentId::ROLES_LIST, Op::Update(&roles))])
    };
    idle(Some(1)).unwrap();
    assert_eq!(idle(Some(0)), Err(Invalid::HistoryRole(label(GROUP_ADMIN))));
    let forbidden = octets(&HistoryPolicy::Forbidden);
    let roles = room
        .clone()
        .with_role(GROUP_ADMIN, |role| role.max_active = Some(0));
    let roles = octets(&roles.roles);
    room.resolve(&[
        (ComponentId::ROLES_LIST, Op::Update(&roles)),
        (HISTORY, Op::Update(&forbidden)),
    ])
    .unwrap();
}

#[test]
fn assets_that_go_to_the_hub_go_to_the_hub_of_this_room() {
    let uploading = |location, provider| {
        let update = octets(&assets(location, provider));
        room().resolve(&[(ASSETS, Op::Update(&update))])
    };
    let policy = uploading(AssetUploadLocation::HUB, "a.example").unwrap();
    assert!(policy.asset_policy().is_some());
    let refused = uploading(AssetUploadLocation::HUB, "b.example").unwrap_err();
    assert_snapshot!(refused, @r#"assets are uploaded to the hub, and b.example is not the hub of this room (POLICY, "Asset policies component")"#);
    uploading(AssetUploadLocation::LOCAL_PROVIDER, "b.example").unwrap();
    uploading(AssetUploadLocation::UNSPECIFIED, "b.example").unwrap();
    let room = room().with(ASSETS, &assets(AssetUploadLocation::HUB, "b.example"));
    let refused = RoomPolicy::from_components(&room.components());
    assert_eq!(refused, Err(Invalid::AssetsElsewhere("b.example".into())));
}

#[test]
fn a_further_component_changes_along_with_participants() {
    let room = entitling(&[
        Capability::ADD_PARTICIPANT,
        Capability::CHANGE_OTHER_POLICY_ATTRIBUTE,
    ]);
    let (alice, dora) = (alice(), dora());
    let (adds, shares) = (
        octets(&add(&dora, ORDINARY_USER)),
        octets(&history(&[ORDINARY_USER])),
    );
    let changes = [list(&adds), component(HISTORY, &shares), join_client(&dora)];
    let verdict = room.act(Actor::participant(&alice), &changes).unwrap();
    let policy = verdict.policy();
    assert!(policy.chat_history().unwrap().may_share(ORDINARY_USER));
    assert!(policy.participants().contains(&dora));
}
