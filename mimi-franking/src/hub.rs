//! The hub: who stamps for a room, and the stamp.

use std::sync::Arc;

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError};
use mimi_content::{MimiUri, Timestamp};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::SignatureScheme;

use crate::ring::HubKeyRing;
use crate::signed::Signed;
use crate::tag::FrankingTag;
use crate::wire::{CipherSuite, Frank, FrankingAgent};

/// A franking agent together with its private key.
///
/// The signer is asked for each message, so it should hold its key ready to sign
/// with. `openmls_basic_credential::SignatureKeyPair` derives the key anew each
/// time, which doubles the cost of a stamp; the crate docs show a signer that
/// does not.
#[derive(Clone)]
pub struct Agent {
    data: FrankingAgent,
    /// `data` as the GroupContext has it.
    octets: Bytes,
    signer: Arc<dyn Signer + Send + Sync>,
}

impl Agent {
    /// The agent `data`, whose public key is that of `signer`.
    ///
    /// # Errors
    /// When a part is too long to encode, or what `signer` signs does not verify with
    /// the key of `data`: nobody would believe a stamp.
    pub fn new<C: OpenMlsCrypto + ?Sized>(
        data: FrankingAgent,
        signer: Arc<dyn Signer + Send + Sync>,
        crypto: &C,
    ) -> Result<Self, AgentError> {
        let octets: Bytes = data.to_vec()?.into();
        let signature = signer.sign(&octets).map_err(AgentError::Signer)?;
        let (scheme, key) = (signer.signature_scheme(), &data.signature_key);
        crypto
            .verify_signature(scheme, &octets, key, &signature)
            .map_err(|_| AgentError::OtherKey)?;
        Ok(Agent {
            octets,
            data,
            signer,
        })
    }

    /// What the GroupContext shows of it.
    #[must_use]
    pub fn data(&self) -> &FrankingAgent {
        &self.data
    }
}

/// Why a key and a description do not make an agent. The host gave them, so the
/// host is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AgentError {
    /// The description is too long.
    #[error(transparent)]
    TooLong(#[from] EncodeError),
    /// The signer does not sign.
    #[error("the franking agent's signer failed: {0:?}")]
    Signer(SignerError),
    /// The public key is not the signer's, or signatures of its scheme cannot be
    /// checked here.
    #[error("the franking agent's public key does not verify what its signer signs")]
    OtherKey,
}

impl std::fmt::Debug for Agent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.data.fmt(f)
    }
}

/// Everything with which a hub stamps messages and judges reports: its secret
/// keys, its franking agents, and the public keys of agents it had.
///
/// A hub has an agent for each signature scheme of its rooms. After it has
/// changed a signature key, rooms keep the old agent until they are
/// reinitialised (PROTO, "Message Franking"): both are here, and the GroupContext
/// of each room says which one stamps.
#[derive(Debug)]
pub struct HubFranker {
    keys: HubKeyRing,
    /// Newest last.
    agents: Vec<Agent>,
    retired: Vec<(SignatureScheme, Bytes)>,
}

impl HubFranker {
    /// A franker with one agent.
    #[must_use]
    pub fn new(keys: HubKeyRing, agent: Agent) -> Self {
        HubFranker {
            keys,
            agents: vec![agent],
            retired: Vec::new(),
        }
    }

    /// With a further agent, which from now on is the one for new rooms of its
    /// signature scheme.
    #[must_use]
    pub fn with_agent(mut self, agent: Agent) -> Self {
        self.agents.push(agent);
        self
    }

    /// With the public key of an agent that stamps no more. Reports of what it
    /// signed are still proven. Each such key costs a verification for each reported
    /// message that is not the hub's, so leave out those of which no report is
    /// expected any more.
    #[must_use]
    pub fn with_retired(mut self, scheme: SignatureScheme, key: impl Into<Bytes>) -> Self {
        self.retired.push((scheme, key.into()));
        self
    }

    /// The secret keys.
    #[must_use]
    pub fn keys(&self) -> &HubKeyRing {
        &self.keys
    }

    /// The secret keys, to rotate them.
    pub fn keys_mut(&mut self) -> &mut HubKeyRing {
        &mut self.keys
    }

    /// The agent that a new room with this cipher suite is to have, if there is
    /// one with its signature scheme.
    #[must_use]
    pub fn agent_for(&self, ciphersuite: CipherSuite) -> Option<&FrankingAgent> {
        let scheme = ciphersuite.signature_scheme()?;
        let mut newest_first = self.agents.iter().rev();
        let agent = newest_first.find(|agent| agent.signer.signature_scheme() == scheme)?;
        Some(&agent.data)
    }

