//! Questions that come without a commit: may someone send, report, or fetch
//! what it needs to join.

use mimi_content::MimiUri;

use crate::candidate::Actor;
use crate::capability::Capability;
use crate::components::operational::AppMessagePolicy;
use crate::components::roles::Role;
use crate::error::{Denied, Reason};
use crate::policy::{RoomPolicy, State};

/// Why someone may join (POLICY, "Adding").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JoinBasis {
    /// It is a participant and adds a client of its own.
    Participant,
    /// Anyone may.
    Open,
    /// Its credential preauthorises it.
    Preauthorized,
    /// It has a join code, whose validity only the hub can tell.
    JoinCode,
}

impl RoomPolicy {
    /// Whether `user` may send messages, as `canSendMessage` says.
    ///
    /// # Errors
    /// When it is no participant or its role lacks the capability.
    pub fn may_send(&self, user: &MimiUri) -> Result<(), Denied> {
        self.needs(user, Capability::SEND_MESSAGE)
    }

    /// Whether `user` may report a message, as `canReportAbuse` says.
    ///
    /// # Errors
    /// When it is no participant or its role lacks the capability.
    pub fn may_report(&self, user: &MimiUri) -> Result<(), Denied> {
        self.needs(user, Capability::REPORT_ABUSE)
    }

    /// Whether a proposal or commit may be framed in this MLS WireFormat.
    ///
    /// # Errors
    /// When the operational policy lists formats, and not this one.
    pub fn accepts_handshake(&self, wire_format: u16) -> Result<(), Denied> {
        let listed = self.operational().map(|p| p.handshake_formats.as_slice());
        match listed {
            Some(formats) if !formats.is_empty() && !formats.contains(&wire_format) => {
                Err(Reason::HandshakeFormat(wire_format).into())
            }
            _ => Ok(()),
        }
    }

    /// Whether an application message of epoch `sent` may come in epoch `now`.
    /// A room without an operational policy leaves this to its hub.
    ///
    /// # Errors
    /// When more epochs have begun since than the operational policy tolerates,
    /// or the epoch is yet to come.
    pub fn accepts_epoch(&self, sent: u64, now: u64) -> Result<(), Denied> {
        let parameters = self.operational();
        parameters.map_or(Ok(()), |p| p.app_message_policy.accepts_epoch(sent, now))
    }

    /// Whether `actor` may fetch the GroupInfo to join with a client of its
    /// own, and by what right.
    ///
    /// Whether the room has space is decided when it joins. A code is taken
    /// for valid: on [`JoinBasis::JoinCode`] the hub must check it.
    ///
    /// # Errors
    /// When it can neither add a client as a participant nor become one.
    pub fn may_join(&self, actor: &Actor<'_>) -> Result<JoinBasis, Denied> {
        let user = actor.uri();
        if self
            .operational()
            .is_some_and(|p| !p.external_commit_allowed)
        {
            return Err(Reason::ExternalCommit(user.clone()).into());
        }
        if self.0.participants.contains(user) {
            self.needs(user, Capability::ADD_OWN_CLIENT)?;
            return Ok(JoinBasis::Participant);
        }
        let Actor::Joiner { .. } = actor else {
            return Err(Reason::NoRole(user.clone()).into());
        };
        if self.0.base.fixed_membership {
            return Err(Reason::FixedMembership(user.clone()).into());
        }
        self.0
            .join_basis(actor, None, true)
            .ok_or_else(|| Reason::NoRole(user.clone()).into())
    }

    fn needs(&self, user: &MimiUri, capability: Capability) -> Result<(), Denied> {
        match self.role_of(user) {
            None => Err(Reason::NoRole(user.clone()).into()),
            Some(role) if role.is_banned() => Err(Reason::Banned(user.clone()).into()),
            Some(role) if role.grants(capability) => Ok(()),
            Some(role) => Err(Reason::Lacks {
                user: user.clone(),
                role: role.into(),
                capability,
            }
            .into()),
        }
    }
}

impl AppMessagePolicy {
    /// [`RoomPolicy::accepts_epoch`], for whoever has kept no more of a policy
    /// than this.
    ///
    /// # Errors
    /// When more epochs have begun since than are tolerated, or the epoch is
    /// yet to come.
    pub fn accepts_epoch(&self, sent: u64, now: u64) -> Result<(), Denied> {
        let tolerance = self.epoch_tolerance;
        match now.checked_sub(sent) {
            Some(past) if past <= u64::from(tolerance) => Ok(()),
            _ => Err(Reason::Epoch {
                sent,
                now,
                tolerance,
            }
            .into()),
        }
    }
}

impl State {
    /// By what right someone who is not in the list can join as `role`, or with
    /// a client in any role if none is given. Whoever is not the `hub` cannot
    /// tell whether there is a join code.
    pub(crate) fn join_basis(
        &self,
        actor: &Actor<'_>,
        role: Option<u32>,
        hub: bool,
    ) -> Option<JoinBasis> {
        let Actor::Joiner { claims, code, .. } = actor else {
            return None;
        };
        let outside = self.roles.get(Role::NONE);
        // Whoever asks for any role means one in which it can have clients.
        let fits = |to: &Role| {
            to.index != Role::NONE && role.map_or(!to.is_banned(), |role| role == to.index)
        };
        // Whether role 0 lets its holders take a role that fits, or just one.
        let by = |capability, just: Option<u32>| {
            let reaches = |to: u32| {
                just.is_none_or(|just| just == to) && self.roles.get(to).is_some_and(fits)
            };
            outside.is_some_and(|none| {
                let mut from_outside = (none.role_changes.iter())
                    .filter(|changes| changes.from == Role::NONE)
                    .flat_map(|changes| changes.to.iter().copied());
                none.grants(capability) && from_outside.any(reaches)
            })
        };
        if by(Capability::OPEN_JOIN, None) {
            return Some(JoinBasis::Open);
        }
        let given = self.preauth.role_for(*claims, &self.roles);
        if given.is_some_and(|given| fits(given) && given.grants(Capability::JOIN_IF_PREAUTHORIZED))
        {
            return Some(JoinBasis::Preauthorized);
        }
        let coded = match code {
            Some(code) => by(Capability::USE_JOIN_CODE, Some(code.role)),
            None => !hub && by(Capability::USE_JOIN_CODE, None),
        };
        coded.then_some(JoinBasis::JoinCode)
    }
}
