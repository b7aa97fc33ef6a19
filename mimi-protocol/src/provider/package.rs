//! KeyPackages: what is checked of them without a group.

use bytes::Bytes;
use mimi_content::Timestamp;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Reader, Writer, mls_label};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::{Ciphersuite, SignatureScheme};

use super::error::{PackageFault, Rejection};
use super::stock::Stored;
use crate::engine::{CryptoProvider, Env, Identified, Presented, ask_identity};
use crate::labels::key_package_ref;
use crate::wire::mls::{
    Capabilities, CipherSuite, Credential, CredentialType, Exact, Extension, ExtensionType,
    KeyPackage, LeafNode, LeafNodeSource, ProtocolVersion, RequiredCapabilities,
};
use crate::wire::{Decode, DecodeError, EncodeError, KeyMaterialRequestTbs};

/// Checks an uploaded KeyPackage and whose it is.
pub(super) fn check<P: CryptoProvider>(
    package: &KeyPackage,
    env: &Env<'_, P, ()>,
) -> Result<(Identified, Stored), Rejection> {
    let number = package.cipher_suite.0;
    let suite = Ciphersuite::try_from(number).map_err(|_| PackageFault::CipherSuite(number))?;
    let crypto = env.provider.crypto();
    let reference = key_package_ref(package, crypto).ok_or(PackageFault::CipherSuite(number))?;
    let (not_before, not_after) = lifetime(&package.leaf_node).ok_or(PackageFault::Source)?;
    if env.now < not_before || not_after < env.now {
        return Err(PackageFault::Lifetime.into());
    }
    if !supports_itself(package) {
        return Err(PackageFault::Capabilities.into());
    }
    if package.init_key == package.leaf_node.encryption_key {
        return Err(PackageFault::InitKey.into());
    }
    verify(package, suite.signature_algorithm(), crypto)?;
    let last_resort = is_last_resort(package)?;
    let leaf = &package.leaf_node;
    let who = identify(&leaf.credential, &leaf.signature_key, env)?;
    let stored = Stored {
        reference,
        package: package.as_bytes().clone(),
        cipher_suite: number,
        not_after,
        last_resort,
    };
    Ok((who, stored))
}

/// Whom the host says a credential names.
pub(super) fn identify<P: CryptoProvider>(
    credential: &Credential,
    signature_key: &[u8],
    env: &Env<'_, P, ()>,
) -> Result<Identified, Rejection> {
    let content = credential.content()?;
    let presented = Presented {
        credential_type: credential.credential_type(),
        content: &content,
        signature_key,
    };
    Ok(ask_identity(env.identity, &presented)?)
}

/// Checks the signature of a key material request. The request does not say
/// which scheme made it, so every scheme of the acceptable suites may have.
pub(super) fn verify_request<C: OpenMlsCrypto>(
    tbs: &KeyMaterialRequestTbs,
    signature: &[u8],
    crypto: &C,
) -> Result<(), Rejection> {
    let content = tbs.sign_content()?;
    let mut tried: Vec<SignatureScheme> = Vec::new();
    for suite in &tbs.acceptable_cipher_suites {
        let Ok(suite) = Ciphersuite::try_from(suite.0) else {
            continue;
        };
        let scheme = suite.signature_algorithm();
        if tried.contains(&scheme) {
            continue;
        }
        tried.push(scheme);
        let key = &tbs.requester_signature_key;
        if crypto
            .verify_signature(scheme, &content, key, signature)
            .is_ok()
        {
            return Ok(());
        }
    }
    Err(Rejection::Signature)
}

/// From when to when a leaf is valid, the ends included.
pub(super) fn lifetime(leaf: &LeafNode) -> Option<(Timestamp, Timestamp)> {
    let LeafNodeSource::KeyPackage {
        not_before,
        not_after,
    } = leaf.source
    else {
        return None;
    };
    let at = |secs: u64| Timestamp::from_millis(secs.saturating_mul(1000));
    Some((at(not_before), at(not_after)))
}

/// Whether a client with these capabilities can be in such a group: what RFC
/// 9420 itself defines needs no mention (§7.2).
pub(super) fn meets(has: &Capabilities, required: &RequiredCapabilities) -> bool {
    const LAST_DEFAULT_EXTENSION: u16 = ExtensionType::EXTERNAL_SENDERS.0;
    const LAST_DEFAULT_PROPOSAL: u16 = 0x0007;
    let extensions = required.extension_types.iter();
    let proposals = required.proposal_types.iter();
    let credentials = required.credential_types.iter();
    extensions
        .filter(|e| !(1..=LAST_DEFAULT_EXTENSION).contains(&e.0))
        .all(|e| has.extensions.contains(e))
        && proposals
            .filter(|p| !(1..=LAST_DEFAULT_PROPOSAL).contains(&p.0))
            .all(|p| has.proposals.contains(p))
        && credentials.into_iter().all(|c| has.credentials.contains(c))
}

fn supports_itself(package: &KeyPackage) -> bool {
    let leaf = &package.leaf_node;
    let has = &leaf.capabilities;
    let carried = RequiredCapabilities {
        extension_types: leaf.extensions.iter().map(|e| e.extension_type).collect(),
        proposal_types: Vec::new(),
        credential_types: vec![CredentialType(leaf.credential.credential_type())],
    };
    has.versions.contains(&ProtocolVersion::MLS10)
        && has.cipher_suites.contains(&package.cipher_suite)
        && meets(has, &carried)
}

/// Marked by its client for more than one use (EXT, "Last Resort KeyPackages").
fn is_last_resort(package: &KeyPackage) -> Result<bool, PackageFault> {
    let dictionary = Extension::find(&package.extensions, ExtensionType::APP_DATA_DICTIONARY);
    let Some(dictionary) = dictionary else {
        return Ok(false);
    };
    ComponentMap::from_bytes(dictionary)
        .map(|map| map.get(ComponentId::LAST_RESORT_KEY_PACKAGE).is_some())
        .map_err(|_| PackageFault::Dictionary)
}

/// Both signatures: the leaf's, and the whole's (RFC 9420 §7.2, §10).
fn verify<C: OpenMlsCrypto>(
    package: &KeyPackage,
    scheme: SignatureScheme,
    crypto: &C,
) -> Result<(), PackageFault> {
    let leaf = leaf_octets(package.as_bytes()).map_err(|_| PackageFault::Signature)?;
    let signed = [
        ("LeafNodeTBS", &leaf, &package.leaf_node.signature),
        ("KeyPackageTBS", package.as_bytes(), &package.signature),
    ];
    for (label, octets, signature) in signed {
        let content = unsigned(octets, signature)
            .and_then(|tbs| mls_label(label, tbs))
            .map_err(|_| PackageFault::Signature)?;
        crypto
            .verify_signature(
                scheme,
                &content,
                &package.leaf_node.signature_key,
                signature,
            )
            .map_err(|_| PackageFault::Signature)?;
    }
    Ok(())
}

/// A struct without the signature that it ends with.
fn unsigned<'a>(octets: &'a [u8], signature: &[u8]) -> Result<&'a [u8], EncodeError> {
    let tail = Writer::write(|w| w.opaque(signature))?;
    let len = octets.len().saturating_sub(tail.len());
    octets.get(..len).ok_or(EncodeError)
}

fn leaf_octets(package: &Bytes) -> Result<Bytes, DecodeError> {
    let mut r = Reader::shared(package);
    ProtocolVersion::decode(&mut r)?;
    CipherSuite::decode(&mut r)?;
    r.opaque()?;
    Exact::<LeafNode>::decode(&mut r).map(|leaf| leaf.as_bytes().clone())
}
