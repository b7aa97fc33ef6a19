//! Those who let themselves in.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests stop at what must not happen"
)]

mod common;
use common::*;
use insta::assert_snapshot;
use mimi_policy::{
    Actor, Bundle, Capability, Claim, HubView, JoinBasis, JoinCode, NoClaims, PreauthEntry,
    PreauthList, RoleChanges,
};

/// A room that someone outside can join by `capability`, as an ordinary user.
fn open_to(capability: Capability) -> Room {
    room().with_role(0, move |role| {
        role.capabilities = [capability].into_iter().collect();
        role.role_changes = vec![RoleChanges {
            from: 0,
            to: vec![ORDINARY_USER],
        }];
    })
}

/// Whoever has the claims may become a group admin.
fn preauthorising(claims: Vec<Claim>) -> Room {
    let mut room = room().with_role(GROUP_ADMIN, |role| {
        role.capabilities = [
            Capability::JOIN_IF_PREAUTHORIZED,
            Capability::CHANGE_OWN_ROLE,
        ]
        .into_iter()
        .chain(role.capabilities.iter())
        .collect();
    });
    room = room.with_role(ORDINARY_USER, |role| {
        role.capabilities = [Capability::CHANGE_OWN_ROLE].into_iter().collect();
    });
    let role = room.policy().role(GROUP_ADMIN).unwrap().clone();
    room.preauth = Some(PreauthList(vec![PreauthEntry { claims, role }]));
    room
}

#[test]
fn a_participants_new_client_joins_by_itself() {
    let room = room();
    let cathy = cathy();
    let joiner = Actor::joiner(&cathy);
    assert_eq!(room.policy().may_join(&joiner), Ok(JoinBasis::Participant));
    room.act(joiner, &[join_client(&cathy)]).unwrap();
}

