//! `MLSMessage` and its clear header.

use bytes::Bytes;
use mimi_content::component::ComponentMap;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use super::codes::WireFormat;
use super::exact::Exact;
use super::framed::HandshakeType;
use super::leaf::{mls10, unknown};
use super::objects::{GroupInfo, KeyPackage, Welcome, version};
use super::walk;
use crate::wire::limits::MAX_EXTERNAL_RECEIVERS;

/// Any MLS message, as it came (RFC 9420 §6).
pub type MlsMessage = Exact<MlsContent>;

/// What an [`MlsMessage`] holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MlsContent {
    /// A PublicMessage, PrivateMessage or SemiPrivateMessage.
    Framed(MlsHeader),
    /// A Welcome.
    Welcome(Welcome),
    /// A GroupInfo.
    GroupInfo(Box<GroupInfo>),
    /// A KeyPackage.
    KeyPackage(Box<KeyPackage>),
}

impl MlsContent {
    /// The wire format.
    #[must_use]
    pub fn wire_format(&self) -> WireFormat {
        match self {
            MlsContent::Framed(header) => header.wire_format,
            MlsContent::Welcome(_) => WireFormat::WELCOME,
            MlsContent::GroupInfo(_) => WireFormat::GROUP_INFO,
            MlsContent::KeyPackage(_) => WireFormat::KEY_PACKAGE,
        }
    }

    /// The header, if this is a message of a group.
    #[must_use]
    pub fn header(&self) -> Option<&MlsHeader> {
        match self {
            MlsContent::Framed(header) => Some(header),
            _ => None,
        }
    }
}

impl MlsMessage {
    /// Wraps a Welcome.
    #[must_use]
    pub fn from_welcome(welcome: Welcome) -> Self {
        let raw = prefixed(WireFormat::WELCOME, welcome.as_bytes());
        Exact::new(raw, MlsContent::Welcome(welcome))
    }

    /// Wraps a GroupInfo.
    #[must_use]
    pub fn from_group_info(group_info: GroupInfo) -> Self {
        let raw = prefixed(WireFormat::GROUP_INFO, group_info.as_bytes());
        Exact::new(raw, MlsContent::GroupInfo(Box::new(group_info)))
    }

    /// Wraps a KeyPackage.
    #[must_use]
    pub fn from_key_package(key_package: KeyPackage) -> Self {
        let raw = prefixed(WireFormat::KEY_PACKAGE, key_package.as_bytes());
        Exact::new(raw, MlsContent::KeyPackage(Box::new(key_package)))
    }

    /// The Welcome, if it is one.
    #[must_use]
    pub fn into_welcome(self) -> Option<Welcome> {
        match self.into_parts().1 {
            MlsContent::Welcome(welcome) => Some(welcome),
            _ => None,
        }
    }
}

fn prefixed(format: WireFormat, body: &[u8]) -> Bytes {
    let [high, low] = format.0.to_be_bytes();
    [&[0, 1, high, low], body].concat().into()
}

impl Decode for MlsContent {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match wire_format(r)? {
            WireFormat::WELCOME => Welcome::decode(r).map(MlsContent::Welcome),
            WireFormat::GROUP_INFO => Ok(MlsContent::GroupInfo(Box::new(GroupInfo::decode(r)?))),
            WireFormat::KEY_PACKAGE => Ok(MlsContent::KeyPackage(Box::new(KeyPackage::decode(r)?))),
            format => framed(r, format).map(MlsContent::Framed),
        }
    }
}

/// What every `MLSMessage` begins with; the format is one that is known.
fn wire_format(r: &mut Reader<'_>) -> Result<WireFormat, DecodeError> {
    mls10(r)?;
    let start = r.offset();
    match WireFormat::decode(r)? {
        known @ (WireFormat::PUBLIC_MESSAGE
        | WireFormat::PRIVATE_MESSAGE
        | WireFormat::SEMIPRIVATE_MESSAGE
        | WireFormat::WELCOME
        | WireFormat::GROUP_INFO
        | WireFormat::KEY_PACKAGE) => Ok(known),
        WireFormat(other) => Err(r.error_at(start, unknown("WireFormat", other))),
    }
}

/// A message of a group, whose format has been read.
fn framed(r: &mut Reader<'_>, format: WireFormat) -> Result<MlsHeader, DecodeError> {
    match format {
        WireFormat::PUBLIC_MESSAGE => public_message(r),
        _ => encrypted_message(r, format),
    }
}

