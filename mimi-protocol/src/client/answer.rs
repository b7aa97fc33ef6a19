//! What the hub answers to this client's requests.

use bytes::Bytes;
use mimi_content::tls::Decode;
use mimi_content::{MessageId, Timestamp};

use super::error::Rejection;
use super::event::{Event, RefusedBy};
use super::keys::Keys;
use super::meta::Request;
use super::room::{Done, Room};
use crate::delivery::Settled;
use crate::engine::{Answer, CryptoProvider, Env, Seq};
use crate::wire::{KeyMaterialResponse, SubmitMessageResponse, UpdateOutcome, UpdateRoomResponse};

const UPDATE: &str = "PROTO, Update Room State";

impl Room {
    pub(super) fn answered<P: CryptoProvider>(
        &mut self,
        seq: Seq,
        answer: &Answer,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        let place = self
            .meta
            .waiting
            .iter()
            .position(|waiting| waiting.seq == seq);
        let Some(place) = place else {
            return Ok(Done::untouched("an unknown request was answered"));
        };
        // An answer that cannot be read is as good as none.
        let unread = Answer::Retry { not_before: None };
        let answer = match (self.meta.waiting.get(place), answer) {
            (Some(waiting), Answer::Done(body)) if !waiting.what.reads(body) => &unread,
            _ => answer,
        };
        match self.meta.requests.settle(seq, answer, env.now) {
            Settled::Delivered | Settled::Dropped { .. } => {}
            // Nothing is known of the request's fate: what is pending stays so.
            Settled::Deferred { .. } => {
                return Ok(Done::new("waits for an answer", "step contract"));
            }
            Settled::Ignored => return Ok(Done::ignored("an unknown request was answered")),
        }
        let request = self.meta.waiting.remove(place).what;
        let body = match answer {
            Answer::Done(body) => Ok(body),
            Answer::Refused { status } => Err(*status),
            Answer::Retry { .. } => return Ok(Done::ignored("waits for an answer")),
        };
        match request {
            Request::Commit { epoch } => self.commit_answered(epoch, body, env),
            Request::Join => self.join_answered(body, env.now),
            Request::Proposals(own) => self.proposals_answered(&own, body),
            Request::Message(id) => Ok(message_answered(id, body)?),
            Request::KeyMaterial => Ok(plain(body, "received key material", |response| {
                Event::KeyMaterial { response }
            })),
            Request::Report => Ok(plain(body, "reported", |_| Event::Reported)),
        }
    }

    /// The answer counts for the commit that it is about, and for no later one.
    fn commit_answered<P: CryptoProvider>(
        &mut self,
        epoch: u64,
        body: Result<&Bytes, u16>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        let verdict = verdict(body)?;
        if epoch != self.mls.epoch() || !self.mls.has_pending_commit() {
            return Ok(Done::new("knew the fate of its commit before", UPDATE));
        }
        match verdict {
            Ok(accepted) => {
                self.get_ahead(accepted);
                self.merge_own(env)
            }
            // A commit of this epoch was accepted. It may be this very one, if the
            // hub has forgotten its first answer: the fan-out will tell.
            Err(RefusedBy::Epoch { current }) if current > epoch => {
                Ok(Done::new("waits for the commit of its epoch", UPDATE))
            }
            Err(why) => {
                self.mls.clear_pending()?;
                self.meta.pending_joined.clear();
                Ok(Done::new("was refused a commit", UPDATE).event(Event::NotChanged { why }))
            }
        }
    }

    fn join_answered(
        &mut self,
        body: Result<&Bytes, u16>,
        now: Timestamp,
    ) -> Result<Done, Rejection> {
        let accepted = match verdict(body)? {
            Ok(accepted) => accepted.min(now),
            Err(why) => {
                let refused = Done::new("was refused to join", UPDATE);
                return Ok(refused.event(Event::NotChanged { why }));
            }
        };
        self.meta.last_stamp = self.meta.last_stamp.max(accepted);
        self.meta.joining = false;
        let (epoch, by) = (self.mls.epoch(), self.meta.user.clone());
        let done = Done::new("joined", "PROTO, Claim group key information").by(&by);
        Ok(done.event(Event::Committed { epoch, by }))
    }

    fn proposals_answered(
        &mut self,
        own: &[Bytes],
        body: Result<&Bytes, u16>,
    ) -> Result<Done, Rejection> {
        let Err(why) = verdict(body)? else {
            let pending = u32::try_from(self.pending()).unwrap_or(u32::MAX);
            let by = self.meta.user.clone();
            return Ok(Done::new("proposed", UPDATE).event(Event::Proposed { by, pending }));
        };
        self.mls.withdraw(own)?;
        Ok(Done::new("was refused proposals", UPDATE).event(Event::NotChanged { why }))
    }
}

impl Request {
    /// Whether a body is an answer to this.
    fn reads(&self, body: &Bytes) -> bool {
        match self {
            Request::Commit { .. } | Request::Join | Request::Proposals(_) => {
                UpdateRoomResponse::from_bytes(body).is_ok()
            }
            Request::Message(_) => SubmitMessageResponse::from_bytes(body).is_ok(),
            Request::KeyMaterial => KeyMaterialResponse::from_bytes(body).is_ok(),
            Request::Report => true,
        }
    }
}

/// When an update was accepted, or why not.
fn verdict(body: Result<&Bytes, u16>) -> Result<Result<Timestamp, RefusedBy>, Rejection> {
    let body = match body {
        Ok(body) => body,
        Err(status) => return Ok(Err(RefusedBy::Status(status))),
    };
    let response = UpdateRoomResponse::from_bytes(body)?;
    let description = response.error_description;
    Ok(match response.outcome {
        UpdateOutcome::Success { accepted_timestamp } => Ok(accepted_timestamp),
        UpdateOutcome::WrongEpoch { current_epoch } => Err(RefusedBy::Epoch {
            current: current_epoch,
        }),
        UpdateOutcome::NotAllowed => Err(RefusedBy::Policy { description }),
        UpdateOutcome::InvalidProposal { invalid_proposals } => Err(RefusedBy::Proposals {
            references: invalid_proposals,
            description,
        }),
    })
}

fn message_answered(message_id: MessageId, body: Result<&Bytes, u16>) -> Result<Done, Rejection> {
    let why = match body.map(SubmitMessageResponse::from_bytes) {
        Ok(response) => match response? {
            SubmitMessageResponse::Accepted {
                accepted_timestamp, ..
            } => {
                let sent = Event::Sent {
                    message_id,
                    accepted_timestamp,
                };
                return Ok(Done::new("sent a message", "PROTO, Submit a Message").event(sent));
            }
            SubmitMessageResponse::NotAllowed => RefusedBy::Policy {
                description: "notAllowed".to_owned(),
            },
            SubmitMessageResponse::EpochTooOld { current_epoch } => RefusedBy::Epoch {
                current: current_epoch,
            },
        },
        Err(status) => RefusedBy::Status(status),
    };
    Ok(
        Done::new("was refused a message", "PROTO, Submit a Message")
            .event(Event::NotSent { message_id, why }),
    )
}

/// An answer that is passed on as it came.
fn plain(
    body: Result<&Bytes, u16>,
    action: &'static str,
    event: impl FnOnce(Bytes) -> Event,
) -> Done {
    let event = match body {
        Ok(body) => event(body.clone()),
        Err(status) => Event::RequestRefused { status },
    };
    Done::new(action, "PROTO, MIMI Endpoints and Framing").event(event)
}
