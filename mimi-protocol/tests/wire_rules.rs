//! The rules that a body can break, each broken alone; limits at their
//! boundary; the octets of small bodies written out.

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

use mimi_content::component::ComponentId;
use mimi_content::tls::Rule;
use mimi_content::{MimiUri, Timestamp};
use mimi_protocol::wire::limits::*;
use mimi_protocol::wire::mls::*;
use mimi_protocol::wire::*;
use support::prefixed;

const USER: &str = "mimi://a.example/u/alice";
const ROOM: &str = "mimi://hub.example/r/clubhouse";

fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

fn text(text: &str) -> Vec<u8> {
    prefixed(text.as_bytes())
}

/// A group id and epoch 7.
fn group() -> Vec<u8> {
    [&prefixed(b"g")[..], &7u64.to_be_bytes()].concat()
}

/// A PublicMessage of a member with `content`; a commit has two tags.
fn public(content_type: u8, content: &[u8]) -> Vec<u8> {
    let tags: &[u8] = if content_type == 3 { &[0, 0] } else { &[0] };
    let head = [
        &[0, 1, 0, 1][..],
        &group(),
        &[1, 0, 0, 0, 5, 0, content_type],
    ]
    .concat();
    [&head, content, &[0], tags].concat()
}

fn self_remove() -> Vec<u8> {
    public(2, &[0, 10])
}

fn empty_commit() -> Vec<u8> {
    public(3, &[0, 0])
}

fn private(content_type: u8) -> Vec<u8> {
    [&[0, 1, 0, 2][..], &group(), &[content_type, 0, 0, 0]].concat()
}

/// A Welcome that invites `members` KeyPackages.
fn welcome(members: usize) -> Vec<u8> {
    let secrets = [1, b'k', 0, 0].repeat(members);
    [&[0, 1][..], &prefixed(&secrets), &[0]].concat()
}

/// A KeyPackage with a leaf from a KeyPackage, everything else empty.
fn key_package() -> Vec<u8> {
    let leaf = [&[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1][..], &[0; 16], &[0, 0]].concat();
    [&[0, 1, 0, 1, 0][..], &leaf, &[0, 0]].concat()
}

fn unknown(what: &'static str, value: u64) -> Rule {
    Rule::Unknown { what, value }
}

fn rule<T: Decode + std::fmt::Debug>(raw: &[u8]) -> Rule {
    T::from_slice(raw).unwrap_err().rule
}

fn structure<T: Decode + std::fmt::Debug>(raw: &[u8]) -> &'static str {
    match rule::<T>(raw) {
        Rule::Structure(rule) => rule,
        other => panic!("{other}"),
    }
}

#[test]
fn what_belongs_to_no_select_is_named() {
    let update = |tail: &[u8]| [&empty_commit()[..], tail].concat();
    assert_eq!(rule::<Protocol>(&[0]), unknown("Protocol", 0));
    assert_eq!(rule::<Protocol>(&[2]), unknown("Protocol", 2));
    for (code, raw) in [(0, update(&[0, 0])), (3, update(&[0, 3]))] {
        let expected = unknown("GroupInfoRepresentation", code);
        assert_eq!(rule::<UpdateRequest>(&raw), expected);
    }
    for code in [0, 5] {
        let expected = unknown("RatchetTreeRepresentation", code);
        assert_eq!(rule::<RatchetTreeOption>(&[code as u8]), expected);
    }
    let expected = unknown("UpdateResponseCode", 4);
    assert_eq!(rule::<UpdateRoomResponse>(&[4, 0]), expected);
    let expected = unknown("SubmitResponseCode", 3);
    assert_eq!(rule::<SubmitMessageResponse>(&[1, 3]), expected);
    let expected = unknown("KeyMaterialClientCode", 3);
    let client = [&[3][..], &text(USER)].concat();
    assert_eq!(rule::<ClientKeyMaterial>(&client), expected);
    let consent = [&[4][..], &text(USER), &text(USER), &[0, 0]].concat();
    let expected = unknown("ConsentOperation", 4);
    assert_eq!(rule::<ConsentEntry>(&consent), expected);
}

