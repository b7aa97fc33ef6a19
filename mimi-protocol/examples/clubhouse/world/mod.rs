//! A world of providers and clients in one process: every host that a
//! deployment would have, with a function call for a network.
//!
//! What crosses between two providers is an HTTP request that one encodes and
//! the other parses, and the response to it. Each host writes an entry before
//! anything leaves it, and every engine can be killed at any time.

#![allow(dead_code, reason = "each user of this module uses another part of it")]

mod client;
mod durable;
mod provider;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use mimi_protocol::client as member;
use mimi_protocol::engine::{Answer, BasicIdentity, Effect, Env, Output, Seq};
use mimi_protocol::http::{self, EndpointKind};
use mimi_protocol::wire::{
    ConsentScope, Decode, Endpoint, FanoutEvent, FanoutMessage, GroupInfoResponse,
    KeyMaterialResponse, KeyMaterialUserCode, SubmitMessageResponse, UpdateOutcome,
    UpdateRoomResponse,
};
use mimi_protocol::{follower, hub, provider as keys};
use openmls_rust_crypto::OpenMlsRustCrypto;

pub use client::Client;
pub use durable::Durable;
pub use provider::Provider;

/// The suite of everything here.
pub const SUITE: openmls_traits::types::Ciphersuite =
    openmls_traits::types::Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

/// Something that left an engine and is to be carried.
pub enum Parcel {
    Hub(String, MimiUri, Output<hub::Local>),
    Follower(String, MimiUri, Output<follower::Local>),
    Keys(String, Output<keys::Local>),
    Client(MimiUri, Output<member::Event>),
}

/// One thing that was seen on the way.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Sighting {
    /// Who sent it.
    pub from: String,
    /// Who got it.
    pub to: String,
    /// The HTTP method and the expanded path, or the local act in brackets.
    pub what: String,
    /// Octets of the body.
    pub octets: usize,
    /// The status and what it came to.
    pub outcome: String,
}

/// All providers and clients.
pub struct World {
    pub crypto: OpenMlsRustCrypto,
    pub identity: BasicIdentity,
    now: u64,
    pub providers: BTreeMap<String, Provider>,
    pub clients: BTreeMap<MimiUri, Client>,
    parcels: VecDeque<Parcel>,
    /// Requests of clients at their follower.
    asked: BTreeMap<(String, MimiUri, Seq), (MimiUri, Seq)>,
    /// Requests that a hub has passed on.
    relayed: BTreeMap<(MimiUri, u64), (String, Seq)>,
    /// External joins that wait for the hub.
    joining: BTreeMap<MimiUri, member::JoinRequest>,
    pub seen: Vec<Sighting>,
    /// Calls to this domain get no answer.
    pub unreachable: Option<String>,
    /// Whether every step is checked against what was written.
    pub paranoid: bool,
    /// The next answers of this endpoint get lost, so many.
    pub lost_answers: Option<(EndpointKind, u32)>,
    /// Clients that nothing reaches and nothing leaves.
    offline: BTreeSet<MimiUri>,
    waiting: Vec<Parcel>,
}

impl World {
    /// An empty world at a time, in milliseconds since the Unix epoch.
    pub fn new(now: u64) -> Self {
        World {
            crypto: OpenMlsRustCrypto::default(),
            identity: BasicIdentity,
            now,
            providers: BTreeMap::new(),
            clients: BTreeMap::new(),
            parcels: VecDeque::new(),
            asked: BTreeMap::new(),
            relayed: BTreeMap::new(),
            joining: BTreeMap::new(),
            seen: Vec::new(),
            unreachable: None,
            paranoid: false,
            lost_answers: None,
            offline: BTreeSet::new(),
            waiting: Vec::new(),
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now)
    }

    /// Lets time pass.
    pub fn pass(&mut self, millis: u64) {
        self.now += millis;
    }

    pub fn env<'a, K>(&'a self, keys: &'a K) -> Env<'a, OpenMlsRustCrypto, K> {
        Env {
            now: self.now(),
            provider: &self.crypto,
            identity: &self.identity,
            keys,
        }
    }

    pub fn provider(&mut self, domain: &str) -> &mut Provider {
        self.providers.get_mut(domain).expect("a known provider")
    }

