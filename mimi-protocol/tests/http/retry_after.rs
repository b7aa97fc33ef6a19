//! When a peer wants to be asked again.

use mimi_content::Timestamp;
use mimi_protocol::delivery::{MAX_RETRY_AFTER_MILLIS, Queue, Settled};
use mimi_protocol::engine::{Answer, Seq};
use mimi_protocol::http::*;

use crate::scene::*;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
/// 1994-11-06 08:49:37, the date in RFC 9110.
const THEN: Timestamp = Timestamp::from_millis(784_111_777_000);

#[test]
fn seconds_are_digits() {
    for (text, seconds) in [
        ("0", 0),
        ("120", 120),
        (" 5 ", 5),
        ("007", 7),
        ("18446744073709551615", u64::MAX),
        ("18446744073709551616", u64::MAX),
        ("999999999999999999999999999999", u64::MAX),
    ] {
        let expected = RetryAfter::Seconds(seconds);
        assert_eq!(RetryAfter::parse(text), Some(expected), "{text}");
    }
}

#[test]
fn a_date_has_one_of_three_forms() {
    for text in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ] {
        let expected = RetryAfter::At(THEN);
        assert_eq!(RetryAfter::parse(text), Some(expected), "{text}");
    }
    let last = RetryAfter::parse("Fri, 31 Dec 9999 23:59:59 GMT");
    let last_second = Timestamp::from_millis(253_402_300_799_000);
    assert_eq!(last, Some(RetryAfter::At(last_second)));
    let first = RetryAfter::parse("Thu, 01 Jan 1970 00:00:00 GMT");
    assert_eq!(first, Some(RetryAfter::At(Timestamp::default())));
}

#[test]
fn anything_else_says_nothing() {
    for text in [
        "",
        "-1",
        "+1",
        "1.5",
        "1s",
        "0x10",
        "1, 2",
        "soon",
        "\u{661}",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Thu, 30 Feb 2023 00:00:00 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT",
        "1994-11-06T08:49:37Z",
    ] {
        assert_eq!(RetryAfter::parse(text), None, "{text}");
    }
}

#[test]
fn seconds_count_from_the_answer_and_dates_do_not() {
    let after = |seconds| RetryAfter::Seconds(seconds).not_before(NOW);
    assert_eq!(after(0), NOW);
    assert_eq!(after(120), NOW.plus_millis(120_000));
    for many in [u64::MAX / 1000, u64::MAX / 1000 + 1, u64::MAX] {
        assert_eq!(after(many), Timestamp::from_millis(u64::MAX), "{many}");
    }
    assert_eq!(RetryAfter::At(THEN).not_before(NOW), THEN);
}

/// What an engine is told of an answer with this header.
fn told(code: u16, values: &[&str]) -> Answer {
    let mut came = status(code);
    for value in values {
        let value = value.parse().unwrap();
        came.headers_mut().append("retry-after", value);
    }
    answer(EndpointKind::Notify, &came, NOW)
}

#[test]
fn the_engine_is_told_when() {
    let at = |time: Timestamp| Answer::Retry {
        not_before: Some(time),
    };
    for code in [408, 425, 429, 500, 502, 503, 504] {
        assert_eq!(told(code, &["120"]), at(NOW.plus_millis(120_000)));
    }
    let date = "Wed, 01 Dec 2027 00:00:00 GMT";
    let december = Timestamp::from_millis(1_827_619_200_000);
    assert_eq!(told(503, &[date]), at(december));
    let nothing = Answer::Retry { not_before: None };
    for values in [&["soon"][..], &["-1"], &[""], &["1", "2"], &["1", "1"]] {
        assert_eq!(told(503, values), nothing, "{values:?}");
    }
}

/// The body is too long now, and may not be later (RFC 9110 §15.5.14).
#[test]
fn a_time_makes_a_retry_of_what_is_too_large_and_of_no_other_refusal() {
    let not_before = Some(NOW.plus_millis(1000));
    assert_eq!(told(413, &["1"]), Answer::Retry { not_before });
    for code in [301, 400, 403, 404, 405, 421, 501] {
        let refused = Answer::Refused { status: code };
        assert_eq!(told(code, &["1"]), refused);
    }
}

#[test]
fn no_peer_holds_a_queue_for_ever() {
    for value in ["99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let mut queue = Queue::new("a.example");
        let endpoint = Endpoint::Notify { room: room() };
        queue.push(Seq(1), endpoint, bytes::Bytes::new()).unwrap();
        queue.due(NOW).unwrap();
        let until = NOW.plus_millis(MAX_RETRY_AFTER_MILLIS);
        let settled = queue.settle(Seq(1), &told(503, &[value]), NOW);
        assert_eq!(settled, Settled::Deferred { until });
    }
}
