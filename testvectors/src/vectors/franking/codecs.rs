//! The structures of franking.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;
use mimi_franking::{
    AbuseReport, AbuseType, AbusiveMessage, Credential, FrankingAgent, FrankingIntegrityTbs,
};

use super::super::Case;
use super::super::content::ALICE;
use super::super::tls::Structure;
use super::{SUITE, Scene, uri};
use crate::hex;

pub(super) fn codecs(scene: &Scene) -> Vec<Case> {
    let (frank, agent) = (Structure("Frank"), Structure("FrankingAgent"));
    let (contexts, tbs) = (
        Structure("ServerFrankingContext"),
        Structure("FrankingIntegrityTbs"),
    );
    let reports = Structure("AbuseReport");
    let report = AbuseReport {
        reporting_user: Some(uri("mimi://b.example/u/bob")),
        alleged_abuser: uri(ALICE),
        reason: AbuseType(200),
        note: "not n\u{ef}ce".to_owned(),
        messages: vec![AbusiveMessage {
            message_content: scene.data.clone().into(),
            frank: scene.frank.clone(),
            accepted_timestamp: scene.context.accepted_timestamp,
        }],
        extensions: ComponentMap::from_iter([(ComponentId(0xfe00), vec![1])]),
    };
    let anonymous = AbuseReport {
        reporting_user: None,
        messages: Vec::new(),
        ..report.clone()
    };
    let chain = Credential::X509(vec![Bytes::from_static(b"ee"), Bytes::from_static(b"ca")]);
    let certified = FrankingAgent {
        credential: chain,
        ..scene.agent.clone()
    };
    let signed = FrankingIntegrityTbs {
        server_frank: scene.frank.server_frank,
        ciphersuite: SUITE,
        context: scene.context.clone(),
    };
    let mut cases = vec![
        contexts.valid("a message of Alice", &scene.context),
        tbs.valid("what is signed, without its label", &signed),
        frank.valid("signed with Ed25519", &scene.frank),
        agent.valid("a basic credential", &scene.agent),
        agent.valid("a chain of certificates", &certified),
        agent.refused(
            "an unknown credential",
            &hex::literal("00 0003 00"),
            "unknown",
            1,
        ),
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
        frank.refused("a stamp of 31 octets", &[5; 31], "truncated", 0),
    ];
    cases.extend(contexts.bounds(&scene.context.to_vec().unwrap()));
    cases.extend(frank.bounds(&scene.frank.to_vec().unwrap()));
    cases.extend(agent.bounds(&scene.agent.to_vec().unwrap()));
    cases.extend(reports.bounds(&report.to_vec().unwrap()));
    cases
}
