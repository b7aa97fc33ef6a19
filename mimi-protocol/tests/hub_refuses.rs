//! What a hub refuses: each attack with the reason, the code on the wire, and the
//! room as it was before.
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

#[path = "hub_refuses/commits.rs"]
mod commits;
#[path = "hub_refuses/door.rs"]
mod door;
#[path = "hub_refuses/group_infos.rs"]
mod group_infos;
#[path = "hub_refuses/joins.rs"]
mod joins;
#[path = "hub_refuses/messages.rs"]
mod messages;
#[path = "hub_refuses/operational.rs"]
mod operational;
#[path = "hub_refuses/proposals.rs"]
mod proposals;
#[path = "hub_refuses/requests.rs"]
mod requests;
mod rogue;
#[path = "hub_refuses/waiting.rs"]
mod waiting;
#[path = "../examples/clubhouse/world/mod.rs"]
mod world;
