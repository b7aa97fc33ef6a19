//! How much is read from a peer, and why.
//!
//! A host stops reading a body at its limit (see [`parse_head`] and
//! [`parse_response_head`]); what is inside of a body has limits of its own, in
//! [`wire::limits`].
//!
//! [`parse_head`]: super::parse_head
//! [`parse_response_head`]: super::parse_response_head
//! [`wire::limits`]: crate::wire::limits

/// Most octets of a small request, or of an answer without a tree: names, keys
/// and signatures, X.509 chains among them.
pub const MAX_SMALL_BODY: usize = 256 << 10;
/// Most octets of an application message or a list of KeyPackages. Assets travel
/// elsewhere.
pub const MAX_MESSAGE_BODY: usize = 4 << 20;
/// Most octets of an abuse report. The largest message that could be submitted can
/// be reported: its content is shorter than the body that brought it, and the
/// note, the frank, the URIs and extensions beside it have the size of a small body.
pub const MAX_REPORT_BODY: usize = MAX_MESSAGE_BODY + MAX_SMALL_BODY;
/// Most octets of an update or a fan-out: a Welcome and a tree for the largest
/// room (10,000 participants) with large keys.
pub const MAX_GROUP_BODY: usize = 64 << 20;
/// Most octets of a directory document: ten URLs, and more for members of later
/// drafts.
pub const MAX_DIRECTORY_LEN: usize = 64 << 10;
