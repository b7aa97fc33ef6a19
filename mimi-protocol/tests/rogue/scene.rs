//! Alice's room, with Bob's rogue client in it.

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::{Decode, Encode};
use mimi_policy::{RoleLabel, RoleList, presets};
use mimi_protocol::client::{Intent, NewGroup};
use mimi_protocol::engine::{Answer, Engine as _, Step};
use mimi_protocol::hub::{self, Outcome, Rejection};
use mimi_protocol::labels::sign_with_label;
use mimi_protocol::mls::openmls::prelude::KeyPackage;
use mimi_protocol::provider as keys;
use mimi_protocol::wire::mls::{CipherSuite, Credential, RequiredCapabilities};
use mimi_protocol::wire::{
    CommitBundle, ConsentScope, Endpoint, KeyMaterialRequest, KeyMaterialRequestTbs,
    KeyMaterialResponse, SubmitMessageRequest, UpdateOutcome, UpdateRoomResponse,
};

use super::refused::Refused;
use super::{Plan, Rogue, commit_body, enlist};
use crate::world::{SUITE, World};

/// Alice at a.example, whose room it is; Cathy at c.example; Bob at b.example,
/// who is an ordinary user and plays by no rules.
pub struct Scene {
    pub world: World,
    pub room: MimiUri,
    pub alice: MimiUri,
    pub cathy: MimiUri,
    pub bob: Rogue,
}

/// A role of the scene, as the sentences of a denial name it.
pub fn label(role: u32) -> RoleLabel {
    presets::cooperative().get(role).unwrap().into()
}

/// Lets a user consent to be added by another.
pub fn consent(world: &mut World, target: &MimiUri, requester: &MimiUri) {
    let scope = ConsentScope {
        requester_uri: requester.clone(),
        target_uri: target.clone(),
        room_id: None,
    };
    let notice = keys::Notice::Plain;
    let grant = keys::Input::Grant { scope, notice };
    world.keys(target.domain(), grant).unwrap();
    world.run();
}