/// What a group message holds (RFC 9420 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentType {
    /// Application data.
    Application,
    /// A proposal.
    Proposal,
    /// A commit.
    Commit,
}

impl Decode for ContentType {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Ok(ContentType::Application),
            2 => Ok(ContentType::Proposal),
            3 => Ok(ContentType::Commit),
            value => Err(r.error_at(start, unknown("ContentType", value))),
        }
    }
}

/// Who sent a PublicMessage, unverified (RFC 9420 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sender {
    /// The member at this leaf.
    Member(u32),
    /// The external sender at this index of `external_senders`.
    External(u32),
    /// A client that proposes to be added.
    NewMemberProposal,
    /// A client that adds itself.
    NewMemberCommit,
}

impl Decode for Sender {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => r.u32().map(Sender::Member),
            2 => r.u32().map(Sender::External),
            3 => Ok(Sender::NewMemberProposal),
            4 => Ok(Sender::NewMemberCommit),
            value => Err(r.error_at(start, unknown("SenderType", value))),
        }
    }
}

/// The part of a group message that every provider can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MlsHeader {
    /// PublicMessage, PrivateMessage or SemiPrivateMessage.
    pub wire_format: WireFormat,
    /// The group.
    pub group_id: Bytes,
    /// The epoch in which it was sent.
    pub epoch: u64,
    /// What it holds.
    pub content_type: ContentType,
    /// Who sent it; only a PublicMessage says.
    pub sender: Option<Sender>,
    /// The additional authenticated data, unread.
    pub authenticated_data: Bytes,
}

impl MlsHeader {
    /// The additional authenticated data of a group that has `safe_aad`, read
    /// as the `SafeAAD` that it must be from end to end (EXT, "Safe Additional
    /// Authenticated Data").
    ///
    /// # Errors
    /// When it is anything else.
    pub fn safe_aad(&self) -> Result<ComponentMap, DecodeError> {
        ComponentMap::from_bytes(&self.authenticated_data)
    }
}

impl Decode for MlsHeader {
    /// Reads the whole `MLSMessage`, which must be a message of a group.
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match wire_format(r)? {
            WireFormat::WELCOME | WireFormat::GROUP_INFO | WireFormat::KEY_PACKAGE => {
                Err(r.error_at(start, Rule::Structure("a message of a group belongs here")))
            }
            format => framed(r, format),
        }
    }
}

/// `PublicMessage` (RFC 9420 §6.2): a signature, a confirmation tag for
/// commits, a membership tag for members.
fn public_message(r: &mut Reader<'_>) -> Result<MlsHeader, DecodeError> {
    let group_id = r.opaque_bytes()?;
    let epoch = r.u64()?;
    let sender = Sender::decode(r)?;
    let authenticated_data = r.opaque_bytes()?;
    let content_type = ContentType::decode(r)?;
    match content_type {
        ContentType::Application => r.opaque().map(drop)?,
        ContentType::Proposal => walk::proposal(r)?,
        ContentType::Commit => walk::commit(r).map(drop)?,
    }
    r.opaque()?;
    if content_type == ContentType::Commit {
        r.opaque()?;
    }
    if matches!(sender, Sender::Member(_)) {
        r.opaque()?;
    }
    Ok(MlsHeader {
        wire_format: WireFormat::PUBLIC_MESSAGE,
        group_id,
        epoch,
        content_type,
        sender: Some(sender),
        authenticated_data,
    })
}

/// `PrivateMessage` (RFC 9420 §6.3) and `SemiPrivateMessage` (SEMI,
/// "Encryption of a SemiPrivateMessage"), which has three fields more.
fn encrypted_message(
    r: &mut Reader<'_>,
    wire_format: WireFormat,
) -> Result<MlsHeader, DecodeError> {
    let header = MlsHeader {
        wire_format,
        group_id: r.opaque_bytes()?,
        epoch: r.u64()?,
        content_type: match wire_format {
            WireFormat::SEMIPRIVATE_MESSAGE => HandshakeType::decode(r)?.into(),
            _ => ContentType::decode(r)?,
        },
        sender: None,
        authenticated_data: r.opaque_bytes()?,
    };
    if wire_format == WireFormat::SEMIPRIVATE_MESSAGE {
        r.opaque()?;
        let what = "keys for external receivers";
        r.list_at_most(what, MAX_EXTERNAL_RECEIVERS, |r| {
            r.opaque()?;
            walk::hpke_ciphertext(r)
        })?;
        r.opaque()?;
    }
    r.opaque()?;
    r.opaque()?;
    Ok(header)
}

