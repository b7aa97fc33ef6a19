//! A hierarchy: a list at home says which realm to ask.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a test fails by panicking"
)]

mod support;

use mimi_discovery::manifest::*;
use mimi_discovery::wire::*;
use mimi_discovery::{Csi, Signed, VerifyError};
use support::*;

fn root() -> RootManifest {
    let to = |scope, realm: &str, key| Delegation {
        scope,
        realm: domain(realm),
        key: public(key),
    };
    RootManifest {
        realm: domain("root.example"),
        version: 1,
        not_before: at(0),
        not_after: at(60),
        delegations: vec![
            to(Scope::phone("+").unwrap(), "world.example", 40),
            to(Scope::phone("+49").unwrap(), "phone.example", OPERATOR),
            to(Scope::phone("+4989").unwrap(), "munich.example", 41),
            to(Scope::email(domain("b.example")), "mail.example", 42),
        ],
    }
}

fn accept(root: RootManifest) -> Result<Trusted<RootManifest>, ManifestError> {
    let signed = Signed::sign(root, &secret(39)).unwrap();
    Trusted::accept(signed, &domain("root.example"), &public(39), at(3), None)
}

fn directory() -> Directory {
    Directory::of_root(accept(root()).unwrap())
}

fn signed(manifest: Manifest) -> Signed<Manifest> {
    Signed::sign(manifest, &secret(OPERATOR)).unwrap()
}

#[test]
fn the_narrowest_scope_names_the_realm() {
    let root = root();
    let realm = |csi: Csi| root.realm_for(&csi).map(|d| d.realm.as_str());
    let phone = |text| realm(Csi::phone(text, None).unwrap());
    let email = |text| realm(Csi::email(text).unwrap());
    assert_eq!(phone("+33142685300"), Some("world.example"));
    assert_eq!(phone("+4930901820"), Some("phone.example"));
    assert_eq!(phone("+498921800"), Some("munich.example"));
    assert_eq!(email("alice@b.example"), Some("mail.example"));
    assert_eq!(email("alice@c.example"), None);
}

#[test]
fn a_realm_is_fetched_once_and_then_found_at_home() {
    let mut directory = directory();
    match directory.find(&alice(), at(3)) {
        Found::Fetch(delegation) => assert_eq!(delegation.realm, domain("phone.example")),
        other => panic!("{other:?}"),
    }
    directory.insert(signed(manifest()), at(3)).unwrap();
    assert_eq!(directory.find(&alice(), at(3)), Found::Realm(&manifest()));
    // No issuer of the realm has these numbers, although the root says it is theirs.
    let mut narrow = manifest();
    narrow.version = 8;
    narrow.csips.pop();
    directory.insert(signed(narrow), at(3)).unwrap();
    let hamburg = Csi::phone("+4940428280", None).unwrap();
    assert_eq!(directory.find(&hamburg, at(3)), Found::Nowhere);
    let nowhere = Csi::email("alice@c.example").unwrap();
    assert_eq!(directory.find(&nowhere, at(3)), Found::Nowhere);
}

#[test]
fn what_has_expired_is_not_asked() {
    let mut directory = directory();
    directory.insert(signed(manifest()), at(3)).unwrap();
    assert!(matches!(directory.find(&alice(), at(30)), Found::Fetch(_)));
    assert_eq!(directory.find(&alice(), at(60)), Found::Expired);
}

#[test]
fn a_realm_is_taken_in_only_as_the_root_names_it() {
    let mut directory = directory();
    let mut stranger = manifest();
    stranger.realm = domain("stranger.example");
    let error = directory.insert(signed(stranger), at(3)).unwrap_err();
    assert_eq!(error, DirectoryError::NotDelegated);
    let forged = Signed::sign(manifest(), &secret(MALLORY)).unwrap();
    let error = directory.insert(forged, at(3)).unwrap_err();
    assert_eq!(error, ManifestError::from(VerifyError::Signature).into());

    directory.insert(signed(manifest()), at(3)).unwrap();
    let mut older = manifest();
    older.version = 6;
    let error = directory.insert(signed(older), at(3)).unwrap_err();
    assert_eq!(error, ManifestError::Older { held: 7, got: 6 }.into());
    assert_eq!(directory.find(&alice(), at(3)), Found::Realm(&manifest()));
}

#[test]
fn a_new_root_keeps_the_realms_that_it_names_as_before() {
    let replaced = |change: fn(&mut RootManifest)| {
        let mut directory = directory();
        directory.insert(signed(manifest()), at(3)).unwrap();
        let mut newer = root();
        newer.version = 2;
        change(&mut newer);
        let newer = Signed::sign(newer, &secret(39)).unwrap();
        let realm = domain("root.example");
        let held = directory.root();
        let newer = Trusted::accept(newer, &realm, &public(39), at(3), held).unwrap();
        directory.replace_root(newer);
        directory
    };
    let same = replaced(|r| r.delegations.truncate(2));
    assert_eq!(same.find(&alice(), at(3)), Found::Realm(&manifest()));
    let other_key = replaced(|r| r.delegations[1].key = public(50));
    assert!(matches!(other_key.find(&alice(), at(3)), Found::Fetch(_)));
    let gone = replaced(|r| r.delegations.truncate(1));
    let world = domain("world.example");
    assert!(matches!(gone.find(&alice(), at(3)), Found::Fetch(d) if d.realm == world));
}

#[test]
fn one_realm_alone_needs_no_root() {
    let realm = domain("phone.example");
    let accepted = Trusted::accept(signed(manifest()), &realm, &public(OPERATOR), at(3), None);
    let mut directory = Directory::of_realm(accepted.unwrap());
    assert_eq!(directory.find(&alice(), at(3)), Found::Realm(&manifest()));
    assert_eq!(directory.find(&alice(), at(30)), Found::Expired);
    let paris = Csi::phone("+33142685300", None).unwrap();
    assert_eq!(directory.find(&paris, at(3)), Found::Nowhere);
    let error = directory.insert(signed(manifest()), at(3)).unwrap_err();
    assert_eq!(error, DirectoryError::NoRoot);
}

#[test]
fn a_root_says_one_thing_about_each_scope_and_realm() {
    let refused = |change: fn(&mut RootManifest)| {
        let mut root = root();
        change(&mut root);
        accept(root).unwrap_err()
    };
    let twice = refused(|r| r.delegations[0].scope = Scope::phone("+49").unwrap());
    assert_eq!(
        twice,
        ManifestError::ScopeTwice(Scope::phone("+49").unwrap())
    );
    let bad = |realm| ManifestError::BadDelegation(domain(realm));
    let itself = refused(|r| r.delegations[0].realm = domain("root.example"));
    assert_eq!(itself, bad("root.example"));
    let keys = refused(|r| r.delegations[0].realm = domain("phone.example"));
    assert_eq!(keys, bad("phone.example"));
}
