//! MIMI over HTTPS and MLS as sans-IO state machines.

pub mod engine;
pub mod wire;
