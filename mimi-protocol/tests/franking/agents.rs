//! Who stamps in a room: the agent that its group names, and no other.

use std::sync::Arc;

use crate::rogue::{Plan, Scene, commit_body, update};
use crate::stage::{
    agent, alice_reports, deliver, evidence, evidence_of, franked, from_cathy, says,
};
use crate::world::{SUITE, World};
use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_content::{MimiUri, Timestamp};
use mimi_franking::{Agent, Credential, FrankingAgent, HubFranker, HubKey, HubKeyRing};
use mimi_policy::{Invalid, presets};
use mimi_protocol::client::{Fault, Franked, Input, NewGroup, Outcome, Rejection, Unfranked};
use mimi_protocol::engine::{
    BasicIdentity, Engine as _, Identified, Identity, IdentityError, Presented,
};
use mimi_protocol::hub::{self, CreateError, Proof};
use mimi_protocol::wire::{FanoutEvent, FanoutMessage};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider as _;
use openmls_traits::types::SignatureScheme;

const P256: SignatureScheme = SignatureScheme::ECDSA_SECP256R1_SHA256;

/// What comes of a room of a.example whose hub has these agents, the newest last,
/// and whose group names the agent that `choose` gives.
fn founded(
    agents: Vec<Agent>,
    choose: impl FnOnce(&HubFranker) -> Option<FrankingAgent>,
) -> Result<(), CreateError> {
    let mut world = World::new(1_790_000_000_000);
    world.add_provider("a.example");
    let alice = world.add_client("a.example", "alice", "ClientA1");
    let franker = franker(agents);
    let chosen = choose(&franker);
    world.provider("a.example").hub_keys.franker = franker;
    let room = MimiUri::new_room("a.example", "clubhouse").unwrap();
    let group_id = "mimi://a.example/g/clubhouse";
    let group = world.new_group(&alice, &room, group_id, presets::cooperative());
    let group = NewGroup {
        franking_agent: chosen,
        ..group
    };
    world.found(&alice, &group)
}

fn franker(agents: Vec<Agent>) -> HubFranker {
    let key = HubKey::from_bytes(&[9; 32]);
    let keys = HubKeyRing::new("only", key, Timestamp::from_millis(0));
    let mut agents = agents.into_iter();
    let franker = HubFranker::new(keys, agents.next().unwrap());
    agents.fold(franker, HubFranker::with_agent)
}

#[test]
fn a_hub_takes_a_room_of_its_agent_for_the_suite_or_of_none() {
    let own = || {
        let name = "mimi://a.example";
        let agents = [
            SignatureScheme::ED25519,
            P256,
            SignatureScheme::ED25519,
            P256,
        ];
        agents.map(|scheme| agent(scheme, name)).to_vec()
    };
    let agents = own();
    let newest = agents[2].data().clone();
    let right = |franker: &HubFranker| franker.agent_for(SUITE.into()).cloned();
    assert_eq!(founded(agents, right), Ok(()));
    let agents = own();
    let chosen = franker(agents.clone());
    assert_eq!(right(&chosen).as_ref(), Some(agents[2].data()));
    assert_ne!(right(&chosen), Some(newest));
    assert_eq!(founded(agents, |_| None), Ok(()));
}

#[test]
fn a_hub_refuses_a_room_whose_agent_is_not_its_own_for_the_suite() {
    let name = "mimi://a.example";
    let own = || agent(SignatureScheme::ED25519, name);
    let refused = Err(CreateError::OtherAgent);
    // Of another key.
    let other = own().data().clone();
    assert_eq!(founded(vec![own()], |_| Some(other)), refused);
    // Of another name.
    let agents = vec![own()];
    let key = agents[0].data().signature_key.clone();
    for name in ["mimi://b.example", "mimi://a.example/u/alice"] {
        let named = FrankingAgent::basic(key.clone(), &MimiUri::parse(name).unwrap());
        assert_eq!(founded(agents.clone(), |_| Some(named)), refused);
    }
    // Of a name that no receiver takes for the hub's, though the host gave it.
    for name in ["mimi://b.example", "mimi://a.example/u/alice"] {
        let agents = vec![agent(SignatureScheme::ED25519, name)];
        let data = agents[0].data().clone();
        assert_eq!(founded(agents, |_| Some(data)), refused);
    }
    // Of another signature scheme than the suite's, with or without one that fits.
    let unfit = agent(P256, name);
    let data = unfit.data().clone();
    assert_eq!(
        founded(vec![unfit.clone()], |_| Some(data.clone())),
        refused
    );
    assert_eq!(founded(vec![unfit, own()], |_| Some(data)), refused);
    // Of an older key than the hub gives new rooms.
    let agents = vec![own(), own()];
    let older = agents[0].data().clone();
    assert_eq!(founded(agents, |_| Some(older)), refused);
}

/// After a hub has changed its key, a room keeps the agent that it has.
#[test]
fn a_room_of_an_older_agent_is_stamped_by_that_one_and_its_reports_are_proven() {
    let mut scene = Scene::new();
    let newer = agent(SignatureScheme::ED25519, "mimi://a.example");
    let mut provider = scene.world.providers.remove("a.example").unwrap();
    let keys = &mut provider.hub_keys;
    let older = keys.franker.agent_for(SUITE.into()).unwrap().clone();
    let franker = franker(vec![newer.clone()]);
    let franker = std::mem::replace(&mut keys.franker, franker);
    keys.franker = franker.with_agent(newer.clone());
    assert_eq!(keys.franker.agent_for(SUITE.into()), Some(newer.data()));
    assert_ne!(older, *newer.data());
    scene
        .world
        .providers
        .insert("a.example".to_owned(), provider);
    let evidence = evidence_of(&mut scene, "Something rude");
    let finding = alice_reports(&mut scene, vec![evidence]);
    let key = "first".to_owned();
    assert_eq!(finding.messages[0].proof, Proof::Committed { key });
}

