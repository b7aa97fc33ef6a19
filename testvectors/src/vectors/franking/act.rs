//! The procedures: what senders, hubs and receivers do with a message.

use std::sync::Arc;

use mimi_content::media::MediaTypeList;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri, Timestamp};
use mimi_franking::{
    Accepted, Agent, CipherSuite, CommitError, ContentError, Delivery, Evidence, Fault, Framing,
    Frank, FrankError, Franking, FrankingAgent, FrankingIntegrityTbs, FrankingTag, HubFranker,
    HubKey, HubKeyRing, Opening, Plaintext, ServerFrankingContext, Unfranked, commit_content,
    dispute, verify,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::{OpenMlsRustCrypto, RustCrypto};
use openmls_traits::OpenMlsProvider;
use openmls_traits::types::SignatureScheme;
use serde_json::{Value, json};

use super::super::procedures::{array, list, octets, text};
use super::super::tls::refused;
use super::super::{Outcome, Refused};
use crate::hex;

pub(in crate::vectors) fn tag(input: &Value) -> Outcome {
    let (data, salt) = (octets(input, "application_data"), array(input, "salt"));
    let tag = Opening::new(&data, &salt, None, None).tag();
    Ok(json!({ "franking_tag": hex::encode(&tag.0) }))
}

pub(in crate::vectors) fn commit(input: &Value) -> Outcome {
    let octets = octets(input, "content");
    let content = MimiContent::decode(&octets).unwrap();
    let types = media_types(input);
    let framing = Framing::of(types.as_ref());
    let (own_user, room) = (uri(input, "own_user"), uri(input, "room"));
    match commit_content(&content, framing, &own_user, &room) {
        Ok((data, tag)) => Ok(json!({
            "application_data": hex::encode(&data),
            "franking_tag": hex::encode(&tag.0),
        })),
        Err(error) => Err(Refused::new(
            match error {
                CommitError::NoSenderUri => "no_sender_uri",
                CommitError::NoRoomUri => "no_room_uri",
                CommitError::SenderUri => "sender_uri",
                CommitError::RoomUri => "room_uri",
                other => panic!("{other}"),
            },
            None,
        )),
    }
}

pub(in crate::vectors) fn frank(input: &Value) -> Outcome {
    let (frank_aad, agent) = (
        optional(input, "frank_aad"),
        optional(input, "franking_agent"),
    );
    let (sender, room) = (uri(input, "sender"), uri(input, "room"));
    let accepted = Accepted {
        frank_aad: frank_aad.as_deref(),
        franking_agent: agent.as_deref(),
        sender: &sender,
        room: &room,
        accepted_timestamp: time(&input["accepted_timestamp"]),
        ciphersuite: suite(input, "ciphersuite"),
    };
    match franker(input).frank(&accepted) {
        Ok(Franking::Franked(frank)) => Ok(franked(&frank, &accepted)),
        Ok(Franking::Unfranked(why)) => Ok(json!({
            "server_frank": null,
            "signed": null,
            "frank": null,
            "unfranked": match why {
                Unfranked::NoTag => "no_tag",
                Unfranked::NoAgent => "no_agent",
                Unfranked::OtherAgent => "other_agent",
                Unfranked::AgentScheme => "agent_scheme",
                other => panic!("{other} is new here"),
            },
        })),
        Err(FrankError::Tag(error)) => Err(refused(&error)),
        Err(other) => panic!("{other}"),
    }
}

fn franked(frank: &Frank, accepted: &Accepted<'_>) -> Value {
    let signed = FrankingIntegrityTbs {
        server_frank: frank.server_frank,
        ciphersuite: accepted.ciphersuite,
        context: ServerFrankingContext {
            sender_uri: accepted.sender.clone(),
            room_uri: accepted.room.clone(),
            accepted_timestamp: accepted.accepted_timestamp,
        },
    };
    json!({
        "server_frank": hex::encode(&frank.server_frank),
        "signed": hex::encode(&signed.sign_content().unwrap()),
        "frank": hex::encode(&frank.to_vec().unwrap()),
        "unfranked": null,
    })
}

pub(in crate::vectors) fn verify_frank(input: &Value) -> Outcome {
    receive(input, verify)
}

pub(in crate::vectors) fn dispute_tag(input: &Value) -> Outcome {
    receive(input, dispute)
}

/// What a receiver does with a message of MIMI content, to report it later.
fn receive(
    input: &Value,
    check: fn(&Delivery<'_>, &RustCrypto) -> Result<Evidence, Fault>,
) -> Outcome {
    let (data, types) = (octets(input, "application_data"), media_types(input));
    let plaintext = Plaintext::decode(&data, Framing::of(types.as_ref()));
    let plaintext = plaintext.map_err(|error| Refused::new(no_content(&error), None))?;
    let agent = FrankingAgent::from_slice(&octets(input, "franking_agent")).unwrap();
    let certified = input["certified_agent"].as_str();
    let certified = certified.map(|text| MimiUri::parse(text).unwrap());
    let delivery = Delivery {
        tag: &FrankingTag(array(input, "franking_tag")),
        frank: &Frank::from_slice(&octets(input, "frank")).unwrap(),
        accepted_timestamp: time(&input["accepted_timestamp"]),
        after: input["after"].is_string().then(|| time(&input["after"])),
        opening: plaintext.opening(),
        sender: &uri(input, "sender"),
        room: &uri(input, "room"),
        group_ciphersuite: suite(input, "group_ciphersuite"),
        agent: &agent,
        certified_agent: certified.as_ref(),
    };
    match check(&delivery, OpenMlsRustCrypto::default().crypto()) {
        Ok(evidence) => {
            let message = evidence.to_abusive_message().to_vec().unwrap();
            Ok(json!({ "abusive_message": hex::encode(&message) }))
        }
        Err(fault) => Err(Refused::new(name(&fault), None)),
    }
}

fn name(fault: &Fault) -> &'static str {
    match fault {
        Fault::SenderUri => "sender_uri",
        Fault::RoomUri => "room_uri",
        Fault::Tag => "tag",
        Fault::NotDisputed => "not_disputed",
        Fault::AgentIdentity => "agent_identity",
        Fault::AgentUnverified => "agent_unverified",
        Fault::AgentDomain { .. } => "agent_domain",
        Fault::CipherSuite { .. } => "cipher_suite",
        Fault::NotLater { .. } => "not_later",
        Fault::Signature => "signature",
        Fault::Unsupported(_) => "unsupported",
        other => panic!("{other} is new here"),
    }
}

pub(super) fn no_content(error: &ContentError) -> &'static str {
    match error {
        ContentError::Framing(_) => "framing",
        ContentError::MediaType => "media_type",
        ContentError::Content(_) => "content",
        other => panic!("{other} is new here"),
    }
}

