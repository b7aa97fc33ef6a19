//! Cases of receivers that refuse what they are delivered.

use mimi_content::MimiContent;
use mimi_franking::CipherSuite;
use serde_json::{Value, json};

use super::super::Case;
use super::super::run;
use super::keys::{ED25519, OTHER};
use super::receiving::{certified, reframed, with_stamp_of};
use super::sending::without;
use super::signatures;
use super::story::{ACCEPTED, BOB, CELLAR, Plan, Story, encoded, with};
use crate::hex;

/// What is refused: the name, the input, and the rule.
pub(super) type Refusals = Vec<(&'static str, Value, &'static str)>;

pub(super) fn refused(bare: &Story, framed: &Story) -> Vec<Case> {
    [
        by_sender(bare, framed),
        by_room(bare),
        by_hub_or_follower(bare),
        by_path(bare),
        signatures::refused(bare, framed),
        unreadable(bare, framed),
    ]
    .into_iter()
    .flatten()
    .map(|(name, input, rule)| {
        let name = format!("verify: {name}");
        Case::refused("frank_verify", &name, input, rule, None)
    })
    .collect()
}

/// The input of a receiver with other content, as if MLS had shown it.
fn saying(story: &Story, content: &MimiContent<'_>) -> Value {
    let data = hex::encode(&content.encode());
    let salt = hex::encode(content.salt.as_bytes());
    let tag = json!({ "salt": salt, "application_data": data });
    let tag = run("franking_tag", &tag).unwrap();
    let input = with(&story.verify, "application_data", json!(data));
    with(&input, "franking_tag", tag["franking_tag"].clone())
}

fn by_sender(bare: &Story, framed: &Story) -> Refusals {
    let input = |key: &str, value: Value| with(&bare.verify, key, value);
    let other = Story::new(&Plan::new("We have nothing."));
    let inner = json!({
        "salt": "5e".repeat(16),
        "application_data": framed.commit["content"],
    });
    let inner = run("franking_tag", &inner).unwrap()["franking_tag"].clone();
    let bob = Story::new(&Plan::new("It was Bob!").by(BOB));
    vec![
        (
            "another sender",
            input("sender", json!("mimi://a.example/u/bob")),
            "sender_uri",
        ),
        ("another room", input("room", json!(CELLAR)), "room_uri"),
        (
            "content in the name of somebody else",
            with(&bob.verify, "sender", bare.verify["sender"].clone()),
            "sender_uri",
        ),
        (
            "content that names nobody",
            saying(bare, &without(&[1])),
            "sender_uri",
        ),
        (
            "content that names no room",
            saying(bare, &without(&[2])),
            "room_uri",
        ),
        (
            "another tag",
            input("franking_tag", json!("00".repeat(32))),
            "tag",
        ),
        (
            "other content than the sender committed to",
            input("application_data", other.verify["application_data"].clone()),
            "tag",
        ),
        (
            "a tag over the content without its frame",
            with(&framed.verify, "franking_tag", inner),
            "tag",
        ),
    ]
}

fn by_room(bare: &Story) -> Refusals {
    let agent = |identity: &'static str| {
        with(
            &bare.verify,
            "franking_agent",
            encoded(&ED25519.agent_of(identity)),
        )
    };
    vec![
        (
            "an agent of another domain",
            agent("mimi://a.example"),
            "agent_domain",
        ),
        (
            "an agent of a domain below the hub's",
            agent("mimi://a.hub.example"),
            "agent_domain",
        ),
        (
            "an agent of the domain above the hub's",
            agent("mimi://example"),
            "agent_domain",
        ),
        (
            "an agent certified for another domain",
            certified(bare, Some("mimi://a.example")),
            "agent_domain",
        ),
        ("an agent without a URI", agent("hub"), "agent_identity"),
        ("an agent without a name", agent(""), "agent_identity"),
        (
            "an agent with a URI that is not in normal form",
            agent("mimi://HUB.example"),
            "agent_identity",
        ),
        (
            "an agent that is a user of the hub",
            agent("mimi://hub.example/u/mallory"),
            "agent_identity",
        ),
        (
            "an agent that is the room",
            agent("mimi://hub.example/r/clubhouse"),
            "agent_identity",
        ),
        (
            "a certified agent whose name nobody has checked",
            certified(bare, None),
            "agent_unverified",
        ),
        (
            "a user of the hub with a certificate",
            certified(bare, Some("mimi://hub.example/u/mallory")),
            "agent_identity",
        ),
    ]
}

fn by_hub_or_follower(bare: &Story) -> Refusals {
    let after = |time: u64| json!(time.to_string());
    let later = Story::new(&Plan::new("We have a *rerelease*!").at(ACCEPTED + 1));
    let moved = with_stamp_of(bare, &later);
    vec![
        (
            "another suite",
            bare.stamped(|frank| frank.ciphersuite = CipherSuite(3)),
            "cipher_suite",
        ),
        (
            "a group with another suite",
            with(&bare.verify, "group_ciphersuite", json!(3)),
            "cipher_suite",
        ),
        (
            "delivered again",
            with(&bare.verify, "after", after(ACCEPTED)),
            "not_later",
        ),
        (
            "delivered after a later one",
            with(&bare.verify, "after", after(ACCEPTED + 1)),
            "not_later",
        ),
        (
            "a later message with frank and time that were seen",
            with(&moved, "after", after(ACCEPTED + 1)),
            "not_later",
        ),
    ]
}

fn by_path(bare: &Story) -> Refusals {
    let input = |key: &str, value: Value| with(&bare.verify, key, value);
    let forged = Story::new(&Plan {
        key: &OTHER,
        ..Plan::new("We have a *release*!")
    });
    let of_bob = Story::new(&Plan::new("Hi.").by(BOB));
    let elsewhere = Story::new(&Plan::new("Hi.").into_room(CELLAR));
    vec![
        (
            "another time",
            input("accepted_timestamp", json!((ACCEPTED + 1).to_string())),
            "signature",
        ),
        (
            "another stamp",
            bare.stamped(|frank| frank.server_frank[0] ^= 1),
            "signature",
        ),
        (
            "a stamp by a follower's key",
            with_stamp_of(bare, &forged),
            "signature",
        ),
        (
            "frank and time of somebody else's message",
            with_stamp_of(bare, &of_bob),
            "signature",
        ),
        (
            "frank and time of a message in another room",
            with_stamp_of(bare, &elsewhere),
            "signature",
        ),
    ]
}

fn unreadable(bare: &Story, framed: &Story) -> Refusals {
    let data = |story: &Story, data: Vec<u8>| {
        with(&story.verify, "application_data", json!(hex::encode(&data)))
    };
    let frame = hex::literal(framed.verify["application_data"].as_str().unwrap());
    let bare_types = with(&framed.verify, "content_media_types", Value::Null);
    let content = hex::literal(bare.verify["application_data"].as_str().unwrap());
    vec![
        ("framed where nothing is", bare_types, "content"),
        (
            "content with an octet behind it",
            data(bare, [&content[..], &[0]].concat()),
            "content",
        ),
        (
            "not framed where everything is",
            data(framed, content),
            "framing",
        ),
        (
            "an octet behind the frame",
            data(framed, [&frame[..], &[0]].concat()),
            "framing",
        ),
        (
            "framed as the group's first type, a text",
            reframed(framed, "", &[]),
            "media_type",
        ),
        (
            "framed as a text",
            reframed(framed, "text/plain", &[]),
            "media_type",
        ),
    ]
}
