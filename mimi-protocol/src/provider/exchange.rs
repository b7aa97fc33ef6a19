//! Consent between our users and those of other providers.

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};

use super::change::{ConsentChange, Kind, Taken};
use super::engine::{CONSENT, KeyMaterial, audit, unchanged};
use super::error::Rejection;
use super::io::{Notice, Outcome};
use crate::delivery::{Fate, Queue, QueueFull, Recent};
use crate::engine::{Actor, Answer, Seq, Step};
use crate::wire::mls::KeyPackage;
use crate::wire::{ClientStatus, ConsentEntry, ConsentOperation, ConsentScope, Decode, Encode};

impl KeyMaterial {
    /// A peer's user asks ours. Who does not exist, or has said no, is not
    /// bothered, and the peer does not learn of it.
    pub(super) fn consent_requested(
        &mut self,
        now: Timestamp,
        from: String,
        body: Bytes,
    ) -> Result<Step<Self>, Rejection> {
        let ConsentEntry {
            operation, scope, ..
        } = ConsentEntry::from_bytes(&body)?;
        self.ours(&scope.target_uri)?;
        theirs(&from, &scope.requester_uri)?;
        let asked = self.state.consent.is_asked(&scope);
        let (action, cancel, changes) = match operation {
            ConsentOperation::Cancel => ("cancel a request for consent", true, asked),
            ConsentOperation::Request => {
                let reaches = self.state.is_user(&scope.target_uri)
                    && !asked
                    && !self.state.consent.is_revoked(&scope);
                if reaches && self.state.consent.has_too_many_asked(&scope.target_uri) {
                    return Err(Rejection::TooManyAsked);
                }
                ("request consent", false, reaches)
            }
            _ => return Err(Rejection::OtherOperation),
        };
        let audit = audit(Actor::User(scope.requester_uri.clone()), action, CONSENT);
        let change = ConsentChange::Asked {
            scope,
            cancel,
            entry: body,
        };
        Ok(self.made_if(changes, now, Kind::Consent(change), audit))
    }

    /// A peer's user granted or revoked.
    pub(super) fn consent_updated(
        &mut self,
        now: Timestamp,
        from: String,
        body: Bytes,
    ) -> Result<Step<Self>, Rejection> {
        let ConsentEntry {
            operation, scope, ..
        } = ConsentEntry::from_bytes(&body)?;
        self.ours(&scope.requester_uri)?;
        theirs(&from, &scope.target_uri)?;
        let action = match operation {
            ConsentOperation::Grant(_) => "grant consent",
            ConsentOperation::Revoke => "revoke consent",
            _ => return Err(Rejection::OtherOperation),
        };
        let hash = Recent::hash(&body);
        let changes = !self.state.heard.contains(&hash);
        let audit = audit(Actor::User(scope.target_uri), action, CONSENT);
        let change = ConsentChange::Heard {
            hash,
            user: scope.requester_uri,
            entry: body,
        };
        Ok(self.made_if(changes, now, Kind::Consent(change), audit))
    }

    /// Our user asks, or takes the question back.
    pub(super) fn ask(
        &mut self,
        now: Timestamp,
        scope: ConsentScope,
        operation: ConsentOperation,
        action: &'static str,
    ) -> Result<Step<Self>, Rejection> {
        self.ours(&scope.requester_uri)?;
        let target = scope.target_uri.clone();
        self.has_room_for(target.domain())?;
        let audit = audit(Actor::User(scope.requester_uri.clone()), action, CONSENT);
        let body = ConsentEntry::new(operation, scope).to_vec()?.into();
        Ok(self.made(
            now,
            Kind::Consent(ConsentChange::Asking { target, body }),
            Outcome::Accepted,
            audit,
        ))
    }

    /// Our user grants.
    pub(super) fn grant(
        &mut self,
        now: Timestamp,
        scope: ConsentScope,
        notice: Notice,
    ) -> Result<Step<Self>, Rejection> {
        let (packages, taken) = match notice {
            Notice::WithKeyPackages => self.some_of_each(&scope.target_uri, now),
            Notice::Silent | Notice::Plain => Default::default(),
        };
        let operation = ConsentOperation::Grant(packages);
        let tell = notice != Notice::Silent;
        self.decide(now, scope, operation, taken, tell)
    }

    pub(super) fn decide(
        &mut self,
        now: Timestamp,
        scope: ConsentScope,
        operation: ConsentOperation,
        taken: Vec<Taken>,
        tell: bool,
    ) -> Result<Step<Self>, Rejection> {
        self.ours(&scope.target_uri)?;
        if self.state.consent.is_full_for(&scope) {
            return Err(Rejection::TooManyScopes);
        }
        if tell {
            self.has_room_for(scope.requester_uri.domain())?;
        }
        let granted = matches!(operation, ConsentOperation::Grant(_));
        let action = if granted {
            "grant consent"
        } else {
            "revoke consent"
        };
        let audit = audit(Actor::User(scope.target_uri.clone()), action, CONSENT);
        let body = ConsentEntry::new(operation, scope.clone()).to_vec()?;
        let change = ConsentChange::Decided {
            scope,
            granted,
            taken,
            call: tell.then(|| body.into()),
        };
        Ok(self.made(now, Kind::Consent(change), Outcome::Accepted, audit))
    }

    pub(super) fn call_result(&mut self, now: Timestamp, seq: Seq, answer: &Answer) -> Step<Self> {
        let Some(peer) = self.state.sent_to(seq).map(str::to_owned) else {
            let audit = audit(Actor::Host, "unexpected answer", CONSENT);
            return unchanged(Outcome::Ignored, audit);
        };
        let fate = Fate::from(answer);
        let action = match fate {
            Fate::Done => "take note of consent",
            Fate::Refused { .. } => "refuse to take note of consent",
            Fate::Retry { .. } => "no answer yet",
        };
        let audit = audit(Actor::Provider(peer.clone()), action, CONSENT);
        let kind = Kind::Settled { peer, seq, fate };
        self.made(now, kind, Outcome::Accepted, audit)
    }

    /// One KeyPackage of each client that has one.
    fn some_of_each(&self, user: &MimiUri, now: Timestamp) -> (Vec<KeyPackage>, Vec<Taken>) {
        let Some(stock) = self.state.users.get(user) else {
            return Default::default();
        };
        stock
            .clients()
            .filter_map(|client| match stock.choose(client, None, now, false) {
                (ClientStatus::Success(package), Some(stored)) => {
                    Some((*package, Taken::new(client, stored)))
                }
                _ => None,
            })
            .unzip()
    }

    fn has_room_for(&self, peer: &str) -> Result<(), QueueFull> {
        if self.state.peers.get(peer).is_some_and(Queue::is_full) {
            Err(QueueFull {
                peer: peer.to_owned(),
            })
        } else {
            Ok(())
        }
    }
}

fn theirs(from: &str, user: &MimiUri) -> Result<(), Rejection> {
    if from == user.domain() {
        Ok(())
    } else {
        Err(Rejection::NotTheirs {
            from: from.to_owned(),
            user: user.clone(),
        })
    }
}
