//! Looking an index up.

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

use super::codec::unknown;
use super::{CosignedHead, KeyId, LeafAuth, Refusal, SealedRecord};
use crate::Signed;
use crate::limits::MAX_PROOF_LEN;
use crate::tree::Index;

/// A question about one index. It names no realm: that is a matter of where it is sent,
/// and the head in the answer tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The key by which the index is made, and so the tree.
    pub key_id: KeyId,
    /// The index.
    pub index: Index,
}

codec!(Lookup {
    key_id: one,
    index: one,
});

/// What a provider answers. An error is no absence: that one has a proof.
///
/// On the wire an octet, 1 with the answer behind it or 2 with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    /// What stands at the index, or that nothing does.
    Answer(Box<Answer>),
    /// Nothing is said about the index.
    Refused(Refusal),
}

impl Encode for Looked {
    fn encode(&self, w: &mut Writer) {
        match self {
            Looked::Answer(answer) => {
                w.u8(1);
                answer.encode(w);
            }
            Looked::Refused(reason) => {
                w.u8(2);
                reason.encode(w);
            }
        }
    }
}

impl Decode for Looked {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Answer::decode(r).map(Box::new).map(Looked::Answer),
            2 => Refusal::decode(r).map(Looked::Refused),
            other => Err(unknown(r, start, "Looked", other)),
        }
    }
}

/// What stands at an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The leaf, if there is one.
    pub leaf: Option<Signed<LeafAuth>>,
    /// The way down the tree, in the encoding of the [tree](crate::tree).
    pub proof: Bytes,
    /// The record, if the leaf is live.
    pub sealed: Option<SealedRecord>,
    /// The head whose tree it is.
    pub head: CosignedHead,
}

codec!(Answer {
    leaf: opt,
    proof: octets(MAX_PROOF_LEN),
    sealed: opt,
    head: one,
} where Answer::check);

impl Answer {
    fn check(&self) -> Result<(), &'static str> {
        let live =
            |leaf: &Signed<LeafAuth>| matches!(leaf.content.state, super::LeafState::Live(_));
        if self.leaf.as_ref().is_some_and(live) == self.sealed.is_some() {
            Ok(())
        } else {
            Err("there is a record without a live leaf, or a live leaf without its record")
        }
    }
}
