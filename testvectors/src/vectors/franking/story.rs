//! A message from its sender to the hub's verdict, with fixed keys.

use mimi_content::media::{MediaType, MediaTypeList};
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri};
use mimi_franking::{AbuseReport, AbuseType, AbusiveMessage, Frank};
use serde_json::{Value, json};

use super::super::content::{self, ALICE, ROOM};
use super::super::run;
use super::keys::{ED25519, Key, P256};
use crate::hex;

pub(super) const BOB: &str = "mimi://b.example/u/bob";
pub(super) const CELLAR: &str = "mimi://hub.example/r/cellar";
pub(super) const ACCEPTED: u64 = 1_764_000_000_123;

/// The key that stamps, and the one before it.
pub(super) const AUTUMN: (&str, u64, u8) = ("autumn", 1_760_000_000_000, 0x4b);
pub(super) const SPRING: (&str, u64, u8) = ("spring", 1_740_000_000_000, 0x4c);

pub(super) fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

pub(super) fn encoded(value: &impl Encode) -> Value {
    json!(hex::encode(&value.to_vec().unwrap()))
}

pub(super) fn hub_keys(keys: &[(&str, u64, u8)]) -> Value {
    let keys = keys.iter().map(|(name, since, octet)| {
        let key = hex::encode(&[*octet; 32]);
        json!({ "name": name, "since": since.to_string(), "key": key })
    });
    keys.collect()
}

/// The component `content_media_types` with these types.
pub(super) fn types(essences: &[&str]) -> Value {
    let types = essences.iter().map(|essence| MediaType::new(*essence));
    encoded(&MediaTypeList(types.collect()))
}

/// The input with another value in one place.
pub(super) fn with(input: &Value, key: &str, value: Value) -> Value {
    let mut input = input.clone();
    input[key] = value;
    input
}

/// Who sends what, and how the hub takes it.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) content: MimiContent<'static>,
    pub(super) sender: &'static str,
    pub(super) room: &'static str,
    pub(super) accepted: u64,
    pub(super) key: &'static Key,
    pub(super) hub_keys: Value,
    pub(super) content_media_types: Value,
}

impl Plan {
    /// Alice says something in a room that does not frame content.
    pub(super) fn new(text: &'static str) -> Self {
        Plan {
            content: content::message(text),
            sender: ALICE,
            room: ROOM,
            accepted: ACCEPTED,
            key: &ED25519,
            hub_keys: hub_keys(&[AUTUMN, SPRING]),
            content_media_types: Value::Null,
        }
    }

    /// The same where content is framed and signatures are made with P-256.
    pub(super) fn framed(text: &'static str) -> Self {
        Plan {
            key: &P256,
            content_media_types: types(&["text/plain", "application/mimi-content"]),
            ..Plan::new(text)
        }
    }

    /// What is accepted later, or earlier.
    pub(super) fn at(self, accepted: u64) -> Self {
        Plan { accepted, ..self }
    }

    /// What somebody sends in his own name.
    pub(super) fn by(mut self, sender: &'static str) -> Self {
        self.content.extensions.set_sender_uri(&uri(sender));
        Plan { sender, ..self }
    }

    /// What is sent to another room.
    pub(super) fn into_room(mut self, room: &'static str) -> Self {
        self.content.extensions.set_room_uri(&uri(room));
        Plan { room, ..self }
    }
}

/// The input of each step, made of what came out of the one before.
pub(super) struct Story {
    pub(super) commit: Value,
    pub(super) frank: Value,
    pub(super) verify: Value,
    pub(super) judge: Value,
    /// As the receiver shows it.
    pub(super) message: AbusiveMessage,
}

impl Story {
    pub(super) fn new(plan: &Plan) -> Self {
        let commit = json!({
            "content": hex::encode(&plan.content.encode()),
            "content_media_types": plan.content_media_types,
            "own_user": plan.sender,
            "room": plan.room,
        });
        let committed = run("frank_commit", &commit).unwrap();
        let frank = json!({
            "hub_keys": plan.hub_keys,
            "agents": [plan.key.owned()],
            "frank_aad": committed["franking_tag"],
            "franking_agent": encoded(&plan.key.agent()),
            "sender": plan.sender,
            "room": plan.room,
            "accepted_timestamp": plan.accepted.to_string(),
            "ciphersuite": plan.key.suite,
        });
        let verify = json!({
            "application_data": committed["application_data"],
            "content_media_types": plan.content_media_types,
            "franking_tag": committed["franking_tag"],
            "frank": run("frank", &frank).unwrap()["frank"],
            "accepted_timestamp": plan.accepted.to_string(),
            "after": null,
            "sender": plan.sender,
            "room": plan.room,
            "franking_agent": frank["franking_agent"],
            "certified_agent": null,
            "group_ciphersuite": plan.key.suite,
        });
        let verified = run("frank_verify", &verify).unwrap();
        let message = decoded::<AbusiveMessage>(&verified["abusive_message"]);
        let judge = json!({
            "hub_keys": plan.hub_keys,
            "agents": [plan.key.owned()],
            "retired_keys": [],
            "report": encoded(&accusing(plan.sender, vec![message.clone()])),
            "room": plan.room,
            "content_media_types": plan.content_media_types,
        });
        Story {
            commit,
            frank,
            verify,
            judge,
            message,
        }
    }

    pub(super) fn stamp(&self) -> Frank {
        self.message.frank.clone()
    }

    /// The input of `frank_verify` with another stamp.
    pub(super) fn stamped(&self, change: impl FnOnce(&mut Frank)) -> Value {
        let mut frank = self.stamp();
        change(&mut frank);
        with(&self.verify, "frank", encoded(&frank))
    }

    /// The message, changed before it is reported.
    pub(super) fn altered(&self, change: impl FnOnce(&mut AbusiveMessage)) -> AbusiveMessage {
        let mut message = self.message.clone();
        change(&mut message);
        message
    }

    /// The input of `report_judge` with other messages of Alice.
    pub(super) fn reporting(&self, messages: Vec<AbusiveMessage>) -> Value {
        with(&self.judge, "report", encoded(&accusing(ALICE, messages)))
    }
}

fn decoded<T: Decode>(value: &Value) -> T {
    T::from_slice(&hex::literal(value.as_str().unwrap())).unwrap()
}

/// A report of Bob's.
pub(super) fn accusing(accused: &str, messages: Vec<AbusiveMessage>) -> AbuseReport {
    AbuseReport {
        reporting_user: Some(uri(BOB)),
        alleged_abuser: uri(accused),
        reason: AbuseType::RESERVED,
        note: String::new(),
        messages,
        extensions: mimi_content::component::ComponentMap::new(),
    }
}
