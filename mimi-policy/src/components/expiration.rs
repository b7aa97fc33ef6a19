//! `message_expiration_policy`: whether messages disappear, and when (POLICY,
//! "Message expiration policy component").

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::components::optionality::Optionality;

/// `MessageExpiration`: the data of `message_expiration_policy`, and the whole
/// content of an update to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageExpiration {
    /// No message expires.
    Forbidden,
    /// A message may expire, within these bounds.
    Optional(ExpirationDurations),
    /// Each message expires, within these bounds.
    Required(ExpirationDurations),
}

/// How long a message lasts that expires, in seconds; all bounds inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpirationDurations {
    /// `min_expiration_duration`.
    pub min: u32,
    /// `max_expiration_duration`.
    pub max: u32,
    /// `default_expiration_duration`: what the room prefers.
    pub default: Option<u32>,
}

impl MessageExpiration {
    /// How long messages last that expire, unless none may.
    #[must_use]
    pub fn durations(&self) -> Option<&ExpirationDurations> {
        match self {
            MessageExpiration::Forbidden => None,
            MessageExpiration::Optional(durations) | MessageExpiration::Required(durations) => {
                Some(durations)
            }
        }
    }
}

impl ExpirationDurations {
    /// Whether a message may expire after `seconds`.
    #[must_use]
    pub fn contains(&self, seconds: u32) -> bool {
        (self.min..=self.max).contains(&seconds)
    }

    /// Checks what the types leave open. Decoding does so too.
    ///
    /// # Errors
    /// When the shortest duration is longer than the longest, or the default
    /// is not between them.
    pub fn check(&self) -> Result<(), Rule> {
        if self.min > self.max {
            return Err(Rule::Structure(
                "the shortest expiration is longer than the longest",
            ));
        }
        match self.default {
            Some(default) if !self.contains(default) => Err(Rule::Structure(
                "the default expiration is not between the shortest and the longest",
            )),
            _ => Ok(()),
        }
    }
}

impl Encode for ExpirationDurations {
    fn encode(&self, w: &mut Writer) {
        w.u32(self.min);
        w.u32(self.max);
        w.optional(self.default.as_ref(), |w, default| w.u32(*default));
    }
}

impl Decode for ExpirationDurations {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let durations = ExpirationDurations {
            min: r.u32()?,
            max: r.u32()?,
            default: r.optional(Reader::u32)?,
        };
        durations.check().map_err(|rule| r.error_at(start, rule))?;
        Ok(durations)
    }
}

impl Encode for MessageExpiration {
    fn encode(&self, w: &mut Writer) {
        match self {
            MessageExpiration::Forbidden => Optionality::Forbidden.encode(w),
            MessageExpiration::Optional(durations) => {
                Optionality::Optional.encode(w);
                durations.encode(w);
            }
            MessageExpiration::Required(durations) => {
                Optionality::Required.encode(w);
                durations.encode(w);
            }
        }
    }
}

impl Decode for MessageExpiration {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match Optionality::decode(r)? {
            Optionality::Forbidden => MessageExpiration::Forbidden,
            Optionality::Optional => MessageExpiration::Optional(ExpirationDurations::decode(r)?),
            Optionality::Required => MessageExpiration::Required(ExpirationDurations::decode(r)?),
        })
    }
}