/// OpenMLS compares lifetimes with the system's clock.
#[allow(clippy::disallowed_methods, reason = "a host's clock")]
fn now() -> u64 {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

impl Scene {
    /// The room with all three in it.
    pub fn new() -> Self {
        Self::with_bob_as(presets::ORDINARY_USER)
    }

    /// The same with Bob in another role.
    pub fn with_bob_as(role: u32) -> Self {
        Self::set(role, presets::cooperative(), |_| (), |_| ())
    }

    /// The same with other roles to have.
    pub fn with_roles(roles: RoleList) -> Self {
        Self::set(presets::ORDINARY_USER, roles, |_| (), |_| ())
    }

    /// The same in a world where something is different, such as the hub's keys,
    /// from before the room is founded; and with another group.
    pub fn founded(world: impl FnOnce(&mut World), group: impl FnOnce(&mut NewGroup)) -> Self {
        Self::set(presets::ORDINARY_USER, presets::cooperative(), world, group)
    }

    fn set(
        role: u32,
        roles: RoleList,
        prepare: impl FnOnce(&mut World),
        change: impl FnOnce(&mut NewGroup),
    ) -> Self {
        let mut world = World::new(now());
        for domain in ["a.example", "b.example", "c.example"] {
            world.add_provider(domain);
        }
        let room = MimiUri::new_room("a.example", "clubhouse").unwrap();
        let alice = world.add_client("a.example", "alice", "ClientA1");
        let cathy = world.add_client("c.example", "cathy", "ClientC1");
        let mut bob = Rogue::new(&mut world, "b.example", "bob", "ClientB1");
        prepare(&mut world);
        let mut group = world.new_group(&alice, &room, "mimi://a.example/g/clubhouse", roles);
        change(&mut group);
        world.found(&alice, &group).unwrap();
        world.publish(&cathy, 1);
        let key_package = bob.key_package(&world);
        bob.publish(&mut world, &key_package);
        let requester = world.clients[&alice].user.clone();
        let cathy_user = world.clients[&cathy].user.clone();
        for (user, role) in [
            (cathy_user, presets::ORDINARY_USER),
            (bob.user.clone(), role),
        ] {
            consent(&mut world, &user, &requester);
            world.add(&alice, &user, role).unwrap();
        }
        bob.catch_up(&world);
        let scene = Scene {
            world,
            room,
            alice,
            cathy,
            bob,
        };
        assert_eq!(scene.hub().clients().len(), 3, "the scene is set");
        scene
    }

    pub fn hub(&self) -> &hub::Room {
        &self.world.providers["a.example"].hubs[&self.room].engine
    }

    pub fn user(&self, client: &MimiUri) -> MimiUri {
        self.world.clients[client].user.clone()
    }

    pub fn update(&self) -> Endpoint {
        let room = self.room.clone();
        Endpoint::Update { room }
    }

    pub fn submit(&self) -> Endpoint {
        let room = self.room.clone();
        Endpoint::SubmitMessage { room }
    }

    /// A request to the hub; what follows of it is on its way.
    pub fn offer(
        &mut self,
        peer: &str,
        endpoint: &Endpoint,
        body: impl Into<Bytes>,
    ) -> Result<Outcome, Rejection> {
        let room = self.room.clone();
        let input = hub::Input::Request {
            peer: peer.to_owned(),
            endpoint: endpoint.clone(),
            body: body.into(),
            request: 1000,
        };
        self.world.hub("a.example", &room, input)
    }

    /// A request that the hub must refuse, with nothing changed.
    #[track_caller]
    pub fn refuse(&mut self, peer: &str, endpoint: &Endpoint, body: impl Into<Bytes>) -> Refused {
        let before = self.hub().snapshot().unwrap();
        let owed = self.hub().owed();
        let rejection = match self.offer(peer, endpoint, body) {
            Err(rejection) => rejection,
            Ok(outcome) => panic!("the hub took it: {outcome:?}"),
        };
        assert_eq!(self.hub().snapshot().unwrap(), before, "{rejection}");
        assert_eq!(self.hub().owed(), owed, "{rejection}");
        Refused {
            refusal: rejection.refusal(endpoint),
            rejection,
        }
    }

    /// An update by Bob's provider that the hub must refuse.
    #[track_caller]
    pub fn refuse_update(&mut self, body: impl Into<Bytes>) -> Refused {
        self.refuse("b.example", &self.update(), body)
    }

    /// A commit of Bob's that the hub must refuse.
    #[track_caller]
    pub fn refuse_commit(&mut self, plan: Plan) -> Refused {
        let bundle = self.bob.commit(plan);
        self.refuse_update(commit_body(&bundle))
    }

    /// A bundle that the hub must refuse.
    #[track_caller]
    pub fn refuse_bundle(&mut self, bundle: &CommitBundle) -> Refused {
        self.refuse_update(commit_body(bundle))
    }

    /// A message that the hub must refuse.
    #[track_caller]
    pub fn refuse_message(&mut self, peer: &str, message: &SubmitMessageRequest) -> Refused {
        self.refuse(peer, &self.submit(), message.to_vec().unwrap())
    }

    /// An update that the hub must take.
    #[track_caller]
    pub fn accept_update(&mut self, peer: &str, body: impl Into<Bytes>) -> UpdateOutcome {
        let reply = match self.offer(peer, &self.update(), body) {
            Ok(Outcome::Reply(reply)) => reply,
            other => panic!("the hub did not take it: {other:?}"),
        };
        self.world.run();
        UpdateRoomResponse::from_bytes(&reply).unwrap().outcome
    }

    /// A commit of Bob's that the hub must take.
    #[track_caller]
    pub fn accept_commit(&mut self, plan: Plan) {
        let bundle = self.bob.commit(plan);
        self.accept_update("b.example", commit_body(&bundle));
        self.bob.accepted(&self.world);
    }

    /// Proposals of Bob's that the hub must take.
    #[track_caller]
    pub fn accept_proposals(&mut self, body: Bytes) {
        self.accept_update("b.example", body);
    }

    /// What Alice wants, with all that follows; Bob hears of it.
    #[track_caller]
    pub fn alice_does(&mut self, intent: Intent) {
        let alice = self.alice.clone();
        self.does(&alice, intent);
    }

    /// What a client wants, with all that follows; Bob hears of it.
    #[track_caller]
    pub fn does(&mut self, client: &MimiUri, intent: Intent) {
        self.world.intend(client, intent).unwrap();
        self.bob.catch_up(&self.world);
    }

    /// Whatever is pending, Alice can commit it.
    #[track_caller]
    pub fn alice_commits(&mut self) {
        let epoch = self.hub().epoch();
        let alice = self.alice.clone();
        self.world.client(&alice).take_events();
        self.world.intend(&alice, Intent::Commit).unwrap();
        let events = self.world.client(&alice).take_events();
        assert_eq!(self.hub().epoch(), epoch + 1, "{events:?}");
        assert_eq!(self.hub().pending(), 0);
    }

    /// Hands a request of Bob's in twice: at first it changes the room, then
    /// nothing, and Cathy hears of it once.
    pub fn twice(&mut self, endpoint: &Endpoint, body: &Bytes) {
        let cathy = self.cathy.clone();
        self.world.client(&cathy).mailbox.clear();
        let first = self.offer("b.example", endpoint, body.clone()).unwrap();
        self.world.run();
        self.world.pass(60_000);
        let before = self.hub().snapshot().unwrap();
        let second = self.offer("b.example", endpoint, body.clone()).unwrap();
        assert!(matches!(second, Outcome::Reply(_)));
        assert_eq!(first, second);
        assert_eq!(self.hub().snapshot().unwrap(), before);
        self.world.run();
        assert_eq!(self.world.clients[&cathy].mailbox.len(), 1);
    }

    /// A step of the hub whose outputs go nowhere.
    pub fn step(&mut self, input: hub::Input) -> Result<Step<hub::Room>, Rejection> {
        let mut provider = self.world.providers.remove("a.example").unwrap();
        let env = self.world.env(&provider.hub_keys);
        let hub = provider.hubs.get_mut(&self.room).unwrap();
        let step = hub.step(input, &env);
        self.world
            .providers
            .insert("a.example".to_owned(), provider);
        step
    }

    /// The request of a rogue for the key material of `target`.
    pub fn key_request(&self, by: &Rogue, target: &MimiUri) -> KeyMaterialRequest {
        let tbs = KeyMaterialRequestTbs {
            requesting_user: by.user.clone(),
            target_user: target.clone(),
            room_id: Some(self.room.clone()),
            acceptable_cipher_suites: vec![CipherSuite(SUITE.into())],
            required_capabilities: RequiredCapabilities::default(),
            requester_signature_key: by.signer.public().to_vec().into(),
            requester_credential: Credential::Basic(by.uri.as_str().to_owned().into()),
        };
        let label = KeyMaterialRequestTbs::LABEL;
        let signature = sign_with_label(&by.signer, label, &tbs.to_vec().unwrap());
        KeyMaterialRequest {
            tbs,
            signature: signature.unwrap().into(),
        }
    }

    /// Bob claims the KeyPackages of a user who lets him.
    #[track_caller]
    pub fn bob_claims(&mut self, target: &MimiUri) {
        consent(&mut self.world, target, &self.bob.user.clone());
        let request = self.key_request(&self.bob, target);
        let endpoint = Endpoint::KeyMaterial {
            target: target.clone(),
        };
        let outcome = self.offer("b.example", &endpoint, request.to_vec().unwrap());
        assert_eq!(outcome, Ok(Outcome::Relayed));
        self.world.run();
    }

    /// Bob claims whatever; the other provider answers with this KeyPackage.
    pub fn bob_is_given(&mut self, target: &MimiUri, key_package: &KeyPackage) {
        use mimi_protocol::mls::openmls::prelude::tls_codec::Serialize as _;
        let request = self.key_request(&self.bob, target);
        let step = self.step(hub::Input::Request {
            peer: "b.example".to_owned(),
            endpoint: Endpoint::KeyMaterial {
                target: target.clone(),
            },
            body: request.to_vec().unwrap().into(),
            request: 1001,
        });
        let seq = step.unwrap().outputs[0].seq;
        let package: Bytes = key_package.tls_serialize_detached().unwrap().into();
        let material = mimi_protocol::wire::ClientKeyMaterial {
            client_uri: self.bob.uri.clone(),
            status: mimi_protocol::wire::ClientStatus::Success(Box::new(
                Decode::from_bytes(&package).unwrap(),
            )),
        };
        let answer = KeyMaterialResponse::of_clients(target.clone(), vec![material]);
        let answer = Answer::Done(answer.to_vec().unwrap().into());
        let _ = self.step(hub::Input::CallResult { seq, answer }).unwrap();
    }

    /// Bob adds a user of `domain`, another rogue; everybody hears of it.
    pub fn bob_adds(&mut self, domain: &str, user: &str, role: u32) -> Rogue {
        let (mut newcomer, key_package) = self.newcomer(domain, user);
        let list = enlist(&newcomer.user, role);
        self.accept_commit(Plan::of([list]).add(&key_package));
        newcomer.catch_up(&self.world);
        newcomer
    }

    /// A second client of Bob's own, to be added.
    pub fn bobs_second(&mut self) -> (Rogue, KeyPackage) {
        let second = Rogue::new(&mut self.world, "b.example", "bob", "ClientB2");
        self.world.client(&second.uri).in_room = Some(self.room.clone());
        let key_package = second.key_package(&self.world);
        second.publish(&mut self.world, &key_package);
        self.bob_claims(&second.user);
        (second, key_package)
    }

    /// Bob adds a second client of his own.
    pub fn bob_adds_his_second(&mut self) -> Rogue {
        let (mut second, key_package) = self.bobs_second();
        self.accept_commit(Plan::default().add(&key_package));
        second.catch_up(&self.world);
        second
    }

    /// A user of `domain` who is not in the room, whose KeyPackage Bob has
    /// claimed.
    pub fn newcomer(&mut self, domain: &str, user: &str) -> (Rogue, KeyPackage) {
        let newcomer = Rogue::new(&mut self.world, domain, user, "Client1");
        self.world.client(&newcomer.uri).in_room = Some(self.room.clone());
        let key_package = newcomer.key_package(&self.world);
        newcomer.publish(&mut self.world, &key_package);
        self.bob_claims(&newcomer.user);
        (newcomer, key_package)
    }
}
