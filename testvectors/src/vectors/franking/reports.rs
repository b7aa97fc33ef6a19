//! Cases of hubs that judge reports. The verdicts that a case must give stand
//! beside it, so that none slips in unseen.

use mimi_franking::AbusiveMessage;
use serde_json::{Value, json};

use super::super::Case;
use super::super::content::ALICE;
use super::super::run;
use super::altered;
use super::keys::{ED25519, OTHER, P256};
use super::story::{
    ACCEPTED, AUTUMN, BOB, CELLAR, Plan, SPRING, Story, accusing, encoded, hub_keys, types, with,
};
use crate::hex;

/// The name of a case, its input, and of each message the hub key or the fault.
pub(super) type Verdicts = Vec<(&'static str, Value, Vec<&'static str>)>;

pub(super) fn reports(bare: &Story, framed: &Story) -> Vec<Case> {
    [
        received(bare, framed),
        keys(bare),
        altered::contents(bare),
        altered::stamps(bare),
        altered::unreadable(bare, framed),
        accusations(bare),
        several(bare),
    ]
    .into_iter()
    .flatten()
    .map(|(name, input, expected)| {
        let case = Case::valid("report_judge", &format!("judge: {name}"), input);
        let messages = case.valid.as_ref().unwrap()["messages"].as_array().unwrap();
        let found = messages.iter().map(|message| {
            let verdict = message["hub_key"].as_str().or(message["fault"].as_str());
            verdict.unwrap()
        });
        assert!(found.eq(expected), "{name}: {messages:?}");
        case
    })
    .collect()
}

fn received(bare: &Story, framed: &Story) -> Verdicts {
    let pseudonym = Story::new(&Plan::new("psst").by("mimi://a.example/p/7f3a"));
    let mut anonymous = accusing(ALICE, vec![bare.message.clone()]);
    anonymous.reporting_user = None;
    let first = Plan {
        content_media_types: types(&["application/mimi-content"]),
        ..Plan::new("First things first.")
    };
    vec![
        (
            "a message as it was received",
            bare.judge.clone(),
            vec!["autumn"],
        ),
        (
            "framed, and signed with P-256",
            framed.judge.clone(),
            vec!["autumn"],
        ),
        (
            "framed as the first type",
            Story::new(&first).judge,
            vec!["autumn"],
        ),
        ("of a pseudonym", pseudonym.judge, vec!["autumn"]),
        (
            "reported by nobody",
            with(&bare.judge, "report", encoded(&anonymous)),
            vec!["autumn"],
        ),
        ("no message", bare.reporting(Vec::new()), vec![]),
    ]
}

/// Keys that the hub has, had or never had.
fn keys(bare: &Story) -> Verdicts {
    let input = |key: &str, value: Value| with(&bare.judge, key, value);
    let agents =
        |agents: Value, retired: Value| with(&input("agents", agents), "retired_keys", retired);
    let by = |keys: &[(&str, u64, u8)], accepted: u64| {
        let plan = Plan {
            hub_keys: hub_keys(keys),
            ..Plan::new("Old news.").at(accepted)
        };
        with(
            &Story::new(&plan).judge,
            "hub_keys",
            hub_keys(&[AUTUMN, SPRING]),
        )
    };
    let twins = [("new", AUTUMN.1, AUTUMN.2), ("old", SPRING.1, AUTUMN.2)];
    let old_twin = with(&by(&[AUTUMN], AUTUMN.1 - 1), "hub_keys", hub_keys(&twins));
    let elsewhere = agents(json!([OTHER.owned()]), json!([]));
    let mislabelled = with(&ED25519.retired(), "signature_scheme", json!(P256.scheme));
    vec![
        (
            "stamped with a retired key",
            by(&[SPRING], SPRING.1 + 1),
            vec!["spring"],
        ),
        (
            "stamped with a retired key after its time",
            by(&[SPRING], AUTUMN.1),
            vec!["spring"],
        ),
        (
            "stamped before the first key's time",
            by(&[AUTUMN], 1),
            vec!["autumn"],
        ),
        (
            "one secret under two names, of which the later was in use",
            input("hub_keys", hub_keys(&twins)),
            vec!["new"],
        ),
        (
            "one secret under two names, of which the earlier was in use",
            old_twin,
            vec!["old"],
        ),
        (
            "stamped with a key that the hub has erased, and not its oldest",
            input("hub_keys", hub_keys(&[SPRING])),
            vec!["other_content"],
        ),
        (
            "stamped before the time of the oldest key that the hub has",
            with(
                &by(&[SPRING], SPRING.1 + 1),
                "hub_keys",
                hub_keys(&[AUTUMN]),
            ),
            vec!["key_erased"],
        ),
        (
            "signed with a retired key",
            agents(json!([OTHER.owned()]), json!([ED25519.retired()])),
            vec!["autumn"],
        ),
        (
            "signed with one of several keys",
            agents(
                json!([P256.owned(), OTHER.owned(), ED25519.owned()]),
                json!([]),
            ),
            vec!["autumn"],
        ),
        (
            "signed with a key that the hub never had",
            elsewhere.clone(),
            vec!["signature"],
        ),
        (
            "signed with a key that is kept for another scheme",
            agents(json!([OTHER.owned()]), json!([mislabelled])),
            vec!["signature"],
        ),
        (
            "stamped by another hub",
            with(&elsewhere, "hub_keys", hub_keys(&[SPRING])),
            vec!["never_franked"],
        ),
    ]
}

