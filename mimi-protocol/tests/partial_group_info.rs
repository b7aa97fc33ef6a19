//! What a commit does not show of the GroupInfo is a few octets, and a hub that
//! followed it has all the others (TREE, "Conveying the GroupInfo").

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

mod openmls_client;
mod support;

use bytes::Bytes;
use mimi_protocol::labels::verify_with_label;
use mimi_protocol::tree::{TreeSource, read_fetched, resolve};
use mimi_protocol::wire::mls::{Extension, ExtensionType, GroupContext, GroupInfo};
use mimi_protocol::wire::{Decode, Encode, PartialGroupInfo, RatchetTreeOption};
use openmls::prelude::tls_codec::{DeserializeBytes as _, Serialize as _};
use openmls::prelude::*;
use openmls_client::{Client, SUITE, create, group_info, verifiable};
use openmls_rust_crypto::OpenMlsRustCrypto;

/// Alice, Bob, and what a hub knows of their group.
struct Story {
    alice: Client,
    bob: Client,
    at_alice: MlsGroup,
    at_bob: MlsGroup,
    hub: PublicGroup,
    hub_store: OpenMlsRustCrypto,
}

/// What the hub has worked out of a commit.
struct Followed {
    context: GroupContext,
    confirmation_tag: Bytes,
    committer: u32,
    signature_key: Vec<u8>,
}

impl Story {
    fn new() -> Self {
        let alice = Client::new("mimi://a.example/d/alice/phone");
        let bob = Client::new("mimi://b.example/d/bob/phone");
        let mut at_alice = create(&alice);
        let (_, welcome, _) = at_alice
            .add_members(&alice.provider, &alice.signer, &[bob.key_package()])
            .unwrap();
        at_alice.merge_pending_commit(&alice.provider).unwrap();
        let at_bob = bob.join(welcome, at_alice.export_ratchet_tree().into());
        let info = at_alice
            .export_group_info(alice.provider.crypto(), &alice.signer, false)
            .unwrap();
        let info = MlsMessageIn::tls_deserialize_exact_bytes(&info.to_bytes().unwrap());
        let hub_store = OpenMlsRustCrypto::default();
        let (hub, _) = PublicGroup::from_external(
            hub_store.crypto(),
            hub_store.storage(),
            at_alice.export_ratchet_tree().into(),
            verifiable(info.unwrap()),
            ProposalStore::new(),
        )
        .unwrap();
        Story {
            alice,
            bob,
            at_alice,
            at_bob,
            hub,
            hub_store,
        }
    }

    /// Bob commits, with a new leaf; the hub and Alice follow. Gives what the
    /// hub has worked out, and Bob's GroupInfo.
    fn bob_commits(&mut self) -> (Followed, GroupInfo) {
        let bundle = self
            .at_bob
            .self_update(
                &self.bob.provider,
                &self.bob.signer,
                LeafNodeParameters::default(),
            )
            .unwrap();
        let commit = bundle.into_commit().to_bytes().unwrap();
        self.at_bob
            .merge_pending_commit(&self.bob.provider)
            .unwrap();
        let read = || {
            let message = MlsMessageIn::tls_deserialize_exact_bytes(&commit).unwrap();
            message.try_into_protocol_message().unwrap()
        };

        let ProtocolMessage::PublicMessage(public) = read() else {
            panic!("not a PublicMessage")
        };
        let tag = public.confirmation_tag().unwrap().tls_serialize_detached();
        let crypto = self.hub_store.crypto();
        let processed = self.hub.process_message(crypto, read()).unwrap();
        let Sender::Member(committer) = *processed.sender() else {
            panic!("not a member's commit")
        };
        let ProcessedMessageContent::StagedCommitMessage(staged) = processed.into_content() else {
            panic!("not a commit")
        };
        let context = staged.group_context().tls_serialize_detached().unwrap();
        let leaf = staged.update_path_leaf_node().unwrap();
        let followed = Followed {
            context: GroupContext::from_slice(&context).unwrap(),
            confirmation_tag: Bytes::copy_from_slice(support::unprefixed(&tag.unwrap())),
            committer: committer.u32(),
            signature_key: leaf.signature_key().as_slice().to_vec(),
        };
        self.hub
            .merge_commit(self.hub_store.storage(), *staged)
            .unwrap();

        let provider = &self.alice.provider;
        let processed = self.at_alice.process_message(provider, read()).unwrap();
        let ProcessedMessageContent::StagedCommitMessage(staged) = processed.into_content() else {
            panic!("not a commit")
        };
        self.at_alice
            .merge_staged_commit(provider, *staged)
            .unwrap();
        let info = group_info(&self.at_bob, &self.bob, false);
        (followed, info)
    }
}

impl Followed {
    /// The whole GroupInfo, if its signature is the committer's.
    fn complete(&self, partial: PartialGroupInfo) -> Option<GroupInfo> {
        let info = partial
            .complete(
                self.context.clone(),
                self.confirmation_tag.clone(),
                self.committer,
            )
            .unwrap();
        // The signature is an opaque<V> at the end.
        let tail = support::prefixed(&info.signature).len();
        let signed = &info.as_bytes()[..info.as_bytes().len() - tail];
        let verified = verify_with_label(
            OpenMlsRustCrypto::default().crypto(),
            SUITE.signature_algorithm(),
            &self.signature_key,
            "GroupInfoTBS",
            signed,
            &info.signature,
        );
        verified.ok().map(|()| info)
    }
}

