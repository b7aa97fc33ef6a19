//! The sender's commitment.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Writer};
use mimi_content::{MimiContent, MimiUri};
use subtle::ConstantTimeEq;

use crate::content::Framing;
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
/// states about itself (PROTO, "Client creation and sending").
///
/// For MIMI content it comes out of a [`Plaintext`](crate::Plaintext). The URIs
/// are claims until [`commit`], [`verify`](crate::verify) or
/// [`HubFranker::validate`](crate::HubFranker::validate) has compared them.
/// `Debug` shows neither the message nor the salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Opening<'a> {
    application_data: &'a [u8],
    salt: &'a [u8; 16],
    sender_uri: Option<&'a str>,
    room_uri: Option<&'a str>,
}

impl<'a> Opening<'a> {
    /// The opening of a message in a format other than MIMI content.
    ///
    /// `application_data` is the whole plaintext of the MLS message, with the
    /// media type in front if the group frames it. The rest has to be read out
    /// of just these octets: whoever took it from elsewhere would commit the
    /// sender to nothing.
    #[must_use]
    pub const fn new(
        application_data: &'a [u8],
        salt: &'a [u8; 16],
        sender_uri: Option<&'a str>,
        room_uri: Option<&'a str>,
    ) -> Self {
        Opening {
            application_data,
            salt,
            sender_uri,
            room_uri,
        }
    }

    /// The plaintext of the MLS message, framing included.
    #[must_use]
    pub const fn application_data(&self) -> &'a [u8] {
        self.application_data
    }

    /// The tag that this message opens: HMAC-SHA256 of the application data,
    /// keyed with the salt inside it.
    #[must_use]
    pub fn tag(&self) -> FrankingTag {
        FrankingTag(hmac_sha256(self.salt, &[self.application_data]))
    }

    /// Whether the content names `user` as its sender; URIs compare bytewise.
    #[must_use]
    pub fn is_from(&self, user: &MimiUri) -> bool {
        self.sender_uri == Some(user.as_str())
    }

    /// Whether the content names `room`; URIs compare bytewise.
    #[must_use]
    pub fn is_in(&self, room: &MimiUri) -> bool {
        self.room_uri == Some(room.as_str())
    }
}

impl std::fmt::Debug for Opening<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opening({} octets)", self.application_data.len())
    }
}

/// The tag to send with a message of one's own.
///
/// `own_user` is the URI that this client asserts to the hub, a pseudonym
/// perhaps; `room` is the room that the message goes to (PROTO, "Client
/// creation and sending").
///
/// # Errors
/// When the content names no sender or no room, or others: every receiver would
/// refuse it, and the frank would prove nothing.
pub fn commit(
    opening: &Opening<'_>,
    own_user: &MimiUri,
    room: &MimiUri,
) -> Result<FrankingTag, CommitError> {
    match (opening.sender_uri, opening.room_uri) {
        (None, _) => Err(CommitError::NoSenderUri),
        (_, None) => Err(CommitError::NoRoomUri),
        _ if !opening.is_from(own_user) => Err(CommitError::SenderUri),
        _ if !opening.is_in(room) => Err(CommitError::RoomUri),
        _ => Ok(opening.tag()),
    }
}

/// Encodes a MIMI content message of one's own, puts it into application data as
/// the group has it, and commits to it. Gives the data to encrypt, and the tag.
///
/// # Errors
/// As [`commit`]; and when the content is too long to be framed.
pub fn commit_content(
    content: &MimiContent<'_>,
    framing: Framing<'_>,
    own_user: &MimiUri,
    room: &MimiUri,
) -> Result<(Vec<u8>, FrankingTag), CommitError> {
    let data = framing.frame(content.encode())?;
    let opening = Opening::new(
        &data,
        content.salt.as_bytes(),
        content.extensions.sender_uri(),
        content.extensions.room_uri(),
    );
    let tag = commit(&opening, own_user, room)?;
    Ok((data, tag))
}

/// Why a message is not to be committed to. The caller made the content, so
/// the caller is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// The content names no sender.
    #[error("the content has no sender URI (PROTO, \"Client creation and sending\")")]
    NoSenderUri,
    /// The content names no room.
    #[error("the content has no room URI (PROTO, \"Client creation and sending\")")]
    NoRoomUri,
    /// The content names another user as its sender.
    #[error(
        "the content's sender URI is not the sender's own (PROTO, \"Client creation and sending\")"
    )]
    SenderUri,
    /// The content names another room.
    #[error("the content's room URI is not this room (PROTO, \"Client creation and sending\")")]
    RoomUri,
    /// The content is too long to be framed.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}