#[test]
fn what_has_no_length_and_no_known_form_is_named() {
    let credentials = "CredentialType";
    assert_eq!(
        rule::<Credential>(&[0xf0, 0xa4, 0]),
        unknown(credentials, 0xf0a4)
    );
    let error = MlsMessage::from_slice(&public(2, &[0x0a, 0x0a])).unwrap_err();
    let proposals = "the set of proposal types with a known extent";
    assert_eq!(error.rule, unknown(proposals, 0x0a0a));
    assert_eq!(error.offset, 21, "the proposal's type");
    assert_eq!(rule::<MlsMessage>(&[0, 1, 0, 9]), unknown("WireFormat", 9));
    assert_eq!(
        rule::<MlsMessage>(&[0, 2, 0, 1]),
        unknown("ProtocolVersion", 2)
    );
    assert_eq!(rule::<MlsMessage>(&private(4)), unknown("ContentType", 4));
    let psk = public(2, &[0, 4, 4, 0, 0]);
    assert_eq!(rule::<MlsMessage>(&psk), unknown("PSKType", 4));
    // A SemiPrivateMessage has no case for application data.
    let semiprivate = |content_type| {
        let head = [&[0, 1, 0xf0, 0xa1][..], &group(), &[content_type]].concat();
        [&head[..], &[0; 6]].concat()
    };
    let error = MlsMessage::from_slice(&semiprivate(1)).unwrap_err();
    assert_eq!(error.rule, unknown("ContentType", 1));
    assert_eq!(error.offset, 14, "the content type");
    assert!(MlsMessage::from_slice(&semiprivate(2)).is_ok());
    let op = public(2, &[0, 8, 0, 1, 0]);
    assert_eq!(
        rule::<MlsMessage>(&op),
        unknown("AppDataUpdateOperation", 0)
    );
    let by = public(3, &[1, 3, 0]);
    assert_eq!(rule::<MlsMessage>(&by), unknown("ProposalOrRefType", 3));
    let node = [2, 1, 3];
    assert_eq!(rule::<RatchetTree>(&node), unknown("NodeType", 3));
}

#[test]
fn a_body_may_hold_a_pseudonymous_credential() {
    let content = [
        &text("mimi://a.example/d/5f0c")[..],
        &text("mimi://a.example/p/9b"),
        &[1, 7, 2, 8, 9],
    ]
    .concat();
    let credential = [&[0xf0, 0xa2][..], &prefixed(&content)].concat();
    let request = [
        &[1][..],
        &text("mimi://a.example/p/9b"),
        &text("mimi://b.example/u/bob"),
        &text(ROOM),
        &[2, 0, 1, 0, 0, 0, 1, 7],
        &credential,
        &[0],
    ]
    .concat();
    let request = KeyMaterialRequest::from_slice(&request).unwrap();
    let hidden = PseudonymousCredential {
        tbs: PseudonymousCredentialTbs {
            client_pseudonym: uri("mimi://a.example/d/5f0c"),
            user_pseudonym: uri("mimi://a.example/p/9b"),
            signature_public_key: vec![7].into(),
        },
        identity_link_ciphertext: vec![8, 9].into(),
    };
    assert_eq!(
        request.tbs.requester_credential,
        Credential::Pseudonymous(Box::new(hidden))
    );
    assert_eq!(
        request.tbs.requester_credential.credential_type(),
        CredentialType::PSEUDONYMOUS.0
    );
}

#[test]
fn open_codes_are_kept() {
    let raw = [&[1, 200][..], &text(USER), &[0]].concat();
    let response = KeyMaterialResponse::from_slice(&raw).unwrap();
    assert_eq!(response.user_status, KeyMaterialUserCode(200));
    let raw = [&[1][..], &text(ROOM), &[77]].concat();
    let response = GroupInfoResponse::from_slice(&raw).unwrap();
    assert_eq!(response.status(), GroupInfoCode(77));
    assert_eq!(response.room_id(), &uri(ROOM));
    assert_eq!(GroupInfoFailure::new(GroupInfoCode::SUCCESS), None);
}

