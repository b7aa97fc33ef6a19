//! The hub's secret keys.

use mimi_franking::{HubFranker, HubKey, HubKeyRing, RingError};
use openmls_traits::random::OpenMlsRand;

use crate::scene::{ED25519, Scene, agent, at};

fn key(octet: u8) -> HubKey {
    HubKey::from_bytes(&[octet; 32])
}

/// `one`, `two` and `three`, in use since 1000, 2000 and 3000.
fn three() -> HubKeyRing {
    HubKeyRing::from_keys([
        ("two".into(), at(2_000), key(2)),
        ("three".into(), at(3_000), key(3)),
        ("one".into(), at(1_000), key(1)),
    ])
    .unwrap()
}

fn names(ring: &HubKeyRing) -> Vec<&str> {
    ring.iter().map(|(name, ..)| name).collect()
}

/// The name of the key of `ring` that knows a stamp which a hub with only the key
/// `[octet; 32]` made at `time`.
fn knows(ring: HubKeyRing, octet: u8, time: u64) -> Option<String> {
    let mut scene = Scene::new();
    let agent = agent(ED25519);
    scene.agent = agent.data().clone();
    let alone = HubKeyRing::new("alone", key(octet), at(0));
    scene.franker = HubFranker::new(alone, agent.clone());
    let sent = scene.send(&scene.alice, "hello", time);
    let evidence = scene.receive(&sent, &scene.alice).unwrap();
    scene.franker = HubFranker::new(ring, agent);
    scene.judge(&evidence.to_abusive_message()).ok()
}

#[test]
fn retired_keys_are_recognised_and_unknown_ones_are_not() {
    for (octet, name) in [(1, "one"), (2, "two"), (3, "three")] {
        // Inside of the key's time, and outside of it on both sides.
        for time in [0, 999, 1_000, 1_999, 2_000, 2_999, 3_000, 9_000] {
            assert_eq!(knows(three(), octet, time).as_deref(), Some(name));
        }
    }
    assert_eq!(knows(three(), 4, 2_500), None);
}

#[test]
fn the_key_in_use_at_the_time_is_tried_first_then_the_newest() {
    // One secret under three names: which one answers shows the order.
    let same = || {
        HubKeyRing::from_keys([
            ("one".into(), at(1_000), key(7)),
            ("two".into(), at(2_000), key(7)),
            ("three".into(), at(3_000), key(7)),
        ])
        .unwrap()
    };
    for (time, name) in [
        (1_000, "one"),
        (1_999, "one"),
        (2_000, "two"),
        (2_999, "two"),
        (3_000, "three"),
        (9_000, "three"),
        // Before any: the oldest is the nearest.
        (0, "one"),
        (999, "one"),
    ] {
        assert_eq!(knows(same(), 7, time).as_deref(), Some(name), "{time}");
    }
    let mut ring = three();
    ring.rotate("four", key(3), at(4_000)).unwrap();
    assert_eq!(knows(ring, 3, 2_500).as_deref(), Some("four"));
}

#[test]
fn only_the_current_key_stamps() {
    let mut scene = Scene::new();
    let keys = scene.franker.keys_mut();
    keys.rotate("second", key(2), at(2_000)).unwrap();
    // Even at a time when the first key was in use.
    for time in [1_500, 2_500] {
        let sent = scene.send(&scene.alice, "hello", time);
        let evidence = scene.receive(&sent, &scene.alice).unwrap();
        let judged = scene.judge(&evidence.to_abusive_message());
        assert_eq!(judged.as_deref(), Ok("second"));
    }
}

#[test]
fn forgetting_keeps_what_was_in_use_at_the_time() {
    for (time, kept) in [
        (0, &["one", "two", "three"][..]),
        (1_000, &["one", "two", "three"]),
        (1_999, &["one", "two", "three"]),
        (2_000, &["two", "three"]),
        (2_999, &["two", "three"]),
        (3_000, &["three"]),
        (u64::MAX, &["three"]),
    ] {
        let mut ring = three();
        ring.forget_before(at(time));
        assert_eq!(names(&ring), kept, "at {time}");
    }
}

#[test]
fn a_retired_key_that_leaked_is_revoked_alone() {
    let mut ring = three();
    assert_eq!(
        ring.revoke("three"),
        Err(RingError::Current("three".into()))
    );
    assert_eq!(ring.revoke("four"), Err(RingError::Unknown("four".into())));
    assert_eq!(ring.revoke("two"), Ok(()));
    assert_eq!(names(&ring), ["one", "three"]);
    // Who cannot tell when the revoked one came into use forgets too little.
    ring.forget_before(at(2_500));
    assert_eq!(names(&ring), ["one", "three"]);
    assert_eq!(knows(ring, 2, 2_500), None);
}

#[test]
fn a_ring_has_keys_of_distinct_names_at_distinct_times() {
    assert_eq!(HubKeyRing::from_keys([]).err(), Some(RingError::Empty));
    let pair = |(one, first): (&str, u64), (two, second): (&str, u64)| {
        HubKeyRing::from_keys([
            (one.to_owned(), at(first), key(1)),
            (two.to_owned(), at(second), key(2)),
        ])
    };
    assert_eq!(
        pair(("a", 5), ("b", 5)).err(),
        Some(RingError::NotLater { since: at(5) })
    );
    assert_eq!(
        pair(("a", 5), ("a", 6)).err(),
        Some(RingError::NameTaken("a".into()))
    );
    let mut ring = pair(("a", 5), ("b", 6)).unwrap();
    for (name, since, refused) in [
        ("c", 6, RingError::NotLater { since: at(6) }),
        ("a", 7, RingError::NameTaken("a".into())),
        ("b", 7, RingError::NameTaken("b".into())),
    ] {
        assert_eq!(ring.rotate(name, key(3), at(since)), Err(refused));
    }
    let left: Vec<_> = ring
        .iter()
        .map(|(name, since, key)| (name, since, key.expose()[0]))
        .collect();
    assert_eq!(left, [("a", at(5), 1), ("b", at(6), 2)]);
}

#[test]
fn keys_come_from_the_hosts_randomness_and_are_never_shown() {
    struct Sevens;
    impl OpenMlsRand for Sevens {
        type Error = std::fmt::Error;
        fn random_array<const N: usize>(&self) -> Result<[u8; N], Self::Error> {
            Ok([7; N])
        }
        fn random_vec(&self, len: usize) -> Result<Vec<u8>, Self::Error> {
            Ok(vec![7; len])
        }
    }
    let key = HubKey::generate(&Sevens).unwrap();
    assert_eq!(key.expose(), &[7; 32]);
    assert_eq!(format!("{key:?}"), "HubKey(..)");
    let shown = format!("{:?}", HubKeyRing::new("first", key, at(1)));
    assert!(shown.contains("first") && !shown.contains('7'), "{shown}");
}
