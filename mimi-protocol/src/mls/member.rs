//! A client's view of a group: with secrets, over the recording overlay.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_policy::Op;
use openmls::component::ComponentData;
use openmls::framing::SafeAadItem;
use openmls::group::{
    CommitMessageBundle, JoinBuilder, MlsGroup, MlsGroupJoinConfig,
    PURE_PLAINTEXT_WIRE_FORMAT_POLICY, PastEpochDeletion, ProcessedWelcome, Propose,
};
use openmls::messages::group_info::VerifiableGroupInfo;
use openmls::prelude::{
    AppDataDictionary, AppDataDictionaryExtension, AppDataUpdateProposal, Capabilities,
    Ciphersuite, Credential, CredentialType, CredentialWithKey, Extension, ExtensionType,
    Extensions, ExternalSender, GroupContext, GroupId, KeyPackage, KeyPackageBundle, KeyPackageIn,
    LeafNode, LeafNodeIndex, LeafNodeParameters, Lifetime, MlsMessageBodyIn, MlsMessageIn,
    ProcessedMessage, ProcessedMessageContent, Proposal, ProposalOrRefType, ProposalType,
    ProtocolMessage, ProtocolVersion, PublicMessageIn, QueuedProposal, RatchetTreeIn,
    RequiredCapabilitiesExtension, Sender, SignaturePublicKey, StagedCommit,
};
use openmls::treesync::LeafNodeSource;
use openmls_traits::OpenMlsProvider;
use openmls_traits::storage::StorageProvider as _;
use tls_codec::{DeserializeBytes as _, Serialize as _};

use super::change::component_op;
use super::overlay::{Overlay, Secret, Write};
use crate::cbor::{self, CborError};
use crate::engine::CryptoProvider;
use crate::labels::SignerRef;
use crate::wire;

/// Most past epochs whose messages a client can decrypt, whatever its room
/// tolerates (POLICY, "Operational policy component"): their secrets are written
/// anew with each message, some 300 KB an epoch in a room of a thousand, and a
/// policy may name 255.
pub const MAX_PAST_EPOCHS: u8 = 16;

/// How commits and proposals are framed.
pub(crate) const HANDSHAKE_FORMAT: wire::mls::WireFormat = wire::mls::WireFormat::PUBLIC_MESSAGE;

/// Extensions of a leaf or group that a MIMI client supports.
const EXTENSIONS: &[ExtensionType] = &[ExtensionType::AppDataDictionary];
/// Proposals beyond RFC 9420 that a MIMI client supports.
const PROPOSALS: &[ProposalType] = &[ProposalType::AppDataUpdate, ProposalType::SelfRemove];
/// Credentials that a MIMI client supports.
const CREDENTIALS: &[CredentialType] = &[
    CredentialType::Basic,
    CredentialType::X509,
    CredentialType::Other(wire::mls::CredentialType::PSEUDONYMOUS.0),
];

/// Octets of version and wire format before the body of an MLSMessage.
const MLS_MESSAGE_HEADER: usize = 4;

/// What OpenMLS refused, in its words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MemberError {
    /// Octets that are not the MLS structure asked for.
    #[error("malformed MLS structure: {0}")]
    Malformed(String),
    /// OpenMLS refuses the operation or the message.
    #[error("MLS: {0}")]
    Mls(String),
    /// A message of another kind than its place asks for.
    #[error("a {0} was expected")]
    Kind(&'static str),
    /// The store does not hold what it should.
    #[error(transparent)]
    Store(#[from] CborError),
}

/// The host's crypto with a group's own storage.
pub(crate) struct Provider<'a, P> {
    crypto: &'a P,
    store: &'a Overlay,
}

impl<P: CryptoProvider> OpenMlsProvider for Provider<'_, P> {
    type CryptoProvider = P::Crypto;
    type RandProvider = P::Rand;
    type StorageProvider = Overlay;

    fn storage(&self) -> &Overlay {
        self.store
    }

    fn crypto(&self) -> &P::Crypto {
        self.crypto.crypto()
    }

    fn rand(&self) -> &P::Rand {
        self.crypto.rand()
    }
}

/// How a client signs and what it says it is.
#[derive(Clone, Copy)]
pub(crate) struct Own<'a> {
    pub(crate) signer: SignerRef<'a>,
    pub(crate) credential_type: u16,
    pub(crate) credential: &'a [u8],
    pub(crate) signature_key: &'a [u8],
    /// The dictionary of its leaf.
    pub(crate) leaf: &'a ComponentMap,
}

