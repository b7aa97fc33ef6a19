//! The bodies of MIMI requests and responses: the draft's structs with exact
//! codecs, one module an endpoint.
//!
//! Every type implements [`Encode`] and [`Decode`]; what decodes encodes to
//! the same octets. A select becomes an enum, so a body that says one thing
//! and holds another cannot be built; a discriminant that no case names is a
//! decode error, any other unknown code point is kept. Nothing here verifies a
//! signature, knows a room, or decides: see the engines for that. MLS objects
//! are octets with a checked extent ([`mls`]).
//!
//! ```
//! use mimi_content::Timestamp;
//! use mimi_protocol::wire::{Decode, Encode, UpdateOutcome, UpdateRoomResponse};
//!
//! let accepted = UpdateRoomResponse::success(Timestamp::from_millis(1));
//! let body = accepted.to_vec()?;
//! assert_eq!(body, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
//! assert_eq!(UpdateRoomResponse::from_slice(&body).as_ref(), Ok(&accepted));
//! # Ok::<(), mimi_protocol::wire::EncodeError>(())
//! ```

pub mod consent;
mod endpoint;
pub mod group_info;
pub mod identifier;
pub mod key_material;
pub mod limits;
pub mod mls;
pub mod notify;
mod protocol;
pub mod report;
pub mod submit;
pub mod tree;
pub mod update;

pub use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError};

pub use consent::{ConsentEntry, ConsentOperation, ConsentScope};
pub use endpoint::{Endpoint, Party};
pub use group_info::{
    GROUP_INFO_ENCRYPTION_LABEL, GroupInfoCode, GroupInfoFailure, GroupInfoRatchetTreeTbe,
    GroupInfoRequest, GroupInfoRequestTbs, GroupInfoResponse, GroupInfoResponseTbs,
    PendingProposal,
};
pub use identifier::{
    FieldSource, IdentifierQueryCode, IdentifierRequest, IdentifierResponse, PlainSearchType,
    ProfileField, QueryElement, SearchField, SearchIdentifierType, UserProfile,
};
pub use key_material::{
    ClientKeyMaterial, ClientStatus, KeyMaterialRequest, KeyMaterialRequestTbs,
    KeyMaterialResponse, KeyMaterialUserCode,
};
pub use notify::{FanoutEvent, FanoutMessage, FanoutMessages};
pub use protocol::Protocol;
pub use report::{AbuseReport, AbuseType, AbusiveMessage, Frank};
pub use submit::{SubmitMessageRequest, SubmitMessageResponse};
pub use tree::{DomainList, RatchetTreeOption};
pub use update::{
    CommitBundle, GroupInfoOption, HandshakeBundle, PartialGroupInfo, UpdateOutcome, UpdateRequest,
    UpdateRoomResponse,
};
