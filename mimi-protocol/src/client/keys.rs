//! What a client signs with and what it publishes.

use bytes::Bytes;
use mimi_content::Timestamp;
use mimi_content::component::{ComponentId, ComponentMap, ComponentsList};
use mimi_content::media::{MediaType, MediaTypeList};
use mimi_content::tls::{Encode, EncodeError};
use openmls_traits::signatures::Signer;
use openmls_traits::types::Ciphersuite;

use super::error::Rejection;
use crate::engine::{CryptoProvider, Env};
use crate::labels::SignerRef;
use crate::mls::Secret;
use crate::mls::member::{Own, new_key_package};
use crate::wire::mls::{Credential, KeyPackage};

/// The media type of MIMI content (CONTENT, "MIME subtype registration").
pub(super) const MIMI_CONTENT: &str = "application/mimi-content";

/// A client's signature key and what it is known as.
pub struct Keys {
    /// Signs everything that the client sends.
    pub signer: Box<dyn Signer + Send + Sync>,
    /// The signer's public key.
    pub signature_key: Vec<u8>,
    /// The credential for it.
    pub credential: Credential,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

/// Everything about [`Keys`] that OpenMLS is to know, ready to be borrowed.
pub(super) struct Prepared {
    content: Bytes,
    leaf: ComponentMap,
}

impl Prepared {
    pub(super) fn new(keys: &Keys) -> Result<Self, Rejection> {
        Ok(Prepared {
            content: keys.credential.content()?,
            leaf: leaf_components()?,
        })
    }

    pub(super) fn own<'a>(&'a self, keys: &'a Keys) -> Own<'a> {
        Own {
            signer: SignerRef(&*keys.signer),
            credential_type: keys.credential.credential_type(),
            credential: &self.content,
            signature_key: &keys.signature_key,
            leaf: &self.leaf,
        }
    }
}

/// What a client's leaf says that it supports (EXT, "Negotiating Extensions and
/// Components").
///
/// # Errors
/// Never, as the lists are short.
pub fn leaf_components() -> Result<ComponentMap, EncodeError> {
    let supported = ComponentsList(vec![
        ComponentId::APP_COMPONENTS,
        ComponentId::SAFE_AAD,
        ComponentId::CONTENT_MEDIA_TYPES,
        ComponentId::LAST_RESORT_KEY_PACKAGE,
        ComponentId::FRANK_AAD,
        ComponentId::FRANKING_AGENT,
        ComponentId::PARTICIPANT_LIST,
        ComponentId::ROOM_METADATA,
        ComponentId::ROLES_LIST,
        ComponentId::PREAUTH_LIST,
        ComponentId::BASE_ROOM_POLICY,
        ComponentId::MLS_OPERATIONAL_POLICY,
        ComponentId::STATUS_NOTIFICATION_POLICY,
        ComponentId::JOIN_LINK_POLICY,
        ComponentId::JOIN_LINKS,
        ComponentId::LINK_PREVIEW_POLICY,
        ComponentId::ASSET_POLICY,
        ComponentId::LOGGING_POLICY,
        ComponentId::CHAT_HISTORY_POLICY,
        ComponentId::BOT_POLICY,
        ComponentId::MESSAGE_EXPIRATION_POLICY,
    ]);
    let safe_aad = ComponentsList(vec![ComponentId::FRANK_AAD]);
    let media_types = MediaTypeList(vec![MediaType::new(MIMI_CONTENT)]);
    Ok([
        (ComponentId::APP_COMPONENTS, supported.to_vec()?),
        (ComponentId::SAFE_AAD, safe_aad.to_vec()?),
        (ComponentId::CONTENT_MEDIA_TYPES, media_types.to_vec()?),
    ]
    .into_iter()
    .collect())
}

/// A KeyPackage to publish, and the secret with which to join by it.
#[derive(Debug, Clone)]
pub struct NewKeyPackage {
    /// What the provider hands out.
    pub key_package: KeyPackage,
    /// Its `KeyPackageRef`, by which a Welcome names it.
    pub reference: Bytes,
    /// What [`Room::join`](super::Room::join) takes; to be kept like a key and
    /// erased after the join.
    pub secret: Secret,
}

impl NewKeyPackage {
    /// Makes a KeyPackage that is valid from an hour ago until `not_after`.
    ///
    /// # Errors
    /// When the keys do not fit the suite.
    pub fn generate<P: CryptoProvider>(
        suite: Ciphersuite,
        not_after: Timestamp,
        env: &Env<'_, P, Keys>,
    ) -> Result<Self, Rejection> {
        // Clocks differ; OpenMLS itself grants an hour.
        let not_before = env.now.as_secs().saturating_sub(60 * 60);
        let lifetime = (not_before, not_after.as_secs());
        let prepared = Prepared::new(env.keys)?;
        let own = prepared.own(env.keys);
        let (public, reference, secret) = new_key_package(env.provider, &own, suite, lifetime)?;
        Ok(NewKeyPackage {
            key_package: crate::wire::Decode::from_bytes(&public)?,
            reference,
            secret,
        })
    }
}
