//! Who gets which KeyPackage of a provider's users.
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
use mimi_protocol::engine::Engine;
use mimi_protocol::provider::{
    ANSWER_MEMORY_MILLIS, Disclosure, Input, KeyMaterial, MAX_PACKAGES, Notice, Outcome,
    PURGE_MILLIS, PackageFault, Rejection,
};
use mimi_protocol::wire::mls::{CipherSuite, CredentialType, ExtensionType, RequiredCapabilities};
use mimi_protocol::wire::{
    ClientStatus, ConsentScope, KeyMaterialRequest, KeyMaterialRequestTbs, KeyMaterialResponse,
    KeyMaterialUserCode,
};
use provider_support::{
    AES_SUITE, CHACHA_SUITE, Host, Package, Signer, at, key_package_ref, tls, uri,
};

const OURS: &str = "b.example";
const ROOM: &str = "mimi://hub.example/r/clubhouse";
const OTHER_ROOM: &str = "mimi://hub.example/r/other";
const ALICE: &str = "mimi://a.example/u/alice";
const BOB: &str = "mimi://b.example/u/bob";
const BOB1: &str = "mimi://b.example/d/bob/1";
const BOB2: &str = "mimi://b.example/d/bob/2";

fn alice() -> Signer {
    Signer::new("mimi://a.example/d/alice/1")
}

fn scope(room: Option<&str>) -> ConsentScope {
    ConsentScope {
        requester_uri: uri(ALICE),
        target_uri: uri(BOB),
        room_id: room.map(uri),
    }
}

fn upload(package: &Package<'_>) -> Input {
    Input::Upload {
        client: package.signer.client.clone(),
        package: package.build(),
    }
}

/// A request by Alice for Bob; stories change what they are about.
fn request(alice: &Signer) -> KeyMaterialRequestTbs {
    // Built through the wire form, so that the credential is read, not made.
    let octets = tls(|w| {
        w.u8(1);
        w.opaque(ALICE.as_bytes());
        w.opaque(BOB.as_bytes());
        w.opaque(ROOM.as_bytes());
        w.list(&[AES_SUITE]);
        RequiredCapabilities::default().encode(w);
        w.opaque(&alice.public);
        CredentialType::BASIC.encode(w);
        w.opaque(alice.client.as_str().as_bytes());
    });
    KeyMaterialRequestTbs::from_slice(&octets).unwrap()
}

fn signed(tbs: KeyMaterialRequestTbs, signer: &Signer) -> Bytes {
    let signature = signer.sign(KeyMaterialRequestTbs::LABEL, &tbs.to_vec().unwrap());
    let request = KeyMaterialRequest { tbs, signature };
    request.to_vec().unwrap().into()
}

fn claim(body: &Bytes) -> Input {
    claim_from("hub.example", body)
}

fn claim_from(from: &str, body: &Bytes) -> Input {
    Input::Request {
        from: from.to_owned(),
        target: uri(BOB),
        body: body.clone(),
    }
}

fn with(disclosure: Disclosure) -> Host<KeyMaterial> {
    Host::new(KeyMaterial::new(OURS, disclosure))
}

/// Bob consents to Alice for any room.
fn host() -> Host<KeyMaterial> {
    let mut host = with(Disclosure::Tell);
    grant(&mut host, None);
    host
}

fn grant(host: &mut Host<KeyMaterial>, room: Option<&str>) {
    host.accept(Input::Grant {
        scope: scope(room),
        notice: Notice::Silent,
    });
}

fn response(host: &mut Host<KeyMaterial>, input: Input) -> KeyMaterialResponse {
    let Outcome::Response(body) = host.accept(input).outcome else {
        panic!("a request is answered with a body");
    };
    KeyMaterialResponse::from_bytes(&body).unwrap()
}

fn code(host: &mut Host<KeyMaterial>, body: &Bytes) -> KeyMaterialUserCode {
    let response = response(host, claim(body));
    if !response.user_status.lists_clients() {
        assert!(response.clients.is_empty());
    }
    response.user_status
}

