//! What the hub fans out, checked before it counts.

use bytes::Bytes;
use mimi_content::Timestamp;
use mimi_content::tls::Decode;

use super::error::{Fault, Rejection};
use super::event::{Event, Franked, RefusedBy};
use super::io::Outcome;
use super::keys::Keys;
use super::message::{Arrived, Disbelief};
use super::room::{Done, Room};
use crate::engine::{CryptoProvider, Env};
use crate::mls::change::Changes;
use crate::mls::context;
use crate::mls::member::updates;
use crate::mls::{ProcessedMessage, ProcessedMessageContent, Sender};
use crate::wire::mls::{ApplicationMessage, CommitMessage, MlsHeader, ProposalMessage};
use crate::wire::{FanoutEvent, FanoutMessage, Frank};

const CLAUSE: &str = "PROTO, Fanout Messages and Room Events";
const TOLERANCE: &str = "POLICY, Operational policy component";

impl Room {
    pub(super) fn receive<P: CryptoProvider>(
        &mut self,
        message: &Bytes,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        let FanoutMessage { timestamp, event } = FanoutMessage::from_bytes(message)?;
        if !self.mls.is_active() {
            return Err(Rejection::NotAMember);
        }
        match event {
            FanoutEvent::Application { message, frank } => {
                self.receive_message(&message, frank.as_ref(), timestamp, env)
            }
            FanoutEvent::Proposals { proposal, more } => {
                self.receive_proposals(std::iter::once(&proposal).chain(&more), env)
            }
            FanoutEvent::Commit {
                commit,
                external_proposals,
            } => {
                // Lifetimes count when the hub accepted the commit, not when this
                // client comes online again.
                let then = Env {
                    now: timestamp,
                    ..*env
                };
                let done = self.receive_commit(&commit, &then)?;
                if external_proposals.is_empty() || !self.mls.is_active() {
                    return Ok(done);
                }
                // The commit stands whatever the hub has stapled to it.
                Ok(
                    match self.receive_proposals(external_proposals.iter(), &then) {
                        Ok(stapled) => stapled.events.into_iter().fold(done, Done::event),
                        Err(_) => done,
                    },
                )
            }
            FanoutEvent::Welcome { .. } => Ok(Done::ignored("a Welcome for a room it is in")),
        }
    }

    /// Whether the message is of this epoch; an older one is not an error.
    fn is_current(&self, header: &MlsHeader) -> Result<bool, Rejection> {
        let current = self.mls.epoch();
        if header.group_id != self.mls.context().group_id().as_slice() {
            return Err(Rejection::OtherGroup);
        }
        if header.epoch > current {
            let sent = header.epoch;
            return Err(Rejection::Missed { sent, current });
        }
        Ok(header.epoch == current)
    }

    /// Whether the hub could accept a commit or proposal in this format.
    fn check_format(&self, header: &MlsHeader) -> Result<(), Rejection> {
        let accepted = self.policy.accepts_handshake(header.wire_format.0);
        accepted.map_err(Rejection::HubBrokePolicy)
    }

    fn receive_message<P: CryptoProvider>(
        &mut self,
        message: &ApplicationMessage,
        frank: Option<&Frank>,
        accepted_timestamp: Timestamp,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        self.is_current(message)?;
        // The header tells, so nothing is decrypted. It is a verdict and no
        // rejection: the message will not be younger when it comes again.
        if let Err(denied) = self.tolerates(message.epoch, accepted_timestamp) {
            return Ok(refused(Fault::NotAllowed(denied), TOLERANCE));
        }
        let processed = self.mls.process(env.provider, message.as_bytes())?;
        if matches!(
            processed.content(),
            ProcessedMessageContent::OwnPrivateMessage
        ) {
            return Ok(Done::ignored("its own message came back"));
        }
        let verdict = self.believe(processed, message, frank, accepted_timestamp, env)?;
        Ok(match verdict {
            Ok(event) => {
                if let Event::Message {
                    franked: Franked::Yes(_),
                    ..
                } = event
                {
                    self.meta.last_stamp = accepted_timestamp;
                }
                Done::new("received a message", CLAUSE).event(event)
            }
            Err(Disbelief {
                fault,
                stamped,
                event,
            }) => {
                if stamped {
                    self.meta.last_stamp = accepted_timestamp;
                }
                let done = refused(fault, "PROTO, Receiver verification of frank");
                event
                    .into_iter()
                    .fold(done, |done, event| done.event(*event))
            }
        })
    }

