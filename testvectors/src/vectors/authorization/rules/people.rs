//! Participants and their clients come, go and change roles.

use mimi_content::component::ComponentId;
use mimi_policy::{Capability, ParticipantListUpdate, PreauthList, Role, RoleMove};
use serde_json::json;

use super::super::presets::hr_may;
use super::super::story::{
    ALICE, BOB, CATHY, DORA, HUB, Table, adds_client, adds_user, drops_client, external, hub,
    member, moves_user, of_hr, plain, removes_user, sends, updates,
};
use super::{ADMIN, ENFORCER, USER, loses, room};
use crate::vectors::Case;

pub(super) fn cases() -> Vec<Case> {
    [
        removing(),
        adding(),
        clients(),
        changing_roles(),
        lists(),
        actors(),
    ]
    .concat()
}

fn removing() -> Vec<Case> {
    let mut t = Table::new("removing");
    let (room, alice, bob, cathy) = (room(), member(ALICE), member(BOB), member(CATHY));
    let all = [removes_user(1), drops_client(2, BOB), drops_client(3, BOB)];
    let some = [removes_user(1), drops_client(2, BOB)];
    let same = [removes_user(1), drops_client(2, BOB), drops_client(2, BOB)];
    t.allows("a user with all clients", room.commit(&alice, &all));
    t.refuses(
        "a user without clients going",
        room.commit(&alice, &all[..1]),
        "keeps_clients",
    );
    t.refuses(
        "a user with some clients",
        room.commit(&alice, &some),
        "keeps_clients",
    );
    t.refuses(
        "a client twice is once",
        room.commit(&alice, &same),
        "keeps_clients",
    );
    t.allows("leaving, announced", room.propose(&bob, &all));
    t.allows(
        "leaving, committed by another",
        room.attempt(Some(&cathy), &[(&bob, &all)]),
    );
    t.refuses(
        "leaving, committed by oneself",
        room.commit(&bob, &all),
        "committer",
    );
    t.refuses(
        "leaving with some clients",
        room.propose(&bob, &some),
        "keeps_clients",
    );
    t.lacks(
        "the clients by another than whoever removes",
        room.attempt(Some(&cathy), &[(&alice, &all[..1]), (&cathy, &all[1..])]),
        Capability::KICK,
    );
    t.allows(
        "the clients by themselves",
        room.attempt(Some(&alice), &[(&alice, &all[..1]), (&bob, &all[1..])]),
    );
    let silent = room.with(USER, |role| loses(role, Capability::REMOVE_OWN_CLIENT));
    t.allows(
        "leaving without canRemoveOwnClient",
        silent.propose(&bob, &all),
    );
    t.lacks(
        "an own client without canRemoveOwnClient",
        silent.propose(&bob, &[drops_client(2, BOB)]),
        Capability::REMOVE_OWN_CLIENT,
    );
    t.allows(
        "two remove the same client",
        room.attempt(
            Some(&alice),
            &[
                (&alice, &[drops_client(3, BOB)]),
                (&bob, &[drops_client(3, BOB)]),
            ],
        ),
    );
    t.allows("the hub removes", room.propose(&external(HUB), &all));
    t.cases
}