impl Own<'_> {
    fn credential(&self) -> CredentialWithKey {
        CredentialWithKey {
            credential: Credential::new(
                CredentialType::from(self.credential_type),
                self.credential.to_vec(),
            ),
            signature_key: SignaturePublicKey::from(self.signature_key.to_vec()),
        }
    }

    fn leaf_extensions(&self) -> Result<Extensions<LeafNode>, MemberError> {
        Extensions::from_vec(vec![dictionary(self.leaf)]).map_err(mls)
    }
}

fn capabilities(suite: Ciphersuite) -> Capabilities {
    Capabilities::builder()
        .versions(vec![ProtocolVersion::Mls10])
        .ciphersuites(vec![suite])
        .extensions(EXTENSIONS.to_vec())
        .proposals(PROPOSALS.to_vec())
        .credentials(CREDENTIALS.to_vec())
        .build()
}

fn dictionary(components: &ComponentMap) -> Extension {
    let mut dictionary = AppDataDictionary::new();
    for (id, data) in components.iter() {
        dictionary.insert(id.0, data.to_vec());
    }
    Extension::AppDataDictionary(AppDataDictionaryExtension::new(dictionary))
}

fn join_config() -> MlsGroupJoinConfig {
    MlsGroupJoinConfig::builder()
        .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
        .use_ratchet_tree_extension(false)
        .max_past_epochs(usize::from(MAX_PAST_EPOCHS))
        .build()
}

/// What a commit hands to the hub.
pub(crate) struct Committing {
    pub(crate) commit: Bytes,
    pub(crate) welcome: Option<Bytes>,
    pub(crate) group_info: Bytes,
}

/// What a commit is to do.
#[derive(Default)]
pub(crate) struct Intent {
    pub(crate) adds: Vec<Bytes>,
    pub(crate) removes: Vec<u32>,
    pub(crate) updates: Vec<(ComponentId, Vec<u8>)>,
}

/// Computes component values from updates; the policy's job.
pub(crate) type Values = Vec<(ComponentId, Option<Bytes>)>;

/// A group with this client as a member.
#[derive(Debug)]
pub(crate) struct MemberGroup {
    group: MlsGroup,
    store: Overlay,
}

/// Private halves of a published KeyPackage and its public one.
pub(crate) fn new_key_package<P: CryptoProvider>(
    host: &P,
    own: &Own<'_>,
    suite: Ciphersuite,
    lifetime: (u64, u64),
) -> Result<(Bytes, Bytes, Secret), MemberError> {
    let store = Overlay::default();
    let provider = Provider {
        crypto: host,
        store: &store,
    };
    let bundle = KeyPackage::builder()
        .key_package_lifetime(Lifetime::init(lifetime.0, lifetime.1))
        .leaf_node_capabilities(capabilities(suite))
        .leaf_node_extensions(own.leaf_extensions()?)
        .build(suite, &provider, &own.signer, own.credential())
        .map_err(mls)?;
    let reference = bundle.key_package().hash_ref(host.crypto()).map_err(mls)?;
    let public = bundle
        .key_package()
        .tls_serialize_detached()
        .map_err(malformed)?;
    let secret = Secret::new(cbor::to_vec(&bundle)?);
    Ok((public.into(), reference.as_slice().to_vec().into(), secret))
}

impl MemberGroup {
    /// Creates a group whose only member is this client.
    pub(crate) fn create<P: CryptoProvider>(
        host: &P,
        own: &Own<'_>,
        suite: Ciphersuite,
        group_id: &[u8],
        components: &ComponentMap,
        hub_sender: &[u8],
    ) -> Result<Self, MemberError> {
        let store = Overlay::new(group_id);
        let required = RequiredCapabilitiesExtension::new(EXTENSIONS, PROPOSALS, &[]);
        let hub = ExternalSender::tls_deserialize_exact_bytes(hub_sender).map_err(malformed)?;
        // The dictionary stands last: an update would move it there anyway.
        let extensions: Extensions<GroupContext> = Extensions::from_vec(vec![
            Extension::RequiredCapabilities(required),
            Extension::ExternalSenders(vec![hub]),
            dictionary(components),
        ])
        .map_err(mls)?;
        let group = MlsGroup::builder()
            .with_group_id(GroupId::from_slice(group_id))
            .ciphersuite(suite)
            .with_wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
            .use_ratchet_tree_extension(false)
            .max_past_epochs(usize::from(MAX_PAST_EPOCHS))
            .with_capabilities(capabilities(suite))
            .with_leaf_node_extensions(own.leaf_extensions()?)
            .map_err(mls)?
            .with_group_context_extensions(extensions)
            .build(&provider_for(host, &store), &own.signer, own.credential())
            .map_err(mls)?;
        Ok(MemberGroup { group, store })
    }

