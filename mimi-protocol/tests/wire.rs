//! Every body stands the checks of an exact codec, whatever it holds.

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

use mimi_content::component::{ComponentMap, ComponentsList};
use mimi_content::media::{ApplicationFraming, MediaType, MediaTypeList};
use mimi_content::{MimiUri, Timestamp};
use mimi_franking::{FrankingAgent, FrankingTag, ServerFrankingContext};
use mimi_protocol::wire::mls::*;
use mimi_protocol::wire::*;
use proptest::prelude::*;
use support::*;

macro_rules! exact {
    ($($name:ident: $type:ty = $raw:expr;)*) => {
        proptest! {
            // Every case decodes some thousand variants of its input.
            #![proptest_config(ProptestConfig::with_cases(16))]
            $(#[test]
            fn $name(raw in $raw) {
                is_exact::<$type>(&raw);
            })*
        }
    };
}

exact! {
    a_timestamp: Timestamp = any_octets(8);
    a_user_uri: MimiUri = user();
    a_protocol: Protocol = lit(&[1]);
    a_component_map: ComponentMap = components();
    a_components_list: ComponentsList = list(any_octets(2), 0, 5);
    a_media_type: MediaType = media_type();
    a_media_type_list: MediaTypeList = list(media_type(), 1, 3);
    an_application_framing: ApplicationFraming = seq(vec![media_type(), opaque(100)]);
    a_frank: Frank = frank();
    a_franking_tag: FrankingTag = any_octets(32);
    a_franking_agent: FrankingAgent = seq(vec![opaque(32), credential()]);
    a_server_franking_context: ServerFrankingContext =
        seq(vec![user(), room(), any_octets(8)]);
    an_abusive_message: AbusiveMessage = abusive_message();

    an_extension: Extension = seq(vec![any_octets(2), opaque(80)]);
    a_group_message: Exact<MlsHeader> =
        one_of(vec![application_message(), proposal_message(), commit_message()]);
    a_credential: Credential = credential();
    pseudonyms_are: PseudonymousCredentialTbs = pseudonyms();
    a_pseudonymous_credential: PseudonymousCredential = pseudonymous();
    an_identity_link: IdentityLinkTbe = seq(vec![opaque(64), credential()]);
    capabilities_are: Capabilities = capabilities();
    required_capabilities_are: RequiredCapabilities = required_capabilities();
    an_external_sender: ExternalSender = seq(vec![opaque(32), credential()]);
    an_hpke_ciphertext: HpkeCiphertext = hpke_ciphertext();
    a_key_package: KeyPackage = key_package();
    a_welcome: Welcome = welcome();
    a_group_context: GroupContext = group_context();
    a_group_info: GroupInfo = group_info();
    a_ratchet_tree: RatchetTree = ratchet_tree();
    an_mls_message: MlsMessage = mls_message();
    an_application_message: ApplicationMessage = application_message();
    a_proposal_message: ProposalMessage = proposal_message();
    a_commit_message: CommitMessage = commit_message();

    an_app_data_update: AppDataUpdate = app_data_update();
    an_app_ephemeral: AppEphemeral = app_ephemeral();
    an_app_ack: AppAck = app_ack();
    wire_formats_are: WireFormats = wire_formats();
    a_component_operation_label: ComponentOperationLabel = component_operation_label();

    a_proposal: Proposal = proposal();
    a_commit: Commit = commit();
    an_external_receiver: ExternalReceiver = external_receiver(credential());
    external_receivers_are: ExternalReceivers = external_receivers(credential());
    per_message_keys_are: PerMessageKeyAndNonces = per_message_key_and_nonces();
    a_semiprivate_context: SemiPrivateMessageContext = semiprivate_message_context();
    a_key_for_a_receiver: KeyForExternalReceiver = key_for_external_receiver();
    semiprivate_aad_is: SemiPrivateContentAad = semiprivate_content_aad();
    a_semiprivate_message: SemiPrivateMessage = bare_semiprivate_message();
    sender_data_is: SenderData = any_octets(12);
    a_framed_content_tbs: FramedContentTbs = framed_content_tbs();

    a_key_material_request_tbs: KeyMaterialRequestTbs = key_material_request_tbs();
    a_key_material_request: KeyMaterialRequest =
        seq(vec![key_material_request_tbs(), opaque(64)]);
    a_client_key_material: ClientKeyMaterial = client_key_material();
    a_key_material_response: KeyMaterialResponse = key_material_response();
    a_ratchet_tree_option: RatchetTreeOption = ratchet_tree_option();
    a_list_of_source_domains: DomainList = domain_list();
    a_partial_group_info: PartialGroupInfo = partial_group_info();
    a_group_info_option: GroupInfoOption = group_info_option();
    a_handshake_bundle: HandshakeBundle = handshake_bundle();
    an_update_request: UpdateRequest = handshake_bundle();
    an_update_room_response: UpdateRoomResponse = update_room_response();
    a_submit_message_request: SubmitMessageRequest =
        seq(vec![lit(&[1]), application_message(), user()]);
    a_submit_message_response: SubmitMessageResponse = submit_message_response();
    a_fanout_message: FanoutMessage = fanout_message();
    a_group_info_request_tbs: GroupInfoRequestTbs = group_info_request_tbs();
    a_group_info_request: GroupInfoRequest = seq(vec![group_info_request_tbs(), opaque(64)]);
    a_pending_proposal: PendingProposal = pending_proposal();
    a_group_info_tbe: GroupInfoRatchetTreeTbe = group_info_tbe();
    a_group_info_response_tbs: GroupInfoResponseTbs = group_info_response_tbs();
    a_group_info_response: GroupInfoResponse = group_info_response();
    a_consent_scope: ConsentScope = consent_scope();
    a_consent_entry: ConsentEntry = consent_entry();
    an_abuse_report: AbuseReport = abuse_report();
    a_query_element: QueryElement = query_element();
    a_profile_field: ProfileField = profile_field();
    a_user_profile: UserProfile = user_profile();
    an_identifier_request: IdentifierRequest = identifier_request();
    an_identifier_response: IdentifierResponse = identifier_response();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Messages stand one after the other, so a body cut between two of them
    /// is a shorter body, and cut anywhere else it is none.
    #[test]
    fn a_notify_body_is_its_messages(parts in proptest::collection::vec(fanout_message(), 1..4)) {
        let raw = parts.concat();
        round_trips::<FanoutMessages>(&raw);
        survives_bit_flips::<FanoutMessages>(&raw);
        prop_assert_eq!(FanoutMessages::from_slice(&raw).unwrap().0.len(), parts.len());
        let mut ends = vec![0];
        ends.extend(parts.iter().scan(0, |end, part| {
            *end += part.len();
            Some(*end)
        }));
        for len in 0..raw.len() {
            let cut = FanoutMessages::from_slice(&raw[..len]);
            prop_assert_eq!(cut.is_ok(), len > 0 && ends.contains(&len), "cut at {}", len);
        }
    }

    /// The content of a SemiPrivateMessage ends in octets of any number, so only
    /// a cut before them is noticed.
    #[test]
    fn a_semiprivate_content_is_exact_but_for_its_padding((raw, code) in semiprivate_content()) {
        let content_type = HandshakeType::from_slice(&[code]).unwrap();
        let read = |raw: &[u8]| SemiPrivateMessageContent::from_slice(raw, content_type);
        let content = read(&raw).unwrap();
        prop_assert_eq!(&content.to_vec().unwrap(), &raw);
        let padding = content.padding.len();
        for len in 0..raw.len() {
            let cut = read(&raw[..len]);
            prop_assert_eq!(cut.is_ok(), len + padding >= raw.len(), "cut at {}", len);
        }
        for at in 0..raw.len() {
            let mut flipped = raw.clone();
            flipped[at] ^= 1;
            if let Ok(content) = read(&flipped) {
                prop_assert_eq!(content.to_vec().unwrap(), flipped);
            }
        }
    }

    /// Whoever carries a SemiPrivateMessage and whoever opens it read the same.
    #[test]
    fn a_semiprivate_message_is_one_with_its_header(raw in bare_semiprivate_message(), at: usize) {
        let mut raw = [&[0, 1, 0xf0, 0xa1], &raw[..]].concat();
        for flip in [0, 1, 0x80] {
            let at = 4 + at % (raw.len() - 4);
            raw[at] ^= flip;
            let carried = MlsMessage::from_slice(&raw);
            let opened = SemiPrivateMessage::from_slice(&raw[4..]);
            prop_assert_eq!(carried.is_ok(), opened.is_ok());
            if let (Ok(carried), Ok(opened)) = (carried, opened) {
                let found = SemiPrivateMessage::from_mls_message(&carried);
                prop_assert_eq!(found.as_ref(), Some(&opened));
                let wrapped = opened.into_mls_message().unwrap();
                prop_assert_eq!(wrapped.header(), carried.header());
                prop_assert_eq!(wrapped, carried);
            }
            raw[at] ^= flip;
        }
    }

    /// Noise never panics, and what decodes encodes to the same octets.
    #[test]
    fn noise_is_no_trouble(raw in proptest::collection::vec(any::<u8>(), 0..200)) {
        fn one<T: Decode + Encode>(raw: &[u8]) {
            if let Ok(value) = T::from_slice(raw) {
                assert_eq!(value.to_vec().unwrap(), raw);
            }
        }
        one::<UpdateRequest>(&raw);
        one::<FanoutMessages>(&raw);
        one::<KeyMaterialResponse>(&raw);
        one::<GroupInfoResponse>(&raw);
        one::<GroupInfoRatchetTreeTbe>(&raw);
        one::<ConsentEntry>(&raw);
        one::<SubmitMessageRequest>(&raw);
        one::<MlsMessage>(&raw);
        one::<SemiPrivateMessage>(&raw);
        one::<FramedContentTbs>(&raw);
    }
}