#[test]
fn an_update_is_a_readable_handshake() {
    let refused = "an update is a PublicMessage or SemiPrivateMessage with a proposal or commit";
    for message in [
        private(1),
        private(2),
        private(3),
        public(1, &[0]),
        [&[0, 1, 0, 3][..], &welcome(1)].concat(),
        [&[0, 1, 0, 5][..], &key_package()].concat(),
    ] {
        let raw = [&message[..], &[0, 2, 0, 0, 0, 4]].concat();
        assert_eq!(structure::<UpdateRequest>(&raw), refused);
    }
    let more = [self_remove(), prefixed(&private(2))].concat();
    let refused = "a PublicMessage or SemiPrivateMessage with a proposal belongs here";
    assert_eq!(structure::<UpdateRequest>(&more), refused);
    let more = [self_remove(), prefixed(&empty_commit())].concat();
    assert_eq!(structure::<UpdateRequest>(&more), refused);
}

#[test]
fn a_fan_out_is_an_event() {
    for message in [
        private(2),
        private(3),
        public(1, &[0]),
        [&[0, 1, 0, 5][..], &key_package()].concat(),
    ] {
        let raw = [&[0; 8][..], &message, &[0]].concat();
        assert_eq!(
            structure::<FanoutMessage>(&raw),
            "no such message is fanned out"
        );
    }
    assert!(matches!(
        rule::<FanoutMessages>(&[]),
        Rule::Truncated { missing: 8 }
    ));
}

#[test]
fn a_submission_is_an_application_message() {
    for message in [private(2), self_remove()] {
        let raw = [&[1][..], &message, &text(USER)].concat();
        let refused = "a PrivateMessage with application data belongs here";
        assert_eq!(structure::<SubmitMessageRequest>(&raw), refused);
    }
}

#[test]
fn a_partial_group_info_has_no_tree() {
    for presence in 1..=4 {
        let refused = "RatchetTreePresence is not no_ratchet_tree";
        assert_eq!(structure::<PartialGroupInfo>(&[presence, 0, 0]), refused);
    }
    let refused = "a PartialGroupInfo has no ratchet_tree";
    assert_eq!(structure::<PartialGroupInfo>(&[0, 3, 0, 2, 0, 0]), refused);
}

#[test]
fn the_tree_stands_beside_a_group_info_and_not_in_it() {
    let context = [&[0, 1, 0, 1][..], &group(), &[0, 0, 0]].concat();
    let tbe = |extension: u8| {
        let extensions = prefixed(&[0, extension, 1, 0]);
        [&context[..], &extensions, &[0, 0, 0, 0, 0, 0, 4, 0]].concat()
    };
    assert!(GroupInfoRatchetTreeTbe::from_slice(&tbe(4)).is_ok());
    let refused = "the tree stands beside the GroupInfo, not in it";
    assert_eq!(structure::<GroupInfoRatchetTreeTbe>(&tbe(2)), refused);
}

#[test]
fn only_a_successful_group_info_response_is_signed() {
    let signed = |status: u8| {
        let rest = [0, 1, 0, 0, 1, 0, 0, 0];
        [&[1][..], &text(ROOM), &[status], &rest].concat()
    };
    assert!(GroupInfoResponseTbs::from_slice(&signed(1)).is_ok());
    let refused = "only success is signed";
    assert_eq!(structure::<GroupInfoResponseTbs>(&signed(2)), refused);
}

#[test]
fn a_description_is_cut_off_where_nobody_would_read_on() {
    for long in [
        "x".repeat(MAX_DESCRIPTION_LEN + 1),
        "ö".repeat(MAX_DESCRIPTION_LEN),
    ] {
        let response = UpdateRoomResponse::not_allowed(&long);
        assert_eq!(response.error_description.len(), MAX_DESCRIPTION_LEN);
        assert!(long.starts_with(&response.error_description));
        let octets = response.to_vec().unwrap();
        assert_eq!(UpdateRoomResponse::from_slice(&octets), Ok(response));
    }
    // A character that reaches past the end goes as a whole.
    let long = format!("x{}", "ö".repeat(MAX_DESCRIPTION_LEN));
    let response = UpdateRoomResponse::not_allowed(&long);
    assert_eq!(response.error_description.len(), MAX_DESCRIPTION_LEN - 1);
}

