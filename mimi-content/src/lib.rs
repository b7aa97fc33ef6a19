//! MIMI URIs, timestamps, message IDs and the MIMI content format.

pub mod cbor;
pub mod component;
mod content;
pub mod media;
mod message_id;
mod time;
pub mod tls;
mod uri;

pub use content::{
    Disposition, Expiration, ExtensionName, ExtensionValue, Extensions, ExternalPart,
    MAX_EXTENSION_LEVELS, MAX_EXTENSION_NAME_LEN, MAX_PART_LEVELS, MAX_PARTS, MAX_TOPIC_ID_LEN,
    MIN_MULTI_PARTS, MimiContent, NestedPart, Part, PartSemantics,
};
pub use message_id::{
    MAX_HASHED_URI_LEN, MESSAGE_ID_LEN, MessageId, MessageIdError, SALT_LEN, Salt,
};
pub use time::Timestamp;
pub use uri::{MAX_HOST_LEN, MAX_LABEL_LEN, MAX_URI_LEN, MimiUri, UriError, UriKind};
