//! What a `notify` body holds, and for whom.

use std::collections::BTreeSet;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::Reader;

use super::change::Batch;
use super::error::Rejection;
use super::io::Routes;
use super::state::State;
use crate::delivery::Recent;
use crate::wire::mls::{ContentType, Exact, MlsHeader};
use crate::wire::{DecodeError, FanoutEvent, FanoutMessage, notify};

/// The `KeyPackageRef`s that the Welcomes in a `notify` body name, in order
/// (PROTO, "Fanout Messages and Room Events").
///
/// # Errors
/// When the body is malformed.
pub fn welcome_refs(body: &Bytes) -> Result<Vec<Bytes>, DecodeError> {
    Ok(messages(body)?
        .iter()
        .flat_map(|message| match &message.event {
            FanoutEvent::Welcome { welcome, .. } => welcome.new_members.clone(),
            _ => Vec::new(),
        })
        .collect())
}

/// What a `notify` comes to.
pub(super) struct Fanout {
    pub(super) batches: Vec<Batch>,
    pub(super) joined: BTreeSet<MimiUri>,
    pub(super) group_id: Option<Bytes>,
    pub(super) epoch: Option<u64>,
    /// The epoch that the room is in after all of them.
    pub(super) reached: Option<u64>,
}

/// Sorts the messages of `body` out among the clients.
pub(super) fn fan_out(state: &State, body: &Bytes, routes: &Routes) -> Result<Fanout, Rejection> {
    let mut fanout = Fanout {
        batches: Vec::new(),
        joined: BTreeSet::new(),
        group_id: state.group_id.clone(),
        epoch: None,
        reached: state.epoch,
    };
    for message in messages(body)? {
        fanout.check_group(&message.event)?;
        let clients = match &message.event {
            FanoutEvent::Welcome { welcome, .. } => {
                let invited: BTreeSet<MimiUri> = welcome
                    .new_members
                    .iter()
                    .filter_map(|reference| routes.get(reference))
                    .cloned()
                    .collect();
                fanout.joined.extend(invited.iter().cloned());
                invited
            }
            event => fanout.members_but_sender(state, event),
        };
        if !clients.is_empty() {
            fanout.batches.push(Batch {
                message: message.as_bytes().clone(),
                clients: clients.into_iter().collect(),
            });
        }
    }
    Ok(fanout)
}

impl Fanout {
    /// Every message is of the room's group; the first one seen names it.
    fn check_group(&mut self, event: &FanoutEvent) -> Result<(), Rejection> {
        for header in headers(event) {
            // A copy, so that what is kept does not hold the whole body.
            let group_id = self
                .group_id
                .get_or_insert_with(|| Bytes::copy_from_slice(&header.group_id));
            if *group_id != header.group_id {
                return Err(Rejection::OtherGroup);
            }
            self.epoch = Some(header.epoch);
            let begins = u64::from(header.content_type == ContentType::Commit);
            self.reached = self.reached.max(Some(header.epoch.saturating_add(begins)));
        }
        Ok(())
    }

    fn members_but_sender(&self, state: &State, event: &FanoutEvent) -> BTreeSet<MimiUri> {
        let sender = first_message(event).and_then(|octets| state.sender_of(&Recent::hash(octets)));
        state
            .clients
            .keys()
            .chain(&self.joined)
            .filter(|client| Some(*client) != sender)
            .cloned()
            .collect()
    }
}

/// The messages of a body, each with its own octets.
fn messages(body: &Bytes) -> Result<Vec<Exact<FanoutMessage>>, DecodeError> {
    notify::messages(
        &mut Reader::shared(body),
        |message: &Exact<FanoutMessage>| &message.event,
    )
}

fn headers(event: &FanoutEvent) -> Vec<&MlsHeader> {
    match event {
        FanoutEvent::Application { message, .. } => vec![message.header()],
        FanoutEvent::Welcome { .. } => Vec::new(),
        FanoutEvent::Proposals { proposal, more } => std::iter::once(proposal)
            .chain(more)
            .map(|p| p.header())
            .collect(),
        // The stapled proposals are of the epoch that the commit begins.
        FanoutEvent::Commit {
            commit,
            external_proposals,
        } => std::iter::once(commit.header())
            .chain(external_proposals.iter().map(|p| p.header()))
            .collect(),
    }
}

fn first_message(event: &FanoutEvent) -> Option<&Bytes> {
    match event {
        FanoutEvent::Application { message, .. } => Some(message.as_bytes()),
        FanoutEvent::Welcome { .. } => None,
        FanoutEvent::Proposals { proposal, .. } => Some(proposal.as_bytes()),
        FanoutEvent::Commit { commit, .. } => Some(commit.as_bytes()),
    }
}
