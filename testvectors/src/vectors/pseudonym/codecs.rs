//! The structures of pseudonymous credentials.

use bytes::Bytes;
use mimi_content::tls::Encode;
use mimi_protocol::wire::mls::{Credential, IdentityLinkTbe};

use super::super::Case;
use super::super::tls::Structure;
use super::links::{hidden, phone};
use crate::hex;

pub(super) fn structures() -> Vec<Case> {
    let (credentials, signed) = (
        Structure("PseudonymousCredential"),
        Structure("PseudonymousCredentialTbs"),
    );
    let (links, any) = (Structure("IdentityLinkTbe"), Structure("Credential"));
    let hidden = hidden();
    let whole = hidden.to_vec().unwrap();
    let link = |credential| IdentityLinkTbe {
        pseudonymous_credential_signature: Bytes::from_static(&[0x51; 64]),
        client_credential: credential,
    };
    let chain = Credential::X509(vec![Bytes::from_static(b"ee"), Bytes::from_static(b"ca")]);
    // Two URIs of 20 octets: a client and its user.
    let client = "14 6d696d693a2f2f612e6578616d706c652f642f31";
    let user = "14 6d696d693a2f2f612e6578616d706c652f702f32";
    let stranger = "14 6d696d693a2f2f622e6578616d706c652f702f32";
    let octets = |parts: &[&str]| hex::literal(&parts.concat());
    let pseudonymous = Credential::Pseudonymous(Box::new(hidden.clone()));
    let mut cases = vec![
        credentials.valid("of a client in a room", &hidden),
        credentials.octets("without key and link", &octets(&[client, user, "00 00"])),
        credentials.refused(
            "a user of another provider",
            &octets(&[client, stranger, "00 00"]),
            "structure",
            21,
        ),
        credentials.refused("no client", &octets(&["00", user, "00 00"]), "uri", 1),
        signed.valid("what is signed, without its label", &hidden.tbs),
        links.valid("to a basic credential", &link(phone())),
        links.valid("to a chain of certificates", &link(chain.clone())),
        links.valid("to another pseudonym", &link(pseudonymous.clone())),
        any.valid("basic", &phone()),
        any.valid("a chain of certificates", &chain),
        any.valid("pseudonymous", &pseudonymous),
        any.refused(
            "a vector that is longer than what is in it",
            &octets(&["f0a2 2d", client, user, "00 00 00"]),
            "trailing",
            47,
        ),
        any.refused(
            "a vector that is shorter than what is in it",
            &octets(&["f0a2 2b", client, user, "00 00"]),
            "truncated",
            46,
        ),
        any.refused("of an unknown type", &octets(&["f0a4 00"]), "unknown", 0),
    ];
    cases.extend(credentials.bounds(&whole));
    cases.extend(links.bounds(&link(phone()).to_vec().unwrap()));
    cases
}
