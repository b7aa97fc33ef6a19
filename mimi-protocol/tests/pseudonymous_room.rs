//! Rooms with pseudonymous credentials in the leaves of a real MLS group: hub and
//! followers see pseudonyms, members see people.
#![allow(
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests stop at what must not happen"
)]

#[path = "../examples/clubhouse/world/mod.rs"]
mod world;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use mimi_content::{MimiContent, MimiUri, NestedPart, Salt};
use mimi_policy::presets;
use mimi_protocol::client::{Event, Intent, Keys, NewKeyPackage};
use mimi_protocol::engine::{
    BasicIdentity, CryptoProvider, Identified, Identity, IdentityError, Presented,
};
use mimi_protocol::provider as keys;
use mimi_protocol::pseudonym::{ConnectionKey, Sealing, new_user_pseudonym, open, seal};
use mimi_protocol::wire::mls::{Credential, PseudonymousCredential};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::types::SignatureScheme;
use world::{SUITE, World};

const ED25519: SignatureScheme = SignatureScheme::ED25519;

/// Reads credentials as `BasicIdentity` does, and keeps the pseudonymous ones: a
/// client's host sees each leaf here.
#[derive(Debug, Clone, Default)]
struct Leaves(Arc<Mutex<BTreeMap<MimiUri, PseudonymousCredential>>>);

impl Identity for Leaves {
    fn identify(&self, presented: &Presented<'_>) -> Result<Identified, IdentityError> {
        let who = BasicIdentity.identify(presented)?;
        if let Some(hidden) = presented.pseudonymous()? {
            self.0.lock().unwrap().insert(who.client.clone(), hidden);
        }
        Ok(who)
    }
}

/// A client as its friends know it.
struct Known {
    real: Credential,
    key: Vec<u8>,
    connection_key: ConnectionKey,
}

/// A client of a real user with a pseudonymous credential, and what its friends
/// know.
fn hides(world: &mut World, user: &MimiUri, name: (&str, &str)) -> (MimiUri, Known) {
    let shown = world.add_client(user.domain(), name.0, name.1);
    let mut client = world.clients.remove(&shown).unwrap();
    let real_key = SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap();
    let room_key = SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap();
    let rand = CryptoProvider::rand(&world.crypto);
    let connection_key = ConnectionKey::generate(SUITE, rand).unwrap();
    let sealing = Sealing {
        user_pseudonym: user,
        signature_public_key: room_key.public(),
        client_credential: &client.keys.credential,
        client_signer: &real_key,
        suite: SUITE,
    };
    let hidden = seal(&sealing, &connection_key, &world.crypto).unwrap();
    let known = Known {
        real: client.keys.credential.clone(),
        key: real_key.public().to_vec(),
        connection_key,
    };
    client.uri = hidden.tbs.client_pseudonym.clone();
    client.user = user.clone();
    client.keys = Keys {
        signature_key: room_key.public().to_vec(),
        signer: Box::new(room_key),
        credential: Credential::Pseudonymous(Box::new(hidden)),
    };
    let uri = client.uri.clone();
    world.clients.insert(uri.clone(), client);
    (uri, known)
}

/// OpenMLS compares lifetimes with the system's clock.
#[allow(clippy::disallowed_methods, reason = "a host's clock")]
fn world() -> World {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    let mut world = World::new(u64::try_from(now.as_millis()).unwrap());
    for domain in ["a.example", "b.example"] {
        world.add_provider(domain);
    }
    world.paranoid = true;
    world
}

fn pseudonym(world: &World, domain: &str) -> MimiUri {
    new_user_pseudonym(domain, CryptoProvider::rand(&world.crypto)).unwrap()
}

fn found(world: &mut World, creator: &MimiUri) -> MimiUri {
    let room = MimiUri::new_room("a.example", "masks").unwrap();
    let roles = presets::cooperative();
    world.create_room(creator, &room, "mimi://a.example/g/masks", roles);
    room
}

fn add(world: &mut World, by: &MimiUri, user: &MimiUri) {
    let requester = world.clients[by].user.clone();
    world.allow(user, &requester);
    world.add(by, user, presets::ORDINARY_USER).unwrap();
}

