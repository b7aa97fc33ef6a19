//! Decoders of the TLS presentation language: decode, encode, equal octets.

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::{ComponentMap, ComponentsList};
use mimi_content::media::{ApplicationFraming, MediaTypeList};
use mimi_content::tls::{Decode, Encode};
use mimi_franking::{
    AbuseReport, AbuseType, AbusiveMessage, CipherSuite, Credential, Evidence, Frank,
    FrankingAgent, FrankingIntegrityTbs, FrankingTag, IdentityLinkTbe, PseudonymousCredential,
    PseudonymousCredentialTbs, ServerFrankingContext,
};
use mimi_policy::{
    AssetPolicy, BaseRoomPolicy, BotPolicy, CapabilitySet, DomainName, ExtendedCapabilities,
    HistoryPolicy, JoinLinkPolicy, JoinLinks, JoinLinksUpdate, LinkPreviewPolicy, LoggingPolicy,
    MessageExpiration, OperationalParameters, ParticipantList, ParticipantListUpdate, PreauthList,
    RoleList, RoomMetadata, StatusNotificationPolicy, Uri,
};
use mimi_protocol::wire::mls::{
    AppAck, AppDataUpdate, AppEphemeral, Capabilities, ComponentOperationLabel, ExternalReceivers,
    ExternalSender, FramedContentTbs, GroupContext, GroupInfo, HpkeCiphertext, KeyPackage,
    MlsMessage, PerMessageKeyAndNonces, RatchetTree, RequiredCapabilities, SemiPrivateMessage,
    Welcome, WireFormats,
};
use mimi_protocol::wire::{
    ClientKeyMaterial, ConsentEntry, ConsentScope, DomainList, FanoutMessage, FanoutMessages,
    GroupInfoRatchetTreeTbe, GroupInfoRequest, GroupInfoResponse, IdentifierRequest,
    IdentifierResponse, KeyMaterialRequest, KeyMaterialResponse, PartialGroupInfo,
    RatchetTreeOption, SubmitMessageRequest, SubmitMessageResponse, UpdateRequest,
    UpdateRoomResponse, UserProfile,
};

/// A structure with the check of its codec.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The name of its type.
    pub name: &'static str,
    check: fn(&[u8]),
}

macro_rules! kinds {
    ($($type:ident)*) => {
        &[$(Kind { name: stringify!($type), check: exact::<$type> }),*]
    };
}

/// The structures of `tls_policy`: the components of a room and what changes
/// them.
pub const POLICY: &[Kind] = kinds! {
    ParticipantList ParticipantListUpdate RoleList BaseRoomPolicy RoomMetadata PreauthList
    CapabilitySet ComponentMap ComponentsList MediaTypeList ApplicationFraming MimiUri
    OperationalParameters ExtendedCapabilities StatusNotificationPolicy JoinLinkPolicy JoinLinks
    JoinLinksUpdate LinkPreviewPolicy AssetPolicy LoggingPolicy HistoryPolicy BotPolicy
    MessageExpiration Uri DomainName
};

/// The structures of `tls_franking`.
pub const FRANKING: &[Kind] = kinds! {
    FrankingTag Frank ServerFrankingContext FrankingIntegrityTbs FrankingAgent Credential
    AbusiveMessage AbuseReport Evidence CipherSuite AbuseType
    PseudonymousCredential PseudonymousCredentialTbs IdentityLinkTbe
};

/// The structures of `tls_wire`: the bodies of requests and answers, and the
/// MLS objects in them.
pub const WIRE: &[Kind] = kinds! {
    KeyMaterialRequest KeyMaterialResponse ClientKeyMaterial
    UpdateRequest UpdateRoomResponse PartialGroupInfo RatchetTreeOption
    SubmitMessageRequest SubmitMessageResponse FanoutMessage FanoutMessages
    GroupInfoRequest GroupInfoResponse GroupInfoRatchetTreeTbe
    ConsentEntry ConsentScope IdentifierRequest IdentifierResponse UserProfile AbuseReport
    MlsMessage KeyPackage Welcome GroupContext GroupInfo RatchetTree
    Capabilities RequiredCapabilities ExternalSender HpkeCiphertext DomainList
    AppDataUpdate AppEphemeral AppAck WireFormats ComponentOperationLabel
    SemiPrivateMessage FramedContentTbs PerMessageKeyAndNonces ExternalReceivers
};

/// The first octet for the structure `name`; the others are its encoding.
///
/// # Panics
/// When there is no such structure.
#[must_use]
pub fn select(kinds: &[Kind], name: &str) -> u8 {
    let at = kinds.iter().position(|kind| kind.name == name);
    at.unwrap_or_else(|| panic!("no {name}")) as u8
}

/// The components of room policies; the first octet selects one of [`POLICY`].
pub fn tls_policy(data: &[u8]) {
    selected(POLICY, data);
}

/// The structures of franking; the first octet selects one of [`FRANKING`].
pub fn tls_franking(data: &[u8]) {
    selected(FRANKING, data);
}

/// The bodies of all endpoints; the first octet selects one of [`WIRE`].
pub fn tls_wire(data: &[u8]) {
    selected(WIRE, data);
}

fn selected(kinds: &[Kind], data: &[u8]) {
    if let Some((selector, data)) = data.split_first() {
        (kinds[usize::from(*selector) % kinds.len()].check)(data);
    }
}

/// What decodes encodes to the same octets, whether the payloads are copied or
/// shared; what does not, names an octet of the input.
fn exact<T: Decode + Encode + PartialEq + std::fmt::Debug>(data: &[u8]) {
    let shared = T::from_bytes(&Bytes::copy_from_slice(data));
    let copied = T::from_slice(data);
    assert_eq!(shared, copied);
    match copied {
        Ok(value) => assert_eq!(value.to_vec().as_deref(), Ok(data)),
        Err(error) => assert!(error.offset <= data.len(), "{error}"),
    }
}
