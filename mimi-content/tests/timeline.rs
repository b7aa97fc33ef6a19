//! The messages of a room as people see them: each story with a room of its
//! own, then rooms at random against a slow model.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail by panicking, as tests do"
)]
#![cfg(feature = "timeline")]

#[path = "timeline/common.rs"]
mod common;
#[path = "timeline/edits.rs"]
mod edits;
#[path = "timeline/expiry.rs"]
mod expiry;
#[path = "timeline/floods.rs"]
mod floods;
#[path = "timeline/model.rs"]
mod model;
#[path = "timeline/order.rs"]
mod order;
#[path = "timeline/random.rs"]
mod random;
#[path = "timeline/reactions.rs"]
mod reactions;
#[path = "timeline/replies.rs"]
mod replies;
#[path = "timeline/status.rs"]
mod status;
