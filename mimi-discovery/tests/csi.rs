//! How people type what others call them, and the one form that comes of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a test fails by panicking"
)]

use mimi_content::tls::{Decode, Encode};
use mimi_discovery::csi::{CsiError, MAX_EMAIL_LEN, MAX_PHONE_TEXT};
use mimi_discovery::wire::Salt;
use mimi_discovery::{Csi, CsiKind};
use proptest::prelude::*;

#[test]
fn a_number_comes_out_the_same_however_it_is_dialled() {
    for (typed, region) in [
        ("+49 30 901820", None),
        ("+49 (0)30 901820", None),
        ("+49-30-90 18 20", None),
        ("030 901820", Some("DE")),
        ("(030) 90.18.20", Some("DE")),
        ("0049 30 901820", Some("FR")),
        ("011 49 30 901820", Some("US")),
        (" +4930901820 ", Some("JP")),
    ] {
        let csi = Csi::phone(typed, region).unwrap_or_else(|e| panic!("{typed}: {e}"));
        assert_eq!(csi.as_str(), "+4930901820", "{typed}");
        assert_eq!(csi.kind(), CsiKind::Phone);
    }
}

#[test]
fn an_italian_number_keeps_its_zero() {
    let rome = Csi::phone("06 6982 0000", Some("IT")).unwrap();
    assert_eq!(rome.as_str(), "+390669820000");
    assert_eq!(Csi::phone("+39 06 6982 0000", None).unwrap(), rome);
}

#[test]
fn where_one_dials_from_changes_nothing_about_a_number_abroad() {
    let rome = Csi::phone("+39 06 6982 0000", None).unwrap();
    for (typed, region) in [
        ("+39 06 6982 0000", "FR"),
        ("(+39) 06 6982 0000", "DE"),
        ("0039 06 6982 0000", "FR"),
        ("011 39 06 6982 0000", "US"),
        ("010 39 06 6982 0000", "JP"),
    ] {
        assert_eq!(
            Csi::phone(typed, Some(region)),
            Ok(rome.clone()),
            "{typed} {region}"
        );
    }
    // What the plans of Japan and Hungary would do to it together.
    let short = Csi::phone("+3600001", None);
    assert_eq!(Csi::phone("+3600001", Some("JP")), short);
}

#[test]
fn what_is_no_number_says_why() {
    let refused = |typed: &str, region| Csi::phone(typed, region).unwrap_err();
    assert_eq!(refused("030 901820", None), CsiError::NoRegion);
    assert_eq!(refused("030 901820", Some("XX")), CsiError::UnknownRegion);
    assert_eq!(
        refused("1-800-FLOWERS", Some("US")),
        CsiError::PhoneCharacter
    );
    assert_eq!(
        refused("+49 30 901820 ext 5", None),
        CsiError::PhoneCharacter
    );
    assert_eq!(refused("+999 123456789", None), CsiError::NotDialled);
    assert_eq!(refused("+49 30+901820", None), CsiError::PhoneCharacter);
    assert_eq!(refused("030+901820", Some("DE")), CsiError::PhoneCharacter);
    assert_eq!(refused("+", None), CsiError::NotDialled);
    assert_eq!(refused("", Some("DE")), CsiError::NotDialled);
    let longest = format!("+49 30 901820{}", " ".repeat(MAX_PHONE_TEXT - 13));
    assert!(Csi::phone(&longest, None).is_ok());
    assert_eq!(
        refused(&format!("{longest} "), None),
        CsiError::PhoneTooLong
    );
}

#[test]
fn only_plus_and_seven_to_fifteen_digits_are_canonical() {
    let phone = |text: &str| Csi::from_canonical(CsiKind::Phone, text);
    assert!(phone("+6834000").is_ok());
    assert!(phone("+123456789012345").is_ok());
    for text in [
        "+683400",
        "+1234567890123456",
        "+0306834000",
        "4930901820",
        "+49 30901820",
        "+４９30901820",
        "",
    ] {
        assert_eq!(phone(text), Err(CsiError::NotE164), "{text}");
    }
}

#[test]
fn an_address_is_lower_case_with_an_ascii_domain() {
    let email = |text: &str| Csi::email(text).unwrap();
    assert_eq!(email("Alice@Example.COM").as_str(), "alice@example.com");
    assert_eq!(email(" a.b+c@example.org\n").as_str(), "a.b+c@example.org");
    assert_eq!(email("x@BÜCHER.example"), email("x@xn--bcher-kva.example"));
    assert_eq!(email("x@b.example").email_domain(), Some("b.example"));
    // What a provider makes of dots and tags is its own affair.
    assert_ne!(email("a.b@example.org"), email("ab@example.org"));
}

