//! `logging_policy`: whether messages are logged, and by whom (POLICY, "Logging
//! policy component").

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::components::optionality::Optionality;
use crate::components::uri::Uri;
use crate::limits::MAX_LOGGING_CLIENTS;

/// `LoggingPolicy`: the data of `logging_policy`, and the whole content of an
/// update to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoggingPolicy {
    /// Nobody logs.
    Forbidden,
    /// Whoever is named logs; possibly nobody.
    Optional(LoggingDetails),
    /// Whoever is named logs: at least one.
    Required(LoggingDetails),
}

/// Who logs, and by which rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoggingDetails {
    /// `logging_clients`. A provider should have one in a room at most.
    pub clients: Vec<Uri>,
    /// `machine_readable_policy` of the owning provider.
    pub machine_readable_policy: Option<Uri>,
    /// `human_readable_policy` of the owning provider.
    pub human_readable_policy: Option<Uri>,
}

impl LoggingPolicy {
    /// Who logs and by which rules, unless logging is forbidden.
    #[must_use]
    pub fn details(&self) -> Option<&LoggingDetails> {
        match self {
            LoggingPolicy::Forbidden => None,
            LoggingPolicy::Optional(details) | LoggingPolicy::Required(details) => Some(details),
        }
    }

    /// Whether the room is logged: somebody is named who does it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.details()
            .is_some_and(|details| !details.clients.is_empty())
    }

    /// Checks what the types leave open. Decoding does so too.
    ///
    /// # Errors
    /// When logging is required and no client named.
    pub fn check(&self) -> Result<(), Rule> {
        match self {
            LoggingPolicy::Required(_) if !self.is_active() => Err(Rule::Structure(
                "logging is required, but no logging client is named",
            )),
            _ => Ok(()),
        }
    }
}

impl Encode for LoggingDetails {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.clients);
        Uri::encode_optional(self.machine_readable_policy.as_ref(), w);
        Uri::encode_optional(self.human_readable_policy.as_ref(), w);
    }
}

impl Decode for LoggingDetails {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(LoggingDetails {
            clients: r.list_at_most(
                "the number of logging clients",
                MAX_LOGGING_CLIENTS,
                Uri::decode,
            )?,
            machine_readable_policy: Uri::decode_optional(r)?,
            human_readable_policy: Uri::decode_optional(r)?,
        })
    }
}

impl Encode for LoggingPolicy {
    fn encode(&self, w: &mut Writer) {
        match self {
            LoggingPolicy::Forbidden => Optionality::Forbidden.encode(w),
            LoggingPolicy::Optional(details) => {
                Optionality::Optional.encode(w);
                details.encode(w);
            }
            LoggingPolicy::Required(details) => {
                Optionality::Required.encode(w);
                details.encode(w);
            }
        }
    }
}

impl Decode for LoggingPolicy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let optionality = Optionality::decode(r)?;
        let clients = r.offset();
        let policy = match optionality {
            Optionality::Forbidden => LoggingPolicy::Forbidden,
            Optionality::Optional => LoggingPolicy::Optional(LoggingDetails::decode(r)?),
            Optionality::Required => LoggingPolicy::Required(LoggingDetails::decode(r)?),
        };
        policy.check().map_err(|rule| r.error_at(clients, rule))?;
        Ok(policy)
    }
}
