//! What people try who may not.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(clippy::unwrap_used, reason = "tests stop at what must not happen")]

mod common;
use common::*;
use insta::assert_snapshot;
use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_policy::{Actor, Bundle, Candidate, Capability, Change, Op, Reason, RoomMetadata};

#[test]
fn an_ordinary_user_bans_promotes_and_kicks_nobody() {
    let room = room();
    let (bob, cathy, dora) = (bob(), cathy(), dora());
    let bob = Actor::participant(&bob);
    let ban = octets(&set_role(2, BANNED));
    let denied = room
        .act(bob, &[list(&ban), drop_client(4, &cathy)])
        .unwrap_err();
    assert_eq!(denied.missing(), Some(Capability::BAN));
    assert_snapshot!(denied, @r#"mimi://b.example/u/bob needs canBan for this, which role 2 (ordinary_user) lacks (POLICY, "Role Capabilities")"#);

    let admin = octets(&add(&dora, GROUP_ADMIN));
    assert_snapshot!(room.act(bob, &[list(&admin)]).unwrap_err(), @r#"mimi://b.example/u/bob has canAddParticipant, but role 2 (ordinary_user) does not let it add someone in role 3 (group_admin) (POLICY, "Role-Based Access Control")"#);

    let denied = room.act(bob, &[drop_client(4, &cathy)]).unwrap_err();
    assert_eq!(denied.missing(), Some(Capability::KICK));

    let removes_alice = octets(&remove(0));
    let denied = room.act(bob, &[list(&removes_alice)]).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://b.example/u/bob has canRemoveParticipant, but role 2 (ordinary_user) does not let it remove a participant in role 4 (super_admin) (POLICY, "Role-Based Access Control")"#);

    let promotes_himself = octets(&set_role(1, GROUP_ADMIN));
    let denied = room.act(bob, &[list(&promotes_himself)]).unwrap_err();
    assert_eq!(denied.missing(), Some(Capability::CHANGE_OWN_ROLE));
}

#[test]
fn a_super_admin_does_not_change_its_own_role() {
    let room = room();
    let alice = alice();
    let demotes = octets(&set_role(0, GROUP_ADMIN));
    let denied = room
        .act(Actor::participant(&alice), &[list(&demotes)])
        .unwrap_err();
    assert_eq!(denied.missing(), Some(Capability::CHANGE_OWN_ROLE));
}

#[test]
fn removing_or_banning_without_all_the_removes_is_denied() {
    let room = room();
    let (alice, bob) = (alice(), bob());
    let alice = Actor::participant(&alice);
    for update in [remove(1), set_role(1, BANNED)] {
        let update = octets(&update);
        for changes in [
            &[list(&update)][..],
            &[list(&update), drop_client(2, &bob)],
            &[list(&update), drop_client(2, &bob), drop_client(2, &bob)],
        ] {
            let denied = room.act(alice, changes).unwrap_err();
            assert!(
                matches!(denied.reason, Reason::KeepsClients { .. }),
                "{denied}"
            );
        }
        let all = [list(&update), drop_client(2, &bob), drop_client(3, &bob)];
        room.act(alice, &all).unwrap();
    }
}

#[test]
fn a_client_of_someone_who_is_no_participant_is_not_added() {
    let room = room();
    let (alice, dora) = (alice(), dora());
    for actor in [Actor::participant(&alice), Actor::joiner(&dora)] {
        let denied = room.act(actor, &[join_client(&dora)]).unwrap_err();
        assert_eq!(denied.change, Some(0), "{denied}");
    }
    let denied = room
        .act(Actor::joiner(&dora), &[join_client(&dora)])
        .unwrap_err();
    assert_snapshot!(denied, @r#"mimi://d.example/u/dora would have a client in the group without being a participant: add it to the participant list as well, or leave its client out (PROTO, "Update Room State")"#);
}

#[test]
fn a_committer_cannot_pass_its_change_off_as_anothers() {
    let room = room();
    let (alice, bob, cathy) = (alice(), bob(), cathy());
    let ban = octets(&set_role(2, BANNED));
    // Alice only removed a client of hers; the ban is Bob's, and counts as his.
    let bundles = [
        Bundle {
            actor: Actor::participant(&alice),
            changes: &[drop_client(1, &alice)],
        },
        Bundle {
            actor: Actor::participant(&bob),
            changes: &[list(&ban), drop_client(4, &cathy)],
        },
    ];
    let denied = room.commit(Actor::participant(&bob), &bundles).unwrap_err();
    assert_eq!((denied.bundle, denied.change), (Some(1), Some(0)));
    // But had Alice proposed it, Bob would need no right to commit it.
    let bundles = [Bundle {
        actor: Actor::participant(&alice),
        ..bundles[1]
    }];
    room.commit(Actor::participant(&bob), &bundles).unwrap();
}

#[test]
fn a_change_that_no_bundle_has_does_not_slip_through() {
    let room = room();
    let policy = room.policy();
    let bob = bob();
    let ban = octets(&set_role(2, BANNED));
    let smuggled = [(ComponentId::PARTICIPANT_LIST, Op::Update(&ban))];
    let draft = policy.resolve(smuggled.into_iter()).unwrap();
    let candidate = Candidate {
        committer: Some(Actor::participant(&bob)),
        bundles: &[],
        clients: &room.clients,
        hub: None,
    };
    let denied = policy.authorize(&draft, &candidate).unwrap_err();
    assert_eq!(denied.reason, Reason::OtherDraft);

    // Nor does a draft of another state of the room.
    let mut other = room.clone();
    other.users[1].1 = GROUP_ADMIN;
    let draft = other.policy().resolve([].into_iter()).unwrap();
    let denied = policy.authorize(&draft, &candidate).unwrap_err();
    assert_eq!(denied.reason, Reason::OtherDraft);
}

#[test]
fn the_rights_of_two_actors_do_not_add_up() {
    let room = room();
    let (alice, bob, dora) = (alice(), bob(), dora());
    // Alice adds Dora; Bob, with no part in that, adds a client for her.
    let adds = octets(&add(&dora, ORDINARY_USER));
    let bundles = [
        Bundle {
            actor: Actor::participant(&alice),
            changes: &[list(&adds)],
        },
        Bundle {
            actor: Actor::participant(&bob),
            changes: &[join_client(&dora)],
        },
    ];
    let denied = room.commit(Actor::participant(&bob), &bundles).unwrap_err();
    assert_eq!(denied.reason, Reason::NotYourClient(dora));
    assert_eq!(denied.bundle, Some(1));
}

#[test]
fn strangers_and_banned_users_do_nothing() {
    let mut room = room();
    let (dora, bob, cathy) = (dora(), bob(), cathy());
    let stranger = Bundle {
        actor: Actor::participant(&dora),
        changes: &[update_client()],
    };
    let denied = room.commit(Actor::participant(&bob), &[stranger]);
    assert_snapshot!(denied.unwrap_err(), @r#"mimi://d.example/u/dora has no role in this room: someone in the room has to add it first (POLICY, "Role Capabilities")"#);
    assert!(room.commit(Actor::participant(&dora), &[]).is_err());
    assert!(room.commit(Actor::external(&bob), &[]).is_err());
    room.users[2].1 = BANNED;
    assert!(room.commit(Actor::participant(&cathy), &[]).is_err());
    assert!(room.policy().admits(&room.clients).is_err());
    room.commit(Actor::participant(&bob), &[]).unwrap();
}

#[test]
fn a_commit_from_outside_must_join() {
    let room = room();
    let cathy = cathy();
    let denied = room.act(Actor::joiner(&cathy), &[]).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://c.example/u/cathy commits from outside, but none of its changes adds a client of its own (PROTO, "Claim group key information")"#);
    room.act(
        Actor::joiner(&cathy),
        &[join_client(&cathy), drop_client(4, &cathy)],
    )
    .unwrap();
}

#[test]
fn a_leaf_is_removed_only_under_its_users_name() {
    let room = room();
    let bob = bob();
    let denied = room
        .act(Actor::participant(&bob), &[drop_client(4, &bob)])
        .unwrap_err();
    assert_snapshot!(denied, @r#"leaf 4 is not a client of mimi://b.example/u/bob (a fault of the host)"#);
}

#[test]
fn nothing_else_goes_without_its_capability() {
    let room = room();
    let (alice, bob) = (alice(), bob());
    let act = |user, change| room.act(Actor::participant(user), &[change]);
    for (change, needs) in [
        (Change::Psk, Some(Capability::SEND_MLS_PSK_PROPOSAL)),
        (Change::ReInit, Some(Capability::SEND_MLS_REINIT_PROPOSAL)),
        (Change::GroupContextExtensions { prescribed: false }, None),
        (Change::Other { proposal_type: 9 }, None),
    ] {
        assert_eq!(act(&alice, change).unwrap_err().missing(), needs);
    }
    act(&bob, update_client()).unwrap();
    act(&bob, Change::GroupContextExtensions { prescribed: true }).unwrap();

    let roles = room.roles.to_vec().unwrap();
    let base = room.base.to_vec().unwrap();
    let preauth = vec![0];
    for (id, octets, needs) in [
        (
            ComponentId::ROLES_LIST,
            &roles,
            Capability::CHANGE_ROLE_DEFINITIONS,
        ),
        (
            ComponentId::BASE_ROOM_POLICY,
            &base,
            Capability::CHANGE_ROOM_MEMBERSHIP_STYLE,
        ),
        (
            ComponentId::PREAUTH_LIST,
            &preauth,
            Capability::CHANGE_PREAUTHORIZED_USER_LIST,
        ),
    ] {
        let denied = act(&bob, component(id, octets)).unwrap_err();
        assert_eq!(denied.missing(), Some(needs));
        let powerful = room.clone().with_role(ORDINARY_USER, |role| {
            role.capabilities = [needs].into_iter().collect();
        });
        powerful
            .act(Actor::participant(&bob), &[component(id, octets)])
            .unwrap();
    }
}

#[test]
fn each_field_of_the_metadata_has_its_capability() {
    type Edit = fn(&mut RoomMetadata);
    let fields: [(Capability, Edit); 5] = [
        (Capability::CHANGE_ROOM_NAME, |m| m.name = "Den".into()),
        (Capability::CHANGE_ROOM_DESCRIPTION, |m| {
            m.descriptions.push(Default::default());
        }),
        (Capability::CHANGE_ROOM_AVATAR, |m| {
            m.avatar = "https://x.example/".into()
        }),
        (Capability::CHANGE_ROOM_SUBJECT, |m| {
            m.subject = "Tea".into()
        }),
        (Capability::CHANGE_ROOM_MOOD, |m| m.mood = "calm".into()),
    ];
    let bob = bob();
    for (allowed, _) in fields {
        let room = room().with_role(ORDINARY_USER, |role| {
            role.capabilities = [allowed].into_iter().collect();
        });
        for (needed, edit) in fields {
            let mut new = metadata();
            edit(&mut new);
            let octets = octets(&new);
            let change = [component(ComponentId::ROOM_METADATA, &octets)];
            let verdict = room.act(Actor::participant(&bob), &change);
            let missing = verdict.err().and_then(|denied| denied.missing());
            assert_eq!(missing, (needed != allowed).then_some(needed));
        }
    }
}
