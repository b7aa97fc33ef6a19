//! Clients that are OpenMLS alone, with nothing of ours.

// Each test binary uses its own part.
#![allow(dead_code, reason = "not every test uses all of it")]

use mimi_protocol::wire::Decode;
use mimi_protocol::wire::mls::{GroupInfo, MlsContent, MlsMessage};
use openmls::prelude::tls_codec::{DeserializeBytes as _, Serialize as _};
use openmls::prelude::*;
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;

use crate::support::is_exact;

pub(crate) const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

pub(crate) struct Client {
    pub(crate) provider: OpenMlsRustCrypto,
    pub(crate) signer: SignatureKeyPair,
    pub(crate) credential: CredentialWithKey,
}

impl Client {
    pub(crate) fn new(name: &str) -> Self {
        let signer = SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap();
        let credential = CredentialWithKey {
            credential: BasicCredential::new(name.into()).into(),
            signature_key: signer.public().into(),
        };
        Client {
            provider: OpenMlsRustCrypto::default(),
            signer,
            credential,
        }
    }

    pub(crate) fn key_package(&self) -> KeyPackage {
        KeyPackage::builder()
            .leaf_node_capabilities(capabilities())
            .build(SUITE, &self.provider, &self.signer, self.credential.clone())
            .unwrap()
            .key_package()
            .clone()
    }

    pub(crate) fn join(&self, welcome: MlsMessageOut, tree: RatchetTreeIn) -> MlsGroup {
        let MlsMessageBodyOut::Welcome(welcome) = welcome.body().clone() else {
            panic!("not a Welcome")
        };
        let config = MlsGroupJoinConfig::builder()
            .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
            .build();
        StagedWelcome::new_from_welcome(&self.provider, &config, welcome, Some(tree))
            .unwrap()
            .into_group(&self.provider)
            .unwrap()
    }
}

pub(crate) fn capabilities() -> Capabilities {
    with_credentials(&[CredentialType::Basic])
}

pub(crate) fn with_credentials(credentials: &[CredentialType]) -> Capabilities {
    Capabilities::builder()
        .credentials(credentials.to_vec())
        .extensions(vec![ExtensionType::AppDataDictionary])
        .proposals(vec![
            ProposalType::AppDataUpdate,
            ProposalType::AppEphemeral,
            ProposalType::SelfRemove,
        ])
        .build()
}

pub(crate) fn create(client: &Client) -> MlsGroup {
    MlsGroup::builder()
        .with_capabilities(capabilities())
        .with_wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
        .ciphersuite(SUITE)
        .build(&client.provider, &client.signer, client.credential.clone())
        .unwrap()
}

/// The room's GroupInfo, compared with the group.
pub(crate) fn group_info(room: &MlsGroup, signer: &Client, with_tree: bool) -> GroupInfo {
    let message = room
        .export_group_info(signer.provider.crypto(), &signer.signer, with_tree)
        .unwrap();
    let raw = message.to_bytes().unwrap();
    is_exact::<MlsMessage>(&raw);
    let message = MlsMessage::from_slice(&raw).unwrap();
    let MlsContent::GroupInfo(info) = &*message else {
        panic!("not a GroupInfo")
    };
    assert_eq!(info.as_bytes()[..], raw[4..]);
    let context = &info.group_context;
    assert_eq!(context.group_id, room.group_id().as_slice());
    assert_eq!(context.epoch, room.epoch().as_u64());
    let (theirs, _) = PublicGroup::from_external(
        signer.provider.crypto(),
        signer.provider.storage(),
        room.export_ratchet_tree().into(),
        verifiable(MlsMessageIn::tls_deserialize_exact_bytes(&raw).unwrap()),
        ProposalStore::new(),
    )
    .unwrap();
    let theirs = theirs.group_context();
    assert_eq!(context.tree_hash, theirs.tree_hash());
    assert_eq!(
        context.as_bytes(),
        &theirs.tls_serialize_detached().unwrap()
    );
    assert_eq!(info.signer, room.own_leaf_index().u32());
    info.as_ref().clone()
}

pub(crate) fn verifiable(message: MlsMessageIn) -> group_info::VerifiableGroupInfo {
    match message.extract() {
        MlsMessageBodyIn::GroupInfo(group_info) => group_info,
        _ => panic!("not a GroupInfo"),
    }
}
