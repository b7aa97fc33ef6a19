//! Encodings: exact octets, round trips, limits and hostile input.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, Encode, Rule};
use mimi_content::{MimiUri, Timestamp};
use mimi_franking::limits::{
    MAX_CERTIFICATE_LEN, MAX_CERTIFICATES, MAX_IDENTITY_LEN, MAX_IDENTITY_LINK_LEN, MAX_NOTE_LEN,
    MAX_REPORTED_CONTENT_LEN, MAX_REPORTED_MESSAGES, MAX_SIGNATURE_KEY_LEN, MAX_SIGNATURE_LEN,
};
use mimi_franking::{
    AbuseReport, AbuseType, AbusiveMessage, CipherSuite, Credential, Evidence, Frank,
    FrankingAgent, FrankingIntegrityTbs, FrankingTag, IdentityLinkTbe, PseudonymousCredential,
    PseudonymousCredentialTbs, ServerFrankingContext,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::scene::{Scene, uri};

#[test]
fn the_tag_is_a_component_of_exactly_32_octets() {
    let tag = FrankingTag([7; 32]);
    let (id, value) = tag.to_component();
    assert_eq!((id.0, &value[..]), (0x0020, &[7; 32][..]));
    let safe_aad = |len| ComponentMap::from_iter([(ComponentId(0x0020), vec![7; len])]);
    assert_eq!(FrankingTag::from_safe_aad(&safe_aad(32)), Ok(Some(tag)));
    assert_eq!(FrankingTag::from_safe_aad(&ComponentMap::new()), Ok(None));
    for (len, rule) in [
        (0, Rule::Truncated { missing: 32 }),
        (31, Rule::Truncated { missing: 1 }),
        (33, Rule::Trailing { count: 1 }),
    ] {
        let error = FrankingTag::from_safe_aad(&safe_aad(len)).unwrap_err();
        assert_eq!(error.rule, rule);
    }
}

#[test]
fn the_agent_is_a_component_of_the_group_context() {
    let agent = FrankingAgent::basic(vec![1, 2, 3], &uri("mimi://hub.example"));
    let (id, value) = agent.to_component().unwrap();
    assert_eq!(id.0, 0x0021);
    assert_eq!(
        value,
        &b"\x03\x01\x02\x03\x00\x01\x12mimi://hub.example"[..]
    );
    let dictionary = ComponentMap::from_iter([(id, value)]);
    assert_eq!(FrankingAgent::from_dictionary(&dictionary), Ok(Some(agent)));
    assert_eq!(
        FrankingAgent::from_dictionary(&ComponentMap::new()),
        Ok(None)
    );
    let broken = ComponentMap::from_iter([(id, vec![0])]);
    assert!(FrankingAgent::from_dictionary(&broken).is_err());
}

fn pseudonymous(client: &str, user: &str, key: usize, link: usize) -> PseudonymousCredential {
    PseudonymousCredential {
        tbs: PseudonymousCredentialTbs {
            client_pseudonym: uri(client),
            user_pseudonym: uri(user),
            signature_public_key: vec![7; key].into(),
        },
        identity_link_ciphertext: vec![9; link].into(),
    }
}

#[test]
fn credentials_are_basic_x509_or_pseudonymous() {
    let chain = Credential::X509(vec![Bytes::from_static(b"ee"), Bytes::from_static(b"ca")]);
    assert_eq!(chain.to_vec().unwrap(), b"\x00\x02\x06\x02ee\x02ca");
    let hidden = pseudonymous("mimi://a.example/d/1", "mimi://a.example/p/2", 1, 2);
    let hidden = Credential::Pseudonymous(Box::new(hidden));
    let expected =
        b"\xf0\xa2\x2f\x14mimi://a.example/d/1\x14mimi://a.example/p/2\x01\x07\x02\x09\x09";
    assert_eq!(hidden.to_vec().unwrap(), expected);
    assert_eq!(Credential::from_slice(expected), Ok(hidden));
    let error = Credential::from_slice(&[0, 3, 0]).unwrap_err();
    assert_eq!(error.offset, 0);
    assert_eq!(
        error.rule,
        Rule::Unknown {
            what: "CredentialType",
            value: 3
        }
    );
}

#[test]
fn pseudonyms_of_a_credential_are_of_one_provider() {
    for (user, is_one) in [
        ("mimi://a.example/p/2", true),
        ("mimi://b.example/p/2", false),
        ("mimi://sub.a.example/p/2", false),
        ("mimi://example/p/2", false),
    ] {
        let octets = pseudonymous("mimi://a.example/d/1", user, 1, 2).to_vec();
        let decoded = PseudonymousCredential::from_slice(&octets.unwrap());
        assert_eq!(decoded.is_ok(), is_one, "{user}");
        if let Err(error) = decoded {
            assert!(matches!(error.rule, Rule::Structure(_)), "{error}");
            assert_eq!(error.offset, 21, "the user's");
        }
    }
}

#[test]
fn what_a_real_client_signs_is_labelled() {
    let tbs = pseudonymous("mimi://a.example/d/1", "mimi://a.example/p/2", 1, 2).tbs;
    let label = b"MLS 1.0 PseudonymousCredentialTBS";
    let octets = tbs.to_vec().unwrap();
    let lengths = [label.len(), octets.len()].map(|len| u8::try_from(len).unwrap());
    assert!(lengths.iter().all(|len| *len < 64), "one octet each");
    let signed = [&[lengths[0]], &label[..], &[lengths[1]], &octets].concat();
    assert_eq!(tbs.sign_content(), Ok(signed));
}

#[test]
fn a_pseudonymous_credential_fills_its_vector() {
    let hidden = pseudonymous("mimi://a.example/d/1", "mimi://a.example/p/2", 1, 2);
    let hidden = hidden.to_vec().unwrap();
    for (len, rule) in [
        (hidden.len() - 1, Rule::Truncated { missing: 1 }),
        (hidden.len() + 1, Rule::Trailing { count: 1 }),
    ] {
        let mut content = hidden.clone();
        content.resize(len, 0);
        let octets = [&[0xf0, 0xa2, u8::try_from(len).unwrap()][..], &content].concat();
        assert_eq!(Credential::from_slice(&octets).unwrap_err().rule, rule);
    }
}

#[test]
fn a_frank_has_no_length_before_its_mac() {
    let frank = Frank {
        server_frank: [5; 32],
        ciphersuite: CipherSuite(0x0102),
        integrity_signature: Bytes::from_static(b"sig"),
    };
    let expected = [&[5; 32][..], b"\x01\x02\x03sig"].concat();
    assert_eq!(frank.to_vec().unwrap(), expected);
}

#[test]
fn a_report_has_the_octets_of_the_draft() {
    let report = AbuseReport {
        reporting_user: None,
        alleged_abuser: uri("mimi://a.example/u/al"),
        reason: AbuseType(200),
        note: "n".into(),
        messages: vec![AbusiveMessage {
            message_content: Bytes::from_static(b"m"),
            frank: Frank {
                server_frank: [5; 32],
                ciphersuite: CipherSuite(1),
                integrity_signature: Bytes::from_static(b"s"),
            },
            accepted_timestamp: Timestamp::from_millis(258),
        }],
        extensions: ComponentMap::new(),
    };
    let expected = [
        &b"\x00\x15mimi://a.example/u/al\xc8\x01n\x2e\x01m"[..],
        &[5; 32],
        b"\x00\x01\x01s\x00\x00\x00\x00\x00\x00\x01\x02\x00",
    ]
    .concat();
    assert_eq!(report.to_vec().unwrap(), expected);
    assert_eq!(AbuseReport::from_slice(&expected).unwrap(), report);
}

#[test]
fn the_note_is_utf8() {
    let head = b"\x00\x15mimi://a.example/u/al\x00";
    let good = [&head[..], b"\x02\xc3\xa9\x00\x00"].concat();
    assert_eq!(AbuseReport::from_slice(&good).unwrap().note, "\u{e9}");
    let bad = [&head[..], b"\x02\xc3\x28\x00\x00"].concat();
    let error = AbuseReport::from_slice(&bad).unwrap_err();
    assert_eq!((error.rule, error.offset), (Rule::Utf8, head.len() + 1));
}

/// Asserts that a value decodes at a limit, and does not one above it.
fn limited<T: Encode + Decode + std::fmt::Debug + PartialEq>(
    make: impl Fn(usize) -> T,
    max: usize,
) {
    let most = make(max);
    assert_eq!(T::from_slice(&most.to_vec().unwrap()).unwrap(), most);
    let error = T::from_slice(&make(max + 1).to_vec().unwrap()).unwrap_err();
    assert!(
        matches!(error.rule, Rule::Limit { max: told, .. } if told == max),
        "{error}"
    );
}

#[test]
fn limits_hold_at_their_boundary() {
    let frank = |len| Frank {
        server_frank: [0; 32],
        ciphersuite: CipherSuite(1),
        integrity_signature: vec![0; len].into(),
    };
    let report = |note: usize, messages: usize| AbuseReport {
        reporting_user: None,
        alleged_abuser: uri("mimi://a.example/u/alice"),
        reason: AbuseType::RESERVED,
        note: "n".repeat(note),
        messages: vec![
            AbusiveMessage {
                message_content: Bytes::new(),
                frank: frank(0),
                accepted_timestamp: Timestamp::default(),
            };
            messages
        ],
        extensions: ComponentMap::new(),
    };
    limited(frank, MAX_SIGNATURE_LEN);
    limited(
        |len| FrankingAgent::basic(vec![0; len], &uri("mimi://hub.example")),
        MAX_SIGNATURE_KEY_LEN,
    );
    limited(
        |count| Credential::X509(vec![Bytes::new(); count]),
        MAX_CERTIFICATES,
    );
    limited(
        |len| Credential::X509(vec![vec![0; len].into()]),
        MAX_CERTIFICATE_LEN,
    );
    limited(
        |len| Credential::Basic(vec![0; len].into()),
        MAX_IDENTITY_LEN,
    );
    let hidden =
        |key, link| pseudonymous("mimi://a.example/d/1", "mimi://a.example/p/2", key, link);
    limited(|len| hidden(len, 0), MAX_SIGNATURE_KEY_LEN);
    limited(|len| hidden(0, len), MAX_IDENTITY_LINK_LEN);
    limited(
        |len| IdentityLinkTbe {
            pseudonymous_credential_signature: vec![0; len].into(),
            client_credential: Credential::Basic(Bytes::new()),
        },
        MAX_SIGNATURE_LEN,
    );
    limited(
        |len| AbusiveMessage {
            message_content: vec![0; len].into(),
            frank: frank(0),
            accepted_timestamp: Timestamp::default(),
        },
        MAX_REPORTED_CONTENT_LEN,
    );
    limited(|note| report(note, 0), MAX_NOTE_LEN);
    limited(|messages| report(0, messages), MAX_REPORTED_MESSAGES);
}

/// Asserts that `value` has one encoding, which takes one allocation, and that nothing close to it is taken
/// for it.
fn exact<T>(value: &T)
where
    T: Encode + Decode + PartialEq + std::fmt::Debug,
{
    let mut octets = Vec::new();
    let memory = allocation_counter::measure(|| octets = value.to_vec().unwrap());
    assert_eq!(memory.count_total, u64::from(!octets.is_empty()));
    assert_eq!(&T::from_slice(&octets).unwrap(), value);
    assert_eq!(&T::from_bytes(&Bytes::from(octets.clone())).unwrap(), value);
    for end in 0..octets.len() {
        assert!(T::from_slice(&octets[..end]).is_err(), "cut at {end}");
    }
    let longer = [&octets[..], &[0]].concat();
    let error = T::from_slice(&longer).unwrap_err();
    assert_eq!(error.rule, Rule::Trailing { count: 1 });
    for bit in 0..octets.len() * 8 {
        let mut altered = octets.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        if let Ok(other) = T::from_slice(&altered) {
            assert_ne!(&other, value, "bit {bit}");
            assert_eq!(other.to_vec().unwrap(), altered, "bit {bit}");
        }
    }
}

fn any_uri() -> impl Strategy<Value = MimiUri> {
    "mimi://[a-z]{1,8}\\.example/[ur]/[a-z]{1,9}".prop_map(|text| uri(&text))
}

fn any_octets() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..80).prop_map(Bytes::from)
}

