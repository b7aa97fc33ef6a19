//! Messages, out and in.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::media::MediaTypeList;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader};
use mimi_content::{MessageId, MimiContent, MimiUri, Timestamp};
use mimi_franking::{
    Blame, Credential, Delivery, Framing, FrankingAgent, FrankingTag, Opening, Plaintext,
    commit_content, dispute, verify,
};

use super::error::{Fault, Rejection};
use super::event::{Event, Franked, Unfranked};
use super::keys::{Keys, Prepared};
use super::meta::Request;
use super::room::{Done, Room};
use crate::engine::{CryptoProvider, Env, Presented};
use crate::wire::mls::ApplicationMessage;
use crate::wire::{Endpoint, Frank, SubmitMessageRequest};

/// A message that decrypted, before it is believed.
pub(super) struct Arrived<'a> {
    pub(super) application_data: Bytes,
    pub(super) aad: &'a [u8],
    pub(super) sender: MimiUri,
    pub(super) client: MimiUri,
    pub(super) accepted_timestamp: Timestamp,
    pub(super) frank: Option<&'a Frank>,
}

/// A message that is not believed.
pub(super) struct Disbelief {
    pub(super) fault: Fault,
    /// Whether the hub has stamped it all the same.
    pub(super) stamped: bool,
    /// What the host is to hear of it.
    pub(super) event: Option<Box<Event>>,
}

impl From<Fault> for Disbelief {
    fn from(fault: Fault) -> Self {
        Disbelief {
            fault,
            stamped: false,
            event: None,
        }
    }
}

impl Room {
    /// Encrypts a message with its franking tag (PROTO, "Client creation and
    /// sending").
    pub(super) fn send<P: CryptoProvider>(
        &mut self,
        mut content: MimiContent<'_>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        if self.mls.pending_proposals().next().is_some() {
            return Err(Rejection::CommitFirst);
        }
        let (user, room) = (self.meta.user.clone(), self.meta.room.clone());
        self.policy.may_send(&user)?;
        content.extensions.set_sender_uri(&user);
        content.extensions.set_room_uri(&room);
        let types = self.media_types()?;
        let framing = Framing::of(types.as_ref());
        let unsendable = |error: &dyn std::error::Error| Rejection::Content(error.to_string());
        let (data, tag) =
            commit_content(&content, framing, &user, &room).map_err(|e| unsendable(&e))?;
        let sent = Plaintext::decode(&data, framing).map_err(|e| unsendable(&e))?;
        let message_id = self.message_id(&user, &sent).map_err(|e| unsendable(&e))?;
        let aad: ComponentMap = [tag.to_component()].into_iter().collect();
        let prepared = Prepared::new(env.keys)?;
        let own = prepared.own(env.keys);
        let message = self.mls.encrypt(env.provider, &own, &aad, &data)?;
        let request = SubmitMessageRequest {
            app_message: ApplicationMessage::from_bytes(&message)?,
            sending_uri: user,
        };
        let endpoint = Endpoint::SubmitMessage { room };
        let body = request.to_vec()?.into();
        let seq = self.request(endpoint, body, Request::Message(message_id))?;
        Ok(self.requested(seq, "sends a message", "PROTO, Submit a Message"))
    }

    fn message_id(
        &self,
        sender: &MimiUri,
        message: &Plaintext<'_>,
    ) -> Result<MessageId, mimi_content::MessageIdError> {
        let (sender, room) = (sender.as_str(), self.meta.room.as_str());
        let content = message.encoded_content();
        MessageId::compute(sender, room, content, &message.content().salt)
    }

    /// The media types of a group that frames its application data (EXT, "Framing
    /// of application_data").
    fn media_types(&self) -> Result<Option<MediaTypeList>, DecodeError> {
        let types = self.dictionary.get(ComponentId::CONTENT_MEDIA_TYPES);
        types
            .map(|types| MediaTypeList::from_slice(types))
            .transpose()
    }

    /// Believes a message, or says why not (PROTO, "Receiver verification of
    /// frank").
    pub(super) fn accept_message<P: CryptoProvider>(
        &self,
        arrived: &Arrived<'_>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Event, Disbelief> {
        let types = self.media_types().map_err(Fault::Framing)?;
        let framing = Framing::of(types.as_ref());
        let message =
            Plaintext::decode(&arrived.application_data, framing).map_err(Fault::Content)?;
        let opening = message.opening();
        let franked = self.verify_frank(arrived, &opening, env)?;
        // Where there is no frank, the rest holds all the same.
        if !opening.is_from(&arrived.sender) {
            return Err(Fault::Sender.into());
        }
        if !opening.is_in(&self.meta.room) {
            return Err(Fault::Room.into());
        }
        if arrived.accepted_timestamp <= self.meta.last_stamp {
            return Err(Fault::Timestamp.into());
        }
        let message_id = self.message_id(&arrived.sender, &message);
        Ok(Event::Message {
            sender: arrived.sender.clone(),
            client: arrived.client.clone(),
            accepted_timestamp: arrived.accepted_timestamp,
            message_id: message_id.map_err(|_| Fault::Room)?,
            content: arrived
                .application_data
                .slice_ref(message.encoded_content()),
            franked,
        })
    }

    fn verify_frank<P: CryptoProvider>(
        &self,
        arrived: &Arrived<'_>,
        opening: &Opening<'_>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Franked, Disbelief> {
        let items = if self.dictionary.get(ComponentId::SAFE_AAD).is_some() {
            ComponentMap::decode(&mut Reader::new(arrived.aad)).map_err(Fault::Aad)?
        } else {
            ComponentMap::new()
        };
        let Some(tag) = FrankingTag::from_safe_aad(&items).map_err(Fault::Aad)? else {
            return Ok(Franked::No(Unfranked::NoTag));
        };
        // An agent that cannot be read is none, and no sender's fault.
        let agent = FrankingAgent::from_dictionary(&self.dictionary);
        let Ok(Some(agent)) = agent else {
            return Ok(Franked::No(Unfranked::NoAgent));
        };
        let Some(frank) = arrived.frank else {
            return Ok(Franked::No(Unfranked::NoFrank));
        };
        let certified = certified(&agent, env);
        if matches!(agent.credential, Credential::X509(_)) && certified.is_none() {
            return Ok(Franked::No(Unfranked::Unverifiable));
        }
        let delivery = Delivery {
            tag: &tag,
            frank,
            accepted_timestamp: arrived.accepted_timestamp,
            after: Some(self.meta.last_stamp),
            opening: *opening,
            sender: &arrived.sender,
            room: &self.meta.room,
            group_ciphersuite: self.mls.ciphersuite().into(),
            agent: &agent,
            certified_agent: certified.as_ref(),
        };
        let crypto = env.provider.crypto();
        match verify(&delivery, crypto) {
            Ok(evidence) => Ok(Franked::Yes(
                evidence.to_vec().map_err(Fault::Evidence)?.into(),
            )),
            Err(fault) => Err(disbelief(arrived, fault, &delivery, crypto)),
        }
    }
}

