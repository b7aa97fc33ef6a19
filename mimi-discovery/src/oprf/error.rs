//! Why a step of the oblivious function is refused.

use super::MAX_BATCH;
use super::index::MAX_CSI_LEN;

/// Why 32 octets are no point to compute with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ElementError {
    /// No ristretto255 point has this encoding (RFC 9496 §4.3.1).
    #[error("the octets encode no ristretto255 element (RFC 9496 §4.3.1)")]
    NoElement,
    /// The neutral element, which every key maps to itself (RFC 9497 §2.1).
    #[error("the element is the identity (RFC 9497 §2.1)")]
    Identity,
}

/// Why inputs cannot be blinded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlindError {
    /// There is nothing to ask, or too much for one batch.
    #[error("{count} inputs are not 1 to {MAX_BATCH}")]
    Count {
        /// How many inputs there are.
        count: usize,
    },
    /// An identifier is empty or longer than any can be.
    #[error("identifier {position} has {len} octets, not 1 to {MAX_CSI_LEN}")]
    Length {
        /// Which one, from 0.
        position: usize,
        /// How many octets it has.
        len: usize,
    },
    /// The input hashes to the identity, or to nothing (RFC 9497 §3.3.2,
    /// `InvalidInputError`). Nobody can find such an input.
    #[error("input {position} hashes to no element (RFC 9497 §3.3.2)")]
    Input {
        /// Which one, from 0.
        position: usize,
    },
}

/// Why an evaluator does not evaluate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// There is nothing to evaluate, or too much for one batch.
    #[error("{count} blinded elements are not 1 to {MAX_BATCH}")]
    Count {
        /// How many elements there are.
        count: usize,
    },
    /// A blinded element is no element.
    #[error("blinded element {position}: {why}")]
    Element {
        /// Which one, from 0.
        position: usize,
        /// What is wrong with it.
        why: ElementError,
    },
    /// No key with this number is in use.
    #[error("no key with number {key_id} is in use")]
    UnknownKey {
        /// The number that was asked for.
        key_id: u32,
    },
}

/// Why the answer of an evaluator or issuer is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FinishError {
    /// The answer has more or fewer elements than the question.
    #[error("{found} elements answer {expected}")]
    Count {
        /// How many were asked for.
        expected: usize,
        /// How many came.
        found: usize,
    },
    /// An evaluated element is no element.
    #[error("evaluated element {position}: {why}")]
    Element {
        /// Which one, from 0.
        position: usize,
        /// What is wrong with it.
        why: ElementError,
    },
    /// The proof does not consist of two scalars (RFC 9497 §4.1).
    #[error("the proof is not two canonical scalars other than zero (RFC 9497 §4.1)")]
    ProofForm,
    /// The elements were not all evaluated with the secret of the public key (RFC
    /// 9497 §2.2.2): another key, or an answer to another question.
    #[error("the proof does not hold for this public key and question (RFC 9497 §2.2.2)")]
    Proof,
}

/// Why a seed is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no key can be derived from this seed (RFC 9497 §3.2.1)")]
pub struct KeyError;

/// Why a key does not take its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RotateError {
    /// Two keys would have one number.
    #[error("key number {key_id} is taken")]
    SameNumber {
        /// The number.
        key_id: u32,
    },
    /// Two numbers would be one key, and every index would stay where it is.
    #[error("the key is in use under the number {key_id}")]
    SameKey {
        /// The number under which it is in use.
        key_id: u32,
    },
}
