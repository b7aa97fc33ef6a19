//! What a hub signs and franks with.

use mimi_content::MimiUri;
use mimi_content::tls::{Encode, EncodeError};
use mimi_franking::{AgentKey, FrankingAgent, HubKeyRing};
use openmls_traits::signatures::Signer;
use openmls_traits::types::SignatureScheme;

use crate::wire::mls::{Credential, ExternalSender};

/// A hub's secret keys and what they are known as.
///
/// One signature key serves as the hub's external sender and as its franking
/// agent.
pub struct Keys {
    /// Signs proposals, GroupInfo responses and franks.
    pub signer: Box<dyn Signer + Send + Sync>,
    /// The signer's public key.
    pub signature_key: Vec<u8>,
    /// Who the hub is, `mimi://domain`.
    pub identity: MimiUri,
    /// The secret keys of server franks.
    pub franking: HubKeyRing,
    /// Public keys that signed franks once, for reports of old messages.
    pub retired: Vec<(SignatureScheme, Vec<u8>)>,
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

    /// The hub as it stands in the `franking_agent` component (PROTO, "Message
    /// Franking").
    #[must_use]
    pub fn agent(&self) -> FrankingAgent {
        FrankingAgent::basic(self.signature_key.clone(), &self.identity)
    }

    pub(super) fn sender_bytes(&self) -> Result<Vec<u8>, EncodeError> {
        self.sender().to_vec()
    }

    /// The public keys under which franks may have been signed.
    pub(super) fn agent_keys(&self) -> Vec<AgentKey<'_>> {
        let current = AgentKey {
            scheme: self.signer.signature_scheme(),
            key: &self.signature_key,
        };
        let retired = self.retired.iter().map(|(scheme, key)| AgentKey {
            scheme: *scheme,
            key,
        });
        std::iter::once(current).chain(retired).collect()
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}
