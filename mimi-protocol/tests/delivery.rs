//! The queue of what is owed to one peer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "the helpers of a test fail as its body does"
)]

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use mimi_protocol::delivery::{
    FIRST_RETRY_MILLIS, Fate, MAX_QUEUED, MAX_RETRY_AFTER_MILLIS, MAX_RETRY_MILLIS, Queue, Settled,
};
use mimi_protocol::engine::{Answer, Seq};
use mimi_protocol::wire::Endpoint;
use proptest::prelude::*;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn notify() -> Endpoint {
    Endpoint::Notify {
        room: MimiUri::parse("mimi://a.example/r/clubhouse").unwrap(),
    }
}

fn push(queue: &mut Queue, seq: u64) {
    let body = Bytes::from(seq.to_be_bytes().to_vec());
    queue.push(Seq(seq), notify(), body).unwrap();
}

fn queue_of(seqs: std::ops::Range<u64>) -> Queue {
    let mut queue = Queue::new("b.example");
    seqs.for_each(|seq| push(&mut queue, seq));
    queue
}

const RETRY: Fate = Fate::Retry { not_before: None };

#[test]
fn the_wait_doubles_up_to_a_cap_and_starts_anew_with_the_next_request() {
    let mut queue = queue_of(0..2);
    let mut now = at(1_000_000);
    let mut waits = Vec::new();
    for _ in 0..12 {
        assert_eq!(queue.due(now).unwrap().0, Seq(0));
        let Settled::Deferred { until } = queue.settle(Seq(0), RETRY, now) else {
            panic!("a retry defers");
        };
        assert_eq!(queue.next_deadline(), Some(until));
        waits.push(until.as_millis() - now.as_millis());
        assert!(queue.due(at(until.as_millis() - 1)).is_none(), "too early");
        now = until;
    }
    assert_eq!(waits[0], FIRST_RETRY_MILLIS);
    for pair in waits.windows(2) {
        assert_eq!(pair[1], (pair[0] * 2).min(MAX_RETRY_MILLIS));
    }
    assert_eq!(waits[11], MAX_RETRY_MILLIS);

    queue.due(now).unwrap();
    assert_eq!(queue.settle(Seq(0), Fate::Done, now), Settled::Delivered);
    assert_eq!(queue.due(now).unwrap().0, Seq(1));
    let until = now.plus_millis(FIRST_RETRY_MILLIS);
    assert_eq!(
        queue.settle(Seq(1), RETRY, now),
        Settled::Deferred { until }
    );
}

#[test]
fn the_peer_may_ask_for_a_longer_wait_but_not_for_ever() {
    let deferred = |asked| {
        let mut queue = queue_of(0..1);
        queue.due(at(10)).unwrap();
        let answer = Answer::Retry {
            not_before: Some(at(asked)),
        };
        let settled = queue.settle(Seq(0), &answer, at(10));
        assert!(matches!(settled, Settled::Deferred { .. }));
        queue.next_deadline().unwrap().as_millis()
    };
    assert_eq!(deferred(50_000), 50_000);
    assert_eq!(
        deferred(0),
        10 + FIRST_RETRY_MILLIS,
        "a shorter one is ours"
    );
    assert_eq!(deferred(u64::MAX), 10 + MAX_RETRY_AFTER_MILLIS);
}

#[test]
fn a_definite_refusal_drops_the_request_and_says_so() {
    let mut queue = queue_of(0..2);
    queue.due(at(0)).unwrap();
    let settled = queue.settle(Seq(0), &Answer::Refused { status: 404 }, at(1));
    assert_eq!(settled, Settled::Dropped { status: 404 });
    assert_eq!(queue.due(at(1)).unwrap().0, Seq(1));
}

#[test]
fn answers_that_nobody_waits_for_change_nothing() {
    let mut queue = queue_of(0..3);
    let ignored = |queue: &mut Queue, seq, fate| {
        let before = queue.clone();
        assert_eq!(queue.settle(seq, fate, at(5)), Settled::Ignored);
        assert_eq!(*queue, before);
    };
    ignored(&mut queue, Seq(0), Fate::Done); // not sent yet
    queue.due(at(0)).unwrap();
    ignored(&mut queue, Seq(1), Fate::Done); // not its turn
    ignored(&mut queue, Seq(9), Fate::Refused { status: 400 }); // unknown
    assert_eq!(queue.settle(Seq(0), Fate::Done, at(1)), Settled::Delivered);
    ignored(&mut queue, Seq(0), Fate::Done); // a second time
    queue.due(at(1)).unwrap();
    assert!(matches!(
        queue.settle(Seq(1), RETRY, at(1)),
        Settled::Deferred { .. }
    ));
    ignored(&mut queue, Seq(1), RETRY); // already put off
}

#[test]
fn a_late_success_ends_the_retries() {
    let mut queue = queue_of(0..2);
    queue.due(at(0)).unwrap();
    assert!(matches!(
        queue.settle(Seq(0), RETRY, at(0)),
        Settled::Deferred { .. }
    ));
    assert_eq!(queue.settle(Seq(0), Fate::Done, at(1)), Settled::Delivered);
    assert_eq!(queue.due(at(1)).unwrap().0, Seq(1));
}

#[test]
fn a_full_queue_refuses_and_stays_as_it_was() {
    let mut queue = queue_of(0..u64::try_from(MAX_QUEUED).unwrap() - 1);
    assert!(!queue.is_full());
    push(&mut queue, 9_998);
    let before = queue.clone();
    let error = queue.push(Seq(9_999), notify(), Bytes::new()).unwrap_err();
    assert_eq!(error.peer, "b.example");
    assert_eq!(queue, before);
}

