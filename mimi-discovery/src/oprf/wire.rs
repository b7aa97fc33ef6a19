//! What travels between client and evaluator: points and scalars of 32 octets each.

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use voprf_ng::{Group, Ristretto255};

use super::{ElementError, MAX_BATCH};

/// The point behind an [`Element`] or a [`PublicKey`].
pub(crate) type Point = <Ristretto255 as Group>::Elem;

/// A blinded or evaluated element, `opaque Element[32]`: a ristretto255 point in its
/// encoding (RFC 9497 §4.1).
///
/// Decoding takes any 32 octets. Whether they are a point costs a field inversion to
/// find out; [`EvaluatorKey::evaluate`](super::EvaluatorKey::evaluate) and
/// [`IndexRequest::finish`](super::IndexRequest::finish) do, and name the position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element(pub [u8; 32]);

impl Element {
    /// How many octets an element has.
    pub const LEN: usize = 32;

    /// Refuses with a reason what the library refuses without one.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&[u8]) -> Result<T, voprf_ng::Error>,
    ) -> Result<T, ElementError> {
        if self.0 == [0; 32] {
            return Err(ElementError::Identity);
        }
        read(&self.0).map_err(|_| ElementError::NoElement)
    }
}

impl Encode for Element {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
}

impl Decode for Element {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(Element)
    }
}

/// The proof for a whole batch, `opaque Proof[64]`: challenge and response, two
/// scalars of 32 octets (RFC 9497 §2.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof(pub [u8; 64]);

impl Encode for Proof {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
}

impl Decode for Proof {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(Proof)
    }
}

/// The answer to a batch, `Element elements<V>; Proof proof`: the elements in the
/// order of the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// As many as were asked for; at most [`MAX_BATCH`].
    pub elements: Vec<Element>,
    /// That all of them come from one key.
    pub proof: Proof,
}

impl Encode for Evaluation {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.elements);
        self.proof.encode(w);
    }
}

impl Decode for Evaluation {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let elements = r.list()?;
        if elements.len() > MAX_BATCH {
            let rule = Rule::Limit {
                what: "elements of an evaluation",
                max: MAX_BATCH,
            };
            return Err(r.error_at(start, rule));
        }
        let proof = Proof::decode(r)?;
        Ok(Evaluation { elements, proof })
    }
}

/// The public key of an evaluator or of an issuer's day, `opaque PublicKey[32]`: a
/// point that is not the identity. Clients take it from the signed manifest and from
/// nowhere else; a key of one's own for each user would tell the users apart.
#[derive(Clone, Copy)]
pub struct PublicKey {
    octets: [u8; 32],
    point: Point,
}

impl PublicKey {
    /// A key from its encoding.
    ///
    /// # Errors
    /// When the octets are no element, or the identity.
    pub fn from_bytes(octets: &[u8; 32]) -> Result<Self, ElementError> {
        let point = Element(*octets).read(Ristretto255::deserialize_elem)?;
        Ok(PublicKey {
            octets: *octets,
            point,
        })
    }

    pub(crate) fn of(point: Point) -> Self {
        PublicKey {
            octets: Ristretto255::serialize_elem(point).into(),
            point,
        }
    }

    /// The encoding.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.octets
    }

    pub(crate) fn point(&self) -> Point {
        self.point
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.octets == other.octets
    }
}

impl Eq for PublicKey {}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PublicKey").field(&self.octets).finish()
    }
}

impl Encode for PublicKey {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.octets);
    }
}

impl Decode for PublicKey {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        PublicKey::from_bytes(&r.array()?).map_err(|why| {
            let rule = match why {
                ElementError::NoElement => "a public key is no ristretto255 element",
                ElementError::Identity => "a public key is the identity",
            };
            r.error_at(start, Rule::Structure(rule))
        })
    }
}
