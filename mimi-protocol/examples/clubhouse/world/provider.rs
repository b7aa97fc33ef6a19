//! A provider's host.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use mimi_content::tls::Encode;
use mimi_content::{MimiUri, Timestamp};
use mimi_franking::{Agent, FrankingAgent, HubFranker, HubKey, HubKeyRing};
use mimi_protocol::http::{Directory, OwnDirectory};
use mimi_protocol::provider::{Disclosure, KeyMaterial};
use mimi_protocol::wire::mls::ExtensionType;
use mimi_protocol::wire::{Decode, GroupInfoOption, HandshakeBundle, UpdateRequest};
use mimi_protocol::{follower, hub};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::OpenMlsProvider;
use openmls_traits::signatures::Signer;

use super::durable::Durable;
use super::{SUITE, World};

/// One provider with all its engines.
pub struct Provider {
    pub directory: OwnDirectory,
    pub hub_keys: hub::Keys,
    pub keys: Durable<KeyMaterial>,
    pub hubs: BTreeMap<MimiUri, Durable<hub::Room>>,
    pub followers: BTreeMap<MimiUri, Durable<follower::Room>>,
    /// What it has seen of rooms, in the GroupInfos of its clients' commits.
    pub seen: BTreeMap<MimiUri, RoomSeen>,
    /// What the rooms that it hosts were in each epoch.
    pub history: BTreeMap<MimiUri, BTreeMap<u64, Bytes>>,
    pub reports: Vec<hub::Finding>,
    requests: u64,
}

/// A room as its follower's provider saw it: a follower holds no keys, but the
/// update that it forwards for its own client shows what that one agreed to.
pub struct RoomSeen {
    pub epoch: u64,
    /// The application dictionary, as encoded: participant list and policy.
    pub components: Bytes,
}

impl RoomSeen {
    /// What an `UpdateRequest` shows, if it holds a whole GroupInfo.
    fn in_update(body: &Bytes) -> Option<Self> {
        let HandshakeBundle::Commit(bundle) = UpdateRequest::from_bytes(body).ok()?.bundle else {
            return None;
        };
        let GroupInfoOption::Full(info) = bundle.group_info else {
            return None;
        };
        let context = &info.group_context;
        let mut extensions = context.extensions.iter();
        let dictionary =
            extensions.find(|e| e.extension_type == ExtensionType::APP_DATA_DICTIONARY)?;
        Some(RoomSeen {
            epoch: context.epoch,
            components: dictionary.data.clone(),
        })
    }
}

impl Provider {
    /// Looks at an update that the hub of `room` has accepted.
    pub fn see(&mut self, room: &MimiUri, body: &Bytes) {
        if let Some(seen) = RoomSeen::in_update(body) {
            self.seen.insert(room.clone(), seen);
        }
    }

    /// Notes what a room that it hosts is now.
    pub fn remember(&mut self, room: &MimiUri) {
        let hub = &self.hubs[room].engine;
        let components = hub.policy().components().to_vec();
        let components = Bytes::from(components.expect("a policy is encodable"));
        let epochs = self.history.entry(room.clone()).or_default();
        epochs.insert(hub.epoch(), components);
    }

    /// The follower of a room, made when it is first heard of.
    pub fn follower(&mut self, room: &MimiUri) -> &mut Durable<follower::Room> {
        self.followers
            .entry(room.clone())
            .or_insert_with(|| Durable::new(follower::Room::new(room.clone(), None)))
    }

    pub fn next_request(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }
}

impl World {
    /// Sets a provider up.
    pub fn add_provider(&mut self, domain: &str) {
        let pair = SignatureKeyPair::new(SUITE.signature_algorithm()).expect("a key pair");
        let franking = HubKey::generate(OpenMlsProvider::rand(&self.crypto));
        let franking = franking.expect("randomness");
        let keys = HubKeyRing::new("first", franking, Timestamp::from_millis(0));
        let identity = MimiUri::new_provider(domain).expect("a domain");
        let signer: Arc<dyn Signer + Send + Sync> = Arc::new(pair.clone());
        let agent = FrankingAgent::basic(pair.public().to_vec(), &identity);
        let crypto = OpenMlsProvider::crypto(&self.crypto);
        let agent = Agent::new(agent, Arc::clone(&signer), crypto);
        let base = format!("https://mimi.{domain}/v1");
        let directory = Directory::standard(domain, &base).expect("a directory");
        let provider = Provider {
            directory: OwnDirectory::new(directory).expect("no two paths alike"),
            hub_keys: hub::Keys {
                signature_key: pair.public().to_vec(),
                signer,
                franker: HubFranker::new(keys, agent.expect("its own key")),
                identity,
            },
            keys: Durable::new(KeyMaterial::new(domain, Disclosure::Tell)),
            hubs: BTreeMap::new(),
            followers: BTreeMap::new(),
            seen: BTreeMap::new(),
            history: BTreeMap::new(),
            reports: Vec::new(),
            requests: 0,
        };
        self.providers.insert(domain.to_owned(), provider);
    }
}
