//! MIMI over HTTPS and MLS as sans-IO state machines.

#[cfg(feature = "mls")]
mod cbor;
pub mod engine;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "mls")]
pub mod labels;
#[cfg(feature = "mls")]
pub mod mls;
pub mod wire;
