//! Those who let themselves in.

use mimi_policy::{Capability, PreauthEntry, PreauthList, Role};
use serde_json::Value;

use super::super::presets::hr_may;
use super::super::story::{
    ALICE, BOB, CATHY, DORA, HUB, Room, Table, adds_client, adds_user, capabilities, changes,
    drops_client, external, hub, joiner, member, moves_user, of_hr, plain, with_code,
};
use super::{ADMIN, USER, role, room};
use crate::vectors::Case;

pub(super) fn cases() -> Vec<Case> {
    let mut t = Table::new("joining");
    closed(&mut t);
    open(&mut t);
    by_code(&mut t);
    preauthorized(&mut t);
    banned(&mut t);
    t.cases
}

/// Role 0 leads to the users, by this capability.
fn opened(by: Capability) -> Room {
    room().with(Role::NONE, |role| {
        role.capabilities = capabilities(&[by]);
        role.role_changes = changes(&[(0, &[USER])]);
    })
}

/// Dora adds herself in a role, with a client.
fn joins(role: u32) -> [Value; 2] {
    [adds_user(DORA, role), adds_client(DORA)]
}

fn closed(t: &mut Table) {
    let (room, dora) = (room(), joiner(DORA));
    let welcome = with_code(of_hr(dora.clone()), USER);
    t.refuses(
        "a closed room, with a code and a claim",
        room.commit(&welcome, &joins(USER)).at(&hub()),
        "join_refused",
    );
    t.refuses(
        "with a client alone",
        room.commit(&dora, &[adds_client(DORA)]),
        "stranger",
    );
    t.allows(
        "a participant's client",
        room.commit(&joiner(CATHY), &[adds_client(CATHY)]),
    );
    t.allows(
        "a participant's client in place of another",
        room.commit(
            &joiner(CATHY),
            &[adds_client(CATHY), drops_client(4, CATHY)],
        ),
    );
    t.refuses(
        "an external commit without a client",
        room.commit(&joiner(CATHY), &[]),
        "does_not_join",
    );
    t.refuses(
        "a commit in which another joins",
        room.commit(&joiner(CATHY), &[adds_client(BOB)]),
        "only_join",
    );
    t.refuses(
        "an external sender adds itself",
        room.with(Role::NONE, |role| {
            role.role_changes = changes(&[(0, &[USER])])
        })
        .propose(
            &external("mimi://e.example"),
            &[adds_user("mimi://e.example", USER)],
        ),
        "join_refused",
    );
    let hub_admin = {
        let mut room = room.clone();
        room.users.retain(|(user, _)| *user != HUB);
        room.preauth = Some(hr_may(room.role(ADMIN)));
        room
    };
    t.refuses(
        "a preauthorised external sender adds itself",
        hub_admin.propose(&of_hr(external(HUB)), &[adds_user(HUB, USER)]),
        "join_refused",
    );
}

fn open(t: &mut Table) {
    let (room, dora) = (opened(Capability::OPEN_JOIN), joiner(DORA));
    t.allows("an open room", room.commit(&dora, &joins(USER)));
    t.allows("an open room, proposed", room.propose(&dora, &joins(USER)));
    t.refuses(
        "as what role 0 does not lead to",
        room.commit(&dora, &joins(ADMIN)),
        "join_refused",
    );
    let no_way = room.with(Role::NONE, |role| role.role_changes = Vec::new());
    t.refuses(
        "where role 0 leads nowhere",
        no_way.commit(&dora, &joins(USER)),
        "join_refused",
    );
    let [own, client] = joins(USER);
    t.refuses(
        "without a client",
        room.commit(&dora, std::slice::from_ref(&own)),
        "does_not_join",
    );
    for (name, change) in [
        (
            "and adds a friend",
            adds_user("mimi://e.example/u/eve", USER),
        ),
        ("and promotes someone", moves_user(1, ADMIN)),
        ("and sends a PSK", plain("psk")),
        ("and removes a client", drops_client(2, BOB)),
    ] {
        let changes = [own.clone(), client.clone(), change];
        t.refuses(name, room.commit(&dora, &changes), "only_join");
    }
    t.refuses(
        "a member adds itself",
        room.commit(&member(DORA), &[own, client]),
        "join_refused",
    );
}

