//! A provider's host.

use std::collections::BTreeMap;

use mimi_content::{MimiUri, Timestamp};
use mimi_franking::{HubKey, HubKeyRing};
use mimi_protocol::http::Directory;
use mimi_protocol::provider::{Disclosure, KeyMaterial};
use mimi_protocol::{follower, hub};
use openmls_basic_credential::SignatureKeyPair;

use super::durable::Durable;
use super::{SUITE, World};

/// One provider with all its engines.
pub struct Provider {
    pub directory: Directory,
    pub hub_keys: hub::Keys,
    pub keys: Durable<KeyMaterial>,
    pub hubs: BTreeMap<MimiUri, Durable<hub::Room>>,
    pub followers: BTreeMap<MimiUri, Durable<follower::Room>>,
    pub reports: Vec<hub::Finding>,
    requests: u64,
}

impl Provider {
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
        let franking = HubKey::generate(openmls_traits::OpenMlsProvider::rand(&self.crypto));
        let franking = franking.expect("randomness");
        let base = format!("https://mimi.{domain}/v1");
        let provider = Provider {
            directory: Directory::standard(domain, &base).expect("a directory"),
            hub_keys: hub::Keys {
                signature_key: pair.public().to_vec(),
                signer: Box::new(pair),
                identity: MimiUri::new_provider(domain).expect("a domain"),
                franking: HubKeyRing::new(franking, Timestamp::from_millis(0)),
                retired: Vec::new(),
            },
            keys: Durable::new(KeyMaterial::new(domain, Disclosure::Tell)),
            hubs: BTreeMap::new(),
            followers: BTreeMap::new(),
            reports: Vec::new(),
            requests: 0,
        };
        self.providers.insert(domain.to_owned(), provider);
    }
}
