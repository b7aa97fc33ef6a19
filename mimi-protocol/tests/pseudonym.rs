//! Alice's phone hides in rooms, her friends know it all the same, and Mallory
//! tries.
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

#[path = "pseudonym/attacks.rs"]
mod attacks;
#[path = "pseudonym/identity.rs"]
mod identity;
#[path = "pseudonym/sealing.rs"]
mod sealing;

use mimi_content::{MimiUri, UriKind};
use mimi_protocol::pseudonym::{
    ConnectionKey, IdentityLinkKey, OpenError, OpenedLink, PseudonymError, SealError, Sealing,
    new_user_pseudonym, open, seal,
};
use mimi_protocol::wire::mls::{Credential, PseudonymousCredential};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::types::Ciphersuite;

pub const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
pub const CHACHA: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519;
pub const P256: Ciphersuite = Ciphersuite::MLS_128_DHKEMP256_AES128GCM_SHA256_P256;
/// Which the crypto provider lacks.
pub const ED448: Ciphersuite = Ciphersuite::MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448;

/// A client and what its friends know of it.
pub struct Client {
    pub provider: OpenMlsRustCrypto,
    pub suite: Ciphersuite,
    pub real: Credential,
    pub key: SignatureKeyPair,
    pub connection_key: ConnectionKey,
}

pub fn key(suite: Ciphersuite) -> SignatureKeyPair {
    SignatureKeyPair::new(suite.signature_algorithm()).unwrap()
}

/// A pseudonym for Alice or anybody else there.
pub fn pseudonym(client: &Client) -> MimiUri {
    new_user_pseudonym("a.example", client.provider.rand()).unwrap()
}

impl Client {
    pub fn new(name: &'static str, suite: Ciphersuite) -> Self {
        let provider = OpenMlsRustCrypto::default();
        Client {
            suite,
            real: Credential::Basic(name.into()),
            key: key(suite),
            connection_key: ConnectionKey::generate(suite, provider.rand()).unwrap(),
            provider,
        }
    }

    pub fn phone() -> Self {
        Client::new("mimi://a.example/d/alice/phone", SUITE)
    }

    pub fn mallory() -> Self {
        Client::new("mimi://a.example/d/mallory/phone", SUITE)
    }

    /// A credential for a room, with a new key and under this pseudonym.
    pub fn hides_as(&self, user: &MimiUri) -> PseudonymousCredential {
        self.seals(user, key(self.suite).public()).unwrap()
    }

    pub fn seals(&self, user: &MimiUri, key: &[u8]) -> Result<PseudonymousCredential, SealError> {
        let sealing = Sealing {
            user_pseudonym: user,
            signature_public_key: key,
            client_credential: &self.real,
            client_signer: &self.key,
            suite: self.suite,
        };
        seal(&sealing, &self.connection_key, &self.provider)
    }

    /// The key of a link of this client.
    pub fn link_key(&self, hidden: &PseudonymousCredential) -> IdentityLinkKey {
        let crypto = self.provider.crypto();
        let tbs = &hidden.tbs;
        let key = self
            .connection_key
            .identity_link_key(tbs, self.suite, crypto);
        key.unwrap()
    }

    pub fn opens(
        &self,
        hidden: &PseudonymousCredential,
        key: &IdentityLinkKey,
    ) -> Result<OpenedLink, OpenError> {
        open(hidden, key, self.suite, self.provider.crypto())
    }
}

#[test]
fn friends_learn_whose_a_pseudonym_is() {
    for suite in [SUITE, CHACHA, P256] {
        let phone = Client::new("mimi://a.example/d/alice/phone", suite);
        let hidden = phone.hides_as(&pseudonym(&phone));
        // A friend has stored the connection key.
        let stored = ConnectionKey::new(phone.connection_key.expose().to_vec());
        let crypto = OpenMlsRustCrypto::default();
        let crypto = crypto.crypto();
        let link_key = stored.identity_link_key(&hidden.tbs, suite, crypto);
        let link = open(&hidden, &link_key.unwrap(), suite, crypto).unwrap();
        assert_eq!(link.claimed(), &phone.real);
        let scheme = suite.signature_algorithm();
        let whose = link.verify(phone.key.public(), scheme, crypto);
        assert_eq!(whose, Ok(phone.real));
    }
}

#[test]
fn a_member_of_the_room_has_the_key_of_one_link_and_of_no_other() {
    let phone = Client::phone();
    let hidden = phone.hides_as(&pseudonym(&phone));
    let elsewhere = phone.hides_as(&pseudonym(&phone));
    let told = IdentityLinkKey::new(phone.link_key(&hidden).expose().to_vec());
    assert!(phone.opens(&hidden, &told).is_ok());
    assert_eq!(phone.opens(&elsewhere, &told).unwrap_err(), OpenError::Link);
}

