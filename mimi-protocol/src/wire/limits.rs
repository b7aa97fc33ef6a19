//! How much a body may hold, and why.
//!
//! The octets of a body are bounded by its transport (see the `http` feature);
//! these bounds keep a body of that size from becoming a much larger value in
//! memory, or a day's work for its receiver. Decoding enforces them; who
//! builds a value keeps to them, or nobody will read it.

use mimi_content::tls::{DecodeError, Reader, Rule};

/// Cipher suites in a key material request; the IANA registry has fewer.
pub const MAX_CIPHER_SUITES: usize = 256;
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
/// Octets of a URL; RFC 9110 §4.1 asks receivers for 8,000 at least.
pub const MAX_URL_LEN: usize = 8192;
/// Octets of a joining code, which travels in links and QR codes.
pub const MAX_JOINING_CODE_LEN: usize = 4096;
/// Query elements of an identifier query, URIs, profiles and fields of its
/// response: a page of search results.
pub const MAX_QUERY_ITEMS: usize = 256;
/// Octets of a name or value in an identifier query: what a person types.
pub const MAX_QUERY_TEXT_LEN: usize = 4096;

/// Reads a vector of at most `max` elements.
pub(super) fn list<'a, T>(
    r: &mut Reader<'a>,
    what: &'static str,
    max: usize,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let mut count: usize = 0;
    r.list_with(|r| {
        if count == max {
            return Err(r.error(Rule::Limit { what, max }));
        }
        count = count.saturating_add(1);
        read(r)
    })
}

/// Fails if something that began at `start` is longer than `max`.
pub(super) fn bounded(
    r: &Reader<'_>,
    start: usize,
    what: &'static str,
    len: usize,
    max: usize,
) -> Result<(), DecodeError> {
    if len > max {
        return Err(r.error_at(start, Rule::Limit { what, max }));
    }
    Ok(())
}

/// Reads UTF-8 of at most `max` octets.
pub(super) fn text(
    r: &mut Reader<'_>,
    what: &'static str,
    max: usize,
) -> Result<String, DecodeError> {
    let start = r.offset();
    let text = r.utf8()?;
    bounded(r, start, what, text.len(), max)?;
    Ok(text.to_owned())
}
