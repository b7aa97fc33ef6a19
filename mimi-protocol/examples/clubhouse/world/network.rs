//! The network: HTTP exchanges between providers, as function calls.

use ::http::Response;
use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_protocol::engine::{Answer, Seq};
use mimi_protocol::http::{self, EndpointKind, Incoming};
use mimi_protocol::wire::{
    Decode, Endpoint, GroupInfoResponse, KeyMaterialResponse, KeyMaterialUserCode,
    SubmitMessageResponse, UpdateOutcome, UpdateRoomResponse,
};
use mimi_protocol::{follower, hub, provider as keys};

use super::{Sighting, World};

impl World {
    /// An HTTP exchange between two providers. `from` is the follower's request,
    /// for answers that come later.
    pub(super) fn call(
        &mut self,
        from: &str,
        to: &str,
        endpoint: &Endpoint,
        body: Bytes,
        request: Option<(MimiUri, Seq)>,
    ) -> Option<Answer> {
        if self.unreachable.as_deref() == Some(to) {
            return Some(Answer::Retry { not_before: None });
        }
        let own = self.providers[to].directory.clone();
        let http = match http::request(own.directory(), from, endpoint, body) {
            Ok(http) => http,
            Err(error) => return Some(error.to_answer()),
        };
        let what = format!("{} {}", http.method(), http.uri().path());
        let octets = http.body().len();
        let place = self.seen.len();
        self.seen.push(Sighting {
            from: from.to_owned(),
            to: to.to_owned(),
            what,
            octets,
            outcome: "passed on".to_owned(),
        });
        let response = match http::parse_request(&http, &own, from) {
            Ok((Incoming::Endpoint(endpoint), body)) => {
                self.serve(from, to, &endpoint, body, request)?
            }
            Ok(_) => status(404),
            Err(refusal) => refusal.to_response(),
        };
        self.seen[place].outcome = describe(endpoint.kind(), &response);
        if let Some((kind, left)) = &mut self.lost_answers
            && *kind == endpoint.kind()
            && *left > 0
        {
            *left -= 1;
            self.seen[place].outcome = "the answer got lost".to_owned();
            return Some(Answer::Retry { not_before: None });
        }
        Some(http::answer(endpoint.kind(), &response, self.now()))
    }

    /// Serves a request; `None` when the answer comes later.
    fn serve(
        &mut self,
        from: &str,
        to: &str,
        endpoint: &Endpoint,
        body: Bytes,
        request: Option<(MimiUri, Seq)>,
    ) -> Option<Response<Bytes>> {
        let kind = endpoint.kind();
        Some(match endpoint {
            Endpoint::Notify { room } => self.serve_notify(from, to, room, body),
            Endpoint::KeyMaterial { target } if target.domain() == to && request.is_none() => {
                self.serve_key_material(from, to, target, body)
            }
            Endpoint::RequestConsent { .. } => {
                let from = from.to_owned();
                self.serve_consent(to, kind, keys::Input::ConsentRequested { from, body })
            }
            Endpoint::UpdateConsent { .. } => {
                let from = from.to_owned();
                self.serve_consent(to, kind, keys::Input::ConsentUpdated { from, body })
            }
            _ => return self.serve_hub(from, to, endpoint, body, request),
        })
    }

    fn serve_hub(
        &mut self,
        from: &str,
        to: &str,
        endpoint: &Endpoint,
        body: Bytes,
        request: Option<(MimiUri, Seq)>,
    ) -> Option<Response<Bytes>> {
        let room = match (endpoint, &request) {
            (Endpoint::KeyMaterial { .. }, Some((room, _))) => room.clone(),
            (
                Endpoint::Update { room }
                | Endpoint::SubmitMessage { room }
                | Endpoint::GroupInfo { room }
                | Endpoint::ReportAbuse { room },
                _,
            ) => room.clone(),
            _ => return Some(status(404)),
        };
        if !self.providers[to].hubs.contains_key(&room) {
            return Some(status(404));
        }
        let number = self.provider(to).next_request();
        let input = hub::Input::Request {
            peer: from.to_owned(),
            endpoint: endpoint.clone(),
            body,
            request: number,
        };
        match self.hub(to, &room, input) {
            Ok(hub::Outcome::Relayed) => {
                let (_, seq) = request.expect("only followers ask for key material");
                self.relayed.insert((room, number), (from.to_owned(), seq));
                None
            }
            Ok(hub::Outcome::Reply(body)) => Some(http::response(endpoint.kind(), body)),
            Ok(_) => Some(http::response(endpoint.kind(), Bytes::new())),
            Err(rejection) => Some(match rejection.refusal(endpoint) {
                hub::Refusal::Answer(body) => http::response(endpoint.kind(), body),
                hub::Refusal::Status(code) => status(code),
            }),
        }
    }

