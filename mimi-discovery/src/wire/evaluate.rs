//! The index function and its tokens.
//!
//! What the octets mean is for the pseudorandom function to say: here they have a length.

use std::fmt;

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

use super::codec::unknown;
use super::{Day, Hex, KeyId, Refusal};
use crate::limits::MAX_BATCH;

/// An element of ristretto255, in 32 octets, not yet checked to be one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Element(pub [u8; 32]);

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Element({:?})", Hex(&self.0))
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

/// The right to one evaluation: the pseudorandom function of a nonce under the day's key.
/// Whoever has it can spend it, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The day whose key made it.
    pub day: Day,
    /// By which it is known to be spent.
    pub nonce: [u8; 32],
    /// The output of the function.
    pub output: [u8; 64],
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("day", &self.day)
            .finish_non_exhaustive()
    }
}

impl Encode for Token {
    fn encode(&self, w: &mut Writer) {
        self.day.encode(w);
        w.raw(&self.nonce);
        w.raw(&self.output);
    }
}

impl Decode for Token {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Token {
            day: Day::decode(r)?,
            nonce: r.array()?,
            output: r.array()?,
        })
    }
}

/// A request for tokens: of a user to its provider, which knows and rations its users,
/// and in the same form of the provider to the evaluator, which does so with providers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// The day on which they are to be spent.
    pub day: Day,
    /// Blinded nonces, one for each token.
    pub blinded: Vec<Element>,
}

codec!(TokenRequest {
    day: one,
    blinded: many(MAX_BATCH),
} where TokenRequest::check);

impl TokenRequest {
    fn check(&self) -> Result<(), &'static str> {
        if self.blinded.is_empty() {
            return Err("no token is asked for");
        }
        Ok(())
    }
}

/// A request for the index function of some CSIs, with a token for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluate {
    /// The key to use.
    pub key_id: KeyId,
    /// Tokens, as many as elements.
    pub tokens: Vec<Token>,
    /// Blinded CSIs.
    pub blinded: Vec<Element>,
}

codec!(Evaluate {
    key_id: one,
    tokens: many(MAX_BATCH),
    blinded: many(MAX_BATCH),
} where Evaluate::check);

impl Evaluate {
    fn check(&self) -> Result<(), &'static str> {
        if self.blinded.is_empty() {
            return Err("nothing is to be evaluated");
        }
        if self.tokens.len() != self.blinded.len() {
            return Err("there is not one token for each element");
        }
        Ok(())
    }
}

/// What the evaluator answers to [`Evaluate`] and [`TokenRequest`].
///
/// On the wire an octet, 1 with the evaluation behind it or 2 with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evaluated {
    /// It did.
    Done(Evaluation),
    /// It did not, not even in part.
    Refused(Refusal),
}

impl Encode for Evaluated {
    fn encode(&self, w: &mut Writer) {
        match self {
            Evaluated::Done(evaluation) => {
                w.u8(1);
                evaluation.encode(w);
            }
            Evaluated::Refused(reason) => {
                w.u8(2);
                reason.encode(w);
            }
        }
    }
}

impl Decode for Evaluated {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Evaluation::decode(r).map(Evaluated::Done),
            2 => Refusal::decode(r).map(Evaluated::Refused),
            other => Err(unknown(r, start, "Evaluated", other)),
        }
    }
}

/// Evaluated elements, in the order of the request, and the proof that one key, the
/// published one, made all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// As many as there were blinded ones.
    pub elements: Vec<Element>,
    /// Two scalars.
    pub proof: [u8; 64],
}

impl Encode for Evaluation {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.elements);
        w.raw(&self.proof);
    }
}

impl Decode for Evaluation {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Evaluation {
            elements: super::codec::at_most(r, "elements", MAX_BATCH)?,
            proof: r.array()?,
        })
    }
}
