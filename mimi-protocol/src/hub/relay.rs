//! Key material requests on their way to the provider that holds the keys.

use bytes::Bytes;
use mimi_content::tls::Decode;
use mimi_policy::Capability;
use openmls_traits::crypto::OpenMlsCrypto;

use super::change::{Fanout, Kind, Route};
use super::error::Rejection;
use super::io::{Local, Outcome};
use super::keys::Keys;
use super::room::{Decision, Room};
use crate::delivery::Fate;
use crate::engine::{Actor, Answer, Audit, CryptoProvider, Env, Seq};
use crate::labels::key_package_ref;
use crate::wire::mls::LeafNodeSource;
use crate::wire::{ClientStatus, Endpoint, KeyMaterialRequest, KeyMaterialResponse};

const CLAUSE: &str = "PROTO, Fetch Key Material";

impl Room {
    /// Passes a request on to the target's provider. Its signature and the
    /// consent to it are that provider's to check; the hub sees that the
    /// requester may add someone at all.
    pub(super) fn relay(
        &self,
        peer: &str,
        endpoint: &Endpoint,
        body: &Bytes,
        request: u64,
    ) -> Result<Decision, Rejection> {
        let material = KeyMaterialRequest::from_bytes(body)?.tbs;
        let (Some(room), Endpoint::KeyMaterial { target }) = (&material.room_id, endpoint) else {
            return Err(Rejection::WrongEndpoint);
        };
        if *room != self.book.room || *target != material.target_user {
            return Err(Rejection::UnknownRoom(room.clone()));
        }
        let user = &material.requesting_user;
        self.check_speaker(peer, user)?;
        self.check_active(user)?;
        let own = user == target && self.provisional.can(user, Capability::ADD_OWN_CLIENT);
        if !own && !self.provisional.can(user, Capability::ADD_PARTICIPANT) {
            return Err(Rejection::MayNotAdd(user.clone()));
        }
        let call = Fanout {
            peers: vec![target.domain().to_owned()],
            endpoint: endpoint.clone(),
            body: body.clone(),
        };
        self.book.check_room(std::slice::from_ref(&call))?;
        let audit = Audit {
            actor: Actor::User(user.clone()),
            action: "asked for key material",
            epoch: Some(self.epoch()),
            clause: CLAUSE,
        };
        let mut decision = Decision::quiet(Kind::Relayed { request, call }, audit);
        decision.outcome = Outcome::Relayed;
        Ok(decision)
    }

    /// Remembers where the KeyPackages of an answer come from, and passes it on.
    pub(super) fn relay_answered<P: CryptoProvider>(
        &self,
        seq: Seq,
        peer: &str,
        request: u64,
        answer: &Answer,
        env: &Env<'_, P, Keys>,
    ) -> Decision {
        let crypto = env.provider.crypto();
        let body = match answer {
            Answer::Done(body) => Some(body),
            _ => None,
        };
        let routes = body.and_then(|body| routes(peer, body, crypto));
        let fate = Fate::from(answer);
        let audit = Audit {
            actor: Actor::Provider(peer.to_owned()),
            action: match (&fate, &routes) {
                (Fate::Retry { .. }, _) => "has not answered for key material yet",
                (_, Some(_)) => "answered for key material",
                (_, None) => "gave no usable answer for key material",
            },
            epoch: Some(self.epoch()),
            clause: CLAUSE,
        };
        // An answer that cannot be read is not passed on.
        let body = body.filter(|_| routes.is_some()).cloned();
        let settled = !matches!(fate, Fate::Retry { .. });
        let kind = Kind::RelayAnswered {
            seq,
            peer: peer.to_owned(),
            fate,
            routes: routes.unwrap_or_default(),
        };
        let mut decision = Decision::quiet(kind, audit);
        if settled {
            decision.local.push(Local::Reply { request, body });
        }
        decision
    }
}

/// The KeyPackages of an answer and the provider that gave them.
fn routes(peer: &str, body: &Bytes, crypto: &impl OpenMlsCrypto) -> Option<Vec<(Bytes, Route)>> {
    let response = KeyMaterialResponse::from_bytes(body).ok()?;
    let packages = response.clients.iter().filter_map(|c| match &c.status {
        ClientStatus::Success(key_package) => Some(key_package),
        _ => None,
    });
    packages
        .map(|key_package| {
            let reference = key_package_ref(key_package, crypto)?;
            let LeafNodeSource::KeyPackage { not_after, .. } = key_package.leaf_node.source else {
                return None;
            };
            let peer = peer.to_owned();
            Some((reference, Route { peer, not_after }))
        })
        .collect()
}
