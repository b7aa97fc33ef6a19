//! Messages, out and in.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::media::{ApplicationFraming, MediaType};
use mimi_content::tls::{Decode, Encode, Reader};
use mimi_content::{MessageId, MimiContent, MimiUri, Timestamp};
use mimi_franking::{Delivery, FrankingAgent, FrankingTag, Opening};

use super::error::{Fault, Rejection};
use super::event::{Event, Franked};
use super::keys::{Keys, Prepared};
use super::meta::Request;
use super::room::{Done, Room};
use crate::engine::{CryptoProvider, Env};
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
        let user = self.meta.user.clone();
        self.policy.may_send(&user)?;
        content.extensions.set_sender_uri(&user);
        content.extensions.set_room_uri(&self.meta.room);
        let encoded = Bytes::from(content.encode());
        let message_id = self.message_id(&user, &encoded, &content)?;
        let data = self.frame(encoded)?;
        let opening = Opening {
            application_data: &data,
            salt: content.salt.as_bytes(),
            sender_uri: user.as_str(),
            room_uri: self.meta.room.as_str(),
        };
        let tag = mimi_franking::commit(&opening, &user, &self.meta.room)
            .map_err(|e| Rejection::Content(e.to_string()))?;
        let aad: ComponentMap = [tag.to_component()].into_iter().collect();
        let prepared = Prepared::new(env.keys)?;
        let own = prepared.own(env.keys);
        let message = self.mls.encrypt(env.provider, &own, &aad, &data)?;
        let request = SubmitMessageRequest {
            app_message: ApplicationMessage::from_bytes(&message)?,
            sending_uri: user,
        };
        let room = self.meta.room.clone();
        let endpoint = Endpoint::SubmitMessage { room };
        let body = request.to_vec()?.into();
        let seq = self.request(endpoint, body, Request::Message(message_id))?;
        Ok(self.requested(seq, "sends a message", "PROTO, Submit a Message"))
    }

    fn message_id(
        &self,
        sender: &MimiUri,
        encoded: &[u8],
        content: &MimiContent<'_>,
    ) -> Result<MessageId, Rejection> {
        let room = self.meta.room.as_str();
        MessageId::compute(sender.as_str(), room, encoded, &content.salt)
            .map_err(|e| Rejection::Content(e.to_string()))
    }

    fn is_framed(&self) -> bool {
        self.dictionary
            .get(ComponentId::CONTENT_MEDIA_TYPES)
            .is_some()
    }

    /// Application data as the group frames it (EXT, "Framing of
    /// application_data"): the group's first media type is MIMI content.
    fn frame(&self, content: Bytes) -> Result<Bytes, Rejection> {
        if !self.is_framed() {
            return Ok(content);
        }
        let media_type = MediaType::default();
        Ok(ApplicationFraming {
            media_type,
            content,
        }
        .to_vec()?
        .into())
    }

    /// Believes a message, or says why not (PROTO, "Receiver verification of
    /// frank").
    pub(super) fn accept_message<P: CryptoProvider>(
        &self,
        arrived: &Arrived<'_>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Event, Fault> {
        if arrived.accepted_timestamp < self.meta.last_message {
            return Err(Fault::Timestamp);
        }
        let encoded = self.unframe(&arrived.application_data)?;
        let content = MimiContent::decode(&encoded).map_err(|e| Fault::Content(e.to_string()))?;
        let opening = Opening {
            application_data: &arrived.application_data,
            salt: content.salt.as_bytes(),
            sender_uri: content.extensions.sender_uri().unwrap_or_default(),
            room_uri: content.extensions.room_uri().unwrap_or_default(),
        };
        let franked = self.verify_frank(arrived, &opening, env)?;
        if !opening.is_from(&arrived.sender) {
            return Err(Fault::Sender(opening.sender_uri.to_owned()));
        }
        if !opening.is_in(&self.meta.room) {
            return Err(Fault::Room(opening.room_uri.to_owned()));
        }
        let message_id = self
            .message_id(&arrived.sender, &encoded, &content)
            .map_err(|e| Fault::Content(e.to_string()))?;
        Ok(Event::Message {
            sender: arrived.sender.clone(),
            client: arrived.client.clone(),
            accepted_timestamp: arrived.accepted_timestamp,
            message_id,
            content: encoded,
            franked,
        })
    }

    fn unframe(&self, data: &Bytes) -> Result<Bytes, Fault> {
        if !self.is_framed() {
            return Ok(data.clone());
        }
        let framing = ApplicationFraming::from_bytes(data).map_err(Fault::Framing)?;
        let essence = framing.media_type.essence.as_str();
        if essence.is_empty() || essence == super::keys::MIMI_CONTENT {
            return Ok(framing.content);
        }
        Err(Fault::Content(format!("{essence} is not MIMI content")))
    }

    fn verify_frank<P: CryptoProvider>(
        &self,
        arrived: &Arrived<'_>,
        opening: &Opening<'_>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Franked, Fault> {
        let items = if self.dictionary.get(ComponentId::SAFE_AAD).is_some() {
            ComponentMap::decode(&mut Reader::new(arrived.aad)).map_err(Fault::Aad)?
        } else {
            ComponentMap::new()
        };
        let tag = FrankingTag::from_safe_aad(&items).map_err(Fault::Aad)?;
        let agent = FrankingAgent::from_dictionary(&self.dictionary).map_err(Fault::Aad)?;
        let (Some(tag), Some(agent), Some(frank)) = (tag, agent, arrived.frank) else {
            return Ok(Franked::No);
        };
        let evidence = mimi_franking::verify(
            &Delivery {
                tag: &tag,
                frank,
                accepted_timestamp: arrived.accepted_timestamp,
                opening: *opening,
                sender: &arrived.sender,
                room: &self.meta.room,
                group_ciphersuite: self.mls.ciphersuite().into(),
                agent: &agent,
                certified_agent: None,
            },
            env.provider.crypto(),
        )?;
        let evidence = evidence
            .to_vec()
            .map_err(|e| Fault::Content(e.to_string()))?;
        Ok(Franked::Yes(evidence.into()))
    }
}
