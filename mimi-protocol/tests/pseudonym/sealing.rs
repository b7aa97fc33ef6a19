//! What is not sealed or opened, and limits at their boundary.

use mimi_content::MimiUri;
use mimi_content::tls::Encode;
use mimi_franking::limits::{MAX_IDENTITY_LINK_LEN, MAX_SIGNATURE_KEY_LEN};
use mimi_protocol::engine::CryptoProvider;
use mimi_protocol::pseudonym::{
    ConnectionKey, IdentityLinkKey, KeyError, OpenError, PseudonymError, SealError, Sealing,
    new_user_pseudonym, seal,
};
use mimi_protocol::wire::mls::Credential;
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::random::OpenMlsRand;
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::SignatureScheme;

use crate::{Client, ED448, SUITE, key, pseudonym};

#[test]
fn a_user_pseudonym_is_of_its_own_kind() {
    let phone = Client::phone();
    for other in [
        "mimi://a.example",
        "mimi://a.example/u/alice",
        "mimi://a.example/d/alice/phone",
        "mimi://a.example/r/clubhouse",
    ] {
        let other = MimiUri::parse(other).unwrap();
        let refused = phone.seals(&other, key(SUITE).public()).unwrap_err();
        assert_eq!(refused, SealError::UserPseudonym(other));
    }
}

#[test]
fn a_pseudonym_is_no_clients_real_credential() {
    let mut phone = Client::phone();
    let hidden = phone.hides_as(&pseudonym(&phone));
    phone.real = Credential::Pseudonymous(Box::new(hidden));
    let refused = phone.seals(&pseudonym(&phone), key(SUITE).public());
    assert_eq!(refused.unwrap_err(), SealError::Pseudonymous);
}

#[test]
fn the_key_of_the_real_credential_would_give_it_away() {
    let phone = Client::phone();
    let refused = phone.seals(&pseudonym(&phone), phone.key.public());
    assert_eq!(refused.unwrap_err(), SealError::SameKey);
}

#[test]
fn a_link_is_as_long_as_it_may_be_and_no_longer() {
    let mut phone = Client::phone();
    // A signature of 64 octets and an identity of four digits in length; the type
    // of the credential, three lengths, the tag.
    let most = MAX_IDENTITY_LINK_LEN - (2 + 64) - (2 + 4) - 16;
    phone.real = Credential::Basic(vec![7; most].into());
    let hidden = phone.hides_as(&pseudonym(&phone));
    assert_eq!(hidden.identity_link_ciphertext.len(), MAX_IDENTITY_LINK_LEN);
    let link_key = phone.link_key(&hidden);
    assert!(phone.opens(&hidden, &link_key).is_ok());

    let mut longer = hidden.clone();
    longer.identity_link_ciphertext = [&hidden.identity_link_ciphertext[..], &[0]].concat().into();
    let len = MAX_IDENTITY_LINK_LEN + 1;
    assert_eq!(
        phone.opens(&longer, &link_key).unwrap_err(),
        OpenError::TooLong { len }
    );
    phone.real = Credential::Basic(vec![7; most + 1].into());
    let refused = phone.seals(&pseudonym(&phone), key(SUITE).public());
    assert_eq!(
        refused.unwrap_err(),
        SealError::TooLong("the client's real credential")
    );
}

#[test]
fn a_signature_key_is_as_long_as_it_may_be_and_no_longer() {
    let phone = Client::phone();
    let user = pseudonym(&phone);
    assert!(phone.seals(&user, &[7; MAX_SIGNATURE_KEY_LEN]).is_ok());
    let refused = phone.seals(&user, &[7; MAX_SIGNATURE_KEY_LEN + 1]);
    assert_eq!(
        refused.unwrap_err(),
        SealError::TooLong("the signature public key")
    );
}

