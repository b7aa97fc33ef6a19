//! How much a body may hold, and why.
//!
//! The octets of a body are bounded by its transport (see the `http` feature);
//! these bounds keep a body of that size from becoming a much larger value in
//! memory, or a day's work for its receiver. Decoding enforces them; who
//! builds a value keeps to them, or nobody will read it.

/// Cipher suites in a key material request; the IANA registry has fewer.
pub const MAX_CIPHER_SUITES: usize = 256;
/// Numbers in one list of capabilities, supported or required. The largest MLS
/// registry has fewer than a hundred; the rest is room for private values and
/// GREASE.
pub const MAX_CAPABILITY_CODES: usize = 1024;
/// Clients in a key material response, and KeyPackages in a grant of consent:
/// one user's devices.
pub const MAX_CLIENTS: usize = 256;
/// Proposals stapled to another proposal or to an external commit. Removing
/// one participant takes a proposal for the list and one for each client.
pub const MAX_STAPLED_PROPOSALS: usize = 1024;
/// Pending proposals with a GroupInfo, and invalid ones in an update response:
/// every participant of the largest room (10,000) may have left in one epoch.
pub const MAX_PENDING_PROPOSALS: usize = 16_384;
/// Messages in one `notify` body: some minutes of a busy room, so that a
/// follower that was away catches up in few requests.
pub const MAX_NOTIFY_MESSAGES: usize = 1024;
/// Invited KeyPackages of a Welcome: the largest room with six clients a user.
pub const MAX_WELCOME_SECRETS: usize = 65_536;
/// Messages in one `notify` body with all the proposals stapled to them and the
/// KeyPackages that they invite. Each takes a hundred octets of memory and may
/// come as a few, so this is what bounds the memory of a body. It leaves room
/// for the largest Welcome and for all that may have left.
pub const MAX_NOTIFY_ITEMS: usize = MAX_WELCOME_SECRETS + MAX_PENDING_PROPOSALS;
/// Extensions in one list; the IANA registry has a dozen.
pub const MAX_EXTENSIONS: usize = 256;
/// External receivers of a group, and keys in a SemiPrivateMessage: one a
/// provider with users in the room, and each message is sealed to all of them.
pub const MAX_EXTERNAL_RECEIVERS: usize = 256;
/// Wire formats in one list; the IANA registry has a handful.
pub const MAX_WIRE_FORMATS: usize = 256;
/// Ranges of received messages in one acknowledgement: one a sender in the
/// largest room with six clients a user.
pub const MAX_MESSAGE_RANGES: usize = 65_536;
/// Octets of an error description, which is for a log line.
pub const MAX_DESCRIPTION_LEN: usize = 4096;
/// Octets of a URL.
pub use mimi_content::MAX_URL_LEN;
/// Octets of the signature beside a tree that travels apart, which nobody
/// defines; the longest of a cipher suite in sight, ML-DSA-87, has 4,627.
pub const MAX_TREE_SIGNATURE_LEN: usize = 8192;
/// Domains from which a group's tree may come: a hub's storage, not a list of
/// everyone's. It is in every epoch's context.
pub const MAX_TREE_SOURCE_DOMAINS: usize = 64;
/// Octets of a joining code, which travels in links and QR codes.
pub const MAX_JOINING_CODE_LEN: usize = 4096;
/// Query elements of an identifier query, URIs, profiles and fields of its
/// response: a page of search results.
pub const MAX_QUERY_ITEMS: usize = 256;
/// Octets of a name or value in an identifier query: what a person types.
pub const MAX_QUERY_TEXT_LEN: usize = 4096;
/// Octets of a field's value in a profile, which may be a small picture.
pub const MAX_FIELD_VALUE_LEN: usize = 65_536;