/// The KeyPackages of a response.
fn packages(response: &KeyMaterialResponse) -> Vec<Bytes> {
    let clients = response.clients.iter();
    clients
        .filter_map(|client| match &client.status {
            ClientStatus::Success(package) => Some(package.as_bytes().clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn each_client_gives_one_key_package_and_each_only_once() {
    let (alice, bob1, bob2) = (alice(), Signer::new(BOB1), Signer::new(BOB2));
    let mut host = host();
    let all: Vec<_> = [(&bob1, 1), (&bob1, 2), (&bob2, 3)]
        .map(|(signer, number)| Package::new(signer, number))
        .into();
    for package in &all {
        host.accept(upload(package));
    }
    assert_eq!(host.engine.left(&uri(BOB), &uri(BOB1)), 2);

    let first = response(&mut host, claim(&signed(request(&alice), &alice)));
    assert_eq!(first.user_status, KeyMaterialUserCode::SUCCESS);
    assert_eq!(packages(&first), [all[0].build(), all[2].build()]);
    host.crash();
    let mut tbs = request(&alice);
    tbs.room_id = Some(uri(OTHER_ROOM));
    let second = response(&mut host, claim(&signed(tbs.clone(), &alice)));
    assert_eq!(second.user_status, KeyMaterialUserCode::PARTIAL_SUCCESS);
    assert_eq!(packages(&second), [all[1].build()]);
    assert_eq!(second.clients[1].status, ClientStatus::KeyMaterialExhausted);
    tbs.acceptable_cipher_suites.push(CHACHA_SUITE);
    let third = response(&mut host, claim(&signed(tbs, &alice)));
    assert_eq!(
        third.user_status,
        KeyMaterialUserCode::NO_COMPATIBLE_MATERIAL
    );
    assert!(packages(&third).is_empty());
}

#[test]
fn a_repeated_request_gets_its_first_answer_for_a_while() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let mut host = host();
    for number in 1..=4 {
        host.accept(upload(&Package::new(&bob, number)));
    }
    let body = signed(request(&alice), &alice);
    let first = response(&mut host, claim(&body));
    host.crash();
    let step = host.accept(claim(&body));
    assert!(!step.wrote);
    assert_eq!(
        step.outcome,
        Outcome::Response(first.to_vec().unwrap().into())
    );
    // The same octets through another peer are another request.
    let other = response(&mut host, claim_from("a.example", &body));
    assert_ne!(packages(&other), packages(&first));
    // Later it is a new claim.
    host.now = host.now.plus_millis(ANSWER_MEMORY_MILLIS);
    let later = response(&mut host, claim(&body));
    assert_ne!(packages(&later), packages(&first));
    // A Welcome ends it at once.
    let refs = packages(&later).iter().map(key_package_ref).collect();
    host.accept(Input::Welcomed { refs });
    let after = response(&mut host, claim(&body));
    assert_ne!(packages(&after), packages(&later));
    // And so does a withdrawal of consent.
    host.accept(Input::Revoke {
        scope: scope(None),
        tell: false,
    });
    assert_eq!(code(&mut host, &body), KeyMaterialUserCode::NO_CONSENT);
}

#[test]
fn a_claim_that_was_not_written_did_not_happen() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let mut host = host();
    host.accept(upload(&Package::new(&bob, 1)));
    let body = signed(request(&alice), &alice);
    response(&mut host, claim(&body));
    host.crash_before_write();
    assert_eq!(host.engine.left(&uri(BOB), &uri(BOB1)), 1);
    assert_eq!(code(&mut host, &body), KeyMaterialUserCode::SUCCESS);
}

#[test]
fn a_last_resort_stays_and_is_used_last() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let mut host = host();
    let mut last = Package::new(&bob, 1);
    last.last_resort = true;
    host.accept(upload(&last));
    let single = Package::new(&bob, 2);
    host.accept(upload(&single));
    let mut claims = ["1", "2", "3"].map(|room| {
        let mut tbs = request(&alice);
        tbs.room_id = Some(uri(&format!("mimi://hub.example/r/{room}")));
        packages(&response(&mut host, claim(&signed(tbs, &alice))))
    });
    assert_eq!(claims[0].remove(0), single.build());
    assert_eq!(claims[1].remove(0), last.build());
    assert_eq!(claims[2].remove(0), last.build());
}

#[test]
fn an_expired_key_package_is_neither_taken_nor_given() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let mut host = host();
    let mut package = Package::new(&bob, 1);
    package.not_after = at(60);
    host.accept(upload(&package));
    let body = signed(request(&alice), &alice);

    host.now = at(61);
    let answer = response(&mut host, claim(&body));
    assert_eq!(answer.clients[0].status, ClientStatus::KeyMaterialExhausted);
    package.init_key = Bytes::from_static(&[2; 32]);
    let rejection = host.refuse(upload(&package));
    assert_eq!(rejection, Rejection::Package(PackageFault::Lifetime));
    assert_eq!(rejection.status(), 400);

    // On the last second it still is good.
    host.now = at(60);
    assert_eq!(code(&mut host, &body), KeyMaterialUserCode::SUCCESS);
    // A remembered answer does not outlive what it holds.
    host.now = at(61);
    assert_eq!(
        code(&mut host, &body),
        KeyMaterialUserCode::NO_COMPATIBLE_MATERIAL
    );
}

