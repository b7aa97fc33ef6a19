//! Updates that are wrong whoever sends them, and those that are right.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(clippy::unwrap_used, reason = "tests stop at what must not happen")]

mod common;
use common::*;
use insta::assert_snapshot;
use mimi_content::component::ComponentId;
use mimi_policy::{
    BaseRoomPolicy, Invalid, Op, Participant, ParticipantListUpdate, RoleList, RoomPolicy, limits,
};

const LIST: ComponentId = ComponentId::PARTICIPANT_LIST;
const META: ComponentId = ComponentId::ROOM_METADATA;

fn lists(updates: &[ParticipantListUpdate]) -> Result<RoomPolicy, Invalid> {
    let octets: Vec<_> = updates.iter().map(octets).collect();
    let updates: Vec<_> = octets.iter().map(|u| (LIST, Op::Update(u))).collect();
    room().resolve(&updates)
}

#[test]
fn several_updates_mean_the_list_at_the_start_of_the_epoch() {
    let eve = uri("mimi://e.example/u/eve");
    let policy = lists(&[
        add(&dora(), ORDINARY_USER),
        remove(0),
        set_role(2, GROUP_ADMIN),
        add(&eve, BANNED),
    ])
    .unwrap();
    let list: Vec<_> = policy
        .participants()
        .iter()
        .map(Participant::from)
        .collect();
    let entry = |user, role| Participant { user, role };
    assert_eq!(
        list,
        [
            entry(bob(), ORDINARY_USER),
            entry(cathy(), GROUP_ADMIN),
            entry(hub(), POLICY_ENFORCER),
            entry(dora(), ORDINARY_USER),
            entry(eve, BANNED),
        ]
    );
    assert_eq!(policy.participants().index_of(&dora()), Some(3));
}

