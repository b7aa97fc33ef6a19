//! `submitMessage`: application messages on their way to the hub (PROTO,
//! "Submit a Message").

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};
use mimi_content::{MimiUri, Timestamp};

use super::mls::{ApplicationMessage, unknown};
use super::protocol::Protocol;
use super::report::Frank;

/// Body of a `submitMessage` request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmitMessageRequest {
    /// The encrypted message.
    pub app_message: ApplicationMessage,
    /// Who sends it, a participant of the room, as its provider says.
    pub sending_uri: MimiUri,
}

impl Encode for SubmitMessageRequest {
    fn encode(&self, w: &mut Writer) {
        Protocol::Mls10.encode(w);
        self.app_message.encode(w);
        self.sending_uri.encode(w);
    }
}

impl Decode for SubmitMessageRequest {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Protocol::decode(r)?;
        Ok(SubmitMessageRequest {
            app_message: ApplicationMessage::decode(r)?,
            sending_uri: MimiUri::decode(r)?,
        })
    }
}

/// Body of the answer to a `submitMessage` request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitMessageResponse {
    /// It will be distributed.
    Accepted {
        /// When the hub accepted it.
        accepted_timestamp: Timestamp,
        /// The hub's stamp, if the room and the message are franked.
        frank: Option<Frank>,
    },
    /// Policy or authorisation is against it.
    NotAllowed,
    /// The group has moved on.
    EpochTooOld {
        /// The group's epoch at the hub.
        current_epoch: u64,
    },
}

impl SubmitMessageResponse {
    /// The message was accepted.
    #[must_use]
    pub fn accepted(accepted_timestamp: Timestamp, frank: Option<Frank>) -> Self {
        SubmitMessageResponse::Accepted {
            accepted_timestamp,
            frank,
        }
    }

    /// The group has moved on to `current_epoch`.
    #[must_use]
    pub fn epoch_too_old(current_epoch: u64) -> Self {
        SubmitMessageResponse::EpochTooOld { current_epoch }
    }
}

impl Encode for SubmitMessageResponse {
    fn encode(&self, w: &mut Writer) {
        Protocol::Mls10.encode(w);
        match self {
            SubmitMessageResponse::Accepted {
                accepted_timestamp,
                frank,
            } => {
                w.u8(0);
                accepted_timestamp.encode(w);
                w.optional(frank.as_ref(), |w, frank| frank.encode(w));
            }
            SubmitMessageResponse::NotAllowed => w.u8(1),
            SubmitMessageResponse::EpochTooOld { current_epoch } => {
                w.u8(2);
                w.u64(*current_epoch);
            }
        }
    }
}

impl Decode for SubmitMessageResponse {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Protocol::decode(r)?;
        let start = r.offset();
        match r.u8()? {
            0 => Ok(SubmitMessageResponse::Accepted {
                accepted_timestamp: Timestamp::decode(r)?,
                frank: r.optional(Frank::decode)?,
            }),
            1 => Ok(SubmitMessageResponse::NotAllowed),
            2 => Ok(SubmitMessageResponse::EpochTooOld {
                current_epoch: r.u64()?,
            }),
            value => Err(r.error_at(start, unknown("SubmitResponseCode", value))),
        }
    }
}
