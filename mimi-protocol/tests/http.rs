//! Endpoints as HTTP: there and back, and every refusal with its status.

// A test stops where something is not as it should be.
#![allow(
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]
#![cfg(feature = "http")]

#[path = "http/answers.rs"]
mod answers;
#[path = "http/bodies.rs"]
mod bodies;
#[path = "http/directory.rs"]
mod directory;
#[path = "http/get.rs"]
mod get;
#[path = "http/properties.rs"]
mod properties;
#[path = "http/requests.rs"]
mod requests;
#[path = "http/retry_after.rs"]
mod retry_after;
#[path = "http/scene.rs"]
mod scene;
mod support;
