//! Wire messages.

mod endpoint;

pub use endpoint::Endpoint;
