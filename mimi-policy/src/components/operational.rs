//! `mls_operational_policy`: how the room uses MLS (POLICY, "Operational policy
//! component").

use std::collections::BTreeSet;

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::limits::{self, MAX_EXTENDED_CAPABILITIES};

/// `OperationalParameters`: the data of `mls_operational_policy`, and the whole
/// content of an update to it. Times are in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationalParameters {
    /// `mandatory_capabilities`: what every client must support.
    pub mandatory_capabilities: ExtendedCapabilities,
    /// `default_capabilities`: what clients are expected to support.
    pub default_capabilities: ExtendedCapabilities,
    /// `forbidden_capabilities`: what no client may support. None of them is
    /// mandatory.
    pub forbidden_capabilities: ExtendedCapabilities,
    /// `handshake_formats`: MLS WireFormats for proposals and commits.
    pub handshake_formats: Vec<u16>,
    /// `external_proposal_allowed`.
    pub external_proposal_allowed: bool,
    /// `external_commit_allowed`.
    pub external_commit_allowed: bool,
    /// `pending_proposal_policy`: when members commit what is pending.
    pub pending_proposal_policy: PendingProposalPolicy,
    /// `LeafNode_update_time`: how often a client updates its leaf node.
    pub leaf_node_update_time: MinDefaultMaxTime,
    /// `app_message_policy`.
    pub app_message_policy: AppMessagePolicy,
    /// `max_kp_lifetime`: the longest lifetime of a KeyPackage.
    pub max_kp_lifetime: u64,
    /// `max_credential_lifetime`: the longest lifetime of a credential.
    pub max_credential_lifetime: u64,
    /// `resumption_psk_lifetime`: how long resumption PSKs are kept.
    pub resumption_psk_lifetime: u64,
    /// `sender_nonce_keypair_lifetime`: how long unused keys and nonces of a
    /// sender are kept.
    pub sender_nonce_keypair_lifetime: MinDefaultMaxTime,
    /// `max_keypairs`: how many such unused keys are kept.
    pub max_keypairs: u32,
    /// `buffer_incoming_message_time`: how long a message is kept that cannot
    /// be decrypted yet.
    pub buffer_incoming_message_time: MinDefaultMaxTime,
    /// `max_buffered_messages`: how many such messages are kept.
    pub max_buffered_messages: u32,
}

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

/// `PendingProposalPolicy`: when members commit the proposals that are pending.
///
/// The draft also names a strategy of extensions but gives it no value, so a
/// strategy that is not here does not decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PendingProposalPolicy {
    /// `unspecified`: as they like.
    Unspecified,
    /// `immediate_commit`: at once.
    ImmediateCommit,
    /// `random_delay`: after a random time between these two, both in
    /// milliseconds, so that not all commit at once.
    RandomDelay {
        /// `minimum_delay_ms`.
        min_ms: u64,
        /// `maximum_delay_ms`.
        max_ms: u64,
    },
}

/// `MinDefaultMaxTime`: a time and its bounds, in seconds; both are inclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MinDefaultMaxTime {
    /// `minimum_time`.
    pub min: u64,
    /// `default_time`.
    pub default: u64,
    /// `maximum_time`.
    pub max: u64,
}

/// `AppMessagePolicy`: how clients treat application messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AppMessagePolicy {
    /// `epoch_tolerance`: from how many past epochs messages are accepted.
    pub epoch_tolerance: u8,
    /// `pad_to_size`: messages are padded to a multiple of this many octets.
    pub pad_to_size: u16,
    /// `max_generations_skipahead`: how many steps a single message may move a
    /// sender's ratchet forward.
    pub max_generations_skipahead: u32,
}

impl OperationalParameters {
    /// Checks what the types leave open. Decoding does so too.
    ///
    /// # Errors
    /// When a capability is both mandatory and forbidden, or the minimum,
    /// default and maximum of a time are not in this order.
    pub fn check(&self) -> Result<(), Rule> {
        self.pending_proposal_policy.check()?;
        self.leaf_node_update_time.check()?;
        self.sender_nonce_keypair_lifetime.check()?;
        self.buffer_incoming_message_time.check()?;
        conflict(&self.mandatory_capabilities, &self.forbidden_capabilities)
    }
}

