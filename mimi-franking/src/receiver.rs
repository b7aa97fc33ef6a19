//! What a receiver checks, and what it keeps.

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use mimi_content::{MimiUri, Timestamp};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::CryptoError;

use crate::tag::{FrankingTag, Opening};
use crate::wire::{
    AbusiveMessage, CipherSuite, Credential, Frank, FrankingAgent, FrankingIntegrityTbs,
    ServerFrankingContext,
};

/// A decrypted message together with its frank and what the receiver knows
/// about the room.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The tag in the Safe AAD of the decrypted message.
    pub tag: &'a FrankingTag,
    /// The frank of the fan-out.
    pub frank: &'a Frank,
    /// The time of acceptance of the fan-out.
    pub accepted_timestamp: Timestamp,
    /// The message in clear.
    pub opening: Opening<'a>,
    /// The user of the sender's leaf, by the host's identity check.
    pub sender: &'a MimiUri,
    /// The room that the message was received in; its domain is the hub's.
    pub room: &'a MimiUri,
    /// The cipher suite of the group.
    pub group_ciphersuite: CipherSuite,
    /// The `franking_agent` in the GroupContext of the message's epoch.
    pub agent: &'a FrankingAgent,
    /// Whom an X.509 credential of the agent names, by the host's check of its
    /// chain. A basic credential names its subject itself, and this is ignored.
    pub certified_agent: Option<&'a MimiUri>,
}

/// Checks a frank as a receiver (PROTO, "Receiver verification of frank").
///
/// What only the sender can have done wrong is looked at first, since MLS
/// authenticates the tag and the content; so a [`Fault`] names the most certain
/// culprit there is.
///
/// # Errors
/// With the first check that fails; [`Fault::blame`] says whose doing it is.
pub fn verify<C: OpenMlsCrypto + ?Sized>(
    delivery: &Delivery<'_>,
    crypto: &C,
) -> Result<Evidence, Fault> {
    check_sender(delivery)?;
    check_agent(delivery)?;
    let frank = delivery.frank;
    if frank.ciphersuite != delivery.group_ciphersuite {
        return Err(Fault::CipherSuite {
            frank: frank.ciphersuite,
            group: delivery.group_ciphersuite,
        });
    }
    let context = ServerFrankingContext {
        sender_uri: delivery.sender.clone(),
        room_uri: delivery.room.clone(),
        accepted_timestamp: delivery.accepted_timestamp,
    };
    let key = &delivery.agent.signature_key;
    match check_signature(frank, &context, key, crypto) {
        Ok(()) => Ok(Evidence {
            application_data: Bytes::copy_from_slice(delivery.opening.application_data),
            tag: *delivery.tag,
            frank: frank.clone(),
            context,
        }),
        Err(Unverified::Unsupported) => Err(Fault::Unsupported(frank.ciphersuite)),
        Err(Unverified::Invalid) => Err(Fault::Signature),
    }
}

/// The checks on what the sender's own leaf key has signed.
fn check_sender(delivery: &Delivery<'_>) -> Result<(), Fault> {
    if !delivery.opening.is_from(delivery.sender) {
        return Err(Fault::SenderUri);
    }
    if !delivery.opening.is_in(delivery.room) {
        return Err(Fault::RoomUri);
    }
    if delivery.opening.tag() != *delivery.tag {
        return Err(Fault::Tag);
    }
    Ok(())
}

/// The agent must be of the hub's domain.
fn check_agent(delivery: &Delivery<'_>) -> Result<(), Fault> {
    let agent = match &delivery.agent.credential {
        Credential::Basic(_) => delivery.agent.identity(),
        Credential::X509(_) => delivery.certified_agent.cloned(),
    }
    .ok_or(Fault::AgentIdentity)?;
    if agent.domain() != delivery.room.domain() {
        return Err(Fault::AgentDomain { agent });
    }
    Ok(())
}

/// Why a signature does not count.
pub(crate) enum Unverified {
    /// The cipher suite or its scheme is not supported here.
    Unsupported,
    /// It is not a signature by this key.
    Invalid,
}

/// Checks a frank's signature with one agent key.
pub(crate) fn check_signature<C: OpenMlsCrypto + ?Sized>(
    frank: &Frank,
    context: &ServerFrankingContext,
    key: &[u8],
    crypto: &C,
) -> Result<(), Unverified> {
    let scheme = frank
        .ciphersuite
        .signature_scheme()
        .ok_or(Unverified::Unsupported)?;
    let signed = FrankingIntegrityTbs {
        server_frank: frank.server_frank,
        ciphersuite: frank.ciphersuite,
        context: context.clone(),
    }
    .sign_content()
    .map_err(|_| Unverified::Invalid)?;
    crypto
        .verify_signature(scheme, &signed, key, &frank.integrity_signature)
        .map_err(|error| match error {
            CryptoError::UnsupportedSignatureScheme => Unverified::Unsupported,
            _ => Unverified::Invalid,
        })
}

