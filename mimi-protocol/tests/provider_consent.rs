//! Users of two providers ask each other for consent.
#![cfg(feature = "provider")]
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
use mimi_content::tls::{Decode, Encode};
use mimi_protocol::delivery::FIRST_RETRY_MILLIS;
use mimi_protocol::engine::{Answer, Call, Engine, Seq};
use mimi_protocol::provider::{
    Allowance, Disclosure, Input, KeyMaterial, Local, MAX_ASKED, Notice, Outcome, Rejection,
};
use mimi_protocol::wire::{ConsentEntry, ConsentOperation, ConsentScope, Endpoint, Party};
use provider_support::{Host, Package, Signer, calls, key_package_ref, locals, uri};

const ROOM: &str = "mimi://hub.example/r/clubhouse";
const OTHER_ROOM: &str = "mimi://hub.example/r/other";
const ALICE: &str = "mimi://a.example/u/alice";
const BOB: &str = "mimi://b.example/u/bob";
const BOB1: &str = "mimi://b.example/d/bob/1";

/// Bob's provider, where he has one KeyPackage.
fn bobs() -> Host<KeyMaterial> {
    let mut host = Host::new(KeyMaterial::new("b.example", Disclosure::Tell));
    let bob = Signer::new(BOB1);
    host.accept(Input::Upload {
        client: uri(BOB1),
        package: Package::new(&bob, 1).build(),
    });
    host
}

fn alices() -> Host<KeyMaterial> {
    Host::new(KeyMaterial::new("a.example", Disclosure::Tell))
}

fn scope(room: Option<&str>) -> ConsentScope {
    scope_of(ALICE, BOB, room)
}

fn scope_of(requester: &str, target: &str, room: Option<&str>) -> ConsentScope {
    ConsentScope {
        requester_uri: uri(requester),
        target_uri: uri(target),
        room_id: room.map(uri),
    }
}

fn entry(operation: ConsentOperation, scope: ConsentScope) -> Bytes {
    ConsentEntry::new(operation, scope).to_vec().unwrap().into()
}

fn requested(operation: ConsentOperation, scope: ConsentScope) -> Input {
    Input::ConsentRequested {
        from: "a.example".to_owned(),
        body: entry(operation, scope),
    }
}

fn only_call(host: &Host<KeyMaterial>) -> (Seq, Call) {
    let mut calls = calls(&host.engine.owed());
    assert_eq!(calls.len(), 1);
    calls.remove(0)
}

fn done(seq: Seq) -> Input {
    Input::CallResult {
        seq,
        answer: Answer::Done(Bytes::new()),
    }
}

fn grant(room: Option<&str>) -> Input {
    Input::Grant {
        scope: scope(room),
        notice: Notice::Silent,
    }
}

fn revoke(room: Option<&str>) -> Input {
    Input::Revoke {
        scope: scope(room),
        tell: false,
    }
}

fn allows(host: &Host<KeyMaterial>, room: Option<&str>) -> Allowance {
    let room = room.map(uri);
    let consent = host.engine.consent();
    consent.allows(&uri(ALICE), &uri(BOB), room.as_ref())
}

#[test]
fn alice_asks_bob_grants_with_key_packages_and_alice_hears_of_it() {
    let (mut alices, mut bobs) = (alices(), bobs());
    alices.accept(Input::Ask { scope: scope(None) });
    alices.crash();
    let (ask, call) = only_call(&alices);
    let target = Party::User(uri(BOB));
    assert_eq!(call.peer, "b.example");
    assert_eq!(call.endpoint, Endpoint::RequestConsent { target });

    let question = Input::ConsentRequested {
        from: "a.example".to_owned(),
        body: call.body.clone(),
    };
    let step = bobs.accept(question.clone());
    assert_eq!(step.outcome.status(), 201);
    let (seq, told) = locals(&step.outputs).remove(0);
    let expected = Local::Consent {
        user: uri(BOB),
        entry: call.body,
    };
    assert_eq!(told, expected);
    bobs.accept(Input::Delivered { seq });
    // A retry after a lost answer does not ask Bob twice.
    bobs.crash();
    assert_eq!(bobs.accept(question).outcome, Outcome::Ignored);
    alices.accept(done(ask));

    bobs.accept(Input::Grant {
        scope: scope(None),
        notice: Notice::WithKeyPackages,
    });
    assert_eq!(allows(&bobs, Some(ROOM)), Allowance::Allowed);
    assert_eq!(bobs.engine.left(&uri(BOB), &uri(BOB1)), 0, "it is spent");
    bobs.crash();
    let (seq, call) = only_call(&bobs);
    let requester = Party::User(uri(ALICE));
    assert_eq!(call.peer, "a.example");
    assert_eq!(call.endpoint, Endpoint::UpdateConsent { requester });
    let ConsentOperation::Grant(packages) = ConsentEntry::from_bytes(&call.body).unwrap().operation
    else {
        panic!("a grant")
    };
    let reference = key_package_ref(packages[0].as_bytes());
    let routes = bobs.engine.routes(&uri(ROOM), [&reference]);
    assert_eq!(routes[&reference], uri(BOB1));

    let news = Input::ConsentUpdated {
        from: "b.example".to_owned(),
        body: call.body.clone(),
    };
    let step = alices.accept(news.clone());
    let expected = Local::Consent {
        user: uri(ALICE),
        entry: call.body,
    };
    assert_eq!(locals(&step.outputs)[0].1, expected);
    alices.crash();
    assert_eq!(
        alices.accept(news).outcome,
        Outcome::Ignored,
        "heard before"
    );
    bobs.accept(done(seq));
    assert!(bobs.engine.owed().is_empty());
}

