//! Application messages: may the sender send, and the hub's stamp on it.

use bytes::Bytes;
use mimi_content::Timestamp;
use mimi_content::component::ComponentMap;
use mimi_content::tls::{Decode, Reader};
use mimi_franking::{Frank, FrankingTag, ServerFrankingContext};

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
        let aad = &request.app_message.authenticated_data;
        let frank = self.frank(aad, sender, accepted, env)?;
        let audit = Audit {
            actor: Actor::User(sender.clone()),
            action: match &frank {
                Some(_) => "sent a message, which was franked",
                None => "sent a message, which could not be franked",
            },
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
        aad: &Bytes,
        sender: &mimi_content::MimiUri,
        accepted_timestamp: Timestamp,
        env: &Env<'_, P, Keys>,
    ) -> Result<Option<Frank>, Rejection> {
        let safe_aad = safe_aad(self.group.context().safe_aad_required(), aad)?;
        let Some(tag) = FrankingTag::from_safe_aad(&safe_aad)? else {
            return Ok(None);
        };
        let dictionary = context::dictionary(self.group.context()).unwrap_or_default();
        let agent = mimi_franking::FrankingAgent::from_dictionary(&dictionary)?;
        if agent.as_ref() != Some(&env.keys.agent()) {
            return Ok(None);
        }
        let context = ServerFrankingContext {
            sender_uri: sender.clone(),
            room_uri: self.book.room.clone(),
            accepted_timestamp,
        };
        let suite = self.group.ciphersuite().into();
        let signer = &*env.keys.signer;
        let frank = env.keys.franking.stamp(&tag, &context, suite, signer);
        frank
            .map(Some)
            .map_err(|e| Rejection::Internal(e.to_string()))
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