#[test]
fn a_clock_that_was_set_back_gives_nothing_from_the_future() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let mut host = host();
    let mut package = Package::new(&bob, 1);
    package.not_before = at(10);
    host.now = at(10);
    host.accept(upload(&package));
    let body = signed(request(&alice), &alice);
    host.now = at(9);
    let refused = code(&mut host, &body);
    assert_eq!(refused, KeyMaterialUserCode::NO_COMPATIBLE_MATERIAL);
    host.now = at(10);
    assert_eq!(code(&mut host, &body), KeyMaterialUserCode::SUCCESS);
}

#[test]
fn what_has_expired_is_cleared_away() {
    let bob = Signer::new(BOB1);
    let mut host = host();
    let mut package = Package::new(&bob, 1);
    package.not_after = at(60);
    host.accept(upload(&package));
    assert_eq!(host.engine.left(&uri(BOB), &uri(BOB1)), 1);
    let due = host.engine.next_deadline().unwrap();
    assert_eq!(due, at(0).plus_millis(PURGE_MILLIS));
    host.now = due;
    host.accept(Input::Tick);
    assert_eq!(host.engine.left(&uri(BOB), &uri(BOB1)), 0);
}

#[test]
fn a_key_package_must_be_sound() {
    type Spoil = fn(&mut Package<'_>);
    let bob = Signer::new(BOB1);
    let mut host = host();
    let spoils: [(Spoil, PackageFault); 7] = [
        (
            |p| p.suite = CipherSuite(0xfafa),
            PackageFault::CipherSuite(0xfafa),
        ),
        (|p| p.not_before = at(1), PackageFault::Lifetime),
        (
            |p| p.capabilities.versions.clear(),
            PackageFault::Capabilities,
        ),
        (
            |p| p.capabilities.cipher_suites.clear(),
            PackageFault::Capabilities,
        ),
        (
            |p| p.capabilities.credentials.clear(),
            PackageFault::Capabilities,
        ),
        (
            |p| p.init_key = Bytes::from_static(&[0xee; 32]),
            PackageFault::InitKey,
        ),
        (|p| p.last_resort = true, PackageFault::Repeated),
    ];
    let mut last = Package::new(&bob, 1);
    last.last_resort = true;
    host.accept(upload(&last));
    for (spoil, fault) in spoils {
        let mut package = Package::new(&bob, 1);
        spoil(&mut package);
        let rejection = host.refuse(upload(&package));
        assert_eq!(rejection, Rejection::Package(fault));
    }
    let forger = Signer::new(BOB1);
    for (leaf_forger, forger) in [(Some(&forger), None), (None, Some(&forger))] {
        let forged = Package {
            leaf_forger,
            forger,
            ..Package::new(&bob, 3)
        };
        let rejection = host.refuse(upload(&forged));
        assert_eq!(rejection, Rejection::Package(PackageFault::Signature));
    }
}

/// Every octet is covered by one of the two signatures or is a signature.
#[test]
fn no_octet_of_a_key_package_can_be_changed() {
    let bob = Signer::new(BOB1);
    let mut host = host();
    let good = Package::new(&bob, 1).build();
    for at in 0..good.len() {
        let mut bad = good.to_vec();
        bad[at] ^= 1;
        host.refuse(Input::Upload {
            client: uri(BOB1),
            package: bad.into(),
        });
    }
    host.accept(Input::Upload {
        client: uri(BOB1),
        package: good,
    });
}

#[test]
fn a_key_package_is_uploaded_once_by_its_own_client_here() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let mut host = host();
    let package = Package::new(&bob, 1);
    host.accept(upload(&package));
    let repeated = Rejection::Package(PackageFault::Repeated);
    assert_eq!(host.refuse(upload(&package)), repeated);
    response(&mut host, claim(&signed(request(&alice), &alice)));
    assert_eq!(
        host.refuse(upload(&package)),
        repeated,
        "handed out already"
    );

    let rejection = host.refuse(Input::Upload {
        client: uri(BOB2),
        package: Package::new(&bob, 2).build(),
    });
    assert!(matches!(rejection, Rejection::OtherIdentity { .. }));
    let rejection = host.refuse(upload(&Package::new(&alice, 1)));
    assert_eq!(
        (rejection.status(), rejection),
        (404, Rejection::NotOurs(uri(ALICE)))
    );

    for number in 10..10 + u8::try_from(MAX_PACKAGES).unwrap() {
        host.compact();
        host.accept(upload(&Package::new(&bob, number)));
    }
    let rejection = host.refuse(upload(&Package::new(&bob, 3)));
    assert_eq!(rejection, Rejection::TooManyPackages);
    let mut last = Package::new(&bob, 4);
    last.last_resort = true;
    host.accept(upload(&last));
}

