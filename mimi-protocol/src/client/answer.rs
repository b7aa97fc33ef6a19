//! What the hub answers to this client's requests.

use bytes::Bytes;
use mimi_content::tls::Decode;

use super::error::Rejection;
use super::event::{Event, RefusedBy};
use super::keys::Keys;
use super::meta::Request;
use super::room::{Done, Room};
use crate::delivery::Settled;
use crate::engine::{Answer, CryptoProvider, Env, Seq};
use crate::wire::{SubmitMessageResponse, UpdateOutcome, UpdateRoomResponse};

impl Room {
    pub(super) fn answered<P: CryptoProvider>(
        &mut self,
        seq: Seq,
        answer: &Answer,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        match self.meta.requests.settle(seq, answer, env.now) {
            Settled::Delivered | Settled::Dropped { .. } => {}
            // Nothing is known of the request's fate: what is pending stays so.
            Settled::Deferred { .. } => {
                return Ok(Done::new("waits for an answer", "step contract"));
            }
            Settled::Ignored => return Ok(Done::ignored("an unknown request was answered")),
        }
        let place = self
            .meta
            .waiting
            .iter()
            .position(|waiting| waiting.seq == seq);
        let Some(place) = place else {
            return Ok(Done::ignored("an unknown request was answered"));
        };
        let request = self.meta.waiting.remove(place).what;
        let body = match answer {
            Answer::Done(body) => Ok(body),
            Answer::Refused { status } => Err(*status),
            Answer::Retry { .. } => return Ok(Done::ignored("waits for an answer")),
        };
        match request {
            Request::Commit => self.commit_answered(seq, body, env),
            Request::Proposals => self.proposals_answered(body),
            Request::Message(id) => Ok(message_answered(id, body)?),
            Request::KeyMaterial => Ok(plain(body, "received key material", |response| {
                Event::KeyMaterial { response }
            })),
            Request::Report => Ok(plain(body, "reported", |_| Event::Reported)),
        }
    }

    fn commit_answered<P: CryptoProvider>(
        &mut self,
        seq: Seq,
        body: Result<&Bytes, u16>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        let joining = self.meta.joining == Some(seq);
        match refusal(body)? {
            None if joining => {
                self.meta.joining = None;
                let (epoch, by) = (self.mls.epoch(), self.meta.user.clone());
                let done = Done::new("joined", "PROTO, Claim group key information").by(&by);
                Ok(done.event(Event::Committed { epoch, by }))
            }
            None if self.mls.has_pending_commit() => self.merge_own(env),
            None => Ok(Done::new(
                "heard of its commit before",
                "PROTO, Update Room State",
            )),
            Some(why) => {
                if !joining {
                    self.mls.clear_pending()?;
                    self.meta.pending_joined.clear();
                }
                Ok(
                    Done::new("was refused a commit", "PROTO, Update Room State")
                        .event(Event::NotChanged { why }),
                )
            }
        }
    }

    fn proposals_answered(&mut self, body: Result<&Bytes, u16>) -> Result<Done, Rejection> {
        let Some(why) = refusal(body)? else {
            let pending = u32::try_from(self.pending()).unwrap_or(u32::MAX);
            let by = self.meta.user.clone();
            return Ok(Done::new("proposed", "PROTO, Update Room State")
                .event(Event::Proposed { by, pending }));
        };
        let own = std::mem::take(&mut self.meta.proposed);
        self.mls.withdraw(&own)?;
        Ok(
            Done::new("was refused proposals", "PROTO, Update Room State")
                .event(Event::NotChanged { why }),
        )
    }
}

/// Why an update was refused, if it was.
fn refusal(body: Result<&Bytes, u16>) -> Result<Option<RefusedBy>, Rejection> {
    let body = match body {
        Ok(body) => body,
        Err(status) => return Ok(Some(RefusedBy::Status(status))),
    };
    let response = UpdateRoomResponse::from_bytes(body)?;
    let description = response.error_description;
    Ok(match response.outcome {
        UpdateOutcome::Success { .. } => None,
        UpdateOutcome::WrongEpoch { current_epoch } => Some(RefusedBy::Epoch {
            current: current_epoch,
        }),
        UpdateOutcome::NotAllowed => Some(RefusedBy::Policy { description }),
        UpdateOutcome::InvalidProposal { invalid_proposals } => Some(RefusedBy::Proposals {
            references: invalid_proposals,
            description,
        }),
    })
}

fn message_answered(
    message_id: mimi_content::MessageId,
    body: Result<&Bytes, u16>,
) -> Result<Done, Rejection> {
    let why = match body {
        Ok(body) => match SubmitMessageResponse::from_bytes(body)? {
            SubmitMessageResponse::Accepted {
                accepted_timestamp, ..
            } => {
                return Ok(
                    Done::new("sent a message", "PROTO, Submit a Message").event(Event::Sent {
                        message_id,
                        accepted_timestamp,
                    }),
                );
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
