//! What a hub hosts: each bound of an envelope by itself. With its envelope the
//! hub refuses a change; without one it allows the same change, as does a
//! client, which knows of no envelope.

use insta::assert_snapshot;
use mimi_content::component::ComponentId;
use mimi_policy::{
    Actor, BaseRoomPolicy, Capability, Change, Envelope, HubView, LoggingPolicy, Participant,
    Reason, Role, RoleChanges,
};

use super::common::*;

/// A room in which Alice may do everything, within limits that a hub may set.
fn room() -> Room {
    let room = super::common::room()
        .with_role(POLICY_ENFORCER, |role| role.min_participants = 0)
        .with_role(SUPER_ADMIN, |role| {
            let all = Capability::REGISTERED.iter().copied();
            role.capabilities = all.filter(|one| *one != Capability::OPEN_JOIN).collect();
            role.role_changes.push(RoleChanges {
                from: POLICY_ENFORCER,
                to: vec![0],
            });
        });
    Room {
        base: BaseRoomPolicy {
            max_users: Some(10),
            max_clients: Some(20),
            ..BaseRoomPolicy::default()
        },
        ..room
    }
}

/// Alice makes a change that leads outside of an envelope: why the hub refuses.
fn outside(envelope: &Envelope, change: Change<'_>) -> String {
    let (room, alice) = (room(), alice());
    let actor = Actor::participant(&alice);
    let view = HubView {
        envelope: Some(envelope),
        ..HubView::default()
    };
    room.policy().may_begin(&room.clients, &view).unwrap();
    let denied = room.act_at_hub(actor, &[change], view).unwrap_err();
    assert!(matches!(denied.reason, Reason::OutsideEnvelope(_)));
    // An envelope that bounds nothing, none, and a client.
    let anything = Envelope::default();
    let unbound = HubView {
        envelope: Some(&anything),
        ..HubView::default()
    };
    room.act_at_hub(actor, &[change], unbound).unwrap();
    room.act_at_hub(actor, &[change], HubView::default())
        .unwrap();
    assert!(!room.act(actor, &[change]).unwrap().rests_on_hub().any());
    denied.to_string()
}

/// The same, with a change of the base policy.
fn based(envelope: &Envelope, edit: impl Fn(&mut BaseRoomPolicy)) -> String {
    let mut base = room().base;
    edit(&mut base);
    let base = octets(&base);
    outside(envelope, component(ComponentId::BASE_ROOM_POLICY, &base))
}

fn role(index: u32) -> Role {
    room().roles.get(index).unwrap().clone()
}

