//! What a room's policy should answer, found the slow way: plain vectors,
//! linear scans, everything worked out anew wherever it is asked for.
//!
//! Written from the text of POLICY, PROTO and EXT, one small function a rule,
//! and not from the engine. It uses the public codecs and data types of
//! `mimi-policy`, none of its decisions.

mod constraints;
pub(crate) mod generate;
mod further;
mod judge;
mod operational;
mod rights;
pub(crate) mod room;
mod updates;

pub(crate) use generate::Recipe;
pub(crate) use judge::{Answer, Rests, judge};
pub(crate) use room::{Attempt, Room};

/// Why something is refused: the rule, and the clause that it comes from.
pub(crate) type Refusal = &'static str;

/// Refuses unless `rule` holds.
fn demand(rule: bool, otherwise: Refusal) -> Result<(), Refusal> {
    if rule { Ok(()) } else { Err(otherwise) }
}
