//! How many may be in a role, in a room, and with how many clients: each number
//! where it just holds, and one further.

use mimi_content::component::ComponentId;
use mimi_policy::BaseRoomPolicy;

use super::super::story::{
    ALICE, BOB, CATHY, DORA, Room, Table, adds_client, adds_user, drops_client, hub, member,
    moves_user, plain, removes_user, updates,
};
use super::{ADMIN, USER, room};
use crate::vectors::Case;

pub(super) fn cases() -> Vec<Case> {
    [roles(), active(), base(), lowered()].concat()
}

fn roles() -> Vec<Case> {
    let mut t = Table::new("numbers of a role");
    let alice = member(ALICE);
    let least = |min| room().with(USER, |role| role.min_participants = min);
    let most = |max| room().with(USER, |role| role.max_participants = Some(max));
    let goes = [removes_user(2), drops_client(4, CATHY)];
    let comes = [adds_user(DORA, USER)];
    t.allows("one is left", least(1).commit(&alice, &goes));
    t.refuses(
        "too few are left",
        least(2).commit(&alice, &goes),
        "minimum",
    );
    t.refuses(
        "too few by promotion",
        least(2).commit(&alice, &[moves_user(2, ADMIN)]),
        "minimum",
    );
    t.refuses(
        "too few by leaving",
        least(2).propose(&member(CATHY), &goes),
        "minimum",
    );
    t.allows(
        "too few already, and nobody goes",
        least(9).commit(&alice, &comes),
    );
    t.allows(
        "one goes as another comes",
        least(2).commit(
            &alice,
            &[goes[0].clone(), goes[1].clone(), comes[0].clone()],
        ),
    );
    t.allows("the last that fits", most(3).commit(&alice, &comes));
    t.refuses("one too many", most(2).commit(&alice, &comes), "maximum");
    t.refuses(
        "one too many by demotion",
        {
            let mut room = most(2);
            room.users.push((DORA, ADMIN));
            room.commit(&alice, &[moves_user(4, USER)])
        },
        "maximum",
    );
    t.allows(
        "too many already, and nobody comes",
        most(1).commit(&alice, &[moves_user(2, ADMIN)]),
    );
    let outside = room().with(0, |role| role.min_participants = 9);
    t.allows(
        "a number for those outside means nothing",
        outside.commit(&alice, &comes),
    );
    t.cases
}

fn active() -> Vec<Case> {
    let mut t = Table::new("active ones of a role");
    let (alice, cathy) = (member(ALICE), member(CATHY));
    let least = |min| room().with(USER, |role| role.min_active = min);
    let most = |max| room().with(USER, |role| role.max_active = Some(max));
    let kick = [drops_client(4, CATHY)];
    let comes = [adds_user(DORA, USER), adds_client(DORA)];
    t.allows("one is left", least(1).commit(&alice, &kick));
    t.refuses(
        "too few are left",
        least(2).commit(&alice, &kick),
        "minimum",
    );
    t.refuses(
        "too few as one drops its last client",
        least(2).propose(&cathy, &kick),
        "minimum",
    );
    t.allows(
        "one that has more clients drops one",
        least(2).propose(&member(BOB), &[drops_client(3, BOB)]),
    );
    t.refuses(
        "too few by promotion",
        least(2).commit(&alice, &[moves_user(2, ADMIN)]),
        "minimum",
    );
    t.allows("the last that fits", most(3).commit(&alice, &comes));
    t.refuses("one too many", most(2).commit(&alice, &comes), "maximum");
    t.allows(
        "one more without a client",
        most(2).commit(&alice, &comes[..1]),
    );
    t.allows(
        "a second client of the same",
        most(2).commit(&cathy, &[adds_client(CATHY)]),
    );
    let mut idle = most(1);
    idle.clients.pop();
    t.refuses(
        "an idle one becomes active",
        idle.commit(&cathy, &[adds_client(CATHY)]),
        "maximum",
    );
    t.allows(
        "too many already, and they bring more",
        most(0).commit(&cathy, &[adds_client(CATHY)]),
    );
    t.cases
}

