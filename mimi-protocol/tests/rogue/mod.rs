//! A member who plays by no rules: raw OpenMLS under the name of a client.
//!
//! Our own client checks what it commits against the room's policy, so it
//! cannot be made to attack. A [`Rogue`] commits, proposes and sends whatever
//! MLS itself lets it frame, and signs GroupInfos that it has doctored.

#![allow(dead_code, reason = "each user of this module uses another part of it")]

mod frame;
mod operated;
mod plan;
mod refused;
mod scene;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, Encode};
use mimi_policy::{ParticipantListUpdate, RoomPolicy};
use mimi_protocol::client::leaf_components;
use mimi_protocol::labels::sign_with_label;
use mimi_protocol::mls::openmls;
use mimi_protocol::provider as keys;
use mimi_protocol::wire::mls as wire_mls;
use mimi_protocol::wire::{
    CommitBundle, FanoutEvent, FanoutMessage, GroupInfoOption, RatchetTreeOption,
    SubmitMessageRequest,
};
use openmls::component::ComponentData;
use openmls::framing::SafeAadItem;
use openmls::group::{JoinBuilder, MlsGroup, ProcessedWelcome, Propose};
use openmls::messages::group_info::VerifiableGroupInfo;
use openmls::prelude::{
    AppDataUpdateProposal, CredentialWithKey, KeyPackage, KeyPackageBundle, LeafNodeIndex,
    LeafNodeParameters, Lifetime, MlsMessageIn, NewSignerBundle, ProcessedMessageContent,
    ProposalOrRefType, ProtocolMessage, QueuedProposal, RatchetTreeIn,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider as _;
use tls_codec::{DeserializeBytes as _, Serialize as _};

pub use frame::leaf_extensions;
pub use operated::{leaf, lenient, listing, roles, semi_private, tolerant};
pub use plan::{
    IN_COMMIT_SIGNATURE, IN_PROPOSAL_SIGNATURE, Plan, commit_body, enlist, flipped, info_of,
    overwritten, promote, proposals_body, propose_name, recommit, removal, rename, strike,
    take_away, update,
};
pub use refused::Refused;
pub use scene::{Scene, consent, label};

use crate::world::{SUITE, World};
use frame::{
    app_data_update, capabilities, credential, join_config, operation, public_message, values,
    wire_bundle,
};

/// A client under somebody else's control.
pub struct Rogue {
    pub uri: MimiUri,
    pub user: MimiUri,
    host: OpenMlsRustCrypto,
    pub signer: SignatureKeyPair,
    group: Option<MlsGroup>,
    /// How much of the mailbox it has read.
    read: usize,
}

impl Rogue {
    /// A client of the world whose keys are elsewhere.
    pub fn new(world: &mut World, domain: &str, user: &str, name: &str) -> Self {
        let uri = world.add_client(domain, user, name);
        Rogue {
            user: world.clients[&uri].user.clone(),
            uri,
            host: OpenMlsRustCrypto::default(),
            signer: SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap(),
            group: None,
            read: 0,
        }
    }

    pub fn group(&self) -> &MlsGroup {
        self.group.as_ref().expect("a rogue that is in")
    }

    /// Its leaf index.
    pub fn leaf(&self) -> u32 {
        self.group().own_leaf_index().u32()
    }

    /// The leaf of another client.
    pub fn leaf_of(&self, client: &MimiUri) -> u32 {
        let wanted = client.as_str().as_bytes();
        let mut members = self.group().members();
        let member = members.find(|m| m.credential.serialized_content() == wanted);
        member.expect("a member").index.u32()
    }

    /// The room's policy as its group has it.
    pub fn policy(&self) -> RoomPolicy {
        let extensions = self.group().extensions();
        let dictionary = extensions.app_data_dictionary().unwrap();
        let entries = dictionary.dictionary().entries();
        let components: ComponentMap = entries
            .map(|entry| (ComponentId(entry.id()), entry.data().to_vec()))
            .collect();
        RoomPolicy::from_components(&components).unwrap()
    }

    /// The place of a user in the participant list.
    pub fn index_of(&self, user: &MimiUri) -> u32 {
        self.policy().participants().index_of(user).unwrap()
    }

    /// A credential that names a client, with this rogue's key.
    pub fn credential_as(&self, uri: &MimiUri) -> CredentialWithKey {
        credential(uri, &self.signer)
    }

    /// A KeyPackage that supports `components` and is valid for an hour before
    /// and `secs` seconds after now.
    pub fn key_package_with(
        &self,
        world: &World,
        components: &ComponentMap,
        secs: u64,
    ) -> KeyPackage {
        let now = world.now().as_secs();
        let bundle: KeyPackageBundle = KeyPackage::builder()
            .key_package_lifetime(Lifetime::init(now - 3600, now + secs))
            .leaf_node_capabilities(capabilities())
            .leaf_node_extensions(leaf_extensions(components))
            .build(
                SUITE,
                &self.host,
                &self.signer,
                self.credential_as(&self.uri),
            )
            .unwrap();
        bundle.key_package().clone()
    }

    /// A KeyPackage like those of our own clients.
    pub fn key_package(&self, world: &World) -> KeyPackage {
        self.key_package_with(world, &leaf_components().unwrap(), 24 * 3600)
    }

    /// Leaves a KeyPackage with the provider.
    pub fn publish(&self, world: &mut World, key_package: &KeyPackage) {
        let upload = keys::Input::Upload {
            client: self.uri.clone(),
            package: key_package.tls_serialize_detached().unwrap().into(),
        };
        world.keys(self.uri.domain(), upload).unwrap();
    }

    /// Reads its mailbox: joins, keeps proposals, merges commits of others.
    pub fn catch_up(&mut self, world: &World) {
        let mailbox = &world.clients[&self.uri].mailbox;
        for event in &mailbox[self.read..] {
            let event = FanoutMessage::from_bytes(event).unwrap().event;
            match event {
                FanoutEvent::Welcome {
                    welcome,
                    ratchet_tree,
                } => self.join(&welcome, &ratchet_tree),
                FanoutEvent::Proposals { proposal, more } => {
                    self.receive(proposal.as_bytes());
                    more.iter().for_each(|more| self.receive(more.as_bytes()));
                }
                FanoutEvent::Commit { commit, .. } => self.receive(commit.as_bytes()),
                FanoutEvent::Application { .. } => {}
            }
        }
        self.read = mailbox.len();
    }

    fn join(&mut self, welcome: &wire_mls::Welcome, tree: &RatchetTreeOption) {
        let RatchetTreeOption::Full(tree) = tree else {
            panic!("a hub sends the tree along");
        };
        let welcome =
            openmls::prelude::Welcome::tls_deserialize_exact_bytes(welcome.as_bytes()).unwrap();
        let tree = RatchetTreeIn::tls_deserialize_exact_bytes(tree.as_bytes()).unwrap();
        let processed =
            ProcessedWelcome::new_from_welcome(&self.host, &join_config(), welcome).unwrap();
        let staged = JoinBuilder::new(&self.host, processed)
            .with_ratchet_tree(tree)
            .build();
        self.group = Some(staged.unwrap().into_group(&self.host).unwrap());
    }

    fn receive(&mut self, message: &[u8]) {
        let policy = self.policy();
        let group = self.group.as_mut().expect("a rogue that is in");
        let message = MlsMessageIn::tls_deserialize_exact_bytes(message).unwrap();
        let message: ProtocolMessage = message.try_into_protocol_message().unwrap();
        if message.epoch() != group.epoch() {
            return;
        }
        let processed = group.process_message(&self.host, message).unwrap();
        let staged = match processed.into_content() {
            ProcessedMessageContent::ProposalMessage(proposal) => {
                group
                    .store_pending_proposal(self.host.storage(), *proposal)
                    .unwrap();
                return;
            }
            ProcessedMessageContent::StagedCommitMessage(staged) => *staged,
            ProcessedMessageContent::UnresolvedAppDataCommit(unresolved) => {
                let updates = unresolved.app_data_update_proposals().map(operation);
                let draft = policy.resolve(updates).unwrap();
                let mut updater = group.app_data_dictionary_updater();
                for (id, data) in draft.changed() {
                    let data = data.unwrap().to_vec();
                    updater.set(ComponentData::from_parts(id.0, data.into()));
                }
                let changes = updater.changes();
                let staged = group.stage_app_data_commit(&self.host, *unresolved, changes);
                staged.unwrap()
            }
            _ => panic!("no such message is fanned out"),
        };
        group.merge_staged_commit(&self.host, staged).unwrap();
    }

    /// Makes a commit, which stays pending until the next one is made or it is
    /// [`accepted`](Self::accepted).
    pub fn commit(&mut self, plan: Plan) -> CommitBundle {
        let policy = self.policy();
        let inline: Vec<_> = plan.proposals.iter().filter_map(app_data_update).collect();
        let inline = values(&policy, inline.into_iter());
        let new_signer = plan
            .signer
            .as_ref()
            .map(|(signer, client)| NewSignerBundle {
                signer,
                credential_with_key: credential(client, signer),
            });
        let group = self.group.as_mut().expect("a rogue that is in");
        group.clear_pending_commit(self.host.storage()).unwrap();
        let mut builder = group
            .commit_builder()
            .consume_proposal_store(!plan.alone)
            .propose_adds(plan.adds)
            .propose_removals(plan.removes.into_iter().map(LeafNodeIndex::new))
            .add_proposals(plan.proposals);
        if let Some(extensions) = plan.context {
            builder = builder
                .propose_group_context_extensions(extensions)
                .unwrap();
        }
        if let Some(leaf) = plan.leaf {
            builder = builder.leaf_node_parameters(leaf);
        }
        let mut builder = builder.load_psks(self.host.storage()).unwrap();
        let values = match plan.alone || !plan.without.is_empty() {
            true => inline,
            false => values(&policy, builder.app_data_update_proposals()),
        };
        let mut updater = builder.app_data_dictionary_updater();
        for (id, data) in values.into_iter().chain(plan.lies) {
            match data {
                Some(data) => updater.set(ComponentData::from_parts(id.0, data.into())),
                None => updater.remove(&id.0),
            }
        }
        let changes = updater.changes();
        builder.with_app_data_dictionary_updates(changes);
        let builder = builder.create_group_info(true);
        let (rand, crypto) = (self.host.rand(), self.host.crypto());
        let included = |queued: &QueuedProposal| {
            let reference = queued.proposal_reference_ref().as_slice();
            !plan.without.iter().any(|without| without == reference)
        };
        let built = match new_signer {
            None => builder.build(rand, crypto, &self.signer, included),
            Some(new) => builder.build_with_new_signer(rand, crypto, &self.signer, new, included),
        };
        let bundle = built.unwrap().stage_commit(&self.host).unwrap();
        wire_bundle(bundle)
    }

    /// The hub took the commit.
    pub fn accepted(&mut self, world: &World) {
        let group = self.group.as_mut().expect("a rogue that is in");
        group.merge_pending_commit(&self.host).unwrap();
        self.read = world.clients[&self.uri].mailbox.len();
    }

    /// Frames a proposal.
    pub fn propose(&mut self, propose: Propose) -> Bytes {
        let group = self.group.as_mut().expect("a rogue that is in");
        let kind = ProposalOrRefType::Reference;
        let proposed = group.propose(&self.host, &self.signer, propose, kind);
        proposed.unwrap().0.to_bytes().unwrap().into()
    }

    /// Frames a proposal to change the participant list.
    pub fn propose_participants(&mut self, change: &ParticipantListUpdate) -> Bytes {
        self.propose(Propose::UpdateAppDataComponent {
            component_id: ComponentId::PARTICIPANT_LIST.0,
            update: change.to_vec().unwrap(),
        })
    }

    /// Frames a SelfRemove.
    pub fn self_remove(&mut self) -> Bytes {
        let group = self.group.as_mut().expect("a rogue that is in");
        let left = group.leave_group_via_self_remove(&self.host, &self.signer);
        left.unwrap().to_bytes().unwrap().into()
    }

    /// A SelfRemove although a commit is pending, which OpenMLS clears first.
    pub fn self_remove_anyway(&mut self) -> Bytes {
        let group = self.group.as_mut().expect("a rogue that is in");
        group.clear_pending_commit(self.host.storage()).unwrap();
        self.self_remove()
    }

    /// Takes a message that the hub did not fan out.
    pub fn hears(&mut self, message: &Bytes) {
        self.receive(message);
    }

    /// Adds a tail to the additional authenticated data of the next message.
    pub fn set_aad(&mut self, tail: &[u8]) {
        let group = self.group.as_mut().expect("a rogue that is in");
        group.set_aad(tail.to_vec());
    }

    /// Everything with which a user of one client leaves.
    pub fn leave(&mut self) -> Bytes {
        let list = ParticipantListUpdate {
            removed: vec![self.index_of(&self.user)],
            ..ParticipantListUpdate::default()
        };
        proposals_body(&[self.self_remove(), self.propose_participants(&list)])
    }

    /// Encrypts a message without a tag.
    pub fn message(&mut self, text: &str) -> SubmitMessageRequest {
        self.tagged(text.as_bytes(), None)
    }

    /// Encrypts a message with these octets for a tag.
    pub fn tagged(&mut self, data: &[u8], tag: Option<&[u8]>) -> SubmitMessageRequest {
        let group = self.group.as_mut().expect("a rogue that is in");
        let tag = tag.map(|tag| SafeAadItem::new(ComponentId::FRANK_AAD.0, tag.to_vec()));
        group.set_safe_aad(tag.into_iter().collect()).unwrap();
        let message = group.create_message(&self.host, &self.signer, data);
        let message: Bytes = message.unwrap().to_bytes().unwrap().into();
        SubmitMessageRequest {
            app_message: Decode::from_bytes(&message).unwrap(),
            sending_uri: self.user.clone(),
        }
    }

    /// Its group's GroupInfo and tree, to hand to people outside.
    pub fn leak(&self) -> (Bytes, RatchetTreeIn) {
        let crypto = self.host.crypto();
        let info = self.group().export_group_info(crypto, &self.signer, false);
        let info: Bytes = info.unwrap().tls_serialize_detached().unwrap().into();
        (info.slice(4..), self.group().export_ratchet_tree().into())
    }

    /// An external commit with what an insider leaked and these proposals of
    /// people who leave.
    pub fn external_commit(
        &self,
        (info, tree): (Bytes, RatchetTreeIn),
        leaving: &[Bytes],
        changes: &[(ComponentId, Vec<u8>)],
        policy: &RoomPolicy,
    ) -> CommitBundle {
        let info = VerifiableGroupInfo::tls_deserialize_exact_bytes(&info).unwrap();
        let leaf = LeafNodeParameters::builder()
            .with_capabilities(capabilities())
            .with_extensions(leaf_extensions(&leaf_components().unwrap()))
            .build();
        let mut builder = MlsGroup::external_commit_builder()
            .with_proposals(leaving.iter().map(public_message).collect())
            .with_ratchet_tree(tree)
            .with_config(join_config())
            .build_group(&self.host, info, self.credential_as(&self.uri))
            .unwrap()
            .leaf_node_parameters(leaf);
        for (id, octets) in changes {
            let update = AppDataUpdateProposal::update(id.0, octets.clone());
            builder = builder.add_app_data_update_proposal(update);
        }
        let mut builder = builder.load_psks(self.host.storage()).unwrap();
        let values = values(policy, builder.app_data_update_proposals());
        let mut updater = builder.app_data_dictionary_updater();
        for (id, data) in values {
            updater.set(ComponentData::from_parts(id.0, data.unwrap().into()));
        }
        let changes = updater.changes();
        builder.with_app_data_dictionary_updates(changes);
        let (_, bundle) = builder
            .create_group_info(true)
            .build(self.host.rand(), self.host.crypto(), &self.signer, |_| true)
            .unwrap()
            .finalize(&self.host)
            .unwrap();
        wire_bundle(bundle)
    }

    /// Signs a doctored GroupInfo, so that nothing but its content is wrong.
    pub fn sign(&self, mut info: wire_mls::GroupInfoView) -> GroupInfoOption {
        let tbs = info.tbs().unwrap();
        let signature = sign_with_label(&self.signer, "GroupInfoTBS", &tbs).unwrap();
        info.signature = signature.into();
        GroupInfoOption::Full(Box::new(info.assemble().unwrap()))
    }
}
