//! The procedures: what a client seals, and what its friends open.

use mimi_content::MimiUri;
use mimi_content::tls::{Decode, Encode};
use mimi_protocol::engine::CryptoProvider;
use mimi_protocol::pseudonym::{
    ConnectionKey, IdentityLinkKey, KeyError, OpenError, SealError, Sealing, VerifyError, open,
    seal,
};
use mimi_protocol::wire::mls::{PseudonymousCredential, PseudonymousCredentialTbs};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::{OpenMlsRustCrypto, RustCrypto};
use openmls_traits::OpenMlsProvider;
use openmls_traits::random::OpenMlsRand;
use openmls_traits::types::{Ciphersuite, SignatureScheme};
use serde_json::{Value, json};

use super::super::procedures::{array, octets, text};
use super::super::{Outcome, Refused};
use crate::hex;

pub(in crate::vectors) fn link_key(input: &Value) -> Outcome {
    let tbs = decoded::<PseudonymousCredentialTbs>(input, "tbs");
    let crypto = OpenMlsRustCrypto::default();
    let key = ConnectionKey::new(octets(input, "connection_key"))
        .identity_link_key(&tbs, suite(input)?, OpenMlsProvider::crypto(&crypto))
        .map_err(|error| unusable(&error))?;
    Ok(json!({ "identity_link_key": hex::encode(key.expose()) }))
}

pub(in crate::vectors) fn seal_link(input: &Value) -> Outcome {
    let real = decoded(input, "client_credential");
    let signer = SignatureKeyPair::from_raw(
        scheme(input, "client_signature_scheme")?,
        octets(input, "client_secret_key"),
        octets(input, "client_signature_key"),
    );
    let sealing = Sealing {
        user_pseudonym: &MimiUri::parse(text(input, "user_pseudonym")).unwrap(),
        signature_public_key: &octets(input, "signature_public_key"),
        client_credential: &real,
        client_signer: &signer,
        suite: suite(input)?,
    };
    let key = ConnectionKey::new(octets(input, "connection_key"));
    let host = Host {
        crypto: OpenMlsRustCrypto::default(),
        random: array(input, "random"),
    };
    let hidden = seal(&sealing, &key, &host).map_err(|error| match error {
        SealError::Key(error) => unusable(&error),
        SealError::UserPseudonym(_) => Refused::new("user_pseudonym", None),
        SealError::Pseudonymous => Refused::new("pseudonymous", None),
        SealError::SameKey => Refused::new("same_key", None),
        SealError::TooLong(_) => Refused::new("too_long", None),
        other => panic!("{other}"),
    })?;
    Ok(json!({
        "signed": hex::encode(&hidden.tbs.sign_content().unwrap()),
        "credential": hex::encode(&hidden.to_vec().unwrap()),
    }))
}

pub(in crate::vectors) fn open_link(input: &Value) -> Outcome {
    let hidden = decoded::<PseudonymousCredential>(input, "credential");
    let key = IdentityLinkKey::new(octets(input, "identity_link_key"));
    let crypto = OpenMlsRustCrypto::default();
    let crypto = OpenMlsProvider::crypto(&crypto);
    let link = open(&hidden, &key, suite(input)?, crypto).map_err(|error| match error {
        OpenError::Key(error) => unusable(&error),
        OpenError::Link => Refused::new("link", None),
        OpenError::Content(_) => Refused::new("content", None),
        OpenError::Pseudonymous => Refused::new("pseudonymous", None),
        other => panic!("{other}"),
    })?;
    let known = octets(input, "client_signature_key");
    let scheme = scheme(input, "client_signature_scheme")?;
    let whose = link
        .verify(&known, scheme, crypto)
        .map_err(|error| match error {
            VerifyError::Signature => Refused::new("signature", None),
            VerifyError::Unsupported(_) => Refused::new("unsupported", None),
            other => panic!("{other}"),
        })?;
    Ok(json!({ "client_credential": hex::encode(&whose.to_vec().unwrap()) }))
}

fn unusable(error: &KeyError) -> Refused {
    let rule = match error {
        KeyError::Suite(_) => "unsupported",
        KeyError::Length { .. } => "key_length",
        other => panic!("{other}"),
    };
    Refused::new(rule, None)
}

fn decoded<T: Decode>(input: &Value, key: &str) -> T {
    T::from_slice(&octets(input, key)).unwrap()
}

fn suite(input: &Value) -> Result<Ciphersuite, Refused> {
    let number = u16::try_from(input["ciphersuite"].as_u64().unwrap()).unwrap();
    Ciphersuite::try_from(number).map_err(|_| Refused::new("unsupported", None))
}

fn scheme(input: &Value, key: &str) -> Result<SignatureScheme, Refused> {
    let number = u16::try_from(input[key].as_u64().unwrap()).unwrap();
    SignatureScheme::try_from(number).map_err(|_| Refused::new("unsupported", None))
}

/// A host whose generator gives what the case says.
struct Host {
    crypto: OpenMlsRustCrypto,
    random: [u8; 16],
}

impl CryptoProvider for Host {
    type Crypto = RustCrypto;
    type Rand = Host;

    fn crypto(&self) -> &RustCrypto {
        OpenMlsProvider::crypto(&self.crypto)
    }

    fn rand(&self) -> &Host {
        self
    }
}

impl OpenMlsRand for Host {
    type Error = std::convert::Infallible;

    fn random_array<const N: usize>(&self) -> Result<[u8; N], Self::Error> {
        Ok(self.random[..].try_into().unwrap())
    }

    fn random_vec(&self, len: usize) -> Result<Vec<u8>, Self::Error> {
        Ok(self.random[..len].to_vec())
    }
}