fn adding() -> Vec<Case> {
    let mut t = Table::new("adding");
    let (room, alice, bob) = (room(), member(ALICE), member(BOB));
    let dora = [adds_user(DORA, USER), adds_client(DORA), adds_client(DORA)];
    t.allows("a user with clients", room.commit(&alice, &dora));
    t.allows("a user without", room.commit(&alice, &dora[..1]));
    t.refuses(
        "a client without its user",
        room.commit(&alice, &dora[1..]),
        "not_your_client",
    );
    t.refuses(
        "the client by another than whoever adds",
        room.attempt(Some(&bob), &[(&alice, &dora[..1]), (&bob, &dora[1..])]),
        "not_your_client",
    );
    t.refuses(
        "a client of another participant",
        room.commit(&alice, &[adds_client(BOB)]),
        "not_your_client",
    );
    t.refuses(
        "a participant",
        room.commit(&alice, &[adds_user(BOB, ADMIN)]),
        "already_participant",
    );
    t.refuses(
        "in role 0",
        room.commit(&alice, &[adds_user(DORA, 0)]),
        "no_such_role",
    );
    t.refuses(
        "in no role of the room",
        room.commit(&alice, &[adds_user(DORA, 9)]),
        "no_such_role",
    );
    t.allows(
        "someone as banned",
        room.commit(&alice, &[adds_user(DORA, Role::BANNED)]),
    );
    let banner = room.with(ADMIN, |role| loses(role, Capability::ADD_PARTICIPANT));
    t.allows(
        "someone as banned, by canBan alone",
        banner.commit(&alice, &[adds_user(DORA, Role::BANNED)]),
    );
    t.lacks(
        "someone else, by canBan alone",
        banner.commit(&alice, &dora[..1]),
        Capability::ADD_PARTICIPANT,
    );
    let neither = banner.with(ADMIN, |role| loses(role, Capability::BAN));
    t.lacks(
        "someone as banned, by neither",
        neither.commit(&alice, &[adds_user(DORA, Role::BANNED)]),
        Capability::ADD_PARTICIPANT,
    );
    t.refuses(
        "someone as banned, with a client",
        room.commit(&alice, &[adds_user(DORA, Role::BANNED), adds_client(DORA)]),
        "keeps_clients",
    );
    t.cases
}

fn clients() -> Vec<Case> {
    let mut t = Table::new("clients");
    let (room, alice, bob) = (room(), member(ALICE), member(BOB));
    t.allows(
        "one comes, one goes",
        room.commit(&bob, &[adds_client(BOB), drops_client(3, BOB)]),
    );
    t.refuses(
        "under another name",
        room.commit(&bob, &[drops_client(4, BOB)]),
        "wrong_client",
    );
    t.refuses(
        "one that is not there",
        room.commit(&bob, &[drops_client(9, BOB)]),
        "wrong_client",
    );
    t.allows(
        "kicked, all of them",
        room.commit(&alice, &[drops_client(4, CATHY)]),
    );
    t.lacks(
        "kicked by a user",
        room.commit(&bob, &[drops_client(4, CATHY)]),
        Capability::KICK,
    );
    t.allows(
        "kicked by the hub",
        room.propose(&external(HUB), &[drops_client(4, CATHY)]),
    );
    t.cases
}

