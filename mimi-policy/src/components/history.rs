//! `chat_history_policy`: what new joiners learn of the past (POLICY, "Chat
//! history policy component").

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::components::optionality::Optionality;
use crate::components::roles::Role;
use crate::limits::MAX_ROLES;

/// `HistoryPolicy`: the data of `chat_history_policy`, and the whole content of
/// an update to it.
///
/// Shared history weakens forward secrecy: who joins can read what was sent
/// before, and so can who steals its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryPolicy {
    /// Nobody shares history with new joiners.
    Forbidden,
    /// Whoever may share can.
    Optional(HistoryDetails),
    /// History is shared.
    Required(HistoryDetails),
}

/// Who shares how much history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryDetails {
    /// `roles_that_can_share`: role indices, never 0 (not in the room) or 1
    /// (banned).
    pub roles: Vec<u32>,
    /// `automatically_share`: clients share without asking their user.
    pub automatic: bool,
    /// `max_time_period` before the joining of which history is shared, in
    /// seconds.
    pub max_period: u32,
}

impl HistoryPolicy {
    /// Who shares how much, unless sharing is forbidden.
    #[must_use]
    pub fn details(&self) -> Option<&HistoryDetails> {
        match self {
            HistoryPolicy::Forbidden => None,
            HistoryPolicy::Optional(details) | HistoryPolicy::Required(details) => Some(details),
        }
    }

    /// Whether participants in the role with index `role` may share history.
    #[must_use]
    pub fn may_share(&self, role: u32) -> bool {
        self.details()
            .is_some_and(|details| details.roles.contains(&role))
    }
}

impl HistoryDetails {
    /// Checks what the types leave open. Decoding does so too.
    ///
    /// # Errors
    /// When role 0 or 1 could share.
    pub fn check(&self) -> Result<(), Rule> {
        self.roles.iter().copied().try_for_each(check_role)
    }
}

fn check_role(role: u32) -> Result<(), Rule> {
    match role {
        Role::NONE => Err(Rule::Structure("role 0 cannot share history")),
        Role::BANNED => Err(Rule::Structure("role 1 cannot share history")),
        _ => Ok(()),
    }
}

impl Encode for HistoryDetails {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.roles);
        w.boolean(self.automatic);
        w.u32(self.max_period);
    }
}

impl Decode for HistoryDetails {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(HistoryDetails {
            roles: r.list_at_most(
                "the number of roles that can share history",
                MAX_ROLES,
                |r| {
                    let start = r.offset();
                    let role = r.u32()?;
                    check_role(role).map_err(|rule| r.error_at(start, rule))?;
                    Ok(role)
                },
            )?,
            automatic: r.boolean()?,
            max_period: r.u32()?,
        })
    }
}

impl Encode for HistoryPolicy {
    fn encode(&self, w: &mut Writer) {
        match self {
            HistoryPolicy::Forbidden => Optionality::Forbidden.encode(w),
            HistoryPolicy::Optional(details) => {
                Optionality::Optional.encode(w);
                details.encode(w);
            }
            HistoryPolicy::Required(details) => {
                Optionality::Required.encode(w);
                details.encode(w);
            }
        }
    }
}

impl Decode for HistoryPolicy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match Optionality::decode(r)? {
            Optionality::Forbidden => HistoryPolicy::Forbidden,
            Optionality::Optional => HistoryPolicy::Optional(HistoryDetails::decode(r)?),
            Optionality::Required => HistoryPolicy::Required(HistoryDetails::decode(r)?),
        })
    }
}
