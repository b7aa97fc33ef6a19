//! OpenMLS's storage as a recording overlay over a map.

use std::cell::RefCell;
use std::collections::BTreeMap;

use openmls_traits::storage::{CURRENT_VERSION, StorageProvider, traits};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::cbor::{self, CborError};

/// A stored value; it may be a key, so it is wiped when dropped and not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the octets over.
    #[must_use]
    pub fn new(octets: Vec<u8>) -> Self {
        Secret(Zeroizing::new(octets))
    }

    /// The octets, for the host's encrypted store.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({} octets)", self.0.len())
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(Octets).map(Secret::new)
    }
}

/// Takes octets over without a copy where the format allows it.
struct Octets;

impl serde::de::Visitor<'_> for Octets {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("octets")
    }

    fn visit_bytes<E>(self, octets: &[u8]) -> Result<Vec<u8>, E> {
        Ok(octets.to_vec())
    }

    fn visit_byte_buf<E>(self, octets: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(octets)
    }
}

/// One change of a client's store: a key and its new value, or that it is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// Begins with the group, so a group is one contiguous range.
    #[serde(with = "serde_octets")]
    pub key: Vec<u8>,
    /// The new value; `None` erases the key.
    pub value: Option<Secret>,
}

mod serde_octets {
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(octets: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(octets)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        d.deserialize_byte_buf(super::Octets)
    }
}

/// A map of stored values with uncommitted changes on top.
///
/// A step works on the overlay; [`Overlay::take`] makes its changes the base
/// and returns them, [`Overlay::discard`] forgets them.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    prefix: Vec<u8>,
    base: BTreeMap<Vec<u8>, Secret>,
    over: RefCell<BTreeMap<Vec<u8>, Option<Secret>>>,
}

impl Overlay {
    /// An empty store for the group `group_id`.
    pub(crate) fn new(group_id: &[u8]) -> Self {
        let mut prefix = group_id.to_vec();
        prefix.push(0);
        Overlay {
            prefix,
            ..Self::default()
        }
    }

    /// The whole base, in key order.
    pub(crate) fn writes(&self) -> Vec<Write> {
        let write = |(key, value): (&Vec<u8>, &Secret)| Write {
            key: key.clone(),
            value: Some(value.clone()),
        };
        self.base.iter().map(write).collect()
    }

    /// Applies changes to the base.
    pub(crate) fn apply(&mut self, writes: &[Write]) {
        for Write { key, value } in writes {
            match value {
                Some(value) => self.base.insert(key.clone(), value.clone()),
                None => self.base.remove(key),
            };
        }
    }

    /// Makes the changes part of the base and returns those that matter, in key
    /// order.
    pub(crate) fn take(&mut self) -> Vec<Write> {
        let over = std::mem::take(self.over.get_mut());
        let writes: Vec<Write> = over
            .into_iter()
            .filter(|(key, value)| self.base.get(key) != value.as_ref())
            .map(|(key, value)| Write { key, value })
            .collect();
        self.apply(&writes);
        writes
    }

    /// Forgets the changes.
    pub(crate) fn discard(&mut self) {
        self.over.get_mut().clear();
    }

