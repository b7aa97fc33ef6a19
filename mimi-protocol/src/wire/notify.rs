//! `notify`: what the hub fans out (PROTO, "Fanout Messages and Room Events").

use mimi_content::Timestamp;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use super::limits::MAX_NOTIFY_MESSAGES;
use super::mls::{
    ApplicationMessage, CommitMessage, ContentType, MlsContent, MlsMessage, ProposalMessage,
    Welcome, encode_welcome,
};
use super::protocol::broken;
use super::report::Frank;
use super::tree::RatchetTreeOption;
use super::update::{handshake_type, stapled};

/// One event of a room. Which protocol it is for, the room knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FanoutMessage {
    /// When the hub accepted it.
    pub timestamp: Timestamp,
    /// What happened.
    pub event: FanoutEvent,
}

/// What the hub fans out. On the wire the message's own header decides which
/// it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FanoutEvent {
    /// An application message.
    Application {
        /// The message.
        message: ApplicationMessage,
        /// The hub's stamp.
        frank: Option<Frank>,
    },
    /// An invitation.
    Welcome {
        /// The Welcome, in an `MLSMessage` on the wire.
        welcome: Welcome,
        /// How to get the tree.
        ratchet_tree: RatchetTreeOption,
    },
    /// One or more proposals.
    Proposals {
        /// The first one.
        proposal: ProposalMessage,
        /// The others, as the update bundle had them.
        more: Vec<ProposalMessage>,
    },
    /// A commit.
    Commit {
        /// The commit.
        commit: CommitMessage,
        /// The hub's proposals for the new epoch, in place of those that an
        /// external commit made invalid.
        external_proposals: Vec<ProposalMessage>,
    },
}

impl Encode for FanoutMessage {
    fn encode(&self, w: &mut Writer) {
        self.timestamp.encode(w);
        match &self.event {
            FanoutEvent::Application { message, frank } => {
                message.encode(w);
                w.optional(frank.as_ref(), |w, frank| frank.encode(w));
            }
            FanoutEvent::Welcome {
                welcome,
                ratchet_tree,
            } => {
                encode_welcome(welcome, w);
                ratchet_tree.encode(w);
            }
            FanoutEvent::Proposals { proposal, more } => {
                proposal.encode(w);
                w.list(more);
            }
            FanoutEvent::Commit {
                commit,
                external_proposals,
            } => {
                commit.encode(w);
                w.list(external_proposals);
            }
        }
    }
}

impl Decode for FanoutMessage {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(FanoutMessage {
            timestamp: Timestamp::decode(r)?,
            event: event(r)?,
        })
    }
}

fn event(r: &mut Reader<'_>) -> Result<FanoutEvent, DecodeError> {
    let start = r.offset();
    let message = MlsMessage::decode(r)?;
    if let MlsContent::Welcome(welcome) = &*message {
        return Ok(FanoutEvent::Welcome {
            welcome: welcome.clone(),
            ratchet_tree: RatchetTreeOption::decode(r)?,
        });
    }
    let wrong = |_| broken(r, start, "no such message is fanned out");
    match handshake_type(&message) {
        Some(ContentType::Commit) => Ok(FanoutEvent::Commit {
            commit: message.try_into().map_err(wrong)?,
            external_proposals: stapled(r)?,
        }),
        Some(_) => Ok(FanoutEvent::Proposals {
            proposal: message.try_into().map_err(wrong)?,
            more: stapled(r)?,
        }),
        None => Ok(FanoutEvent::Application {
            message: message.try_into().map_err(wrong)?,
            frank: r.optional(Frank::decode)?,
        }),
    }
}

/// Body of a `notify` request: one or more events of one room, one after the
/// other, with nothing around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FanoutMessages(pub Vec<FanoutMessage>);

impl Encode for FanoutMessages {
    fn encode(&self, w: &mut Writer) {
        self.0.iter().for_each(|message| message.encode(w));
    }
}

impl Decode for FanoutMessages {
    /// Reads to the end of the input.
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut messages = vec![FanoutMessage::decode(r)?];
        while !r.is_empty() {
            if messages.len() == MAX_NOTIFY_MESSAGES {
                return Err(r.error(Rule::Limit {
                    what: "messages of a notify body",
                    max: MAX_NOTIFY_MESSAGES,
                }));
            }
            messages.push(FanoutMessage::decode(r)?);
        }
        Ok(FanoutMessages(messages))
    }
}
