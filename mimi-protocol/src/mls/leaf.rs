//! What a leaf says of its client, as an operational policy judges it.

use mimi_content::component::{ComponentId, ComponentMap, ComponentsList};
use mimi_content::media::MediaTypeList;
use mimi_content::tls::{Decode, Reader};
use mimi_policy::{ExtendedCapabilities, LeafFacts, Lifetime};
use openmls::prelude::{Extension, KeyPackage, LeafNode};
use tls_codec::Serialize as _;

use super::context;
use crate::engine::Validity;

/// `supported_wire_formats` (EXT, IANA section).
const SUPPORTED_WIRE_FORMATS: u16 = 0x0007;
/// The wire formats of RFC 9420 §6, which every client supports.
const WIRE_FORMATS: [u16; 5] = [1, 2, 3, 4, 5];
/// The content types of RFC 9420 §6, which every client supports.
const CONTENT_TYPES: [u8; 3] = [1, 2, 3];

/// What is known of a leaf that enters the group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Leaf {
    supports: ExtendedCapabilities,
    key_package: Option<Lifetime>,
    credential: Option<Lifetime>,
}

impl Leaf {
    /// With the lifetime of the KeyPackage that it comes in.
    pub(crate) fn packed(self, key_package: &KeyPackage) -> Self {
        let lifetime = key_package.life_time();
        Leaf {
            key_package: Some(Lifetime {
                not_before: lifetime.not_before(),
                not_after: lifetime.not_after(),
            }),
            ..self
        }
    }

    /// Of a leaf whose credential is valid for so long.
    pub(crate) fn of(leaf: &LeafNode, validity: Option<Validity>) -> Self {
        let own = leaf.extensions().app_data_dictionary().map(context::to_map);
        let own = own.unwrap_or_default();
        let mut wire_formats = WIRE_FORMATS.to_vec();
        wire_formats.extend(leaf.extensions().iter().flat_map(more_wire_formats));
        // Numbers of some lists are not public; their encoding is (RFC 9420 §7.2).
        let listed = leaf.capabilities().tls_serialize_detached();
        let listed = listed.unwrap_or_default();
        let mut listed = Reader::new(&listed);
        let mut next = || listed.list().unwrap_or_default();
        Leaf {
            supports: ExtendedCapabilities {
                versions: next(),
                cipher_suites: next(),
                extensions: next(),
                proposals: next(),
                credentials: next(),
                wire_formats,
                component_ids: components(&own, ComponentId::APP_COMPONENTS),
                safe_aad_types: components(&own, ComponentId::SAFE_AAD),
                media_types: own
                    .get(ComponentId::CONTENT_MEDIA_TYPES)
                    .and_then(|list| MediaTypeList::from_slice(list).ok())
                    .map_or_else(Vec::new, |list| list.0),
                content_types: CONTENT_TYPES.to_vec(),
            },
            key_package: None,
            credential: validity.map(|validity| Lifetime {
                not_before: validity.not_before,
                not_after: validity.not_after,
            }),
        }
    }

    pub(crate) fn facts(&self) -> LeafFacts<'_> {
        LeafFacts {
            supports: Some(&self.supports),
            key_package: self.key_package,
            credential: self.credential,
        }
    }
}

/// A list that cannot be read supports nothing.
fn components(own: &ComponentMap, list: ComponentId) -> Vec<ComponentId> {
    let list = own.get(list).map(|list| ComponentsList::from_slice(list));
    list.and_then(Result::ok).unwrap_or_default().0
}

fn more_wire_formats(extension: &Extension) -> Vec<u16> {
    match extension {
        Extension::Unknown(SUPPORTED_WIRE_FORMATS, data) => {
            Reader::new(&data.0).list().unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
