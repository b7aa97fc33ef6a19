//! `wire`: the bodies of requests and answers.

mod fields;
mod users;

use bytes::Bytes;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiUri, Timestamp};
use mimi_protocol::wire::mls::{
    CipherSuite, Credential, ExternalSender, HpkeCiphertext, ProposalMessage,
};
use mimi_protocol::wire::*;

use super::content::{ALICE, ROOM};
use super::tls::Structure;
use super::{Case, Family, mls, pseudonym};
use crate::hex;

const TIME: Timestamp = Timestamp::from_millis(1_764_000_000_123);

fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

fn bob() -> MimiUri {
    uri("mimi://b.example/u/bob")
}

fn basic(identity: &str) -> Credential {
    Credential::Basic(Bytes::copy_from_slice(identity.as_bytes()))
}

/// Octets behind their length.
fn vector(octets: &[u8]) -> Vec<u8> {
    let mut w = mimi_content::tls::Writer::new();
    w.opaque(octets);
    w.finish().unwrap()
}

fn text(text: &str) -> Vec<u8> {
    vector(text.as_bytes())
}

fn frank() -> Frank {
    Frank {
        server_frank: [0x5f; 32],
        ciphersuite: CipherSuite(1),
        integrity_signature: Bytes::from_static(&[0x51; 64]),
    }
}

fn updates() -> Vec<Case> {
    let (requests, responses) = (Structure("UpdateRequest"), Structure("UpdateRoomResponse"));
    let trees = Structure("RatchetTreeOption");
    let (proposal, leave) = (mls::app_data_update(), mls::self_remove());
    let stapled = [&proposal[..], &vector(&leave)].concat();
    let partial = hex::literal("00 02 00 07 0004 04 a0a1a2a3 02 b0b1 04");
    let external = [&mls::external_commit()[..], &partial].concat();
    let private = &mls::submit_message_request()[1..159];
    let not_readable = [private, &[0]].concat();
    let commit_stapled = [&proposal[..], &vector(&mls::external_commit())].concat();
    let commit_at = proposal.len() + 2;
    let mut with_tree = external.clone();
    let tail = with_tree.len() - partial.len();
    with_tree[tail + 5] = 2;
    let mut present = external.clone();
    present[tail + 2] = 1;
    let representation = [&mls::external_commit()[..], &[0, 3]].concat();
    let responded = |name, response: UpdateRoomResponse| responses.valid(name, &response);
    let references = vec![Bytes::from_static(&[0xe1; 32]), Bytes::new()];
    let mut cases = vec![
        requests.octets("a commit that adds a member", &mls::update_request()),
        requests.octets("an external commit with a PartialGroupInfo", &external),
        requests.octets("one proposal", &[&leave[..], &[0]].concat()),
        requests.octets("two proposals", &stapled),
        requests.refused("a PrivateMessage", &not_readable, "structure", 0),
        requests.refused(
            "a commit behind a proposal",
            &commit_stapled,
            "structure",
            commit_at,
        ),
        requests.refused(
            "a PartialGroupInfo that has the tree",
            &with_tree,
            "structure",
            tail + 3,
        ),
        requests.refused(
            "a PartialGroupInfo that is to have the tree",
            &present,
            "structure",
            tail + 2,
        ),
        requests.refused(
            "an unknown representation",
            &representation,
            "unknown",
            tail + 1,
        ),
        responded("success", UpdateRoomResponse::success(TIME)),
        responded(
            "wrong epoch",
            UpdateRoomResponse::wrong_epoch(u64::MAX, "behind"),
        ),
        responded("not allowed", UpdateRoomResponse::not_allowed("n\u{f6}")),
        responded(
            "invalid proposals",
            UpdateRoomResponse::invalid_proposal(references, ""),
        ),
        responses.refused("an unknown code", &[4, 0], "unknown", 0),
        trees.octets("a tree", &[&[1][..], &tree()].concat()),
        trees.octets(
            "a URL",
            &[&[2][..], &text("https://a.example/tree"), &[2, 7, 7]].concat(),
        ),
        trees.octets("out of band", &[3, 0]),
        trees.octets("the hub has it", &[4]),
        trees.refused(
            "a URL that is not https",
            &[&[2][..], &text("http://a.example"), &[0]].concat(),
            "structure",
            1,
        ),
        trees.octets(
            "a URL that is not safe to open",
            &[&[2][..], &text("HTTPS://a@A.example:8443/#x"), &[0]].concat(),
        ),
        trees.refused(
            "a URL without a host",
            &[&[2][..], &text("https:///tree"), &[0]].concat(),
            "structure",
            1,
        ),
        trees.refused(
            "a URL with a space",
            &[&[2][..], &text("https://a.example/a tree"), &[0]].concat(),
            "structure",
            1,
        ),
        trees.refused("representation 0", &[0], "unknown", 0),
        trees.refused("representation 5", &[5], "unknown", 0),
        trees.refused(
            "a node of an unknown type",
            &hex::literal("01 02 01 03"),
            "unknown",
            3,
        ),
    ];
    cases.extend(requests.bounds(&mls::update_request()));
    cases.extend(responses.bounds(&UpdateRoomResponse::success(TIME).to_vec().unwrap()));
    cases
}