fn any_frank() -> impl Strategy<Value = Frank> {
    (any::<[u8; 32]>(), any::<u16>(), any_octets()).prop_map(|(mac, suite, signature)| Frank {
        server_frank: mac,
        ciphersuite: CipherSuite(suite),
        integrity_signature: signature,
    })
}

fn any_context() -> impl Strategy<Value = ServerFrankingContext> {
    (any_uri(), any_uri(), any::<u64>()).prop_map(|(sender_uri, room_uri, time)| {
        ServerFrankingContext {
            sender_uri,
            room_uri,
            accepted_timestamp: Timestamp::from_millis(time),
        }
    })
}

fn any_credential() -> impl Strategy<Value = Credential> {
    prop_oneof![
        any_octets().prop_map(Credential::Basic),
        vec(any_octets(), 0..4).prop_map(Credential::X509),
        any_pseudonymous().prop_map(|hidden| Credential::Pseudonymous(Box::new(hidden))),
    ]
}

prop_compose! {
    fn any_pseudonymous()(
        domain in "[a-z]{1,8}\\.example",
        client in "/[dp]/[a-z0-9]{1,9}",
        user in "/[pu]/[a-z0-9]{1,9}",
        signature_public_key in any_octets(),
        identity_link_ciphertext in any_octets(),
    ) -> PseudonymousCredential {
        PseudonymousCredential {
            tbs: PseudonymousCredentialTbs {
                client_pseudonym: uri(&format!("mimi://{domain}{client}")),
                user_pseudonym: uri(&format!("mimi://{domain}{user}")),
                signature_public_key,
            },
            identity_link_ciphertext,
        }
    }
}

