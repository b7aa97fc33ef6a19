//! Rooms of fixed membership, and rooms that depend on others.

use mimi_content::component::ComponentId;
use mimi_policy::{BaseRoomPolicy, Capability, RoomMetadata};
use serde_json::{Value, json};

use super::super::story::{
    ALICE, BOB, CATHY, DORA, HUB, Room, Table, adds_client, adds_user, drops_client, hub, joiner,
    member, moves_user, removes_user, updates, uri,
};
use super::{ADMIN, USER, loses, room};
use crate::vectors::Case;

const PARENT: &str = "mimi://a.example/r/house";

pub(super) fn cases() -> Vec<Case> {
    [
        fixed(),
        becoming_fixed(),
        children(),
        becoming_children(),
        both(),
    ]
    .concat()
}

/// Nobody can add participants.
fn nobody_adds() -> Room {
    room().with(ADMIN, |role| loses(role, Capability::ADD_PARTICIPANT))
}

fn rebase(room: &Room, change: impl FnOnce(&mut BaseRoomPolicy)) -> Value {
    let mut base = room.base.clone();
    change(&mut base);
    updates(ComponentId::BASE_ROOM_POLICY, &base)
}

/// A hub that knows the parent room with these users.
fn knowing(users: &[(&'static str, u32)]) -> Value {
    let mut parent = room();
    parent.users = users.to_vec();
    parent.metadata = None;
    let mut hub = hub();
    hub["parent"] = parent.components();
    hub
}

/// The same of a room that says which one it is.
fn knowing_named(users: &[(&'static str, u32)], name: &str) -> Value {
    let mut parent = room();
    parent.users = users.to_vec();
    parent.metadata = Some(RoomMetadata::new(uri(name), "Parent"));
    let mut hub = hub();
    hub["parent"] = parent.components();
    hub
}

fn twin() -> Value {
    json!({ "parent": null, "twin": true, "envelope": null })
}

fn fixed() -> Vec<Case> {
    let mut t = Table::new("fixed membership");
    let room = nobody_adds().based(|base| base.fixed_membership = true);
    let (alice, bob) = (member(ALICE), member(BOB));
    let goes = [removes_user(2), drops_client(4, CATHY)];
    t.refuses(
        "a user is removed",
        room.commit(&alice, &goes),
        "fixed_membership",
    );
    t.refuses(
        "a user leaves",
        room.propose(&member(CATHY), &goes),
        "fixed_membership",
    );
    t.allows(
        "a user removes all clients",
        room.propose(&member(CATHY), &goes[1..]),
    );
    t.allows("a client comes", room.commit(&bob, &[adds_client(BOB)]));
    t.allows(
        "a user is banned",
        room.commit(&alice, &[moves_user(2, 1), drops_client(4, CATHY)]),
    );
    let open = room.with(0, |role| {
        role.capabilities = [Capability::OPEN_JOIN].into_iter().collect();
        role.role_changes = super::changes(&[(0, &[USER])]);
    });
    t.refuses(
        "someone joins",
        open.commit(&joiner(DORA), &[adds_user(DORA, USER), adds_client(DORA)]),
        "fixed_membership",
    );
    t.begins("it begins", room.begins(&hub()));
    t.begins_not("it begins a second time", room.begins(&twin()), "twin_room");
    let adds = super::room().based(|base| base.fixed_membership = true);
    t.begins_not(
        "a role adds participants",
        adds.begins(&hub()),
        "fixed_membership_adds",
    );
    t.cases
}

fn becoming_fixed() -> Vec<Case> {
    let mut t = Table::new("becoming fixed");
    let (room, alice) = (nobody_adds(), member(ALICE));
    let fix = rebase(&room, |base| base.fixed_membership = true);
    let fixes = || room.commit(&alice, std::slice::from_ref(&fix));
    t.allows("for a client to see", fixes());
    t.allows("at the hub", fixes().at(&hub()));
    t.refuses(
        "with the same participants as another",
        fixes().at(&twin()),
        "twin_room",
    );
    t.refuses(
        "as a user is removed",
        room.commit(
            &alice,
            &[fix.clone(), removes_user(2), drops_client(4, CATHY)],
        ),
        "fixed_membership",
    );
    t.refuses(
        "where a role adds participants",
        super::room().commit(&alice, std::slice::from_ref(&fix)),
        "fixed_membership_adds",
    );
    let fixed = room.based(|base| base.fixed_membership = true);
    let free = rebase(&fixed, |base| base.fixed_membership = false);
    t.allows("and free again", fixed.commit(&alice, &[free]));
    t.cases
}

fn child() -> Room {
    room().based(|base| base.parent_room = Some(uri(PARENT)))
}

const ALL: &[(&str, u32)] = &[(ALICE, ADMIN), (BOB, USER), (CATHY, USER), (DORA, USER)];
const EVE: &str = "mimi://e.example/u/eve";

fn children() -> Vec<Case> {
    let mut t = Table::new("a dependent room");
    let (room, alice) = (child(), member(ALICE));
    let comes = [adds_user(DORA, USER), adds_client(DORA)];
    let with_eve = [ALL, &[(EVE, USER)]].concat();
    t.allows(
        "someone of the parent, for a client to see",
        room.commit(&alice, &comes),
    );
    t.allows(
        "someone of the parent, at the hub",
        room.commit(&alice, &comes).at(&knowing(&with_eve)),
    );
    t.refuses(
        "as many users as the parent",
        room.commit(&alice, &comes).at(&knowing(ALL)),
        "not_smaller_than_parent",
    );
    t.refuses(
        "another room than the parent",
        room.commit(&alice, &comes)
            .at(&knowing_named(&with_eve, "mimi://a.example/r/other")),
        "other_parent",
    );
    t.allows(
        "the parent by its name",
        room.commit(&alice, &comes)
            .at(&knowing_named(&with_eve, PARENT)),
    );
    t.refuses(
        "a parent that is not known",
        room.commit(&alice, &comes).at(&hub()),
        "parent_unknown",
    );
    let eve = [adds_user(EVE, USER)];
    t.refuses(
        "someone who is not of the parent",
        room.commit(&alice, &eve).at(&knowing(ALL)),
        "not_in_parent",
    );
    let banned = [ALL, &[(EVE, 1)]].concat();
    t.refuses(
        "someone who is banned there",
        room.commit(&alice, &eve).at(&knowing(&banned)),
        "not_in_parent",
    );
    t.refuses(
        "someone of the parent, and another here is not",
        room.commit(&alice, &comes).at(&knowing(&[
            (ALICE, ADMIN),
            (BOB, USER),
            (DORA, USER),
            (EVE, USER),
        ])),
        "not_in_parent",
    );
    t.allows(
        "someone banned is listed",
        room.commit(&alice, &[adds_user(EVE, 1)]).at(&knowing(ALL)),
    );
    t.allows(
        "someone goes",
        room.commit(&alice, &[removes_user(2), drops_client(4, CATHY)])
            .at(&hub()),
    );
    t.begins("it begins", room.begins(&knowing(ALL)));
    t.begins_not(
        "it begins without a parent",
        room.begins(&hub()),
        "parent_unknown",
    );
    t.begins_not(
        "it begins with a stranger",
        room.begins(&knowing(&ALL[..2])),
        "not_in_parent",
    );
    t.begins_not(
        "it begins with all of the parent",
        room.begins(&knowing(&ALL[..3])),
        "not_smaller_than_parent",
    );
    t.cases
}

fn becoming_children() -> Vec<Case> {
    let mut t = Table::new("becoming dependent");
    let (room, alice) = (room(), member(ALICE));
    let adopt = |parent: &str| {
        let rebase = rebase(&room, |base| base.parent_room = Some(uri(parent)));
        room.commit(&alice, &[rebase])
    };
    t.allows("for a client to see", adopt(PARENT));
    t.allows("at the hub", adopt(PARENT).at(&knowing(ALL)));
    t.refuses(
        "a user is not of the parent",
        adopt(PARENT).at(&knowing(&ALL[..2])),
        "not_in_parent",
    );
    t.refuses(
        "a parent that is not known",
        adopt(PARENT).at(&hub()),
        "parent_unknown",
    );
    t.refuses(
        "a parent elsewhere",
        adopt("mimi://b.example/r/house"),
        "parent_elsewhere",
    );
    t.refuses(
        "of itself",
        adopt("mimi://a.example/r/clubhouse"),
        "own_parent",
    );
    t.cases
}

/// Whoever leaves the parent leaves a fixed room that depends on it.
fn both() -> Vec<Case> {
    let mut t = Table::new("fixed and dependent");
    let room = nobody_adds().based(|base| {
        base.fixed_membership = true;
        base.parent_room = Some(uri(PARENT));
    });
    let enforcer = super::super::story::external(HUB);
    let goes = [removes_user(2), drops_client(4, CATHY)];
    let without = [(ALICE, ADMIN), (BOB, USER), (DORA, USER)];
    let banned = [(ALICE, ADMIN), (BOB, USER), (CATHY, 1), (DORA, USER)];
    t.allows(
        "someone who left the parent",
        room.propose(&enforcer, &goes).at(&knowing(&without)),
    );
    t.allows(
        "someone banned there",
        room.propose(&enforcer, &goes).at(&knowing(&banned)),
    );
    t.allows("for a client to see", room.propose(&enforcer, &goes));
    t.refuses(
        "a parent that is not known",
        room.propose(&enforcer, &goes).at(&hub()),
        "parent_unknown",
    );
    let moves = rebase(&room, |base| {
        base.parent_room = Some(uri("mimi://a.example/r/attic"));
    });
    let alice = member(ALICE);
    t.refuses(
        "someone who is not in a new parent",
        room.attempt(None, &[(&enforcer, &goes), (&alice, &[moves])])
            .at(&knowing(&without)),
        "fixed_membership",
    );
    t.refuses(
        "someone who is still there",
        room.propose(&enforcer, &goes).at(&knowing(ALL)),
        "fixed_membership",
    );
    t.cases
}