#[test]
fn what_is_no_address_says_why() {
    let refused = |typed: &str| Csi::email(typed).unwrap_err();
    for typed in [
        "",
        "alice",
        "@example.org",
        "alice@",
        "alice@localhost",
        "alice@[192.0.2.1]",
        "Alice <alice@example.org>",
        "a b@example.org",
        "a@b@example.org",
        "a..b@example.org",
    ] {
        assert_eq!(refused(typed), CsiError::NotEmail, "{typed}");
    }
    assert_eq!(refused("\"alice\"@example.org"), CsiError::QuotedLocalPart);
    assert_eq!(refused("zoë@example.org"), CsiError::NonAsciiLocalPart);
}

#[test]
fn an_address_has_at_most_254_octets() {
    let address = |len: usize| {
        let label = format!("{}.", "d".repeat(47));
        let domain = format!("{}example", label.repeat(4));
        format!("{}@{domain}", "a".repeat(len - 1 - domain.len()))
    };
    assert_eq!(address(MAX_EMAIL_LEN).len(), MAX_EMAIL_LEN);
    assert!(Csi::email(&address(MAX_EMAIL_LEN)).is_ok());
    let longer = Csi::email(&address(MAX_EMAIL_LEN + 1));
    assert_eq!(longer, Err(CsiError::EmailTooLong));
}

#[test]
fn the_wire_takes_canonical_forms_only() {
    for csi in [
        Csi::phone("+4930901820", None).unwrap(),
        Csi::email("alice@example.org").unwrap(),
    ] {
        let raw = csi.to_vec().unwrap();
        assert_eq!(Csi::from_slice(&raw).unwrap(), csi);
        for len in 0..raw.len() {
            assert!(Csi::from_slice(&raw[..len]).is_err());
        }
    }
    assert!(Csi::from_slice(b"\x02\x11Alice@example.org").is_err());
    assert!(Csi::from_slice(b"\x02\x11alice@Example.org").is_err());
    assert!(Csi::from_slice(b"\x01\x0c+49 30901820").is_err());
    assert!(Csi::from_slice(b"\x03\x0b+4930901820").is_err());
}

#[test]
fn nothing_that_is_shown_shows_the_identifier() {
    let csi = Csi::phone("+4930901820", None).unwrap();
    assert_eq!(format!("{csi:?}"), "Csi::Phone(..)");
    for error in [
        Csi::phone("+49-30-secret", None).unwrap_err(),
        Csi::email("secret").unwrap_err(),
        Csi::email("secret@-.example").unwrap_err(),
    ] {
        assert!(!format!("{error:?} {error}").contains("secret"));
    }
}

#[test]
fn a_commitment_depends_on_kind_text_and_salt() {
    let csi = Csi::phone("+4930901820", None).unwrap();
    let other = Csi::phone("+4930901821", None).unwrap();
    let salt = Salt([1; 16]);
    assert_eq!(csi.commitment(&salt), csi.commitment(&salt));
    assert_ne!(csi.commitment(&salt), other.commitment(&salt));
    assert_ne!(csi.commitment(&salt), csi.commitment(&Salt([2; 16])));
    assert_eq!(
        csi.index_input().as_slice(),
        b"MIMI Discovery 1.0 CSI\x01+4930901820"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn whatever_is_typed_is_refused_or_has_one_form(
        typed in "[0-9+() ./-]{0,20}|\\+[1-9][0-9 ]{4,18}",
        region in proptest::option::of(prop_oneof!["DE", "US", "IT", "RU", "BR", "AR", "MX"]),
    ) {
        if let Ok(csi) = Csi::phone(&typed, region.as_deref()) {
            prop_assert_eq!(Csi::phone(csi.as_str(), None), Ok(csi.clone()));
            for region in ["JP", "DE", "RU"] {
                prop_assert_eq!(Csi::phone(csi.as_str(), Some(region)), Ok(csi.clone()));
            }
            prop_assert_eq!(Csi::from_slice(&csi.to_vec().unwrap()), Ok(csi));
        }
    }

    #[test]
    fn whatever_is_written_is_refused_or_has_one_form(
        typed in "\\PC{0,40}|[a-zA-Z.+\"]{1,9}@[a-zA-ZäöüßÄ.-]{1,20}",
    ) {
        if let Ok(csi) = Csi::email(&typed) {
            prop_assert_eq!(Csi::email(csi.as_str()), Ok(csi.clone()));
            prop_assert_eq!(Csi::from_slice(&csi.to_vec().unwrap()), Ok(csi));
        }
    }
}
