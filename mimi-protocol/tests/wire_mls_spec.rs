//! The structures of EXT, SEMI and TREE beside those of `mls-spec`, which has
//! been written from the drafts by others: both read the same octets, and write
//! them again.
//!
//! Where it does not agree with the drafts of today, it is not asked: it has other
//! numbers for what no draft assigns (so no pseudonyms), no `tree_signature`, and writes the content
//! type into a `SemiPrivateMessageContent` although it does not read it there. Its
//! reader ignores what follows a value, so lengths are compared by writing again.

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

use std::fmt::Debug;

use mimi_content::component::{ComponentMap, ComponentsList};
use mimi_content::media::{ApplicationFraming, MediaTypeList};
use mimi_protocol::wire::mls::*;
use mimi_protocol::wire::{Decode, Encode, PartialGroupInfo, RatchetTreeOption};
use mls_spec::drafts::mls_extensions::{app_ack, content_advertisement, safe_application};
use mls_spec::drafts::{ratchet_tree_options, semiprivate_message};
use mls_spec::reexports::tls_codec;
use mls_spec::{Parsable, Serializable};
use proptest::prelude::*;
use support::*;

/// Both take `raw`, and write it as it was; neither takes less of it.
fn agree<Ours: Decode + Encode + Debug, Theirs: Parsable + Serializable + Debug>(raw: &[u8]) {
    let ours = Ours::from_slice(raw).unwrap_or_else(|e| panic!("ours: {e}: {raw:02x?}"));
    let theirs = Theirs::from_tls_bytes(raw).unwrap_or_else(|e| panic!("theirs: {e}: {raw:02x?}"));
    assert_eq!(ours.to_vec().unwrap(), raw);
    assert_eq!(theirs.to_tls_bytes().unwrap(), raw);
    for len in 0..raw.len() {
        assert!(Ours::from_slice(&raw[..len]).is_err(), "ours, cut at {len}");
        let cut = Theirs::from_tls_bytes(&raw[..len]);
        assert!(cut.is_err(), "theirs, cut at {len}");
    }
}

macro_rules! beside {
    ($($name:ident: $ours:ty, $theirs:ty = $raw:expr;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(32))]
            $(#[test]
            fn $name(raw in $raw) {
                agree::<$ours, $theirs>(&raw);
            })*
        }
    };
}

/// Extensions that nobody knows, so that their data stays unread.
fn private_extensions() -> Raw {
    let extension_type = (0xff00u16..).prop_map(|t| t.to_be_bytes().to_vec());
    list(seq(vec![extension_type.boxed(), opaque(40)]), 0, 3)
}

/// Proposals without a leaf, whose capabilities it restricts.
fn plain_proposal() -> Raw {
    let psk = one_of(vec![
        seq(vec![lit(&[1]), opaque(20)]),
        seq(vec![lit(&[3]), any_octets(2), opaque(20)]),
    ]);
    one_of(vec![
        seq(vec![lit(&[0, 3]), any_octets(4)]),
        seq(vec![lit(&[0, 4]), psk, opaque(32)]),
        seq(vec![lit(&[0, 6]), opaque(32)]),
        seq(vec![lit(&[0, 7]), private_extensions()]),
        seq(vec![lit(&[0, 8]), app_data_update()]),
        seq(vec![lit(&[0, 9]), app_ephemeral()]),
        lit(&[0, 10]),
    ])
}

fn plain_commit() -> Raw {
    let by = one_of(vec![
        seq(vec![lit(&[1]), plain_proposal()]),
        seq(vec![lit(&[2]), opaque(32)]),
    ]);
    seq(vec![list(by, 0, 3), lit(&[0])])
}

fn components() -> Raw {
    let values = proptest::collection::btree_map(any::<u16>(), vec_of(20), 0..5);
    values
        .prop_map(|values| {
            let entry =
                |(id, data): (&u16, &Vec<u8>)| [&id.to_be_bytes(), &prefixed(data)[..]].concat();
            prefixed(&values.iter().flat_map(entry).collect::<Vec<_>>())
        })
        .boxed()
}

fn vec_of(max: usize) -> BoxedStrategy<Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..max).boxed()
}

fn media_type() -> Raw {
    let parameter = seq(vec![text(&["charset", "v"]), text(&["UTF-8", ""])]);
    seq(vec![text(&["text/plain", "a/b"]), list(parameter, 0, 2)])
}

/// A tree of blank and parent nodes.
fn leafless_tree() -> Raw {
    let parent = seq(vec![opaque(32), opaque(32), list(any_octets(4), 0, 3)]);
    list(optional(seq(vec![lit(&[2]), parent])), 0, 4)
}