#[test]
fn key_material_has_suites_and_failures_no_clients() {
    let names = [text(USER), text(USER), vec![0]].concat();
    let raw = [&[1][..], &names, &[0, 0, 0, 0, 0, 0, 1, 0, 0]].concat();
    let refused = "no cipher suite is acceptable";
    assert_eq!(structure::<KeyMaterialRequest>(&raw), refused);
    let client = [&[1][..], &text("mimi://a.example/d/a1")].concat();
    for code in 0..=8 {
        let raw = [&[1, code][..], &text(USER), &prefixed(&client)].concat();
        let listed = KeyMaterialResponse::from_slice(&raw).is_ok();
        assert_eq!(listed, [0, 1, 3].contains(&code), "code {code}");
    }
}

#[test]
fn the_code_of_a_response_follows_from_the_clients() {
    let client = |status| ClientKeyMaterial {
        client_uri: uri("mimi://a.example/d/a1"),
        status,
    };
    let with = || {
        client(ClientStatus::Success(Box::new(
            KeyPackage::from_slice(&key_package()).unwrap(),
        )))
    };
    let without = || client(ClientStatus::NothingCompatible(None));
    let code = |clients| KeyMaterialResponse::of_clients(uri(USER), clients).user_status;
    assert_eq!(code(vec![with(), with()]), KeyMaterialUserCode::SUCCESS);
    assert_eq!(
        code(vec![with(), without()]),
        KeyMaterialUserCode::PARTIAL_SUCCESS
    );
    let none = KeyMaterialUserCode::NO_COMPATIBLE_MATERIAL;
    assert_eq!(code(vec![without()]), none);
    assert_eq!(code(vec![]), none);
}

#[test]
fn texts_are_utf8_and_urls_https() {
    let error = UpdateRoomResponse::from_slice(&[2, 3, b'a', 0xff, b'b']).unwrap_err();
    assert_eq!((error.rule, error.offset), (Rule::Utf8, 3));
    for url in [
        "http://a.example/",
        "ftp://a.example",
        "https:/a",
        "",
        "https://",
        "https:///tree",
        "https://a.example/a tree",
        "https://a.example\\tree",
        "https://a.example/%2",
        "https://\u{e4}.example/",
    ] {
        let raw = [&[2][..], &text(url), &[0]].concat();
        let refused = "the tree's URL is not an https URL";
        assert_eq!(structure::<RatchetTreeOption>(&raw), refused, "{url}");
    }
    let raw = [&[2, 2, 0xc3, 0x28][..], &[0]].concat();
    assert_eq!(rule::<RatchetTreeOption>(&raw), Rule::Utf8);
    let scope = [&prefixed(b"mimi:/\xff")[..], &text(USER), &[0]].concat();
    assert_eq!(rule::<ConsentScope>(&scope), Rule::Utf8);
}

/// Which of these are safe to fetch from is another question.
#[test]
fn any_https_url_can_be_conveyed() {
    for url in ["HTTPS://A.example:8443/#1", "https://[::1]/", "https://a@b"] {
        let raw = [&[2][..], &text(url), &[0]].concat();
        assert!(RatchetTreeOption::from_slice(&raw).is_ok(), "{url}");
    }
}

#[test]
fn a_tree_has_source_domains_in_normal_form() {
    let empty = "a tree has at least one source domain";
    assert_eq!(structure::<DomainList>(&[0]), empty);
    for domain in ["", "A.example", "a.example.", "a.example:443", "127.0.0.1"] {
        let raw = prefixed(&text(domain));
        let refused = "a host name is not in normal form";
        assert_eq!(structure::<DomainList>(&raw), refused, "{domain}");
    }
    let raw = prefixed(&text("a.example").repeat(2));
    let list = DomainList::from_slice(&raw).unwrap();
    assert_eq!(list.domains[1].as_str(), "a.example");
}

#[test]
fn uris_are_in_normal_form() {
    for other in ["mimi://A.example/u/alice", "https://a.example/u/alice", ""] {
        let scope = [&text(USER)[..], &text(other), &[0]].concat();
        let error = ConsentScope::from_slice(&scope).unwrap_err();
        assert!(matches!(error.rule, Rule::Uri(_)), "{other}: {error}");
        assert!(error.offset > text(USER).len(), "{other}: {error}");
    }
}

