//! What an operator may know of a step.

use mimi_content::MimiUri;

/// One line for an operator's log: who did what, and under which rule. It never
/// holds content or keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Who acted.
    pub actor: Actor,
    /// What was done, in a word or two.
    pub action: &'static str,
    /// The MLS epoch in which it happened, where there is one.
    pub epoch: Option<u64>,
    /// The clause that governs it.
    pub clause: &'static str,
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A user.
    User(MimiUri),
    /// Another provider, by its domain.
    Provider(String),
    /// The host itself, or time.
    Host,
}

impl std::fmt::Display for Audit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.actor {
            Actor::User(user) => write!(f, "{user}")?,
            Actor::Provider(domain) => f.write_str(domain)?,
            Actor::Host => f.write_str("host")?,
        }
        write!(f, ": {}", self.action)?;
        if let Some(epoch) = self.epoch {
            write!(f, " in epoch {epoch}")?;
        }
        write!(f, " ({})", self.clause)
    }
}
