//! The sender's commitment.

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};
use subtle::ConstantTimeEq;

use crate::mac::hmac_sha256;
use crate::wire::Hex;

/// `FrankAAD`: the sender's commitment to a message, in the Safe AAD of the
/// PrivateMessage as component 0x0020 (PROTO, "Message Franking").
///
/// Everybody who relays the message sees the tag; without the salt it tells
/// nothing about the content. Comparing two tags takes the same time wherever
/// they differ.
#[derive(Clone, Copy, Eq)]
pub struct FrankingTag(pub [u8; 32]);

impl FrankingTag {
    /// The tag of `application_data`: HMAC-SHA256 keyed with the salt of the
    /// content (PROTO, "Client creation and sending").
    ///
    /// `application_data` is the whole plaintext of the MLS message, with the
    /// media type framing if the group uses it. Senders who hold the decoded
    /// content use [`commit`], which checks what the content asserts.
    #[must_use]
    pub fn commit(salt: &[u8; 16], application_data: &[u8]) -> Self {
        FrankingTag(hmac_sha256(salt, &[application_data]))
    }

    /// The tag in a message's Safe AAD, if there is one.
    ///
    /// # Errors
    /// When the component does not hold exactly 32 octets; the offset counts
    /// from the start of the component's value.
    pub fn from_safe_aad(items: &ComponentMap) -> Result<Option<Self>, DecodeError> {
        items
            .get(ComponentId::FRANK_AAD)
            .map(|value| Self::from_slice(value))
            .transpose()
    }

    /// The Safe AAD item that carries the tag.
    #[must_use]
    pub fn to_component(&self) -> (ComponentId, Bytes) {
        (ComponentId::FRANK_AAD, Bytes::copy_from_slice(&self.0))
    }
}

impl ConstantTimeEq for FrankingTag {
    fn ct_eq(&self, other: &Self) -> subtle::Choice {
        self.0.ct_eq(&other.0)
    }
}

impl PartialEq for FrankingTag {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl std::fmt::Debug for FrankingTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FrankingTag({:?})", Hex(&self.0))
    }
}

impl Encode for FrankingTag {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
}

impl Decode for FrankingTag {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(FrankingTag)
    }
}

/// What opens a commitment: a message in clear, and the facts that its content
/// states about itself.
///
/// The caller decodes the content and copies the facts out of it; for MIMI
/// content the URIs stand in the extensions 1 and 2 (PROTO, "Client creation
/// and sending"). They are claims until [`verify`](crate::verify) or
/// [`validate`](crate::validate) has compared them. `Debug` shows neither the
/// message nor the salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Opening<'a> {
    /// The plaintext of the MLS message, framing included.
    pub application_data: &'a [u8],
    /// The salt inside the content.
    pub salt: &'a [u8; 16],
    /// The user that the content names as its sender.
    pub sender_uri: &'a str,
    /// The room that the content names.
    pub room_uri: &'a str,
}

impl Opening<'_> {
    /// The tag that this message commits to.
    #[must_use]
    pub fn tag(&self) -> FrankingTag {
        FrankingTag::commit(self.salt, self.application_data)
    }

    /// Whether the content names `user` as its sender; URIs compare bytewise.
    #[must_use]
    pub fn is_from(&self, user: &MimiUri) -> bool {
        self.sender_uri == user.as_str()
    }

    /// Whether the content names `room`; URIs compare bytewise.
    #[must_use]
    pub fn is_in(&self, room: &MimiUri) -> bool {
        self.room_uri == room.as_str()
    }
}

impl std::fmt::Debug for Opening<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening")
            .field(
                "application_data",
                &format_args!("{} octets", self.application_data.len()),
            )
            .field("sender_uri", &self.sender_uri)
            .field("room_uri", &self.room_uri)
            .finish_non_exhaustive()
    }
}

/// The tag to send with a message of one's own.
///
/// `own_user` is the URI that this client asserts to the hub, a pseudonym
/// perhaps; `room` is the room that the message goes to (PROTO, "Client
/// creation and sending").
///
/// # Errors
/// When the content names another sender or another room: every receiver
/// would refuse it, and the frank would prove nothing.
pub fn commit(
    opening: &Opening<'_>,
    own_user: &MimiUri,
    room: &MimiUri,
) -> Result<FrankingTag, CommitError> {
    if !opening.is_from(own_user) {
        return Err(CommitError::SenderUri);
    }
    if !opening.is_in(room) {
        return Err(CommitError::RoomUri);
    }
    Ok(opening.tag())
}

/// Why a message is not to be committed to. The caller made the content, so
/// the caller is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// The content names another user as its sender.
    #[error(
        "the content's sender URI is not the sender's own (PROTO, \"Client creation and sending\")"
    )]
    SenderUri,
    /// The content names another room.
    #[error("the content's room URI is not this room (PROTO, \"Client creation and sending\")")]
    RoomUri,
}
