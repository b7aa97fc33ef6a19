//! X.509 certificates, with `x509-cert`.
//!
//! - The ID of a claim is the DER encoding of an object identifier, tag and
//!   length included: 06 03 55 04 0b for organizationalUnitName.
//! - The value is DER as it is in the certificate: of an attribute of the subject
//!   the whole value with tag and length, of an extension the octets inside of
//!   its OCTET STRING. A UTF8String is not a PrintableString of the same letters.
//! - Where an identifier is there several times, any of its values will do: an
//!   attribute of the subject may be repeated. Each name in subjectAltName is a
//!   value, too, besides the list of them.
//! - Nothing else is looked at: neither the issuer, whom the host trusts or not,
//!   nor what is inside of names and extensions.

use std::collections::{BTreeMap, BTreeSet};

use insta::assert_snapshot;
use mimi_policy::{Actor, Claim, Claims, JoinBasis, NoClaims, Reason};
use x509_cert::Certificate;
use x509_cert::der::asn1::{PrintableStringRef, Utf8StringRef};
use x509_cert::der::oid::{AssociatedOid, ObjectIdentifier};
use x509_cert::der::{self, Decode, Encode};
use x509_cert::ext::pkix::SubjectAltName;

use super::common::*;
use super::{benefits, bob_becomes, claim, joins};

/// The MLS CredentialType `x509` (RFC 9420, Section 17.5).
const X509: u16 = 2;

/// What a certificate says of its holder: by the DER of an identifier, the DER of
/// each of its values.
struct CertificateClaims(BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>);

impl CertificateClaims {
    /// Reads the first certificate of a credential, the one of the client.
    fn read(certificate: &[u8]) -> der::Result<Self> {
        let certificate = Certificate::from_der(certificate)?;
        let certificate = certificate.tbs_certificate();
        let mut claims = CertificateClaims(BTreeMap::new());
        for attribute in certificate.subject().iter() {
            claims.insert(attribute.oid, attribute.value.to_der()?)?;
        }
        for extension in certificate.extensions().into_iter().flatten() {
            let value = extension.extn_value.as_bytes();
            claims.insert(extension.extn_id, value.to_vec())?;
            if extension.extn_id == SubjectAltName::OID {
                for name in SubjectAltName::from_der(value)?.0 {
                    claims.insert(SubjectAltName::OID, name.to_der()?)?;
                }
            }
        }
        Ok(claims)
    }

    fn insert(&mut self, id: ObjectIdentifier, value: Vec<u8>) -> der::Result<()> {
        self.0.entry(id.to_der()?).or_default().insert(value);
        Ok(())
    }
}

impl Claims for CertificateClaims {
    fn matches(&self, credential_type: u16, id: &[u8], value: &[u8]) -> bool {
        let values = self.0.get(id).filter(|_| credential_type == X509);
        values.is_some_and(|values| values.contains(value))
    }
}

// The certificates of this story; `certificates/make.sh` says what is in them.
const DORA: &[u8] = include_bytes!("certificates/dora.der");
const EVE: &[u8] = include_bytes!("certificates/eve.der");
const FRED: &[u8] = include_bytes!("certificates/fred.der");

fn says(certificate: &[u8]) -> CertificateClaims {
    CertificateClaims::read(certificate).unwrap()
}

const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
/// An extension that the company made up, with the sort of employment; numbers
/// of companies in examples are of RFC 5612.
const EMPLOYMENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1");

fn has(id: ObjectIdentifier, value: &impl Encode) -> Claim {
    claim(X509, &id.to_der().unwrap(), &value.to_der().unwrap())
}

/// A claim on a text, as most certificates write it.
fn says_text(id: ObjectIdentifier, text: &str) -> Claim {
    has(id, &Utf8StringRef::new(text).unwrap())
}

/// Who works in human resources full-time, then who works for the company at all.
fn company() -> Room {
    benefits(
        vec![
            says_text(UNIT, "human-resources"),
            says_text(EMPLOYMENT, "full-time"),
        ],
        vec![says_text(ORGANIZATION, "Example")],
    )
}

/// Whether a certificate fulfils all of these claims.
fn fulfils(certificate: &[u8], claims: Vec<Claim>) -> bool {
    let room = benefits(claims, vec![]);
    let policy = room.policy();
    let given = policy
        .preauth()
        .role_for(&says(certificate), policy.roles());
    given.is_some_and(|role| role.index == GROUP_ADMIN)
}