    /// Who sent it, and whether it passes.
    fn believe<P: CryptoProvider>(
        &self,
        processed: ProcessedMessage,
        message: &ApplicationMessage,
        frank: Option<&Frank>,
        accepted_timestamp: Timestamp,
        env: &Env<'_, P, Keys>,
    ) -> Result<Result<Event, Disbelief>, Rejection> {
        let epoch = processed.epoch().as_u64();
        let roster = self.roster_of(epoch)?;
        let leaf = match processed.sender() {
            Sender::Member(leaf) => leaf.u32(),
            _ => return Ok(Err(Fault::UnknownSender.into())),
        };
        let (Some(sender), Some(client)) = (roster.user(leaf), roster.client(leaf)) else {
            return Ok(Err(Fault::UnknownSender.into()));
        };
        let ProcessedMessageContent::ApplicationMessage(data) = processed.into_content() else {
            return Ok(Err(Fault::Kind.into()));
        };
        let arrived = Arrived {
            application_data: data.into_bytes().into(),
            aad: &message.authenticated_data,
            sender: sender.clone(),
            client: client.clone(),
            accepted_timestamp,
            frank,
        };
        // A hub that lets somebody speak who may not is caught here, if the policy
        // is the one that the hub had when it accepted the message.
        let same = epoch == self.mls.epoch() || self.ahead_of(accepted_timestamp).is_empty();
        if same && let Err(denied) = self.policy.may_send(&arrived.sender) {
            return Ok(Err(Fault::NotAllowed(denied).into()));
        }
        Ok(self.accept_message(&arrived, env))
    }

    fn receive_proposals<'a, P: CryptoProvider>(
        &mut self,
        proposals: impl Iterator<Item = &'a ProposalMessage>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        let own = crate::wire::mls::Sender::Member(self.mls.own_leaf());
        let mut new = Vec::new();
        for proposal in proposals {
            if self.is_current(proposal)? && proposal.sender != Some(own) {
                self.check_format(proposal)?;
                new.push(proposal);
            }
        }
        let mut by = None;
        for proposal in new {
            let processed = self.mls.process(env.provider, proposal.as_bytes())?;
            let ProcessedMessageContent::ProposalMessage(queued) = processed.into_content() else {
                return Err(crate::mls::MemberError::Kind("proposal").into());
            };
            let external = context::external_users(self.mls.context().extensions());
            let before = self.before(&external, env);
            let changes = Changes::read(&before, std::iter::once(&*queued), None)?;
            by = changes.acts.into_iter().next().map(|acts| acts.by).or(by);
            self.mls.queue(*queued)?;
        }
        let Some(by) = by else {
            return Ok(Done::ignored("no proposal is new"));
        };
        let pending = u32::try_from(self.pending()).unwrap_or(u32::MAX);
        let by = by.uri().clone();
        Ok(Done::new("received proposals", CLAUSE).event(Event::Proposed { by, pending }))
    }

    fn receive_commit<P: CryptoProvider>(
        &mut self,
        commit: &CommitMessage,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        if !self.is_current(commit)? {
            return Ok(Done::untouched("the commit is in effect already"));
        }
        self.check_format(commit)?;
        let epoch = self.mls.epoch();
        let displaced = self.mls.has_pending_commit();
        let processed = self.mls.process(env.provider, commit.as_bytes())?;
        let sender = processed.sender().clone();
        let content = processed.into_content();
        if matches!(content, ProcessedMessageContent::OwnPendingCommit) {
            self.catch_up();
            return self.merge_own(env);
        }
        let draft = self.policy.resolve(updates(&content))?;
        let values = draft
            .changed()
            .map(|(id, data)| (id, data.cloned()))
            .collect();
        let staged = self.mls.stage(env.provider, content, values)?;
        let external = context::external_users(self.mls.context().extensions());
        let before = self.before(&external, env);
        let (by, changes) = Changes::of_commit(&before, &sender, &staged)?;
        // The hub should have refused what this refuses.
        Changes::judge(&changes.acts, Some(&by), &self.clients, None, |candidate| {
            self.policy.authorize(&draft, candidate)
        })
        .map_err(Rejection::HubBrokePolicy)?;
        self.mls.merge(env.provider, staged)?;
        self.catch_up();
        self.advance(&changes.joined, env.provider)?;
        let done = self.committed(by.uri().clone());
        if !displaced {
            return Ok(done);
        }
        let current = epoch.saturating_add(1);
        let why = RefusedBy::Epoch { current };
        Ok(done.event(Event::NotChanged { why }))
    }

    /// The hub accepted this client's own commit.
    pub(super) fn merge_own<P: CryptoProvider>(
        &mut self,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        self.mls.merge_pending(env.provider)?;
        let joined = std::mem::take(&mut self.meta.pending_joined);
        self.advance(&joined, env.provider)?;
        Ok(self.committed(self.meta.user.clone()))
    }

    fn committed(&self, by: mimi_content::MimiUri) -> Done {
        let done = Done::new("entered a new epoch", "PROTO, Update Room State").by(&by);
        if self.mls.is_active() {
            let epoch = self.mls.epoch();
            done.event(Event::Committed { epoch, by })
        } else {
            done.event(Event::Removed { by })
        }
    }
}

fn refused(fault: Fault, clause: &'static str) -> Done {
    let mut done = Done::new("refused a message", clause);
    done.outcome = Outcome::Refused(fault);
    done
}