// Certificates

const CERTIFICATE: &[u8] = b"a certificate of a.example";

/// Knows whose this one certificate is, besides basic credentials of clients.
struct Certified {
    provider: &'static str,
    key: Vec<u8>,
}

impl Identity for Certified {
    fn identify(&self, presented: &Presented<'_>) -> Result<Identified, IdentityError> {
        BasicIdentity.identify(presented)
    }

    fn identify_provider(&self, presented: &Presented<'_>) -> Option<MimiUri> {
        // An agent is shown as a leaf's credential is: the list without its length.
        let len = [u8::try_from(CERTIFICATE.len()).unwrap()];
        let known = presented.credential_type == 2
            && presented.content == [&len, CERTIFICATE].concat()
            && presented.signature_key == self.key;
        known.then(|| MimiUri::parse(self.provider).unwrap())
    }
}

/// A room whose agent has a certificate, and its key.
fn certified() -> (Scene, Vec<u8>) {
    let pair = SignatureKeyPair::new(SignatureScheme::ED25519).unwrap();
    let key = pair.public().to_vec();
    let data = FrankingAgent {
        signature_key: key.clone().into(),
        credential: Credential::X509(vec![CERTIFICATE.into()]),
    };
    let provider = OpenMlsRustCrypto::default();
    let agent = Agent::new(data.clone(), Arc::new(pair), provider.crypto()).unwrap();
    let scene = Scene::founded(
        |world| world.provider("a.example").hub_keys.franker = franker(vec![agent]),
        |group| assert_eq!(group.franking_agent, Some(data)),
    );
    (scene, key)
}

#[test]
fn a_certificate_counts_by_the_word_of_the_host_and_without_it_nothing_can_be_reported() {
    let (mut scene, key) = certified();
    let message = from_cathy(&mut scene, "Hello");
    assert_eq!(deliver(&mut scene, &message), Ok(Outcome::Done));
    assert!(franked(&scene) == Franked::No(Unfranked::Unverifiable));
    let provider = "mimi://a.example";
    let known = Box::new(Certified { provider, key });
    scene.world.identity = known;
    let message = from_cathy(&mut scene, "Hello again");
    assert_eq!(deliver(&mut scene, &message), Ok(Outcome::Done));
    let evidence = evidence(&scene);
    let finding = alice_reports(&mut scene, vec![evidence]);
    let key = "only".to_owned();
    assert_eq!(finding.messages[0].proof, Proof::Committed { key });
}

#[test]
fn a_certificate_of_another_domain_or_of_a_user_is_refused() {
    let (mut scene, key) = certified();
    for provider in ["mimi://b.example", "mimi://a.example/u/alice"] {
        let key = key.clone();
        scene.world.identity = Box::new(Certified { provider, key });
        let message = from_cathy(&mut scene, "Hello");
        let refused = deliver(&mut scene, &message);
        let Ok(Outcome::Refused(Fault::Frank(fault))) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(fault.blame(), mimi_franking::Blame::Room, "{fault}");
    }
}

// Changes

/// A commit that the hub refuses and, if it did not, every client.
#[track_caller]
fn nobody_takes(scene: &mut Scene, plan: Plan) -> (hub::Rejection, Rejection) {
    let bundle = scene.bob.commit(plan);
    let by_hub = scene.refuse_update(commit_body(&bundle)).rejection;
    let event = FanoutEvent::Commit {
        commit: bundle.commit,
        external_proposals: Vec::new(),
    };
    let timestamp = scene.world.now();
    let message = FanoutMessage { timestamp, event };
    let message = message.to_vec().unwrap().into();
    let alice = scene.alice.clone();
    let before = scene.world.clients[&alice].room().snapshot().unwrap();
    let by_client = scene.world.member(&alice, Input::Deliver { message });
    let after = scene.world.clients[&alice].room().snapshot().unwrap();
    assert!(before == after, "{by_client:?}");
    (by_hub, by_client.unwrap_err())
}

/// Even one that nothing else is wrong with, by someone who may do everything.
#[test]
fn a_commit_that_exchanges_the_agent_is_refused_by_the_hub_and_by_clients() {
    let id = ComponentId::FRANKING_AGENT;
    let invalid = Invalid::NotChangeable(id);
    for name in ["mimi://a.example", "mimi://b.example"] {
        let mut scene = Scene::with_bob_as(presets::SUPER_ADMIN);
        let other = agent(SignatureScheme::ED25519, name)
            .data()
            .to_vec()
            .unwrap();
        let (by_hub, by_client) = nobody_takes(&mut scene, Plan::of([update(id, other)]));
        assert_eq!(by_hub, hub::Rejection::Invalid(invalid.clone()));
        assert_eq!(by_client, Rejection::Invalid(invalid.clone()));
    }
}

/// Adding one later is what the draft recommends, and is not possible yet.
#[test]
fn a_group_without_an_agent_does_not_get_one_later() {
    let mut scene = Scene::founded(|_| (), |group| group.franking_agent = None);
    let franker = &scene.world.providers["a.example"].hub_keys.franker;
    let own = franker.agent_for(SUITE.into()).unwrap().to_vec().unwrap();
    let id = ComponentId::FRANKING_AGENT;
    let (by_hub, _) = nobody_takes(&mut scene, Plan::of([update(id, own)]));
    assert_eq!(by_hub, hub::Rejection::Invalid(Invalid::NotChangeable(id)));
    let cathy = scene.cathy.clone();
    scene.world.intend(&cathy, says("Still here")).unwrap();
}
