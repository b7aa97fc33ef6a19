//! The procedures: what a hub makes of reports.

use mimi_content::MimiUri;
use mimi_content::tls::Decode;
use mimi_franking::{
    AbuseReport, Account, CipherSuite, Framing, Judged, Repeats, ReportFault, Shown, Voices, weigh,
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
        ReportFault::KeyErased => "key_erased",
        ReportFault::NeverFranked => "never_franked",
        ReportFault::Signature => "signature",
        ReportFault::Unsupported(_) => "unsupported",
        other => panic!("{other} is new here"),
    }
}

pub(in crate::vectors) fn weigh_accounts(input: &Value) -> Outcome {
    let said: Vec<_> = list(input, "accounts").map(Said::read).collect();
    let weight = weigh(
        &Said::read(&input["report"]).account(),
        said.iter().map(Said::account),
    );
    let voices =
        |voices: Voices| json!({ "users": voices.users, "independent": voices.independent });
    Ok(json!({
        "witnesses": voices(weight.witnesses),
        "disputes": voices(weight.disputes),
    }))
}

/// An account of an input.
struct Said {
    reporter: MimiUri,
    accused: MimiUri,
    room: MimiUri,
    shown: Shown,
}

impl Said {
    fn read(account: &Value) -> Self {
        Said {
            reporter: uri(account, "reporter"),
            accused: uri(account, "accused"),
            room: uri(account, "room"),
            shown: judged(account).shown(),
        }
    }

    fn account(&self) -> Account<'_> {
        Account {
            reporter: &self.reporter,
            accused: &self.accused,
            room: &self.room,
            shown: self.shown,
        }
    }
}

/// The `message` of an account, judged before; of faults, those that the cases
/// have.
fn judged(input: &Value) -> Judged {
    let message = &input["message"];
    let fault = message["fault"].as_str().map(|fault| match fault {
        "sender_uri" => ReportFault::SenderUri,
        "room_uri" => ReportFault::RoomUri,
        "other_content" => ReportFault::OtherContent,
        "key_erased" => ReportFault::KeyErased,
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