    pub fn client(&mut self, uri: &MimiUri) -> &mut Client {
        self.clients.get_mut(uri).expect("a known client")
    }

    pub fn send(&mut self, parcel: Parcel) {
        self.parcels.push_back(parcel);
    }

    /// Carries parcels until there are none.
    pub fn run(&mut self) {
        while let Some(parcel) = self.parcels.pop_front() {
            self.pass(1);
            self.carry(parcel);
        }
    }

    /// Lets a user consent to be added by another, and tells that one's provider.
    pub fn allow(&mut self, target: &MimiUri, requester: &MimiUri) {
        let scope = ConsentScope {
            requester_uri: requester.clone(),
            target_uri: target.clone(),
            room_id: None,
        };
        let notice = keys::Notice::Plain;
        self.keys(target.domain(), keys::Input::Grant { scope, notice })
            .expect("a user may consent");
        self.run();
    }

    /// The oldest event that waits for an offline client.
    pub fn withheld(&self, client: &MimiUri) -> Option<Bytes> {
        self.waiting.iter().find_map(|parcel| match parcel {
            Parcel::Follower(_, _, output) => match &output.effect {
                Effect::Local(follower::Local::Deliver {
                    client: to,
                    message,
                }) if to == client => Some(message.clone()),
                _ => None,
            },
            _ => None,
        })
    }

    /// Drops what waits for offline clients.
    pub fn forget_withheld(&mut self) {
        self.waiting.clear();
    }

    /// Takes a client off the network: what it sends and what it is sent waits.
    pub fn take_offline(&mut self, client: &MimiUri) {
        self.offline.insert(client.clone());
    }

    /// Brings a client back; what waited is on its way again, in order.
    pub fn bring_online(&mut self, client: &MimiUri) {
        self.offline.remove(client);
        self.parcels.extend(self.waiting.drain(..));
        self.run();
    }

    fn is_offline(&self, parcel: &Parcel) -> bool {
        match parcel {
            Parcel::Client(client, output) => {
                matches!(output.effect, Effect::Call(_)) && self.offline.contains(client)
            }
            Parcel::Follower(_, _, output) => match &output.effect {
                Effect::Local(
                    follower::Local::Deliver { client, .. } | follower::Local::Reply { client, .. },
                ) => self.offline.contains(client),
                Effect::Call(_) => false,
            },
            _ => false,
        }
    }

    fn carry(&mut self, parcel: Parcel) {
        if self.is_offline(&parcel) {
            self.waiting.push(parcel);
            return;
        }
        match parcel {
            Parcel::Hub(domain, room, output) => match output.effect {
                Effect::Call(call) => {
                    let answer = self.call(&domain, &call.peer, &call.endpoint, call.body, None);
                    if let Some(answer) = answer {
                        let seq = output.seq;
                        self.hub(&domain, &room, hub::Input::CallResult { seq, answer })
                            .expect("settling is never refused");
                    }
                }
                Effect::Local(local) => {
                    self.hub_local(&domain, &room, local);
                    let seq = output.seq;
                    self.hub(&domain, &room, hub::Input::Delivered { seq })
                        .expect("settling is never refused");
                }
            },
            Parcel::Follower(domain, room, output) => match output.effect {
                Effect::Call(call) => {
                    let from = Some((room.clone(), output.seq));
                    let answer = self.call(&domain, &call.peer, &call.endpoint, call.body, from);
                    if let Some(answer) = answer {
                        let seq = output.seq;
                        self.follower(&domain, &room, follower::Input::CallResult { seq, answer })
                            .expect("settling is never refused");
                    }
                }
                Effect::Local(local) => {
                    self.follower_local(&domain, &room, local);
                    let seq = output.seq;
                    self.follower(&domain, &room, follower::Input::Delivered { seq })
                        .expect("settling is never refused");
                }
            },
            Parcel::Keys(domain, output) => match output.effect {
                Effect::Call(call) => {
                    let answer = self.call(&domain, &call.peer, &call.endpoint, call.body, None);
                    if let Some(answer) = answer {
                        let seq = output.seq;
                        self.keys(&domain, keys::Input::CallResult { seq, answer })
                            .expect("settling is never refused");
                    }
                }
                Effect::Local(_) => {
                    let seq = output.seq;
                    self.keys(&domain, keys::Input::Delivered { seq })
                        .expect("settling is never refused");
                }
            },
            Parcel::Client(client, output) => match output.effect {
                Effect::Call(call) => {
                    self.client_call(&client, output.seq, call.endpoint, call.body)
                }
                Effect::Local(event) => {
                    if matches!(event, member::Event::Removed { .. }) {
                        self.leave_follower(&client);
                    }
                    self.client(&client).events.push(event);
                    let seq = output.seq;
                    self.member(&client, member::Input::Delivered { seq })
                        .expect("settling is never refused");
                }
            },
        }
    }

