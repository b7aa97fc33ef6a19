//! The octets of each structure, and what is refused.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]

mod common;
use common::*;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, Encode, Rule};
use mimi_policy::{
    BaseRoomPolicy, Capability, CapabilitySet, Claim, Participant, ParticipantList,
    ParticipantListUpdate, PreauthEntry, PreauthList, RichDescription, Role, RoleChanges, RoleList,
    RoleMove, RoomMetadata, limits, presets,
};
use proptest::prelude::*;

/// Decodes and encodes back to the same octets, and not with one more or less.
fn exact<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: &T) {
    let bytes = octets(value);
    assert_eq!(T::from_slice(&bytes).as_ref(), Ok(value));
    for end in 0..bytes.len() {
        assert!(T::from_slice(&bytes[..end]).is_err(), "cut at {end}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(T::from_slice(&longer).is_err());
}

/// Whatever decodes encodes to the octets it came from.
fn faithful<T: Encode + Decode>(bytes: &[u8]) {
    if let Ok(value) = T::from_slice(bytes) {
        assert_eq!(octets(&value), bytes);
    }
}

fn faithful_all(bytes: &[u8]) {
    faithful::<ParticipantList>(bytes);
    faithful::<ParticipantListUpdate>(bytes);
    faithful::<RoleList>(bytes);
    faithful::<PreauthList>(bytes);
    faithful::<BaseRoomPolicy>(bytes);
    faithful::<RoomMetadata>(bytes);
}

#[test]
fn the_participant_list_has_the_octets_of_the_draft() {
    let user = uri("mimi://a.example");
    let list = ParticipantList::new(vec![Participant {
        user: user.clone(),
        role: 5,
    }])
    .unwrap();
    assert_eq!(octets(&list), b"\x15\x10mimi://a.example\0\0\0\x05");
    let update = ParticipantListUpdate {
        changed: vec![RoleMove { index: 1, role: 2 }],
        removed: vec![3],
        added: vec![Participant { user, role: 4 }],
    };
    assert_eq!(
        octets(&update),
        b"\x08\0\0\0\x01\0\0\0\x02\x04\0\0\0\x03\x15\x10mimi://a.example\0\0\0\x04"
    );
    for twice in [[5, 5], [5, 2]] {
        let entry = octets(&list)[1..].to_vec();
        let mut bytes = vec![42];
        for role in twice {
            bytes.extend(&entry[..20]);
            bytes.push(role);
        }
        let error = ParticipantList::from_slice(&bytes).unwrap_err();
        assert_eq!(error.rule, Rule::Structure("a user is in the list twice"));
    }
    let mut zero = octets(&list);
    zero[21] = 0;
    assert!(ParticipantList::from_slice(&zero).is_err());
}

#[test]
fn a_role_has_the_octets_of_the_draft() {
    let role = Role {
        index: 1,
        name: "banned".into(),
        description: "d".into(),
        capabilities: [Capability::BAN, Capability(0xf00d)].into_iter().collect(),
        min_participants: 2,
        max_participants: None,
        min_active: 3,
        max_active: Some(4),
        role_changes: vec![RoleChanges {
            from: 5,
            to: vec![6],
        }],
    };
    let bytes = b"\0\0\0\x01\x06banned\x01d\x04\0\x0a\xf0\x0d\0\0\0\x02\0\0\0\0\x03\x01\0\0\0\x04\
        \x09\0\0\0\x05\x04\0\0\0\x06";
    assert_eq!(octets(&role), bytes);
    exact(&role);
    // In the preauthorisation list a role stands whole, without a length.
    let preauth = PreauthList(vec![PreauthEntry {
        claims: vec![Claim {
            credential_type: 2,
            id: b"i".as_slice().into(),
            value: b"v".as_slice().into(),
        }],
        role,
    }]);
    let head = [1 + 6 + bytes.len() as u8, 6, 0, 2, 1, b'i', 1, b'v'];
    assert_eq!(octets(&preauth), [&head[..], bytes].concat());
    exact(&preauth);
}

#[test]
fn roles_are_distinct_and_only_role_0_is_open() {
    let role = |index| Role {
        index,
        ..Role::default()
    };
    assert!(RoleList::new(vec![role(3), role(0)]).is_ok());
    assert!(RoleList::new(vec![role(3), role(3)]).is_err());
    let open = |index| Role {
        capabilities: [Capability::OPEN_JOIN].into_iter().collect(),
        ..role(index)
    };
    assert!(RoleList::new(vec![open(0)]).is_ok());
    assert!(RoleList::new(vec![open(2)]).is_err());
}

#[test]
fn the_base_policy_has_the_octets_of_the_draft() {
    let plain = BaseRoomPolicy::default();
    assert_eq!(octets(&plain), [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    let full = BaseRoomPolicy {
        fixed_membership: true,
        parent_room: Some(uri("mimi://a.example/r/p")),
        multi_device: false,
        max_clients: Some(1),
        max_users: Some(2),
        pseudonyms_allowed: true,
        persistent_room: false,
        discoverable: true,
        policy_components: vec![ComponentId::ROLES_LIST],
    };
    let bytes =
        b"\x01\x01\x15\x14mimi://a.example/r/p\0\x01\0\0\0\x01\x01\0\0\0\x02\x01\0\x01\x02\0\x25";
    assert_eq!(octets(&full), bytes);
    exact(&full);
    exact(&plain);
    // A parent is named if and only if the room depends on one.
    for (position, value) in [(1, 0), (1, 2)] {
        let mut wrong = bytes.to_vec();
        wrong[position] = value;
        assert!(BaseRoomPolicy::from_slice(&wrong).is_err());
    }
    assert!(BaseRoomPolicy::from_slice(&[0, 1, 0, 1, 0, 0, 0, 0, 0, 0]).is_err());
}

#[test]
fn the_metadata_holds_texts_without_nul_and_an_https_avatar() {
    let mut full = metadata();
    full.descriptions = vec![RichDescription {
        media_type: String::new(),
        language: "de".into(),
        content: "für alle".into(),
    }];
    full.avatar = "HTTPS://a.example/i.png".into();
    full.subject = "Tea".into();
    full.mood = "☀".into();
    exact(&full);
    let refused = |edit: fn(&mut RoomMetadata)| {
        let mut wrong = full.clone();
        edit(&mut wrong);
        assert!(RoomMetadata::from_slice(&octets(&wrong)).is_err());
    };
    refused(|m| m.name = "a\0b".into());
    refused(|m| m.subject = "\0".into());
    refused(|m| m.mood = "\0".into());
    refused(|m| m.avatar = "http://a.example/".into());
    refused(|m| m.avatar = "https://".into());
    refused(|m| m.avatar = "https://a.example/ b".into());
    refused(|m| m.descriptions[0].content = b"\xff".as_slice().into());
    full.descriptions[0].media_type = "image/png".into();
    full.descriptions[0].content = b"\xff".as_slice().into();
    exact(&full);
}

#[test]
fn every_limit_holds_at_its_boundary() {
    fn limit<T: Encode + Decode>(max: usize, make: impl Fn(usize) -> T) {
        assert!(T::from_slice(&octets(&make(max))).is_ok());
        let error = T::from_slice(&octets(&make(max + 1))).err().unwrap();
        assert!(
            matches!(error.rule, Rule::Limit { max: named, .. } if named == max),
            "{error}"
        );
    }
    let role = |index: usize| Role {
        index: index as u32,
        ..Role::default()
    };
    let user = |i: usize| Participant {
        user: uri(&format!("mimi://x.example/u/{i}")),
        role: 2,
    };
    limit(limits::MAX_PARTICIPANTS, |n| ParticipantListUpdate {
        added: (0..n).map(user).collect(),
        ..Default::default()
    });
    limit(limits::MAX_PARTICIPANTS, |n| ParticipantListUpdate {
        removed: vec![0; n],
        ..Default::default()
    });
    limit(limits::MAX_PARTICIPANTS, |n| ParticipantListUpdate {
        changed: vec![RoleMove { index: 0, role: 2 }; n],
        ..Default::default()
    });
    let most = limits::MAX_PARTICIPANTS;
    assert!(ParticipantList::new((0..most).map(user).collect()).is_ok());
    assert!(ParticipantList::new((0..=most).map(user).collect()).is_err());
    assert!(RoleList::new((0..limits::MAX_ROLES).map(role).collect()).is_ok());
    assert!(RoleList::new((0..=limits::MAX_ROLES).map(role).collect()).is_err());
    limit(limits::MAX_CAPABILITIES, |n| {
        std::iter::repeat_n(Capability::BAN, n).collect::<CapabilitySet>()
    });
    limit(limits::MAX_ROLE_CHANGES, |n| Role {
        role_changes: vec![RoleChanges::default(); n],
        ..Role::default()
    });
    limit(limits::MAX_ROLE_CHANGES, |n| RoleChanges {
        from: 0,
        to: vec![0; n],
    });
    limit(limits::MAX_TEXT_LEN, |n| Role {
        name: "x".repeat(n),
        ..Role::default()
    });
    limit(limits::MAX_TEXT_LEN, |n| Claim {
        credential_type: 1,
        id: vec![0; n].into(),
        value: Default::default(),
    });
    let entry = |claims| PreauthEntry {
        claims,
        role: Role::default(),
    };
    limit(limits::MAX_PREAUTH_ENTRIES, |n| {
        PreauthList(vec![entry(vec![]); n])
    });
    let claim = Claim {
        credential_type: 1,
        id: Default::default(),
        value: Default::default(),
    };
    limit(limits::MAX_CLAIMS, |n| entry(vec![claim.clone(); n]));
    limit(limits::MAX_DESCRIPTIONS, |n| RoomMetadata {
        descriptions: vec![RichDescription::default(); n],
        ..metadata()
    });
    limit(limits::MAX_POLICY_COMPONENTS, |n| BaseRoomPolicy {
        policy_components: vec![ComponentId::ROLES_LIST; n],
        ..Default::default()
    });
}

#[test]
fn the_cooperative_preset_is_that_of_the_draft() {
    let roles = presets::cooperative();
    let summary: Vec<_> = (roles.iter())
        .map(|r| (r.index, r.name.as_str(), r.capabilities.len()))
        .collect();
    assert_eq!(
        summary,
        [
            (0, "no_role", 0),
            (1, "banned", 0),
            (2, "ordinary_user", 37),
            (3, "group_admin", 44),
            (4, "super_admin", 47),
            (5, "policy_enforcer", 10),
        ]
    );
    assert!(roles.banned().is_some());
    let bounds: Vec<_> = (roles.iter())
        .map(|r| {
            (
                r.min_participants,
                r.max_participants,
                r.min_active,
                r.max_active,
            )
        })
        .collect();
    let free = (0, None, 0, None);
    let outside = (0, None, 0, Some(0));
    assert_eq!(
        bounds,
        [
            outside,
            outside,
            free,
            (1, None, 0, None),
            free,
            (1, Some(2), 0, Some(0))
        ]
    );
    // Nobody below the super admin makes one, and nobody an enforcer.
    for role in roles.iter() {
        for from in 0..6 {
            assert_eq!(role.may_move(from, 4), role.index == 4 && from < 4);
            assert!(!role.may_move(from, 5));
        }
    }
    exact(&roles);
}

fn role() -> impl Strategy<Value = Role> {
    let changes = (any::<u32>(), prop::collection::vec(any::<u32>(), 0..4))
        .prop_map(|(from, to)| RoleChanges { from, to });
    (
        (any::<u32>(), ".{0,8}", ".{0,8}"),
        prop::collection::vec(any::<u16>(), 0..6),
        (any::<u32>(), any::<Option<u32>>()),
        (any::<u32>(), any::<Option<u32>>()),
        prop::collection::vec(changes, 0..4),
    )
        .prop_map(
            |((index, name, description), capabilities, all, active, role_changes)| Role {
                index,
                name,
                description,
                capabilities: capabilities
                    .into_iter()
                    .filter(|c| *c != Capability::OPEN_JOIN.0)
                    .map(Capability)
                    .collect(),
                min_participants: all.0,
                max_participants: all.1,
                min_active: active.0,
                max_active: active.1,
                role_changes,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_role_is_exact(role in role()) {
        exact(&role);
        exact(&RoleList::new(vec![role.clone()]).unwrap());
        exact(&PreauthList(vec![PreauthEntry { claims: vec![], role }]));
    }

    #[test]
    fn any_update_is_exact(
        changed in prop::collection::vec((any::<u32>(), any::<u32>()), 0..4),
        removed in prop::collection::vec(any::<u32>(), 0..4),
        added in prop::collection::vec(any::<u32>(), 0..4),
    ) {
        exact(&ParticipantListUpdate {
            changed: changed.into_iter().map(|(index, role)| RoleMove { index, role }).collect(),
            removed,
            added: added.into_iter().map(|role| Participant { user: dora(), role }).collect(),
        });
    }

    #[test]
    fn a_flipped_bit_is_refused_or_faithful(at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let room = room();
        let preauth = PreauthList(vec![PreauthEntry { claims: vec![], role: Role::default() }]);
        let map = room.components();
        let of = |id| map.get(id).unwrap().to_vec();
        for mut bytes in [
            of(ComponentId::PARTICIPANT_LIST),
            of(ComponentId::ROLES_LIST),
            of(ComponentId::BASE_ROOM_POLICY),
            of(ComponentId::ROOM_METADATA),
            octets(&preauth),
            octets(&set_role(1, 2)),
        ] {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            faithful_all(&bytes);
        }
    }

    #[test]
    fn arbitrary_octets_are_refused_or_faithful(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        faithful_all(&bytes);
    }
}
