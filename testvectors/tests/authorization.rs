//! The decisions of the vectors, against the slow model of a room that the tests
//! of `mimi-policy` compare the crate with. Other tests put them to the crate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    reason = "a test reads its data from files and fails by panicking"
)]

#[allow(
    dead_code,
    unused_imports,
    reason = "the tests of the crate use more of the model"
)]
#[path = "../../mimi-policy/tests/model/mod.rs"]
mod model;

use std::path::Path;

use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Decode;
use mimi_policy::{
    BaseRoomPolicy, Capability, Claim, Envelope, ExtendedCapabilities, Lifetime, Participant,
    ParticipantList, PreauthList, RoleList, RoomMetadata,
};
use model::room::{Attempt, Deed, Kind, Knowledge, Leaf, Room, Who};
use serde_json::Value;
use testvectors::hex;
use testvectors::vectors::{Case, Family};

#[test]
fn the_model_decides_as_the_vectors_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/authorization.json");
    let cases = Family::read(&file).unwrap().cases;
    let cases = cases.iter().filter(|case| case.procedure == "authorize");
    let cases: Vec<&Case> = cases.collect();
    assert!(cases.len() > 420, "{}", cases.len());
    for case in cases {
        let room = room(&case.input);
        let found = model::judge(&room, &attempt(&case.input));
        match (&case.valid, found) {
            (None, Err(_)) => {}
            (Some(valid), Ok(answer)) => {
                assert_eq!(
                    answer.room.components(),
                    changed(room.components(), valid),
                    "{}",
                    case.name
                );
                let rests = &valid["rests_on_hub"];
                let expected = model::Rests {
                    join_code: rests["join_code"].as_bool().unwrap(),
                    parent_room: rests["parent_room"].as_bool().unwrap(),
                    twin_room: rests["twin_room"].as_bool().unwrap(),
                };
                assert_eq!(answer.rests_on_hub, expected, "{}", case.name);
            }
            (expected, found) => panic!("{}: {found:?}, not {expected:?}", case.name),
        }
    }
}

#[test]
fn the_model_lets_rooms_begin_as_the_vectors_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/authorization.json");
    let cases = Family::read(&file).unwrap().cases;
    // What is no room at all is for the codec to refuse.
    let is_room = |case: &&Case| {
        let rule = case.refused.as_ref().map(|refused| refused.rule.as_str());
        !matches!(rule, Some("missing" | "malformed"))
    };
    let cases = cases.iter().filter(|case| case.procedure == "room_begin");
    let cases = cases.filter(is_room);
    let (mut begun, mut refused) = (0, 0);
    for case in cases {
        let hub = knowledge(&case.input["hub"]);
        let found = model::may_begin(&room(&case.input), &hub);
        assert_eq!(
            found.is_ok(),
            case.valid.is_some(),
            "{}: {found:?}",
            case.name
        );
        *(if found.is_ok() {
            &mut begun
        } else {
            &mut refused
        }) += 1;
    }
    assert!(
        begun >= 5 && refused >= 5,
        "{begun} begun, {refused} refused"
    );
}

/// The components with what the case says has changed.
fn changed(mut components: ComponentMap, valid: &Value) -> ComponentMap {
    for (id, data) in valid["changed"].as_object().unwrap() {
        let id = ComponentId(id.parse().unwrap());
        match data.as_str() {
            Some(data) => drop(components.insert(id, hex::literal(data))),
            None => drop(components.remove(id)),
        }
    }
    components
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} of {value}"))
}

fn uri(value: &Value, key: &str) -> MimiUri {
    MimiUri::parse(text(value, key)).unwrap()
}

fn number(value: &Value) -> u32 {
    value.as_u64().unwrap().try_into().unwrap()
}

fn room(input: &Value) -> Room {
    let mut components = components(&input["components"]);
    if let Some(preset) = input["preset"].as_str() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/presets.json");
        let presets = Family::read(&file).unwrap().cases;
        let preset = presets.iter().find(|case| case.name == preset).unwrap();
        let roles = text(preset.valid.as_ref().unwrap(), "roles_list");
        components.insert(ComponentId::ROLES_LIST, hex::literal(roles));
    }
    let clients = input["clients"].as_object().unwrap().iter();
    Room {
        clients: clients
            .map(|(leaf, user)| {
                let user = MimiUri::parse(user.as_str().unwrap()).unwrap();
                (leaf.parse().unwrap(), user)
            })
            .collect(),
        ..room_of(&components)
    }
}

fn components(value: &Value) -> ComponentMap {
    let entries = value.as_object().unwrap().iter();
    entries
        .map(|(id, data)| {
            let data = hex::literal(data.as_str().unwrap());
            (ComponentId(id.parse().unwrap()), data)
        })
        .collect()
}

