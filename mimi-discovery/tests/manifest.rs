//! What a realm lets its parties do, and who tries more.

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

use mimi_discovery::limits::MAX_TOKEN_KEYS;
use mimi_discovery::manifest::*;
use mimi_discovery::tree::Index;
use mimi_discovery::wire::*;
use mimi_discovery::{Csi, Signed, VerifyError};
use support::*;

fn accept(
    manifest: Manifest,
    held: Option<&Trusted<Manifest>>,
) -> Result<Trusted<Manifest>, ManifestError> {
    let signed = Signed::sign(manifest, &secret(OPERATOR)).unwrap();
    let realm = domain("phone.example");
    Trusted::accept(signed, &realm, &public(OPERATOR), at(3), held)
}

fn changed(change: impl FnOnce(&mut Manifest)) -> Manifest {
    let mut manifest = manifest();
    change(&mut manifest);
    manifest
}

fn refused(change: impl FnOnce(&mut Manifest)) -> ManifestError {
    accept(changed(change), None).unwrap_err()
}

#[test]
fn a_manifest_is_accepted_from_its_operator_only() {
    assert!(accept(manifest(), None).is_ok());
    let forged = Signed::sign(manifest(), &secret(MALLORY)).unwrap();
    let realm = domain("phone.example");
    let error = Trusted::accept(forged, &realm, &public(OPERATOR), at(3), None).unwrap_err();
    assert_eq!(error, VerifyError::Signature.into());
    let other = refused(|m| m.realm = domain("other.example"));
    assert_eq!(other, VerifyError::OtherRealm.into());
}

#[test]
fn a_manifest_holds_between_its_dates() {
    let dates = |from, until| {
        refused(|m| {
            m.not_before = at(from);
            m.not_after = at(until);
        })
    };
    assert_eq!(dates(4, 9), ManifestError::NotYet);
    assert_eq!(dates(1, 3), ManifestError::Expired);
    let trusted = accept(changed(|m| m.not_before = at(3)), None).unwrap();
    assert!(trusted.holds_at(at(29)));
    assert!(!trusted.holds_at(at(30)) && !trusted.holds_at(at(2)));
    assert_eq!(
        changed(|m| m.not_after = at(0)).check(),
        Err(ManifestError::NeverValid)
    );
}

#[test]
fn editions_rise_and_do_not_fork() {
    let held = accept(manifest(), None).unwrap();
    assert!(accept(manifest(), Some(&held)).is_ok());
    assert!(accept(changed(|m| m.version = 8), Some(&held)).is_ok());
    let older = accept(changed(|m| m.version = 6), Some(&held)).unwrap_err();
    assert_eq!(older, ManifestError::Older { held: 7, got: 6 });
    let forked = accept(changed(|m| m.quorum = 3), Some(&held)).unwrap_err();
    assert_eq!(forked, ManifestError::Forked { version: 7 });
}

#[test]
fn nobody_is_given_a_key_of_their_own() {
    let held = accept(manifest(), None).unwrap();
    let newer = |change: fn(&mut Manifest)| {
        let mut manifest = changed(|m| m.version = 8);
        change(&mut manifest);
        accept(manifest, Some(&held)).unwrap_err()
    };
    let what = "the token key of day";
    let token = newer(|m| m.token_keys[0].public = Element([1; 32]));
    assert_eq!(token, ManifestError::KeyReplaced { what, id: 0 });
    let what = "index key";
    let index = newer(|m| m.oprf_keys[0].public = Element([1; 32]));
    assert_eq!(index, ManifestError::KeyReplaced { what, id: 1 });
}

