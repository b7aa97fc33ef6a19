//! Whatever a parameter is, its URL leads back to it; and a request that is not
//! quite one is none.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Method, Request, Uri};
use mimi_content::MimiUri;
use mimi_protocol::http::*;
use proptest::prelude::*;

use crate::scene::*;

/// Any name that a URI can have, as a person would type it.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,10}", "\\PC{1,20}", "[%/?#&{}+ .:;=@!-]{1,10}"]
}

fn domain() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,8}(\\.[a-z][a-z0-9]{0,8}){0,3}"
}

fn any_uri(
    make: impl Fn(&str, &str) -> Option<MimiUri> + 'static,
) -> impl Strategy<Value = MimiUri> {
    (domain(), name()).prop_filter_map("no URI", move |(domain, name)| make(&domain, &name))
}

fn any_room() -> impl Strategy<Value = MimiUri> {
    any_uri(|domain, name| MimiUri::new_room(domain, name).ok())
}

fn any_user() -> impl Strategy<Value = MimiUri> {
    prop_oneof![
        any_uri(|domain, name| MimiUri::new_user(domain, name).ok()),
        any_uri(|domain, name| MimiUri::new_pseudonym(domain, name).ok()),
    ]
}

/// Any endpoint with any parameter.
fn any_endpoint() -> impl Strategy<Value = Endpoint> {
    let party = || {
        prop_oneof![
            any_user().prop_map(Party::User),
            domain().prop_map(Party::Domain)
        ]
    };
    prop_oneof![
        any_user().prop_map(|target| Endpoint::KeyMaterial { target }),
        any_room().prop_map(|room| Endpoint::Update { room }),
        any_room().prop_map(|room| Endpoint::Notify { room }),
        any_room().prop_map(|room| Endpoint::SubmitMessage { room }),
        any_room().prop_map(|room| Endpoint::GroupInfo { room }),
        party().prop_map(|target| Endpoint::RequestConsent { target }),
        party().prop_map(|requester| Endpoint::UpdateConsent { requester }),
        domain().prop_map(|domain| Endpoint::IdentifierQuery { domain }),
        any_room().prop_map(|room| Endpoint::ReportAbuse { room }),
    ]
}

/// What a URL that names only the domain says.
fn by_domain(endpoint: &Endpoint) -> Endpoint {
    let domain = |party: &Party| Party::Domain(party.domain().to_owned());
    match endpoint {
        Endpoint::RequestConsent { target } => Endpoint::RequestConsent {
            target: domain(target),
        },
        Endpoint::UpdateConsent { requester } => Endpoint::UpdateConsent {
            requester: domain(requester),
        },
        other => other.clone(),
    }
}

fn names_a_domain(endpoint: &Endpoint) -> bool {
    matches!(
        endpoint,
        Endpoint::RequestConsent {
            target: Party::Domain(_)
        } | Endpoint::UpdateConsent {
            requester: Party::Domain(_)
        }
    )
}

/// Parts of a template around its variable.
fn template_part() -> impl Strategy<Value = String> {
    "([a-zA-Z0-9_~!$'()*,;:@-]|%[0-9A-F]{2}){0,6}"
}

/// One octet of a text taken for another.
fn mutated(text: &str, at: &prop::sample::Index, octet: u8) -> Option<String> {
    let mut octets = text.as_bytes().to_vec();
    let at = at.index(octets.len());
    octets[at] = octet;
    String::from_utf8(octets).ok()
}

/// Escapes are the same in either case, and so is what need not be one.
fn decoded(uri: &Uri) -> String {
    let text = percent_encoding::percent_decode_str(uri.path_and_query().unwrap().as_str());
    text.decode_utf8().unwrap().into_owned()
}

/// All texts of one to five letters, of two there are.
fn values() -> Vec<String> {
    let mut values = vec![String::new()];
    for at in 0..31 {
        for letter in ['a', 'b'] {
            values.push(format!("{}{letter}", values[at]));
        }
    }
    values.split_off(1)
}

