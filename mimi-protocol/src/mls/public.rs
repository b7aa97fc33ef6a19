//! The hub's view of a group: public, without secrets, without storage.

use bytes::Bytes;
use mimi_content::component::ComponentId;
use mimi_content::tls::Writer;
use openmls::component::ComponentData;
use openmls::group::PublicGroup;
use openmls::messages::group_info::VerifiableGroupInfo;
use openmls::prelude::{
    Ciphersuite, GroupContext, LeafNodeIndex, MlsMessageIn, OpenMlsCrypto, ProcessedMessage,
    ProcessedMessageContent, ProposalStore, ProtocolMessage, QueuedProposal, RatchetTreeIn, Sender,
    StagedCommit,
};
use sha2::Digest;
use tls_codec::{DeserializeBytes as _, Serialize as _};

use super::change::component_op;
use super::store::{NullStore, PublicState};
use crate::cbor::{self, CborError};
use crate::labels::verify_group_info;
use crate::wire;
use mimi_policy::Op;

/// A message that is not a valid one of the group, in OpenMLS's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicError {
    /// Octets that are not the MLS structure asked for.
    #[error("malformed MLS structure: {0}")]
    Malformed(String),
    /// The group cannot be followed from this GroupInfo and tree.
    #[error("the group cannot be followed: {0}")]
    Group(String),
    /// The message is not a valid one in this epoch.
    #[error("invalid MLS message: {0}")]
    Message(String),
    /// A message of another kind than its place asks for.
    #[error("a {0} was expected")]
    Kind(&'static str),
}

/// A GroupInfo that does not belong to the commit it came with (PROTO, "Update
/// Room State").
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupInfoError {
    /// Its context is not the one that the commit leads to.
    #[error("the GroupInfo's context is not the one that the commit leads to")]
    Context,
    /// Its confirmation tag is not the commit's.
    #[error("the GroupInfo's confirmation tag is not the commit's")]
    ConfirmationTag,
    /// Its signer is not the committer.
    #[error("the GroupInfo is signed by leaf {0}, not by the committer")]
    Signer(u32),
    /// Its signature does not verify.
    #[error("the GroupInfo's signature does not verify")]
    Signature,
    /// Nobody could join by it.
    #[error("the GroupInfo lacks external_pub, so nobody could join by it")]
    ExternalPub,
    /// The tree travels apart (PROTO, "Update Room State").
    #[error("the GroupInfo embeds the ratchet tree")]
    RatchetTree,
}

/// A group as its hub sees it.
#[derive(Debug)]
pub(crate) struct PublicRoomGroup {
    group: PublicGroup,
}

/// A commit that is signed by its sender and not yet staged.
pub(crate) struct Opened {
    message: ProcessedMessage,
    confirmation_tag: Bytes,
}

impl PublicRoomGroup {
    /// Follows the group that `group_info` and `tree` show.
    pub(crate) fn from_external(
        crypto: &impl OpenMlsCrypto,
        group_info: &wire::mls::GroupInfo,
        tree: &wire::mls::RatchetTree,
    ) -> Result<Self, PublicError> {
        let info = VerifiableGroupInfo::tls_deserialize_exact_bytes(group_info.as_bytes())
            .map_err(malformed)?;
        let tree =
            RatchetTreeIn::tls_deserialize_exact_bytes(tree.as_bytes()).map_err(malformed)?;
        let (group, _) =
            PublicGroup::from_external(crypto, &NullStore, tree, info, ProposalStore::new())
                .map_err(|e| PublicError::Group(e.to_string()))?;
        Ok(PublicRoomGroup { group })
    }

    pub(crate) fn context(&self) -> &GroupContext {
        self.group.group_context()
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.context().epoch().as_u64()
    }

    pub(crate) fn ciphersuite(&self) -> Ciphersuite {
        self.group.ciphersuite()
    }

    /// Leaf index, signature key and credential of every member.
    pub(crate) fn members(
        &self,
    ) -> impl Iterator<Item = (u32, Vec<u8>, openmls::prelude::Credential)> {
        self.group
            .members()
            .map(|member| (member.index.u32(), member.signature_key, member.credential))
    }

    /// The tree as the data of a `ratchet_tree` extension.
    pub(crate) fn ratchet_tree(&self) -> Result<Bytes, PublicError> {
        let tree = self.group.export_ratchet_tree();
        tree.tls_serialize_detached()
            .map(Bytes::from)
            .map_err(malformed)
    }

