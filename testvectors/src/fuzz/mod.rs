//! What any input must stand, one function for each fuzz target.
//!
//! A check returns if all is well and panics if not. What decodes must encode
//! to the octets it came from, and nothing may panic, hang or take memory
//! beyond the size of its input; a fuzzer sees the latter two.

mod exact;
mod http;
mod policy;

use mimi_content::{ExtensionValue, MessageId, MimiContent, MimiUri, UriKind};

pub use exact::{FRANKING, Kind, POLICY, WIRE, select, tls_franking, tls_policy, tls_wire};
pub use http::http_request;
pub use policy::{accepted_commits, policy_resolve};

/// A check of one input.
pub type Check = fn(&[u8]);

/// The checks, by the names of their targets.
pub const TARGETS: [(&str, Check); 7] = [
    ("http_request", http_request),
    ("mimi_content", mimi_content),
    ("mimi_uri", mimi_uri),
    ("policy_resolve", policy_resolve),
    ("tls_franking", tls_franking),
    ("tls_policy", tls_policy),
    ("tls_wire", tls_wire),
];

/// A URI: what parses is its own normal form, its parts make it again, and
/// what a person could have typed leads to it.
pub fn mimi_uri(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(uri) = MimiUri::parse(text) else {
        // Whatever is typed as a name makes a URI that parses, or none.
        if let Ok(made) = MimiUri::new_room("a.example", text) {
            assert_eq!(MimiUri::parse(made.as_str()).as_ref(), Ok(&made));
            assert_eq!(made.decoded().as_deref(), Some(text));
        }
        if let Ok(made) = MimiUri::new_provider(text) {
            assert_eq!(MimiUri::parse(made.as_str()).as_ref(), Ok(&made));
            assert_eq!(MimiUri::new_provider(made.domain()).as_ref(), Ok(&made));
        }
        return;
    };
    assert_eq!(uri.as_str(), text);
    let host = uri.domain();
    let name = uri.decoded().unwrap_or_default();
    let again = match uri.kind() {
        UriKind::Provider => MimiUri::new_provider(host),
        UriKind::User(_) => MimiUri::new_user(host, &name),
        UriKind::Pseudonym(_) => MimiUri::new_pseudonym(host, &name),
        UriKind::Client { user: None, .. } => MimiUri::new_client(host, None, &name),
        UriKind::Client { user: Some(_), .. } => {
            let user = uri.user().unwrap();
            assert_eq!(MimiUri::parse(user.as_str()).as_ref(), Ok(&user));
            MimiUri::new_client(host, user.decoded().as_deref(), &name)
        }
        UriKind::Room(_) => MimiUri::new_room(host, &name),
        UriKind::Group(_) => MimiUri::new_group(host, &name),
        UriKind::Team(_) => MimiUri::new_team(host, &name),
        other => panic!("{other:?} is new here"),
    };
    assert_eq!(again.as_ref(), Ok(&uri));
    let provider = uri.to_provider();
    assert_eq!(MimiUri::parse(provider.as_str()).as_ref(), Ok(&provider));
}

/// A message: what decodes encodes to the same octets, shows nothing that
/// people wrote, and has an ID that reads back.
pub fn mimi_content(data: &[u8]) {
    let message = match MimiContent::decode(data) {
        Ok(message) => message,
        Err(error) => {
            assert!(error.offset <= data.len(), "{error}");
            return;
        }
    };
    assert_eq!(message.encode(), data);
    for (_, value) in message.extensions.iter() {
        let octets = value.as_cbor();
        assert_eq!(ExtensionValue::from_cbor(octets).as_ref(), Ok(&value));
    }
    let salt = &message.salt;
    let id = MessageId::compute("mimi://a.example/u/a", "mimi://a.example/r/r", data, salt);
    let id = id.unwrap();
    assert_eq!(id.to_string().parse(), Ok(id));
}