fn changing_roles() -> Vec<Case> {
    let mut t = Table::new("changing roles");
    let (room, alice, bob) = (room(), member(ALICE), member(BOB));
    let ban = [moves_user(1, 1), drops_client(2, BOB), drops_client(3, BOB)];
    t.allows("a ban with all clients", room.commit(&alice, &ban));
    t.refuses(
        "a ban with some",
        room.commit(&alice, &ban[..2]),
        "keeps_clients",
    );
    t.refuses(
        "a ban with none",
        room.commit(&alice, &ban[..1]),
        "keeps_clients",
    );
    let by_role = room.with(ADMIN, |role| {
        loses(role, Capability::BAN);
        loses(role, Capability::KICK);
    });
    t.lacks(
        "a ban by canChangeUserRole alone",
        by_role.commit(&alice, &ban),
        Capability::KICK,
    );
    let banner = room.with(ADMIN, |role| {
        loses(role, Capability::CHANGE_USER_ROLE);
        loses(role, Capability::KICK);
    });
    t.allows("a ban by canBan alone", banner.commit(&alice, &ban));
    t.lacks(
        "a promotion by canBan alone",
        banner.commit(&alice, &[moves_user(2, ADMIN)]),
        Capability::CHANGE_USER_ROLE,
    );
    let mut idle = by_role.clone();
    idle.clients.truncate(2);
    t.allows(
        "such a ban of someone without clients",
        idle.commit(&alice, &ban[..1]),
    );
    let neither = by_role.with(ADMIN, |role| loses(role, Capability::CHANGE_USER_ROLE));
    t.lacks(
        "a ban by neither",
        neither.commit(&alice, &ban),
        Capability::BAN,
    );
    let nameless = room.with(1, |role| role.name = "Banned".to_owned());
    t.allows("role 1 of another name", nameless.commit(&alice, &ban[..1]));
    let mut banned = room.clone();
    banned.users[1].1 = Role::BANNED;
    banned.clients = vec![(0, ALICE), (4, CATHY)];
    t.allows(
        "a ban is lifted",
        banned.commit(&alice, &[moves_user(1, USER)]),
    );
    t.refuses(
        "and brings a client along",
        banned.commit(&alice, &[moves_user(1, USER), adds_client(BOB)]),
        "not_your_client",
    );
    let unban = banned.with(ADMIN, |role| loses(role, Capability::CHANGE_USER_ROLE));
    t.allows(
        "by canUnban alone",
        unban.commit(&alice, &[moves_user(1, USER)]),
    );
    let change = banned.with(ADMIN, |role| loses(role, Capability::UNBAN));
    t.allows(
        "by canChangeUserRole alone",
        change.commit(&alice, &[moves_user(1, USER)]),
    );
    let list = banned.with(ADMIN, |role| {
        role.role_changes.retain(|changes| changes.from != 1);
    });
    t.stops(
        "a ban is lifted that is not in the list",
        list.commit(&alice, &[moves_user(1, USER)]),
        Capability::UNBAN,
    );
    t.lacks(
        "someone promotes itself",
        room.commit(&bob, &[moves_user(1, ADMIN)]),
        Capability::CHANGE_OWN_ROLE,
    );
    let mut preauthorized = room.with(USER, |role| {
        let more = role
            .capabilities
            .iter()
            .chain([Capability::CHANGE_OWN_ROLE]);
        role.capabilities = more.collect();
    });
    preauthorized.preauth = Some(hr_may(room.role(ADMIN)));
    let promotes = [moves_user(1, ADMIN)];
    t.allows(
        "a role one is preauthorised for",
        preauthorized.commit(&of_hr(bob.clone()), &promotes),
    );
    t.refuses(
        "a role one is not preauthorised for",
        preauthorized.commit(&of_hr(bob.clone()), &[moves_user(1, ENFORCER)]),
        "not_preauthorized",
    );
    t.refuses(
        "without the claim",
        preauthorized.commit(&bob, &promotes),
        "not_preauthorized",
    );
    let mut outside = preauthorized.clone();
    let mut entries = hr_may(room.role(Role::NONE)).0;
    entries.extend(hr_may(room.role(ADMIN)).0);
    outside.preauth = Some(PreauthList(entries));
    t.allows(
        "a role behind an entry for role 0",
        outside.commit(&of_hr(bob.clone()), &promotes),
    );
    let stale = preauthorized.with(ADMIN, |role| role.description = "new".to_owned());
    t.refuses(
        "a role that has changed since",
        stale.commit(&of_hr(bob), &promotes),
        "not_preauthorized",
    );
    t.cases
}

fn lists() -> Vec<Case> {
    let mut t = Table::new("participant lists");
    let (room, alice, cathy) = (room(), member(ALICE), member(CATHY));
    let list = |update: &ParticipantListUpdate| updates(ComponentId::PARTICIPANT_LIST, update);
    let moved = |index, role| RoleMove { index, role };
    let twice = ParticipantListUpdate {
        changed: vec![moved(2, ADMIN)],
        removed: vec![2],
        added: Vec::new(),
    };
    t.refuses(
        "a user twice",
        room.commit(&alice, &[list(&twice)]),
        "user_twice",
    );
    t.refuses(
        "a user in two updates",
        room.commit(&alice, &[moves_user(2, ADMIN), moves_user(2, 1)]),
        "user_twice",
    );
    t.refuses(
        "an index past the end",
        room.commit(&alice, &[removes_user(4)]),
        "index_past_end",
    );
    t.allows(
        "two updates whose indices mean the same list",
        room.commit(
            &alice,
            &[
                removes_user(1),
                drops_client(2, BOB),
                drops_client(3, BOB),
                moves_user(2, ADMIN),
                adds_user(DORA, USER),
            ],
        ),
    );
    t.allows(
        "updates that change nothing",
        room.commit(&cathy, &[list(&ParticipantListUpdate::default())]),
    );
    t.refuses(
        "an update that does not decode",
        room.commit(&alice, &[sends(ComponentId::PARTICIPANT_LIST, &[0, 0])]),
        "malformed",
    );
    t.cases
}

