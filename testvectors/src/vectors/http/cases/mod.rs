//! What is in the file.

mod answers;
mod directories;
mod made;
mod received;

use crate::vectors::{Case, Family};

/// A header.
type Header = (&'static str, &'static str);

/// The directory of a.example, with a URL for each endpoint, no two alike in form.
const OWN: &str = r#"{
  "keyMaterial": "https://mimi.a.example/v1/keyMaterial/{targetUser}",
  "update": "https://mimi.a.example/v1/update{roomId}",
  "notify": "https://mimi.a.example:8443/notify?room={roomId}",
  "submitMessage": "https://mimi.a.example/rooms/{roomId}/submitMessage",
  "groupInfo": "https://mimi.a.example/v1/groupInfo/{roomId}",
  "requestConsent": "https://mimi.a.example/v1/requestConsent/{targetUser}",
  "updateConsent": "https://mimi.a.example/v1/updateConsent/{requesterDomain}",
  "identifierQuery": "https://mimi.a.example/v1/identifierQuery/{domain}",
  "reportAbuse": "https://abuse.a.example/v1/reportAbuse/{roomId}",
  "proxyDownload": "https://assets.a.example/proxy/{downloadUrl}"
}"#;

/// The other names of the parameters, and some endpoints left out.
const SOME: &str = r#"{
  "requestConsent": "https://a.example/requestConsent/{targetDomain}",
  "updateConsent": "https://a.example/updateConsent/{requesterUser}",
  "more": {"update": "http://a.example/"}
}"#;

const ROOM: &str = "mimi://a.example/r/caf%C3%A9";
const USER: &str = "mimi://a.example/u/alice";

pub(in crate::vectors) fn family() -> Family {
    let cases: [Vec<Case>; 6] = [
        directories::cases(),
        made::cases(),
        received::taken(),
        received::refused(),
        answers::cases(),
        answers::times(),
    ];
    Family {
        family: "http".to_owned(),
        about: "Directories, requests and answers over HTTP (PROTO, \"Transport layer\", \
                \"Directory\")"
            .to_owned(),
        cases: cases.concat(),
    }
}
