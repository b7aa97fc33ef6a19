//! What the stories need: what somebody says, how it reaches Alice, and what she
//! makes of it.

use std::sync::Arc;

use crate::rogue::Scene;
use bytes::Bytes;
use mimi_content::media::{MediaType, MediaTypeList};
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri, NestedPart, Salt, Timestamp};
use mimi_franking::{
    Agent, Evidence, Framing, FrankingAgent, FrankingTag, Plaintext, commit_content,
};
use mimi_protocol::client::{Event, Fault, Franked, Input, Intent, Outcome, Rejection};
use mimi_protocol::hub;
use mimi_protocol::wire::{Endpoint, FanoutEvent, FanoutMessage, Frank, SubmitMessageRequest};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider as _;
use openmls_traits::types::SignatureScheme;

fn content(text: &str) -> MimiContent<'static> {
    MimiContent::new(Salt::new([3; 16]), NestedPart::plain(text.to_owned()))
}

/// What one of our own clients is to say.
pub fn says(text: &str) -> Intent {
    let content = Box::new(content(text));
    Intent::Send { content }
}

fn types() -> MediaTypeList {
    MediaTypeList(vec![MediaType::new("application/mimi-content")])
}

/// The application data with which Bob says something, and its tag.
pub fn bobs_words(scene: &Scene, text: &str) -> (Vec<u8>, FrankingTag) {
    let mut content = content(text);
    let (bob, room) = (&scene.bob.user, &scene.room);
    content.extensions.set_sender_uri(bob);
    content.extensions.set_room_uri(room);
    commit_content(&content, Framing::Typed(&types()), bob, room).unwrap()
}

/// Application data that does not say who wrote it, nor where, and its tag.
pub fn nobodys_words(text: &str) -> (Vec<u8>, FrankingTag) {
    let types = types();
    let framing = Framing::Typed(&types);
    let data = framing.frame(content(text).encode()).unwrap();
    let tag = Plaintext::decode(&data, framing).unwrap().opening().tag();
    (data, tag)
}

/// What the hub fans out when Cathy says something. It does not reach Alice.
pub fn from_cathy(scene: &mut Scene, text: &str) -> FanoutMessage {
    let (alice, cathy) = (scene.alice.clone(), scene.cathy.clone());
    scene.world.take_offline(&alice);
    scene.world.intend(&cathy, says(text)).unwrap();
    withheld(scene)
}

/// What the hub fans out when Bob sends this. It does not reach Alice.
pub fn from_bob(scene: &mut Scene, message: &SubmitMessageRequest) -> FanoutMessage {
    let alice = scene.alice.clone();
    scene.world.take_offline(&alice);
    let body = message.to_vec().unwrap();
    let taken = scene.offer("b.example", &scene.submit(), body);
    assert!(matches!(taken, Ok(hub::Outcome::Reply(_))), "{taken:?}");
    scene.world.run();
    withheld(scene)
}

fn withheld(scene: &mut Scene) -> FanoutMessage {
    let alice = scene.alice.clone();
    let message = scene.world.withheld(&alice).unwrap();
    scene.world.forget_withheld();
    scene.world.bring_online(&alice);
    FanoutMessage::from_bytes(&message).unwrap()
}

/// The frank of a message on its way.
pub fn frank(message: &mut FanoutMessage) -> &mut Option<Frank> {
    match &mut message.event {
        FanoutEvent::Application { frank, .. } => frank,
        other => panic!("no message: {other:?}"),
    }
}

/// Alice's provider delivers this.
pub fn deliver(scene: &mut Scene, message: &FanoutMessage) -> Result<Outcome, Rejection> {
    let message = Bytes::from(message.to_vec().unwrap());
    let alice = scene.alice.clone();
    let outcome = scene.world.member(&alice, Input::Deliver { message });
    scene.world.run();
    outcome
}

/// What Alice can do with the last message that she got.
#[track_caller]
pub fn franked(scene: &Scene) -> Franked {
    match scene.world.clients[&scene.alice].last_message() {
        Some(Event::Message { franked, .. }) => franked.clone(),
        other => panic!("no message: {other:?}"),
    }
}

/// The evidence that Alice has of it.
#[track_caller]
pub fn evidence(scene: &Scene) -> Evidence {
    match franked(scene) {
        Franked::Yes(evidence) => Evidence::from_bytes(&evidence).unwrap(),
        Franked::No(why) => panic!("it cannot be reported: {why:?}"),
    }
}

/// Cathy says something, and Alice has evidence of it.
#[track_caller]
pub fn evidence_of(scene: &mut Scene, text: &str) -> Evidence {
    let cathy = scene.cathy.clone();
    scene.world.intend(&cathy, says(text)).unwrap();
    evidence(scene)
}

/// Alice reports this, and the hub judges it.
#[track_caller]
pub fn alice_reports(scene: &mut Scene, evidence: Vec<Evidence>) -> hub::Finding {
    let note = "Look at this".to_owned();
    let report = Intent::Report { evidence, note };
    let alice = scene.alice.clone();
    scene.world.client(&alice).take_events();
    scene.world.intend(&alice, report).unwrap();
    assert_eq!(scene.world.client(&alice).take_events(), [Event::Reported]);
    let reports = &mut scene.world.provider("a.example").reports;
    reports.pop().unwrap()
}

pub fn report_abuse(scene: &Scene) -> Endpoint {
    let room = scene.room.clone();
    Endpoint::ReportAbuse { room }
}

/// A signature key and the agent of that key with a basic credential.
pub fn agent(scheme: SignatureScheme, name: &str) -> Agent {
    let pair = SignatureKeyPair::new(scheme).unwrap();
    let name = MimiUri::parse(name).unwrap();
    let data = FrankingAgent::basic(pair.public().to_vec(), &name);
    let provider = OpenMlsRustCrypto::default();
    Agent::new(data, Arc::new(pair), provider.crypto()).unwrap()
}

/// The message with the frank and the time of another.
pub fn stamped_as(message: &FanoutMessage, other: &FanoutMessage) -> FanoutMessage {
    let mut altered = message.clone();
    *frank(&mut altered) = frank(&mut other.clone()).clone();
    altered.timestamp = other.timestamp;
    altered
}

pub fn not_later(accepted: Timestamp, after: Timestamp) -> Outcome {
    let fault = mimi_franking::Fault::NotLater { accepted, after };
    Outcome::Refused(Fault::Frank(fault))
}