    /// Joins by a Welcome.
    pub(crate) fn join<P: CryptoProvider>(
        host: &P,
        welcome: &wire::mls::Welcome,
        tree: &wire::mls::RatchetTree,
        key_package: &Secret,
    ) -> Result<Self, MemberError> {
        let welcome = openmls::prelude::Welcome::tls_deserialize_exact_bytes(welcome.as_bytes())
            .map_err(malformed)?;
        let tree = ratchet_tree(tree)?;
        let bundle: KeyPackageBundle = cbor::from_slice(key_package.expose())?;
        // The group is named inside of the Welcome, so it is opened in a store of
        // its own first.
        let open = |store: &Overlay| {
            let provider = provider_for(host, store);
            let reference = bundle.key_package().hash_ref(host.crypto()).map_err(mls)?;
            store.write_key_package(&reference, &bundle)?;
            ProcessedWelcome::new_from_welcome(&provider, &join_config(), welcome.clone())
                .map_err(mls)
        };
        let group_id = open(&Overlay::default())?;
        let group_id = group_id.unverified_group_info().group_id().clone();
        let store = Overlay::new(group_id.as_slice());
        let processed = open(&store)?;
        let provider = provider_for(host, &store);
        let group = JoinBuilder::new(&provider, processed)
            .with_ratchet_tree(tree)
            // A member's KeyPackage may be long past; it is a member all the same.
            .skip_lifetime_validation()
            .build()
            .and_then(|staged| staged.into_group(&provider))
            .map_err(mls)?;
        Ok(MemberGroup { group, store })
    }

    /// Joins by an external commit, which references the pending SelfRemoves.
    pub(crate) fn join_external<P: CryptoProvider>(
        host: &P,
        own: &Own<'_>,
        suite: Ciphersuite,
        group_info: &wire::mls::GroupInfo,
        tree: &wire::mls::RatchetTree,
        pending: &[Bytes],
    ) -> Result<(Self, Committing), MemberError> {
        let info = VerifiableGroupInfo::tls_deserialize_exact_bytes(group_info.as_bytes())
            .map_err(malformed)?;
        let store = Overlay::new(info.group_id().as_slice());
        let proposals = pending
            .iter()
            .map(|message| public_message(message))
            .collect::<Result<Vec<_>, _>>()?;
        let leaf = LeafNodeParameters::builder()
            .with_capabilities(capabilities(suite))
            .with_extensions(own.leaf_extensions()?)
            .build();
        let provider = provider_for(host, &store);
        let (group, bundle) = MlsGroup::external_commit_builder()
            .with_proposals(proposals)
            .with_ratchet_tree(ratchet_tree(tree)?)
            .with_config(join_config())
            .skip_lifetime_validation()
            .build_group(&provider, info, own.credential())
            .map_err(mls)?
            .leaf_node_parameters(leaf)
            .load_psks(provider.storage())
            .map_err(mls)?
            .create_group_info(true)
            .build(host.rand(), host.crypto(), &own.signer, |_| true)
            .map_err(mls)?
            .finalize(&provider)
            .map_err(mls)?;
        let committing = committing(bundle)?;
        Ok((MemberGroup { group, store }, committing))
    }

    /// The group that a store holds.
    pub(crate) fn load(store: Overlay, group_id: &[u8]) -> Result<Self, MemberError> {
        let group = MlsGroup::load(&store, &GroupId::from_slice(group_id))?;
        let group = group.ok_or_else(CborError::incomplete)?;
        Ok(MemberGroup { group, store })
    }

    /// Makes the step's changes final and returns them.
    pub(crate) fn take(&mut self) -> Vec<Write> {
        self.store.take()
    }

    /// Undoes the step's changes.
    pub(crate) fn discard(&mut self) -> Result<(), MemberError> {
        self.store.discard();
        let group = MlsGroup::load(&self.store, self.group.group_id())?;
        self.group = group.ok_or_else(CborError::incomplete)?;
        Ok(())
    }