#[test]
fn keys_have_the_length_of_the_suites_hash() {
    let mut phone = Client::phone();
    let hidden = phone.hides_as(&pseudonym(&phone));
    let whole = phone.link_key(&hidden).expose().to_vec();
    assert_eq!(whole.len(), 32);
    for len in [0, 31, 33] {
        let mut other = whole.clone();
        other.resize(len, 0);
        let refused = phone.opens(&hidden, &IdentityLinkKey::new(other));
        let wrong = KeyError::Length { len, need: 32 };
        assert_eq!(refused.unwrap_err(), OpenError::Key(wrong));
    }
    // A connection is not of one suite: its key may be longer.
    for (len, does) in [(0, false), (31, false), (32, true), (33, true), (64, true)] {
        phone.connection_key = ConnectionKey::new(vec![7; len]);
        let sealed = phone.seals(&pseudonym(&phone), key(SUITE).public());
        match sealed {
            Ok(hidden) => assert!(does && phone.opens(&hidden, &phone.link_key(&hidden)).is_ok()),
            Err(error) => {
                assert!(!does, "{len}");
                let wrong = KeyError::Length { len, need: 32 };
                assert_eq!(error, SealError::Key(wrong));
            }
        }
    }
}

#[test]
fn a_suite_that_the_provider_lacks_is_named() {
    let mut phone = Client::phone();
    let hidden = phone.hides_as(&pseudonym(&phone));
    let link_key = phone.link_key(&hidden);
    phone.suite = ED448;
    let lacks = KeyError::Suite(4);
    assert_eq!(
        phone.opens(&hidden, &link_key).unwrap_err(),
        OpenError::Key(lacks)
    );
    let crypto = CryptoProvider::crypto(&phone.provider);
    let derived = phone
        .connection_key
        .identity_link_key(&hidden.tbs, ED448, crypto);
    assert_eq!(derived.unwrap_err(), lacks);
    let sealed = phone.seals(&pseudonym(&phone), key(SUITE).public());
    assert_eq!(sealed.unwrap_err(), SealError::Key(lacks));
}

/// A host without randomness, and a smart card that was pulled.
struct Broken(OpenMlsRustCrypto);

impl CryptoProvider for Broken {
    type Crypto = <OpenMlsRustCrypto as OpenMlsProvider>::CryptoProvider;
    type Rand = Broken;

    fn crypto(&self) -> &Self::Crypto {
        OpenMlsProvider::crypto(&self.0)
    }

    fn rand(&self) -> &Self::Rand {
        self
    }
}

impl OpenMlsRand for Broken {
    type Error = std::fmt::Error;

    fn random_array<const N: usize>(&self) -> Result<[u8; N], Self::Error> {
        Err(std::fmt::Error)
    }

    fn random_vec(&self, _: usize) -> Result<Vec<u8>, Self::Error> {
        Err(std::fmt::Error)
    }
}

impl Signer for Broken {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignerError> {
        Err(SignerError::SigningError)
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SUITE.signature_algorithm()
    }
}

#[test]
fn without_randomness_or_a_signature_nothing_is_sealed() {
    let phone = Client::phone();
    let broken = Broken(OpenMlsRustCrypto::default());
    let (user, room_key) = (pseudonym(&phone), key(SUITE));
    let mut sealing = Sealing {
        user_pseudonym: &user,
        signature_public_key: room_key.public(),
        client_credential: &phone.real,
        client_signer: &phone.key,
        suite: SUITE,
    };
    let refused = seal(&sealing, &phone.connection_key, &broken).unwrap_err();
    assert_eq!(refused, SealError::Randomness);
    sealing.client_signer = &broken;
    let refused = seal(&sealing, &phone.connection_key, &phone.provider).unwrap_err();
    assert_eq!(refused, SealError::Signer);
    let refused = new_user_pseudonym("a.example", &broken).unwrap_err();
    assert_eq!(refused, PseudonymError::Randomness);
}

#[test]
fn what_is_sealed_decodes() {
    let phone = Client::phone();
    let hidden = phone.hides_as(&pseudonym(&phone));
    let octets = hidden.to_vec().unwrap();
    let decoded = mimi_content::tls::Decode::from_slice(&octets);
    assert_eq!(decoded, Ok(hidden));
}
