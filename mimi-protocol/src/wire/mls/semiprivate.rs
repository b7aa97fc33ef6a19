//! Structures of SEMI: handshakes that members and some outside of the group can
//! read. What is done with them is in [`crate::semiprivate`].

use std::fmt;

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Rule, Writer};
use mimi_franking::Credential;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::codes::{ExtensionType, WireFormat};
use super::exact::Exact;
use super::ext::WireFormats;
use super::framed::{FramedContentAuthData, Handshake, HandshakeType};
use super::leaf::Extension;
use super::message::{MlsContent, MlsHeader, MlsMessage};
use super::objects::{GroupContextView, HpkeCiphertext, version};
use crate::wire::limits::MAX_EXTERNAL_RECEIVERS;

/// Who can read a group's SemiPrivateMessages from outside (SEMI, "Syntax and
/// Usage").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalReceiver {
    /// HPKE public key, of the group's suite.
    pub public_key: Bytes,
    /// Who it is.
    pub credential: Credential,
}

impl Encode for ExternalReceiver {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.public_key);
        self.credential.encode(w);
    }
}

impl Decode for ExternalReceiver {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ExternalReceiver {
            public_key: r.opaque_bytes()?,
            credential: Credential::decode(r)?,
        })
    }
}

/// The value of the component `external_receivers` in the GroupContext (SEMI,
/// "External Receivers MLS Component Type"). One that is listed twice is a
/// decode error: a message would name it twice, with different keys perhaps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExternalReceivers(pub Vec<ExternalReceiver>);

impl Encode for ExternalReceivers {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.0);
    }
}

impl Decode for ExternalReceivers {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let what = "external receivers";
        let all = r.list_at_most(what, MAX_EXTERNAL_RECEIVERS, ExternalReceiver::decode)?;
        let twice = |(at, one)| all.iter().take(at).any(|before| before == one);
        if all.iter().enumerate().any(twice) {
            let rule = Rule::Structure("an external receiver is listed twice");
            return Err(r.error_at(start, rule));
        }
        Ok(ExternalReceivers(all))
    }
}

impl GroupContextView {
    /// Who can read the group's SemiPrivateMessages from outside; nobody if the
    /// component is absent.
    ///
    /// # Errors
    /// When the dictionary or the component is malformed.
    pub fn external_receivers(&self) -> Result<ExternalReceivers, DecodeError> {
        let dictionary = Extension::find(&self.extensions, ExtensionType::APP_DATA_DICTIONARY);
        let Some(dictionary) = dictionary else {
            return Ok(ExternalReceivers::default());
        };
        let dictionary = ComponentMap::from_bytes(dictionary)?;
        match dictionary.get(ComponentId::EXTERNAL_RECEIVERS) {
            Some(value) => ExternalReceivers::from_bytes(value),
            None => Ok(ExternalReceivers::default()),
        }
    }

    /// Wire formats beyond RFC 9420's own that all members support (EXT,
    /// "Negotiating Extensions and Components").
    ///
    /// # Errors
    /// When the extension is malformed.
    pub fn required_wire_formats(&self) -> Result<WireFormats, DecodeError> {
        match Extension::find(&self.extensions, ExtensionType::REQUIRED_WIRE_FORMATS) {
            Some(data) => WireFormats::from_bytes(data),
            None => Ok(WireFormats::default()),
        }
    }
}

/// What opens one SemiPrivateMessage: secret, erased when dropped, compared in
/// constant time (SEMI, "Encryption of a SemiPrivateMessage").
#[derive(Clone)]
pub struct PerMessageKeyAndNonces {
    /// AEAD key of the sender's handshake ratchet.
    pub key: Zeroizing<Vec<u8>>,
    /// Nonce of the same generation, before the reuse guard is applied.
    pub nonce: Zeroizing<Vec<u8>>,
    /// What the sender drew for this message.
    pub reuse_guard: [u8; 4],
    /// Who sent it.
    pub sender_leaf_index: u32,
}

impl fmt::Debug for PerMessageKeyAndNonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerMessageKeyAndNonces")
            .field("sender_leaf_index", &self.sender_leaf_index)
            .finish_non_exhaustive()
    }
}

impl PartialEq for PerMessageKeyAndNonces {
    fn eq(&self, other: &Self) -> bool {
        let same = self.key.ct_eq(&other.key)
            & self.nonce.ct_eq(&other.nonce)
            & self.reuse_guard.ct_eq(&other.reuse_guard)
            & self.sender_leaf_index.ct_eq(&other.sender_leaf_index);
        same.into()
    }
}

impl Eq for PerMessageKeyAndNonces {}

impl Encode for PerMessageKeyAndNonces {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.key);
        w.opaque(&self.nonce);
        w.raw(&self.reuse_guard);
        w.u32(self.sender_leaf_index);
    }
}

impl Decode for PerMessageKeyAndNonces {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(PerMessageKeyAndNonces {
            key: Zeroizing::new(r.opaque()?.to_vec()),
            nonce: Zeroizing::new(r.opaque()?.to_vec()),
            reuse_guard: r.array()?,
            sender_leaf_index: r.u32()?,
        })
    }
}

/// The context under which a [`PerMessageKeyAndNonces`] is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SemiPrivateMessageContext {
    /// The group.
    pub group_id: Bytes,
    /// The epoch.
    pub epoch: u64,
    /// What binds sender and nonce.
    pub partial_context_hash: Bytes,
}

impl Encode for SemiPrivateMessageContext {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.group_id);
        w.u64(self.epoch);
        w.opaque(&self.partial_context_hash);
    }
}