    /// Verifies a proposal that came as a PublicMessage.
    pub(crate) fn proposal(
        &self,
        crypto: &impl OpenMlsCrypto,
        message: &[u8],
    ) -> Result<QueuedProposal, PublicError> {
        let (processed, _) = self.process(crypto, message)?;
        match processed.into_content() {
            ProcessedMessageContent::ProposalMessage(proposal) => Ok(*proposal),
            _ => Err(PublicError::Kind("proposal of a member or external sender")),
        }
    }

    /// Verifies a commit's signature and the proposals in it.
    pub(crate) fn open(
        &self,
        crypto: &impl OpenMlsCrypto,
        message: &[u8],
    ) -> Result<Opened, PublicError> {
        let (message, tag) = self.process(crypto, message)?;
        match (message.content(), tag) {
            (
                ProcessedMessageContent::StagedCommitMessage(_)
                | ProcessedMessageContent::UnresolvedAppDataCommit(_),
                Some(confirmation_tag),
            ) => Ok(Opened {
                message,
                confirmation_tag,
            }),
            _ => Err(PublicError::Kind("commit")),
        }
    }

    fn process(
        &self,
        crypto: &impl OpenMlsCrypto,
        message: &[u8],
    ) -> Result<(ProcessedMessage, Option<Bytes>), PublicError> {
        let message = MlsMessageIn::tls_deserialize_exact_bytes(message).map_err(malformed)?;
        let message: ProtocolMessage = message
            .try_into_protocol_message()
            .map_err(|_| PublicError::Kind("PublicMessage"))?;
        let ProtocolMessage::PublicMessage(public) = &message else {
            return Err(PublicError::Kind("PublicMessage"));
        };
        let tag = public.confirmation_tag();
        let tag = tag.map(|tag| tag.tls_serialize_detached()).transpose();
        let tag = tag.map_err(malformed)?.map(Bytes::from);
        let processed = self
            .group
            .process_message(crypto, message)
            .map_err(|e| PublicError::Message(e.to_string()))?;
        Ok((processed, tag))
    }

    /// Stages a commit with the component values that the policy computed.
    pub(crate) fn stage<'a>(
        &self,
        crypto: &impl OpenMlsCrypto,
        opened: Opened,
        changed: impl Iterator<Item = (ComponentId, Option<&'a Bytes>)>,
    ) -> Result<Staged, PublicError> {
        let sender = opened.message.sender().clone();
        let confirmation_tag = opened.confirmation_tag;
        let commit = match opened.message.into_content() {
            ProcessedMessageContent::StagedCommitMessage(staged) => *staged,
            ProcessedMessageContent::UnresolvedAppDataCommit(unresolved) => {
                let mut updater = self.group.app_data_dictionary_updater();
                for (id, data) in changed {
                    match data {
                        Some(data) => {
                            updater.set(ComponentData::from_parts(id.0, data.to_vec().into()))
                        }
                        None => updater.remove(&id.0),
                    }
                }
                self.group
                    .stage_app_data_commit(crypto, *unresolved, updater.changes())
                    .map_err(|e| PublicError::Message(e.to_string()))?
            }
            _ => return Err(PublicError::Kind("commit")),
        };
        let committer = match &sender {
            Sender::Member(leaf) => *leaf,
            _ => self
                .group
                .ext_commit_sender_index(&commit)
                .map_err(|e| PublicError::Message(e.to_string()))?,
        };
        Ok(Staged {
            commit,
            sender,
            committer,
            confirmation_tag,
        })
    }

    /// Checks that `info` is what the staged commit leads to.
    pub(crate) fn check_group_info(
        &self,
        crypto: &impl OpenMlsCrypto,
        staged: &Staged,
        info: &wire::mls::GroupInfo,
    ) -> Result<(), GroupInfoError> {
        let context = staged.commit.group_context().tls_serialize_detached();
        if context.as_deref() != Ok(info.group_context.as_bytes()) {
            return Err(GroupInfoError::Context);
        }
        // The commit's tag is kept with its length, the GroupInfo's without.
        let tag = Writer::write(|w| w.opaque(&info.confirmation_tag));
        if tag.as_deref() != Ok(&staged.confirmation_tag) {
            return Err(GroupInfoError::ConfirmationTag);
        }
        if info.signer != staged.committer.u32() {
            return Err(GroupInfoError::Signer(info.signer));
        }
        if info.has_ratchet_tree() {
            return Err(GroupInfoError::RatchetTree);
        }
        if !info
            .extensions
            .iter()
            .any(|extension| extension.extension_type == wire::mls::ExtensionType::EXTERNAL_PUB)
        {
            return Err(GroupInfoError::ExternalPub);
        }
        let new_leaf = staged.commit.update_path_leaf_node();
        let signer = new_leaf.or_else(|| self.group.leaf(staged.committer));
        let signer = signer.ok_or(GroupInfoError::Signer(info.signer))?;
        verify_group_info(crypto, signer.signature_key().as_slice(), info)
            .map_err(|_| GroupInfoError::Signature)
    }

