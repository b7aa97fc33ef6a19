//! `join_link_policy` and `join_links`: links, updates of them, and what
//! updates make of them.

use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;
use mimi_policy::{
    BaseRoomPolicy, Invalid, JoinLink, JoinLinkPolicy, JoinLinks, JoinLinksError, JoinLinksUpdate,
    Op, ParticipantList, RoleList, RoomPolicy,
};
use serde_json::{Value, json};

use super::{family, refused, text, uri, valid, vector};
use crate::hex;
use crate::vectors::procedures::{list, octets};
use crate::vectors::tls::Structure;
use crate::vectors::{Case, Family, Outcome, Refused};

/// Applies the updates of one commit to the links of a room.
pub(in crate::vectors) fn apply(input: &Value) -> Outcome {
    let mut components: ComponentMap = [
        (
            ComponentId::PARTICIPANT_LIST,
            ParticipantList::default().to_vec().unwrap(),
        ),
        (
            ComponentId::ROLES_LIST,
            RoleList::default().to_vec().unwrap(),
        ),
        (
            ComponentId::BASE_ROOM_POLICY,
            BaseRoomPolicy::default().to_vec().unwrap(),
        ),
        (ComponentId::JOIN_LINK_POLICY, octets(input, "policy")),
    ]
    .into_iter()
    .collect();
    if !input["before"].is_null() {
        components.insert(ComponentId::JOIN_LINKS, octets(input, "before"));
    }
    let policy = RoomPolicy::from_components(&components).unwrap();
    let updates: Vec<_> = list(input, "updates")
        .map(|update| hex::literal(update.as_str().unwrap()))
        .collect();
    let ops = updates.iter();
    let ops = ops.map(|update| (ComponentId::JOIN_LINKS, Op::Update(update)));
    let draft = policy.resolve(ops).map_err(|error| {
        let rule = match error {
            Invalid::JoinLinks(JoinLinksError::IndexPastEnd { .. }) => "index_past_end",
            Invalid::JoinLinks(JoinLinksError::RemovedTwice(_)) => "removed_twice",
            Invalid::JoinLinks(JoinLinksError::TooMany(_)) => "limit",
            Invalid::TooManyJoinLinks(_) => "too_many_join_links",
            other => panic!("{other}"),
        };
        Refused::new(rule, None)
    })?;
    let (_, after) = draft.changed().next().unwrap();
    Ok(json!({ "after": hex::encode(after.unwrap()) }))
}

