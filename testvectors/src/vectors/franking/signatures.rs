//! Cases of receivers that find the hub's signature not to hold.

use bytes::Bytes;
use mimi_franking::{CipherSuite, FrankingAgent};
use openmls_traits::signatures::Signer;
use serde_json::{Value, json};

use super::super::run;
use super::faults::Refusals;
use super::keys::{ED25519, HUB};
use super::story::{Story, encoded, uri, with};
use crate::hex;

pub(super) fn refused(bare: &Story, framed: &Story) -> Refusals {
    let input = |key: &str, value: Value| with(&bare.verify, key, value);
    let agent = |agent: FrankingAgent| input("franking_agent", encoded(&agent));
    let mut other_key = ED25519.public();
    other_key[3] ^= 1;
    let mut signature = bare.stamp().integrity_signature.to_vec();
    signature[40] ^= 1;
    let raw = raw_signature(&framed.stamp().integrity_signature);
    let suite = CipherSuite(0xfa01);
    let unknown = bare.stamped(|frank| frank.ciphersuite = suite);
    vec![
        (
            "another signature",
            bare.stamped(|frank| frank.integrity_signature = signature.into()),
            "signature",
        ),
        (
            "a short signature",
            bare.stamped(|frank| frank.integrity_signature.truncate(63)),
            "signature",
        ),
        (
            "no signature",
            bare.stamped(|frank| frank.integrity_signature.clear()),
            "signature",
        ),
        (
            "another key",
            agent(FrankingAgent::basic(other_key, &uri(HUB))),
            "signature",
        ),
        (
            "no key",
            agent(FrankingAgent::basic(Bytes::new(), &uri(HUB))),
            "signature",
        ),
        (
            "signed without the label",
            bare.stamped(|frank| frank.integrity_signature = unlabelled(bare)),
            "signature",
        ),
        (
            "a P-256 signature that is not DER",
            framed.stamped(|frank| frank.integrity_signature = raw.into()),
            "signature",
        ),
        (
            "an octet behind a P-256 signature",
            framed.stamped(|frank| {
                frank.integrity_signature = [&frank.integrity_signature[..], &[0]].concat().into();
            }),
            "signature",
        ),
        (
            "a key of another scheme",
            with(&framed.verify, "franking_agent", encoded(&ED25519.agent())),
            "signature",
        ),
        (
            "a suite that nobody has",
            with(&unknown, "group_ciphersuite", json!(suite.0)),
            "unsupported",
        ),
    ]
}

/// The hub's signature over the structure alone.
fn unlabelled(story: &Story) -> Bytes {
    let signed = run("frank", &story.frank).unwrap()["signed"].clone();
    let signed = hex::literal(signed.as_str().unwrap());
    // Behind the label is a length of two octets.
    ED25519.signer().sign(&signed[1 + 28 + 2..]).unwrap().into()
}

/// The two numbers of an ECDSA signature, each in 32 octets.
fn raw_signature(der: &[u8]) -> Vec<u8> {
    let mut raw = Vec::new();
    let mut rest = &der[2..];
    while let [2, len, numbers @ ..] = rest {
        let (number, after) = numbers.split_at(usize::from(*len));
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        raw.extend(vec![0; 32 - number.len()]);
        raw.extend(number);
        rest = after;
    }
    raw
}