#[test]
fn lengths_are_minimal_and_presence_is_a_bit() {
    assert_eq!(
        rule::<UpdateRoomResponse>(&[2, 0x40, 0]),
        Rule::NonMinimalLength
    );
    assert_eq!(
        rule::<HpkeCiphertext>(&[0x80, 0, 0, 0, 0]),
        Rule::NonMinimalLength
    );
    assert_eq!(rule::<HpkeCiphertext>(&[0xc0]), Rule::LengthPrefix);
    let commit = [&empty_commit()[..], &[2]].concat();
    assert_eq!(rule::<UpdateRequest>(&commit), Rule::Presence(2));
    assert_eq!(rule::<RatchetTree>(&[1, 2]), Rule::Presence(2));
    let leaves = [&[1, 2][..], &[0; 3]].concat();
    assert!(matches!(
        rule::<RequiredCapabilities>(&leaves[..1]),
        Rule::Truncated { .. }
    ));
    assert!(matches!(
        rule::<RequiredCapabilities>(&[1, 0, 0, 0]),
        Rule::Truncated { .. }
    ));
}

#[test]
fn a_header_says_what_is_in_clear() {
    let aad = prefixed(&[5, 0, 0x20, 2, 7, 7]);
    let raw = [&[0, 1, 0, 2][..], &group(), &[1], &aad, &[0, 0]].concat();
    let message = MlsMessage::from_slice(&raw).unwrap();
    let header = message.header().unwrap();
    assert_eq!(header.wire_format, WireFormat::PRIVATE_MESSAGE);
    assert_eq!(&header.group_id[..], b"g");
    assert_eq!((header.epoch, header.sender), (7, None));
    assert_eq!(header.content_type, ContentType::Application);
    let safe_aad = header.safe_aad().unwrap();
    assert_eq!(safe_aad.get(ComponentId::FRANK_AAD).unwrap()[..], [7, 7]);

    let message = MlsMessage::from_slice(&self_remove()).unwrap();
    let header = message.header().unwrap();
    assert_eq!(header.sender, Some(Sender::Member(5)));
    assert_eq!(header.content_type, ContentType::Proposal);
    assert!(header.safe_aad().is_err(), "no octets are no SafeAAD");
}

#[test]
fn an_embedded_object_is_wrapped_and_unwrapped() {
    let welcome = Welcome::from_slice(&welcome(2)).unwrap();
    assert_eq!(welcome.new_members, [&b"k"[..], b"k"]);
    let message = MlsMessage::from_welcome(welcome.clone());
    let read = MlsMessage::from_bytes(message.as_bytes()).unwrap();
    assert_eq!(read, message);
    assert_eq!(read.into_welcome(), Some(welcome));
    let key_package = KeyPackage::from_slice(&key_package()).unwrap();
    let message = MlsMessage::from_key_package(key_package);
    assert_eq!(MlsMessage::from_bytes(message.as_bytes()).unwrap(), message);
    assert_eq!(message.wire_format(), WireFormat::KEY_PACKAGE);
    assert_eq!(message.into_welcome(), None);
}

#[test]
fn a_partial_group_info_is_completed() {
    let context = [&[0, 1, 0, 1][..], &group(), &[0, 0, 0]].concat();
    let whole = [
        &context[..],
        &[3, 0, 4, 0],
        &[1, 9],
        &[0, 0, 0, 5],
        &[2, 8, 8],
    ]
    .concat();
    let whole = GroupInfo::from_slice(&whole).unwrap();
    let partial = PartialGroupInfo::from_slice(&[0, 3, 0, 4, 0, 2, 8, 8]).unwrap();
    let context = GroupContext::from_slice(&context).unwrap();
    let built = partial.complete(context, vec![9].into(), 5).unwrap();
    assert_eq!(built, whole);
    assert_eq!(*built, *whole);
    assert!(!built.has_ratchet_tree());
}

