//! What a hub looks at before a room begins.

use insta::assert_snapshot;
use mimi_policy::{Denied, Envelope, HubView, Reason};

use super::common::*;
use super::{closed, depending, eve, everybody, fixed, knows, parent};

fn begin(room: &Room, view: HubView<'_>) -> Result<(), Denied> {
    room.policy().may_begin(&room.clients, &view)
}

#[test]
fn a_room_begins_with_clients_of_its_participants() {
    let mut room = room();
    begin(&room, HubView::default()).unwrap();
    room.clients.insert(5, dora());
    let denied = begin(&room, HubView::default()).unwrap_err();
    assert_eq!(denied.reason, Reason::Stranger(dora()));
}

#[test]
fn a_room_of_fixed_membership_begins_without_a_twin() {
    let twin = HubView {
        twin: true,
        ..HubView::default()
    };
    begin(&closed(), twin).unwrap();
    let mut room = closed();
    room.base = fixed();
    begin(&room, HubView::default()).unwrap();
    assert_snapshot!(begin(&room, twin).unwrap_err(), @r#"there is another room of fixed membership with exactly these participants: use that one (POLICY, "Base Room policy component syntax")"#);
}

#[test]
fn a_room_that_depends_on_a_parent_begins_with_fewer_users_all_from_there() {
    let mut room = room();
    room.base = depending();
    room.users.push((uri("mimi://f.example/u/f"), BANNED));
    begin(&room, knows(&everybody())).unwrap();
    assert_snapshot!(begin(&room, HubView::default()).unwrap_err(), @r#"this room depends on another, whose participants the hub did not look up (POLICY, "Base Room policy component syntax")"#);
    let lacks_cathy = [alice(), bob(), dora(), eve()].map(|user| (user, ORDINARY_USER));
    let denied = begin(&room, knows(&parent(&lacks_cathy))).unwrap_err();
    assert_eq!(denied.reason, Reason::NotInParent(cathy()));
    let same = [alice(), bob(), cathy()].map(|user| (user, ORDINARY_USER));
    let denied = begin(&room, knows(&parent(&same))).unwrap_err();
    assert_snapshot!(denied, @r#"this room would have 3 users and its parent has 3: it must have fewer (POLICY, "Base Room policy component syntax")"#);
}

#[test]
fn a_room_begins_inside_of_the_envelope() {
    let envelope = Envelope {
        discoverable: false,
        ..Envelope::default()
    };
    let view = HubView {
        envelope: Some(&envelope),
        ..HubView::default()
    };
    let mut room = room();
    begin(&room, view).unwrap();
    room.base.discoverable = true;
    assert_snapshot!(begin(&room, view).unwrap_err(), @r#"the hub does not host rooms that can be searched for (ARCH, "Policy")"#);
    begin(&room, HubView::default()).unwrap();
}
