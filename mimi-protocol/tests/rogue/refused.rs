//! What a hub refused, and how it says so.

use bytes::Bytes;
use mimi_content::tls::Decode;
use mimi_protocol::hub::{Refusal, Rejection};
use mimi_protocol::wire::{
    GroupInfoCode, GroupInfoResponse, KeyMaterialResponse, KeyMaterialUserCode,
    SubmitMessageResponse, UpdateOutcome, UpdateRoomResponse,
};

/// What a hub refused, and how it says so.
#[derive(Debug)]
pub struct Refused {
    pub rejection: Rejection,
    pub(super) refusal: Refusal,
}

impl Refused {
    /// The answer of `update`.
    #[track_caller]
    pub fn update(&self) -> UpdateOutcome {
        UpdateRoomResponse::from_bytes(&self.body())
            .unwrap()
            .outcome
    }

    /// It is the answer `invalidProposal` that names no proposal.
    #[track_caller]
    pub fn is_invalid(&self) {
        let none = Vec::new();
        assert_eq!(
            self.update(),
            UpdateOutcome::InvalidProposal {
                invalid_proposals: none
            }
        );
    }

    /// It is the answer `notAllowed` of `update`.
    #[track_caller]
    pub fn is_not_allowed(&self) {
        assert_eq!(self.update(), UpdateOutcome::NotAllowed);
    }

    /// The policy's reason.
    #[track_caller]
    pub fn reason(&self) -> &mimi_policy::Reason {
        match &self.rejection {
            Rejection::Denied(denied) => &denied.reason,
            other => panic!("not the policy's denial: {other:?}"),
        }
    }

    /// The answer of `submitMessage`.
    #[track_caller]
    pub fn submit(&self) -> SubmitMessageResponse {
        SubmitMessageResponse::from_bytes(&self.body()).unwrap()
    }

    /// The code of the answer of `groupInfo`.
    #[track_caller]
    pub fn group_info(&self) -> GroupInfoCode {
        GroupInfoResponse::from_bytes(&self.body())
            .unwrap()
            .status()
    }

    /// The code of the answer of `keyMaterial`.
    #[track_caller]
    pub fn key_material(&self) -> KeyMaterialUserCode {
        KeyMaterialResponse::from_bytes(&self.body())
            .unwrap()
            .user_status
    }

    /// The HTTP status, where there is no body.
    #[track_caller]
    pub fn status(&self) -> u16 {
        match &self.refusal {
            Refusal::Status(status) => *status,
            Refusal::Answer(_) => panic!("it is an answer of the endpoint: {}", self.rejection),
        }
    }

    fn body(&self) -> Bytes {
        match &self.refusal {
            Refusal::Answer(body) => body.clone(),
            Refusal::Status(status) => panic!("status {status}: {}", self.rejection),
        }
    }
}