fn links(links: &[&'static str]) -> Vec<JoinLink> {
    let links = links.iter();
    links.map(|link| JoinLink(link.as_bytes().into())).collect()
}

fn update(removed: &[u32], added: &[&'static str]) -> JoinLinksUpdate {
    JoinLinksUpdate {
        removed: removed.to_vec(),
        added: links(added),
    }
}

pub(in crate::vectors) fn join_links() -> Family {
    let mut cases = policies();
    cases.extend(codecs());
    cases.extend(applied());
    family(
        "join_links",
        "Links that let their holders in (POLICY, \"Join Link policies component\")",
        cases,
    )
}

fn policies() -> Vec<Case> {
    let policy = Structure("JoinLinkPolicy");
    let full = JoinLinkPolicy {
        on_request: true,
        request_uri: Some(uri("https://a.example/invite?room=1")),
        multiuser: true,
        expiration: u32::MAX,
    };
    let mut cases = vec![
        policy.octets("nothing said", &[0; 7]),
        policy.valid("every field set", &full),
    ];
    cases.extend(valid(
        &policy,
        &[("for an hour, made on request", "01 00 00 00000e10")],
    ));
    cases.extend(refused(
        &policy,
        &[
            ("on request of 2", "02 00 00 00000000", "unknown", 0),
            ("multiuser of 2", "00 00 02 00000000", "unknown", 2),
            (
                "requests to what is no URI",
                "00 03 612f62 00 00000000",
                "structure",
                2,
            ),
            (
                "requests to what is not UTF-8",
                "00 03 783aff 00 00000000",
                "utf8",
                4,
            ),
            ("half an expiration", "00 00 00 0000", "truncated", 3),
        ],
    ));
    cases.extend(policy.bounds(&full.to_vec().unwrap()));
    cases
}

fn codecs() -> Vec<Case> {
    let lists = Structure("JoinLinks");
    let updates = Structure("JoinLinksUpdate");
    let some = JoinLinks(links(&["https://a.example/j/1", "", "\u{fc}"]));
    let everything = update(&[2, 0], &["https://a.example/j/4", "two"]);
    let longest = vector(&vector(&"78".repeat(8000)));
    let longer = vector(&vector(&"78".repeat(8001)));
    let mut cases = vec![
        lists.octets("none", &[0]),
        lists.valid("three", &some),
        lists.octets("octets that are no text", &hex::literal("03 02 ff00")),
        lists.octets("a link of 8000 octets", &hex::literal(&longest)),
        updates.octets("nothing", &[0, 0]),
        updates.valid("removals and additions", &everything),
        updates.valid("the same index twice", &update(&[1, 1], &[])),
    ];
    let crowd = vector(&"00".repeat(1025));
    cases.extend(refused(
        &lists,
        &[
            ("a link longer than the list", "02 02 61", "truncated", 2),
            (
                "a length in two octets",
                "03 4001 61",
                "non_minimal_length",
                1,
            ),
            ("a link of 8001 octets", &longer, "limit", 2),
            ("1025 links", &crowd, "limit", 2 + 1024),
        ],
    ));
    let removed = format!("{} 00", vector(&"00000000".repeat(1025)));
    let added = format!("00 {}", vector(&"00".repeat(1025)));
    cases.extend(refused(
        &updates,
        &[
            ("half an index", "03 000001 00", "truncated", 1),
            ("without additions", "04 00000001", "truncated", 5),
            ("1025 removals", &removed, "limit", 2 + 1024 * 4),
            ("1025 additions", &added, "limit", 3 + 1024),
        ],
    ));
    cases.extend(lists.bounds(&some.to_vec().unwrap()));
    cases.extend(updates.bounds(&everything.to_vec().unwrap()));
    cases
}

/// Whether links are made on request, which allows one, and the links before.
type Before = (bool, Option<&'static [&'static str]>);

fn applied() -> Vec<Case> {
    const THREE: Before = (false, Some(&["one", "two", "three"]));
    const ONE: Before = (true, Some(&["one"]));
    let input = |(on_request, before): Before, updates: &[JoinLinksUpdate]| {
        let policy = format!("{:02x} {} 01 00015180", u8::from(on_request), text("x:y"));
        let before = before.map(|before| JoinLinks(links(before)).to_vec().unwrap());
        let updates = updates.iter();
        let updates = updates.map(|update| hex::encode(&update.to_vec().unwrap()));
        json!({
            "policy": hex::encode(&hex::literal(&policy)),
            "before": before.map(|before| hex::encode(&before)),
            "updates": updates.collect::<Vec<_>>(),
        })
    };
    let mut cases = Vec::new();
    for (name, before, updates) in [
        ("nothing", THREE, update(&[], &[])),
        (
            "the first link of a room",
            (false, None),
            update(&[], &["one"]),
        ),
        ("an addition at the end", THREE, update(&[], &["four"])),
        ("a removal from the middle", THREE, update(&[1], &[])),
        ("removals in any order", THREE, update(&[2, 0], &[])),
        (
            "removals before additions",
            THREE,
            update(&[0, 2], &["four", "five"]),
        ),
        ("all go", THREE, update(&[0, 1, 2], &[])),
        ("a link that is there already", THREE, update(&[], &["one"])),
        (
            "made on request: one for another",
            ONE,
            update(&[0], &["two"]),
        ),
    ] {
        let name = format!("apply: {name}");
        let input = input(before, &[updates]);
        cases.push(Case::valid("join_links_apply", &name, input));
    }
    for (name, before, updates, rule) in [
        (
            "an index past the end",
            THREE,
            update(&[3], &[]),
            "index_past_end",
        ),
        (
            "an index of what it adds",
            THREE,
            update(&[3], &["four"]),
            "index_past_end",
        ),
        (
            "a removal where there is none",
            (false, None),
            update(&[0], &[]),
            "index_past_end",
        ),
        (
            "an index twice",
            THREE,
            update(&[1, 1], &[]),
            "removed_twice",
        ),
        (
            "made on request: a second",
            ONE,
            update(&[], &["two"]),
            "too_many_join_links",
        ),
        (
            "made on request: two at once",
            (true, None),
            update(&[], &["one", "two"]),
            "too_many_join_links",
        ),
    ] {
        let name = format!("apply: {name}");
        let input = input(before, &[updates]);
        cases.push(Case::refused("join_links_apply", &name, input, rule, None));
    }
    let same = input(THREE, &[update(&[0], &["four"]), update(&[2], &["five"])]);
    let twice = input(THREE, &[update(&[1], &[]), update(&[1], &["four"])]);
    let added = input(THREE, &[update(&[], &["four"]), update(&[3], &[])]);
    cases.extend([
        Case::valid(
            "join_links_apply",
            "apply: two updates whose indices mean the same list",
            same,
        ),
        Case::refused(
            "join_links_apply",
            "apply: an index in two updates",
            twice,
            "removed_twice",
            None,
        ),
        Case::refused(
            "join_links_apply",
            "apply: an index of what another update adds",
            added,
            "index_past_end",
            None,
        ),
    ]);
    cases
}
