//! MIMI over HTTPS and MLS as sans-IO state machines.

#[cfg(feature = "mls")]
mod cbor;
#[cfg(feature = "client")]
pub mod client;
pub mod delivery;
pub mod engine;
#[cfg(feature = "follower")]
pub mod follower;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "hub")]
pub mod hub;
pub mod labels;
#[cfg(feature = "mls")]
pub mod mls;
#[cfg(feature = "provider")]
pub mod provider;
pub mod wire;