#[test]
fn signatures_cover_all_that_precedes_them() {
    let tbs = GroupInfoRequestTbs {
        cipher_suite: CipherSuite(1),
        requesting_signature_key: vec![1].into(),
        requesting_credential: Credential::Basic(vec![2].into()),
        group_info_public_key: vec![3].into(),
        joining_code: Some(vec![4].into()),
    };
    let octets = [1, 0, 1, 1, 1, 0, 1, 1, 2, 1, 3, 1, 1, 4];
    assert_eq!(tbs.to_vec().unwrap(), octets);
    let signed = [
        &prefixed(b"MLS 1.0 GroupInfoRequestTBS")[..],
        &prefixed(&octets),
    ]
    .concat();
    assert_eq!(tbs.sign_content().unwrap(), signed);
    assert!(!format!("{tbs:?}").contains("joining_code: Some"));
    let request = GroupInfoRequest {
        tbs,
        signature: vec![5].into(),
    };
    assert_eq!(request.to_vec().unwrap(), [&octets[..], &[1, 5]].concat());
}

#[test]
fn small_bodies_have_the_octets_of_the_draft() {
    let time = Timestamp::from_millis(0x0102);
    let at = [0, 0, 0, 0, 0, 0, 1, 2];
    let check = |value: UpdateRoomResponse, expected: &[u8]| {
        assert_eq!(value.to_vec().unwrap(), expected);
        assert_eq!(UpdateRoomResponse::from_slice(expected).unwrap(), value);
    };
    check(
        UpdateRoomResponse::success(time),
        &[&[0, 0][..], &at].concat(),
    );
    check(
        UpdateRoomResponse::wrong_epoch(0x0102, "x"),
        &[&[1, 1, b'x'][..], &at].concat(),
    );
    check(UpdateRoomResponse::not_allowed("no"), &[2, 2, b'n', b'o']);
    check(
        UpdateRoomResponse::invalid_proposal(vec![vec![9].into()], ""),
        &[3, 0, 2, 1, 9],
    );
    let accepted = SubmitMessageResponse::accepted(time, None)
        .to_vec()
        .unwrap();
    assert_eq!(accepted, [&[1, 0][..], &at, &[0]].concat());
    let old = SubmitMessageResponse::epoch_too_old(0x0102)
        .to_vec()
        .unwrap();
    assert_eq!(old, [&[1, 2][..], &at].concat());
    let failure = GroupInfoResponse::failure(uri(ROOM), GroupInfoFailure::NO_SUCH_ROOM);
    let expected = [&[1][..], &text(ROOM), &[3]].concat();
    assert_eq!(
        failure.to_vec().unwrap(),
        expected,
        "nothing after the status"
    );
    let scope = ConsentScope {
        requester_uri: uri(USER),
        target_uri: uri(USER),
        room_id: None,
    };
    let cancel = ConsentEntry::new(ConsentOperation::Cancel, scope);
    let expected = [&[0][..], &text(USER), &text(USER), &[0, 0]].concat();
    assert_eq!(cancel.to_vec().unwrap(), expected);
}

/// `build(n)` decodes for the largest `n` and not for one more.
fn limit<T: Decode + std::fmt::Debug>(max: usize, build: impl Fn(usize) -> Vec<u8>) {
    T::from_slice(&build(max)).unwrap();
    match rule::<T>(&build(max + 1)) {
        Rule::Limit { max: said, .. } => assert_eq!(said, max),
        other => panic!("{other}"),
    }
}

