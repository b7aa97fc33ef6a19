//! Who leaves a room leaves those that depend on it.

use mimi_content::component::ComponentId;
use mimi_content::{MimiUri, UriRef};
use mimi_policy::{
    Actor, Bundle, Change, ParticipantListUpdate, RoomMetadata, RoomPolicy, leavers,
};

use super::common::*;
use super::{depending, everybody, knows, parent};

fn child() -> Room {
    Room {
        base: depending(),
        ..room()
    }
}

/// The rooms that somebody must leave, and who.
fn leaving<'r>(parent: &'r RoomPolicy, rooms: &'r [RoomPolicy]) -> Vec<(usize, Vec<UriRef<'r>>)> {
    leavers(parent, rooms.iter().enumerate()).collect()
}

fn of(users: &[MimiUri]) -> RoomPolicy {
    let users: Vec<_> = users
        .iter()
        .map(|user| (user.clone(), ORDINARY_USER))
        .collect();
    parent(&users)
}

#[test]
fn who_is_not_in_the_parent_any_more_leaves_each_room_that_depends_on_it() {
    let mut without_bob = child();
    without_bob.users.remove(1);
    let rooms = [child().policy(), without_bob.policy(), child().policy()];
    assert_eq!(leaving(&everybody(), &rooms), []);
    let (bob, cathy) = (bob(), cathy());
    assert_eq!(
        leaving(&of(&[alice(), cathy.clone(), dora()]), &rooms),
        [(0, vec![(&bob).into()]), (2, vec![(&bob).into()])]
    );
    assert_eq!(
        leaving(&of(&[alice(), dora()]), &rooms),
        [
            (0, vec![(&bob).into(), (&cathy).into()]),
            (1, vec![(&cathy).into()]),
            (2, vec![(&bob).into(), (&cathy).into()]),
        ]
    );
}

#[test]
fn who_is_banned_in_the_parent_leaves_too() {
    let users = [alice(), bob(), cathy(), dora()];
    let mut users = users.map(|user| (user, ORDINARY_USER));
    users[2].1 = BANNED;
    let (room, parent) = (child().policy(), parent(&users));
    let cathy = cathy();
    assert_eq!(
        leaving(&parent, std::slice::from_ref(&room)),
        [(0, vec![(&cathy).into()])]
    );
}

#[test]
fn providers_and_who_is_banned_already_stay() {
    let mut room = child();
    room.users[1].1 = BANNED;
    room.clients = [(0, alice())].into_iter().collect();
    let (room, parent) = (room.policy(), of(&[alice(), cathy()]));
    assert_eq!(leaving(&parent, &[room]), []);
}

#[test]
fn rooms_that_depend_on_nothing_or_on_another_keep_their_users() {
    let mut other = child();
    other.base.parent_room = Some(uri("mimi://a.example/r/other"));
    let rooms = [room().policy(), other.policy()];
    assert_eq!(leaving(&of(&[dora()]), &rooms), []);
    // A room whose URI is not known is nobody's parent.
    let mut components = of(&[dora()]).components();
    components.remove(ComponentId::ROOM_METADATA);
    let nameless = RoomPolicy::from_components(&components).unwrap();
    assert_eq!(leaving(&nameless, &[child().policy()]), []);
    assert_eq!(leaving(&nameless, &rooms), []);
}

#[test]
fn the_hub_removes_them_and_then_nobody_is_left_to_remove() {
    let (hub, room) = (hub(), child());
    let (parent, before) = (of(&[alice(), dora()]), room.policy());
    let [(0, users)] = &leaving(&parent, std::slice::from_ref(&before))[..] else {
        panic!("Bob and Cathy leave");
    };
    let place = |user: &UriRef<'_>| before.participants().index_of(*user).unwrap();
    let update = octets(&ParticipantListUpdate {
        removed: users.iter().map(place).collect(),
        ..Default::default()
    });
    let users: Vec<_> = users.iter().map(|user| user.to_uri()).collect();
    let mut changes = vec![list(&update)];
    for user in &users {
        let clients = room.clients.leaves_of(user);
        changes.extend(clients.map(|leaf| Change::RemoveClient { leaf, user }));
    }
    let bundle = Bundle {
        actor: Actor::external(&hub),
        changes: &changes,
    };
    let verdict = room.propose_at_hub(&[bundle], knows(&parent)).unwrap();
    assert_eq!(leaving(&parent, &[verdict.into_policy()]), []);
}

#[test]
fn a_child_may_be_a_parent_itself() {
    let other = RoomMetadata::new(uri("mimi://a.example/r/grandchild"), "");
    let mut grandchild = room().with(ComponentId::ROOM_METADATA, &other);
    grandchild.base.parent_room = Some(metadata().room);
    let grandchild = grandchild.policy();
    let mut child = child();
    child.users.remove(1);
    let (child, bob) = (child.policy(), bob());
    // Only of the room that changed are the children asked for.
    let rooms = [child.clone(), grandchild];
    assert_eq!(leaving(&everybody(), &rooms), []);
    assert_eq!(leaving(&child, &rooms), [(1, vec![(&bob).into()])]);
}
