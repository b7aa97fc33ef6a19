//! Cases of links: sealed, opened and refused.

use bytes::Bytes;
use mimi_content::tls::{Decode, Encode};
use mimi_protocol::labels::{expand_with_label, sign_with_label};
use mimi_protocol::wire::mls::{
    Credential, IdentityLinkTbe, PseudonymousCredential, PseudonymousCredentialTbs,
};
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::Ciphersuite;
use serde_json::{Value, json};

use super::super::franking::keys::{ED25519, Key, OTHER, P256, STRANGER};
use super::super::{Case, run};
use crate::hex;

/// Everything else is AES-128-GCM and SHA-256.
const CHACHA: u16 = 3;
/// A suite with Ed448, which the crypto provider lacks, and none at all.
const UNSUPPORTED: [u16; 2] = [4, 0x7777];

pub(super) fn phone() -> Credential {
    Credential::Basic(Bytes::from_static(b"mimi://a.example/d/alice/phone"))
}

fn certified() -> Credential {
    Credential::X509(vec![Bytes::from_static(b"ee"), Bytes::from_static(b"ca")])
}

/// Alice's phone, which has the key `real`, hides in a room with this suite.
fn sealing(real: &Key, suite: u16) -> Value {
    json!({
        "user_pseudonym": "mimi://a.example/p/9b1d8c1e-3f52-4c0e-8f4e-2a7d5b60c3f1",
        "random": "f0e1d2c3b4a5968778695a4b3c2d1e0f",
        "signature_public_key": hex::encode(&STRANGER.public()),
        "client_credential": hex::encode(&phone().to_vec().unwrap()),
        "client_signature_scheme": real.scheme,
        "client_secret_key": real.owned()["secret_key"],
        "client_signature_key": hex::encode(&real.public()),
        "connection_key": "c1".repeat(32),
        "ciphersuite": suite,
    })
}

/// What friends of the client of `sealing` do with the credential that it gives.
fn opening(sealing: &Value) -> Value {
    let sealed = run("pseudonym_seal", sealing).unwrap();
    let hidden = read(&sealed["credential"]);
    let key = json!({
        "connection_key": sealing["connection_key"],
        "tbs": hex::encode(&hidden.tbs.to_vec().unwrap()),
        "ciphersuite": sealing["ciphersuite"],
    });
    let key = run("pseudonym_link_key", &key).unwrap();
    json!({
        "credential": sealed["credential"],
        "identity_link_key": key["identity_link_key"],
        "ciphersuite": sealing["ciphersuite"],
        "client_signature_scheme": sealing["client_signature_scheme"],
        "client_signature_key": sealing["client_signature_key"],
    })
}

fn read(credential: &Value) -> PseudonymousCredential {
    PseudonymousCredential::from_slice(&hex::literal(credential.as_str().unwrap())).unwrap()
}

/// A credential with the keys of another room.
pub(in crate::vectors) fn hidden() -> PseudonymousCredential {
    read(&opening(&sealing(&ED25519, 1))["credential"])
}

fn with(input: &Value, key: &str, value: impl Into<Value>) -> Value {
    let mut input = input.clone();
    input[key] = value.into();
    input
}

pub(super) fn keys() -> Vec<Case> {
    let procedure = "pseudonym_link_key";
    let of = |suite: u16, key: String| {
        json!({
            "connection_key": key,
            "tbs": hex::encode(&hidden().tbs.to_vec().unwrap()),
            "ciphersuite": suite,
        })
    };
    let mut cases = Vec::new();
    for (name, suite, key) in [
        ("with SHA-256", 1, "c1".repeat(32)),
        ("another connection key", 1, "c2".repeat(32)),
        ("a connection key of 48 octets", 1, "c1".repeat(48)),
        ("with P-256", 2, "c1".repeat(32)),
    ] {
        let name = format!("link key: {name}");
        cases.push(Case::valid(procedure, &name, of(suite, key)));
    }
    for len in [0, 31] {
        let name = format!("link key: a connection key of {len} octets");
        let input = of(1, "c1".repeat(len));
        cases.push(Case::refused(procedure, &name, input, "key_length", None));
    }
    for suite in UNSUPPORTED {
        let name = format!("link key: suite {suite:#06x}");
        let input = of(suite, "c1".repeat(64));
        cases.push(Case::refused(procedure, &name, input, "unsupported", None));
    }
    cases
}