/// The tree of the update that adds a member.
fn tree() -> Vec<u8> {
    let update = UpdateRequest::from_slice(&mls::update_request()).unwrap();
    match update.bundle {
        HandshakeBundle::Commit(bundle) => match bundle.ratchet_tree {
            RatchetTreeOption::Full(tree) => tree.as_bytes().to_vec(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn messages() -> Vec<Case> {
    let (requests, responses) = (
        Structure("SubmitMessageRequest"),
        Structure("SubmitMessageResponse"),
    );
    let fanned = Structure("FanoutMessages");
    let submitted = mls::submit_message_request();
    let message = SubmitMessageRequest::from_slice(&submitted)
        .unwrap()
        .app_message;
    let proposal = |octets: &[u8]| ProposalMessage::from_slice(octets).unwrap();
    let handshake = [&[1][..], &mls::self_remove(), &text(ALICE)].concat();
    let event = |event| FanoutMessage {
        timestamp: TIME,
        event,
    };
    let application = |frank| {
        event(FanoutEvent::Application {
            message: message.clone(),
            frank,
        })
    };
    let proposals = event(FanoutEvent::Proposals {
        proposal: proposal(&mls::app_data_update()),
        more: vec![proposal(&mls::self_remove())],
    });
    let commit = event(FanoutEvent::Commit {
        commit: Decode::from_slice(&mls::external_commit()).unwrap(),
        external_proposals: vec![],
    });
    let all = FanoutMessages(vec![
        application(Some(frank())),
        proposals,
        commit,
        application(None),
    ]);
    let key_package = [&[0; 8][..], &[0, 1, 0, 5], &mls::key_package()].concat();
    let accepted = |frank| SubmitMessageResponse::accepted(TIME, frank);
    let mut cases = vec![
        requests.octets("a PrivateMessage", &submitted),
        requests.refused("a handshake", &handshake, "structure", 1),
        responses.valid("accepted and stamped", &accepted(Some(frank()))),
        responses.valid("accepted", &accepted(None)),
        responses.valid("not allowed", &SubmitMessageResponse::NotAllowed),
        responses.valid("epoch too old", &SubmitMessageResponse::epoch_too_old(7)),
        responses.refused("an unknown code", &[1, 3], "unknown", 1),
        fanned.octets("a Welcome with its tree", &mls::fanout_welcome()),
        fanned.valid("several events", &all),
        fanned.refused("nothing", &[], "truncated", 0),
        fanned.refused("a KeyPackage", &key_package, "structure", 8),
    ];
    cases.extend(requests.bounds(&submitted));
    cases.extend(responses.bounds(&accepted(None).to_vec().unwrap()));
    cases
}

fn group_info() -> Vec<Case> {
    let (requests, responses) = (
        Structure("GroupInfoRequest"),
        Structure("GroupInfoResponse"),
    );
    let encrypted = Structure("GroupInfoRatchetTreeTbe");
    let request = |joining_code: Option<&'static [u8]>| GroupInfoRequest {
        tbs: GroupInfoRequestTbs {
            cipher_suite: CipherSuite(1),
            requesting_signature_key: Bytes::from_static(&[0x77; 32]),
            requesting_credential: basic("mimi://b.example/d/bob/phone"),
            group_info_public_key: Bytes::from_static(&[0x42; 32]),
            joining_code: joining_code.map(Bytes::from_static),
        },
        signature: Bytes::from_static(&[0x99; 64]),
    };
    let mut hidden = request(None);
    let credential = pseudonym::links::hidden();
    hidden.tbs.requesting_signature_key = credential.tbs.signature_public_key.clone();
    hidden.tbs.requesting_credential = Credential::Pseudonymous(Box::new(credential));
    let response = GroupInfoResponse::Success {
        tbs: Box::new(GroupInfoResponseTbs {
            room_id: uri(ROOM),
            cipher_suite: CipherSuite(1),
            hub_sender: ExternalSender {
                signature_key: Bytes::from_static(&[0x11; 32]),
                credential: basic("mimi://hub.example"),
            },
            encrypted: HpkeCiphertext {
                kem_output: Bytes::from_static(&[0x22; 32]),
                ciphertext: Bytes::from_static(&[0x33; 80]),
            },
        }),
        signature: Bytes::from_static(&[0x44; 64]),
    };
    let failed = |name, code| {
        let failure = GroupInfoFailure::new(GroupInfoCode(code)).unwrap();
        responses.valid(name, &GroupInfoResponse::failure(uri(ROOM), failure))
    };
    let signed = [&[1][..], &text(ROOM), &[2, 0]].concat();
    let signed_at = signed.len() - 1;
    let mut cases = vec![
        requests.valid("with a joining code", &request(Some(b"secret"))),
        requests.valid("without a joining code", &request(None)),
        requests.valid("with an empty joining code", &request(Some(b""))),
        requests.valid("under a pseudonym", &hidden),
        requests.refused(
            "an unknown credential",
            &hex::literal("01 0001 00 f0a4 00"),
            "unknown",
            4,
        ),
        responses.valid("success", &response),
        failed("not authorised", 2),
        failed("no such room", 3),
        failed("an unknown code", 77),
        responses.refused("a signed refusal", &signed, "trailing", signed_at),
        encrypted.octets("six pending proposals", &mls::group_info_tbe()),
    ];
    cases.extend(requests.bounds(&request(None).to_vec().unwrap()));
    cases.extend(responses.bounds(&response.to_vec().unwrap()));
    cases.extend(encrypted.bounds(&mls::group_info_tbe()));
    cases
}

pub(super) fn family() -> Family {
    let mut cases = Vec::new();
    for group in [
        users::consent,
        users::identifiers,
        users::key_material,
        updates,
        messages,
        group_info,
    ] {
        cases.extend(group());
    }
    Family {
        family: "wire".to_owned(),
        about: "Bodies of requests and answers (PROTO, \"MIMI Endpoints and Framing\"; TREE)"
            .to_owned(),
        cases,
    }
}
