//! The policy components of a room: one file each, with their exact codecs and
//! the rules that a component keeps by itself.

pub(crate) mod assets;
pub(crate) mod base;
pub(crate) mod bots;
pub(crate) mod expiration;
pub(crate) mod history;
pub(crate) mod join_links;
pub(crate) mod link_preview;
pub(crate) mod logging;
pub(crate) mod metadata;
pub(crate) mod operational;
pub(crate) mod optionality;
pub(crate) mod participants;
pub(crate) mod preauth;
pub(crate) mod roles;
pub(crate) mod status;
pub(crate) mod uri;

pub use assets::{
    AssetPolicy, AssetUploadLocation, DownloadPrivacy, DownloadPrivacyType,
    ProviderAssetUploadDomains,
};
pub use base::BaseRoomPolicy;
pub use bots::{Bot, BotPolicy, BotRole};
pub use expiration::{ExpirationDurations, MessageExpiration};
pub use history::{HistoryDetails, HistoryPolicy};
pub use join_links::{
    JoinLink, JoinLinkPolicy, JoinLinkRefused, JoinLinks, JoinLinksError, JoinLinksUpdate,
};
pub use link_preview::{LinkPreviewPolicy, LinkPreviewProxy};
pub use logging::{LoggingDetails, LoggingPolicy};
pub use metadata::{RichDescription, RoomMetadata};
pub use operational::{
    AppMessagePolicy, ExtendedCapabilities, MinDefaultMaxTime, OperationalParameters,
    PendingProposalPolicy,
};
pub use optionality::Optionality;
pub use participants::{Participant, ParticipantList, ParticipantListUpdate, RoleMove};
pub use preauth::{Claim, Claims, NoClaims, PreauthEntry, PreauthList};
pub use roles::{Role, RoleChanges, RoleList};
pub use status::StatusNotificationPolicy;
pub use uri::{DomainName, Uri};
