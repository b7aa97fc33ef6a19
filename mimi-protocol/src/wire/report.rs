//! `reportAbuse` and the hub's stamp (PROTO, "Report abuse" and "Message
//! Franking"): the structs are those of the franking crate.

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

/// Stand-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frank(pub Bytes);

impl Encode for Frank {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.0);
    }
}

impl Decode for Frank {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.opaque_bytes().map(Frank)
    }
}
