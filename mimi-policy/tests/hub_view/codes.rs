//! Join codes, of which only the hub knows whether they are valid.

use mimi_policy::{Actor, Capability, HubView, JoinBasis, JoinCode, NoClaims, Reason, RoleChanges};

use super::common::*;

/// Codes let people in as ordinary users and as group admins.
fn coded() -> Room {
    room().with_role(0, |role| {
        role.capabilities = [Capability::USE_JOIN_CODE].into_iter().collect();
        role.role_changes = vec![
            RoleChanges {
                from: 0,
                to: vec![ORDINARY_USER, GROUP_ADMIN],
            },
            // From another role is not from outside.
            RoleChanges {
                from: ORDINARY_USER,
                to: vec![SUPER_ADMIN],
            },
        ];
    })
}

#[test]
fn a_code_is_for_one_role_among_those_that_role_0_reaches() {
    let (room, dora) = (coded(), dora());
    let with = |role| Actor::Joiner {
        user: &dora,
        claims: &NoClaims,
        code: Some(JoinCode { role }),
    };
    let take = |code, role| {
        let own = octets(&add(&dora, role));
        let changes = [list(&own), join_client(&dora)];
        room.act_at_hub(with(code), &changes, HubView::default())
    };
    for role in [ORDINARY_USER, GROUP_ADMIN] {
        assert_eq!(room.policy().may_join(&with(role)), Ok(JoinBasis::JoinCode));
        let verdict = take(role, role).unwrap();
        assert!(!verdict.rests_on_hub().any());
        assert_eq!(verdict.policy().role_of(&dora).unwrap().index, role);
    }
    let refused = |code, role| {
        let reason = take(code, role).unwrap_err().reason;
        let (user, role) = (dora.clone(), label(role));
        assert_eq!(reason, Reason::JoinRefused { user, role });
    };
    refused(ORDINARY_USER, GROUP_ADMIN);
    refused(GROUP_ADMIN, ORDINARY_USER);
    // A code for a role that cannot be had by codes is worth nothing, and the
    // hub gives no GroupInfo for it.
    for role in [0, BANNED, SUPER_ADMIN, 77] {
        assert!(room.policy().may_join(&with(role)).is_err(), "role {role}");
    }
    refused(SUPER_ADMIN, SUPER_ADMIN);
}

#[test]
fn a_client_takes_the_hubs_word_for_any_role_that_role_0_reaches() {
    let (room, dora) = (coded(), dora());
    let take = |role| {
        let own = octets(&add(&dora, role));
        room.act(Actor::joiner(&dora), &[list(&own), join_client(&dora)])
    };
    for role in [ORDINARY_USER, GROUP_ADMIN] {
        let rests = take(role).unwrap().rests_on_hub();
        assert!(rests.join_code && !rests.parent_room && !rests.twin_room);
    }
    assert!(take(SUPER_ADMIN).is_err());
}