/// What a committer sends instead of `info`.
fn partial(info: &GroupInfo) -> PartialGroupInfo {
    let partial = PartialGroupInfo {
        extensions: info.extensions.clone(),
        signature: info.signature.clone(),
    };
    // It survives the wire, and is far from all of it.
    let octets = partial.to_vec().unwrap();
    support::is_exact::<PartialGroupInfo>(&octets);
    assert!(octets.len() * 2 < info.as_bytes().len());
    PartialGroupInfo::from_slice(&octets).unwrap()
}

#[test]
fn the_hub_puts_the_whole_together_octet_for_octet() {
    let mut story = Story::new();
    for _ in 0..2 {
        let (followed, info) = story.bob_commits();
        let whole = followed.complete(partial(&info)).expect("the committer's");
        assert_eq!(whole.as_bytes(), info.as_bytes());
        assert_eq!(whole.signer, story.at_bob.own_leaf_index().u32());

        // And whoever joins takes it for the group's.
        let message = mimi_protocol::wire::mls::MlsMessage::from_group_info(whole);
        let message = MlsMessageIn::tls_deserialize_exact_bytes(message.as_bytes()).unwrap();
        let store = OpenMlsRustCrypto::default();
        let (joined, _) = PublicGroup::from_external(
            store.crypto(),
            store.storage(),
            story.hub.export_ratchet_tree().into(),
            verifiable(message),
            ProposalStore::new(),
        )
        .unwrap();
        let epoch = joined.group_context().epoch();
        assert_eq!(epoch, story.at_alice.epoch());
    }
}

#[test]
fn the_part_of_another_epoch_fits_no_commit() {
    let mut story = Story::new();
    let (first, first_info) = story.bob_commits();
    let (second, second_info) = story.bob_commits();
    assert!(second.complete(partial(&first_info)).is_none());
    assert!(first.complete(partial(&second_info)).is_none());
    assert!(second.complete(partial(&second_info)).is_some());
}

#[test]
fn the_part_that_another_member_signed_is_not_the_committers() {
    let mut story = Story::new();
    let (followed, info) = story.bob_commits();
    // Alice signs the same epoch, under her own name.
    let hers = group_info(&story.at_alice, &story.alice, false);
    assert_eq!(hers.group_context, info.group_context);
    assert!(followed.complete(partial(&hers)).is_none());
    // Under hers Bob's does not pass either.
    let as_alice = Followed {
        committer: story.at_alice.own_leaf_index().u32(),
        signature_key: story.alice.credential.signature_key.as_slice().to_vec(),
        ..followed
    };
    assert!(as_alice.complete(partial(&info)).is_none());
    assert!(as_alice.complete(partial(&hers)).is_some());
}

#[test]
fn the_signature_covers_what_the_part_says_and_what_it_does_not() {
    let mut story = Story::new();
    let (followed, info) = story.bob_commits();
    let good = partial(&info);
    let mut less = good.clone();
    less.extensions.clear();
    assert!(followed.complete(less).is_none());
    let mut more = good.clone();
    more.extensions.push(Extension {
        extension_type: ExtensionType(0xf0f0),
        data: Bytes::new(),
    });
    assert!(followed.complete(more).is_none());
    let mut flipped = good.clone();
    let mut signature = flipped.signature.to_vec();
    signature[0] ^= 1;
    flipped.signature = signature.into();
    assert!(followed.complete(flipped).is_none());
    let untagged = Followed {
        confirmation_tag: vec![0; followed.confirmation_tag.len()].into(),
        ..followed
    };
    assert!(untagged.complete(good).is_none());
}

#[test]
fn the_tree_is_in_no_part_whatever_the_presence() {
    let mut story = Story::new();
    let (_, info) = story.bob_commits();
    let good = partial(&info).to_vec().unwrap();
    for presence in 1..=255 {
        let mut octets = good.clone();
        octets[0] = presence;
        assert!(PartialGroupInfo::from_slice(&octets).is_err(), "{presence}");
    }
    let with_tree = group_info(&story.at_bob, &story.bob, true);
    assert!(with_tree.has_ratchet_tree());
    let octets = PartialGroupInfo {
        extensions: with_tree.extensions.clone(),
        signature: with_tree.signature.clone(),
    };
    assert!(PartialGroupInfo::from_slice(&octets.to_vec().unwrap()).is_err());
}

/// Whatever a web server says, who joins has the group's tree or none.
#[test]
fn a_fetched_tree_is_the_groups_by_its_hash() {
    let mut story = Story::new();
    let earlier = story.hub.export_ratchet_tree().tls_serialize_detached();
    let (_, info) = story.bob_commits();
    let current = story.hub.export_ratchet_tree().tls_serialize_detached();
    let option = RatchetTreeOption::HttpsUri {
        url: "https://hub.example/tree".to_owned(),
        tree_signature: Bytes::new(),
    };
    let source = resolve(&option, &info.group_context.extensions, "hub.example");
    assert!(matches!(source, Ok(TreeSource::Fetch(_))));

    let join = |fetched: Vec<u8>| {
        let tree = read_fetched(&fetched.into()).unwrap();
        let tree = RatchetTreeIn::tls_deserialize_exact_bytes(tree.as_bytes()).unwrap();
        let message = mimi_protocol::wire::mls::MlsMessage::from_group_info(info.clone());
        let message = MlsMessageIn::tls_deserialize_exact_bytes(message.as_bytes()).unwrap();
        let store = OpenMlsRustCrypto::default();
        PublicGroup::from_external(
            store.crypto(),
            store.storage(),
            tree,
            verifiable(message),
            ProposalStore::new(),
        )
        .is_ok()
    };
    assert!(join(current.unwrap()));
    assert!(!join(earlier.unwrap()));
    let stranger = Client::new("mimi://evil.example/d/mallory/phone");
    let theirs = create(&stranger).export_ratchet_tree();
    assert!(!join(theirs.tls_serialize_detached().unwrap()));
}