#[test]
fn the_request_must_be_signed_by_whom_it_names() {
    let (alice, bob, mallory) = (alice(), Signer::new(BOB1), alice());
    let mut host = host();
    host.accept(upload(&Package::new(&bob, 1)));
    let rejection = host.refuse(claim(&signed(request(&alice), &mallory)));
    assert_eq!((rejection.status(), rejection), (403, Rejection::Signature));

    let cathy = Signer::new("mimi://a.example/d/cathy/1");
    let tbs = KeyMaterialRequestTbs {
        requesting_user: uri(ALICE),
        ..request(&cathy)
    };
    let rejection = host.refuse(claim(&signed(tbs, &cathy)));
    assert!(matches!(rejection, Rejection::OtherIdentity { .. }));

    let nobody = Signer::new("mimi://a.example/u/alice");
    let rejection = host.refuse(claim(&signed(request(&nobody), &nobody)));
    assert!(matches!(rejection, Rejection::Identity(_)));

    // The scheme is one of the acceptable suites'; P-256 alone makes no
    // Ed25519 signature valid.
    let mut tbs = request(&alice);
    tbs.acceptable_cipher_suites = vec![CipherSuite(2), CipherSuite(0xfafa)];
    assert_eq!(
        host.refuse(claim(&signed(tbs, &alice))),
        Rejection::Signature
    );
}

#[test]
fn the_request_comes_through_the_hub_or_the_requesters_provider() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let mut host = host();
    for number in 1..=2 {
        host.accept(upload(&Package::new(&bob, number)));
    }
    let body = signed(request(&alice), &alice);
    let rejection = host.refuse(claim_from("evil.example", &body));
    assert!(matches!(rejection, Rejection::NotTheirs { .. }));
    assert_eq!(rejection.status(), 403);
    for from in ["hub.example", "a.example"] {
        let answer = response(&mut host, claim_from(from, &body));
        assert_eq!(answer.user_status, KeyMaterialUserCode::SUCCESS);
    }
    // Without a room there is no hub.
    let mut tbs = request(&alice);
    tbs.room_id = None;
    let rejection = host.refuse(claim(&signed(tbs, &alice)));
    assert!(matches!(rejection, Rejection::NotTheirs { .. }));
    // Path and body agree.
    let rejection = host.refuse(Input::Request {
        from: "hub.example".to_owned(),
        target: uri("mimi://b.example/u/ben"),
        body,
    });
    assert!(matches!(rejection, Rejection::OtherTarget { .. }));
}

#[test]
fn without_consent_there_is_no_key_material() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let body = signed(request(&alice), &alice);
    let elsewhere = |disclosure| {
        let mut host = with(disclosure);
        host.accept(upload(&Package::new(&bob, 1)));
        assert_eq!(code(&mut host, &body), KeyMaterialUserCode::NO_CONSENT);
        grant(&mut host, Some(OTHER_ROOM));
        host.crash();
        let refused = code(&mut host, &body);
        grant(&mut host, Some(ROOM));
        assert_eq!(code(&mut host, &body), KeyMaterialUserCode::SUCCESS);
        refused
    };
    let told = elsewhere(Disclosure::Tell);
    assert_eq!(told, KeyMaterialUserCode::NO_CONSENT_FOR_THIS_ROOM);
    assert_eq!(elsewhere(Disclosure::Hide), KeyMaterialUserCode::NO_CONSENT);
}

#[test]
fn users_who_are_not_there_are_told_of_or_not() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let body = signed(request(&alice), &alice);
    let codes = |disclosure| {
        let mut host = with(disclosure);
        let unknown = code(&mut host, &body);
        host.accept(upload(&Package::new(&bob, 1)));
        grant(&mut host, None);
        host.accept(Input::DeleteUser { user: uri(BOB) });
        host.crash();
        (unknown, code(&mut host, &body))
    };
    let (unknown, deleted) = codes(Disclosure::Tell);
    assert_eq!(unknown, KeyMaterialUserCode::USER_UNKNOWN);
    assert_eq!(deleted, KeyMaterialUserCode::USER_DELETED);
    let (unknown, deleted) = codes(Disclosure::Hide);
    assert_eq!(unknown, KeyMaterialUserCode::NO_CONSENT);
    assert_eq!(deleted, KeyMaterialUserCode::NO_CONSENT);
}

