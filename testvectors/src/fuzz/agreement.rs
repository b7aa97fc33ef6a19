//! The policy engine against a slow model.

/// What the tests of the policy compare with, by public API only.
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "it is a model of tests, which use more of it than this"
)]
#[path = "../../../mimi-policy/tests/model/mod.rs"]
mod model;

use model::{Recipe, agree};

/// A room and a candidate, made from the octets as a recipe; the engine and a
/// model written from the drafts must decide alike, with equal octets.
pub fn policy_agreement(data: &[u8]) {
    is_authorised(data);
}

/// Runs [`policy_agreement`], and tells whether both allow it.
pub fn is_authorised(data: &[u8]) -> bool {
    match agree(&Recipe::read(data)) {
        Ok(allowed) => allowed,
        Err(difference) => panic!("{difference}"),
    }
}
