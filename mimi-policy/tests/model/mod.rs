//! What a room's policy should answer, found the slow way: plain vectors,
//! linear scans, everything worked out anew wherever it is asked for.
//!
//! Written from the text of POLICY, PROTO, ARCH and EXT, one small function a rule,
//! and not from the engine. It uses the public codecs and data types of
//! `mimi-policy`, none of its decisions.

mod ask;
mod compare;
mod constraints;
mod envelope;
mod further;
mod generate;
mod judge;
mod operational;
mod pending;
mod questions;
mod rights;
pub(crate) mod room;
mod updates;

pub(crate) use ask::agree;
pub(crate) use generate::{MAX_USERS, Recipe};
pub(crate) use judge::{Rests, judge};
pub(crate) use pending::Proposal;
pub(crate) use questions::{may_begin, may_join};

/// Why something is refused: the rule, and the clause that it comes from.
pub(crate) type Refusal = &'static str;

/// Refuses unless `rule` holds.
fn demand(rule: bool, otherwise: Refusal) -> Result<(), Refusal> {
    if rule { Ok(()) } else { Err(otherwise) }
}
