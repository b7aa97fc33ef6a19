//! Test vectors for other implementations of MIMI, and the checks that the
//! fuzz targets run.
//!
//! - [`vectors`]: what the JSON files in `vectors/` hold, how they are made and
//!   how they are checked. `README.md` tells other implementations what to do
//!   with them; `verify.py` does it in a language and with code of its own.
//! - [`fuzz`]: for each target of `fuzz/` the check that any input must stand.
//!   The corpus is replayed by `cargo test` through the same functions.
//! - [`seeds`]: how the corpus is made.
//! - [`inspect`]: what is in a file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_methods,
    reason = "a tool that compares: it reads files, and a difference stops it"
)]

pub mod fuzz;
pub mod hex;
pub mod inspect;
pub mod seeds;
pub mod vectors;