    /// Applies changes of an earlier step.
    pub(crate) fn apply(&mut self, writes: &[Write]) -> Result<(), MemberError> {
        self.store.apply(writes);
        self.discard()
    }

    /// Forgets how to decrypt messages of all but so many past epochs.
    pub(crate) fn keep_past<P: CryptoProvider>(
        &mut self,
        host: &P,
        epochs: u8,
    ) -> Result<(), MemberError> {
        // By their number alone: none is that old. To give the group another
        // limit would not do, as OpenMLS then drops the wrong ones of a list that
        // is not full.
        let none = PastEpochDeletion::before_timestamp(std::time::UNIX_EPOCH);
        let rest = none.max_past_epochs(usize::from(epochs));
        self.group
            .delete_past_epoch_secrets(&provider_for(host, &self.store), rest)
            .map_err(mls)
    }

    pub(crate) fn store(&self) -> &Overlay {
        &self.store
    }

    pub(crate) fn context(&self) -> &GroupContext {
        self.group.public_group().group_context()
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.group.epoch().as_u64()
    }

    pub(crate) fn ciphersuite(&self) -> Ciphersuite {
        self.group.ciphersuite()
    }

    /// When the KeyPackage by which this client came in began to be valid, in seconds;
    /// `None` once the client has another leaf.
    pub(crate) fn key_package_since(&self) -> Option<u64> {
        match self.group.own_leaf_node()?.leaf_node_source() {
            LeafNodeSource::KeyPackage(lifetime) => Some(lifetime.not_before()),
            _ => None,
        }
    }

    pub(crate) fn own_leaf(&self) -> u32 {
        self.group.own_leaf_index().u32()
    }

    /// This client as the sender of its commits.
    pub(crate) fn own_sender(&self) -> Sender {
        Sender::Member(self.group.own_leaf_index())
    }

    pub(crate) fn is_active(&self) -> bool {
        self.group.is_active()
    }

    pub(crate) fn has_pending_commit(&self) -> bool {
        self.group.pending_commit().is_some()
    }

    /// Leaf index, signature key and credential of every member.
    pub(crate) fn members(&self) -> impl Iterator<Item = (u32, Vec<u8>, Credential)> {
        self.group
            .members()
            .map(|member| (member.index.u32(), member.signature_key, member.credential))
    }

    pub(crate) fn pending_proposals(&self) -> impl Iterator<Item = &QueuedProposal> {
        self.group.pending_proposals()
    }

    /// The tree as the data of a `ratchet_tree` extension.
    pub(crate) fn ratchet_tree(&self) -> Result<Bytes, MemberError> {
        let tree = self.group.export_ratchet_tree();
        tree.tls_serialize_detached()
            .map(Bytes::from)
            .map_err(malformed)
    }

    /// A GroupInfo of the current epoch, signed by this client.
    pub(crate) fn group_info<P: CryptoProvider>(
        &self,
        host: &P,
        own: &Own<'_>,
    ) -> Result<Bytes, MemberError> {
        let message = self
            .group
            .export_group_info(host.crypto(), &own.signer, false)
            .map_err(mls)?;
        // Behind the version and the wire format stands the GroupInfo itself.
        let message = message.tls_serialize_detached().map_err(malformed)?;
        Ok(message
            .get(MLS_MESSAGE_HEADER..)
            .unwrap_or_default()
            .to_vec()
            .into())
    }