/// Refuses what is both mandatory and forbidden.
fn conflict(
    mandatory: &ExtendedCapabilities,
    forbidden: &ExtendedCapabilities,
) -> Result<(), Rule> {
    fn shared<T: Ord>(one: &[T], other: &[T]) -> bool {
        let one: BTreeSet<_> = one.iter().collect();
        other.iter().any(|item| one.contains(item))
    }

    let (a, b) = (mandatory, forbidden);
    let why = if shared(&a.versions, &b.versions) {
        "a protocol version is both mandatory and forbidden"
    } else if shared(&a.cipher_suites, &b.cipher_suites) {
        "a cipher suite is both mandatory and forbidden"
    } else if shared(&a.extensions, &b.extensions) {
        "an extension is both mandatory and forbidden"
    } else if shared(&a.proposals, &b.proposals) {
        "a proposal type is both mandatory and forbidden"
    } else if shared(&a.credentials, &b.credentials) {
        "a credential type is both mandatory and forbidden"
    } else if shared(&a.wire_formats, &b.wire_formats) {
        "a wire format is both mandatory and forbidden"
    } else if shared(&a.component_ids, &b.component_ids) {
        "a component is both mandatory and forbidden"
    } else if shared(&a.safe_aad_types, &b.safe_aad_types) {
        "a Safe AAD component is both mandatory and forbidden"
    } else if shared(&a.media_types, &b.media_types) {
        "a media type is both mandatory and forbidden"
    } else if shared(&a.content_types, &b.content_types) {
        "a content type is both mandatory and forbidden"
    } else {
        return Ok(());
    };
    Err(Rule::Structure(why))
}

impl PendingProposalPolicy {
    /// Checks what the types leave open. Decoding does so too.
    ///
    /// # Errors
    /// When the shortest delay is longer than the longest.
    pub fn check(&self) -> Result<(), Rule> {
        match self {
            PendingProposalPolicy::RandomDelay { min_ms, max_ms } if min_ms > max_ms => Err(
                Rule::Structure("the shortest delay is longer than the longest"),
            ),
            _ => Ok(()),
        }
    }
}

impl MinDefaultMaxTime {
    /// Checks what the types leave open. Decoding does so too.
    ///
    /// # Errors
    /// When minimum, default and maximum are not in this order.
    pub fn check(&self) -> Result<(), Rule> {
        if self.min <= self.default && self.default <= self.max {
            return Ok(());
        }
        Err(Rule::Structure(
            "the default time is not between the minimum and the maximum",
        ))
    }
}

impl Encode for ExtendedCapabilities {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.versions);
        w.list(&self.cipher_suites);
        w.list(&self.extensions);
        w.list(&self.proposals);
        w.list(&self.credentials);
        w.list(&self.wire_formats);
        w.list(&self.component_ids);
        w.list(&self.safe_aad_types);
        w.list(&self.media_types);
        w.list(&self.content_types);
    }
}

impl Decode for ExtendedCapabilities {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ExtendedCapabilities {
            versions: capabilities(r)?,
            cipher_suites: capabilities(r)?,
            extensions: capabilities(r)?,
            proposals: capabilities(r)?,
            credentials: capabilities(r)?,
            wire_formats: capabilities(r)?,
            component_ids: capabilities(r)?,
            safe_aad_types: capabilities(r)?,
            media_types: limits::media_types(r)?,
            content_types: capabilities(r)?,
        })
    }
}

fn capabilities<T: Decode>(r: &mut Reader<'_>) -> Result<Vec<T>, DecodeError> {
    r.list_at_most(
        "the number of capabilities of one kind",
        MAX_EXTENDED_CAPABILITIES,
        T::decode,
    )
}