#[test]
fn of_a_room_and_any_room_the_room_decides() {
    let mut host = bobs();
    assert_eq!(allows(&host, Some(ROOM)), Allowance::NoConsent);
    host.accept(grant(Some(ROOM)));
    assert_eq!(allows(&host, Some(ROOM)), Allowance::Allowed);
    assert_eq!(
        allows(&host, Some(OTHER_ROOM)),
        Allowance::NoConsentForThisRoom
    );
    assert_eq!(allows(&host, None), Allowance::NoConsent);

    host.accept(grant(None));
    host.accept(revoke(Some(OTHER_ROOM)));
    assert_eq!(
        allows(&host, Some("mimi://hub.example/r/third")),
        Allowance::Allowed
    );
    assert_eq!(
        allows(&host, Some(OTHER_ROOM)),
        Allowance::NoConsentForThisRoom
    );
    host.accept(grant(Some(OTHER_ROOM)));
    assert_eq!(
        allows(&host, Some(OTHER_ROOM)),
        Allowance::Allowed,
        "the last word"
    );

    host.accept(revoke(None));
    for room in [Some(ROOM), Some(OTHER_ROOM), None] {
        assert_eq!(allows(&host, room), Allowance::NoConsent, "{room:?}");
    }
    host.accept(grant(Some(ROOM)));
    assert_eq!(
        allows(&host, Some(ROOM)),
        Allowance::Allowed,
        "an exception"
    );
    assert_eq!(
        allows(&host, Some(OTHER_ROOM)),
        Allowance::NoConsentForThisRoom
    );
}

#[test]
fn consent_is_one_way_and_for_one_user() {
    let mut host = bobs();
    host.accept(grant(None));
    let allows = |requester: &str, target: &str| {
        let consent = host.engine.consent();
        consent.allows(&uri(requester), &uri(target), None)
    };
    assert_eq!(allows(ALICE, BOB), Allowance::Allowed);
    assert_eq!(allows(BOB, ALICE), Allowance::NoConsent);
    assert_eq!(
        allows("mimi://a.example/u/cathy", BOB),
        Allowance::NoConsent
    );
    assert_eq!(allows(BOB, BOB), Allowance::Allowed, "own clients");
}

#[test]
fn a_provider_speaks_for_its_own_users_only() {
    let (mut bobs, mut alices) = (bobs(), alices());
    let rejection = bobs.refuse(Input::ConsentRequested {
        from: "evil.example".to_owned(),
        body: entry(ConsentOperation::Request, scope(None)),
    });
    assert!(matches!(rejection, Rejection::NotTheirs { .. }));
    assert_eq!(rejection.status(), 403);
    let rejection = alices.refuse(Input::ConsentUpdated {
        from: "evil.example".to_owned(),
        body: entry(ConsentOperation::Revoke, scope(None)),
    });
    assert!(matches!(rejection, Rejection::NotTheirs { .. }));
    // And to their provider only.
    let astray = scope_of(ALICE, "mimi://c.example/u/cathy", None);
    let rejection = bobs.refuse(requested(ConsentOperation::Request, astray));
    assert!(matches!(rejection, Rejection::NotOurs(_)));
    assert_eq!(rejection.status(), 404);
    // Our own users are bound likewise.
    let foreign: [Input; 3] = [
        Input::Ask { scope: scope(None) },
        Input::Cancel { scope: scope(None) },
        Input::ConsentUpdated {
            from: "b.example".to_owned(),
            body: entry(ConsentOperation::Revoke, scope(None)),
        },
    ];
    for input in foreign {
        let rejection = bobs.refuse(input);
        assert_eq!(rejection, Rejection::NotOurs(uri(ALICE)));
    }
    for input in [grant(None), revoke(None)] {
        assert_eq!(alices.refuse(input), Rejection::NotOurs(uri(BOB)));
    }
}

