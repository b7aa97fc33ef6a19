//! `requestConsent` and `updateConsent` (PROTO, "Convey explicit consent").

use mimi_content::MimiUri;
use mimi_content::component::ComponentMap;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

use super::limits::MAX_CLIENTS;
use super::mls::{KeyPackage, unknown};

/// What a consent concerns; a cancellation names the scope of its request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConsentScope {
    /// Who wants to fetch key material.
    pub requester_uri: MimiUri,
    /// Whose key material it is.
    pub target_uri: MimiUri,
    /// For one room only.
    pub room_id: Option<MimiUri>,
}

impl Encode for ConsentScope {
    fn encode(&self, w: &mut Writer) {
        self.requester_uri.encode(w);
        self.target_uri.encode(w);
        w.optional(self.room_id.as_ref(), |w, room_id| room_id.encode(w));
    }
}

impl Decode for ConsentScope {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ConsentScope {
            requester_uri: MimiUri::decode(r)?,
            target_uri: MimiUri::decode(r)?,
            room_id: r.optional(MimiUri::decode)?,
        })
    }
}

/// What is done with a consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsentOperation {
    /// Withdraws a request (`requestConsent`).
    Cancel,
    /// Asks (`requestConsent`).
    Request,
    /// Gives it (`updateConsent`), with KeyPackages of the target's clients to
    /// save a request, or with none.
    Grant(Vec<KeyPackage>),
    /// Takes it back or denies it (`updateConsent`).
    Revoke,
}

/// Body of a `requestConsent` or `updateConsent` request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentEntry {
    /// What is done.
    pub operation: ConsentOperation,
    /// What it concerns.
    pub scope: ConsentScope,
    /// For extensions.
    pub extensions: ComponentMap,
}

impl ConsentEntry {
    /// An entry without extensions.
    #[must_use]
    pub fn new(operation: ConsentOperation, scope: ConsentScope) -> Self {
        ConsentEntry {
            operation,
            scope,
            extensions: ComponentMap::new(),
        }
    }
}

impl Encode for ConsentEntry {
    fn encode(&self, w: &mut Writer) {
        w.u8(match self.operation {
            ConsentOperation::Cancel => 0,
            ConsentOperation::Request => 1,
            ConsentOperation::Grant(_) => 2,
            ConsentOperation::Revoke => 3,
        });
        self.scope.encode(w);
        if let ConsentOperation::Grant(key_packages) = &self.operation {
            w.list(key_packages);
        }
        self.extensions.encode(w);
    }
}

impl Decode for ConsentEntry {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let code = r.u8()?;
        let scope = ConsentScope::decode(r)?;
        let operation = match code {
            0 => ConsentOperation::Cancel,
            1 => ConsentOperation::Request,
            2 => ConsentOperation::Grant(r.list_at_most(
                "KeyPackages of a grant",
                MAX_CLIENTS,
                Decode::decode,
            )?),
            3 => ConsentOperation::Revoke,
            value => return Err(r.error_at(start, unknown("ConsentOperation", value))),
        };
        Ok(ConsentEntry {
            operation,
            scope,
            extensions: ComponentMap::decode(r)?,
        })
    }
}
