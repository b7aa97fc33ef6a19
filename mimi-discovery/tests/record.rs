//! A sealed record: what gets out, and what does not get in.

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

use mimi_content::MimiUri;
use mimi_content::tls::{Decode, Encode};
use mimi_discovery::limits::{RECORD_LEN, SEALED_LEN};
use mimi_discovery::record::{Disagreement, RecordError, RecordKey, SealError, open, seal};
use mimi_discovery::tree::Index;
use mimi_discovery::wire::*;
use mimi_discovery::{Signed, ssi};
use support::*;

fn key() -> RecordKey {
    RecordKey::new(Salt([0x11; 16]), [0x22; 32])
}

/// A record with so many octets: the last provider's account is made to measure.
fn record_of(len: usize) -> Record {
    let with = |fill: usize| {
        let mut set = mappings();
        let uri = MimiUri::new_user("c.example", &"u".repeat(fill)).unwrap();
        set.mappings[1]
            .msps
            .push(msp("c.example", 3, Ssi::Uri(uri)));
        let mappings = Signed::sign(set, &secret(ALICE)).unwrap();
        Record {
            mappings,
            ..record()
        }
    };
    let base = with(100).to_vec().unwrap().len();
    let record = with(100 + len - base);
    assert_eq!(record.to_vec().unwrap().len(), len);
    record
}

#[test]
fn what_was_sealed_opens() {
    let sealed = seal(&record(), &INDEX, &key()).unwrap();
    assert_eq!(sealed.salt(), key().salt());
    assert_eq!(open(&sealed, &INDEX, &key()).unwrap(), record());
    let again = SealedRecord::from_slice(&sealed.to_vec().unwrap()).unwrap();
    assert_eq!(again, sealed);
}

#[test]
fn sealed_records_are_of_one_size_whatever_is_in_them() {
    let mut nothing = mappings();
    nothing.mappings.clear();
    assert!(nothing.opted_out());
    let opted_out = Record {
        mappings: Signed::sign(nothing, &secret(ALICE)).unwrap(),
        ..record()
    };
    for record in [opted_out, record(), record_of(RECORD_LEN)] {
        let sealed = seal(&record, &INDEX, &key()).unwrap();
        assert_eq!(sealed.to_vec().unwrap().len(), SEALED_LEN);
        assert_eq!(open(&sealed, &INDEX, &key()).unwrap(), record);
    }
}

#[test]
fn a_record_of_one_octet_too_many_is_refused() {
    let refused = seal(&record_of(RECORD_LEN + 1), &INDEX, &key()).unwrap_err();
    assert_eq!(
        refused,
        SealError::TooLarge {
            len: RECORD_LEN + 1
        }
    );
}

#[test]
fn a_flipped_bit_anywhere_is_noticed() {
    let sealed = seal(&record(), &INDEX, &key()).unwrap();
    let mut octets = sealed.to_vec().unwrap();
    for at in (0..SEALED_LEN).step_by(5).chain([15, 16, SEALED_LEN - 1]) {
        octets[at] ^= 1 << (at % 8);
        let altered = SealedRecord::from_slice(&octets).unwrap();
        let error = open(&altered, &INDEX, &key()).unwrap_err();
        let expected = if at < 16 {
            RecordError::OtherSalt
        } else {
            RecordError::NotAuthentic
        };
        assert_eq!(error, expected, "octet {at}");
        octets[at] ^= 1 << (at % 8);
    }
}

#[test]
fn another_key_or_another_index_opens_nothing() {
    let sealed = seal(&record(), &INDEX, &key()).unwrap();
    let other_key = RecordKey::new(sealed.salt(), [0x23; 32]);
    assert_eq!(
        open(&sealed, &INDEX, &other_key),
        Err(RecordError::NotAuthentic)
    );
    let other_index = Index([0x1e; 32]);
    assert_eq!(
        open(&sealed, &other_index, &key()),
        Err(RecordError::NotAuthentic)
    );
}

#[test]
fn parts_that_do_not_belong_together_are_not_sealed() {
    let attested = |change: fn(&mut Attestation)| {
        let mut attestation = attestation();
        change(&mut attestation);
        let attestation = Signed::sign(attestation, &secret(CARRIER)).unwrap();
        let record = Record {
            attestation,
            ..record()
        };
        seal(&record, &INDEX, &key()).unwrap_err()
    };
    let error = attested(|a| a.realm = domain("other.example"));
    assert_eq!(error, Disagreement::Realm.into());
    assert_eq!(
        attested(|a| a.index = Index([2; 32])),
        Disagreement::Index.into()
    );
    assert_eq!(
        attested(|a| a.assignment = 2),
        Disagreement::Assignment.into()
    );
    let elsewhere = seal(&record(), &Index([2; 32]), &key()).unwrap_err();
    assert_eq!(elsewhere, Disagreement::Index.into());
}

#[test]
fn two_defaults_are_neither_sealed_nor_read() {
    let mut set = mappings();
    set.mappings[1].is_default = true;
    assert_eq!(set.check(), Err(MappingError::TwoDefaults));
    let raw = set.to_vec().unwrap();
    let error = MappingSet::from_slice(&raw).unwrap_err().to_string();
    assert!(error.contains("two mappings are the default"), "{error}");
    let mappings = Signed::sign(set, &secret(ALICE)).unwrap();
    let refused = seal(
        &Record {
            mappings,
            ..record()
        },
        &INDEX,
        &key(),
    )
    .unwrap_err();
    assert_eq!(refused, SealError::Mapping(MappingError::TwoDefaults));
}

#[test]
fn nothing_that_is_shown_shows_what_is_sealed() {
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        record(),
        key(),
        CSI_SALT,
        key().salt()
    );
    assert_eq!(shown, "Record(..) RecordKey(..) Salt(..) Salt(..)");
}

#[test]
fn tags_and_default_say_which_mapping_is_meant() {
    let set = mappings();
    assert_eq!(set.mapping(Some("work")), Some(&set.mappings[1]));
    assert_eq!(set.mapping(Some("family")), Some(&set.mappings[0]));
    assert_eq!(set.mapping(None), Some(&set.mappings[0]));
    let mut none = set.clone();
    none.mappings[0].is_default = false;
    assert_eq!(none.mapping(None), None);
}

#[test]
fn a_provider_cannot_slip_in_another_account() {
    let opening = |user: &str, provider: &str| SsiOpening {
        salt: Salt([3; 16]),
        uri: MimiUri::new_user(provider, user).unwrap(),
    };
    let alice = opening("alice", "a.example");
    let commitment = ssi::commit(&alice);
    let at_a = domain("a.example");
    assert_eq!(ssi::open(&commitment, &alice, &at_a), Ok(&alice.uri));

    let other_salt = SsiOpening {
        salt: Salt([4; 16]),
        ..alice.clone()
    };
    for wrong in [opening("mallory", "a.example"), other_salt] {
        let refused = ssi::open(&commitment, &wrong, &at_a);
        assert_eq!(refused, Err(ssi::OpenError::OtherAccount));
    }
    let elsewhere = opening("alice", "b.example");
    let refused = ssi::open(&ssi::commit(&elsewhere), &elsewhere, &at_a);
    assert_eq!(refused, Err(ssi::OpenError::OtherProvider));
}

#[test]
fn whoever_does_not_know_the_policy_asks_first() {
    assert!(!ContactPolicy::OPEN.asks_consent());
    assert!(ContactPolicy::CONSENT_FIRST.asks_consent());
    assert!(ContactPolicy(77).asks_consent());
}
