//! What OpenMLS makes, the walkers read: the same octets out as in, and the
//! same header, references and names as OpenMLS says.

// A test stops where something is not as it should be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]

mod support;

use mimi_protocol::wire::mls::{
    CipherSuite, Credential, KeyPackage, LeafNodeSource, MlsContent, MlsMessage, RatchetTree,
    Sender, WireFormat,
};
use mimi_protocol::wire::*;
use openmls::prelude::tls_codec::{DeserializeBytes as _, Serialize as _};
use openmls::prelude::{self as mls, *};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use support::is_exact;

const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

struct Client {
    provider: OpenMlsRustCrypto,
    signer: SignatureKeyPair,
    credential: CredentialWithKey,
}

impl Client {
    fn new(name: &str) -> Self {
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

    fn key_package(&self) -> mls::KeyPackage {
        mls::KeyPackage::builder()
            .leaf_node_capabilities(capabilities())
            .build(SUITE, &self.provider, &self.signer, self.credential.clone())
            .unwrap()
            .key_package()
            .clone()
    }

    fn join(&self, welcome: MlsMessageOut, tree: RatchetTreeIn) -> MlsGroup {
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

fn capabilities() -> Capabilities {
    Capabilities::builder()
        .extensions(vec![ExtensionType::AppDataDictionary])
        .proposals(vec![
            ProposalType::AppDataUpdate,
            ProposalType::AppEphemeral,
            ProposalType::SelfRemove,
        ])
        .build()
}

fn create(client: &Client) -> MlsGroup {
    MlsGroup::builder()
        .with_capabilities(capabilities())
        .with_wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
        .ciphersuite(SUITE)
        .build(&client.provider, &client.signer, client.credential.clone())
        .unwrap()
}

/// Reads a message, checks the codec on it, and compares header and OpenMLS.
fn agrees(message: &MlsMessageOut, sender: Option<Sender>) -> MlsMessage {
    let raw = message.to_bytes().unwrap();
    is_exact::<MlsMessage>(&raw);
    let read = MlsMessage::from_slice(&raw).unwrap();
    let header = read.header().unwrap();
    let theirs = MlsMessageIn::tls_deserialize_exact_bytes(&raw).unwrap();
    assert_eq!(header.wire_format.0, theirs.wire_format() as u16);
    let (aad, theirs_sender) = match theirs.clone().extract() {
        MlsMessageBodyIn::PrivateMessage(m) => (m.aad().to_vec(), None),
        MlsMessageBodyIn::PublicMessage(m) => (vec![], Some(m.sender().clone())),
        _ => panic!("not a message of a group"),
    };
    let theirs = theirs.try_into_protocol_message().unwrap();
    assert_eq!(header.group_id, theirs.group_id().as_slice());
    assert_eq!(header.epoch, theirs.epoch().as_u64());
    assert_eq!(header.content_type as u8 + 1, theirs.content_type() as u8);
    if header.wire_format == WireFormat::PRIVATE_MESSAGE {
        assert_eq!(header.authenticated_data, aad);
    }
    assert_eq!(header.sender, sender);
    assert_eq!(
        header.sender,
        theirs_sender.map(|sender| match sender {
            mls::Sender::Member(leaf) => Sender::Member(leaf.u32()),
            other @ mls::Sender::External(_) => panic!("{other:?}"),
            mls::Sender::NewMemberProposal => Sender::NewMemberProposal,
            mls::Sender::NewMemberCommit => Sender::NewMemberCommit,
        })
    );
    read
}

#[test]
fn a_key_package_says_what_openmls_says() {
    let bob = Client::new("mimi://b.example/d/bob/phone");
    let theirs = bob.key_package();
    let raw = theirs.tls_serialize_detached().unwrap();
    is_exact::<KeyPackage>(&raw);
    let ours = KeyPackage::from_slice(&raw).unwrap();
    assert_eq!(ours.cipher_suite, CipherSuite::from(SUITE));
    assert_eq!(ours.init_key, theirs.hpke_init_key().as_slice());
    let leaf = &ours.leaf_node;
    let name = Credential::Basic(
        theirs
            .leaf_node()
            .credential()
            .serialized_content()
            .to_vec()
            .into(),
    );
    assert_eq!(leaf.credential, name);
    assert_eq!(
        leaf.signature_key,
        theirs.leaf_node().signature_key().as_slice()
    );
    assert_eq!(
        leaf.encryption_key,
        support::unprefixed(
            &theirs
                .leaf_node()
                .encryption_key()
                .tls_serialize_detached()
                .unwrap()
        )
    );
    let lifetime = LeafNodeSource::KeyPackage {
        not_before: theirs.life_time().not_before(),
        not_after: theirs.life_time().not_after(),
    };
    assert_eq!(leaf.source, lifetime);
    let capabilities = theirs.leaf_node().capabilities();
    let proposals = capabilities.proposals().iter().map(|p| u16::from(*p));
    assert!(
        leaf.capabilities
            .proposals
            .iter()
            .map(|p| p.0)
            .eq(proposals)
    );
    let raw = capabilities.tls_serialize_detached().unwrap();
    assert_eq!(leaf.capabilities.to_vec().unwrap(), raw);
}

#[test]
fn a_room_from_start_to_finish() {
    let alice = Client::new("mimi://a.example/d/alice/phone");
    let bob = Client::new("mimi://b.example/d/bob/phone");
    let cathy = Client::new("mimi://c.example/d/cathy/phone");
    let mut room = create(&alice);

    // Alice adds Bob: commit, Welcome, GroupInfo and tree in one update.
    let key_package = bob.key_package();
    let (commit, welcome, _) = room
        .add_members(
            &alice.provider,
            &alice.signer,
            std::slice::from_ref(&key_package),
        )
        .unwrap();
    room.merge_pending_commit(&alice.provider).unwrap();
    let commit = agrees(&commit, Some(Sender::Member(0)));
    let wrapped = MlsMessage::from_slice(&welcome.to_bytes().unwrap()).unwrap();
    is_exact::<MlsMessage>(wrapped.as_bytes());
    let invitation = wrapped.clone().into_welcome().unwrap();
    let reference = key_package.hash_ref(bob.provider.crypto()).unwrap();
    assert_eq!(invitation.new_members, [reference.as_slice().to_vec()]);
    assert_eq!(invitation.cipher_suite, CipherSuite::from(SUITE));
    assert_eq!(MlsMessage::from_welcome(invitation.clone()), wrapped);

    let group_info = group_info(&room, &alice, false);
    assert!(!group_info.has_ratchet_tree());
    assert!(self::group_info(&room, &alice, true).has_ratchet_tree());
    let tree = room.export_ratchet_tree().tls_serialize_detached().unwrap();
    is_exact::<RatchetTree>(&tree);
    let tree = RatchetTree::from_slice(&tree).unwrap();
    assert_eq!(tree.leaves, room.members().count());

    let update = UpdateRequest {
        bundle: HandshakeBundle::Commit(Box::new(CommitBundle {
            commit: commit.clone().try_into().unwrap(),
            welcome: Some(invitation.clone()),
            group_info: GroupInfoOption::Full(Box::new(group_info.clone())),
            ratchet_tree: RatchetTreeOption::Full(tree.clone()),
        })),
    };
    is_exact::<UpdateRequest>(&update.to_vec().unwrap());
    let fan_out = FanoutMessage {
        timestamp: Default::default(),
        event: FanoutEvent::Welcome {
            welcome: invitation,
            ratchet_tree: RatchetTreeOption::Full(tree),
        },
    };
    is_exact::<FanoutMessage>(&fan_out.to_vec().unwrap());

    // A message, with additional authenticated data.
    let mut at_bob = bob.join(welcome, room.export_ratchet_tree().into());
    at_bob.set_aad(b"in clear".to_vec());
    let message = at_bob
        .create_message(&bob.provider, &bob.signer, b"hello")
        .unwrap();
    let message = agrees(&message, None);
    assert_eq!(
        message.header().unwrap().authenticated_data,
        &b"in clear"[..]
    );
    let submit = SubmitMessageRequest {
        app_message: message.try_into().unwrap(),
        sending_uri: mimi_content::MimiUri::parse("mimi://b.example/u/bob").unwrap(),
    };
    is_exact::<SubmitMessageRequest>(&submit.to_vec().unwrap());

    // Proposals of every kind that a member sends.
    let mut pending = Vec::new();
    let (data, remove) = (
        AppDataUpdateOperation::Update(vec![1; 70].into()),
        AppDataUpdateOperation::Remove,
    );
    for operation in [data, remove] {
        let (proposal, _) = room
            .propose_app_data_update(&alice.provider, &alice.signer, 0x8001, operation)
            .unwrap();
        pending.push(agrees(&proposal, Some(Sender::Member(0))));
    }
    let (proposal, _) = room
        .propose_add_member(&alice.provider, &alice.signer, &cathy.key_package())
        .unwrap();
    pending.push(agrees(&proposal, Some(Sender::Member(0))));
    let (proposal, _) = room
        .propose_remove_member(&alice.provider, &alice.signer, at_bob.own_leaf_index())
        .unwrap();
    pending.push(agrees(&proposal, Some(Sender::Member(0))));
    let leave = at_bob
        .leave_group_via_self_remove(&bob.provider, &bob.signer)
        .unwrap();
    pending.push(agrees(&leave, Some(Sender::Member(1))));
    let join = JoinProposal::new::<<OpenMlsRustCrypto as OpenMlsProvider>::StorageProvider>(
        cathy.key_package(),
        room.group_id().clone(),
        room.epoch(),
        &cathy.signer,
    );
    pending.push(agrees(&join.unwrap(), Some(Sender::NewMemberProposal)));
    room.clear_pending_proposals(alice.provider.storage())
        .unwrap();

    let tbe = GroupInfoRatchetTreeTbe {
        group_info,
        ratchet_tree: RatchetTreeOption::DistributionService,
        pending_proposals: pending
            .into_iter()
            .map(|proposal| PendingProposal {
                proposal: proposal.try_into().unwrap(),
                hub_accepted_time: Default::default(),
            })
            .collect(),
    };
    is_exact::<GroupInfoRatchetTreeTbe>(&tbe.to_vec().unwrap());

    // A commit that carries proposals and data of its own.
    let ephemeral = AppEphemeralProposal::new(0x8002, b"once".to_vec());
    let commit = room
        .commit_builder()
        .add_proposal(Proposal::AppEphemeral(Box::new(ephemeral)))
        .force_self_update(true)
        .load_psks(alice.provider.storage())
        .unwrap()
        .build(
            alice.provider.rand(),
            alice.provider.crypto(),
            &alice.signer,
            |_| true,
        )
        .unwrap()
        .stage_commit(&alice.provider)
        .unwrap()
        .into_commit();
    agrees(&commit, Some(Sender::Member(0)));
    room.merge_pending_commit(&alice.provider).unwrap();

    // Cathy joins by external commit.
    let raw = room
        .export_group_info(alice.provider.crypto(), &alice.signer, true)
        .unwrap()
        .to_bytes()
        .unwrap();
    let group_info = MlsMessageIn::tls_deserialize_exact_bytes(&raw).unwrap();
    let (_, commit) = MlsGroup::external_commit_builder()
        .build_group(
            &cathy.provider,
            verifiable(group_info),
            cathy.credential.clone(),
        )
        .unwrap()
        .leaf_node_parameters(
            LeafNodeParameters::builder()
                .with_capabilities(capabilities())
                .build(),
        )
        .load_psks(cathy.provider.storage())
        .unwrap()
        .build(
            cathy.provider.rand(),
            cathy.provider.crypto(),
            &cathy.signer,
            |_| true,
        )
        .unwrap()
        .finalize(&cathy.provider)
        .unwrap();
    agrees(&commit.into_commit(), Some(Sender::NewMemberCommit));
}

/// The room's GroupInfo, compared with the group.
fn group_info(
    room: &MlsGroup,
    signer: &Client,
    with_tree: bool,
) -> mimi_protocol::wire::mls::GroupInfo {
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

fn verifiable(message: MlsMessageIn) -> mls::group_info::VerifiableGroupInfo {
    match message.extract() {
        MlsMessageBodyIn::GroupInfo(group_info) => group_info,
        _ => panic!("not a GroupInfo"),
    }
}
