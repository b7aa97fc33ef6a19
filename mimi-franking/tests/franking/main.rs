//! Behaviour of the franking scheme, one module a story.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that meets the unexpected should stop at once"
)]

mod attacks;
mod hub;
mod receiver;
mod report;
mod ring;
mod scene;
mod sender;
mod weight;
mod wire;