    /// Stamps an accepted message, or says why it goes without (PROTO, "Hub
    /// processing").
    ///
    /// # Errors
    /// When the tag is malformed, or signing fails.
    pub fn frank(&self, message: &Accepted<'_>) -> Result<Franking, FrankError> {
        let Some(tag) = message.frank_aad else {
            return Ok(Franking::Unfranked(Unfranked::NoTag));
        };
        let tag = FrankingTag::from_slice(tag).map_err(FrankError::Tag)?;
        let Some(wanted) = message.franking_agent else {
            return Ok(Franking::Unfranked(Unfranked::NoAgent));
        };
        let Some(agent) = self.agents.iter().find(|agent| agent.octets == wanted) else {
            return Ok(Franking::Unfranked(Unfranked::OtherAgent));
        };
        let scheme = message.ciphersuite.signature_scheme();
        if scheme != Some(agent.signer.signature_scheme()) {
            return Ok(Franking::Unfranked(Unfranked::AgentScheme));
        }
        let mut signed = message.signed();
        let server_frank = self.keys.current().server_frank(&tag, signed.context());
        let signature = agent.signer.sign(signed.with(&server_frank));
        Ok(Franking::Franked(Frank {
            server_frank,
            ciphersuite: message.ciphersuite,
            integrity_signature: signature.map_err(FrankError::Signer)?.into(),
        }))
    }

    /// The public keys of a scheme that sign or have signed.
    pub(crate) fn public_keys(&self, scheme: SignatureScheme) -> impl Iterator<Item = &[u8]> {
        let agents = self.agents.iter();
        let agents = agents.map(|agent| (agent.signer.signature_scheme(), &agent.data));
        let current = agents.map(|(scheme, data)| (scheme, &data.signature_key));
        let retired = self.retired.iter().map(|(scheme, key)| (*scheme, key));
        let all = current.chain(retired);
        all.filter(move |(of, _)| *of == scheme)
            .map(|(_, key)| &key[..])
    }
}

/// A message that a hub has accepted and is about to fan out.
///
/// The two components come as they are in the Safe AAD and in the GroupContext,
/// so that a hub need not decode either.
#[derive(Debug, Clone, Copy)]
pub struct Accepted<'a> {
    /// The value of `frank_aad` in the Safe AAD of the message, if there is one.
    pub frank_aad: Option<&'a [u8]>,
    /// The value of `franking_agent` in the GroupContext, if there is one.
    pub franking_agent: Option<&'a [u8]>,
    /// The user whom the sender's provider has named and the hub has checked.
    pub sender: &'a MimiUri,
    /// The room.
    pub room: &'a MimiUri,
    /// The time of acceptance that is fanned out, later than all before it in
    /// this room.
    pub accepted_timestamp: Timestamp,
    /// The cipher suite of the room's group.
    pub ciphersuite: CipherSuite,
}

impl Accepted<'_> {
    fn signed(&self) -> Signed {
        Signed::new(
            self.ciphersuite,
            self.sender,
            self.room,
            self.accepted_timestamp,
        )
    }
}

/// What became of a message at the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Franking {
    /// It is stamped.
    Franked(Frank),
    /// It goes without a stamp, and nobody will be able to have it proven.
    Unfranked(Unfranked),
}

/// Why a message goes without a stamp. It is accepted all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfranked {
    /// The sender committed to nothing.
    #[error("the message has no franking tag")]
    NoTag,
    /// The group has no agent.
    #[error("the group has no franking agent")]
    NoAgent,
    /// The agent is none of this hub's, so receivers would not believe it.
    #[error("the group's franking agent is not this hub's")]
    OtherAgent,
    /// The agent's key is of another signature scheme than the group (PROTO,
    /// "Message Franking"), so the agent is not a valid one.
    #[error("the franking agent's key does not fit the group's cipher suite")]
    AgentScheme,
}

/// Why there is no answer to whether a message is franked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrankError {
    /// The tag does not have 32 octets; the sender is at fault.
    #[error("the franking tag is malformed (PROTO, \"Message Franking\"): {0}")]
    Tag(DecodeError),
    /// The signer failed; the hub is at fault.
    #[error("signing the frank failed: {0:?}")]
    Signer(SignerError),
}
