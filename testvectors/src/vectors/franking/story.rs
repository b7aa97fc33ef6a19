//! A message from its sender to the hub's verdict, with fixed keys.

use bytes::Bytes;
use mimi_content::media::{MediaType, MediaTypeList};
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri};
use mimi_franking::{AbuseReport, AbuseType, AbusiveMessage, Credential, Frank, FrankingAgent};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::signatures::Signer;
use openmls_traits::types::SignatureScheme;
use serde_json::{Value, json};

use super::super::content::{self, ALICE, ROOM};
use super::super::run;
use crate::hex;

pub(super) const BOB: &str = "mimi://b.example/u/bob";
pub(super) const CELLAR: &str = "mimi://hub.example/r/cellar";
pub(super) const HUB: &str = "mimi://hub.example";
pub(super) const ACCEPTED: u64 = 1_764_000_000_123;

/// The key that stamps, and the one before it.
pub(super) const AUTUMN: (&str, u64, u8) = ("autumn", 1_760_000_000_000, 0x4b);
pub(super) const SPRING: (&str, u64, u8) = ("spring", 1_740_000_000_000, 0x4c);

/// A signature key of the hub.
pub(super) struct Key {
    pub(super) scheme: u16,
    secret: &'static str,
    public: &'static str,
    /// The suite of rooms that it signs for.
    suite: u16,
}

/// The first test key of RFC 8032 §7.1, for
/// MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519.
pub(super) const ED25519: Key = Key {
    scheme: 0x0807,
    secret: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    public: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    suite: 1,
};

/// The second test key there.
pub(super) const OTHER: Key = Key {
    scheme: 0x0807,
    secret: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    public: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    suite: 1,
};

/// The test key of RFC 6979 §A.2.5, for
/// MLS_128_DHKEMP256_AES128GCM_SHA256_P256. Its signatures are made as that RFC
/// says, so they are the same each time.
pub(super) const P256: Key = Key {
    scheme: 0x0403,
    secret: "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
    public: "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
             7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    suite: 2,
};

impl Key {
    pub(super) fn public(&self) -> Vec<u8> {
        hex::literal(self.public)
    }

    pub(super) fn agent(&self) -> FrankingAgent {
        FrankingAgent::basic(self.public(), &uri(HUB))
    }

    /// An agent with this key and whatever identity.
    pub(super) fn agent_of(&self, identity: &'static str) -> FrankingAgent {
        FrankingAgent {
            signature_key: self.public().into(),
            credential: Credential::Basic(Bytes::from_static(identity.as_bytes())),
        }
    }

    pub(super) fn sign(&self, octets: &[u8]) -> Vec<u8> {
        let scheme = SignatureScheme::try_from(self.scheme).unwrap();
        let secret = hex::literal(self.secret);
        let key = SignatureKeyPair::from_raw(scheme, secret, self.public());
        key.sign(octets).unwrap()
    }

    /// As one of the `agents` of an input.
    pub(super) fn owned(&self) -> Value {
        json!({
            "franking_agent": encoded(&self.agent()),
            "signature_scheme": self.scheme,
            "secret_key": self.secret,
        })
    }

    /// As one of the `retired_keys` of an input.
    pub(super) fn retired(&self) -> Value {
        json!({ "signature_scheme": self.scheme, "signature_key": self.public })
    }
}

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
