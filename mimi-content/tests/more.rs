//! The extensions of MORE: what is read, what is refused, what is odd.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use mimi_content::cbor::Rule;
use mimi_content::more::{
    Anomaly, ExternalMessageId, Facts, Fraction, LastSeen, MAX_LAST_SEEN, MAX_SUBJECT_LEN, Scope,
    SenderTimestamp, Subject, Unit, anomalies,
};
use mimi_content::{
    ExtensionName, ExtensionValue, Extensions, KnownExtension, MessageId, Timestamp,
};

fn id(octet: u8) -> MessageId {
    let mut octets = [octet; 32];
    octets[0] = 1;
    MessageId::new(octets).unwrap()
}

fn octets(hex: &str) -> Vec<u8> {
    let hex: String = hex.chars().filter(|c| !c.is_whitespace()).collect();
    let pairs = hex.as_bytes().chunks(2);
    let octet = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    pairs.map(octet).collect()
}

/// Extensions with one value, however wrong.
fn with(name: &ExtensionName<'static>, hex: &str) -> Extensions<'static> {
    let mut extensions = Extensions::new();
    let item = octets(hex);
    let value = ExtensionValue::from_cbor(&item).unwrap();
    extensions.insert(name.clone(), value).unwrap();
    extensions
}

fn timestamp(hex: &str) -> Result<SenderTimestamp, String> {
    SenderTimestamp::from_cbor(&octets(hex)).map_err(|e| e.to_string())
}

#[test]
fn a_timestamp_has_seconds_and_may_have_a_fraction() {
    let at = |seconds, fraction| SenderTimestamp { seconds, fraction };
    for (hex, time) in [
        ("a1 01 00", at(0, None)),
        ("a1 01 1b ffffffffffffffff", at(u64::MAX, None)),
        (
            "a2 01 1a 6911941f 25 1a 00071035",
            at(0x6911_941f, Fraction::new(462_901, Unit::Micros).ok()),
        ),
        (
            "a2 01 01 22 19 03e7",
            at(1, Fraction::new(999, Unit::Millis).ok()),
        ),
        (
            "a2 01 01 28 1a 3b9ac9ff",
            at(1, Fraction::new(999_999_999, Unit::Nanos).ok()),
        ),
    ] {
        assert_eq!(timestamp(hex), Ok(time), "{hex}");
        assert_eq!(time.to_value().as_cbor(), octets(hex));
    }
    let micros = Fraction::new(462_901, Unit::Micros).unwrap();
    assert_eq!((micros.count(), micros.unit()), (462_901, Unit::Micros));
    for (count, unit) in [
        (1000, Unit::Millis),
        (1_000_000, Unit::Micros),
        (1_000_000_000, Unit::Nanos),
    ] {
        assert!(Fraction::new(count, unit).is_err());
        assert!(Fraction::new(count - 1, unit).is_ok());
    }
}

#[test]
fn other_timestamps_are_refused() {
    for (hex, error) in [
        ("a0", "at octet 0: 0 entries in a timestamp, fewer than 1"),
        (
            "a1 02 00",
            "at octet 1: a key that MORE names is expected, not another one",
        ),
        (
            "a1 22 00",
            "at octet 1: an unsigned integer is expected, not a negative integer",
        ),
        (
            "a1 01 20",
            "at octet 2, [1]: an unsigned integer is expected, not a negative integer",
        ),
        (
            "a2 01 01 20 00",
            "at octet 3: a key that MORE names is expected, not another one",
        ),
        (
            "a2 01 01 02 00",
            "at octet 3: a key that MORE names is expected, not another one",
        ),
        (
            "a2 01 01 22 19 03e8",
            "at octet 4, [-3]: 1000 is more than 999",
        ),
        (
            "a3 01 01 22 00 25 00",
            "at octet 0: there are more than 2 entries in a timestamp",
        ),
        (
            "1a 6911941f",
            "at octet 0: a map is expected, not an unsigned integer",
        ),
    ] {
        assert_eq!(timestamp(hex), Err(error.to_owned()), "{hex}");
    }
}

#[test]
fn an_external_id_has_a_scope_of_three_kinds() {
    let scoped = |scope| ExternalMessageId {
        id: vec![1, 2].into(),
        scope,
    };
    for (hex, value) in [
        (
            "82 42 0102 19 0137",
            scoped(Scope::Enterprise(311.try_into().unwrap())),
        ),
        ("82 42 0102 61 61", scoped(Scope::Domain("a".into()))),
        ("82 42 0102 d8 20 61 61", scoped(Scope::Uri("a".into()))),
    ] {
        let item = octets(hex);
        assert_eq!(ExternalMessageId::from_cbor(&item).as_ref(), Ok(&value));
        assert_eq!(value.to_value().as_cbor(), item);
    }
    for (hex, error) in [
        (
            "82 42 0102 00",
            "at octet 4, [1]: a number above zero, a domain or a URI as scope is expected, not something else",
        ),
        (
            "82 42 0102 20",
            "at octet 4, [1]: a number above zero, a domain or a URI as scope is expected, not something else",
        ),
        (
            "82 42 0102 c1 61 61",
            "at octet 4, [1]: a number above zero, a domain or a URI as scope is expected, not something else",
        ),
        (
            "82 61 61 01",
            "at octet 1, [0]: a byte string is expected, not a text string",
        ),
        ("81 42 0102", "at octet 0: the length is 1, not 2"),
    ] {
        let refused = ExternalMessageId::from_cbor(&octets(hex)).unwrap_err();
        assert_eq!(refused.to_string(), error, "{hex}");
    }
}

#[test]
fn a_subject_is_a_text_of_bounded_length() {
    let longest = "é".repeat(MAX_SUBJECT_LEN / 2);
    let subject = Subject::new(longest.as_str()).unwrap();
    assert_eq!(subject.as_str(), longest);
    let value = subject.to_value();
    assert_eq!(Subject::from_cbor(value.as_cbor()), Ok(subject));
    assert!(matches!(Subject::new(""), Err(Rule::TooFew { .. })));
    let longer = longest + "a";
    assert!(matches!(Subject::new(&*longer), Err(Rule::Limit { .. })));
    let longer = ExtensionValue::text(&longer);
    assert!(Subject::from_cbor(longer.as_cbor()).is_err());
    assert!(Subject::from_cbor(&[0x60]).is_err());
    assert!(Subject::from_cbor(&[0x41, b'a']).is_err());
    assert_eq!(
        format!("{:?}", Subject::new("rosebud").unwrap()),
        "7 octets"
    );
}

#[test]
fn last_seen_has_ids_of_one_kind() {
    let external = |octet| ExternalMessageId {
        id: vec![octet].into(),
        scope: Scope::Domain("a".into()),
    };
    for seen in [
        LastSeen::Native(vec![]),
        LastSeen::Native(vec![id(2), id(3)]),
        LastSeen::External(vec![external(1), external(2)]),
    ] {
        let value = seen.to_value();
        assert_eq!(LastSeen::from_cbor(value.as_cbor()), Ok(seen));
    }
    let native = LastSeen::Native(vec![id(2)]).to_value();
    let external = LastSeen::External(vec![external(1)]).to_value();
    let (native, external) = (&native.as_cbor()[1..], &external.as_cbor()[1..]);
    for mixed in [[native, external], [external, native]] {
        let item = [&[0x82][..], &mixed.concat()].concat();
        let error = LastSeen::from_cbor(&item).unwrap_err();
        assert_eq!(error.path, "[1]");
    }
    assert!(LastSeen::from_cbor(&octets("81 58 1f")).is_err());
    assert!(LastSeen::from_cbor(&octets("a0")).is_err());
}

#[test]
fn extensions_hold_what_is_known() {
    let mut extensions = Extensions::new();
    let time = SenderTimestamp {
        seconds: 5,
        fraction: None,
    };
    assert_eq!(extensions.known::<SenderTimestamp>(), Ok(None));
    extensions.set(&time).unwrap();
    extensions.set(&Subject::new("Lunch").unwrap()).unwrap();
    assert_eq!(extensions.known(), Ok(Some(time)));
    // Set again, it is in place of the one before.
    extensions.set(&Subject::new("Dinner").unwrap()).unwrap();
    assert_eq!(extensions.len(), 2);
    let subject: Option<Subject<'_>> = extensions.known().unwrap();
    assert_eq!(subject.unwrap().as_str(), "Dinner");
    assert!(extensions.remove(&ExtensionName::SUBJECT));
    assert!(!extensions.remove(&ExtensionName::SUBJECT));
    assert_eq!(extensions.known::<Subject<'_>>(), Ok(None));
}

const NOW: u64 = 1_800_000_000;

fn found(extensions: &Extensions<'_>) -> Vec<Anomaly> {
    found_by(extensions, true, None)
}

/// By a receiver who knows the ID `[1]`, expects the scope `a`, and has seen
/// message 7 in response to this one.
fn found_by(
    extensions: &Extensions<'_>,
    has_sent: bool,
    max_offset_secs: Option<u64>,
) -> Vec<Anomaly> {
    let facts = Facts {
        now: Timestamp::from_millis(NOW * 1000),
        first_message: Some(Timestamp::from_millis(1_000_000_000_000)),
        max_offset_secs,
        has_sent,
        is_known: &|external| *external.id == [1],
        is_expected: &|scope| *scope == Scope::Domain("a".into()),
        is_loop: &|seen| matches!(seen, LastSeen::Native(ids) if ids.contains(&id(7))),
    };
    anomalies(extensions, &facts)
}

fn sent(seconds: u64) -> Extensions<'static> {
    let mut extensions = Extensions::new();
    let fraction = None;
    extensions
        .set(&SenderTimestamp { seconds, fraction })
        .unwrap();
    extensions
}

#[test]
fn times_that_are_odd() {
    assert_eq!(found(&Extensions::new()), []);
    assert_eq!(found(&sent(NOW)), []);
    assert_eq!(found(&sent(1_000_000_000)), []);
    assert_eq!(found(&sent(999_999_999)), [Anomaly::BeforeFirstMessage]);
    let century = 100 * 366 * 86_400;
    assert_eq!(found(&sent(NOW + century)), []);
    assert_eq!(found(&sent(NOW + century + 1)), [Anomaly::FarFuture]);
    let month = Some(32 * 86_400);
    for (time, odd) in [
        (NOW + 32 * 86_400, false),
        (NOW - 32 * 86_400, false),
        (NOW + 32 * 86_400 + 1, true),
        (NOW - 32 * 86_400 - 1, true),
    ] {
        let jump = Anomaly::Jump {
            seconds: 32 * 86_400 + 1,
        };
        let expected = if odd { vec![jump] } else { vec![] };
        assert_eq!(found_by(&sent(time), true, month), expected);
    }
    let name = ExtensionName::SENDER_TIMESTAMP;
    assert_eq!(found(&with(&name, "a1 01 20")), [Anomaly::BeforeEpoch]);
    let malformed = found(&with(&name, "a1 02 00"));
    assert!(matches!(malformed[..], [Anomaly::Malformed { .. }]));
    insta::assert_snapshot!(malformed[0], @"the extension 3 is malformed: at octet 1: a key that MORE names is expected, not another one");
}

#[test]
fn external_ids_and_subjects_that_are_odd() {
    let name = ExtensionName::EXTERNAL_MESSAGE_ID;
    assert_eq!(found(&with(&name, "82 41 02 61 61")), []);
    let known = found(&with(&name, "82 41 01 61 61"));
    assert_eq!(known, [Anomaly::DuplicateExternalId]);
    let elsewhere = found(&with(&name, "82 41 02 61 62"));
    assert_eq!(elsewhere, [Anomaly::UnexpectedScope]);
    let both = found(&with(&name, "82 41 01 01"));
    let expected = [Anomaly::DuplicateExternalId, Anomaly::UnexpectedScope];
    assert_eq!(both, expected);
    for (name, hex) in [
        (name, "80"),
        (ExtensionName::SUBJECT, "60"),
        (ExtensionName::SUBJECT, "41 61"),
        (ExtensionName::LAST_SEEN, "81 01"),
    ] {
        let found = found(&with(&name, hex));
        assert!(
            matches!(&found[..], [Anomaly::Malformed { name: odd, .. }] if *odd == name),
            "{found:?}"
        );
    }
}

#[test]
fn last_seen_that_is_odd() {
    let seen = |seen: &LastSeen<'_>| {
        let mut extensions = Extensions::new();
        extensions.set(seen).unwrap();
        extensions
    };
    let none = seen(&LastSeen::Native(vec![]));
    assert_eq!(found(&none), [Anomaly::NothingSeen]);
    assert_eq!(found_by(&none, false, None), []);
    let loops = seen(&LastSeen::Native(vec![id(6), id(7)]));
    assert_eq!(found(&loops), [Anomaly::Loop]);
    let most = seen(&LastSeen::Native(vec![id(6); MAX_LAST_SEEN]));
    assert_eq!(found(&most), []);
    let count = MAX_LAST_SEEN + 1;
    let more = seen(&LastSeen::Native(vec![id(6); count]));
    assert_eq!(found(&more), [Anomaly::TooManyLastSeen { count }]);
    let name = ExtensionName::LAST_SEEN;
    assert_eq!(found(&with(&name, "81 82 41 01 61 61")), []);
    let elsewhere = found(&with(&name, "82 82 41 01 61 61 82 41 01 61 62"));
    assert_eq!(elsewhere, [Anomaly::UnexpectedLastSeenScope]);
    let native = "58 20 01 00000000000000000000000000000000000000000000000000000000000000";
    let mixed = found(&with(&name, &format!("82 {native} 82 41 01 61 61")));
    assert_eq!(mixed, [Anomaly::Mixed]);
    let mixed = found(&with(&name, &format!("82 82 41 01 61 61 {native}")));
    assert_eq!(mixed, [Anomaly::Mixed]);
}

/// Telling what is odd about a value takes no copy of it.
#[test]
fn hostile_values_are_judged_in_place() {
    for name in [
        ExtensionName::SENDER_TIMESTAMP,
        ExtensionName::EXTERNAL_MESSAGE_ID,
        ExtensionName::SUBJECT,
        ExtensionName::LAST_SEEN,
    ] {
        let count = 1_000_000u32;
        let items = [&[0x9a][..], &count.to_be_bytes(), &[0x80; 1_000_000]].concat();
        let value = ExtensionValue::from_cbor(&items).unwrap();
        let mut extensions = Extensions::new();
        extensions.insert(name, value).unwrap();
        let mut odd = Vec::new();
        let info = allocation_counter::measure(|| odd = found(&extensions));
        assert_eq!(odd.len(), 1);
        assert!(info.bytes_max < 10_000, "{info:?}");
    }
}