pub(super) fn sealed() -> Vec<Case> {
    let procedure = "pseudonym_seal";
    let first = sealing(&ED25519, 1);
    let chain = hex::encode(&certified().to_vec().unwrap());
    let further = Credential::Pseudonymous(Box::new(hidden()));
    let further = hex::encode(&further.to_vec().unwrap());
    let mut cases = Vec::new();
    for (name, input) in [
        ("with AES-128-GCM and Ed25519", first.clone()),
        ("with P-256", sealing(&P256, 2)),
        ("with ChaCha20-Poly1305", sealing(&ED25519, CHACHA)),
        (
            "a real credential with another scheme than the room",
            sealing(&P256, 1),
        ),
        (
            "a chain of certificates",
            with(&first, "client_credential", chain),
        ),
        (
            "all random bits set",
            with(&first, "random", "ff".repeat(16)),
        ),
        ("no random bit set", with(&first, "random", "00".repeat(16))),
    ] {
        cases.push(Case::valid(procedure, &format!("seal: {name}"), input));
    }
    for (name, input, rule) in [
        (
            "under the name of the user",
            with(&first, "user_pseudonym", "mimi://a.example/u/alice"),
            "user_pseudonym",
        ),
        (
            "under the pseudonym of a client",
            with(&first, "user_pseudonym", "mimi://a.example/d/5f0c"),
            "user_pseudonym",
        ),
        (
            "one pseudonym behind another",
            with(&first, "client_credential", further),
            "pseudonymous",
        ),
        (
            "in the room with the real key",
            with(
                &first,
                "signature_public_key",
                first["client_signature_key"].clone(),
            ),
            "same_key",
        ),
        (
            "a connection key that is too short",
            with(&first, "connection_key", "c1".repeat(31)),
            "key_length",
        ),
        (
            "a suite that is not supported",
            with(&first, "ciphersuite", UNSUPPORTED[0]),
            "unsupported",
        ),
    ] {
        let name = format!("seal: {name}");
        cases.push(Case::refused(procedure, &name, input, rule, None));
    }
    cases
}

pub(super) fn opened() -> Vec<Case> {
    let first = sealing(&ED25519, 1);
    let chain = hex::encode(&certified().to_vec().unwrap());
    let chain = with(&first, "client_credential", chain);
    let cases = [
        ("with AES-128-GCM and Ed25519", first),
        ("with P-256", sealing(&P256, 2)),
        ("with ChaCha20-Poly1305", sealing(&ED25519, CHACHA)),
        (
            "a real credential with another scheme than the room",
            sealing(&P256, 1),
        ),
        ("a chain of certificates", chain),
    ];
    let cases = cases.into_iter().map(|(name, sealing)| {
        let name = format!("open: {name}");
        Case::valid("pseudonym_open", &name, opening(&sealing))
    });
    cases.collect()
}

pub(super) fn refused() -> Vec<Case> {
    let first = opening(&sealing(&ED25519, 1));
    let mut cases = moved(&first);
    cases.extend(forged_links(&first));
    let key = first["identity_link_key"].as_str().unwrap();
    let mut flipped = hex::literal(key);
    flipped[0] ^= 1;
    for (name, input, rule) in [
        (
            "with the key of another link",
            with(&first, "identity_link_key", hex::encode(&flipped)),
            "link",
        ),
        (
            "with a key that is too short",
            with(&first, "identity_link_key", &key[2..]),
            "key_length",
        ),
        (
            "with a key that is too long",
            with(&first, "identity_link_key", format!("{key}00")),
            "key_length",
        ),
        (
            "with the connection key",
            with(&first, "identity_link_key", "c1".repeat(32)),
            "link",
        ),
        (
            "with the AEAD of another suite",
            with(&first, "ciphersuite", CHACHA),
            "link",
        ),
        (
            "with a suite that is not supported",
            with(&first, "ciphersuite", UNSUPPORTED[0]),
            "unsupported",
        ),
        (
            "with no suite",
            with(&first, "ciphersuite", UNSUPPORTED[1]),
            "unsupported",
        ),
        (
            "by a client that has another key",
            with(&first, "client_signature_key", hex::encode(&OTHER.public())),
            "signature",
        ),
        (
            "by the room's own key",
            with(
                &first,
                "client_signature_key",
                hex::encode(&STRANGER.public()),
            ),
            "signature",
        ),
        (
            "by a client with a scheme that cannot be checked",
            with(&first, "client_signature_scheme", 0x0808),
            "unsupported",
        ),
    ] {
        cases.push(refusal(name, input, rule));
    }
    cases
}

fn refusal(name: &str, input: Value, rule: &str) -> Case {
    Case::refused(
        "pseudonym_open",
        &format!("open: {name}"),
        input,
        rule,
        None,
    )
}

