//! Proposals that wait for a commit.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests stop at what must not happen"
)]

mod common;
use common::*;
use insta::assert_snapshot;
use mimi_policy::{Actor, Bundle, Capability, Change, PreauthEntry, PreauthList, RoleChanges};

#[test]
fn whoever_is_leaving_can_only_take_its_clients_along() {
    let room = room();
    let (bob, cathy) = (bob(), cathy());
    let leaves = octets(&remove(1));
    let changes = [list(&leaves), drop_client(2, &bob), drop_client(3, &bob)];
    let actor = Actor::participant(&bob);
    let pending = [Bundle {
        actor,
        changes: &changes,
    }];
    let provisional = room.propose(&pending).unwrap().into_policy();
    let may = |actor, changes: &[Change<'_>]| {
        let bundle = Bundle { actor, changes };
        room.policy()
            .may_propose(&provisional, &pending, &bundle, &room.clients)
    };
    may(actor, &[drop_client(3, &bob)]).unwrap();
    let denied = may(actor, &[update_client()]).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://b.example/u/bob is leaving or being removed, and may only remove its own clients (PROTO, "Update Room State")"#);
    let removes_cathy = octets(&remove(2));
    assert!(may(actor, &[list(&removes_cathy), drop_client(4, &cathy)]).is_err());
    assert!(may(actor, &[drop_client(4, &cathy)]).is_err());
    // Nor does he come back in at the same time.
    assert!(may(Actor::joiner(&bob), &[join_client(&bob)]).is_err());
    let cathy_acts = Actor::participant(&cathy);
    may(cathy_acts, &[update_client()]).unwrap();
    may(cathy_acts, &[join_client(&cathy)]).unwrap();
}

#[test]
fn an_admin_being_demoted_has_lost_its_rights_already() {
    let mut room = room();
    room.users[1].1 = GROUP_ADMIN;
    room.users[2].1 = GROUP_ADMIN;
    let (alice, bob, cathy) = (alice(), bob(), cathy());
    let demotes = octets(&set_role(1, ORDINARY_USER));
    let pending = [Bundle {
        actor: Actor::participant(&alice),
        changes: &[list(&demotes)],
    }];
    let provisional = room.propose(&pending).unwrap().into_policy();
    let kick = Bundle {
        actor: Actor::participant(&bob),
        changes: &[drop_client(4, &cathy)],
    };
    let policy = room.policy();
    let clients = &room.clients;
    assert!(policy.may_propose(&policy, &[], &kick, clients).is_ok());
    let denied = policy
        .may_propose(&provisional, &pending, &kick, clients)
        .unwrap_err();
    assert_snapshot!(denied, @r#"mimi://b.example/u/bob needs canKick for this, which role 2 (ordinary_user) lacks (POLICY, "Role Capabilities")"#);
}

#[test]
fn an_external_sender_proposes_with_the_rights_that_are_left_to_it() {
    let (alice, bob, hub) = (alice(), bob(), hub());
    let kick = [drop_client(2, &bob)];
    let with = |claims| Actor::External {
        sender: &hub,
        claims,
    };
    let may = |room: &Room, pending: &[Bundle<'_>], actor| {
        let changes = &kick;
        let bundle = Bundle { actor, changes };
        let provisional = room.propose(pending).unwrap().into_policy();
        room.propose(&[pending, &[bundle]].concat()).unwrap();
        room.policy()
            .may_propose(&provisional, pending, &bundle, &room.clients)
    };
    // It has no clients that a ban could keep from sending.
    let mut banned = room().with_role(BANNED, |role| {
        role.capabilities = [Capability::KICK].into_iter().collect();
    });
    banned.users[3].1 = BANNED;
    may(&banned, &[], with(&Hr)).unwrap();
    // Whose entry goes is left with what its credential gives it.
    let mut room = room()
        .with_role(POLICY_ENFORCER, |role| role.min_participants = 0)
        .with_role(SUPER_ADMIN, |role| {
            role.role_changes.push(RoleChanges {
                from: POLICY_ENFORCER,
                to: vec![0],
            });
        });
    let removes = octets(&remove(3));
    let pending = [Bundle {
        actor: Actor::participant(&alice),
        changes: &[list(&removes)],
    }];
    let denied = may(&room, &pending, with(&Hr)).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://a.example has no role in this room: someone in the room has to add it first (POLICY, "Role Capabilities")"#);
    let role = room.policy().role(GROUP_ADMIN).unwrap().clone();
    let claims = hr();
    room.preauth = Some(PreauthList(vec![PreauthEntry { claims, role }]));
    may(&room, &pending, with(&Hr)).unwrap();
    assert!(may(&room, &pending, Actor::external(&hub)).is_err());
}

#[test]
fn whoever_takes_the_banned_role_itself_takes_its_clients_along() {
    let mut room = room().with_role(ORDINARY_USER, |role| {
        role.capabilities = [Capability::CHANGE_OWN_ROLE].into_iter().collect();
    });
    let role = room.policy().role(BANNED).unwrap().clone();
    let claims = hr();
    room.preauth = Some(PreauthList(vec![PreauthEntry { claims, role }]));
    let bob = bob();
    let actor = Actor::Participant {
        user: &bob,
        claims: &Hr,
    };
    let takes = octets(&set_role(1, BANNED));
    let changes = [list(&takes), drop_client(2, &bob), drop_client(3, &bob)];
    let bundle = Bundle {
        actor,
        changes: &changes,
    };
    room.propose(&[bundle]).unwrap();
    let policy = room.policy();
    policy
        .may_propose(&policy, &[], &bundle, &room.clients)
        .unwrap();
    // To lose only some of them, he needs the capability.
    let changes = [drop_client(3, &bob)];
    let denied = room.propose(&[Bundle {
        actor,
        changes: &changes,
    }]);
    assert!(denied.is_err());
}

#[test]
fn removes_may_come_after_the_removal_as_long_as_they_are_there_in_the_end() {
    let room = room();
    let (alice, bob) = (alice(), bob());
    let actor = Actor::participant(&alice);
    let removal = octets(&remove(1));
    let (first, second) = (
        [list(&removal), drop_client(2, &bob)],
        [drop_client(3, &bob)],
    );
    let bundles = [
        Bundle {
            actor,
            changes: &first,
        },
        Bundle {
            actor,
            changes: &second,
        },
    ];
    assert!(room.propose(&bundles[..1]).is_err());
    room.propose(&bundles).unwrap();
}

#[test]
fn one_client_removed_by_two_people_is_removed_once() {
    let room = room();
    let (alice, bob) = (alice(), bob());
    // Bob drops a client, Alice the same one: he keeps the other.
    let drop = [drop_client(3, &bob)];
    let bundles = [
        Bundle {
            actor: Actor::participant(&bob),
            changes: &drop,
        },
        Bundle {
            actor: Actor::participant(&alice),
            changes: &drop,
        },
    ];
    let active = room.with_role(ORDINARY_USER, |role| role.min_active = 2);
    active.propose(&bundles).unwrap();
}
