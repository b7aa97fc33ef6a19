//! What a hub allows the policies of its rooms to become.

use mimi_content::component::ComponentId;
use mimi_policy::{Capability, ParticipantList, RoleList};
use serde_json::{Value, json};

use super::super::story::{
    ALICE, DORA, HUB, Table, adds_user, hub, member, octets, participants, removes, role_list,
    sends, updates,
};
use super::{ADMINS, ENFORCER, ENFORCERS, USER, USERS, room};
use crate::hex::encode;
use crate::vectors::Case;

/// A hub that accepts all but for what `change` says.
fn within(change: impl FnOnce(&mut Value)) -> Value {
    let mut envelope = json!({
        "roles": encode(&octets(&RoleList::default())),
        "participants": encode(&octets(&ParticipantList::default())),
        "capabilities": null,
        "max_users": null,
        "max_clients": null,
        "pseudonyms": true,
        "persistent": true,
        "discoverable": true,
        "components": {},
    });
    change(&mut envelope);
    let mut hub = hub();
    hub["envelope"] = envelope;
    hub
}

pub(super) fn cases() -> Vec<Case> {
    const STATUS: ComponentId = ComponentId::STATUS_NOTIFICATION_POLICY;
    const OUTSIDE: &str = "outside_envelope";

    let mut t = Table::new("the hub's envelope");
    let (room, alice) = (room(), member(ALICE));
    let enforcer = role_list(&[room.role(ENFORCER).clone()]);
    let keeps_role = within(|e| e["roles"] = encode(&octets(&enforcer)).into());
    let redefines = |at: usize| {
        let mut roles = room.roles.clone();
        roles[at].description = "new".to_owned();
        room.commit(
            &alice,
            &[updates(ComponentId::ROLES_LIST, &role_list(&roles))],
        )
    };
    t.allows("another role changes", redefines(2).at(&keeps_role));
    t.refuses(
        "a role of the hub changes",
        redefines(4).at(&keeps_role),
        OUTSIDE,
    );
    let hub_stays = participants(&[(HUB, ENFORCER)]);
    let keeps_hub = within(|e| e["participants"] = encode(&octets(&hub_stays)).into());
    let alone = room.with(3, |role| {
        role.role_changes.extend(super::changes(&[(4, &[0])]))
    });
    let removes_hub = super::super::story::removes_user(3);
    t.refuses(
        "the hub is removed",
        alone.commit(&alice, &[removes_hub]).at(&keeps_hub),
        OUTSIDE,
    );
    t.allows(
        "the hub stays",
        room.commit(&alice, &[adds_user(DORA, USER)]).at(&keeps_hub),
    );

    let few: Vec<u16> = [USERS, ADMINS, ENFORCERS]
        .concat()
        .iter()
        .map(|one| one.0)
        .collect();
    let few = within(|e| e["capabilities"] = few.into());
    t.allows("capabilities that roles may have", redefines(2).at(&few));
    let mut roles = room.roles.clone();
    let more = roles[2]
        .capabilities
        .iter()
        .chain([Capability::DESTROY_ROOM]);
    roles[2].capabilities = more.collect();
    let destroys = room.commit(
        &alice,
        &[updates(ComponentId::ROLES_LIST, &role_list(&roles))],
    );
    t.refuses(
        "a capability that no role may have",
        destroys.at(&few),
        OUTSIDE,
    );

    let users = within(|e| e["max_users"] = 10.into());
    let clients = within(|e| e["max_clients"] = 10.into());
    let rebases = |change: fn(&mut mimi_policy::BaseRoomPolicy)| {
        let mut base = room.base.clone();
        change(&mut base);
        room.commit(&alice, &[updates(ComponentId::BASE_ROOM_POLICY, &base)])
    };
    t.allows(
        "as many users as it hosts",
        rebases(|b| b.max_users = Some(10)).at(&users),
    );
    t.refuses(
        "more users",
        rebases(|b| b.max_users = Some(11)).at(&users),
        OUTSIDE,
    );
    t.refuses(
        "any number of users",
        rebases(|b| b.discoverable = true).at(&users),
        OUTSIDE,
    );
    t.allows(
        "as many clients as it hosts",
        rebases(|b| b.max_clients = Some(10)).at(&clients),
    );
    t.refuses(
        "more clients",
        rebases(|b| b.max_clients = Some(11)).at(&clients),
        OUTSIDE,
    );
    for (name, key, change) in [
        (
            "pseudonyms",
            "pseudonyms",
            (|b| b.pseudonyms_allowed = true) as fn(&mut mimi_policy::BaseRoomPolicy),
        ),
        ("a persistent room", "persistent", |b| {
            b.persistent_room = true
        }),
        ("a room to be found", "discoverable", |b| {
            b.discoverable = true
        }),
    ] {
        let no = within(|e| e[key] = false.into());
        let name_of = |what: &str| format!("{name}{what}");
        t.allows(
            &name_of(" where it may be"),
            rebases(change).at(&within(|_| ())),
        );
        t.refuses(name, rebases(change).at(&no), OUTSIDE);
        t.begins_not(
            &format!("{name} begins"),
            room.based(change).begins(&no),
            OUTSIDE,
        );
    }
    let status = STATUS.0.to_string();
    let set = within(|e| e["components"][&status] = "0002".into());
    let without = within(|e| e["components"][&status] = Value::Null);
    t.allows(
        "a component as it is set",
        room.commit(&alice, &[sends(STATUS, &[0, 2])]).at(&set),
    );
    t.refuses(
        "a component as it is not",
        room.commit(&alice, &[sends(STATUS, &[0, 1])]).at(&set),
        OUTSIDE,
    );
    t.refuses(
        "a component that must not be",
        room.commit(&alice, &[sends(STATUS, &[0, 2])]).at(&without),
        OUTSIDE,
    );
    let mut has = room.clone();
    has.others.push((STATUS, vec![0, 2]));
    t.refuses(
        "a component that must stay",
        has.commit(&alice, &[removes(STATUS)]).at(&set),
        OUTSIDE,
    );
    t.begins("a room within it begins", has.begins(&set));
    t.cases
}
