//! The stamp, and what it covers.

use std::fmt;

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Writer, mls_label_of};
use mimi_content::{MimiUri, Timestamp};
use openmls_traits::types::{Ciphersuite, SignatureScheme, VerifiableCiphersuite};

use super::Hex;
use crate::limits::MAX_SIGNATURE_LEN;

/// `CipherSuite`: number of an MLS cipher suite (RFC 9420 §17.1). Open: unknown
/// numbers are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CipherSuite(pub u16);

impl CipherSuite {
    /// The signature scheme of the suite, if the suite is known.
    #[must_use]
    pub fn signature_scheme(self) -> Option<SignatureScheme> {
        Ciphersuite::try_from(self.0)
            .ok()
            .map(|suite| suite.signature_algorithm())
    }
}

impl From<Ciphersuite> for CipherSuite {
    fn from(suite: Ciphersuite) -> Self {
        CipherSuite(VerifiableCiphersuite::from(suite).value())
    }
}

impl fmt::Display for CipherSuite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#06x}", self.0)
    }
}

impl Encode for CipherSuite {
    fn encode(&self, w: &mut Writer) {
        w.u16(self.0);
    }
}

impl Decode for CipherSuite {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.u16().map(CipherSuite)
    }
}

/// `Frank`: the hub's stamp on a message (PROTO, "Submit a Message").
#[derive(Clone, PartialEq, Eq)]
pub struct Frank {
    /// HMAC-SHA256 of tag and context under a key that only the hub has.
    pub server_frank: [u8; 32],
    /// The cipher suite of the room's MLS group when the hub stamped.
    pub ciphersuite: CipherSuite,
    /// The hub's signature over [`FrankingIntegrityTbs`].
    pub integrity_signature: Bytes,
}

impl fmt::Debug for Frank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frank")
            .field("server_frank", &Hex(&self.server_frank))
            .field("ciphersuite", &self.ciphersuite)
            .field("integrity_signature", &Hex(&self.integrity_signature))
            .finish()
    }
}

impl Encode for Frank {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.server_frank);
        self.ciphersuite.encode(w);
        w.opaque(&self.integrity_signature);
    }
}

impl Decode for Frank {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Frank {
            server_frank: r.array()?,
            ciphersuite: CipherSuite::decode(r)?,
            integrity_signature: r.bytes_at_most("a signature", MAX_SIGNATURE_LEN)?,
        })
    }
}

/// `ServerFrankingContext`: what the hub vouches for besides the content
/// (PROTO, "Hub processing").
///
/// No follower is sent it: the sender stays inside the ciphertext, and receivers put
/// the context together again. A follower that knows the participants can still
/// find the sender, by trying each against the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFrankingContext {
    /// The user, or pseudonym, that was asserted to the hub.
    pub sender_uri: MimiUri,
    /// The room.
    pub room_uri: MimiUri,
    /// When the hub accepted the message.
    pub accepted_timestamp: Timestamp,
}

impl Encode for ServerFrankingContext {
    fn encode(&self, w: &mut Writer) {
        self.sender_uri.encode(w);
        self.room_uri.encode(w);
        self.accepted_timestamp.encode(w);
    }
}

impl Decode for ServerFrankingContext {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ServerFrankingContext {
            sender_uri: MimiUri::decode(r)?,
            room_uri: MimiUri::decode(r)?,
            accepted_timestamp: Timestamp::decode(r)?,
        })
    }
}

/// `FrankingIntegrityTBS`: what the hub signs so that no follower can alter the
/// stamp (PROTO, "Hub processing").
#[derive(Clone, PartialEq, Eq)]
pub struct FrankingIntegrityTbs {
    /// As in [`Frank::server_frank`]: 32 octets without a length.
    pub server_frank: [u8; 32],
    /// As in [`Frank::ciphersuite`].
    pub ciphersuite: CipherSuite,
    /// The context that `server_frank` covers.
    pub context: ServerFrankingContext,
}

impl FrankingIntegrityTbs {
    /// The label of the signature.
    pub const LABEL: &'static str = "FrankingIntegrityTBS";

    /// The octets that the signature is made over: the `SignContent` of
    /// SignWithLabel (RFC 9420 §5.1.2).
    ///
    /// # Errors
    /// When a URI is too long for a vector.
    pub fn sign_content(&self) -> Result<Vec<u8>, EncodeError> {
        mls_label_of(Self::LABEL, self)
    }
}

impl fmt::Debug for FrankingIntegrityTbs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrankingIntegrityTbs")
            .field("server_frank", &Hex(&self.server_frank))
            .field("ciphersuite", &self.ciphersuite)
            .field("context", &self.context)
            .finish()
    }
}

impl Encode for FrankingIntegrityTbs {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.server_frank);
        self.ciphersuite.encode(w);
        self.context.encode(w);
    }
}

impl Decode for FrankingIntegrityTbs {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(FrankingIntegrityTbs {
            server_frank: r.array()?,
            ciphersuite: CipherSuite::decode(r)?,
            context: ServerFrankingContext::decode(r)?,
        })
    }
}
