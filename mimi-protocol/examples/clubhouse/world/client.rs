//! A client's host.

use std::collections::BTreeMap;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::ComponentMap;
use mimi_content::tls::Decode;
use mimi_policy::{BaseRoomPolicy, Participant, RoleList, RoomMetadata, presets};
use mimi_protocol::client::{
    Event, Input, Intent, Keys, NewGroup, NewKeyPackage, Outcome, Rejection, Room,
};
use mimi_protocol::engine::Engine as _;
use mimi_protocol::mls::Secret;
use mimi_protocol::wire::mls::{Credential, KeyPackage};
use mimi_protocol::wire::{ClientStatus, KeyMaterialResponse};
use mimi_protocol::{follower, hub, provider as keys};
use openmls_basic_credential::SignatureKeyPair;

use super::durable::Durable;
use super::{SUITE, World};

/// How long a KeyPackage is good for, in milliseconds.
const LIFETIME: u64 = 30 * 24 * 60 * 60 * 1000;

/// One client with its keys and its room.
pub struct Client {
    pub uri: MimiUri,
    pub user: MimiUri,
    pub keys: Keys,
    pub secrets: BTreeMap<Bytes, Secret>,
    pub room: Option<Durable<Room>>,
    /// The room that it asks of.
    pub in_room: Option<MimiUri>,
    /// Every event of the room that its provider delivered, as it came.
    pub mailbox: Vec<Bytes>,
    pub events: Vec<Event>,
    pub rejections: Vec<String>,
}

impl Client {
    /// Its room, which it must be in.
    pub fn room(&self) -> &Room {
        &self.room.as_ref().expect("a client in a room").engine
    }

    /// The events since the last call.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// The last message that it got.
    pub fn last_message(&self) -> Option<&Event> {
        let mut events = self.events.iter().rev();
        events.find(|event| matches!(event, Event::Message { .. }))
    }
}

impl World {
    /// Sets a client up.
    pub fn add_client(&mut self, domain: &str, user: &str, name: &str) -> MimiUri {
        let uri = MimiUri::new_client(domain, Some(user), name).expect("a client URI");
        let pair = SignatureKeyPair::new(SUITE.signature_algorithm()).expect("a key pair");
        let client = Client {
            user: MimiUri::new_user(domain, user).expect("a user URI"),
            keys: Keys {
                signature_key: pair.public().to_vec(),
                signer: Box::new(pair),
                credential: Credential::Basic(uri.as_str().to_owned().into()),
            },
            uri: uri.clone(),
            secrets: BTreeMap::new(),
            room: None,
            in_room: None,
            mailbox: Vec::new(),
            events: Vec::new(),
            rejections: Vec::new(),
        };
        self.clients.insert(uri.clone(), client);
        uri
    }

    /// Publishes KeyPackages of a client at its provider.
    pub fn publish(&mut self, uri: &MimiUri, count: usize) {
        for _ in 0..count {
            let not_after = self.now().plus_millis(LIFETIME);
            let env = self.env(&self.clients[uri].keys);
            let new = NewKeyPackage::generate(SUITE, not_after, &env).expect("a KeyPackage");
            let package = new.key_package.as_bytes().clone();
            self.client(uri).secrets.insert(new.reference, new.secret);
            let client = uri.clone();
            let upload = keys::Input::Upload { client, package };
            self.keys(uri.domain(), upload).expect("a good KeyPackage");
        }
    }

    /// Creates a room at the client's own provider, with these roles and the
    /// creator as its admin.
    pub fn create_room(&mut self, uri: &MimiUri, room: &MimiUri, group_id: &str, roles: RoleList) {
        let new = self.new_group(uri, room, group_id, roles);
        self.found(uri, &new).expect("a hub");
    }

    /// What such a room begins with.
    pub fn new_group(
        &self,
        uri: &MimiUri,
        room: &MimiUri,
        group_id: &str,
        roles: RoleList,
    ) -> NewGroup {
        let hub_keys = &self.providers[uri.domain()].hub_keys;
        NewGroup {
            room: room.clone(),
            group_id: group_id.as_bytes().to_vec(),
            cipher_suite: SUITE,
            hub: hub_keys.sender(),
            franking_agent: hub_keys.franker.agent_for(SUITE.into()).cloned(),
            roles,
            base: BaseRoomPolicy {
                multi_device: true,
                ..BaseRoomPolicy::default()
            },
            metadata: RoomMetadata::new(room.clone(), "Clubhouse"),
            participants: vec![Participant {
                user: self.clients[uri].user.clone(),
                role: presets::SUPER_ADMIN,
            }],
            components: ComponentMap::new(),
        }
    }

    /// Creates a group, which the client's own provider is to host.
    pub fn found(&mut self, uri: &MimiUri, new: &NewGroup) -> Result<(), hub::CreateError> {
        let room = &new.room;
        let env = self.env(&self.clients[uri].keys);
        let created = Room::create(new, &env).expect("a room");
        let hosted = hub::NewRoom {
            room: room.clone(),
            group_info: created.group_info,
            ratchet_tree: created.ratchet_tree,
        };
        let env = self.env(&self.providers[uri.domain()].hub_keys);
        let hosted = hub::Room::create(&hosted, &env)?;
        let provider = self.provider(uri.domain());
        provider.hubs.insert(room.clone(), Durable::new(hosted));
        let client = self.client(uri);
        client.room = Some(Durable::new(created.room));
        client.in_room = Some(room.clone());
        let joined = follower::Input::ClientJoined {
            client: uri.clone(),
        };
        self.follower(uri.domain(), room, joined)
            .expect("a local client");
        Ok(())
    }

    /// Does what a user wants, and carries everything that follows.
    pub fn intend(&mut self, uri: &MimiUri, intent: Intent) -> Result<Outcome, Rejection> {
        let outcome = self.member(uri, Input::Intend(intent));
        self.run();
        outcome
    }

    /// Asks for the KeyPackages of a user and adds its clients.
    pub fn add(&mut self, by: &MimiUri, user: &MimiUri, role: u32) -> Result<Outcome, Rejection> {
        let key_packages = self.claim(by, user);
        let room = self.clients[by].in_room.clone();
        for client in self
            .clients
            .values_mut()
            .filter(|client| client.user == *user)
        {
            client.in_room = client.in_room.clone().or(room.clone());
        }
        let user = user.clone();
        self.intend(
            by,
            Intent::Add {
                user,
                role,
                key_packages,
            },
        )
    }

    /// The KeyPackages of a user's clients.
    pub fn claim(&mut self, by: &MimiUri, target: &MimiUri) -> Vec<KeyPackage> {
        let target = target.clone();
        self.intend(by, Intent::RequestKeyMaterial { target })
            .expect("a request");
        let events = self.client(by).take_events();
        let response = events.into_iter().find_map(|event| match event {
            Event::KeyMaterial { response } => Some(response),
            _ => None,
        });
        let Some(response) = response else {
            return Vec::new();
        };
        let response = KeyMaterialResponse::from_bytes(&response).expect("a response");
        let packages = response.clients.into_iter().filter_map(|c| match c.status {
            ClientStatus::Success(key_package) => Some(*key_package),
            _ => None,
        });
        packages.collect()
    }

    /// The time at which an engine of a client wants a tick.
    pub fn tick(&mut self, uri: &MimiUri) {
        let deadline = self.clients[uri].room().next_deadline();
        if let Some(deadline) = deadline {
            let wait = deadline.as_millis().saturating_sub(self.now().as_millis());
            self.pass(wait);
            let _ = self.member(uri, Input::Tick);
        }
        self.run();
    }
}