/// The hub with the `hub_keys`, the `agents` and, if there are any, the
/// `retired_keys` of an input.
pub(super) fn franker(input: &Value) -> HubFranker {
    let keys = list(input, "hub_keys").map(|key| {
        let secret = HubKey::from_bytes(&array(key, "key"));
        (text(key, "name").to_owned(), time(&key["since"]), secret)
    });
    let ring = HubKeyRing::from_keys(keys).unwrap();
    let mut agents = list(input, "agents").map(agent);
    let mut franker = HubFranker::new(ring, agents.next().unwrap());
    for agent in agents {
        franker = franker.with_agent(agent);
    }
    for key in input["retired_keys"].as_array().into_iter().flatten() {
        franker = franker.with_retired(scheme(key), octets(key, "signature_key"));
    }
    franker
}

fn agent(input: &Value) -> Agent {
    let data = FrankingAgent::from_slice(&octets(input, "franking_agent")).unwrap();
    let (secret, public) = (octets(input, "secret_key"), data.signature_key.to_vec());
    let signer = SignatureKeyPair::from_raw(scheme(input), secret, public);
    let provider = OpenMlsRustCrypto::default();
    Agent::new(data, Arc::new(signer), provider.crypto()).unwrap()
}

fn scheme(input: &Value) -> SignatureScheme {
    let number = input["signature_scheme"].as_u64().unwrap();
    SignatureScheme::try_from(u16::try_from(number).unwrap()).unwrap()
}

pub(super) fn media_types(input: &Value) -> Option<MediaTypeList> {
    let types = optional(input, "content_media_types")?;
    Some(MediaTypeList::from_slice(&types).unwrap())
}

fn optional(input: &Value, key: &str) -> Option<Vec<u8>> {
    (!input[key].is_null()).then(|| octets(input, key))
}

pub(super) fn uri(input: &Value, key: &str) -> MimiUri {
    MimiUri::parse(text(input, key)).unwrap()
}

pub(super) fn time(value: &Value) -> Timestamp {
    Timestamp::from_millis(value.as_str().unwrap().parse().unwrap())
}

fn suite(input: &Value, key: &str) -> CipherSuite {
    CipherSuite(u16::try_from(input[key].as_u64().unwrap()).unwrap())
}
