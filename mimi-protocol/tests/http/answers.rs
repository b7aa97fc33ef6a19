//! What a caller makes of an answer, and what an engine is told.

use bytes::Bytes;
use mimi_content::Timestamp;
use mimi_protocol::engine::Answer;
use mimi_protocol::http::*;

use crate::scene::*;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

#[test]
fn success_has_the_endpoints_status() {
    use EndpointKind::*;
    for kind in EndpointKind::ALL {
        let empty = matches!(kind, Notify | RequestConsent | UpdateConsent | ReportAbuse);
        let body = Bytes::from_static(b"body");
        let sent = response(kind, body.clone());
        assert_eq!(sent.status(), if empty { 201 } else { 200 });
        assert_eq!(sent.headers().contains_key("content-type"), !empty);
        let expected = if empty { Bytes::new() } else { body };
        assert_eq!(sent.body(), &expected);
        assert_eq!(parse_response(kind, &sent).unwrap(), expected);
        assert_eq!(answer(kind, &sent, NOW), Answer::Done(expected));
    }
}

#[test]
fn an_answer_is_bounded_by_endpoint() {
    for kind in EndpointKind::ALL {
        let max = kind.max_response_body();
        let mut came = status(200);
        assert_eq!(parse_response_head(kind, &came), Ok(max));
        *came.body_mut() = vec![0; max].into();
        assert_eq!(parse_response(kind, &came).unwrap().len(), max);
        *came.body_mut() = vec![0; max + 1].into();
        // What comes where nothing is due is let be.
        let expected = (max > 0).then_some(HttpFailure::TooLarge { max });
        assert_eq!(parse_response(kind, &came).err(), expected);
        let length = (max + 1).to_string().parse().unwrap();
        came.headers_mut().insert("content-length", length);
        assert_eq!(parse_response_head(kind, &came).err(), expected);
    }
}

#[test]
fn any_status_of_success_is_taken_but_a_part() {
    for code in [200, 201, 202, 203, 204, 299] {
        for kind in EndpointKind::ALL {
            assert!(parse_response(kind, &status(code)).is_ok(), "{code}");
        }
    }
    for kind in EndpointKind::ALL {
        let failure = parse_response(kind, &status(206)).unwrap_err();
        assert_eq!(failure, HttpFailure::Partial);
    }
}

#[test]
fn redirects_are_not_followed() {
    for code in 300..400 {
        let mut came = status(code);
        let elsewhere = "https://evil.example/".parse().unwrap();
        came.headers_mut().insert("location", elsewhere);
        let failure = parse_response(EndpointKind::Notify, &came).unwrap_err();
        let expected = HttpFailure::Redirect {
            status: came.status(),
        };
        assert_eq!(failure, expected);
        let refused = Answer::Refused { status: code };
        assert_eq!(answer(EndpointKind::Notify, &came, NOW), refused);
    }
}

#[test]
fn statuses_become_retries_or_refusals() {
    let retried = [408, 425, 429, 500, 502, 503, 504];
    for code in 100..1000 {
        let success = (200..300).contains(&code) && code != 206;
        let expected = match code {
            _ if success => Answer::Done(Bytes::new()),
            _ if retried.contains(&code) => Answer::Retry { not_before: None },
            206 => Answer::Refused { status: 502 },
            _ => Answer::Refused { status: code },
        };
        let found = answer(EndpointKind::Notify, &status(code), NOW);
        assert_eq!(found, expected, "{code}");
        if let Err(failure) = parse_response(EndpointKind::Notify, &status(code)) {
            assert_eq!(failure.is_transient(), retried.contains(&code), "{code}");
        }
    }
}

#[test]
fn an_answer_that_is_of_no_use_is_a_refusal() {
    let kind = EndpointKind::SubmitMessage;
    let mut came = status(200);
    *came.body_mut() = vec![0; MAX_SMALL_BODY + 1].into();
    let refused = Answer::Refused { status: 502 };
    assert_eq!(answer(kind, &came, NOW), refused);
}

#[test]
fn an_answer_that_broke_off_is_asked_for_again() {
    let kind = EndpointKind::SubmitMessage;
    for length in ["5", "3", "x", ""] {
        let mut came = response(kind, Bytes::from_static(b"body"));
        came.headers_mut()
            .insert("content-length", length.parse().unwrap());
        let failure = parse_response(kind, &came).unwrap_err();
        assert_eq!(failure, HttpFailure::Length, "{length}");
        assert!(failure.is_transient());
        let again = Answer::Retry { not_before: None };
        assert_eq!(answer(kind, &came, NOW), again);
    }
}

#[test]
fn a_refusal_has_the_status_that_was_meant() {
    for code in [400, 403, 404, 429, 500, 503, 599] {
        let sent = refusal(code, None);
        assert_eq!(sent.status(), code);
        assert!(sent.body().is_empty() && sent.headers().is_empty());
    }
    for odd in [0, 99, 100, 200, 201, 301, 600, 999, 1000, u16::MAX] {
        assert_eq!(refusal(odd, None).status(), 500, "{odd}");
    }
    let busy = refusal(503, Some(30));
    assert_eq!(busy.headers()["retry-after"], "30");
    let not_before = Some(NOW.plus_millis(30_000));
    let again = Answer::Retry { not_before };
    assert_eq!(answer(EndpointKind::Notify, &busy, NOW), again);
}

#[test]
fn a_call_that_cannot_be_made_is_refused() {
    let none = Directory::parse("a.example", b"{}").unwrap();
    let to_answer = |from: &str, endpoint: &Endpoint, body: Bytes| {
        let directory = if from == PEER { &none } else { &theirs() };
        let error = request(directory, from, endpoint, body).unwrap_err();
        match error.to_answer() {
            Answer::Refused { status } => status,
            other => panic!("{other:?}"),
        }
    };
    let endpoint = Endpoint::Notify { room: room() };
    assert_eq!(to_answer(PEER, &endpoint, Bytes::new()), 404);
    assert_eq!(to_answer("B.example", &endpoint, Bytes::new()), 400);
    let long = vec![0; MAX_GROUP_BODY + 1].into();
    assert_eq!(to_answer(PEER, &endpoint, long), 413);
}
