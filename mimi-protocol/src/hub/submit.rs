//! Application messages: may the sender send, and the hub's stamp on it.

use bytes::Bytes;
use mimi_content::Timestamp;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, Reader};
use mimi_franking::{Accepted, FrankError, Franking, Unfranked};

use super::change::Kind;
use super::error::Rejection;
use super::fanout::encode;
use super::io::Outcome;
use super::keys::Keys;
use super::room::{Decision, Room};
use crate::engine::{Actor, Audit, CryptoProvider, Env};
use crate::mls::context;
use crate::wire::{FanoutEvent, SubmitMessageRequest, SubmitMessageResponse};

impl Room {
    /// Judges, franks and fans out a message (PROTO, "Submit a Message").
    pub(super) fn submit<P: CryptoProvider>(
        &self,
        peer: &str,
        body: &Bytes,
        env: &Env<'_, P, Keys>,
    ) -> Result<Decision, Rejection> {
        let request = SubmitMessageRequest::from_bytes(body)?;
        let sender = &request.sending_uri;
        self.check_speaker(peer, sender)?;
        // Rights before epochs: who may not send is not to try again.
        self.provisional.may_send(sender)?;
        self.check_active(sender)?;
        self.check_age(&request.app_message)?;
        let accepted = self.book.accept_time(env.now);
        let franking = self.frank(&request, accepted, env)?;
        let (frank, action) = match franking {
            Franking::Franked(frank) => (Some(frank), "sent a message, which was franked"),
            Franking::Unfranked(why) => (None, unfranked(why)),
        };
        let audit = Audit {
            actor: Actor::User(sender.clone()),
            action,
            epoch: Some(self.epoch()),
            clause: "POLICY, Message Capabilities",
        };
        let reply = encode(&SubmitMessageResponse::accepted(accepted, frank.clone()))?;
        let event = FanoutEvent::Application {
            message: request.app_message,
            frank,
        };
        Ok(Decision {
            kind: Kind::Submitted { accepted },
            fanout: vec![self.to_receivers(accepted, event)?],
            local: Vec::new(),
            outcome: Outcome::Reply(reply.clone()),
            reply: Some(reply),
            audit,
        })
    }

    /// The hub's stamp, if the message carries a tag and the group trusts this
    /// hub's key (PROTO, "Hub processing").
    fn frank<P: CryptoProvider>(
        &self,
        request: &SubmitMessageRequest,
        accepted_timestamp: Timestamp,
        env: &Env<'_, P, Keys>,
    ) -> Result<Franking, Rejection> {
        let context = self.group.context();
        let aad = &request.app_message.authenticated_data;
        let safe_aad = safe_aad(context.safe_aad_required(), aad)?;
        let franking = env.keys.franker.frank(&Accepted {
            frank_aad: safe_aad.get(ComponentId::FRANK_AAD).map(|tag| &tag[..]),
            franking_agent: context::component(context, ComponentId::FRANKING_AGENT),
            sender: &request.sending_uri,
            room: &self.book.room,
            accepted_timestamp,
            ciphersuite: self.group.ciphersuite().into(),
        });
        franking.map_err(|error| match error {
            FrankError::Tag(error) => Rejection::Malformed(error),
            other => Rejection::Internal(other.to_string()),
        })
    }
}

fn unfranked(why: Unfranked) -> &'static str {
    match why {
        Unfranked::NoTag => "sent a message without a franking tag",
        Unfranked::NoAgent => "sent a message in a group without a franking agent",
        Unfranked::OtherAgent => "sent a message in a group whose franking agent is not this hub's",
        _ => "sent a message in a group whose franking agent cannot sign for it",
    }
}

/// The Safe AAD in front of an `authenticated_data`, which a tail may follow
/// (EXT, "Negotiating Extensions and Components").
fn safe_aad(required: bool, aad: &Bytes) -> Result<ComponentMap, Rejection> {
    if !required {
        return Ok(ComponentMap::new());
    }
    Ok(ComponentMap::decode(&mut Reader::shared(aad))?)
}
