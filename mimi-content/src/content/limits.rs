use crate::cbor::Rule;
use crate::message_id::SALT_LEN;

/// Longest topic ID, in octets. Longer ones most likely are malicious
/// (CONTENT, "General handling").
pub const MAX_TOPIC_ID_LEN: usize = 4096;

/// Most levels of parts, the body of the message being the first (CONTENT,
/// "Depth restrictions").
pub const MAX_PART_LEVELS: usize = 4;

/// Most parts of a message, counting the body and every part inside it,
/// multiparts too: each has a part index (CONTENT, "General handling").
pub const MAX_PARTS: usize = 1024;

/// Fewest parts of a multipart (CONTENT, "Message Bodies").
pub const MIN_MULTI_PARTS: usize = 2;

/// Most levels of maps, arrays and tags in the extensions, the map of all
/// extensions being the first (CONTENT, "Depth restrictions").
pub const MAX_EXTENSION_LEVELS: usize = 4;

/// Longest text that names an extension, in octets of UTF-8 (CONTENT,
/// "Extension Fields").
pub const MAX_EXTENSION_NAME_LEN: usize = 255;

// The salt is 16 octets by its type; the draft's number must stay the same.
const _: () = assert!(SALT_LEN == 16);

pub(super) const TOO_LONG_TOPIC: Rule = Rule::Limit {
    what: "octets in a topic ID",
    max: MAX_TOPIC_ID_LEN,
};
pub(super) const TOO_MANY_PARTS: Rule = Rule::Limit {
    what: "parts in a message",
    max: MAX_PARTS,
};
pub(super) const TOO_DEEP_PARTS: Rule = Rule::Limit {
    what: "levels of parts",
    max: MAX_PART_LEVELS,
};
