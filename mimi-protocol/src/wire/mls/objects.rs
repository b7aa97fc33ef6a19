//! KeyPackage, Welcome, GroupInfo and the ratchet tree.

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Writer};
use mimi_franking::CipherSuite;

use super::codes::{ExtensionType, ProtocolVersion};
use super::exact::Exact;
use super::leaf::{Extension, LeafNode, mls10, unknown};
use super::walk;
use crate::wire::limits::MAX_WELCOME_SECRETS;

/// A client's published keys (RFC 9420 §10).
pub type KeyPackage = Exact<KeyPackageView>;

/// What a [`KeyPackage`] says. Nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPackageView {
    /// Its suite.
    pub cipher_suite: CipherSuite,
    /// HPKE public key for the Welcome.
    pub init_key: Bytes,
    /// The leaf that joins.
    pub leaf_node: LeafNode,
    /// Its extensions.
    pub extensions: Vec<Extension>,
    /// Over all of the above, unchecked.
    pub signature: Bytes,
}

impl Decode for KeyPackageView {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        mls10(r)?;
        Ok(KeyPackageView {
            cipher_suite: CipherSuite::decode(r)?,
            init_key: r.opaque_bytes()?,
            leaf_node: LeafNode::decode(r)?,
            extensions: Extension::list(r)?,
            signature: r.opaque_bytes()?,
        })
    }
}

/// `HPKECiphertext` (RFC 9420 §7.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HpkeCiphertext {
    /// The encapsulated key.
    pub kem_output: Bytes,
    /// What is sealed.
    pub ciphertext: Bytes,
}

impl Encode for HpkeCiphertext {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.kem_output);
        w.opaque(&self.ciphertext);
    }
}

impl Decode for HpkeCiphertext {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(HpkeCiphertext {
            kem_output: r.opaque_bytes()?,
            ciphertext: r.opaque_bytes()?,
        })
    }
}

/// An invitation for new members (RFC 9420 §12.4.3.1).
pub type Welcome = Exact<WelcomeView>;

/// What a [`Welcome`] shows to those it is not for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WelcomeView {
    /// Its suite.
    pub cipher_suite: CipherSuite,
    /// `KeyPackageRef` of every invited KeyPackage: where to route it.
    pub new_members: Vec<Bytes>,
}

impl Decode for WelcomeView {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let cipher_suite = CipherSuite::decode(r)?;
        let new_members = r.list_at_most("secrets of a Welcome", MAX_WELCOME_SECRETS, |r| {
            let new_member = r.opaque_bytes()?;
            walk::hpke_ciphertext(r)?;
            Ok(new_member)
        })?;
        r.opaque()?;
        Ok(WelcomeView {
            cipher_suite,
            new_members,
        })
    }
}

/// What a group's members agree on in an epoch (RFC 9420 §8.1).
pub type GroupContext = Exact<GroupContextView>;

/// What a [`GroupContext`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupContextView {
    /// The group's suite.
    pub cipher_suite: CipherSuite,
    /// The group.
    pub group_id: Bytes,
    /// The epoch.
    pub epoch: u64,
    /// Root hash of the tree.
    pub tree_hash: Bytes,
    /// Hash over the commits so far.
    pub confirmed_transcript_hash: Bytes,
    /// The group's extensions.
    pub extensions: Vec<Extension>,
}

impl GroupContextView {
    /// Puts a GroupContext together from its fields.
    ///
    /// # Errors
    /// When a field is too long to be encoded.
    pub fn assemble(self) -> Result<GroupContext, EncodeError> {
        let raw = Writer::write(|w| {
            version(w);
            self.cipher_suite.encode(w);
            w.opaque(&self.group_id);
            w.u64(self.epoch);
            w.opaque(&self.tree_hash);
            w.opaque(&self.confirmed_transcript_hash);
            w.list(&self.extensions);
        })?;
        Ok(Exact::new(raw.into(), self))
    }
}

impl Decode for GroupContextView {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        mls10(r)?;
        Ok(GroupContextView {
            cipher_suite: CipherSuite::decode(r)?,
            group_id: r.opaque_bytes()?,
            epoch: r.u64()?,
            tree_hash: r.opaque_bytes()?,
            confirmed_transcript_hash: r.opaque_bytes()?,
            extensions: Extension::list(r)?,
        })
    }
}

/// A group's public state, signed by a member (RFC 9420 §12.4.3).
pub type GroupInfo = Exact<GroupInfoView>;

/// What a [`GroupInfo`] says. Nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupInfoView {
    /// The agreed state.
    pub group_context: GroupContext,
    /// Extensions of the GroupInfo itself.
    pub extensions: Vec<Extension>,
    /// MAC that confirms the epoch.
    pub confirmation_tag: Bytes,
    /// Leaf index of the signer.
    pub signer: u32,
    /// Over all of the above, unchecked.
    pub signature: Bytes,
}

impl GroupInfoView {
    /// Whether the whole tree is embedded, which PROTO, "Update Room State"
    /// asks to leave out.
    #[must_use]
    pub fn has_ratchet_tree(&self) -> bool {
        Extension::find(&self.extensions, ExtensionType::RATCHET_TREE).is_some()
    }

    /// Puts a GroupInfo together from its fields, the signature made before.
    ///
    /// # Errors
    /// When a field is too long to be encoded.
    pub fn assemble(self) -> Result<GroupInfo, EncodeError> {
        let raw = Writer::write(|w| {
            self.write_tbs(w);
            w.opaque(&self.signature);
        })?;
        Ok(Exact::new(raw.into(), self))
    }

    /// `GroupInfoTBS`: what the signature covers.
    ///
    /// # Errors
    /// When a field is too long to be encoded.
    pub fn tbs(&self) -> Result<Vec<u8>, EncodeError> {
        Writer::write(|w| self.write_tbs(w))
    }

    fn write_tbs(&self, w: &mut Writer) {
        self.group_context.encode(w);
        w.list(&self.extensions);
        w.opaque(&self.confirmation_tag);
        w.u32(self.signer);
    }
}

impl Decode for GroupInfoView {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(GroupInfoView {
            group_context: GroupContext::decode(r)?,
            extensions: Extension::list(r)?,
            confirmation_tag: r.opaque_bytes()?,
            signer: r.u32()?,
            signature: r.opaque_bytes()?,
        })
    }
}

/// `optional<Node> ratchet_tree<V>`, its length prefix included: the data of
/// the extension `ratchet_tree` (RFC 9420 §12.4.3.3).
pub type RatchetTree = Exact<RatchetTreeView>;

/// What a [`RatchetTree`] shows without being built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatchetTreeView {
    /// Leaves that are not blank.
    pub leaves: usize,
}

impl Decode for RatchetTreeView {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut leaves: usize = 0;
        let mut nodes = r.vector()?;
        while !nodes.is_empty() {
            nodes.optional(|r| {
                let start = r.offset();
                match r.u8()? {
                    1 => {
                        leaves = leaves.saturating_add(1);
                        LeafNode::decode(r).map(drop)
                    }
                    2 => walk::parent_node(r),
                    value => Err(r.error_at(start, unknown("NodeType", value))),
                }
            })?;
        }
        Ok(RatchetTreeView { leaves })
    }
}

/// Encodes nothing but the version: what precedes every `MLSMessage` body.
pub(super) fn version(w: &mut Writer) {
    ProtocolVersion::MLS10.encode(w);
}
