//! Changes of components: which go, which go together.

use mimi_content::component::ComponentId;
use mimi_policy::{
    AssetPolicy, AssetUploadLocation, Capability, DomainName, DownloadPrivacy, DownloadPrivacyType,
    HistoryDetails, HistoryPolicy, JoinLink, JoinLinkPolicy, JoinLinks, JoinLinksUpdate,
    ProviderAssetUploadDomains, RichDescription,
};
use serde_json::Value;

use super::super::presets::hr_may;
use super::super::story::{
    ALICE, BOB, CATHY, DORA, Room, Table, adds_user, drops_client, hub, member, metadata,
    moves_user, removes, removes_user, role_list, sends, updates, uri,
};
use super::{ADMIN, ENFORCER, USER, loses, room};
use crate::vectors::Case;

const STATUS: ComponentId = ComponentId::STATUS_NOTIFICATION_POLICY;

pub(super) fn cases() -> Vec<Case> {
    [
        alone(),
        together(),
        metadata_changes(),
        links(),
        agreeing(),
        beginning(),
    ]
    .concat()
}

fn alone() -> Vec<Case> {
    let mut t = Table::new("components");
    let alice = member(ALICE);
    let has = |room: &Room| {
        let mut room = room.clone();
        room.others.push((STATUS, vec![0, 1]));
        room
    };
    let plain = room();
    let room = has(&plain);
    t.allows(
        "one is changed",
        room.commit(&alice, &[sends(STATUS, &[1, 2])]),
    );
    t.allows(
        "one is added",
        plain.commit(&alice, &[sends(STATUS, &[1, 2])]),
    );
    t.allows("one is removed", room.commit(&alice, &[removes(STATUS)]));
    t.lacks(
        "one is removed by a user",
        room.commit(&member(BOB), &[removes(STATUS)]),
        Capability::CHANGE_OTHER_POLICY_ATTRIBUTE,
    );
    t.allows(
        "two updates, of which the last stays",
        room.commit(&alice, &[sends(STATUS, &[0, 0]), sends(STATUS, &[2, 2])]),
    );
    t.refuses(
        "two updates, the first malformed",
        room.commit(&alice, &[sends(STATUS, &[0, 3]), sends(STATUS, &[2, 2])]),
        "malformed",
    );
    t.refuses(
        "removed and not there",
        plain.commit(&alice, &[removes(STATUS)]),
        "removed_absent",
    );
    t.refuses(
        "removed twice",
        room.commit(&alice, &[removes(STATUS), removes(STATUS)]),
        "removed_twice",
    );
    t.refuses(
        "updated and removed",
        room.commit(&alice, &[sends(STATUS, &[0, 0]), removes(STATUS)]),
        "updated_and_removed",
    );
    let mut preauth = plain.clone();
    preauth.preauth = Some(hr_may(plain.role(USER)));
    t.allows(
        "the preauthorisations are removed",
        preauth.commit(&alice, &[removes(ComponentId::PREAUTH_LIST)]),
    );
    for (name, id) in [
        (
            "the participants are removed",
            ComponentId::PARTICIPANT_LIST,
        ),
        ("the roles are removed", ComponentId::ROLES_LIST),
        ("the base policy is removed", ComponentId::BASE_ROOM_POLICY),
        ("the metadata are removed", ComponentId::ROOM_METADATA),
    ] {
        t.refuses(name, plain.commit(&alice, &[removes(id)]), "not_removable");
    }
    for (name, id) in [
        ("the franking agent", ComponentId::FRANKING_AGENT),
        ("the components demanded", ComponentId::APP_COMPONENTS),
    ] {
        t.refuses(
            name,
            plain.commit(&alice, &[sends(id, &[0])]),
            "not_changeable",
        );
    }
    t.refuses(
        "one that is not known",
        plain.commit(&alice, &[sends(ComponentId(0xfe26), &[0])]),
        "unknown_component",
    );
    t.cases
}

fn together() -> Vec<Case> {
    let mut t = Table::new("components together");
    let (room, alice) = (room(), member(ALICE));
    let mut roles = room.roles.clone();
    roles[0].description = "whoever is outside".to_owned();
    let redefines = updates(ComponentId::ROLES_LIST, &role_list(&roles));
    let preauthorizes = updates(ComponentId::PREAUTH_LIST, &hr_may(room.role(USER)));
    let goes = [removes_user(2), drops_client(4, CATHY)];
    let and = |first: &Value, others: &[Value]| [std::slice::from_ref(first), others].concat();
    t.allows("roles alone", room.commit(&alice, &and(&redefines, &[])));
    t.refuses(
        "roles and an addition",
        room.commit(&alice, &and(&redefines, &[adds_user(DORA, USER)])),
        "roles_with_participants",
    );
    t.refuses(
        "roles and a removal",
        room.commit(&alice, &and(&redefines, &goes)),
        "roles_with_participants",
    );
    t.allows(
        "preauthorisations and a removal",
        room.commit(&alice, &and(&preauthorizes, &goes)),
    );
    t.refuses(
        "preauthorisations and an addition",
        room.commit(&alice, &and(&preauthorizes, &[adds_user(DORA, USER)])),
        "preauth_with_participants",
    );
    t.refuses(
        "preauthorisations and a change of role",
        room.commit(&alice, &and(&preauthorizes, &[moves_user(2, ADMIN)])),
        "preauth_with_participants",
    );
    t.allows(
        "preauthorisations and roles",
        room.commit(&alice, &and(&preauthorizes, &[redefines])),
    );
    let mut fewer = room.roles.clone();
    fewer.retain(|role| role.index != USER);
    t.refuses(
        "a role goes that somebody has",
        room.commit(
            &alice,
            &[updates(ComponentId::ROLES_LIST, &role_list(&fewer))],
        ),
        "no_such_role",
    );
    t.cases
}

