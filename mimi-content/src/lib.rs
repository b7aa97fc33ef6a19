//! MIMI URIs, timestamps, message IDs and the MIMI content format.

pub mod component;
pub mod media;
mod time;
pub mod tls;
mod uri;

pub use time::Timestamp;
pub use uri::{MAX_HOST_LEN, MAX_LABEL_LEN, MAX_URI_LEN, MimiUri, UriError, UriKind};