#[test]
fn each_endpoint_takes_its_own_operations() {
    let (mut bobs, mut alices) = (bobs(), alices());
    for operation in [
        ConsentOperation::Grant(Vec::new()),
        ConsentOperation::Revoke,
    ] {
        let rejection = bobs.refuse(requested(operation, scope(None)));
        assert_eq!(
            (rejection.status(), rejection),
            (400, Rejection::OtherOperation)
        );
    }
    for operation in [ConsentOperation::Request, ConsentOperation::Cancel] {
        let rejection = alices.refuse(Input::ConsentUpdated {
            from: "b.example".to_owned(),
            body: entry(operation, scope(None)),
        });
        assert_eq!(rejection, Rejection::OtherOperation);
    }
}

#[test]
fn a_question_can_be_taken_back_in_its_own_scope() {
    let mut host = bobs();
    host.accept(requested(ConsentOperation::Request, scope(Some(ROOM))));
    let other = host.accept(requested(ConsentOperation::Cancel, scope(None)));
    assert_eq!(other.outcome, Outcome::Ignored);
    assert_eq!(other.outcome.status(), 201);
    let step = host.accept(requested(ConsentOperation::Cancel, scope(Some(ROOM))));
    let Local::Consent { entry, .. } = locals(&step.outputs).remove(0).1 else {
        panic!()
    };
    let operation = ConsentEntry::from_bytes(&entry).unwrap().operation;
    assert_eq!(operation, ConsentOperation::Cancel);
    // And asked again.
    let again = host.accept(requested(ConsentOperation::Request, scope(Some(ROOM))));
    assert_eq!(again.outputs.len(), 1);
}

#[test]
fn whoever_said_no_or_is_not_there_is_not_bothered() {
    let mut host = bobs();
    host.accept(revoke(None));
    for room in [None, Some(ROOM)] {
        let step = host.accept(requested(ConsentOperation::Request, scope(room)));
        assert_eq!(
            (step.outcome.status(), step.outcome),
            (201, Outcome::Ignored)
        );
    }
    let nobody = scope_of(ALICE, "mimi://b.example/u/nobody", None);
    let step = host.accept(requested(ConsentOperation::Request, nobody));
    assert_eq!(
        (step.outcome.status(), step.outcome),
        (201, Outcome::Ignored)
    );
}

#[test]
fn strangers_cannot_fill_a_provider_with_questions() {
    let mut host = bobs();
    let question = |n: usize| {
        let requester = format!("mimi://a.example/u/{n}");
        requested(ConsentOperation::Request, scope_of(&requester, BOB, None))
    };
    for n in 0..MAX_ASKED {
        host.compact();
        host.accept(question(n));
    }
    let rejection = host.refuse(question(MAX_ASKED));
    assert_eq!(
        (rejection.status(), rejection),
        (503, Rejection::TooManyAsked)
    );
    let known = host.accept(question(0));
    assert_eq!(
        known.outcome,
        Outcome::Ignored,
        "a retry is no new question"
    );
}

#[test]
fn a_revocation_is_told_of_only_if_the_user_wants() {
    let mut host = bobs();
    assert!(host.accept(revoke(None)).outputs.is_empty());
    host.accept(Input::Revoke {
        scope: scope(Some(ROOM)),
        tell: true,
    });
    let (_, call) = only_call(&host);
    let sent = ConsentEntry::from_bytes(&call.body).unwrap();
    assert_eq!(sent.operation, ConsentOperation::Revoke);
    assert_eq!(sent.scope, scope(Some(ROOM)));
}

#[test]
fn what_a_peer_is_told_keeps_its_order_and_is_tried_again() {
    let mut host = bobs();
    for room in [Some(ROOM), None] {
        host.accept(Input::Revoke {
            scope: scope(room),
            tell: true,
        });
    }
    let (first, call) = only_call(&host);
    let answer = Answer::Retry { not_before: None };
    host.accept(Input::CallResult { seq: first, answer });
    host.crash();
    assert!(host.engine.owed().is_empty());
    host.now = host.now.plus_millis(FIRST_RETRY_MILLIS);
    let step = host.accept(Input::Tick);
    assert_eq!(calls(&step.outputs), [(first, call)]);
    let answer = Answer::Refused { status: 404 };
    let step = host.accept(Input::CallResult { seq: first, answer });
    assert!(step.audit.action.starts_with("refuse"), "{}", step.audit);
    let (second, call) = only_call(&host);
    let sent = ConsentEntry::from_bytes(&call.body).unwrap();
    assert_eq!(sent.scope, scope(None));
    host.accept(done(second));
    assert_eq!(host.accept(done(second)).outcome, Outcome::Ignored);
}

#[test]
fn a_users_consent_goes_with_the_user() {
    let mut host = bobs();
    host.accept(grant(None));
    host.accept(Input::DeleteUser { user: uri(BOB) });
    assert_eq!(allows(&host, None), Allowance::NoConsent);
    let bystander: MimiUri = uri("mimi://b.example/u/ben");
    let step = host.accept(Input::DeleteUser { user: bystander });
    assert_eq!(step.outcome, Outcome::Ignored);
}