fn metadata_changes() -> Vec<Case> {
    let mut t = Table::new("metadata");
    let (room, alice) = (room(), member(ALICE));
    let mut new = metadata();
    new.name = "Den".to_owned();
    let renames = updates(ComponentId::ROOM_METADATA, &new);
    t.allows(
        "a name",
        room.commit(&alice, std::slice::from_ref(&renames)),
    );
    t.allows(
        "nothing, by whoever may change nothing",
        room.commit(
            &member(BOB),
            &[updates(ComponentId::ROOM_METADATA, &metadata())],
        ),
    );
    let mut described = new.clone();
    described.descriptions.push(RichDescription::default());
    t.lacks(
        "a name and descriptions by whoever may change one",
        room.commit(&alice, &[updates(ComponentId::ROOM_METADATA, &described)]),
        Capability::CHANGE_ROOM_DESCRIPTION,
    );
    t.refuses(
        "twice",
        room.commit(&alice, &[renames.clone(), renames.clone()]),
        "metadata_twice",
    );
    let mut other = metadata();
    other.room = uri("mimi://a.example/r/other");
    t.refuses(
        "of another room",
        room.commit(&alice, &[updates(ComponentId::ROOM_METADATA, &other)]),
        "room_uri_changed",
    );
    let mut nameless = room.clone();
    nameless.metadata = None;
    t.refuses(
        "where there are none",
        nameless.commit(&alice, &[renames]),
        "room_uri_changed",
    );
    t.cases
}

fn link(text: &'static str) -> JoinLink {
    JoinLink(text.as_bytes().into())
}

fn link_policy(on_request: bool) -> JoinLinkPolicy {
    JoinLinkPolicy {
        on_request,
        request_uri: None,
        multiuser: true,
        expiration: 3600,
    }
}

fn links() -> Vec<Case> {
    let mut t = Table::new("join links");
    let alice = member(ALICE);
    let room = room().having(ComponentId::JOIN_LINKS, &JoinLinks(vec![link("one")]));
    let changes = |removed: &[u32], added: &[&'static str]| {
        let update = JoinLinksUpdate {
            removed: removed.to_vec(),
            added: added.iter().map(|text| link(text)).collect(),
        };
        updates(ComponentId::JOIN_LINKS, &update)
    };
    t.allows(
        "one for another",
        room.commit(&alice, &[changes(&[0], &["two"])]),
    );
    t.allows(
        "all are removed",
        room.commit(&alice, &[removes(ComponentId::JOIN_LINKS)]),
    );
    let creates = room.with(ADMIN, |role| loses(role, Capability::DELETE_JOIN_CODE));
    let deletes = room.with(ADMIN, |role| loses(role, Capability::CREATE_JOIN_CODE));
    t.allows(
        "created alone",
        creates.commit(&alice, &[changes(&[], &["two"])]),
    );
    t.allows(
        "deleted alone",
        deletes.commit(&alice, &[changes(&[0], &[])]),
    );
    for (name, room, change, missing) in [
        (
            "deleted without canDeleteJoinCode",
            &creates,
            changes(&[0], &["two"]),
            Capability::DELETE_JOIN_CODE,
        ),
        (
            "all removed without canDeleteJoinCode",
            &creates,
            removes(ComponentId::JOIN_LINKS),
            Capability::DELETE_JOIN_CODE,
        ),
        (
            "created without canCreateJoinCode",
            &deletes,
            changes(&[0], &["two"]),
            Capability::CREATE_JOIN_CODE,
        ),
    ] {
        t.lacks(name, room.commit(&alice, &[change]), missing);
    }
    t.refuses(
        "an index past the end",
        room.commit(&alice, &[changes(&[1], &[])]),
        "join_links",
    );
    let single = room.having(ComponentId::JOIN_LINK_POLICY, &link_policy(true));
    t.refuses(
        "two of one",
        single.commit(&alice, &[changes(&[], &["two"])]),
        "too_many_join_links",
    );
    let two = room.commit(
        &alice,
        &[
            changes(&[], &["two"]),
            updates(ComponentId::JOIN_LINK_POLICY, &link_policy(true)),
        ],
    );
    t.refuses("two, and a policy for one", two, "too_many_join_links");
    t.cases
}

fn history(role: u32) -> HistoryPolicy {
    HistoryPolicy::Optional(HistoryDetails {
        roles: vec![role],
        automatic: false,
        max_period: 60,
    })
}

