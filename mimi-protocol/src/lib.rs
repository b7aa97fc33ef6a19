//! placeholder

#[cfg(feature = "http")]
pub mod http;
pub mod wire;
