//! `update`: proposals and commits on their way to the hub (PROTO, "Update
//! Room State"; TREE).

use bytes::Bytes;
use mimi_content::Timestamp;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Writer};

use super::limits::{MAX_DESCRIPTION_LEN, MAX_PENDING_PROPOSALS, MAX_STAPLED_PROPOSALS};
use super::mls::{
    CommitMessage, Extension, ExtensionType, GroupContext, GroupInfo, GroupInfoView,
    ProposalMessage, Relayed, Welcome, unknown,
};
use super::protocol::broken;
use super::tree::RatchetTreeOption;

/// Body of an `update` request. Which protocol it is for, the room knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateRequest {
    /// The change.
    pub bundle: HandshakeBundle,
}

impl Encode for UpdateRequest {
    fn encode(&self, w: &mut Writer) {
        self.bundle.encode(w);
    }
}

impl Decode for UpdateRequest {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        HandshakeBundle::decode(r).map(|bundle| UpdateRequest { bundle })
    }
}

/// A commit with what the hub needs to go on, or one or more proposals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandshakeBundle {
    /// A commit.
    Commit(Box<CommitBundle>),
    /// Proposals.
    Proposals {
        /// The first one.
        proposal: ProposalMessage,
        /// The others, in order.
        more: Vec<ProposalMessage>,
    },
}

/// A commit with what the hub needs to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitBundle {
    /// The commit.
    pub commit: CommitMessage,
    /// The Welcome, if it adds members; without the tree.
    pub welcome: Option<Welcome>,
    /// The new epoch's GroupInfo; without the tree.
    pub group_info: GroupInfoOption,
    /// The new epoch's tree.
    pub ratchet_tree: RatchetTreeOption,
}

impl Encode for HandshakeBundle {
    fn encode(&self, w: &mut Writer) {
        match self {
            HandshakeBundle::Commit(bundle) => {
                bundle.commit.encode(w);
                w.optional(bundle.welcome.as_ref(), |w, welcome| welcome.encode(w));
                bundle.group_info.encode(w);
                bundle.ratchet_tree.encode(w);
            }
            HandshakeBundle::Proposals { proposal, more } => {
                proposal.encode(w);
                w.list(more);
            }
        }
    }
}

impl Decode for HandshakeBundle {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match Relayed::decode(r)? {
            Relayed::Commit(commit) => Ok(HandshakeBundle::Commit(Box::new(CommitBundle {
                commit,
                welcome: r.optional(Welcome::decode)?,
                group_info: GroupInfoOption::decode(r)?,
                ratchet_tree: RatchetTreeOption::decode(r)?,
            }))),
            Relayed::Proposal(proposal) => Ok(HandshakeBundle::Proposals {
                proposal,
                more: stapled(r)?,
            }),
            _ => Err(broken(
                r,
                start,
                "an update is a PublicMessage or SemiPrivateMessage with a proposal or commit",
            )),
        }
    }
}

/// `MLSMessage moreProposals<V>`.
pub(super) fn stapled(r: &mut Reader<'_>) -> Result<Vec<ProposalMessage>, DecodeError> {
    r.list_at_most("stapled proposals", MAX_STAPLED_PROPOSALS, Decode::decode)
}

/// A GroupInfo, or what the hub cannot derive of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupInfoOption {
    /// All of it.
    Full(Box<GroupInfo>),
    /// What a commit does not show.
    Partial(PartialGroupInfo),
}

impl Encode for GroupInfoOption {
    fn encode(&self, w: &mut Writer) {
        match self {
            GroupInfoOption::Full(group_info) => {
                w.u8(1);
                group_info.encode(w);
            }
            GroupInfoOption::Partial(partial) => {
                w.u8(2);
                partial.encode(w);
            }
        }
    }
}

impl Decode for GroupInfoOption {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Ok(GroupInfoOption::Full(Box::new(GroupInfo::decode(r)?))),
            2 => PartialGroupInfo::decode(r).map(GroupInfoOption::Partial),
            value => Err(r.error_at(start, unknown("GroupInfoRepresentation", value))),
        }
    }
}

/// What a hub that followed the commit still lacks of a GroupInfo (TREE,
/// "Conveying the GroupInfo").
///
/// No GroupInfo of a room has the tree embedded, so the presence octet is
/// always 0 (`no_ratchet_tree`) and any other is a decode error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialGroupInfo {
    /// Extensions of the GroupInfo, `ratchet_tree` not among them.
    pub extensions: Vec<Extension>,
    /// The committer's signature over the whole GroupInfo.
    pub signature: Bytes,
}

impl PartialGroupInfo {
    /// Fills in what the hub derived itself. The signature is not checked.
    ///
    /// # Errors
    /// When a field is too long to be encoded.
    pub fn complete(
        self,
        group_context: GroupContext,
        confirmation_tag: Bytes,
        signer: u32,
    ) -> Result<GroupInfo, EncodeError> {
        GroupInfoView {
            group_context,
            extensions: self.extensions,
            confirmation_tag,
            signer,
            signature: self.signature,
        }
        .assemble()
    }
}

