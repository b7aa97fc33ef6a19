//! Rooms that depend on a parent room.

use insta::assert_snapshot;
use mimi_content::component::ComponentId;
use mimi_policy::{
    Actor, Authorized, BaseRoomPolicy, Bundle, Denied, HubView, Invalid, Op, Reason, RoleChanges,
    RoomPolicy,
};

use super::common::*;
use super::{closed, depending, eve, everybody, fixed, knows, parent, parent_uri};

/// Alice, Bob and Cathy, and the hub.
fn child() -> Room {
    Room {
        base: depending(),
        ..room()
    }
}

fn adds_dora(room: &Room, role: u32, view: HubView<'_>) -> Result<Authorized, Denied> {
    let (alice, dora) = (alice(), dora());
    let adds = octets(&add(&dora, role));
    room.act_at_hub(Actor::participant(&alice), &[list(&adds)], view)
}

#[test]
fn whoever_comes_is_a_participant_of_the_parent_and_not_banned_there() {
    let verdict = adds_dora(&child(), ORDINARY_USER, knows(&everybody())).unwrap();
    assert!(!verdict.rests_on_hub().any());

    let others = [alice(), bob(), cathy(), eve(), uri("mimi://f.example/u/f")];
    let mut others = others.map(|user| (user, ORDINARY_USER)).to_vec();
    let denied = adds_dora(&child(), ORDINARY_USER, knows(&parent(&others))).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://d.example/u/dora is not a participant of the parent room: add it there first (POLICY, "Base Room policy component syntax")"#);
    others.push((dora(), BANNED));
    let denied = adds_dora(&child(), ORDINARY_USER, knows(&parent(&others))).unwrap_err();
    assert_eq!(denied.reason, Reason::NotInParent(dora()));
    // Whoever comes to be banned is not in the room.
    adds_dora(&child(), BANNED, knows(&parent(&others))).unwrap();
}

#[test]
fn whoever_is_unbanned_comes_back_in() {
    let mut room = child();
    room.users[2].1 = BANNED;
    room.clients.remove(4);
    let alice = alice();
    let unban = |view: HubView<'_>| {
        let octets = octets(&set_role(2, ORDINARY_USER));
        room.act_at_hub(Actor::participant(&alice), &[list(&octets)], view)
    };
    unban(knows(&everybody())).unwrap();
    let without = [alice.clone(), bob(), dora(), eve()].map(|user| (user, ORDINARY_USER));
    let denied = unban(knows(&parent(&without))).unwrap_err();
    assert_eq!(denied.reason, Reason::NotInParent(cathy()));
}