/// Two templates are refused together if, and only if, some values make one path of
/// them.
#[test]
fn exactly_what_can_be_the_same_is_ambiguous() {
    let parts = ["", "a", "b", "ab", "a/", "/a", "a/b"];
    let templates: Vec<_> = parts
        .iter()
        .flat_map(|before| parts.map(|after| (*before, after)))
        .collect();
    let values = values();
    let paths = |(before, after)| -> BTreeSet<String> {
        let path = |value| format!("{before}{value}{after}");
        values.iter().map(path).collect()
    };
    let paths: Vec<_> = templates.iter().map(|template| paths(*template)).collect();
    let mut ambiguous = 0;
    for (one, some) in templates.iter().zip(&paths) {
        for (other, others) in templates.iter().zip(&paths) {
            let document = format!(
                r#"{{"proxyDownload":"https://a.example/{}{{downloadUrl}}{}",
                    "identifierQuery":"https://a.example/{}{{domain}}{}"}}"#,
                one.0, one.1, other.0, other.1
            );
            let directory = Directory::parse("a.example", document.as_bytes()).unwrap();
            let refused = OwnDirectory::new(directory).is_err();
            assert_eq!(refused, !some.is_disjoint(others), "{document}");
            ambiguous += usize::from(refused);
        }
    }
    assert_eq!(ambiguous, 257);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_parameter_goes_there_and_back(endpoint in any_endpoint()) {
        let sent = request(&theirs(), PEER, &endpoint, Bytes::new()).unwrap();
        let segments = sent.uri().path().split('/').count();
        prop_assert_eq!(segments, 4, "{}", sent.uri());
        prop_assert_eq!(read(&sent, &own()).0, by_domain(&endpoint));
        // The other names of the same parameters.
        let sent = request(&draft(), PEER, &endpoint, Bytes::new());
        if names_a_domain(&endpoint) {
            let endpoint = endpoint.kind().name();
            let error = DirectoryError::UserNeeded { endpoint };
            prop_assert_eq!(sent.unwrap_err(), RequestError::Directory(error));
        } else {
            let own = OwnDirectory::new(draft()).unwrap();
            prop_assert_eq!(read(&sent.unwrap(), &own).0, endpoint);
        }
    }

    #[test]
    fn any_template_leads_there_and_back(
        (before, after) in (template_part(), template_part()),
        query in any::<bool>(),
        room in any_room(),
    ) {
        let mark = if query { "?" } else { "/" };
        let url = format!("https://a.example/v1{mark}{before}{{roomId}}{after}");
        let document = format!(r#"{{"notify":"{url}"}}"#);
        let directory = Directory::parse("a.example", document.as_bytes());
        // Dots alone are no segment.
        prop_assume!(directory.is_ok());
        let own = OwnDirectory::new(directory.unwrap()).unwrap();
        let endpoint = Endpoint::Notify { room };
        let sent = request(own.directory(), PEER, &endpoint, Bytes::new()).unwrap();
        prop_assert_eq!(read(&sent, &own).0, endpoint);
    }

    #[test]
    fn any_url_of_an_asset_goes_there_and_back(url in "(https://[a-z.]{1,9}/)?\\PC{1,60}") {
        let sent = proxy_request(&theirs(), PEER, &url).unwrap();
        let segment = sent.uri().path().strip_prefix("/v1/proxyDownload/").unwrap();
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~%".contains(&b);
        prop_assert!(segment.bytes().all(unreserved));
        let read = parse_request(&sent, &own(), PEER).unwrap().0;
        prop_assert_eq!(read, Incoming::ProxyDownload { url });
    }

    /// With an octet of method, path or a header changed, a request is refused, or
    /// says the same, or names what its path then names.
    #[test]
    fn a_changed_request_is_refused_or_says_what_is_written(
        endpoint in any_endpoint(),
        field in 0..6usize,
        at in any::<prop::sample::Index>(),
        octet in prop_oneof![any::<u8>(), 0x20..0x7fu8],
    ) {
        let endpoint = by_domain(&endpoint);
        let body = Bytes::from_static(b"body");
        let sent = request(&theirs(), PEER, &endpoint, body.clone()).unwrap();
        let whole = sent.uri().to_string();
        let path = sent.uri().path().to_owned();
        let mut fields = ["POST", &path, "mimi.a.example", "mimi@b.example", "4", &whole]
            .map(str::to_owned);
        let Some(changed) = mutated(&fields[field], &at, octet) else {
            return Ok(());
        };
        fields[field] = changed;
        let [method, path, host, from, length, whole] = fields;
        let target = if field == 5 { whole } else { path };
        let received = Request::builder()
            .method(method.as_str())
            .uri(target)
            .header("host", host)
            .header("from", from)
            .header("content-length", length)
            .body(body.clone());
        // Some are none that a server would hand on.
        let Ok(received) = received else { return Ok(()) };
        match parse_request(&received, &own(), PEER) {
            Ok((Incoming::Endpoint(read), taken)) => {
                prop_assert_eq!(received.method(), Method::POST);
                prop_assert_eq!(taken, body);
                let again = theirs().expand(&read).unwrap();
                prop_assert_eq!(decoded(&again), decoded(received.uri()));
                prop_assert_eq!(read.kind(), endpoint.kind());
                let parameter = field == 1 || field == 5;
                prop_assert!(parameter || read == endpoint);
            }
            Ok(other) => prop_assert!(false, "{other:?}"),
            Err(refusal) => {
                let status = refusal.to_response().status();
                prop_assert!(status.is_client_error());
            }
        }
    }
}
