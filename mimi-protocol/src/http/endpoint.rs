//! The endpoints: what each is called, takes and answers.

use ::http::StatusCode;
use mimi_content::MimiUri;

use super::limits::{MAX_GROUP_BODY, MAX_MESSAGE_BODY, MAX_REPORT_BODY, MAX_SMALL_BODY};
use crate::wire::{Endpoint, Party};

/// Which endpoint (PROTO, "Directory").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EndpointKind {
    /// PROTO, "Fetch Key Material".
    KeyMaterial,
    /// PROTO, "Update Room State".
    Update,
    /// PROTO, "Fanout Messages and Room Events".
    Notify,
    /// PROTO, "Submit a Message".
    SubmitMessage,
    /// PROTO, "Claim group key information".
    GroupInfo,
    /// PROTO, "Convey explicit consent".
    RequestConsent,
    /// PROTO, "Convey explicit consent".
    UpdateConsent,
    /// PROTO, "Find internal address".
    IdentifierQuery,
    /// PROTO, "Report abuse".
    ReportAbuse,
}

impl EndpointKind {
    /// All of them, in the order of the directory document.
    pub const ALL: [EndpointKind; 9] = [
        EndpointKind::KeyMaterial,
        EndpointKind::Update,
        EndpointKind::Notify,
        EndpointKind::SubmitMessage,
        EndpointKind::GroupInfo,
        EndpointKind::RequestConsent,
        EndpointKind::UpdateConsent,
        EndpointKind::IdentifierQuery,
        EndpointKind::ReportAbuse,
    ];

    /// Its member of the directory document.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EndpointKind::KeyMaterial => "keyMaterial",
            EndpointKind::Update => "update",
            EndpointKind::Notify => "notify",
            EndpointKind::SubmitMessage => "submitMessage",
            EndpointKind::GroupInfo => "groupInfo",
            EndpointKind::RequestConsent => "requestConsent",
            EndpointKind::UpdateConsent => "updateConsent",
            EndpointKind::IdentifierQuery => "identifierQuery",
            EndpointKind::ReportAbuse => "reportAbuse",
        }
    }

    /// The names its URL template may use, the usual one first. The draft's
    /// text and its directory differ for consent; both are understood.
    #[must_use]
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            EndpointKind::KeyMaterial => &["targetUser"],
            EndpointKind::RequestConsent => &["targetDomain", "targetUser"],
            EndpointKind::UpdateConsent => &["requesterDomain", "requesterUser"],
            EndpointKind::IdentifierQuery => &["domain"],
            _ => &["roomId"],
        }
    }

    /// The status of success: 200 with a struct as the body, or 201 without a
    /// body.
    #[must_use]
    pub fn success(self) -> StatusCode {
        match self {
            EndpointKind::Notify
            | EndpointKind::RequestConsent
            | EndpointKind::UpdateConsent
            | EndpointKind::ReportAbuse => StatusCode::CREATED,
            _ => StatusCode::OK,
        }
    }

    /// Most octets of a request body.
    #[must_use]
    pub fn max_request_body(self) -> usize {
        match self {
            EndpointKind::Update | EndpointKind::Notify => MAX_GROUP_BODY,
            EndpointKind::SubmitMessage | EndpointKind::UpdateConsent => MAX_MESSAGE_BODY,
            EndpointKind::ReportAbuse => MAX_REPORT_BODY,
            _ => MAX_SMALL_BODY,
        }
    }

    /// Most octets of a response body; 0 where success has none, and what comes
    /// nevertheless need not be read.
    #[must_use]
    pub fn max_response_body(self) -> usize {
        match self {
            EndpointKind::GroupInfo => MAX_GROUP_BODY,
            EndpointKind::KeyMaterial | EndpointKind::Update | EndpointKind::IdentifierQuery => {
                MAX_MESSAGE_BODY
            }
            EndpointKind::SubmitMessage => MAX_SMALL_BODY,
            EndpointKind::Notify
            | EndpointKind::RequestConsent
            | EndpointKind::UpdateConsent
            | EndpointKind::ReportAbuse => 0,
        }
    }
}