#[test]
fn there_are_at_most_two_index_keys_each_for_at_most_ninety_days() {
    let mut key = manifest().oprf_keys[0].clone();
    key.id = KeyId(2);
    key.not_before = at(1);
    key.not_after = at(91);
    let two = accept(changed(|m| m.oprf_keys.push(key.clone())), None).unwrap();
    let ids = |days| {
        two.oprf_keys_at(at(days))
            .iter()
            .map(|k| k.id.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(0), [1]);
    assert_eq!(ids(5), [2, 1]);
    assert_eq!(ids(90), [2]);
    assert!(ids(91).is_empty());

    let third = OprfKey {
        id: KeyId(3),
        ..key.clone()
    };
    let error = refused(|m| m.oprf_keys.extend([key.clone(), third]));
    assert_eq!(
        error,
        ManifestError::TooMany {
            what: "index keys",
            max: 2
        }
    );
    assert_eq!(refused(|m| m.oprf_keys.clear()), ManifestError::NoOprfKey);
    let long = refused(|m| m.oprf_keys[0].not_after = at(90).plus_millis(1));
    assert_eq!(long, ManifestError::OprfKeyWindow(KeyId(1)));
    let never = refused(|m| m.oprf_keys[0].not_after = at(0));
    assert_eq!(never, ManifestError::OprfKeyWindow(KeyId(1)));
}

#[test]
fn there_is_one_token_key_a_day_for_a_month() {
    let days = |count: usize| {
        let key = |day| TokenKey {
            day: Day(day as u32),
            public: Element([7; 32]),
        };
        (0..count).map(key).collect::<Vec<_>>()
    };
    let month = accept(changed(|m| m.token_keys = days(MAX_TOKEN_KEYS)), None).unwrap();
    assert_eq!(month.token_key(Day::of(at(30))).unwrap().day, Day(30));
    assert!(month.token_key(Day(31)).is_none());
    let error = refused(|m| m.token_keys = days(MAX_TOKEN_KEYS + 1));
    assert_eq!(
        error,
        ManifestError::TooMany {
            what: "token keys",
            max: MAX_TOKEN_KEYS
        }
    );
    let error = refused(|m| m.token_keys = [days(1), days(1)].concat());
    assert_eq!(
        error,
        ManifestError::Twice {
            what: "the token key of day",
            id: 0
        }
    );
}

#[test]
fn numbers_name_one_party() {
    let twice = |what, id| ManifestError::Twice { what, id };
    assert_eq!(
        refused(|m| m.dps.push(dp(1, "b.example", None))),
        twice("provider", 1)
    );
    assert_eq!(refused(|m| m.csips[1].id = CsipId(1)), twice("issuer", 1));
    assert_eq!(
        refused(|m| m.witnesses[2].id = WitnessId(2)),
        twice("witness", 2)
    );
    let error = refused(|m| m.oprf_keys.push(m.oprf_keys[0].clone()));
    assert_eq!(error, twice("index key", 1));
    let error = refused(|m| m.msps.push(m.msps[0].clone()));
    assert_eq!(error, ManifestError::TwoOperators(domain("chat.example")));
}

#[test]
fn witnesses_depend_on_nobody_they_watch() {
    let error = refused(|m| m.witnesses[0].operator = domain("dp.example"));
    assert_eq!(error, ManifestError::DependentWitness(WitnessId(1)));
    let error = refused(|m| m.witnesses[2].operator = domain("w1.example"));
    assert_eq!(error, ManifestError::DependentWitness(WitnessId(3)));
    for quorum in [0, 4] {
        let error = refused(|m| m.quorum = quorum);
        assert_eq!(error, ManifestError::Quorum { quorum, have: 3 });
    }
    assert!(accept(changed(|m| m.quorum = 3), None).is_ok());
}

#[test]
fn one_provider_is_central_and_several_are_a_federation_with_mirrors() {
    let central = changed(|m| m.dps.push(dp(2, "mirror.example", Some(1))));
    let central = accept(central, None).unwrap();
    assert_eq!(central.mode(), Mode::Central);

    let federated = changed(|m| {
        m.dps.push(dp(2, "dp2.example", None));
        m.dps.push(dp(3, "mirror.example", Some(1)));
    });
    let federated = accept(federated, None).unwrap();
    assert_eq!(federated.mode(), Mode::Federated);
    let servers = |id| {
        federated
            .servers(DpId(id))
            .map(|dp| dp.id.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (servers(1), servers(2), servers(3)),
        (vec![1, 3], vec![2], vec![])
    );

    assert_eq!(refused(|m| m.dps.clear()), ManifestError::NoDp);
    assert_eq!(
        refused(|m| m.dps[0].mirror_of = Some(DpId(1))),
        ManifestError::NoDp
    );
    let error = refused(|m| m.dps.push(dp(2, "b.example", Some(9))));
    assert_eq!(error, ManifestError::MirrorOf(DpId(2)));
    let chain = [dp(2, "b.example", Some(1)), dp(3, "c.example", Some(2))];
    let error = refused(|m| m.dps.extend(chain));
    assert_eq!(error, ManifestError::MirrorOf(DpId(3)));
}

#[test]
fn a_relay_of_the_providers_operator_is_refused() {
    let manifest = manifest();
    assert_eq!(
        manifest.check_relay(&domain("relay.example"), DpId(1)),
        Ok(())
    );
    let same = manifest.check_relay(&domain("dp.example"), DpId(1));
    assert_eq!(same, Err(RelayError::SameOperator(DpId(1))));
    let unknown = manifest.check_relay(&domain("relay.example"), DpId(2));
    assert_eq!(unknown, Err(RelayError::UnknownDp(DpId(2))));
}

#[test]
fn an_attestation_counts_if_a_listed_issuer_says_it_now() {
    let manifest = manifest();
    let check = |change: fn(&mut Attestation), key, now| {
        let mut attestation = attestation();
        change(&mut attestation);
        let signed = Signed::sign(attestation, &secret(key)).unwrap();
        manifest.verify_attestation(&signed, at(now)).map(|_| ())
    };
    assert_eq!(check(|_| {}, CARRIER, 5), Ok(()));
    let forged = Err(AttestationError::Verify(VerifyError::Signature));
    assert_eq!(check(|_| {}, MALLORY, 5), forged);
    assert_eq!(check(|a| a.csip = CsipId(2), CARRIER, 5), forged);
    let other = Err(AttestationError::Verify(VerifyError::OtherRealm));
    assert_eq!(
        check(|a| a.realm = domain("other.example"), CARRIER, 5),
        other
    );
    let unknown = Err(AttestationError::UnknownCsip(CsipId(9)));
    assert_eq!(check(|a| a.csip = CsipId(9), CARRIER, 5), unknown);
    let unknown = Err(AttestationError::UnknownKey(KeyId(9)));
    assert_eq!(check(|a| a.key_id = KeyId(9), CARRIER, 5), unknown);
    assert_eq!(check(|_| {}, CARRIER, 90), Err(AttestationError::Expired));
    let early = check(|a| a.not_before = at(6), CARRIER, 5);
    assert_eq!(early, Err(AttestationError::NotYet));
    let long = check(|a| a.not_after = at(90).plus_millis(1), CARRIER, 5);
    assert_eq!(long, Err(AttestationError::Window));
    let zero = check(|a| a.assignment = 0, CARRIER, 5);
    assert_eq!(zero, Err(AttestationError::NoAssignment));
}

#[test]
fn an_issuer_speaks_for_its_scope_and_an_attestation_for_one_identifier() {
    let manifest = manifest();
    let attestation = attestation();
    assert_eq!(
        manifest.check_csi(&attestation, &alice(), &CSI_SALT),
        Ok(())
    );
    let munich = Csi::phone("+498921800", None).unwrap();
    let error = manifest.check_csi(&attestation, &munich, &CSI_SALT);
    assert_eq!(error, Err(AttestationError::OutOfScope(CsipId(1))));
    let neighbour = Csi::phone("+4930901821", None).unwrap();
    for (csi, salt) in [(neighbour, CSI_SALT), (alice(), Salt([0; 16]))] {
        let error = manifest.check_csi(&attestation, &csi, &salt);
        assert_eq!(error, Err(AttestationError::OtherCsi));
    }
}

#[test]
fn an_issuer_that_a_messaging_provider_runs_counts_only_with_authority() {
    let mut manifest = manifest();
    let set = mappings();
    let (carrier, checker) = (manifest.csips[0].clone(), manifest.csips[1].clone());
    assert!(manifest.is_independent(&checker, &set));
    // The carrier runs chat.example as well, but the numbers are its own.
    assert!(manifest.is_independent(&carrier, &set));
    let without = Csip {
        authoritative: false,
        ..carrier
    };
    assert!(!manifest.is_independent(&without, &set));
    // Nobody has listed b.example: it is its own operator.
    let itself = Csip {
        operator: domain("b.example"),
        ..checker.clone()
    };
    assert!(!manifest.is_independent(&itself, &set));
    // A provider that is not in the set gives no more right.
    manifest.msps.push(Msp {
        domain: domain("far.example"),
        operator: domain("checker.example"),
    });
    assert!(!manifest.is_independent(&checker, &set));
}

#[test]
fn scopes_go_by_first_digits_and_by_exact_domains() {
    let phone = |text: &str| Csi::phone(text, None).unwrap();
    let email = |text: &str| Csi::email(text).unwrap();
    assert!(Scope::phone("+").unwrap().covers(&phone("+498921800")));
    assert!(!Scope::phone("+4930").unwrap().covers(&phone("+498921800")));
    assert!(!Scope::phone("+").unwrap().covers(&email("a@b.example")));
    assert!(Scope::email(domain("b.example")).covers(&email("a@B.example")));
    assert!(!Scope::email(domain("b.example")).covers(&email("a@x.b.example")));
    assert!(!Scope::email(domain("b.example")).covers(&email("b.example@c.example")));
    assert!(Scope::any_email().covers(&email("a@x.b.example")));
    assert!(!Scope::any_email().covers(&phone("+498921800")));
    for prefix in ["49", "+0", "+4 9", "+1234567890123456", ""] {
        assert_eq!(Scope::phone(prefix), None, "{prefix}");
    }
    assert!(Scope::phone("+123456789012345").is_some());
}

#[test]
fn a_head_needs_its_provider_and_enough_witnesses() {
    let manifest = changed(|m| m.dps.push(dp(2, "mirror.example", Some(1))));
    let few = |have| Err(HeadError::TooFewWitnesses { have, need: 2 });
    assert_eq!(
        manifest.verify_head(&cosigned(head(1), &[1, 3])),
        Ok(&head(1))
    );
    assert_eq!(manifest.verify_head(&cosigned(head(1), &[2])), few(1));
    assert_eq!(manifest.verify_head(&cosigned(head(1), &[2, 2])), few(1));

    // Cosignatures of another head, and one that the provider made itself.
    let mut borrowed = cosigned(head(1), &[1]);
    borrowed
        .cosignatures
        .extend(cosigned(head(2), &[2]).cosignatures);
    let own = Cosignature {
        witness: WitnessId(3),
        signature: borrowed.head.signature,
    };
    borrowed.cosignatures.push(own);
    assert_eq!(manifest.verify_head(&borrowed), few(1));

    // One that counts for nothing takes nothing away.
    borrowed
        .cosignatures
        .extend(cosigned(head(1), &[3]).cosignatures);
    assert_eq!(manifest.verify_head(&borrowed), Ok(&head(1)));

    let mirror = cosigned(
        TreeHead {
            dp: DpId(2),
            ..head(1)
        },
        &[1, 2],
    );
    assert_eq!(
        manifest.verify_head(&mirror),
        Err(HeadError::Mirror(DpId(2)))
    );
    let unknown = cosigned(
        TreeHead {
            dp: DpId(3),
            ..head(1)
        },
        &[1, 2],
    );
    assert_eq!(
        manifest.verify_head(&unknown),
        Err(HeadError::UnknownDp(DpId(3)))
    );
    let realm = domain("other.example");
    let replayed = cosigned(TreeHead { realm, ..head(1) }, &[1, 2]);
    let other = Err(HeadError::Verify(VerifyError::OtherRealm));
    assert_eq!(manifest.verify_head(&replayed), other);
    let mut forged = cosigned(head(1), &[1, 2]);
    forged.head.content.epoch = 2;
    let wrong = Err(HeadError::Verify(VerifyError::Signature));
    assert_eq!(manifest.verify_head(&forged), wrong);
}

#[test]
fn a_witness_signature_is_no_providers_signature() {
    let signature = cosigned(head(1), &[1]).cosignatures[0].signature;
    let as_head = Signed {
        content: head(1),
        signature,
    };
    let refused = as_head.verify(&domain("phone.example"), &public(WITNESSES[0]));
    assert_eq!(refused, Err(VerifyError::Signature));
}

#[test]
fn a_leaf_is_the_holders_and_a_tombstone_also_the_issuers() {
    let manifest = manifest();
    let check = |leaf: &LeafAuth, key| {
        let signed = Signed::sign(leaf.clone(), &secret(key)).unwrap();
        manifest.verify_leaf(&signed).map(|_| ())
    };
    let forged = Err(LeafError::Verify(VerifyError::Signature));
    assert_eq!(check(&leaf(), ALICE), Ok(()));
    assert_eq!(check(&leaf(), MALLORY), forged);
    let live = LeafAuth {
        by: LeafBy::Csip,
        ..leaf()
    };
    assert_eq!(check(&live, CARRIER), Err(LeafError::LiveByCsip));
    let gone = LeafAuth {
        state: LeafState::Tombstone,
        ..live
    };
    assert_eq!(check(&gone, CARRIER), Ok(()));
    // Another issuer, the provider, or someone who claims to be the issuer.
    for key in [CHECKER, DP, ALICE, MALLORY] {
        assert_eq!(check(&gone, key), forged);
    }
    let unknown = LeafAuth {
        csip: CsipId(9),
        ..gone
    };
    assert_eq!(
        check(&unknown, CARRIER),
        Err(LeafError::UnknownCsip(CsipId(9)))
    );
}

#[test]
fn a_holder_changes_on_the_word_of_the_old_one_or_of_an_issuer() {
    let manifest = manifest();
    let old = Signed::sign(leaf(), &secret(ALICE)).unwrap();
    let change = HolderChange {
        realm: domain("phone.example"),
        key_id: KeyId(1),
        index: INDEX,
        previous: leaf_hash(&old).unwrap(),
        assignment: 2,
        holder_key: public(MALLORY),
        basis: Basis::OldHolder,
    };
    let check = |change: HolderChange, key| {
        let signed = Signed::sign(change, &secret(key)).unwrap();
        manifest.verify_change(&signed, &old).map(|_| ())
    };
    let on = |basis| HolderChange {
        basis,
        ..change.clone()
    };
    let forged = Err(ChangeError::Verify(VerifyError::Signature));
    assert_eq!(check(on(Basis::OldHolder), ALICE), Ok(()));
    assert_eq!(check(on(Basis::OldHolder), MALLORY), forged);
    assert_eq!(check(on(Basis::Release), CARRIER), Ok(()));
    assert_eq!(check(on(Basis::Release), CHECKER), forged);
    assert_eq!(check(on(Basis::Takeover(CsipId(2))), CHECKER), Ok(()));
    let same = Err(ChangeError::SameCsip(CsipId(1)));
    assert_eq!(check(on(Basis::Takeover(CsipId(1))), CARRIER), same);
    let unknown = Err(ChangeError::UnknownCsip(CsipId(9)));
    assert_eq!(check(on(Basis::Takeover(CsipId(9))), CHECKER), unknown);

    let skipped = HolderChange {
        assignment: 3,
        ..change.clone()
    };
    assert_eq!(check(skipped, ALICE), Err(ChangeError::Assignment));
    let elsewhere = HolderChange {
        index: Index([2; 32]),
        ..change.clone()
    };
    assert_eq!(check(elsewhere, ALICE), Err(ChangeError::OtherLeaf));
    let previous = mimi_discovery::tree::LeafHash([0; 32]);
    let replayed = HolderChange { previous, ..change };
    assert_eq!(check(replayed, ALICE), Err(ChangeError::OtherLeaf));
}

#[test]
fn two_heads_of_one_epoch_prove_a_split_view() {
    let manifest = manifest();
    let sign = |head| Signed::sign(head, &secret(DP)).unwrap();
    let check = |first, second| Equivocation { first, second }.check(&manifest);
    let other = TreeHead {
        time: at(4),
        ..head(1)
    };
    assert_eq!(check(sign(head(1)), sign(other.clone())), Ok(()));
    let same = check(sign(head(1)), sign(head(1)));
    assert_eq!(same, Err(EquivocationError::Same));
    let next = check(sign(head(1)), sign(head(2)));
    assert_eq!(next, Err(EquivocationError::Unrelated));
    let framed = Signed::sign(other, &secret(MALLORY)).unwrap();
    let error = check(sign(head(1)), framed);
    assert_eq!(
        error,
        Err(EquivocationError::Verify(VerifyError::Signature))
    );
}
