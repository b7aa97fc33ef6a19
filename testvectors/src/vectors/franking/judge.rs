//! The procedures: what a hub makes of reports.

use mimi_content::tls::Decode;
use mimi_franking::{
    AbuseReport, Account, CipherSuite, Framing, Judged, Repeats, ReportFault, weigh,
};
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use serde_json::{Value, json};

use super::super::Outcome;
use super::super::procedures::{array, list, octets};
use super::act::{franker, media_types, no_content, time, uri};
use crate::hex;

pub(in crate::vectors) fn judge(input: &Value) -> Outcome {
    let report = AbuseReport::from_slice(&octets(input, "report")).unwrap();
    let types = media_types(input);
    let framing = Framing::of(types.as_ref());
    let provider = OpenMlsRustCrypto::default();
    let judged = franker(input).judge(&report, &uri(input, "room"), framing, provider.crypto());
    let messages: Vec<_> = judged.iter().map(verdict).collect();
    Ok(json!({ "messages": messages }))
}

fn verdict(judged: &Judged) -> Value {
    let (duplicate_of, conflicts_with) = match judged.repeats {
        None => (None, None),
        Some(Repeats::Duplicate { of }) => (Some(of), None),
        Some(Repeats::Conflict { with }) => (None, Some(with)),
        Some(other) => panic!("{other:?} is new here"),
    };
    json!({
        "accepted_timestamp": judged.accepted_timestamp.as_millis().to_string(),
        "content": hex::encode(&judged.content),
        "hub_key": judged.result.as_ref().ok(),
        "fault": judged.result.as_ref().err().map(name),
        "duplicate_of": duplicate_of,
        "conflicts_with": conflicts_with,
    })
}

fn name(fault: &ReportFault) -> &'static str {
    match fault {
        ReportFault::Content(error) => no_content(error),
        ReportFault::SenderUri => "sender_uri",
        ReportFault::RoomUri => "room_uri",
        ReportFault::OtherContent => "other_content",
        ReportFault::NeverFranked => "never_franked",
        ReportFault::Signature => "signature",
        ReportFault::Unsupported(_) => "unsupported",
        other => panic!("{other} is new here"),
    }
}

pub(in crate::vectors) fn weigh_accounts(input: &Value) -> Outcome {
    let accounts: Vec<_> = list(input, "accounts")
        .map(|account| (uri(account, "reporter"), judged(account)))
        .collect();
    let accounts = accounts
        .iter()
        .map(|(reporter, message)| Account { reporter, message });
    let weight = weigh(&uri(input, "accused"), &judged(input), accounts);
    Ok(json!({
        "witnesses": weight.witnesses,
        "independent": weight.independent,
        "disputed": weight.disputed,
    }))
}

/// The `message` of an input, judged before; of faults, those that the cases
/// have.
fn judged(input: &Value) -> Judged {
    let message = &input["message"];
    let fault = message["fault"].as_str().map(|fault| match fault {
        "sender_uri" => ReportFault::SenderUri,
        "room_uri" => ReportFault::RoomUri,
        "other_content" => ReportFault::OtherContent,
        "never_franked" => ReportFault::NeverFranked,
        "signature" => ReportFault::Signature,
        "unsupported" => ReportFault::Unsupported(CipherSuite(0)),
        other => panic!("no fault {other}"),
    });
    let name = message["hub_key"].as_str().unwrap_or_default();
    Judged {
        accepted_timestamp: time(&message["accepted_timestamp"]),
        content: array(message, "content"),
        result: fault.map_or(Ok(name.to_owned()), Err),
        repeats: None,
    }
}