#[test]
fn members_of_a_room_of_pseudonyms_know_each_other_and_providers_do_not() {
    let mut world = world();
    let leaves = Leaves::default();
    world.identity = Box::new(leaves.clone());
    let alice = pseudonym(&world, "a.example");
    let bob = pseudonym(&world, "b.example");
    let (phone, known_phone) = hides(&mut world, &alice, ("alice", "phone"));
    let (laptop, known_laptop) = hides(&mut world, &alice, ("alice", "laptop"));
    let (bobs, known_bobs) = hides(&mut world, &bob, ("bob", "phone"));
    let room = found(&mut world, &phone);
    world.publish(&laptop, 1);
    world.publish(&bobs, 1);
    add(&mut world, &phone, &bob);
    world.allow(&alice, &alice);
    let packages = world.claim(&phone, &alice);
    assert_eq!(packages.len(), 1, "the laptop's");
    let published = packages[0].as_bytes();
    assert!(!published.windows(5).any(|part| part == b"alice"));
    world.client(&laptop).in_room = Some(room.clone());
    let own = Intent::Add {
        user: alice.clone(),
        role: presets::SUPER_ADMIN,
        key_packages: packages,
    };
    world.intend(&phone, own).unwrap();

    // The hub has a list of pseudonyms, and knows which leaves are of one user.
    let hub = &world.providers["a.example"].hubs[&room].engine;
    let users = hub.policy().participants().iter();
    let users: Vec<_> = users.map(|entry| entry.user.as_str()).collect();
    assert_eq!(users, [alice.as_str(), bob.as_str()]);
    assert_eq!(hub.clients().len(), 3);

    // Bob speaks, and all clients hear his pseudonym.
    let content = MimiContent::new(Salt::new([5; 16]), NestedPart::plain("Guess who"));
    let said = Intent::Send {
        content: Box::new(content),
    };
    world.intend(&bobs, said).unwrap();
    for client in [&phone, &laptop] {
        let Some(Event::Message { sender, .. }) = world.clients[client].last_message() else {
            panic!("{client} hears Bob");
        };
        assert_eq!(sender, &bob);
    }

    // Nothing that a provider passed on names them.
    for client in world.clients.values() {
        for event in &client.mailbox {
            assert!(!event.windows(5).any(|part| part == b"alice"));
            assert!(!event.windows(5).any(|part| part == b"/bob/"));
        }
    }

    // Who has the keys of the links knows who is there.
    let leaves = leaves.0.lock().unwrap();
    let crypto = CryptoProvider::crypto(&world.crypto);
    for (client, known) in [
        (phone, known_phone),
        (laptop, known_laptop),
        (bobs, known_bobs),
    ] {
        let hidden = &leaves[&client];
        let key = known
            .connection_key
            .identity_link_key(&hidden.tbs, SUITE, crypto)
            .unwrap();
        let link = open(hidden, &key, SUITE, crypto).unwrap();
        let whose = link.verify(&known.key, ED25519, crypto);
        assert_eq!(whose, Ok(known.real));
    }
}

/// A room that knows some of its members by name.
#[test]
fn a_pseudonym_joins_those_who_show_who_they_are() {
    let mut world = world();
    let alice = world.add_client("a.example", "alice", "phone");
    let bob = pseudonym(&world, "b.example");
    let (bobs, _) = hides(&mut world, &bob, ("bob", "phone"));
    found(&mut world, &alice);
    world.publish(&bobs, 1);
    add(&mut world, &alice, &bob);
    assert!(world.clients[&bobs].room().is_member());
    // A new leaf of the same client is still of the same user.
    world.intend(&bobs, Intent::Commit).unwrap();
    let (hers, his) = (&world.clients[&alice], &world.clients[&bobs]);
    assert_eq!(hers.room().epoch(), his.room().epoch());
}

#[test]
fn nobody_publishes_a_key_package_with_somebody_elses_credential() {
    let mut world = world();
    let alice = pseudonym(&world, "a.example");
    let (phone, _) = hides(&mut world, &alice, ("alice", "phone"));
    let (mallory, _) = hides(&mut world, &alice, ("mallory", "phone"));
    let stolen = world.clients[&phone].keys.credential.clone();
    world.client(&mallory).keys.credential = stolen;
    let refused = publishes(&mut world, &mallory);
    let keys::Rejection::Identity(IdentityError(why)) = refused else {
        panic!("{refused}");
    };
    assert!(why.contains("another signature key"), "{why}");
}

/// A host that knows who is behind a pseudonym, and says so.
#[derive(Debug)]
struct Indiscreet;

impl Identity for Indiscreet {
    fn identify(&self, presented: &Presented<'_>) -> Result<Identified, IdentityError> {
        let who = BasicIdentity.identify(presented)?;
        let alice = MimiUri::new_user("a.example", "alice").unwrap();
        Ok(Identified::new(alice, who.client))
    }
}

/// Hub and clients would not come to the same list of participants.
#[test]
fn no_host_puts_a_name_in_the_place_of_a_pseudonym() {
    let mut world = world();
    let alice = pseudonym(&world, "a.example");
    let (phone, _) = hides(&mut world, &alice, ("alice", "phone"));
    world.identity = Box::new(Indiscreet);
    let refused = publishes(&mut world, &phone);
    let keys::Rejection::Identity(IdentityError(why)) = refused else {
        panic!("{refused}");
    };
    assert!(why.contains("does not name"), "{why}");
}

fn publishes(world: &mut World, client: &MimiUri) -> keys::Rejection {
    let not_after = world.now().plus_millis(1000 * 60 * 60);
    let env = world.env(&world.clients[client].keys);
    let new = NewKeyPackage::generate(SUITE, not_after, &env).unwrap();
    let upload = keys::Input::Upload {
        client: client.clone(),
        package: new.key_package.as_bytes().clone(),
    };
    let domain = client.domain().to_owned();
    world.keys(&domain, upload).unwrap_err()
}
