//! Rooms of fixed membership: only one for each set of participants.

use insta::assert_snapshot;
use mimi_content::component::ComponentId;
use mimi_policy::{Actor, BaseRoomPolicy, HubView, Reason};

use super::common::*;
use super::{closed, fixed};

const TWIN: HubView<'_> = HubView {
    parent: None,
    twin: true,
    envelope: None,
};

#[test]
fn a_room_becomes_fixed_if_no_other_has_the_same_participants() {
    let alice = alice();
    let actor = Actor::participant(&alice);
    let base = octets(&fixed());
    let change = [component(ComponentId::BASE_ROOM_POLICY, &base)];
    let verdict = closed().act_at_hub(actor, &change, HubView::default());
    assert!(!verdict.unwrap().rests_on_hub().any());
    let denied = closed().act_at_hub(actor, &change, TWIN).unwrap_err();
    assert_snapshot!(denied, @r#"there is another room of fixed membership with exactly these participants: use that one (POLICY, "Base Room policy component syntax")"#);
    // Which other rooms there are, a client does not know.
    let rests = closed().act(actor, &change).unwrap().rests_on_hub();
    assert!(rests.twin_room && !rests.parent_room && !rests.join_code);
}

#[test]
fn a_room_that_is_fixed_already_has_its_place() {
    let (alice, bob) = (alice(), bob());
    let mut room = closed();
    room.base = fixed();
    room.act_at_hub(Actor::participant(&bob), &[join_client(&bob)], TWIN)
        .unwrap();
    let base = octets(&BaseRoomPolicy {
        max_clients: Some(9),
        ..fixed()
    });
    let change = [component(ComponentId::BASE_ROOM_POLICY, &base)];
    let actor = Actor::participant(&alice);
    room.act_at_hub(actor, &change, TWIN).unwrap();
    assert!(!room.act(actor, &change).unwrap().rests_on_hub().any());
    // And a room that is not fixed may have the participants of another.
    closed().act_at_hub(actor, &change[..0], TWIN).unwrap();
}

#[test]
fn nobody_comes_or_goes_at_the_moment_of_fixing() {
    let (alice, cathy) = (alice(), cathy());
    let base = octets(&fixed());
    let removes = octets(&remove(2));
    let changes = [
        component(ComponentId::BASE_ROOM_POLICY, &base),
        list(&removes),
        drop_client(4, &cathy),
    ];
    let denied = closed().act(Actor::participant(&alice), &changes);
    let reason = denied.unwrap_err().reason;
    assert_eq!(reason, Reason::FixedMembership(cathy.clone()));
}