/// Who is accused of what, and what a hub cannot see.
fn accusations(bare: &Story) -> Verdicts {
    let bob = encoded(&accusing(BOB, vec![bare.message.clone()]));
    let provider = encoded(&accusing("mimi://a.example", vec![bare.message.clone()]));
    let harmless = Story::new(&Plan::new("Nice weather."));
    let sent = with(
        &harmless.verify,
        "application_data",
        bare.verify["application_data"].clone(),
    );
    let disputed = run("frank_dispute", &sent).unwrap();
    let disputed = hex::literal(disputed["abusive_message"].as_str().unwrap());
    let disputed: AbusiveMessage = mimi_content::tls::Decode::from_slice(&disputed).unwrap();
    vec![
        (
            "somebody else accused",
            with(&bare.judge, "report", bob),
            vec!["sender_uri"],
        ),
        (
            "the sender's provider accused",
            with(&bare.judge, "report", provider),
            vec!["sender_uri"],
        ),
        (
            "reported to another room",
            with(&bare.judge, "room", json!(CELLAR)),
            vec!["room_uri"],
        ),
        (
            "what a sender committed to and did not send",
            harmless.judge.clone(),
            vec!["autumn"],
        ),
        (
            "what a sender sent and did not commit to",
            bare.reporting(vec![disputed]),
            vec!["other_content"],
        ),
    ]
}

/// Several messages: what repeats is told whether it is proven or not.
fn several(bare: &Story) -> Verdicts {
    let one = bare.message.clone();
    let later = Story::new(&Plan::new("Good night.").at(ACCEPTED + 1)).message;
    let made_up = |text| {
        let content = Plan::new(text).content.encode();
        bare.altered(|message| message.message_content = content.into())
    };
    let resigned = bare.altered(|message| message.frank.integrity_signature.clear());
    let twice = Story::new(&Plan::new("The other one.")).message;
    let all = |messages: &[&AbusiveMessage]| {
        bare.reporting(messages.iter().map(|m| (*m).clone()).collect())
    };
    let (lie, other_lie) = (made_up("Lies!"), made_up("More lies!"));
    vec![
        (
            "two messages, the later one first",
            all(&[&later, &one]),
            vec!["autumn", "autumn"],
        ),
        (
            "a message twice",
            all(&[&one, &later, &one]),
            vec!["autumn"; 3],
        ),
        (
            "a message twice, once without a signature",
            all(&[&resigned, &one]),
            vec!["signature", "autumn"],
        ),
        (
            "another text at the time of a message",
            all(&[&one, &lie]),
            vec!["autumn", "other_content"],
        ),
        (
            "another text first, and the message",
            all(&[&lie, &one]),
            vec!["other_content", "autumn"],
        ),
        (
            "several texts at one time, one of them twice",
            all(&[&one, &lie, &other_lie, &lie, &one]),
            vec![
                "autumn",
                "other_content",
                "other_content",
                "other_content",
                "autumn",
            ],
        ),
        (
            "two messages that a hub stamped at one time",
            all(&[&one, &twice]),
            vec!["autumn", "autumn"],
        ),
    ]
}
