//! JSON Web Tokens, with `serde_json`.
//!
//! - The ID of a claim is its name, as UTF-8 and without quotes. Names are of the
//!   outermost object: there are no paths.
//! - The value is the text of a string, as UTF-8, without quotes and escapes. In
//!   an array, any string will do.
//! - Numbers, booleans, nulls and objects match nothing: the same number can be
//!   written in several ways, and `5` is not the string `"5"`.
//! - A name that is there twice makes the token one to be refused by the host, as
//!   RFC 7519, Section 4, would have it; here the last one stays.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use mimi_policy::{Claim, Claims};
use serde_json::{Map, Value};

use super::common::*;
use super::{benefits, bob_becomes, claim, joins};

/// No MLS CredentialType is registered for tokens; a deployment picks a private
/// one (RFC 9420, Section 17.5).
const TOKEN: u16 = 0xf0b1;

/// What a token says of its holder: by the name of a claim, its texts.
struct TokenClaims(BTreeMap<String, Vec<String>>);

impl TokenClaims {
    /// Reads the payload, as it is after base64url.
    fn read(payload: &[u8]) -> serde_json::Result<Self> {
        let claims: Map<String, Value> = serde_json::from_slice(payload)?;
        let texts = |value| match value {
            Value::String(text) => vec![text],
            Value::Array(items) => items.into_iter().filter_map(text).collect(),
            _ => Vec::new(),
        };
        let claims = claims.into_iter().map(|(name, value)| (name, texts(value)));
        Ok(TokenClaims(claims.collect()))
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

impl Claims for TokenClaims {
    fn matches(&self, credential_type: u16, id: &[u8], value: &[u8]) -> bool {
        let name = std::str::from_utf8(id).ok();
        let name = name.filter(|_| credential_type == TOKEN);
        let texts = name.and_then(|name| self.0.get(name));
        texts.is_some_and(|texts| texts.iter().any(|text| text.as_bytes() == value))
    }
}

const DORA: &str = r#"{
    "iss": "https://id.example", "sub": "mimi://d.example/u/dora", "exp": 4102444800,
    "department": "human-resources", "groups": ["benefits", 7, "choir"],
    "level": 5, "manager": true, "office": {"city": "Oslo"}, "motto": "\u00e9lan \"vital\""
}"#;

fn has(name: &str, value: &str) -> Claim {
    claim(TOKEN, name.as_bytes(), value.as_bytes())
}

fn says(payload: &str) -> TokenClaims {
    TokenClaims::read(payload.as_bytes()).unwrap()
}

fn fulfils(payload: &str, claims: Vec<Claim>) -> bool {
    let policy = benefits(claims, vec![]).policy();
    let given = policy.preauth().role_for(&says(payload), policy.roles());
    given.is_some_and(|role| role.index == GROUP_ADMIN)
}

#[test]
fn dora_joins_and_bob_takes_a_role_by_tokens() {
    let room = benefits(
        vec![
            has("department", "human-resources"),
            has("groups", "benefits"),
        ],
        vec![has("iss", "https://id.example")],
    );
    let (dora, token) = (dora(), says(DORA));
    let verdict = joins(&room, &dora, &token, GROUP_ADMIN).unwrap();
    assert!(!verdict.rests_on_hub().any());
    assert!(joins(&room, &dora, &token, ORDINARY_USER).is_err());
    let guest = says(r#"{"iss": "https://id.example", "department": "sales"}"#);
    joins(&room, &dora, &guest, ORDINARY_USER).unwrap();
    assert!(joins(&room, &dora, &guest, GROUP_ADMIN).is_err());

    bob_becomes(&room, &token, GROUP_ADMIN).unwrap();
    let denied = bob_becomes(&room, &guest, GROUP_ADMIN).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://b.example/u/bob may only take the role that its credential preauthorises it for, which is not role 3 (group_admin): another participant with canChangeUserRole can move it (POLICY, "Role Changes")"#);
}

#[test]
fn a_string_matches_by_its_text() {
    assert!(fulfils(DORA, vec![has("department", "human-resources")]));
    assert!(!fulfils(
        DORA,
        vec![has("department", "\"human-resources\"")]
    ));
    assert!(!fulfils(DORA, vec![has("department", "human")]));
    assert!(!fulfils(DORA, vec![has("department", "")]));
    assert!(!fulfils(DORA, vec![has("Department", "human-resources")]));
    // However it is escaped.
    assert!(fulfils(DORA, vec![has("motto", "élan \"vital\"")]));
    assert!(fulfils(r#"{"\u0061": "\u0062"}"#, vec![has("a", "b")]));
}

#[test]
fn of_an_array_any_string_matches() {
    assert!(fulfils(DORA, vec![has("groups", "choir")]));
    assert!(fulfils(
        DORA,
        vec![has("groups", "choir"), has("groups", "benefits")]
    ));
    assert!(!fulfils(DORA, vec![has("groups", "7")]));
    assert!(!fulfils(
        DORA,
        vec![has("groups", r#"["benefits",7,"choir"]"#)]
    ));
}

#[test]
fn what_is_no_text_matches_nothing() {
    for (name, value) in [
        ("level", "5"),
        ("manager", "true"),
        ("exp", "4102444800"),
        ("office", r#"{"city":"Oslo"}"#),
        ("office.city", "Oslo"),
        ("city", "Oslo"),
        ("absent", ""),
        ("absent", "null"),
    ] {
        assert!(!fulfils(DORA, vec![has(name, value)]), "{name}");
    }
}

#[test]
fn a_claim_on_another_type_of_credential_is_not_about_tokens() {
    let good = has("department", "human-resources");
    for credential_type in [0, 1, 2, 3] {
        let other = Claim {
            credential_type,
            ..good.clone()
        };
        assert!(!fulfils(DORA, vec![other]));
    }
    // A name is UTF-8.
    assert!(!fulfils(DORA, vec![claim(TOKEN, b"\xff", b"x")]));
}

#[test]
fn what_is_no_object_is_no_payload() {
    for payload in ["", "[]", "\"department\"", "{\"department\": }", "{} {}"] {
        assert!(TokenClaims::read(payload.as_bytes()).is_err(), "{payload}");
    }
}
