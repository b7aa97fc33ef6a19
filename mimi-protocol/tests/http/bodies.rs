//! Bodies: how long they may be, and as types.

use std::fmt::Debug;

use bytes::Bytes;
use mimi_content::Timestamp;
use mimi_content::component::ComponentMap;
use mimi_franking::limits::{MAX_NOTE_LEN, MAX_REPORTED_CONTENT_LEN, MAX_SIGNATURE_LEN};
use mimi_protocol::http::typed::{AnswerBody, Exchange};
use mimi_protocol::http::*;
use mimi_protocol::wire::*;
use proptest::prelude::*;

use crate::scene::*;
use crate::support;

fn endpoint(kind: EndpointKind) -> Endpoint {
    let mut endpoints = all_endpoints().into_iter();
    endpoints.find(|endpoint| endpoint.kind() == kind).unwrap()
}

#[test]
fn bodies_are_bounded_by_endpoint() {
    use EndpointKind::*;
    for (kind, asked, answered) in [
        (KeyMaterial, 256 << 10, 4 << 20),
        (Update, 64 << 20, 4 << 20),
        (Notify, 64 << 20, 0),
        (SubmitMessage, 4 << 20, 256 << 10),
        (GroupInfo, 256 << 10, 64 << 20),
        (RequestConsent, 256 << 10, 0),
        (UpdateConsent, 4 << 20, 0),
        (IdentifierQuery, 256 << 10, 4 << 20),
        (ReportAbuse, (4 << 20) + (256 << 10), 0),
    ] {
        assert_eq!(kind.max_request_body(), asked);
        assert_eq!(kind.max_response_body(), answered);
        let (endpoint, body) = (endpoint(kind), Bytes::from(vec![0; asked + 1]));
        let mut sent = request(&theirs(), PEER, &endpoint, body.slice(1..)).unwrap();
        assert_eq!(read(&sent, &own()), (endpoint.clone(), body.slice(1..)));
        let max = asked;
        assert_eq!(
            request(&theirs(), PEER, &endpoint, body.clone()).unwrap_err(),
            RequestError::TooLarge { max }
        );
        *sent.body_mut() = body;
        let refusal = refused(&sent);
        assert_eq!(refusal, HttpRefusal::TooLarge { max });
        assert_eq!(refusal.status(), 413);
    }
}

/// A message of four mebibytes does not fit the body that submits it, so no larger
/// one is there to be reported.
#[test]
fn the_largest_message_can_be_reported() {
    let longest_user = format!("mimi://a.example/u/{}", "a".repeat(1024 - 19));
    let report = AbuseReport {
        reporting_user: Some(uri(&longest_user)),
        alleged_abuser: uri(&longest_user),
        reason: AbuseType(1),
        note: "x".repeat(MAX_NOTE_LEN),
        messages: vec![AbusiveMessage {
            message_content: vec![0; MAX_REPORTED_CONTENT_LEN].into(),
            frank: Frank {
                server_frank: [0; 32],
                ciphersuite: mimi_franking::CipherSuite(1),
                integrity_signature: vec![0; MAX_SIGNATURE_LEN].into(),
            },
            accepted_timestamp: Timestamp::default(),
        }],
        extensions: ComponentMap::new(),
    };
    assert_eq!(MAX_REPORTED_CONTENT_LEN, MAX_MESSAGE_BODY);
    let octets = report.to_vec().unwrap().len();
    assert!(
        octets > MAX_MESSAGE_BODY && octets < MAX_REPORT_BODY,
        "{octets}"
    );
    let endpoint = endpoint(EndpointKind::ReportAbuse);
    let sent = typed::request(&theirs(), PEER, &endpoint, &report).unwrap();
    let read = typed::parse_request::<AbuseReport>(&sent, &own(), PEER);
    assert_eq!(read, Ok((endpoint, report)));
}

/// A typed request and the answer to it, there and back.
fn exchange<E>(asked: &[u8], answered: &[u8])
where
    E: Exchange + PartialEq + Debug,
    E::Answer: PartialEq + Debug,
{
    let asked = E::from_slice(asked).unwrap();
    let endpoint = endpoint(asked.kind());
    let sent = typed::request(&theirs(), PEER, &endpoint, &asked).unwrap();
    let (routed, received) = typed::parse_request::<E>(&sent, &own(), PEER).unwrap();
    assert_eq!((&routed, &received), (&endpoint, &asked));
    assert_eq!(typed::parse_body::<E>(&routed, sent.body()), Ok(received));

    let answer = E::Answer::from_body(&Bytes::copy_from_slice(answered)).unwrap();
    let response = typed::response(&asked, &answer).unwrap();
    assert_eq!(response.status(), asked.kind().success());
    assert_eq!(response.body(), answered);
    assert_eq!(typed::parse_response(&asked, &response), Ok(answer));
}

