//! What OpenMLS wants of a leaf and gives of a commit.

use crate::world::SUITE;
use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Decode;
use mimi_policy::{Op, RoomPolicy};
use mimi_protocol::mls::openmls::group::{
    CommitMessageBundle, MlsGroupJoinConfig, PURE_PLAINTEXT_WIRE_FORMAT_POLICY,
};
use mimi_protocol::mls::openmls::prelude::{
    AppDataDictionary, AppDataDictionaryExtension, AppDataUpdateOperation, AppDataUpdateProposal,
    BasicCredential, Capabilities, CredentialType, CredentialWithKey, Extension, ExtensionType,
    Extensions, LeafNode, MlsMessageBodyIn, MlsMessageIn, Proposal, ProposalType, PublicMessageIn,
};
use mimi_protocol::wire::{CommitBundle, GroupInfoOption, RatchetTreeOption};
use openmls_basic_credential::SignatureKeyPair;
use tls_codec::{DeserializeBytes as _, Serialize as _};

pub(super) fn capabilities() -> Capabilities {
    Capabilities::builder()
        .ciphersuites(vec![SUITE])
        .extensions(vec![ExtensionType::AppDataDictionary])
        .proposals(vec![ProposalType::AppDataUpdate, ProposalType::SelfRemove])
        .credentials(vec![CredentialType::Basic, CredentialType::X509])
        .build()
}

/// The extensions of a leaf with this dictionary.
pub fn leaf_extensions(components: &ComponentMap) -> Extensions<LeafNode> {
    let mut dictionary = AppDataDictionary::new();
    for (id, data) in components.iter() {
        dictionary.insert(id.0, data.to_vec());
    }
    let dictionary = AppDataDictionaryExtension::new(dictionary);
    Extensions::from_vec(vec![Extension::AppDataDictionary(dictionary)]).unwrap()
}

pub(super) fn credential(client: &MimiUri, signer: &SignatureKeyPair) -> CredentialWithKey {
    CredentialWithKey {
        credential: BasicCredential::new(client.as_str().as_bytes().to_vec()).into(),
        signature_key: signer.public().into(),
    }
}

pub(super) fn join_config() -> MlsGroupJoinConfig {
    MlsGroupJoinConfig::builder()
        .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
        .use_ratchet_tree_extension(false)
        .build()
}

pub(super) fn operation(update: &AppDataUpdateProposal) -> (ComponentId, Op<'_>) {
    let op = match update.operation() {
        AppDataUpdateOperation::Update(data) => Op::Update(data.as_slice()),
        AppDataUpdateOperation::Remove => Op::Remove,
    };
    (ComponentId(update.component_id()), op)
}

pub(super) fn app_data_update(proposal: &Proposal) -> Option<&AppDataUpdateProposal> {
    match proposal {
        Proposal::AppDataUpdate(update) => Some(update),
        _ => None,
    }
}

pub(super) type Values = Vec<(ComponentId, Option<Vec<u8>>)>;

/// The values that updates lead to; those that no policy allows are taken at
/// their word.
pub(super) fn values<'a>(
    policy: &RoomPolicy,
    updates: impl Iterator<Item = &'a AppDataUpdateProposal>,
) -> Values {
    let updates: Vec<_> = updates.map(operation).collect();
    match policy.resolve(updates.iter().copied()) {
        Ok(draft) => draft
            .changed()
            .map(|(id, data)| (id, data.map(|data| data.to_vec())))
            .collect(),
        Err(_) => updates
            .into_iter()
            .map(|(id, op)| match op {
                Op::Update(data) => (id, Some(data.to_vec())),
                _ => (id, None),
            })
            .collect(),
    }
}

pub(super) fn public_message(message: &Bytes) -> PublicMessageIn {
    let message = MlsMessageIn::tls_deserialize_exact_bytes(message).unwrap();
    match message.extract() {
        MlsMessageBodyIn::PublicMessage(message) => message,
        _ => panic!("proposals are PublicMessages"),
    }
}

pub(super) fn wire_bundle(bundle: CommitMessageBundle) -> CommitBundle {
    let (commit, welcome, info) = bundle.into_contents();
    let commit: Bytes = commit.to_bytes().unwrap().into();
    let welcome = welcome.map(|welcome| {
        let welcome: Bytes = welcome.tls_serialize_detached().unwrap().into();
        Decode::from_bytes(&welcome).unwrap()
    });
    let info: Bytes = info.unwrap().tls_serialize_detached().unwrap().into();
    CommitBundle {
        commit: Decode::from_bytes(&commit).unwrap(),
        welcome,
        group_info: GroupInfoOption::Full(Box::new(Decode::from_bytes(&info).unwrap())),
        ratchet_tree: RatchetTreeOption::DistributionService,
    }
}
