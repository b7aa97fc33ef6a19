//! Who hears of what.

use std::collections::BTreeSet;

use bytes::Bytes;
use mimi_content::Timestamp;
use mimi_content::tls::{Decode, Encode, EncodeError};

use super::change::{Fanout, Invitation};
use super::error::Rejection;
use super::room::Room;
use crate::wire::mls::{RatchetTree, Welcome};
use crate::wire::{Endpoint, FanoutEvent, FanoutMessage, RatchetTreeOption};

impl Room {
    /// The providers with active participants, the sender's included: the
    /// sender's other clients are to hear of it too.
    pub(super) fn active_providers(&self) -> Vec<String> {
        let users = self.clients.users();
        let domains: BTreeSet<&str> = users.map(|(user, _)| user.domain()).collect();
        domains.into_iter().map(str::to_owned).collect()
    }

    /// One event for the active providers whose users may receive messages, as
    /// `canReceiveMessage` says (POLICY, "Message Capabilities").
    pub(super) fn to_receivers(
        &self,
        timestamp: Timestamp,
        event: FanoutEvent,
    ) -> Result<Fanout, Rejection> {
        let users = self.clients.users();
        let users = users.filter(|(user, _)| self.provisional.may_receive(user));
        let domains: BTreeSet<&str> = users.map(|(user, _)| user.domain()).collect();
        let domains = domains.into_iter().map(str::to_owned).collect();
        self.to_providers(domains, timestamp, event)
    }

    /// One event for all active providers.
    pub(super) fn to_all(
        &self,
        timestamp: Timestamp,
        event: FanoutEvent,
    ) -> Result<Fanout, Rejection> {
        self.to_providers(self.active_providers(), timestamp, event)
    }

    /// The providers that handed out the KeyPackages of a Welcome.
    pub(super) fn invited(&self, welcome: &Welcome) -> Result<Vec<String>, Rejection> {
        let mut peers = BTreeSet::new();
        for reference in &welcome.new_members {
            let route = self.book.routes.get(reference);
            let route =
                route.ok_or(Rejection::Welcome("it names a KeyPackage not claimed here"))?;
            peers.insert(route.peer.clone());
        }
        Ok(peers.into_iter().collect())
    }

    /// A Welcome with the tree of the epoch that it leads to, which the group
    /// is in by now.
    pub(super) fn invited_fanout(
        &self,
        invitation: &Invitation,
        timestamp: Timestamp,
    ) -> Result<Fanout, Rejection> {
        let tree = self.group.ratchet_tree()?;
        let event = FanoutEvent::Welcome {
            welcome: Welcome::from_bytes(&invitation.welcome)?,
            ratchet_tree: RatchetTreeOption::Full(RatchetTree::from_bytes(&tree)?),
        };
        self.to_providers(invitation.peers.clone(), timestamp, event)
    }

    fn to_providers(
        &self,
        peers: Vec<String>,
        timestamp: Timestamp,
        event: FanoutEvent,
    ) -> Result<Fanout, Rejection> {
        let body = encode(&FanoutMessage { timestamp, event })?;
        let room = self.book.room.clone();
        Ok(Fanout {
            peers,
            endpoint: Endpoint::Notify { room },
            body,
        })
    }
}

/// A body of this hub's own making.
pub(super) fn encode(value: &impl Encode) -> Result<Bytes, Rejection> {
    let encoded = value.to_vec();
    encoded
        .map(Bytes::from)
        .map_err(|e: EncodeError| Rejection::Internal(e.to_string()))
}