    /// Reads an engine's own value.
    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        label: &str,
        key: &impl Serialize,
    ) -> Result<Option<T>, CborError> {
        let key = self.key(label, key)?;
        let over = self.over.borrow();
        let value = match over.get(&key) {
            Some(changed) => changed.as_ref(),
            None => self.base.get(&key),
        };
        value.map(|v| cbor::from_slice(v.expose())).transpose()
    }

    /// What an engine's own value becomes by `writes`.
    pub(crate) fn peek<T: DeserializeOwned>(
        &self,
        writes: &[Write],
        label: &str,
        key: &impl Serialize,
    ) -> Result<Option<T>, CborError> {
        let key = self.key(label, key)?;
        let write = writes.iter().rev().find(|write| write.key == key);
        let value = write.and_then(|write| write.value.as_ref());
        value.map(|v| cbor::from_slice(v.expose())).transpose()
    }

    /// Writes an engine's own value.
    pub(crate) fn put<T: Serialize + ?Sized>(
        &self,
        label: &str,
        key: &impl Serialize,
        value: &T,
    ) -> Result<(), CborError> {
        let key = self.key(label, key)?;
        let value = Secret::new(cbor::to_vec(value)?);
        self.over.borrow_mut().insert(key, Some(value));
        Ok(())
    }

    /// Erases an engine's own value.
    pub(crate) fn delete(&self, label: &str, key: &impl Serialize) -> Result<(), CborError> {
        let key = self.key(label, key)?;
        self.over.borrow_mut().insert(key, None);
        Ok(())
    }

    fn key(&self, label: &str, key: &impl Serialize) -> Result<Vec<u8>, CborError> {
        let key = cbor::to_vec(key)?;
        Ok([&self.prefix, label.as_bytes(), &[0], &key].concat())
    }

    /// A list kept under one key, as encoded items, so that order is kept.
    fn list(&self, label: &str, key: &impl Serialize) -> Result<Vec<(Secret, Secret)>, CborError> {
        Ok(self.get(label, key)?.unwrap_or_default())
    }
}

const QUEUE: &str = "queued-proposals";
const LEAVES: &str = "own-leaf-nodes";

/// Values of which a group has one: how to write, read and delete each.
macro_rules! group_values {
    ($($label:literal: $entity:ident, $write:ident, $read:ident, $delete:ident;)*) => {$(
        fn $write<G: traits::GroupId<CURRENT_VERSION>, V: traits::$entity<CURRENT_VERSION>>(
            &self,
            group_id: &G,
            value: &V,
        ) -> Result<(), CborError> {
            self.put($label, group_id, value)
        }

        fn $read<G: traits::GroupId<CURRENT_VERSION>, V: traits::$entity<CURRENT_VERSION>>(
            &self,
            group_id: &G,
        ) -> Result<Option<V>, CborError> {
            self.get($label, group_id)
        }

        fn $delete<G: traits::GroupId<CURRENT_VERSION>>(
            &self,
            group_id: &G,
        ) -> Result<(), CborError> {
            self.delete($label, group_id)
        }
    )*};
}

impl StorageProvider<CURRENT_VERSION> for Overlay {
    type Error = CborError;

    group_values! {
        "join-config": MlsGroupJoinConfig, write_mls_join_config, mls_group_join_config, delete_group_config;
        "tree": TreeSync, write_tree, tree, delete_tree;
        "interim-transcript-hash": InterimTranscriptHash, write_interim_transcript_hash, interim_transcript_hash, delete_interim_transcript_hash;
        "context": GroupContext, write_context, group_context, delete_context;
        "confirmation-tag": ConfirmationTag, write_confirmation_tag, confirmation_tag, delete_confirmation_tag;
        "message-secrets": MessageSecrets, write_message_secrets, message_secrets, delete_message_secrets;
        "resumption-psks": ResumptionPskStore, write_resumption_psk_store, resumption_psk_store, delete_all_resumption_psk_secrets;
        "own-leaf-index": LeafNodeIndex, write_own_leaf_index, own_leaf_index, delete_own_leaf_index;
        "epoch-secrets": GroupEpochSecrets, write_group_epoch_secrets, group_epoch_secrets, delete_group_epoch_secrets;
    }

