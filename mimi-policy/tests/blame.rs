//! A denial names the change that is to blame, also where only all changes
//! together lead to what must not be.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests stop at what must not happen"
)]

mod common;
use common::*;
use mimi_policy::{Actor, BaseRoomPolicy, Bundle, Capability, Change, Reason};

/// The bundle and the change of it that a commit of these is denied for.
fn blamed(room: &Room, bundles: &[Bundle<'_>]) -> (Option<usize>, Option<usize>, Reason) {
    let denied = room.commit(bundles[0].actor, bundles).unwrap_err();
    (denied.bundle, denied.change, denied.reason)
}

#[test]
fn whoever_keeps_clients_is_found_in_the_update_that_removes_it() {
    let (alice, bob) = (alice(), bob());
    let removes = octets(&remove(1));
    let changes = [update_client(), list(&removes), drop_client(2, &bob)];
    let actor = Actor::participant(&alice);
    let (bundle, change, reason) = blamed(
        &room(),
        &[Bundle {
            actor,
            changes: &changes,
        }],
    );
    assert!(matches!(reason, Reason::KeepsClients { .. }));
    assert_eq!((bundle, change), (Some(0), Some(2)));
}

#[test]
fn a_constraint_is_broken_by_the_move_into_or_out_of_the_role() {
    let (alice, bob) = (alice(), bob());
    let full = room().with_role(GROUP_ADMIN, |role| role.max_participants = Some(0));
    let (promotes, harmless) = (octets(&set_role(2, GROUP_ADMIN)), [update_client()]);
    let changes = [list(&promotes)];
    let bundles = [
        Bundle {
            actor: Actor::participant(&bob),
            changes: &harmless,
        },
        Bundle {
            actor: Actor::participant(&alice),
            changes: &changes,
        },
    ];
    let (bundle, change, reason) = blamed(&full, &bundles);
    assert!(matches!(
        reason,
        Reason::Maximum { role, .. } if role.index == GROUP_ADMIN
    ));
    assert_eq!((bundle, change), (Some(1), Some(0)));
}

#[test]
fn the_last_client_too_many_is_the_one_to_name() {
    let mut room = room();
    room.base.max_clients = Some(6);
    let alice = alice();
    let changes = [join_client(&alice), join_client(&alice)];
    let actor = Actor::participant(&alice);
    let (bundle, change, reason) = blamed(
        &room,
        &[Bundle {
            actor,
            changes: &changes,
        }],
    );
    assert_eq!(reason, Reason::MaxClients { max: 6, clients: 7 });
    assert_eq!((bundle, change), (Some(0), Some(1)));
}

#[test]
fn one_device_is_counted_also_for_who_changes_its_role_in_the_same_commit() {
    let alice = alice();
    let mut room = room();
    room.clients.remove(1);
    let single = octets(&BaseRoomPolicy {
        multi_device: false,
        ..BaseRoomPolicy::default()
    });
    let moves = octets(&set_role(1, GROUP_ADMIN));
    let base = component(
        mimi_content::component::ComponentId::BASE_ROOM_POLICY,
        &single,
    );
    let actor = Actor::participant(&alice);
    for changes in [&[base][..], &[base, list(&moves)]] {
        let denied = room.act(actor, changes).unwrap_err();
        let bob = bob();
        assert_eq!(
            denied.reason,
            Reason::SingleDevice {
                user: bob,
                clients: 2
            }
        );
    }
}

#[test]
fn a_role_that_must_keep_someone_active_is_handed_over_in_one_commit() {
    let mut room = room().with_role(GROUP_ADMIN, |role| {
        role.min_participants = 1;
        role.min_active = 1;
    });
    room.users[1].1 = GROUP_ADMIN;
    let alice = alice();
    let actor = Actor::participant(&alice);
    let mut hands_over = set_role(1, ORDINARY_USER);
    assert!(room.act(actor, &[list(&octets(&hands_over))]).is_err());
    hands_over.changed.extend(set_role(2, GROUP_ADMIN).changed);
    room.act(actor, &[list(&octets(&hands_over))]).unwrap();
}

#[test]
fn a_participant_from_outside_replaces_its_client_and_does_nothing_else() {
    let (room, alice, dora) = (room(), alice(), dora());
    let joiner = Actor::joiner(&alice);
    let joins = [join_client(&alice), drop_client(0, &alice)];
    room.act(joiner, &joins).unwrap();
    let promotes = octets(&set_role(1, GROUP_ADMIN));
    let adds = octets(&add(&dora, ORDINARY_USER));
    for more in [
        list(&promotes),
        list(&adds),
        drop_client(2, &bob()),
        Change::ReInit,
    ] {
        let denied = room.act(joiner, &[join_client(&alice), more]).unwrap_err();
        assert_eq!(denied.reason, Reason::OnlyJoin(alice.clone()));
    }
}

#[test]
fn a_banned_role_grants_nothing_whatever_it_lists() {
    let every = Capability::REGISTERED.iter().copied();
    let every = every.filter(|one| *one != Capability::OPEN_JOIN);
    let mut room = room().with_role(BANNED, |role| role.capabilities = every.clone().collect());
    room.users[1].1 = BANNED;
    let (policy, bob) = (room.policy(), bob());
    let banned = Reason::Banned(bob.clone());
    assert_eq!(policy.may_send(&bob).unwrap_err().reason, banned);
    assert_eq!(policy.may_report(&bob).unwrap_err().reason, banned);
    assert_eq!(
        policy.may_join(&Actor::joiner(&bob)).unwrap_err().reason,
        banned
    );
    assert!(!policy.may_receive(&bob) && !policy.can(&bob, Capability::COPY_MESSAGE));
}