/// An `MLSMessage` by what a hub does with it.
#[derive(Debug)]
pub(in crate::wire) enum Relayed {
    Application(ApplicationMessage),
    Proposal(ProposalMessage),
    Commit(CommitMessage),
    Welcome(Welcome),
    /// Nothing; it may not even have been read to its end.
    Other,
}

impl Decode for Relayed {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut body = r.clone();
        match wire_format(&mut body)? {
            WireFormat::WELCOME => {
                *r = body;
                return Welcome::decode(r).map(Relayed::Welcome);
            }
            WireFormat::GROUP_INFO | WireFormat::KEY_PACKAGE => return Ok(Relayed::Other),
            _ => {}
        }
        let message = Exact::<MlsHeader>::decode(r)?;
        let private = message.wire_format == WireFormat::PRIVATE_MESSAGE;
        Ok(match message.content_type {
            ContentType::Application if private => {
                Relayed::Application(ApplicationMessage(message))
            }
            ContentType::Proposal if !private => Relayed::Proposal(ProposalMessage(message)),
            ContentType::Commit if !private => Relayed::Commit(CommitMessage(message)),
            _ => Relayed::Other,
        })
    }
}

/// A message that is not of the kind its place asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{expected} belongs here")]
pub struct WrongMessage {
    /// What belongs there.
    expected: &'static str,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident, $relayed:ident, $expected:literal, $header:ident => $accept:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// Dereferences to the header.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(Exact<MlsHeader>);

        impl $name {
            /// The whole `MLSMessage`.
            #[must_use]
            pub fn as_bytes(&self) -> &Bytes {
                self.0.as_bytes()
            }

            /// The header.
            #[must_use]
            pub fn header(&self) -> &MlsHeader {
                &self.0
            }
        }

        impl std::ops::Deref for $name {
            type Target = MlsHeader;

            fn deref(&self) -> &MlsHeader {
                &self.0
            }
        }

        impl TryFrom<MlsMessage> for $name {
            type Error = WrongMessage;

            fn try_from(message: MlsMessage) -> Result<Self, WrongMessage> {
                match message.into_parts() {
                    (raw, MlsContent::Framed($header)) if $accept => {
                        Ok($name(Exact::new(raw, $header)))
                    }
                    _ => Err(WrongMessage { expected: $expected }),
                }
            }
        }

        impl From<$name> for MlsMessage {
            fn from(message: $name) -> MlsMessage {
                let (raw, header) = message.0.into_parts();
                Exact::new(raw, MlsContent::Framed(header))
            }
        }

        impl Encode for $name {
            fn encode(&self, w: &mut Writer) {
                self.0.encode(w);
            }
        }

        impl Decode for $name {
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let start = r.offset();
                match Relayed::decode(r)? {
                    Relayed::$relayed(message) => Ok(message),
                    _ => Err(r.error_at(start, Rule::Structure(concat!($expected, " belongs here")))),
                }
            }
        }
    )*};
}

kinds! {
    /// An `MLSMessage` that is a PrivateMessage with application data.
    ApplicationMessage, Application, "a PrivateMessage with application data", header =>
        header.wire_format == WireFormat::PRIVATE_MESSAGE
            && header.content_type == ContentType::Application;

    /// An `MLSMessage` that is a PublicMessage or SemiPrivateMessage with a
    /// proposal.
    ProposalMessage, Proposal, "a PublicMessage or SemiPrivateMessage with a proposal", header =>
        header.wire_format != WireFormat::PRIVATE_MESSAGE
            && header.content_type == ContentType::Proposal;

    /// An `MLSMessage` that is a PublicMessage or SemiPrivateMessage with a
    /// commit.
    CommitMessage, Commit, "a PublicMessage or SemiPrivateMessage with a commit", header =>
        header.wire_format != WireFormat::PRIVATE_MESSAGE
            && header.content_type == ContentType::Commit;
}

/// A Welcome in an `MLSMessage`, written without wrapping it first.
pub(in crate::wire) fn encode_welcome(welcome: &Welcome, w: &mut Writer) {
    version(w);
    WireFormat::WELCOME.encode(w);
    welcome.encode(w);
}