fn actors() -> Vec<Case> {
    let mut t = Table::new("actors");
    let (room, alice, bob, dora) = (room(), member(ALICE), member(BOB), member(DORA));
    let ban = [moves_user(2, 1), drops_client(4, CATHY)];
    t.allows("nothing is committed", room.attempt(Some(&bob), &[]));
    t.allows(
        "another commits what it could not do itself",
        room.attempt(Some(&bob), &[(&alice, &ban)]),
    );
    t.lacks(
        "a change is passed off as another's",
        room.attempt(
            Some(&bob),
            &[(&alice, &[drops_client(1, ALICE)]), (&bob, &ban)],
        ),
        Capability::BAN,
    );
    t.refuses(
        "a stranger acts",
        room.attempt(Some(&bob), &[(&dora, &[plain("update_client")])]),
        "no_role",
    );
    t.refuses(
        "a stranger commits",
        room.attempt(Some(&dora), &[]),
        "committer",
    );
    t.refuses(
        "an external sender commits",
        room.attempt(Some(&external(HUB)), &[]),
        "committer",
    );
    let mut banned = room.clone();
    banned.users[2].1 = Role::BANNED;
    banned.clients.truncate(4);
    t.refuses(
        "someone banned commits",
        banned.attempt(Some(&member(CATHY)), &[]),
        "committer",
    );
    let cathy = member(CATHY);
    t.refuses(
        "someone banned updates its leaf",
        banned.attempt(Some(&bob), &[(&cathy, &[plain("update_client")])]),
        "banned",
    );
    let kicker = banned.with(Role::BANNED, |role| {
        role.capabilities = [Capability::KICK].into_iter().collect();
    });
    t.refuses(
        "someone banned kicks",
        kicker.attempt(Some(&bob), &[(&cathy, &[drops_client(3, BOB)])]),
        "banned",
    );
    t.refuses(
        "someone banned changes nothing",
        banned.attempt(
            Some(&bob),
            &[(
                &cathy,
                &[updates(
                    ComponentId::PARTICIPANT_LIST,
                    &ParticipantListUpdate::default(),
                )],
            )],
        ),
        "banned",
    );
    t.refuses(
        "an unknown external sender",
        room.propose(&external("mimi://e.example"), &[drops_client(4, CATHY)]),
        "no_role",
    );
    let mut by_claim = room.clone();
    by_claim.preauth = Some(hr_may(room.role(ADMIN)));
    t.allows(
        "an external sender that is preauthorised",
        by_claim.propose(
            &of_hr(external("mimi://e.example")),
            &[drops_client(4, CATHY)],
        ),
    );
    t.refuses(
        "such a sender adds a client of its own",
        by_claim.propose(
            &of_hr(external("mimi://e.example")),
            &[adds_client("mimi://e.example")],
        ),
        "stranger",
    );
    t.allows(
        "an own leaf is updated",
        room.commit(&bob, &[plain("update_client")]),
    );
    t.allows("a PSK", room.commit(&alice, &[plain("psk")]));
    let extensions =
        |prescribed| json!({ "change": "group_context_extensions", "prescribed": prescribed });
    t.allows(
        "extensions that the hub prescribes",
        room.commit(&bob, &[extensions(true)]),
    );
    t.refuses(
        "a stranger sends such extensions",
        room.attempt(Some(&bob), &[(&dora, &[extensions(true)])]),
        "no_role",
    );
    t.refuses(
        "other extensions",
        room.commit(&alice, &[extensions(false)]),
        "not_prescribed",
    );
    t.refuses(
        "a proposal that nobody knows",
        room.commit(&alice, &[json!({ "change": "other", "proposal_type": 9 })]),
        "unknown_proposal",
    );
    t.allows(
        "all of it judged by the hub",
        room.commit(&alice, &ban).at(&hub()),
    );
    t.cases
}
