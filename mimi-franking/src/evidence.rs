//! What a receiver keeps of a message.

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::tag::FrankingTag;
use crate::wire::{AbusiveMessage, Frank, ServerFrankingContext};

/// A message whose frank was verified, as a receiver keeps it for a report
/// (PROTO, "Receiver verification of frank"); or one that is
/// [disputed](crate::dispute).
///
/// It encodes for storage in a form of its own; read back only what this
/// client has stored, since decoding verifies nothing. Deleting a message
/// means deleting its evidence, which holds the plaintext. `Debug` does not
/// show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Evidence {
    pub(crate) application_data: Bytes,
    pub(crate) tag: FrankingTag,
    pub(crate) frank: Frank,
    pub(crate) context: ServerFrankingContext,
    pub(crate) disputed: bool,
}

impl Evidence {
    /// Whether its sender committed to other content than it sent, so that the message
    /// was refused. To the hub a report of it proves nothing, not even that.
    #[must_use]
    pub fn is_disputed(&self) -> bool {
        self.disputed
    }

    /// The plaintext of the MLS message, framing included.
    #[must_use]
    pub fn application_data(&self) -> &Bytes {
        &self.application_data
    }

    /// The sender's commitment.
    #[must_use]
    pub fn tag(&self) -> &FrankingTag {
        &self.tag
    }

    /// The hub's stamp.
    #[must_use]
    pub fn frank(&self) -> &Frank {
        &self.frank
    }

    /// Sender, room and time, as the hub vouched for them.
    #[must_use]
    pub fn context(&self) -> &ServerFrankingContext {
        &self.context
    }

    /// The message as a report shows it to the hub.
    #[must_use]
    pub fn to_abusive_message(&self) -> AbusiveMessage {
        AbusiveMessage {
            message_content: self.application_data.clone(),
            frank: self.frank.clone(),
            accepted_timestamp: self.context.accepted_timestamp,
        }
    }
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evidence")
            .field(
                "application_data",
                &format_args!("{} octets", self.application_data.len()),
            )
            .field("tag", &self.tag)
            .field("frank", &self.frank)
            .field("context", &self.context)
            .field("disputed", &self.disputed)
            .finish()
    }
}

/// First octet of stored evidence; another one belongs to another release.
const VERIFIED: u8 = 1;
/// The same of a disputed message.
const DISPUTED: u8 = 2;

impl Encode for Evidence {
    fn encode(&self, w: &mut Writer) {
        w.u8(if self.disputed { DISPUTED } else { VERIFIED });
        w.opaque(&self.application_data);
        self.tag.encode(w);
        self.frank.encode(w);
        self.context.encode(w);
    }
}

impl Decode for Evidence {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            format @ (VERIFIED | DISPUTED) => Ok(Evidence {
                application_data: r.opaque_bytes()?,
                tag: FrankingTag::decode(r)?,
                frank: Frank::decode(r)?,
                context: ServerFrankingContext::decode(r)?,
                disputed: format == DISPUTED,
            }),
            other => Err(r.error_at(
                start,
                Rule::Unknown {
                    what: "the format of stored evidence",
                    value: other.into(),
                },
            )),
        }
    }
}