    fn serve_notify(
        &mut self,
        from: &str,
        to: &str,
        room: &MimiUri,
        body: Bytes,
    ) -> Response<Bytes> {
        let references = follower::welcome_refs(&body).unwrap_or_default();
        let routes = self.providers[to].keys.engine.routes(room, &references);
        let from = from.to_owned();
        let input = follower::Input::Notify { from, body, routes };
        match self.follower(to, room, input) {
            Ok(_) => http::response(EndpointKind::Notify, Bytes::new()),
            Err(rejection) => status(rejection.status()),
        }
    }

    fn serve_key_material(
        &mut self,
        from: &str,
        to: &str,
        target: &MimiUri,
        body: Bytes,
    ) -> Response<Bytes> {
        let input = keys::Input::Request {
            from: from.to_owned(),
            target: target.clone(),
            body,
        };
        match self.keys(to, input) {
            Ok(keys::Outcome::Response(body)) => http::response(EndpointKind::KeyMaterial, body),
            Ok(_) => status(500),
            Err(rejection) => status(rejection.status()),
        }
    }

    fn serve_consent(
        &mut self,
        to: &str,
        kind: EndpointKind,
        input: keys::Input,
    ) -> Response<Bytes> {
        match self.keys(to, input) {
            Ok(_) => http::response(kind, Bytes::new()),
            Err(rejection) => status(rejection.status()),
        }
    }
}

/// Whether the hub took an update.
pub(super) fn is_accepted(endpoint: &Endpoint, answer: &Answer) -> bool {
    let (Endpoint::Update { .. }, Answer::Done(body)) = (endpoint, answer) else {
        return false;
    };
    UpdateRoomResponse::from_bytes(body)
        .is_ok_and(|response| matches!(response.outcome, UpdateOutcome::Success { .. }))
}

/// A response in words.
pub fn describe(kind: EndpointKind, response: &Response<Bytes>) -> String {
    let body = response.body();
    let status = response.status();
    let words = match kind {
        _ if !status.is_success() => None,
        EndpointKind::Update => {
            UpdateRoomResponse::from_bytes(body)
                .ok()
                .map(|response| match response.outcome {
                    UpdateOutcome::Success { .. } => "success".to_owned(),
                    UpdateOutcome::WrongEpoch { current_epoch } => {
                        format!("wrongEpoch, it is {current_epoch}")
                    }
                    UpdateOutcome::NotAllowed => {
                        format!("notAllowed: {}", response.error_description)
                    }
                    UpdateOutcome::InvalidProposal { .. } => {
                        format!("invalidProposal: {}", response.error_description)
                    }
                })
        }
        EndpointKind::SubmitMessage => {
            SubmitMessageResponse::from_bytes(body)
                .ok()
                .map(|response| match response {
                    SubmitMessageResponse::Accepted { frank, .. } => match frank {
                        Some(_) => "accepted, franked".to_owned(),
                        None => "accepted, unfranked".to_owned(),
                    },
                    SubmitMessageResponse::NotAllowed => "notAllowed".to_owned(),
                    SubmitMessageResponse::EpochTooOld { current_epoch } => {
                        format!("epochTooOld, it is {current_epoch}")
                    }
                })
        }
        EndpointKind::GroupInfo => {
            GroupInfoResponse::from_bytes(body)
                .ok()
                .map(|response| match response {
                    GroupInfoResponse::Success { .. } => "success, encrypted".to_owned(),
                    GroupInfoResponse::Failure { status, .. } => {
                        format!("refused with code {}", status.code().0)
                    }
                })
        }
        EndpointKind::KeyMaterial => {
            KeyMaterialResponse::from_bytes(body)
                .ok()
                .map(|response| match response.user_status {
                    KeyMaterialUserCode::SUCCESS => {
                        format!("success, {} KeyPackages", response.clients.len())
                    }
                    KeyMaterialUserCode::NO_CONSENT => "noConsent".to_owned(),
                    other => format!("user code {}", other.0),
                })
        }
        _ => None,
    };
    match words {
        Some(words) => format!("{status}, {words}"),
        None => status.to_string(),
    }
}

pub fn status(code: u16) -> Response<Bytes> {
    http::refusal(code, None)
}
