//! `participant_list`: the list, its updates, and what updates make of it.

use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, Encode};
use mimi_policy::{
    BaseRoomPolicy, Invalid, Op, Participant, ParticipantList, ParticipantListUpdate, RoleMove,
    RoomPolicy, presets,
};
use serde_json::{Value, json};

use super::procedures::{list, octets};
use super::tls::Structure;
use super::{Case, Family, Outcome, Refused};
use crate::hex;

/// Applies the updates of one commit to a list, in a room with the preset
/// roles.
pub(super) fn apply(input: &Value) -> Outcome {
    let components: ComponentMap = [
        (ComponentId::PARTICIPANT_LIST, octets(input, "before")),
        (
            ComponentId::ROLES_LIST,
            presets::cooperative().to_vec().unwrap(),
        ),
        (
            ComponentId::BASE_ROOM_POLICY,
            BaseRoomPolicy::default().to_vec().unwrap(),
        ),
    ]
    .into_iter()
    .collect();
    let policy = RoomPolicy::from_components(&components).unwrap();
    let updates: Vec<_> = list(input, "updates")
        .map(|update| hex::literal(update.as_str().unwrap()))
        .collect();
    let ops = updates.iter();
    let ops = ops.map(|update| (ComponentId::PARTICIPANT_LIST, Op::Update(update)));
    let draft = policy.resolve(ops).map_err(|error| {
        let rule = match error {
            Invalid::UserTwice(_) => "user_twice",
            Invalid::AlreadyParticipant(_) => "already_participant",
            Invalid::IndexPastEnd { .. } => "index_past_end",
            Invalid::NoSuchRole { .. } => "no_such_role",
            Invalid::Malformed { .. } => "malformed",
            other => panic!("{other}"),
        };
        Refused::new(rule, None)
    })?;
    let (_, after) = draft.changed().next().unwrap();
    let after = after.unwrap();
    assert!(ParticipantList::from_slice(after).is_ok());
    Ok(json!({ "after": hex::encode(after) }))
}

fn participant(user: &str, role: u32) -> Participant {
    let user = MimiUri::parse(&format!("mimi://{user}")).unwrap();
    Participant { user, role }
}

fn before() -> Vec<Participant> {
    vec![
        participant("a.example/u/alice", 4),
        participant("b.example/u/bob", 2),
        participant("c.example/u/cathy", 3),
        participant("d.example/u/dora", 1),
        participant("a.example", 5),
    ]
}

fn update(changed: &[(u32, u32)], removed: &[u32], added: &[(&str, u32)]) -> ParticipantListUpdate {
    ParticipantListUpdate {
        changed: changed
            .iter()
            .map(|&(index, role)| RoleMove { index, role })
            .collect(),
        removed: removed.to_vec(),
        added: added
            .iter()
            .map(|(user, role)| participant(user, *role))
            .collect(),
    }
}

fn codecs() -> Vec<Case> {
    let lists = Structure("ParticipantList");
    let updates = Structure("ParticipantListUpdate");
    let all = ParticipantList::new(before()).unwrap();
    let octets = all.to_vec().unwrap();
    let everything = update(&[(1, 3), (2, 2)], &[3], &[("e.example/u/eve", 2)]);
    let one = hex::literal("19 14 6d696d693a2f2f612e6578616d706c652f752f62 00000002");
    let twice = hex::literal(&format!("32 {0}{0}", hex::encode(&one[1..])));
    let mut role_0 = one.clone();
    *role_0.last_mut().unwrap() = 0;
    let mut upper = one.clone();
    upper[9] = b'A';
    let mut cases = vec![
        lists.octets("empty", &[0]),
        lists.octets("one user", &one),
        lists.valid("a user of each role", &all),
        lists.refused("a user twice", &twice, "structure", 0),
        lists.refused("role 0", &role_0, "structure", 0),
        lists.refused("a URI not in normal form", &upper, "uri", 2),
        updates.octets("empty", &[0, 0, 0]),
        updates.valid("a change of each kind", &everything),
        updates.valid("a removal", &update(&[], &[3, 1], &[])),
        updates.refused("half an index", &[0, 3, 0, 0, 1, 0], "truncated", 2),
        updates.refused("without additions", &[0, 0], "truncated", 2),
    ];
    cases.extend(lists.bounds(&octets));
    cases.extend(updates.bounds(&everything.to_vec().unwrap()));
    cases
}

pub(super) fn family() -> Family {
    let before = hex::encode(&ParticipantList::new(before()).unwrap().to_vec().unwrap());
    let input = |updates: &[ParticipantListUpdate]| {
        let updates = updates
            .iter()
            .map(|update| hex::encode(&update.to_vec().unwrap()));
        json!({ "before": before, "updates": updates.collect::<Vec<_>>() })
    };
    let eve = ("e.example/u/eve", 2);
    let fred = ("f.example/u/fred", 3);
    let mut cases = codecs();
    for (name, updates) in [
        ("nothing", vec![update(&[], &[], &[])]),
        ("an addition", vec![update(&[], &[], &[eve])]),
        ("a removal from the middle", vec![update(&[], &[1], &[])]),
        ("removals in any order", vec![update(&[], &[4, 0, 2], &[])]),
        ("a change of role", vec![update(&[(2, 2)], &[], &[])]),
        ("all three", vec![update(&[(3, 2)], &[1, 2], &[eve, fred])]),
        (
            "two updates whose indices mean the same list",
            vec![update(&[], &[0], &[eve]), update(&[(4, 2)], &[1], &[fred])],
        ),
        ("everybody goes", vec![update(&[], &[0, 1, 2, 3, 4], &[])]),
    ] {
        let name = format!("apply: {name}");
        cases.push(Case::valid(
            "participant_list_apply",
            &name,
            input(&updates),
        ));
    }
    for (name, updates, rule) in [
        (
            "an index past the end",
            vec![update(&[], &[5], &[])],
            "index_past_end",
        ),
        (
            "a change past the end",
            vec![update(&[(9, 2)], &[], &[])],
            "index_past_end",
        ),
        (
            "an index twice",
            vec![update(&[], &[1, 1], &[])],
            "user_twice",
        ),
        (
            "changed and removed",
            vec![update(&[(1, 3)], &[1], &[])],
            "user_twice",
        ),
        (
            "changed in two updates",
            vec![update(&[(1, 3)], &[], &[]), update(&[(1, 4)], &[], &[])],
            "user_twice",
        ),
        (
            "added twice",
            vec![update(&[], &[], &[eve]), update(&[], &[], &[eve])],
            "user_twice",
        ),
        (
            "removed and added",
            vec![update(&[], &[1], &[("b.example/u/bob", 2)])],
            "user_twice",
        ),
        (
            "added but there",
            vec![update(&[], &[], &[("b.example/u/bob", 2)])],
            "already_participant",
        ),
        (
            "moved to role 0",
            vec![update(&[(1, 0)], &[], &[])],
            "no_such_role",
        ),
        (
            "moved to an undefined role",
            vec![update(&[(1, 6)], &[], &[])],
            "no_such_role",
        ),
        (
            "added in an undefined role",
            vec![update(&[], &[], &[("e.example/u/eve", 6)])],
            "no_such_role",
        ),
    ] {
        let name = format!("apply: {name}");
        cases.push(Case::refused(
            "participant_list_apply",
            &name,
            input(&updates),
            rule,
            None,
        ));
    }
    Family {
        family: "participant_list".to_owned(),
        about: "The participant list and its updates (PROTO, \"Participant List\")".to_owned(),
        cases,
    }
}
