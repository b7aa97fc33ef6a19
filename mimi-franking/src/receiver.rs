//! What a receiver checks.

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp, UriKind, UriRef};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::CryptoError;

use crate::evidence::Evidence;
use crate::signed::Signed;
use crate::tag::{FrankingTag, Opening};
use crate::wire::{CipherSuite, Credential, Frank, FrankingAgent, ServerFrankingContext};

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
    /// The latest time of which this receiver has verified a stamp in this room, or
    /// since when it expects messages, if it knows either: a hub's times increase.
    pub after: Option<Timestamp>,
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
    if delivery.opening.tag() != *delivery.tag {
        return Err(Fault::Tag);
    }
    check_stamp(delivery, crypto)?;
    Ok(evidence(delivery, false))
}

/// Evidence of a message whose tag does not open, which [`verify`] has refused, for a
/// receiver that wants its hub to know that this sender committed to other
/// content than it sent.
///
/// Whom and which room the content names plays no part, nor does whether it names
/// any: MLS says who sent it and where. Reported, it proves nothing against the
/// sender, but tells the hub not to believe a report of what the sender committed
/// to without asking further (see [`weigh`](crate::weigh)).
///
/// # Errors
/// When the stamp is wrong, with that; with [`Fault::NotDisputed`] if it is right
/// and the tag opens. So either answer but the former says that the hub's stamp was
/// verified.
pub fn dispute<C: OpenMlsCrypto + ?Sized>(
    delivery: &Delivery<'_>,
    crypto: &C,
) -> Result<Evidence, Fault> {
    check_stamp(delivery, crypto)?;
    if delivery.opening.tag() == *delivery.tag {
        return Err(Fault::NotDisputed);
    }
    Ok(evidence(delivery, true))
}

fn evidence(delivery: &Delivery<'_>, disputed: bool) -> Evidence {
    Evidence {
        application_data: Bytes::copy_from_slice(delivery.opening.application_data()),
        tag: *delivery.tag,
        frank: delivery.frank.clone(),
        context: ServerFrankingContext {
            sender_uri: delivery.sender.clone(),
            room_uri: delivery.room.clone(),
            accepted_timestamp: delivery.accepted_timestamp,
        },
        disputed,
    }
}

/// What the content says of its sender, whose own leaf key has signed it.
fn check_sender(delivery: &Delivery<'_>) -> Result<(), Fault> {
    if !delivery.opening.is_from(delivery.sender) {
        return Err(Fault::SenderUri);
    }
    if !delivery.opening.is_in(delivery.room) {
        return Err(Fault::RoomUri);
    }
    Ok(())
}

/// What the hub has added.
fn check_stamp<C: OpenMlsCrypto + ?Sized>(
    delivery: &Delivery<'_>,
    crypto: &C,
) -> Result<(), Fault> {
    check_agent(delivery)?;
    let frank = delivery.frank;
    if frank.ciphersuite != delivery.group_ciphersuite {
        return Err(Fault::CipherSuite {
            frank: frank.ciphersuite,
            group: delivery.group_ciphersuite,
        });
    }
    let accepted = delivery.accepted_timestamp;
    if let Some(after) = delivery.after
        && accepted <= after
    {
        return Err(Fault::NotLater { accepted, after });
    }
    let mut signed = Signed::new(frank.ciphersuite, delivery.sender, delivery.room, accepted);
    let key = &delivery.agent.signature_key;
    check_signature(frank, &mut signed, key, crypto).map_err(|unverified| match unverified {
        Unverified::Unsupported => Fault::Unsupported(frank.ciphersuite),
        Unverified::Invalid => Fault::Signature,
    })
}

/// The agent must be the provider of the hub's domain.
fn check_agent(delivery: &Delivery<'_>) -> Result<(), Fault> {
    let agent = match &delivery.agent.credential {
        Credential::Basic(identity) => std::str::from_utf8(identity).ok(),
        Credential::X509(_) => {
            let certified = delivery.certified_agent.ok_or(Fault::AgentUnverified)?;
            Some(certified.as_str())
        }
        // It hides whom it names, and a receiver must know that.
        Credential::Pseudonymous(_) => None,
    };
    let agent = agent.and_then(|agent| UriRef::parse(agent).ok());
    let agent = agent.filter(|agent| agent.kind() == UriKind::Provider);
    let agent = agent.ok_or(Fault::AgentIdentity)?;
    if agent.domain() != delivery.room.domain() {
        let agent = agent.to_uri();
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
    signed: &mut Signed,
    key: &[u8],
    crypto: &C,
) -> Result<(), Unverified> {
    let scheme = frank.ciphersuite.signature_scheme();
    let scheme = scheme.ok_or(Unverified::Unsupported)?;
    let signed = signed.with(&frank.server_frank);
    crypto
        .verify_signature(scheme, signed, key, &frank.integrity_signature)
        .map_err(|error| match error {
            CryptoError::UnsupportedSignatureScheme => Unverified::Unsupported,
            _ => Unverified::Invalid,
        })
}

/// Why a frank does not hold. What has no other reason is a requirement of PROTO,
/// "Receiver verification of frank".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The content names no sender, or another than the leaf's user.
    #[error("the content's sender URI is not the user of the sender's leaf")]
    SenderUri,
    /// The content names no room, or another.
    #[error("the content's room URI is not the room it was received in")]
    RoomUri,
    /// The tag in the AAD does not commit to the content.
    #[error("the franking tag does not commit to the content")]
    Tag,
    /// The tag does commit to the content, so there is nothing to dispute: the
    /// caller asked in vain.
    #[error("the franking tag commits to the content, so there is nothing to dispute")]
    NotDisputed,
    /// The agent's credential names no provider.
    #[error("the franking agent's credential names no provider")]
    AgentIdentity,
    /// The agent has certificates, and nobody has checked them for this client.
    #[error("the franking agent's certificates were not checked")]
    AgentUnverified,
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
    /// The time is not later than [`Delivery::after`]: the frank, or the whole
    /// message, was delivered again or out of order, or this receiver began with a
    /// clock that is ahead of the hub's. No clause asks for this; it keeps a frank
    /// from being used for two messages.
    #[error(
        "the message was accepted at {} ms, not later than the one before it at {} ms",
        accepted.as_millis(),
        after.as_millis()
    )]
    NotLater {
        /// The time of this message.
        accepted: Timestamp,
        /// The time of the message before.
        after: Timestamp,
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
            Fault::CipherSuite { .. } | Fault::NotLater { .. } => Blame::HubOrFollower,
            Fault::Signature => Blame::Path,
            Fault::AgentUnverified | Fault::Unsupported(_) | Fault::NotDisputed => Blame::Nobody,
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
    /// that delivered; and whoever set the room's agent.
    Path,
    /// Whoever set the room's franking agent, and the hub that accepted it.
    Room,
    /// Nobody: this client lacks the means to check, or asked in vain.
    Nobody,
}
