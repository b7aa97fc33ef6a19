//! `franking`: tags, stamps, what receivers and hubs check.

mod codecs;

use bytes::Bytes;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri, Timestamp};
use mimi_franking::{
    CipherSuite, Credential, Delivery, Fault, Frank, FrankingAgent, FrankingIntegrityTbs,
    FrankingTag, HubKey, HubKeyRing, Opening, ServerFrankingContext, verify,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::types::SignatureScheme;
use serde_json::{Value, json};

use super::content::{self, ALICE, ROOM};
use super::procedures::{array, octets, text};
use super::{Case, Family, Outcome, Refused};
use crate::hex;

/// The first test key of RFC 8032 §7.1: secret and public.
const SECRET: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const HUB_KEY: [u8; 32] = [0x4b; 32];
const ACCEPTED: u64 = 1_764_000_000_123;
/// MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519.
const SUITE: CipherSuite = CipherSuite(1);

pub(in crate::vectors) fn tag(input: &Value) -> Outcome {
    let tag = FrankingTag::commit(&array(input, "salt"), &octets(input, "application_data"));
    Ok(json!({ "franking_tag": hex::encode(&tag.0) }))
}

fn ring(key: [u8; 32]) -> HubKeyRing {
    HubKeyRing::new(HubKey::from_bytes(key), Timestamp::default())
}

pub(in crate::vectors) fn stamp(input: &Value) -> Outcome {
    let tag = FrankingTag(array(input, "franking_tag"));
    let context = ServerFrankingContext::from_slice(&octets(input, "context")).unwrap();
    let signer = SignatureKeyPair::from_raw(
        SignatureScheme::ED25519,
        octets(input, "signature_secret_key"),
        octets(input, "signature_public_key"),
    );
    let suite = CipherSuite(u16::try_from(input["ciphersuite"].as_u64().unwrap()).unwrap());
    let frank = ring(array(input, "hub_key")).stamp(&tag, &context, suite, &signer);
    let frank = frank.unwrap();
    let tbs = FrankingIntegrityTbs {
        server_frank: frank.server_frank,
        ciphersuite: suite,
        context,
    };
    Ok(json!({
        "server_frank": hex::encode(&frank.server_frank),
        "signed": hex::encode(&tbs.sign_content().unwrap()),
        "frank": hex::encode(&frank.to_vec().unwrap()),
    }))
}

/// What a receiver checks of a message whose application data is MIMI content.
pub(in crate::vectors) fn verify_frank(input: &Value) -> Outcome {
    let application_data = octets(input, "application_data");
    let content = MimiContent::decode(&application_data).unwrap();
    let agent = FrankingAgent::from_slice(&octets(input, "franking_agent")).unwrap();
    let uri = |key| MimiUri::parse(text(input, key)).unwrap();
    let delivery = Delivery {
        tag: &FrankingTag(array(input, "franking_tag")),
        frank: &Frank::from_slice(&octets(input, "frank")).unwrap(),
        accepted_timestamp: Timestamp::from_millis(
            text(input, "accepted_timestamp").parse().unwrap(),
        ),
        opening: Opening {
            application_data: &application_data,
            salt: content.salt.as_bytes(),
            sender_uri: content.extensions.sender_uri().unwrap_or_default(),
            room_uri: content.extensions.room_uri().unwrap_or_default(),
        },
        sender: &uri("sender"),
        room: &uri("room"),
        group_ciphersuite: SUITE,
        agent: &agent,
        certified_agent: None,
    };
    match verify(&delivery, OpenMlsRustCrypto::default().crypto()) {
        Ok(_) => Ok(json!({})),
        Err(fault) => Err(Refused::new(
            match fault {
                Fault::SenderUri => "sender_uri",
                Fault::RoomUri => "room_uri",
                Fault::Tag => "tag",
                Fault::AgentIdentity => "agent_identity",
                Fault::AgentDomain { .. } => "agent_domain",
                Fault::CipherSuite { .. } => "cipher_suite",
                Fault::Signature => "signature",
                other => panic!("{other}"),
            },
            None,
        )),
    }
}

/// Whether a hub knows a stamp for its own.
pub(in crate::vectors) fn recognise(input: &Value) -> Outcome {
    let context = ServerFrankingContext::from_slice(&octets(input, "context")).unwrap();
    let tag = FrankingTag(array(input, "franking_tag"));
    let frank = array(input, "server_frank");
    match ring(array(input, "hub_key")).recognises(&frank, &tag, &context) {
        Ok(true) => Ok(json!({})),
        _ => Err(Refused::new("server_frank", None)),
    }
}

/// A message with all that was made of it.
struct Scene {
    data: Vec<u8>,
    tag: FrankingTag,
    context: ServerFrankingContext,
    frank: Frank,
    agent: FrankingAgent,
}

fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

fn scene() -> Scene {
    let data = content::message("We have a *release*!").encode();
    let tag = FrankingTag::commit(&[0x5e; 16], &data);
    let context = ServerFrankingContext {
        sender_uri: uri(ALICE),
        room_uri: uri(ROOM),
        accepted_timestamp: Timestamp::from_millis(ACCEPTED),
    };
    let (secret, public) = (hex::literal(SECRET), hex::literal(PUBLIC));
    let signer = SignatureKeyPair::from_raw(SignatureScheme::ED25519, secret, public.clone());
    Scene {
        frank: ring(HUB_KEY).stamp(&tag, &context, SUITE, &signer).unwrap(),
        agent: FrankingAgent::basic(public, &uri("mimi://hub.example")),
        data,
        tag,
        context,
    }
}

/// An input of `frank_verify` in which everything is as it should be.
fn delivered(scene: &Scene) -> Value {
    json!({
        "application_data": hex::encode(&scene.data),
        "franking_tag": hex::encode(&scene.tag.0),
        "frank": hex::encode(&scene.frank.to_vec().unwrap()),
        "accepted_timestamp": ACCEPTED.to_string(),
        "sender": ALICE,
        "room": ROOM,
        "franking_agent": hex::encode(&scene.agent.to_vec().unwrap()),
        "group_ciphersuite": SUITE.0,
    })
}

fn deliveries(scene: &Scene) -> Vec<Case> {
    let with = |key: &str, value: Value| {
        let mut input = delivered(scene);
        input[key] = value;
        input
    };
    let encoded = |value: &dyn Fn(&mut Frank)| {
        let mut frank = scene.frank.clone();
        value(&mut frank);
        json!(hex::encode(&frank.to_vec().unwrap()))
    };
    let agent = |agent: FrankingAgent| json!(hex::encode(&agent.to_vec().unwrap()));
    let key = scene.agent.signature_key.clone();
    let mut other_key = key.to_vec();
    other_key[3] ^= 1;
    let mut signature = scene.frank.integrity_signature.to_vec();
    signature[40] ^= 1;
    let mut cases = vec![Case::valid(
        "frank_verify",
        "verify: as it was sent",
        delivered(scene),
    )];
    for (name, input, rule) in [
        (
            "another sender",
            with("sender", json!("mimi://a.example/u/bob")),
            "sender_uri",
        ),
        (
            "another room",
            with("room", json!("mimi://hub.example/r/other")),
            "room_uri",
        ),
        (
            "another tag",
            with("franking_tag", json!("00".repeat(32))),
            "tag",
        ),
        (
            "an agent of another domain",
            with(
                "franking_agent",
                agent(FrankingAgent::basic(key.clone(), &uri("mimi://a.example"))),
            ),
            "agent_domain",
        ),
        (
            "an agent without a URI",
            with(
                "franking_agent",
                agent(FrankingAgent {
                    signature_key: key.clone(),
                    credential: Credential::Basic(Bytes::from_static(b"hub")),
                }),
            ),
            "agent_identity",
        ),
        (
            "another suite",
            with(
                "frank",
                encoded(&|frank| frank.ciphersuite = CipherSuite(3)),
            ),
            "cipher_suite",
        ),
        (
            "another time",
            with("accepted_timestamp", json!((ACCEPTED + 1).to_string())),
            "signature",
        ),
        (
            "another stamp",
            with("frank", encoded(&|frank| frank.server_frank[0] ^= 1)),
            "signature",
        ),
        (
            "another signature",
            with(
                "frank",
                encoded(&|frank| frank.integrity_signature = signature.clone().into()),
            ),
            "signature",
        ),
        (
            "a short signature",
            with(
                "frank",
                encoded(&|frank| frank.integrity_signature.truncate(63)),
            ),
            "signature",
        ),
        (
            "another key",
            with(
                "franking_agent",
                agent(FrankingAgent::basic(other_key, &uri("mimi://hub.example"))),
            ),
            "signature",
        ),
    ] {
        cases.push(Case::refused(
            "frank_verify",
            &format!("verify: {name}"),
            input,
            rule,
            None,
        ));
    }
    cases
}

pub(in crate::vectors) fn family() -> Family {
    let scene = scene();
    let context = hex::encode(&scene.context.to_vec().unwrap());
    let tag = hex::encode(&scene.tag.0);
    let committed = |data: &[u8], salt: u8| json!({ "salt": hex::encode(&[salt; 16]), "application_data": hex::encode(data) });
    let stamped = |key: u8, suite: u16| {
        json!({
            "hub_key": hex::encode(&[key; 32]),
            "signature_secret_key": SECRET,
            "signature_public_key": PUBLIC,
            "ciphersuite": suite,
            "franking_tag": tag,
            "context": context,
        })
    };
    let mut cases = vec![
        Case::valid(
            "franking_tag",
            "tag: a message",
            committed(&scene.data, 0x5e),
        ),
        Case::valid(
            "franking_tag",
            "tag: another salt",
            committed(&scene.data, 0x5f),
        ),
        Case::valid("franking_tag", "tag: nothing", committed(&[], 0)),
        Case::valid("frank", "stamp: the message", stamped(0x4b, 1)),
        Case::valid("frank", "stamp: another hub key", stamped(0x4c, 1)),
        Case::valid(
            "frank",
            "stamp: another suite with Ed25519",
            stamped(0x4b, 3),
        ),
    ];
    let stamp = hex::encode(&scene.frank.server_frank);
    let known = |hub_key: u8, tag: &str, context: &str| {
        json!({
            "hub_key": hex::encode(&[hub_key; 32]),
            "franking_tag": tag,
            "context": context,
            "server_frank": stamp,
        })
    };
    let later = ServerFrankingContext {
        accepted_timestamp: Timestamp::from_millis(ACCEPTED + 1),
        ..scene.context.clone()
    };
    let later = hex::encode(&later.to_vec().unwrap());
    let name = "recognise: the hub's own stamp";
    cases.push(Case::valid(
        "frank_recognise",
        name,
        known(0x4b, &tag, &context),
    ));
    for (name, input) in [
        ("another key", known(0x4c, &tag, &context)),
        ("another tag", known(0x4b, &"00".repeat(32), &context)),
        ("another time", known(0x4b, &tag, &later)),
    ] {
        let name = format!("recognise: {name}");
        cases.push(Case::refused(
            "frank_recognise",
            &name,
            input,
            "server_frank",
            None,
        ));
    }
    cases.extend(deliveries(&scene));
    cases.extend(codecs::codecs(&scene));
    Family {
        family: "franking".to_owned(),
        about: "Message franking (PROTO, \"Message Franking\" and \"Report abuse\")".to_owned(),
        cases,
    }
}
