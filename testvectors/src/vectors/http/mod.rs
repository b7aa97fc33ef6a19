//! `http`: directories, requests and answers.

mod cases;

use bytes::Bytes;
use http::{Request, Response};
use mimi_content::Timestamp;
use mimi_protocol::engine::Answer;
use mimi_protocol::http::{
    Directory, DirectoryError, Endpoint, EndpointKind, HttpFailure, HttpRefusal, Incoming,
    OwnDirectory, Party, RequestError, RetryAfter, directory_request, parse_directory_response,
    parse_proxy_response_head, parse_request, parse_response, proxy_request, request,
};
use serde_json::{Value, json};

pub(super) use self::cases::family;
use super::procedures::{list, octets, text};
use super::{Outcome, Refused};
use crate::fuzz::with_value;
use crate::hex;

const DIRECTORY: &str = "directory";
const PROXY_DOWNLOAD: &str = "proxyDownload";

/// Reads a document, as one's own if `own` says so.
pub(super) fn directory(input: &Value) -> Outcome {
    let document = text(input, "document").to_owned();
    let spaces = usize::try_from(input["spaces"].as_u64().unwrap()).unwrap();
    let document = document + &" ".repeat(spaces);
    let directory = Directory::parse(text(input, "domain"), document.as_bytes());
    let directory = directory.map_err(|error| unusable(&error))?;
    let made = directory.to_json();
    if input["own"].as_bool().unwrap() {
        OwnDirectory::new(directory).map_err(|error| unusable(&error))?;
    }
    Ok(json!({ "document": made }))
}

/// Makes a request.
pub(super) fn make(input: &Value) -> Outcome {
    let (from, value) = (text(input, "from"), text(input, "value"));
    let name = text(input, "endpoint");
    let body = Bytes::from(octets(input, "body"));
    let made = match (name, kind(name)) {
        (DIRECTORY, _) => directory_request(value, from),
        (PROXY_DOWNLOAD, _) => proxy_request(&theirs(input)?, from, value),
        (_, kind) => {
            let endpoint = with_value(kind.unwrap(), value).unwrap();
            request(&theirs(input)?, from, &endpoint, body)
        }
    };
    let made = made.map_err(|error| match error {
        RequestError::Directory(error) => unusable(&error),
        RequestError::Domain => Refused::new("domain", None),
        other => panic!("{other}"),
    })?;
    let headers: Vec<_> = made
        .headers()
        .iter()
        .map(|(name, value)| [name.as_str(), value.to_str().unwrap()])
        .collect();
    Ok(json!({
        "method": made.method().as_str(),
        "url": made.uri().to_string(),
        "headers": headers,
        "body": hex::encode(made.body()),
    }))
}

/// Reads a request.
pub(super) fn receive(input: &Value) -> Outcome {
    let own = OwnDirectory::new(theirs(input)?).unwrap();
    let mut builder = Request::builder()
        .method(text(input, "method"))
        .uri(text(input, "target"));
    for (name, value) in headers(input) {
        builder = builder.header(name, value);
    }
    let request = builder.body(Bytes::from(octets(input, "body"))).unwrap();
    let parsed = parse_request(&request, &own, text(input, "peer"));
    let (incoming, body) = parsed.map_err(|error| Refused {
        status: Some(error.to_response().status().as_u16()),
        ..Refused::new(refusal(&error), None)
    })?;
    let (endpoint, value) = match &incoming {
        Incoming::Directory => (DIRECTORY, None),
        Incoming::ProxyDownload { url } => (PROXY_DOWNLOAD, Some(url.clone())),
        Incoming::Endpoint(endpoint) => (endpoint.kind().name(), Some(parameter(endpoint))),
        other => panic!("{other:?} is new here"),
    };
    Ok(json!({
        "endpoint": endpoint,
        "value": value,
        "body": hex::encode(&body),
        "max_body": incoming.max_body(),
    }))
}