#[test]
fn nobody_is_touched_twice() {
    for updates in [
        &[set_role(1, 3), remove(1)][..],
        &[remove(1), remove(1)],
        &[set_role(1, 3), set_role(1, 2)],
        &[remove(1), add(&bob(), 2)],
    ] {
        assert_eq!(lists(updates), Err(Invalid::UserTwice(bob())));
    }
    let twice = [add(&dora(), 2), add(&dora(), 2)];
    assert_snapshot!(lists(&twice).unwrap_err(), @r#"mimi://d.example/u/dora is changed more than once in one commit: leave the rest to a later one (PROTO, "Participant List")"#);
    assert_snapshot!(lists(&[add(&bob(), 2)]).unwrap_err(), @r#"mimi://b.example/u/bob is added but already a participant: change its role instead (PROTO, "Participant List")"#);
}

#[test]
fn indices_and_roles_must_exist() {
    assert_snapshot!(lists(&[remove(4)]).unwrap_err(), @r#"index 4 is past the end of the list of 4 participants (PROTO, "Participant List")"#);
    assert!(lists(&[set_role(u32::MAX, 2)]).is_err());
    for role in [0, 6, u32::MAX] {
        assert!(matches!(
            lists(&[set_role(1, role)]),
            Err(Invalid::NoSuchRole { .. })
        ));
        assert!(matches!(
            lists(&[add(&dora(), role)]),
            Err(Invalid::NoSuchRole { .. })
        ));
    }
    assert_snapshot!(lists(&[set_role(1, 0)]).unwrap_err(), @r#"mimi://b.example/u/bob cannot have the role of those who are not in the room: remove it instead (POLICY, "Role-Based Access Control")"#);
}

#[test]
fn the_list_stops_at_its_limit() {
    let many = |count: usize| ParticipantListUpdate {
        added: (0..count)
            .map(|i| Participant {
                user: uri(&format!("mimi://x.example/u/{i}")),
                role: ORDINARY_USER,
            })
            .collect(),
        ..Default::default()
    };
    let room = limits::MAX_PARTICIPANTS - 4;
    let full = lists(&[many(room)]).unwrap();
    assert_eq!(full.participants().len(), limits::MAX_PARTICIPANTS);
    assert_eq!(
        lists(&[many(room + 1)]),
        Err(Invalid::TooManyParticipants(limits::MAX_PARTICIPANTS + 1))
    );
}

#[test]
fn components_that_cannot_change_do_not() {
    let room = room();
    let update = |id| room.resolve(&[(id, Op::Update(b"x"))]).unwrap_err();
    let removal = |id| room.resolve(&[(id, Op::Remove)]).unwrap_err();
    let unknown = ComponentId(0xfe26);
    assert_eq!(update(unknown), Invalid::UnknownComponent(unknown));
    assert_snapshot!(removal(unknown), @r#"component 0xfe26 is not known here, so it cannot be changed (EXT, "Updating Application Data in the GroupContext")"#);
    for id in [
        ComponentId::APP_COMPONENTS,
        ComponentId::SAFE_AAD,
        ComponentId::CONTENT_MEDIA_TYPES,
        ComponentId::FRANKING_AGENT,
    ] {
        assert_eq!(update(id), Invalid::NotChangeable(id));
        assert_eq!(removal(id), Invalid::NotChangeable(id));
    }
    assert_snapshot!(update(ComponentId::FRANKING_AGENT), @r#"no capability lets anyone change franking_agent (POLICY, "Role Capabilities")"#);
    assert_snapshot!(update(ComponentId::ASSET_POLICY), @r#"asset_policy does not decode: at octet 1: 1 more octets are declared than are there (POLICY, "Asset policies component")"#);
    for id in [
        LIST,
        ComponentId::ROLES_LIST,
        ComponentId::BASE_ROOM_POLICY,
        META,
    ] {
        assert_eq!(removal(id), Invalid::NotRemovable(id));
    }
    assert!(matches!(update(LIST), Invalid::Malformed { .. }));
    assert_snapshot!(update(ComponentId::ROLES_LIST), @r#"roles_list does not decode: at octet 1: 1 more octets are declared than are there (POLICY, "Role-Based Access Control")"#);
}

#[test]
fn a_component_is_removed_once_and_not_updated_too() {
    const ID: ComponentId = ComponentId::PREAUTH_LIST;
    let mut room = room();
    let remove = (ID, Op::Remove);
    assert_eq!(room.resolve(&[remove]), Err(Invalid::RemovedAbsent(ID)));
    room.preauth = Some(Default::default());
    let after = room.resolve(&[remove]).unwrap();
    assert!(after.components().get(ID).is_none());
    assert_eq!(room.resolve(&[remove; 2]), Err(Invalid::RemovedTwice(ID)));
    let update = (ID, Op::Update(&[0]));
    assert_eq!(
        room.resolve(&[remove, update]),
        Err(Invalid::UpdatedAndRemoved(ID))
    );
}

#[test]
fn metadata_changes_once_and_stays_that_of_the_room() {
    let mut new = metadata();
    new.name = "Den".into();
    let good = octets(&new);
    let policy = room().resolve(&[(META, Op::Update(&good))]).unwrap();
    assert_eq!(policy.metadata(), Some(&new));
    let twice = [(META, Op::Update(&good[..])); 2];
    assert_eq!(room().resolve(&twice), Err(Invalid::MetadataTwice));
    new.room = uri("mimi://a.example/r/elsewhere");
    let elsewhere = octets(&new);
    let refused = room().resolve(&[(META, Op::Update(&elsewhere))]);
    assert_snapshot!(refused.unwrap_err(), @r#"room_uri never changes, and metadata cannot be added later (PROTO, "Room Metadata")"#);
}

#[test]
fn roles_and_preauthorisation_do_not_change_along_with_participants() {
    let mut room = room();
    room.preauth = Some(Default::default());
    let roles = octets(&room.roles);
    let roles = (ComponentId::ROLES_LIST, Op::Update(&roles));
    let preauth = (ComponentId::PREAUTH_LIST, Op::Update(&[0][..]));
    let (adds, removes) = (octets(&add(&dora(), 2)), octets(&remove(2)));
    let (adds, removes) = ((LIST, Op::Update(&adds)), (LIST, Op::Update(&removes)));
    assert_snapshot!(room.resolve(&[roles, removes]).unwrap_err(), @r#"role definitions cannot change in the same commit as participants: make two commits (POLICY, "Role-Based Access Control")"#);
    assert_snapshot!(room.resolve(&[adds, preauth]).unwrap_err(), @r#"the preauthorisation list can change in the same commit as participants only if these are removed: make two commits (POLICY, "Preauthorized Users")"#);
    let drops = (ComponentId::PREAUTH_LIST, Op::Remove);
    assert!(room.resolve(&[adds, drops]).is_err());
    room.resolve(&[removes, preauth]).unwrap();
    room.resolve(&[roles, preauth]).unwrap();
    // Nobody may be left without a role.
    let none = octets(&RoleList::default());
    let refused = room.resolve(&[(ComponentId::ROLES_LIST, Op::Update(&none))]);
    assert!(matches!(refused, Err(Invalid::NoSuchRole { .. })));
    let fixed = octets(&BaseRoomPolicy {
        fixed_membership: true,
        ..Default::default()
    });
    let refused = room.resolve(&[(ComponentId::BASE_ROOM_POLICY, Op::Update(&fixed))]);
    assert_eq!(
        refused,
        Err(Invalid::FixedMembershipAdds(label(ORDINARY_USER)))
    );
}

#[test]
fn a_policy_is_carried_octet_for_octet_and_needs_three_components() {
    let components = room().components();
    assert_eq!(room().policy().components(), components);
    for id in [LIST, ComponentId::ROLES_LIST, ComponentId::BASE_ROOM_POLICY] {
        let mut without = components.clone();
        without.remove(id);
        assert_eq!(
            RoomPolicy::from_components(&without),
            Err(Invalid::Missing(id))
        );
        without.insert(id, vec![0xff]);
        assert!(RoomPolicy::from_components(&without).is_err());
    }
    for id in [META, ComponentId::PREAUTH_LIST] {
        let mut other = components.clone();
        other.insert(id, vec![0xff]);
        assert!(RoomPolicy::from_components(&other).is_err());
        other.remove(id);
        RoomPolicy::from_components(&other).unwrap();
    }
}