#[test]
fn a_certified_client_hides_as_well() {
    let mut phone = Client::phone();
    phone.real = Credential::X509(vec!["phone".into(), "provider".into()]);
    let hidden = phone.hides_as(&pseudonym(&phone));
    let link = phone.opens(&hidden, &phone.link_key(&hidden)).unwrap();
    assert_eq!(link.claimed(), &phone.real);
}

#[test]
fn pseudonyms_are_random_uuids_at_the_provider() {
    let phone = Client::phone();
    let user = pseudonym(&phone);
    let UriKind::Pseudonym(name) = user.kind() else {
        panic!("{user}");
    };
    let hidden = phone.hides_as(&user);
    let client = &hidden.tbs.client_pseudonym;
    let UriKind::Client { user: None, client } = client.kind() else {
        panic!("{client}");
    };
    for uuid in [name, client] {
        let lengths: Vec<_> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
        let digits: Vec<_> = uuid.replace('-', "").chars().collect();
        assert!(digits.iter().all(|d| "0123456789abcdef".contains(*d)));
        assert_eq!(digits[12], '4', "{uuid}");
        assert!("89ab".contains(digits[16]), "{uuid}");
    }
    assert_eq!(hidden.tbs.client_pseudonym.domain(), "a.example");
    assert_eq!(hidden.tbs.user_pseudonym, user);
    assert_ne!(pseudonym(&phone), user);
    let nowhere = new_user_pseudonym("a_b", phone.provider.rand());
    assert!(matches!(nowhere, Err(PseudonymError::Domain(_))));
}

/// What providers see of one client in two rooms, or of two clients: nothing there
/// is the same, though everything that is hidden is.
#[test]
fn two_credentials_of_a_client_look_like_those_of_two_clients() {
    let phone = Client::phone();
    let here = phone.hides_as(&pseudonym(&phone));
    let there = phone.hides_as(&pseudonym(&phone));
    let (a, b) = (&here.tbs, &there.tbs);
    assert_ne!(a.client_pseudonym, b.client_pseudonym);
    assert_ne!(a.user_pseudonym, b.user_pseudonym);
    assert_ne!(a.signature_public_key, b.signature_public_key);
    let links = [&here, &there].map(|hidden| &hidden.identity_link_ciphertext);
    assert_eq!(links[0].len(), links[1].len());
    // Of random octets one in 256 is the same by chance.
    let same = links[0].iter().zip(links[1]).filter(|(a, b)| a == b);
    assert!(same.count() < links[0].len() / 8);
    for hidden in [&here, &there] {
        let shown = format!("{hidden:?}");
        assert!(!shown.contains("alice") && !shown.contains("phone"));
        let octets = &hidden.identity_link_ciphertext;
        assert!(!octets.windows(5).any(|part| part == b"alice"));
    }
    assert_ne!(phone.link_key(&here), phone.link_key(&there));
}

/// Even if everything that the caller chooses is the same, as after a crash: a key
/// and nonce that sealed twice would give both links away.
#[test]
fn no_link_key_seals_twice() {
    let phone = Client::phone();
    let (user, room_key) = (pseudonym(&phone), key(SUITE));
    let once = phone.seals(&user, room_key.public()).unwrap();
    let twice = phone.seals(&user, room_key.public()).unwrap();
    assert_ne!(once.tbs.client_pseudonym, twice.tbs.client_pseudonym);
    assert_ne!(phone.link_key(&once), phone.link_key(&twice));
}

#[test]
fn keys_are_compared_and_not_shown() {
    let phone = Client::phone();
    let key = &phone.connection_key;
    assert_eq!(*key, ConnectionKey::new(key.expose().to_vec()));
    assert_ne!(*key, Client::phone().connection_key);
    assert_ne!(*key, ConnectionKey::new(key.expose()[1..].to_vec()));
    assert_eq!(format!("{key:?}"), "ConnectionKey(..)");
    let hidden = phone.hides_as(&pseudonym(&phone));
    let key = phone.link_key(&hidden);
    assert_eq!(key, IdentityLinkKey::new(key.expose().to_vec()));
    assert_eq!(format!("{key:?}"), "IdentityLinkKey(..)");
    let link = phone.opens(&hidden, &key).unwrap();
    let shown = format!("{link:?}");
    assert!(shown.starts_with("OpenedLink") && !shown.contains("alice"));
}