fn base() -> Vec<Case> {
    let mut t = Table::new("numbers of a room");
    let (alice, bob, cathy) = (member(ALICE), member(BOB), member(CATHY));
    let clients = |max| room().based(|base| base.max_clients = Some(max));
    let users = |max| room().based(|base| base.max_users = Some(max));
    let more = [adds_client(BOB), adds_client(BOB)];
    t.allows(
        "the last client that fits",
        clients(6).commit(&bob, &more[..1]),
    );
    t.refuses(
        "one client too many",
        clients(6).commit(&bob, &more),
        "max_clients",
    );
    t.allows(
        "one comes as one goes",
        clients(5).commit(&bob, &[adds_client(BOB), drops_client(3, BOB)]),
    );
    t.allows(
        "too many already, and one goes",
        clients(2).propose(&bob, &[drops_client(3, BOB)]),
    );
    t.allows(
        "too many already, and nothing changes",
        clients(2).commit(&bob, &[plain("update_client")]),
    );
    let dora = [adds_user(DORA, USER)];
    t.allows("the last user that fits", users(5).commit(&alice, &dora));
    t.refuses(
        "one user too many",
        users(4).commit(&alice, &dora),
        "max_users",
    );
    t.allows(
        "someone banned does not count",
        users(4).commit(&alice, &[adds_user(DORA, 1)]),
    );
    t.begins_not(
        "more users than there may be",
        users(3).begins(&hub()),
        "too_many_users",
    );
    let single = single();
    t.refuses(
        "a second device",
        single.commit(&cathy, &[adds_client(CATHY)]),
        "single_device",
    );
    t.allows(
        "a device for another",
        single.commit(&cathy, &[adds_client(CATHY), drops_client(4, CATHY)]),
    );
    t.allows(
        "someone comes with one device",
        single.commit(&alice, &[adds_user(DORA, USER), adds_client(DORA)]),
    );
    let mut crowded = single.clone();
    crowded.clients.extend([(5, CATHY), (6, CATHY)]);
    t.allows(
        "several devices already, and nothing changes",
        crowded.commit(&cathy, &[plain("update_client")]),
    );
    t.allows(
        "several devices already, and one goes",
        crowded.propose(&cathy, &[drops_client(6, CATHY)]),
    );
    t.allows(
        "several devices already, and one comes for another",
        crowded.commit(&cathy, &[adds_client(CATHY), drops_client(6, CATHY)]),
    );
    t.begins("each with one device", single.begins(&hub()));
    t.begins("as many clients as there may be", clients(5).begins(&hub()));
    t.begins("as many users as there may be", users(4).begins(&hub()));
    t.cases
}

/// Each user has one client, and may have no more.
fn single() -> Room {
    let mut room = room().based(|base| base.multi_device = false);
    room.clients = vec![(0, ALICE), (2, BOB), (4, CATHY)];
    room
}

fn lowered() -> Vec<Case> {
    let mut t = Table::new("a new base policy");
    let alice = member(ALICE);
    let adopt = |change: fn(&mut BaseRoomPolicy)| {
        let room = room();
        let mut base = room.base.clone();
        change(&mut base);
        room.commit(&alice, &[updates(ComponentId::BASE_ROOM_POLICY, &base)])
    };
    t.allows(
        "for as many clients as there are",
        adopt(|base| base.max_clients = Some(5)),
    );
    t.refuses(
        "for fewer clients",
        adopt(|base| base.max_clients = Some(4)),
        "max_clients",
    );
    t.allows(
        "for as many users as there are",
        adopt(|base| base.max_users = Some(4)),
    );
    t.refuses(
        "for fewer users",
        adopt(|base| base.max_users = Some(3)),
        "max_users",
    );
    t.refuses(
        "for one device each",
        adopt(|base| base.multi_device = false),
        "single_device",
    );
    t.allows("that is the same", adopt(|_| ()));
    t.cases
}