fn assets(provider: &str) -> AssetPolicy {
    AssetPolicy {
        upload_location: AssetUploadLocation::HUB,
        upload_domains: vec![ProviderAssetUploadDomains {
            provider: DomainName::parse(provider).unwrap(),
            destinations: Vec::new(),
        }],
        download_privacy: DownloadPrivacy {
            allowed: Vec::new(),
            forbidden: Vec::new(),
            default: DownloadPrivacyType::DIRECT,
        },
        max_image: 1,
        max_audio: 1,
        max_video: 1,
        max_attachment: 1,
        forbidden_media_types: Vec::new(),
        permitted_media_types: None,
    }
}

fn agreeing() -> Vec<Case> {
    let mut t = Table::new("components that agree");
    let (room, alice) = (room(), member(ALICE));
    let shares = |role| {
        let change = updates(ComponentId::CHAT_HISTORY_POLICY, &history(role));
        room.commit(&alice, &[change])
    };
    t.allows("history by a role", shares(USER));
    t.allows("history by a role that is not there", shares(9));
    t.refuses(
        "history by a role without clients",
        shares(ENFORCER),
        "history_role",
    );
    let sharing = room.having(ComponentId::CHAT_HISTORY_POLICY, &history(USER));
    let mut idle = room.roles.clone();
    idle[2].max_active = Some(0);
    t.refuses(
        "a role that shares history loses its clients",
        sharing.commit(
            &alice,
            &[updates(ComponentId::ROLES_LIST, &role_list(&idle))],
        ),
        "history_role",
    );
    let stores = |provider| {
        let change = updates(ComponentId::ASSET_POLICY, &assets(provider));
        room.commit(&alice, &[change])
    };
    t.allows("assets at the hub", stores("a.example"));
    t.refuses(
        "assets at a hub that is another",
        stores("b.example"),
        "assets_elsewhere",
    );
    t.cases
}

fn beginning() -> Vec<Case> {
    let mut t = Table::new("a room begins");
    let room = room();
    t.begins("as it is", room.begins(&hub()));
    let without = |id: u16| {
        let mut input = room.begins(&hub());
        let components = input["components"].as_object_mut().unwrap();
        components.remove(&id.to_string());
        input
    };
    t.begins_not(
        "without participants",
        without(ComponentId::PARTICIPANT_LIST.0),
        "missing",
    );
    t.begins_not(
        "without roles",
        without(ComponentId::ROLES_LIST.0),
        "missing",
    );
    t.begins_not(
        "without a base policy",
        without(ComponentId::BASE_ROOM_POLICY.0),
        "missing",
    );
    t.begins("without metadata", without(ComponentId::ROOM_METADATA.0));
    let mut malformed = room.clone();
    malformed.others.push((STATUS, vec![0, 3]));
    t.begins_not(
        "with a component that does not decode",
        malformed.begins(&hub()),
        "malformed",
    );
    let mut unknown = room.clone();
    unknown.others.push((ComponentId(0xfe26), vec![1, 2, 3]));
    t.begins("with a component that is not known", unknown.begins(&hub()));
    let mut lost = room.clone();
    lost.users[1].1 = 9;
    t.begins_not(
        "with a role that is not there",
        lost.begins(&hub()),
        "no_such_role",
    );
    let mut stranger = room.clone();
    stranger.clients.push((5, DORA));
    t.begins_not(
        "with a client of a stranger",
        stranger.begins(&hub()),
        "stranger",
    );
    let mut banned = room.clone();
    banned.users[2].1 = 1;
    t.begins_not(
        "with a client of someone banned",
        banned.begins(&hub()),
        "keeps_clients",
    );
    let crowded = room.based(|base| base.max_clients = Some(4));
    t.begins_not(
        "with too many clients",
        crowded.begins(&hub()),
        "max_clients",
    );
    let single = room.based(|base| base.multi_device = false);
    t.begins_not(
        "with several devices of a user",
        single.begins(&hub()),
        "single_device",
    );
    let one = room
        .having(ComponentId::JOIN_LINK_POLICY, &link_policy(true))
        .having(ComponentId::JOIN_LINKS, &JoinLinks(vec![link("one")]));
    t.begins("with one join link for one", one.begins(&hub()));
    let two = room
        .having(ComponentId::JOIN_LINK_POLICY, &link_policy(true))
        .having(
            ComponentId::JOIN_LINKS,
            &JoinLinks(vec![link("one"), link("two")]),
        );
    t.begins_not(
        "with two join links for one",
        two.begins(&hub()),
        "too_many_join_links",
    );
    let shares = room.having(ComponentId::CHAT_HISTORY_POLICY, &history(ENFORCER));
    t.begins_not(
        "with history by a role without clients",
        shares.begins(&hub()),
        "history_role",
    );
    let elsewhere = room.having(ComponentId::ASSET_POLICY, &assets("b.example"));
    t.begins_not(
        "with assets at another hub",
        elsewhere.begins(&hub()),
        "assets_elsewhere",
    );
    t.cases
}