#[test]
fn a_role_stays_as_the_hub_defines_it() {
    let envelope = Envelope {
        roles: vec![role(POLICY_ENFORCER)],
        ..Envelope::default()
    };
    let renamed = room().with_role(POLICY_ENFORCER, |role| role.name = "hub".into());
    let renamed = octets(&renamed.roles);
    let change = component(ComponentId::ROLES_LIST, &renamed);
    assert_snapshot!(outside(&envelope, change), @r#"role 5 (policy_enforcer) must stay as the hub defines it (ARCH, "Policy")"#);
}

#[test]
fn a_participant_stays_in_the_role_that_the_hub_gives_it() {
    let envelope = Envelope {
        participants: vec![Participant {
            user: hub(),
            role: POLICY_ENFORCER,
        }],
        ..Envelope::default()
    };
    let removes = octets(&remove(3));
    assert_snapshot!(outside(&envelope, list(&removes)), @r#"mimi://a.example must stay in the room in role 5 (policy_enforcer), as the hub demands (ARCH, "Policy")"#);
}

#[test]
fn other_roles_have_only_the_capabilities_that_the_hub_allows() {
    let envelope = Envelope {
        roles: vec![role(POLICY_ENFORCER), role(SUPER_ADMIN)],
        capabilities: Some(role(GROUP_ADMIN).capabilities),
        ..Envelope::default()
    };
    let granting = |capability| {
        let room = room().with_role(ORDINARY_USER, |role| {
            let capabilities = role.capabilities.iter();
            role.capabilities = capabilities.chain([capability]).collect();
        });
        octets(&room.roles)
    };
    let roles = granting(Capability::DESTROY_ROOM);
    assert_snapshot!(outside(&envelope, component(ComponentId::ROLES_LIST, &roles)), @r#"the hub does not let role 2 (ordinary_user) have canDestroyRoom (ARCH, "Policy")"#);
    // One that nobody knows grants nothing yet, but might later.
    let roles = granting(Capability(0xf00d));
    assert_snapshot!(outside(&envelope, component(ComponentId::ROLES_LIST, &roles)), @r#"the hub does not let role 2 (ordinary_user) have capability 0xf00d (ARCH, "Policy")"#);
    // One that others have is fine.
    let (alice, roles) = (alice(), granting(Capability::BAN));
    let view = HubView {
        envelope: Some(&envelope),
        ..HubView::default()
    };
    let change = [component(ComponentId::ROLES_LIST, &roles)];
    room()
        .act_at_hub(Actor::participant(&alice), &change, view)
        .unwrap();
}

#[test]
fn the_number_of_users_is_limited_as_the_hub_wants() {
    let envelope = Envelope {
        max_users: Some(10),
        ..Envelope::default()
    };
    assert_snapshot!(based(&envelope, |base| base.max_users = Some(11)), @r#"the hub hosts rooms only with a limit of at most 10 users (ARCH, "Policy")"#);
    assert_snapshot!(based(&envelope, |base| base.max_users = None), @r#"the hub hosts rooms only with a limit of at most 10 users (ARCH, "Policy")"#);
}

#[test]
fn the_number_of_clients_is_limited_as_the_hub_wants() {
    let envelope = Envelope {
        max_clients: Some(20),
        ..Envelope::default()
    };
    assert_snapshot!(based(&envelope, |base| base.max_clients = Some(21)), @r#"the hub hosts rooms only with a limit of at most 20 clients (ARCH, "Policy")"#);
    assert_snapshot!(based(&envelope, |base| base.max_clients = None), @r#"the hub hosts rooms only with a limit of at most 20 clients (ARCH, "Policy")"#);
}

#[test]
fn pseudonyms_persistence_and_discovery_are_for_the_hub_to_allow() {
    let envelope = Envelope {
        pseudonyms: false,
        ..Envelope::default()
    };
    assert_snapshot!(based(&envelope, |base| base.pseudonyms_allowed = true), @r#"the hub does not host rooms with pseudonyms (ARCH, "Policy")"#);
    let envelope = Envelope {
        persistent: false,
        ..Envelope::default()
    };
    assert_snapshot!(based(&envelope, |base| base.persistent_room = true), @r#"the hub does not host persistent rooms (ARCH, "Policy")"#);
    let envelope = Envelope {
        discoverable: false,
        ..Envelope::default()
    };
    assert_snapshot!(based(&envelope, |base| base.discoverable = true), @r#"the hub does not host rooms that can be searched for (ARCH, "Policy")"#);
}

#[test]
fn a_component_stays_as_the_hub_sets_it_or_away() {
    const STATUS: ComponentId = ComponentId::STATUS_NOTIFICATION_POLICY;
    const LOGGING: ComponentId = ComponentId::LOGGING_POLICY;

    let now = room().components().get(STATUS).cloned();
    let envelope = |id, data| Envelope {
        components: [(id, data)].into_iter().collect(),
        ..Envelope::default()
    };
    let changed = component(STATUS, &[2, 2]);
    assert_snapshot!(outside(&envelope(STATUS, now.clone()), changed), @r#"status_notification_policy must stay as the hub sets it (ARCH, "Policy")"#);
    assert_snapshot!(outside(&envelope(STATUS, now), removal(STATUS)), @r#"status_notification_policy must stay as the hub sets it (ARCH, "Policy")"#);
    let forbidden = octets(&LoggingPolicy::Forbidden);
    let added = component(LOGGING, &forbidden);
    assert_snapshot!(outside(&envelope(LOGGING, None), added), @r#"logging_policy must stay as the hub sets it (ARCH, "Policy")"#);
}

#[test]
fn a_room_that_is_outside_already_only_changes_to_come_inside() {
    let (room, alice) = (room(), alice());
    let actor = Actor::participant(&alice);
    let envelope = Envelope {
        max_users: Some(5),
        ..Envelope::default()
    };
    let view = HubView {
        envelope: Some(&envelope),
        ..HubView::default()
    };
    assert!(room.act_at_hub(actor, &[update_client()], view).is_err());
    let base = octets(&BaseRoomPolicy {
        max_users: Some(5),
        ..room.base.clone()
    });
    let change = [component(ComponentId::BASE_ROOM_POLICY, &base)];
    room.act_at_hub(actor, &change, view).unwrap();
}