/// What a host and its peer may do to a queue.
#[derive(Debug, Clone)]
enum Event {
    Push,
    /// Time passes and the host looks for what is due.
    Wait(u64),
    /// The peer takes the outstanding request.
    Take,
    Refuse,
    /// The request or its answer is lost, or the peer asks to come back later.
    Lose(Option<u64>),
    /// An answer to some request comes, whether or not one is waited for.
    Stray(u64, u8),
    /// The host crashes and restores what it wrote.
    Crash,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        3 => Just(Event::Push),
        5 => (0..3_000_000u64).prop_map(Event::Wait),
        4 => Just(Event::Take),
        1 => Just(Event::Refuse),
        3 => proptest::option::of(0..2_000_000u64).prop_map(Event::Lose),
        1 => (0..40u64, 0..3u8).prop_map(|(seq, what)| Event::Stray(seq, what)),
        1 => Just(Event::Crash),
    ];
    proptest::collection::vec(event, 0..120)
}

/// The slow model: numbers not yet settled, and whether the first is out.
#[derive(Default)]
struct Model {
    owed: Vec<u64>,
    sent: bool,
    outstanding: bool,
    pushed: u64,
    settled: Vec<u64>,
}

impl Model {
    fn settle(&mut self) {
        self.settled.push(self.owed.remove(0));
        self.sent = false;
        self.outstanding = false;
    }
}

fn reload(queue: &Queue) -> Queue {
    let mut bytes = Vec::new();
    ciborium::into_writer(queue, &mut bytes).unwrap();
    ciborium::from_reader(bytes.as_slice()).unwrap()
}

fn stray(what: u8) -> Fate {
    match what {
        0 => Fate::Done,
        1 => Fate::Refused { status: 410 },
        _ => RETRY,
    }
}

proptest! {
    #[test]
    fn order_is_kept_nothing_is_lost_and_one_is_outstanding(events in events()) {
        let mut queue = Queue::new("b.example");
        let mut model = Model::default();
        let mut now = at(0);
        for event in events {
            match event {
                Event::Push => {
                    push(&mut queue, model.pushed);
                    model.owed.push(model.pushed);
                    model.pushed += 1;
                }
                Event::Wait(millis) => {
                    now = now.plus_millis(millis);
                    let expected = queue.next_deadline().is_some_and(|due| due <= now);
                    let due = queue.due(now);
                    prop_assert_eq!(due.is_some(), expected);
                    if let Some((seq, call)) = due {
                        prop_assert!(!model.outstanding, "two outstanding");
                        prop_assert_eq!(seq, Seq(model.owed[0]));
                        prop_assert_eq!(&call.body[..], &model.owed[0].to_be_bytes()[..]);
                        model.outstanding = true;
                        model.sent = true;
                    }
                }
                Event::Take if model.outstanding => {
                    let seq = Seq(model.owed[0]);
                    prop_assert_eq!(queue.settle(seq, Fate::Done, now), Settled::Delivered);
                    model.settle();
                }
                Event::Refuse if model.outstanding => {
                    let fate = Fate::Refused { status: 403 };
                    let settled = queue.settle(Seq(model.owed[0]), fate, now);
                    prop_assert_eq!(settled, Settled::Dropped { status: 403 });
                    model.settle();
                }
                Event::Lose(asked) if model.outstanding => {
                    let not_before = asked.map(|wait| now.plus_millis(wait));
                    let settled = queue.settle(Seq(model.owed[0]), Fate::Retry { not_before }, now);
                    let Settled::Deferred { until } = settled else {
                        return Err(TestCaseError::fail("not deferred"));
                    };
                    prop_assert!(until >= now.plus_millis(FIRST_RETRY_MILLIS));
                    prop_assert!(not_before.is_none_or(|asked| asked <= until));
                    model.outstanding = false;
                }
                Event::Stray(seq, what) => {
                    let fate = stray(what);
                    let counts = model.sent && model.owed.first() == Some(&seq);
                    let definite = !matches!(fate, Fate::Retry { .. });
                    let settled = queue.settle(Seq(seq), fate, now);
                    if counts && definite {
                        prop_assert_ne!(settled, Settled::Ignored);
                        model.settle();
                    } else if counts && model.outstanding {
                        prop_assert!(matches!(settled, Settled::Deferred { .. }), "{settled:?}");
                        model.outstanding = false;
                    } else {
                        prop_assert_eq!(settled, Settled::Ignored);
                    }
                }
                Event::Crash => {
                    let restored = reload(&queue);
                    prop_assert_eq!(&restored, &queue);
                    let owed = restored.owed().map(|(seq, _)| seq);
                    let expected = model.outstanding.then(|| Seq(model.owed[0]));
                    prop_assert_eq!(owed, expected, "a restore sends the outstanding one again");
                    queue = restored;
                }
                _ => {}
            }
            prop_assert_eq!(queue.len(), model.owed.len());
        }
        // With a peer that answers, everything arrives, in order.
        while !model.owed.is_empty() {
            if !model.outstanding {
                now = queue.next_deadline().unwrap().max(now);
                prop_assert_eq!(queue.due(now).unwrap().0, Seq(model.owed[0]));
            }
            let settled = queue.settle(Seq(model.owed[0]), Fate::Done, now);
            prop_assert_eq!(settled, Settled::Delivered);
            model.settle();
        }
        prop_assert!(queue.is_empty());
        prop_assert_eq!(model.settled, (0..model.pushed).collect::<Vec<_>>());
    }
}
