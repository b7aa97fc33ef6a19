//! The draft's example flow, with every step of every engine checked against
//! what its host has written.
#![allow(
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests stop at what must not happen"
)]

#[path = "../examples/clubhouse/account.rs"]
mod account;
#[path = "../examples/clubhouse/story.rs"]
mod story;
#[path = "../examples/clubhouse/world/mod.rs"]
mod world;

use account::Account;
use story::Story;

/// OpenMLS compares lifetimes with the system clock, so the story plays now.
fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.unwrap().as_millis() as u64
}

#[test]
fn the_example_flow_holds_and_every_journal_leads_to_the_same_state() {
    let mut story = Story::new(now(), Account::new(true), None);
    story.check_every_step();
    story.play().unwrap();
}
