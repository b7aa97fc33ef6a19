//! A provider follows a room of another one.
#![cfg(all(feature = "follower", feature = "provider"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "the helpers of a test fail as its body does"
)]

mod provider_support;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::{Encode, Writer};
use mimi_protocol::delivery::{Corrupt, FIRST_RETRY_MILLIS, Saved};
use mimi_protocol::engine::{Answer, Engine, Seq};
use mimi_protocol::follower::{
    Input, Local, Outcome, Rejection, Reply, RequestKind, Room, Routes, Snapshot, welcome_refs,
};
use mimi_protocol::wire::{Endpoint, UpdateRoomResponse};
use provider_support::{Host, Signer, at, calls, locals, tls, uri};

const HUB: &str = "a.example";
const ROOM: &str = "mimi://a.example/r/clubhouse";
const GROUP: &[u8] = b"mimi://a.example/g/clubhouse";
const BOB1: &str = "mimi://b.example/d/bob/1";
const BOB2: &str = "mimi://b.example/d/bob/2";
const BEN: &str = "mimi://b.example/d/ben/1";

fn framed(w: &mut Writer, format: u16, group: &[u8]) {
    w.u16(1);
    w.u16(format);
    w.opaque(group);
    w.u64(7);
}

/// A PrivateMessage with application data.
fn message(group: &[u8], text: &str) -> Bytes {
    tls(|w| {
        framed(w, 2, group);
        w.u8(1);
        w.opaque(b"");
        w.opaque(b"sender");
        w.opaque(text.as_bytes());
    })
}

/// A PublicMessage of a member: a proposal to remove a leaf, or a commit.
fn handshake(commit: bool, group: &[u8], tag: &[u8]) -> Bytes {
    tls(|w| {
        framed(w, 1, group);
        w.u8(1);
        w.u32(0);
        w.opaque(b"");
        if commit {
            w.u8(3);
            w.opaque(b"");
            w.u8(0);
        } else {
            w.u8(2);
            w.u16(3);
            w.u32(1);
        }
        w.opaque(tag);
        if commit {
            w.opaque(b"confirmation");
        }
        w.opaque(b"membership");
    })
}

fn welcome(refs: &[&Bytes]) -> Bytes {
    tls(|w| {
        w.u16(1);
        w.u16(3);
        w.u16(1);
        w.vector(|w| {
            for reference in refs {
                w.opaque(reference);
                w.opaque(b"kem");
                w.opaque(b"sealed");
            }
        });
        w.opaque(b"group info");
    })
}

/// A FanoutMessage; `tail` is what follows the MLS message.
fn fanout(millis: u64, message: &Bytes, tail: &[u8]) -> Bytes {
    tls(|w| {
        w.u64(millis);
        w.raw(message);
        w.raw(tail);
    })
}

fn app(millis: u64, text: &str) -> Bytes {
    fanout(millis, &message(GROUP, text), &[0])
}

fn notify(body: &[Bytes]) -> Input {
    notify_with(body, Routes::new())
}

fn notify_with(body: &[Bytes], routes: Routes) -> Input {
    Input::Notify {
        from: HUB.to_owned(),
        body: body.concat().into(),
        routes,
    }
}

fn submit(client: &str, message: &Bytes) -> Input {
    Input::Request {
        client: uri(client),
        kind: RequestKind::Submit,
        body: tls(|w| {
            w.u8(1);
            w.raw(message);
            w.opaque(b"mimi://b.example/u/bob");
        }),
    }
}

fn update(client: &str, commit: bool, message: &Bytes) -> Input {
    Input::Request {
        client: uri(client),
        kind: RequestKind::Update,
        body: tls(|w| {
            w.raw(message);
            if commit {
                w.u8(0); // no Welcome
                w.u8(2); // a PartialGroupInfo
                w.u8(0);
                w.opaque(b"");
                w.opaque(b"signature");
                w.u8(4); // the hub has the tree
            } else {
                w.opaque(b"");
            }
        }),
    }
}

fn done(seq: Seq, body: Bytes) -> Input {
    Input::CallResult {
        seq,
        answer: Answer::Done(body),
    }
}