#[test]
fn a_room_is_closed_unless_it_says_otherwise() {
    let room = room();
    let dora = dora();
    let joiner = Actor::Joiner {
        user: &dora,
        claims: &Hr,
        code: Some(JoinCode {
            role: ORDINARY_USER,
        }),
    };
    assert_snapshot!(room.policy().may_join(&joiner).unwrap_err(), @r#"mimi://d.example/u/dora has no role in this room: someone in the room has to add it first (POLICY, "Role Capabilities")"#);
    let adds = octets(&add(&dora, ORDINARY_USER));
    let denied = room.act(joiner, &[list(&adds), join_client(&dora)]);
    assert_snapshot!(denied.unwrap_err(), @r#"mimi://d.example/u/dora cannot join in role 2 (ordinary_user) by itself: the role is not open to everybody, its credential is not preauthorised for it, and it brought no valid join code for it; ask a participant with canAddParticipant, if there is one (POLICY, "Adding")"#);
}

#[test]
fn an_open_room_lets_anyone_in_alone_and_as_what_role_0_reaches() {
    let room = open_to(Capability::OPEN_JOIN);
    let (dora, bob) = (dora(), bob());
    let eve = uri("mimi://e.example/u/eve");
    let joiner = Actor::joiner(&dora);
    assert_eq!(room.policy().may_join(&joiner), Ok(JoinBasis::Open));
    let own = octets(&add(&dora, ORDINARY_USER));
    let verdict = room.act(joiner, &[list(&own), join_client(&dora)]);
    assert!(!verdict.unwrap().rests_on_hub().any());

    let admin = octets(&add(&dora, GROUP_ADMIN));
    assert!(
        room.act(joiner, &[list(&admin), join_client(&dora)])
            .is_err()
    );
    let other = octets(&add(&eve, ORDINARY_USER));
    let denied = room.act(joiner, &[list(&own), list(&other), join_client(&dora)]);
    assert_snapshot!(denied.unwrap_err(), @r#"mimi://d.example/u/dora comes from outside and can only join: the rest has to wait until it is in (POLICY, "Adding")"#);
    let denied = room.act(
        joiner,
        &[list(&own), join_client(&dora), drop_client(2, &bob)],
    );
    assert!(denied.is_err());
    let denied = room.act(joiner, &[list(&own)]).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://d.example/u/dora commits from outside, but none of its changes adds a client of its own (PROTO, "Claim group key information")"#);
}

#[test]
fn someone_banned_does_not_get_back_in_by_any_door() {
    let cathy = cathy();
    let joiner = Actor::Joiner {
        user: &cathy,
        claims: &Hr,
        code: Some(JoinCode {
            role: ORDINARY_USER,
        }),
    };
    for mut room in [
        open_to(Capability::OPEN_JOIN),
        open_to(Capability::USE_JOIN_CODE),
        preauthorising(hr()),
    ] {
        room.users[2].1 = BANNED;
        room.clients.remove(4);
        assert!(room.policy().may_join(&joiner).is_err());
        assert!(room.act(joiner, &[join_client(&cathy)]).is_err());
        let promotes = octets(&set_role(2, GROUP_ADMIN));
        assert!(
            room.act(joiner, &[list(&promotes), join_client(&cathy)])
                .is_err()
        );
    }
}

#[test]
fn a_door_that_leads_to_the_banned_role_alone_lets_no_client_in() {
    let dora = dora();
    let joiner = Actor::Joiner {
        user: &dora,
        claims: &Hr,
        code: Some(JoinCode { role: BANNED }),
    };
    let reaches = |to: &[u32], capability| {
        open_to(capability).with_role(0, |role| role.role_changes[0].to = to.to_vec())
    };
    let mut banning = room().with_role(BANNED, |role| {
        role.capabilities = [Capability::JOIN_IF_PREAUTHORIZED].into_iter().collect();
    });
    let role = banning.policy().role(BANNED).unwrap().clone();
    let claims = hr();
    banning.preauth = Some(PreauthList(vec![PreauthEntry { claims, role }]));
    for room in [
        reaches(&[BANNED], Capability::OPEN_JOIN),
        reaches(&[BANNED, ORDINARY_USER], Capability::USE_JOIN_CODE),
        banning,
    ] {
        assert!(room.policy().may_join(&joiner).is_err());
        let own = octets(&add(&dora, BANNED));
        let denied = room.act(joiner, &[list(&own), join_client(&dora)]);
        assert!(denied.is_err());
    }
    let open = reaches(&[BANNED, ORDINARY_USER], Capability::OPEN_JOIN);
    assert_eq!(open.policy().may_join(&joiner), Ok(JoinBasis::Open));
}

#[test]
fn a_join_code_counts_at_the_hub_and_elsewhere_rests_on_it() {
    let room = open_to(Capability::USE_JOIN_CODE);
    let dora = dora();
    let with = |code| Actor::Joiner {
        user: &dora,
        claims: &NoClaims,
        code,
    };
    let own = octets(&add(&dora, ORDINARY_USER));
    let changes = [list(&own), join_client(&dora)];
    let hub = HubView::default();
    let refused = room.act_at_hub(with(None), &changes, hub).unwrap_err();
    assert_snapshot!(refused, @r#"mimi://d.example/u/dora cannot join in role 2 (ordinary_user) by itself: the role is not open to everybody, its credential is not preauthorised for it, and it brought no valid join code for it; ask a participant with canAddParticipant, if there is one (POLICY, "Adding")"#);
    assert!(room.policy().may_join(&with(None)).is_err());
    let coded = with(Some(JoinCode {
        role: ORDINARY_USER,
    }));
    assert_eq!(room.policy().may_join(&coded), Ok(JoinBasis::JoinCode));
    let verdict = room.act_at_hub(coded, &changes, hub).unwrap();
    assert!(!verdict.rests_on_hub().any());
    // A client cannot know of the code.
    let verdict = room.act(with(None), &changes).unwrap();
    assert!(verdict.rests_on_hub().join_code);
    // A code for another role does not help.
    let other = with(Some(JoinCode { role: GROUP_ADMIN }));
    assert!(room.act_at_hub(other, &changes, hub).is_err());
    let admin = octets(&add(&dora, GROUP_ADMIN));
    assert!(
        room.act(coded, &[list(&admin), join_client(&dora)])
            .is_err()
    );
}

#[test]
fn preauthorisation_gives_the_role_of_the_first_entry_that_matches() {
    let room = preauthorising(hr());
    let dora = dora();
    let as_role = |room: &Room, claims, role| {
        let actor = Actor::Joiner {
            user: &dora,
            claims,
            code: None,
        };
        let own = octets(&add(&dora, role));
        room.act(actor, &[list(&own), join_client(&dora)])
    };
    assert!(
        !as_role(&room, &Hr, GROUP_ADMIN)
            .unwrap()
            .rests_on_hub()
            .any()
    );
    assert!(as_role(&room, &Hr, ORDINARY_USER).is_err());
    assert!(as_role(&room, &NoClaims, GROUP_ADMIN).is_err());
    // An empty claim set matches nobody.
    assert!(as_role(&preauthorising(vec![]), &Hr, GROUP_ADMIN).is_err());
    // An entry whose role is not literally one of the room's does not count.
    let stale = room.with_role(GROUP_ADMIN, |role| role.description = "new".into());
    assert!(as_role(&stale, &Hr, GROUP_ADMIN).is_err());
}

#[test]
fn a_participant_takes_the_role_it_is_preauthorised_for_and_no_other() {
    let room = preauthorising(hr());
    let bob = bob();
    let take = |claims, role| {
        let actor = Actor::Participant { user: &bob, claims };
        let update = octets(&set_role(1, role));
        room.act(actor, &[list(&update)])
    };
    take(&Hr, GROUP_ADMIN).unwrap();
    assert_snapshot!(take(&Hr, SUPER_ADMIN).unwrap_err(), @r#"mimi://b.example/u/bob may only take the role that its credential preauthorises it for, which is not role 4 (super_admin): another participant with canChangeUserRole can move it (POLICY, "Role Changes")"#);
    assert!(take(&NoClaims, GROUP_ADMIN).is_err());
}

#[test]
fn an_external_sender_acts_by_its_entry_or_else_by_preauthorisation() {
    let room = preauthorising(hr());
    let (sender, cathy) = (uri("mimi://scanner.example"), cathy());
    let kick = |claims| {
        let actor = Actor::External {
            sender: &sender,
            claims,
        };
        let changes = [drop_client(4, &cathy)];
        room.propose(&[Bundle {
            actor,
            changes: &changes,
        }])
    };
    kick(&Hr).unwrap();
    assert_snapshot!(kick(&NoClaims).unwrap_err(), @r#"mimi://scanner.example has no role in this room: someone in the room has to add it first (POLICY, "Role Capabilities")"#);
    // It has no way to make itself a participant.
    let actor = Actor::External {
        sender: &sender,
        claims: &Hr,
    };
    let adds = octets(&add(&sender, GROUP_ADMIN));
    let changes = [list(&adds)];
    let bundle = Bundle {
        actor,
        changes: &changes,
    };
    assert!(room.propose(&[bundle]).is_err());
    assert!(room.policy().may_join(&actor).is_err());
}
