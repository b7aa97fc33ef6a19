//! Proposals and commits as members sign them (RFC 9420 §6 and §6.1), in a
//! SemiPrivateMessage.

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Rule, Writer};

use super::codes::{ProposalType, WireFormat};
use super::exact::Exact;
use super::leaf::{mls10, unknown};
use super::message::{ContentType, Sender};
use super::objects::{GroupContext, version};
use super::walk;

/// A proposal (RFC 9420 §12.1; EXT).
pub type Proposal = Exact<ProposalView>;

/// What a [`Proposal`] shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProposalView {
    /// What it proposes.
    pub proposal_type: ProposalType,
}

impl Decode for ProposalView {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let proposal_type = ProposalType::decode(&mut r.clone())?;
        walk::proposal(r)?;
        Ok(ProposalView { proposal_type })
    }
}

/// A commit (RFC 9420 §12.4).
pub type Commit = Exact<CommitView>;

/// What a [`Commit`] shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitView {
    /// Whether it brings new keys for its sender's path.
    pub has_path: bool,
}

impl Decode for CommitView {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let has_path = walk::commit(r)?;
        Ok(CommitView { has_path })
    }
}

/// What a SemiPrivateMessage can hold: no application data (SEMI, "Encryption of
/// a SemiPrivateMessage").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handshake {
    /// A proposal.
    Proposal(Proposal),
    /// A commit.
    Commit(Commit),
}

/// The `ContentType` of a [`Handshake`]; application is a decode error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandshakeType {
    /// A proposal.
    Proposal,
    /// A commit.
    Commit,
}

impl Encode for HandshakeType {
    fn encode(&self, w: &mut Writer) {
        w.u8(match self {
            HandshakeType::Proposal => 2,
            HandshakeType::Commit => 3,
        });
    }
}

impl Decode for HandshakeType {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            2 => Ok(HandshakeType::Proposal),
            3 => Ok(HandshakeType::Commit),
            value => Err(r.error_at(start, unknown("ContentType", value))),
        }
    }
}

impl From<HandshakeType> for ContentType {
    fn from(handshake: HandshakeType) -> Self {
        match handshake {
            HandshakeType::Proposal => ContentType::Proposal,
            HandshakeType::Commit => ContentType::Commit,
        }
    }
}

impl Handshake {
    /// Which of the two it is.
    #[must_use]
    pub fn content_type(&self) -> HandshakeType {
        match self {
            Handshake::Proposal(_) => HandshakeType::Proposal,
            Handshake::Commit(_) => HandshakeType::Commit,
        }
    }

    /// Reads one of a type that stands elsewhere.
    pub(super) fn read(
        r: &mut Reader<'_>,
        content_type: HandshakeType,
    ) -> Result<Self, DecodeError> {
        match content_type {
            HandshakeType::Proposal => Proposal::decode(r).map(Handshake::Proposal),
            HandshakeType::Commit => Commit::decode(r).map(Handshake::Commit),
        }
    }
}

impl Encode for Handshake {
    fn encode(&self, w: &mut Writer) {
        match self {
            Handshake::Proposal(proposal) => proposal.encode(w),
            Handshake::Commit(commit) => commit.encode(w),
        }
    }
}

/// `FramedContentTBS` of a member's SemiPrivateMessage: what it signs (RFC 9420
/// §6.1). Group and epoch are those of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FramedContentTbs {
    /// The state in which it is sent.
    pub context: GroupContext,
    /// Who sends it.
    pub sender_leaf_index: u32,
    /// The additional authenticated data, which everybody can read.
    pub authenticated_data: Bytes,
    /// The proposal or commit.
    pub content: Handshake,
}

/// The octet in front of a member's leaf index (RFC 9420 §6).
const MEMBER: u8 = 1;

impl FramedContentTbs {
    /// The label for SignWithLabel.
    pub const LABEL: &'static str = "FramedContentTBS";

    /// The `FramedContent` alone, which the transcript hash covers together with
    /// wire format and signature (RFC 9420 §8.2).
    ///
    /// # Errors
    /// When a field is too long to be encoded.
    pub fn framed_content(&self) -> Result<Vec<u8>, EncodeError> {
        Writer::write(|w| self.write_content(w))
    }

    fn write_content(&self, w: &mut Writer) {
        w.opaque(&self.context.group_id);
        w.u64(self.context.epoch);
        w.u8(MEMBER);
        w.u32(self.sender_leaf_index);
        w.opaque(&self.authenticated_data);
        self.content.content_type().encode(w);
        self.content.encode(w);
    }
}

impl Encode for FramedContentTbs {
    fn encode(&self, w: &mut Writer) {
        version(w);
        WireFormat::SEMIPRIVATE_MESSAGE.encode(w);
        self.write_content(w);
        self.context.encode(w);
    }
}

impl Decode for FramedContentTbs {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let broken = |r: &Reader<'_>, at, rule| Err(r.error_at(at, Rule::Structure(rule)));
        mls10(r)?;
        let start = r.offset();
        if WireFormat::decode(r)? != WireFormat::SEMIPRIVATE_MESSAGE {
            return broken(r, start, "the wire format is not mls_semiprivate_message");
        }
        let group = r.offset();
        let group_id = r.opaque_bytes()?;
        let epoch = r.u64()?;
        let start = r.offset();
        let Sender::Member(sender_leaf_index) = Sender::decode(r)? else {
            return broken(r, start, "the sender is no member");
        };
        let authenticated_data = r.opaque_bytes()?;
        let content_type = HandshakeType::decode(r)?;
        let content = Handshake::read(r, content_type)?;
        let context = GroupContext::decode(r)?;
        if (&context.group_id, context.epoch) != (&group_id, epoch) {
            return broken(r, group, "the group context is of another group or epoch");
        }
        Ok(FramedContentTbs {
            context,
            sender_leaf_index,
            authenticated_data,
            content,
        })
    }
}

/// What proves a message (RFC 9420 §6.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FramedContentAuthData {
    /// The sender's signature over the [`FramedContentTbs`].
    pub signature: Bytes,
    /// What shows that a commit's sender has computed the new epoch; a proposal
    /// has none.
    pub confirmation_tag: Option<Bytes>,
}

impl FramedContentAuthData {
    /// Reads that of a message whose type stands elsewhere.
    pub(super) fn read(
        r: &mut Reader<'_>,
        content_type: HandshakeType,
    ) -> Result<Self, DecodeError> {
        let signature = r.opaque_bytes()?;
        let confirmation_tag = match content_type {
            HandshakeType::Proposal => None,
            HandshakeType::Commit => Some(r.opaque_bytes()?),
        };
        Ok(FramedContentAuthData {
            signature,
            confirmation_tag,
        })
    }
}

impl Encode for FramedContentAuthData {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.signature);
        if let Some(tag) = &self.confirmation_tag {
            w.opaque(tag);
        }
    }
}

/// What members read of who sent an encrypted message (RFC 9420 §6.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SenderData {
    /// The sender.
    pub leaf_index: u32,
    /// Which generation of the sender's ratchet has the keys.
    pub generation: u32,
    /// What the sender drew to keep nonces apart.
    pub reuse_guard: [u8; 4],
}

impl Encode for SenderData {
    fn encode(&self, w: &mut Writer) {
        w.u32(self.leaf_index);
        w.u32(self.generation);
        w.raw(&self.reuse_guard);
    }
}

impl Decode for SenderData {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(SenderData {
            leaf_index: r.u32()?,
            generation: r.u32()?,
            reuse_guard: r.array()?,
        })
    }
}
