//! Cases of receivers: what they take, refuse and dispute.

use bytes::Bytes;
use mimi_franking::{Credential, FrankingAgent};
use serde_json::{Value, json};

use super::super::Case;
use super::super::run;
use super::keys::{ED25519, HUB};
use super::sending::without;
use super::story::{ACCEPTED, BOB, CELLAR, Plan, Story, encoded, with};
use crate::hex;

/// What is taken, and why it may be.
pub(super) fn accepted(bare: &Story, framed: &Story) -> Vec<Case> {
    let input = |key: &str, value: Value| with(&bare.verify, key, value);
    let pseudonym = Plan::new("psst").by("mimi://a.example/p/7f3a");
    let later = Story::new(&Plan::new("We have a *rerelease*!").at(ACCEPTED + 1));
    cases(
        "frank_verify",
        "verify",
        vec![
            ("as it was sent", bare.verify.clone()),
            ("framed, and signed with P-256", framed.verify.clone()),
            ("by a pseudonym", Story::new(&pseudonym).verify),
            (
                "a millisecond after the one before",
                input("after", json!((ACCEPTED - 1).to_string())),
            ),
            ("a certified agent", certified(bare, Some(HUB))),
            (
                "a type that differs in case",
                reframed(framed, "application/MIMI-content", &[]),
            ),
            (
                "an agent that names itself, whatever is certified",
                input("certified_agent", json!("mimi://a.example")),
            ),
            (
                "a type with parameters",
                reframed(framed, "application/mimi-content", &[("a", "b")]),
            ),
            (
                "frank and time of the sender's next message",
                with_stamp_of(bare, &later),
            ),
        ],
    )
}

fn cases(procedure: &str, verb: &str, inputs: Vec<(&str, Value)>) -> Vec<Case> {
    let inputs = inputs.into_iter();
    inputs
        .map(|(name, input)| Case::valid(procedure, &format!("{verb}: {name}"), input))
        .collect()
}

/// With an agent that has certificates, of which this name was checked.
pub(super) fn certified(story: &Story, name: Option<&str>) -> Value {
    let agent = FrankingAgent {
        credential: Credential::X509(vec![Bytes::from_static(b"ee"), Bytes::from_static(b"ca")]),
        ..ED25519.agent()
    };
    let input = with(&story.verify, "franking_agent", encoded(&agent));
    with(&input, "certified_agent", json!(name))
}

/// A follower delivers one message with frank and time of another.
pub(super) fn with_stamp_of(story: &Story, other: &Story) -> Value {
    let input = with(&story.verify, "frank", other.verify["frank"].clone());
    with(
        &input,
        "accepted_timestamp",
        other.verify["accepted_timestamp"].clone(),
    )
}

/// The framed message with another type, which its tag and so its stamp cover.
pub(super) fn reframed(framed: &Story, essence: &str, parameters: &[(&str, &str)]) -> Value {
    let mut media_type = mimi_content::media::MediaType::new(essence);
    for (name, value) in parameters {
        let parameter = ((*name).to_owned(), (*value).to_owned());
        media_type.parameters.push(parameter);
    }
    let content = hex::literal(framed.commit["content"].as_str().unwrap());
    let frame = mimi_content::media::ApplicationFraming {
        media_type,
        content: content.into(),
    };
    let data = encoded(&frame);
    let tag = json!({ "salt": "5e".repeat(16), "application_data": data });
    let tag = run("franking_tag", &tag).unwrap()["franking_tag"].clone();
    let frank = with(&framed.frank, "frank_aad", tag.clone());
    let frank = run("frank", &frank).unwrap()["frank"].clone();
    let input = with(&framed.verify, "application_data", data);
    with(&with(&input, "franking_tag", tag), "frank", frank)
}

/// Receivers who show that a sender committed to something else.
pub(super) fn disputes(bare: &Story, framed: &Story) -> Vec<Case> {
    let other = |story: &Story, data: &Story| {
        with(
            &story.verify,
            "application_data",
            data.verify["application_data"].clone(),
        )
    };
    let harmless = Story::new(&Plan::new("Nice weather."));
    let harmless_framed = Story::new(&Plan::framed("Nice weather."));
    let disputed = other(bare, &harmless);
    let nameless = |names: &[i64]| {
        let data = hex::encode(&without(names).encode());
        with(&bare.verify, "application_data", json!(data))
    };
    let mut cases = cases(
        "frank_dispute",
        "dispute",
        vec![
            (
                "other content than the sender committed to",
                disputed.clone(),
            ),
            (
                "the same where content is framed",
                other(framed, &harmless_framed),
            ),
            ("content that names nobody", nameless(&[1])),
            ("content that names no room", nameless(&[2])),
            (
                "content in the name of somebody else",
                other(bare, &Story::new(&Plan::new("It was Bob!").by(BOB))),
            ),
        ],
    );
    for (name, input, rule) in [
        (
            "content that the tag fits",
            bare.verify.clone(),
            "not_disputed",
        ),
        (
            "from another sender than the hub was told",
            with(&disputed, "sender", json!(BOB)),
            "signature",
        ),
        (
            "in another room",
            with(&disputed, "room", json!(CELLAR)),
            "signature",
        ),
        (
            "at another time",
            with(&disputed, "accepted_timestamp", json!("1")),
            "signature",
        ),
        (
            "delivered again",
            with(&disputed, "after", json!(ACCEPTED.to_string())),
            "not_later",
        ),
        (
            "a time that is not the frank's, and a tag that fits",
            with(&bare.verify, "accepted_timestamp", json!("1")),
            "signature",
        ),
    ] {
        let name = format!("dispute: {name}");
        cases.push(Case::refused("frank_dispute", &name, input, rule, None));
    }
    cases
}
