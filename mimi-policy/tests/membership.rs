//! Alice, Bob and Cathy come and go as the protocol draft tells it.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(clippy::unwrap_used, reason = "tests stop at what must not happen")]

mod common;
use common::*;
use insta::assert_snapshot;
use mimi_policy::{Actor, Bundle, Capability};

#[test]
fn alice_adds_bob_with_his_clients_and_bob_adds_cathy() {
    let mut room = room();
    room.users = vec![(alice(), SUPER_ADMIN)];
    room.clients = [(0, alice())].into_iter().collect();

    let (bob, alice) = (bob(), alice());
    let adds_bob = octets(&add(&bob, ORDINARY_USER));
    let changes = [list(&adds_bob), join_client(&bob), join_client(&bob)];
    let verdict = room.act(Actor::participant(&alice), &changes).unwrap();
    assert!(!verdict.rests_on_hub().any());
    let policy = verdict.policy();
    assert_eq!(policy.role_of(&bob).unwrap().index, ORDINARY_USER);
    assert!(policy.can(&bob, Capability::SEND_MESSAGE));
    assert!(!policy.can(&bob, Capability::BAN));
    assert_eq!(policy.participants().index_of(&bob), Some(1));

    room.users.push((bob.clone(), ORDINARY_USER));
    room.clients.insert(1, bob.clone());
    room.clients.insert(2, bob.clone());
    assert_eq!(room.policy(), *policy);
    let cathy = cathy();
    let adds_cathy = octets(&add(&cathy, ORDINARY_USER));
    let changes = [list(&adds_cathy), join_client(&cathy)];
    let policy = room
        .act(Actor::participant(&bob), &changes)
        .unwrap()
        .into_policy();
    let users: Vec<_> = policy
        .participants()
        .iter()
        .map(|p| p.user.to_uri())
        .collect();
    assert_eq!(users, [alice, bob, cathy]);
}