#[test]
fn the_octets_of_a_claim_are_those_of_the_certificate() {
    let claim = says_text(UNIT, "human-resources");
    assert_eq!(claim.credential_type, 2);
    assert_eq!(claim.id[..], [0x06, 3, 0x55, 0x04, 0x0b]);
    assert_eq!(claim.value[..], *b"\x0c\x0fhuman-resources");
    let certificate = says(DORA);
    assert!(certificate.matches(2, &claim.id, &claim.value));
}

#[test]
fn dora_joins_in_the_role_that_her_certificate_gives() {
    let (room, dora, certificate) = (company(), dora(), says(DORA));
    let joiner = Actor::Joiner {
        user: &dora,
        claims: &certificate,
        code: None,
    };
    let basis = room.policy().may_join(&joiner);
    assert_eq!(basis, Ok(JoinBasis::Preauthorized));
    let verdict = joins(&room, &dora, &certificate, GROUP_ADMIN).unwrap();
    assert_eq!(verdict.policy().role_of(&dora).unwrap().index, GROUP_ADMIN);
    // Every member can read the certificate: nothing rests on the hub.
    assert!(!verdict.rests_on_hub().any());
}

#[test]
fn the_first_entry_that_matches_decides() {
    let (room, dora, eve) = (company(), dora(), uri("mimi://e.example/u/eve"));
    // Dora works for the company, but in human resources first of all.
    let denied = joins(&room, &dora, &says(DORA), ORDINARY_USER).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://d.example/u/dora cannot join in role 2 (ordinary_user) by itself: the role is not open to everybody, its credential is not preauthorised for it, and it brought no valid join code for it; ask a participant with canAddParticipant, if there is one (POLICY, "Adding")"#);
    // Eve does not work there.
    joins(&room, &eve, &says(EVE), ORDINARY_USER).unwrap();
    assert!(joins(&room, &eve, &says(EVE), GROUP_ADMIN).is_err());
}

#[test]
fn who_has_no_certificate_or_another_one_stays_outside() {
    let (room, fred) = (company(), uri("mimi://f.example/u/fred"));
    for role in [GROUP_ADMIN, ORDINARY_USER] {
        assert!(joins(&room, &fred, &says(FRED), role).is_err());
        assert!(joins(&room, &fred, &NoClaims, role).is_err());
    }
    let joiner = Actor::joiner(&fred);
    assert!(room.policy().may_join(&joiner).is_err());
    // What is no certificate says nothing at all.
    assert!(CertificateClaims::read(&DORA[..DORA.len() - 1]).is_err());
    assert!(CertificateClaims::read(&[DORA, &[0]].concat()).is_err());
    assert!(CertificateClaims::read(b"").is_err());
}

#[test]
fn a_participant_takes_the_role_that_its_certificate_gives() {
    let room = company();
    let verdict = bob_becomes(&room, &says(DORA), GROUP_ADMIN).unwrap();
    assert_eq!(verdict.policy().role_of(&bob()).unwrap().index, GROUP_ADMIN);
    let denied = bob_becomes(&room, &says(DORA), SUPER_ADMIN).unwrap_err();
    let (user, role) = (bob(), label(SUPER_ADMIN));
    assert_eq!(denied.reason, Reason::NotPreauthorized { user, role });
    for other in [EVE, FRED] {
        let denied = bob_becomes(&room, &says(other), GROUP_ADMIN).unwrap_err();
        assert!(matches!(denied.reason, Reason::NotPreauthorized { .. }));
    }
}

#[test]
fn all_claims_of_an_entry_must_hold() {
    let full_time = says_text(EMPLOYMENT, "full-time");
    assert!(fulfils(DORA, vec![full_time.clone()]));
    assert!(!fulfils(EVE, vec![full_time.clone()]));
    let sales = says_text(UNIT, "sales");
    assert!(fulfils(EVE, vec![sales.clone()]));
    assert!(!fulfils(EVE, vec![sales.clone(), full_time.clone()]));
    assert!(!fulfils(DORA, vec![full_time, sales]));
}