impl Encode for PartialGroupInfo {
    fn encode(&self, w: &mut Writer) {
        w.u8(0);
        w.list(&self.extensions);
        w.opaque(&self.signature);
    }
}

impl Decode for PartialGroupInfo {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        if r.u8()? != 0 {
            return Err(broken(
                r,
                start,
                "RatchetTreePresence is not no_ratchet_tree",
            ));
        }
        let start = r.offset();
        let extensions = Extension::list(r)?;
        if Extension::find(&extensions, ExtensionType::RATCHET_TREE).is_some() {
            return Err(broken(r, start, "a PartialGroupInfo has no ratchet_tree"));
        }
        Ok(PartialGroupInfo {
            extensions,
            signature: r.opaque_bytes()?,
        })
    }
}

/// Body of the answer to an `update` request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateRoomResponse {
    /// How it went.
    pub outcome: UpdateOutcome,
    /// For a person to read; may be empty.
    pub error_description: String,
}

/// How an `update` went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateOutcome {
    /// It will be distributed.
    Success {
        /// When the hub accepted it.
        accepted_timestamp: Timestamp,
    },
    /// It was made for another epoch.
    WrongEpoch {
        /// The group's epoch at the hub.
        current_epoch: u64,
    },
    /// Policy or authorisation is against it.
    NotAllowed,
    /// One or more proposals are invalid.
    InvalidProposal {
        /// `ProposalRef` of each.
        invalid_proposals: Vec<Bytes>,
    },
}

impl UpdateRoomResponse {
    /// The update was accepted.
    #[must_use]
    pub fn success(accepted_timestamp: Timestamp) -> Self {
        let outcome = UpdateOutcome::Success { accepted_timestamp };
        Self::new(outcome, String::new())
    }

    /// The update was made for another epoch.
    #[must_use]
    pub fn wrong_epoch(current_epoch: u64, description: impl Into<String>) -> Self {
        Self::new(UpdateOutcome::WrongEpoch { current_epoch }, description)
    }

    /// Policy or authorisation is against the update.
    #[must_use]
    pub fn not_allowed(description: impl Into<String>) -> Self {
        Self::new(UpdateOutcome::NotAllowed, description)
    }

    /// Proposals of the update are invalid.
    #[must_use]
    pub fn invalid_proposal(invalid_proposals: Vec<Bytes>, description: impl Into<String>) -> Self {
        let outcome = UpdateOutcome::InvalidProposal { invalid_proposals };
        Self::new(outcome, description)
    }

    /// An answer whose description is cut off at [`MAX_DESCRIPTION_LEN`].
    pub(crate) fn new(outcome: UpdateOutcome, description: impl Into<String>) -> Self {
        let mut error_description = description.into();
        let end = error_description.floor_char_boundary(MAX_DESCRIPTION_LEN);
        error_description.truncate(end);
        UpdateRoomResponse {
            outcome,
            error_description,
        }
    }
}

impl Encode for UpdateRoomResponse {
    fn encode(&self, w: &mut Writer) {
        w.u8(match self.outcome {
            UpdateOutcome::Success { .. } => 0,
            UpdateOutcome::WrongEpoch { .. } => 1,
            UpdateOutcome::NotAllowed => 2,
            UpdateOutcome::InvalidProposal { .. } => 3,
        });
        w.opaque(self.error_description.as_bytes());
        match &self.outcome {
            UpdateOutcome::Success { accepted_timestamp } => accepted_timestamp.encode(w),
            UpdateOutcome::WrongEpoch { current_epoch } => w.u64(*current_epoch),
            UpdateOutcome::NotAllowed => {}
            UpdateOutcome::InvalidProposal { invalid_proposals } => {
                w.vector(|w| invalid_proposals.iter().for_each(|p| w.opaque(p)));
            }
        }
    }
}

impl Decode for UpdateRoomResponse {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let code = r.u8()?;
        let error_description = r
            .utf8_at_most("octets of an error description", MAX_DESCRIPTION_LEN)?
            .to_owned();
        let outcome = match code {
            0 => UpdateOutcome::Success {
                accepted_timestamp: Timestamp::decode(r)?,
            },
            1 => UpdateOutcome::WrongEpoch {
                current_epoch: r.u64()?,
            },
            2 => UpdateOutcome::NotAllowed,
            3 => UpdateOutcome::InvalidProposal {
                invalid_proposals: r.list_at_most(
                    "invalid proposals",
                    MAX_PENDING_PROPOSALS,
                    |r| r.opaque_bytes(),
                )?,
            },
            value => return Err(r.error_at(start, unknown("UpdateResponseCode", value))),
        };
        Ok(UpdateRoomResponse {
            outcome,
            error_description,
        })
    }
}