impl Endpoint {
    /// Which endpoint.
    #[must_use]
    pub fn kind(&self) -> EndpointKind {
        match self {
            Endpoint::KeyMaterial { .. } => EndpointKind::KeyMaterial,
            Endpoint::Update { .. } => EndpointKind::Update,
            Endpoint::Notify { .. } => EndpointKind::Notify,
            Endpoint::SubmitMessage { .. } => EndpointKind::SubmitMessage,
            Endpoint::GroupInfo { .. } => EndpointKind::GroupInfo,
            Endpoint::RequestConsent { .. } => EndpointKind::RequestConsent,
            Endpoint::UpdateConsent { .. } => EndpointKind::UpdateConsent,
            Endpoint::IdentifierQuery { .. } => EndpointKind::IdentifierQuery,
            Endpoint::ReportAbuse { .. } => EndpointKind::ReportAbuse,
        }
    }

    /// What stands for `{parameter}` in a URL, before percent-encoding: users
    /// and rooms as their whole URI, domains bare. `None` if a user is asked
    /// for and only the domain is known.
    pub(super) fn value(&self, parameter: &str) -> Option<&str> {
        match self {
            Endpoint::KeyMaterial { target: uri }
            | Endpoint::Update { room: uri }
            | Endpoint::Notify { room: uri }
            | Endpoint::SubmitMessage { room: uri }
            | Endpoint::GroupInfo { room: uri }
            | Endpoint::ReportAbuse { room: uri } => Some(uri.as_str()),
            Endpoint::RequestConsent { target: party }
            | Endpoint::UpdateConsent { requester: party } => match party {
                Party::User(user) if parameter.ends_with("User") => Some(user.as_str()),
                Party::Domain(_) if parameter.ends_with("User") => None,
                _ => Some(party.domain()),
            },
            Endpoint::IdentifierQuery { domain } => Some(domain),
        }
    }

    /// The endpoint with a parameter as it came in a URL; `None` if that is no
    /// URI in normal form, or no room, user or domain.
    pub(super) fn with_value(kind: EndpointKind, value: &str) -> Option<Self> {
        Some(match kind {
            EndpointKind::KeyMaterial => Endpoint::KeyMaterial {
                target: user(value)?,
            },
            EndpointKind::Update => Endpoint::Update { room: room(value)? },
            EndpointKind::Notify => Endpoint::Notify { room: room(value)? },
            EndpointKind::SubmitMessage => Endpoint::SubmitMessage { room: room(value)? },
            EndpointKind::GroupInfo => Endpoint::GroupInfo { room: room(value)? },
            EndpointKind::RequestConsent => Endpoint::RequestConsent {
                target: Party::parse(value)?,
            },
            EndpointKind::UpdateConsent => Endpoint::UpdateConsent {
                requester: Party::parse(value)?,
            },
            EndpointKind::IdentifierQuery => Endpoint::IdentifierQuery {
                domain: domain(value)?,
            },
            EndpointKind::ReportAbuse => Endpoint::ReportAbuse { room: room(value)? },
        })
    }
}

impl Party {
    /// The provider's domain.
    #[must_use]
    pub fn domain(&self) -> &str {
        match self {
            Party::User(user) => user.domain(),
            Party::Domain(domain) => domain,
        }
    }

    fn parse(value: &str) -> Option<Self> {
        if value.contains(':') {
            return user(value).map(Party::User);
        }
        domain(value).map(Party::Domain)
    }
}

fn room(value: &str) -> Option<MimiUri> {
    let uri = MimiUri::parse(value).ok()?;
    matches!(uri.kind(), mimi_content::UriKind::Room(_)).then_some(uri)
}

fn user(value: &str) -> Option<MimiUri> {
    use mimi_content::UriKind::{Pseudonym, User};
    let uri = MimiUri::parse(value).ok()?;
    matches!(uri.kind(), User(_) | Pseudonym(_)).then_some(uri)
}

/// A domain as the authority of a MIMI URI has it.
pub(super) fn domain(value: &str) -> Option<String> {
    let uri = MimiUri::parse(&format!("mimi://{value}")).ok()?;
    (uri.domain() == value && !value.is_empty()).then(|| value.to_owned())
}