#[test]
fn someone_without_key_packages_is_added_without_clients_and_joins_later() {
    let mut room = room();
    let (alice, dora) = (alice(), dora());
    let adds = octets(&add(&dora, ORDINARY_USER));
    room.act(Actor::participant(&alice), &[list(&adds)])
        .unwrap();
    room.users.push((dora.clone(), ORDINARY_USER));
    let verdict = room
        .act(Actor::joiner(&dora), &[join_client(&dora)])
        .unwrap();
    assert!(!verdict.rests_on_hub().any());
    // But nobody else may put clients of hers in by then.
    let denied = room
        .act(Actor::participant(&alice), &[join_client(&dora)])
        .unwrap_err();
    assert_snapshot!(denied, @r#"clients of mimi://d.example/u/dora can only be added by itself, or by whoever adds it to the room (POLICY, "Adding")"#);
}

#[test]
fn bob_leaves_by_proposals_that_cathy_commits() {
    let room = room();
    let (bob, cathy) = (bob(), cathy());
    let leaves = octets(&remove(1));
    let bundle = Bundle {
        actor: Actor::participant(&bob),
        changes: &[list(&leaves), drop_client(2, &bob), drop_client(3, &bob)],
    };
    let provisional = room.propose(&[bundle]).unwrap().into_policy();
    assert!(room.policy().may_send(&bob).is_ok());
    assert_snapshot!(provisional.may_send(&bob).unwrap_err(), @r#"mimi://b.example/u/bob has no role in this room: someone in the room has to add it first (POLICY, "Role Capabilities")"#);
    let committed = room.commit(Actor::participant(&cathy), &[bundle]).unwrap();
    assert_eq!(*committed.policy(), provisional);
}

#[test]
fn bob_cannot_commit_his_own_leaving() {
    let room = room();
    let bob = bob();
    let leaves = octets(&remove(1));
    let changes = [list(&leaves), drop_client(2, &bob)];
    let denied = room.act(Actor::participant(&bob), &changes).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://b.example/u/bob would keep 1 client although it is removed or banned: remove all its clients along with it (PROTO, "Update Room State")"#);
    let changes = [list(&leaves), drop_client(2, &bob), drop_client(3, &bob)];
    let denied = room.act(Actor::participant(&bob), &changes).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://b.example/u/bob cannot commit this: whoever commits has to be a participant, not banned, and to stay one (PROTO, "Update Room State")"#);
}

#[test]
fn alice_bans_cathy_and_lifts_the_ban_again() {
    let mut room = room();
    let (alice, cathy) = (alice(), cathy());
    let ban = octets(&set_role(2, BANNED));
    let policy = room
        .act(
            Actor::participant(&alice),
            &[list(&ban), drop_client(4, &cathy)],
        )
        .unwrap()
        .into_policy();
    assert!(policy.is_banned(&cathy));
    assert!(policy.may_send(&cathy).is_err());

    room.users[2].1 = BANNED;
    room.clients.remove(4);
    let denied = room
        .act(Actor::joiner(&cathy), &[join_client(&cathy)])
        .unwrap_err();
    assert_snapshot!(denied, @r#"mimi://c.example/u/cathy is banned and can do nothing but remove its own clients: a participant with canUnban can lift the ban (PROTO, "Update Room State")"#);

    let unban = octets(&set_role(2, ORDINARY_USER));
    let lifted = [list(&unban)];
    room.act(Actor::participant(&alice), &lifted).unwrap();
    let with_client = [list(&unban), join_client(&cathy)];
    let denied = room.act(Actor::participant(&alice), &with_client);
    assert_snapshot!(denied.unwrap_err(), @r#"clients of mimi://c.example/u/cathy can only be added by itself, or by whoever adds it to the room (POLICY, "Adding")"#);
}

#[test]
fn the_hub_kicks_a_lost_client_and_bans_but_adds_nobody() {
    let room = room();
    let (hub, cathy, bob, dora) = (hub(), cathy(), bob(), dora());
    let by_hub = |changes: &[_]| {
        let actor = Actor::external(&hub);
        room.propose(&[Bundle { actor, changes }])
    };
    by_hub(&[drop_client(3, &bob)]).unwrap();
    let ban = octets(&set_role(2, BANNED));
    by_hub(&[list(&ban), drop_client(4, &cathy)]).unwrap();
    let adds = octets(&add(&dora, ORDINARY_USER));
    let denied = by_hub(&[list(&adds)]).unwrap_err();
    assert_eq!(denied.missing(), Some(Capability::ADD_PARTICIPANT));
    assert_snapshot!(denied, @r#"mimi://a.example needs canAddParticipant for this, which role 5 (policy_enforcer) lacks (POLICY, "Role Capabilities")"#);
    let promotes = octets(&set_role(2, SUPER_ADMIN));
    assert_snapshot!(by_hub(&[list(&promotes)]).unwrap_err(), @r#"mimi://a.example has canChangeUserRole, but role 5 (policy_enforcer) does not let it move a participant from role 2 (ordinary_user) to role 4 (super_admin) (POLICY, "Role-Based Access Control")"#);
}

#[test]
fn a_participant_adds_and_removes_clients_of_its_own() {
    let room = room();
    let bob = bob();
    let actor = Actor::participant(&bob);
    room.act(actor, &[join_client(&bob), drop_client(3, &bob)])
        .unwrap();
    let silent = room.clone().with_role(ORDINARY_USER, |role| {
        role.capabilities = [Capability::ADD_OWN_CLIENT].into_iter().collect();
    });
    silent.act(actor, &[join_client(&bob)]).unwrap();
    let denied = silent.act(actor, &[drop_client(3, &bob)]).unwrap_err();
    assert_eq!((denied.bundle, denied.change), (Some(0), Some(0)));
    assert_snapshot!(denied, @r#"mimi://b.example/u/bob needs canRemoveOwnClient for this, which role 2 (ordinary_user) lacks (POLICY, "Role Capabilities")"#);
}
