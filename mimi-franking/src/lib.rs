//! MIMI message franking: commit, stamp, verify and report (PROTO, "Message
//! Franking" and "Report abuse").

mod hub;
pub mod limits;
mod mac;
mod receiver;
mod report;
mod tag;
mod wire;

pub use hub::{HubKey, HubKeyRing, RingError, StampError};
pub use receiver::{Blame, Delivery, Evidence, Fault, verify};
pub use report::{AccusationError, AgentKey, ReportFault, validate};
pub use tag::{CommitError, FrankingTag, Opening, commit};
pub use wire::{
    AbuseReport, AbuseType, AbusiveMessage, CipherSuite, Credential, Frank, FrankingAgent,
    FrankingIntegrityTbs, ServerFrankingContext,
};