#[test]
fn limits_hold_at_their_boundary() {
    limit::<KeyMaterialRequestTbs>(MAX_CIPHER_SUITES, |n| {
        let names = [text(USER), text(USER), vec![0]].concat();
        let suites = prefixed(&[0, 1].repeat(n));
        [&[1][..], &names, &suites, &[0, 0, 0, 0, 0, 1, 0]].concat()
    });
    limit::<KeyMaterialResponse>(MAX_CLIENTS, |n| {
        let client = [&[1][..], &text(USER)].concat();
        [&[1, 0][..], &text(USER), &prefixed(&client.repeat(n))].concat()
    });
    limit::<ConsentEntry>(MAX_CLIENTS, |n| {
        let key_packages = prefixed(&key_package().repeat(n));
        [
            &[2][..],
            &text(USER),
            &text(USER),
            &[0],
            &key_packages,
            &[0],
        ]
        .concat()
    });
    limit::<UpdateRequest>(MAX_STAPLED_PROPOSALS, |n| {
        [self_remove(), prefixed(&self_remove().repeat(n))].concat()
    });
    limit::<FanoutMessage>(MAX_STAPLED_PROPOSALS, |n| {
        let stapled = prefixed(&self_remove().repeat(n));
        [&[0; 8][..], &empty_commit(), &stapled].concat()
    });
    limit::<FanoutMessages>(MAX_NOTIFY_MESSAGES, |n| {
        [&[0; 8][..], &private(1), &[0]].concat().repeat(n)
    });
    limit::<UpdateRoomResponse>(MAX_PENDING_PROPOSALS, |n| {
        [&[3, 0][..], &prefixed(&[1, 9].repeat(n))].concat()
    });
    limit::<GroupInfoRatchetTreeTbe>(MAX_PENDING_PROPOSALS, |n| {
        let context = [&[0, 1, 0, 1][..], &group(), &[0, 0, 0]].concat();
        let pending = [&self_remove()[..], &[0; 8]].concat();
        [
            &context[..],
            &[0, 0, 0, 0, 0, 0, 0, 4],
            &prefixed(&pending.repeat(n)),
        ]
        .concat()
    });
    limit::<Welcome>(MAX_WELCOME_SECRETS, welcome);
    for (before, after) in [(0, 4), (1, 3), (2, 2), (3, 1), (4, 0)] {
        limit::<Capabilities>(MAX_CAPABILITY_CODES, |n| {
            let codes = prefixed(&[0xa, 0xa].repeat(n));
            [vec![0; before], codes, vec![0; after]].concat()
        });
    }
    for (before, after) in [(0, 2), (1, 1), (2, 0)] {
        limit::<RequiredCapabilities>(MAX_CAPABILITY_CODES, |n| {
            let codes = prefixed(&[0xa, 0xa].repeat(n));
            [vec![0; before], codes, vec![0; after]].concat()
        });
    }
    limit::<PartialGroupInfo>(MAX_EXTENSIONS, |n| {
        [&[0][..], &prefixed(&[0, 4, 0].repeat(n)), &[0]].concat()
    });
    limit::<UpdateRoomResponse>(MAX_DESCRIPTION_LEN, |n| {
        [&[2][..], &prefixed(&vec![b'x'; n])].concat()
    });
    limit::<RatchetTreeOption>(MAX_URL_LEN, |n| {
        let url = format!("https://{}", "x".repeat(n - 8));
        [&[2][..], &text(&url), &[0]].concat()
    });
    limit::<RatchetTreeOption>(MAX_TREE_SIGNATURE_LEN, |n| {
        [&[3][..], &prefixed(&vec![7; n])].concat()
    });
    limit::<RatchetTreeOption>(MAX_TREE_SIGNATURE_LEN, |n| {
        let url = text("https://a.example");
        [&[2][..], &url, &prefixed(&vec![7; n])].concat()
    });
    limit::<DomainList>(MAX_TREE_SOURCE_DOMAINS, |n| {
        prefixed(&text("a.example").repeat(n))
    });
    limit::<GroupInfoRequestTbs>(MAX_JOINING_CODE_LEN, |n| {
        [&[1, 0, 1, 0, 0, 1, 0, 0, 1][..], &prefixed(&vec![7; n])].concat()
    });
    limit::<IdentifierRequest>(MAX_QUERY_ITEMS, |n| {
        [&prefixed(&[1, 0].repeat(n))[..], &[0]].concat()
    });
    limit::<IdentifierRequest>(MAX_QUERY_TEXT_LEN, |n| {
        let element = [&[1][..], &prefixed(&vec![b'x'; n])].concat();
        [&prefixed(&element)[..], &[0]].concat()
    });
    limit::<IdentifierResponse>(MAX_QUERY_ITEMS, |n| {
        [&[0][..], &prefixed(&text(USER).repeat(n)), &[0, 0]].concat()
    });
    limit::<IdentifierResponse>(MAX_QUERY_ITEMS, |n| {
        let profile = [&text(USER)[..], &[0]].concat();
        [&[0, 0][..], &prefixed(&profile.repeat(n)), &[0]].concat()
    });
    limit::<ProfileField>(MAX_FIELD_VALUE_LEN, |n| {
        [&[8, 0][..], &prefixed(&vec![7; n])].concat()
    });
    limit::<UserProfile>(MAX_QUERY_ITEMS, |n| {
        [&text(USER)[..], &prefixed(&[8, 0, 0].repeat(n))].concat()
    });
}
