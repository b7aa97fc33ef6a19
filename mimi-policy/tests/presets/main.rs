//! The rooms to start from: what their roles are, printed so that one can hold
//! them against the draft, and what their holders get away with.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests stop at what must not happen"
)]

#[path = "../common/mod.rs"]
mod common;
mod cooperative;
mod direct_message;
mod hall;
mod moderated;
mod multi_organization;
mod strict;
mod tables;
