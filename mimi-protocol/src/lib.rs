//! MIMI over HTTPS and MLS as sans-IO state machines.

pub mod delivery;
pub mod engine;
#[cfg(feature = "follower")]
pub mod follower;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "provider")]
pub mod provider;
pub mod wire;
