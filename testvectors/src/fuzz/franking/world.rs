//! A hub with its rooms and what it has stamped there.

use std::sync::Arc;

use mimi_content::media::{ApplicationFraming, MediaType, MediaTypeList};
use mimi_content::tls::Encode;
use mimi_content::{MimiContent, MimiUri, NestedPart, Salt, Timestamp};
use mimi_franking::{
    AbusiveMessage, Accepted, Agent, CipherSuite, Framing, Franking, HubFranker, HubKey,
    HubKeyRing, Plaintext, commit_content,
};
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::types::SignatureScheme;

use crate::vectors::keys::{ED25519, Key, OTHER, P256};

/// The hub's secret keys, and since when each was in use.
const KEYS: [(&str, u64); 3] = [("old", 1_000), ("middle", 2_000), ("new", 3_000)];

pub(super) struct Room {
    pub(super) uri: MimiUri,
    types: Option<MediaTypeList>,
    key: &'static Key,
}

impl Room {
    fn new(name: &str, types: &[&str], key: &'static Key) -> Self {
        let types: Vec<_> = types
            .iter()
            .map(|essence| MediaType::new(*essence))
            .collect();
        Room {
            uri: MimiUri::new_room("hub.example", name).unwrap(),
            types: (!types.is_empty()).then_some(MediaTypeList(types)),
            key,
        }
    }

    pub(super) fn framing(&self) -> Framing<'_> {
        Framing::of(self.types.as_ref())
    }
}

/// A message that the hub has accepted with a tag that fits its content.
pub(super) struct Stamped {
    pub(super) message: AbusiveMessage,
    pub(super) sender: MimiUri,
    pub(super) room: usize,
    /// The name of the hub key.
    pub(super) key: &'static str,
}

pub(super) struct World {
    pub(super) provider: OpenMlsRustCrypto,
    pub(super) franker: HubFranker,
    pub(super) rooms: [Room; 3],
    pub(super) users: [MimiUri; 3],
    pub(super) stamped: Vec<Stamped>,
    /// What was sent without the hub's knowing: its tag was for the first message.
    pub(super) unknown: Vec<u8>,
}

impl World {
    pub(super) fn new() -> Self {
        let mut world = World {
            provider: OpenMlsRustCrypto::default(),
            franker: franker(KEYS.len()).with_retired(SignatureScheme::ED25519, OTHER.public()),
            rooms: [
                Room::new("clubhouse", &[], &ED25519),
                Room::new("cellar", &["text/plain", "application/mimi-content"], &P256),
                Room::new("attic", &["application/mimi-content"], &ED25519),
            ],
            users: ["alice", "bob", "carol"]
                .map(|name| MimiUri::new_user("a.example", name).unwrap()),
            stamped: Vec::new(),
            unknown: Vec::new(),
        };
        // Sender, room, time, and how many keys the hub has then.
        for (sender, room, accepted, keys) in [
            (0, 0, 1_500, 1),
            (0, 0, 2_500, 2),
            (0, 0, 3_500, 3),
            (1, 0, 3_501, 3),
            (0, 1, 3_500, 3),
            (1, 1, 3_600, 3),
            (2, 2, 3_500, 3),
            // A clock that was set back, and a key that was kept too long.
            (0, 0, 2_999, 3),
            (0, 0, 3_700, 2),
        ] {
            let data = world.write(sender, room, accepted);
            world.stamp(data, (sender, room), accepted, keys, world.rooms[room].key);
        }
        // Signed by an agent that is retired today.
        let data = world.write(0, 0, 3_800);
        world.stamp(data, (0, 0), 3_800, 3, &OTHER);
        let data = world.explicitly_typed();
        world.stamp(data, (1, 1), 3_900, 3, &P256);
        world.unknown = world.content(0, 0, 1).encode();
        world
    }

    fn content(&self, sender: usize, room: usize, text: u64) -> MimiContent<'static> {
        let part = NestedPart::plain(format!("It is {text}!"));
        let mut content = MimiContent::new(Salt::new([0x5a; 16]), part);
        content.extensions.set_sender_uri(&self.users[sender]);
        content.extensions.set_room_uri(&self.rooms[room].uri);
        content
    }

    fn write(&self, sender: usize, room: usize, text: u64) -> Vec<u8> {
        let (content, to) = (self.content(sender, room, text), &self.rooms[room]);
        let committed = commit_content(&content, to.framing(), &self.users[sender], &to.uri);
        committed.unwrap().0
    }

    /// A message with its type in full and a parameter.
    fn explicitly_typed(&self) -> Vec<u8> {
        let mut media_type = MediaType::new("application/mimi-content");
        media_type.parameters.push(("a".to_owned(), "b".to_owned()));
        let content = self.content(1, 1, 7).encode().into();
        let framed = ApplicationFraming {
            media_type,
            content,
        };
        framed.to_vec().unwrap()
    }

    fn stamp(
        &mut self,
        data: Vec<u8>,
        (sender, room): (usize, usize),
        accepted: u64,
        keys: usize,
        key: &Key,
    ) {
        let (sender, to) = (self.users[sender].clone(), &self.rooms[room]);
        let tag = Plaintext::decode(&data, to.framing())
            .unwrap()
            .opening()
            .tag();
        let accepted = Timestamp::from_millis(accepted);
        let franker = franker(keys).with_agent(agent(&OTHER));
        let franking = franker.frank(&Accepted {
            frank_aad: Some(&tag.0),
            franking_agent: Some(&key.agent().to_vec().unwrap()),
            sender: &sender,
            room: &to.uri,
            accepted_timestamp: accepted,
            ciphersuite: CipherSuite(key.suite),
        });
        let Ok(Franking::Franked(frank)) = franking else {
            panic!("{franking:?}");
        };
        self.stamped.push(Stamped {
            message: AbusiveMessage {
                message_content: data.into(),
                frank,
                accepted_timestamp: accepted,
            },
            sender,
            room,
            key: KEYS[keys - 1].0,
        });
    }
}

/// The hub when it had the first of its secret keys.
fn franker(keys: usize) -> HubFranker {
    let keys = KEYS.iter().take(keys).zip(0x4b..);
    let keys = keys.map(|((name, since), octet)| {
        let key = HubKey::from_bytes(&[octet; 32]);
        ((*name).to_owned(), Timestamp::from_millis(*since), key)
    });
    let ring = HubKeyRing::from_keys(keys).unwrap();
    HubFranker::new(ring, agent(&ED25519)).with_agent(agent(&P256))
}

fn agent(key: &Key) -> Agent {
    let provider = OpenMlsRustCrypto::default();
    Agent::new(key.agent(), Arc::new(key.signer()), provider.crypto()).unwrap()
}
