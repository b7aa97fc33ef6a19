//! Every bound that the decoders of this crate enforce, with its reason.
//!
//! All of this data is part of the GroupContext: each member keeps it, each
//! commit hashes it, and each joiner downloads it. The bounds are far above
//! what a real room holds and far below what would hurt a phone.

use mimi_content::tls::{DecodeError, Reader, Rule};

/// Entries of a participant list, banned ones included. The list is part of
/// every epoch's context, so its size is paid for by every commit.
pub const MAX_PARTICIPANTS: usize = 10_000;

/// Roles of a room. The largest example of POLICY has ten.
pub const MAX_ROLES: usize = 256;

/// Capabilities of one role. The registry has 77; the rest is room for private
/// and future ones.
pub const MAX_CAPABILITIES: usize = 1024;

/// Entries of one role's `authorized_role_changes`, and targets of one such
/// entry: one for each role that there can be.
pub const MAX_ROLE_CHANGES: usize = MAX_ROLES;

/// Entries of the preauthorisation list. Every external join walks it.
pub const MAX_PREAUTH_ENTRIES: usize = 1024;

/// Claims that one preauthorisation entry demands together.
pub const MAX_CLAIMS: usize = 64;

/// Descriptions of a room: one for each language and media type.
pub const MAX_DESCRIPTIONS: usize = 64;

/// Entries of `policy_component_ids`.
pub const MAX_POLICY_COMPONENTS: usize = 1024;

/// Octets of one text or claim: names, descriptions, subjects, claim values.
pub const MAX_TEXT_LEN: usize = 65_536;

/// Reads a vector of at most `max` elements, and stops at the first too many.
pub(crate) fn list<'a, T>(
    r: &mut Reader<'a>,
    what: &'static str,
    max: usize,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let mut count: usize = 0;
    r.list_with(|r| {
        count = count.saturating_add(1);
        if count > max {
            return Err(r.error(Rule::Limit { what, max }));
        }
        read(r)
    })
}

/// Reads a text of at most [`MAX_TEXT_LEN`] octets.
pub(crate) fn text(r: &mut Reader<'_>, what: &'static str) -> Result<String, DecodeError> {
    let start = r.offset();
    let text = r.utf8()?;
    short(r, start, what, text.len())?;
    Ok(text.to_owned())
}

/// Reads octets, at most [`MAX_TEXT_LEN`].
pub(crate) fn octets(r: &mut Reader<'_>, what: &'static str) -> Result<bytes::Bytes, DecodeError> {
    let start = r.offset();
    let octets = r.opaque_bytes()?;
    short(r, start, what, octets.len())?;
    Ok(octets)
}

fn short(r: &Reader<'_>, start: usize, what: &'static str, len: usize) -> Result<(), DecodeError> {
    if len <= MAX_TEXT_LEN {
        return Ok(());
    }
    Err(r.error_at(
        start,
        Rule::Limit {
            what,
            max: MAX_TEXT_LEN,
        },
    ))
}