fn by_code(t: &mut Table) {
    let (room, dora) = (opened(Capability::USE_JOIN_CODE), joiner(DORA));
    let coded = with_code(dora.clone(), USER);
    t.allows(
        "a code, for a client to see",
        room.commit(&dora, &joins(USER)),
    );
    t.allows(
        "a code, at the hub",
        room.commit(&coded, &joins(USER)).at(&hub()),
    );
    t.refuses(
        "no code, at the hub",
        room.commit(&dora, &joins(USER)).at(&hub()),
        "join_refused",
    );
    t.refuses(
        "a code for another role",
        room.commit(&with_code(dora.clone(), ADMIN), &joins(USER))
            .at(&hub()),
        "join_refused",
    );
    t.refuses(
        "a code for what role 0 does not lead to",
        room.commit(&with_code(dora, ADMIN), &joins(ADMIN))
            .at(&hub()),
        "join_refused",
    );
}

fn preauthorized(t: &mut Table) {
    let dora = of_hr(joiner(DORA));
    let mut room = room().with(ADMIN, |role| {
        role.capabilities = capabilities(&[Capability::JOIN_IF_PREAUTHORIZED]);
    });
    room.preauth = Some(hr_may(room.role(ADMIN)));
    t.allows("a claim", room.commit(&dora, &joins(ADMIN)));
    t.refuses(
        "a claim for another role",
        room.commit(&dora, &joins(USER)),
        "join_refused",
    );
    t.refuses(
        "no claim",
        room.commit(&joiner(DORA), &joins(ADMIN)),
        "join_refused",
    );
    let incapable = room.with(ADMIN, |role| role.capabilities = capabilities(&[]));
    let incapable = Room {
        preauth: Some(hr_may(incapable.role(ADMIN))),
        ..incapable
    };
    t.refuses(
        "a role without canJoinIfPreauthorized",
        incapable.commit(&dora, &joins(ADMIN)),
        "join_refused",
    );
    let stale = room.with(ADMIN, |role| role.max_participants = Some(9));
    t.refuses(
        "a role that has changed since",
        stale.commit(&dora, &joins(ADMIN)),
        "join_refused",
    );
    let with_entries = |entries: Vec<PreauthEntry>| Room {
        preauth: Some(PreauthList(entries)),
        ..room.clone()
    };
    let for_hr = hr_may(room.role(ADMIN)).0[0].clone();
    let for_all = PreauthEntry {
        claims: Vec::new(),
        role: for_hr.role.clone(),
    };
    t.refuses(
        "an entry without claims",
        with_entries(vec![for_all]).commit(&dora, &joins(ADMIN)),
        "join_refused",
    );
    let user = PreauthEntry {
        role: room.role(USER).clone(),
        ..for_hr.clone()
    };
    t.refuses(
        "the second entry that matches",
        with_entries(vec![user, for_hr.clone()]).commit(&dora, &joins(ADMIN)),
        "join_refused",
    );
    let gone = PreauthEntry {
        role: role(9, "gone", &[], &[]),
        ..for_hr.clone()
    };
    t.allows(
        "the second, when the first is for a role that is not there",
        with_entries(vec![gone, for_hr.clone()]).commit(&dora, &joins(ADMIN)),
    );
    let mut both = for_hr.clone();
    both.claims.push(mimi_policy::Claim {
        value: b"director".as_slice().into(),
        ..both.claims[0].clone()
    });
    t.refuses(
        "one claim of two",
        with_entries(vec![both]).commit(&dora, &joins(ADMIN)),
        "join_refused",
    );
}

fn banned(t: &mut Table) {
    let cathy = with_code(of_hr(joiner(CATHY)), USER);
    for (name, by) in [
        ("an open room", Capability::OPEN_JOIN),
        ("a code", Capability::USE_JOIN_CODE),
    ] {
        let mut room = opened(by);
        room.users[2].1 = Role::BANNED;
        room.clients.truncate(4);
        t.refuses(
            &format!("someone banned, {name}"),
            room.commit(&cathy, &[adds_client(CATHY)]).at(&hub()),
            "banned",
        );
        t.refuses(
            &format!("someone banned joins again, {name}"),
            room.commit(&cathy, &[adds_user(CATHY, USER), adds_client(CATHY)])
                .at(&hub()),
            "already_participant",
        );
    }
    let mut room = room().with(Role::BANNED, |role| {
        role.capabilities = capabilities(&[Capability::CHANGE_OWN_ROLE]);
    });
    room.users[2].1 = Role::BANNED;
    room.clients.truncate(4);
    room.preauth = Some(hr_may(room.role(USER)));
    t.refuses(
        "a ban is not lifted by a claim",
        room.attempt(
            Some(&member(ALICE)),
            &[(&of_hr(member(CATHY)), &[moves_user(2, USER)])],
        ),
        "banned",
    );
}
