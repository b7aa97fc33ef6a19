//! From evidence to a report, and the hub's check of it.

use mimi_content::MimiUri;
use mimi_content::component::ComponentMap;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::SignatureScheme;

use crate::hub::HubKeyRing;
use crate::limits::MAX_REPORTED_MESSAGES;
use crate::receiver::{Evidence, Unverified, check_signature};
use crate::tag::Opening;
use crate::wire::{AbuseReport, AbuseType, AbusiveMessage, CipherSuite, ServerFrankingContext};

impl AbuseReport {
    /// A report about the sender of some messages, in the order given, without
    /// reporter, reason or note; those are fields to fill in (PROTO, "Report
    /// abuse").
    ///
    /// It goes to the hub of the room that the messages were sent in.
    ///
    /// # Errors
    /// When there is no message, when there are more than
    /// [`MAX_REPORTED_MESSAGES`], or when they are of several senders or rooms:
    /// a report names one of each.
    pub fn about<'a>(
        evidence: impl IntoIterator<Item = &'a Evidence>,
    ) -> Result<Self, AccusationError> {
        let mut evidence = evidence.into_iter();
        let first = evidence.next().ok_or(AccusationError::NoMessage)?;
        let mut messages = vec![first.to_abusive_message()];
        for next in evidence {
            if next.context().sender_uri != first.context().sender_uri {
                return Err(AccusationError::SeveralSenders);
            }
            if next.context().room_uri != first.context().room_uri {
                return Err(AccusationError::SeveralRooms);
            }
            if messages.len() >= MAX_REPORTED_MESSAGES {
                return Err(AccusationError::TooMany);
            }
            messages.push(next.to_abusive_message());
        }
        Ok(AbuseReport {
            reporting_user: None,
            alleged_abuser: first.context().sender_uri.clone(),
            reason: AbuseType::RESERVED,
            note: String::new(),
            messages,
            extensions: ComponentMap::new(),
        })
    }
}

/// Why pieces of evidence do not make one report. The caller chose them, so the
/// caller is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccusationError {
    /// There is nothing to show.
    #[error("there is no message to report")]
    NoMessage,
    /// The messages are not all by one user.
    #[error("the messages are of several senders, a report accuses one")]
    SeveralSenders,
    /// The messages were not all sent in one room.
    #[error("the messages are of several rooms, a report concerns one")]
    SeveralRooms,
    /// There are more messages than a report holds.
    #[error("a report holds at most {MAX_REPORTED_MESSAGES} messages")]
    TooMany,
}

/// A key that a hub's franking agent signs or has signed with.
///
/// Retired keys stay in the hub's list for as long as its retired
/// [`HubKey`](crate::HubKey)s do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentKey<'a> {
    /// The scheme of the key; it is tried for franks of this scheme only.
    pub scheme: SignatureScheme,
    /// The public key.
    pub key: &'a [u8],
}

/// Checks, as the hub, that this hub stamped a reported message as coming from
/// `alleged` in `room` (PROTO, "Report abuse"). Each message stands for itself.
///
/// `opening` is what the hub reads in `message.message_content`; `room` is the
/// room that the report was sent for. `agent_keys` are the current and the
/// retired keys of the room's franking agent.
///
/// # Errors
/// With the first check that fails. A report that fails proves nothing, and
/// nothing against its reporter either.
pub fn validate<C: OpenMlsCrypto + ?Sized>(
    message: &AbusiveMessage,
    opening: &Opening<'_>,
    room: &MimiUri,
    alleged: &MimiUri,
    ring: &HubKeyRing,
    agent_keys: &[AgentKey<'_>],
    crypto: &C,
) -> Result<(), ReportFault> {
    if opening.application_data != message.message_content {
        return Err(ReportFault::OtherOpening);
    }
    if !opening.is_from(alleged) {
        return Err(ReportFault::SenderUri);
    }
    if !opening.is_in(room) {
        return Err(ReportFault::RoomUri);
    }
    let context = ServerFrankingContext {
        sender_uri: alleged.clone(),
        room_uri: room.clone(),
        accepted_timestamp: message.accepted_timestamp,
    };
    let ours = ring.recognises(&message.frank.server_frank, &opening.tag(), &context);
    if !ours.unwrap_or(false) {
        return Err(ReportFault::ServerFrank);
    }
    check_agent_signature(message, &context, agent_keys, crypto)
}

/// Whether one of the agent's keys has signed the message's stamp.
fn check_agent_signature<C: OpenMlsCrypto + ?Sized>(
    message: &AbusiveMessage,
    context: &ServerFrankingContext,
    agent_keys: &[AgentKey<'_>],
    crypto: &C,
) -> Result<(), ReportFault> {
    let suite = message.frank.ciphersuite;
    let scheme = suite
        .signature_scheme()
        .ok_or(ReportFault::Unsupported(suite))?;
    for key in agent_keys.iter().filter(|key| key.scheme == scheme) {
        match check_signature(&message.frank, context, key.key, crypto) {
            Ok(()) => return Ok(()),
            Err(Unverified::Unsupported) => return Err(ReportFault::Unsupported(suite)),
            Err(Unverified::Invalid) => {}
        }
    }
    Err(ReportFault::Signature)
}

/// Why a reported message is not proven. Each variant is a step of PROTO,
/// "Report abuse".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportFault {
    /// The opening is not that of the reported message: the caller's mistake.
    #[error("the opening is of other application data than the reported message")]
    OtherOpening,
    /// The content names another sender than the alleged one.
    #[error("the reported message names another sender than the alleged abuser")]
    SenderUri,
    /// The content names another room than the report.
    #[error("the reported message names another room")]
    RoomUri,
    /// No key of this hub made the stamp over this content, sender, room and
    /// time.
    #[error("the server frank is not this hub's for this message")]
    ServerFrank,
    /// No key of the agent made the integrity signature.
    #[error("the franking integrity signature is not this hub's")]
    Signature,
    /// The crypto provider here cannot check signatures of this suite.
    #[error("signatures of cipher suite {0} cannot be checked here")]
    Unsupported(CipherSuite),
}