    /// Builds a commit over everything pending and `intent`; it stays pending
    /// until it is merged or cleared.
    pub(crate) fn commit<P: CryptoProvider, E>(
        &mut self,
        host: &P,
        own: &Own<'_>,
        intent: Intent,
        values: impl FnOnce(&mut dyn Iterator<Item = (ComponentId, Op<'_>)>) -> Result<Values, E>,
    ) -> Result<Result<Committing, E>, MemberError> {
        let Intent {
            adds,
            removes,
            updates,
        } = intent;
        let crypto = host.crypto();
        let adds = adds
            .iter()
            .map(|octets| {
                let key_package =
                    KeyPackageIn::tls_deserialize_exact_bytes(octets).map_err(malformed)?;
                key_package
                    .validate(crypto, ProtocolVersion::Mls10)
                    .map_err(mls)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let provider = provider_for(host, &self.store);
        let updates = updates.into_iter().map(|(id, data)| {
            Proposal::AppDataUpdate(Box::new(AppDataUpdateProposal::update(id.0, data)))
        });
        // A leaf that came by a KeyPackage gets keys of its own with the first
        // commit.
        let fresh = self
            .group
            .own_leaf_node()
            .is_some_and(|leaf| matches!(leaf.leaf_node_source(), LeafNodeSource::KeyPackage(_)));
        let mut builder = self
            .group
            .commit_builder()
            .force_self_update(fresh)
            .propose_adds(adds)
            .propose_removals(removes.into_iter().map(LeafNodeIndex::new))
            .add_proposals(updates)
            .load_psks(provider.storage())
            .map_err(mls)?;
        let computed = {
            let mut ops = builder.app_data_update_proposals().map(component_op);
            values(&mut ops)
        };
        let computed = match computed {
            Ok(computed) => computed,
            Err(refused) => return Ok(Err(refused)),
        };
        let mut updater = builder.app_data_dictionary_updater();
        for (id, data) in computed {
            match data {
                Some(data) => {
                    updater.set(ComponentData::from_parts(id.0, data.to_vec().into()));
                }
                None => updater.remove(&id.0),
            }
        }
        let changes = updater.changes();
        builder.with_app_data_dictionary_updates(changes);
        let bundle = builder
            .create_group_info(true)
            .build(host.rand(), host.crypto(), &own.signer, |_| true)
            .map_err(mls)?
            .stage_commit(&provider)
            .map_err(mls)?;
        committing(bundle).map(Ok)
    }

    /// The pending commit, if there is one.
    pub(crate) fn pending_commit(&self) -> Option<&StagedCommit> {
        self.group.pending_commit()
    }

    /// Takes the pending commit as accepted.
    pub(crate) fn merge_pending<P: CryptoProvider>(&mut self, host: &P) -> Result<(), MemberError> {
        self.group
            .merge_pending_commit(&provider_for(host, &self.store))
            .map_err(mls)
    }

    /// Takes the pending commit as refused.
    pub(crate) fn clear_pending(&mut self) -> Result<(), MemberError> {
        self.group.clear_pending_commit(&self.store)?;
        Ok(())
    }

    /// Proposes to remove the leaves (SelfRemove for the own one) and to update
    /// components; all as PublicMessages, in this order.
    pub(crate) fn propose<P: CryptoProvider>(
        &mut self,
        host: &P,
        own: &Own<'_>,
        removes: &[u32],
        updates: Vec<(ComponentId, Vec<u8>)>,
    ) -> Result<Vec<Bytes>, MemberError> {
        let provider = provider_for(host, &self.store);
        let mut messages = Vec::new();
        for leaf in removes {
            let message = if *leaf == self.group.own_leaf_index().u32() {
                let left = self
                    .group
                    .leave_group_via_self_remove(&provider, &own.signer);
                left.map_err(mls)?
            } else {
                let propose = Propose::Remove(*leaf);
                let kind = ProposalOrRefType::Reference;
                let proposed = self.group.propose(&provider, &own.signer, propose, kind);
                proposed.map_err(mls)?.0
            };
            messages.push(message.to_bytes().map_err(mls)?.into());
        }
        for (id, update) in updates {
            let propose = Propose::UpdateAppDataComponent {
                component_id: id.0,
                update,
            };
            let kind = ProposalOrRefType::Reference;
            let proposed = self.group.propose(&provider, &own.signer, propose, kind);
            messages.push(proposed.map_err(mls)?.0.to_bytes().map_err(mls)?.into());
        }
        Ok(messages)
    }

    /// Forgets the pending proposals with these references.
    pub(crate) fn withdraw(&mut self, references: &[Bytes]) -> Result<(), MemberError> {
        let known = self.group.pending_proposals();
        let known = known.map(|queued| queued.proposal_reference_ref().clone());
        let known: Vec<_> = known
            .filter(|known| references.iter().any(|r| known.as_slice() == r))
            .collect();
        for reference in known {
            self.group
                .remove_pending_proposal(&self.store, &reference)
                .map_err(mls)?;
        }
        Ok(())
    }

    /// Keeps a proposal for the next commit.
    pub(crate) fn queue(&mut self, proposal: QueuedProposal) -> Result<(), MemberError> {
        self.group.store_pending_proposal(&self.store, proposal)?;
        Ok(())
    }

    /// Encrypts an application message.
    pub(crate) fn encrypt<P: CryptoProvider>(
        &mut self,
        host: &P,
        own: &Own<'_>,
        aad: &ComponentMap,
        application_data: &[u8],
    ) -> Result<Bytes, MemberError> {
        let items = aad
            .iter()
            .map(|(id, data)| SafeAadItem::new(id.0, data.to_vec()));
        self.group.set_safe_aad(items.collect()).map_err(mls)?;
        let provider = provider_for(host, &self.store);
        let message = self
            .group
            .create_message(&provider, &own.signer, application_data)
            .map_err(mls)?;
        message.to_bytes().map(Bytes::from).map_err(mls)
    }

    /// Decrypts or verifies a message; the ratchet moves.
    pub(crate) fn process<P: CryptoProvider>(
        &mut self,
        host: &P,
        message: &[u8],
    ) -> Result<ProcessedMessage, MemberError> {
        let message = MlsMessageIn::tls_deserialize_exact_bytes(message).map_err(malformed)?;
        let message: ProtocolMessage = message
            .try_into_protocol_message()
            .map_err(|_| MemberError::Kind("message of the group"))?;
        self.group
            .process_message(&provider_for(host, &self.store), message)
            .map_err(mls)
    }

    /// Stages another member's commit with the component values that the policy
    /// computed.
    pub(crate) fn stage<P: CryptoProvider>(
        &mut self,
        host: &P,
        content: ProcessedMessageContent,
        values: Values,
    ) -> Result<StagedCommit, MemberError> {
        match content {
            ProcessedMessageContent::StagedCommitMessage(staged) => Ok(*staged),
            ProcessedMessageContent::UnresolvedAppDataCommit(unresolved) => {
                let mut updater = self.group.app_data_dictionary_updater();
                for (id, data) in values {
                    match data {
                        Some(data) => {
                            updater.set(ComponentData::from_parts(id.0, data.to_vec().into()));
                        }
                        None => updater.remove(&id.0),
                    }
                }
                let changes = updater.changes();
                self.group
                    .stage_app_data_commit(&provider_for(host, &self.store), *unresolved, changes)
                    .map_err(mls)
            }
            _ => Err(MemberError::Kind("commit")),
        }
    }

    /// Moves to the next epoch.
    pub(crate) fn merge<P: CryptoProvider>(
        &mut self,
        host: &P,
        staged: StagedCommit,
    ) -> Result<(), MemberError> {
        self.group
            .merge_staged_commit(&provider_for(host, &self.store), staged)
            .map_err(mls)
    }
}

/// The component updates of a commit that is not staged yet.
pub(crate) fn updates(
    content: &ProcessedMessageContent,
) -> impl Iterator<Item = (ComponentId, Op<'_>)> {
    let unresolved = match content {
        ProcessedMessageContent::UnresolvedAppDataCommit(unresolved) => Some(unresolved),
        _ => None,
    };
    unresolved
        .into_iter()
        .flat_map(|unresolved| unresolved.app_data_update_proposals())
        .map(component_op)
}

fn provider_for<'a, P>(crypto: &'a P, store: &'a Overlay) -> Provider<'a, P> {
    Provider { crypto, store }
}

fn committing(bundle: CommitMessageBundle) -> Result<Committing, MemberError> {
    let (commit, welcome, group_info) = bundle.into_contents();
    let welcome = welcome.map(|welcome| welcome.tls_serialize_detached());
    let welcome = welcome.transpose().map_err(malformed)?;
    let group_info = group_info.ok_or(MemberError::Kind("GroupInfo"))?;
    Ok(Committing {
        commit: commit.to_bytes().map_err(mls)?.into(),
        welcome: welcome.map(Bytes::from),
        group_info: group_info
            .tls_serialize_detached()
            .map_err(malformed)?
            .into(),
    })
}

fn ratchet_tree(tree: &wire::mls::RatchetTree) -> Result<RatchetTreeIn, MemberError> {
    RatchetTreeIn::tls_deserialize_exact_bytes(tree.as_bytes()).map_err(malformed)
}

fn public_message(message: &[u8]) -> Result<PublicMessageIn, MemberError> {
    let message = MlsMessageIn::tls_deserialize_exact_bytes(message).map_err(malformed)?;
    match message.extract() {
        MlsMessageBodyIn::PublicMessage(message) => Ok(message),
        _ => Err(MemberError::Kind("PublicMessage")),
    }
}

fn malformed(error: tls_codec::Error) -> MemberError {
    MemberError::Malformed(error.to_string())
}

fn mls(error: impl std::fmt::Display) -> MemberError {
    MemberError::Mls(error.to_string())
}