    /// An HTTP exchange between two providers. `from` is the follower's request,
    /// for answers that come later.
    fn call(
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
        let directory = self.providers[to].directory.clone();
        let http = http::request(&directory, from, endpoint, body).expect("the peer offers it");
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
        let response = match http::parse_request(&http, &directory, from) {
            Ok((endpoint, body)) => self.serve(from, to, &endpoint, body, request)?,
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
        Some(match http::parse_response(endpoint.kind(), &response) {
            Ok(body) => Answer::Done(body),
            Err(failure) if failure.is_transient() => Answer::Retry { not_before: None },
            Err(_) => Answer::Refused {
                status: response.status().as_u16(),
            },
        })
    }

    /// Serves a request; `None` when the answer comes later.
    fn serve(
        &mut self,
        from: &str,
        to: &str,
        endpoint: &Endpoint,
        body: Bytes,
        request: Option<(MimiUri, Seq)>,
    ) -> Option<http_types::Response<Bytes>> {
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
    ) -> Option<http_types::Response<Bytes>> {
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
    ) -> http_types::Response<Bytes> {
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
    ) -> http_types::Response<Bytes> {
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
    ) -> http_types::Response<Bytes> {
        match self.keys(to, input) {
            Ok(_) => http::response(kind, Bytes::new()),
            Err(rejection) => status(rejection.status()),
        }
    }

    /// A step of a hub.
    pub fn hub(
        &mut self,
        domain: &str,
        room: &MimiUri,
        input: hub::Input,
    ) -> Result<hub::Outcome, hub::Rejection> {
        let mut provider = self.providers.remove(domain).expect("a known provider");
        let env = self.env(&provider.hub_keys);
        let hub = provider.hubs.get_mut(room).expect("a hosted room");
        let step = hub.step(input, &env);
        if self.paranoid {
            hub.verify();
        }
        self.providers.insert(domain.to_owned(), provider);
        let step = step?;
        for output in step.outputs {
            self.send(Parcel::Hub(domain.to_owned(), room.clone(), output));
        }
        Ok(step.outcome)
    }

    /// A step of a follower.
    pub fn follower(
        &mut self,
        domain: &str,
        room: &MimiUri,
        input: follower::Input,
    ) -> Result<follower::Outcome, follower::Rejection> {
        let mut provider = self.providers.remove(domain).expect("a known provider");
        let step = provider.follower(room).step(input, &self.env(&()));
        if self.paranoid {
            provider.follower(room).verify();
        }
        self.providers.insert(domain.to_owned(), provider);
        let step = step?;
        for output in step.outputs {
            self.send(Parcel::Follower(domain.to_owned(), room.clone(), output));
        }
        Ok(step.outcome)
    }

    /// A step of a provider's keys and consent.
    pub fn keys(
        &mut self,
        domain: &str,
        input: keys::Input,
    ) -> Result<keys::Outcome, keys::Rejection> {
        let mut provider = self.providers.remove(domain).expect("a known provider");
        let step = provider.keys.step(input, &self.env(&()));
        if self.paranoid {
            provider.keys.verify();
        }
        self.providers.insert(domain.to_owned(), provider);
        let step = step?;
        for output in step.outputs {
            self.send(Parcel::Keys(domain.to_owned(), output));
        }
        Ok(step.outcome)
    }

    /// A step of a client.
    pub fn member(
        &mut self,
        uri: &MimiUri,
        input: member::Input,
    ) -> Result<member::Outcome, member::Rejection> {
        let mut client = self.clients.remove(uri).expect("a known client");
        let env = self.env(&client.keys);
        let step = match client.room.as_mut() {
            Some(room) => {
                let step = room.step(input, &env);
                if self.paranoid {
                    room.verify();
                }
                step
            }
            None => Err(member::Rejection::NotAMember),
        };
        if let Err(rejection) = &step {
            client.rejections.push(rejection.to_string());
        }
        self.clients.insert(uri.clone(), client);
        let step = step?;
        for output in step.outputs {
            self.send(Parcel::Client(uri.clone(), output));
        }
        Ok(step.outcome)
    }

    fn hub_local(&mut self, domain: &str, room: &MimiUri, local: hub::Local) {
        match local {
            hub::Local::Report(finding) => self.provider(domain).reports.push(*finding),
            hub::Local::Reply { request, body } => {
                let key = (room.clone(), request);
                let Some((peer, seq)) = self.relayed.remove(&key) else {
                    return;
                };
                let response = match body {
                    Some(body) => http::response(EndpointKind::KeyMaterial, body),
                    None => status(502),
                };
                self.seen.push(Sighting {
                    from: domain.to_owned(),
                    to: peer.clone(),
                    what: "the answer to keyMaterial".to_owned(),
                    octets: response.body().len(),
                    outcome: describe(EndpointKind::KeyMaterial, &response),
                });
                let answer = match http::parse_response(EndpointKind::KeyMaterial, &response) {
                    Ok(body) => Answer::Done(body),
                    Err(_) => Answer::Refused { status: 502 },
                };
                let input = follower::Input::CallResult { seq, answer };
                self.follower(&peer, room, input).expect("a known request");
            }
        }
    }

    fn follower_local(&mut self, domain: &str, room: &MimiUri, local: follower::Local) {
        match local {
            follower::Local::Deliver { client, message } => self.deliver(&client, room, message),
            follower::Local::Reply {
                client,
                request,
                endpoint,
                reply,
            } => {
                let answer = match reply {
                    follower::Reply::Done(body) => Answer::Done(body),
                    follower::Reply::Refused { status } => Answer::Refused { status },
                };
                let key = (domain.to_owned(), room.clone(), request);
                if let Some((_, seq)) = self.asked.remove(&key) {
                    if matches!(endpoint, Endpoint::GroupInfo { .. }) {
                        self.join_answered(&client, answer);
                    } else {
                        let input = member::Input::CallResult { seq, answer };
                        let _ = self.member(&client, input);
                    }
                }
            }
        }
    }

    /// Hands an event to a client; a Welcome to one that is not in the room yet.
    fn deliver(&mut self, uri: &MimiUri, room: &MimiUri, message: Bytes) {
        self.client(uri).mailbox.push(message.clone());
        let event = FanoutMessage::from_bytes(&message)
            .expect("a follower checks it")
            .event;
        let FanoutEvent::Welcome {
            welcome,
            ratchet_tree,
        } = event
        else {
            let _ = self.member(uri, member::Input::Deliver { message });
            return;
        };
        let mut client = self.clients.remove(uri).expect("a known client");
        let secret = welcome
            .new_members
            .iter()
            .find_map(|reference| client.secrets.remove(reference));
        let invited = member::Invited {
            room: room.clone(),
            welcome,
            ratchet_tree,
        };
        let env = self.env(&client.keys);
        let joined = secret.map(|secret| member::Room::join(&invited, &secret, &env));
        match joined {
            Some(Ok(room)) => client.room = Some(Durable::new(room)),
            Some(Err(rejection)) => client.rejections.push(rejection.to_string()),
            None => client
                .rejections
                .push("a Welcome for no KeyPackage of this client".into()),
        }
        self.clients.insert(uri.clone(), client);
    }

    fn client_call(&mut self, client: &MimiUri, seq: Seq, endpoint: Endpoint, body: Bytes) {
        let kind = match &endpoint {
            Endpoint::Update { .. } => follower::RequestKind::Update,
            Endpoint::SubmitMessage { .. } => follower::RequestKind::Submit,
            Endpoint::GroupInfo { .. } => follower::RequestKind::GroupInfo,
            Endpoint::KeyMaterial { .. } => follower::RequestKind::KeyMaterial,
            _ => follower::RequestKind::Report,
        };
        let domain = client.domain().to_owned();
        let room = self.clients[client]
            .in_room
            .clone()
            .expect("a room to ask of");
        let input = follower::Input::Request {
            client: client.clone(),
            kind,
            body,
        };
        match self.follower(&domain, &room, input) {
            Ok(follower::Outcome::Forwarded(request)) => {
                let key = (domain, room, request);
                self.asked.insert(key, (client.clone(), seq));
            }
            Ok(_) => {}
            Err(rejection) => {
                let status = rejection.status();
                let answer = Answer::Refused { status };
                let _ = self.member(client, member::Input::CallResult { seq, answer });
            }
        }
    }

    /// Asks the hub for what an external join takes.
    pub fn ask_to_join(&mut self, uri: &MimiUri, room: &MimiUri) {
        self.client(uri).in_room = Some(room.clone());
        let keys = &self.clients[uri].keys;
        let request = member::JoinRequest::new(room.clone(), SUITE, None, &self.env(keys))
            .expect("a request can be made");
        let (endpoint, body) = (request.endpoint(), request.body().clone());
        self.joining.insert(uri.clone(), request);
        self.client_call(uri, Seq(u64::MAX), endpoint, body);
    }

    fn join_answered(&mut self, uri: &MimiUri, answer: Answer) {
        let (Some(request), Answer::Done(body)) = (self.joining.remove(uri), answer) else {
            return;
        };
        let mut client = self.clients.remove(uri).expect("a known client");
        let answered = request.answer(&body, &self.env(&client.keys));
        let mut outputs = Vec::new();
        match answered {
            Ok((room, step)) => {
                client.room = Some(Durable::new(room));
                outputs = step.outputs;
            }
            Err(rejection) => client.rejections.push(rejection.to_string()),
        }
        self.clients.insert(uri.clone(), client);
        for output in outputs {
            self.send(Parcel::Client(uri.clone(), output));
        }
    }

    fn leave_follower(&mut self, client: &MimiUri) {
        let room = self.clients[client]
            .in_room
            .clone()
            .expect("a room that it was in");
        let left = follower::Input::ClientLeft {
            client: client.clone(),
        };
        self.follower(client.domain(), &room, left)
            .expect("a local client");
    }

    /// Kills a hub and brings it back; what it owes goes out again.
    pub fn crash_hub(&mut self, domain: &str, room: &MimiUri) {
        let hub = self
            .provider(domain)
            .hubs
            .get_mut(room)
            .expect("a hosted room");
        for output in hub.crash() {
            self.send(Parcel::Hub(domain.to_owned(), room.clone(), output));
        }
    }

    /// Lets time pass until every follower and hub has tried again what it owes.
    pub fn try_again(&mut self) {
        self.pass(60_000);
        let domains: Vec<String> = self.providers.keys().cloned().collect();
        for domain in domains {
            let provider = &self.providers[&domain];
            let hubs: Vec<MimiUri> = provider.hubs.keys().cloned().collect();
            let followers: Vec<MimiUri> = provider.followers.keys().cloned().collect();
            for room in hubs {
                self.hub(&domain, &room, hub::Input::Tick)
                    .expect("a tick is never refused");
            }
            for room in followers {
                self.follower(&domain, &room, follower::Input::Tick)
                    .expect("a tick is never refused");
            }
        }
        self.run();
    }

    /// Kills a client and brings it back; what it owes goes out again.
    pub fn crash_client(&mut self, uri: &MimiUri) {
        let room = self.client(uri).room.as_mut().expect("a client in a room");
        for output in room.crash() {
            self.send(Parcel::Client(uri.clone(), output));
        }
    }
}

mod http_types {
    pub use ::http::Response;
}

/// A response in words.
fn describe(kind: EndpointKind, response: &http_types::Response<Bytes>) -> String {
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

fn status(code: u16) -> http_types::Response<Bytes> {
    let mut response = http_types::Response::new(Bytes::new());
    *response.status_mut() = ::http::StatusCode::from_u16(code).expect("a known status");
    response
}
