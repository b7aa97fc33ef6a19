//! Franks from the sender to the moderator, by way of the engines: who stamps, who
//! believes it, and what a report proves.
#![allow(
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests stop at what must not happen"
)]

#[path = "franking/agents.rs"]
mod agents;
#[path = "franking/followers.rs"]
mod followers;
#[path = "franking/newcomers.rs"]
mod newcomers;
#[path = "franking/reports.rs"]
mod reports;
#[allow(unused_imports, reason = "most of it is for other stories")]
mod rogue;
#[path = "franking/senders.rs"]
mod senders;
#[path = "franking/stage.rs"]
mod stage;
#[path = "franking/unfranked.rs"]
mod unfranked;
#[path = "../examples/clubhouse/world/mod.rs"]
mod world;
