//! Cases of senders and of hubs that stamp.

use mimi_content::tls::Encode;
use mimi_content::{ExtensionName, MimiContent};
use serde_json::{Value, json};

use super::super::Case;
use super::super::content;
use super::keys::{ED25519, OTHER, P256};
use super::story::{AUTUMN, BOB, CELLAR, Plan, SPRING, Story, encoded, hub_keys, types, with};
use crate::hex;

pub(super) fn tags(story: &Story) -> Vec<Case> {
    let data = &story.verify["application_data"];
    let case = |name: &str, salt: u8, data: &Value| {
        let input = json!({ "salt": hex::encode(&[salt; 16]), "application_data": data });
        Case::valid("franking_tag", &format!("tag: {name}"), input)
    };
    vec![
        case("a message", 0x5e, data),
        case("another salt", 0x5f, data),
        case("nothing", 0, &json!("")),
    ]
}

pub(super) fn commits(bare: &Story, framed: &Story) -> Vec<Case> {
    let first = types(&["application/mimi-content", "text/plain"]);
    let pseudonym = Plan::new("psst").by("mimi://a.example/p/7f3a");
    let mut cases: Vec<_> = [
        ("a message", bare.commit.clone()),
        ("framed as one of the types", framed.commit.clone()),
        (
            "framed as the first type",
            with(&bare.commit, "content_media_types", first),
        ),
        (
            "framed where its type is not listed",
            with(&bare.commit, "content_media_types", types(&["text/plain"])),
        ),
        ("under a pseudonym", Story::new(&pseudonym).commit),
    ]
    .into_iter()
    .map(|(name, input)| Case::valid("frank_commit", &format!("commit: {name}"), input))
    .collect();
    let of = |content: &MimiContent<'_>| {
        let content = hex::encode(&content.encode());
        with(&bare.commit, "content", json!(content))
    };
    let own = |uri: &str| with(&bare.commit, "own_user", json!(uri));
    let room = |uri: &str| with(&bare.commit, "room", json!(uri));
    let nobody = of(&without(&[1]));
    for (name, input, rule) in [
        ("nobody is named", nobody.clone(), "no_sender_uri"),
        ("no room is named", of(&without(&[2])), "no_room_uri"),
        ("neither is named", of(&without(&[1, 2])), "no_sender_uri"),
        (
            "nobody is named, and another room",
            with(&nobody, "room", json!(CELLAR)),
            "no_sender_uri",
        ),
        ("in the name of somebody else", own(BOB), "sender_uri"),
        (
            "in a name that differs in case",
            own("mimi://a.example/u/Alice"),
            "sender_uri",
        ),
        (
            "in the name of one's provider",
            own("mimi://a.example"),
            "sender_uri",
        ),
        ("for another room", room(CELLAR), "room_uri"),
        (
            "for a room of that name elsewhere",
            room("mimi://a.example/r/clubhouse"),
            "room_uri",
        ),
        (
            "another sender and another room",
            with(&own(BOB), "room", json!(CELLAR)),
            "sender_uri",
        ),
    ] {
        let name = format!("commit: {name}");
        cases.push(Case::refused("frank_commit", &name, input, rule, None));
    }
    cases
}

/// A message of Alice's that does not say what some extensions would.
pub(super) fn without(extensions: &[i64]) -> MimiContent<'static> {
    let mut content = content::message("Who? Where?");
    for name in extensions {
        content.extensions.remove(&ExtensionName::Int(*name));
    }
    content
}

pub(super) fn stamps(bare: &Story, framed: &Story) -> Vec<Case> {
    let input = |key: &str, value: Value| with(&bare.frank, key, value);
    let agents = json!([P256.owned(), ED25519.owned(), OTHER.owned()]);
    let mut cases: Vec<_> = [
        ("the message", bare.frank.clone()),
        ("with P-256", framed.frank.clone()),
        (
            "another hub key",
            input("hub_keys", hub_keys(&[("autumn", AUTUMN.1, 0x4c)])),
        ),
        ("another suite with Ed25519", input("ciphersuite", json!(3))),
        (
            "the newest hub key, wherever it stands",
            input("hub_keys", hub_keys(&[SPRING, AUTUMN])),
        ),
        (
            "the newest hub key, even if the clock was set back",
            input("accepted_timestamp", json!(SPRING.1.to_string())),
        ),
        (
            "the group's agent, which is not the newest",
            input("agents", agents),
        ),
        ("a tag of zeros", input("frank_aad", json!("00".repeat(32)))),
    ]
    .into_iter()
    .chain(unfranked(bare))
    .map(|(name, input)| Case::valid("frank", &format!("stamp: {name}"), input))
    .collect();
    for (name, octets, rule, offset) in [
        ("a tag of no octets", 0, "truncated", 0),
        ("a tag of 31 octets", 31, "truncated", 0),
        ("a tag of 33 octets", 33, "trailing", 32),
    ] {
        let tag = json!("7a".repeat(octets));
        let input = input("frank_aad", tag);
        let name = format!("stamp: {name}");
        let unstamped = with(&input, "franking_agent", Value::Null);
        cases.push(Case::refused("frank", &name, input, rule, offset));
        let name = format!("{name}, and no agent");
        cases.push(Case::refused("frank", &name, unstamped, rule, offset));
    }
    cases
}

/// What is accepted, but not stamped.
fn unfranked(bare: &Story) -> Vec<(&'static str, Value)> {
    let input = |key: &str, value: Value| with(&bare.frank, key, value);
    let no_agent = input("franking_agent", Value::Null);
    let agent = |agent: &mimi_franking::FrankingAgent| input("franking_agent", encoded(agent));
    let longer = [&ED25519.agent().to_vec().unwrap()[..], &[0]].concat();
    let p256 = with(&agent(&P256.agent()), "agents", json!([P256.owned()]));
    vec![
        ("no tag", input("frank_aad", Value::Null)),
        ("no agent", no_agent.clone()),
        (
            "neither tag nor agent",
            with(&no_agent, "frank_aad", Value::Null),
        ),
        ("an agent that a member put there", agent(&OTHER.agent())),
        (
            "the hub's key under another name",
            agent(&ED25519.agent_of("mimi://a.example")),
        ),
        (
            "an octet behind the agent",
            input("franking_agent", json!(hex::encode(&longer))),
        ),
        ("an agent for P-256 in a group with Ed25519", p256),
        (
            "an agent for Ed25519 in a group with P-256",
            input("ciphersuite", json!(2)),
        ),
        (
            "a suite that nobody has",
            input("ciphersuite", json!(0xfa01)),
        ),
    ]
}
