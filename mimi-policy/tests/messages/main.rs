//! What a room accepts of messages (feature `messages`).

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "tests stop at what must not happen"
)]

mod assets;
mod capabilities;
mod links;
mod properties;
mod replacing;
mod room;
mod settings;
mod topics;