fn any_message() -> impl Strategy<Value = AbusiveMessage> {
    (any_octets(), any_frank(), any::<u64>()).prop_map(|(message_content, frank, time)| {
        AbusiveMessage {
            message_content,
            frank,
            accepted_timestamp: Timestamp::from_millis(time),
        }
    })
}

prop_compose! {
    fn any_report()(
        reporting_user in proptest::option::of(any_uri()),
        alleged_abuser in any_uri(),
        reason in any::<u8>(),
        note in ".{0,20}",
        messages in vec(any_message(), 0..3),
        extensions in proptest::collection::btree_map(any::<u16>(), any_octets(), 0..3),
    ) -> AbuseReport {
        AbuseReport {
            reporting_user,
            alleged_abuser,
            reason: AbuseType(reason),
            note,
            messages,
            extensions: extensions.into_iter().map(|(id, data)| (ComponentId(id), data)).collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn tags_are_exact(tag: [u8; 32]) {
        exact(&FrankingTag(tag));
    }

    #[test]
    fn franks_are_exact(frank in any_frank()) {
        exact(&frank);
    }

    #[test]
    fn contexts_are_exact(context in any_context()) {
        exact(&context);
    }

    #[test]
    fn what_the_hub_signs_is_exact(
        server_frank: [u8; 32],
        suite: u16,
        context in any_context(),
    ) {
        exact(&FrankingIntegrityTbs { server_frank, ciphersuite: CipherSuite(suite), context });
    }

    #[test]
    fn agents_are_exact(signature_key in any_octets(), credential in any_credential()) {
        exact(&FrankingAgent { signature_key, credential });
    }

    #[test]
    fn pseudonymous_credentials_are_exact(hidden in any_pseudonymous()) {
        exact(&hidden.tbs);
        exact(&hidden);
    }

    #[test]
    fn identity_links_are_exact(signature in any_octets(), credential in any_credential()) {
        exact(&IdentityLinkTbe {
            pseudonymous_credential_signature: signature,
            client_credential: credential,
        });
    }

    #[test]
    fn reports_are_exact(report in any_report()) {
        exact(&report);
    }

    #[test]
    fn noise_never_panics(noise in vec(any::<u8>(), 0..200)) {
        if let Ok(report) = AbuseReport::from_slice(&noise) {
            prop_assert_eq!(report.to_vec().unwrap(), &noise[..]);
        }
        if let Ok(agent) = FrankingAgent::from_slice(&noise) {
            prop_assert_eq!(agent.to_vec().unwrap(), &noise[..]);
        }
        if let Ok(evidence) = Evidence::from_slice(&noise) {
            prop_assert_eq!(evidence.to_vec().unwrap(), &noise[..]);
        }
    }
}

#[test]
fn evidence_is_exact() {
    let scene = Scene::new();
    let sent = scene.send(&scene.alice, "hello", 2_000);
    exact(&scene.receive(&sent, &scene.alice).unwrap());
}

#[test]
fn what_is_shown_is_short_and_holds_no_content() {
    let frank = Frank {
        server_frank: [0xab; 32],
        ciphersuite: CipherSuite(1),
        integrity_signature: Bytes::from_static(&[1, 2, 0xff]),
    };
    let mac = "ab".repeat(32);
    assert_eq!(
        format!("{frank:?}"),
        format!(
            "Frank {{ server_frank: {mac}, ciphersuite: CipherSuite(1), \
             integrity_signature: 0102ff }}"
        )
    );
    assert_eq!(CipherSuite(0x1f).to_string(), "0x001f");
    assert_eq!(
        format!("{:?}", FrankingTag([0xab; 32])),
        format!("FrankingTag({mac})")
    );
    let context = ServerFrankingContext {
        sender_uri: uri("mimi://a.example/u/al"),
        room_uri: uri("mimi://a.example/r/cellar"),
        accepted_timestamp: Timestamp::from_millis(5),
    };
    let tbs = FrankingIntegrityTbs {
        server_frank: [0xab; 32],
        ciphersuite: CipherSuite(1),
        context: context.clone(),
    };
    assert_eq!(
        format!("{tbs:?}"),
        format!(
            "FrankingIntegrityTbs {{ server_frank: {mac}, ciphersuite: CipherSuite(1), \
             context: {context:?} }}"
        )
    );
    let agent = FrankingAgent::basic(vec![1, 2], &uri("mimi://a.example"));
    assert_eq!(
        format!("{agent:?}"),
        "FrankingAgent { signature_key: 0102, credential: Basic(\"mimi://a.example\") }"
    );
    let chain = Credential::X509(vec![Bytes::new(), Bytes::new()]);
    assert_eq!(format!("{chain:?}"), "X509(2 certificates)");
    let hidden = pseudonymous("mimi://a.example/d/1", "mimi://a.example/p/2", 1, 2);
    assert_eq!(
        format!("{:?}", Credential::Pseudonymous(Box::new(hidden))),
        "PseudonymousCredential { tbs: PseudonymousCredentialTbs { client_pseudonym: \
         mimi://a.example/d/1, user_pseudonym: mimi://a.example/p/2, signature_public_key: 07 }, \
         identity_link_ciphertext: 2 octets }"
    );
    let link = IdentityLinkTbe {
        pseudonymous_credential_signature: Bytes::new(),
        client_credential: Credential::Basic(Bytes::from_static(b"alice")),
    };
    assert_eq!(format!("{link:?}"), "IdentityLinkTbe { .. }");
    let report = AbuseReport {
        reporting_user: None,
        alleged_abuser: uri("mimi://a.example/u/al"),
        reason: AbuseType(2),
        note: "a secret".into(),
        messages: vec![AbusiveMessage {
            message_content: Bytes::from_static(b"another secret"),
            frank: frank.clone(),
            accepted_timestamp: Timestamp::from_millis(5),
        }],
        extensions: ComponentMap::new(),
    };
    let shown = format!("{report:?}");
    assert!(shown.starts_with("AbuseReport { reporting_user: None, "));
    assert!(shown.contains("note: 8 octets") && shown.contains("message_content: 14 octets"));
    assert!(!shown.contains("secret"), "{shown}");
}

#[test]
fn a_credential_tells_its_type_and_what_is_inside() {
    let basic = Credential::Basic(Bytes::from_static(b"id"));
    assert_eq!(basic.credential_type(), 1);
    assert_eq!(basic.content().unwrap(), "id");
    let chain = Credential::X509(vec![Bytes::from_static(b"ee"), Bytes::from_static(b"ca")]);
    assert_eq!(chain.credential_type(), 2);
    assert_eq!(chain.content().unwrap(), "\x02ee\x02ca");
    // As they stand in a credential behind the type and the length.
    assert_eq!(&chain.to_vec().unwrap()[3..], chain.content().unwrap());
    let hidden = pseudonymous("mimi://a.example/d/1", "mimi://a.example/p/2", 1, 2);
    let octets = hidden.to_vec().unwrap();
    let hidden = Credential::Pseudonymous(Box::new(hidden));
    assert_eq!(hidden.credential_type(), 0xf0a2);
    assert_eq!(hidden.content().unwrap(), octets);
    assert_eq!(&hidden.to_vec().unwrap()[3..], octets);
}
