//! Structures of EXT: what proposals and extensions of that draft hold.

use bytes::Bytes;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

/// Every component's label begins with this (EXT, "Component IDs").
const BASE_LABEL: &[u8] = b"MLS Component";

/// What keeps one component's keys and signatures apart from another's and from
/// those of MLS (EXT, "Component IDs"). Its encoding is the label of the
/// operation; see [`labels`](crate::labels).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentOperationLabel {
    /// The component that acts.
    pub component_id: ComponentId,
    /// What it does, in words of its own.
    pub label: Bytes,
}

impl Encode for ComponentOperationLabel {
    fn encode(&self, w: &mut Writer) {
        w.opaque(BASE_LABEL);
        self.component_id.encode(w);
        w.opaque(&self.label);
    }
}

impl Decode for ComponentOperationLabel {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        if r.opaque()? != BASE_LABEL {
            return Err(r.error_at(start, Rule::Structure("a base label is not MLS Component")));
        }
        Ok(ComponentOperationLabel {
            component_id: ComponentId::decode(r)?,
            label: r.opaque_bytes()?,
        })
    }
}
