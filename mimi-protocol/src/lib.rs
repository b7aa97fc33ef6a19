//! MIMI over HTTPS and MLS as sans-IO state machines.

pub mod delivery;
pub mod engine;
pub mod wire;