#[test]
fn the_subset_is_strict_and_counts_neither_banned_users_nor_providers() {
    let four = [alice(), bob(), cathy(), dora()].map(|user| (user, ORDINARY_USER));
    let denied = adds_dora(&child(), ORDINARY_USER, knows(&parent(&four))).unwrap_err();
    assert_snapshot!(denied, @r#"this room would have 4 users and its parent has 4: it must have fewer (POLICY, "Base Room policy component syntax")"#);
    let padded = [
        &four[..],
        &[(eve(), BANNED), (hub(), POLICY_ENFORCER)],
        &[(uri("mimi://z.example"), POLICY_ENFORCER)],
    ];
    let denied = adds_dora(&child(), ORDINARY_USER, knows(&parent(&padded.concat())));
    assert_eq!(
        denied.unwrap_err().reason,
        Reason::NotSmallerThanParent {
            users: 4,
            parent: 4
        }
    );
    // Someone banned here does not count either.
    let mut room = child();
    room.users[2].1 = BANNED;
    room.clients.remove(4);
    adds_dora(&room, ORDINARY_USER, knows(&parent(&four))).unwrap();
}

#[test]
fn providers_are_in_no_parent_room() {
    let mut room = child().with_role(SUPER_ADMIN, |role| {
        role.role_changes = vec![RoleChanges {
            from: 0,
            to: vec![POLICY_ENFORCER],
        }];
    });
    room.users.pop();
    let alice = alice();
    let adds = octets(&add(&hub(), POLICY_ENFORCER));
    let change = [list(&adds)];
    let verdict = room.act_at_hub(Actor::participant(&alice), &change, knows(&everybody()));
    assert!(!verdict.unwrap().rests_on_hub().any());
    // There is nothing to look up, for the hub and for a client.
    let verdict = room.act_at_hub(Actor::participant(&alice), &change, HubView::default());
    assert!(!verdict.unwrap().rests_on_hub().any());
    let verdict = room.act(Actor::participant(&alice), &change);
    assert!(!verdict.unwrap().rests_on_hub().any());
}

#[test]
fn a_hub_that_did_not_look_refuses_and_a_client_rests_on_the_hub() {
    let denied = adds_dora(&child(), ORDINARY_USER, HubView::default()).unwrap_err();
    assert_snapshot!(denied, @r#"this room depends on another, whose participants the hub did not look up (POLICY, "Base Room policy component syntax")"#);
    let (alice, bob, cathy) = (alice(), bob(), cathy());
    let adds = octets(&add(&dora(), ORDINARY_USER));
    let verdict = child().act(Actor::participant(&alice), &[list(&adds)]);
    let rests = verdict.unwrap().rests_on_hub();
    assert!(rests.parent_room && !rests.twin_room && !rests.join_code);

    // To go, or to bring another client, nobody asks the parent room.
    let removes = octets(&remove(2));
    let changes = [list(&removes), drop_client(4, &cathy)];
    let actor = Actor::participant(&alice);
    child()
        .act_at_hub(actor, &changes, HubView::default())
        .unwrap();
    let verdict = child().act(actor, &changes).unwrap();
    assert!(!verdict.rests_on_hub().any());
    let actor = Actor::participant(&bob);
    child()
        .act_at_hub(actor, &[join_client(&bob)], HubView::default())
        .unwrap();
    // Nor to take another role.
    let promotes = octets(&set_role(2, GROUP_ADMIN));
    let actor = Actor::participant(&alice);
    child()
        .act_at_hub(actor, &[list(&promotes)], HubView::default())
        .unwrap();
}

#[test]
fn a_room_that_comes_to_depend_on_a_parent_is_looked_at_whole() {
    let alice = alice();
    let actor = Actor::participant(&alice);
    let base = octets(&depending());
    let change = [component(ComponentId::BASE_ROOM_POLICY, &base)];
    let adopt = |view: HubView<'_>| room().act_at_hub(actor, &change, view);
    assert!(!adopt(knows(&everybody())).unwrap().rests_on_hub().any());
    assert!(adopt(HubView::default()).is_err());
    let verdict = room().act(actor, &change).unwrap();
    assert!(verdict.rests_on_hub().parent_room);

    let lacks_bob = [alice.clone(), cathy(), dora(), eve()].map(|user| (user, ORDINARY_USER));
    let denied = adopt(knows(&parent(&lacks_bob))).unwrap_err();
    assert_eq!(denied.reason, Reason::NotInParent(bob()));
    let same = [alice.clone(), bob(), cathy()].map(|user| (user, ORDINARY_USER));
    let denied = adopt(knows(&parent(&same))).unwrap_err();
    assert!(matches!(denied.reason, Reason::NotSmallerThanParent { .. }));

    // From one parent to another it is the same.
    let mut elsewhere = room();
    elsewhere.base.parent_room = Some(uri("mimi://a.example/r/earlier"));
    assert!(
        elsewhere
            .act_at_hub(actor, &change, HubView::default())
            .is_err()
    );
    elsewhere
        .act_at_hub(actor, &change, knows(&everybody()))
        .unwrap();
    // To stand alone, a room asks nobody, and neither if it depends as before.
    let alone = octets(&BaseRoomPolicy::default());
    let change = [component(ComponentId::BASE_ROOM_POLICY, &alone)];
    child()
        .act_at_hub(actor, &change, HubView::default())
        .unwrap();
    let limited = octets(&BaseRoomPolicy {
        max_users: Some(10),
        ..depending()
    });
    let change = [component(ComponentId::BASE_ROOM_POLICY, &limited)];
    child()
        .act_at_hub(actor, &change, HubView::default())
        .unwrap();
}

#[test]
fn whom_a_new_definition_of_roles_lets_in_is_in_the_parent_too() {
    let mut room = child();
    room.users.push((dora(), BANNED));
    let guests = room
        .clone()
        .with_role(BANNED, |role| role.name = "guest".into());
    let roles = octets(&guests.roles);
    let (hub, change) = (hub(), [component(ComponentId::ROLES_LIST, &roles)]);
    let bundle = Bundle {
        actor: Actor::external(&hub),
        changes: &change,
    };
    let at_hub = |view: HubView<'_>| room.propose_at_hub(&[bundle], view);
    at_hub(knows(&everybody())).unwrap();
    let lacks_dora = [alice(), bob(), cathy(), eve(), uri("mimi://f.example/u/f")];
    let lacks_dora = parent(&lacks_dora.map(|user| (user, ORDINARY_USER)));
    let denied = at_hub(knows(&lacks_dora)).unwrap_err();
    assert_eq!(denied.reason, Reason::NotInParent(dora()));
    assert_eq!(
        at_hub(HubView::default()).unwrap_err().reason,
        Reason::ParentUnknown
    );
    assert!(room.propose(&[bundle]).unwrap().rests_on_hub().parent_room);
}

#[test]
fn a_parent_is_another_room_of_the_same_hub() {
    let adopt = |parent| {
        let base = octets(&BaseRoomPolicy {
            parent_room: Some(parent),
            ..BaseRoomPolicy::default()
        });
        room().resolve(&[(ComponentId::BASE_ROOM_POLICY, Op::Update(&base))])
    };
    adopt(parent_uri()).unwrap();
    assert_eq!(adopt(metadata().room), Err(Invalid::OwnParent));
    assert_snapshot!(adopt(metadata().room).unwrap_err(), @r#"the room is its own parent (POLICY, "Base Room policy component syntax")"#);
    let elsewhere = uri("mimi://b.example/r/parent");
    assert_snapshot!(adopt(elsewhere.clone()).unwrap_err(), @r#"the parent room mimi://b.example/r/parent is not on the hub of this room (POLICY, "Base Room policy component syntax")"#);

    let mut room = room();
    room.base.parent_room = Some(elsewhere.clone());
    let refused = RoomPolicy::from_components(&room.components());
    assert_eq!(refused, Err(Invalid::ParentElsewhere(elsewhere)));
}

#[test]
fn from_a_room_of_fixed_membership_goes_who_left_its_parent_and_nobody_else() {
    let mut room = closed();
    room.base = BaseRoomPolicy {
        fixed_membership: true,
        ..depending()
    };
    let (hub, cathy) = (hub(), cathy());
    let removes = octets(&remove(2));
    let changes = [list(&removes), drop_client(4, &cathy)];
    let bundle = Bundle {
        actor: Actor::external(&hub),
        changes: &changes,
    };
    let at_hub = |room: &Room, view: HubView<'_>| room.propose_at_hub(&[bundle], view);
    let denied = at_hub(&room, knows(&everybody())).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://c.example/u/cathy cannot be added or removed, as the membership of this room is fixed: create another room for other participants (POLICY, "Base Room policy component syntax")"#);
    let mut left = [alice(), bob(), dora(), eve()]
        .map(|user| (user, ORDINARY_USER))
        .to_vec();
    at_hub(&room, knows(&parent(&left))).unwrap();
    left.push((cathy.clone(), BANNED));
    at_hub(&room, knows(&parent(&left))).unwrap();
    let unknown = at_hub(&room, HubView::default()).unwrap_err();
    assert_eq!(unknown.reason, Reason::ParentUnknown);
    assert!(room.propose(&[bundle]).unwrap().rests_on_hub().parent_room);
    // Cathy may go by herself then, too.
    let own = Bundle {
        actor: Actor::participant(&cathy),
        changes: &changes,
    };
    room.propose_at_hub(&[own], knows(&parent(&left))).unwrap();

    // Without a parent nobody goes, whatever the hub knows.
    room.base = fixed();
    let denied = at_hub(&room, knows(&parent(&left))).unwrap_err();
    assert_eq!(denied.reason, Reason::FixedMembership(cathy.clone()));
    assert!(room.propose(&[bundle]).is_err());
}
