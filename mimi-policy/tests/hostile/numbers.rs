//! Indices and constraints at their extremes.

use mimi_content::component::ComponentId;
use mimi_content::tls::{Encode, Rule, Writer};
use mimi_policy::{
    Actor, BaseRoomPolicy, HistoryPolicy, Invalid, Op, Reason, Role, RoleChanges, RoleList,
    RoomPolicy,
};

use super::common::*;
use super::{changing, refusal, removing, updating};

const ROLES: ComponentId = ComponentId::ROLES_LIST;

#[test]
fn roles_with_the_same_index_are_refused() {
    let policy = room().policy();
    let same = |count: usize, index: u32| {
        let mut w = Writer::new();
        w.vector(|w| {
            for role in room().roles.iter() {
                role.encode(w);
            }
            let role = Role {
                index,
                ..Role::default()
            };
            (0..count).for_each(|_| role.encode(w));
        });
        w.finish().unwrap()
    };
    for (count, index) in [(1, 2), (1, 0), (2, u32::MAX), (250, 7)] {
        let roles = same(count, index);
        let refused = refusal(&policy, &[(ROLES, Op::Update(&roles))]);
        let Invalid::Malformed { error, .. } = refused else {
            panic!("{refused}");
        };
        assert_eq!(error.rule, Rule::Structure("two roles have the same index"));
    }
}

#[test]
fn the_last_index_of_a_role_is_one_like_others() {
    const LAST: u32 = u32::MAX;
    let mut roles: Vec<_> = room().roles.iter().cloned().collect();
    roles.insert(
        0,
        Role {
            index: LAST,
            ..Role::default()
        },
    );
    let mut room = room().with_role(SUPER_ADMIN, |role| {
        role.role_changes.push(RoleChanges {
            from: 0,
            to: vec![LAST, LAST - 1],
        });
    });
    let admin = room.roles.get(SUPER_ADMIN).unwrap().clone();
    roles.retain(|role| role.index != SUPER_ADMIN);
    roles.push(admin);
    room.roles = RoleList::new(roles).unwrap();
    let (alice, dora) = (alice(), dora());
    let adds = octets(&add(&dora, LAST));
    let verdict = room
        .act(Actor::participant(&alice), &[list(&adds)])
        .unwrap();
    assert_eq!(verdict.policy().role_of(&dora).unwrap().index, LAST);
    // The one before is allowed to be a target, but nobody can have it.
    let adds = octets(&add(&dora, LAST - 1));
    let refused = refusal(&room.policy(), &[updating(&adds)]);
    let (user, role) = (dora.clone(), LAST - 1);
    assert_eq!(refused, Invalid::NoSuchRole { user, role });
}

#[test]
fn indices_past_the_end_name_nobody() {
    let policy = room().policy();
    for index in [4, 5, 0x7fff_ffff, 0x8000_0000, u32::MAX - 1, u32::MAX] {
        let past = Invalid::IndexPastEnd { index, len: 4 };
        let change = octets(&changing([index].into_iter(), ORDINARY_USER));
        assert_eq!(refusal(&policy, &[updating(&change)]), past);
        let removal = octets(&removing([0, index].into_iter()));
        assert_eq!(refusal(&policy, &[updating(&removal)]), past);
    }
}

#[test]
fn a_minimum_of_all_numbers_keeps_everybody_where_it_is() {
    let (alice, bob) = (alice(), bob());
    let actor = Actor::participant(&alice);
    let many = room().with_role(ORDINARY_USER, |role| role.min_participants = u32::MAX);
    let promotes = octets(&set_role(1, GROUP_ADMIN));
    let denied = many.act(actor, &[list(&promotes)]).unwrap_err();
    let reason = Reason::Minimum {
        role: label(ORDINARY_USER),
        active: false,
        min: u32::MAX,
        count: 1,
    };
    assert_eq!(denied.reason, reason);
    let active = room().with_role(ORDINARY_USER, |role| role.min_active = u32::MAX);
    let denied = active.act(
        Actor::participant(&bob),
        &[drop_client(2, &bob), drop_client(3, &bob)],
    );
    let reason = Reason::Minimum {
        role: label(ORDINARY_USER),
        active: true,
        min: u32::MAX,
        count: 1,
    };
    assert_eq!(denied.unwrap_err().reason, reason);
    // It hurts nobody who stays.
    active
        .act(Actor::participant(&bob), &[drop_client(2, &bob)])
        .unwrap();
}

#[test]
fn a_maximum_of_all_numbers_is_none_and_one_of_0_lets_nobody_in() {
    let (alice, dora) = (alice(), dora());
    let adds = octets(&add(&dora, ORDINARY_USER));
    let changes = [list(&adds), join_client(&dora)];
    let with = |max: u32| {
        let mut room = room().with_role(ORDINARY_USER, |role| {
            role.max_participants = Some(max);
            role.max_active = Some(max);
        });
        room.base = BaseRoomPolicy {
            max_users: Some(u32::MAX),
            max_clients: Some(u32::MAX),
            ..BaseRoomPolicy::default()
        };
        room.act(Actor::participant(&alice), &changes)
    };
    with(u32::MAX).unwrap();
    assert!(matches!(
        with(0).unwrap_err().reason,
        Reason::Maximum { max: 0, .. }
    ));
    // A room that has users already cannot be for none.
    let mut none = room();
    none.base.max_users = Some(0);
    let refused = RoomPolicy::from_components(&none.components());
    assert_eq!(refused, Err(Invalid::TooManyUsers { max: 0, users: 4 }));
}

#[test]
fn a_room_depends_neither_on_itself_nor_on_another_hub() {
    let policy = room().policy();
    let parent = |parent| {
        let base = octets(&BaseRoomPolicy {
            parent_room: Some(parent),
            ..BaseRoomPolicy::default()
        });
        refusal(
            &policy,
            &[(ComponentId::BASE_ROOM_POLICY, Op::Update(&base))],
        )
    };
    assert_eq!(parent(metadata().room), Invalid::OwnParent);
    for elsewhere in [
        "mimi://b.example/r/clubhouse",
        "mimi://a.example.b.example/r/clubhouse",
        "mimi://xa.example/r/clubhouse",
    ] {
        let elsewhere = uri(elsewhere);
        assert_eq!(
            parent(elsewhere.clone()),
            Invalid::ParentElsewhere(elsewhere)
        );
    }
}

#[test]
fn a_refusal_after_good_updates_leaves_none_of_them() {
    let policy = room().policy();
    let (adds, forbidden) = (
        octets(&add(&dora(), ORDINARY_USER)),
        octets(&HistoryPolicy::Forbidden),
    );
    let good = [
        updating(&adds),
        (ComponentId::CHAT_HISTORY_POLICY, Op::Update(&forbidden)),
    ];
    policy.resolve(good.into_iter()).unwrap();
    let bad = (ComponentId::MESSAGE_EXPIRATION_POLICY, Op::Update(&[7][..]));
    for place in 0..=good.len() {
        let mut updates = good.to_vec();
        updates.insert(place, bad);
        let refused = refusal(&policy, &updates);
        assert!(matches!(refused, Invalid::Malformed { .. }));
    }
}