/// Reads an answer.
pub(super) fn answer(input: &Value) -> Outcome {
    let name = text(input, "endpoint");
    let code = u16::try_from(input["status"].as_u64().unwrap()).unwrap();
    let mut builder = Response::builder().status(code);
    for (name, value) in headers(input) {
        builder = builder.header(name, value);
    }
    let response = builder.body(Bytes::from(octets(input, "body"))).unwrap();
    let now = Timestamp::from_millis(text(input, "now").parse().unwrap());
    let taken: Result<Bytes, HttpFailure> = match (name, kind(name)) {
        (DIRECTORY, _) => parse_directory_response(text(input, "domain"), &response)
            .map(|directory| directory.to_json().into()),
        (PROXY_DOWNLOAD, _) => {
            let max = usize::try_from(input["max"].as_u64().unwrap()).unwrap();
            parse_proxy_response_head(&response, max).map(|()| response.into_body())
        }
        (_, kind) => parse_response(kind.unwrap(), &response),
    };
    let told = match taken {
        Ok(body) => Answer::Done(body),
        Err(failure) => failure.to_answer(now),
    };
    Ok(match told {
        Answer::Done(body) => json!({ "told": "done", "body": hex::encode(&body) }),
        Answer::Refused { status } => json!({ "told": "refused", "status": status }),
        Answer::Retry { not_before } => {
            let not_before = not_before.map(|time| time.as_millis().to_string());
            json!({ "told": "retry", "not_before": not_before })
        }
    })
}

/// Reads the value of `Retry-After`.
pub(super) fn retry_after(input: &Value) -> Outcome {
    match RetryAfter::parse(text(input, "value")) {
        Some(RetryAfter::Seconds(seconds)) => Ok(json!({ "seconds": seconds.to_string() })),
        Some(RetryAfter::At(time)) => Ok(json!({ "at": time.as_millis().to_string() })),
        None => Err(Refused::new("retry_after", None)),
    }
}

fn theirs(input: &Value) -> Result<Directory, Refused> {
    let document = text(input, "document").as_bytes();
    Directory::parse(text(input, "domain"), document).map_err(|error| unusable(&error))
}

fn kind(name: &str) -> Option<EndpointKind> {
    let mut kinds = EndpointKind::ALL.into_iter();
    kinds.find(|kind| kind.name() == name)
}

fn headers(input: &Value) -> impl Iterator<Item = (&str, &str)> {
    list(input, "headers").map(|header| (header[0].as_str().unwrap(), header[1].as_str().unwrap()))
}

fn parameter(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::KeyMaterial { target: uri }
        | Endpoint::Update { room: uri }
        | Endpoint::Notify { room: uri }
        | Endpoint::SubmitMessage { room: uri }
        | Endpoint::GroupInfo { room: uri }
        | Endpoint::ReportAbuse { room: uri } => uri.to_string(),
        Endpoint::RequestConsent { target: party }
        | Endpoint::UpdateConsent { requester: party } => match party {
            Party::User(user) => user.to_string(),
            Party::Domain(domain) => domain.clone(),
        },
        Endpoint::IdentifierQuery { domain } => domain.clone(),
        other => panic!("{other:?} is new here"),
    }
}

fn unusable(error: &DirectoryError) -> Refused {
    let rule = match error {
        DirectoryError::TooLong => "too_long",
        DirectoryError::Json(_) => "json",
        DirectoryError::Template { .. } => "template",
        DirectoryError::Domain => "domain",
        DirectoryError::NotOffered { .. } => "not_offered",
        DirectoryError::DownloadUrl => "download_url",
        DirectoryError::Ambiguous { .. } => "ambiguous",
        DirectoryError::UserNeeded { .. } => "user_needed",
        other => panic!("{other} is new here"),
    };
    Refused::new(rule, None)
}

fn refusal(error: &HttpRefusal) -> &'static str {
    match error {
        HttpRefusal::Header("Host") => "host",
        HttpRefusal::Header("From") => "from",
        HttpRefusal::Header("Content-Length") => "content_length",
        HttpRefusal::NotThePeer => "not_the_peer",
        HttpRefusal::NotThisProvider => "not_this_provider",
        HttpRefusal::Scheme => "scheme",
        HttpRefusal::NoSuchEndpoint => "no_such_endpoint",
        HttpRefusal::Parameter { .. } => "parameter",
        HttpRefusal::UrlTooLong => "url_too_long",
        HttpRefusal::Method { .. } => "method",
        HttpRefusal::TooLarge { .. } => "too_large",
        other => panic!("{other} is not of a head"),
    }
}
