//! `groupInfo`: what a client needs to join by external commit (PROTO, "Claim
//! group key information").

use std::fmt;

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Writer, mls_label_of};
use mimi_content::{MimiUri, Timestamp};

use super::limits::{MAX_JOINING_CODE_LEN, MAX_PENDING_PROPOSALS};
use super::mls::{
    CipherSuite, Credential, ExternalSender, GroupInfo, HpkeCiphertext, ProposalMessage,
};
use super::protocol::{Protocol, broken};
use super::tree::RatchetTreeOption;

/// The label for EncryptWithLabel; the context is the room URI's octets.
pub const GROUP_INFO_ENCRYPTION_LABEL: &str = "GroupInfo and ratchet_tree encryption";

/// What the requester signs, and what all but the signature of a
/// [`GroupInfoRequest`] is.
#[derive(Clone, PartialEq, Eq)]
pub struct GroupInfoRequestTbs {
    /// A suite that requester and hub have in common; the signatures and the
    /// encryption of request and response use it.
    pub cipher_suite: CipherSuite,
    /// Key that the signature verifies with.
    pub requesting_signature_key: Bytes,
    /// Whose key it is; the external commit must come from it.
    pub requesting_credential: Credential,
    /// HPKE public key to encrypt the answer to.
    pub group_info_public_key: Bytes,
    /// Proof of an invitation. Secret: left out of `Debug`.
    pub joining_code: Option<Bytes>,
}

impl GroupInfoRequestTbs {
    /// The label for SignWithLabel.
    pub const LABEL: &'static str = "GroupInfoRequestTBS";

    /// The octets to sign and verify, label included (RFC 9420 §5.1.2).
    ///
    /// # Errors
    /// When a field is too long to be encoded.
    pub fn sign_content(&self) -> Result<Vec<u8>, EncodeError> {
        mls_label_of(Self::LABEL, self)
    }
}

impl fmt::Debug for GroupInfoRequestTbs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupInfoRequestTbs")
            .field("cipher_suite", &self.cipher_suite)
            .field("requesting_credential", &self.requesting_credential)
            .field("has_joining_code", &self.joining_code.is_some())
            .finish_non_exhaustive()
    }
}

impl Encode for GroupInfoRequestTbs {
    fn encode(&self, w: &mut Writer) {
        Protocol::Mls10.encode(w);
        self.cipher_suite.encode(w);
        w.opaque(&self.requesting_signature_key);
        self.requesting_credential.encode(w);
        w.opaque(&self.group_info_public_key);
        w.optional(self.joining_code.as_ref(), |w, code| w.opaque(code));
    }
}

impl Decode for GroupInfoRequestTbs {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Protocol::decode(r)?;
        Ok(GroupInfoRequestTbs {
            cipher_suite: CipherSuite::decode(r)?,
            requesting_signature_key: r.opaque_bytes()?,
            requesting_credential: Credential::decode(r)?,
            group_info_public_key: r.opaque_bytes()?,
            joining_code: r.optional(joining_code)?,
        })
    }
}

fn joining_code(r: &mut Reader<'_>) -> Result<Bytes, DecodeError> {
    r.bytes_at_most("octets of a joining code", MAX_JOINING_CODE_LEN)
}

/// Body of a `groupInfo` request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupInfoRequest {
    /// What is asked.
    pub tbs: GroupInfoRequestTbs,
    /// The requester's signature over
    /// [`sign_content`](GroupInfoRequestTbs::sign_content), unchecked.
    pub signature: Bytes,
}

impl Encode for GroupInfoRequest {
    fn encode(&self, w: &mut Writer) {
        self.tbs.encode(w);
        w.opaque(&self.signature);
    }
}

impl Decode for GroupInfoRequest {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(GroupInfoRequest {
            tbs: GroupInfoRequestTbs::decode(r)?,
            signature: r.opaque_bytes()?,
        })
    }
}

/// A proposal that waits for a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingProposal {
    /// The proposal.
    pub proposal: ProposalMessage,
    /// When the hub accepted it.
    pub hub_accepted_time: Timestamp,
}

impl Encode for PendingProposal {
    fn encode(&self, w: &mut Writer) {
        self.proposal.encode(w);
        self.hub_accepted_time.encode(w);
    }
}

impl Decode for PendingProposal {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(PendingProposal {
            proposal: ProposalMessage::decode(r)?,
            hub_accepted_time: Timestamp::decode(r)?,
        })
    }
}

/// What a `groupInfo` answer encrypts to the requester.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupInfoRatchetTreeTbe {
    /// The GroupInfo; without the tree, or it is not decoded.
    pub group_info: GroupInfo,
    /// How to get the tree.
    pub ratchet_tree: RatchetTreeOption,
    /// Valid proposals of the current epoch, in the order of their acceptance.
    pub pending_proposals: Vec<PendingProposal>,
}

impl Encode for GroupInfoRatchetTreeTbe {
    fn encode(&self, w: &mut Writer) {
        self.group_info.encode(w);
        self.ratchet_tree.encode(w);
        w.list(&self.pending_proposals);
    }
}

impl Decode for GroupInfoRatchetTreeTbe {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let group_info = GroupInfo::decode(r)?;
        if group_info.has_ratchet_tree() {
            return Err(broken(
                r,
                start,
                "the tree stands beside the GroupInfo, not in it",
            ));
        }
        Ok(GroupInfoRatchetTreeTbe {
            group_info,
            ratchet_tree: RatchetTreeOption::decode(r)?,
            pending_proposals: r.list_at_most(
                "pending proposals",
                MAX_PENDING_PROPOSALS,
                Decode::decode,
            )?,
        })
    }
}

