//! Capabilities, extensions and leaf nodes.

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use mimi_franking::{CipherSuite, Credential};

use super::codes::{CredentialType, ExtensionType, ProposalType, ProtocolVersion};
use crate::wire::limits::{MAX_CAPABILITY_CODES, MAX_EXTENSIONS};

/// What a client supports (RFC 9420 §7.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// MLS versions.
    pub versions: Vec<ProtocolVersion>,
    /// Cipher suites.
    pub cipher_suites: Vec<CipherSuite>,
    /// Extensions other than RFC 9420's own.
    pub extensions: Vec<ExtensionType>,
    /// Proposals other than RFC 9420's own.
    pub proposals: Vec<ProposalType>,
    /// Credentials.
    pub credentials: Vec<CredentialType>,
}

impl Encode for Capabilities {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.versions);
        w.list(&self.cipher_suites);
        w.list(&self.extensions);
        w.list(&self.proposals);
        w.list(&self.credentials);
    }
}

impl Decode for Capabilities {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Capabilities {
            versions: codes(r)?,
            cipher_suites: codes(r)?,
            extensions: codes(r)?,
            proposals: codes(r)?,
            credentials: codes(r)?,
        })
    }
}

/// What a group or requester demands of clients (RFC 9420 §11.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequiredCapabilities {
    /// Extensions.
    pub extension_types: Vec<ExtensionType>,
    /// Proposals.
    pub proposal_types: Vec<ProposalType>,
    /// Credentials.
    pub credential_types: Vec<CredentialType>,
}

impl Encode for RequiredCapabilities {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.extension_types);
        w.list(&self.proposal_types);
        w.list(&self.credential_types);
    }
}

impl Decode for RequiredCapabilities {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(RequiredCapabilities {
            extension_types: codes(r)?,
            proposal_types: codes(r)?,
            credential_types: codes(r)?,
        })
    }
}

/// One list of capabilities. Unknown numbers are kept.
fn codes<T: Decode>(r: &mut Reader<'_>) -> Result<Vec<T>, DecodeError> {
    r.list_at_most(
        "codes in a list of capabilities",
        MAX_CAPABILITY_CODES,
        T::decode,
    )
}

/// An extension with its data unread (RFC 9420 §7.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Which extension.
    pub extension_type: ExtensionType,
    /// Its data.
    pub data: Bytes,
}

impl Extension {
    /// Reads a vector of extensions.
    pub(in crate::wire) fn list(r: &mut Reader<'_>) -> Result<Vec<Self>, DecodeError> {
        r.list_at_most("extensions in a list", MAX_EXTENSIONS, Extension::decode)
    }

    /// The data of the first extension of a type.
    #[must_use]
    pub fn find(extensions: &[Self], extension_type: ExtensionType) -> Option<&Bytes> {
        let mut all = extensions.iter();
        all.find(|e| e.extension_type == extension_type)
            .map(|e| &e.data)
    }
}

impl Encode for Extension {
    fn encode(&self, w: &mut Writer) {
        self.extension_type.encode(w);
        w.opaque(&self.data);
    }
}

impl Decode for Extension {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Extension {
            extension_type: ExtensionType::decode(r)?,
            data: r.opaque_bytes()?,
        })
    }
}

/// Where a leaf comes from (RFC 9420 §7.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeafNodeSource {
    /// A KeyPackage, valid for a time; both ends in seconds since the Unix
    /// epoch.
    KeyPackage {
        /// First second of validity.
        not_before: u64,
        /// Last second of validity.
        not_after: u64,
    },
    /// An Update proposal.
    Update,
    /// A commit's path.
    Commit {
        /// Hash of the parent in the tree.
        parent_hash: Bytes,
    },
}

impl LeafNodeSource {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Ok(LeafNodeSource::KeyPackage {
                not_before: r.u64()?,
                not_after: r.u64()?,
            }),
            2 => Ok(LeafNodeSource::Update),
            3 => Ok(LeafNodeSource::Commit {
                parent_hash: r.opaque_bytes()?,
            }),
            value => Err(r.error_at(start, unknown("LeafNodeSource", value))),
        }
    }
}

/// A member's place in the tree (RFC 9420 §7.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafNode {
    /// HPKE public key.
    pub encryption_key: Bytes,
    /// Signature public key.
    pub signature_key: Bytes,
    /// Who it is.
    pub credential: Credential,
    /// What it supports.
    pub capabilities: Capabilities,
    /// Where it comes from.
    pub source: LeafNodeSource,
    /// Its extensions.
    pub extensions: Vec<Extension>,
    /// Over all of the above, unchecked.
    pub signature: Bytes,
}

impl Decode for LeafNode {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(LeafNode {
            encryption_key: r.opaque_bytes()?,
            signature_key: r.opaque_bytes()?,
            credential: Credential::decode(r)?,
            capabilities: Capabilities::decode(r)?,
            source: LeafNodeSource::decode(r)?,
            extensions: Extension::list(r)?,
            signature: r.opaque_bytes()?,
        })
    }
}

/// Who may propose from outside the group (RFC 9420 §12.1.8.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalSender {
    /// Signature public key.
    pub signature_key: Bytes,
    /// Who it is.
    pub credential: Credential,
}

impl Encode for ExternalSender {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.signature_key);
        self.credential.encode(w);
    }
}

impl Decode for ExternalSender {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ExternalSender {
            signature_key: r.opaque_bytes()?,
            credential: Credential::decode(r)?,
        })
    }
}

/// An enumeration that decides what follows has no such value.
pub(in crate::wire) fn unknown(what: &'static str, value: impl Into<u64>) -> Rule {
    Rule::Unknown {
        what,
        value: value.into(),
    }
}

/// Reads a version that must be MLS 1.0, since the form depends on it.
pub(super) fn mls10(r: &mut Reader<'_>) -> Result<(), DecodeError> {
    let start = r.offset();
    match ProtocolVersion::decode(r)? {
        ProtocolVersion::MLS10 => Ok(()),
        ProtocolVersion(other) => Err(r.error_at(start, unknown("ProtocolVersion", other))),
    }
}