#[test]
fn a_key_package_fits_the_request_or_says_what_it_is() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let mut host = host();
    let chacha = Package {
        suite: CHACHA_SUITE,
        ..Package::new(&bob, 1)
    };
    host.accept(upload(&chacha));
    let aes = Package::new(&bob, 2);
    host.accept(upload(&aes));

    let mut tbs = request(&alice);
    tbs.required_capabilities.extension_types = vec![ExtensionType(0xf0f0)];
    let answer = response(&mut host, claim(&signed(tbs, &alice)));
    assert_eq!(
        answer.user_status,
        KeyMaterialUserCode::NO_COMPATIBLE_MATERIAL
    );
    let expected = ClientStatus::NothingCompatible(Some(chacha.capabilities.clone()));
    assert_eq!(answer.clients[0].status, expected);

    // The suites are in the order of preference; defaults need no mention.
    let mut tbs = request(&alice);
    tbs.acceptable_cipher_suites = vec![AES_SUITE, CHACHA_SUITE];
    tbs.required_capabilities = RequiredCapabilities {
        extension_types: vec![ExtensionType::EXTERNAL_SENDERS, ExtensionType(6)],
        proposal_types: vec![mimi_protocol::wire::mls::ProposalType::REMOVE],
        credential_types: vec![CredentialType::BASIC],
    };
    let answer = response(&mut host, claim(&signed(tbs.clone(), &alice)));
    assert_eq!(packages(&answer), [aes.build()]);
    tbs.required_capabilities.credential_types = vec![CredentialType::X509];
    let answer = response(&mut host, claim(&signed(tbs, &alice)));
    assert!(matches!(
        answer.clients[0].status,
        ClientStatus::NothingCompatible(_)
    ));
}

#[test]
fn an_unknown_protocol_is_incompatible_and_a_torn_body_malformed() {
    let alice = alice();
    let mut host = host();
    let mut body = signed(request(&alice), &alice).to_vec();
    body[0] = 2;
    let code = code(&mut host, &body.clone().into());
    assert_eq!(code, KeyMaterialUserCode::INCOMPATIBLE_PROTOCOL);
    body[0] = 1;
    body.pop();
    let rejection = host.refuse(claim(&body.into()));
    assert!(matches!(rejection, Rejection::Malformed(_)));
    assert_eq!(rejection.status(), 400);
}

#[test]
fn a_welcome_finds_its_client_in_the_room_it_was_asked_for() {
    let (alice, bob) = (alice(), Signer::new(BOB1));
    let mut host = host();
    let package = Package::new(&bob, 1);
    let reference = key_package_ref(&package.build());
    let routed = |host: &Host<KeyMaterial>, room| {
        let unknown = Bytes::from_static(&[7; 32]);
        let routes = host.engine.routes(&uri(room), [&reference, &unknown]);
        routes.into_values().collect::<Vec<MimiUri>>()
    };
    host.accept(upload(&package));
    assert!(routed(&host, ROOM).is_empty(), "not handed out");
    response(&mut host, claim(&signed(request(&alice), &alice)));
    host.compact();
    host.crash();
    assert_eq!(routed(&host, ROOM), [uri(BOB1)]);
    assert!(
        routed(&host, OTHER_ROOM).is_empty(),
        "asked for another room"
    );

    host.now = at(31 * 24 * 3600);
    host.accept(Input::Tick);
    assert!(routed(&host, ROOM).is_empty(), "expired");
}

#[test]
fn a_client_that_is_removed_has_no_key_material() {
    let (alice, bob1, bob2) = (alice(), Signer::new(BOB1), Signer::new(BOB2));
    let mut host = host();
    host.accept(upload(&Package::new(&bob1, 1)));
    host.accept(upload(&Package::new(&bob2, 2)));
    let remove = || Input::RemoveClient {
        user: uri(BOB),
        client: uri(BOB1),
    };
    host.accept(remove());
    assert_eq!(host.accept(remove()).outcome, Outcome::Ignored);
    let answer = response(&mut host, claim(&signed(request(&alice), &alice)));
    assert_eq!(answer.user_status, KeyMaterialUserCode::SUCCESS);
    assert_eq!(answer.clients.len(), 1);
    assert_eq!(answer.clients[0].client_uri, uri(BOB2));
}