/// How a `groupInfo` request went. Open: unknown codes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupInfoCode(pub u8);

impl GroupInfoCode {
    /// Here it is.
    pub const SUCCESS: Self = Self(1);
    /// The requester may not have it, or the hub does not say why not.
    pub const NOT_AUTHORIZED: Self = Self(2);
    /// No such room.
    pub const NO_SUCH_ROOM: Self = Self(3);
}

/// What the hub signs in a successful answer, and what all but the signature
/// of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupInfoResponseTbs {
    /// The room.
    pub room_id: MimiUri,
    /// The suite of the request.
    pub cipher_suite: CipherSuite,
    /// The hub; to be found in the group's `external_senders`.
    pub hub_sender: ExternalSender,
    /// An encrypted [`GroupInfoRatchetTreeTbe`].
    pub encrypted: HpkeCiphertext,
}

impl GroupInfoResponseTbs {
    /// The label for SignWithLabel.
    pub const LABEL: &'static str = "GroupInfoResponseTBS";

    /// The octets to sign and verify, label included (RFC 9420 §5.1.2).
    ///
    /// # Errors
    /// When a field is too long to be encoded.
    pub fn sign_content(&self) -> Result<Vec<u8>, EncodeError> {
        mls_label_of(Self::LABEL, self)
    }
}

impl Encode for GroupInfoResponseTbs {
    fn encode(&self, w: &mut Writer) {
        head(&self.room_id, GroupInfoCode::SUCCESS, w);
        self.cipher_suite.encode(w);
        self.hub_sender.encode(w);
        self.encrypted.encode(w);
    }
}

impl Decode for GroupInfoResponseTbs {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match read_head(r)? {
            (room_id, None) => read_tbs(room_id, r),
            (_, Some(_)) => Err(broken(r, start, "only success is signed")),
        }
    }
}

/// What is signed, behind the status.
fn read_tbs(room_id: MimiUri, r: &mut Reader<'_>) -> Result<GroupInfoResponseTbs, DecodeError> {
    Ok(GroupInfoResponseTbs {
        room_id,
        cipher_suite: CipherSuite::decode(r)?,
        hub_sender: ExternalSender::decode(r)?,
        encrypted: HpkeCiphertext::decode(r)?,
    })
}

/// `version`, `room_id` and `status`, with which every answer begins.
fn head(room_id: &MimiUri, status: GroupInfoCode, w: &mut Writer) {
    Protocol::Mls10.encode(w);
    room_id.encode(w);
    w.u8(status.0);
}

fn read_head(r: &mut Reader<'_>) -> Result<(MimiUri, Option<GroupInfoFailure>), DecodeError> {
    Protocol::decode(r)?;
    let room_id = MimiUri::decode(r)?;
    let code = r.u8().map(GroupInfoCode)?;
    Ok((room_id, GroupInfoFailure::new(code)))
}

/// Body of the answer to a `groupInfo` request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupInfoResponse {
    /// Here it is.
    Success {
        /// What is said.
        tbs: Box<GroupInfoResponseTbs>,
        /// The hub's signature over
        /// [`sign_content`](GroupInfoResponseTbs::sign_content), unchecked.
        signature: Bytes,
    },
    /// It is not to be had; unsigned.
    Failure {
        /// The room.
        room_id: MimiUri,
        /// Why.
        status: GroupInfoFailure,
    },
}

/// A [`GroupInfoCode`] other than success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupInfoFailure(GroupInfoCode);

impl GroupInfoFailure {
    /// The requester may not have it, or the hub does not say why not.
    pub const NOT_AUTHORIZED: Self = Self(GroupInfoCode::NOT_AUTHORIZED);
    /// No such room.
    pub const NO_SUCH_ROOM: Self = Self(GroupInfoCode::NO_SUCH_ROOM);

    /// Any code but success.
    #[must_use]
    pub fn new(code: GroupInfoCode) -> Option<Self> {
        (code != GroupInfoCode::SUCCESS).then_some(Self(code))
    }

    /// The code.
    #[must_use]
    pub fn code(self) -> GroupInfoCode {
        self.0
    }
}

impl GroupInfoResponse {
    /// An answer without the GroupInfo.
    #[must_use]
    pub fn failure(room_id: MimiUri, status: GroupInfoFailure) -> Self {
        GroupInfoResponse::Failure { room_id, status }
    }

    /// The room.
    #[must_use]
    pub fn room_id(&self) -> &MimiUri {
        match self {
            GroupInfoResponse::Success { tbs, .. } => &tbs.room_id,
            GroupInfoResponse::Failure { room_id, .. } => room_id,
        }
    }

    /// The code.
    #[must_use]
    pub fn status(&self) -> GroupInfoCode {
        match self {
            GroupInfoResponse::Success { .. } => GroupInfoCode::SUCCESS,
            GroupInfoResponse::Failure { status, .. } => status.code(),
        }
    }
}

impl Encode for GroupInfoResponse {
    fn encode(&self, w: &mut Writer) {
        match self {
            GroupInfoResponse::Success { tbs, signature } => {
                tbs.encode(w);
                w.opaque(signature);
            }
            GroupInfoResponse::Failure { room_id, status } => head(room_id, status.code(), w),
        }
    }
}

impl Decode for GroupInfoResponse {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match read_head(r)? {
            (room_id, Some(status)) => GroupInfoResponse::Failure { room_id, status },
            (room_id, None) => GroupInfoResponse::Success {
                tbs: Box::new(read_tbs(room_id, r)?),
                signature: r.opaque_bytes()?,
            },
        })
    }
}
