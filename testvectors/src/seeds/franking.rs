//! Seeds of what franking has: structures, plaintexts and reports.

use bytes::Bytes;
use mimi_content::tls::{Encode, Writer};
use mimi_franking::{AbuseType, CipherSuite, Credential, FrankingTag};

use super::{Seeds, add, file_name, octets, text};
use crate::fuzz::{FRANKING, encoded_reports, select};
use crate::hex;
use crate::vectors::Case;

/// Reports of `franking_report` with the number of messages that are proven.
const REPORTS: [(&str, usize, &str); 12] = [
    ("as_received", 3, "02 00 00 03 0000 0100 0200"),
    ("framed", 2, "02 01 01 02 0500 0a00"),
    ("retired_keys", 3, "02 00 00 03 0700 0800 0900"),
    ("somebody_else_accused", 1, "02 00 01 02 0000 0300"),
    (
        "other_content",
        0,
        "02 00 00 03 0201 0005 0201 0507 0001 0200",
    ),
    ("another_sender_in_content", 0, "02 00 01 01 0001 0301"),
    (
        "another_room_in_content",
        0,
        "02 01 00 02 0401 0400 0402 0402 0400",
    ),
    ("another_frank", 0, "02 00 00 02 0101 0802 0102 0802 0602"),
    ("another_time", 0, "02 00 00 02 0101 0602 0101 0700"),
    (
        "altered_franks",
        0,
        "02 00 00 04 0201 0905 0201 0a04 0201 0b20 0201 0c3f",
    ),
    (
        "signed_by_a_stranger",
        0,
        "02 00 00 02 0201 0d00 0202 0921 0d00",
    ),
    (
        "twice_and_conflicting",
        3,
        "02 00 00 06 0200 0000 0200 0201 0200 0201 0200 0202 0501 0602",
    ),
];

/// How many messages of `franking_report` are proven, if the seed `name` is one
/// by hand.
#[must_use]
pub fn proven(name: &str) -> Option<usize> {
    let report = REPORTS.iter().find(|(report, ..)| *report == name);
    report.map(|(_, proven, _)| *proven)
}

/// The seeds that come from no vector.
pub(super) fn by_hand(seeds: &mut Seeds) {
    let franking = seeds.entry("tls_franking").or_default();
    for (name, kind, octets) in [
        ("tag", "FrankingTag", FrankingTag([7; 32]).to_vec()),
        ("suite", "CipherSuite", CipherSuite(0x0a0b).to_vec()),
        ("abuse", "AbuseType", AbuseType(200).to_vec()),
        (
            "credential",
            "Credential",
            Credential::Basic(Bytes::from_static(b"mimi://hub.example")).to_vec(),
        ),
    ] {
        let seed = [&[select(FRANKING, kind)], &octets.unwrap()[..]].concat();
        franking.insert(name.to_owned(), seed);
    }
    let inputs = seeds.entry("franking_report").or_default();
    for (name, _, digits) in REPORTS {
        inputs.insert(name.to_owned(), hex::literal(digits));
    }
    for (room, report) in encoded_reports().into_iter().enumerate() {
        inputs.insert(format!("encoded_{room}"), report);
    }
}

/// Application data, which `franking_report` decodes after an octet 0.
pub(super) fn plaintext(seeds: &mut Seeds, case: &Case) {
    if let Some(valid) = &case.valid {
        let data = hex::literal(valid["application_data"].as_str().unwrap());
        add(seeds, "franking_report", case, [&[0], &data[..]].concat());
    }
}

/// What a receiver keeps of a message, and what it reports; of the first and of
/// one with P-256.
pub(super) fn message(seeds: &mut Seeds, case: &Case) {
    let kept = [
        "verify: as it was sent",
        "verify: framed, and signed with P-256",
    ];
    let Some(valid) = case.valid.as_ref().filter(|_| kept.contains(&&*case.name)) else {
        return;
    };
    let message = hex::literal(valid["abusive_message"].as_str().unwrap());
    let selector = select(FRANKING, "AbusiveMessage");
    add(
        seeds,
        "tls_franking",
        case,
        [&[selector], &message[..]].concat(),
    );
    let mut w = Writer::new();
    w.opaque(&octets(case, "application_data"));
    w.raw(&octets(case, "franking_tag"));
    w.raw(&octets(case, "frank"));
    w.opaque(text(case, "sender").as_bytes());
    w.opaque(text(case, "room").as_bytes());
    w.u64(text(case, "accepted_timestamp").parse().unwrap());
    let evidence = [&[select(FRANKING, "Evidence"), 1], &w.finish().unwrap()[..]].concat();
    let name = format!("{}_kept", file_name(case));
    let inputs = seeds.entry("tls_franking").or_default();
    assert_eq!(inputs.insert(name, evidence), None, "{}", case.name);
}