#[test]
fn of_a_repeated_attribute_each_value_counts() {
    let unit = |name| says_text(UNIT, name);
    assert!(fulfils(DORA, vec![unit("benefits")]));
    // In two places of the name, both are claims.
    assert!(fulfils(
        DORA,
        vec![unit("human-resources"), unit("benefits")]
    ));
    assert!(fulfils(
        DORA,
        vec![unit("benefits"), unit("human-resources")]
    ));
    assert!(!fulfils(DORA, vec![unit("benefits"), unit("payroll")]));
    // They are not one text.
    assert!(!fulfils(DORA, vec![unit("human-resources, benefits")]));
}

#[test]
fn an_attribute_counts_where_it_says_something_of_the_holder() {
    // In Eve's certificate the unit of its issuer is human resources, and so is
    // that of another name of hers, and her own name.
    assert!(!fulfils(EVE, vec![says_text(UNIT, "human-resources")]));
    const NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
    assert!(fulfils(EVE, vec![says_text(NAME, "human-resources")]));
    // An attribute is not an extension.
    assert!(!fulfils(
        EVE,
        vec![says_text(EMPLOYMENT, "human-resources")]
    ));
}

#[test]
fn the_same_letters_of_another_type_are_another_value() {
    let printable = |text| has(UNIT, &PrintableStringRef::new(text).unwrap());
    assert!(fulfils(FRED, vec![printable("human-resources")]));
    assert!(!fulfils(DORA, vec![printable("human-resources")]));
    // Nor is case folded, or space trimmed.
    assert!(!fulfils(DORA, vec![says_text(UNIT, "Human-Resources")]));
    assert!(!fulfils(DORA, vec![says_text(UNIT, "human-resources ")]));
}

#[test]
fn the_names_in_subject_alt_name_count_each_and_all_together() {
    // A uniformResourceIdentifier is tagged with 6 (RFC 5280, Section 4.2.1.6).
    let name = |uri: &str| {
        let tlv = [&[0x86, u8::try_from(uri.len()).unwrap()], uri.as_bytes()].concat();
        claim(X509, &SubjectAltName::OID.to_der().unwrap(), &tlv)
    };
    let (client, user) = ("mimi://d.example/d/dora/phone", "mimi://d.example/u/dora");
    assert!(fulfils(DORA, vec![name(user)]));
    assert!(fulfils(DORA, vec![name(user), name(client)]));
    assert!(!fulfils(EVE, vec![name(user)]));
    let both = [name(client).value, name(user).value].concat();
    let mut whole = name(user);
    whole.value = [&[0x30, u8::try_from(both.len()).unwrap()], &both[..]]
        .concat()
        .into();
    assert!(fulfils(DORA, vec![whole.clone()]));
    // In another order it is another list.
    let swapped = [name(user).value, name(client).value].concat();
    whole.value = [&whole.value[..2], &swapped[..]].concat().into();
    assert!(!fulfils(DORA, vec![whole]));
}

#[test]
fn an_identifier_is_written_in_der() {
    let good = says_text(UNIT, "benefits");
    let written = |id: &[u8]| fulfils(DORA, vec![claim(X509, id, &good.value)]);
    assert!(written(&[0x06, 3, 0x55, 0x04, 0x0b]));
    assert!(!written(&[0x55, 0x04, 0x0b]));
    assert!(!written(&[0x06, 0x81, 3, 0x55, 0x04, 0x0b]));
    assert!(!written(b"2.5.4.11"));
    assert!(!written(b""));
    let valued = |value: &[u8]| fulfils(DORA, vec![claim(X509, &good.id, value)]);
    assert!(valued(b"\x0c\x08benefits"));
    assert!(!valued(b"benefits"));
    assert!(!valued(b""));
}

#[test]
fn a_claim_on_another_type_of_credential_is_not_about_certificates() {
    let good = says_text(UNIT, "benefits");
    assert!(fulfils(DORA, vec![good.clone()]));
    for credential_type in [0, 1, 3, 0x0200, u16::MAX] {
        let other = Claim {
            credential_type,
            ..good.clone()
        };
        assert!(!fulfils(DORA, vec![other.clone()]));
        assert!(!fulfils(DORA, vec![good.clone(), other]));
    }
}

#[test]
fn an_entry_without_claims_is_for_nobody() {
    assert!(!fulfils(DORA, vec![]));
}
