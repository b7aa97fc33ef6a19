//! The structures of franking.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;
use mimi_franking::{
    AbuseReport, AbuseType, Credential, FrankingAgent, FrankingIntegrityTbs, ServerFrankingContext,
};

use super::super::Case;
use super::super::content::{ALICE, ROOM};
use super::super::tls::Structure;
use super::keys::{ED25519, P256};
use super::story::{Story, accusing, uri};
use crate::hex;

pub(super) fn stamps(bare: &Story, framed: &Story) -> Vec<Case> {
    let (frank, agent) = (Structure("Frank"), Structure("FrankingAgent"));
    let (contexts, tbs) = (
        Structure("ServerFrankingContext"),
        Structure("FrankingIntegrityTbs"),
    );
    let stamp = bare.stamp();
    let context = ServerFrankingContext {
        sender_uri: uri(ALICE),
        room_uri: uri(ROOM),
        accepted_timestamp: bare.message.accepted_timestamp,
    };
    let chain = Credential::X509(vec![Bytes::from_static(b"ee"), Bytes::from_static(b"ca")]);
    let certified = FrankingAgent {
        credential: chain,
        ..ED25519.agent()
    };
    let signed = FrankingIntegrityTbs {
        server_frank: stamp.server_frank,
        ciphersuite: stamp.ciphersuite,
        context: context.clone(),
    };
    let mut cases = vec![
        contexts.valid("a message of Alice", &context),
        tbs.valid("what is signed, without its label", &signed),
        frank.valid("signed with Ed25519", &stamp),
        frank.valid("signed with P-256", &framed.stamp()),
        agent.valid("a basic credential", &ED25519.agent()),
        agent.valid("a key for P-256", &P256.agent()),
        agent.valid("a chain of certificates", &certified),
        agent.refused(
            "an unknown credential",
            &hex::literal("00 0003 00"),
            "unknown",
            1,
        ),
        frank.refused("a stamp of 31 octets", &[5; 31], "truncated", 0),
    ];
    cases.extend(contexts.bounds(&context.to_vec().unwrap()));
    cases.extend(frank.bounds(&stamp.to_vec().unwrap()));
    cases.extend(agent.bounds(&ED25519.agent().to_vec().unwrap()));
    cases
}

pub(super) fn reports(bare: &Story) -> Vec<Case> {
    let reports = Structure("AbuseReport");
    let report = AbuseReport {
        reason: AbuseType(200),
        note: "not n\u{ef}ce".to_owned(),
        extensions: ComponentMap::from_iter([(ComponentId(0xfe00), vec![1])]),
        ..accusing(ALICE, vec![bare.message.clone()])
    };
    let anonymous = AbuseReport {
        reporting_user: None,
        messages: Vec::new(),
        ..report.clone()
    };
    let mut cases = vec![
        reports.valid("a reported message", &report),
        reports.valid("an anonymous report without messages", &anonymous),
        reports.refused(
            "no alleged abuser",
            &hex::literal("00 00 00 00 00 00"),
            "uri",
            2,
        ),
        reports.refused(
            "a note that is not UTF-8",
            &hex::literal("00 10 6d696d693a2f2f612e6578616d706c65 00 02c328 00 00"),
            "utf8",
            20,
        ),
    ];
    cases.extend(reports.bounds(&report.to_vec().unwrap()));
    cases
}
