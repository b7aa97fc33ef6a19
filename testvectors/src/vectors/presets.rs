//! `presets`: the rooms to start from.

use mimi_content::tls::Encode;
use mimi_policy::{BaseRoomPolicy, RoleList, presets};
use serde_json::{Value, json};

use super::fields::Fields;
use super::procedures::text;
use super::{Case, Family, Outcome};
use crate::hex::encode;

const NAMES: [&str; 5] = [
    "cooperative",
    "strict",
    "moderated",
    "multi_organization",
    "direct_message",
];

/// The roles of a preset, and its base policy if it has one.
pub(super) fn named(name: &str) -> (RoleList, Option<BaseRoomPolicy>) {
    match name {
        "cooperative" => (presets::cooperative(), None),
        "strict" => (presets::strict(), None),
        "moderated" => (presets::moderated(), None),
        "multi_organization" => (presets::multi_organization(), None),
        "direct_message" => {
            let base = presets::direct_message::base();
            (presets::direct_message(), Some(base))
        }
        other => panic!("no preset {other}"),
    }
}

/// The components of a preset.
pub(super) fn octets(input: &Value) -> Outcome {
    let (roles, base) = named(text(input, "preset"));
    let base = base.map(|base| encode(&base.to_vec().unwrap()));
    Ok(json!({
        "roles_list": encode(&roles.to_vec().unwrap()),
        "roles": roles.fields()["roles"],
        "base_room_policy": base,
    }))
}

pub(super) fn family() -> Family {
    let cases = NAMES
        .iter()
        .map(|name| Case::valid("preset", name, json!({ "preset": name })));
    Family {
        family: "presets".to_owned(),
        about: "Rooms to start from (POLICY, \"Role examples\")".to_owned(),
        cases: cases.collect(),
    }
}
