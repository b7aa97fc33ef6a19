//! `notify`: what the hub fans out (PROTO, "Fanout Messages and Room Events").

use mimi_content::Timestamp;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use super::limits::{MAX_NOTIFY_ITEMS, MAX_NOTIFY_MESSAGES};
use super::mls::{
    ApplicationMessage, CommitMessage, ProposalMessage, Relayed, Welcome, encode_welcome,
};
use super::protocol::broken;
use super::report::Frank;
use super::tree::RatchetTreeOption;
use super::update::stapled;

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

impl FanoutEvent {
    /// The messages in it, and the KeyPackages that it invites.
    fn items(&self) -> usize {
        let more = match self {
            FanoutEvent::Application { .. } => 0,
            FanoutEvent::Welcome { welcome, .. } => welcome.new_members.len(),
            FanoutEvent::Proposals { more, .. } => more.len(),
            FanoutEvent::Commit {
                external_proposals, ..
            } => external_proposals.len(),
        };
        more.saturating_add(1)
    }
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
    match Relayed::decode(r)? {
        Relayed::Application(message) => Ok(FanoutEvent::Application {
            message,
            frank: r.optional(Frank::decode)?,
        }),
        Relayed::Welcome(welcome) => Ok(FanoutEvent::Welcome {
            welcome,
            ratchet_tree: RatchetTreeOption::decode(r)?,
        }),
        Relayed::Proposal(proposal) => Ok(FanoutEvent::Proposals {
            proposal,
            more: stapled(r)?,
        }),
        Relayed::Commit(commit) => Ok(FanoutEvent::Commit {
            commit,
            external_proposals: stapled(r)?,
        }),
        Relayed::Other => Err(broken(r, start, "no such message is fanned out")),
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
        messages(r, |message: &FanoutMessage| &message.event).map(FanoutMessages)
    }
}

/// Reads messages to the end of the input, one at least.
pub(crate) fn messages<T: Decode>(
    r: &mut Reader<'_>,
    event: impl Fn(&T) -> &FanoutEvent,
) -> Result<Vec<T>, DecodeError> {
    let start = r.offset();
    let mut message = T::decode(r)?;
    let mut items = event(&message).items();
    // Room for as many as there are if all are as long as the first.
    let length = r.offset().saturating_sub(start);
    let more = r.remaining().checked_div(length).unwrap_or_default();
    let mut messages = Vec::with_capacity(more.saturating_add(1).min(MAX_NOTIFY_MESSAGES));
    loop {
        messages.push(message);
        if r.is_empty() {
            return Ok(messages);
        }
        within(
            r,
            "messages of a notify body",
            messages.len().saturating_add(1),
            MAX_NOTIFY_MESSAGES,
        )?;
        message = T::decode(r)?;
        items = items.saturating_add(event(&message).items());
        within(r, "items of a notify body", items, MAX_NOTIFY_ITEMS)?;
    }
}

fn within(r: &Reader<'_>, what: &'static str, count: usize, max: usize) -> Result<(), DecodeError> {
    if count > max {
        return Err(r.error(Rule::Limit { what, max }));
    }
    Ok(())
}