fn room_of(components: &ComponentMap) -> Room {
    fn read<T: Decode>(components: &ComponentMap, id: ComponentId) -> Option<T> {
        components.get(id).map(|data| T::from_slice(data).unwrap())
    }
    let typed = [
        ComponentId::PARTICIPANT_LIST,
        ComponentId::ROLES_LIST,
        ComponentId::BASE_ROOM_POLICY,
        ComponentId::PREAUTH_LIST,
        ComponentId::ROOM_METADATA,
    ];
    let users: ParticipantList = read(components, typed[0]).unwrap();
    let users = users.iter().map(|entry| Participant {
        user: entry.user.to_uri(),
        role: entry.role,
    });
    let roles: RoleList = read(components, typed[1]).unwrap();
    let base: BaseRoomPolicy = read(components, typed[2]).unwrap();
    let preauth: Option<PreauthList> = read(components, typed[3]);
    let metadata: Option<RoomMetadata> = read(components, typed[4]);
    let others = components.iter().filter(|(id, _)| !typed.contains(id));
    let room = Room {
        users: users.collect(),
        roles: roles.iter().cloned().collect(),
        base,
        preauth: preauth.map(|list| list.0),
        metadata,
        others: others.map(|(id, data)| (id, data.to_vec())).collect(),
        clients: Vec::new(),
    };
    assert_eq!(room.components(), *components);
    room
}

fn attempt(input: &Value) -> Attempt {
    let hub = &input["hub"];
    let bundles = input["bundles"].as_array().unwrap().iter();
    Attempt {
        committer: (!input["committer"].is_null()).then(|| who(&input["committer"])),
        bundles: bundles
            .map(|bundle| {
                let deeds = bundle["changes"].as_array().unwrap().iter();
                (who(&bundle["actor"]), deeds.map(deed).collect())
            })
            .collect(),
        hub: (!hub.is_null()).then(|| knowledge(hub)),
    }
}

fn knowledge(hub: &Value) -> Knowledge {
    let parent = &hub["parent"];
    Knowledge {
        parent: (!parent.is_null()).then(|| room_of(&components(parent))),
        twin: hub["twin"].as_bool().unwrap(),
        envelope: envelope(&hub["envelope"]),
    }
}

fn envelope(value: &Value) -> Option<Envelope> {
    if value.is_null() {
        return None;
    }
    let roles = RoleList::from_slice(&hex::literal(text(value, "roles"))).unwrap();
    let users = ParticipantList::from_slice(&hex::literal(text(value, "participants"))).unwrap();
    let users = users.iter().map(|entry| Participant {
        user: entry.user.to_uri(),
        role: entry.role,
    });
    let most = |key: &str| value[key].as_u64().map(|most| most.try_into().unwrap());
    let flag = |key: &str| value[key].as_bool().unwrap();
    let capability = |one: &Value| Capability(number(one).try_into().unwrap());
    let components = value["components"].as_object().unwrap().iter();
    Some(Envelope {
        roles: roles.iter().cloned().collect(),
        participants: users.collect(),
        capabilities: (value["capabilities"].as_array())
            .map(|list| list.iter().map(capability).collect()),
        max_users: most("max_users"),
        max_clients: most("max_clients"),
        pseudonyms: flag("pseudonyms"),
        persistent: flag("persistent"),
        discoverable: flag("discoverable"),
        components: components
            .map(|(id, data)| {
                let data = data.as_str().map(|data| hex::literal(data).into());
                (ComponentId(id.parse().unwrap()), data)
            })
            .collect(),
    })
}

fn who(value: &Value) -> Who {
    let claims = value["claims"].as_array().into_iter().flatten();
    Who {
        kind: match text(value, "kind") {
            "participant" => Kind::Member,
            "joiner" => Kind::Joiner,
            "external" => Kind::External,
            other => panic!("{other}"),
        },
        user: uri(value, "uri"),
        claims: claims
            .map(|claim| Claim {
                credential_type: number(&claim["credential_type"]).try_into().unwrap(),
                id: hex::literal(text(claim, "id")).into(),
                value: hex::literal(text(claim, "claim_value")).into(),
            })
            .collect(),
        code: value["join_code"].as_u64().map(|role| role as u32),
    }
}

fn deed(value: &Value) -> Deed {
    let id = || ComponentId(number(&value["id"]).try_into().unwrap());
    match text(value, "change") {
        "add_client" => Deed::AddClient(uri(value, "user"), leaf(value)),
        "remove_client" => Deed::RemoveClient(number(&value["leaf"]), uri(value, "user")),
        "update" => Deed::Component(id(), Some(hex::literal(text(value, "update")))),
        "remove" => Deed::Component(id(), None),
        "update_client" => Deed::UpdateClient(leaf(value)),
        "psk" => Deed::Psk,
        "reinit" => Deed::ReInit,
        "group_context_extensions" => Deed::GroupContextExtensions {
            prescribed: value["prescribed"].as_bool().unwrap(),
        },
        "other" => Deed::Other(number(&value["proposal_type"]).try_into().unwrap()),
        other => panic!("{other}"),
    }
}

fn leaf(value: &Value) -> Box<Leaf> {
    let supports = value["supports"].as_str().map(hex::literal);
    Box::new(Leaf {
        supports: supports.map(|o| ExtendedCapabilities::from_slice(&o).unwrap()),
        key_package: lifetime(&value["key_package"]),
        credential: lifetime(&value["credential"]),
    })
}

fn lifetime(value: &Value) -> Option<Lifetime> {
    let time = |key| text(value, key).parse().unwrap();
    (!value.is_null()).then(|| Lifetime {
        not_before: time("not_before"),
        not_after: time("not_after"),
    })
}