impl Encode for PendingProposalPolicy {
    fn encode(&self, w: &mut Writer) {
        match self {
            PendingProposalPolicy::Unspecified => w.u8(0),
            PendingProposalPolicy::ImmediateCommit => w.u8(1),
            PendingProposalPolicy::RandomDelay { min_ms, max_ms } => {
                w.u8(2);
                w.u64(*min_ms);
                w.u64(*max_ms);
            }
        }
    }
}

impl Decode for PendingProposalPolicy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let strategy = r.offset();
        let value = r.u8()?;
        let delays = r.offset();
        let policy = match value {
            0 => PendingProposalPolicy::Unspecified,
            1 => PendingProposalPolicy::ImmediateCommit,
            2 => PendingProposalPolicy::RandomDelay {
                min_ms: r.u64()?,
                max_ms: r.u64()?,
            },
            other => {
                return Err(r.error_at(
                    strategy,
                    Rule::Unknown {
                        what: "PendingProposalStrategy",
                        value: other.into(),
                    },
                ));
            }
        };
        policy.check().map_err(|rule| r.error_at(delays, rule))?;
        Ok(policy)
    }
}

impl Encode for MinDefaultMaxTime {
    fn encode(&self, w: &mut Writer) {
        w.u64(self.min);
        w.u64(self.default);
        w.u64(self.max);
    }
}

impl Decode for MinDefaultMaxTime {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let time = MinDefaultMaxTime {
            min: r.u64()?,
            default: r.u64()?,
            max: r.u64()?,
        };
        time.check().map_err(|rule| r.error_at(start, rule))?;
        Ok(time)
    }
}

impl Encode for AppMessagePolicy {
    fn encode(&self, w: &mut Writer) {
        w.u8(self.epoch_tolerance);
        w.u16(self.pad_to_size);
        w.u32(self.max_generations_skipahead);
    }
}

impl Decode for AppMessagePolicy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(AppMessagePolicy {
            epoch_tolerance: r.u8()?,
            pad_to_size: r.u16()?,
            max_generations_skipahead: r.u32()?,
        })
    }
}

impl Encode for OperationalParameters {
    fn encode(&self, w: &mut Writer) {
        self.mandatory_capabilities.encode(w);
        self.default_capabilities.encode(w);
        self.forbidden_capabilities.encode(w);
        w.list(&self.handshake_formats);
        w.boolean(self.external_proposal_allowed);
        w.boolean(self.external_commit_allowed);
        self.pending_proposal_policy.encode(w);
        self.leaf_node_update_time.encode(w);
        self.app_message_policy.encode(w);
        w.u64(self.max_kp_lifetime);
        w.u64(self.max_credential_lifetime);
        w.u64(self.resumption_psk_lifetime);
        self.sender_nonce_keypair_lifetime.encode(w);
        w.u32(self.max_keypairs);
        self.buffer_incoming_message_time.encode(w);
        w.u32(self.max_buffered_messages);
    }
}

impl Decode for OperationalParameters {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mandatory_capabilities = ExtendedCapabilities::decode(r)?;
        let default_capabilities = ExtendedCapabilities::decode(r)?;
        let forbidden = r.offset();
        let forbidden_capabilities = ExtendedCapabilities::decode(r)?;
        conflict(&mandatory_capabilities, &forbidden_capabilities)
            .map_err(|rule| r.error_at(forbidden, rule))?;
        Ok(OperationalParameters {
            mandatory_capabilities,
            default_capabilities,
            forbidden_capabilities,
            handshake_formats: capabilities(r)?,
            external_proposal_allowed: r.boolean()?,
            external_commit_allowed: r.boolean()?,
            pending_proposal_policy: PendingProposalPolicy::decode(r)?,
            leaf_node_update_time: MinDefaultMaxTime::decode(r)?,
            app_message_policy: AppMessagePolicy::decode(r)?,
            max_kp_lifetime: r.u64()?,
            max_credential_lifetime: r.u64()?,
            resumption_psk_lifetime: r.u64()?,
            sender_nonce_keypair_lifetime: MinDefaultMaxTime::decode(r)?,
            max_keypairs: r.u32()?,
            buffer_incoming_message_time: MinDefaultMaxTime::decode(r)?,
            max_buffered_messages: r.u32()?,
        })
    }
}
