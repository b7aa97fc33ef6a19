//! SemiPrivateMessages: members and listed receivers read the same, everybody
//! else nothing, and whoever alters or forges one is found out.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]

#[path = "semiprivate/altered.rs"]
mod altered;
#[path = "semiprivate/forged.rs"]
mod forged;
#[path = "semiprivate/read.rs"]
mod read;
#[path = "semiprivate/scene.rs"]
mod scene;
#[path = "semiprivate/sealed.rs"]
mod sealed;
