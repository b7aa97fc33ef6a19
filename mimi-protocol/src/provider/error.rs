//! Why an input was refused.

use mimi_content::MimiUri;

use super::consent::{MAX_ASKED, MAX_SCOPES};
use super::stock::{MAX_CLIENTS, MAX_PACKAGES};
use crate::delivery::QueueFull;
use crate::engine::IdentityError;
use crate::wire::{DecodeError, EncodeError};

/// Why [`KeyMaterial`](super::KeyMaterial) refused an input; nothing has
/// changed. Each reason has one HTTP status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The sender's fault: the body is not what its endpoint takes (PROTO,
    /// "MIMI Endpoints and Framing").
    #[error("malformed body: {0}")]
    Malformed(#[from] DecodeError),
    /// The peer's fault: body and path name different users (PROTO, "Fetch Key
    /// Material").
    #[error("the request is for {named}, its path for {path}")]
    OtherTarget {
        /// Who stands in the body.
        named: MimiUri,
        /// Who stands in the path.
        path: MimiUri,
    },
    /// The peer's fault: it speaks neither for the requester's provider nor for
    /// the hub of the room (PROTO, "Fetch Key Material"; for consent "Convey
    /// explicit consent").
    #[error("{from} may not speak for {user}")]
    NotTheirs {
        /// The peer's domain.
        from: String,
        /// For whom it speaks.
        user: MimiUri,
    },
    /// The sender's fault: the user is not one of this provider's (PROTO,
    /// "Convey explicit consent").
    #[error("{0} is of another provider")]
    NotOurs(MimiUri),
    /// The requester's fault: the signature over the request does not verify
    /// (PROTO, "Fetch Key Material").
    #[error("the request's signature does not verify")]
    Signature,
    /// The requester's fault: the host does not accept the credential (PROTO,
    /// "Fetch Key Material").
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The requester's fault: the credential names somebody else (PROTO, "Fetch
    /// Key Material").
    #[error("the credential names {found}, not {expected}")]
    OtherIdentity {
        /// Whom the request, or the host, names.
        expected: MimiUri,
        /// Whom the credential names.
        found: MimiUri,
    },
    /// The peer's fault: a grant or revocation was sent to `requestConsent`, or
    /// a request or cancellation to `updateConsent` (PROTO, "Convey explicit
    /// consent").
    #[error("the consent operation does not belong to this endpoint")]
    OtherOperation,
    /// The client's fault: the KeyPackage is of no use.
    #[error("the KeyPackage {0}")]
    Package(#[from] PackageFault),
    /// The client's fault: it has uploaded too much.
    #[error("the client has {MAX_PACKAGES} KeyPackages already")]
    TooManyPackages,
    /// The user's fault: too many clients.
    #[error("the user has {MAX_CLIENTS} clients already")]
    TooManyClients,
    /// The peer's fault, most likely: too many requests for consent wait for
    /// the user.
    #[error("{MAX_ASKED} requests for consent wait for the user already")]
    TooManyAsked,
    /// The user's fault: too many grants and revocations.
    #[error("the user has {MAX_SCOPES} grants and revocations already")]
    TooManyScopes,
    /// The peer's fault: it has not answered for long.
    #[error(transparent)]
    QueueFull(#[from] QueueFull),
    /// Our own fault: an answer has no encoding.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

impl Rejection {
    /// The HTTP status to answer with.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Rejection::Malformed(_)
            | Rejection::OtherTarget { .. }
            | Rejection::OtherOperation
            | Rejection::Package(_) => 400,
            Rejection::NotTheirs { .. }
            | Rejection::Signature
            | Rejection::Identity(_)
            | Rejection::OtherIdentity { .. } => 403,
            Rejection::NotOurs(_) => 404,
            Rejection::TooManyPackages | Rejection::TooManyClients | Rejection::TooManyScopes => {
                429
            }
            Rejection::TooManyAsked | Rejection::QueueFull(_) => 503,
            Rejection::Encode(_) => 500,
        }
    }
}

/// What is wrong with an uploaded KeyPackage (RFC 9420 §7.3, §10.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackageFault {
    /// Its suite is not one that the host's cryptography names.
    #[error("has the unknown cipher suite {0:#06x}")]
    CipherSuite(u16),
    /// Its leaf is not one for a KeyPackage.
    #[error("holds a leaf from another source")]
    Source,
    /// It is not valid at the time of the upload.
    #[error("is not valid now")]
    Lifetime,
    /// Its leaf does not support what it itself is made of.
    #[error("is not within its own leaf's capabilities")]
    Capabilities,
    /// It uses one key for two purposes.
    #[error("has an init key that is its encryption key")]
    InitKey,
    /// The signature of the leaf or of the whole does not verify.
    #[error("has a signature that does not verify")]
    Signature,
    /// Its `app_data_dictionary` cannot be read.
    #[error("has a malformed app_data_dictionary")]
    Dictionary,
    /// It was uploaded before.
    #[error("was uploaded before")]
    Repeated,
}
