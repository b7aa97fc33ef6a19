//! Key material requests on their way to the provider that holds the keys.

use bytes::Bytes;
use mimi_content::tls::Decode;
use mimi_policy::Capability;

use super::change::{Kind, Relay, Route};
use super::error::Rejection;
use super::fanout::encode;
use super::io::{Local, Outcome};
use super::keys::Keys;
use super::room::{Decision, Room};
use super::state::MAX_RELAYS;
use crate::engine::{Actor, Answer, Audit, CryptoProvider, Env, Presented, Seq, ask_identity};
use crate::labels::key_package_ref;
use crate::wire::mls::LeafNodeSource;
use crate::wire::{
    ClientStatus, Endpoint, KeyMaterialRequest, KeyMaterialResponse, KeyMaterialUserCode,
};

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
        if self.book.relays.len() >= MAX_RELAYS {
            return Err(Rejection::TooManyRelays);
        }
        let relay = Relay {
            request,
            target: target.clone(),
            body: body.clone(),
        };
        let audit = Audit {
            actor: Actor::User(user.clone()),
            action: "asked for key material",
            epoch: Some(self.epoch()),
            clause: CLAUSE,
        };
        let mut decision = Decision::quiet(Kind::Relayed(relay), audit);
        decision.outcome = Outcome::Relayed;
        Ok(decision)
    }

    /// Remembers where the KeyPackages of an answer come from, and passes it on.
    pub(super) fn relay_answered<P: CryptoProvider>(
        &self,
        seq: Seq,
        relay: &Relay,
        answer: &Answer,
        env: &Env<'_, P, Keys>,
    ) -> Result<Decision, Rejection> {
        let answered = match answer {
            Answer::Done(body) => {
                routes(relay.target.domain(), body, env).map(|r| (body.clone(), r))
            }
            Answer::Refused { .. } | Answer::Retry { .. } => None,
        };
        let audit = Audit {
            actor: Actor::Provider(relay.target.domain().to_owned()),
            action: match &answered {
                Some(_) => "answered for key material",
                None => "gave no usable answer for key material",
            },
            epoch: Some(self.epoch()),
            clause: CLAUSE,
        };
        let failed = || {
            let code = KeyMaterialUserCode::NO_COMPATIBLE_MATERIAL;
            encode(&KeyMaterialResponse::failure(relay.target.clone(), code))
        };
        let (body, routes) = match answered {
            Some(answered) => answered,
            None => (failed()?, Vec::new()),
        };
        let request = relay.request;
        let mut decision = Decision::quiet(Kind::RelayAnswered { seq, routes }, audit);
        decision.local.push(Local::Reply { request, body });
        Ok(decision)
    }
}

/// The KeyPackages of an answer, of which each must be of a user of `peer`: no
/// provider names the way to the clients of another.
fn routes<P: CryptoProvider>(
    peer: &str,
    body: &Bytes,
    env: &Env<'_, P, Keys>,
) -> Option<Vec<(Bytes, Route)>> {
    let response = KeyMaterialResponse::from_bytes(body).ok()?;
    let packages = response.clients.iter().filter_map(|c| match &c.status {
        ClientStatus::Success(key_package) => Some(key_package),
        _ => None,
    });
    packages
        .map(|key_package| {
            let reference = key_package_ref(key_package, env.provider.crypto())?;
            let leaf = &key_package.leaf_node;
            let LeafNodeSource::KeyPackage { not_after, .. } = leaf.source else {
                return None;
            };
            let presented = Presented {
                credential_type: leaf.credential.credential_type(),
                content: &leaf.credential.content().ok()?,
                signature_key: &leaf.signature_key,
            };
            let who = ask_identity(env.identity, &presented).ok()?;
            let peer = peer.to_owned();
            (who.user.domain() == peer).then_some((reference, Route { peer, not_after }))
        })
        .collect()
}
