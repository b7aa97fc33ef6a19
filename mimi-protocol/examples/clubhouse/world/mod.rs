//! A world of providers and clients in one process: every host that a
//! deployment would have, with a function call for a network.
//!
//! What crosses between two providers is an HTTP request that one encodes and
//! the other parses, and the response to it. Each host writes an entry before
//! anything leaves it, and every engine can be killed at any time.

#![allow(dead_code, reason = "each user of this module uses another part of it")]

mod client;
mod durable;
mod local;
mod network;
mod provider;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use mimi_protocol::client as member;
use mimi_protocol::engine::{BasicIdentity, Effect, Env, Identity, Output, Seq};
use mimi_protocol::http::EndpointKind;
use mimi_protocol::wire::ConsentScope;
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
    pub identity: Box<dyn Identity>,
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
    /// Providers that a hub has given up.
    pub lost: Vec<String>,
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
            identity: Box::new(BasicIdentity),
            now,
            providers: BTreeMap::new(),
            clients: BTreeMap::new(),
            parcels: VecDeque::new(),
            asked: BTreeMap::new(),
            relayed: BTreeMap::new(),
            joining: BTreeMap::new(),
            seen: Vec::new(),
            lost: Vec::new(),
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
            identity: &*self.identity,
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
                    let body = call.body.clone();
                    let answer = self.call(&domain, &call.peer, &call.endpoint, call.body, from);
                    if let Some(answer) = answer {
                        if network::is_accepted(&call.endpoint, &answer) {
                            self.provider(&domain).see(&room, &body);
                        }
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
        provider.remember(room);
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