impl Decode for SemiPrivateMessageContext {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(SemiPrivateMessageContext {
            group_id: r.opaque_bytes()?,
            epoch: r.u64()?,
            partial_context_hash: r.opaque_bytes()?,
        })
    }
}

/// A [`PerMessageKeyAndNonces`] sealed to one receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyForExternalReceiver {
    /// Hash of the [`ExternalReceiver`].
    pub external_receiver_ref: Bytes,
    /// What only it can open.
    pub encrypted_keys_and_nonces: HpkeCiphertext,
}

impl Encode for KeyForExternalReceiver {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.external_receiver_ref);
        self.encrypted_keys_and_nonces.encode(w);
    }
}

impl Decode for KeyForExternalReceiver {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(KeyForExternalReceiver {
            external_receiver_ref: r.opaque_bytes()?,
            encrypted_keys_and_nonces: HpkeCiphertext::decode(r)?,
        })
    }
}

/// What everybody can read of a [`SemiPrivateMessage`], and what its ciphertext
/// is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SemiPrivateContentAad {
    /// The group.
    pub group_id: Bytes,
    /// The epoch.
    pub epoch: u64,
    /// Proposal or commit.
    pub content_type: HandshakeType,
    /// The additional authenticated data.
    pub authenticated_data: Bytes,
    /// What binds sender and nonce.
    pub partial_context_hash: Bytes,
    /// The keys, once for each receiver.
    pub keys_for_external_receivers: Vec<KeyForExternalReceiver>,
    /// Hash of what the sender has signed.
    pub framed_content_tbs_hash: Bytes,
}

impl Encode for SemiPrivateContentAad {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.group_id);
        w.u64(self.epoch);
        self.content_type.encode(w);
        w.opaque(&self.authenticated_data);
        w.opaque(&self.partial_context_hash);
        w.list(&self.keys_for_external_receivers);
        w.opaque(&self.framed_content_tbs_hash);
    }
}

impl Decode for SemiPrivateContentAad {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(SemiPrivateContentAad {
            group_id: r.opaque_bytes()?,
            epoch: r.u64()?,
            content_type: HandshakeType::decode(r)?,
            authenticated_data: r.opaque_bytes()?,
            partial_context_hash: r.opaque_bytes()?,
            keys_for_external_receivers: r.list_at_most(
                "keys for external receivers",
                MAX_EXTERNAL_RECEIVERS,
                KeyForExternalReceiver::decode,
            )?,
            framed_content_tbs_hash: r.opaque_bytes()?,
        })
    }
}

/// A proposal or commit that members and the group's external receivers can
/// read (SEMI, "Encryption of a SemiPrivateMessage").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SemiPrivateMessage {
    /// What everybody can read.
    pub aad: SemiPrivateContentAad,
    /// `SenderData`, for members (RFC 9420 §6.3.2).
    pub encrypted_sender_data: Bytes,
    /// A sealed [`SemiPrivateMessageContent`].
    pub ciphertext: Bytes,
}

impl SemiPrivateMessage {
    /// The message in an `MLSMessage`, if it is of this wire format.
    #[must_use]
    pub fn from_mls_message(message: &MlsMessage) -> Option<Self> {
        if message.wire_format() != WireFormat::SEMIPRIVATE_MESSAGE {
            return None;
        }
        let mut r = Reader::shared(message.as_bytes());
        r.u32().ok()?;
        Self::decode(&mut r).ok()
    }

    /// Wraps it in an `MLSMessage`.
    ///
    /// # Errors
    /// When a field is too long to be encoded.
    pub fn into_mls_message(self) -> Result<MlsMessage, EncodeError> {
        let raw = Writer::write(|w| {
            version(w);
            WireFormat::SEMIPRIVATE_MESSAGE.encode(w);
            self.encode(w);
        })?;
        let header = MlsHeader {
            wire_format: WireFormat::SEMIPRIVATE_MESSAGE,
            group_id: self.aad.group_id,
            epoch: self.aad.epoch,
            content_type: self.aad.content_type.into(),
            sender: None,
            authenticated_data: self.aad.authenticated_data,
        };
        Ok(Exact::new(raw.into(), MlsContent::Framed(header)))
    }
}

impl Encode for SemiPrivateMessage {
    fn encode(&self, w: &mut Writer) {
        self.aad.encode(w);
        w.opaque(&self.encrypted_sender_data);
        w.opaque(&self.ciphertext);
    }
}

impl Decode for SemiPrivateMessage {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(SemiPrivateMessage {
            aad: SemiPrivateContentAad::decode(r)?,
            encrypted_sender_data: r.opaque_bytes()?,
            ciphertext: r.opaque_bytes()?,
        })
    }
}

/// What the ciphertext of a [`SemiPrivateMessage`] opens to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SemiPrivateMessageContent {
    /// The proposal or commit.
    pub content: Handshake,
    /// What proves it.
    pub auth: FramedContentAuthData,
    /// What hides its length: zeros, if it is valid.
    pub padding: Bytes,
}

impl SemiPrivateMessageContent {
    /// Reads the content of a message with this type.
    ///
    /// # Errors
    /// When it is not such a content.
    pub fn from_slice(octets: &[u8], content_type: HandshakeType) -> Result<Self, DecodeError> {
        let mut r = Reader::new(octets);
        Ok(SemiPrivateMessageContent {
            content: Handshake::read(&mut r, content_type)?,
            auth: FramedContentAuthData::read(&mut r, content_type)?,
            padding: Bytes::copy_from_slice(r.take(r.remaining())?),
        })
    }
}

impl Encode for SemiPrivateMessageContent {
    fn encode(&self, w: &mut Writer) {
        self.content.encode(w);
        self.auth.encode(w);
        w.raw(&self.padding);
    }
}