beside! {
    component_updates: AppDataUpdate, safe_application::AppDataUpdate = app_data_update();
    ephemeral_data: AppEphemeral, safe_application::AppEphemeral = app_ephemeral();
    acknowledgements: AppAck, app_ack::AppAck = app_ack();
    wire_formats_agree: WireFormats, safe_application::WireFormats = wire_formats();
    labels_of_components: ComponentOperationLabel, safe_application::ComponentOperationLabel =
        component_operation_label();
    dictionaries: ComponentMap, safe_application::ApplicationDataDictionary = components();
    safe_aads: ComponentMap, safe_application::SafeAad = components();
    lists_of_components: ComponentsList, safe_application::ComponentsList =
        list(any_octets(2), 0, 5);
    lists_of_media_types: MediaTypeList, content_advertisement::MediaTypeList =
        list(media_type(), 1, 3);
    framed_applications: ApplicationFraming, content_advertisement::ApplicationFraming =
        seq(vec![media_type(), opaque(40)]);
    proposals: Proposal, mls_spec::group::proposals::Proposal = plain_proposal();
    commits: Commit, mls_spec::group::commits::Commit = plain_commit();

    receivers: ExternalReceiver, semiprivate_message::ExternalReceiver = external_receiver(credential_of_mls());
    lists_of_receivers: ExternalReceivers, semiprivate_message::ExternalReceivers =
        external_receivers(credential_of_mls());
    keys_and_nonces: PerMessageKeyAndNonces, semiprivate_message::PerMessageKeyAndNonces =
        per_message_key_and_nonces();
    keys_for_receivers: KeyForExternalReceiver, semiprivate_message::KeyForExternalReceiver =
        key_for_external_receiver();
    semiprivate_messages: SemiPrivateMessage, semiprivate_message::messages::SemiPrivateMessage =
        bare_semiprivate_message();
    sender_data: SenderData, mls_spec::messages::SenderData = any_octets(12);

    partial_group_infos: PartialGroupInfo, ratchet_tree_options::PartialGroupInfo =
        seq(vec![lit(&[0]), private_extensions(), opaque(64)]);
    tree_options: RatchetTreeOption, ratchet_tree_options::RatchetTreeOption = one_of(vec![
        seq(vec![lit(&[1]), leafless_tree()]),
        lit(&[4]),
    ]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn contexts_of_keys(raw in semiprivate_message_context()) {
        let ours = SemiPrivateMessageContext::from_slice(&raw).unwrap();
        let theirs = semiprivate_message::SemiPrivateMessageContext {
            group_id: &ours.group_id,
            epoch: &ours.epoch,
            partial_context_hash: &ours.partial_context_hash,
        };
        prop_assert_eq!(theirs.to_tls_bytes().unwrap(), raw);
    }

    /// What the ciphertext is bound to.
    #[test]
    fn headers_are_made_of_the_same_fields(raw in bare_semiprivate_message()) {
        use semiprivate_message::messages::{SemiPrivateContentAad as Aad, SemiPrivateMessage as Message};
        let ours = SemiPrivateMessage::from_slice(&raw).unwrap();
        let theirs = Message::from_tls_bytes(&raw).unwrap();
        let keys = theirs.keys_for_external_receivers.iter();
        let keys: Vec<_> = keys
            .map(|key| semiprivate_message::KeyForExternalReceiverRef {
                external_receiver_ref: &key.external_receiver_ref,
                encrypted_keys_and_nonces: &key.encrypted_keys_and_nonces,
            })
            .collect();
        let aad = Aad {
            group_id: &ours.aad.group_id,
            epoch: &theirs.epoch,
            content_type: &theirs.content_type,
            authenticated_data: theirs.authenticated_data.as_slice(),
            partial_context_hash: theirs.partial_context_hash.as_slice(),
            keys_for_external_receivers: &keys,
            framed_content_tbs_hash: theirs.framed_content_tbs_hash.as_slice(),
        };
        prop_assert_eq!(aad.to_tls_bytes().unwrap(), ours.aad.to_vec().unwrap());
    }

    /// What the ciphertext holds, as far as the other reads it.
    #[test]
    fn contents_are_read_alike(
        proposal in plain_proposal(),
        commit in plain_commit(),
        signature in opaque(64),
        tag in opaque(32),
        padding in 0..20usize,
    ) {
        use mls_spec::messages::{ContentType, ContentTypeInner};
        use semiprivate_message::messages::SemiPrivateMessageContent as Content;
        let zeros = vec![0; padding];
        let raw = [&proposal[..], &signature, &zeros].concat();
        let ours = SemiPrivateMessageContent::from_slice(&raw, HandshakeType::Proposal).unwrap();
        let read = |raw: &[u8], content_type| {
            Content::tls_deserialize_with_content_type(&mut &*raw, content_type).unwrap()
        };
        let theirs = read(&raw, ContentType::Proposal);
        prop_assert_eq!(ours.padding.len(), theirs.padding_len);
        prop_assert_eq!(ours.auth.signature, theirs.auth.signature.as_slice());
        let ContentTypeInner::Proposal { proposal: found } = theirs.inner else {
            panic!("a proposal");
        };
        prop_assert_eq!(found.to_tls_bytes().unwrap(), ours.content.to_vec().unwrap());

        let raw = [&commit[..], &signature, &tag, &zeros].concat();
        let ours = SemiPrivateMessageContent::from_slice(&raw, HandshakeType::Commit).unwrap();
        let theirs = read(&raw, ContentType::Commit);
        prop_assert_eq!(ours.padding.len(), theirs.padding_len);
        prop_assert_eq!(ours.auth.to_vec().unwrap(), theirs.auth.to_tls_bytes().unwrap());
        let ContentTypeInner::Commit { commit: found } = theirs.inner else {
            panic!("a commit");
        };
        prop_assert_eq!(found.to_tls_bytes().unwrap(), ours.content.to_vec().unwrap());
    }

    /// What is signed, with the number that we give the wire format.
    #[test]
    fn the_same_octets_are_signed(
        group in seq(vec![opaque(32), any_octets(8)]),
        sender in any_octets(4),
        data in opaque(40),
        content in one_of(vec![
            seq(vec![lit(&[2]), plain_proposal()]),
            seq(vec![lit(&[3]), plain_commit()]),
        ]),
        rest in seq(vec![opaque(32), opaque(32), private_extensions()]),
    ) {
        use mls_spec::defs::WireFormat as TheirFormat;
        let framed = [&group[..], &[1], &sender, &data, &content].concat();
        let context = [&[0, 1, 0, 1], &group[..], &rest].concat();
        let raw = [&[0, 1, 0xf0, 0xa1], &framed[..], &context].concat();
        let ours = FramedContentTbs::from_slice(&raw).unwrap();
        prop_assert_eq!(&ours.framed_content().unwrap(), &framed);
        let theirs = mls_spec::messages::FramedContent::from_tls_bytes(&framed).unwrap();
        let context = mls_spec::key_schedule::GroupContext::from_tls_bytes(&context).unwrap();
        let format = TheirFormat::new_unchecked(WireFormat::SEMIPRIVATE_MESSAGE.0);
        let tbs = theirs.to_tbs(&format, &context).unwrap();
        prop_assert_eq!(tbs.to_tls_bytes().unwrap(), ours.to_vec().unwrap());
    }
}

#[test]
fn the_numbers_of_the_drafts_agree() {
    use mls_spec::drafts::mls_extensions as ext;
    assert_eq!(
        ProposalType::APP_DATA_UPDATE.0,
        ext::PROPOSAL_APP_DATA_UPDATE
    );
    assert_eq!(ProposalType::APP_EPHEMERAL.0, ext::PROPOSAL_APP_EPHEMERAL);
    assert_eq!(ProposalType::SELF_REMOVE.0, ext::PROPOSAL_SELF_REMOVE);
    let extensions = [
        (
            ExtensionType::APP_DATA_DICTIONARY,
            ext::EXTENSION_APP_DATA_DICT,
        ),
        (
            ExtensionType::SUPPORTED_WIRE_FORMATS,
            ext::EXTENSION_SUPPORTED_WIRE_FORMATS,
        ),
        (
            ExtensionType::REQUIRED_WIRE_FORMATS,
            ext::EXTENSION_REQUIRED_WIRE_FORMATS,
        ),
    ];
    for (ours, theirs) in extensions {
        assert_eq!(ours.0, theirs);
    }
    let multi = ext::multi_credentials::MULTI_CREDENTIAL;
    assert_eq!(CredentialType::MULTI.0, multi);
    let weak = ext::multi_credentials::WEAK_MULTI_CREDENTIAL;
    assert_eq!(CredentialType::WEAK_MULTI.0, weak);
    let label = mls_spec::defs::labels::PublicKeyEncryptionLabel::SemiPrivateMessageReceiver;
    assert_eq!(label.to_string(), "SemiPrivateMessageReceiver");
}

#[test]
fn no_application_data_for_either() {
    use semiprivate_message::messages::SemiPrivateMessageContent as Content;
    use tls_codec::Error;
    let application = mls_spec::messages::ContentType::Application;
    let refused = Content::tls_deserialize_with_content_type(&mut &[0u8; 8][..], application);
    assert!(matches!(refused, Err(Error::DecodingError(_))));
    assert!(HandshakeType::from_slice(&[1]).is_err());
}