macro_rules! exchanges {
    ($($name:ident: $request:ty = $raw:expr, $answer:expr;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(16))]
            $(#[test]
            fn $name(asked in $raw, answered in $answer) {
                exchange::<$request>(&asked, &answered);
            })*
        }
    };
}

exchanges! {
    key_material_goes_there_and_back: KeyMaterialRequest =
        support::seq(vec![support::key_material_request_tbs(), support::opaque(64)]),
        support::key_material_response();
    an_update_goes_there_and_back: UpdateRequest =
        support::handshake_bundle(), support::update_room_response();
    a_notification_goes_there_and_back: FanoutMessages =
        support::fanout_message(), support::lit(&[]);
    a_message_goes_there_and_back: SubmitMessageRequest =
        support::seq(vec![support::lit(&[1]), support::application_message(), support::user()]),
        support::submit_message_response();
    a_group_info_goes_there_and_back: GroupInfoRequest =
        support::seq(vec![support::group_info_request_tbs(), support::opaque(64)]),
        support::group_info_response();
    consent_goes_there_and_back: ConsentEntry = support::consent_entry(), support::lit(&[]);
    a_query_goes_there_and_back: IdentifierRequest =
        support::identifier_request(), support::identifier_response();
    a_report_goes_there_and_back: AbuseReport = support::abuse_report(), support::lit(&[]);
}

fn consent(operation: ConsentOperation) -> ConsentEntry {
    let scope = ConsentScope {
        requester_uri: uri("mimi://b.example/u/bob"),
        target_uri: user(),
        room_id: None,
    };
    ConsentEntry::new(operation, scope)
}

#[test]
fn a_body_for_another_endpoint_is_neither_sent_nor_taken() {
    let (grant, ask) = (
        consent(ConsentOperation::Grant(vec![])),
        consent(ConsentOperation::Request),
    );
    for (entry, wrong) in [
        (&grant, EndpointKind::RequestConsent),
        (&ask, EndpointKind::UpdateConsent),
    ] {
        let (endpoint, name) = (endpoint(wrong), wrong.name());
        assert_eq!(
            typed::request(&theirs(), PEER, &endpoint, entry).unwrap_err(),
            RequestError::OtherEndpoint { endpoint: name }
        );
        let body = Bytes::from(entry.to_vec().unwrap());
        let sent = request(&theirs(), PEER, &endpoint, body).unwrap();
        let refusal = typed::parse_request::<ConsentEntry>(&sent, &own(), PEER).unwrap_err();
        assert_eq!(refusal, HttpRefusal::OtherEndpoint { endpoint: name });
        assert_eq!(refusal.status(), 400);
    }
    let asked = directory_request("a.example", PEER).unwrap();
    assert_eq!(
        typed::parse_request::<ConsentEntry>(&asked, &own(), PEER),
        Err(HttpRefusal::NoSuchEndpoint)
    );
}

#[test]
fn a_malformed_body_is_refused() {
    let refusal = typed::parse_request::<UpdateRequest>(&update(), &own(), PEER).unwrap_err();
    assert!(matches!(refusal, HttpRefusal::Body(_)), "{refusal}");
    assert_eq!(refusal.to_response().status(), 400);
    // Before that, all that is wrong with any request.
    let other = with_header(update(), "from", "mimi@c.example");
    assert_eq!(
        typed::parse_request::<UpdateRequest>(&other, &own(), PEER),
        Err(HttpRefusal::NotThePeer)
    );
    let asked = support_request();
    let answer = response(EndpointKind::IdentifierQuery, Bytes::from_static(b"body"));
    let failure = typed::parse_response(&asked, &answer).unwrap_err();
    assert!(matches!(failure, HttpFailure::Body(_)), "{failure}");
    // A struct was due, and nothing came.
    let failure = typed::parse_response(&asked, &status(204)).unwrap_err();
    assert!(matches!(failure, HttpFailure::Body(_)), "{failure}");
}

fn support_request() -> IdentifierRequest {
    IdentifierRequest::from_slice(&[0, 0]).unwrap()
}