/// Whom an X.509 credential of a franking agent names, by the host's word.
fn certified<P: CryptoProvider>(agent: &FrankingAgent, env: &Env<'_, P, Keys>) -> Option<MimiUri> {
    let content = agent.credential.content().ok()?;
    env.identity.identify_provider(&Presented {
        credential_type: agent.credential.credential_type(),
        content: &content,
        signature_key: &agent.signature_key,
    })
}

/// What is left of a message whose frank does not hold: perhaps the hub's stamp, which
/// no later message may bear then, and what the host can tell the hub of a sender
/// that committed to other content than it sent.
fn disbelief<C: openmls_traits::crypto::OpenMlsCrypto>(
    arrived: &Arrived<'_>,
    fault: mimi_franking::Fault,
    delivery: &Delivery<'_>,
    crypto: &C,
) -> Disbelief {
    // Whatever is not the sender's doing is the stamp's, which is no good then.
    if fault.blame() != Blame::Sender {
        return Fault::Frank(fault).into();
    }
    let disputed = dispute(delivery, crypto);
    let stamped = matches!(&disputed, Ok(_) | Err(mimi_franking::Fault::NotDisputed));
    let evidence = disputed.ok().and_then(|evidence| evidence.to_vec().ok());
    let event = evidence.map(|evidence| Event::Miscommitted {
        sender: arrived.sender.clone(),
        accepted_timestamp: arrived.accepted_timestamp,
        evidence: evidence.into(),
    });
    Disbelief {
        fault: fault.into(),
        stamped,
        event: event.map(Box::new),
    }
}