    fn write_group_state<
        S: traits::GroupState<CURRENT_VERSION>,
        G: traits::GroupId<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
        state: &S,
    ) -> Result<(), CborError> {
        self.put("group-state", group_id, state)
    }

    fn group_state<S: traits::GroupState<CURRENT_VERSION>, G: traits::GroupId<CURRENT_VERSION>>(
        &self,
        group_id: &G,
    ) -> Result<Option<S>, CborError> {
        self.get("group-state", group_id)
    }

    fn delete_group_state<G: traits::GroupId<CURRENT_VERSION>>(
        &self,
        group_id: &G,
    ) -> Result<(), CborError> {
        self.delete("group-state", group_id)
    }

    fn write_application_export_tree<
        G: traits::GroupId<CURRENT_VERSION>,
        T: traits::ApplicationExportTree<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
        tree: &T,
    ) -> Result<(), CborError> {
        self.put("export-tree", group_id, tree)
    }

    fn application_export_tree<
        G: traits::GroupId<CURRENT_VERSION>,
        T: traits::ApplicationExportTree<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
    ) -> Result<Option<T>, CborError> {
        self.get("export-tree", group_id)
    }

    fn delete_application_export_tree<
        G: traits::GroupId<CURRENT_VERSION>,
        T: traits::ApplicationExportTree<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
    ) -> Result<(), CborError> {
        self.delete("export-tree", group_id)
    }

    fn append_own_leaf_node<
        G: traits::GroupId<CURRENT_VERSION>,
        L: traits::LeafNode<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
        leaf_node: &L,
    ) -> Result<(), CborError> {
        let mut list: Vec<Secret> = self.get(LEAVES, group_id)?.unwrap_or_default();
        list.push(Secret::new(cbor::to_vec(leaf_node)?));
        self.put(LEAVES, group_id, &list)
    }

    fn own_leaf_nodes<G: traits::GroupId<CURRENT_VERSION>, L: traits::LeafNode<CURRENT_VERSION>>(
        &self,
        group_id: &G,
    ) -> Result<Vec<L>, CborError> {
        let list: Vec<Secret> = self.get(LEAVES, group_id)?.unwrap_or_default();
        list.iter().map(|v| cbor::from_slice(v.expose())).collect()
    }

    fn delete_own_leaf_nodes<G: traits::GroupId<CURRENT_VERSION>>(
        &self,
        group_id: &G,
    ) -> Result<(), CborError> {
        self.delete(LEAVES, group_id)
    }

    fn queue_proposal<
        G: traits::GroupId<CURRENT_VERSION>,
        R: traits::ProposalRef<CURRENT_VERSION>,
        Q: traits::QueuedProposal<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
        proposal_ref: &R,
        proposal: &Q,
    ) -> Result<(), CborError> {
        let reference = Secret::new(cbor::to_vec(proposal_ref)?);
        let mut list = self.list(QUEUE, group_id)?;
        list.retain(|(known, _)| *known != reference);
        list.push((reference, Secret::new(cbor::to_vec(proposal)?)));
        self.put(QUEUE, group_id, &list)
    }

    fn queued_proposal_refs<
        G: traits::GroupId<CURRENT_VERSION>,
        R: traits::ProposalRef<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
    ) -> Result<Vec<R>, CborError> {
        let list = self.list(QUEUE, group_id)?;
        list.iter()
            .map(|(reference, _)| cbor::from_slice(reference.expose()))
            .collect()
    }

    fn queued_proposals<
        G: traits::GroupId<CURRENT_VERSION>,
        R: traits::ProposalRef<CURRENT_VERSION>,
        Q: traits::QueuedProposal<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
    ) -> Result<Vec<(R, Q)>, CborError> {
        let list = self.list(QUEUE, group_id)?;
        list.iter()
            .map(|(reference, proposal)| {
                Ok((
                    cbor::from_slice(reference.expose())?,
                    cbor::from_slice(proposal.expose())?,
                ))
            })
            .collect()
    }

    fn remove_proposal<
        G: traits::GroupId<CURRENT_VERSION>,
        R: traits::ProposalRef<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
        proposal_ref: &R,
    ) -> Result<(), CborError> {
        let reference = Secret::new(cbor::to_vec(proposal_ref)?);
        let mut list = self.list(QUEUE, group_id)?;
        list.retain(|(known, _)| *known != reference);
        self.put(QUEUE, group_id, &list)
    }

    fn clear_proposal_queue<
        G: traits::GroupId<CURRENT_VERSION>,
        R: traits::ProposalRef<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
    ) -> Result<(), CborError> {
        self.delete(QUEUE, group_id)
    }

    fn write_encryption_epoch_key_pairs<
        G: traits::GroupId<CURRENT_VERSION>,
        E: traits::EpochKey<CURRENT_VERSION>,
        K: traits::HpkeKeyPair<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
        epoch: &E,
        leaf_index: u32,
        key_pairs: &[K],
    ) -> Result<(), CborError> {
        self.put("epoch-keys", &(group_id, epoch, leaf_index), key_pairs)
    }

    fn encryption_epoch_key_pairs<
        G: traits::GroupId<CURRENT_VERSION>,
        E: traits::EpochKey<CURRENT_VERSION>,
        K: traits::HpkeKeyPair<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
        epoch: &E,
        leaf_index: u32,
    ) -> Result<Vec<K>, CborError> {
        let stored = self.get("epoch-keys", &(group_id, epoch, leaf_index))?;
        Ok(stored.unwrap_or_default())
    }

    fn delete_encryption_epoch_key_pairs<
        G: traits::GroupId<CURRENT_VERSION>,
        E: traits::EpochKey<CURRENT_VERSION>,
    >(
        &self,
        group_id: &G,
        epoch: &E,
        leaf_index: u32,
    ) -> Result<(), CborError> {
        self.delete("epoch-keys", &(group_id, epoch, leaf_index))
    }

    fn write_encryption_key_pair<
        K: traits::EncryptionKey<CURRENT_VERSION>,
        P: traits::HpkeKeyPair<CURRENT_VERSION>,
    >(
        &self,
        public_key: &K,
        key_pair: &P,
    ) -> Result<(), CborError> {
        self.put("encryption-key", public_key, key_pair)
    }

    fn encryption_key_pair<
        P: traits::HpkeKeyPair<CURRENT_VERSION>,
        K: traits::EncryptionKey<CURRENT_VERSION>,
    >(
        &self,
        public_key: &K,
    ) -> Result<Option<P>, CborError> {
        self.get("encryption-key", public_key)
    }

    fn delete_encryption_key_pair<K: traits::EncryptionKey<CURRENT_VERSION>>(
        &self,
        public_key: &K,
    ) -> Result<(), CborError> {
        self.delete("encryption-key", public_key)
    }

    fn write_signature_key_pair<
        K: traits::SignaturePublicKey<CURRENT_VERSION>,
        P: traits::SignatureKeyPair<CURRENT_VERSION>,
    >(
        &self,
        public_key: &K,
        key_pair: &P,
    ) -> Result<(), CborError> {
        self.put("signature-key", public_key, key_pair)
    }

    fn signature_key_pair<
        K: traits::SignaturePublicKey<CURRENT_VERSION>,
        P: traits::SignatureKeyPair<CURRENT_VERSION>,
    >(
        &self,
        public_key: &K,
    ) -> Result<Option<P>, CborError> {
        self.get("signature-key", public_key)
    }

    fn delete_signature_key_pair<K: traits::SignaturePublicKey<CURRENT_VERSION>>(
        &self,
        public_key: &K,
    ) -> Result<(), CborError> {
        self.delete("signature-key", public_key)
    }

    fn write_key_package<
        R: traits::HashReference<CURRENT_VERSION>,
        K: traits::KeyPackage<CURRENT_VERSION>,
    >(
        &self,
        hash_ref: &R,
        key_package: &K,
    ) -> Result<(), CborError> {
        self.put("key-package", hash_ref, key_package)
    }

    fn key_package<
        R: traits::HashReference<CURRENT_VERSION>,
        K: traits::KeyPackage<CURRENT_VERSION>,
    >(
        &self,
        hash_ref: &R,
    ) -> Result<Option<K>, CborError> {
        self.get("key-package", hash_ref)
    }

    fn delete_key_package<R: traits::HashReference<CURRENT_VERSION>>(
        &self,
        hash_ref: &R,
    ) -> Result<(), CborError> {
        self.delete("key-package", hash_ref)
    }

    fn write_psk<I: traits::PskId<CURRENT_VERSION>, B: traits::PskBundle<CURRENT_VERSION>>(
        &self,
        psk_id: &I,
        psk: &B,
    ) -> Result<(), CborError> {
        self.put("psk", psk_id, psk)
    }

    fn psk<B: traits::PskBundle<CURRENT_VERSION>, I: traits::PskId<CURRENT_VERSION>>(
        &self,
        psk_id: &I,
    ) -> Result<Option<B>, CborError> {
        self.get("psk", psk_id)
    }

    fn delete_psk<I: traits::PskId<CURRENT_VERSION>>(&self, psk_id: &I) -> Result<(), CborError> {
        self.delete("psk", psk_id)
    }
}