/// A link in a credential that it was not made for, and altered ones.
fn moved(first: &Value) -> Vec<Case> {
    let altered = |change: &dyn Fn(&mut PseudonymousCredential)| {
        let mut hidden = read(&first["credential"]);
        change(&mut hidden);
        let credential = hex::encode(&hidden.to_vec().unwrap());
        with(first, "credential", credential)
    };
    let uri = |text| mimi_content::MimiUri::parse(text).unwrap();
    let link = |change: &dyn Fn(&mut Vec<u8>)| {
        altered(&|hidden| {
            let mut link = hidden.identity_link_ciphertext.to_vec();
            change(&mut link);
            hidden.identity_link_ciphertext = link.into();
        })
    };
    let cases = [
        (
            "in a credential with another key",
            altered(&|hidden| hidden.tbs.signature_public_key = OTHER.public().into()),
        ),
        (
            "in a credential of another client",
            altered(&|hidden| hidden.tbs.client_pseudonym = uri("mimi://a.example/d/5f0c")),
        ),
        (
            "in a credential of another user",
            altered(&|hidden| hidden.tbs.user_pseudonym = uri("mimi://a.example/p/5f0c")),
        ),
        ("with its first bit flipped", link(&|link| link[0] ^= 0x80)),
        (
            "with its last bit flipped",
            link(&|link| *link.last_mut().unwrap() ^= 1),
        ),
        (
            "cut by an octet",
            link(&|link| {
                link.pop();
            }),
        ),
        ("with an octet more", link(&|link| link.push(0))),
        ("shorter than a tag", link(&|link| link.truncate(15))),
        ("empty", link(&Vec::clear)),
    ];
    let cases = cases.into_iter();
    cases
        .map(|(name, input)| refusal(name, input, "link"))
        .collect()
}

/// Links made by somebody who has the key.
fn forged_links(first: &Value) -> Vec<Case> {
    let hidden = read(&first["credential"]);
    let tbs = hidden.tbs.to_vec().unwrap();
    let label = PseudonymousCredentialTbs::LABEL;
    let signed = |key: &Key, label, content: &[u8]| -> Bytes {
        let signature = sign_with_label(&key.signer(), label, content);
        signature.unwrap().into()
    };
    let says = |signature: Bytes, credential: Credential| {
        let link = IdentityLinkTbe {
            pseudonymous_credential_signature: signature,
            client_credential: credential,
        };
        link.to_vec().unwrap()
    };
    let further = Credential::Pseudonymous(Box::new(hidden.clone()));
    let good = signed(&ED25519, label, &tbs);
    let cases = [
        (
            "that claims to be somebody else",
            says(signed(&OTHER, label, &tbs), phone()),
            "signature",
        ),
        (
            "with a signature for another credential",
            says(signed(&ED25519, label, &tbs[1..]), phone()),
            "signature",
        ),
        (
            "with a signature with another label",
            says(signed(&ED25519, "KeyMaterialRequestTBS", &tbs), phone()),
            "signature",
        ),
        (
            "without a signature",
            says(Bytes::new(), phone()),
            "signature",
        ),
        (
            "to another pseudonymous credential",
            says(good.clone(), further),
            "pseudonymous",
        ),
        ("without content", Vec::new(), "content"),
        (
            "with an octet behind its content",
            [says(good.clone(), phone()), vec![0]].concat(),
            "content",
        ),
        (
            "to a credential of an unknown type",
            hex::literal("00 0003 00"),
            "content",
        ),
    ];
    let cases = cases.into_iter().map(|(name, content, rule)| {
        let credential = forged(first, &hidden, &content);
        refusal(name, with(first, "credential", credential), rule)
    });
    cases.collect()
}

/// The credential with whatever in its link.
fn forged(first: &Value, hidden: &PseudonymousCredential, content: &[u8]) -> String {
    let suite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    let crypto = OpenMlsRustCrypto::default();
    let crypto = crypto.crypto();
    let secret = hex::literal(first["identity_link_key"].as_str().unwrap());
    let derive = |label, len| expand_with_label(crypto, suite, &secret, label, &[], len).unwrap();
    let (key, nonce) = (derive("key", 16), derive("nonce", 12));
    let aad = hidden.tbs.to_vec().unwrap();
    let link = crypto.aead_encrypt(suite.aead_algorithm(), &key, content, &nonce, &aad);
    let forged = PseudonymousCredential {
        identity_link_ciphertext: link.unwrap().into(),
        ..hidden.clone()
    };
    hex::encode(&forged.to_vec().unwrap())
}
