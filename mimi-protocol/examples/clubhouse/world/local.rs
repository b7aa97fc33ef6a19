//! What stays within a provider: between its hub, its follower and its clients.

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_protocol::client as member;
use mimi_protocol::engine::{Answer, Seq};
use mimi_protocol::http::{self, EndpointKind};
use mimi_protocol::wire::{Decode, Endpoint, FanoutEvent, FanoutMessage};
use mimi_protocol::{follower, hub};

use super::network::describe;
use super::{Durable, Parcel, SUITE, Sighting, World};

impl World {
    pub(super) fn hub_local(&mut self, domain: &str, room: &MimiUri, local: hub::Local) {
        match local {
            hub::Local::PeerLost { peer } => self.lost.push(peer),
            hub::Local::Report(finding) => self.provider(domain).reports.push(*finding),
            hub::Local::Reply { request, body } => {
                let key = (room.clone(), request);
                let Some((peer, seq)) = self.relayed.remove(&key) else {
                    return;
                };
                let response = http::response(EndpointKind::KeyMaterial, body);
                self.seen.push(Sighting {
                    from: domain.to_owned(),
                    to: peer.clone(),
                    what: "the answer to keyMaterial".to_owned(),
                    octets: response.body().len(),
                    outcome: describe(EndpointKind::KeyMaterial, &response),
                });
                let body = http::parse_response(EndpointKind::KeyMaterial, &response);
                let answer = Answer::Done(body.expect("the hub answers well"));
                let input = follower::Input::CallResult { seq, answer };
                self.follower(&peer, room, input).expect("a known request");
            }
        }
    }

    pub(super) fn follower_local(&mut self, domain: &str, room: &MimiUri, local: follower::Local) {
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
        let fanout = FanoutMessage::from_bytes(&message).expect("a follower checks it");
        let FanoutEvent::Welcome {
            welcome,
            ratchet_tree,
        } = fanout.event
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
            accepted_timestamp: fanout.timestamp,
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

    pub(super) fn client_call(
        &mut self,
        client: &MimiUri,
        seq: Seq,
        endpoint: Endpoint,
        body: Bytes,
    ) {
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

    pub(super) fn leave_follower(&mut self, client: &MimiUri) {
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
}
