//! What all bodies share.

use mimi_content::MimiUri;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use super::mls::unknown;

/// The end-to-end protocol of a room (PROTO, "MIMI Endpoints and Framing").
///
/// It decides the form of what follows, so an unknown one is a decode error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Protocol {
    /// MLS 1.0.
    #[default]
    Mls10,
}

impl Encode for Protocol {
    fn encode(&self, w: &mut Writer) {
        w.u8(1);
    }
}

impl Decode for Protocol {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => Ok(Protocol::Mls10),
            value => Err(r.error_at(start, unknown("Protocol", value))),
        }
    }
}

/// A URI whose absence is an empty string.
pub(super) fn encode_uri_or_empty(uri: Option<&MimiUri>, w: &mut Writer) {
    match uri {
        Some(uri) => uri.encode(w),
        None => w.opaque(&[]),
    }
}

/// A URI whose absence is an empty string.
pub(super) fn uri_or_empty(r: &mut Reader<'_>) -> Result<Option<MimiUri>, DecodeError> {
    match r.clone().opaque()? {
        [] => r.opaque().map(|_| None),
        _ => MimiUri::decode(r).map(Some),
    }
}

/// A rule of a structure, broken at `start`.
pub(super) fn broken(r: &Reader<'_>, start: usize, rule: &'static str) -> DecodeError {
    r.error_at(start, Rule::Structure(rule))
}
