//! KeyPackages that OpenMLS made are taken, under the reference that OpenMLS
//! gives them.
#![cfg(feature = "provider")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "the helpers of a test fail as its body does"
)]

mod provider_support;

use mimi_content::Timestamp;
use mimi_content::tls::Decode;
use mimi_protocol::provider::{Disclosure, Input, KeyMaterial};
use mimi_protocol::wire::mls::{KeyPackage, LeafNodeSource};
use openmls::prelude::tls_codec::Serialize;
use openmls::prelude::{BasicCredential, Ciphersuite, CredentialWithKey};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use provider_support::{Host, key_package_ref, uri};

#[test]
fn key_packages_of_openmls_are_taken_under_its_references() {
    let client = "mimi://b.example/d/bob/1";
    for suite in [
        Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
        Ciphersuite::MLS_128_DHKEMP256_AES128GCM_SHA256_P256,
        Ciphersuite::MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519,
    ] {
        let openmls = OpenMlsRustCrypto::default();
        let signer = SignatureKeyPair::new(suite.signature_algorithm()).unwrap();
        let credential = CredentialWithKey {
            credential: BasicCredential::new(client.into()).into(),
            signature_key: signer.to_public_vec().into(),
        };
        let bundle = openmls::prelude::KeyPackage::builder()
            .build(suite, &openmls, &signer, credential)
            .unwrap();
        let theirs = bundle.key_package();
        let octets = bytes::Bytes::from(theirs.tls_serialize_detached().unwrap());
        let reference = theirs.hash_ref(openmls.crypto()).unwrap();
        assert_eq!(key_package_ref(&octets), reference.as_slice());

        let ours = KeyPackage::from_bytes(&octets).unwrap();
        let LeafNodeSource::KeyPackage { not_before, .. } = ours.leaf_node.source else {
            panic!("a KeyPackage has a lifetime");
        };
        let mut host = Host::new(KeyMaterial::new("b.example", Disclosure::Tell));
        host.now = Timestamp::from_millis(not_before.saturating_mul(1000));
        host.accept(Input::Upload {
            client: uri(client),
            package: octets,
        });
        assert_eq!(
            host.engine
                .left(&uri("mimi://b.example/u/bob"), &uri(client)),
            1
        );
    }
}