/// A message whose frank was verified, as a receiver keeps it for a report
/// (PROTO, "Receiver verification of frank").
///
/// It encodes for storage in a form of its own; read back only what this
/// client has stored, since decoding verifies nothing. Deleting a message
/// means deleting its evidence, which holds the plaintext. `Debug` does not
/// show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Evidence {
    application_data: Bytes,
    tag: FrankingTag,
    frank: Frank,
    context: ServerFrankingContext,
}

impl Evidence {
    /// The plaintext of the MLS message, framing included.
    #[must_use]
    pub fn application_data(&self) -> &Bytes {
        &self.application_data
    }

    /// The sender's commitment.
    #[must_use]
    pub fn tag(&self) -> &FrankingTag {
        &self.tag
    }

    /// The hub's stamp.
    #[must_use]
    pub fn frank(&self) -> &Frank {
        &self.frank
    }

    /// Sender, room and time, as the hub vouched for them.
    #[must_use]
    pub fn context(&self) -> &ServerFrankingContext {
        &self.context
    }

    /// The message as a report shows it to the hub.
    #[must_use]
    pub fn to_abusive_message(&self) -> AbusiveMessage {
        AbusiveMessage {
            message_content: self.application_data.clone(),
            frank: self.frank.clone(),
            accepted_timestamp: self.context.accepted_timestamp,
        }
    }
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evidence")
            .field(
                "application_data",
                &format_args!("{} octets", self.application_data.len()),
            )
            .field("tag", &self.tag)
            .field("frank", &self.frank)
            .field("context", &self.context)
            .finish()
    }
}

/// First octet of stored evidence; another one belongs to another release.
const EVIDENCE_FORMAT: u8 = 1;

impl Encode for Evidence {
    fn encode(&self, w: &mut Writer) {
        w.u8(EVIDENCE_FORMAT);
        w.opaque(&self.application_data);
        self.tag.encode(w);
        self.frank.encode(w);
        self.context.encode(w);
    }
}

impl Decode for Evidence {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            EVIDENCE_FORMAT => Ok(Evidence {
                application_data: r.opaque_bytes()?,
                tag: FrankingTag::decode(r)?,
                frank: Frank::decode(r)?,
                context: ServerFrankingContext::decode(r)?,
            }),
            other => Err(r.error_at(
                start,
                Rule::Unknown {
                    what: "the format of stored evidence",
                    value: other.into(),
                },
            )),
        }
    }
}

/// Why a frank does not hold. Each variant is a requirement of PROTO, "Receiver
/// verification of frank".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The content names another sender than the leaf's user.
    #[error("the content's sender URI is not the user of the sender's leaf")]
    SenderUri,
    /// The content names another room.
    #[error("the content's room URI is not the room it was received in")]
    RoomUri,
    /// The tag in the AAD does not commit to the content.
    #[error("the franking tag does not commit to the content")]
    Tag,
    /// The agent's credential names nobody that can be compared.
    #[error("the franking agent's credential names no MIMI URI")]
    AgentIdentity,
    /// The agent is of another domain than the room.
    #[error("the franking agent {agent} is not of the hub's domain")]
    AgentDomain {
        /// Whom the credential names.
        agent: MimiUri,
    },
    /// The frank was made for another cipher suite.
    #[error("the frank is for cipher suite {frank}, the group uses {group}")]
    CipherSuite {
        /// The suite in the frank.
        frank: CipherSuite,
        /// The suite of the group.
        group: CipherSuite,
    },
    /// The integrity signature does not cover this stamp, sender, room and
    /// time, or is not the agent's.
    #[error("the franking integrity signature does not verify")]
    Signature,
    /// The crypto provider here cannot check signatures of this suite.
    #[error("signatures of cipher suite {0} cannot be checked here")]
    Unsupported(CipherSuite),
}

impl Fault {
    /// Whose doing the fault is, as far as one receiver can know.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Fault::SenderUri | Fault::RoomUri | Fault::Tag => Blame::Sender,
            Fault::AgentIdentity | Fault::AgentDomain { .. } => Blame::Room,
            Fault::CipherSuite { .. } => Blame::HubOrFollower,
            Fault::Signature => Blame::Path,
            Fault::Unsupported(_) => Blame::Nobody,
        }
    }
}

/// Who must have misbehaved for a [`Fault`] to arise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blame {
    /// The member whose leaf authenticates the message.
    Sender,
    /// The hub, or the provider that delivered.
    HubOrFollower,
    /// Anyone that the message or its sender's name passed: the sender or its
    /// provider, who may have told the hub another name; the hub; the provider
    /// that delivered.
    Path,
    /// Whoever set the room's franking agent, and the hub that accepted it.
    Room,
    /// Nobody: this client lacks the means to check.
    Nobody,
}