    /// Moves to the next epoch and forgets its pending proposals.
    pub(crate) fn merge(&mut self, commit: StagedCommit) -> Result<(), PublicError> {
        self.group
            .merge_commit(&NullStore, commit)
            .map_err(|e| PublicError::Message(e.to_string()))
    }

    /// Keeps a proposal for the commit that references it.
    pub(crate) fn queue(&mut self, proposal: QueuedProposal) {
        // Writing to a store that keeps nothing cannot fail.
        let Ok(()) = self.group.add_proposal(&NullStore, proposal);
    }

    /// The public state, without pending proposals.
    pub(crate) fn state(&self) -> Result<PublicState, CborError> {
        let interim = openmls::group::InterimTranscriptHash(self.interim_transcript_hash()?);
        Ok(PublicState {
            tree: cbor::to_vec(self.group.treesync())?.into(),
            context: cbor::to_vec(self.context())?.into(),
            confirmation_tag: cbor::to_vec(self.group.confirmation_tag())?.into(),
            interim_transcript_hash: cbor::to_vec(&interim)?.into(),
        })
    }

    /// The group of a state.
    pub(crate) fn load(state: &PublicState) -> Result<Self, CborError> {
        let group_id = cbor::from_slice::<GroupContext>(&state.context)?;
        let group = PublicGroup::load(state, group_id.group_id())?;
        group
            .map(|group| PublicRoomGroup { group })
            .ok_or_else(CborError::incomplete)
    }

    /// RFC 9420 §8.2: the hash over the confirmed one and the confirmation tag.
    /// OpenMLS has it and does not show it.
    fn interim_transcript_hash(&self) -> Result<Vec<u8>, CborError> {
        use openmls_traits::types::HashType;
        let tag = self.group.confirmation_tag().tls_serialize_detached();
        let tag = tag.map_err(|_| CborError::incomplete())?;
        let input = [self.context().confirmed_transcript_hash(), &tag].concat();
        Ok(match self.ciphersuite().hash_algorithm() {
            HashType::Sha2_256 => sha2::Sha256::digest(input).to_vec(),
            HashType::Sha2_384 => sha2::Sha384::digest(input).to_vec(),
            HashType::Sha2_512 => sha2::Sha512::digest(input).to_vec(),
        })
    }
}

/// A commit that is valid MLS and awaits judgement.
#[derive(Debug)]
pub(crate) struct Staged {
    pub(crate) commit: StagedCommit,
    pub(crate) sender: Sender,
    pub(crate) committer: LeafNodeIndex,
    confirmation_tag: Bytes,
}

impl Staged {
    /// The confirmation tag without its length prefix.
    pub(crate) fn confirmation_tag(&self) -> Bytes {
        let mut reader = mimi_content::tls::Reader::shared(&self.confirmation_tag);
        reader.opaque_bytes().unwrap_or_default()
    }

    /// The context that it leads to, TLS-encoded.
    pub(crate) fn context(&self) -> Result<Bytes, PublicError> {
        let context = self.commit.group_context().tls_serialize_detached();
        context.map(Bytes::from).map_err(malformed)
    }
}

impl Opened {
    /// The component updates that it carries, in commit order.
    pub(crate) fn updates(&self) -> impl Iterator<Item = (ComponentId, Op<'_>)> {
        let unresolved = match self.message.content() {
            ProcessedMessageContent::UnresolvedAppDataCommit(unresolved) => Some(unresolved),
            _ => None,
        };
        unresolved
            .into_iter()
            .flat_map(|unresolved| unresolved.app_data_update_proposals())
            .map(component_op)
    }
}

fn malformed(error: tls_codec::Error) -> PublicError {
    PublicError::Malformed(error.to_string())
}