fn success() -> Bytes {
    UpdateRoomResponse::success(at(1)).to_vec().unwrap().into()
}

fn not_allowed() -> Bytes {
    tls(|w| {
        w.u8(2);
        w.opaque(b"");
    })
}

fn room() -> Host<Room> {
    Host::new(Room::new(uri(ROOM), None))
}

/// A room with these clients in it.
fn room_with(clients: &[&str]) -> Host<Room> {
    let mut host = room();
    for client in clients {
        let client = uri(client);
        host.accept(Input::ClientJoined { client });
    }
    host
}

/// Which client gets which message of a step, in order.
fn deliveries(outputs: &[mimi_protocol::engine::Output<Local>]) -> Vec<(MimiUri, Bytes)> {
    locals(outputs)
        .into_iter()
        .filter_map(|(_, local)| match local {
            Local::Deliver { client, message } => Some((client, message)),
            Local::Reply { .. } => None,
        })
        .collect()
}

fn forwarded(host: &mut Host<Room>, input: Input) -> Seq {
    match host.accept(input).outcome {
        Outcome::Forwarded(seq) => seq,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_client_gets_every_message_in_the_order_of_the_room() {
    let mut host = room_with(&[BEN, BOB1]);
    let (one, two) = (app(1, "one"), app(2, "two"));
    let step = host.accept(notify(&[one.clone(), two.clone()]));
    assert_eq!(
        (step.outcome, step.outcome.status()),
        (Outcome::Accepted, 201)
    );
    assert_eq!(step.audit.epoch, Some(7));
    let expected = [(BEN, &one), (BOB1, &one), (BEN, &two), (BOB1, &two)];
    let expected = expected.map(|(client, message)| (uri(client), message.clone()));
    assert_eq!(deliveries(&step.outputs), expected);
    assert!(step.outputs.is_sorted_by_key(|output| output.seq));
}

#[test]
fn what_is_delivered_is_owed_no_more_and_the_rest_survives_a_crash() {
    let mut host = room_with(&[BEN, BOB1]);
    let step = host.accept(notify(&[app(1, "one")]));
    host.accept(Input::Delivered {
        seq: step.outputs[1].seq,
    });
    host.crash();
    assert_eq!(host.engine.owed(), step.outputs[..1]);
    host.compact();
    host.crash();
    host.accept(Input::Delivered {
        seq: step.outputs[0].seq,
    });
    assert!(host.engine.owed().is_empty());
    let again = host.accept(Input::Delivered {
        seq: step.outputs[0].seq,
    });
    assert_eq!(again.outcome, Outcome::Ignored);
}

#[test]
fn a_repeated_notify_is_accepted_and_ignored_even_after_a_crash() {
    let mut host = room_with(&[BOB1]);
    host.accept(notify(&[app(1, "one")]));
    host.crash();
    let step = host.accept(notify(&[app(1, "one")]));
    assert_eq!(
        (step.outcome, step.outcome.status()),
        (Outcome::Duplicate, 201)
    );
    assert!(step.outputs.is_empty());
    // The same message at another time is another body.
    let step = host.accept(notify(&[app(2, "one")]));
    assert_eq!(step.outcome, Outcome::Accepted);
}

#[test]
fn a_crash_before_the_write_lets_the_hub_try_again() {
    let mut host = room_with(&[BOB1]);
    let first = host.accept(notify(&[app(1, "one")]));
    host.crash_before_write();
    assert!(host.engine.owed().is_empty());
    let again = host.accept(notify(&[app(1, "one")]));
    assert_eq!(again.outputs, first.outputs);
}

#[test]
fn only_the_hub_may_notify() {
    let mut host = room_with(&[BOB1]);
    let rejection = host.refuse(Input::Notify {
        from: "evil.example".to_owned(),
        body: app(1, "one"),
        routes: Routes::new(),
    });
    assert!(matches!(rejection, Rejection::NotTheHub { .. }));
    assert_eq!(rejection.status(), 403);
}

#[test]
fn a_body_counts_as_a_whole() {
    let mut host = room_with(&[BOB1]);
    let whole = [app(1, "one"), app(2, "two")].concat();
    for len in 0..whole.len() {
        if len == app(1, "one").len() {
            continue;
        }
        let body = Bytes::copy_from_slice(&whole[..len]);
        let rejection = host.refuse(notify(&[body]));
        assert!(matches!(rejection, Rejection::Malformed(_)), "{len}");
        assert_eq!(rejection.status(), 400);
    }
}

#[test]
fn messages_of_another_group_are_refused() {
    let stranger = fanout(2, &message(b"other", "x"), &[0]);
    // The group is learned from the first message, within one body too.
    let mut host = room_with(&[BOB1]);
    let rejection = host.refuse(notify(&[app(1, "one"), stranger.clone()]));
    assert_eq!(
        (rejection.status(), &rejection),
        (400, &Rejection::OtherGroup)
    );
    host.accept(notify(&[app(1, "one")]));
    host.crash();
    assert_eq!(host.refuse(notify(&[stranger])), Rejection::OtherGroup);
    // Stapled proposals count as well.
    let commit = handshake(true, GROUP, b"commit");
    let stapled = tls(|w| w.vector(|w| w.raw(&handshake(false, b"other", b"p"))));
    let body = fanout(3, &commit, &stapled);
    assert_eq!(host.refuse(notify(&[body])), Rejection::OtherGroup);
    // So do a client's own.
    let input = submit(BOB1, &message(b"other", "x"));
    assert_eq!(host.refuse(input), Rejection::OtherGroup);
    let input = update(BOB1, true, &handshake(true, b"other", b"x"));
    assert_eq!(host.refuse(input), Rejection::OtherGroup);
}

#[test]
fn a_welcome_goes_to_whom_it_names_and_lets_them_in() {
    let [ours, other, theirs] = [1u8, 2, 3].map(|n| Bytes::from(vec![n; 32]));
    let invitation = fanout(1, &welcome(&[&ours, &theirs, &other]), &[4]);
    let body = [invitation.clone(), app(2, "hello")];
    let refs = welcome_refs(&body.concat().into()).unwrap();
    assert_eq!(refs, [ours.clone(), theirs, other.clone()]);

    let mut host = room_with(&[BEN]);
    let routes = [(ours, uri(BOB1)), (other, uri(BOB2))]
        .into_iter()
        .collect();
    let step = host.accept(notify_with(&body, routes));
    let expected = [
        (BOB1, &invitation),
        (BOB2, &invitation),
        (BEN, &body[1]),
        (BOB1, &body[1]),
        (BOB2, &body[1]),
    ];
    let expected = expected.map(|(client, message)| (uri(client), message.clone()));
    assert_eq!(deliveries(&step.outputs), expected);
    host.crash();
    let clients: Vec<_> = host.engine.clients().map(ToString::to_string).collect();
    assert_eq!(clients, [BEN, BOB1, BOB2]);
}

#[test]
fn a_client_that_left_gets_what_it_is_owed_and_no_more() {
    let mut host = room_with(&[BEN, BOB1]);
    let removal = fanout(1, &handshake(true, GROUP, b"removal"), &[0]);
    let step = host.accept(notify(std::slice::from_ref(&removal)));
    host.accept(Input::ClientLeft { client: uri(BEN) });
    host.crash();
    assert_eq!(host.engine.owed(), step.outputs);
    let step = host.accept(notify(&[app(2, "gone?")]));
    assert_eq!(deliveries(&step.outputs), [(uri(BOB1), app(2, "gone?"))]);
}

#[test]
fn the_sender_alone_does_without_its_own_message() {
    let mut host = room_with(&[BEN, BOB1, BOB2]);
    let own = message(GROUP, "hi");
    forwarded(&mut host, submit(BOB1, &own));
    host.crash();
    let step = host.accept(notify(&[fanout(1, &own, &[0])]));
    let got: Vec<_> = deliveries(&step.outputs).into_iter().map(|d| d.0).collect();
    assert_eq!(got, [uri(BEN), uri(BOB2)]);
}

#[test]
fn a_handshake_comes_back_until_the_answer_has_gone_out() {
    let mut host = room_with(&[BOB1]);
    for (answered, tag) in [(false, b"a"), (true, b"b")] {
        let commit = handshake(true, GROUP, tag);
        let seq = forwarded(&mut host, update(BOB1, true, &commit));
        if answered {
            host.accept(done(seq, success()));
        }
        let body = fanout(u64::from(tag[0]), &commit, &[0]);
        let step = host.accept(notify(&[body]));
        assert_eq!(deliveries(&step.outputs).is_empty(), answered);
        host.accept(done(seq, success()));
    }
    // A refusal is no acceptance: should the hub send it all the same, it counts.
    let proposal = handshake(false, GROUP, b"p");
    let seq = forwarded(&mut host, update(BOB1, false, &proposal));
    host.accept(done(seq, not_allowed()));
    let step = host.accept(notify(&[fanout(9, &proposal, &[0])]));
    assert_eq!(deliveries(&step.outputs).len(), 1);
}

#[test]
fn requests_go_to_the_hub_in_order_and_answers_come_back() {
    let mut host = room_with(&[BEN, BOB1]);
    let first = host.accept(submit(BOB1, &message(GROUP, "1")));
    let (one, call) = calls(&first.outputs).remove(0);
    assert_eq!(first.outcome, Outcome::Forwarded(one));
    assert_eq!(call.peer, HUB);
    assert_eq!(call.endpoint, Endpoint::SubmitMessage { room: uri(ROOM) });
    // The client's next waits; another client's does not.
    let second = host.accept(submit(BOB1, &message(GROUP, "2")));
    assert!(second.outputs.is_empty());
    let other = host.accept(submit(BEN, &message(GROUP, "3")));
    assert_eq!(calls(&other.outputs).len(), 1);

    host.crash();
    assert_eq!(calls(&host.engine.owed()).len(), 2, "both are sent again");
    let step = host.accept(done(one, Bytes::from_static(b"answer")));
    let Outcome::Forwarded(two) = second.outcome else {
        panic!()
    };
    assert_eq!(calls(&step.outputs)[0].0, two);
    let (_, reply) = locals(&step.outputs).remove(0);
    let expected = Local::Reply {
        client: uri(BOB1),
        request: one,
        endpoint: Endpoint::SubmitMessage { room: uri(ROOM) },
        reply: Reply::Done(Bytes::from_static(b"answer")),
    };
    assert_eq!(reply, expected);
    host.crash();
    assert_eq!(
        locals(&host.engine.owed())[0].1,
        expected,
        "owed until delivered"
    );
    // An answer to nothing is nothing.
    let step = host.accept(done(one, Bytes::new()));
    assert_eq!(step.outcome, Outcome::Ignored);
}

#[test]
fn a_lost_answer_is_tried_again_and_a_refusal_is_passed_on() {
    let mut host = room_with(&[BOB1]);
    let seq = forwarded(&mut host, submit(BOB1, &message(GROUP, "1")));
    let answer = Answer::Retry { not_before: None };
    let step = host.accept(Input::CallResult { seq, answer });
    assert!(step.outputs.is_empty());
    host.crash();
    assert!(host.engine.owed().is_empty());
    let due = host.engine.next_deadline().unwrap();
    assert_eq!(due, host.now.plus_millis(FIRST_RETRY_MILLIS));
    assert_eq!(host.accept(Input::Tick).outcome, Outcome::Ignored);
    host.now = due;
    let step = host.accept(Input::Tick);
    assert_eq!(calls(&step.outputs)[0].0, seq);
    let answer = Answer::Refused { status: 403 };
    let step = host.accept(Input::CallResult { seq, answer });
    let Local::Reply { reply, .. } = &locals(&step.outputs)[0].1 else {
        panic!()
    };
    assert_eq!(*reply, Reply::Refused { status: 403 });
    assert_eq!(host.engine.next_deadline(), None);
}

#[test]
fn whoever_commits_is_in_from_then_on_unless_the_hub_says_no() {
    for (answer, stays) in [(success(), true), (not_allowed(), false)] {
        let mut host = room();
        let seq = forwarded(&mut host, update(BOB1, true, &handshake(true, GROUP, b"x")));
        // The hub may fan out before its answer is here.
        let step = host.accept(notify(&[app(1, "early")]));
        assert_eq!(deliveries(&step.outputs).len(), 1);
        host.accept(done(seq, answer));
        host.crash();
        assert_eq!(host.engine.clients().count() == 1, stays);
    }
    // A proposal lets nobody in.
    let mut host = room();
    forwarded(
        &mut host,
        update(BOB1, false, &handshake(false, GROUP, b"x")),
    );
    assert_eq!(host.engine.clients().count(), 0);
}

#[test]
fn a_client_speaks_for_its_own_provider_and_in_its_own_room() {
    let mut host = room_with(&["mimi://c.example/d/cathy/1"]);
    let rejection = host.refuse(submit(
        "mimi://c.example/d/cathy/1",
        &message(GROUP, "as bob"),
    ));
    assert!(matches!(rejection, Rejection::OtherProvider { .. }));
    assert_eq!(rejection.status(), 403);

    let bob = Signer::new(BOB1);
    let request = |room: &str| Input::Request {
        client: uri(BOB1),
        kind: RequestKind::KeyMaterial,
        body: tls(|w| {
            w.u8(1);
            w.opaque(b"mimi://b.example/u/bob");
            w.opaque(b"mimi://c.example/u/cathy");
            w.opaque(room.as_bytes());
            w.opaque(&[0, 1]);
            w.raw(&[0, 0, 0]);
            w.opaque(&bob.public);
            w.u16(1);
            w.opaque(BOB1.as_bytes());
            w.opaque(b"signature");
        }),
    };
    let rejection = host.refuse(request("mimi://a.example/r/other"));
    assert_eq!((rejection.status(), rejection), (400, Rejection::OtherRoom));
    let step = host.accept(request(ROOM));
    let target = uri("mimi://c.example/u/cathy");
    let (_, call) = calls(&step.outputs).remove(0);
    assert_eq!(call.peer, HUB, "claims go through the hub");
    assert_eq!(call.endpoint, Endpoint::KeyMaterial { target });
}

#[test]
fn one_client_cannot_pile_up_requests() {
    let mut host = room_with(&[BOB1]);
    for n in 0..mimi_protocol::follower::MAX_REQUESTS {
        host.compact();
        forwarded(&mut host, submit(BOB1, &message(GROUP, &n.to_string())));
    }
    let rejection = host.refuse(submit(BOB1, &message(GROUP, "one more")));
    assert_eq!(rejection, Rejection::TooManyRequests);
    assert_eq!(rejection.status(), 429);
    forwarded(&mut host, submit(BEN, &message(GROUP, "not mine")));
}

#[test]
fn records_of_other_drafts_or_out_of_order_are_refused() {
    let mut host = room_with(&[BOB1]);
    let entry = Saved::from_cbor(host.last_entry()).unwrap();
    let before = host.engine.snapshot().unwrap();
    let expected = Corrupt::OutOfPlace {
        expected: 1,
        found: 0,
    };
    assert_eq!(host.engine.replay(&entry), Err(expected));
    assert_eq!(host.engine.snapshot().unwrap(), before);

    let mut other = host.base().to_vec();
    let at = other.windows(8).position(|w| w == b"protocol").unwrap();
    other[at] = b'P';
    let error = Snapshot::from_cbor(&other).unwrap_err();
    assert!(matches!(error, Corrupt::DraftSet(_)), "{error}");
    let cut = &host.base()[..host.base().len() - 1];
    let error = Snapshot::from_cbor(cut).unwrap_err();
    assert!(matches!(error, Corrupt::Damaged(_)), "{error}");
    let more = [host.base(), &[0]].concat();
    let error = Snapshot::from_cbor(&more).unwrap_err();
    assert!(matches!(error, Corrupt::Damaged(_)), "{error}");
}
