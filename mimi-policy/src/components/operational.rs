//! `mls_operational_policy`: how the room uses MLS (POLICY, "Operational policy
//! component").

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;

/// `ExtendedCapabilities`: what a client supports, or what a room demands of
/// its clients. Order and repetition are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtendedCapabilities {
    /// `versions`: MLS ProtocolVersions.
    pub versions: Vec<u16>,
    /// `cipher_suites`: MLS CipherSuites.
    pub cipher_suites: Vec<u16>,
    /// `extensions`: MLS ExtensionTypes.
    pub extensions: Vec<u16>,
    /// `proposals`: MLS ProposalTypes.
    pub proposals: Vec<u16>,
    /// `credentials`: MLS CredentialTypes.
    pub credentials: Vec<u16>,
    /// `wire_formats`: MLS WireFormats.
    pub wire_formats: Vec<u16>,
    /// `component_ids`.
    pub component_ids: Vec<ComponentId>,
    /// `safe_aad_types`.
    pub safe_aad_types: Vec<ComponentId>,
    /// `media_types`.
    pub media_types: Vec<MediaType>,
    /// `content_types`: MLS ContentTypes.
    pub content_types: Vec<u8>,
}
