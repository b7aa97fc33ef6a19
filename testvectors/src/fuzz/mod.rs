//! What any input must stand, one function for each fuzz target.
//!
//! A check returns if all is well and panics if not. What decodes must encode
//! to the octets it came from, and nothing may panic, hang or take memory
//! beyond the size of its input; a fuzzer sees the latter two.

mod agreement;
mod assets;
mod cbor;
mod content;
mod exact;
mod fields;
mod franking;
mod http;
mod markdown;
mod policy;
mod timeline;

use mimi_content::{MimiUri, UriKind};

pub use agreement::{is_authorised, policy_agreement};
pub use assets::{assets_open, is_opened};
pub use content::{extension_values, message_derived_values, message_status, mimi_content};
pub use exact::{FRANKING, Kind, POLICY, WIRE, select, tls_franking, tls_policy, tls_wire};
pub(crate) use franking::encoded_reports;
pub use franking::{franking_report, proven_messages};
pub(crate) use http::with_value;
pub use http::{http_directory, http_request, http_response, http_template};
pub use markdown::markdown;
pub use policy::{accepted_commits, policy_resolve};
pub use timeline::timeline;

/// A check of one input.
pub type Check = fn(&[u8]);

/// The checks, by the names of their targets.
pub const TARGETS: [(&str, Check); 18] = [
    ("assets_open", assets_open),
    ("extension_values", extension_values),
    ("franking_report", franking_report),
    ("http_directory", http_directory),
    ("http_request", http_request),
    ("http_response", http_response),
    ("http_template", http_template),
    ("markdown", markdown),
    ("message_derived_values", message_derived_values),
    ("message_status", message_status),
    ("mimi_content", mimi_content),
    ("mimi_uri", mimi_uri),
    ("policy_agreement", policy_agreement),
    ("policy_resolve", policy_resolve),
    ("timeline", timeline),
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
