//! What a hub signs and franks with.

use std::sync::Arc;

use mimi_content::MimiUri;
use mimi_content::tls::{Encode, EncodeError};
use mimi_franking::HubFranker;
use openmls_traits::signatures::Signer;

use crate::wire::mls::{Credential, ExternalSender};

/// A hub's secret keys and what they are known as.
pub struct Keys {
    /// Signs proposals and GroupInfo responses.
    pub signer: Arc<dyn Signer + Send + Sync>,
    /// The signer's public key.
    pub signature_key: Vec<u8>,
    /// Who the hub is, `mimi://domain`.
    pub identity: MimiUri,
    /// Stamps messages and judges reports. Its agents may have the same signature
    /// key as the hub, or others.
    pub franker: HubFranker,
}

impl Keys {
    /// The hub as it stands in `external_senders` (PROTO, "Authenticating
    /// proposals").
    #[must_use]
    pub fn sender(&self) -> ExternalSender {
        ExternalSender {
            signature_key: self.signature_key.clone().into(),
            credential: Credential::Basic(self.identity.as_str().to_owned().into()),
        }
    }

    pub(super) fn sender_bytes(&self) -> Result<Vec<u8>, EncodeError> {
        self.sender().to_vec()
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}
